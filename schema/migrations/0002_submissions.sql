-- Submissions, what they say, and how they are counted. Codes are those of server/domain/submission.h.
set local search_path = consultation;

create type submission_state as enum ('counted', 'held', 'superseded', 'withdrawn', 'set aside');
comment on type submission_state is 'What a submission counts as; received is the sum of all five';

-- Columns of fixed width first: no padding between them.
create table submissions (
    submission_id     bigint not null generated always as identity,
    arrived_at        timestamptz not null,
    withheld          bigint not null default 0,
    priorities        bigint not null default 0,
    supersedes        bigint,
    erased_at         timestamptz,
    state_changed_at  timestamptz,
    consultation_id   integer not null,
    day               date not null,
    received_on       date,
    state             submission_state not null,
    kind              smallint not null,
    identity_kind     smallint not null default 0,
    language          smallint not null,
    channel           smallint not null,
    consent           smallint not null,
    receipt_key       smallint not null,
    master            smallint not null,
    generation        smallint not null default 1,
    proven            boolean not null default false,
    unchallenged      boolean not null default true,
    within_grace      boolean not null default false,
    submission_key    uuid not null,
    number            text not null,
    commitment        bytea not null,
    content_hash      bytea,
    identity_hash     bytea,
    salt              bytea,
    stances           bytea,
    versions          bytea,
    sector            text,
    organisation      text,
    state_reason      text,
    constraint submissions_pkey primary key (consultation_id, submission_id),
    constraint submissions_number_key unique (number),
    constraint submissions_submission_key_key unique (submission_key),
    constraint submissions_consultation_fkey foreign key (consultation_id) references consultations,
    constraint submissions_supersedes_fkey foreign key (consultation_id, supersedes) references submissions,
    constraint submissions_number check (number ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    constraint submissions_kind check (kind in (1, 2)),
    constraint submissions_identity_kind check (identity_kind between 0 and 3),
    constraint submissions_identity_hash check ((identity_kind = 0) = (identity_hash is null) and octet_length(identity_hash) = 32),
    constraint submissions_proven check (not proven or identity_hash is not null),
    constraint submissions_language check (language between 0 and 2),
    constraint submissions_channel check (channel between 1 and 6),
    constraint submissions_received_on check (received_on is null or channel > 2),
    constraint submissions_consent check (consent between 0 and 2 and (consent < 2 or kind = 2)),
    constraint submissions_organisation check (organisation is null or kind = 2),
    constraint submissions_priorities check (bit_count(priorities::bit(64)) <= 3),
    constraint submissions_commitment check (octet_length(commitment) = 32),
    constraint submissions_generation check (generation >= 1),
    constraint submissions_supersedes check (supersedes < submission_id),
    constraint submissions_state_reason check (state in ('counted', 'held') or state_reason is not null),
    constraint submissions_state_changed_at check (state in ('counted', 'held') or state_changed_at is not null),
    constraint submissions_erased check (
        case when erased_at is null
             then state <> 'withdrawn'
                  and salt is not null and octet_length(salt) = 32
                  and content_hash is not null and octet_length(content_hash) = 32
                  and stances is not null and versions is not null
                  and octet_length(stances) between 1 and 60 and octet_length(stances) = octet_length(versions)
             else state in ('withdrawn', 'superseded')
                  and salt is null and content_hash is null and stances is null and versions is null
                  and sector is null and organisation is null and priorities = 0 and withheld = 0
        end)
);
create unique index submissions_identity_counted on submissions (consultation_id, kind, identity_hash)
    where state = 'counted' and identity_hash is not null;
create index submissions_identity_held on submissions (consultation_id, kind, identity_hash)
    where state = 'held' and identity_hash is not null;
create unique index submissions_superseded_once on submissions (consultation_id, supersedes)
    where supersedes is not null;
comment on table submissions is 'One immutable version of what a respondent sent; an amendment is a row of its own. The row is the acceptance';
comment on column submissions.submission_id is 'Internal; never leaves the database';
comment on column submissions.arrived_at is 'Arrival of the body''s last byte; the window is judged by it';
comment on column submissions.withheld is 'Measures whose answer may not be published: bit ordinal - 1';
comment on column submissions.priorities is 'Measures marked as mattering most: bit ordinal - 1';
comment on column submissions.supersedes is 'The submission that this one amends';
comment on column submissions.erased_at is 'When all that was said was emptied';
comment on column submissions.state_changed_at is 'When it came to its present state; none since acceptance';
comment on column submissions.consultation_id is 'The consultation it takes part in';
comment on column submissions.day is 'Hong Kong date under which it is tallied: that of arrived_at, or received_on';
comment on column submissions.received_on is 'Hong Kong date on which paper and the like were received, attested by the official who entered it';
comment on column submissions.state is 'Changed by submission_state_change only';
comment on column submissions.kind is '1 individual, 2 organisation';
comment on column submissions.identity_kind is '0 none, 1 e-mail, 2 mobile, 3 Hong Kong identity card';
comment on column submissions.language is 'Language read: 0 zh-Hant, 1 en, 2 zh-Hans';
comment on column submissions.channel is '1 web, 2 API, 3 paper, 4 counter, 5 e-mail, 6 telephone';
comment on column submissions.consent is 'To publication: 0 none, 1 without name, 2 with name (organisations)';
comment on column submissions.receipt_key is 'Key that signs its receipt';
comment on column submissions.master is 'Master key whose derived key makes its code';
comment on column submissions.generation is 'Of its code; raised when a lost code is renewed';
comment on column submissions.proven is 'The identity was proven, not only declared';
comment on column submissions.unchallenged is 'Taken while no proof was asked for';
comment on column submissions.within_grace is 'Arrived after the close, within its grace';
comment on column submissions.submission_key is 'The Idempotency-Key: unique for ever';
comment on column submissions.number is 'Of its receipt: random, public, unique in the whole service';
comment on column submissions.commitment is 'Digest of salt and canonical content, stated by the receipt';
comment on column submissions.content_hash is 'Digest of canonical content and identity hash: what "the same content" of a key means';
comment on column submissions.identity_hash is 'Keyed hash of the identity; the key lies outside the database';
comment on column submissions.salt is 'Random bytes of the commitment; for the code''s holder only';
comment on column submissions.stances is 'One byte a measure at ordinal - 1: 1 strongly oppose to 5 strongly support, 0 no opinion, 255 not answered';
comment on column submissions.versions is 'One byte a measure at ordinal - 1: version of the wording read, 0 where nothing was said';
comment on column submissions.sector is 'Code of the sector named';
comment on column submissions.organisation is 'Name of the organisation';
comment on column submissions.state_reason is 'Why it came to its present state';
comment on index submissions_identity_counted is 'One counted submission a consultation, kind of respondent and identity';
comment on index submissions_identity_held is 'Finds what proof of an identity displaces';
comment on index submissions_superseded_once is 'A submission is amended once; the next amendment names the newer one';

create table remarks (
    submission_id   bigint not null,
    consultation_id integer not null,
    part            smallint not null,
    ordinal         smallint not null,
    version         smallint not null,
    moderation      smallint not null default 0,
    publish         boolean not null,
    original        text not null,
    published       text,
    constraint remarks_pkey primary key (consultation_id, submission_id, part, ordinal),
    constraint remarks_submission_fkey foreign key (consultation_id, submission_id) references submissions,
    constraint remarks_part check (part in (0, 1)),
    constraint remarks_ordinal check (ordinal between 1 and 60),
    constraint remarks_version check (version between 0 and 255),
    constraint remarks_moderation check (moderation between 0 and 3),
    constraint remarks_original check (original <> ''),
    constraint remarks_published check ((moderation in (1, 2)) = (published is not null))
);
comment on table remarks is 'Free text: remarks on measures and views on the invited questions; deleted when their submission is erased';
comment on column remarks.submission_id is 'The submission it belongs to';
comment on column remarks.consultation_id is 'The consultation it belongs to';
comment on column remarks.part is '0 on a measure, 1 on an invited question';
comment on column remarks.ordinal is 'Of the measure or question';
comment on column remarks.version is 'Of the wording read';
comment on column remarks.moderation is '0 waiting, 1 passed as it is, 2 passed with words removed, 3 refused';
comment on column remarks.publish is 'Its author agrees; never true without consent on the submission';
comment on column remarks.original is 'As it was sent';
comment on column remarks.published is 'As it may be shown; set by moderation';

-- One row a grain holds the counters of all measures: a batch moves six rows instead of ninety. Mostly empty pages let an update
-- stay on its page (HOT); the counters are never compressed or moved out of the row.
create table tallies (
    received        integer not null default 0,
    counted         integer not null default 0,
    held            integer not null default 0,
    superseded      integer not null default 0,
    withdrawn       integer not null default 0,
    set_aside       integer not null default 0,
    consultation_id integer not null,
    day             date not null,
    kind            smallint not null,
    language        smallint not null,
    channel         smallint not null,
    slot            smallint not null,
    proven          boolean not null,
    cells           integer[] not null default '{}',
    constraint tallies_pkey primary key (consultation_id, day, kind, proven, language, channel, slot),
    constraint tallies_consultation_fkey foreign key (consultation_id) references consultations,
    constraint tallies_received check (received = counted + held + superseded + withdrawn + set_aside),
    constraint tallies_cells check (cardinality(cells) % 9 = 0),
    constraint tallies_slot check (slot between 0 and 255)
) with (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table tallies alter column cells set storage plain;
comment on table tallies is 'Counts at the finest grain, moved in the transaction of the submission; every figure is a sum of these';
comment on column tallies.received is 'Submissions received; the sum of the five states, always';
comment on column tallies.counted is 'Of them counted; one slot''s figure may be negative';
comment on column tallies.held is 'Of them held: another submission of the same identity was there before';
comment on column tallies.superseded is 'Of them superseded by an amendment or by proof of the identity';
comment on column tallies.withdrawn is 'Of them withdrawn';
comment on column tallies.set_aside is 'Of them set aside by an official';
comment on column tallies.consultation_id is 'Whose counts';
comment on column tallies.day is 'Hong Kong date of submissions.day';
comment on column tallies.kind is 'As submissions.kind';
comment on column tallies.language is 'As submissions.language';
comment on column tallies.channel is 'As submissions.channel';
comment on column tallies.slot is 'Server process that moved it, so that two never wait for each other; 0 for commands';
comment on column tallies.proven is 'As submissions.proven';
comment on column tallies.cells is 'Of what is counted, nine figures a measure by ordinal: stances 0 to 5, remark without stance, remarks, priorities; read it through tally_cells';

create view submission_tallies as
select consultation_id, day, kind, proven, language, channel, slot,
       received, counted, held, superseded, withdrawn, set_aside
  from tallies;
comment on view submission_tallies is 'Submissions by state at the finest grain';
comment on column submission_tallies.consultation_id is 'As tallies.consultation_id';
comment on column submission_tallies.day is 'As tallies.day';
comment on column submission_tallies.kind is 'As tallies.kind';
comment on column submission_tallies.proven is 'As tallies.proven';
comment on column submission_tallies.language is 'As tallies.language';
comment on column submission_tallies.channel is 'As tallies.channel';
comment on column submission_tallies.slot is 'As tallies.slot';
comment on column submission_tallies.received is 'As tallies.received';
comment on column submission_tallies.counted is 'As tallies.counted';
comment on column submission_tallies.held is 'As tallies.held';
comment on column submission_tallies.superseded is 'As tallies.superseded';
comment on column submission_tallies.withdrawn is 'As tallies.withdrawn';
comment on column submission_tallies.set_aside is 'As tallies.set_aside';

create view tally_cells as
select t.consultation_id, t.day, t.kind, t.proven, t.language, t.channel, t.slot, o.ordinal,
       t.cells[o.base + 1] as n0, t.cells[o.base + 2] as n1, t.cells[o.base + 3] as n2, t.cells[o.base + 4] as n3,
       t.cells[o.base + 5] as n4, t.cells[o.base + 6] as n5,
       t.cells[o.base + 7] as remark_only, t.cells[o.base + 8] as remarks, t.cells[o.base + 9] as priorities
  from tallies t,
       lateral (select n::smallint as ordinal, 9 * (n - 1) as base from generate_series(1, cardinality(t.cells) / 9) as n) as o;
comment on view tally_cells is 'The counters of tallies, one row a measure';
comment on column tally_cells.consultation_id is 'As tallies.consultation_id';
comment on column tally_cells.day is 'As tallies.day';
comment on column tally_cells.kind is 'As tallies.kind';
comment on column tally_cells.proven is 'As tallies.proven';
comment on column tally_cells.language is 'As tallies.language';
comment on column tally_cells.channel is 'As tallies.channel';
comment on column tally_cells.slot is 'As tallies.slot';
comment on column tally_cells.ordinal is 'Of the measure';
comment on column tally_cells.n0 is 'Answers of no opinion';
comment on column tally_cells.n1 is 'Answers of strongly oppose';
comment on column tally_cells.n2 is 'Answers of oppose';
comment on column tally_cells.n3 is 'Answers of neutral';
comment on column tally_cells.n4 is 'Answers of support';
comment on column tally_cells.n5 is 'Answers of strongly support';
comment on column tally_cells.remark_only is 'Answers with a remark and no stance';
comment on column tally_cells.remarks is 'Answers with a remark, with or without stance';
comment on column tally_cells.priorities is 'Submissions that mark the measure as mattering most';

-- What is said never changes; it is only erased, whole.
create function submission_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_kept submissions := old;
begin
    if tg_op = 'DELETE' then
        raise exception 'a submission is withdrawn, not deleted'
            using errcode = 'integrity_constraint_violation', constraint = 'submissions_kept';
    end if;
    v_kept.state := new.state;
    v_kept.state_reason := new.state_reason;
    v_kept.state_changed_at := new.state_changed_at;
    v_kept.generation := new.generation;
    if new.erased_at is not null and old.erased_at is null then
        v_kept.erased_at := new.erased_at;
        v_kept.salt := null;
        v_kept.content_hash := null;
        v_kept.stances := null;
        v_kept.versions := null;
        v_kept.sector := null;
        v_kept.organisation := null;
        v_kept.priorities := 0;
        v_kept.withheld := 0;
    end if;
    if v_kept is distinct from new then
        raise exception 'a submission is immutable'
            using errcode = 'integrity_constraint_violation', constraint = 'submissions_immutable';
    end if;
    return new;
end $$;
comment on function submission_guard() is 'Lets a submission''s state and its code''s generation change, and nothing else but a whole erasure';
create trigger submissions_guard before update or delete on submissions
    for each row execute function submission_guard();

create function remark_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
begin
    if (new.consultation_id, new.submission_id, new.part, new.ordinal, new.version, new.publish, new.original)
            is distinct from
       (old.consultation_id, old.submission_id, old.part, old.ordinal, old.version, old.publish, old.original) then
        raise exception 'a remark is immutable'
            using errcode = 'integrity_constraint_violation', constraint = 'remarks_immutable';
    end if;
    return new;
end $$;
comment on function remark_guard() is 'Lets moderation set what is published, never what was sent';
create trigger remarks_guard before update on remarks
    for each row execute function remark_guard();

insert into schema_migrations (version, name) values (2, 'submissions');
