-- Moderation: what a moderator reads and decides; see migrations/0017. The officials' connections have no right on remarks: only
-- here is one read, and each reading of an original leaves its row in the record of acts in the same statement.

create or replace function official_moderates(p_by integer, p_consultation_id integer) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select exists (select from official_grants g join officials o using (official_id)
                    where g.official_id = p_by and g.consultation_id = p_consultation_id and g.role = 3 and o.disabled_at is null)
$$;
comment on function official_moderates(integer, integer) is 'Whether somebody is a moderator of a consultation';

-- A page of the queue, oldest first, from behind one remark on; no words. p_moderation: 0 waiting, 1 decided, null both.
create or replace function official_remark_list(
    p_by integer, p_consultation_id integer, p_moderation smallint, p_number text, p_part smallint, p_ordinal smallint, p_most integer)
    returns table (number text, day date, language smallint, part smallint, ordinal smallint, length integer,
                   moderation smallint, reason text, moderated_at timestamptz, moderated_by text, shown boolean)
    language plpgsql stable security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = off set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
    v_from bigint := coalesce((select submission_id from submissions where number = p_number and consultation_id = p_consultation_id), 0);
begin
    if not official_moderates(p_by, p_consultation_id) then
        return;
    end if;
    return query
    select r.number, r.day, r.language, r.part, r.ordinal, char_length(r.original), r.moderation, r.moderation_reason, r.moderated_at,
           (select o.login from officials o where o.official_id = r.moderated_by), r.release is not null and r.moderation in (1, 2)
      from moderated_remarks r
     where r.consultation_id = p_consultation_id
       and (r.submission_id, r.part, r.ordinal) > (v_from, coalesce(p_part, 0::smallint), coalesce(p_ordinal, 0::smallint))
       and case p_moderation when 0 then r.moderation = 0 when 1 then r.moderation > 0 else true end
     order by r.submission_id, r.part, r.ordinal limit p_most;
end $$;
comment on function official_remark_list(integer, integer, smallint, text, smallint, smallint, integer)
    is 'A page of the remarks that a moderator has to decide on, or all, without their words';

create or replace function official_remark_count(p_by integer, p_consultation_id integer, p_most integer) returns bigint
    language sql stable security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    select count(*) from (
        select from moderated_remarks r
         where r.consultation_id = p_consultation_id and r.moderation = 0 and official_moderates(p_by, p_consultation_id)
         limit p_most) as waiting
$$;
comment on function official_remark_count(integer, integer, integer) is 'How many remarks wait, counted up to so many';

-- The next one that waits behind a remark, else the first that waits, but not that remark itself.
create or replace function official_remark_next(
    p_by integer, p_consultation_id integer, p_number text, p_part smallint, p_ordinal smallint)
    returns table (number text, part smallint, ordinal smallint)
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select l.number, l.part, l.ordinal
      from official_remark_list(p_by, p_consultation_id, 0::smallint, p_number, p_part, p_ordinal, 1) as l;
    if not found then
        return query
        select l.number, l.part, l.ordinal
          from official_remark_list(p_by, p_consultation_id, 0::smallint, null, null, null, 2) as l
         where (l.number, l.part, l.ordinal) is distinct from (p_number, p_part, p_ordinal) limit 1;
    end if;
end $$;
comment on function official_remark_next(integer, integer, text, smallint, smallint) is 'The next remark that waits, or none';

-- One remark with its original. Written down before it is given.
create or replace function official_remark_open(
    p_by integer, p_consultation_id integer, p_number text, p_part smallint, p_ordinal smallint, p_from text)
    returns table (day date, language smallint, kind smallint, organisation text, version smallint, original text, published text,
                   moderation smallint, decisions integer, reason text, moderated_at timestamptz, moderated_by text, shown boolean)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
