-- When what arrived in time is in the tallies, so that figures of it may be the last ones; see release.sql.

-- The longest that any server may let a submission wait before it is stored: the bound of queue_wait_ms in server/settings.def. What is
-- older is refused by submission_accept, so that from then on nothing that arrived before a moment can still be stored.
create or replace function queue_wait_longest() returns interval
    language sql immutable set search_path = consultation, pg_temp as $$ select interval '60 seconds' $$;
comment on function queue_wait_longest() is 'Bound of the setting queue_wait_ms';

-- From when on the final release may be made: what arrived in time is stored then.
create or replace function release_final_from(p_consultation consultations) returns timestamptz
    language sql stable set search_path = consultation, pg_temp as $$
    select p_consultation.closes_at + p_consultation.grace + queue_wait_longest()
$$;
comment on function release_final_from(consultations) is 'From when on the final release may be made';

-- From when on one that publishes after the close does: when nothing is typed in from paper any more either. Of two releases that differ by
-- one answer the later one would say which it is.
create or replace function release_first_from(p_consultation consultations) returns timestamptz
    language sql stable set search_path = consultation, pg_temp as $$
    select greatest(p_consultation.grace, make_interval(hours => 24 * p_consultation.entry_days)) + p_consultation.closes_at + queue_wait_longest()
$$;
comment on function release_first_from(consultations) is 'From when on a consultation that publishes after its close does';
