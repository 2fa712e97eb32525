-- What publishers may do with a window, a wording and the last figures: each once it is due, and nothing behind another's back.
set search_path = tests, consultation;
select official_add('pat', 'Pat', false, true, sha256('pat'));
create function at(p interval) returns timestamptz language sql as $$ select date_trunc('minute', clock_timestamp()) + p $$;
create function opens(p_slug text) returns timestamptz language sql as $$ select opens_at from consultations where slug = p_slug $$;
create function closes(p_slug text) returns timestamptz language sql as $$ select closes_at from consultations where slug = p_slug $$;
create function revision(p_slug text) returns bigint language sql as $$ select revision from consultations where slug = p_slug $$;
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action and detail ->> 'official' = 'pat' and detail ->> 'from' = 'n' $$;
-- Made, with Pat as its publisher.
create function made(p_slug text, p_opens interval default '-1 day', p_closes interval default '30 days') returns integer language sql as $$
    insert into official_grants (consultation_id, official_id, role) values (consultation_made(p_slug, false, p_opens, p_closes), 1, 4) returning consultation_id $$;
create table ids as select made('soon', '10 days', '40 days') as soon, made('now', '-1 day', '10 days') as now,
                           made('over', '-9 days', '-1 second') as over;
grant select on ids to public;

-- Only a publisher, and one of this consultation whose account is in use: whoever calls, whatever was asked before.
create function tried(p_by integer, p_slug text) returns text language sql as $$
    select concat_ws(' ',
        window_set(p_by, 'n', c.consultation_id, c.opens_at, c.closes_at, at('20 days'), at('20 days')),
        window_extend(p_by, 'n', c.consultation_id, c.closes_at, c.closes_at, '{a,b,c}'),
        wording_correct(p_by, 'n', c.consultation_id, 'title', 9::smallint, '{a,b,c}', '{a,b,c}'),
        final_release_publish(p_by, 'n', c.consultation_id, 1, clock_timestamp(), 0, '{}'))
      from consultations c where c.slug = p_slug $$;
create function barred() returns text immutable language sql as $$ select 'role-missing role-missing role-missing role-missing' $$;
select official_add('ada', 'Ada', true, true, sha256('ada')), official_add('ann', 'Ann', false, true, sha256('ann'));
insert into official_grants (consultation_id, official_id, role) select id, 3, role from (select soon from ids union select now from ids) as c (id), generate_series(0, 3) as role;
select same(tried(by, slug), barred(), slug || ' by ' || by) from unnest(array[2, 3, 99]) as by, unnest(array['soon', 'now']) as slug;
select same(tried(1, 'real'), barred(), 'a publisher of another one');
update officials set disabled_at = clock_timestamp() where official_id = 1;
select same(tried(1, 'now'), barred(), 'an account not in use');
update officials set disabled_at = null where official_id = 1;
select same(tried(1, 'soon'), 'date-not-later not-open not-open not-closed', 'the publisher'), same(tried(1, 'now'), 'already-open date-not-later changed-meanwhile not-closed', 'the publisher of what is open');

-- Before the opening: any window that lies in the future, is one, and is no longer than a year.
create function set_to(p_opens interval, p_closes interval) returns text language sql as $$
    select window_set(1, 'n', (select soon from ids), opens('soon'), closes('soon'), at(p_opens), at(p_closes)) $$;
select same(set_to('-1 minute', '20 days'), 'date-past', 'not back');
select same(set_to('20 days', '20 days'), 'date-not-later', 'not empty');
select same(set_to('20 days', '19 days'), 'date-not-later', 'not backwards');
select same(set_to('2 days', '2 days 1 year 1 minute'), 'date-too-late', 'not for ever');
select same(acts('window-set'), 0::bigint, 'nothing done, nothing written');
select same(set_to('2 days', '20 days'), 'done', 'earlier both');
select same(opens('soon'), at('2 days'), 'opens'), same(closes('soon'), at('20 days'), 'closes'), same(revision('soon'), 2::bigint, 'servers are told');
select same(acts('window-set'), 1::bigint, 'written down');
select same(window_set(1, 'n', (select soon from ids), at('10 days'), closes('soon'), at('3 days'), at('30 days')), 'changed-meanwhile', 'not over another''s');
select same(closes('soon'), at('20 days'), 'stays');
select same(window_extend(1, 'n', (select soon from ids), closes('soon'), at('30 days'), '{a,b,c}'), 'not-open', 'what has not opened is not extended');
-- An incomplete one never opened, whatever its time.
update consultations set complete = false, opens_at = at('-1 day') where slug = 'soon';
select same(set_to('1 day', '2 days'), 'done', 'incomplete');

