-- The list of submissions: filters compose, both ways, and a page without much time says how far it came.
set search_path = tests, consultation;

select accept('[{"key": "a", "stances": "0501ff", "remarks": [[0, 1, "one"], [0, 2, "two"]]},
                {"key": "b", "kind": 2, "language": 1, "stances": "01ff03", "remarks": [[0, 3, "three"], [1, 1, "view"]]},
                {"key": "c", "identity": "ann", "stances": "05ffff"}, {"key": "d", "identity": "ann", "stances": "02ffff", "remarks": [[0, 1, "held"]]}]');
select accept('[{"key": "z", "consultation": 2, "stances": "05ffff", "remarks": [[0, 1, "elsewhere"]]}]');
update remarks set moderation = 3 where original in ('two', 'view');
-- Terms by hand: the length of the text, and 1 for all.
-- What others do in the cluster may delay it: nobody here can bring an earlier number, but that is not known.
create temp table taken (place bigint, submission_id bigint, part smallint, ordinal smallint, original text);
do $$
begin
    for v_try in 1 .. 300 loop
        insert into taken select row_number() over (), * from remark_terms_take(1, 1::smallint, 100);
        exit when found;
        commit;
        perform pg_sleep(0.1);
    end loop;
end $$;
select remark_terms_put(1, array_agg(submission_id order by place), array_agg(part order by place), array_agg(ordinal order by place),
                        array_agg(2 order by place), (select array_agg(t order by place, t) from taken, unnest(array[1, 1000 + length(original)]) as t)) from taken;

-- Keys and remarks of a page, in its order.
create function listed(p_filter jsonb) returns text language sql as $$
    select string_agg(concat_ws(':', (select k from unnest(array['a', 'b', 'c', 'd', 'z']) as k where number(k) = l.number), l.original, case when unfinished then '…' end), ' ' order by l.place)
      from submission_list_page(coalesce((p_filter ->> 'of')::integer, 1), number(p_filter ->> 'from'), coalesce((p_filter ->> 'newer')::boolean, false),
               (p_filter ->> 'measure')::smallint, (p_filter ->> 'stance')::smallint, (p_filter ->> 'kind')::smallint, p_filter ->> 'state',
               (p_filter ->> 'language')::smallint, (p_filter ->> 'first')::date, (p_filter ->> 'last')::date, (p_filter ->> 'moderation')::smallint,
               case when p_filter ? 'terms' then array(select t::integer from jsonb_array_elements_text(p_filter -> 'terms') as t) end, coalesce((p_filter ->> 'most')::integer, 100), '10 s')
           with ordinality as l (unfinished, number, arrived_at, day, state, kind, proven, language, channel, organisation, stances, priorities, remarks, part, ordinal, moderation, original, place);
$$;
select same(listed(filter::jsonb), wanted, filter) from (values
    ('{}', 'd c b a'), ('{"newer": true}', 'a b c d'), ('{"of": 2}', 'z'),
    ('{"from": "c"}', 'b a'), ('{"from": "b", "newer": true}', 'c d'), ('{"from": "a"}', null), ('{"most": 2}', 'd c'),
    ('{"state": "held"}', 'd'), ('{"state": "counted"}', 'c b a'), ('{"kind": 2}', 'b'), ('{"language": 1}', 'b'), ('{"kind": 1, "language": 1}', null),
    -- A stance of any measure, or of the one named; a measure on which something is said.
    ('{"stance": 1}', 'b a'), ('{"stance": 5}', 'c a'), ('{"measure": 1, "stance": 5}', 'c a'), ('{"measure": 2, "stance": 1}', 'a'), ('{"measure": 3}', 'b'), ('{"measure": 2}', 'a'),
    ('{"first": "2000-01-01", "last": "2000-01-02"}', null),
    -- Remarks: terms, all of them; moderation; and both of one and the same remark.
    ('{"terms": [1]}', 'd:held b:three b:view a:one a:two'), ('{"terms": [1], "newer": true}', 'a:one a:two b:three b:view d:held'),
    ('{"terms": [1, 1003]}', 'a:one a:two'), ('{"terms": [1003, 1004]}', null), ('{"terms": []}', 'd:held b:three b:view a:one a:two'),
    ('{"moderation": 3}', 'b:view a:two'), ('{"moderation": 0, "terms": [1003]}', 'a:one'), ('{"terms": [1], "measure": 2}', 'a:two'),
    ('{"terms": [1], "measure": 1, "stance": 2}', 'd:held'), ('{"terms": [1], "stance": 1}', 'b:three b:view a:one a:two'),
    ('{"terms": [1], "state": "held"}', 'd:held'), ('{"terms": [1], "kind": 2}', 'b:three b:view'), ('{"terms": [1], "language": 0}', 'd:held a:one a:two'),
    ('{"terms": [1], "from": "b"}', 'a:one a:two'),
    -- What the index has not come to is among those that may have the words; still only of the measure named.
    ('{"terms": [1], "of": 2}', 'z:elsewhere'), ('{"terms": [1], "of": 2, "measure": 1}', 'z:elsewhere'), ('{"terms": [1], "of": 2, "measure": 2}', null),
    ('{"moderation": 0, "of": 2, "state": "counted"}', 'z:elsewhere'), ('{"moderation": 0, "of": 2, "state": "held"}', null),
    -- Never half of a submission.
    ('{"terms": [1], "most": 2}', 'd:held b:three b:view')) as f (filter, wanted);
select same(listed(jsonb_build_object('terms', '[1]'::jsonb, 'first', current_date - 1, 'last', current_date + 1)), 'd:held b:three b:view a:one a:two', 'days');
select same(listed(jsonb_build_object('terms', '[1]'::jsonb, 'last', current_date - 5)), null, 'days before the opening');
select refused($$select * from submission_list_page(1, number('z'), false, null, null, null, null, null, null, null, null, null, 10, '1 s')$$, '23000', 'submission_list_from');

-- Many numbers that were never used, and no time: the page ends at the last submission that was looked at, and the next one goes on.
do $$ begin perform setval('submissions_submission_id_seq', 100000); end $$;
select accept('[{"key": "e", "remarks": [[0, 1, "new"]]}]');
create function unfinished(p_from text, p_newer boolean) returns text language sql as $$
    select string_agg(case when unfinished then 'on from ' || case number when number('e') then 'e' when number('d') then 'd' else number end else number end, ' ')
      from submission_list_page(1, number(p_from), p_newer, null, null, null, 'withdrawn', null, null, null, null, null, 10, '-1 s');
$$;
select same(unfinished(null, false), 'on from e', 'no time');
select same(unfinished(null, true), 'on from d', 'no time, the other way');
select same(unfinished('d', true), 'on from d', 'no time, among numbers never used');
