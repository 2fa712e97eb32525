-- Statements of moderation; see functions/official_moderation.sql.

-- Account, consultation, 0 waiting, 1 decided or null, behind number, part and ordinal or null, how many.
-- name: moderation_list
-- role: official
select number, day, language, part, ordinal, length, moderation, reason, moderated_at, moderated_by, shown
  from official_remark_list($1::int4, $2::int4, $3::int2, $4::text, $5::int2, $6::int2, $7::int4);

-- name: moderation_count
-- role: official
select official_remark_count($1::int4, $2::int4, $3::int4);

-- name: moderation_next
-- role: official
select number, part, ordinal from official_remark_next($1::int4, $2::int4, $3::text, $4::int2, $5::int2);

-- Account, consultation, number, part, ordinal, network. No row: there is none such.
-- name: moderation_open
-- role: official
select day, language, kind, organisation, version, original, published, moderation, decisions, reason, moderated_at, moderated_by, shown
  from official_remark_open($1::int4, $2::int4, $3::text, $4::int2, $5::int2, $6::text);

-- Account, consultation, number, part, ordinal, decisions seen, moderation, reason or null, spans removed or null, network.
-- name: moderation_decide
-- role: official
select official_remark_decide($1::int4, $2::int4, $3::text, $4::int2, $5::int2, $6::int4, $7::int2, $8::text, $9::text::int4multirange, $10::text);
