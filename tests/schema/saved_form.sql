-- Forms kept for their writers: given to who knows the hash, replaced, erased, bounded, and gone after fourteen days.
set search_path = tests, consultation;
create function put(p_code text, p_words text default 'a', p_most integer default 100, p_consultation integer default 1) returns text language sql as $$
    select outcome from saved_form_put(p_consultation, sha256(p_code::bytea), convert_to(rpad(p_words, 1064), 'UTF8'), p_most);
$$;
create function got(p_code text) returns text language sql as $$
    select slug || ' ' || rtrim(convert_from(sealed, 'UTF8')) from saved_form_get(sha256(p_code::bytea));
$$;

select same(put('one', 'first'), 'saved', 'kept');
select ok((select expires_at between clock_timestamp() + interval '13 days 23 hours' and clock_timestamp() + interval '14 days' from saved_forms), 'fourteen days');
select same(got('one'), (select slug || ' first' from consultations where consultation_id = 1), 'given back');
select same(got('two'), null, 'for its code alone');
select same(put('one', 'second'), 'saved', 'again');
select same((select count(*) from saved_forms), 1::bigint, 'in its place');
select same(got('one'), (select slug || ' second' from consultations where consultation_id = 1), 'the later one');
select same(put('one', 'third', 100, 2), 'not-found', 'a code is of one consultation');
select same(got('one'), (select slug || ' second' from consultations where consultation_id = 1), 'which keeps its form');

-- Bounds: a full house keeps what it has, and may save it again.
select same(put('two', 'x', 1), 'saved-forms-full', 'full');
select same(put('one', 'fourth', 1), 'saved', 'its own place is free');
select same(put('two', 'x', 0), 'saved-forms-full', 'none at all');
create function put_bytes(p_code text, p_bytes integer, p_most bigint, p_consultation integer default 1) returns text language sql as $$
    select outcome from saved_form_put(p_consultation, sha256(p_code::bytea), decode(repeat('00', p_bytes), 'hex'), 100, p_most);
$$;
select same(put_bytes('three', 1064, 2127), 'saved-forms-full', 'no room for its bytes');
select same(put_bytes('three', 1064, 2128), 'saved', 'just room enough');
select same(put_bytes('three', 2088, 3151), 'saved-forms-full', 'nor for more of it');
select same(put_bytes('three', 2088, 3152), 'saved', 'its own bytes make room');
select same((select array[forms, bytes] from saved_form_totals where consultation_id = 1), array[2, 3152]::bigint[], 'the totals are what is kept');
select same(put_bytes('four', 1064, 1063, 2), 'saved-forms-full', 'the first of a consultation as well');
select same(saved_form_erase(sha256('three')), true, 'erased');
select same(put('two', 'x', 100, 99), 'not-found', 'nowhere');
update consultations set opens_at = clock_timestamp() + interval '1 hour', closes_at = clock_timestamp() + interval '2 hours' where consultation_id = 1;
select same(put('two'), 'not-open', 'before');
update consultations set opens_at = clock_timestamp() - interval '2 days', closes_at = clock_timestamp() - interval '10 minutes', grace = interval '30 minutes' where consultation_id = 1;
select same(put('two'), 'saved', 'within the grace');
update consultations set grace = interval '0' where consultation_id = 1;
select same(put('two'), 'closed', 'after it');
select ok(got('one') is not null, 'what was written is given back even so');

-- The end: on request, and by time.
select same(saved_form_erase(sha256('two')), true, 'erased');
select same(saved_form_erase(sha256('two')), false, 'once');
select same(got('two'), null, 'gone');
select same(saved_form_sweep(), 0::bigint, 'nothing is over');
update saved_forms set expires_at = clock_timestamp();
select same(got('one'), null, 'not given any more');
select same(saved_form_erase(sha256('one')), false, 'nor erased');
select same(saved_form_sweep(), 1::bigint, 'deleted');
select same((select count(*) from saved_forms), 0::bigint, 'for good');
select same((select array[forms, bytes] from saved_form_totals where consultation_id = 1), array[0, 0]::bigint[], 'nor in the totals');

-- A figure that is too low (0015) keeps nobody from erasing.
update consultations set closes_at = clock_timestamp() + interval '1 hour' where consultation_id = 1;
select same(put('low'), 'saved', 'kept once more');
update saved_form_totals set forms = 0, bytes = 0 where consultation_id = 1;
select same(saved_form_erase(sha256('low')), true, 'erased all the same');
select same((select array[forms, bytes] from saved_form_totals where consultation_id = 1), array[0, 0]::bigint[], 'and the totals are no less than nothing');
