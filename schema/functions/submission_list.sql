-- A page of what officials read: submissions that meet filters, from one of them on, the newest first or (p_newer) the oldest. For a search
-- or a moderation state a row is a remark, and those of one submission follow each other; else it is a submission.
--
-- However many submissions there are and however few meet the filters, it ends in about p_patience: the walk goes by blocks of numbers, and
-- when the time is over, a last row (only its number set, `unfinished`) names the submission up to which all was looked at; the next
-- page goes on from there. The same if p_most rows are found first, but then the caller goes on from the last row.
--
-- p_terms narrow down to remarks that may have the words sought; whoever calls looks at the text (domain/remark_words.h). What is asked of the
-- index is asked of the rows as well, since its marks may be shared; + 0 keeps the numbers from being looked up by another index. Remarks
-- that the index has not come to yet are all among those that may have the words: nobody is told that what just came in does not exist.
create or replace function submission_list_page(
    p_consultation_id integer, p_from text, p_newer boolean, p_measure smallint, p_stance smallint, p_kind smallint, p_state text,
    p_language smallint, p_first date, p_last date, p_moderation smallint, p_terms integer[], p_most integer, p_patience interval)
    returns table (unfinished boolean, number text, arrived_at timestamptz, day date, state text, kind smallint, proven boolean,
                   language smallint, channel smallint, organisation text, stances bytea, priorities bigint, remarks integer,
                   part smallint, ordinal smallint, moderation smallint, original text)
    language plpgsql stable security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
    v_until   timestamptz := clock_timestamp() + p_patience;
    v_sign    bigint := case when p_newer then 1 else -1 end;
    v_state   submission_state := p_state::submission_state;
    v_remarks boolean := p_terms is not null or p_moderation is not null;
    v_few     boolean := v_state is not null and v_state <> 'counted'; -- their own index finds them sooner than a common word
    v_lowest  bigint;
    v_highest bigint;
    v_at      bigint;
    v_low     bigint;
    v_high    bigint;
    v_level   integer := 0;
    v_found   integer := 0;
    v_rows    integer;
    v_done    bigint := coalesce((select done from remark_terms_progress where consultation_id = p_consultation_id), 0);
    v_days    integer[];
    v_marks   integer[] := coalesce(p_terms, '{}')
        || case when p_measure is not null then array[remark_mark(p_consultation_id, 3::smallint, p_measure)] else '{}' end
        || case when p_measure is not null and p_stance is not null
                then array[remark_mark(p_consultation_id, 4::smallint, p_stance)] else '{}' end
        || case when p_kind is not null then array[remark_mark(p_consultation_id, 5::smallint, p_kind)] else '{}' end
        || case when p_language is not null then array[remark_mark(p_consultation_id, 6::smallint, p_language)] else '{}' end;
