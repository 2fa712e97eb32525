-- Statements of members' work on their institution's response; see functions/response_draft.sql. Each begins with the member's account and
-- the consultation.

-- Language, number, network.
-- name: response_open
-- role: official
select response_open($1::int4, $2::int4, $3::int2, $4::text, $5::text);

-- No row: they take no part in it. Number null: it was not begun.
-- name: response_get
-- role: official
select number, language, publish, created_at, member_roles, state from response_get($1::int4, $2::int4);

-- Language, consent, network.
-- name: response_settings
-- role: official
select response_settings($1::int4, $2::int4, $3::int2, $4::bool, $5::text);

-- name: response_section_list
-- role: official
select section, version, stance, text, wording, changed_by, changed_at, assigned_login, assigned_name, comments
  from response_section_list($1::int4, $2::int4);

-- Section, version or null for the newest.
-- name: response_section_get
-- role: official
select version, stance, text, wording, autosaved, login, name, changed_at from response_section_get($1::int4, $2::int4, $3::text, $4::int4);

-- Section, version read, stance or null, text, wording or null, whether the page did it by itself.
-- name: response_section_save
-- role: official
select outcome, version from response_section_save($1::int4, $2::int4, $3::text, $4::int4, $5::int2, $6::text, $7::int2, $8::bool);

-- Section, older than this version or null, how many.
-- name: response_version_list
-- role: official
select version, stance, points, autosaved, login, name, changed_at from response_version_list($1::int4, $2::int4, $3::text, $4::int4, $5::int4);

-- Section, which version, version read.
-- name: response_section_restore
-- role: official
select outcome, version from response_section_restore($1::int4, $2::int4, $3::text, $4::int4, $5::int4);

-- name: response_drafter_list
-- role: official
select login, name from response_drafter_list($1::int4, $2::int4);

-- Section, login or null for nobody.
-- name: response_assign
-- role: official
select response_assign($1::int4, $2::int4, $3::text, $4::text);

-- Section, version that was looked at, text.
-- name: response_comment_say
-- role: official
select response_comment_say($1::int4, $2::int4, $3::text, $4::int4, $5::text);

-- Section, comment, whether it is done with.
-- name: response_comment_resolve
-- role: official
select response_comment_resolve($1::int4, $2::int4, $3::text, $4::uuid, $5::bool);

-- name: response_comment_list
-- role: official
select comment_id, version, name, text, said_at, resolved_by, resolved_at from response_comment_list($1::int4, $2::int4, $3::text);
