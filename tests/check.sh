#!/usr/bin/env bash
# Everything a change must pass: installs what tests need, builds dev, asan, tsan and fuzz, and runs all tests of all of
# them as one ctest. Its last line counts them. Further words go to ctest (-R name, -E name, …).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD

build() {
    local preset=$1 words=$top/build/$1.log
    shift
    mkdir -p build
    if ! { cmake --preset "$preset" && cmake --build "build/$preset" "$@"; } >"$words" 2>&1; then
        grep -E 'error|warning|FAILED|Error' -A 6 "$words" >&2 || tail -n 40 "$words" >&2
        echo "check: the build '$preset' failed; all of its words are in $words" >&2
        exit 1
    fi
    echo "Built $preset."
}

# The thread sanitizer cannot lay out its memory where addresses are too random.
calm() {
    if [ "$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)" -gt 28 ]; then
        setarch -R "$@"
    else
        "$@"
    fi
}

deploy/packages.sh test
deploy/tools.sh test
build dev
build asan
build tsan
build fuzz --target fuzzers

# check gives a test four seconds, which is short for a sanitizer on a busy machine; ctest bounds a suite as well.
export CK_TIMEOUT_MULTIPLIER=10
mkdir -p build/check
for preset in dev asan tsan fuzz; do
    echo "subdirs(\"$top/build/$preset\")"
done >build/check/CTestTestfile.cmake
# One more than processors: the longest suites mostly wait, for what must not come before its time.
status=0
calm ctest --test-dir build/check --parallel $(($(nproc) + 1)) --output-on-failure "$@" 2>&1 |
    tee build/check/words || status=$?
# Once more alone, at the end of all words, where they are found: whether it fails by itself or was disturbed by its neighbours. It
# has failed either way.
failed=$(sed -n '/(Not Run)$/!s/^\t *[0-9]* - \(.*\) (.*)$/\1/p' build/check/words)
if [ -n "$failed" ] && [ "$(wc -l <<<"$failed")" -le 3 ]; then
    calm ctest --test-dir build/check --rerun-failed --output-on-failure 2>&1 || true
fi
# Said once more, so that it is the last line whatever came after it.
grep 'tests passed, ' build/check/words | tail -n 1
exit "$status"
