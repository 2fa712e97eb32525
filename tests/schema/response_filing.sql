-- Institutional responses: approval by a second person of exactly one content, filing within the window, what the public may read of it.
set search_path = tests, consultation;
create function h(p text) returns bytea language sql as $$ select sha256(p::bytea) $$;
create function member(p_login text, p_institution integer, p_roles integer) returns integer language plpgsql as $$
begin
    insert into officials (login, name, institution_id, member_roles) values (p_login, p_login, p_institution, p_roles);
    return (select official_id from officials where login = p_login);
end $$;
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action $$;
create table ids as
with i as (
    insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, verified_at, verified_by)
    values ('alpha', 0, '甲', 'Alpha', '甲', now(), 1), ('beta', 1, '乙', 'Beta', '乙', now(), 1), ('gamma', 2, '丙', 'Gamma', '丙', null, null) returning institution_id, slug)
select (select institution_id from i where slug = 'alpha') as alpha, (select institution_id from i where slug = 'beta') as beta,
       (select institution_id from i where slug = 'gamma') as gamma;
create table who as
select member('ada', alpha, 1) as ada, member('bob', alpha, 4) as bob, member('cy', alpha, 7) as cy, member('dan', alpha, 2) as dan,
       member('eve', beta, 7) as eve, member('fay', beta, 4) as fay, member('gus', gamma, 7) as gus, member('gil', gamma, 4) as gil from ids;
insert into responses (consultation_id, institution_id, number, language)
select 1, alpha, 'AAAAAAAAAA', 1 from ids union all select 1, beta, 'BBBBBBBBBB', 1 from ids union all select 1, gamma, 'CCCCCCCCCC', 1 from ids;
grant select on ids, who to public;

create function document(p_institution text, p_number text, p_text text, p_publish integer default 1, p_attachments jsonb default '[]') returns text language sql as $$
    select jsonb_build_object('format', 'institutional-response-v1', 'consultation', 'real', 'institution', p_institution, 'number', p_number, 'language', 'en',
        'publish', p_publish, 'attachments', p_attachments,
        'sections', jsonb_build_object('summary', jsonb_build_object('text', p_text), 'measure-1-1', jsonb_build_object('stance', 4, 'version', 1),
                                       'question-1', jsonb_build_object('text', 'x', 'version', 1)))::text $$;
create function alpha(p_text text, p_publish integer default 1) returns text language sql as $$ select document('alpha', 'AAAAAAAAAA', p_text, p_publish) $$;
create function digest(p_document text) returns bytea language sql as $$ select sha256(convert_to(p_document, 'UTF8')) $$;
create function file(p_by integer, p_document text, p_ago interval default '0', p_consultation integer default 1) returns text language sql as $$
    select outcome || coalesce(' ' || version, '') from response_file(p_by, null, 'n', p_consultation, p_document, clock_timestamp() - p_ago, '5 seconds', 1::smallint) $$;
create function asking(p_digest bytea) returns uuid language sql as $$ select approval_id from response_approvals where digest = p_digest and decided_at is null $$;
create function ask(p_by integer, p_document text) returns text language sql as $$ select response_approval_ask(p_by, 'n', 1, digest(p_document)) $$;
create function decide(p_by integer, p_document text, p_yes boolean default true) returns text language sql as $$
    select response_approval_decide(p_by, 'n', 1, asking(digest(p_document)), digest(p_document), p_yes, '') $$;

-- The draft: its newest versions, of one's own institution only.
insert into response_sections (consultation_id, response_id, section, version, stance, text, changed_by)
select 1, r.response_id, s.section, s.version, s.stance, s.words, (select ada from who)
  from responses r, (values ('summary', 1, null, 'old'), ('summary', 2, null, 'new'), ('measure-1-1', 1, 4, '')) as s (section, version, stance, words)
 where r.number = 'AAAAAAAAAA';
select same((select string_agg(part || ' ' || name || ' ' || words, ', ' order by part, name) from response_draft((select dan from who), 1)),
            '0 AAAAAAAAAA alpha, 1 measure-1-1 , 1 summary new', 'the draft as it is');
select same((select count(*) from response_draft((select eve from who), 1) where words in ('old', 'new')), 0::bigint, 'nobody else''s');
select same((select count(*) from response_draft(999, 1)), 0::bigint, 'nobody''s');

