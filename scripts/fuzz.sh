#!/usr/bin/env bash
# Builds every fuzzer in tests/fuzz with clang and the sanitizers and runs each for FUZZ_SECONDS (60), starting from
# tests/fuzz/corpus/<name>. Finds go to build/fuzz/crashes; any of them makes the exit code 1.
#   scripts/fuzz.sh [NAME…]     only these, e.g. `parser` for tests/fuzz/fuzz_parser.c
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build="${FUZZ_BUILD:-build/fuzz}"
seconds="${FUZZ_SECONDS:-60}"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        [ -e "$source" ] || { echo "fuzz: no fuzzers in tests/fuzz" >&2; exit 1; }
        name="${source##*/fuzz_}"
        names+=("${name%.c}")
    done
fi

cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang-19 -DJANUS_FUZZ=ON \
    "-DJANUS_SANITIZE=fuzzer-no-link;address;undefined" >/dev/null
mkdir -p "$build/crashes"
failed=()
for name in "${names[@]}"; do
    ninja -C "$build" --quiet "fuzz_$name"
    corpus="$build/corpus/$name"
    mkdir -p "$corpus"
    seeds=()
    [ -d "tests/fuzz/corpus/$name" ] && seeds=("tests/fuzz/corpus/$name")
    dictionary=()
    [ -f tests/fuzz/janus.dict ] && dictionary=(-dict=tests/fuzz/janus.dict)
    echo "fuzz: $name for $seconds s"
    log="$build/$name.log"
    # Finds are added to the corpus in the build folder, the first one named; the seeds are only read.
    if "$build/fuzz_bin/fuzz_$name" "$corpus" "${seeds[@]}" "${dictionary[@]}" -max_total_time="$seconds" \
        -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$name-" >"$log" 2>&1; then
        grep -E '^stat::(number_of_executed_units|average_exec_per_sec)' "$log" || true
    else
        tail -n 40 "$log"
        failed+=("$name")
    fi
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "fuzz: failed: ${failed[*]} (inputs in $build/crashes, logs in $build)" >&2
    exit 1
fi
echo "fuzz: ${#names[@]} fuzzers, no find"
