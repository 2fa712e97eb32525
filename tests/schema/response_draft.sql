-- Members at work on a response. Of institution 1 (made up): 1 coordinator, 2 drafter, 3 approver; of institution 2 (made up) 4, a coordinator; of
-- institution 3 (real) 5, a coordinator; 6 is an official. The rehearsal is consultation 2.
set search_path = tests, consultation;
insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious)
values ('one', 0, '一', 'One', '一', true), ('two', 0, '二', 'Two', '二', true), ('three', 0, '三', 'Three', '三', false);
create function made(p_login text, p_institution integer, p_roles integer) returns void language sql as $$
    select official_add(p_login, initcap(p_login), false, true, sha256(p_login::bytea));
    update officials set institution_id = p_institution, member_roles = p_roles where login = p_login;
$$;
select made('cora', 1, 1), made('dan', 1, 2), made('ada', 1, 4), made('tess', 2, 1), made('ray', 3, 1), made('otto', null, null);
create function save(p_by integer, p_section text, p_expected integer, p_text text, p_stance integer default null, p_auto boolean default false)
    returns text language sql as $$
    select concat_ws(' ', outcome, version) from response_section_save(p_by, 2, p_section, p_expected, p_stance::smallint, p_text, null, p_auto)
$$;
create function now_is(p_by integer, p_section text) returns text language sql as $$
    select concat_ws('|', version, stance, text, login) from response_section_get(p_by, 2, p_section, null)
$$;
create function begun(p_by integer, p_consultation integer default 2, p_number text default '0123456789') returns text language sql as $$
    select response_open(p_by, p_consultation, 0::smallint, p_number, 'n')
$$;
create function versions(p_section text) returns text language sql as $$
    select string_agg(version::text || case when autosaved then 'a' else '' end, ' ' order by version desc) from response_version_list(1, 2, p_section, null, 100)
$$;

-- Begun by who may write, once, where the institution takes part.
select same(begun(3), 'role-missing', 'an approver alone begins nothing'); select same(begun(6), 'role-missing', 'nor an official'); select same(begun(99), 'role-missing', 'nor nobody');
select same(begun(1, 1), 'role-missing', 'a made-up body takes part in no real consultation'); select same(begun(5), 'role-missing', 'nor a real one in a rehearsal');
select same(save(1, 'summary', 0, 'x'), 'not-found', 'nothing before it was begun'); select same((select (number is null, state) from response_get(3, 2)), (true, 'open'::text), 'and a member sees that');
select same(begun(1), 'done', 'begun'); select same(begun(2, 2, '1123456789'), 'done', 'the second finds it'); select same((select number from response_get(2, 2)), '0123456789', 'the first number stays');
select same((select count(*) from responses), 1::bigint, 'one'); select same((select count(*) from audit_log where action = 'response-begun'), 1::bigint, 'written down once');
select same(begun(5, 1, '2123456789'), 'done', 'a real one in the real one'); select same(begun(4, 2, '3123456789'), 'done', 'another body its own');

-- Saved with the next number, if it is as it was read; nothing when nothing changed.
select same(save(1, 'measure-1-1', 0, 'one', 4), 'done 1', 'first'); select same(save(2, 'measure-1-1', 1, 'two', 4), 'done 2', 'by another drafter');
select same(save(1, 'measure-1-1', 1, 'late', 4), 'precondition-failed 2', 'an old one'); select same(now_is(1, 'measure-1-1'), '2|4|two|dan', 'nothing lost');
select same(save(1, 'measure-1-1', 2, 'two', 4), 'unchanged 2', 'the same'); select same(save(1, 'measure-1-1', 2, 'two', 0), 'done 3', 'another stance alone'); select same(save(1, 'measure-1-1', 3, 'two'), 'done 4', 'none');
select same(save(1, 'summary', 0, ''), 'unchanged 0', 'an empty one that was never written'); select same(versions('summary'), null, 'makes none');
select same(save(3, 'summary', 0, 'x'), 'role-missing', 'an approver does not write'); select same(save(6, 'summary', 0, 'x'), 'role-missing', 'nor an official');
select same(save(1, 'measure-1-9', 0, 'x'), 'not-found', 'no such measure'); select same(save(1, 'direction-3', 0, 'x'), 'not-found', 'nor direction'); select same(save(1, 'question-2', 0, 'x'), 'not-found', 'nor question');
select same(save(1, 'question-1', 0, 'x'), 'done 1', 'this one');
select same(save(1, 'approver', 0, repeat('字', 300)), 'done 1', 'as long as may be'); select same((select outcome from response_section_save(1, 2, 'approver', 1, null, repeat('字', 301), null, false)), 'too-long', 'no longer');
select refused($$select save(1, 'summary', 0, 'x', 3)$$, '23514', 'response_sections_stance'), refused($$select save(1, 'measure-1-1', 4, 'x', 6)$$, '23514', 'response_sections_stance');

