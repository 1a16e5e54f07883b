#!/usr/bin/env python3
"""std.db.store next to LevelDB, RocksDB and LMDB: run.py --janus build/janus [--rounds 5] [--keys N] [--only REGEX] [--engines REGEX].

README.md has the workloads and what a program that takes part is called with and prints. Everything is built first; then, in each round,
each cell (cells.py) runs each engine once in a process of its own, in an order drawn anew, so that what else the machine does falls on all alike.
Each cell's table is printed after the last round, the goals at the end. Rewritten in the output folder after each round: db-runs.tsv (each run), db.tsv
(medians and spreads), db-table.md. The stores lie in the work folder, which should be on the disk that is meant.
"""
import argparse
import collections
import os
import pathlib
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
sys.dont_write_bytecode = True
import cells  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402

CXX = ["g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror"]
PEER_SOURCES = ["peers.cc", "workloads.cc", "process.cc", "leveldb.cc", "rocksdb.cc", "lmdb.cc"]
LONGEST_RUN = 1800  # seconds
FIGURE = re.compile(r"figure [a-z]+( [a-z0-9_]+=[0-9]+(\.[0-9]+)?)+")


class Failed(Exception):
    pass


# ---- programs

def compile_program(name, command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name} does not build:\n{(done.stderr + done.stdout)[:2000]}")


def build_all(janus, work):
    """Engine → the program that has it."""
    sources = [HERE / name for name in PEER_SOURCES]
    compile_program("peers", [*CXX, *sources, "-o", work / "peers", "-lleveldb", "-lrocksdb", "-llmdb", "-pthread"])
    compile_program("syncs", [*CXX, HERE / "syncs.cc", "-o", work / "syncs", "-pthread"])
    programs = {engine: work / "peers" for engine in cells.PEERS}
    compile_program("store", [janus, "build", "--release", HERE / "store.jan", "-o", work / "store"])
    programs.update({engine: work / "store" for engine in cells.OURS})
    return programs


def parse_output(text, workload):
    """(the engine's line, its figure of this workload): nothing else may be printed."""
    engine, figure = "", {}
    for line in text.splitlines():
        if line.startswith("engine ") and not engine:
            engine = line.removeprefix("engine ")
        elif FIGURE.fullmatch(line) and line.split(" ")[1] == workload and not figure:
            for name, number in (word.split("=") for word in line.split(" ")[2:]):
                figure[name] = float(number) if "." in number else int(number)
        else:
            raise Failed(f"printed {line!r}")
    if not engine or not {"ops", "wall", "cpu"} <= figure.keys():
        raise Failed(f"printed no figure: {text!r}")
    return engine, figure


# ---- running

class Bench:
    def __init__(self, programs, work):
        self.programs, self.work = programs, work
        self.runs = collections.defaultdict(dict)  # (cell's name, engine) → {round: figure}
        self.ready = set()  # (engine, value) whose store `put` has left
        self.says, self.broken = {}, {}

    def store_of(self, cell, engine):
        return self.work / "stores" / engine / ("fresh" if cell.fresh else str(cell.value))

    def command(self, cell, engine):
        words = [self.programs[engine], engine, cell.workload, self.store_of(cell, engine), "--keys", cell.keys, "--value", cell.value]
        for name, value in cell.options.items():
            words += [f"--{name}", value]
        if cell.padded:
            count = self.work / "syncs.count"
            words = [self.work / "syncs", cells.PADDED_US, count, *words, "--syncs", count]
        return [str(word) for word in words]

    def run(self, cell, engine):
        """One process and its figure."""
        folder = self.store_of(cell, engine)
        if cell.fresh or cell.workload == "put":
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self.ready.discard((engine, cell.value))
        os.sync()  # what others left to be written is not this engine's
        code, text, _ = measure.run(self.command(cell, engine), self.work, limit=LONGEST_RUN)
        if cell.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        if code != 0:
            raise Failed(f"exit code {code}: {text.strip()[-300:]}")
        self.says[engine], figure = parse_output(text, cell.workload)
        if cell.workload == "put":
            self.ready.add((engine, cell.value))
        return figure

    def run_once(self, cell, engine, number, puts):
        if (cell.name, engine) in self.broken:
            return
        try:
            if not cell.fresh and cell.workload != "put" and (engine, cell.value) not in self.ready:
                self.run(puts[cell.value], engine)
            self.runs[cell.name, engine][number] = self.run(cell, engine)
        except Failed as problem:
            self.broken[cell.name, engine] = str(problem)
            print(f"  {cell.name}, {engine}: failed: {problem}", file=sys.stderr)

    def run_round(self, chosen, number, engines, order, puts):
        for cell in chosen:
            taking_part = [engine for engine in cell.engines if engine in engines]
            for engine in order.sample(taking_part, len(taking_part)):
                self.run_once(cell, engine, number, puts)


