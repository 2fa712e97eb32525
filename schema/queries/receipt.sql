-- Statements about receipts.

-- All that makes a receipt again. The salt is for the code's holder only, and gone (null) once the submission is erased.
-- name: receipt_by_number
-- role: reader
select s.consultation_id, c.slug, s.number, s.arrived_at, s.commitment, s.receipt_key, s.master, s.generation, s.salt,
       s.erased_at is not null as erased
  from submissions s join consultations c using (consultation_id)
 where s.number = $1::text;

-- The same, of the submission that this key and content made before.
-- name: receipt_by_key
-- role: reader
select s.consultation_id, c.slug, s.number, s.arrived_at, s.commitment, s.receipt_key, s.master, s.generation, s.salt,
       s.erased_at is not null as erased
  from submissions s join consultations c using (consultation_id)
 where s.number = submission_replay($1::uuid, $2::bytea);
