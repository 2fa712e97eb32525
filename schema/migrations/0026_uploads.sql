-- Attachments that come in pieces; the pieces lie in a file beside the attachments.
set local search_path = consultation;

create table uploads (
    consultation_id integer not null,
    response_id     integer not null,
    upload_id       uuid not null,
    sha256          bytea,
    name            text not null,
    bytes           bigint not null,
    started_by      integer,
    started_at      timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null,
    constraint uploads_pkey primary key (consultation_id, response_id, upload_id),
    constraint uploads_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint uploads_started_fkey foreign key (started_by) references officials,
    constraint uploads_sha256 check (octet_length(sha256) = 32),
    constraint uploads_name check (length(name) between 1 and 1000),
    constraint uploads_bytes check (bytes between 1 and 1073741824)
);
comment on table uploads is 'Attachments that are coming in pieces; how much has come is the length of the file of that name in the folder of attachments';
comment on column uploads.consultation_id is 'The consultation';
comment on column uploads.response_id is 'The response';
comment on column uploads.upload_id is 'Random; names it in addresses and in the folder';
comment on column uploads.sha256 is 'What its sender says its digest will be; none: not said';
comment on column uploads.name is 'What its sender calls it; cleaned when it is whole';
comment on column uploads.bytes is 'How long it will be; counts as if it were there';
comment on column uploads.started_by is 'The member; none: a machine';
comment on column uploads.started_at is 'When';
comment on column uploads.expires_at is 'From then on it is gone';

insert into schema_migrations (version, name) values (26, 'uploads');
