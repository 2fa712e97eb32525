#!/usr/bin/env bash
# Ten seconds of one fuzz target, beginning with its kept corpus, which is not written to: run.sh TARGET CORPUS
set -euo pipefail
target=$1
corpus=$2
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
[ -n "$(ls "$corpus")" ]
"$target" -max_total_time=10 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$new/" "$new" "$corpus" 2>&1 | tail -n 40
