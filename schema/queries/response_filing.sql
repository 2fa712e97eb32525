-- Statements of approving, filing and releasing institutional responses; see functions/response_filing.sql.

-- Member, consultation.
-- name: response_filing_draft
-- role: official
select part, name, words, stance, wording, size, sha256, language, publish from response_draft($1::int4, $2::int4);

-- name: response_filing_ask
-- role: official
select response_approval_ask($1::int4, $2::text, $3::int4, $4::bytea);

-- name: response_filing_decide
-- role: official
select response_approval_decide($1::int4, $2::text, $3::int4, $4::uuid, $5::bytea, $6::bool, $7::text);

-- name: response_filing_withdraw
-- role: official
select response_approval_withdraw($1::int4, $2::text, $3::int4, $4::uuid);

-- name: response_filing_approvals
-- role: official
select approval_id::text, digest, asked_at, own, decided_at, approved, stands, note,
       asked_by, asked_link_by, asked_link_at, decided_by, decided_link_by, decided_link_at, decided_parts_by, decided_parts_at, one_hand
  from response_approval_list($1::int4, $2::int4);

-- Key, consultation, a new number, language.
-- name: response_filing_of_key
-- role: official
select number, institution, fictitious from response_of_key($1::uuid, $2::int4, $3::text, $4::int2);

-- Member, key, network, consultation, document, arrival, longest wait in milliseconds, receipt key.
-- name: response_filing_file
-- role: official
select outcome, number, institution, version, arrived_at, digest, receipt_key
  from response_file($1::int4, $2::uuid, $3::text, $4::int4, $5::text, $6::timestamptz, $7::int4 * interval '1 millisecond', $8::int2);

-- Member, key, consultation, version whose document is wanted (null: none).
-- name: response_filing_list
-- role: official
select number, institution, version, arrived_at, digest, receipt_key, filed_by, approved_by, publish, published_at, withheld_at, withheld_reason,
       latest, document,
       asked_by, asked_link_by, asked_link_at, decided_by, decided_link_by, decided_link_at, decided_parts_by, decided_parts_at, one_hand
  from response_filing_list($1::int4, $2::uuid, $3::int4, $4::int4);

-- name: response_filing_state
-- role: reader
select consultation, institution, name_zh_hant, name_en, name_zh_hans, versions, published from filing_state($1::text, $2::int4, $3::bytea);

-- Consultation, number (null: all), version (null: no document).
-- name: response_filing_officials
-- role: official
select number, institution, kind, name_zh_hant, name_en, name_zh_hans, version, arrived_at, digest, receipt_key, machine, publish, published_at,
       published_by, withheld_at, withheld_reason, latest, language, document,
       asked_by, asked_link_by, asked_link_at, decided_by, decided_link_by, decided_link_at, decided_parts_by, decided_parts_at, one_hand
  from official_filing_list($1::int4, $2::text, $3::int4)
 where $3::int4 is null or version = $3::int4;

-- name: response_filing_waiting
-- role: official
select official_filing_waiting($1::int4, $2::int4);

-- name: response_filing_publish
-- role: official
select official_filing_publish($1::int4, $2::text, $3::int4, $4::text, $5::int4, $6::bytea);

-- name: response_filing_withhold
-- role: official
select official_filing_withhold($1::int4, $2::text, $3::int4, $4::text, $5::int4, $6::text);