begin
    if not official_moderates(p_by, p_consultation_id) then
        return;
    end if;
    return query
    select r.day, r.language, r.kind, r.organisation, r.version, r.original, r.published, r.moderation, r.decisions, r.moderation_reason,
           r.moderated_at, (select o.login from officials o where o.official_id = r.moderated_by), r.release is not null
      from moderated_remarks r
     where r.consultation_id = p_consultation_id and r.number = p_number and r.part = p_part and r.ordinal = p_ordinal;
    if found then
        perform official_audit(p_by, p_from, 'remark-read', p_consultation_id, remark_named(p_consultation_id, p_number, p_part, p_ordinal));
    end if;
end $$;
comment on function official_remark_open(integer, integer, text, smallint, smallint, text)
    is 'A remark as it was sent, for a moderator, and the row in the record that says so';

-- {"number": …, "measure" or "question": its code}
create or replace function remark_named(p_consultation_id integer, p_number text, p_part smallint, p_ordinal smallint) returns jsonb
    language sql stable set search_path = consultation, pg_temp as $$
    select jsonb_build_object('number', p_number) || case when p_part = 0
        then jsonb_build_object('measure', (select code from measures where consultation_id = p_consultation_id and ordinal = p_ordinal))
        else jsonb_build_object('question', (select code from questions where consultation_id = p_consultation_id and ordinal = p_ordinal)) end
$$;
comment on function remark_named(integer, text, smallint, smallint) is 'How the record of acts names a remark';

-- p_decisions: which state the moderator saw. p_moderation: 1 to 3 of one that waits, 0 of one that was decided. What is to be published is
-- made from the original; p_removed says only where words go. One that has appeared keeps its place, and comes and goes with the decision
-- at once; one that has not appears with the next release, and never after the final one.
create or replace function official_remark_decide(
    p_by integer, p_consultation_id integer, p_number text, p_part smallint, p_ordinal smallint, p_decisions integer,
    p_moderation smallint, p_reason text, p_removed int4multirange, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_final      timestamptz;
    v_submission bigint;
    v_row        remarks;
begin
    if not official_moderates(p_by, p_consultation_id) then
        return 'role-missing';
    end if;
    -- Before the remark, as a release locks.
    select final_release_at into v_final from consultations where consultation_id = p_consultation_id for no key update;
    select submission_id into v_submission from moderated_remarks
     where consultation_id = p_consultation_id and number = p_number and part = p_part and ordinal = p_ordinal;
    select * into v_row from remarks
     where consultation_id = p_consultation_id and submission_id = v_submission and part = p_part and ordinal = p_ordinal for no key update;
    if not found then
        return 'not-found';
    elsif v_row.decisions <> p_decisions or (v_row.moderation = 0) = (p_moderation = 0) then
        return 'changed-meanwhile';
    elsif p_moderation in (1, 2) and v_row.release is null and v_final is not null then
        return 'too-late-to-publish';
    end if;
    update remarks
       set moderation = p_moderation, decisions = decisions + 1, moderated_at = clock_timestamp(), moderated_by = p_by,
           moderation_reason = case when p_moderation in (2, 3) then p_reason end,
           removed = case when p_moderation = 2 then p_removed end,
           published = case p_moderation when 1 then original when 2 then remark_shortened(original, p_removed) end
     where consultation_id = p_consultation_id and submission_id = v_submission and part = p_part and ordinal = p_ordinal;
    if v_row.release is not null then
        update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    end if;
    perform official_audit(p_by, p_from, (array['remark-undone', 'remark-passed', 'remark-edited', 'remark-refused'])[p_moderation + 1],
        p_consultation_id, remark_named(p_consultation_id, p_number, p_part, p_ordinal)
            || jsonb_strip_nulls(jsonb_build_object('reason', case when p_moderation in (2, 3) then p_reason end,
                                                    'removed', case when p_moderation = 2 then p_removed::text end)));
    return 'done';
end $$;
comment on function official_remark_decide(integer, integer, text, smallint, smallint, integer, smallint, text, int4multirange, text)
    is 'A moderator''s decision on a remark, or its undoing; done, or why not';
