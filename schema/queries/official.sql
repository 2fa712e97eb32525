-- Statements about officials; see functions/official_*.sql.

-- Account, network, action, consultation or null, particulars as JSON.
-- name: official_audit
-- role: official, exporter
select official_audit($1::int4, $2::text, $3::text, $4::int4, $5::text::jsonb);

-- Login, network, on the institutions' side.
-- name: official_find
-- role: official
select official_id, password_hash, known from official_find($1::text, $2::text, $3::bool);

-- Account, hash of the token, network, browser, hours, hash that the password was judged by.
-- name: official_begin
-- role: official
select official_begin($1::int4, $2::bytea, $3::text, $4::text, $5::int4, $6::text);

-- name: official_refused
-- role: official
select official_refused($1::int4, $2::text, $3::text);

-- Hash of the token, idle minutes, slug or null, on the institutions' side.
-- name: official_session
-- role: official
select official_id, login, name, administrator, consultation_id, roles, stage, institution_id, member_roles, institution, fictitious, name_zh_hant,
       name_en, name_zh_hans
  from official_session($1::bytea, $2::int4, $3::text, $4::bool);

-- The same, for what an open page asks by itself: nobody was seen by it.
-- name: official_session_unseen
-- role: official
select o.official_id, o.login, o.name, o.administrator, c.consultation_id, coalesce(official_roles(o.official_id, c.consultation_id), 0), s.stage,
       i.institution_id, o.member_roles, i.slug, i.fictitious, i.name_zh_hant, i.name_en, i.name_zh_hans
  from official_sessions s
  join officials o on o.official_id = s.official_id and o.disabled_at is null and (o.institution_id is not null) = $4::bool
  left join consultations c on c.slug = $3::text
  left join institutions i on i.institution_id = o.institution_id and i.closed_at is null
 where s.token_hash = $1::bytea and s.expires_at > clock_timestamp() and s.seen_at > clock_timestamp() - make_interval(mins => $2::int4);

-- Hashes of sessions, the consultation that each watches, idle minutes. Places, from one, of those that may go on.
-- name: official_watchers
-- role: official
select w.place::int4
  from unnest($1::bytea[], $2::int4[]) with ordinality as w (token_hash, consultation_id, place)
  join official_sessions s on s.token_hash = w.token_hash and s.stage = 2 and s.expires_at > clock_timestamp()
                          and s.seen_at > clock_timestamp() - make_interval(mins => $3::int4)
  join officials o on o.official_id = s.official_id and o.disabled_at is null
 where official_roles(o.official_id, w.consultation_id) <> 0;

-- name: official_token
-- role: official
select official_id, login, name, administrator, consultation_id, roles, token_id::text, token_slug, role, expires_at
  from official_token($1::bytea, $2::text);

-- name: official_secret
-- role: official
select official_id, sealed, master, step from official_secret($1::bytea);

-- Hash of the token, of the new one, step, hash of a recovery code, network, hours.
-- name: official_second
-- role: official
select official_second($1::bytea, $2::bytea, $3::int8, $4::bytea, $5::text, $6::int4);

-- Hash of the session's token, on the institutions' side, idle minutes, digests of who it is, newest master, network.
-- name: official_subject_connect
-- role: official
select official_subject_connect($1::bytea, $2::bool, $3::int4, $4::bytea[], $5::int2, $6::text);

-- Account, hash of the token that stays, network.
-- name: official_subject_end
-- role: official
select official_subject_end($1::int4, $2::bytea, $3::text);

-- Digests of who it is, newest master, on the institutions' side, hash of the token, network, browser, hours.
-- name: official_subject_begin
-- role: official
select official_subject_begin($1::bytea[], $2::int2, $3::bool, $4::bytea, $5::text, $6::text, $7::int4);

-- name: official_sign_out
-- role: official
select official_sign_out($1::bytea, $2::text);

-- name: official_setup_open
-- role: official
select official_id, login, name, second_factor, sealed, master from official_setup_open($1::bytea, $2::bool);

-- name: official_setup_secret
-- role: official
select official_setup_secret($1::bytea, $2::bytea, $3::int2);

-- Hash of the token, password hash, step or null, hashes of recovery codes, network.
-- name: official_setup_finish
-- role: official
select official_setup_finish($1::bytea, $2::text, $3::int8, $4::bytea[], $5::text);

-- Account, hash of the session's token, of its new one, password hash, network.
-- name: official_password
-- role: official
select official_password($1::int4, $2::bytea, $3::bytea, $4::text, $5::text);

-- name: official_recovery
-- role: official
select official_recovery($1::int4, $2::bytea[], $3::text);

-- Account, session or null for all, hash of the token that stays, network.
-- name: official_sessions_end
-- role: official
select official_sessions_end($1::int4, $2::uuid, $3::bytea, $4::text);

