-- Statements about the record of who did what.

-- Action, consultation (null: the service as a whole), particulars as JSON.
-- name: audit_write
-- role: writer, exporter, owner
select audit_write($1::text, $2::int4, $3::text::jsonb);

-- Chains new rows; says how many.
-- name: audit_seal
-- role: writer, owner
select audit_seal();

-- Faults of the chain; no row when it is whole.
-- name: audit_verify
-- role: owner
select at_position, audit_id, fault
  from audit_verify();

-- How long the chain is, and how many rows wait for the sealer.
-- name: audit_length
-- role: owner
select count(*) filter (where position is not null), count(*) filter (where position is null)
  from audit_log;