-- The page's own saves: one person's in the same ten minutes are one version, under a higher number.
select same(save(1, 'summary', 0, 'a', null, true), 'done 1', 'kept'); select same(save(1, 'summary', 1, 'ab', null, true), 'done 2', 'kept again'); select same(versions('summary'), '2a', 'in its place');
select same(save(2, 'summary', 1, 'x', null, true), 'precondition-failed 2', 'what was read before is old'); select same(save(2, 'summary', 2, 'abc', null, true), 'done 3', 'another person''s'); select same(versions('summary'), '3a 2a', 'is one of its own');
select same(save(2, 'summary', 3, 'abc'), 'unchanged 3', 'saved on purpose'); select same(versions('summary'), '3 2a', 'is no longer the page''s'); select same(save(2, 'summary', 3, 'abcd', null, true), 'done 4', 'so the next'); select same(versions('summary'), '4a 3 2a', 'stands beside it');
select same(save(1, 'summary', 4, 'abcd'), 'unchanged 4', 'somebody else''s is not made one''s own'); select same(versions('summary'), '4a 3 2a', 'as it was');
update response_sections set changed_at = changed_at - interval '10 minutes' where section = 'summary' and version = 4;
select same(save(2, 'summary', 4, 'abcde', null, true), 'done 5', 'after ten minutes'); select same(versions('summary'), '5a 4a 3 2a', 'the earlier one stays');

-- Older ones: read, and made the newest as one more.
select same((select text from response_section_get(3, 2, 'summary', 3)), 'abc', 'an approver reads'); select same((select count(*) from response_section_get(1, 2, 'summary', 1)), 0::bigint, 'one that was replaced is gone');
select same((select string_agg(version::text, ' ' order by version desc) from response_version_list(1, 2, 'summary', 4, 2)), '3 2', 'a page of them');
create function restored(p_by integer, p_version integer, p_expected integer) returns text language sql as $$
    select concat_ws(' ', outcome, version) from response_section_restore(p_by, 2, 'summary', p_version, p_expected)
$$;
select same(restored(1, 3, 4), 'precondition-failed 5', 'not over what is newer'); select same(restored(3, 3, 5), 'role-missing', 'not by an approver'); select same(restored(1, 1, 5), 'not-found', 'not what is gone'); select same(restored(4, 3, 5), 'not-found', 'not another''s');
select same(restored(1, 3, 5), 'done 6', 'restored'); select same(now_is(2, 'summary'), '6|abc|cora', 'as the newest'); select same(versions('summary'), '6 5a 4a 3 2a', 'and all others stay');

-- Two thousand at the most: the oldest automatic one makes room, never one that somebody saved.
select same((select response_section_room(2, response_id, 'summary', 5) from responses where number = '0123456789'), true, 'room is made'); select same(versions('summary'), '6 5a 4a 3', 'of the oldest automatic one');
select response_section_room(2, response_id, 'summary', 4), response_section_room(2, response_id, 'summary', 3) from responses where number = '0123456789';
select same(versions('summary'), '6 3', 'all of them'); select same((select response_section_room(2, response_id, 'summary', 2) from responses where number = '0123456789'), false, 'then there is none');

-- Sections are given to who may write, by a coordinator.
select same(response_assign(2, 2, 'summary', 'dan'), 'role-missing', 'not by a drafter'); select same(response_assign(1, 2, 'summary', 'ada'), 'unknown-value', 'not to an approver'); select same(response_assign(1, 2, 'summary', 'tess'), 'unknown-value', 'not to another body''s');
select same(response_assign(1, 2, 'nothing', 'dan'), 'not-found', 'no such section'); select same(response_assign(1, 2, 'summary', 'dan'), 'done', 'given'); select same(response_assign(1, 2, 'summary', 'cora'), 'done', 'to another');
select same(response_assign(1, 2, 'evidence', 'dan'), 'done', 'one that is empty');
select same((select string_agg(login, ' ' order by login) from response_drafter_list(1, 2)), 'cora dan', 'who may write');
select same((select string_agg(concat_ws('|', section, version, stance, changed_by, assigned_login, comments), ' ' order by section) from response_section_list(3, 2)),
            'approver|1|Cora|0 evidence|0|dan|0 measure-1-1|4|Cora|0 question-1|1|Cora|0 summary|6|Cora|cora|0', 'all of it');
select same(response_assign(1, 2, 'summary', null), 'done', 'taken back');

