-- Accounts that may be signed in to at an OpenID Connect provider. Who somebody is there is not kept: a keyed hash of it, whose key lies
-- outside the database, tells them again.
set local search_path = consultation;

create table official_subjects (
    official_id  integer not null,
    subject_hash bytea not null,
    master       smallint not null,
    bound_at     timestamptz not null default clock_timestamp(),
    constraint official_subjects_pkey primary key (official_id),
    constraint official_subjects_official_fkey foreign key (official_id) references officials,
    constraint official_subjects_subject_key unique (subject_hash),
    constraint official_subjects_subject_hash check (octet_length(subject_hash) = 32)
);
comment on table official_subjects is 'Accounts that their holders connected with a sign-in of theirs at an OpenID Connect provider';
comment on column official_subjects.official_id is 'Whose account; it has one such sign-in at the most';
comment on column official_subjects.subject_hash is 'Keyed digest of the provider''s issuer and its subject; it opens one account at the most';
comment on column official_subjects.master is 'Master key whose derived key made the digest';
comment on column official_subjects.bound_at is 'When the holder connected it, after password and one-time code';

insert into schema_migrations (version, name) values (28, 'official_subjects');
