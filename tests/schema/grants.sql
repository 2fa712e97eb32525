-- Each role tried for what it must not do, and for the little it may.
set search_path = tests, consultation;
grant usage on schema tests to public;

-- What a role is refused for lack of rights.
create function denied(p_role text, p_sql text) returns void language plpgsql as $$
begin
    execute format('set local role %I', p_role);
    perform tests.refused(p_sql, '42501');
    reset role;
end $$;
create function allowed(p_role text, p_sql text) returns void language plpgsql as $$
begin
    execute format('set local role %I', p_role);
    execute p_sql;
    reset role;
exception when insufficient_privilege then
    raise exception '% may not: %', p_role, p_sql;
end $$;
select accept('[{"key": "a", "identity": "ann", "remarks": [[0, 1, "words"]]}]');

-- No role but the owner changes any table; nobody but the owner makes or drops anything.
select denied(role, format('insert into consultation.%I default values', c.relname)),
       denied(role, format('delete from consultation.%I', c.relname)),
       denied(role, format('truncate consultation.%I', c.relname)),
       denied(role, format('update consultation.%I set %I = null', c.relname, (select attname from pg_attribute where attrelid = c.oid and attnum > 0 and attidentity = '' limit 1))),
       denied(role, format('lock consultation.%I in exclusive mode', c.relname)),
       denied(role, format('create index on consultation.%I (%I)', c.relname, (select attname from pg_attribute where attrelid = c.oid and attnum > 0 and attidentity = '' limit 1))),
       denied(role, format('alter table consultation.%I disable trigger all', c.relname)),
       denied(role, format('drop table consultation.%I', c.relname))
  from pg_class c, unnest(array['consultation_writer', 'consultation_reader', 'consultation_exporter', 'consultation_publisher', 'consultation_official', 'consultation_login']) as role
 where c.relnamespace = 'consultation'::regnamespace and c.relkind = 'r';
select denied(role, 'create table consultation.mine (a integer)'),
       denied(role, 'create table public.mine (a integer)'),
       denied(role, 'create temporary table mine (a integer)'),
       denied(role, 'create schema mine'),
       denied(role, 'create role mine'),
       denied(role, 'create or replace function consultation.audit_seal() returns bigint language sql return 0'),
       denied(role, 'select pg_read_file(''/etc/hostname'')'),
       denied(role, 'copy consultation.schema_migrations to program ''true''')
  from unnest(array['consultation_writer', 'consultation_reader', 'consultation_exporter', 'consultation_publisher', 'consultation_official']) as role;
select denied('consultation_owner', 'create role mine');

-- The writer reads no submission, and calls what is named; the owner's functions are closed to it.
select denied('consultation_writer', format('select from consultation.%I', t))
  from unnest(array['submissions', 'remarks', 'remark_terms', 'remark_terms_progress', 'tallies', 'challenges', 'challenge_acts', 'saved_forms', 'audit_log', 'key_checks', 'published_remarks']) as t;
-- The reader: no identity, no key, no content's digest; no record of acts.
select denied('consultation_reader', format('select %s from consultation.submissions', c)) from unnest(array['identity_hash', 'submission_key', 'content_hash', '*']) as c;
select denied('consultation_reader', format('select from consultation.%I', t)) from unnest(array['challenges', 'challenge_acts', 'saved_forms', 'saved_form_totals', 'audit_log', 'key_checks', 'published_remarks', 'released_remarks', 'tallies', 'remark_terms']) as t;
-- The exporter: nothing that identifies, opens or proves.
select denied('consultation_exporter', format('select %s from consultation.submissions', c))
  from unnest(array['identity_hash', 'submission_key', 'content_hash', 'salt', 'commitment', 'master', 'generation', '*']) as c;
select denied('consultation_exporter', format('select from consultation.%I', t)) from unnest(array['challenges', 'challenge_acts', 'saved_forms', 'saved_form_totals', 'audit_log', 'key_checks']) as t;
-- The publisher: its views.
select denied('consultation_publisher', format('select from consultation.%I', c.relname))
  from pg_class c where c.relnamespace = 'consultation'::regnamespace and c.relkind in ('r', 'v') and c.relname not in ('published_remarks', 'released_remarks');
select allowed('consultation_publisher', 'select from consultation.published_remarks'), allowed('consultation_publisher', 'select from consultation.released_remarks');

-- Whoever is no official reads nothing of accounts; officials' connections read nothing that opens one, and no answer.
select denied(role, format('select from consultation.%I', t))
  from unnest(array['consultation_writer', 'consultation_reader', 'consultation_exporter', 'consultation_publisher', 'consultation_login']) as role,
       unnest(array['officials', 'official_grants', 'official_setups', 'official_recovery_codes', 'official_sessions', 'official_tokens', 'official_resets', 'official_subjects', 'state_proposals',
                    'institution_domains', 'institution_challenges', 'institution_keys', 'responses', 'response_sections',
                    'response_assignments', 'response_comments', 'response_approvals', 'attachments', 'uploads', 'filings']) as t;
select denied(role, 'select from consultation.institutions') from unnest(array['consultation_writer', 'consultation_exporter', 'consultation_publisher', 'consultation_login']) as role;
select allowed('consultation_reader', 'select slug, name_en, verified_at from consultation.institutions'),
       denied('consultation_reader', 'select verified_by from consultation.institutions'), denied('consultation_reader', 'select institution_id from consultation.institutions');
