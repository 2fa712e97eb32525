-- Proof of an identity by a code that was sent by mail, or shown after a sign-in. Everything is judged here: the window, how often codes are
-- asked for and wrongly given, and the code.
-- Nothing is looked up about who took part, so that no answer can tell.
--
-- Bounds hold for an identity and a network prefix together, so that nobody can use up a neighbour's. p_prefix_hash is a server's keyed
-- hash of the prefix; what is kept is a hash of identity and it.

-- How many seconds until there is room for one more such act; 0 when there is. The caller holds the source's lock.
create or replace function challenge_wait(
    p_consultation_id integer, p_source_hash bytea, p_act smallint, p_most integer, p_within interval) returns integer
    language sql stable
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
    select coalesce(greatest(1, ceil(extract(epoch from min(newest.acted_at) + p_within - clock_timestamp())))::integer, 0)
      from (select a.acted_at from challenge_acts a
             where a.consultation_id = p_consultation_id and a.source_hash = p_source_hash and a.act = p_act
               and a.acted_at > clock_timestamp() - p_within
             order by a.acted_at desc limit p_most) as newest
    having count(*) >= p_most;
$$;
comment on function challenge_wait(integer, bytea, smallint, integer, interval)
    is 'Seconds until an identity may be asked about again from one network; no row or 0 when it may be now';

-- Writes an act down; true each time the identity's acts of a day, from all networks, reach a multiple of the alarm's number.
create or replace function challenge_act(
    p_consultation_id integer, p_identity_hash bytea, p_source_hash bytea, p_act smallint, p_alarm integer) returns boolean
    language plpgsql
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
begin
    insert into challenge_acts (consultation_id, acted_at, act, identity_hash, source_hash)
    values (p_consultation_id, clock_timestamp(), p_act, p_identity_hash, p_source_hash);
    return (select count(*) % p_alarm = 0 from challenge_acts
             where consultation_id = p_consultation_id and identity_hash = p_identity_hash
               and acted_at > clock_timestamp() - interval '1 day');
end $$;
comment on function challenge_act(integer, bytea, bytea, smallint, integer) is 'Records a code asked for or a wrong try; true when the alarm is due';

