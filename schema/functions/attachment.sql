-- Attachments of institutional responses; see migrations/0023 and 0026. Whose they are follows from who asks: a member, or a machine by
-- its confirmed key. Nobody is told of another institution's.

-- The institution for which somebody may change attachments (or, with p_reads, see them); null: for none.
create or replace function attachment_institution(p_official_id integer, p_key_id uuid, p_reads boolean) returns integer
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select i.institution_id from institutions i
     where i.closed_at is null
       and i.institution_id = case
           when p_official_id is not null then
               (select o.institution_id from officials o
                 where o.official_id = p_official_id and o.disabled_at is null and (p_reads or o.member_roles & 3 <> 0))
           else (select k.institution_id from institution_keys k
                  where k.key_id = p_key_id and k.confirmed_at is not null and k.revoked_at is null and k.expires_at > clock_timestamp())
           end
$$;
comment on function attachment_institution(integer, uuid, boolean) is 'The institution that a member or a machine acts for';

-- Attaching is work on a draft, and ends with it; for nothing that could not be filed bytes are kept.
create or replace function attachment_refusal(p_institution_id integer, p_consultation_id integer) returns text
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select nullif(coalesce((select case
                         when i.verified_at is null then 'institution-not-verified'
                         when clock_timestamp() < c.opens_at then 'not-open'
                         when clock_timestamp() >= c.closes_at then 'closed'
                         else '' end
                       from consultations c, institutions i
                      where c.consultation_id = p_consultation_id and i.institution_id = p_institution_id and c.rehearsal = i.fictitious), 'not-found'), '')
$$;
comment on function attachment_refusal(integer, integer) is 'Why an institution may not attach anything now; null when it may';

-- Its response, under a lock, so that two who attach at once are counted one after the other. Made where there is none: a machine
-- attaches before it files. Null: it may not take part there.
create or replace function attachment_response(p_institution_id integer, p_consultation_id integer, p_number text, p_language smallint) returns integer
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_response_id integer;
begin
    insert into responses (consultation_id, institution_id, number, language)
    select c.consultation_id, i.institution_id, p_number, p_language
      from consultations c, institutions i
     where c.consultation_id = p_consultation_id and i.institution_id = p_institution_id and c.rehearsal = i.fictitious
    on conflict on constraint responses_institution_key do nothing;
    select r.response_id into v_response_id from responses r
     where r.consultation_id = p_consultation_id and r.institution_id = p_institution_id for update;
    return v_response_id;
end $$;
comment on function attachment_response(integer, integer, text, smallint) is 'The response of an institution, locked; begun where there is none';

