-- The search index of remarks: how it is filled, and how a page of it is read.
--
-- Filled by whichever server comes first, some remarks at a time, in transactions of their own. Submissions are taken in the order of
-- their number, which is not that of their commits; so a number is gone past only when every transaction that could still bring an
-- earlier one is over. submission_accept has its transaction's number before it takes any of submissions, and remark_terms_take has its
-- own after it looked up to which submission numbers were given out: whoever has one of those is a transaction before it. (A snapshot's
-- xmax would not do: it is that of the last one that is over, which some under way are after.)
--
-- Read from the newest submission on, or from the oldest. The index knows for each word all remarks that have it, and to read them all
-- for the newest fifty would cost the more the commoner the word is. So each remark also has marks of the block of submissions it lies
-- in, at two sizes; a search asks for words and a mark together, which the index answers by skipping, block by block, in larger
-- blocks while it finds little; not much larger, since the next one may be full of what is sought, and all of a block is read and sorted.

-- A negative term that stands for a fact of a remark. Two facts may share one: whoever asks looks at the fact itself as well.
create or replace function remark_mark(p_consultation_id integer, p_fact smallint, p_value bigint) returns integer
    language sql immutable parallel safe set search_path = consultation, pg_temp as $$
    select (-1 - ((p_consultation_id::bigint * 1000003 + p_fact * 7919 + p_value % 2147483647) * 48271) % 2147483647)::integer
$$;
comment on function remark_mark(integer, smallint, bigint) is
    'The negative term of a fact: 0 and 1 block of submissions by size, 3 part and ordinal, 4 stance, 5 kind, 6 language, 7 day';

-- Remarks that have no terms yet, up to about so many, those of a submission together; locks the progress, so that one server does it at a time, and the
-- remarks, so that none is erased meanwhile. Nothing if another one is at it. The first that its transaction does.
create or replace function remark_terms_take(p_consultation_id integer, p_version smallint, p_most integer)
    returns table (submission_id bigint, part smallint, ordinal smallint, original text)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
    v_progress remark_terms_progress;
    v_last     bigint;
    v_upto     bigint;
begin
    -- An advisory lock, so that looking when there is nothing to do writes nothing.
    if not pg_try_advisory_xact_lock(7287, p_consultation_id) then
        return;
    end if;
    select case when is_called then last_value else 0 end into v_last from submissions_submission_id_seq;
    insert into remark_terms_progress values (p_consultation_id, p_version, 0, 0, '0') on conflict do nothing;
    select * into v_progress from remark_terms_progress where consultation_id = p_consultation_id;
    -- A server of an older version leaves the terms to the newer one beside it: else each would undo the other's.
    if v_progress.version > p_version then
        return;
    elsif v_progress.version < p_version then
        update remark_terms_progress set version = p_version, done = 0 where consultation_id = p_consultation_id;
        v_progress.done := 0;
    end if;
    if v_progress.done = v_progress.settling then
        update remark_terms_progress set settling = v_last, settled_after = pg_current_xact_id()
         where consultation_id = p_consultation_id and settling < v_last
        returning * into v_progress;
    end if;
    if v_progress.done is null or v_progress.done = v_progress.settling
            or pg_snapshot_xmin(pg_current_snapshot()) < v_progress.settled_after then
        return;
    end if;
    select r.submission_id into v_upto from remarks r
     where r.consultation_id = p_consultation_id and r.submission_id > v_progress.done and r.submission_id <= v_progress.settling
     order by r.consultation_id, r.submission_id offset p_most limit 1;
    v_upto := coalesce(v_upto, v_progress.settling);
    update remark_terms_progress set done = v_upto where consultation_id = p_consultation_id;
    -- Those of an earlier version go with the step that makes them anew: all at once they would be too many for one statement's time.
    delete from remark_terms t
     where t.consultation_id = p_consultation_id and t.submission_id > v_progress.done and t.submission_id <= v_upto;
    return query
        select r.submission_id, r.part, r.ordinal, r.original from remarks r
         where r.consultation_id = p_consultation_id and r.submission_id > v_progress.done and r.submission_id <= v_upto
         order by r.consultation_id, r.submission_id for key share;
end $$;
comment on function remark_terms_take(integer, smallint, integer) is
    'Remarks whose terms are to be made next, and stored in the same transaction by remark_terms_put';

-- For whoever makes all terms at once: servers leave them alone until the session ends. Terms of a newer version are made anew by this one
-- then, which is how one goes back to an older version.
create or replace function remark_terms_claim(p_consultation_id integer, p_version smallint) returns void
    language plpgsql set search_path = consultation, pg_temp as $$
begin
    perform pg_advisory_lock(7287, p_consultation_id);
    update remark_terms_progress set version = 0 where consultation_id = p_consultation_id and version > p_version;
end $$;
comment on function remark_terms_claim(integer, smallint) is 'Keeps servers from making terms while the session lasts, and lets an older version make them anew';

create or replace function remark_terms_put(
    p_consultation_id integer, p_submission_id bigint[], p_part smallint[], p_ordinal smallint[], p_count integer[], p_terms integer[])
    returns void language plpgsql security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
    insert into remark_terms (consultation_id, submission_id, part, ordinal, terms)
    select p_consultation_id, s.submission_id, e.part, e.ordinal,
           p_terms[e.upto - e.count + 1 : e.upto]
           || array[remark_mark(p_consultation_id, 0::smallint, s.submission_id >> 12),
                    remark_mark(p_consultation_id, 1::smallint, s.submission_id >> 14),
                    remark_mark(p_consultation_id, 3::smallint, 100 * e.part + e.ordinal),
                    remark_mark(p_consultation_id, 4::smallint,
                                case when e.part = 0 and octet_length(s.stances) >= e.ordinal
                                     then get_byte(s.stances, e.ordinal - 1) else 255 end),
                    remark_mark(p_consultation_id, 5::smallint, s.kind),
                    remark_mark(p_consultation_id, 6::smallint, s.language),
                    remark_mark(p_consultation_id, 7::smallint, s.day - date '2000-01-01')]
      from (select u.*, sum(u.count) over (order by u.place)::integer as upto
              from unnest(p_submission_id, p_part, p_ordinal, p_count) with ordinality
                   as u (submission_id, part, ordinal, count, place)) as e
      join submissions s on s.consultation_id = p_consultation_id and s.submission_id = e.submission_id;
end $$;
comment on function remark_terms_put(integer, bigint[], smallint[], smallint[], integer[], integer[]) is
    'Stores the terms of remarks; p_terms has those of all, one after the other, p_count of each';

-- What is waiting in the index is put in its place: a search would read it for every block. Without the index, as while it is made
-- anew, there is none.
create or replace function remark_terms_tidy() returns bigint
    language sql security definer set search_path = consultation, pg_temp as $$
    select case when to_regclass('remark_terms_terms') is null then 0 else gin_clean_pending_list(to_regclass('remark_terms_terms')) end
$$;
comment on function remark_terms_tidy() is 'Moves what waits in the search index to its place';
