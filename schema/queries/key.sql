-- Check values of the keys, for the start.

-- name: key_identities
-- role: reader
select slug, identity_check, identity_destroyed_at is not null as destroyed
  from consultations
 order by consultation_id;
