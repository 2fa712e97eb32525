-- Statements of the command that fills a rehearsal with generated answers.

-- name: rehearsal_find
-- role: owner
select c.consultation_id, c.rehearsal, clock_timestamp(),
       coalesce((select sum(t.received) from submission_tallies t where t.consultation_id = c.consultation_id), 0)::int8
  from consultations c
 where c.slug = $1::text;

-- The same parameters as submission_accept's; $2, the longest wait, $34, when the forms were opened, and $35 to $37, which official entered
-- what, mean nothing to what never waited, came of no form and was typed in by nobody.
-- name: rehearsal_fill
-- role: owner
select count(*) filter (where outcome = 'recorded'), count(*) filter (where outcome = 'replayed')
  from rehearsal_fill($1::int2,
       $3::int4[], $4::uuid[], $5::bytea[], $6::text[],
       $7::int2[], $8::int2[], $9::bytea[], $10::bool[], $11::bool[],
       $12::int2[], $13::int2[], $14::text[], $15::text[], $16::int2[], $17::int8[],
       $18::bytea[], $19::bytea[], $20::int8[], $21::bytea[], $22::bytea[],
       $23::int2[], $24::int2[], $25::timestamptz[], $26::text[], $27::int2[],
       $28::int4[], $29::int2[], $30::int2[], $31::int2[], $32::bool[], $33::text[])
 where $2::int4 is not null and $34::timestamptz[] is not null and $35::date[] is not null and $36::int4[] is not null and $37::text[] is not null;

-- Passes two in three of the remarks of these generated submissions, so that a newcomer sees what people say filled; $2: numbers.
-- name: rehearsal_moderate
-- role: owner
update remarks r
   set moderation = 1, published = r.original
  from submissions s, consultations c
 where s.number = any ($2::text[]) and s.consultation_id = $1::int4 and c.consultation_id = $1::int4 and c.rehearsal
   and r.consultation_id = s.consultation_id and r.submission_id = s.submission_id
   and r.publish and r.moderation = 0 and hashint8(r.submission_id) % 3 <> 0;

-- The same of all that are there, for a rehearsal that was filled before remarks were shown.
-- name: rehearsal_moderate_all
-- role: owner
update remarks r
   set moderation = 1, published = r.original
  from consultations c
 where c.consultation_id = $1::int4 and c.rehearsal and r.consultation_id = c.consultation_id
   and r.publish and r.moderation = 0 and hashint8(r.submission_id) % 3 <> 0;

-- A made-up institution: slug, kind, names. It stays as it is where it is there.
-- name: rehearsal_institution
-- role: owner
insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, verified_by)
values ($1::text, $2::int2, $3::text, $4::text, $5::text, true, clock_timestamp(), 1)
    on conflict on constraint institutions_slug_key do nothing;

-- Its response, begun where there is none: consultation, institution, a new number, language. Its number; null: no rehearsal, or no made-up one.
-- name: rehearsal_response
-- role: owner
select rehearsal_response($1::int4, $2::text, $3::text, $4::int2);

-- Consultation, institution, document, when it arrived, receipt key. False: it is filed already.
-- name: rehearsal_file
-- role: owner
select rehearsal_file($1::int4, $2::text, $3::text, $4::timestamptz, $5::int2);
