-- What is published of it, and the record of who did what.
set local search_path = consultation;

create table releases (
    consultation_id integer not null,
    number          integer not null,
    released_at     timestamptz not null,
    final           boolean not null,
    respondents     bigint not null,
    document        text not null,
    constraint releases_pkey primary key (consultation_id, number),
    constraint releases_consultation_fkey foreign key (consultation_id) references consultations,
    constraint releases_number check (number >= 1),
    constraint releases_respondents check (respondents >= 0),
    constraint releases_document check (document::json is not null)
);
create unique index releases_final_once on releases (consultation_id) where final;
comment on table releases is 'Numbered, unchanging publications of the tallies';
comment on column releases.consultation_id is 'Whose release';
comment on column releases.number is 'Counted from 1 within the consultation';
comment on column releases.released_at is 'When it was made';
comment on column releases.final is 'The last one: from then on no state changes';
comment on column releases.respondents is 'Submissions counted at that moment, exact; never shown, it says when the next release is due';
comment on column releases.document is 'The JSON document byte by byte as it is served, small cells hidden';
comment on index releases_final_once is 'One final release a consultation';

create function kept_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
begin
    raise exception '% is only added to', tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_kept';
end $$;
comment on function kept_guard() is 'Refuses every change of rows that are kept for ever';
create trigger releases_kept before update or delete on releases
    for each row execute function kept_guard();
create trigger releases_kept_all before truncate on releases
    for each statement execute function kept_guard();
create trigger submissions_kept_all before truncate on submissions
    for each statement execute function kept_guard();

-- The newest approved words of people who agreed: what the publishing role may read, and all it may read. The order is that of a
-- digest of each submission's random bytes: the same at every reading, unrelated to arrival, and not to be guessed.
create view published_remarks with (security_barrier) as
select s.consultation_id, c.slug, r.part, r.ordinal,
       coalesce(m.code, q.code) as code,
       s.language, s.kind, s.day,
       case when s.consent = 2 then s.organisation end as organisation,
       r.published as body
  from remarks r
  join submissions s using (consultation_id, submission_id)
  join consultations c using (consultation_id)
  left join measures m on r.part = 0 and m.consultation_id = r.consultation_id and m.ordinal = r.ordinal
  left join questions q on r.part = 1 and q.consultation_id = r.consultation_id and q.ordinal = r.ordinal
 where s.state = 'counted' and s.erased_at is null and s.consent > 0 and r.publish
   and not (r.part = 0 and (s.withheld >> (r.ordinal - 1)) & 1 = 1)
   and r.moderation in (1, 2)
 order by s.consultation_id, r.part, r.ordinal, sha256(s.salt);
comment on view published_remarks is 'Latest counted, consented and moderated remarks, in an order unrelated to arrival';
comment on column published_remarks.consultation_id is 'Whose remark';
comment on column published_remarks.slug is 'The consultation''s name in addresses';
comment on column published_remarks.part is '0 on a measure, 1 on an invited question';
comment on column published_remarks.ordinal is 'Of the measure or question';
comment on column published_remarks.code is 'Of the measure or question, as in addresses';
comment on column published_remarks.language is 'Language of the submission';
comment on column published_remarks.kind is '1 individual, 2 organisation';
comment on column published_remarks.day is 'Hong Kong date; no finer time is published';
comment on column published_remarks.organisation is 'Name, where an organisation agreed to publication with it';
comment on column published_remarks.body is 'The words as moderation passed them';

create table audit_log (
    audit_id        bigint not null generated always as identity,
    at              timestamptz not null default clock_timestamp(),
    consultation_id integer,
    actor           text not null default session_user,
    program         text not null default current_setting('application_name'),
    action          text not null,
    detail          jsonb not null default '{}',
    position        bigint,
    previous_hash   bytea,
    hash            bytea,
    constraint audit_log_pkey primary key (audit_id),
    constraint audit_log_consultation_fkey foreign key (consultation_id) references consultations,
    constraint audit_log_position_key unique (position),
    constraint audit_log_action check (action ~ '^[a-z]+(-[a-z]+)*$'),
    constraint audit_log_sealed check (
        (position is null and previous_hash is null and hash is null)
        or (position >= 1 and octet_length(previous_hash) = 32 and octet_length(hash) = 32
            and position is not null and previous_hash is not null and hash is not null))
);
create index audit_log_unsealed on audit_log (audit_id) where position is null;
comment on table audit_log is 'Who did what, only added to; one sealer chains new rows by hash, so that writers never wait';
comment on column audit_log.audit_id is 'Order of writing';
comment on column audit_log.at is 'When it was written';
comment on column audit_log.consultation_id is 'The consultation it concerns; none for the service as a whole';
comment on column audit_log.actor is 'Database login that did it';
comment on column audit_log.program is 'Name the program gave of itself';
comment on column audit_log.action is 'What was done';
comment on column audit_log.detail is 'Particulars; never an identity, a code or what somebody said';
comment on column audit_log.position is 'Place in the chain, from 1 without a gap; none until sealed';
comment on column audit_log.previous_hash is 'Hash of the row before it in the chain; of the first one 32 zero bytes';
comment on column audit_log.hash is 'SHA-256 over the previous hash and this row';
comment on index audit_log_unsealed is 'Finds what waits for the sealer';

create function audit_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
begin
    if tg_op = 'UPDATE' and old.position is null
            and (new.audit_id, new.at, new.consultation_id, new.actor, new.program, new.action, new.detail)
                is not distinct from
                (old.audit_id, old.at, old.consultation_id, old.actor, old.program, old.action, old.detail) then
        return new;
    end if;
    raise exception 'audit_log is only added to'
        using errcode = 'integrity_constraint_violation', constraint = 'audit_log_kept';
end $$;
comment on function audit_guard() is 'Lets the sealer fill in the chain once, and nothing else';
create trigger audit_log_kept before update or delete on audit_log
    for each row execute function audit_guard();
create trigger audit_log_kept_all before truncate on audit_log
    for each statement execute function kept_guard();

create table key_checks (
    purpose     text not null,
    key_id      smallint not null,
    check_value bytea not null,
    recorded_at timestamptz not null default now(),
    constraint key_checks_pkey primary key (purpose, key_id),
    constraint key_checks_purpose check (purpose in ('master', 'receipt')),
    constraint key_checks_value_length check (octet_length(check_value) = 32)
);
comment on table key_checks is 'A value that only the right key gives, recorded when the key was first used: a server with another one refuses to start';
comment on column key_checks.purpose is 'master, or receipt (the digest of its public half)';
comment on column key_checks.key_id is 'The key''s id, as rows of submissions name it';
comment on column key_checks.check_value is 'Keyed digest of a fixed text';
comment on column key_checks.recorded_at is 'When this key was first used';
create trigger key_checks_kept before update or delete on key_checks
    for each row execute function kept_guard();

insert into schema_migrations (version, name) values (3, 'publication');
