#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# Left to the compilers, which know more: macros of the .def tables, types behind headers that cppcheck does not read,
# and memory that a loop fills.
cppcheck --quiet --std=c11 -j "$(nproc)" -I server -I tests --inline-suppr \
    --enable=warning,performance,portability --error-exitcode=1 \
    --suppress=missingIncludeSystem --suppress=unknownMacro --suppress=uninitvar \
    --suppress=CastIntegerToAddressAtReturn server tests/support tests/integration
