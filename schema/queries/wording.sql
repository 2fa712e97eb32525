-- Statements of the correction of published wording; see functions/official_publication.sql.

-- Consultation, key.
-- name: wording_get
-- role: official
select version, bodies[1], bodies[2], bodies[3], notes[1], notes[2], notes[3] from wording_get($1::int4, $2::text);

-- By whom, network, consultation, key, version that was corrected, words and notes by language.
-- name: wording_correct
-- role: official
select wording_correct($1::int4, $2::text, $3::int4, $4::text, $5::int2, $6::text[], $7::text[]);
