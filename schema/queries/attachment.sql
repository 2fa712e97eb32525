-- Statements of attachments; see functions/attachment.sql. Who asks: a member's account, or null and a machine's key.

-- name: attachment_list
-- role: official
select attachment_id::text, sha256, name, media_type, bytes, added_at, added_by
  from attachment_list($1::int4, $2::text::uuid, $3::int4);

-- Who (two), consultation, number and language for a response that is begun by it, digest, name, type, bytes, the most files and bytes,
-- the upload it came by or null, network.
-- name: attachment_add
-- role: official
select outcome, attachment_id::text, name
  from attachment_add($1::int4, $2::text::uuid, $3::int4, $4::text, $5::int2, $6::bytea, $7::text, $8::text, $9::int8, $10::int4, $11::int8,
                      $12::uuid, $13::text);

-- Who (two), consultation, digest (null: not known), bytes, the most files and bytes, the upload it comes by or null.
-- name: attachment_fits
-- role: official
select attachment_fits($1::int4, $2::text::uuid, $3::int4, $4::bytea, $5::int8, $6::int4, $7::int8, $8::uuid);

-- Member, consultation, attachment, network.
-- name: attachment_remove
-- role: official
select attachment_remove($1::int4, $2::int4, $3::uuid, $4::text);

-- What was removed and may lie in the folder still; a day old, so that nobody has attached it again meanwhile.
-- name: attachment_lingering
-- role: owner
select distinct sha256 from attachments
 where removed_at < clock_timestamp() - interval '1 day' and not filed and swept_at is null
 order by sha256;

-- name: attachment_swept
-- role: owner
update attachments set swept_at = clock_timestamp()
 where sha256 = $1::bytea and removed_at < clock_timestamp() - interval '1 day' and not filed and swept_at is null;

-- name: attachment_is_named
-- role: owner
select attachment_is_named($1::bytea);

-- Digests that have to be there.
-- name: attachment_all
-- role: owner
select distinct sha256, bytes from attachments a where attachment_is_named(a.sha256) order by sha256;
