-- What a connection asks before it is used.

-- name: schema_version
-- role: reader, writer, exporter, official, owner
select max(version) from schema_migrations;

-- The first setting under which an acknowledged submission could be lost; null when there is none.
-- name: schema_not_durable
-- role: reader, writer, exporter, official, owner
select name
  from (values (1, 'fsync'), (2, 'full_page_writes'), (3, 'synchronous_commit'), (4, 'data_checksums')) as wanted (rank, name)
 where current_setting(name) not in ('on', 'remote_write', 'remote_apply')
 order by rank
 limit 1;