begin
    select submission_id into v_lowest from submissions where consultation_id = p_consultation_id
     order by consultation_id, submission_id limit 1;
    select submission_id into v_highest from submissions where consultation_id = p_consultation_id
     order by consultation_id desc, submission_id desc limit 1;
    v_at := case when p_newer then v_lowest else v_highest end;
    if p_from is not null then
        select s.submission_id + v_sign into v_at from submissions s
         where s.number = p_from and s.consultation_id = p_consultation_id;
        if not found then
            raise exception 'no such submission'
                using errcode = 'integrity_constraint_violation', constraint = 'submission_list_from';
        end if;
    end if;
    if p_first is not null or p_last is not null then
        select array_agg(remark_mark(p_consultation_id, 7::smallint, d)) into v_days
          from consultations c,
               generate_series(coalesce(p_first, (c.opens_at at time zone 'Asia/Hong_Kong')::date) - date '2000-01-01',
                               coalesce(p_last, (clock_timestamp() at time zone 'Asia/Hong_Kong')::date) - date '2000-01-01') as d
         where c.consultation_id = p_consultation_id
        having count(*) <= 100;
    end if;

    while v_at between v_lowest and v_highest and v_found < p_most loop
        v_low := (v_at >> 12 + 2 * v_level) << 12 + 2 * v_level;
        v_high := v_low + (1::bigint << 12 + 2 * v_level) - 1;
        if p_newer then v_low := v_at; else v_high := v_at; end if;
        if v_remarks then
            return query
            select false, s.number, s.arrived_at, s.day, s.state::text, s.kind, s.proven, s.language, s.channel, s.organisation,
                   s.stances, s.priorities, null::integer, r.part, r.ordinal, r.moderation, r.original
              from (select v_sign * t.submission_id as place, t.part, t.ordinal, t.submission_id from remark_terms t
                     where not v_few
                       and t.terms @> (v_marks || remark_mark(p_consultation_id, v_level::smallint, v_at >> 12 + 2 * v_level))
                       and (v_days is null or t.terms && v_days)
                       and t.consultation_id + 0 = p_consultation_id and t.submission_id + 0 between v_low and v_high
                       and (p_measure is null or (t.part = 0 and t.ordinal = p_measure))
                    union all
                    select v_sign * t.submission_id, t.part, t.ordinal, t.submission_id
                      from submissions u join remark_terms t on t.consultation_id = u.consultation_id and t.submission_id = u.submission_id
                     where v_few
                       and u.consultation_id = p_consultation_id and u.state = v_state and u.state <> 'counted'
                       and u.submission_id between v_low and v_high
                       and t.terms @> v_marks
                       and (p_measure is null or (t.part = 0 and t.ordinal = p_measure))
                    union all
                    select v_sign * n.submission_id, n.part, n.ordinal, n.submission_id from remarks n
                     where n.consultation_id = p_consultation_id and n.submission_id between greatest(v_low, v_done + 1) and v_high
                       and (p_measure is null or (n.part = 0 and n.ordinal = p_measure))
                     order by 1, 2, 3) as t
              join submissions s on s.consultation_id = p_consultation_id and s.submission_id = t.submission_id
              join remarks r on r.consultation_id = p_consultation_id and r.submission_id = t.submission_id
                            and r.part = t.part and r.ordinal = t.ordinal
             where (p_stance is null
                    or case when p_measure is null then position(set_byte('\x00'::bytea, 0, p_stance) in s.stances) > 0
                            else substring(s.stances from p_measure for 1) = set_byte('\x00'::bytea, 0, p_stance) end)
               and (p_kind is null or s.kind = p_kind)
               and (v_state is null or s.state = v_state)
               and (p_language is null or s.language = p_language)
               and (p_first is null or s.day >= p_first) and (p_last is null or s.day <= p_last)
               and (p_moderation is null or r.moderation = p_moderation)
             order by t.place fetch first (p_most - v_found) rows with ties;
        else
            return query
            select false, s.number, s.arrived_at, s.day, s.state::text, s.kind, s.proven, s.language, s.channel, s.organisation,
                   s.stances, s.priorities,
                   (select count(*)::integer from remarks r
                     where r.consultation_id = p_consultation_id and r.submission_id = s.submission_id),
                   null::smallint, null::smallint, null::smallint, null::text
              from submissions s
             where s.consultation_id = p_consultation_id and s.submission_id between v_low and v_high
               and (p_measure is null
                    or substring(s.stances from p_measure for 1) not in ('', '\xff')
                    or (p_stance is null
                        and exists (select from remarks r
                                     where r.consultation_id = p_consultation_id and r.submission_id = s.submission_id
                                       and r.part = 0 and r.ordinal = p_measure)))
               and (p_stance is null
                    or case when p_measure is null then position(set_byte('\x00'::bytea, 0, p_stance) in s.stances) > 0
                            else substring(s.stances from p_measure for 1) = set_byte('\x00'::bytea, 0, p_stance) end)
               and (p_kind is null or s.kind = p_kind)
               and (v_state is null or s.state = v_state)
               and (p_language is null or s.language = p_language)
               and (p_first is null or s.day >= p_first) and (p_last is null or s.day <= p_last)
             order by v_sign * s.submission_id limit p_most - v_found;
        end if;
        get diagnostics v_rows = row_count;
        v_found := v_found + v_rows;
        v_at := case when p_newer then v_high + 1 else v_low - 1 end;
        if v_rows < 10 then
            v_level := least(v_level + 1, 1);
        end if;
        if clock_timestamp() > v_until and v_found < p_most and v_at between v_lowest and v_highest then
            unfinished := true;
            if p_newer then
                select s.number into number from submissions s
                 where s.consultation_id = p_consultation_id and s.submission_id < v_at
                 order by s.consultation_id desc, s.submission_id desc limit 1;
            else
                select s.number into number from submissions s
                 where s.consultation_id = p_consultation_id and s.submission_id > v_at
                 order by s.consultation_id, s.submission_id limit 1;
            end if;
            return next;
            return;
        end if;
    end loop;
end $$;
comment on function submission_list_page(integer, text, boolean, smallint, smallint, smallint, text, smallint, date, date, smallint, integer[], integer, interval)
    is 'Submissions, or their remarks, that meet filters, in the order of their arrival from one on';
