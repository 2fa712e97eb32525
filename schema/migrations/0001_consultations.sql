-- Consultations and their wording.
set local search_path = consultation;

create table consultations (
    consultation_id       integer generated always as identity,
    slug                  text not null,
    rehearsal             boolean not null,
    opens_at              timestamptz not null,
    closes_at             timestamptz not null,
    grace                 interval not null default '0',
    entry_days            smallint not null default 14,
    identity_kinds        smallint not null,
    normalisation         smallint not null,
    limits                jsonb not null,
    publication           jsonb not null,
    complete              boolean not null default false,
    revision              bigint not null default 1,
    document_hash         bytea not null,
    identity_check        bytea,
    identity_destroyed_at timestamptz,
    final_release_at      timestamptz,
    created_at            timestamptz not null default now(),
    constraint consultations_pkey primary key (consultation_id),
    constraint consultations_slug_key unique (slug),
    constraint consultations_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
    constraint consultations_window check (closes_at > opens_at),
    constraint consultations_grace check (grace between interval '0' and interval '1 day'),
    constraint consultations_entry_days check (entry_days between 0 and 365),
    constraint consultations_identity_kinds check (identity_kinds between 0 and 14),
    constraint consultations_normalisation check (normalisation >= 1),
    constraint consultations_revision check (revision >= 1),
    constraint consultations_document_hash_length check (octet_length(document_hash) = 32),
    constraint consultations_identity_check_length check (octet_length(identity_check) = 32),
    constraint consultations_final_release check (final_release_at >= closes_at)
);
comment on table consultations is 'A public process with opening and closing; everything else of it has a key that begins with its consultation_id';
comment on column consultations.consultation_id is 'Internal; never leaves the service';
comment on column consultations.slug is 'Its name in addresses; fixed at creation';
comment on column consultations.rehearsal is 'Holds generated answers, so that a newcomer sees charts; fixed at creation';
comment on column consultations.opens_at is 'First moment at which a submission is taken';
comment on column consultations.closes_at is 'First moment at which none is taken any more (half-open)';
comment on column consultations.grace is 'For so long after the close what arrives is still taken, and marked within_grace';
comment on column consultations.entry_days is 'Days after the close in which officials may enter what was received on paper before it';
comment on column consultations.identity_kinds is 'Kinds of identity that are taken: bit 1 << code (1 e-mail, 2 mobile, 3 Hong Kong identity card)';
comment on column consultations.normalisation is 'Version of the rules that bring an identity to its one form; fixed at creation';
comment on column consultations.limits is 'Lengths in code points and the number of priorities';
comment on column consultations.publication is 'When a release is made and what it hides';
comment on column consultations.complete is 'Every text exists in all its languages at the same version; only then does it open';
comment on column consultations.revision is 'Raised by a release, a correction, a published remark, a change of window; servers drop what they keep when it is';
comment on column consultations.document_hash is 'Digest of the document that was imported last, so that the same one again changes nothing';
comment on column consultations.identity_check is 'A value that only the right identity key gives: a server with another one refuses to start';
comment on column consultations.identity_destroyed_at is 'When the identity key was destroyed; the check value stays as its fingerprint';
comment on column consultations.final_release_at is 'When the final release was made; from then on no state changes';
comment on column consultations.created_at is 'When it was first imported';

create table texts (
    consultation_id integer not null,
    key             text not null,
    version         smallint not null,
    language        smallint not null,
    body            text not null,
    note            text,
    created_at      timestamptz not null default now(),
    constraint texts_pkey primary key (consultation_id, key, version, language),
    constraint texts_consultation_fkey foreign key (consultation_id) references consultations,
    constraint texts_version check (version between 1 and 255),
    constraint texts_language check (language between 0 and 2),
    constraint texts_body check (body <> ''),
    constraint texts_note check (version = 1 or note is not null)
);
comment on table texts is 'Every wording of a consultation, in each language and each version it ever had; published wording is never edited';
comment on column texts.consultation_id is 'Whose wording';
comment on column texts.key is 'What it words: title, summary, introduction, contact, stance/0 to stance/5, direction/CODE/title, direction/CODE/full-title, direction/CODE/background, measure/CODE, question/CODE, sector/CODE';
comment on column texts.version is 'One count for all three languages; a correction is the next';
comment on column texts.language is '0 zh-Hant, 1 en, 2 zh-Hans';
comment on column texts.body is 'The wording; paragraphs are parted by an empty line';
comment on column texts.note is 'Why it was corrected, in the language of the text; none for the first version';
comment on column texts.created_at is 'When this version was imported';

create table directions (
    consultation_id integer not null,
    ordinal         smallint not null,
    code            text not null,
    constraint directions_pkey primary key (consultation_id, ordinal),
    constraint directions_consultation_fkey foreign key (consultation_id) references consultations,
    constraint directions_code_key unique (consultation_id, code),
    constraint directions_ordinal check (ordinal between 1 and 60),
    constraint directions_code check (code ~ '^[0-9]{1,3}$')
);
comment on table directions is 'Policy directions of a consultation';
comment on column directions.consultation_id is 'Whose direction';
comment on column directions.ordinal is 'Permanent place';
comment on column directions.code is 'Its name in addresses';

