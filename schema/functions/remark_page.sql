-- A page of the remarks on a measure that have appeared with a release and may still be shown, from a place on; of one stance or one day
-- if that is given. What may be shown is what the view released_remarks shows; it is asked of the tables themselves, since a view that is
-- a barrier is sorted whole before its first row comes, and a page must cost the same however many remarks there are. The settings hold
-- the plan to the index that has the order, also while the tables are still empty.
create or replace function remark_page(
    p_consultation_id integer, p_ordinal smallint, p_from bigint, p_most integer, p_stance smallint, p_day date)
    returns table ("position" bigint, language smallint, organisation text, body text)
    language plpgsql stable security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
begin
    return query
    select r.position, s.language, case when s.consent = 2 then s.organisation end, r.published
      from remarks r
      join submissions s using (consultation_id, submission_id)
     where r.consultation_id = p_consultation_id and r.part = 0 and r.ordinal = p_ordinal and r.position >= p_from
       and (p_stance is null or r.stance = p_stance) and (p_day is null or r.day = p_day)
       and r.release is not null
       and s.state = 'counted' and s.erased_at is null and s.consent > 0 and r.publish
       and (s.withheld >> (r.ordinal - 1)) & 1 = 0
       and r.moderation in (1, 2)
     order by r.position limit p_most;
end $$;
comment on function remark_page(integer, smallint, bigint, integer, smallint, date)
    is 'Published remarks on a measure in their order, from a place on';
