-- Each rule that a table keeps by itself, broken once from a row known to be good, and known by its name.
set search_path = tests, consultation;

-- Tries an insert that differs from a good one in some columns, given as JSON.
create function tried(p_table regclass, p_good jsonb, p_change jsonb, p_constraint text, p_state text default '23514') returns void language plpgsql as $$
begin
    perform refused(format('insert into %1$s select (jsonb_populate_record(null::%1$s, %2$L)).*', p_table, p_good || p_change), p_state, p_constraint);
end $$;

-- submissions: identity columns are given by hand.
alter table submissions alter column submission_id drop identity;
create function submission(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('submissions', jsonb_build_object('submission_id', 7, 'arrived_at', now(), 'withheld', 0, 'priorities', 1, 'consultation_id', 1, 'day', current_date,
        'state', 'counted', 'kind', 1, 'identity_kind', 1, 'language', 0, 'channel', 1, 'consent', 1, 'receipt_key', 1, 'master', 1, 'generation', 1,
        'proven', false, 'unchallenged', true, 'within_grace', false, 'submission_key', '11111111-1111-4111-8111-111111111111', 'number', '0123456789',
        'commitment', sha256('c'), 'content_hash', sha256('h'), 'identity_hash', sha256('i'), 'salt', sha256('s'), 'stances', '\x050505'::bytea, 'versions', '\x010101'::bytea),
        p_change, p_constraint, p_state);
$$;
insert into submissions select (jsonb_populate_record(null::submissions, jsonb_build_object('submission_id', 1, 'arrived_at', now(), 'withheld', 0, 'priorities', 1,
        'consultation_id', 1, 'day', current_date, 'state', 'counted', 'kind', 1, 'identity_kind', 1, 'language', 0, 'channel', 1, 'consent', 1, 'receipt_key', 1, 'master', 1,
        'generation', 1, 'proven', false, 'unchallenged', true, 'within_grace', false, 'submission_key', '22222222-2222-4222-8222-222222222222', 'number', 'ZZZZZZZZZZ',
        'commitment', sha256('c'), 'content_hash', sha256('h'), 'identity_hash', sha256('other'), 'salt', sha256('s'), 'stances', '\x050505'::bytea, 'versions', '\x010101'::bytea))).*;
insert into remarks (submission_id, consultation_id, part, ordinal, version, publish, original) values (1, 1, 0, 1, 1, true, 'words');

select submission('{"submission_id": 1}', 'submissions_pkey', '23505');
select submission('{"number": "ZZZZZZZZZZ"}', 'submissions_number_key', '23505');
select submission('{"submission_key": "22222222-2222-4222-8222-222222222222"}', 'submissions_submission_key_key', '23505');
select submission(jsonb_build_object('identity_hash', sha256('other')), 'submissions_identity_counted', '23505');
select submission('{"consultation_id": 99}', 'submissions_consultation_fkey', '23503');
select submission('{"consultation_id": 2, "supersedes": 1}', 'submissions_supersedes_fkey', '23503');
select submission('{"number": "012345678"}', 'submissions_number');
select submission('{"number": "012345678I"}', 'submissions_number');
select submission('{"number": "012345678a"}', 'submissions_number');
select submission('{"kind": 3}', 'submissions_kind');
select submission('{"identity_kind": 5}', 'submissions_identity_kind');
select submission('{"identity_kind": 0}', 'submissions_identity_hash');
select submission('{"identity_hash": null}', 'submissions_identity_hash');
select submission('{"identity_hash": "\\x00"}', 'submissions_identity_hash');
select submission('{"identity_kind": 0, "identity_hash": null, "proven": true}', 'submissions_proven');
select submission('{"language": 3}', 'submissions_language');
select submission('{"channel": 7, "received_on": "2026-11-23"}', 'submissions_channel');
select submission('{"channel": 3}', 'submissions_attested');
select submission('{"received_on": "2026-11-23"}', 'submissions_received_on');
select submission('{"consent": 2}', 'submissions_consent');
select submission('{"consent": 3, "kind": 2}', 'submissions_consent');
select submission('{"organisation": "a person"}', 'submissions_organisation');
select submission('{"priorities": 15}', 'submissions_priorities');
select submission('{"commitment": "\\x00"}', 'submissions_commitment');
select submission('{"generation": 0}', 'submissions_generation');
select submission('{"supersedes": 7}', 'submissions_supersedes');
select submission('{"state": "set aside", "state_changed_at": "2026-11-23"}', 'submissions_state_reason');
select submission('{"state": "set aside", "state_reason": "why", "state_changed_at": "2026-11-23"}', 'submissions_set_aside_reason');
select submission('{"state": "set aside", "state_reason": "trial"}', 'submissions_state_changed_at');
select submission('{"salt": null}', 'submissions_erased');
select submission('{"salt": "\\x00"}', 'submissions_erased');
select submission('{"content_hash": null}', 'submissions_erased');
select submission('{"stances": null}', 'submissions_erased');
select submission('{"versions": "\\x0101"}', 'submissions_erased');
select submission('{"erased_at": "2026-11-23"}', 'submissions_erased');
select submission('{"state": "withdrawn", "state_reason": "why", "state_changed_at": "2026-11-23"}', 'submissions_erased');
update submissions set state = 'superseded', state_reason = 'amended', state_changed_at = now() where submission_id = 1;
insert into submissions select (jsonb_populate_record(s, '{"submission_id": 2, "supersedes": 1, "number": "YYYYYYYYYY", "submission_key": "33333333-3333-4333-8333-333333333333", "state": "counted"}')).* from submissions s;
select submission('{"supersedes": 1}', 'submissions_superseded_once', '23505');

create function remark(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('remarks', '{"submission_id": 1, "consultation_id": 1, "part": 0, "ordinal": 2, "version": 1, "moderation": 0, "publish": true, "original": "words", "decisions": 0}', p_change, p_constraint, p_state);
$$;
select remark('{"ordinal": 1}', 'remarks_pkey', '23505');
select remark('{"submission_id": 9}', 'remarks_submission_fkey', '23503');
select remark('{"consultation_id": 2}', 'remarks_submission_fkey', '23503');
select remark('{"part": 2}', 'remarks_part');
select remark('{"ordinal": 0}', 'remarks_ordinal');
select remark('{"version": 256}', 'remarks_version');
select remark('{"moderation": 4}', 'remarks_moderation');
select remark('{"original": ""}', 'remarks_original');
select remark('{"published": "words"}', 'remarks_published');
select remark('{"moderation": 1}', 'remarks_published');
select remark('{"decisions": -1}', 'remarks_decisions');
select remark('{"moderated_at": "2026-11-24"}', 'remarks_moderated');
select remark('{"moderated_at": "2026-11-24", "moderated_by": 999}', 'remarks_moderated_fkey', '23503');
select remark('{"moderation_reason": "abusive"}', 'remarks_reason');
select remark('{"moderation": 3, "moderation_reason": "an opinion"}', 'remarks_reason_code');
select remark('{"moderation": 3, "moderated_at": "2026-11-24", "moderated_by": 1}', 'remarks_reason_given');
select remark('{"moderation": 2, "published": "wo[…]"}', 'remarks_removed');
select remark('{"moderation": 2, "published": "words", "removed": "{}"}', 'remarks_removed');
select remark('{"moderation": 2, "published": "wo[…]", "removed": "{[2,6)}"}', 'remarks_removed');
select remark('{"moderation": 1, "published": "other words"}', 'remarks_words');
select remark('{"moderation": 2, "published": "other […]", "removed": "{[2,5)}"}', 'remarks_words');
select remark('{"release": 9, "position": 1, "day": "2026-11-24"}', 'remarks_release_fkey', '23503');
select remark('{"release": 1}', 'remarks_release');
select remark('{"stance": 3}', 'remarks_stance');
select remark('{"release": 1, "position": 1, "day": "2026-11-24", "stance": 6}', 'remarks_stance');
select remark('{"release": 1, "position": 0, "day": "2026-11-24"}', 'remarks_position');
select refused($$update remarks set original = 'others'$$, '23000', 'remarks_immutable');
select refused($$update remarks set publish = false$$, '23000', 'remarks_immutable');

create function tally(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('tallies', '{"received": 1, "counted": 1, "held": 0, "superseded": 0, "withdrawn": 0, "set_aside": 0, "consultation_id": 1, "day": "2026-11-23", "kind": 1, "language": 0, "channel": 1,
        "slot": 1, "proven": false, "cells": [], "aside_duplicate": 0, "aside_automated": 0, "aside_impersonation": 0, "aside_entry_error": 0, "aside_trial": 0,
        "aside_on_request": 0}', p_change, p_constraint, p_state);
$$;
select tally('{"received": 2}', 'tallies_received');
select tally('{"held": 1}', 'tallies_received');
select tally('{"received": 2, "set_aside": 1}', 'tallies_set_aside');
select tally('{"aside_trial": 1}', 'tallies_set_aside');
select tally('{"cells": [1, 2, 3]}', 'tallies_cells');
select tally('{"slot": 256}', 'tallies_slot');
select tally('{"consultation_id": 99}', 'tallies_consultation_fkey', '23503');

create function consultation(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('consultations', jsonb_build_object('consultation_id', 9, 'slug', 'good', 'rehearsal', false, 'opens_at', '2026-01-01', 'closes_at', '2026-03-01', 'grace', '0',
        'entry_days', 14, 'identity_kinds', 6, 'proofs', 2, 'normalisation', 1, 'limits', '{}'::jsonb, 'publication', '{}'::jsonb, 'complete', false, 'revision', 1,
        'document_hash', sha256('d'), 'created_at', now()), p_change, p_constraint, p_state);
$$;
alter table consultations alter column consultation_id drop identity;
select consultation('{"slug": "real"}', 'consultations_slug_key', '23505');
select consultation('{"slug": "Bad"}', 'consultations_slug');
select consultation('{"slug": "a--b"}', 'consultations_slug');
select consultation('{"closes_at": "2026-01-01"}', 'consultations_window');
select consultation('{"grace": "2 days"}', 'consultations_grace');
select consultation('{"grace": "-1 s"}', 'consultations_grace');
select consultation('{"entry_days": -1}', 'consultations_entry_days');
select consultation('{"identity_kinds": 16}', 'consultations_identity_kinds');
select consultation('{"proofs": 0}', 'consultations_proofs');
select consultation('{"proofs": 16}', 'consultations_proofs');
select consultation('{"normalisation": 0}', 'consultations_normalisation');
select consultation('{"revision": 0}', 'consultations_revision');
select consultation('{"document_hash": "\\x00"}', 'consultations_document_hash_length');
select consultation('{"identity_check": "\\x00"}', 'consultations_identity_check_length');
select consultation('{"final_release_at": "2026-02-01"}', 'consultations_final_release');
select consultation('{"complete": true}', 'consultations_complete', '23000');
select refused($$update consultations set slug = 'other' where slug = 'real'$$, '23000', 'consultations_fixed');
select refused($$update consultations set rehearsal = not rehearsal$$, '23000', 'consultations_fixed');
select refused($$update consultations set normalisation = 2$$, '23000', 'consultations_fixed');
select refused($$update consultations set revision = revision - 1$$, '23000', 'consultations_revision_raised');

select tried('texts', '{"consultation_id": 1, "key": "title", "version": 2, "language": 0, "body": "words", "note": "why", "created_at": "2026-11-23"}', c.change::jsonb, c.name, c.state)
  from (values ('{"version": 1}', 'texts_pkey', '23505'), ('{"version": 256}', 'texts_version', '23514'), ('{"language": 3}', 'texts_language', '23514'),
               ('{"body": ""}', 'texts_body', '23514'), ('{"note": null}', 'texts_note', '23514'), ('{"consultation_id": 99}', 'texts_consultation_fkey', '23503')) as c (change, name, state);

-- What has been open to the public is not edited; a correction is a new version, in all languages at once.
select refused($$update texts set body = 'others' where consultation_id = 1$$, '23000', 'content_published');
select refused($$delete from texts where consultation_id = 1$$, '23000', 'content_published');
select refused($$insert into measures values (1, 4, '2-2', 2)$$, '23000', 'content_published');
select refused($$update measures set ordinal = 9 where ordinal = 3$$, '23000', 'content_published');
select refused($$delete from questions$$, '23000', 'content_published');
select refused($$insert into sectors values (1, 2, 'health')$$, '23000', 'content_published');
insert into sectors values (1, 1, 'education') on conflict do nothing;
-- The glossary only grows.
select refused($$delete from terms$$, '23000', 'content_published');
select refused($$update terms set code = 'other'$$, '23000', 'content_published');
insert into terms values (1, 2, 'park');
begin;
insert into texts (consultation_id, key, version, language, body, note) select 1, 'title', 2, n, 'better words', 'a slip' from generate_series(0, 2) as n;
commit;
begin;
insert into texts (consultation_id, key, version, language, body, note) values (1, 'title', 3, 0, 'words', 'why');
select refused($$set constraints texts_whole immediate$$, '23000', 'texts_whole');
rollback;

-- Releases, the record and the keys' check values are only added to.
insert into releases values (1, 1, now(), false, 10, '{}');
select refused($$update releases set document = '{"a": 1}'$$, '23000', 'releases_kept');
select refused($$delete from releases$$, '23000', 'releases_kept');
select refused($$truncate releases cascade$$, '23000', 'releases_kept');
select refused($$insert into releases values (1, 1, now(), false, 10, '{}')$$, '23505', 'releases_pkey');
select refused($$insert into releases values (1, 0, now(), false, 10, '{}')$$, '23514', 'releases_number');
select refused($$insert into releases values (1, 2, now(), false, -1, '{}')$$, '23514', 'releases_respondents');
select refused($$insert into releases values (1, 2, now(), false, 10, '{')$$, '22P02');
insert into releases values (1, 2, now(), true, 10, '{}');
select refused($$insert into releases values (1, 3, now(), true, 10, '{}')$$, '23505', 'releases_final_once');

insert into extensions values (1, 1, now(), now() + interval '1 day', now() + interval '2 days', '{a,b,c}');
select refused($$insert into extensions values (1, 1, now(), now() + interval '2 days', now() + interval '3 days', '{a,b,c}')$$, '23505', 'extensions_pkey');
select refused($$insert into extensions values (99, 1, now(), now() + interval '1 day', now() + interval '2 days', '{a,b,c}')$$, '23503', 'extensions_consultation_fkey');
select refused($$insert into extensions values (1, 0, now(), now() + interval '1 day', now() + interval '2 days', '{a,b,c}')$$, '23514', 'extensions_number');
select refused($$insert into extensions values (1, 2, now(), now() + interval '1 day', now() + interval '1 day', '{a,b,c}')$$, '23514', 'extensions_later');
select refused($$insert into extensions values (1, 2, now(), now(), now() + interval '1 day', '{a,b,c}')$$, '23514', 'extensions_later');
select refused($$insert into extensions values (1, 2, now(), now() + interval '1 day', now() + interval '2 days', '{a,b,c,d}')$$, '23514', 'extensions_reasons');
select same(key_check('master', 1::smallint, sha256('a')), true, 'the first use of a key');
select same(key_check('master', 1::smallint, sha256('a')), true, 'the same again');
select same(key_check('master', 1::smallint, sha256('b')), false, 'another key under its id');
select refused($$update key_checks set check_value = sha256('b')$$, '23000', 'key_checks_kept');
select refused($$select key_check('other', 1::smallint, sha256('a'))$$, '23514', 'key_checks_purpose');
select refused($$select key_check('master', 2::smallint, '\x00')$$, '23514', 'key_checks_value_length');

create function challenge(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('challenges', jsonb_build_object('consultation_id', 1, 'challenge_id', '11111111-1111-4111-8111-111111111111', 'expires_at', '2026-01-01', 'proof', 2,
        'identity_kind', 1, 'tries', 0, 'master', 1, 'submission_key', '11111111-1111-4111-8111-111111111111', 'identity_hash', sha256('i'), 'code_hash', sha256('c')),
        p_change, p_constraint, p_state);
$$;
select challenge('{"consultation_id": 99}', 'challenges_consultation_fkey', '23503');
select challenge('{"proof": 1}', 'challenges_proof');
select challenge('{"identity_kind": 0}', 'challenges_identity_kind');
select challenge('{"tries": 6}', 'challenges_tries');
select challenge('{"identity_hash": "\\x00"}', 'challenges_identity_hash');
select challenge('{"code_hash": "\\x00"}', 'challenges_code_hash');
select challenge('{"code_hash": null}', 'challenges_signed_in');
select challenge('{"identity_hash": null, "code_hash": null}', 'challenges_awaited');
select challenge('{"returned_at": "2026-01-01"}', 'challenges_returned_at');
select challenge('{"renews": "0123456789A"}', 'challenges_renews');
select challenge('{"renewed": 2}', 'challenges_renewed');
select challenge('{"renews": "0123456789", "renewed": 1}', 'challenges_renewed');

create function act(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('challenge_acts', jsonb_build_object('act_id', 1, 'consultation_id', 1, 'acted_at', '2026-01-01', 'act', 1, 'identity_hash', sha256('i'), 'source_hash', sha256('s')),
        p_change, p_constraint, p_state);
$$;
alter table challenge_acts alter column act_id drop identity;
select act('{"consultation_id": 99}', 'challenge_acts_consultation_fkey', '23503');
select act('{"act": 3}', 'challenge_acts_act');
select act('{"identity_hash": "\\x00"}', 'challenge_acts_identity_hash');
select act('{"source_hash": "\\x00"}', 'challenge_acts_source_hash');

-- Saved forms.
create function saved_form(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('saved_forms', jsonb_build_object('consultation_id', 1, 'find_hash', sha256('f'), 'expires_at', '2026-01-01', 'sealed', '\x' || repeat('00', 1064)), p_change, p_constraint, p_state);
$$;
select saved_form('{"consultation_id": 99}', 'saved_forms_consultation_fkey', '23503');
select saved_form('{"find_hash": "\\x00"}', 'saved_forms_find_hash');
select saved_form('{"sealed": "\\x00"}', 'saved_forms_sealed');
select saved_form(jsonb_build_object('sealed', '\x' || repeat('00', 262185)), 'saved_forms_sealed');
select tried('saved_form_totals', '{"consultation_id": 1, "forms": 0, "bytes": 0}', '{"consultation_id": 99}', 'saved_form_totals_consultation_fkey', '23503');
select tried('saved_form_totals', '{"consultation_id": 1, "forms": 0, "bytes": 0}', '{"forms": -1}', 'saved_form_totals_forms', '23514');
select tried('saved_form_totals', '{"consultation_id": 1, "forms": 0, "bytes": 0}', '{"bytes": -1}', 'saved_form_totals_bytes', '23514');
insert into saved_forms values (1, sha256('f'), now(), convert_to(rpad('', 1064), 'UTF8'));
select saved_form('{"consultation_id": 2}', 'saved_forms_find_hash_key', '23505');

-- Officials, and what belongs to an account.
insert into officials (login, name) values ('ann', 'Ann'), ('bea', 'Bea');
alter table officials alter column official_id drop identity;
create function official(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('officials', '{"official_id": 9, "login": "cat", "name": "Cat", "administrator": false, "second_factor": true, "totp_step": 0,
        "codes_wrong": 0, "refused": 0, "created_at": "2026-01-01"}', p_change, p_constraint, p_state);
$$;
select official('{"login": "ann"}', 'officials_login_key', '23505');
select official(jsonb_build_object('login', login), 'officials_login')
  from unnest(array['a', '1a', 'Ann', 'a--b', 'a-', 'a.b', 'a b', repeat('a', 33)]) as login;
select official(jsonb_build_object('name', name), 'officials_name') from unnest(array['', repeat('a', 101)]) as name;
select official('{"password_hash": "plain", "password_changed_at": "2026-01-01"}', 'officials_password');
select official('{"password_hash": "$argon2id$x"}', 'officials_password');
select official('{"totp_sealed": "\\x00", "totp_master": 1}', 'officials_totp');
select official('{"totp_master": 1}', 'officials_totp');
select official('{"totp_active_at": "2026-01-01"}', 'officials_totp');
select official('{"totp_step": -1}', 'officials_totp_step');
select official('{"refused": -1}', 'officials_refused'), official('{"codes_wrong": -1}', 'officials_refused');

create function granted(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_grants', '{"consultation_id": 1, "official_id": 1, "role": 0, "granted_at": "2026-01-01"}', p_change, p_constraint, p_state);
$$;
select granted('{"consultation_id": 99}', 'official_grants_consultation_fkey', '23503');
select granted('{"official_id": 99}', 'official_grants_official_fkey', '23503');
select granted('{"role": 5}', 'official_grants_role'), granted('{"role": -1}', 'official_grants_role');

create function setup(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_setups', jsonb_build_object('official_id', 1, 'token_hash', sha256('t'), 'expires_at', '2026-01-01'), p_change, p_constraint, p_state);
$$;
select setup('{"official_id": 99}', 'official_setups_official_fkey', '23503');
select setup('{"token_hash": "\\x00"}', 'official_setups_token_hash');
insert into official_setups values (2, sha256('t'), now());
select setup('{}', 'official_setups_token_key', '23505');

create function recovery(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_recovery_codes', jsonb_build_object('official_id', 1, 'code_hash', sha256('r')), p_change, p_constraint, p_state);
$$;
select recovery('{"official_id": 99}', 'official_recovery_codes_official_fkey', '23503');
select recovery('{"code_hash": "\\x00"}', 'official_recovery_codes_hash');

create function session(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_sessions', jsonb_build_object('session_id', gen_random_uuid(), 'official_id', 1, 'token_hash', sha256('s'), 'stage', 1, 'tries', 0,
        'started_at', '2026-01-01', 'seen_at', '2026-01-01', 'expires_at', '2026-01-01', 'network', 'n', 'agent', 'a'), p_change, p_constraint, p_state);
$$;
select session('{"official_id": 99}', 'official_sessions_official_fkey', '23503');
select session('{"token_hash": "\\x00"}', 'official_sessions_token_hash');
select session('{"stage": 3}', 'official_sessions_stage'), session('{"tries": 6}', 'official_sessions_tries');
select session(jsonb_build_object(field, repeat('a', 65)), 'official_sessions_texts') from unnest(array['network', 'agent']) as field;
insert into official_sessions (official_id, token_hash, stage, expires_at, network, agent) values (2, sha256('s'), 1, now(), 'n', 'a');
select session('{}', 'official_sessions_token_key', '23505');

create function token(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_tokens', jsonb_build_object('token_id', gen_random_uuid(), 'official_id', 1, 'consultation_id', 1, 'role', 0, 'label', 'l',
        'token_hash', sha256('k'), 'created_at', '2026-01-01', 'expires_at', '2026-01-02'), p_change, p_constraint, p_state);
$$;
select token('{"official_id": 99}', 'official_tokens_official_fkey', '23503');
select token('{"consultation_id": 99}', 'official_tokens_consultation_fkey', '23503');
select token('{"role": 6}', 'official_tokens_role'), token('{"role": 5}', 'official_tokens_role'), token('{"consultation_id": null}', 'official_tokens_role');
select token(jsonb_build_object('label', label), 'official_tokens_label') from unnest(array['', repeat('a', 61)]) as label;
select token('{"token_hash": "\\x00"}', 'official_tokens_token_hash');
select token('{"expires_at": "2027-01-03"}', 'official_tokens_expires');
insert into official_tokens (official_id, consultation_id, role, label, token_hash, expires_at) values (2, 1, 0, 'l', sha256('k'), now());
select token('{}', 'official_tokens_token_key', '23505');

create function reset(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_resets', '{"official_id": 1, "proposed_by": 2, "expires_at": "2026-01-01"}', p_change, p_constraint, p_state);
$$;
select reset('{"official_id": 99}', 'official_resets_official_fkey', '23503');
select reset('{"proposed_by": 99}', 'official_resets_proposed_fkey', '23503');
select reset('{"proposed_by": 1}', 'official_resets_two');

create function subject(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('official_subjects', jsonb_build_object('official_id', 1, 'subject_hash', sha256('s'), 'master', 1, 'bound_at', '2026-01-01'),
                 p_change, p_constraint, p_state);
$$;
select subject('{"official_id": 99}', 'official_subjects_official_fkey', '23503');
select subject('{"subject_hash": "\\x00"}', 'official_subjects_subject_hash');
insert into official_subjects (official_id, subject_hash, master) values (2, sha256('s'), 1);
select subject('{}', 'official_subjects_subject_key', '23505');
select subject(jsonb_build_object('official_id', 2, 'subject_hash', sha256('t')), 'official_subjects_pkey', '23505');

create function proposal(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('state_proposals', jsonb_build_object('submission_id', 1, 'proposed_at', '2026-11-25', 'expires_at', '2026-11-26', 'consultation_id', 1, 'proposed_by', 1,
        'proposal_id', gen_random_uuid(), 'state_before', 'counted', 'state_wanted', 'set aside', 'reason', 'trial'), p_change, p_constraint, p_state);
$$;
select proposal('{"submission_id": 99}', 'state_proposals_submission_fkey', '23503'), proposal('{"consultation_id": 2}', 'state_proposals_submission_fkey', '23503');
select proposal('{"proposed_by": 99}', 'state_proposals_proposed_fkey', '23503');
select proposal('{"outcome": "rejected", "decided_at": "2026-11-25", "decided_by": 99}', 'state_proposals_decided_fkey', '23503');
select proposal(states || '{"reason": null, "note": "n"}', 'state_proposals_states')
  from unnest(array['{"state_wanted": "held"}', '{"state_before": "withdrawn", "state_wanted": "counted"}', '{"state_wanted": "withdrawn"}']::jsonb[]) as states;
select proposal('{"reason": null}', 'state_proposals_reason'), proposal('{"reason": "I disagree"}', 'state_proposals_reason'),
       proposal('{"state_before": "held", "state_wanted": "counted", "note": "n"}', 'state_proposals_reason'),
       proposal('{"state_before": "held", "state_wanted": "counted", "reason": null}', 'state_proposals_reason');
select proposal(jsonb_build_object('note', note), 'state_proposals_note') from unnest(array['', repeat('a', 501)]) as note;
select proposal('{"outcome": "done", "decided_at": "2026-11-25", "decided_by": 2}', 'state_proposals_outcome');
select proposal('{"outcome": "rejected", "decided_by": 2}', 'state_proposals_decided'), proposal('{"decided_by": 2}', 'state_proposals_decided'),
       proposal('{"outcome": "expired", "decided_at": "2026-11-25", "decided_by": 2}', 'state_proposals_decided'),
       proposal('{"outcome": "confirmed", "decided_at": "2026-11-25"}', 'state_proposals_decided');
select proposal(jsonb_build_object('outcome', outcome, 'decided_at', '2026-11-25', 'decided_by', 1), 'state_proposals_two') from unnest(array['confirmed', 'rejected']) as outcome;
select proposal('{"expires_at": "2026-11-25"}', 'state_proposals_expires');
insert into state_proposals (consultation_id, submission_id, proposed_by, expires_at, state_before, state_wanted, reason) values (1, 1, 1, now() + interval '1 day', 'counted', 'set aside', 'trial');
select proposal('{}', 'state_proposals_open', '23505');
insert into assisted_entries values (1, 1, 1);
create function typed(p_change jsonb, p_constraint text, p_state text) returns void language sql as $$
    select tried('assisted_entries', '{"submission_id": 2, "consultation_id": 1, "official_id": 1}', p_change, p_constraint, p_state);
$$;
select typed('{"submission_id": 1}', 'assisted_entries_pkey', '23505');
select typed('{"submission_id": 99}', 'assisted_entries_submission_fkey', '23503'), typed('{"consultation_id": 2}', 'assisted_entries_submission_fkey', '23503');
select typed('{"official_id": 99}', 'assisted_entries_official_fkey', '23503');