create table measures (
    consultation_id   integer not null,
    ordinal           smallint not null,
    code              text not null,
    direction_ordinal smallint not null,
    constraint measures_pkey primary key (consultation_id, ordinal),
    constraint measures_code_key unique (consultation_id, code),
    constraint measures_direction_fkey foreign key (consultation_id, direction_ordinal) references directions,
    constraint measures_ordinal check (ordinal between 1 and 60),
    constraint measures_code check (code ~ '^[0-9]{1,3}-[0-9]{1,3}$')
);
comment on table measures is 'Concrete measures within the directions';
comment on column measures.consultation_id is 'Whose measure';
comment on column measures.ordinal is 'Permanent, never reused or reordered: compact stances are stored by it';
comment on column measures.code is 'Stable name in addresses and imports: direction-measure';
comment on column measures.direction_ordinal is 'The direction it belongs to';

create table questions (
    consultation_id integer not null,
    ordinal         smallint not null,
    code            text not null,
    constraint questions_pkey primary key (consultation_id, ordinal),
    constraint questions_consultation_fkey foreign key (consultation_id) references consultations,
    constraint questions_code_key unique (consultation_id, code),
    constraint questions_ordinal check (ordinal between 1 and 20)
);
comment on table questions is 'Invited questions, answered in free text';
comment on column questions.consultation_id is 'Whose question';
comment on column questions.ordinal is 'Permanent place';
comment on column questions.code is 'Its name in addresses and in what is sent';

create table sectors (
    consultation_id integer not null,
    ordinal         smallint not null,
    code            text not null,
    constraint sectors_pkey primary key (consultation_id, ordinal),
    constraint sectors_consultation_fkey foreign key (consultation_id) references consultations,
    constraint sectors_code_key unique (consultation_id, code)
);
comment on table sectors is 'Sectors a respondent may name as theirs';
comment on column sectors.consultation_id is 'Whose list';
comment on column sectors.ordinal is 'Permanent place in the list';
comment on column sectors.code is 'Its name in what is sent';

-- What may never change, whoever asks.
create function consultation_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.consultation_id, new.slug, new.rehearsal, new.normalisation, new.created_at)
            is distinct from (old.consultation_id, old.slug, old.rehearsal, old.normalisation, old.created_at) then
        raise exception 'slug, rehearsal and normalisation are fixed at creation'
            using errcode = 'integrity_constraint_violation', constraint = 'consultations_fixed';
    end if;
    if tg_op = 'UPDATE' and new.revision < old.revision then
        raise exception 'a revision is only raised'
            using errcode = 'integrity_constraint_violation', constraint = 'consultations_revision_raised';
    end if;
    if tg_op = 'UPDATE' and old.final_release_at is not null
            and new.final_release_at is distinct from old.final_release_at then
        raise exception 'there is one final release'
            using errcode = 'integrity_constraint_violation', constraint = 'consultations_final_once';
    end if;
    if new.complete and (tg_op = 'INSERT' or not old.complete)
            and not consultation_complete(new.consultation_id) then
        raise exception 'texts are missing'
            using errcode = 'integrity_constraint_violation', constraint = 'consultations_complete';
    end if;
    return new;
end $$;
comment on function consultation_guard() is 'Keeps what is fixed at creation, and lets only a whole consultation be marked complete';
create trigger consultations_guard before insert or update on consultations
    for each row execute function consultation_guard();

-- A list that people have seen is not changed: answers are stored by its ordinals.
create function content_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_row record;
begin
    if tg_op = 'DELETE' then v_row := old; else v_row := new; end if;
    if exists (select from consultations c
                where c.consultation_id = v_row.consultation_id and c.complete and c.opens_at <= clock_timestamp()) then
        raise exception 'this consultation has been open to the public'
            using errcode = 'integrity_constraint_violation', constraint = 'content_published';
    end if;
    return v_row;
end $$;
comment on function content_guard() is 'Refuses changes of what has been open to the public';
create trigger directions_guard before update or delete on directions
    for each row execute function content_guard();
create trigger measures_guard before update or delete on measures
    for each row execute function content_guard();
create trigger questions_guard before update or delete on questions
    for each row execute function content_guard();
create trigger sectors_guard before update or delete on sectors
    for each row execute function content_guard();
-- After, so that an insert that meets an equal row and does nothing passes.
create trigger directions_guard_new after insert on directions
    for each row execute function content_guard();
create trigger measures_guard_new after insert on measures
    for each row execute function content_guard();
create trigger questions_guard_new after insert on questions
    for each row execute function content_guard();
create trigger sectors_guard_new after insert on sectors
    for each row execute function content_guard();
-- A correction inserts a new version; nothing published is edited.
create trigger texts_guard before update or delete on texts
    for each row execute function content_guard();

-- A correction comes in all languages, in one transaction.
create function text_guard() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
begin
    if exists (select from consultations c where c.consultation_id = new.consultation_id and c.complete)
            and (select count(*) from texts t
                  where (t.consultation_id, t.key, t.version) = (new.consultation_id, new.key, new.version)) < 3 then
        raise exception 'text % is not there in all languages', new.key
            using errcode = 'integrity_constraint_violation', constraint = 'texts_whole';
    end if;
    return null;
end $$;
comment on function text_guard() is 'Asks at COMMIT that a new version of a complete consultation''s text exists in every language';
create constraint trigger texts_whole after insert on texts deferrable initially deferred
    for each row execute function text_guard();

insert into schema_migrations (version, name) values (1, 'consultations');
