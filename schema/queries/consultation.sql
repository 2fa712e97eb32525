-- Statements about consultations and their wording.

-- The watcher's beat: what was raised, and the one live figure.
-- name: consultation_poll
-- role: reader
select c.consultation_id, c.slug, c.revision,
       coalesce((select sum(t.received) from submission_tallies t where t.consultation_id = c.consultation_id), 0)::int8 as received
  from consultations c
 order by c.consultation_id;

-- A whole consultation as servers hold it. The revision comes first and is asked again at the end: what was raised meanwhile is read anew.
-- name: consultation_load
-- role: reader, exporter, owner
select c.revision, c.slug, c.rehearsal, c.complete, c.opens_at, c.closes_at, c.closes_at + c.grace as grace_ends_at,
       c.identity_kinds, c.normalisation,
       (c.limits->>'remark_points')::int4, (c.limits->>'question_points')::int4, (c.limits->>'name_points')::int4,
       (c.limits->>'priorities')::int4,
       (c.publication->>'release_interval_s')::int4, (c.publication->>'release_threshold')::int4,
       (c.publication->>'blackout_s')::int4, (c.publication->>'cell_minimum')::int4,
       (c.publication->>'percentage_base')::int4, c.proofs,
       c.identity_check, c.identity_destroyed_at is not null as identity_destroyed,
       coalesce((c.publication->>'after_close')::bool, false) as after_close,
       case when c.final_release_at is null then c.closes_at + make_interval(hours => 24 * c.entry_days) else c.final_release_at end as entry_ends_at
  from consultations c
 where c.consultation_id = $1::int4;

-- name: consultation_revision
-- role: reader, exporter, owner
select revision from consultations where consultation_id = $1::int4;

-- Every text at its newest version.
-- name: consultation_texts
-- role: reader, exporter, owner
select t.key, t.version, t.language, t.body, t.note
  from texts t
 where t.consultation_id = $1::int4
   and t.version = (select max(n.version) from texts n where n.consultation_id = t.consultation_id and n.key = t.key)
 order by t.key, t.language;

-- Directions 0, measures 1 (with the ordinal of their direction), questions 2, sectors 3, terms of the glossary 4.
-- name: consultation_parts
-- role: reader, exporter, owner
select 0::int2 as part, ordinal, code, 0::int2 as within from directions where consultation_id = $1::int4
union all
select 1::int2, ordinal, code, direction_ordinal from measures where consultation_id = $1::int4
union all
select 2::int2, ordinal, code, 0::int2 from questions where consultation_id = $1::int4
union all
select 3::int2, ordinal, code, 0::int2 from sectors where consultation_id = $1::int4
union all
select 4::int2, ordinal, code, 0::int2 from terms where consultation_id = $1::int4
 order by 1, 2;

-- name: consultation_newest_release
-- role: reader, exporter, owner
select released_at, document from releases where consultation_id = $1::int4 order by number desc limit 1;

-- One by its name, or all for null.
-- name: consultation_named
-- role: exporter, owner
select consultation_id, slug
  from consultations
 where slug = $1::text or $1::text is null
 order by consultation_id;

-- Each time its close was put off, the first one first.
-- name: consultation_extensions
-- role: reader, exporter, owner
select extended_at, previous_at, closes_at, reasons[1], reasons[2], reasons[3]
  from extensions
 where consultation_id = $1::int4
 order by number;

-- How many institutions' responses are published, without section; and how often each stance is in them, on each measure and direction.
-- name: consultation_responses
-- role: reader, exporter, owner
select '', null::int2, count(*) from published_filings where consultation_id = $1::int4 and latest
union all
select section, stance, count(*) from published_stances where consultation_id = $1::int4 and stance is not null group by section, stance;
