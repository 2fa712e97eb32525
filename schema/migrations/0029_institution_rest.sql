-- Who made the link by which a member's account was set up, and who gave them their parts, stands in the record of acts: whoever held both
-- accounts' links could be both of the two persons that a filing takes.
set local search_path = consultation;

create index audit_log_account on audit_log ((detail ->> 'account'), audit_id) where action like 'institution-member-%';
comment on index audit_log_account is 'Finds who made a member''s set-up links, and who gave them their parts';

-- What still lies in the folder of attachments: a filing's for ever, what was taken out of a draft until the folder is swept.
alter table attachments
    add column filed boolean not null default false,
    add column swept_at timestamptz,
    add constraint attachments_swept check (swept_at is null or (removed_at is not null and not filed));
update attachments a set filed = true
 where exists (select from filings f
                where f.consultation_id = a.consultation_id and f.response_id = a.response_id and position(encode(a.sha256, 'hex') in f.document) > 0);
comment on column attachments.filed is 'A filing names it: its bytes stay';
comment on column attachments.swept_at is 'When a sweep found the bytes of one that was removed gone, or another''s that still names them';
create index attachments_lingering on attachments (sha256) where removed_at is not null and not filed and swept_at is null;
comment on index attachments_lingering is 'Finds what was removed and may lie in the folder still';

-- Taking back what an institution said last gave what it had said before to the public as if it said that now: the latest is what was released
-- last, taken back or not.
create or replace view published_filings with (security_barrier) as
select f.consultation_id, f.response_id, f.version, r.number, i.slug as institution, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, i.fictitious,
       f.language, f.arrived_at, f.published_at, f.document, f.digest, f.receipt_key,
       not exists (select from filings n
                    where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version and n.published_at is not null) as latest
  from filings f
  join responses r using (consultation_id, response_id)
  join institutions i using (institution_id)
 where f.published_at is not null and f.withheld_at is null
   and not exists (select from filings n
                    where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version and not n.publish);
comment on column published_filings.latest is 'No later one was released, also none that was taken back';

insert into schema_migrations (version, name) values (29, 'institution_rest');