-- Account, slug or null, role, label, days, hash of the token, network.
-- name: official_token_make
-- role: official
select official_token_make($1::int4, $2::text, $3::int2, $4::text, $5::int4, $6::bytea, $7::text);

-- name: official_token_revoke
-- role: official
select official_token_revoke($1::int4, $2::uuid, $3::text);

-- What an account may do where.
-- name: official_grants
-- role: official, owner
select c.slug, g.role
  from official_grants g join consultations c using (consultation_id)
 where g.official_id = (select official_id from officials where login = $1::text)
 order by c.rehearsal, c.consultation_id desc, g.role;

-- Sessions that have not ended, this one first.
-- name: official_sessions
-- role: official
select session_id::text, started_at, seen_at, network, agent, token_hash = $2::bytea
  from official_sessions
 where official_id = $1::int4 and stage = 2 and expires_at > clock_timestamp() and seen_at > clock_timestamp() - make_interval(mins => $3::int4)
 order by token_hash = $2::bytea desc, seen_at desc
 limit 50;

-- name: official_tokens
-- role: official
select t.token_id::text, t.label, t.role, c.slug, t.created_at, t.expires_at, t.used_at
  from official_tokens t left join consultations c using (consultation_id)
 where t.official_id = $1::int4 and t.revoked_at is null and t.expires_at > clock_timestamp()
 order by t.created_at desc
 limit 50;

-- One's own account.
-- name: official_own
-- role: official
select password_changed_at, second_factor,
       (select count(*) from official_recovery_codes r where r.official_id = o.official_id and r.used_at is null),
       (select bound_at from official_subjects s where s.official_id = o.official_id)
  from officials o where official_id = $1::int4;

-- All accounts by name, those after the given one.
-- name: official_list
-- role: official, owner
select o.login, o.name, o.administrator, o.second_factor, o.password_changed_at is not null, o.disabled_at is not null, o.signed_in_at,
       (select count(distinct consultation_id) from official_grants g where g.official_id = o.official_id)
  from officials o
 where o.login > $1::text and o.institution_id is null
 order by o.login
 limit $2::int4;

-- One account; who proposed to reset it.
-- name: official_get
-- role: official
select o.official_id, o.login, o.name, o.administrator, o.second_factor, o.password_changed_at is not null, o.disabled_at is not null,
       o.signed_in_at, o.created_at, o.refused,
       (select count(*) from official_sessions s where s.official_id = o.official_id and s.stage = 2 and s.expires_at > clock_timestamp()),
       (select p.login from official_resets r join officials p on p.official_id = r.proposed_by
         where r.official_id = o.official_id and r.expires_at > clock_timestamp())
  from officials o where o.login = $1::text and o.institution_id is null;

-- Login, name, administrator, second factor, hash of the set-up token.
-- name: official_add
-- role: owner
select official_add($1::text, $2::text, $3::bool, $4::bool, $5::bytea);

-- By whom or null, login, slug, role, given or ended, network.
-- name: official_grant
-- role: official, owner
select official_grant($1::int4, $2::text, $3::text, $4::int2, $5::bool, $6::text);

-- name: official_enable
-- role: official, owner
select official_enable($1::int4, $2::text, $3::bool, $4::text);

-- name: official_end_sessions
-- role: official, owner
select official_end_sessions($1::int4, $2::text, $3::text);

-- name: official_reset_propose
-- role: official
select official_reset_propose($1::int4, $2::text, $3::text);

-- name: official_reset_end
-- role: official
select official_reset_end($1::int4, $2::text, $3::text);

-- By whom or null, login, hash of the new set-up token, network.
-- name: official_reset_confirm
-- role: official, owner
select official_reset_confirm($1::int4, $2::text, $3::bytea, $4::text);

-- What was typed in on a consultation, newest first: by whom or null for all, before that number or null, how many.
-- name: official_entries
-- role: official
select number, channel, received_on, arrived_at, login, name
  from assisted_entry_list($1::int4, $2::int4, $3::text, $4::int4);

-- The record of acts, newest first: before that row or null, who, what, from, to, consultation, how many.
-- name: official_acts
-- role: official
select a.audit_id, a.at, coalesce(a.detail ->> 'official', a.actor), a.detail ? 'official', a.action, c.slug, a.detail ->> 'from',
       (a.detail - 'official' - 'from')::text, a.position
  from audit_log a left join consultations c using (consultation_id)
 where ($1::int8 is null or a.audit_id < $1) and ($2::text is null or a.detail ->> 'official' = $2) and ($3::text is null or a.action = $3)
   and ($4::timestamptz is null or a.at >= $4) and ($5::timestamptz is null or a.at < $5) and ($6::text is null or c.slug = $6)
 order by a.audit_id desc
 limit $7::int4;