-- Colleagues talk; nobody else hears.
select same(response_comment_say(3, 2, 'summary', 6, 'Why?'), 'done', 'an approver asks'); select same(response_comment_say(4, 2, 'summary', 6, 'Hm'), 'done', 'others among themselves'); select same(response_comment_say(2, 2, 'evidence', 99, 'None yet'), 'done', 'on what is empty');
select same((select string_agg(concat_ws('|', version, name, text), ' ') from response_comment_list(1, 2, 'summary')), '6|Ada|Why?', 'heard'); select same((select version from response_comment_list(1, 2, 'evidence')), 0, 'no version that is not there');
select same((select comments from response_section_list(1, 2) where section = 'summary'), 1, 'open');
select same(response_comment_resolve(4, 2, 'summary', comment_id, true), 'not-found', 'not by others') from response_comment_list(1, 2, 'summary');
select same(response_comment_resolve(1, 2, 'summary', comment_id, true), 'done', 'done with') from response_comment_list(1, 2, 'summary');
select same((select resolved_by from response_comment_list(1, 2, 'summary')), 'Cora', 'by whom'); select same((select count(*) from response_section_list(1, 2) where comments > 0), 1::bigint, 'one is left');
select same(response_comment_resolve(2, 2, 'summary', comment_id, false), 'done', 'opened again') from response_comment_list(1, 2, 'summary');
select same((select resolved_by from response_comment_list(1, 2, 'summary')), null, 'by nobody');
select refused($$select response_comment_say(1, 2, 'summary', 1, '')$$, '23514', 'response_comments_text');
insert into response_comments (consultation_id, response_id, section, version, official_id, text) select 2, response_id, 'interests', 0, 1, 'x' from responses, generate_series(1, 500) where number = '0123456789';
select same(response_comment_say(1, 2, 'interests', 0, 'one more'), 'too-many-comments', 'a bound');

-- Another institution's member, an official and a stranger get nothing by any of them.
select same((select count(*) from response_section_list(p, 2)), 0::bigint, p || ' lists'), same((select count(*) from response_section_get(p, 2, 'measure-1-1', null)), 0::bigint, p || ' reads'),
       same((select count(*) from response_version_list(p, 2, 'measure-1-1', null, 9)), 0::bigint, p || ' versions'), same((select count(*) from response_comment_list(p, 2, 'evidence')), 0::bigint, p || ' comments'),
       same((select number from response_get(p, 2)) is distinct from '0123456789', true, p || ' number'), same(exists (select from response_drafter_list(p, 2) where login in ('cora', 'dan')), false, p || ' names')
  from unnest(array[4, 5, 6, 99]) as p where p <> 4;
select same((select string_agg(section, ' ') from response_section_list(4, 2)), 'summary', 'its own comment is all that a body sees'); select same((select text from response_comment_list(4, 2, 'summary')), 'Hm', 'its own');
select same((select number from response_get(4, 2)), '3123456789', 'its own number'); select same(now_is(4, 'measure-1-1'), null, 'nothing of another'); select same(save(4, 'measure-1-1', 0, 'ours'), 'done 1', 'and writes its own'); select same(now_is(1, 'measure-1-1'), '4|two|cora', 'not another''s');
select same((select string_agg(login, ' ') from response_drafter_list(4, 2)), 'tess', 'its own members');

-- Settings by a coordinator.
select same(response_settings(2, 2, 1::smallint, false, 'n'), 'role-missing', 'not by a drafter'); select same(response_settings(1, 2, 1::smallint, false, 'n'), 'done', 'by a coordinator'); select same((select (language, publish) from response_get(1, 2)), (1::smallint, false), 'said');
select same(response_settings(1, 2, 1::smallint, false, 'n'), 'done', 'again'); select same((select count(*) from audit_log where action = 'response-settings'), 1::bigint, 'written down once');

-- A closed institution, and an account that is off, have nothing left.
update officials set disabled_at = now() where login = 'dan';
select same(save(2, 'evidence', 0, 'x'), 'role-missing', 'off'); select same((select count(*) from response_section_list(2, 2)), 0::bigint, 'and sees nothing');
update institutions set closed_at = now() where slug = 'two';
select same(save(4, 'evidence', 0, 'x'), 'role-missing', 'closed'); select same((select count(*) from response_section_list(4, 2)), 0::bigint, 'and sees nothing');

-- With the close all changing ends, and reading does not.
update consultations set closes_at = clock_timestamp() where consultation_id = 2;
select same(save(1, 'evidence', 0, 'x'), 'closed', 'no saving'); select same(restored(1, 3, 6), 'closed', 'no restoring'); select same(response_assign(1, 2, 'summary', null), 'closed', 'no giving'); select same(response_comment_say(1, 2, 'summary', 0, 'x'), 'closed', 'no comment');
select same(response_settings(1, 2, 0::smallint, true, 'n'), 'closed', 'no settings'); select same(begun(1), 'done', 'it is there'); select same((select state from response_get(1, 2)), 'closed', 'and says so'); select same(now_is(3, 'summary'), '6|abc|cora', 'and is read');
update consultations set opens_at = clock_timestamp() + interval '1 day', closes_at = clock_timestamp() + interval '2 days' where consultation_id = 1;
select same(begun(5, 1), 'done', 'there already'); select same((select outcome from response_section_save(5, 1, 'summary', 0, null, 'x', null, false)), 'not-open', 'not before it opens');
