-- The rules that the tables of institutions keep by themselves; after constraints_responses.sql, which has two institutions and two members.
set search_path = tests, consultation;

alter table institutions alter column institution_id drop identity;
create function institution(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('institutions', '{"institution_id": 70, "slug": "third", "kind": 0, "name_zh_hant": "三", "name_en": "Third", "name_zh_hans": "三",
        "fictitious": false, "registered_at": "2026-11-26"}', p_change, p_constraint, p_state);
$$;
select institution('{"slug": "first"}', 'institutions_slug_key', '23505');
select institution(jsonb_build_object('slug', slug), 'institutions_slug') from unnest(array['a', 'A-b', 'a--b', '-a', 'a-', 'a b', repeat('a', 61)]) as slug;
select institution(jsonb_build_object('kind', kind), 'institutions_kind') from unnest(array[-1, 8]) as kind;
select institution(jsonb_build_object(field, name), 'institutions_names')
  from unnest(array['name_zh_hant', 'name_en', 'name_zh_hans']) as field, unnest(array['', repeat('a', 201)]) as name;
select institution('{"verified_at": "2026-11-26"}', 'institutions_verified'), institution('{"verified_by": 0}', 'institutions_verified'),
       institution('{"verified_at": "2026-11-26", "verified_by": 2}', 'institutions_verified');

create function institution_domain(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('institution_domains', jsonb_build_object('institution_id', first_one(), 'domain', 'first.example'), p_change, p_constraint, p_state);
$$;
select institution_domain('{"institution_id": 99}', 'institution_domains_institution_fkey', '23503');
select institution_domain(jsonb_build_object('domain', domain), 'institution_domains_domain')
  from unnest(array['hk', 'a..hk', '.hk', 'A.hk', 'a_b.hk', '-a.hk', 'a.hk.', 'x@a.hk', repeat('a.', 130) || 'hk']) as domain;

create function institution_code(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('institution_challenges', jsonb_build_object('institution_id', first_one(), 'official_id', 51, 'code_hash', sha256('c'), 'tries', 0,
        'expires_at', '2026-11-26'), p_change, p_constraint, p_state);
$$;
select institution_code('{"institution_id": 99}', 'institution_challenges_institution_fkey', '23503');
select institution_code('{"official_id": 99}', 'institution_challenges_official_fkey', '23503');
select institution_code('{"code_hash": "\\x00"}', 'institution_challenges_code_hash');
select institution_code('{"tries": 6}', 'institution_challenges_tries');

-- Members' accounts are of one kind or of the other.
create function member(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('officials', jsonb_build_object('official_id', 60, 'login', 'member-x', 'name', 'M', 'administrator', false, 'second_factor', true, 'totp_step', 0,
        'codes_wrong', 0, 'refused', 0, 'created_at', '2026-11-26', 'institution_id', first_one(), 'member_roles', 1), p_change, p_constraint, p_state);
$$;
select member('{"institution_id": 99}', 'officials_institution_fkey', '23503');
select member('{"institution_id": null}', 'officials_member'), member('{"member_roles": null}', 'officials_member'), member('{"administrator": true}', 'officials_member');
select member(jsonb_build_object('member_roles', roles), 'officials_member') from unnest(array[0, 8]) as roles;
-- … and no role of an official is a member's.
select refused('insert into official_grants (consultation_id, official_id, role) values (1, 51, 0)', '23514', 'official_grants_official');
select refused('update official_grants set official_id = 51', '23514', 'official_grants_official') where exists (select from official_grants);
select refused($$insert into official_tokens (official_id, consultation_id, role, label, token_hash, expires_at) values (51, 1, 0, 'l', sha256('m'), now())$$,
               '23514', 'official_grants_official');

create function institution_key(p_change jsonb, p_constraint text, p_state text default '23514') returns void language sql as $$
    select tried('institution_keys', jsonb_build_object('key_id', gen_random_uuid(), 'institution_id', first_one(), 'label', 'l', 'token_hash', sha256('new'),
        'made_by', 51, 'made_at', '2026-01-01', 'expires_at', '2026-01-02'), p_change, p_constraint, p_state);
$$;
insert into institution_keys (institution_id, label, token_hash, made_by, expires_at) values (first_one(), 'l', sha256('there'), 51, now());
select institution_key('{"institution_id": 99}', 'institution_keys_institution_fkey', '23503');
select institution_key('{"made_by": 99}', 'institution_keys_made_fkey', '23503');
select institution_key('{"confirmed_by": 99, "confirmed_at": "2026-01-01"}', 'institution_keys_confirmed_fkey', '23503');
select institution_key(jsonb_build_object('token_hash', sha256('there')), 'institution_keys_token_key', '23505');
select institution_key(jsonb_build_object('public_key', sha256('k')), 'institution_keys_one'), institution_key('{"token_hash": null}', 'institution_keys_one');
select institution_key('{"token_hash": null, "public_key": "\\x00"}', 'institution_keys_public_key');
select institution_key('{"token_hash": "\\x00"}', 'institution_keys_token_hash');
select institution_key(jsonb_build_object('label', label), 'institution_keys_label') from unnest(array['', repeat('a', 61)]) as label;
select institution_key('{"confirmed_by": 51, "confirmed_at": "2026-01-01"}', 'institution_keys_two'), institution_key('{"confirmed_by": 52}', 'institution_keys_two'),
       institution_key('{"confirmed_at": "2026-01-01"}', 'institution_keys_two');
select institution_key('{"expires_at": "2027-01-03"}', 'institution_keys_expires');
