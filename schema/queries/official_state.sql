-- Statements about what submissions count as, of officials; see functions/official_state.sql.

-- Account, consultation, number, state seen, state wanted, reason or null, note or null, network.
-- name: official_state_propose
-- role: official
select outcome, proposal_id::text from official_state_propose($1::int4, $2::int4, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text);

-- Account, consultation, proposal, confirmed or rejected, network.
-- name: official_state_decide
-- role: official
select official_state_decide($1::int4, $2::int4, $3::uuid, $4::bool, $5::text);

-- name: official_state_withdraw
-- role: official
select official_state_withdraw($1::int4, $2::int4, $3::uuid, $4::text);

-- name: official_state_facts
-- role: official
select state, state_reason, arrived_at, kind, proven, language, channel, identified, other_counted, final
  from official_state_facts($1::int4, $2::text);

-- Consultation, proposal or null, number or null, open or decided or null, before that proposal or null, how many.
-- name: official_state_proposals
-- role: official
select proposal_id::text, number, state, state_before, state_wanted, reason, note, proposer, proposed_at, expires_at, outcome, decider, decided_at
  from official_state_proposals($1::int4, $2::uuid, $3::text, $4::bool, $5::uuid, $6::int4);

-- Consultation, before that number or null, only those that could be counted, how many rows, how many to look at.
-- name: official_state_held
-- role: official
select unfinished, number, arrived_at, kind, language, channel, other_counted, proposed
  from official_state_held($1::int4, $2::text, $3::bool, $4::int4, $5::int4);
