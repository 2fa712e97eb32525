-- Officials: accounts, sessions, what each may do, tokens for scripts. Nothing here opens anything by itself: tokens and codes are hashed,
-- passwords by Argon2id, the secrets of one-time codes are sealed under a key outside the database.
set local search_path = consultation;

create table officials (
    official_id         integer generated always as identity,
    login               text not null,
    name                text not null,
    administrator       boolean not null default false,
    second_factor       boolean not null default true,
    password_hash       text,
    password_changed_at timestamptz,
    totp_sealed         bytea,
    totp_master         smallint,
    totp_active_at      timestamptz,
    totp_step           bigint not null default 0,
    codes_wrong         integer not null default 0,
    codes_wrong_on      date,
    refused             integer not null default 0,
    signed_in_at        timestamptz,
    disabled_at         timestamptz,
    created_at          timestamptz not null default now(),
    constraint officials_pkey primary key (official_id),
    constraint officials_login_key unique (login),
    constraint officials_login check (login ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(login) between 2 and 32),
    constraint officials_name check (name <> '' and length(name) <= 100),
    constraint officials_password check (password_hash like '$argon2id$%' and (password_hash is null) = (password_changed_at is null)),
    constraint officials_totp check (octet_length(totp_sealed) = 60 and (totp_sealed is null) = (totp_master is null)
        and (totp_active_at is null or totp_sealed is not null)),
    constraint officials_totp_step check (totp_step >= 0),
    constraint officials_refused check (refused >= 0 and codes_wrong >= 0)
);
comment on table officials is 'Accounts of the administration''s staff';
comment on column officials.official_id is 'Internal; never leaves the service';
comment on column officials.login is 'What they sign in with, and their name in addresses and in the record of acts; never reused';
comment on column officials.name is 'What colleagues call them';
comment on column officials.administrator is 'May make and end grants, and read the record of acts; given by command only';
comment on column officials.second_factor is 'A one-time code is asked for after the password';
comment on column officials.password_hash is 'Argon2id with its salt and costs (libsodium''s form); none until set up';
comment on column officials.password_changed_at is 'When the password was last chosen';
comment on column officials.totp_sealed is 'Nonce and secret of the one-time codes under XChaCha20-Poly1305; the key lies outside the database';
comment on column officials.totp_master is 'Master key whose derived key seals it';
comment on column officials.totp_active_at is 'When a first right code showed that the other side has it; not before is it asked for';
comment on column officials.totp_step is 'Last time step that was taken: each is good once';
comment on column officials.codes_wrong is 'Wrong one-time codes after a right password on that day';
comment on column officials.codes_wrong_on is 'The Hong Kong date they are counted for';
comment on column officials.refused is 'Wrong passwords and codes since the last sign-in, shown to them then';
comment on column officials.signed_in_at is 'When they last signed in';
comment on column officials.disabled_at is 'Since when nothing of this account opens anything';
comment on column officials.created_at is 'When the account was made';

create table official_grants (
    consultation_id integer not null,
    official_id     integer not null,
    role            smallint not null,
    granted_at      timestamptz not null default now(),
    constraint official_grants_pkey primary key (consultation_id, official_id, role),
    constraint official_grants_consultation_fkey foreign key (consultation_id) references consultations,
    constraint official_grants_official_fkey foreign key (official_id) references officials,
    constraint official_grants_role check (role between 0 and 4)
);
create index official_grants_official on official_grants (official_id);
comment on table official_grants is 'Who may do what on which consultation';
comment on column official_grants.consultation_id is 'On which consultation';
comment on column official_grants.official_id is 'Who';
comment on column official_grants.role is '0 viewer, 1 clerk, 2 analyst, 3 moderator, 4 publisher';
comment on column official_grants.granted_at is 'Since when; by whom stands in the record of acts';
comment on index official_grants_official is 'Finds what somebody may do';

create table official_setups (
    official_id integer not null,
    token_hash  bytea not null,
    expires_at  timestamptz not null,
    constraint official_setups_pkey primary key (official_id),
    constraint official_setups_official_fkey foreign key (official_id) references officials,
    constraint official_setups_token_key unique (token_hash),
    constraint official_setups_token_hash check (octet_length(token_hash) = 32)
);
comment on table official_setups is 'Open set-up links, one an account; deleted when used';
comment on column official_setups.official_id is 'Whose';
comment on column official_setups.token_hash is 'Digest of the random token in the link';
comment on column official_setups.expires_at is 'A day after it was made; then it opens nothing';

create table official_recovery_codes (
    official_id integer not null,
    code_hash   bytea not null,
    used_at     timestamptz,
    constraint official_recovery_codes_pkey primary key (official_id, code_hash),
    constraint official_recovery_codes_official_fkey foreign key (official_id) references officials,
    constraint official_recovery_codes_hash check (octet_length(code_hash) = 32)
);
comment on table official_recovery_codes is 'Codes for who has lost the other factor, each good once';
comment on column official_recovery_codes.official_id is 'Whose';
comment on column official_recovery_codes.code_hash is 'Digest of its 70 random bits';
comment on column official_recovery_codes.used_at is 'When it was used';

