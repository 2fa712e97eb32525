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