-- Asking: a coordinator; deciding: an approver who is another person, once, on exactly what was asked.
select same(ask((select dan from who), alpha('a')), 'not-found', 'a drafter does not ask');
select same(ask((select cy from who), alpha('a')), 'done', 'asked'), same(acts('response-approval-asked'), 1::bigint, 'written down');
select same(ask((select ada from who), alpha('a')), 'done', 'asked again is the same asking');
select same((select count(*) from response_approvals), 1::bigint, 'one');
select same(decide((select cy from who), alpha('a')), 'second-person-required', 'not by who asked');
select same(decide((select ada from who), alpha('a')), 'not-found', 'not by a coordinator');
select same(decide((select fay from who), alpha('a')), 'proposal-over', 'not by another institution''s approver');
select same(response_approval_decide((select bob from who), 'n', 1, asking(digest(alpha('a'))), digest(alpha('b')), true, ''), 'changed-meanwhile', 'not another content');
select same(file((select ada from who), alpha('a')), 'approval-required', 'not before');
select same((select count(*) from filings), 0::bigint, 'nothing is filed');
select same(decide((select bob from who), alpha('a'), false), 'done', 'refused'), same(file((select ada from who), alpha('a')), 'approval-required', 'refused is not approved');
select same(ask((select ada from who), alpha('b')), 'done', 'another content'), same(ask((select ada from who), alpha('c')), 'done', 'makes the earlier asking void');
select same(asking(digest(alpha('b'))), null, 'which is gone');
select same(response_approval_withdraw((select ada from who), 'n', 1, asking(digest(alpha('c')))), 'done', 'taken back');
select same(response_approval_withdraw((select ada from who), 'n', 1, '00000000-0000-4000-8000-000000000000'), 'proposal-over', 'once');
select same(ask((select ada from who), alpha('a')), 'done', 'anew'), same(decide((select bob from who), alpha('a')), 'done', 'approved');
select same((select count(*) from response_approval_list((select dan from who), 1)), 2::bigint, 'the list');
select same((select count(*) from response_approval_list((select eve from who), 1)), 0::bigint, 'of one''s own');

-- Filing: exactly what was approved, by a coordinator or approver of a verified institution; the same again is the same receipt.
select same(file((select ada from who), alpha('b')), 'approval-required', 'another content');
select same(file((select dan from who), alpha('a')), 'not-found', 'not by a drafter');
select same(file((select eve from who), alpha('a')), 'not-found', 'not by another institution');
select same(file((select ada from who), document('alpha', 'BBBBBBBBBB', 'a')), 'not-found', 'under its own number');
select same(file((select ada from who), alpha('a'), '6 seconds'), 'waited-too-long', 'not from too long ago');
select same(file((select ada from who), alpha('a'), '-3 seconds'), 'waited-too-long', 'nor ahead');
-- An approval is of somebody who approves: not any more is not approved.
update officials set member_roles = 2 where official_id = (select bob from who);
select same(file((select ada from who), alpha('a')), 'approval-required', 'given by one who approves no longer'),
       same((select bool_or(stands) from response_approval_list((select dan from who), 1) where approved), false, 'and so listed');
update officials set member_roles = 4, disabled_at = now() where official_id = (select bob from who);
select same(file((select ada from who), alpha('a')), 'approval-required', 'nor by one who left');
update officials set disabled_at = null where official_id = (select bob from who);
-- Nor by an account that was reset since: it may have been taken for that.
begin;
select audit_write('institution-member-reset', null, jsonb_build_object('account', (select login from officials where official_id = (select bob from who))));
select same(file((select ada from who), alpha('a')), 'approval-required', 'by an account that was set up anew since'),
       same((select bool_or(stands) from response_approval_list((select dan from who), 1) where approved), false, 'and so listed');
select same(ask((select ada from who), alpha('a')), 'done', 'anew'), same(decide((select bob from who), alpha('a')), 'done', 'by its new link');
select same(file((select ada from who), alpha('a')), 'filed 1', 'which holds');
rollback;
select same(file((select ada from who), alpha('a')), 'filed 1', 'filed'), same(acts('response-filed'), 1::bigint, 'written down');
select same(file((select ada from who), alpha('a'), '1 hour'), 'replayed 1', 'again: the same, whenever');
select same((select arrived_at from response_file((select bob from who), null, 'n', 1, alpha('a'), now(), '5 seconds', 9::smallint)), (select arrived_at from filings), 'same moment');
select same((select receipt_key from response_file((select bob from who), null, 'n', 1, alpha('a'), now(), '5 seconds', 9::smallint)), 1::smallint, 'same key');
select same((select string_agg(section || coalesce(' ' || stance, '') || ' ' || says, ', ' order by section) from filing_stances),
            'measure-1-1 4 false, question-1 true', 'what it says beside it');