-- While it is open: later, with a reason in every language, and once for what was seen.
create function extend_to(p_closes interval, p_reasons text[] default '{a,b,c}') returns text language sql as $$
    select window_extend(1, 'n', (select now from ids), closes('now'), closes('now') + p_closes, p_reasons) $$;
select same(window_set(1, 'n', (select now from ids), opens('now'), closes('now'), at('1 day'), at('2 days')), 'already-open', 'no new opening');
select same(extend_to('0'), 'date-not-later', 'not the same'), same(extend_to('-1 day'), 'date-not-later', 'never shorter');
select same(extend_to('1 year 1 second'), 'date-too-late', 'not for ever');
select refused($$select extend_to('1 day', '{a,b}')$$, '23514', 'extensions_reasons'), refused($$select extend_to('1 day', '{a,b,""}')$$, '23514', 'extensions_reasons'),
       refused($$select extend_to('1 day', '{a,b,null}')$$, '23514', 'extensions_reasons'), refused($$select extend_to('1 day', null)$$, '23502');
select same((select count(*) from extensions), 0::bigint, 'nothing yet'), same(acts('window-extended'), 0::bigint, 'nor written');
create table before as select closes('now') as at, revision('now') as revision;
select same(extend_to('7 days'), 'done', 'a week');
select same(closes('now'), (select at + interval '7 days' from before), 'later'), same(revision('now'), (select revision + 1 from before), 'servers are told');
select same((select previous_at from extensions), (select at from before), 'from'), same((select reasons[2] from extensions), 'b', 'the reason');
select same(acts('window-extended'), 1::bigint, 'written down');
select same(window_extend(1, 'n', (select now from ids), (select at from before), at('90 days'), '{a,b,c}'), 'changed-meanwhile', 'not over another''s');
select same(extend_to('1 day', '{d,e,f}'), 'done', 'again');
select same((select string_agg(number || reasons[1], ' ' order by number) from extensions), '1a 2d', 'each is kept');
select refused($$update extensions set reasons = '{x,y,z}'$$, '23000', 'extensions_kept'), refused('delete from extensions', '23000', 'extensions_kept'),
       refused('truncate extensions', '23000', 'extensions_kept');
select same(window_extend(1, 'n', (select over from ids), closes('over'), at('10 days'), '{a,b,c}'), 'closed', 'what has closed stays closed');

-- How it stands.
select same((select array_agg(complete order by complete) from publication_state((select soon from ids), 9)), '{f}', 'incomplete');
select same((select releases || ' ' || held || ' ' || unmoderated from publication_state((select now from ids), 9)), '0 0 0', 'nothing waits');
select accept(jsonb_build_array(jsonb_build_object('consultation', (select now from ids), 'key', 'p' || n, 'identity', 'one', 'consent', case when n = 4 then 0 else 1 end,
                                                   'remarks', jsonb_build_array(jsonb_build_array(0, 1, 'r', n <> 3)))))
  from generate_series(1, 4) as n;
select accept(jsonb_build_array(jsonb_build_object('consultation', (select now from ids), 'key', 'q' || n, 'remarks', '[[0, 1, "r"], [1, 1, "v"]]'::jsonb))) from generate_series(1, 3) as n;
select same((select held || ' ' || unmoderated from publication_state((select now from ids), 99)), '3 7', 'what waits');
select same((select unmoderated from publication_state((select now from ids), 5)), 5::bigint, 'counted so far');
select same((select count(*) from publication_missing((select now from ids))), 0::bigint, 'whole');
delete from texts where consultation_id = (select soon from ids) and key = 'title' and language = 1;
select same((select string_agg(key || language, ' ') from publication_missing((select soon from ids))), 'title1', 'which text, in which language');
-- Where the figures are for after the close: none before, nor while anything may still come in, by a queue or on paper: of two releases
-- the later one would give its answer away. Then one, if enough have answered; then the final one.
create function due(p_closes interval, p_respondents bigint default 9, p_final boolean default false) returns text language plpgsql as $$
begin
    update consultations set closes_at = clock_timestamp() + p_closes where slug = 'late';
    return release_refusal((select consultation_id from consultations where slug = 'late'), p_final, p_respondents);
