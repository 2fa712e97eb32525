-- Statements of the importer, all in one transaction.

-- Two imports of one name take turns. The clock is the one that judges the window.
-- name: import_begin
-- role: owner
select pg_advisory_xact_lock(7284, hashtext($1::text)), clock_timestamp();

-- What is stored under a name; has_opened: people may have read it, so that it is no longer changed.
-- name: import_stored
-- role: owner
select c.consultation_id, c.rehearsal, c.complete, c.complete and c.opens_at <= clock_timestamp() as has_opened,
       c.opens_at, c.closes_at, extract(epoch from c.grace)::int4 as grace_s, c.entry_days, c.identity_kinds,
       (c.limits->>'remark_points')::int4, (c.limits->>'question_points')::int4, (c.limits->>'name_points')::int4,
       (c.limits->>'priorities')::int4,
       (c.publication->>'release_interval_s')::int4, (c.publication->>'release_threshold')::int4,
       (c.publication->>'blackout_s')::int4, (c.publication->>'cell_minimum')::int4,
       (c.publication->>'percentage_base')::int4,
       c.document_hash, c.identity_check, c.identity_destroyed_at is not null as destroyed, c.proofs,
       coalesce((c.publication->>'after_close')::bool, false) as after_close
  from consultations c
 where c.slug = $1::text;

-- Name, rehearsal, window, version of the identity rules, digest of the document, check value of the identity key.
-- name: import_create
-- role: owner
insert into consultations (slug, rehearsal, opens_at, closes_at, normalisation, document_hash, identity_check,
                           identity_kinds, limits, publication)
values ($1::text, $2::bool, $3::timestamptz, $4::timestamptz, $5::int2, $6::bytea, $7::bytea, 0, '{}', '{}')
returning consultation_id;

-- name: import_settings
-- role: owner
update consultations
   set grace = make_interval(secs => $2::int4), entry_days = $3::int2, identity_kinds = $4::int2,
       limits = jsonb_build_object('remark_points', $5::int4, 'question_points', $6::int4, 'name_points', $7::int4,
                                   'priorities', $8::int4),
       publication = jsonb_build_object('release_interval_s', $9::int4, 'release_threshold', $10::int4, 'blackout_s', $11::int4,
                                        'cell_minimum', $12::int4, 'percentage_base', $13::int4, 'after_close', $14::bool)
 where consultation_id = $1::int4;

-- Kinds of proof; also while it is open.
-- name: import_proofs
-- role: owner
update consultations set proofs = $2::int2 where consultation_id = $1::int4;

-- Before it has opened a consultation's content is written anew as a whole.
-- name: import_clear_texts
-- role: owner
delete from texts where consultation_id = $1::int4;

-- name: import_clear_terms
-- role: owner
delete from terms where consultation_id = $1::int4;

-- name: import_clear_sectors
-- role: owner
delete from sectors where consultation_id = $1::int4;

-- name: import_clear_questions
-- role: owner
delete from questions where consultation_id = $1::int4;

-- name: import_clear_measures
-- role: owner
delete from measures where consultation_id = $1::int4;

-- name: import_clear_directions
-- role: owner
delete from directions where consultation_id = $1::int4;

-- Codes in the order of their ordinals, which are their places.
-- name: import_directions
-- role: owner
insert into directions (consultation_id, ordinal, code)
select $1::int4, place, code from unnest($2::text[]) with ordinality as t (code, place);

-- name: import_measures
-- role: owner
insert into measures (consultation_id, ordinal, code, direction_ordinal)
select $1::int4, place, code, within from unnest($2::text[], $3::int2[]) with ordinality as t (code, within, place);

-- name: import_questions
-- role: owner
insert into questions (consultation_id, ordinal, code)
select $1::int4, place, code from unnest($2::text[]) with ordinality as t (code, place);

-- name: import_sectors
-- role: owner
insert into sectors (consultation_id, ordinal, code)
select $1::int4, place, code from unnest($2::text[]) with ordinality as t (code, place);

-- Those that are not there yet, behind the last: what has been open only grows.
-- name: import_terms
-- role: owner
insert into terms (consultation_id, ordinal, code)
select $1::int4, coalesce((select max(o.ordinal) from terms o where o.consultation_id = $1::int4), 0) + row_number() over (order by place), code
  from unnest($2::text[]) with ordinality as t (code, place)
 where not exists (select from terms o where o.consultation_id = $1::int4 and o.code = t.code);

-- name: import_texts
-- role: owner
insert into texts (consultation_id, key, version, language, body, note)
select $1::int4, key, version, language, body, note
  from unnest($2::text[], $3::int2[], $4::int2[], $5::text[], $6::text[]) as t (key, version, language, body, note);

-- The last step: whether all is there, which document it was, and that something changed.
-- name: import_finish
-- role: owner
update consultations
   set complete = consultation_complete(consultation_id), document_hash = $2::bytea, revision = revision + 1
 where consultation_id = $1::int4
returning complete, opens_at, closes_at;