select refused($$insert into filing_stances values (1, 1, 1, 'measure-1-2', 6, true)$$, '23514', 'filing_stances_stance');
select ask((select ada from who), alpha('d')), decide((select bob from who), alpha('d'));
select same(file((select bob from who), alpha('d')), 'filed 2', 'a second one');
select same(file((select ada from who), alpha('a')), 'filed 3', 'back to the first content: filed once more');
select same((select string_agg(version || ' ' || latest, ', ' order by version) from response_filing_list((select dan from who), null, 1, null)),
            '1 false, 2 false, 3 true', 'the list');
select same((select count(*) from response_filing_list((select eve from who), null, 1, null)), 0::bigint, 'of one''s own');
select same((select document from response_filing_list((select dan from who), null, 1, 2) where version = 2), alpha('d'), 'its document');
select ask((select gus from who), document('gamma', 'CCCCCCCCCC', 'x')), decide((select gil from who), document('gamma', 'CCCCCCCCCC', 'x'));
select same(file((select gus from who), document('gamma', 'CCCCCCCCCC', 'x')), 'institution-not-verified', 'not before it is verified');
update institutions set closed_at = now() where slug = 'gamma';
select same(file((select gus from who), document('gamma', 'CCCCCCCCCC', 'x')), 'not-found', 'not once it is closed');
update institutions set closed_at = null, verified_at = now(), verified_by = 1, fictitious = true where slug = 'gamma';
select same(file((select gus from who), document('gamma', 'CCCCCCCCCC', 'x')), 'not-found', 'nothing made up in a real consultation');
select refused($$select * from response_file(1, null, 'n', 1, '{}', now(), null, 1::smallint)$$, '42501');

-- Attachments are those that are there, as they are.
insert into attachments (consultation_id, response_id, sha256, name, media_type, bytes)
select 1, response_id, h('pdf'), 'a.pdf', 'application/pdf', 3 from responses where number = 'BBBBBBBBBB';
create function attached(p_change jsonb default '{}') returns text language sql as $$
    select document('beta', 'BBBBBBBBBB', 'x', 1, jsonb_build_array(jsonb_build_object('name', 'a.pdf', 'media_type', 'application/pdf', 'bytes', 3, 'sha256', encode(h('pdf'), 'hex')) || p_change)) $$;
create function tried(p_document text) returns text language sql as $$
    select ask((select eve from who), p_document);
    select decide((select fay from who), p_document);
    select file((select eve from who), p_document) $$;
select same(tried(attached('{"bytes": 4}')), 'attachment-missing', 'of another length');
select same(tried(attached('{"name": "b.pdf"}')), 'attachment-missing', 'of another name');
select same(tried(attached('{"sha256": "00"}')), 'attachment-missing', 'of other bytes');
select same(tried(attached()), 'filed 1', 'as it is');
update attachments set removed_at = now();
select same(tried(document('beta', 'BBBBBBBBBB', 'y')), 'filed 2', 'without');
select same(tried(attached()), 'attachment-missing', 'it is not there any more');

-- What was attached and removed counts until a sweep has taken it: twice the quota at most; what was filed stays for good and counts no more.
select same((select bool_and(filed) from attachments), true, 'its bytes stay'), same(attachment_is_named(h('pdf')), true, 'named by a filing');
create function attach(p_word text, p_bytes bigint default 10) returns text language sql as $$
    select coalesce(outcome, 'done') from attachment_add((select eve from who), null, 1, 'DDDDDDDDDD', 1::smallint, h(p_word), p_word || '.pdf', 'application/pdf', p_bytes, 2, 20, null, 'n') $$;
create function fits(p_bytes bigint default 10) returns text language sql as $$
    select coalesce(attachment_fits((select eve from who), null, 1, null, p_bytes, 2, 20, null), 'fits') $$;
create function detach(p_word text) returns text language sql as $$
    select attachment_remove((select eve from who), 1, (select attachment_id from attachments where name = p_word || '.pdf' and removed_at is null), 'n') $$;
