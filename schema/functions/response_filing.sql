-- How an institutional response is approved, filed and published; see migrations/0023 and 0025. p_by: the member (or, below, the official),
-- p_from: their network. A member's institution is looked up here and nowhere taken from the caller. Each act says done, or a problem's code.
-- The document itself is made by the server (domain/response.h) and checked there; here its digest is what is compared.

-- The response of a member's institution, or none; locked where asked, so that approvals and filings of one response come one by one.
create or replace function member_response(p_by integer, p_roles integer, p_consultation_id integer) returns responses
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select r from responses r where r.consultation_id = p_consultation_id and r.institution_id = institution_of_part(p_by, p_roles)
$$;
comment on function member_response(integer, integer, integer) is 'The response of a member''s institution on a consultation; null if there is none';

-- The draft as it is at this moment, for the document: the response itself (part 0: number, institution, language, publish), each section's
-- newest version (1: code, text, stance, wording), each attachment (2: name, media type, length, digest).
create or replace function response_draft(p_by integer, p_consultation_id integer)
    returns table (part smallint, name text, words text, stance smallint, wording smallint, size bigint, sha256 bytea, language smallint, publish boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    with r as (select d.* from member_response(p_by, 7, p_consultation_id) d where d.response_id is not null)
    select 0::smallint, r.number, i.slug, null::smallint, null::smallint, null::bigint, null::bytea, r.language, r.publish
      from r join institutions i using (institution_id)
    union all
    select 1::smallint, s.section, s.text, s.stance, s.wording, null::bigint, null::bytea, null::smallint, null::boolean
      from r cross join lateral response_sections_newest(r.consultation_id, r.response_id) s
    union all
    select 2::smallint, a.name, a.media_type, null::smallint, null::smallint, a.bytes, a.sha256, null::smallint, null::boolean
      from r join attachments a using (consultation_id, response_id)
     where a.removed_at is null
     order by 1;
$$;
comment on function response_draft(integer, integer) is 'A draft as it is now: what its document is made of';

-- An asking for another content that nobody decided yet is void, and makes place.
create or replace function response_approval_ask(p_by integer, p_from text, p_consultation_id integer, p_digest bytea) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_response responses := member_response(p_by, 1, p_consultation_id);
begin
    if v_response.response_id is null then
        return 'not-found';
    end if;
    perform from responses r where (r.consultation_id, r.response_id) = (p_consultation_id, v_response.response_id) for no key update;
    if exists (select from response_approvals a
                where (a.consultation_id, a.response_id) = (p_consultation_id, v_response.response_id) and a.decided_at is null and a.digest = p_digest) then
        return 'done';
    end if;
    delete from response_approvals a
     where (a.consultation_id, a.response_id) = (p_consultation_id, v_response.response_id) and a.decided_at is null;
    insert into response_approvals (consultation_id, response_id, digest, asked_by) values (p_consultation_id, v_response.response_id, p_digest, p_by);
    perform official_audit(p_by, p_from, 'response-approval-asked', p_consultation_id,
        jsonb_build_object('number', v_response.number, 'digest', encode(p_digest, 'hex')));
    return 'done';
end $$;
comment on function response_approval_ask(integer, text, integer, bytea) is 'Asks a second person to approve exactly this content; done, or why not';

-- p_digest: of the draft as it is now, which the server made the document of.
create or replace function response_approval_decide(p_by integer, p_from text, p_consultation_id integer, p_approval_id uuid, p_digest bytea,
                                                    p_approved boolean, p_note text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_response responses := member_response(p_by, 4, p_consultation_id);
    v_approval response_approvals;
begin
    if v_response.response_id is null then
        return 'not-found';
    end if;
    select * into v_approval from response_approvals a
     where (a.consultation_id, a.response_id, a.approval_id) = (p_consultation_id, v_response.response_id, p_approval_id) for update;
    if not found or v_approval.decided_at is not null then
        return 'proposal-over';
    elsif v_approval.asked_by = p_by then
        return 'second-person-required';
    elsif v_approval.digest <> p_digest then
        return 'changed-meanwhile';
    end if;
    update response_approvals a set decided_by = p_by, decided_at = clock_timestamp(), approved = p_approved, note = p_note
     where (a.consultation_id, a.response_id, a.approval_id) = (p_consultation_id, v_response.response_id, p_approval_id);
    perform official_audit(p_by, p_from, case when p_approved then 'response-approved' else 'response-refused' end, p_consultation_id,
        jsonb_build_object('number', v_response.number, 'digest', encode(p_digest, 'hex')));
    return 'done';
end $$;
comment on function response_approval_decide(integer, text, integer, uuid, bytea, boolean, text) is 'A second person approves or refuses; done, or why not';

create or replace function response_approval_withdraw(p_by integer, p_from text, p_consultation_id integer, p_approval_id uuid) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_response responses := member_response(p_by, 1, p_consultation_id);
begin
    delete from response_approvals a
     where (a.consultation_id, a.response_id, a.approval_id) = (p_consultation_id, v_response.response_id, p_approval_id) and a.decided_at is null;
    if not found then
        return 'proposal-over';
    end if;
    perform official_audit(p_by, p_from, 'response-approval-withdrawn', p_consultation_id, jsonb_build_object('number', v_response.number));
    return 'done';
end $$;
comment on function response_approval_withdraw(integer, text, integer, uuid) is 'Takes an asking back that nobody decided yet; done, or why not';

-- An account that was set up anew since may have been taken from its holder when it approved.
drop function if exists response_approver_stands(integer, integer);
create or replace function response_approver_stands(p_official_id integer, p_institution_id integer, p_decided_at timestamptz) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select exists (select from officials o
                    where o.official_id = p_official_id and o.institution_id = p_institution_id and o.member_roles & 4 <> 0 and official_is_on(o, true))
       and not exists (select from institution_link_of(p_official_id, clock_timestamp()) l where l.made_at > p_decided_at)
$$;
comment on function response_approver_stands(integer, integer, timestamptz)
    is 'Whether who decided at that moment approves for an institution still, by the same set-up of their account';

-- Newest first. stands: see response_approver_stands; the last nine: institution_two_persons, of what is decided.
drop function if exists response_approval_list(integer, integer);
create or replace function response_approval_list(p_by integer, p_consultation_id integer)
    returns table (approval_id uuid, digest bytea, asked_at timestamptz, own boolean, decided_at timestamptz, approved boolean, stands boolean, note text,
                   asked_by text, asked_link_by text, asked_link_at timestamptz, decided_by text, decided_link_by text, decided_link_at timestamptz,
                   decided_parts_by text, decided_parts_at timestamptz, one_hand text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select a.approval_id, a.digest, a.asked_at, a.asked_by = p_by, a.decided_at, a.approved, response_approver_stands(a.decided_by, r.institution_id, a.decided_at), a.note,
           o.name, t.first_link_by, t.first_link_at, t.second_name, t.second_link_by, t.second_link_at, t.second_parts_by, t.second_parts_at, t.one_hand
      from member_response(p_by, 7, p_consultation_id) r
      join response_approvals a on (a.consultation_id, a.response_id) = (r.consultation_id, r.response_id)
      join officials o on o.official_id = a.asked_by
      left join lateral institution_two_persons(a.asked_by, a.asked_at, a.decided_by, a.decided_at) t on true
     order by a.asked_at desc
     limit 50;
$$;
comment on function response_approval_list(integer, integer) is 'Askings for approval of a response and what became of them';

-- The approval that holds for a content: what was decided last about exactly it, by somebody who still stands for it.
create or replace function response_approval_of(p_consultation_id integer, p_response_id integer, p_digest bytea) returns uuid
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select l.approval_id
      from (select a.approval_id, a.approved, a.decided_by, a.decided_at from response_approvals a
             where (a.consultation_id, a.response_id, a.digest) = (p_consultation_id, p_response_id, p_digest) and a.decided_at is not null
             order by a.decided_at desc limit 1) as l
      join responses r on (r.consultation_id, r.response_id) = (p_consultation_id, p_response_id)
     where l.approved and response_approver_stands(l.decided_by, r.institution_id, l.decided_at);
$$;
comment on function response_approval_of(integer, integer, bytea) is 'The approval of exactly this content; null if it was not approved, or refused since, or no longer stands';

-- The response that a machine files on, begun if there is none yet. No row: that key is nobody's here.
create or replace function response_of_key(p_key_id uuid, p_consultation_id integer, p_number text, p_language smallint)
    returns table (number text, institution text, fictitious boolean)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_institution institutions;
begin
    select i.* into v_institution from institution_keys k join institutions i using (institution_id)
     where k.key_id = p_key_id and institution_key_is_good(k);
    if not found then
        return;
    end if;
    insert into responses (consultation_id, institution_id, number, language)
    select p_consultation_id, v_institution.institution_id, p_number, p_language
     where v_institution.verified_at is not null
       and v_institution.fictitious = (select c.rehearsal from consultations c where c.consultation_id = p_consultation_id)
        on conflict (consultation_id, institution_id) do nothing;
    return query
        select r.number, v_institution.slug, v_institution.fictitious from responses r
         where r.consultation_id = p_consultation_id and r.institution_id = v_institution.institution_id;
end $$;
comment on function response_of_key(uuid, integer, text, smallint) is 'The response of the institution whose machine it is, begun where there is none';

-- The act, of an institution that was found by who acts. Judged by its arrival like a submission, see submission_accept, but without grace.
-- What is filed already as the latest gets its receipt again, for ever, before anything else is judged. A machine's document does so also
-- when a later one was filed: its request may be one that somebody sends again, which must not put an old text in the place of a new one.
create or replace function response_file_as(p_institution_id integer, p_by integer, p_key_id uuid, p_from text, p_consultation_id integer, p_document text,
                                            p_arrived_at timestamptz, p_max_wait interval, p_receipt_key smallint)
    returns table (outcome text, number text, institution text, version integer, arrived_at timestamptz, digest bytea, receipt_key smallint)
    language plpgsql set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_now          timestamptz;
    v_digest       bytea := sha256(convert_to(p_document, 'UTF8'));
    v_content      jsonb := p_document::jsonb;
    v_institution  institutions;
    v_response     responses;
    v_consultation consultations;
    v_last         filings;
    v_same         filings;
    v_approval     uuid;
begin
    select i.* into v_institution from institutions i where i.institution_id = p_institution_id;
    -- One by one: the second of two at once sees the first.
    select r.* into v_response from responses r
     where r.consultation_id = p_consultation_id and r.institution_id = v_institution.institution_id for no key update;
    if not found or v_content ->> 'institution' <> v_institution.slug or v_content ->> 'number' <> v_response.number then
        outcome := 'not-found';
        return next;
        return;
    end if;
    number := v_response.number;
    institution := v_institution.slug;
    select * into strict v_consultation from consultations c where c.consultation_id = p_consultation_id;
    select f.* into v_last from filings f
     where (f.consultation_id, f.response_id) = (p_consultation_id, v_response.response_id) order by f.version desc limit 1;
    v_now := clock_timestamp();
    select f.* into v_same from filings f
     where (f.consultation_id, f.response_id, f.digest) = (p_consultation_id, v_response.response_id, v_digest)
       and (p_by is null or f.version = v_last.version)
     order by f.version desc limit 1;
    if found then
        outcome := 'replayed';
        version := v_same.version;
        arrived_at := v_same.arrived_at;
        digest := v_same.digest;
        receipt_key := v_same.receipt_key;
        return next;
        return;
    end if;

    v_approval := response_approval_of(p_consultation_id, v_response.response_id, v_digest);
    outcome := case
        when not v_consultation.complete or v_content ->> 'consultation' <> v_consultation.slug
             or v_institution.fictitious <> v_consultation.rehearsal or v_institution.closed_at is not null then 'not-found'
        when v_institution.verified_at is null then 'institution-not-verified'
        when p_arrived_at > v_now + interval '2 seconds' or p_arrived_at < v_now - p_max_wait then 'waited-too-long'
        when p_arrived_at < v_consultation.opens_at then 'not-open'
        when p_arrived_at >= v_consultation.closes_at then 'closed'
        when p_by is not null and v_approval is null then 'approval-required'
        -- All versions stay, and each may be megabytes long.
        when v_last.version >= 1000 then 'too-many-filings'
        when exists (select from jsonb_to_recordset(v_content -> 'attachments') as a (name text, media_type text, bytes bigint, sha256 text)
                      where not exists (select from attachments h
                                         where (h.consultation_id, h.response_id) = (p_consultation_id, v_response.response_id) and h.removed_at is null
                                           and (h.name, h.media_type, h.bytes, encode(h.sha256, 'hex')) = (a.name, a.media_type, a.bytes, a.sha256)))
            then 'attachment-missing'
    end;
    if outcome is not null then
        return next;
        return;
    end if;

    insert into filings (consultation_id, response_id, version, arrived_at, document, digest, receipt_key, filed_by, key_id, approval_id, language, publish)
    select p_consultation_id, v_response.response_id, coalesce(v_last.version, 0) + 1, p_arrived_at, p_document, v_digest, p_receipt_key, p_by,
           case when p_by is null then p_key_id end, case when p_by is not null then v_approval end,
           case v_content ->> 'language' when 'zh-Hant' then 0 when 'en' then 1 when 'zh-Hans' then 2 end, (v_content ->> 'publish')::integer = 1
    returning filings.version, filings.arrived_at, filings.digest, filings.receipt_key into version, arrived_at, digest, receipt_key;
    -- Their bytes stay from now on.
    update attachments h set filed = true
      from jsonb_to_recordset(v_content -> 'attachments') as a (name text, sha256 text)
     where (h.consultation_id, h.response_id, h.name) = (p_consultation_id, v_response.response_id, a.name) and h.removed_at is null
       and encode(h.sha256, 'hex') = a.sha256 and not h.filed;
    insert into filing_stances (consultation_id, response_id, version, section, stance, says)
    select p_consultation_id, v_response.response_id, version, s.key, (s.value ->> 'stance')::smallint, s.value ? 'text'
      from jsonb_each(v_content -> 'sections') as s
     where s.key ~ '^(direction|measure|question)-';
    -- A consent that is taken back takes effect at once, on all servers. Whatever was filed before: it may be being released just now, which
    -- holds this row, and would otherwise be told to servers for the last time before this commits.
    if (v_content ->> 'publish')::integer = 0 and v_last.version is not null then
        update consultations c set revision = c.revision + 1 where c.consultation_id = p_consultation_id;
    end if;
    if p_by is null then
        perform audit_write('response-filed', p_consultation_id,
            jsonb_strip_nulls(jsonb_build_object('institution', v_institution.slug, 'key', p_key_id, 'from', p_from, 'number', number, 'version', version,
                                                 'digest', encode(v_digest, 'hex'))));
    else
        perform official_audit(p_by, p_from, 'response-filed', p_consultation_id,
            jsonb_build_object('number', number, 'version', version, 'digest', encode(v_digest, 'hex')));
    end if;
    outcome := 'filed';
    return next;
end $$;
comment on function response_file_as(integer, integer, uuid, text, integer, text, timestamptz, interval, smallint)
    is 'Files a document of an institution; for the two below';

-- p_by or p_key_id: a member or a machine.
create or replace function response_file(p_by integer, p_key_id uuid, p_from text, p_consultation_id integer, p_document text, p_arrived_at timestamptz,
                                         p_max_wait interval, p_receipt_key smallint)
    returns table (outcome text, number text, institution text, version integer, arrived_at timestamptz, digest bytea, receipt_key smallint)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    if p_max_wait is null then
        raise exception 'p_max_wait is null' using errcode = 'insufficient_privilege';
    end if;
    return query select * from response_file_as(
        case when p_by is null then (select k.institution_id from institution_keys k
                                      where k.key_id = p_key_id and k.confirmed_at is not null and k.revoked_at is null and k.expires_at > clock_timestamp())
             else institution_of_part(p_by, 5) end,
        p_by, p_key_id, p_from, p_consultation_id, p_document, p_arrived_at, p_max_wait, p_receipt_key);
end $$;
comment on function response_file(integer, uuid, text, integer, text, timestamptz, interval, smallint)
    is 'Files a response''s document; filed or replayed with what makes its receipt, or why not';

-- What a rehearsal says of a made-up institution, filed at the moment it claims, and published at once; for the owner alone. False: there is no
-- such institution, or this is filed already.
create or replace function rehearsal_response(p_consultation_id integer, p_institution text, p_number text, p_language smallint) returns text
    language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_institution integer := (select institution_id from institutions where slug = p_institution and fictitious);
begin
    insert into responses (consultation_id, institution_id, number, language)
    select c.consultation_id, v_institution, p_number, p_language from consultations c
     where c.consultation_id = p_consultation_id and c.rehearsal and v_institution is not null
        on conflict (consultation_id, institution_id) do nothing;
    return (select number from responses where consultation_id = p_consultation_id and institution_id = v_institution);
end $$;
comment on function rehearsal_response(integer, text, text, smallint) is 'Begins a generated response of a made-up institution; its number, or null';

create or replace function rehearsal_file(p_consultation_id integer, p_institution text, p_document text, p_arrived_at timestamptz, p_receipt_key smallint)
    returns boolean language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_filed record;
begin
    select f.* into v_filed
      from institutions i, consultations c,
           lateral response_file_as(i.institution_id, null, null, null, p_consultation_id, p_document, p_arrived_at, null, p_receipt_key) f
     where i.slug = p_institution and i.fictitious and c.consultation_id = p_consultation_id and c.rehearsal
       -- A later version may be there already, from an earlier run.
       and not exists (select from filings n join responses r using (consultation_id, response_id)
                        where r.institution_id = i.institution_id and r.consultation_id = p_consultation_id
                          and n.digest = sha256(convert_to(p_document, 'UTF8')));
    if v_filed.outcome is distinct from 'filed' then
        return false;
    end if;
    update filings f set published_at = p_arrived_at
      from responses r
     where r.number = v_filed.number and (f.consultation_id, f.response_id, f.version) = (p_consultation_id, r.response_id, v_filed.version);
    update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    return true;
end $$;
comment on function rehearsal_file(integer, text, text, timestamptz, smallint) is 'Files and publishes a generated response; false: nothing was filed';

-- What an institution filed, newest first, for its members or its machine; with the document and the two persons that it took where p_version
-- names one.
drop function if exists response_filing_list(integer, uuid, integer, integer);
create or replace function response_filing_list(p_by integer, p_key_id uuid, p_consultation_id integer, p_version integer)
    returns table (number text, institution text, version integer, arrived_at timestamptz, digest bytea, receipt_key smallint, filed_by text,
                   approved_by text, publish boolean, published_at timestamptz, withheld_at timestamptz, withheld_reason text, latest boolean, document text,
                   asked_by text, asked_link_by text, asked_link_at timestamptz, decided_by text, decided_link_by text, decided_link_at timestamptz,
                   decided_parts_by text, decided_parts_at timestamptz, one_hand text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select r.number, i.slug, f.version, f.arrived_at, f.digest, f.receipt_key, o.name, d.name, f.publish, f.published_at, f.withheld_at, f.withheld_reason,
           f.version = max(f.version) over (), case when f.version = p_version then f.document end, t.*
      from institutions i
      join responses r using (institution_id)
      join filings f using (consultation_id, response_id)
      left join officials o on o.official_id = f.filed_by
      left join response_approvals a on (a.consultation_id, a.response_id, a.approval_id) = (f.consultation_id, f.response_id, f.approval_id)
      left join officials d on d.official_id = a.decided_by
      left join institution_keys k on k.key_id = f.key_id
      left join lateral institution_two_persons(coalesce(a.asked_by, k.made_by), coalesce(a.asked_at, k.made_at), coalesce(a.decided_by, k.confirmed_by),
                                                coalesce(a.decided_at, k.confirmed_at)) t on f.version = p_version
     where r.consultation_id = p_consultation_id
       and i.institution_id = coalesce(institution_of_part(p_by, 7), (select k.institution_id from institution_keys k where p_by is null and k.key_id = p_key_id))
     order by f.version desc;
$$;
comment on function response_filing_list(integer, uuid, integer, integer) is 'What an institution filed on a consultation, for itself';

-- For whoever holds a receipt: is that what was filed, and was something filed after it.
create or replace function filing_state(p_number text, p_version integer, p_digest bytea)
    returns table (consultation text, institution text, name_zh_hant text, name_en text, name_zh_hans text, versions integer, published boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select c.slug, i.slug, i.name_zh_hant, i.name_en, i.name_zh_hans,
           (select max(n.version) from filings n where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id)),
           exists (select from published_filings p where (p.consultation_id, p.response_id, p.version) = (f.consultation_id, f.response_id, f.version))
      from responses r
      join filings f using (consultation_id, response_id)
      join institutions i using (institution_id)
      join consultations c using (consultation_id)
     where r.number = p_number and f.version = p_version and f.digest = p_digest;
$$;
comment on function filing_state(text, integer, bytea) is 'Whether something was filed after what a receipt is of; no row: nothing such was filed';

-- Officials: all that was filed, newest of each response first; with the document of one where asked, and of that one the two persons that it
-- took (institution_two_persons): who asked and who approved, or who made the machine's key and who confirmed it.
drop function if exists official_filing_list(integer, text, integer);
create or replace function official_filing_list(p_consultation_id integer, p_number text, p_version integer)
    returns table (number text, institution text, kind smallint, name_zh_hant text, name_en text, name_zh_hans text, version integer, arrived_at timestamptz,
                   digest bytea, receipt_key smallint, machine boolean, publish boolean, published_at timestamptz, published_by text,
                   withheld_at timestamptz, withheld_reason text, latest boolean, language smallint, document text,
                   asked_by text, asked_link_by text, asked_link_at timestamptz, decided_by text, decided_link_by text, decided_link_at timestamptz,
                   decided_parts_by text, decided_parts_at timestamptz, one_hand text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select r.number, i.slug, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, f.version, f.arrived_at, f.digest, f.receipt_key, f.filed_by is null,
           f.publish, f.published_at, o.login, f.withheld_at, f.withheld_reason,
           f.version = max(f.version) over (partition by f.response_id), f.language, case when f.version = p_version then f.document end, t.*
      from responses r
      join filings f using (consultation_id, response_id)
      join institutions i using (institution_id)
      left join officials o on o.official_id = f.published_by
      left join response_approvals a on (a.consultation_id, a.response_id, a.approval_id) = (f.consultation_id, f.response_id, f.approval_id)
      left join institution_keys k on k.key_id = f.key_id
      left join lateral institution_two_persons(coalesce(a.asked_by, k.made_by), coalesce(a.asked_at, k.made_at), coalesce(a.decided_by, k.confirmed_by),
                                                coalesce(a.decided_at, k.confirmed_at)) t on f.version = p_version
     where r.consultation_id = p_consultation_id and (p_number is null or r.number = p_number)
     order by i.slug, f.version desc;
$$;
comment on function official_filing_list(integer, text, integer) is 'What institutions filed on a consultation, for officials';

create or replace function official_filing_waiting(p_consultation_id integer, p_most integer) returns bigint
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select count(*) from (
        select from filings f
         where f.consultation_id = p_consultation_id and f.publish and f.published_at is null and f.withheld_at is null
           and not exists (select from filings n where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version)
         limit p_most) as waiting
$$;
comment on function official_filing_waiting(integer, integer) is 'How many filings wait for a publisher, counted up to so many';

-- Only what an institution says last is released; p_digest: of what the publisher read.
create or replace function official_filing_publish(p_by integer, p_from text, p_consultation_id integer, p_number text, p_version integer, p_digest bytea) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_consultation consultations;
    v_filing       filings;
begin
    select * into strict v_consultation from consultations where consultation_id = p_consultation_id for no key update;
    select f.* into v_filing from responses r join filings f using (consultation_id, response_id)
     where r.consultation_id = p_consultation_id and r.number = p_number and f.version = p_version and f.digest = p_digest for no key update of f;
    if not found then
        return 'not-found';
    elsif exists (select from filings n where (n.consultation_id, n.response_id) = (p_consultation_id, v_filing.response_id) and n.version > p_version) then
        return 'already-superseded';
    elsif not v_filing.publish then
        return 'consent-missing';
    elsif coalesce((v_consultation.publication ->> 'after_close')::boolean, false) and v_consultation.closes_at > clock_timestamp() then
        return 'not-closed';
    elsif v_filing.published_at is not null and v_filing.withheld_at is null then
        return 'done';
    end if;
    update filings f set published_at = clock_timestamp(), published_by = p_by, withheld_at = null, withheld_by = null, withheld_reason = null
     where (f.consultation_id, f.response_id, f.version) = (p_consultation_id, v_filing.response_id, p_version);
    update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    perform official_audit(p_by, p_from, 'response-published', p_consultation_id,
        jsonb_build_object('number', p_number, 'version', p_version, 'digest', encode(p_digest, 'hex')));
    return 'done';
end $$;
comment on function official_filing_publish(integer, text, integer, text, integer, bytea) is 'Releases what an institution filed; done, or why not';

create or replace function official_filing_withhold(p_by integer, p_from text, p_consultation_id integer, p_number text, p_version integer, p_reason text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    perform from consultations where consultation_id = p_consultation_id for no key update;
    update filings f set withheld_at = clock_timestamp(), withheld_by = p_by, withheld_reason = p_reason
      from responses r
     where (r.consultation_id, r.number) = (p_consultation_id, p_number) and (f.consultation_id, f.response_id) = (r.consultation_id, r.response_id)
       and f.version = p_version and f.published_at is not null and f.withheld_at is null;
    if not found then
        return 'state-changed';
    end if;
    update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    perform official_audit(p_by, p_from, 'response-withheld', p_consultation_id,
        jsonb_build_object('number', p_number, 'version', p_version, 'reason', p_reason));
    return 'done';
end $$;
comment on function official_filing_withhold(integer, text, integer, text, integer, text) is 'Takes a published filing back, and says why in public; done, or why not';
