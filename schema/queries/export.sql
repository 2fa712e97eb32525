-- Statements of officials' exports. Each is one statement, hence one snapshot; no hash, key, salt, commitment or internal number.

-- How many submissions there are about, for the progress shown.
-- name: export_size
-- role: exporter
select coalesce(sum(received), 0)::int8
  from submission_tallies
 where consultation_id = $1::int4;

-- For this session: go by the keys. Statistics may still be those of an empty table, by which reading all remarks for every submission
-- looks cheap. And do not compile: what there is to do for one row is little.
-- name: export_by_key
-- role: exporter
select set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false);

-- Measures (part 0) and invited questions (part 1), in order.
-- name: export_parts
-- role: exporter
select 0::int2 as part, ordinal, code from measures where consultation_id = $1::int4
union all
select 1::int2, ordinal, code from questions where consultation_id = $1::int4
 order by 1, 2;

-- In the order of arrival, which is that of the key: nothing is sorted, however many there are. Remarks as a JSON list of part, ordinal,
-- publish, version and text.
-- name: export_submissions
-- role: exporter
select s.number, replace(s.state::text, ' ', '-') as state, s.state_reason, s.state_changed_at, s.arrived_at, s.day, s.received_on,
       s.kind, s.identity_kind, s.proven, s.unchallenged, s.within_grace, s.language, s.channel, s.sector, s.organisation, s.consent,
       (select o.number from submissions o
         where o.consultation_id = s.consultation_id and o.submission_id = s.supersedes) as supersedes,
       s.erased_at, s.stances, s.versions, s.withheld, s.priorities,
       (select json_agg(json_build_array(r.part, r.ordinal, r.publish, r.version, r.original) order by r.part, r.ordinal)::text
          from remarks r
         where r.consultation_id = s.consultation_id and r.submission_id = s.submission_id) as remarks
  from submissions s
 where s.consultation_id = $1::int4
 order by s.consultation_id, s.submission_id;

-- A row a grain without a measure: submissions by state; then one for each measure: answers. Which server moved them is summed over.
-- name: export_tallies
-- role: exporter
select t.day, t.kind, t.proven, t.language, t.channel, null::text as measure, 0::int2 as ordinal,
       null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8, null::int8,
       sum(t.received)::int8, sum(t.counted)::int8, sum(t.held)::int8, sum(t.superseded)::int8, sum(t.withdrawn)::int8,
       sum(t.set_aside)::int8
  from submission_tallies t
 where t.consultation_id = $1::int4
 group by t.day, t.kind, t.proven, t.language, t.channel
union all
select t.day, t.kind, t.proven, t.language, t.channel, m.code, t.ordinal,
       sum(t.n5)::int8, sum(t.n4)::int8, sum(t.n3)::int8, sum(t.n2)::int8, sum(t.n1)::int8, sum(t.n0)::int8,
       sum(t.remark_only)::int8, sum(t.remarks)::int8, sum(t.priorities)::int8,
       null::int8, null::int8, null::int8, null::int8, null::int8, null::int8
  from tally_cells t
  join measures m using (consultation_id, ordinal)
 where t.consultation_id = $1::int4
 group by t.day, t.kind, t.proven, t.language, t.channel, t.ordinal, m.code
 order by 1, 2, 3, 4, 5, 7;