select same(attach('a'), 'done', 'a'), same(attach('b'), 'done', 'b'), same(attach('c'), 'attachments-full', 'no third'), same(fits(), 'attachments-full', 'as asked before');
select same(detach('a'), 'done', 'removed'), same(detach('a'), 'not-found', 'once'), same(attach('a'), 'done', 'again'), same(detach('a'), 'done', 'and again');
select same((select files from attachment_lingering(1, (select response_id from responses where number = 'BBBBBBBBBB'))), 1::bigint, 'one file');
select same(attach('c'), 'done', 'c'), same(detach('c'), 'done', 'c'), same(attach('d'), 'done', 'd'), same(detach('d'), 'done', 'd'), same(attach('e', 9), 'done', 'e'), same(detach('e'), 'done', 'e');
select same(attach('f'), 'removed-files-remain', 'no more of them'), same(fits(), 'removed-files-remain', 'as asked before'),
       same(upload_begin((select eve from who), null, 1, 'DDDDDDDDDD', 1::smallint, gen_random_uuid(), null, 'x', 1, 2, 20, 8), 'removed-files-remain', 'nor in pieces');
update attachments set swept_at = now() where sha256 = h('c');
select same(attach('f'), 'done', 'once one was swept'), same(detach('f'), 'done', 'f');
-- Nothing is attached for an institution that could not file, nor before the opening or after the close; nor removed.
update institutions set verified_at = null, verified_by = null where slug = 'beta';
select same(attach('g'), 'institution-not-verified', 'not verified'), same(fits(), 'institution-not-verified', 'as asked before');
update institutions set verified_at = now(), verified_by = 1 where slug = 'beta';
update attachments set swept_at = now() where removed_at is not null and not filed;
create table windows as select opens_at, closes_at from consultations where slug = 'real';
update consultations set closes_at = clock_timestamp() where slug = 'real';
select same(attach('g'), 'closed', 'closed'), same(fits(), 'closed', 'as asked before'), same(detach('b'), 'closed', 'nor removed'),
       same(upload_begin((select eve from who), null, 1, 'DDDDDDDDDD', 1::smallint, gen_random_uuid(), null, 'x', 1, 2, 20, 8), 'closed', 'nor in pieces');
update consultations set opens_at = clock_timestamp() + interval '1 hour', closes_at = clock_timestamp() + interval '2 hours' where slug = 'real';
select same(attach('g'), 'not-open', 'not open yet');
update consultations set opens_at = w.opens_at, closes_at = w.closes_at from windows w where slug = 'real';
select same(attach('g'), 'done', 'open'), same(detach('g'), 'done', 'g'), same(detach('b'), 'done', 'b');
select same((select count(*) from attachments where removed_at is null), 0::bigint, 'as before');

-- The window, by arrival: the second before the close, the close itself, the second after; the opening likewise.
create function window_at(p_opens interval, p_closes interval) returns void language sql as $$
    update consultations set opens_at = date_trunc('second', clock_timestamp()) + p_opens, closes_at = date_trunc('second', clock_timestamp()) + p_closes where slug = 'real' $$;
create function arrives(p_at timestamptz, p_text text) returns text language sql as $$
    select ask((select eve from who), document('beta', 'BBBBBBBBBB', p_text));
    select decide((select fay from who), document('beta', 'BBBBBBBBBB', p_text));
    select outcome from response_file((select eve from who), null, 'n', 1, document('beta', 'BBBBBBBBBB', p_text), p_at, '5 seconds', 1::smallint) $$;
select window_at('-1 day', '-1 second');
select same(arrives((select closes_at from consultations where slug = 'real'), 'at'), 'closed', 'at the close');
select same(arrives((select closes_at + interval '1 second' from consultations where slug = 'real'), 'after'), 'closed', 'after it, whatever the grace');
select same(arrives((select closes_at - interval '1 second' from consultations where slug = 'real'), 'before'), 'filed', 'a second before it');
select window_at('-1 second', '1 day');
select same(arrives((select opens_at - interval '1 second' from consultations where slug = 'real'), 'early'), 'not-open', 'before the opening');
select same(arrives((select opens_at from consultations where slug = 'real'), 'early'), 'filed', 'at the opening');

-- Machines: a confirmed key that is neither revoked nor over, and which begins a response where there is none.
insert into institution_keys (institution_id, label, token_hash, made_by, expires_at) select beta, 'm', h('token'), (select eve from who), now() + interval '1 day' from ids;
create function machine(p_text text) returns text language sql as $$
    select outcome || coalesce(' ' || version, '')
      from response_file(null, (select key_id from institution_keys), 'n', 1, document('beta', 'BBBBBBBBBB', p_text), clock_timestamp(), '5 seconds', 1::smallint) $$;
