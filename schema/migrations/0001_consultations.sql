-- Consultations and their wording.
set local search_path = consultation;

create table consultations (
    consultation_id     integer generated always as identity primary key,
    slug                text not null,
    rehearsal           boolean not null,
    opens_at            timestamptz not null,
    closes_at           timestamptz not null,
    grace               interval not null default '0',
    entry_days          smallint not null default 14,
    identity_kinds      smallint not null,
    normalisation       smallint not null,
    limits              jsonb not null,
    publication         jsonb not null,
    complete            boolean not null default false,
    revision            bigint not null default 1,
    document_hash       bytea not null,
    identity_check      bytea,
    identity_destroyed_at timestamptz,
    final_release_at    timestamptz,
    created_at          timestamptz not null default now(),
    constraint consultations_slug_key unique (slug),
    constraint consultations_window check (closes_at > opens_at),
    constraint consultations_document_hash_length check (octet_length(document_hash) = 32),
    constraint consultations_identity_check_length check (octet_length(identity_check) = 32)
);

create table texts (
    consultation_id integer not null references consultations,
    key             text not null,
    version         smallint not null,
    language        smallint not null,
    body            text not null,
    note            text,
    created_at      timestamptz not null default now(),
    constraint texts_pkey primary key (consultation_id, key, version, language),
    constraint texts_version check (version between 1 and 255),
    constraint texts_language check (language between 0 and 2),
    constraint texts_note check (version = 1 or note is not null)
);

create table directions (
    consultation_id integer not null references consultations,
    ordinal         smallint not null,
    code            text not null,
    constraint directions_pkey primary key (consultation_id, ordinal),
    constraint directions_code_key unique (consultation_id, code)
);

create table measures (
    consultation_id   integer not null references consultations,
    ordinal           smallint not null,
    code              text not null,
    direction_ordinal smallint not null,
    constraint measures_pkey primary key (consultation_id, ordinal),
    constraint measures_code_key unique (consultation_id, code),
    constraint measures_direction_fkey foreign key (consultation_id, direction_ordinal) references directions,
    constraint measures_ordinal check (ordinal between 1 and 60)
);

create table questions (
    consultation_id integer not null references consultations,
    ordinal         smallint not null,
    code            text not null,
    constraint questions_pkey primary key (consultation_id, ordinal),
    constraint questions_code_key unique (consultation_id, code),
    constraint questions_ordinal check (ordinal between 1 and 20)
);

create table sectors (
    consultation_id integer not null references consultations,
    ordinal         smallint not null,
    code            text not null,
    constraint sectors_pkey primary key (consultation_id, ordinal),
    constraint sectors_code_key unique (consultation_id, code)
);
