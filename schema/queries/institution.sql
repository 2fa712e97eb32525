-- Statements about institutions, their members and keys; see functions/institution*.sql. Whose an institution is follows from the account.

-- By whom or null, slug, kind, names (zh-Hant, en, zh-Hans), domains, made up, network.
-- name: institution_register
-- role: official, owner
select institution_register($1::int4, $2::text, $3::int2, $4::text, $5::text, $6::text, $7::text[], $8::bool, $9::text);

-- By whom or null, slug, kind, names (zh-Hant, en, zh-Hans), domains, network.
-- name: institution_change
-- role: official, owner
select institution_change($1::int4, $2::text, $3::int2, $4::text, $5::text, $6::text, $7::text[], $8::text);

-- By whom or null, slug, closed or opened again, network.
-- name: institution_close
-- role: official, owner
select institution_close($1::int4, $2::text, $3::bool, $4::text);

-- By whom or null, slug, verified or no longer, note or null, network.
-- name: institution_verify
-- role: official, owner
select institution_verify($1::int4, $2::text, $3::bool, $4::text, $5::text);

-- The register by name, those after the given slug; how many members.
-- name: institution_list
-- role: official, owner
select i.slug, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, i.fictitious, i.verified_at, i.verified_by, i.closed_at,
       (select count(*) from officials o where o.institution_id = i.institution_id)
  from institutions i
 where i.slug > $1::text
 order by i.slug
 limit $2::int4;

-- The register as anybody reads it.
-- name: institution_register_public
-- role: reader
select slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at is not null
  from institutions
 where closed_at is null
 order by fictitious, name_en
 limit 2000;

-- name: institution_get
-- role: official, owner
select i.slug, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, i.fictitious, i.verified_at, i.verified_by, i.closed_at, i.registered_at,
       institution_coordinators(i.institution_id)
  from institutions i where i.slug = $1::text;

-- name: institution_domains
-- role: official, owner
select d.domain from institution_domains d join institutions i using (institution_id) where i.slug = $1::text order by d.domain;

-- By whom or null, slug, login, name, parts, hash of the set-up token, network.
-- name: institution_invite
-- role: official, owner
select institution_invite($1::int4, $2::text, $3::text, $4::text, $5::int2, $6::bytea, $7::text);

-- By whom or null, login, parts, network.
-- name: institution_member_roles
-- role: official, owner
select institution_member_roles($1::int4, $2::text, $3::int2, $4::text);

-- By whom or null, login, enabled or disabled, network.
-- name: institution_member_enable
-- role: official, owner
select institution_member_enable($1::int4, $2::text, $3::bool, $4::text);

-- By whom or null, login, hash of the new set-up token, network.
-- name: institution_member_link
-- role: official, owner
select institution_member_link($1::int4, $2::text, $3::bytea, $4::text);

-- name: institution_member_link_end
-- role: official
select institution_member_link_end($1::int4, $2::text, $3::text);

-- Account, login, network.
-- name: institution_reset_propose
-- role: official
select institution_reset_propose($1::int4, $2::text, $3::text);

-- name: institution_reset_drop
-- role: official
select institution_reset_drop($1::int4, $2::text, $3::text);

-- Account, login, hash of the new set-up token, network.
-- name: institution_reset_confirm
-- role: official
select institution_reset_confirm($1::int4, $2::text, $3::bytea, $4::text);

-- Account, and the slug for an administrator.
-- name: institution_members
-- role: official
select login, name, parts, set_up, disabled, signed_in_at, link_until, takes_two, reset_by, reset_until, may_confirm
  from institution_members($1::int4, $2::text);

-- Account, domain of the address, keyed digest of the code, network.
-- name: institution_challenge
-- role: official
select institution_challenge($1::int4, $2::text, $3::bytea, $4::text);

-- name: institution_challenge_answer
-- role: official
select institution_challenge_answer($1::int4, $2::bytea, $3::text);

-- name: institution_verification
-- role: official
select verified_at, verified_by, awaited from institution_verification($1::int4);

-- Account, label, public key or null, hash of the token or null, days, network.
-- name: institution_key_make
-- role: official
select institution_key_make($1::int4, $2::text, $3::bytea, $4::bytea, $5::int4, $6::text);

-- name: institution_key_confirm
-- role: official
select institution_key_confirm($1::int4, $2::uuid, $3::text);

-- name: institution_key_revoke
-- role: official
select institution_key_revoke($1::int4, $2::uuid, $3::text);

-- name: institution_key_list
-- role: official
select key_id::text, label, encode(public_key, 'base64'), made_by, made_at, own, confirmed_by, expires_at, used_at, revoked_at,
       stands
  from institution_key_list($1::int4);

-- name: institution_key_public
-- role: official
select institution_key_public($1::uuid);

-- Hash of a token or null, key whose signature was checked or null, slug or null.
-- name: institution_key_admit
-- role: official
select key_id::text, label, consultation_id, institution_id, institution, fictitious, name_zh_hant, name_en, name_zh_hans
  from institution_key_admit($1::bytea, $2::uuid, $3::text);

-- Key, network, action, consultation or null, particulars as JSON.
-- name: institution_key_audit
-- role: official
select institution_key_audit($1::uuid, $2::text, $3::text, $4::int4, $5::text::jsonb);