end $$;
select made('late', '-20 days', '5 days');
update consultations set grace = '1 hour', publication = publication || '{"release_threshold": 9, "after_close": true}' where slug = 'late';
select same(due('5 days'), 'after-close', 'open'), same(due('10 s'), 'after-close', 'nor in its last hours'), same(due('-59 minutes'), 'after-close', 'nor in the grace');
select same(due('-62 minutes'), 'after-close', 'nor while paper is typed in'), same(due('-14 days -59 seconds'), 'after-close', 'nor queued');
select same(due('-14 days -61 seconds'), null, 'then'), same(due('-14 days -61 seconds', 8), 'threshold', 'if enough have answered'), same(due('-14 days -61 seconds', null), 'threshold', 'not of nobody');
update consultations set entry_days = 0 where slug = 'late';
select same(due('-60 minutes -59 seconds'), 'after-close', 'nothing on paper, but what came in the grace may be queued'), same(due('-61 minutes -1 second'), null, 'then');
-- The final one as well.
select same(due('-59 minutes', 9, true), 'not-closed', 'in the grace'), same(due('-60 minutes -59 seconds', 9, true), 'not-settled', 'queued'), same(due('-61 minutes -1 second', 9, true), null, 'nothing left');
select same((select final_from - grace_ends_at from publication_state((select consultation_id from consultations where slug = 'late'), 9)), interval '1 minute', 'which is said');
insert into releases select consultation_id, 1, now(), false, 9, '{}' from consultations where slug = 'late';
select same(due('-62 minutes'), 'closed', 'once'), same(due('-62 minutes', 0, true), null, 'the final one');

-- A correction: of what has been open, of the version that was seen, in all languages, with a note in each.
create function correct(p_slug text, p_key text, p_version integer, p_bodies text[] default '{one,two,words}', p_notes text[] default '{n0,n1,n2}') returns text language sql as $$
    select wording_correct(1, 'n', (select consultation_id from consultations where slug = p_slug), p_key, p_version::smallint, p_bodies, p_notes) $$;
select made('words'), made('coming', '1 day', '9 days');
select same(correct('coming', 'measure/1-1', 1), 'not-open', 'before it opens it is imported anew'), same(correct('soon', 'title', 1), 'not-open', 'nor one that is not complete');
select same(correct('words', 'measure/9-9', 1), 'not-found', 'no such text'), same(correct('words', 'measure/1-1', 2), 'changed-meanwhile', 'another version');
select same(correct('words', 'measure/1-1', 1, '{words,words,words}'), 'nothing-changed', 'the same words');
select same(correct('words', 'measure/1-1', 1, '{a,b}'), 'required', 'two languages'), same(correct('words', 'measure/1-1', 1, '{a,b,c}', '{n}'), 'required', 'a note in one');
select refused($$select correct('words', 'measure/1-1', 1, '{a,b,""}')$$, '23514', 'texts_body'), refused($$select correct('words', 'measure/1-1', 1, '{a,b,c}', '{n,null,n}')$$, '23514', 'texts_note');
select same((select count(*) from texts where version > 1), 0::bigint, 'nothing yet'), same(acts('wording-corrected'), 0::bigint, 'nor written');
select same(correct('words', 'measure/1-1', 1), 'done', 'corrected'), same(correct('words', 'measure/1-1', 1), 'changed-meanwhile', 'once'), same(revision('words'), 2::bigint, 'servers are told');
select same((select version || array_to_string(bodies, ',') || array_to_string(notes, ',') from wording_get((select consultation_id from consultations where slug = 'words'), 'measure/1-1')), '2one,two,wordsn0,n1,n2', 'as it is now');
select same((select string_agg(body, ',' order by language) from texts join consultations using (consultation_id) where slug = 'words' and key = 'measure/1-1' and version = 1), 'words,words,words', 'the old words stay');
select same(acts('wording-corrected'), 1::bigint, 'written down'), same((select consultation_complete(consultation_id) from consultations where slug = 'words'), true, 'whole as before');

select audit_seal();
select same((select count(*) from audit_verify()), 0::bigint, 'the chain is whole');
