-- Statements of the final release as a publisher's act; see functions/official_publication.sql. The command's are release.sql's.

-- name: final_release_agrees
-- role: official
select final_release_agrees($1::int4);

-- name: final_release_begin
-- role: official
select refusal, number, released_at from final_release_begin($1::int4);

-- By whom, network, consultation, number, moment, respondents, document. Null, or why it was not published.
-- name: final_release_publish
-- role: official
select final_release_publish($1::int4, $2::text, $3::int4, $4::int4, $5::timestamptz, $6::int8, $7::text);
