-- Whole or not at all: a trigger that fails at the n-th row of any table leaves nothing of its batch.
set search_path = tests, consultation;

create table tests.fuse (left_over integer);
create function tests.burn() returns trigger language plpgsql security definer as $$
begin
    update tests.fuse set left_over = left_over - 1;
    if (select left_over from tests.fuse) = 0 then
        raise exception 'burnt' using errcode = '58030';
    end if;
    return new;
end $$;
create trigger burn before insert or update on submissions for each row execute function tests.burn();
create trigger burn before insert or update or delete on remarks for each row execute function tests.burn();
create trigger burn before insert or update on tallies for each row execute function tests.burn();
create trigger burn before insert on audit_log for each row execute function tests.burn();
insert into tests.fuse values (-1);

select same(outcomes('[{"key": "old", "identity": "ann"}, {"key": "older"}]'), 'recorded recorded', 'there before');
create function tests.all_rows() returns text language sql as $$
    select (select count(*) from submissions) || ' ' || (select count(*) from remarks) || ' ' || (select string_agg(t::text, ' ' order by t) from tallies t)
           || ' ' || (select string_agg(s.state::text, ' ' order by s.submission_id) from submissions s) || ' ' || (select count(*) from audit_log);
$$;

-- Two new ones, one held, one amendment, with remarks: every row that the batch writes fails once.
do $$
declare
    v_before text := tests.all_rows();
    v_batch  jsonb := format('[{"key": "a", "remarks": [[0, 1, "x"], [0, 2, "y"]]}, {"key": "b", "language": 1}, {"key": "c", "identity": "ann"},
                               {"key": "d", "supersedes": "%s", "generation": 1, "remarks": [[1, 1, "z"]]}]', tests.number('older'));
    v_n      integer := 0;
begin
    loop
        v_n := v_n + 1;
        update tests.fuse set left_over = v_n;
        begin
            perform tests.same(tests.outcomes(v_batch), 'recorded recorded recorded recorded', 'the batch');
            exit;
        exception when sqlstate '58030' then
            perform tests.same(tests.all_rows(), v_before, 'after a failure at row ' || v_n);
        end;
    end loop;
    perform tests.ok(v_n > 12, 'rows that failed: ' || v_n);
    update tests.fuse set left_over = -1;
    perform tests.same((select count(*) from submissions), 6::bigint, 'and then all of it');
    perform tests.same((select count(*) from recount(1)), 0::bigint, 'with tallies that agree');
end $$;

-- The same of a withdrawal.
do $$
declare
    v_before text := tests.all_rows();
    v_n      integer := 0;
begin
    loop
        v_n := v_n + 1;
        update tests.fuse set left_over = v_n;
        begin
            perform tests.same((select outcome from submission_withdraw(1::smallint, tests.number('a'), 1::smallint, clock_timestamp())), 'withdrawn', 'the withdrawal');
            exit;
        exception when sqlstate '58030' then
            perform tests.same(tests.all_rows(), v_before, 'after a failure at row ' || v_n);
        end;
    end loop;
    perform tests.ok(v_n > 5, 'rows that failed: ' || v_n);
    update tests.fuse set left_over = -1;
end $$;

-- A poisonous entry fails its batch by a rule with a name; alone, its neighbours pass.
select refused($$select outcomes('[{"key": "good"}, {"key": "bad", "priorities": 15}]')$$, '23514', 'submissions_priorities');
select same(outcomes('[{"key": "good"}]'), 'recorded', 'the good one alone');
