#!/usr/bin/env bash
# Installs the npm packages that the lock file names, if it changed since the last time. None of them is needed where the
# service runs.
# usage: deploy/tools.sh build|test    (build: what makes the stylesheet and the script; test: the tests' tools as well)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../static"
stamp=node_modules/.lock-was
omit=(--omit=dev)
# A folder that has the tests' tools keeps them.
if [ "${1:-}" = test ] || [ -d node_modules/playwright-core ]; then
    omit=()
fi

exec 9<package-lock.json
flock 9
state="$(sha256sum <package-lock.json) ${omit[*]}"
if [ "$(cat "$stamp" 2>/dev/null)" != "$state" ]; then
    npm ci --no-audit --no-fund --loglevel=error "${omit[@]}"
    echo "$state" >"$stamp"
fi
touch "$stamp"
node_modules/node/bin/node --version | grep -q '^v22\.'
