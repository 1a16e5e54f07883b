#!/usr/bin/env bash
# Every benchmark with short settings, for a first look: bench/run.sh [BUILD FOLDER]. The numbers worth quoting come from the
# single benchmarks with their own defaults (make bench-compile, make bench-http, bench/sync/run.py, make bench-db).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

echo "== compile times"
python3 bench/compile/run.py --janus "$build/janus" --sizes 10000 --rounds 2 --out "$out"

echo "== std.sync"
python3 bench/sync/run.py --janus "$build/janus" --rounds 2 --out "$out"

echo "== storage engines"
python3 bench/db/run.py --janus "$build/janus" --work "$build/bench-db" --rounds 1 --keys 20000 --seconds 1 --out "$out"

echo "== janus-kv"
env ROUNDS=1 SECONDS=3 python3 bench/bench_http.py "$build/janus-kv"