select denied('consultation_official', format('select %s from consultation.officials', c)) from unnest(array['password_hash', 'totp_sealed', '*']) as c;
select denied('consultation_official', 'select code_hash from consultation.official_recovery_codes'),
       denied('consultation_official', 'select token_hash from consultation.official_tokens'),
       denied('consultation_official', 'select subject_hash from consultation.official_subjects'),
       denied('consultation_official', 'insert into consultation.official_subjects values (1, null, 1)');
select denied('consultation_official', format('select from consultation.%I', t))
  from unnest(array['official_setups', 'challenges', 'challenge_acts', 'saved_forms', 'key_checks', 'remarks', 'moderated_remarks', 'state_proposals',
                    'institution_challenges', 'institution_keys', 'responses', 'response_sections', 'response_assignments', 'response_comments',
                    'response_approvals', 'attachments', 'uploads', 'filings']) as t;
select denied('consultation_official', format('select %s from consultation.submissions', c)) from unnest(array['identity_hash', 'submission_key', 'content_hash', '*']) as c;
select denied('consultation_official', format('select %s from consultation.submissions', c)) from unnest(array['stances', 'organisation', 'identity_kind', 'state', 'number', 'arrived_at', 'channel', 'submission_id']) as c;
select denied(role, 'select from consultation.assisted_entries') from unnest(array['consultation_writer', 'consultation_reader', 'consultation_exporter', 'consultation_publisher', 'consultation_official', 'consultation_login']) as role;
select allowed('consultation_official', 'select from consultation.audit_log'), allowed('consultation_official', 'select from consultation.assisted_entry_list(1, null, null, 1)');

-- Of functions each role may call these and no others.
select same((select string_agg(p.proname, ' ' order by p.proname) from pg_proc p
              where p.pronamespace = 'consultation'::regnamespace and has_function_privilege(role, p.oid, 'execute')), wanted, role || '''s functions')
  from (values ('consultation_writer', 'audit_seal audit_write challenge_answer challenge_ask challenge_begin challenge_return challenge_sign_in challenge_sweep key_check release_begin release_publish remark_terms_put remark_terms_take remark_terms_tidy saved_form_erase saved_form_get saved_form_put saved_form_sweep slot_claim submission_accept submission_erase_superseded submission_renew submission_withdraw'),
               ('consultation_official', 'assisted_entry_list attachment_add attachment_fits attachment_list attachment_remove final_release_agrees final_release_begin final_release_publish institution_challenge institution_challenge_answer institution_change institution_close institution_coordinators institution_invite institution_key_admit institution_key_audit institution_key_confirm institution_key_list institution_key_make institution_key_public institution_key_revoke institution_member_enable institution_member_link institution_member_link_end institution_member_roles institution_members institution_register institution_reset_confirm institution_reset_drop institution_reset_propose institution_verification institution_verify official_audit official_begin official_enable official_end_sessions official_filing_list official_filing_publish official_filing_waiting official_filing_withhold official_find official_grant official_password official_recovery official_refused official_remark_count official_remark_decide official_remark_list official_remark_next official_remark_open official_reset_confirm official_reset_end official_reset_propose official_roles official_second official_secret official_session official_sessions_end official_setup_finish official_setup_open official_setup_secret official_sign_out official_state_decide official_state_facts official_state_held official_state_proposals official_state_propose official_state_withdraw official_subject_begin official_subject_connect official_subject_end official_token official_token_make official_token_revoke publication_missing publication_state response_approval_ask response_approval_decide response_approval_list response_approval_withdraw response_assign response_comment_list response_comment_resolve response_comment_say response_draft response_drafter_list response_file response_filing_list response_get response_of_key response_open response_section_get response_section_list response_section_restore response_section_save response_settings response_version_list upload_begin upload_end upload_list window_extend window_set wording_correct wording_get'),
               ('consultation_reader', 'filing_state remark_page submission_replay'), ('consultation_exporter', 'audit_write official_audit official_may_export submission_list_page'), ('consultation_publisher', null), ('consultation_login', null), ('public', null)) as f (role, wanted);
-- One that is made tomorrow is closed until it is named.
set role consultation_owner;
create function consultation.tomorrow() returns integer language sql return 1;
reset role;
select denied('consultation_writer', 'select consultation.tomorrow()');

-- A server's login has no right of its own, and cannot become the superuser.
select denied('consultation_login', 'select from consultation.consultations');
set session authorization consultation_login;
select refused('set role postgres', '42501'), refused('set role consultation_publisher', '42501');
reset session authorization;
select ok(not rolsuper and not rolcreatedb and not rolcreaterole and not rolreplication and not rolbypassrls and not rolinherit, 'login without powers') from pg_roles where rolname = 'consultation_login';

-- What generates answers is not for a server.
select refused($$set local role consultation_writer; select consultation.submission_accept(1::smallint, null::interval, '{2}', array[gen_random_uuid()], array[sha256('1')], '{00000000A3}', '{1}', '{0}',
    array[null::bytea], '{f}', '{t}', '{0}', '{1}', array[null::text], array[null::text], '{1}', '{0}', array['\x050505'::bytea], array['\x010101'::bytea], '{0}', array[sha256('s')],
    array[sha256('k')], '{1}', '{1}', array[clock_timestamp()], array[null::text], array[null::smallint], '{}', '{}', '{}', '{}', '{}', '{}')$$, '42501');
