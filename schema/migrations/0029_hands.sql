-- Who made the link by which a member's account was set up, and who gave them their parts, stands in the record of acts: whoever held both
-- accounts' links could be both of the two persons that a filing takes.
set local search_path = consultation;

create index audit_log_account on audit_log ((detail ->> 'account'), audit_id) where action like 'institution-member-%';
comment on index audit_log_account is 'Finds who made a member''s set-up links, and who gave them their parts';

insert into schema_migrations (version, name) values (29, 'hands');
