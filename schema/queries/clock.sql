-- The database's clock, which judges every window.

-- name: clock_now
-- role: reader, writer, exporter, official, owner
select clock_timestamp();
