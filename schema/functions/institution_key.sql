-- What an institution's machines file with: a coordinator makes a key or a token, an approver who is another person confirms it; see
-- migrations/0022.

-- The member's institution, if they are one of these parts there and it is open.
create or replace function institution_of_part(p_by integer, p_parts integer) returns integer
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
begin
    return (select o.institution_id from officials o where o.official_id = p_by and o.member_roles & p_parts <> 0 and official_is_on(o, true));
end $$;
comment on function institution_of_part(integer, integer) is 'Institution of a member who has one of these parts (bits); null: none';

create or replace function institution_key_make(p_by integer, p_label text, p_public_key bytea, p_token_hash bytea, p_days integer, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_part(p_by, 1);
    v_key         uuid;
begin
    if v_institution is null then
        return 'role-missing';
    end if;
    perform from institutions where institution_id = v_institution for no key update;
    if (select count(*) from institution_keys where institution_id = v_institution and revoked_at is null and expires_at > clock_timestamp()) >= 20 then
        return 'too-many';
    end if;
    insert into institution_keys (institution_id, label, public_key, token_hash, made_by, expires_at)
    values (v_institution, p_label, p_public_key, p_token_hash, p_by, clock_timestamp() + make_interval(days => p_days)) returning key_id into v_key;
    perform official_audit(p_by, p_from, 'institution-key-made', null, jsonb_build_object('key', v_key, 'label', p_label, 'days', p_days,
        'kind', case when p_public_key is null then 'token' else 'ed25519' end));
    return 'done';
end $$;
comment on function institution_key_make(integer, text, bytea, bytea, integer, text) is 'A coordinator registers a public key or makes a token, which opens nothing yet; done, or why not';

create or replace function institution_key_confirm(p_by integer, p_key_id uuid, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_part(p_by, 4);
    v_row         institution_keys;
begin
    if v_institution is null then
        return 'role-missing';
    end if;
    select * into v_row from institution_keys
     where key_id = p_key_id and institution_id = v_institution and revoked_at is null and expires_at > clock_timestamp() for no key update;
    if v_row.key_id is null then
        return 'not-found';
    elsif v_row.made_by = p_by then
        return 'second-person-required';
    elsif v_row.confirmed_by is null then
        update institution_keys set confirmed_by = p_by, confirmed_at = clock_timestamp() where key_id = p_key_id;
        perform official_audit(p_by, p_from, 'institution-key-confirmed', null, jsonb_build_object('key', p_key_id, 'label', v_row.label));
    end if;
    return 'done';
end $$;
comment on function institution_key_confirm(integer, uuid, text) is 'The second person, an approver: from now on that key or token files; done, or why not';

create or replace function institution_key_revoke(p_by integer, p_key_id uuid, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_part(p_by, 5);
    v_label       text;
begin
    if v_institution is null then
        return 'role-missing';
    elsif not exists (select from institution_keys where key_id = p_key_id and institution_id = v_institution) then
        return 'not-found';
    end if;
    update institution_keys set revoked_at = clock_timestamp() where key_id = p_key_id and revoked_at is null returning label into v_label;
    if found then
        perform official_audit(p_by, p_from, 'institution-key-revoked', null, jsonb_build_object('key', p_key_id, 'label', v_label));
    end if;
    return 'done';
end $$;
comment on function institution_key_revoke(integer, uuid, text) is 'A coordinator or an approver ends a key or token for good; done, or why not';

-- p_by, so that one's own is not offered to be confirmed. Never the token's digest. stands: who confirmed it approves still; it files in any
-- case, since it is of the institution and of no person, until somebody revokes it.
drop function if exists institution_key_list(integer);
create or replace function institution_key_list(p_by integer)
    returns table (key_id uuid, label text, public_key bytea, made_by text, made_at timestamptz, own boolean, confirmed_by text, expires_at timestamptz,
                   used_at timestamptz, revoked_at timestamptz, stands boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select k.key_id, k.label, k.public_key, m.name, k.made_at, k.made_by = p_by, c.name, k.expires_at, k.used_at, k.revoked_at,
           c.member_roles & 4 <> 0 and c.disabled_at is null
      from institution_keys k join officials m on m.official_id = k.made_by left join officials c on c.official_id = k.confirmed_by
     where k.institution_id = institution_of_part(p_by, 7)
     order by (k.revoked_at is null and k.expires_at > clock_timestamp()) desc, k.made_at desc
     limit 100
$$;
comment on function institution_key_list(integer) is 'Keys and tokens of a member''s institution, those that are good first';

create or replace function institution_key_is_good(p_row institution_keys) returns boolean
    language sql stable set search_path = consultation, pg_temp as $$
    select p_row.confirmed_at is not null and p_row.revoked_at is null and p_row.expires_at > clock_timestamp()
       and exists (select from institutions i where i.institution_id = p_row.institution_id and i.closed_at is null)
$$;
comment on function institution_key_is_good(institution_keys) is 'Confirmed, not over, not revoked, and its institution is not closed';

-- The public half a signature is checked with.
create or replace function institution_key_public(p_key_id uuid) returns bytea
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select public_key from institution_keys k where key_id = p_key_id and institution_key_is_good(k)
$$;
comment on function institution_key_public(uuid) is 'Ed25519 public key of that id; null: none that is good';

-- Who a machine is, by its token's digest or by the key whose signature was checked: one of the two.
create or replace function institution_key_admit(p_token_hash bytea, p_key_id uuid, p_slug text)
    returns table (key_id uuid, label text, consultation_id integer, institution_id integer, institution text, fictitious boolean, name_zh_hant text,
                   name_en text, name_zh_hans text)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_row institution_keys;
begin
    select * into v_row from institution_keys k
     where (token_hash = p_token_hash or (key_id = p_key_id and public_key is not null)) and institution_key_is_good(k);
    if v_row.key_id is null then
        return;
    end if;
    update institution_keys set used_at = clock_timestamp()
     where key_id = v_row.key_id and (used_at is null or used_at < clock_timestamp() - interval '1 minute');
    return query
    select v_row.key_id, v_row.label, c.consultation_id, i.institution_id, i.slug, i.fictitious, i.name_zh_hant, i.name_en, i.name_zh_hans
      from institutions i left join consultations c on c.slug = p_slug
     where i.institution_id = v_row.institution_id;
end $$;
comment on function institution_key_admit(bytea, uuid, text) is 'Which institution''s a token or checked signature is; no row: nobody''s';

-- What a machine did, by the key it came with.
create or replace function institution_key_audit(p_key_id uuid, p_from text, p_action text, p_consultation_id integer, p_detail jsonb) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    perform audit_write(p_action, p_consultation_id, coalesce(p_detail, '{}') || jsonb_strip_nulls(jsonb_build_object('key', p_key_id,
        'institution', (select slug from institutions join institution_keys using (institution_id) where key_id = p_key_id), 'from', p_from)));
end $$;
comment on function institution_key_audit(uuid, text, text, integer, jsonb) is 'Adds a row to the record of acts: what, on what, by which key, from which network';
