#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mapfile -d '' -t scripts < <(find deploy tests .ci -name node_modules -prune -o \
    \( -name '*.sh' -o -path '.ci/run' \) -print0)
shellcheck -x "${scripts[@]}"