-- Files and bytes of a draft: what is attached, and what has been promised by uploads but this one.
create or replace function attachment_used(p_consultation_id integer, p_response_id integer, p_but uuid, out files bigint, out bytes bigint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select count(*), coalesce(sum(u.bytes), 0)::bigint
      from (select a.bytes from attachments a
             where a.consultation_id = p_consultation_id and a.response_id = p_response_id and a.removed_at is null
            union all
            select p.bytes from uploads p
             where p.consultation_id = p_consultation_id and p.response_id = p_response_id and p.expires_at > clock_timestamp()
               and p.upload_id is distinct from p_but) u
$$;
comment on function attachment_used(integer, integer, uuid) is 'How much of its quota a draft has used';

-- The same bytes are one file, however often they were attached and removed.
create or replace function attachment_lingering(p_consultation_id integer, p_response_id integer, out files bigint, out bytes bigint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select count(*), coalesce(sum(l.bytes), 0)::bigint
      from (select distinct a.sha256, a.bytes from attachments a
             where a.consultation_id = p_consultation_id and a.response_id = p_response_id and a.removed_at is not null and not a.filed
               and a.swept_at is null
               and not exists (select from attachments n
                                where n.consultation_id = p_consultation_id and n.response_id = p_response_id and n.sha256 = a.sha256
                                  and (n.removed_at is null or n.filed))) l
$$;
comment on function attachment_lingering(integer, integer) is 'What was taken out of a draft, was never filed, and may lie on the disk still';

-- Whether one more file fits. What was removed goes when the folder is swept and may be twice a draft''s quota until then: enough for somebody
-- who corrects a file again and again, and a bound for somebody who fills the disk that way.
create or replace function attachment_room(
    p_consultation_id integer, p_response_id integer, p_bytes bigint, p_files_most integer, p_bytes_most bigint, p_but uuid) returns text
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
declare
    v_used   record := attachment_used(p_consultation_id, p_response_id, p_but);
    v_linger record := attachment_lingering(p_consultation_id, p_response_id);
begin
    return case
        when v_used.files >= p_files_most or v_used.bytes + p_bytes > p_bytes_most then 'attachments-full'
        when v_linger.files >= 2 * p_files_most or v_linger.bytes >= 2 * p_bytes_most then 'removed-files-remain'
    end;
end $$;
comment on function attachment_room(integer, integer, bigint, integer, bigint, uuid) is 'Why a draft has no room for so many bytes more; null when it has';

-- Asked before a file's bytes are kept, which nobody takes away at once: attachment_add judges again, under its lock. Bytes that the draft
-- has already (p_sha256 null: not known yet) need no room. Null, or a problem's code.
drop function if exists attachment_fits(integer, uuid, integer, bytea, bigint, integer, bigint, uuid);
create or replace function attachment_fits(
    p_official_id integer, p_key_id uuid, p_consultation_id integer, p_sha256 bytea, p_bytes bigint, p_files_most integer, p_bytes_most bigint,
    p_upload_id uuid) returns text
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
declare
    v_institution_id integer := attachment_institution(p_official_id, p_key_id, false);
    v_refusal text := attachment_refusal(v_institution_id, p_consultation_id);
    v_response_id integer;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    select r.response_id into v_response_id from responses r where r.consultation_id = p_consultation_id and r.institution_id = v_institution_id;
    if exists (select from attachments a
                where a.consultation_id = p_consultation_id and a.response_id = v_response_id and a.sha256 = p_sha256 and a.removed_at is null) then
        return null;
    end if;
    return attachment_room(p_consultation_id, v_response_id, p_bytes, p_files_most, p_bytes_most, p_upload_id);
end $$;
comment on function attachment_fits(integer, uuid, integer, bytea, bigint, integer, bigint, uuid) is 'Why a draft cannot take a file; null when it can';

-- A name that no other file of the draft has: "a.pdf", "a (2).pdf" …
create or replace function attachment_name_free(p_consultation_id integer, p_response_id integer, p_name text) returns text
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
declare
    v_stem text := regexp_replace(p_name, '\.[^.]*$', '');
    v_end text := substr(p_name, length(v_stem) + 1);
    v_name text := p_name;
begin
    for i in 2 .. 1001 loop
        exit when not exists (select from attachments a
                               where a.consultation_id = p_consultation_id and a.response_id = p_response_id
                                 and a.name = v_name and a.removed_at is null);
        v_name := left(v_stem, 120 - length(v_end) - 7) || ' (' || i || ')' || v_end;
    end loop;
    return v_name;
end $$;
comment on function attachment_name_free(integer, integer, text) is 'That name, or one like it that is not taken';

-- Whose bytes are on the disk already. The same file twice under one name is there once. Outcome: null, or a problem's code.
create or replace function attachment_add(
    p_official_id integer, p_key_id uuid, p_consultation_id integer, p_number text, p_language smallint, p_sha256 bytea, p_name text,
    p_media_type text, p_bytes bigint, p_files_most integer, p_bytes_most bigint, p_upload_id uuid, p_from text,
    out outcome text, out attachment_id uuid, out name text)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_institution_id integer := attachment_institution(p_official_id, p_key_id, false);
    v_response_id integer;
begin
    outcome := attachment_refusal(v_institution_id, p_consultation_id);
    if outcome is not null then
        return;
    end if;
    v_response_id := attachment_response(v_institution_id, p_consultation_id, p_number, p_language);
    -- The close may have come while this one waited.
    outcome := attachment_refusal(v_institution_id, p_consultation_id);
    if outcome is not null then
        return;
    end if;
    if p_upload_id is not null then
        delete from uploads where consultation_id = p_consultation_id and response_id = v_response_id and upload_id = p_upload_id;
        if not found then
            outcome := 'not-found';
            return;
        end if;
    end if;
    select a.attachment_id, a.name into attachment_id, name from attachments a
     where a.consultation_id = p_consultation_id and a.response_id = v_response_id and a.removed_at is null
       and a.sha256 = p_sha256 and a.name = p_name;
    if found then
        return;
    end if;
    outcome := attachment_room(p_consultation_id, v_response_id, p_bytes, p_files_most, p_bytes_most, null);
    if outcome is not null then
        return;
    end if;
    insert into attachments as a (consultation_id, response_id, sha256, name, media_type, bytes, added_by)
    values (p_consultation_id, v_response_id, p_sha256, attachment_name_free(p_consultation_id, v_response_id, p_name), p_media_type,
            p_bytes, p_official_id)
    returning a.attachment_id, a.name into attachment_id, name;
    perform official_audit(p_official_id, p_from, 'response-attached', p_consultation_id, jsonb_strip_nulls(jsonb_build_object(
        'sha256', encode(p_sha256, 'hex'), 'bytes', p_bytes, 'key', p_key_id)));
end $$;
comment on function attachment_add(integer, uuid, integer, text, smallint, bytea, text, text, bigint, integer, bigint, uuid, text)
    is 'Attaches a file that is kept to the draft of an institution';

create or replace function attachment_list(p_official_id integer, p_key_id uuid, p_consultation_id integer)
    returns table (attachment_id uuid, sha256 bytea, name text, media_type text, bytes bigint, added_at timestamptz, added_by text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select a.attachment_id, a.sha256, a.name, a.media_type, a.bytes, a.added_at,
           (select o.name from officials o where o.official_id = a.added_by)
      from attachments a join responses r using (consultation_id, response_id)
     where r.institution_id = attachment_institution(p_official_id, p_key_id, true) and a.consultation_id = p_consultation_id
       and a.removed_at is null
     order by a.name collate "C"
$$;
comment on function attachment_list(integer, uuid, integer) is 'The files of an institution''s draft, as its filing will name them';

drop function if exists attachment_remove(integer, integer, uuid, text);
create or replace function attachment_remove(p_official_id integer, p_consultation_id integer, p_attachment_id uuid, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_refusal text;
    v_sha256  bytea;
begin
    -- A filing that names it and has not ended yet keeps its bytes, too.
    perform from responses r
     where r.consultation_id = p_consultation_id and r.institution_id = attachment_institution(p_official_id, null, false) for update;
    v_refusal := attachment_refusal(attachment_institution(p_official_id, null, false), p_consultation_id);
    if v_refusal is not null then
        return v_refusal;
    end if;
    update attachments a set removed_at = clock_timestamp()
      from responses r
     where r.consultation_id = a.consultation_id and r.response_id = a.response_id
       and r.institution_id = attachment_institution(p_official_id, null, false)
       and a.consultation_id = p_consultation_id and a.attachment_id = p_attachment_id and a.removed_at is null
    returning a.sha256 into v_sha256;
    if v_sha256 is null then
        return 'not-found';
    end if;
    perform official_audit(p_official_id, p_from, 'response-attachment-removed', p_consultation_id,
                           jsonb_build_object('sha256', encode(v_sha256, 'hex')));
    return 'done';
end $$;
comment on function attachment_remove(integer, integer, uuid, text) is 'Takes a file out of a draft; a filing that names it keeps its bytes; done, or why not';

-- Outcome: null, or a problem's code.
create or replace function upload_begin(
    p_official_id integer, p_key_id uuid, p_consultation_id integer, p_number text, p_language smallint, p_upload_id uuid, p_sha256 bytea,
    p_name text, p_bytes bigint, p_files_most integer, p_bytes_most bigint, p_uploads_most integer) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution_id integer := attachment_institution(p_official_id, p_key_id, false);
    v_refusal text := attachment_refusal(v_institution_id, p_consultation_id);
    v_response_id integer;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    v_response_id := attachment_response(v_institution_id, p_consultation_id, p_number, p_language);
    delete from uploads where expires_at < clock_timestamp() and consultation_id = p_consultation_id and response_id = v_response_id;
    if (select count(*) from uploads where consultation_id = p_consultation_id and response_id = v_response_id) >= p_uploads_most then
        return 'uploads-full';
    end if;
    v_refusal := attachment_room(p_consultation_id, v_response_id, p_bytes, p_files_most, p_bytes_most, null);
    if v_refusal is not null then
        return v_refusal;
    end if;
    insert into uploads (consultation_id, response_id, upload_id, sha256, name, bytes, started_by, expires_at)
    values (p_consultation_id, v_response_id, p_upload_id, p_sha256, p_name, p_bytes, p_official_id, clock_timestamp() + interval '24 hours');
    return null;
end $$;
comment on function upload_begin(integer, uuid, integer, text, smallint, uuid, bytea, text, bigint, integer, bigint, integer)
    is 'Promises room for an attachment that will come in pieces';

-- An unfinished one of the institution, for whoever may go on with it.
create or replace function upload_list(p_official_id integer, p_key_id uuid, p_consultation_id integer)
    returns table (upload_id uuid, sha256 bytea, name text, bytes bigint, expires_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select u.upload_id, u.sha256, u.name, u.bytes, u.expires_at
      from uploads u join responses r using (consultation_id, response_id)
     where r.institution_id = attachment_institution(p_official_id, p_key_id, false) and u.consultation_id = p_consultation_id
       and u.expires_at > clock_timestamp()
     order by u.started_at
$$;
comment on function upload_list(integer, uuid, integer) is 'Unfinished uploads of an institution';

create or replace function upload_end(p_official_id integer, p_key_id uuid, p_consultation_id integer, p_upload_id uuid) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    delete from uploads u using responses r
     where r.consultation_id = u.consultation_id and r.response_id = u.response_id
       and r.institution_id = attachment_institution(p_official_id, p_key_id, false)
       and u.consultation_id = p_consultation_id and u.upload_id = p_upload_id;
    return found;
end $$;
comment on function upload_end(integer, uuid, integer, uuid) is 'Gives up an unfinished upload';

-- Whether a file has to stay: a draft has it, or a filing names it.
create or replace function attachment_is_named(p_sha256 bytea) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select exists (select from attachments a where a.sha256 = p_sha256 and (a.removed_at is null or a.filed))
$$;
comment on function attachment_is_named(bytea) is 'Whether a draft or a filing has a file of that digest';