select same(machine('m'), 'not-found', 'not confirmed');
select same((select count(*) from response_of_key((select key_id from institution_keys), 1, 'DDDDDDDDDD', 1::smallint)), 0::bigint, 'opens nothing');
update institution_keys set confirmed_by = (select fay from who), confirmed_at = now();
select same((select number from response_of_key((select key_id from institution_keys), 1, 'DDDDDDDDDD', 1::smallint)), 'BBBBBBBBBB', 'the one there is');
select same((select count(*) from response_of_key((select key_id from institution_keys), 2, 'DDDDDDDDDD', 1::smallint)), 0::bigint, 'none in a rehearsal');
select same(machine('m'), 'filed 5', 'by the key alone'), same(machine('m'), 'replayed 5', 'and again');
-- Sent again after a newer one, it is what it was, and the newer one stays.
begin;
select same(machine('newer'), 'filed 6', 'another'), same(machine('m'), 'replayed 5', 'an old request again');
select same((select max(version) from filings join responses using (consultation_id, response_id) where number = 'BBBBBBBBBB'), 6, 'nothing came of it');
rollback;
-- A machine that files without end is stopped, and what it filed last stays good.
begin;
insert into filings (consultation_id, response_id, version, arrived_at, document, digest, receipt_key, language, publish)
select 1, response_id, 1000, now(), 'z', h('z'), 1, 1, true from responses where number = 'BBBBBBBBBB';
select same(machine('n'), 'too-many-filings', 'a thousand is enough');
rollback;
update institution_keys set revoked_at = now();
select same(machine('n'), 'not-found', 'revoked');

-- Publication: nothing is public before it is released, and only the latest is, with consent, of what was read.
select official_add('pat', 'Pat', false, true, h('pat'));
create function publish(p_number text, p_version integer, p_document text default null) returns text language sql as $$
    select official_filing_publish((select official_id from officials where login = 'pat'), 'n', 1, p_number, p_version,
        coalesce(digest(p_document), (select digest from filings join responses using (consultation_id, response_id) where number = p_number and version = p_version))) $$;
create function revision() returns bigint language sql as $$ select revision from consultations where slug = 'real' $$;
create table was (revision bigint);
insert into was select revision();
select same((select count(*) from published_filings), 0::bigint, 'nothing yet');
select same((select count(*) from published_stances), 0::bigint, 'no stance either');
select same(official_filing_waiting(1, 10), 2::bigint, 'two wait');
select same(publish('AAAAAAAAAA', 2), 'already-superseded', 'only the latest'), same(publish('AAAAAAAAAA', 4), 'not-found', 'none such');
select same(publish('AAAAAAAAAA', 3, alpha('z')), 'not-found', 'only what was read'), same(revision(), (select revision from was), 'nothing changed');
select same(publish('AAAAAAAAAA', 3), 'done', 'released'), same(revision(), (select revision + 1 from was), 'servers are told'), same(acts('response-published'), 1::bigint, 'written down');
select same((select string_agg(number || ' ' || version || ' ' || latest, ', ') from published_filings), 'AAAAAAAAAA 3 true', 'public');
select same((select string_agg(section || coalesce(' ' || stance, ''), ', ' order by section) from published_stances), 'measure-1-1 4, question-1', 'its stance');
select same((select versions from filing_state('AAAAAAAAAA', 1, digest(alpha('a')))), 3, 'a receipt of the first: two came after it');
select same((select count(*) from filing_state('AAAAAAAAAA', 1, digest(alpha('d')))), 0::bigint, 'no receipt of anything else');
-- A newer one is public once it is released, and the older stays where it was; taken back, the older is not what they say now.
select ask((select ada from who), alpha('e')), decide((select bob from who), alpha('e')), file((select ada from who), alpha('e'));
select same((select string_agg(version || ' ' || latest, ', ') from published_filings), '3 true', 'until it is released');
select same(publish('AAAAAAAAAA', 4), 'done', 'released');
select same((select string_agg(version || ' ' || latest, ', ' order by version) from published_filings), '3 false, 4 true', 'both, one superseded');
select same(official_filing_withhold(1, 'n', 1, 'AAAAAAAAAA', 4, 'because'), 'done', 'taken back'), same(official_filing_withhold(1, 'n', 1, 'AAAAAAAAAA', 4, 'because'), 'state-changed', 'once');
select same((select string_agg(version || ' ' || latest, ', ') from published_filings), '3 false', 'the older one at its own address and nowhere else'),
       same((select count(*) from published_stances), 0::bigint, 'counted no more');
