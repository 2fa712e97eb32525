-- Statements of a window's changes by publishers; see functions/official_publication.sql.

-- By whom, network, consultation, opening and close as they were seen, opening and close that are wanted.
-- name: window_set
-- role: official
select window_set($1::int4, $2::text, $3::int4, $4::timestamptz, $5::timestamptz, $6::timestamptz, $7::timestamptz);

-- By whom, network, consultation, close as it was seen, close that is wanted, reasons by language.
-- name: window_extend
-- role: official
select window_extend($1::int4, $2::text, $3::int4, $4::timestamptz, $5::timestamptz, $6::text[]);
