-- Statements about forms kept for their writers; see functions/saved_form.sql.

-- Consultation, hash that finds it, sealed form, how many and how many bytes a consultation may keep.
-- name: saved_form_put
-- role: writer
select outcome, expires_at from saved_form_put($1::int4, $2::bytea, $3::bytea, $4::int4, $5::int8);

-- name: saved_form_get
-- role: writer
select slug, sealed, expires_at from saved_form_get($1::bytea);

-- name: saved_form_erase
-- role: writer
select saved_form_erase($1::bytea);

-- Deletes what is over; says how many rows.
-- name: saved_form_sweep
-- role: writer
select saved_form_sweep();

-- What is kept, of all consultations.
-- name: saved_form_totals
-- role: writer
select coalesce(sum(forms), 0)::int8, coalesce(sum(bytes), 0)::int8 from saved_form_totals;