select same((select withheld_reason from withheld_filings), 'because', 'and why, in public');
select same(publish('AAAAAAAAAA', 4), 'done', 'and released again');
select same((select count(*) from withheld_filings), 0::bigint, 'nothing is said of it then');
-- A later filing without consent takes all of it from the public at once.
update was set revision = revision();
select ask((select ada from who), alpha('f', 0)), decide((select bob from who), alpha('f', 0)), same(file((select ada from who), alpha('f', 0)), 'filed 5', 'without consent');
select same((select count(*) from published_filings), 0::bigint, 'gone'), same(revision(), (select revision + 1 from was), 'servers are told');
select same(publish('AAAAAAAAAA', 5), 'consent-missing', 'and stays so');
-- With consent again, that one alone is agreed to: what was taken back comes back by no other act.
select ask((select ada from who), alpha('g')), decide((select bob from who), alpha('g')), same(file((select ada from who), alpha('g')), 'filed 6', 'with consent again');
select same((select count(*) from published_filings), 0::bigint, 'nothing comes back by itself');
select same((select published from filing_state('AAAAAAAAAA', 3, (select digest from filings join responses using (consultation_id, response_id) where number = 'AAAAAAAAAA' and version = 3))), false, 'nor do receipts say so');
select same(publish('AAAAAAAAAA', 6), 'done', 'released');
select same((select string_agg(number || ' ' || version || ' ' || latest, ', ') from published_filings), 'AAAAAAAAAA 6 true', 'that one alone');
-- One document at a time, however many were filed.
select same((select string_agg(version || '', ', ') from official_filing_list(1, 'AAAAAAAAAA', 3) where document is not null), '3', 'the one that was asked for');
-- Where nothing is published before the close, nor are these.
update consultations set publication = publication || '{"after_close": true}' where slug = 'real';
select same(publish('BBBBBBBBBB', 5), 'not-closed', 'not before the close');
select window_at('-1 day', '-1 second');
select same(publish('BBBBBBBBBB', 5), 'done', 'after it');

-- A rehearsal's own: filed and published as it says, for made-up institutions in rehearsals only.
select same(rehearsal_response(2, 'alpha', 'EEEEEEEEEE', 1::smallint), null, 'no real body');
select same(rehearsal_response(2, 'gamma', 'EEEEEEEEEE', 1::smallint), 'EEEEEEEEEE', 'a made-up one');
create function made() returns text language sql as $$ select replace(document('gamma', 'EEEEEEEEEE', 'made up'), '"real"', '"rehearsal"') $$;
select same(rehearsal_file(2, 'gamma', made(), now() - interval '1 hour', 1::smallint), true, 'filed');
select same(rehearsal_file(2, 'gamma', made(), now() - interval '1 hour', 1::smallint), false, 'once');
select same((select count(*) from published_filings where consultation_id = 2), 1::bigint, 'public');
select same(rehearsal_file(1, 'alpha', alpha('g'), now(), 1::smallint), false, 'not in a real one');

-- The roles: the reader sees the views and nothing behind them; the officials' connections neither.
grant usage on schema tests to public;
create function as_role(p_role text, p_sql text) returns void language plpgsql as $$
begin
    execute format('set local role %I', p_role);
    execute p_sql;
    reset role;
end $$;
select as_role('consultation_reader', format('select from consultation.%I limit 1', v)) from unnest(array['published_filings', 'published_stances', 'withheld_filings']) as v;
select refused(format('select as_role(%L, %L)', 'consultation_reader', format('select from consultation.%I', t)), '42501')
  from unnest(array['filings', 'filing_stances', 'responses', 'response_sections', 'response_approvals', 'attachments']) as t;
select refused(format('select as_role(%L, %L)', 'consultation_official', format('select from consultation.%I', t)), '42501')
  from unnest(array['filings', 'filing_stances', 'responses', 'response_sections', 'response_approvals', 'attachments', 'published_filings']) as t;
select refused(format('select as_role(%L, %L)', 'consultation_official', f), '42501')
  from unnest(array['select consultation.rehearsal_file(2, $$gamma$$, $$$$, now(), 1::smallint)',
                    'select consultation.response_file_as(1, null, null, $$$$, 1, $${}$$, now(), null, 1::smallint)']) as f;
select refused($$select as_role('consultation_reader', 'select consultation.response_draft(1, 1)')$$, '42501');
