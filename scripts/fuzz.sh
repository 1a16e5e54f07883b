#!/usr/bin/env bash
# Builds every fuzzer in tests/fuzz with clang and the sanitizers and runs each for FUZZ_SECONDS (60), starting from
# tests/fuzz/corpus/<name> and, for those that read programs or QTJIR, from the programs of the tree. Finds go to
# build/fuzz/crashes; any of them makes the exit code 1.
#   scripts/fuzz.sh [NAME…]     only these, e.g. `parser` for tests/fuzz/fuzz_parser.c
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build="${FUZZ_BUILD:-build/fuzz}"
seconds="${FUZZ_SECONDS:-60}"
janus="${JANUS:-build/janus}"
# Large blocks are freed after every input: kept longer they cost more cache than they catch mistakes.
export ASAN_OPTIONS="quarantine_size_mb=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        [ -e "$source" ] || { echo "fuzz: no fuzzers in tests/fuzz" >&2; exit 1; }
        name="${source##*/fuzz_}"
        names+=("${name%.c}")
    done
fi

# Mutations are made of words, so what bytes are compared with is not worth the half of the time that tracing it takes.
cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang-19 -DJANUS_FUZZ=ON -DCMAKE_C_FLAGS=-fno-sanitize-coverage=trace-cmp \
    "-DJANUS_SANITIZE=fuzzer-no-link;address;undefined" >/dev/null
mkdir -p "$build/crashes"

# One file a program: the modules of a folder with a main.jan follow it, each after a line that names it.
seed_programs() {
    local into="$1" file folder flat module
    while read -r file; do
        flat="${file//\//_}"
        folder="$(dirname "$file")"
        if [ "$(basename "$file")" = main.jan ]; then
            { cat "$file"
              find "$folder" -name '*.jan' ! -path "$file" | sort | while read -r module; do
                  printf '\n//@ %s\n' "${module#"$folder"/}"
                  cat "$module"
              done
            } >"$into/$flat"
        else
            cp "$file" "$into/$flat"
        fi
    done < <(find tests/ui tests/run tests/std tests/debug std examples apps -name '*.jan' -size -16k 2>/dev/null)
}

# QTJIR of the cases and, when there is a compiler to print it, of every program that builds.
seed_qtjir() {
    local into="$1" file
    while read -r file; do cp "$file" "$into/${file//\//_}"; done < <(find tests -name '*.qir')
    [ -x "$janus" ] || return 0
    while read -r file; do
        "$janus" build "$file" --emit=qtjir -o "$into/${file//\//_}.qir" >/dev/null 2>&1 || true
    done < <(find tests/run tests/debug -name '*.jan')
    find "$into" -size +64k -delete
}

# Printed QTJIR is several times as long as what it was made from.
largest_of() {
    case "$1" in
    ir) echo 65536 ;;
    checker) echo 8192 ;;
    *) echo 16384 ;;
    esac
}

failed=()
for name in "${names[@]}"; do
    ninja -C "$build" --quiet "fuzz_$name"
    corpus="$build/corpus/$name"
    seeds="$build/seeds/$name"
    rm -rf "$seeds"
    mkdir -p "$corpus" "$seeds"
    case "$name" in
    parser | checker | format) seed_programs "$seeds" ;;
    ir) seed_qtjir "$seeds" ;;
    esac
    inputs=("$corpus" "$seeds")
    [ -d "tests/fuzz/corpus/$name" ] && inputs+=("tests/fuzz/corpus/$name")
    dictionary=()
    [ -f tests/fuzz/janus.dict ] && [ "$name" != ir ] && dictionary=(-dict=tests/fuzz/janus.dict)
    echo "fuzz: $name for $seconds s"
    log="$build/$name.log"
    # Finds are added to the corpus in the build folder, the first one named; the seeds are only read.
    if "$build/fuzz_bin/fuzz_$name" "${inputs[@]}" "${dictionary[@]}" -max_total_time="$seconds" \
        -max_len="$(largest_of "$name")" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$name-" >"$log" 2>&1; then
        grep -E '^stat::(number_of_executed_units|average_exec_per_sec)' "$log" || true
        grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$log" | tail -n 1 || true
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
