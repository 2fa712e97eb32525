#!/usr/bin/env bash
# deploy/migrate.sh: again, two at once, a migration that fails, and a fresh database for a login that is no superuser.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sql() {
    psql -XAtq -v ON_ERROR_STOP=1 "$SUPERUSER" -c "$1"
}
same() {
    if [ "$1" != "$2" ]; then
        echo "$3: is '$1', wanted '$2'" >&2
        exit 1
    fi
}

# Nothing is applied again, and nothing that is there changes.
applied=$(sql "select string_agg(version || name || applied_at, ' ' order by version) from consultation.schema_migrations")
grants=$(sql "select string_agg(proname || coalesce(proacl::text, ''), ' ' order by proname) from pg_proc where pronamespace = 'consultation'::regnamespace")
"$top/deploy/migrate.sh" "$SUPERUSER" >"$work/words"
same "$(grep -c migrated "$work/words" || true)" 0 'migrations applied again'
same "$(sql "select string_agg(version || name || applied_at, ' ' order by version) from consultation.schema_migrations")" "$applied" 'schema_migrations'
same "$(sql "select string_agg(proname || coalesce(proacl::text, ''), ' ' order by proname) from pg_proc where pronamespace = 'consultation'::regnamespace")" "$grants" 'rights on functions'

# Each file registers itself under its number and name.
for file in "$top"/schema/migrations/*.sql; do
    name=$(basename "$file" .sql)
    same "$(sql "select name from consultation.schema_migrations where version = $((10#${name%%_*}))")" "${name#*_}" "$name in schema_migrations"
done

# A new migration, by two at once: applied once. Then one that fails in its middle: nothing of it stays, those before it do.
cp -r "$top/schema" "$top/deploy" "$work"
newest=$(find "$work/schema/migrations" -name '*.sql' -printf '%f\n' | sort | tail -1)
number=$((10#${newest%%_*} + 1))
next() {
    printf '%s/schema/migrations/%04d_%s.sql' "$work" "$1" "$2"
}
cat >"$(next "$number" late)" <<EOF
select pg_sleep(0.3);
create table consultation.late (a integer);
insert into consultation.schema_migrations (version, name) values ($number, 'late');
EOF
"$work/deploy/migrate.sh" "$SUPERUSER" >"$work/one" &
first=$!
"$work/deploy/migrate.sh" "$SUPERUSER" >"$work/two"
wait "$first"
same "$(cat "$work/one" "$work/two" | grep -c 'migrated.*late')" 1 'applied by two at once'
same "$(sql "select count(*) from consultation.schema_migrations where version = $number")" 1 'registered'
cat >"$(next $((number + 1)) broken)" <<EOF
create table consultation.half (a integer);
select 1 / 0;
insert into consultation.schema_migrations (version, name) values ($((number + 1)), 'broken');
EOF
if "$work/deploy/migrate.sh" "$SUPERUSER" >"$work/words" 2>&1; then
    echo 'a broken migration was not noticed' >&2
    exit 1
fi
grep -q 'division by zero' "$work/words"
same "$(sql "select to_regclass('consultation.half') is null and to_regclass('consultation.late') is not null")" t 'only whole migrations stay'

# What a right was given by hand and is not written down is gone.
sql 'grant select on consultation.submissions to consultation_writer'
"$top/deploy/migrate.sh" "$SUPERUSER" >/dev/null
same "$(sql "select has_table_privilege('consultation_writer', 'consultation.submissions', 'select')")" f 'a right that is not written down'

# A login that may make roles and owns the database is enough; roles of the cluster are there already.
sql "create role plain_$$ login createrole" && sql "create database plain_$$ owner plain_$$"
grep -o 'host=[^ ]*' <<<"$SUPERUSER" >"$work/host"
"$top/deploy/migrate.sh" "$(cat "$work/host") user=plain_$$ dbname=plain_$$" >"$work/words"
grep -q 'schema is at version' "$work/words"
same "$(psql -XAtq "$(cat "$work/host") user=plain_$$ dbname=plain_$$" -c "select nspowner::regrole from pg_namespace where nspname = 'consultation'")" consultation_owner 'owner of the schema'
sql "drop database plain_$$" && sql "drop owned by plain_$$" && sql "drop role plain_$$"

if "$top/deploy/migrate.sh" 2>/dev/null; then
    echo 'no argument was not refused' >&2
    exit 1
fi
