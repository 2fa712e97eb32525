-- Moderation: who reads what, what may be published of it, and what is written down. 1 and 2 are moderators, 3 is an analyst, 4 a moderator of the rehearsal.
set search_path = tests, consultation;
create function made(p_login text, p_slug text, p_role smallint) returns void language sql as $$
    select official_add(p_login, p_login, false, true, sha256(p_login::bytea));
    select official_grant(null, p_login, p_slug, p_role, true, null);
$$;
select made('mia', 'real', 3::smallint), made('max', 'real', 3::smallint), made('ann', 'real', 2::smallint), made('eve', 'rehearsal', 3::smallint);
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action $$;
create function listed(p_by integer, p_state smallint default 0) returns text language sql as $$
    select string_agg(concat(s.submission_key_name, ':', l.part, '-', l.ordinal), ' ' order by n)
      from official_remark_list(p_by, 1, p_state, null, null, null, 100) with ordinality as l (number, day, language, part, ordinal, length, moderation, reason, moderated_at, moderated_by, shown, n)
      join (select number, k as submission_key_name from submissions, unnest(array['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) k where submission_key = md5(k)::uuid) s using (number)
$$;
-- decide: by whom, which submission's, what was seen, what it becomes.
create function decide(p_by integer, p_key text, p_seen integer, p_moderation integer, p_reason text default null, p_removed int4multirange default null, p_ordinal integer default 1, p_part integer default 0)
    returns text language sql as $$
    select official_remark_decide(p_by, 1, number(p_key), p_part::smallint, p_ordinal::smallint, p_seen, p_moderation::smallint, p_reason, p_removed, '192.0.2.0/24')
$$;
create function remark(p_key text, p_ordinal integer default 1, p_part integer default 0) returns remarks language sql as $$
    select r from remarks r join submissions s using (consultation_id, submission_id) where s.number = number(p_key) and r.part = p_part and r.ordinal = p_ordinal
$$;
create function revision() returns bigint language sql as $$ select revision from consultations where consultation_id = 1 $$;

-- The queue: oldest first; only where the author agreed; held and displaced ones like counted ones, since a receipt must not tell them apart.
select accept('[{"key": "a", "remarks": [[0, 1, "one"], [0, 2, "kept private", false], [1, 1, "a view"]]}]');
select accept('[{"key": "b", "consent": 0, "remarks": [[0, 1, "no consent"]]}, {"key": "c", "identity": "ann", "remarks": [[0, 1, "first"]]}]');
select accept('[{"key": "d", "identity": "ann", "remarks": [[0, 1, "held"]]}]');
select accept('[{"key": "e", "kind": 2, "organisation": "E Ltd", "consent": 2, "remarks": [[0, 1, "call 91234567 now"]]}]');
select accept('[{"key": "f", "kind": 2, "organisation": "F Ltd", "consent": 1, "remarks": [[0, 1, "請致電91234567查詢"]]}]');
select accept('[{"key": "g", "identity": "bob", "remarks": [[0, 1, "displaced"]]}]');
select accept('[{"key": "h", "identity": "bob", "proven": true, "remarks": [[0, 1, "proven"]]}]');
select same(state('d'), 'held', 'held'), same(state('g'), 'superseded', 'displaced');
select same(listed(1), 'a:0-1 a:1-1 c:0-1 d:0-1 e:0-1 f:0-1 g:0-1 h:0-1', 'what waits');
select accept(format('[{"key": "i", "supersedes": "%s", "generation": 1, "remarks": [[0, 1, "amended"]]}]', number('c'))::jsonb);
select same(listed(1), 'a:0-1 a:1-1 d:0-1 e:0-1 f:0-1 g:0-1 h:0-1 i:0-1', 'an amended one is not, what amends it is');
select same(listed(3), null, 'an analyst has no queue'), same(listed(4), null, 'nor a moderator of another consultation');
select same(official_remark_count(1, 1, 100), 8::bigint, 'so many wait'), same(official_remark_count(1, 1, 5), 5::bigint, 'counted up to so many'), same(official_remark_count(3, 1, 5), 0::bigint, 'nothing for others');
select same((select string_agg(ordinal::text || part, ' ') from official_remark_list(1, 1, 0::smallint, number('a'), 0::smallint, 1::smallint, 2)), '11 10', 'from behind one on');
select same((select (number, part) from official_remark_next(1, 1, number('a'), 0::smallint, 1::smallint)), (number('a'), 1::smallint), 'the next');
select same((select number from official_remark_next(1, 1, number('i'), 0::smallint, 1::smallint)), number('a'), 'behind the last the first');

-- A look at an original is written down with it; who may not look gets nothing.
create function opened(p_by integer, p_key text, p_ordinal integer default 1) returns text language sql as $$
    select original from official_remark_open(p_by, 1, number(p_key), 0::smallint, p_ordinal::smallint, '192.0.2.0/24')
$$;
select same(opened(1, 'a'), 'one', 'a moderator reads'), same(acts('remark-read'), 1::bigint, 'and it is written down');
select same(opened(3, 'a'), null, 'an analyst does not, here'), same(opened(4, 'a'), null, 'nor another''s moderator'), same(opened(1, 'a', 2), null, 'nor what is not to be public'), same(opened(1, 'b'), null, 'nor without consent');
select same((select organisation from official_remark_open(1, 1, number('e'), 0::smallint, 1::smallint, 'n')), 'E Ltd', 'a name that would be public');
select same((select organisation from official_remark_open(1, 1, number('f'), 0::smallint, 1::smallint, 'n')), null, 'and not another');
select same((select detail from audit_log where action = 'remark-read' order by audit_id limit 1),
            jsonb_build_object('official', 'mia', 'from', '192.0.2.0/24', 'number', number('a'), 'measure', '1-1'), 'who, where from, which one, and no word of it');

-- The three outcomes; what is published is made here, whatever is asked for.
select same(decide(3, 'a', 0, 1), 'role-missing', 'no analyst'), same(decide(4, 'a', 0, 1), 'role-missing', 'no other''s moderator'), same(decide(99, 'a', 0, 1), 'role-missing', 'nobody');
select same(decide(1, 'b', 0, 1), 'not-found', 'nothing without consent'), same(decide(1, 'a', 0, 1, p_ordinal => 2), 'not-found', 'nor what is private');
select same(decide(1, 'a', 0, 1), 'done', 'passed'), same((remark('a')).published, 'one', 'as it is');
select same(decide(1, 'e', 0, 2, 'personal-data', '{[5,13)}'), 'done', 'with words removed'), same((remark('e')).published, 'call […] now', 'and a mark');
select same(decide(1, 'f', 0, 2, 'personal-data', '{[3,11)}'), 'done', 'in Chinese'), same((remark('f')).published, '請致電［…］查詢', 'its own mark');
select same(remark_shortened('abcdef', '{[0,1),[3,4),[5,6)}'), '[…]bc[…]e[…]', 'several spans'), same(remark_shortened('abc', '{}'), 'abc', 'none');
select same(decide(2, 'h', 0, 3, 'off-topic'), 'done', 'refused'), same((remark('h')).published, null, 'and not shown');
select same(listed(1), 'a:1-1 d:0-1 g:0-1 i:0-1', 'what still waits'), same(listed(1, 1::smallint), 'a:0-1 e:0-1 f:0-1 h:0-1', 'what was decided'), same(listed(1, null), 'a:0-1 a:1-1 d:0-1 e:0-1 f:0-1 g:0-1 h:0-1 i:0-1', 'all');
select same((select (r.moderated_by, r.moderation_reason, r.decisions)::text from remark('h') r), '(2,off-topic,1)', 'by whom and why');
select same((select original from remark('e')), 'call 91234567 now', 'the original stays');
select refused($$select decide(1, 'i', 0, 2, 'personal-data', null)$$, '23514'), refused($$select decide(1, 'i', 0, 2, 'personal-data', '{[5,99)}')$$, '23514'),
       refused($$select decide(1, 'i', 0, 2, 'personal-data', '{(,3)}')$$, '23514'), refused($$select decide(1, 'i', 0, 3)$$, '23514', 'remarks_reason_given'), refused($$select decide(1, 'i', 0, 3, 'I differ')$$, '23514', 'remarks_reason_code');
select same((remark('i')).decisions, 0, 'nothing half-done'), same(acts('remark-refused'), 1::bigint, 'nor written down');
-- Whoever may write the table cannot put words into somebody's mouth either.
select refused($$update remarks set published = 'call me a fool' where original = 'one'$$, '23514', 'remarks_words'), refused($$update remarks set published = 'call me' where original like 'call%'$$, '23514', 'remarks_words');

-- Two at once: the second is told, and nothing is done twice.
select same(decide(2, 'a', 0, 3, 'abusive'), 'changed-meanwhile', 'decided meanwhile'), same(decide(2, 'a', 1, 3, 'abusive'), 'changed-meanwhile', 'what was decided is put back first');
select same(decide(1, 'i', 0, 0), 'changed-meanwhile', 'what waits is not put back'), same((remark('a')).moderation, 1::smallint, 'as before');

-- It appears with a release; put back, it is gone at once; passed again, it is where it was.
create function shown() returns text language plpgsql as $$
declare v text;
begin
    set local role consultation_publisher;
    v := (select string_agg(body, ', ' order by body) from consultation.released_remarks where consultation_id = 1);
    reset role;
    return v;
end $$;
select same(shown(), null, 'nothing before a release');
create temp table before as select revision() as r;
select same(decide(1, 'd', 0, 1), 'done', 'a held one'), same(decide(1, 'g', 0, 1), 'done', 'a displaced one'), same(revision(), (select r from before), 'no page has changed');
insert into releases values (1, 1, now(), false, 10, '{}');
select same(release_remarks(1, 1, 100), 3::bigint, 'what may appear');
select same(shown(), 'call […] now, one, 請致電［…］查詢', 'neither held nor displaced nor refused');
create temp table place as select (remark('e')).position as position;
select same(decide(2, 'e', 1, 0), 'done', 'put back by another'), same(shown(), 'one, 請致電［…］查詢', 'gone'), same(revision(), (select r + 1 from before), 'and servers are told');
select same((select (r.moderation, r.published, r.moderation_reason, r.removed, r.moderated_by)::text from remark('e') r), '(0,,,,2)', 'it waits again');
select same(release_remarks(1, 1, 100), 0::bigint, 'no release brings it back');
select same(decide(1, 'e', 2, 2, 'personal-data', '{[0,13)}'), 'done', 'decided anew'), same(shown(), '[…] now, one, 請致電［…］查詢', 'at once'), same((remark('e')).position, (select position from place), 'in its place'), same(revision(), (select r + 2 from before), 'servers are told');

-- Withdrawn, it is gone for moderators too.
select submission_withdraw(1::smallint, number('f'), 1::smallint, clock_timestamp());
select same(decide(1, 'f', 1, 0), 'not-found', 'gone'), same(opened(1, 'f'), null, 'to read as well');

-- After the final release nothing new appears; what must go still can.
update consultations set closes_at = clock_timestamp() - interval '1 minute', final_release_at = clock_timestamp() where consultation_id = 1;
select same(decide(1, 'i', 0, 1), 'too-late-to-publish', 'no longer'), same(decide(1, 'i', 0, 3, 'unreadable'), 'done', 'refused, so that its author is told');
select same(decide(1, 'a', 1, 0), 'done', 'taken away'), same(decide(1, 'a', 2, 1), 'done', 'and shown again');

-- Each act once, by whom and where from, without a word of what was said.
select same((select string_agg(format('%s %s', action, detail ->> 'official'), ', ' order by audit_id) from audit_log where action ~ '^remark-' and action <> 'remark-read'),
            'remark-passed mia, remark-edited mia, remark-edited mia, remark-refused max, remark-passed mia, remark-passed mia, remark-undone max, remark-edited mia, remark-refused mia, remark-undone mia, remark-passed mia', 'all of it');
select same((select detail ->> 'reason' || ' ' || (detail ->> 'removed') from audit_log where action = 'remark-edited' order by audit_id limit 1), 'personal-data {[5,13)}', 'why and where');
select ok(not exists (select from audit_log where detail::text ~ '91234567|call|one"'), 'no words');
-- A disabled account decides nothing.
select official_enable(null, 'mia', false, null);
select same(opened(1, 'a'), null, 'nothing'), same(decide(1, 'a', 3, 0), 'role-missing', 'nor decides');
