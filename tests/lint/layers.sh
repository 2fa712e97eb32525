#!/usr/bin/env bash
# Includes point one way: what lies lower never names what lies above it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../server"
found=0
# folder, and the folders whose headers it must not name
while read -r folder above; do
    if grep -rnE "^#include \"(${above// /|})/" "$folder" --include='*.[ch]' 2>/dev/null; then
        echo "^ $folder lies below ${above// /, }" >&2
        found=1
    fi
done <<'ORDER'
base domain process access transfer mail openid attachment store represent intake publish export http resources commands
domain process access transfer mail openid attachment store represent intake publish export http resources commands
process access transfer mail openid attachment store represent intake publish export http resources commands
access transfer mail openid attachment store represent intake publish export http resources commands
transfer mail openid attachment store represent intake publish export http resources commands
mail openid attachment store represent intake publish export http resources commands
openid mail attachment store represent intake publish export http resources commands
attachment mail openid store represent intake publish export http resources commands
store represent intake publish export http resources commands
represent intake publish export http resources commands
intake represent publish export http resources commands
publish intake export http resources commands
export intake http resources commands
http resources commands
resources commands
ORDER
exit "$found"
