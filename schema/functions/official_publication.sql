-- What publishers do with a consultation's window, wording and last figures; see migrations/0019. p_by, p_from: whose act, from which
-- network. Each says done, or a problem's code; that it is its publisher's is judged here again, since the gate's judgement may be some
-- seconds old. What a publisher saw when deciding comes along (p_opened and p_closed, p_version): where it is no longer so, nothing is
-- done, and they decide anew.

-- All that the page of publication says, as of one moment. `held`, `unmoderated` and `proposals`, which wait for the second of two, are
-- what still waits for somebody; of remarks no more than p_most are counted. An older server reads the first ten.
drop function if exists publication_state(integer, integer);
create or replace function publication_state(p_consultation_id integer, p_most integer)
    returns table (now_at timestamptz, complete boolean, opens_at timestamptz, closes_at timestamptz, grace_ends_at timestamptz,
                   entry_ends_at timestamptz, final_at timestamptz, releases integer, held bigint, unmoderated bigint,
                   final_from timestamptz, proposals bigint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select clock_timestamp(), c.complete, c.opens_at, c.closes_at, c.closes_at + c.grace, c.closes_at + make_interval(days => c.entry_days),
           c.final_release_at, coalesce((select max(r.number) from releases r where r.consultation_id = c.consultation_id), 0),
           coalesce((select sum(t.held) from submission_tallies t where t.consultation_id = c.consultation_id), 0)::bigint,
           (select count(*)
              from (select from remarks r join submissions s using (consultation_id, submission_id)
                     where r.consultation_id = c.consultation_id and r.publish and r.moderation = 0
                       and s.state = 'counted' and s.erased_at is null and s.consent > 0
                       and not (r.part = 0 and (s.withheld >> (r.ordinal - 1)) & 1 = 1)
                     limit p_most) as waiting),
           release_final_from(c),
           (select count(*) from state_proposals p
             where p.consultation_id = c.consultation_id and p.outcome is null and p.expires_at > clock_timestamp())
      from consultations c
     where c.consultation_id = p_consultation_id;
$$;
comment on function publication_state(integer, integer) is 'Window, releases and what still waits, of one consultation';

-- Texts that one language or another lacks, so that it does not open.
create or replace function publication_missing(p_consultation_id integer) returns table (key text, language smallint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select k.key, l.language::smallint
      from consultation_text_keys(p_consultation_id) k cross join generate_series(0, 2) as l (language)
     where not exists (select from texts t
                        where t.consultation_id = p_consultation_id and t.key = k.key and t.language = l.language
                          and t.version = (select max(n.version) from texts n where n.consultation_id = p_consultation_id and n.key = k.key))
     order by k.key, l.language;
$$;
comment on function publication_missing(integer) is 'Texts that are not there in a language, which keeps a consultation from opening';

-- Until it has opened, a window is whatever a publisher says, as long as it begins in the future; a year is the longest.
create or replace function window_set(p_by integer, p_from text, p_consultation_id integer, p_opened timestamptz, p_closed timestamptz,
                                      p_opens_at timestamptz, p_closes_at timestamptz) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_now          timestamptz;
    v_consultation consultations;
begin
    if not official_holds(p_by, p_consultation_id, 4::smallint) then
        return 'role-missing';
    end if;
    select * into strict v_consultation from consultations where consultation_id = p_consultation_id for no key update;
    v_now := clock_timestamp();
    if v_consultation.complete and v_consultation.opens_at <= v_now then
        return 'already-open';
    elsif (v_consultation.opens_at, v_consultation.closes_at) <> (p_opened, p_closed) then
        return 'changed-meanwhile';
    elsif p_opens_at <= v_now then
        return 'date-past';
    elsif p_closes_at <= p_opens_at then
        return 'date-not-later';
    elsif p_closes_at > p_opens_at + interval '1 year' then
        return 'date-too-late';
    end if;
    update consultations set opens_at = p_opens_at, closes_at = p_closes_at, revision = revision + 1
     where consultation_id = p_consultation_id;
    perform official_audit(p_by, p_from, 'window-set', p_consultation_id,
        jsonb_build_object('opens_at', p_opens_at, 'closes_at', p_closes_at,
                           'previous', jsonb_build_object('opens_at', p_opened, 'closes_at', p_closed)));
    return 'done';
end $$;
comment on function window_set(integer, text, integer, timestamptz, timestamptz, timestamptz, timestamptz)
    is 'Sets when a consultation opens and closes, before it has opened; done, or why not';

-- Once it is open the close is only put off, before it has come, with a reason in every language.
create or replace function window_extend(p_by integer, p_from text, p_consultation_id integer, p_closed timestamptz, p_closes_at timestamptz,
                                         p_reasons text[]) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_now          timestamptz;
    v_consultation consultations;
    v_number       smallint;
begin
    if not official_holds(p_by, p_consultation_id, 4::smallint) then
        return 'role-missing';
    end if;
    select * into strict v_consultation from consultations where consultation_id = p_consultation_id for no key update;
    v_now := clock_timestamp();
    if not v_consultation.complete or v_consultation.opens_at > v_now then
        return 'not-open';
    elsif v_consultation.closes_at <= v_now then
        return 'closed';
    elsif v_consultation.closes_at <> p_closed then
        return 'changed-meanwhile';
    elsif p_closes_at <= v_consultation.closes_at then
        return 'date-not-later';
    elsif p_closes_at > v_consultation.closes_at + interval '1 year' then
        return 'date-too-late';
    end if;
    insert into extensions (consultation_id, number, extended_at, previous_at, closes_at, reasons)
    select p_consultation_id, 1 + coalesce(max(e.number), 0), v_now, v_consultation.closes_at, p_closes_at, p_reasons
      from extensions e where e.consultation_id = p_consultation_id
    returning number into v_number;
    update consultations set closes_at = p_closes_at, revision = revision + 1 where consultation_id = p_consultation_id;
    perform official_audit(p_by, p_from, 'window-extended', p_consultation_id,
        jsonb_build_object('extension', v_number, 'closes_at', p_closes_at, 'previous', v_consultation.closes_at));
    return 'done';
end $$;
comment on function window_extend(integer, text, integer, timestamptz, timestamptz, text[])
    is 'Puts the close of an open consultation off and says why; done, or why not';

-- A text at its newest version, for whoever corrects it. No row: there is no such text, or it is not in every language.
create or replace function wording_get(p_consultation_id integer, p_key text)
    returns table (version smallint, bodies text[], notes text[])
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select t.version, array_agg(t.body order by t.language), array_agg(t.note order by t.language)
      from texts t
     where t.consultation_id = p_consultation_id and t.key = p_key
       and t.version = (select max(n.version) from texts n where n.consultation_id = p_consultation_id and n.key = p_key)
     group by t.version
    having count(*) = 3;
$$;
comment on function wording_get(integer, text) is 'A text''s newest version in all languages';

-- Published wording is never edited: the next version stands beside it, in all languages, with a note in each.
create or replace function wording_correct(p_by integer, p_from text, p_consultation_id integer, p_key text, p_version smallint,
                                           p_bodies text[], p_notes text[]) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_consultation consultations;
    v_text         record;
begin
    if not official_holds(p_by, p_consultation_id, 4::smallint) then
        return 'role-missing';
    end if;
    select * into strict v_consultation from consultations where consultation_id = p_consultation_id for no key update;
    if not v_consultation.complete or v_consultation.opens_at > clock_timestamp() then
        return 'not-open';
    elsif cardinality(p_bodies) <> 3 or cardinality(p_notes) <> 3 then
        return 'required';
    end if;
    select * into v_text from wording_get(p_consultation_id, p_key);
    if not found then
        return 'not-found';
    elsif v_text.version <> p_version then
        return 'changed-meanwhile';
    elsif v_text.bodies = p_bodies then
        return 'nothing-changed';
    elsif v_text.version = 255 then
        return 'too-many';
    end if;
    insert into texts (consultation_id, key, version, language, body, note)
    select p_consultation_id, p_key, v_text.version + 1, l.language, p_bodies[l.language + 1], p_notes[l.language + 1]
      from generate_series(0, 2) as l (language);
    -- Judged here with the owner's rights and not at COMMIT with the caller's, who reads no texts.
    set constraints texts_whole immediate;
    update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    perform official_audit(p_by, p_from, 'wording-corrected', p_consultation_id,
        jsonb_build_object('texts', jsonb_build_array(p_key), 'version', v_text.version + 1));
    return 'done';
end $$;
comment on function wording_correct(integer, text, integer, text, smallint, text[], text[])
    is 'Corrects a published text in all languages, with a note; done, or why not';

-- Whether the tallies are the sums of the submissions: what is final must be.
create or replace function final_release_agrees(p_consultation_id integer) returns boolean
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
begin
    return not exists (select from recount(p_consultation_id));
end $$;
comment on function final_release_agrees(integer) is 'True when tallies and submissions agree; see recount';

-- release_begin and release_publish for the final release alone, as a publisher's act.
create or replace function final_release_begin(p_consultation_id integer)
    returns table (refusal text, number integer, released_at timestamptz)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    return query select b.refusal, b.number, b.released_at from release_begin(p_consultation_id, true) b;
end $$;
comment on function final_release_begin(integer) is 'Locks, and says whether the final release may be made, with the number and moment it would have';

create or replace function final_release_publish(p_by integer, p_from text, p_consultation_id integer, p_number integer, p_released_at timestamptz,
                                                 p_respondents bigint, p_document text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_refusal text;
    v_lapsed  bigint;
begin
    if not official_holds(p_by, p_consultation_id, 4::smallint) then
        return 'role-missing';
    end if;
    select count(*) into v_lapsed from state_proposals p
     where p.consultation_id = p_consultation_id and p.outcome is null and p.expires_at > clock_timestamp();
    v_refusal := release_publish(p_consultation_id, p_number, p_released_at, true, p_respondents, p_document);
    if v_refusal is null then
        perform official_audit(p_by, p_from, 'final-release', p_consultation_id,
            jsonb_build_object('number', p_number, 'proposals_lapsed', v_lapsed));
    end if;
    return v_refusal;
end $$;
comment on function final_release_publish(integer, text, integer, integer, timestamptz, bigint, text)
    is 'Keeps the final release and writes whose act it was; null, or why not';