# ---- the machine

def file_system(folder):
    """The kind of file system and device under a folder: the longest mount point above it."""
    found = ("", "", "")
    for line in open("/proc/mounts"):
        device, point, kind = line.split()[:3]
        if (str(folder) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(found[1]):
            found = (device, point, kind)
    return f"{found[2]} on {found[0]}"


def sync_time(folder):
    """Microseconds that fdatasync takes after 4 KiB were appended: the median of 50."""
    took = []
    with open(folder / "probe", "wb", buffering=0) as file:
        for _ in range(50):
            file.write(bytes(4096))
            begun = time.monotonic()
            os.fdatasync(file.fileno())
            took.append((time.monotonic() - begun) * 1e6)
    (folder / "probe").unlink()
    return statistics.median(took)


def describe(options):
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    lines = [f"{model}, {os.cpu_count()} processors, Linux {platform.release()}, load {os.getloadavg()[0]:.1f} from others at the start",
             f"stores in {file_system(options.work)}; fdatasync after an append of 4 KiB takes {sync_time(options.work):.0f} µs",
             f"{options.keys:,} keys of {cells.KEY} bytes; memtables of {cells.MEMTABLE // cells.MIB} MiB and a block cache of {cells.CACHE // cells.MIB} MiB "
             "where cells.py does not say otherwise; no compression; Bloom filters of 10 bits a key"]
    if options.keys != cells.FULL_KEYS:
        lines.append(f"scaled: the goals are meant for {cells.FULL_KEYS:,} keys")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--janus", default="build/janus")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keys", type=int, default=cells.FULL_KEYS)
    parser.add_argument("--seconds", type=float, default=3, help="how long the durable workloads go on")
    parser.add_argument("--only", default="", metavar="REGEX", help="only cells whose name matches, as in `get-100`")
    parser.add_argument("--engines", default="", metavar="REGEX", help="only engines whose name matches")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/bench-db"), help="where programs and stores are made")
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "results")
    options = parser.parse_args()
    if options.rounds < 1 or options.keys < 1:
        parser.error("--rounds and --keys are at least 1")
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    started, order = time.monotonic(), random.Random(options.seed)

    programs = build_all(str(pathlib.Path(options.janus).resolve()), options.work)
    chosen = cells.select(options.keys, options.seconds, options.only)
    puts = {cell.value: cell for cell in cells.all_cells(options.keys, options.seconds) if cell.workload == "put"}
    engines = [engine for engine in programs if re.search(options.engines, engine)]
    bench, description = Bench(programs, options.work), describe(options)
    print("\n".join(description) + "\n", flush=True)
    for number in range(1, options.rounds + 1):
        print(f"round {number} of {options.rounds}", file=sys.stderr, flush=True)
        bench.run_round(chosen, number, engines, order, puts)
        missing = [f"missing: {engine}" for engine in (*cells.OURS[:1], *cells.PEERS) if engine not in programs]
        failed = [f"failed: {engine} in {name}: {why}" for (name, engine), why in bench.broken.items()]
        table = report.Table(chosen, bench.runs, [*description, *sorted(bench.says.values()), *missing, *failed])
        report.write(table, options.out)
    shutil.rmtree(options.work / "stores", ignore_errors=True)
    print("\n".join(table.description[len(description):]) + "\n")
    for cell in chosen:
        if table.engines(cell):
            print(table.text(cell))
    judged, unmeasured = table.goals()
    measure.print_goals(judged)
    for says in unmeasured:
        print(f"not measured: {says}")
    print(f"{time.monotonic() - started:.0f} s; written to {options.out}")
    # A run that measured nothing must not look like one that met its goals.
    return 1 if bench.broken or not bench.runs else 0


if __name__ == "__main__":
    sys.exit(main())
