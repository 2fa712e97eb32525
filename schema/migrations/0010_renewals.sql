-- A challenge may be asked for to renew the lost code of one receipt. Its own kind of challenge: a code that was mailed for one purpose
-- cannot be talked out of somebody for the other.
set local search_path = consultation;

alter table challenges
    add column renews text,
    add column renewed smallint,
    add constraint challenges_renews check (renews ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    add constraint challenges_renewed check (renewed is null or (renewed >= 2 and renews is not null));
comment on column challenges.renews is 'Number of the receipt whose lost code is to be renewed; null: the challenge is for a submission';
comment on column challenges.renewed is 'Generation of the code that it gave, so that the same request again gives the same one; null until then';

insert into schema_migrations (version, name) values (10, 'renewals');
