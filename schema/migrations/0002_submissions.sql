-- Submissions, what they say, and how they are counted. Codes are those of server/domain/submission.h.
set local search_path = consultation;

create type submission_state as enum ('counted', 'held', 'superseded', 'withdrawn', 'set aside');

create table submissions (
    consultation_id   integer not null references consultations,
    submission_id     bigint generated always as identity,
    number            text not null,
    submission_key    uuid not null,
    content_hash      bytea,
    state             submission_state not null,
    state_reason      text,
    kind              smallint not null,
    identity_kind     smallint not null default 0,
    identity_hash     bytea,
    proven            boolean not null default false,
    unchallenged      boolean not null default true,
    within_grace      boolean not null default false,
    received_on       date,
    arrived_at        timestamptz not null,
    day               date not null,
    language          smallint not null,
    channel           smallint not null,
    sector            text,
    organisation      text,
    consent           smallint not null,
    stances           bytea,
    versions          bytea,
    withheld          bigint not null default 0,
    priorities        bigint not null default 0,
    salt              bytea,
    commitment        bytea not null,
    receipt_key       smallint not null,
    master            smallint not null,
    generation        smallint not null default 1,
    supersedes        bigint,
    erased_at         timestamptz,
    constraint submissions_pkey primary key (consultation_id, submission_id),
    constraint submissions_number_key unique (number),
    constraint submissions_submission_key_key unique (submission_key),
    constraint submissions_supersedes_fkey foreign key (consultation_id, supersedes) references submissions,
    constraint submissions_number check (number ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    constraint submissions_kind check (kind in (1, 2)),
    constraint submissions_identity_kind check (identity_kind between 0 and 3),
    constraint submissions_identity_hash check ((identity_kind = 0) = (identity_hash is null) and octet_length(identity_hash) = 32),
    constraint submissions_language check (language between 0 and 2),
    constraint submissions_channel check (channel between 1 and 6),
    constraint submissions_consent check (consent between 0 and 2 and (consent < 2 or kind = 2)),
    constraint submissions_organisation check (kind = 2 or organisation is null),
    constraint submissions_priorities check (bit_count(priorities::bit(64)) <= 3),
    constraint submissions_commitment check (octet_length(commitment) = 32),
    constraint submissions_erased check (
        case when erased_at is null
             then salt is not null and octet_length(salt) = 32 and content_hash is not null
                  and stances is not null and versions is not null
                  and octet_length(stances) = octet_length(versions)
             else salt is null and content_hash is null and stances is null and versions is null
                  and sector is null and organisation is null and priorities = 0 and withheld = 0
        end)
);
create unique index submissions_identity_counted on submissions (consultation_id, kind, identity_hash)
    where state = 'counted' and identity_hash is not null;

create table remarks (
    consultation_id integer not null,
    submission_id   bigint not null,
    part            smallint not null,
    ordinal         smallint not null,
    version         smallint not null,
    publish         boolean not null,
    moderation      smallint not null default 0,
    original        text not null,
    published       text,
    constraint remarks_pkey primary key (consultation_id, submission_id, part, ordinal),
    constraint remarks_submission_fkey foreign key (consultation_id, submission_id) references submissions,
    constraint remarks_part check (part in (0, 1)),
    constraint remarks_moderation check (moderation between 0 and 3),
    constraint remarks_original check (original <> '')
);
