-- When a release is due, and how it is kept. The tallies are summed and suppressed by the server (domain/counts) between release_begin
-- and release_publish, in one transaction; both judge, so that two servers never publish the same twice.

-- Why no release may be made now, or null. p_respondents: those counted now.
create or replace function release_refusal(p_consultation_id integer, p_final boolean, p_respondents bigint) returns text
    language plpgsql stable security definer
    set search_path = consultation, pg_temp as $$
declare
    v_now          timestamptz := clock_timestamp();
    v_consultation consultations;
    v_last         releases;
begin
    select * into strict v_consultation from consultations where consultation_id = p_consultation_id;
    if v_consultation.final_release_at is not null then
        return 'final-release-made';
    elsif p_final then
        return case when v_now < v_consultation.closes_at + v_consultation.grace then 'not-closed'
                    when v_now < release_final_from(v_consultation) then 'not-settled' end;
    elsif not v_consultation.complete or v_now < v_consultation.opens_at then
        return 'not-open';
    elsif coalesce((v_consultation.publication ->> 'after_close')::boolean, false) then
        -- One of its own accord, once nobody can be swayed by it any more; after that only the final one.
        return case
            when v_now < release_first_from(v_consultation) then 'after-close'
            when exists (select from releases where consultation_id = p_consultation_id) then 'closed'
            when coalesce(p_respondents, 0) < (v_consultation.publication ->> 'release_threshold')::integer then 'threshold'
        end;
    elsif v_now >= v_consultation.closes_at then
        return 'closed';
    elsif v_now >= v_consultation.closes_at - make_interval(secs => (v_consultation.publication ->> 'blackout_s')::integer) then
        return 'blackout';
    end if;
    select * into v_last from releases where consultation_id = p_consultation_id order by number desc limit 1;
    if v_last.released_at + make_interval(secs => (v_consultation.publication ->> 'release_interval_s')::integer) > v_now then
        return 'interval';
    elsif p_respondents - coalesce(v_last.respondents, 0) < (v_consultation.publication ->> 'release_threshold')::integer then
        return 'threshold';
    end if;
    return null;
end $$;
comment on function release_refusal(integer, boolean, bigint) is 'Why no release may be made now: a word, or null when one is due';

-- Takes the locks that last to the transaction's end and judges. A regular release gives way to another server's; the final one waits for
-- it, and for every submission and change of state under way: from then on none begins.
create or replace function release_begin(p_consultation_id integer, p_final boolean)
    returns table (refusal text, number integer, released_at timestamptz)
    language plpgsql security definer
    set search_path = consultation, pg_temp as $$
begin
    if p_final then
        perform pg_advisory_xact_lock(7284, p_consultation_id);
        perform from consultations c where c.consultation_id = p_consultation_id for update;
    elsif not pg_try_advisory_xact_lock(7284, p_consultation_id) then
        refusal := 'busy';
        return next;
        return;
    end if;
    released_at := clock_timestamp();
    number := 1 + coalesce((select max(r.number) from releases r where r.consultation_id = p_consultation_id), 0);
    refusal := release_refusal(p_consultation_id, p_final,
        (select sum(t.counted) from tallies t where t.consultation_id = p_consultation_id));
    return next;
end $$;
comment on function release_begin(integer, boolean) is 'Locks, and says whether a release is due, with the number and moment it would have';

-- Makes the remarks that may be shown and have not been appear with a release, so many at the most (null: all), each at a random place.
create or replace function release_remarks(p_consultation_id integer, p_number integer, p_most integer) returns bigint
    language sql
    set search_path = consultation, pg_temp as $$
    with ready as (
        select r.submission_id, r.part, r.ordinal, s.day, gen_random_uuid()::text as random,
               case when r.part = 0 then nullif(get_byte(s.stances, r.ordinal - 1), 255) end as stance
          from remarks r join submissions s using (consultation_id, submission_id)
         where r.consultation_id = p_consultation_id and r.publish and r.moderation in (1, 2) and r.release is null
           and s.state = 'counted' and s.erased_at is null and s.consent > 0
           and not (r.part = 0 and (s.withheld >> (r.ordinal - 1)) & 1 = 1)
         limit p_most
           for update of r skip locked),
    shown as (
        update remarks r
           set release = p_number, day = n.day, stance = n.stance,
               position = 1 + ('x0' || left(n.random, 8) || right(n.random, 7))::bit(64)::bigint
          from ready n
         where (r.consultation_id, r.submission_id, r.part, r.ordinal) = (p_consultation_id, n.submission_id, n.part, n.ordinal)
        returning 1)
    select count(*) from shown;
$$;
comment on function release_remarks(integer, integer, integer) is 'Makes moderated remarks appear with a release, and says how many';

-- Keeps the release, lets remarks appear with it, raises the revision and writes the audit row. Null, or why it was not published.
create or replace function release_publish(
    p_consultation_id integer, p_number integer, p_released_at timestamptz, p_final boolean, p_respondents bigint, p_document text)
    returns text
    language plpgsql security definer
    set search_path = consultation, pg_temp as $$
declare
    v_refusal text;
begin
    perform pg_advisory_xact_lock(7284, p_consultation_id);
    perform from consultations where consultation_id = p_consultation_id for no key update;
    v_refusal := release_refusal(p_consultation_id, p_final, p_respondents);
    if v_refusal is null
            and p_number <> 1 + coalesce((select max(number) from releases where consultation_id = p_consultation_id), 0) then
        v_refusal := 'busy';
    end if;
    if v_refusal is not null then
        return v_refusal;
    end if;
    if (p_document::json #>> '{release,number}')::integer is distinct from p_number
            or (p_document::json #>> '{release,final}')::boolean is distinct from p_final then
        raise exception 'the document is of another release'
            using errcode = 'integrity_constraint_violation', constraint = 'releases_document_matches';
    end if;
    insert into releases (consultation_id, number, released_at, final, respondents, document)
    values (p_consultation_id, p_number, p_released_at, p_final, p_respondents, p_document);
    -- What is left over appears with the next one; after the final one there is none.
    perform release_remarks(p_consultation_id, p_number, case when not p_final then 10000 end);
    update consultations
       set revision = revision + 1,
           final_release_at = case when p_final then p_released_at end
     where consultation_id = p_consultation_id;
    perform audit_write('release', p_consultation_id,
        jsonb_build_object('number', p_number, 'final', p_final, 'document', encode(sha256(convert_to(p_document, 'UTF8')), 'hex')));
    return null;
end $$;
comment on function release_publish(integer, integer, timestamptz, boolean, bigint, text)
    is 'Keeps a release if it is due, raises the revision and writes the audit row; null, or why not';
