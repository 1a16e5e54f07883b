# A thin front for people: CMake and Ninja build, tests/run_tests.py tests.
#
#   make kv            set up what is missing, build, and start the key-value service (KV_ARGS="…" go to it)
#   make build         the compiler and the service
#   make test          every suite (TEST_ARGS="--suite ui --filter match" narrows it)
#   make test-long     the same with the long forms of those that have one
#   make test-aarch64  the run and std suites for the second target, under an emulator
#   make test-seeds    the threaded tests of std.sync under SEEDS (100000) schedules each; `make test` tries 10000
#   make bench-compile compile times next to clang, gcc, rustc and go
#   make bench-code    generated code next to clang -O2: processor time and instructions of seven programs
#   make bench-verify  what the intermediate form's verifier costs in builds of the standard library and of the service
#   make bench-sync    std.sync next to its C twins and to glibc, Rust, Go and others (BENCH_ARGS="--rounds 5 --only lock")
#   make bench-db      storage engines next to each other: LevelDB, RocksDB, LMDB (BENCH_ARGS="--rounds 1 --keys 100000 --only get")
#   make fuzz          each fuzzer for FUZZ_SECONDS (60), then generated programs as long
#   make fuzz-programs generated programs of fresh seeds until one fails
SHELL := /bin/bash
BUILD ?= build
JANUS_WERROR ?= OFF
FUZZ_SECONDS ?= 60
KV_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=
SEEDS ?= 100000

CONFIGURED := $(BUILD)/.configured-werror-$(JANUS_WERROR)
JAN_SOURCES = $(shell find apps/kv std -name '*.jan' 2>/dev/null)
# Headers keep their hand-made columns.
C_SOURCES = $(shell find src tests -name "*.c")
JAN_FOLDERS := apps bench examples std

.PHONY: kv build compiler test test-long test-aarch64 test-seeds bench bench-compile bench-code bench-verify bench-sync bench-db bench-http fuzz fuzz-programs format format-check clean setup setup-build setup-test setup-bench
.DEFAULT_GOAL := build

kv: build
	@exec $(BUILD)/janus-kv $(KV_ARGS)

setup:
	@scripts/setup.sh build test bench
setup-build:
	@scripts/setup.sh build
setup-test:
	@scripts/setup.sh build test
setup-bench:
	@scripts/setup.sh build bench

$(CONFIGURED): | setup-build
	@cmake -S . -B $(BUILD) -G Ninja -DJANUS_WERROR=$(JANUS_WERROR)
	@rm -f $(BUILD)/.configured-werror-*
	@touch $@

compiler: setup-build $(CONFIGURED)
	@ninja -C $(BUILD) --quiet | grep -v "no work to do"; exit $${PIPESTATUS[0]}

# A second make, so that the time stamp of the compiler is read after it was built.
build: compiler
	@if [ -f apps/kv/main.jan ]; then $(MAKE) --no-print-directory $(BUILD)/janus-kv; fi

$(BUILD)/janus-kv: $(BUILD)/janus $(JAN_SOURCES)
	$(BUILD)/janus build apps/kv/main.jan -o $@ --release

test: setup-test build
	@python3 tests/run_tests.py --build $(BUILD) $(TEST_ARGS)

test-long: setup-test build
	@python3 tests/run_tests.py --build $(BUILD) --long $(TEST_ARGS)

# The second target, under qemu's user emulation.
test-aarch64: build
	@scripts/setup.sh aarch64
	@python3 tests/run_tests.py --build $(BUILD) --suite aarch64 $(TEST_ARGS)

test-seeds: compiler
	@python3 tests/run_tests.py --build $(BUILD) --suite sync --filter sync/seeds/ --seeds $(SEEDS) -v

# A million operations on a store.

bench: setup-bench build
	@bench/run.sh $(BUILD)

bench-compile: setup-bench build
	@python3 bench/compile/run.py --janus $(BUILD)/janus $(BENCH_ARGS)

bench-code: setup-bench build
	@python3 bench/code/run.py --janus $(BUILD)/janus $(BENCH_ARGS)

bench-verify: build
	@python3 bench/compile/verifier.py --janus $(BUILD)/janus $(BENCH_ARGS)

bench-sync: setup-bench build
	@python3 bench/sync/run.py --janus $(BUILD)/janus --work $(BUILD)/bench-sync $(BENCH_ARGS)

bench-db: setup-bench build
	@python3 bench/db/run.py --janus $(BUILD)/janus --work $(BUILD)/bench-db $(BENCH_ARGS)

bench-http: setup-bench build
	@python3 bench/bench_http.py $(BUILD)/janus-kv

fuzz: compiler
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz.sh
	@python3 tests/differential --build $(BUILD) --forever --seconds $(FUZZ_SECONDS)

fuzz-programs: build
	@python3 tests/differential --build $(BUILD) --forever

format: setup-test compiler
	@clang-format-19 -i $(C_SOURCES)
	@$(BUILD)/janus fmt $(JAN_FOLDERS)

format-check: setup-test compiler
	@clang-format-19 --dry-run -Werror $(C_SOURCES)
	@$(BUILD)/janus fmt --check $(JAN_FOLDERS)

clean:
	rm -rf $(BUILD)
