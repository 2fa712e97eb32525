#!/usr/bin/env bash
# What the main pages cost on a throttled phone, by Lighthouse: score and times, the middle one of three looks at each.
# usage: tests/load/lighthouse.sh [BUILD_FOLDER]     (default: build/dev, built if need be)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=${1:-build/dev}
deploy/packages.sh test
deploy/tools.sh test
[ -d "$build" ] || cmake --preset "$(basename "$build")" >/dev/null
cmake --build "$build" --target scene consultation >/dev/null
"$build/tests/support/scene" --rehearse 300 static/node_modules/node/bin/node tests/browser/lighthouse.mjs --print
