-- Showing that members speak for an institution, by a code mailed to an address of one of its domains; see migrations/0022. The address
-- is kept nowhere: what is asked here is the domain that it ends in.

create or replace function institution_challenge(p_by integer, p_domain text, p_code_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock((select i.slug from officials o join institutions i using (institution_id) where o.official_id = p_by));
    v_refusal     text := institution_may_coordinate(p_by, v_institution);
    v_domain      text;
begin
    if v_refusal is not null then
        return v_refusal;
    elsif (select verified_at is not null from institutions where institution_id = v_institution) then
        return 'institution-verified';
    end if;
    select domain into v_domain from institution_domains
     where institution_id = v_institution and (p_domain = domain or p_domain like '%.' || domain);
    if v_domain is null then
        return 'domain-not-listed';
    end if;
    insert into institution_challenges as c (institution_id, official_id, code_hash, expires_at)
    values (v_institution, p_by, p_code_hash, clock_timestamp() + interval '10 minutes')
        on conflict on constraint institution_challenges_pkey
        do update set official_id = excluded.official_id, code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at;
    perform official_audit(p_by, p_from, 'institution-code-asked', null, jsonb_build_object('domain', v_domain));
    return 'done';
end $$;
comment on function institution_challenge(integer, text, bytea, text) is 'A code is being mailed to an address of that domain; done, or why not. The earlier code is void';

create or replace function institution_challenge_answer(p_by integer, p_code_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock((select i.slug from officials o join institutions i using (institution_id) where o.official_id = p_by));
    v_refusal     text := institution_may_coordinate(p_by, v_institution);
    v_row         institution_challenges;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    select * into v_row from institution_challenges
     where institution_id = v_institution and official_id = p_by and expires_at > clock_timestamp() for update;
    if v_row.institution_id is null then
        return 'challenge-expired';
    elsif v_row.tries >= 5 then
        return 'challenge-tries-used';
    elsif v_row.code_hash <> p_code_hash then
        update institution_challenges set tries = tries + 1 where institution_id = v_institution;
        return 'proof-wrong';
    end if;
    delete from institution_challenges where institution_id = v_institution;
    update institutions set verified_at = clock_timestamp(), verified_by = 0 where institution_id = v_institution and verified_at is null;
    if found then
        perform official_audit(p_by, p_from, 'institution-verified', null, '{"by": "domain"}');
    end if;
    return 'done';
end $$;
comment on function institution_challenge_answer(integer, bytea, text) is 'The code that was mailed, typed by who asked for it: verifies the institution; done, or why not';

create or replace function institution_verification(p_by integer) returns table (verified_at timestamptz, verified_by smallint, awaited boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select i.verified_at, i.verified_by,
           exists (select from institution_challenges c
                    where c.institution_id = i.institution_id and c.official_id = p_by and c.expires_at > clock_timestamp() and c.tries < 5)
      from officials o join institutions i using (institution_id)
     where o.official_id = p_by
$$;
comment on function institution_verification(integer) is 'How a member''s institution was verified, and whether a code that they asked for is awaited';
