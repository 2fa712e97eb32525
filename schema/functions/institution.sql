-- The register of institutions: what administrators do with it; see migrations/0022. p_by null: somebody with the owner's rights at the
-- command line. Whose an institution's drafts are follows from the member's account, never from what a caller says.

create or replace function institution_may_register(p_by integer) returns text
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select case when p_by is not null and not exists (select from officials where official_id = p_by and administrator and disabled_at is null)
                then 'role-missing' end
$$;
comment on function institution_may_register(integer) is 'Why somebody may not change the register of institutions; null when they may';

-- The row is locked: whoever changes an institution or its members waits for who came first, and sees what that one did.
create or replace function institution_lock(p_slug text) returns integer
    language sql security definer set search_path = consultation, pg_temp as $$
    select institution_id from institutions where slug = p_slug for no key update
$$;
comment on function institution_lock(text) is 'Institution of a slug, locked; null: there is none';

create or replace function institution_domains_put(p_institution_id integer, p_domains text[]) returns void
    language plpgsql set search_path = consultation, pg_temp as $$
begin
    delete from institution_domains where institution_id = p_institution_id and domain <> all (p_domains);
    insert into institution_domains (institution_id, domain) select distinct p_institution_id, unnest(p_domains) on conflict do nothing;
end $$;
comment on function institution_domains_put(integer, text[]) is 'Makes these an institution''s domains, and no others';

create or replace function institution_register(
    p_by integer, p_slug text, p_kind smallint, p_zh_hant text, p_en text, p_zh_hans text, p_domains text[], p_fictitious boolean, p_from text)
    returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer;
begin
    if institution_may_register(p_by) is not null then
        return institution_may_register(p_by);
    end if;
    insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious)
    values (p_slug, p_kind, p_zh_hant, p_en, p_zh_hans, p_fictitious)
        on conflict on constraint institutions_slug_key do nothing returning institution_id into v_institution;
    if v_institution is null then
        return 'name-taken';
    end if;
    perform institution_domains_put(v_institution, p_domains);
    perform official_audit(p_by, p_from, 'institution-registered', null,
                           jsonb_build_object('institution', p_slug, 'name', p_zh_hant, 'domains', p_domains, 'fictitious', p_fictitious));
    return 'done';
end $$;
comment on function institution_register(integer, text, smallint, text, text, text, text[], boolean, text) is 'Registers an institution; done, or why not';

create or replace function institution_change(
    p_by integer, p_slug text, p_kind smallint, p_zh_hant text, p_en text, p_zh_hans text, p_domains text[], p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock(p_slug);
    v_before      jsonb;
    v_after       jsonb;
begin
    if institution_may_register(p_by) is not null or v_institution is null then
        return coalesce(institution_may_register(p_by), 'not-found');
    end if;
    v_before := institution_facts(v_institution);
    update institutions set kind = p_kind, name_zh_hant = p_zh_hant, name_en = p_en, name_zh_hans = p_zh_hans where institution_id = v_institution;
    perform institution_domains_put(v_institution, p_domains);
    v_after := institution_facts(v_institution);
    if v_before <> v_after then
        -- Pages of what it said in public bear its name.
        update consultations c set revision = revision + 1
         where exists (select from responses r join filings f using (consultation_id, response_id)
                        where r.institution_id = v_institution and r.consultation_id = c.consultation_id and f.published_at is not null);
        perform official_audit(p_by, p_from, 'institution-changed', null,
                               jsonb_build_object('institution', p_slug, 'before', v_before, 'after', v_after));
    end if;
    return 'done';
end $$;
comment on function institution_change(integer, text, smallint, text, text, text, text[], text) is 'Changes names, kind and domains; done, or why not';

create or replace function institution_facts(p_institution_id integer) returns jsonb
    language sql stable set search_path = consultation, pg_temp as $$
    select jsonb_build_object('kind', kind, 'zh-Hant', name_zh_hant, 'en', name_en, 'zh-Hans', name_zh_hans, 'domains',
               (select coalesce(jsonb_agg(domain order by domain), '[]') from institution_domains d where d.institution_id = i.institution_id))
      from institutions i where i.institution_id = p_institution_id
$$;
comment on function institution_facts(integer) is 'What can be changed of an institution, as the record of acts has it';

-- Its members are signed out at once, and its open links and codes end; keys open nothing while it is closed.
create or replace function institution_close(p_by integer, p_slug text, p_closed boolean, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock(p_slug);
begin
    if institution_may_register(p_by) is not null or v_institution is null then
        return coalesce(institution_may_register(p_by), 'not-found');
    end if;
    update institutions set closed_at = case when p_closed then clock_timestamp() end
     where institution_id = v_institution and (closed_at is not null) <> p_closed;
    if found then
        delete from official_sessions s using officials o where o.official_id = s.official_id and o.institution_id = v_institution;
        delete from official_setups s using officials o where o.official_id = s.official_id and o.institution_id = v_institution;
        delete from official_subjects s using officials o where o.official_id = s.official_id and o.institution_id = v_institution;
        delete from institution_challenges where institution_id = v_institution;
        perform official_audit(p_by, p_from, case when p_closed then 'institution-closed' else 'institution-reopened' end, null,
                               jsonb_build_object('institution', p_slug));
    end if;
    return 'done';
end $$;
comment on function institution_close(integer, text, boolean, text) is 'Closes an institution, or opens it again; done, or why not';

create or replace function institution_verify(p_by integer, p_slug text, p_verified boolean, p_note text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock(p_slug);
begin
    if institution_may_register(p_by) is not null or v_institution is null then
        return coalesce(institution_may_register(p_by), 'not-found');
    end if;
    update institutions set verified_at = case when p_verified then clock_timestamp() end, verified_by = case when p_verified then 1 end
     where institution_id = v_institution and (verified_at is not null) <> p_verified;
    if found then
        perform official_audit(p_by, p_from, case when p_verified then 'institution-verified' else 'institution-verification-ended' end, null,
                               jsonb_strip_nulls(jsonb_build_object('institution', p_slug, 'by', 'official', 'note', nullif(p_note, ''))));
    end if;
    return 'done';
end $$;
comment on function institution_verify(integer, text, boolean, text, text) is 'An official says that its members speak for it, or no longer; done, or why not';