create table official_sessions (
    session_id  uuid not null default gen_random_uuid(),
    official_id integer not null,
    token_hash  bytea not null,
    stage       smallint not null,
    tries       smallint not null default 0,
    started_at  timestamptz not null default clock_timestamp(),
    seen_at     timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    network     text not null,
    agent       text not null,
    constraint official_sessions_pkey primary key (session_id),
    constraint official_sessions_official_fkey foreign key (official_id) references officials,
    constraint official_sessions_token_key unique (token_hash),
    constraint official_sessions_token_hash check (octet_length(token_hash) = 32),
    constraint official_sessions_stage check (stage in (1, 2)),
    constraint official_sessions_tries check (tries between 0 and 5),
    constraint official_sessions_texts check (length(network) <= 64 and length(agent) <= 64)
);
create index official_sessions_official on official_sessions (official_id);
comment on table official_sessions is 'Who is signed in where; a row is deleted when it ends';
comment on column official_sessions.session_id is 'Random; names it in the list from which it is ended';
comment on column official_sessions.official_id is 'Who';
comment on column official_sessions.token_hash is 'Digest of the cookie''s random value, which is another one after each sign-in';
comment on column official_sessions.stage is '1 the password was right and a one-time code is awaited, 2 signed in';
comment on column official_sessions.tries is 'Wrong one-time codes given in stage 1; after five it is over';
comment on column official_sessions.started_at is 'When this stage began';
comment on column official_sessions.seen_at is 'Last request, to the minute; too long ago ends it';
comment on column official_sessions.expires_at is 'When it ends, whatever is done in it';
comment on column official_sessions.network is 'Network it was begun from, without the machine''s part';
comment on column official_sessions.agent is 'Browser and system in a word each, so that somebody can tell their own';
comment on index official_sessions_official is 'Finds the sessions of an account';

create table official_tokens (
    token_id        uuid not null default gen_random_uuid(),
    official_id     integer not null,
    consultation_id integer,
    role            smallint not null,
    label           text not null,
    token_hash      bytea not null,
    created_at      timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null,
    used_at         timestamptz,
    revoked_at      timestamptz,
    constraint official_tokens_pkey primary key (token_id),
    constraint official_tokens_official_fkey foreign key (official_id) references officials,
    constraint official_tokens_consultation_fkey foreign key (consultation_id) references consultations,
    constraint official_tokens_token_key unique (token_hash),
    constraint official_tokens_token_hash check (octet_length(token_hash) = 32),
    constraint official_tokens_role check (role between 0 and 5 and (role = 5) = (consultation_id is null)),
    constraint official_tokens_label check (label <> '' and length(label) <= 60),
    constraint official_tokens_expires check (expires_at <= created_at + interval '366 days')
);
create index official_tokens_official on official_tokens (official_id);
comment on table official_tokens is 'Tokens by which scripts act for an official, each with one role on one consultation';
comment on column official_tokens.token_id is 'Random; names it in lists and in the record of acts';
comment on column official_tokens.official_id is 'For whom; it may do nothing that they may not do at that moment';
comment on column official_tokens.consultation_id is 'On which consultation; none for an administrator''s';
comment on column official_tokens.role is 'As official_grants.role; 5 administrator';
comment on column official_tokens.label is 'What they called it';
comment on column official_tokens.token_hash is 'Digest of the random token';
comment on column official_tokens.created_at is 'When it was made';
comment on column official_tokens.expires_at is 'From then on it opens nothing; a year at most';
comment on column official_tokens.used_at is 'Last use, to the minute';
comment on column official_tokens.revoked_at is 'When it was revoked';
comment on index official_tokens_official is 'Finds the tokens of an account';

create table official_resets (
    official_id integer not null,
    proposed_by integer not null,
    expires_at  timestamptz not null,
    constraint official_resets_pkey primary key (official_id),
    constraint official_resets_official_fkey foreign key (official_id) references officials,
    constraint official_resets_proposed_fkey foreign key (proposed_by) references officials,
    constraint official_resets_two check (proposed_by <> official_id)
);
comment on table official_resets is 'Resets that one administrator proposed and another has yet to confirm';
comment on column official_resets.official_id is 'Whose account is to be set up anew';
comment on column official_resets.proposed_by is 'The first of two administrators';
comment on column official_resets.expires_at is 'A proposal not confirmed by then is void';

-- Administrators look up the record by who and when.
create index audit_log_official on audit_log ((detail ->> 'official'), audit_id);
create index audit_log_signed_in on audit_log ((detail ->> 'official'), (detail ->> 'from'), at)
    where action in ('official-signed-in', 'official-set-up');
create index audit_log_at on audit_log (at);
comment on index audit_log_official is 'Finds what an official did';
comment on index audit_log_signed_in is 'Finds whether an official has signed in from a network before';
comment on index audit_log_at is 'Finds what was done in a span of time';

insert into schema_migrations (version, name) values (12, 'officials');
