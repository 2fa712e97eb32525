-- How a rehearsal is filled: submission_accept without a longest wait.
create or replace function rehearsal_fill(
    p_slot smallint,
    p_consultation_id integer[], p_submission_key uuid[], p_content_hash bytea[], p_number text[],
    p_kind smallint[], p_identity_kind smallint[], p_identity_hash bytea[], p_proven boolean[], p_unchallenged boolean[],
    p_language smallint[], p_channel smallint[], p_sector text[], p_organisation text[], p_consent smallint[], p_withheld bigint[],
    p_stances bytea[], p_versions bytea[], p_priorities bigint[], p_salt bytea[], p_commitment bytea[],
    p_receipt_key smallint[], p_master smallint[], p_arrived_at timestamptz[], p_supersedes text[], p_supersedes_generation smallint[],
    p_remark_entry integer[], p_remark_part smallint[], p_remark_ordinal smallint[], p_remark_version smallint[],
    p_remark_publish boolean[], p_remark_text text[])
    returns table (entry integer, outcome text, number text, arrived_at timestamptz, salt bytea, commitment bytea,
                   receipt_key smallint, master smallint, generation smallint, consultation_id integer)
    language plpgsql
    set search_path = consultation, pg_temp as $$
begin
    return query select * from submission_accept(
        p_slot, null, p_consultation_id, p_submission_key, p_content_hash, p_number,
        p_kind, p_identity_kind, p_identity_hash, p_proven, p_unchallenged,
        p_language, p_channel, p_sector, p_organisation, p_consent, p_withheld,
        p_stances, p_versions, p_priorities, p_salt, p_commitment,
        p_receipt_key, p_master, p_arrived_at, p_supersedes, p_supersedes_generation,
        p_remark_entry, p_remark_part, p_remark_ordinal, p_remark_version, p_remark_publish, p_remark_text);
end $$;
comment on function rehearsal_fill is 'Stores generated answers with the moments they claim, in rehearsals only; for the owner alone';
