-- What is taken as proof of an identity, and the challenges by which one is proven.
set local search_path = consultation;

alter table consultations
    add column proofs smallint not null default 2,
    add constraint consultations_proofs check (proofs between 2 and 14);
comment on column consultations.proofs is 'What is taken as proof of an identity: bit 1 << code (1 declared, 2 a code by e-mail, 3 OpenID Connect)';

create table challenges (
    consultation_id integer not null,
    challenge_id    uuid not null,
    expires_at      timestamptz not null,
    proven_at       timestamptz,
    proof           smallint not null,
    identity_kind   smallint not null,
    tries           smallint not null default 0,
    master          smallint not null,
    submission_key  uuid not null,
    identity_hash   bytea not null,
    code_hash       bytea not null,
    constraint challenges_pkey primary key (consultation_id, challenge_id),
    constraint challenges_consultation_fkey foreign key (consultation_id) references consultations,
    constraint challenges_proof check (proof in (2, 3)),
    constraint challenges_identity_kind check (identity_kind between 1 and 4),
    constraint challenges_tries check (tries between 0 and 5),
    constraint challenges_identity_hash check (octet_length(identity_hash) = 32),
    constraint challenges_code_hash check (octet_length(code_hash) = 32)
);
create index challenges_expires_at on challenges (expires_at);
create index challenges_submission_key on challenges (consultation_id, submission_key);
comment on table challenges is 'Codes that were sent and may still be typed: keyed hashes only, deleted when they expire';
comment on column challenges.consultation_id is 'Whose identity key hashed the identity';
comment on column challenges.challenge_id is 'Random; carried by the form';
comment on column challenges.expires_at is 'From then on the code is not taken, and the row is deleted';
comment on column challenges.proven_at is 'When the right code was given first';
comment on column challenges.proof is 'Which proof it is: 2 a code by e-mail, 3 OpenID Connect';
comment on column challenges.identity_kind is 'As submissions.identity_kind';
comment on column challenges.tries is 'Wrong codes given for it';
comment on column challenges.master is 'Master key whose derived key hashed the code';
comment on column challenges.submission_key is 'The form it belongs to: no other can use it, so it is good for one submission';
comment on column challenges.identity_hash is 'Keyed hash of the identity that is proven, as submissions.identity_hash';
comment on column challenges.code_hash is 'Keyed hash of challenge_id and code; the key lies outside the database';
comment on index challenges_expires_at is 'Finds what is to be deleted';
comment on index challenges_submission_key is 'Finds the earlier code of a form when another one is asked for';

create table challenge_acts (
    act_id          bigint not null generated always as identity,
    consultation_id integer not null,
    acted_at        timestamptz not null,
    act             smallint not null,
    identity_hash   bytea not null,
    source_hash     bytea not null,
    constraint challenge_acts_pkey primary key (consultation_id, act_id),
    constraint challenge_acts_consultation_fkey foreign key (consultation_id) references consultations,
    constraint challenge_acts_act check (act in (1, 2)),
    constraint challenge_acts_identity_hash check (octet_length(identity_hash) = 32),
    constraint challenge_acts_source_hash check (octet_length(source_hash) = 32)
);
create index challenge_acts_source on challenge_acts (consultation_id, source_hash, act, acted_at);
create index challenge_acts_identity on challenge_acts (consultation_id, identity_hash, acted_at);
create index challenge_acts_acted_at on challenge_acts (acted_at);
comment on table challenge_acts is 'Codes asked for and wrong tries of the last day, so that both can be bounded; then deleted';
comment on column challenge_acts.act_id is 'Internal; tells rows apart';
comment on column challenge_acts.consultation_id is 'Whose bounds they are';
comment on column challenge_acts.acted_at is 'When; a day later the row is deleted';
comment on column challenge_acts.act is '1 a code was asked for, 2 a wrong one was given';
comment on column challenge_acts.identity_hash is 'Whose code it was about';
comment on column challenge_acts.source_hash is 'Hash of identity and network prefix under a key that a server makes at its start and keeps in memory: nobody can turn it back, nor see that two identities share a network';
comment on index challenge_acts_source is 'Counts what an identity was asked about from one network';
comment on index challenge_acts_identity is 'Counts what an identity was asked about from everywhere, for the alarm';
comment on index challenge_acts_acted_at is 'Finds acts that are a day old';

insert into schema_migrations (version, name) values (6, 'proof');
