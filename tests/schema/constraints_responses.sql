-- The rules that the tables of institutional responses keep by themselves; after constraints.sql, which has `tried`.
set search_path = tests, consultation;

insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans) values ('first', 0, '一', 'First', '一'), ('second', 0, '二', 'Second', '二');
insert into officials (official_id, login, name, institution_id, member_roles)
select 50 + n, 'member' || n, 'M', (select institution_id from institutions where slug = 'first'), 7 from generate_series(1, 2) as n;
create function first_one() returns integer language sql as $$ select institution_id from institutions where slug = 'first' $$;

alter table responses alter column response_id drop identity;
create function response(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('responses', jsonb_build_object('consultation_id', 1, 'response_id', 2, 'institution_id', (select institution_id from institutions where slug = 'second'),
        'number', '0123456789', 'language', 0, 'publish', true, 'created_at', '2026-11-26'), p_change, p_constraint, p_state);
$$;
insert into responses (consultation_id, response_id, institution_id, number, language) values (1, 1, first_one(), 'ZZZZZZZZZZ', 1);
select response('{"response_id": 1}', 'responses_pkey', '23505');
select response('{"consultation_id": 99}', 'responses_consultation_fkey', '23503'), response('{"institution_id": 99}', 'responses_institution_fkey', '23503');
select response(jsonb_build_object('institution_id', first_one()), 'responses_institution_key', '23505');
select response('{"number": "ZZZZZZZZZZ"}', 'responses_number_key', '23505');
select response(jsonb_build_object('number', number), 'responses_number') from unnest(array['', 'ZZZZZZZZZ', 'zzzzzzzzzz', 'ILOUILOUIL']) as number;
select response('{"language": 3}', 'responses_language');

create function section(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('response_sections', '{"consultation_id": 1, "response_id": 1, "section": "measure-1-3", "version": 2, "stance": 5, "text": "", "autosaved": false,
        "changed_by": 51, "changed_at": "2026-11-26"}', p_change, p_constraint, p_state);
$$;
insert into response_sections (consultation_id, response_id, section, version, text, changed_by) values (1, 1, 'measure-1-3', 1, 't', 51);
select section('{"version": 1}', 'response_sections_pkey', '23505');
select section('{"response_id": 9}', 'response_sections_response_fkey', '23503'), section('{"consultation_id": 2}', 'response_sections_response_fkey', '23503');
select section('{"changed_by": 99}', 'response_sections_changed_fkey', '23503');
select section(jsonb_build_object('section', section), 'response_sections_section')
  from unnest(array['measure-0-1', 'measure-1', 'direction-', 'direction-100', 'summary ', 'other']) as section;
select section('{"version": 0}', 'response_sections_version'), section('{"stance": 6}', 'response_sections_stance'),
       section('{"section": "summary"}', 'response_sections_stance'), section('{"wording": 0}', 'response_sections_wording');
select section(jsonb_build_object('text', repeat('a', 20001)), 'response_sections_text');

create function assignment(p_change jsonb, p_constraint text) returns void language sql as $$
    select tried('response_assignments', '{"consultation_id": 1, "response_id": 1, "section": "summary", "official_id": 51}', p_change, p_constraint, '23503');
$$;
select assignment('{"response_id": 9}', 'response_assignments_response_fkey'), assignment('{"official_id": 99}', 'response_assignments_official_fkey');

create function comment_said(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('response_comments', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'comment_id', gen_random_uuid(), 'section', 'summary', 'version', 0,
        'official_id', 51, 'text', 't', 'said_at', '2026-11-26'), p_change, p_constraint, p_state);
$$;
select comment_said('{"response_id": 9}', 'response_comments_response_fkey', '23503'), comment_said('{"official_id": 99}', 'response_comments_official_fkey', '23503'),
       comment_said('{"resolved_by": 99, "resolved_at": "2026-11-26"}', 'response_comments_resolved_fkey', '23503'),
       comment_said('{"resolved_by": 51}', 'response_comments_resolved');
select comment_said(jsonb_build_object('text', text), 'response_comments_text') from unnest(array['', repeat('a', 2001)]) as text;

create function attached(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('attachments', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'attachment_id', gen_random_uuid(), 'filed', false, 'sha256', sha256('a'), 'name', 'a.pdf',
        'media_type', 'application/pdf', 'bytes', 1, 'added_at', '2026-11-26'), p_change, p_constraint, p_state);
$$;
select attached('{"response_id": 9}', 'attachments_response_fkey', '23503'), attached('{"added_by": 99}', 'attachments_added_fkey', '23503');
select attached('{"sha256": "\\x00"}', 'attachments_sha256'), attached('{"media_type": "text/html"}', 'attachments_media_type'), attached('{"bytes": 0}', 'attachments_bytes');
select attached(jsonb_build_object('name', name), 'attachments_name') from unnest(array['', '../a.pdf', E'a\\b', E'a\nb', repeat('a', 121)]) as name;
insert into attachments (consultation_id, response_id, sha256, name, media_type, bytes) values (1, 1, sha256('a'), 'a.pdf', 'application/pdf', 1);
select attached('{}', 'attachments_name_once', '23505');
select attached('{"name": "b.pdf", "swept_at": "2026-11-26"}', 'attachments_swept'),
       attached('{"name": "b.pdf", "swept_at": "2026-11-26", "removed_at": "2026-11-26", "filed": true}', 'attachments_swept');

create function approval(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('response_approvals', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'approval_id', gen_random_uuid(), 'digest', sha256('d'), 'asked_by', 51,
        'asked_at', '2026-11-26', 'note', '', 'decided_by', 52, 'decided_at', '2026-11-26', 'approved', true), p_change, p_constraint, p_state);
$$;
select approval('{"response_id": 9}', 'response_approvals_response_fkey', '23503'), approval('{"asked_by": 99}', 'response_approvals_asked_fkey', '23503'),
       approval('{"decided_by": 99}', 'response_approvals_decided_fkey', '23503');
select approval('{"digest": "\\x00"}', 'response_approvals_digest'), approval('{"decided_by": 51}', 'response_approvals_two'),
       approval('{"approved": null}', 'response_approvals_decided'), approval('{"decided_at": null}', 'response_approvals_decided'),
       approval(jsonb_build_object('note', repeat('a', 2001)), 'response_approvals_note');
insert into response_approvals (consultation_id, response_id, approval_id, digest, asked_by) values (1, 1, '33333333-3333-4333-8333-333333333333', sha256('d'), 51);
select approval('{"decided_by": null, "decided_at": null, "approved": null}', 'response_approvals_open', '23505');

create function filed(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('filings', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'version', 1, 'arrived_at', '2026-11-26', 'document', '{}', 'digest', sha256('{}'),
        'receipt_key', 1, 'filed_by', 51, 'approval_id', '33333333-3333-4333-8333-333333333333', 'language', 0, 'publish', true), p_change, p_constraint, p_state);
$$;
select filed('{"response_id": 9}', 'filings_response_fkey', '23503'), filed('{"filed_by": 99}', 'filings_filed_fkey', '23503'),
       filed('{"filed_by": null, "approval_id": null, "key_id": "33333333-3333-4333-8333-333333333333"}', 'filings_key_fkey', '23503'),
       filed('{"approval_id": "44444444-4444-4444-8444-444444444444"}', 'filings_approval_fkey', '23503'),
       filed('{"published_at": "2026-11-26", "published_by": 99}', 'filings_published_fkey', '23503');
select filed('{"version": 0}', 'filings_version'), filed('{"document": "{ }"}', 'filings_digest'), filed('{"filed_by": null}', 'filings_who'),
       filed('{"approval_id": null}', 'filings_who'), filed('{"published_by": 1}', 'filings_published'),
       filed('{"withheld_at": "2026-11-26"}', 'filings_withheld'), filed('{"language": 3}', 'filings_language'),
       filed('{"published_at": "2026-11-26", "publish": false}', 'filings_consent'), filed('{"withheld_by": 1}', 'filings_withheld_official'),
       filed('{"withheld_at": "2026-11-26", "withheld_reason": "why", "withheld_by": 99}', 'filings_withheld_fkey', '23503');
insert into filings (consultation_id, response_id, version, arrived_at, document, digest, receipt_key, language, publish) values (1, 1, 7, '2026-11-26', '{}', sha256('{}'), 1, 0, true);
create function taken(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('filing_stances', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'version', 7, 'section', 'measure-1-1', 'stance', 4, 'says', false),
        p_change, p_constraint, p_state);
$$;
select taken('{"version": 8}', 'filing_stances_filing_fkey', '23503'), taken('{"stance": 6}', 'filing_stances_stance'), taken('{"stance": null}', 'filing_stances_something');
create function uploaded(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('uploads', jsonb_build_object('consultation_id', 1, 'response_id', 1, 'upload_id', gen_random_uuid(), 'name', 'a', 'bytes', 1,
        'started_at', now(), 'expires_at', now()), p_change, p_constraint, p_state);
$$;
select uploaded('{"response_id": 9}', 'uploads_response_fkey', '23503'), uploaded('{"started_by": 99}', 'uploads_started_fkey', '23503');
select uploaded('{"sha256": "\\x00"}', 'uploads_sha256'), uploaded('{"name": ""}', 'uploads_name'), uploaded('{"bytes": 0}', 'uploads_bytes');
