-- Words that a consultation explains, and remarks that appear with a release.
set local search_path = consultation;

create table terms (
    consultation_id integer not null,
    ordinal         smallint not null,
    code            text not null,
    constraint terms_pkey primary key (consultation_id, ordinal),
    constraint terms_consultation_fkey foreign key (consultation_id) references consultations,
    constraint terms_code_key unique (consultation_id, code),
    constraint terms_ordinal check (ordinal between 1 and 200),
    constraint terms_code check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 60)
);
comment on table terms is 'The glossary: words of a consultation that are explained in place';
comment on column terms.consultation_id is 'Whose glossary';
comment on column terms.ordinal is 'Place in the list; a later import adds behind the last';
comment on column terms.code is 'Its name in addresses and documents';
comment on column texts.key is 'What it words: title, summary, introduction, contact, stance/0 to stance/5, direction/CODE/title, direction/CODE/full-title, direction/CODE/background, measure/CODE, question/CODE, sector/CODE, term/CODE/word, term/CODE/forms, term/CODE/meaning';
-- Nothing that is answered hangs on it, so it may grow while the consultation is open; what was read is not changed.
create trigger terms_guard before update or delete on terms
    for each row execute function content_guard();

alter table remarks
    add column release integer,
    add column position bigint,
    add column stance smallint,
    add column day date,
    add constraint remarks_release_fkey foreign key (consultation_id, release) references releases (consultation_id, number),
    add constraint remarks_release check ((release is null) = (position is null) and (release is null) = (day is null)),
    add constraint remarks_stance check (stance is null or (stance between 0 and 5 and release is not null)),
    add constraint remarks_position check (position > 0);
comment on column remarks.release is 'Number of the release with which it appeared; none before';
comment on column remarks.position is 'Random: its place in the published order, which tells nothing of its arrival';
comment on column remarks.stance is 'The answer''s stance, once it appeared; none of a remark alone';
comment on column remarks.day is 'The submission''s day, once it appeared';
-- One remark a place, and the published order within a measure, one stance of it, one day of it.
create unique index remarks_shown on remarks (consultation_id, part, ordinal, position) where release is not null;
create index remarks_shown_stance on remarks (consultation_id, part, ordinal, stance, position) where release is not null;
create index remarks_shown_day on remarks (consultation_id, part, ordinal, day, position) where release is not null;
create index remarks_unreleased on remarks (consultation_id) where publish and moderation in (1, 2) and release is null;
comment on index remarks_shown is 'Reads a measure''s published remarks page by page';
comment on index remarks_shown_stance is 'The same of one stance';
comment on index remarks_shown_day is 'The same of one day';
comment on index remarks_unreleased is 'Finds what the next release makes appear';

-- As published_remarks, but only what a release has made appear, and without an order of its own, so that a page of it costs the same
-- however many there are.
create view released_remarks with (security_barrier) as
select r.consultation_id, r.part, r.ordinal, r.position, r.stance, r.day, s.language,
       case when s.consent = 2 then s.organisation end as organisation,
       r.published as body
  from remarks r
  join submissions s using (consultation_id, submission_id)
 where r.release is not null
   and s.state = 'counted' and s.erased_at is null and s.consent > 0 and r.publish
   and not (r.part = 0 and (s.withheld >> (r.ordinal - 1)) & 1 = 1)
   and r.moderation in (1, 2);
comment on view released_remarks is 'Remarks that have appeared with a release and may still be shown: latest counted, consented, moderated';
comment on column released_remarks.consultation_id is 'Whose remark';
comment on column released_remarks.part is '0 on a measure, 1 on an invited question';
comment on column released_remarks.ordinal is 'Of the measure or question';
comment on column released_remarks.position is 'Place in the published order, random';
comment on column released_remarks.stance is 'The answer''s stance; only for choosing among cells that the release shows';
comment on column released_remarks.day is 'Hong Kong date; likewise';
comment on column released_remarks.language is 'Language of the submission';
comment on column released_remarks.organisation is 'Name, where an organisation agreed to publication with it';
comment on column released_remarks.body is 'The words as moderation passed them';

insert into schema_migrations (version, name) values (4, 'reading');
