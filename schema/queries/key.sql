-- Check values of the keys, for the start.

-- name: key_identities
-- role: reader
select slug, identity_check, identity_destroyed_at is not null as destroyed
  from consultations
 order by consultation_id;

-- Purpose, id, check value. True: the key that bore this id before, or the first to bear it.
-- name: key_check
-- role: writer
select key_check($1::text, $2::int2, $3::bytea);

-- Slug and fingerprint, before the key's file is deleted; refused before the final release.
-- name: key_identity_destroyed
-- role: owner
select key_identity_destroyed($1::text, $2::bytea);
