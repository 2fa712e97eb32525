-- Statements of the officials' pages of publication; see functions/official_publication.sql.

-- Consultation, and up to how many remarks are counted.
-- name: publication_state
-- role: official
select now_at, complete, opens_at, closes_at, grace_ends_at, entry_ends_at, final_at, releases, held, unmoderated, final_from, proposals
  from publication_state($1::int4, $2::int4);

-- name: publication_missing
-- role: official
select key, language from publication_missing($1::int4);

-- What was done with window, wording and publication, newest first; by an official or by a command.
-- name: publication_acts
-- role: official
select a.at, coalesce(a.detail ->> 'official', a.actor), a.detail ? 'official', a.action, (a.detail ->> 'closes_at')::timestamptz, a.detail -> 'texts' ->> 0,
       jsonb_array_length(coalesce(a.detail -> 'texts', '[]'))
  from audit_log a
 where a.consultation_id = $1::int4
   and a.action in ('consultation-imported', 'consultation-replaced', 'window-set', 'window-extended', 'wording-corrected',
                    'glossary-extended', 'proofs-changed', 'final-release')
 order by a.audit_id desc
 limit 50;
