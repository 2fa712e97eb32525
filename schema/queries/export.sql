-- Statements of officials' exports. Each is one statement, hence one snapshot; no hash, key, salt, commitment or internal number.

-- How many submissions there are about, for the progress shown.
-- name: export_size
-- role: exporter
select coalesce(sum(received), 0)::int8
  from submission_tallies
 where consultation_id = $1::int4;

-- For this session: go by the keys. Statistics may still be those of an empty table, by which reading all remarks for every submission
-- looks cheap. Do not compile: what there is to do for one row is little. And plan for the filters that are given. While a workbook is
-- packed the transaction waits; it holds no lock.
-- name: export_by_key
-- role: exporter
select set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false),
       set_config('plan_cache_mode', 'force_custom_plan', false),
       set_config('idle_in_transaction_session_timeout', '30min', false);

-- The moment of the snapshot: asked first in the transaction, which sees from now on what it sees now.
-- name: export_moment
-- role: exporter
select statement_timestamp();

-- The next submissions after $2, $3 at the most, in the order of arrival, which is that of the key: nothing is sorted, however many
-- there are. The key leads from one part to the next and to the remarks, and goes no further.
-- name: export_submissions
-- role: exporter
select s.submission_id, s.number, replace(s.state::text, ' ', '-') as state, s.state_reason, s.state_changed_at, s.arrived_at, s.day, s.received_on,
       s.kind, s.identity_kind, s.proven, s.unchallenged, s.within_grace, s.language, s.channel, s.sector, s.organisation, s.consent,
       case when s.supersedes is not null then
           (select o.number from submissions o
             where o.consultation_id = s.consultation_id and o.submission_id = s.supersedes) end as supersedes,
       s.erased_at, s.stances, s.versions, s.withheld, s.priorities
  from submissions s
 where s.consultation_id = $1::int4 and s.submission_id > $2::int8
 order by s.consultation_id, s.submission_id
 limit $3::int4;

-- The same of those that meet filters, as officials' list finds them: parameters as in submission_list_page, onwards from the one with
-- number $2. Where words or a moderation state are asked for a row is a remark, whose text is looked at by whoever calls; a last row may
-- say up to which number all was looked at when the time was over.
-- name: export_filtered
-- role: exporter
select s.submission_id, s.number, replace(s.state::text, ' ', '-') as state, s.state_reason, s.state_changed_at, s.arrived_at, s.day, s.received_on,
       s.kind, s.identity_kind, s.proven, s.unchallenged, s.within_grace, s.language, s.channel, s.sector, s.organisation, s.consent,
       case when s.supersedes is not null then
           (select o.number from submissions o
             where o.consultation_id = s.consultation_id and o.submission_id = s.supersedes) end as supersedes,
       s.erased_at, s.stances, s.versions, s.withheld, s.priorities,
       l.unfinished, l.number as looked_at, l.original
  from submission_list_page($1::int4, $2::text, true,
       $3::int2, $4::int2, $5::int2, $6::text, $7::int2,
       $8::date, $9::date, $10::int2, $11::int4[], $12::int4, $13::int4 * interval '1 millisecond') l
  left join submissions s on s.number = l.number and not l.unfinished
 order by l.unfinished, s.submission_id;

-- What stands between two submissions, both among them, in their order. One reading of a stretch costs less than one for each submission,
-- and less than gathering them into lists.
-- name: export_remarks
-- role: exporter
select submission_id, part, ordinal, version, publish, original
  from remarks
 where consultation_id = $1::int4 and submission_id between $2::int8 and $3::int8
 order by consultation_id, submission_id, part, ordinal;

-- The same of these submissions alone.
-- name: export_remarks_of
-- role: exporter
select submission_id, part, ordinal, version, publish, original
  from remarks
 where consultation_id = $1::int4 and submission_id = any($2::int8[])
 order by consultation_id, submission_id, part, ordinal;

-- A row a grain without a measure: submissions by state; then one for each measure: answers. Which server moved them is summed over. Filters as
-- far as the grain has them: measure $2, kind $3, language $4, days $5 to $6.
-- name: export_tallies
-- role: exporter
select t.day, t.kind, t.proven, t.language, t.channel, null::text as measure, 0::int2 as ordinal,
       null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8,
       sum(t.received)::int8, sum(t.counted)::int8, sum(t.held)::int8, sum(t.superseded)::int8, sum(t.withdrawn)::int8,
       sum(t.set_aside)::int8
  from submission_tallies t
 where t.consultation_id = $1::int4 and $2::text is null
   and ($3::int2 is null or t.kind = $3::int2) and ($4::int2 is null or t.language = $4::int2)
   and ($5::date is null or t.day >= $5::date) and ($6::date is null or t.day <= $6::date)
 group by t.day, t.kind, t.proven, t.language, t.channel
union all
select t.day, t.kind, t.proven, t.language, t.channel, m.code, t.ordinal,
       sum(t.n5)::int8, sum(t.n4)::int8, sum(t.n3)::int8, sum(t.n2)::int8, sum(t.n1)::int8, sum(t.n0)::int8,
       sum(t.remark_only)::int8, sum(t.remarks)::int8, sum(t.priorities)::int8,
       null::int8, null::int8, null::int8, null::int8, null::int8, null::int8
  from tally_cells t
  join measures m using (consultation_id, ordinal)
 where t.consultation_id = $1::int4 and ($2::text is null or m.code = $2::text)
   and ($3::int2 is null or t.kind = $3::int2) and ($4::int2 is null or t.language = $4::int2)
   and ($5::date is null or t.day >= $5::date) and ($6::date is null or t.day <= $6::date)
 group by t.day, t.kind, t.proven, t.language, t.channel, t.ordinal, m.code
 order by 1, 2, 3, 4, 5, 7;

-- Official, consultation, hash of the session or null, token or an empty text: whether their export may go on. Asked now and then on another
-- connection, since the export's own sees what was when it began.
-- name: export_stands
-- role: exporter
select official_may_export($1::int4, $2::int4, $3::bytea, nullif($4::text, '')::uuid);
