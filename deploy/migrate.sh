#!/bin/bash
# Brings a database to this version of the schema: roles, the migrations that are missing (each in one transaction), functions and grants.
# Again on a database that is up to date: nothing but functions and grants, which are replaced by themselves.
#
#   deploy/migrate.sh CONNINFO
#
# CONNINFO is libpq's (a password belongs into ~/.pgpass, not here). The login must be allowed to make roles, or the roles of
# schema/roles.sql must be there and consultation_owner granted to it. Two that run at once wait for each other.
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: $0 CONNINFO" >&2
    exit 2
fi
schema=$(cd "$(dirname "$0")/../schema" && pwd)

# One session, so that one advisory lock covers all of it.
script() {
    echo 'select pg_advisory_lock(7285, 0) \g /dev/null'
    printf '\\i %s\n' "$schema/roles.sql"
    echo 'set role consultation_owner;'
    local file name number
    for file in "$schema"/migrations/[0-9][0-9][0-9][0-9]_*.sql; do
        name=$(basename "$file" .sql)
        number=$((10#${name%%_*}))
        if [ "$number" -eq 0 ]; then
            echo "select to_regclass('consultation.schema_migrations') is null as missing \\gset"
        else
            echo "select not exists (select from consultation.schema_migrations where version = $number) as missing \\gset"
        fi
        cat <<EOF
\\if :missing
begin;
\\i $file
commit;
\\echo migrated $name
\\endif
EOF
    done
    echo 'begin;'
    echo 'set local search_path = consultation, pg_temp;'
    for file in "$schema"/functions/*.sql; do
        printf '\\i %s\n' "$file"
    done
    printf '\\i %s\n' "$schema/grants.sql"
    echo 'commit;'
    # The single quotes below are psql's.
    cat <<'EOF'
select 'schema is at version ' || max(version) from consultation.schema_migrations;
EOF
}

script | PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=warning" \
    psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$1"
