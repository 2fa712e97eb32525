-- What each role may do, table by table; run by deploy/migrate.sh after the functions, as the owner. Everything is taken away first, so
-- that a right that is no longer written here is gone.
set search_path = consultation, pg_temp;

revoke all on schema consultation from public, consultation_writer, consultation_reader, consultation_exporter, consultation_publisher, consultation_official;
revoke all on all tables in schema consultation
    from public, consultation_writer, consultation_reader, consultation_exporter, consultation_publisher, consultation_official;
revoke all on all sequences in schema consultation
    from public, consultation_writer, consultation_reader, consultation_exporter, consultation_publisher, consultation_official;
revoke all on all functions in schema consultation
    from public, consultation_writer, consultation_reader, consultation_exporter, consultation_publisher, consultation_official;
-- What a later migration or function makes is closed until it is named here.
alter default privileges for role consultation_owner revoke all on functions from public;
alter default privileges for role consultation_owner revoke all on types from public;

grant usage on schema consultation to consultation_writer, consultation_reader, consultation_exporter, consultation_publisher,
    consultation_official;
grant select on schema_migrations to consultation_writer, consultation_reader, consultation_exporter, consultation_official;

-- The writer changes nothing but through these, which run as the owner.
grant execute on function challenge_ask, challenge_answer, challenge_begin, challenge_return, challenge_sign_in, challenge_sweep, saved_form_put, saved_form_get, saved_form_erase, saved_form_sweep, submission_accept, submission_withdraw, submission_renew, submission_erase_superseded, slot_claim,
    release_begin, release_publish, key_check, audit_write, audit_seal, remark_terms_take, remark_terms_put, remark_terms_tidy
    to consultation_writer;
-- For releases it reads sums, never a submission.
grant select on consultations, texts, directions, measures, questions, sectors, terms,
    submission_tallies, tally_cells, releases, saved_form_totals to consultation_writer;

-- The reader: all that is public, and what a code's holder reads back. No identity, no key, no digest of a content.
grant select on consultations, extensions, texts, directions, measures, questions, sectors, terms,
    submission_tallies, tally_cells, releases to consultation_reader;
grant execute on function submission_replay, remark_page to consultation_reader;
-- Of institutions' responses only what is published, and whether a receipt's filing was superseded.
grant select on published_filings, published_stances to consultation_reader, consultation_exporter;
grant select on withheld_filings to consultation_reader;
grant execute on function filing_state to consultation_reader;
grant select (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, closed_at) on institutions to consultation_reader;
grant select (consultation_id, submission_id, number, arrived_at, commitment, receipt_key, master, generation, salt, erased_at, state,
    state_changed_at, kind, identity_kind, proven, language, channel, sector, organisation, consent, stances, versions, withheld,
    priorities, supersedes) on submissions to consultation_reader;
grant select (consultation_id, submission_id, part, ordinal, version, publish, original, moderation, moderation_reason, published)
    on remarks to consultation_reader;

-- The exporter: answers and remarks without hash, key, salt or commitment; each export is written down.
grant select on consultations, extensions, texts, directions, measures, questions, sectors, terms,
    submission_tallies, tally_cells, releases to consultation_exporter;
grant select (consultation_id, submission_id, number, arrived_at, day, received_on, state, state_reason, state_changed_at, kind,
    identity_kind, proven, unchallenged, within_grace, language, channel, sector, organisation, consent, stances, versions, withheld,
    priorities, supersedes, erased_at) on submissions to consultation_exporter;
grant select on remarks to consultation_exporter;
grant execute on function audit_write, official_audit, official_may_export, submission_list_page to consultation_exporter;

grant select on published_remarks, released_remarks to consultation_publisher;

-- What officials do: accounts only through functions, which decide and write the record of acts; lists without what opens anything. The
-- record is read, and added to by audit_write's callers; nobody here can change it.
grant execute on function official_audit, official_find, official_begin, official_refused, official_session, official_roles, official_token, official_secret,
    official_second, official_sign_out, official_setup_open, official_setup_secret, official_setup_finish, official_password,
    official_recovery, official_sessions_end, official_subject_connect, official_subject_end, official_subject_begin, official_token_make,
    official_token_revoke, official_grant, official_enable, official_end_sessions, official_reset_propose, official_reset_end, official_reset_confirm,
    official_remark_list, official_remark_count, official_remark_next, official_remark_open, official_remark_decide to consultation_official;
-- The window and the wording are changed by these alone.
grant execute on function publication_state, publication_missing, window_set, window_extend, wording_get, wording_correct, final_release_agrees, final_release_begin,
    final_release_publish to consultation_official;
-- What submissions count as, by two of them: proposals are seen and decided by these alone, and no submission is read.
grant execute on function official_state_propose, official_state_decide, official_state_withdraw, official_state_facts,
    official_state_proposals, official_state_held to consultation_official;
grant select on consultations, official_grants, official_resets, audit_log to consultation_official;
grant execute on function institution_register, institution_verification, institution_change, institution_close, institution_verify, institution_coordinators, institution_invite,
    institution_member_roles, institution_member_enable, institution_member_link, institution_member_link_end, institution_reset_propose, institution_reset_drop, institution_reset_confirm, institution_members,
    institution_challenge, institution_challenge_answer, institution_key_make, institution_key_confirm, institution_key_revoke,
    institution_key_list, institution_key_public, institution_key_admit, institution_key_audit to consultation_official;
-- Of institutions an officials' or a member's connection sees the register; drafts and what was filed only by functions.
grant select on institutions, institution_domains to consultation_official;
grant execute on function response_draft, response_approval_ask, response_approval_decide, response_approval_withdraw, response_approval_list,
    response_of_key, response_file, response_filing_list, official_filing_list, official_filing_waiting, official_filing_publish,
    official_filing_withhold to consultation_official;
grant execute on function response_open, response_get, response_settings, response_section_list, response_section_get, response_section_save,
    response_version_list, response_section_restore, response_drafter_list, response_assign, response_comment_say, response_comment_resolve,
    response_comment_list to consultation_official;
grant execute on function attachment_list, attachment_fits, attachment_add, attachment_remove, upload_begin, upload_list, upload_end to consultation_official;
-- Drafts by these alone, which find the institution by the member.
grant execute on function response_open, response_get, response_settings, response_section_list, response_section_get, response_section_save,
    response_version_list, response_section_restore, response_drafter_list, response_assign, response_comment_say, response_comment_resolve,
    response_comment_list to consultation_official;
-- The dashboard is sums; no answer.
grant select on submission_tallies, tally_cells to consultation_official;
grant select (official_id, login, name, administrator, second_factor, password_changed_at, totp_active_at, refused, signed_in_at, disabled_at, institution_id, member_roles,
    created_at) on officials to consultation_official;
grant select (official_id, used_at) on official_recovery_codes to consultation_official;
grant select on official_sessions to consultation_official;
grant select (official_id, bound_at) on official_subjects to consultation_official;
grant select (token_id, official_id, consultation_id, role, label, created_at, expires_at, used_at, revoked_at)
    on official_tokens to consultation_official;
-- Who typed in what, and nothing of what it says.
grant execute on function assisted_entry_list to consultation_official;
