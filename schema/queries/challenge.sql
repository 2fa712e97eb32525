-- Statements about proof by a code, sent by mail or shown after a sign-in; see functions/challenge.sql.

-- Consultation, challenge, kind of proof, identity kind and hash, hash of the network prefix, the form's key, hash of the code, master, alarm,
-- number of the receipt whose code is to be renewed or null.
-- name: challenge_ask
-- role: writer
select outcome, expires_at, retry_s, alarm
  from challenge_ask($1::int4, $2::uuid, $3::int2, $4::int2, $5::bytea, $6::bytea, $7::uuid, $8::bytea, $9::int2, $10::int4, $11::text);

-- Consultation, challenge, hash of the network prefix, the form's key, hash of the code or null, master, alarm.
-- name: challenge_answer
-- role: writer
select outcome, identity_kind, identity_hash, retry_s, alarm
  from challenge_answer($1::int4, $2::uuid, $3::bytea, $4::uuid, $5::bytea, $6::int2, $7::int4);

-- Consultation, challenge, the form's key, master, number of the receipt whose code is to be renewed or null.
-- name: challenge_begin
-- role: writer
select outcome, expires_at from challenge_begin($1::int4, $2::uuid, $3::uuid, $4::int2, $5::text);

-- Consultation, challenge, master.
-- name: challenge_return
-- role: writer
select challenge_return($1::int4, $2::uuid, $3::int2);

-- Consultation, challenge, hash of the network prefix, identity hash, hash of the code, alarm.
-- name: challenge_sign_in
-- role: writer
select outcome, alarm, renews from challenge_sign_in($1::int4, $2::uuid, $3::bytea, $4::bytea, $5::bytea, $6::int4);

-- Deletes what is over; says how many rows.
-- name: challenge_sweep
-- role: writer
select challenge_sweep();
