-- What the tests of the schema share: schema tests, and two consultations to try things on.
create schema tests;
set search_path = tests, consultation;

create function ok(p_true boolean, p_what text) returns void language plpgsql as $$
begin
    if p_true is not true then
        raise exception 'not so: %', p_what;
    end if;
end $$;

create function same(p_is anyelement, p_wanted anyelement, p_what text) returns void language plpgsql as $$
begin
    if p_is is distinct from p_wanted then
        raise exception '%: is %, wanted %', p_what, p_is, p_wanted;
    end if;
end $$;

-- The statement must fail, with this SQLSTATE and, if given, this constraint.
create function refused(p_sql text, p_state text, p_constraint text default null) returns void language plpgsql as $$
declare
    v_state      text;
    v_constraint text;
    v_words      text;
begin
    begin
        execute p_sql;
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_constraint = constraint_name, v_words = message_text;
    end;
    if v_state is null then
        raise exception 'was not refused: %', p_sql;
    elsif v_state <> p_state or v_constraint <> coalesce(p_constraint, v_constraint) then
        raise exception 'refused with % % (%), wanted % %: %', v_state, v_constraint, v_words, p_state, p_constraint, p_sql;
    end if;
end $$;

-- A complete consultation of two directions and three measures.
create function consultation_made(p_slug text, p_rehearsal boolean, p_opens interval default '-1 day', p_closes interval default '30 days')
    returns integer language plpgsql as $$
declare
    v_id integer;
begin
    insert into consultations (slug, rehearsal, opens_at, closes_at, identity_kinds, normalisation, limits, publication, document_hash)
    values (p_slug, p_rehearsal, clock_timestamp() + p_opens, clock_timestamp() + p_closes, 6, 1, '{}',
            '{"release_interval_s": 0, "release_threshold": 1, "blackout_s": 60}', sha256(p_slug::bytea))
    returning consultation_id into v_id;
    insert into directions values (v_id, 1, '1'), (v_id, 2, '2');
    insert into measures values (v_id, 1, '1-1', 1), (v_id, 2, '1-2', 1), (v_id, 3, '2-1', 2);
    insert into questions values (v_id, 1, 'tools');
    insert into sectors values (v_id, 1, 'education');
    insert into terms values (v_id, 1, 'hub');
    insert into texts (consultation_id, key, version, language, body)
    select v_id, k.key, 1, l.language, 'words' from consultation_text_keys(v_id) k, generate_series(0, 2) as l (language);
    update consultations set complete = true where consultation_id = v_id;
    return v_id;
end $$;
select consultation_made('real', false), consultation_made('rehearsal', true);

-- submission_accept with entries as JSON: what an entry leaves out is as in a usual one. Moments are given as ago, an interval.
create function accept(p_entries jsonb, p_wait interval default '5 seconds', p_slot smallint default 1)
    returns table (entry integer, outcome text, number text, generation smallint) language plpgsql as $$
#variable_conflict use_column
begin
    return query
    with e as (
        select o.entry, o.e,
               coalesce((o.e ->> 'consultation')::integer, 1) as consultation,
               coalesce(o.e ->> 'content', o.e ->> 'key') as content
          from jsonb_array_elements(p_entries) with ordinality as o (e, entry)
    ), r as (
        select e.entry, (m.r ->> 0)::smallint as part, (m.r ->> 1)::smallint as ordinal, coalesce((m.r ->> 3)::boolean, true) as publish, m.r ->> 2 as body
          from e, jsonb_array_elements(e.e -> 'remarks') as m (r)
    )
    select a.entry, a.outcome, a.number, a.generation
      from (select array_agg(consultation order by entry) as c,
                   array_agg(md5(e ->> 'key')::uuid order by entry) as k,
                   array_agg(sha256(content::bytea) order by entry) as h,
                   array_agg(coalesce(e ->> 'number', translate(upper(substr(md5(random()::text || entry), 1, 10)), 'U', 'V')) order by entry) as n,
                   array_agg(coalesce((e ->> 'kind')::smallint, 1::smallint) order by entry) as kind,
                   array_agg((case when e ? 'identity' then 1 else 0 end)::smallint order by entry) as ik,
                   array_agg(sha256((e ->> 'identity')::bytea) order by entry) as ih,
                   array_agg(coalesce((e ->> 'proven')::boolean, false) order by entry) as p,
                   array_agg(true order by entry) as u,
                   array_agg(coalesce((e ->> 'language')::smallint, 0::smallint) order by entry) as l,
                   array_agg(1::smallint order by entry) as ch,
                   array_agg('education'::text order by entry) as s,
                   array_agg(e ->> 'organisation' order by entry) as org,
                   array_agg(coalesce((e ->> 'consent')::smallint, 1::smallint) order by entry) as cons,
                   array_agg(0::bigint order by entry) as w,
                   array_agg(decode(coalesce(e ->> 'stances', '0500ff'), 'hex') order by entry) as st,
                   array_agg(decode(coalesce(e ->> 'versions', '010100'), 'hex') order by entry) as v,
                   array_agg(coalesce((e ->> 'priorities')::bigint, 1) order by entry) as pr,
                   array_agg(sha256(random()::text::bytea) order by entry) as sa,
                   array_agg(sha256(content::bytea) order by entry) as co,
                   array_agg(1::smallint order by entry) as rk,
                   array_agg(clock_timestamp() - coalesce((e ->> 'ago')::interval, '0') order by entry) as at,
                   array_agg(e ->> 'supersedes' order by entry) as su,
                   array_agg((e ->> 'generation')::smallint order by entry) as ge
              from e) as b,
           (select coalesce(array_agg(r.entry::integer), '{}') as e, coalesce(array_agg(part), '{}') as p, coalesce(array_agg(ordinal), '{}') as o,
                   coalesce(array_agg(1::smallint), '{}') as v, coalesce(array_agg(publish), '{}') as pub, coalesce(array_agg(body), '{}') as t
              from r) as m,
           lateral submission_accept(p_slot, p_wait, b.c, b.k, b.h, b.n, b.kind, b.ik, b.ih, b.p, b.u, b.l, b.ch, b.s, b.org, b.cons, b.w,
                   b.st, b.v, b.pr, b.sa, b.co, b.rk, b.rk, b.at, b.su, b.ge, m.e, m.p, m.o, m.v, m.pub, m.t) as a
     order by a.entry;
end $$;

-- The outcomes of a batch as one text.
create function outcomes(p_entries jsonb, p_wait interval default '5 seconds') returns text language sql as $$
    select string_agg(outcome, ' ' order by entry) from accept(p_entries, p_wait);
$$;

-- The state of the submission that this key made.
create function state(p_key text) returns text language sql as $$
    select state::text from submissions where submission_key = md5(p_key)::uuid;
$$;
create function number(p_key text) returns text language sql as $$
    select number from submissions where submission_key = md5(p_key)::uuid;
$$;
