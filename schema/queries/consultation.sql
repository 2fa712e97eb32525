-- Statements about consultations and their wording.

-- The watcher's beat: what was raised, and the one live figure.
-- name: consultation_poll
-- role: reader
select c.consultation_id, c.slug, c.revision,
       coalesce((select sum(t.received) from submission_tallies t where t.consultation_id = c.consultation_id), 0)::int8 as received
  from consultations c
 order by c.consultation_id;
