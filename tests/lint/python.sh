#!/usr/bin/env bash
# Names that are not there or not used, in what is Python.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mapfile -d '' -t scripts < <(find deploy tests -name node_modules -prune -o -name '*.py' -print0)
pyflakes3 "${scripts[@]}"
