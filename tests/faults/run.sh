#!/usr/bin/env bash
# Breaks the service under load, each fault with a stack of its own, and looks for what it acknowledged. Loopback only, bounded
# in count and time. The last line counts the verdicts of all.
# usage: tests/faults/run.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passed=0
failed=0
words=$(mktemp)
trap 'rm -f "$words"' EXIT

"$checkout/deploy/packages.sh" test load
for fault in killed network_cut disk_full flash_crowd sign_in_flood; do
    echo "== $fault"
    status=0
    "$checkout/tests/faults/$fault.sh" "$@" 2>&1 | tee "$words" || status=$?
    read -r ok bad < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$words" | tail -n 1) || true
    # One that broke off, or failed without saying at what, is a failure too.
    [ -n "${bad:-}" ] && { [ "$status" = 0 ] || [ "$bad" != 0 ]; } || bad=$((${bad:-0} + 1))
    passed=$((passed + ${ok:-0}))
    failed=$((failed + bad))
    ok='' bad=''
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
