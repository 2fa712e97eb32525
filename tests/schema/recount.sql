-- One row changed by SQL, of each kind: the recount names the figure.
set search_path = tests, consultation;

select accept('[{"key": "a", "identity": "ann", "stances": "0503ff", "remarks": [[0, 1, "one"], [0, 3, "three"]]},
                {"key": "b", "kind": 2, "language": 1, "stances": "00ff01", "priorities": 6}, {"key": "c", "identity": "ann"}]');
select same((select count(*) from recount(1)), 0::bigint, 'all agree');

-- What differs, as figure at measure: told then recounted.
create function differences() returns text language sql as $$
    select string_agg(coalesce(ordinal::text || ' ', '') || figure || ' ' || stored || '/' || recounted, ', ' order by ordinal nulls first, figure) from recount(1);
$$;
create function tried(p_sql text, p_wanted text) returns void language plpgsql as $$
begin
    begin
        perform set_config('session_replication_role', 'replica', true);
        execute p_sql;
        perform same(differences(), p_wanted, p_sql);
        raise exception using errcode = '58030';
    exception when sqlstate '58030' then null;
    end;
end $$;
select tried($$update tallies set cells[6] = cells[6] + 1 where kind = 1$$, '1 stance 5 2/1');
select tried($$update tallies set cells[1] = cells[1] - 1 where kind = 2$$, '1 stance 0 0/1');
select tried($$update tallies set received = received + 1, counted = counted + 1 where kind = 1$$, 'counted 2/1, received 3/2');
select tried($$update tallies set held = held - 1, counted = counted + 1 where kind = 1$$, 'counted 2/1, held 0/1');
select tried($$delete from tallies where kind = 2$$, 'counted 0/1, received 0/1, 1 stance 0 0/1, 2 priorities 0/1, 3 priorities 0/1, 3 stance 1 0/1');
select tried($$update submissions set stances = '\x0403ff' where state = 'counted' and kind = 1$$, '1 stance 4 0/1, 1 stance 5 1/0');
select tried($$update submissions set priorities = 2 where kind = 2$$, '3 priorities 1/0');
select tried($$update submissions set state = 'set aside', state_reason = 'trial', state_changed_at = now() where state = 'held'$$, 'held 1/0, set aside 0/1, set aside: trial 0/1');
select tried($$update tallies set aside_trial = 1, aside_duplicate = -1 where kind = 1$$, 'set aside: duplicate -1/0, set aside: trial 1/0');
-- Every column there is, so that none is added that nobody counts: one more of it, one less counted.
select tried(format('update tallies set %1$I = %1$I + 1, counted = counted - 1 where kind = 2', a.attname), format('counted 0/1, %s 1/0', a.attname))
  from pg_attribute a
 where a.attrelid = 'tallies'::regclass and a.attnum > 0 and a.atttypid = 'integer'::regtype
   and a.attname not in ('received', 'counted', 'consultation_id', 'set_aside') and a.attname not like 'aside%';
select tried(format('update tallies set %1$I = %1$I + 1, set_aside = set_aside + 1, counted = counted - 1 where kind = 2', a.attname),
             format('counted 0/1, set aside 1/0, set aside: %s 1/0', replace(substr(a.attname, 7), '_', '-')))
  from pg_attribute a where a.attrelid = 'tallies'::regclass and a.attname like 'aside%';
select tried($$delete from remarks where ordinal = 1$$, '1 remarks 1/0');
select tried($$delete from remarks where ordinal = 3$$, '3 remark only 1/0, 3 remarks 1/0');
select tried($$delete from submissions where kind = 2$$, 'counted 1/0, received 1/0, 1 stance 0 1/0, 2 priorities 1/0, 3 priorities 1/0, 3 stance 1 1/0');
select same((select count(*) from recount(1)), 0::bigint, 'all agree');

-- The repair: whatever was changed, the tallies are as they were, and it is written down; nothing that is right is touched.
create function sums(p_consultation integer) returns text language sql as $$
    select (select jsonb_agg(to_jsonb(t) order by day, kind, proven, language, channel)::text
              from (select day, kind, proven, language, channel, sum(received) as r, sum(counted) as c, sum(held) as h, sum(superseded) as s, sum(withdrawn) as w,
                           sum(set_aside) as a, sum(aside_trial) as t from tallies where consultation_id = p_consultation group by 1, 2, 3, 4, 5 having sum(received) <> 0) t)
        || (select jsonb_agg(to_jsonb(t) order by day, kind, proven, language, channel, ordinal)::text
              from (select day, kind, proven, language, channel, ordinal, sum(n0) as n0, sum(n1) as n1, sum(n5) as n5, sum(remark_only) as o, sum(remarks) as r, sum(priorities) as p
                      from tally_cells where consultation_id = p_consultation group by 1, 2, 3, 4, 5, 6 having sum(n0) + sum(n1) + sum(n5) + sum(remarks) + sum(priorities) <> 0) t)
$$;
create table right_sums as select sums(1) as sums;
create function mended(p_sql text) returns void language plpgsql as $$
declare
    v_written bigint := (select count(*) from audit_log where action = 'tallies-repaired');
    v_wrong   bigint;
begin
    perform set_config('session_replication_role', 'replica', true);
    execute p_sql;
    perform set_config('session_replication_role', 'origin', true);
    v_wrong := (select count(*) from recount(1));
    perform ok(v_wrong > 0, 'wrong: ' || p_sql);
    perform same((select count(*) from recount_repair(1) where refusal is null and stored <> recounted), v_wrong, 'said: ' || p_sql);
    perform same((select count(*) from recount(1)), 0::bigint, 'right again: ' || p_sql);
    perform same(sums(1), (select r.sums from right_sums r), 'as before: ' || p_sql);
    perform same((select count(*) - v_written from audit_log where action = 'tallies-repaired'), 1::bigint, 'written: ' || p_sql);
    perform same((select jsonb_array_length(detail -> 'changes')::bigint from audit_log where action = 'tallies-repaired' order by audit_id desc limit 1), v_wrong, 'with its figures');
end $$;
select mended('update tallies set cells[6] = cells[6] + 1 where kind = 1'), mended('update tallies set cells[1] = cells[1] - 1 where kind = 2'),
       mended('update tallies set received = received + 1, counted = counted + 1 where kind = 1'), mended('delete from tallies where kind = 2'), mended('delete from tallies'),
       mended('update tallies set aside_trial = aside_trial + 1, aside_duplicate = aside_duplicate - 1 where kind = 1 and slot = 0'),
       mended('update tallies set cells = cells || array[1,0,0,0,0,0,0,0,0] where kind = 1 and slot = 0');
select same((select count(*) from recount_repair(1)), 0::bigint, 'nothing to do'), same((select count(*) from audit_log where action = 'tallies-repaired'), 7::bigint, 'nothing written');
update consultations set closes_at = clock_timestamp() - interval '61 seconds' where consultation_id = 1;
select same(release_publish(1, 1, clock_timestamp(), true, 1, '{"release": {"number": 1, "final": true}}'), null::text, 'the final release');
update tallies set cells[6] = cells[6] + 1 where kind = 1 and slot = 0;
select same((select string_agg(refusal, ' ') from recount_repair(1)), 'final-release-made', 'then nothing changes any more'), ok((select count(*) from recount(1)) > 0, 'and it is still said');
