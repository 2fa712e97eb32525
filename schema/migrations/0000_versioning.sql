-- What was applied, and when. deploy/migrate.sh applies each numbered file once, in order, in one transaction under an advisory
-- lock; a file registers itself and is never edited once it is on main.
create schema consultation;
set local search_path = consultation;

create table schema_migrations (
    version    integer primary key,
    name       text not null,
    applied_at timestamptz not null default now()
);
comment on table schema_migrations is 'One row a migration that was applied';
comment on column schema_migrations.version is 'Number of the migration file; the highest is the schema version servers compare with theirs';
comment on column schema_migrations.name is 'Name of the migration file without number and ending';
comment on column schema_migrations.applied_at is 'Moment the migration was committed';

insert into schema_migrations (version, name) values (0, 'versioning');
