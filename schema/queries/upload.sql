-- Statements of attachments that come in pieces; see functions/attachment.sql. Who asks: a member's account, or null and a machine's key.

-- As attachment_add: who, consultation, number, language, the upload, digest or null, name, bytes, the most files, bytes and uploads.
-- name: upload_begin
-- role: official
select upload_begin($1::int4, $2::text::uuid, $3::int4, $4::text, $5::int2, $6::uuid, $7::bytea, $8::text, $9::int8, $10::int4, $11::int8,
                    $12::int4);

-- name: upload_list
-- role: official
select upload_id::text, sha256, name, bytes, expires_at from upload_list($1::int4, $2::text::uuid, $3::int4);

-- Who, consultation, upload.
-- name: upload_end
-- role: official
select upload_end($1::int4, $2::text::uuid, $3::int4, $4::uuid);
