-- What the publishing role reads: latest, counted, consented, moderated; nothing finer than the day; in an order that tells nothing.
set search_path = tests, consultation;

select accept('[{"key": "a", "remarks": [[0, 1, "yes"], [0, 2, "not this one", false], [1, 1, "a view"]]}, {"key": "b", "consent": 0, "remarks": [[0, 1, "no consent"]]},
                {"key": "c", "identity": "ann", "remarks": [[0, 1, "first"]]}, {"key": "d", "identity": "ann", "remarks": [[0, 1, "held"]]},
                {"key": "e", "kind": 2, "organisation": "E Ltd", "consent": 2, "remarks": [[0, 1, "with name"]]},
                {"key": "f", "kind": 2, "organisation": "F Ltd", "consent": 1, "remarks": [[0, 1, "without name"]]}, {"key": "g", "remarks": [[0, 1, "taken back"]]}]');
create function seen() returns text language plpgsql as $$
declare
    v_seen text;
begin
    set local role consultation_publisher;
    v_seen := (select string_agg(concat_ws(':', code, organisation, body), ', ' order by body) from consultation.published_remarks);
    reset role;
    return v_seen;
end $$;
select same(seen(), null, 'nothing before moderation');
update remarks set moderation = 3 where original = 'yes';
select same(seen(), null, 'a refused one');
update remarks set moderation = 1, published = original;
select same(seen(), (select string_agg(w, ', ' order by split_part(w, ':', -1)) from unnest(array['tools:a view', '1-1:first', '1-1:E Ltd:with name', '1-1:without name', '1-1:yes', '1-1:taken back']) w), 'what was consented to');
update remarks set moderation = 2, removed = '{[1,3)}', published = 'y[…]' where original = 'yes';
select ok(seen() like '%1-1:y[…]%' and seen() not like '%1-1:yes%', 'words removed by moderation');
select accept(format('[{"key": "h", "supersedes": "%s", "generation": 1, "remarks": [[0, 1, "second"]]}]', number('c'))::jsonb);
select submission_withdraw(1::smallint, number('g'), 1::smallint, clock_timestamp());
select ok(seen() not like '%first%' and seen() not like '%second%' and seen() not like '%taken back%', 'neither superseded, nor unmoderated, nor withdrawn');

-- Remarks appear with a release and not before; what is no longer to be shown goes, and the revision says so.
create function appeared() returns text language plpgsql as $$
declare
    v_seen text;
    v_pages text;
begin
    set local role consultation_publisher;
    v_seen := (select string_agg(concat_ws(':', organisation, body, language), ', ' order by body) from consultation.released_remarks where part = 0);
    set local role consultation_reader;
    v_pages := (select string_agg(concat_ws(':', organisation, body, language), ', ' order by body)
                  from generate_series(1, 3) as o, consultation.remark_page(1, o::smallint, 0, 1000, null, null));
    reset role;
    perform same(v_pages, v_seen, 'the page and the view agree');
    return v_seen;
end $$;
select same(appeared(), null, 'nothing before a release');
insert into releases values (1, 1, now(), false, 10, '{}');
select same(release_remarks(1, 1, 2), 2::bigint, 'so many at the most');
select same(release_remarks(1, 1, 100), 2::bigint, 'those that are left');
select same(release_remarks(1, 1, 100), 0::bigint, 'once');
select ok(appeared() like '%E Ltd:with name%' and appeared() like '%without name%' and appeared() like '%y[…]%', 'what a release made appear');
select ok(appeared() not like '%F Ltd%' and appeared() not like '%first%' and appeared() not like '%second%', 'no name without consent, nothing superseded or unmoderated');
create temp table before as select revision from consultations where consultation_id = 1;
select submission_withdraw(1::smallint, number('e'), 1::smallint, clock_timestamp());
select ok(appeared() not like '%with name%', 'withdrawn, it is gone');
select ok((select c.revision > b.revision from consultations c, before b where consultation_id = 1), 'servers are told');
update remarks set moderation = 3, published = null where original = 'without name';
select ok(appeared() not like '%without name%', 'moderation is asked at every reading');

-- Many at once: the order is not that of arrival, and is the same again.
select accept((select jsonb_agg(jsonb_build_object('key', 'm' || n, 'remarks', jsonb_build_array(jsonb_build_array(0, 2, 'n' || lpad(n::text, 3, '0'))))) from generate_series(1, 100) as n));
update remarks set moderation = 1, published = original where ordinal = 2 and part = 0;
create temp table order_seen as select row_number() over () as place, body from published_remarks where code = '1-2' and body like 'n%';
select same((select count(*) from order_seen), 100::bigint, 'all of them');
select ok((select abs(corr(place, substr(body, 2)::integer)) from order_seen) < 0.4, 'place and arrival are not related');
select ok((select bool_and(o.body = n.body) from order_seen o join (select row_number() over () as place, body from published_remarks where code = '1-2' and body like 'n%') n using (place)), 'stable');

-- With the final release all of them appear that a moderator passed, however many: there is no next one.
select accept((select jsonb_agg(jsonb_build_object('key', 'f' || n)) from generate_series(1, 100) as n));
insert into remarks (consultation_id, submission_id, part, ordinal, version, moderation, publish, original, published)
select 1, s.submission_id, 1, o.ordinal, 1, 1, true, 'view', 'view'
  from submissions s, generate_series(2, 60) as o (ordinal) where s.consultation_id = 1 and s.state = 'counted' and s.consent > 0;
create function waiting() returns bigint language sql as $$
    select count(*) from remarks r join submissions s using (submission_id)
     where s.state = 'counted' and s.consent > 0 and r.publish and r.moderation in (1, 2) and r.release is null
$$;
select ok(waiting() > 10000, 'more than another release takes');
update consultations set closes_at = clock_timestamp() - interval '61 seconds' where consultation_id = 1;
select same(release_publish(1, 2, clock_timestamp(), true, 1000, '{"release": {"number": 2, "final": true}}'), null::text, 'the final one');
select same(waiting(), 0::bigint, 'takes all');