-- Why nobody can prove an identity that way now; null when they can. A lost code (p_renews: its receipt's number) may be renewed after the
-- close as well.
create or replace function challenge_window(p_consultation_id integer, p_proof smallint, p_renews text) returns text
    language sql stable
    set search_path = consultation, pg_temp as $$
    select case
        when c.consultation_id is null or not c.complete then 'not-found'
        when clock_timestamp() < c.opens_at then 'not-open'
        when c.final_release_at is not null then 'final-release-made'
        when p_renews is null and clock_timestamp() >= c.closes_at + c.grace then 'closed'
        when c.proofs & (1 << p_proof) = 0 then 'proof-not-taken'
    end
      from (select p_consultation_id as wanted) as w left join consultations c on c.consultation_id = w.wanted;
$$;
comment on function challenge_window(integer, smallint, text) is 'Why an identity cannot be proven that way now, as a problem; null when it can';

-- A code is to be sent: three an hour. p_renews: number of the receipt whose lost code it is to renew; that may be asked for as long as a
-- code is of use, until the final release. A server of schema version 9 does not name it, hence the default.
drop function if exists challenge_ask(integer, uuid, smallint, smallint, bytea, bytea, uuid, bytea, smallint, integer);
create or replace function challenge_ask(
    p_consultation_id integer, p_challenge_id uuid, p_proof smallint, p_identity_kind smallint, p_identity_hash bytea,
    p_prefix_hash bytea, p_submission_key uuid, p_code_hash bytea, p_master smallint, p_alarm integer, p_renews text default null)
    returns table (outcome text, expires_at timestamptz, retry_s integer, alarm boolean)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_now    timestamptz := clock_timestamp();
    v_source bytea := sha256(p_identity_hash || p_prefix_hash);
begin
    alarm := false;
    outcome := challenge_window(p_consultation_id, p_proof, p_renews);
    if outcome is null then
        perform pg_advisory_xact_lock(hashtextextended(encode(v_source, 'hex'), 7286));
        retry_s := greatest(challenge_wait(p_consultation_id, v_source, 1::smallint, 3, interval '1 hour'),
                            challenge_wait(p_consultation_id, v_source, 2::smallint, 10, interval '1 day'));
        outcome := case when retry_s > 0 then 'too-many-requests' end;
    end if;
    if outcome is null then
        delete from challenges
         where consultation_id = p_consultation_id and submission_key = p_submission_key and proven_at is null;
        expires_at := v_now + interval '10 minutes';
        insert into challenges (consultation_id, challenge_id, expires_at, proof, identity_kind, identity_hash, submission_key, code_hash, master, renews)
        values (p_consultation_id, p_challenge_id, expires_at, p_proof, p_identity_kind, p_identity_hash, p_submission_key, p_code_hash, p_master, p_renews);
        alarm := challenge_act(p_consultation_id, p_identity_hash, v_source, 1::smallint, p_alarm);
        outcome := 'asked';
    end if;
    return next;
end $$;
comment on function challenge_ask is 'Makes a challenge for one form, within the bounds; gives asked with its end, or why not';

-- Somebody is to sign in at the OpenID Connect provider. Whose challenge it is shows when they come back. p_renews as for challenge_ask; a
-- server of schema version 15 does not name it.
drop function if exists challenge_begin(integer, uuid, uuid, smallint);
create or replace function challenge_begin(
    p_consultation_id integer, p_challenge_id uuid, p_submission_key uuid, p_master smallint, p_renews text default null)
    returns table (outcome text, expires_at timestamptz)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
begin
    outcome := challenge_window(p_consultation_id, 3::smallint, p_renews);
    if outcome is null then
        delete from challenges
         where consultation_id = p_consultation_id and submission_key = p_submission_key and proven_at is null;
        expires_at := clock_timestamp() + interval '10 minutes';
        insert into challenges (consultation_id, challenge_id, expires_at, proof, identity_kind, submission_key, master, renews)
        values (p_consultation_id, p_challenge_id, expires_at, 3, 4, p_submission_key, p_master, p_renews);
        outcome := 'asked';
    end if;
    return next;
end $$;
comment on function challenge_begin is 'Makes a challenge for one form that awaits a sign-in; gives asked with its end, or why not';

-- The provider sent somebody back: once for each challenge, so that an address which is called again costs the provider nothing.
create or replace function challenge_return(p_consultation_id integer, p_challenge_id uuid, p_master smallint) returns boolean
    language sql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
    with returned as (
        update challenges set returned_at = clock_timestamp()
         where consultation_id = p_consultation_id and challenge_id = p_challenge_id and proof = 3 and master = p_master
           and returned_at is null and expires_at > clock_timestamp()
        returning 1
    )
    select exists (select from returned);
$$;
comment on function challenge_return is 'Takes note that somebody came back from the provider; false: for the second time, too late, or for no such challenge';

-- They are known now. The code that is shown to them is good for ten minutes, and only in the form that the sign-in was begun in: so whoever
-- was talked into signing in for another's form has given nothing away yet. renews: number of the receipt that it is to renew, which they are
-- told beside it. Dropped first, since it gave less before.
drop function if exists challenge_sign_in(integer, uuid, bytea, bytea, bytea, integer);
create or replace function challenge_sign_in(
    p_consultation_id integer, p_challenge_id uuid, p_prefix_hash bytea, p_identity_hash bytea, p_code_hash bytea, p_alarm integer)
    returns table (outcome text, alarm boolean, renews text)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
begin
    alarm := false;
    update challenges c
       set identity_hash = p_identity_hash, code_hash = p_code_hash, expires_at = clock_timestamp() + interval '10 minutes'
     where consultation_id = p_consultation_id and challenge_id = p_challenge_id and returned_at is not null and identity_hash is null
       and expires_at > clock_timestamp()
    returning c.renews into renews;
    outcome := case when found then 'signed-in' else 'challenge-expired' end;
    if found then
        alarm := challenge_act(p_consultation_id, p_identity_hash, sha256(p_identity_hash || p_prefix_hash), 1::smallint, p_alarm);
    end if;
    return next;
end $$;
comment on function challenge_sign_in is 'Writes down whose challenge it is, and its code; gives signed-in and what it renews, or challenge-expired';

-- A code was given, or none: then the address it was sent to is taken as declared, where that is taken. In this order: the form was recorded
-- before (then whatever came with it now is compared by submission_accept, and the challenge is left alone); the challenge is another's or
-- over; nobody signed in yet; too many wrong codes from there in a day, ten; too many for it, five; the code. p_renews as the challenge was asked for: see
-- submission_renew.
drop function if exists challenge_answer(integer, uuid, bytea, uuid, bytea, smallint, integer);
create or replace function challenge_answer(
    p_consultation_id integer, p_challenge_id uuid, p_prefix_hash bytea, p_submission_key uuid, p_code_hash bytea,
    p_master smallint, p_alarm integer, p_renews text default null)
    returns table (outcome text, identity_kind smallint, identity_hash bytea, retry_s integer, alarm boolean)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_row    challenges;
    v_source bytea;
begin
    alarm := false;
    select 'sent-before', s.identity_kind, s.identity_hash into outcome, identity_kind, identity_hash
      from submissions s where s.submission_key = p_submission_key and p_renews is null;
    if outcome is null then
        select * into v_row from challenges where consultation_id = p_consultation_id and challenge_id = p_challenge_id;
        v_source := sha256(v_row.identity_hash || p_prefix_hash);
        if v_source is not null then
            perform pg_advisory_xact_lock(hashtextextended(encode(v_source, 'hex'), 7286));
            select * into v_row from challenges
             where consultation_id = p_consultation_id and challenge_id = p_challenge_id for no key update;
        end if;
        if v_row.challenge_id is null or v_row.submission_key <> p_submission_key or v_row.master <> p_master
                or v_row.renews is distinct from p_renews or v_row.expires_at <= clock_timestamp() then
            outcome := 'challenge-expired';
        elsif p_code_hash is null then
            outcome := (select case when c.proofs & 2 <> 0 and v_row.proof = 2 then 'declared' else 'proof-required' end
                          from consultations c where c.consultation_id = p_consultation_id);
        elsif v_row.code_hash is null then
            outcome := 'proof-awaited';
        else
            retry_s := challenge_wait(p_consultation_id, v_source, 2::smallint, 10, interval '1 day');
            outcome := case
                when retry_s > 0 then 'too-many-requests'
                when v_row.tries >= 5 then 'challenge-tries-used'
                when v_row.code_hash <> p_code_hash then 'proof-wrong'
                else 'proven'
            end;
        end if;
    end if;
    if outcome in ('proven', 'declared') then
        identity_kind := v_row.identity_kind;
        identity_hash := v_row.identity_hash;
    end if;
    if outcome = 'proven' then
        update challenges set proven_at = coalesce(proven_at, clock_timestamp())
         where consultation_id = p_consultation_id and challenge_id = p_challenge_id;
    elsif outcome = 'proof-wrong' then
        update challenges set tries = tries + 1 where consultation_id = p_consultation_id and challenge_id = p_challenge_id;
        alarm := challenge_act(p_consultation_id, v_row.identity_hash, v_source, 2::smallint, p_alarm);
    end if;
    return next;
end $$;
comment on function challenge_answer is 'Judges a code for one form; gives the identity it proves, or why it does not';

-- What is over is deleted; rows that somebody is judging just now are left for the next time.
create or replace function challenge_sweep() returns bigint
    language sql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
    with over as (
        select consultation_id, challenge_id from challenges where expires_at <= clock_timestamp()
         limit 1000 for update skip locked
    ), old as (
        select consultation_id, act_id from challenge_acts where acted_at <= clock_timestamp() - interval '1 day'
         limit 1000 for update skip locked
    ), gone as (
        delete from challenges c using over where (c.consultation_id, c.challenge_id) = (over.consultation_id, over.challenge_id)
        returning 1
    ), forgotten as (
        delete from challenge_acts a using old where (a.consultation_id, a.act_id) = (old.consultation_id, old.act_id)
        returning 1
    )
    select (select count(*) from gone) + (select count(*) from forgotten);
$$;
comment on function challenge_sweep() is 'Deletes expired challenges and acts that are a day old, up to a thousand of each; says how many';
