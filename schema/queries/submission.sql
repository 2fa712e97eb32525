-- Statements about submissions.
--
-- The form of these files: `-- name:` (it begins with the file's name), `-- role:` (reader, writer, exporter, owner; several by comma), then
-- one statement with casts at its parameters, ended by a semicolon at a line's end. server/store/embed_sql.cmake makes a table of them.

-- A batch. $2 is the longest permitted wait in milliseconds. One row an entry, in any order; see functions/submission_accept.sql.
-- name: submission_accept
-- role: writer
select entry, outcome, number, arrived_at, salt, commitment, receipt_key, master, generation, consultation_id
  from submission_accept($1::int2, $2::int4 * interval '1 millisecond',
       $3::int4[], $4::uuid[], $5::bytea[], $6::text[],
       $7::int2[], $8::int2[], $9::bytea[], $10::bool[], $11::bool[],
       $12::int2[], $13::int2[], $14::text[], $15::text[], $16::int2[], $17::int8[],
       $18::bytea[], $19::bytea[], $20::int8[], $21::bytea[], $22::bytea[],
       $23::int2[], $24::int2[], $25::timestamptz[], $26::text[], $27::int2[],
       $28::int4[], $29::int2[], $30::int2[], $31::int2[], $32::bool[], $33::text[], $34::timestamptz[],
       $35::date[], $36::int4[], $37::text[]);

-- One withdrawal, in a transaction of its own: slot, number, generation of the code that was shown, arrival.
-- name: submission_withdraw
-- role: writer
select outcome, withdrawn_at
  from submission_withdraw($1::int2, $2::text, $3::int2, $4::timestamptz);

-- A lost code: number, consultation, challenge, hash of the network prefix, the form's key, hash of the code, master, alarm.
-- name: submission_renew
-- role: writer
select outcome, generation, retry_s, alarm
  from submission_renew($1::text, $2::int4, $3::uuid, $4::bytea, $5::uuid, $6::bytea, $7::int2, $8::int4);

-- The slot under which this connection moves tallies; kept until the session ends.
-- name: submission_slot
-- role: writer, owner
select slot_claim();

-- What a code's holder reads back. Counted, held and, until the close, displaced (superseded, but not by an amendment) look alike. An erased one says nothing but its receipt.
-- name: submission_by_number
-- role: reader
select s.consultation_id, c.slug, s.number, s.arrived_at, s.commitment, s.receipt_key, s.master, s.generation, s.salt,
       s.erased_at is not null as erased,
       case when s.state in ('counted', 'held') or displaced.as_recorded then 'recorded' else s.state::text end as state,
       case when not displaced.as_recorded then s.state_changed_at end as state_changed_at, s.kind, s.identity_kind, s.proven, s.language, s.channel, s.sector, s.organisation, s.consent,
       s.stances, s.versions, s.withheld, s.priorities,
       (select o.number from submissions o
         where o.consultation_id = s.consultation_id and o.submission_id = s.supersedes) as supersedes
  from submissions s join consultations c using (consultation_id),
       lateral (select s.state = 'superseded' and clock_timestamp() < c.closes_at + c.grace
                       and not exists (select from submissions n
                                        where n.consultation_id = s.consultation_id and n.supersedes = s.submission_id) as as_recorded
               ) as displaced
 where s.number = $1::text;

-- Its remarks: part 0 a measure's, 1 a question's; and what moderation did with them, which is the same whether counted or held.
-- name: submission_remarks
-- role: reader
select r.part, r.ordinal, r.version, r.publish, r.original, r.moderation, r.moderation_reason, r.published
  from submissions s join remarks r using (consultation_id, submission_id)
 where s.number = $1::text
 order by r.part, r.ordinal;

-- After the close: erases up to so many superseded submissions; says how many.
-- name: submission_erase_superseded
-- role: writer
select submission_erase_superseded($1::int4, $2::int4);
