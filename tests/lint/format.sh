#!/usr/bin/env bash
# Every C file is as clang-format 14 (Debian 12's) writes it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
clang-format --version | grep -q 'version 14\.'
find server tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror
