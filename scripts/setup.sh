#!/usr/bin/env bash
# Makes sure the Debian packages are there: scripts/setup.sh [--check] GROUP…  with the groups build, test, aarch64 and bench.
# Costs a few milliseconds when nothing is missing. Installs only as root or with a sudo that asks nothing; else it
# prints the command to run.
set -euo pipefail

BUILD_PACKAGES="cmake ninja-build gcc libc6-dev llvm-19-dev lld-19 clang-19 libclang-rt-19-dev llvm-19-tools
    libxxhash-dev libjansson-dev libutf8proc-dev libcmocka-dev"
TEST_PACKAGES="gdb strace curl file python3 clang-format-19"
AARCH64_PACKAGES="qemu-user python3"
BENCH_PACKAGES="wrk nginx-light curl python3 gcc-12 clang-19 rustc golang-go
    g++ cargo libck-dev libnsync-dev libtbb-dev libboost-dev librust-libc-dev librust-crossbeam-channel-dev
    librust-crossbeam-queue-dev librust-crossbeam-utils-dev librust-parking-lot-dev
    libleveldb-dev librocksdb-dev liblmdb-dev"

check_only=no
packages=""
for argument in "${@:-build}"; do
    case "$argument" in
        --check) check_only=yes ;;
        build) packages+=" $BUILD_PACKAGES" ;;
        test) packages+=" $TEST_PACKAGES" ;;
        aarch64) packages+=" $AARCH64_PACKAGES" ;;
        bench) packages+=" $BENCH_PACKAGES" ;;
        *) echo "usage: scripts/setup.sh [--check] [build] [test] [aarch64] [bench]" >&2; exit 2 ;;
    esac
done

# Elsewhere than on Debian the tools are asked for by name; CMake then finds the libraries or says which is missing.
if ! command -v dpkg-query >/dev/null; then
    for tool in cmake ninja cc llvm-config-19 ld.lld-19; do
        command -v "$tool" >/dev/null || { echo "setup: $tool not found; install it and try again" >&2; exit 1; }
    done
    exit 0
fi

# shellcheck disable=SC2086  # a list of words
# dpkg-query fails when it does not know one of them, which is an answer like any other.
installed=" $({ dpkg-query -W -f '${db:Status-Status}:${binary:Package}\n' $packages 2>/dev/null || true; } |
    sed -n 's/^installed:\([^:]*\).*/\1/p' | tr '\n' ' ')"
missing=""
for package in $packages; do
    case "$installed $missing " in
        *" $package "*) ;;
        *) missing+=" $package" ;;
    esac
done
[ -z "$missing" ] && exit 0

command="apt-get install -y --no-install-recommends$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        check_only=yes
    fi
    command="sudo $command"
fi
if [ "$check_only" = yes ]; then
    echo "setup: packages are missing; install them with" >&2
    echo "    $command" >&2
    exit 1
fi
echo "setup: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # lists of words
$as_root apt-get install -y --no-install-recommends $missing ||
    { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends $missing; } ||
    { echo "setup: installing failed; the command was: $command" >&2; exit 1; }
