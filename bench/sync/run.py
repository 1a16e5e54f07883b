#!/usr/bin/env python3
"""Measures std.sync next to its C twins and its peers: run.py --janus build/janus [--rounds 9] [--only REGEX] [--out FOLDER].

Everything is built first (build.py), then run interleaved: in each round each cell runs each implementation once, in an order
drawn anew. A run lasts about --ms milliseconds. Before and after each run a probe passes a cache line to and fro for 10 ms, since two
virtual processors sometimes share a core, sometimes a cache and sometimes neither; a run belongs to the class in which both probes agree, and
only runs of one class are compared. Written to the output folder: sync-runs.tsv (each run), sync.tsv (medians and quartiles),
sync.svg (the same as a plot), sync-table.md (ratios and goals), which is printed as well. --add keeps the runs that are in the folder, made with the
same programs, so that rounds can be collected until each class has enough.
"""
import argparse
import collections
import datetime
import os
import pathlib
import platform
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import build  # noqa: E402
import cells  # noqa: E402
import report  # noqa: E402

Run = collections.namedtuple("Run", "round cell entry place n chunk wall cpu share before after")


class Machine:
    """Starts programs so that others on the machine disturb them least, and says how."""

    def __init__(self, want):
        self.kind = "normal priority"
        for kind in ["real-time", "nice"] if want == "best" else []:
            if subprocess.run(["true"], preexec_fn=self.raiser(kind), stderr=subprocess.DEVNULL).returncode == 0 and self.works(kind):
                self.kind = kind
                break

    @staticmethod
    def works(kind):
        code = "import os, sys; sys.exit(os.sched_getscheduler(0) != os.SCHED_FIFO if %r == 'real-time' else os.nice(0) > -10)" % kind
        return subprocess.run([sys.executable, "-c", code], preexec_fn=Machine.raiser(kind)).returncode == 0

    @staticmethod
    def raiser(kind):
        def raise_priority():
            try:
                if kind == "real-time":
                    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
                elif kind == "nice":
                    os.nice(-20)
            except OSError:
                pass
        return raise_priority

    def run(self, command, shared=False):
        # More threads than processors need a scheduler that takes turns.
        kind = "nice" if shared and self.kind == "real-time" else self.kind
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60, preexec_fn=self.raiser(kind))
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr.strip()}")
        return [float(x) for x in done.stdout.split()]


def place_of(round_trip):
    """How far apart the two processors are, by a round trip of a cache line in nanoseconds: about 34, 100 or 400."""
    if round_trip < 60:
        return "core"
    if round_trip < 200:
        return "near"
    return "far" if round_trip < 1000 else "busy"


class Session:
    def __init__(self, programs, machine, options):
        self.programs, self.machine, self.options = programs, machine, options
        self.sizes, self.runs, self.broken = {}, [], {}
        self.rounds_of_work = {0: 0}
        self.calibrate_work()

    def probe(self):
        return self.machine.run([self.programs["probe"]])[0] * 2

    def calibrate_work(self):
        per_round = min(self.machine.run([self.programs["probe"], "work", 400])[0] for _ in range(3)) / 400
        for ns in cells.SECTIONS:
            self.rounds_of_work[ns] = round(ns / per_round)

    def command(self, cell, entry, n):
        param = self.rounds_of_work[cell.param] if cells.has_section(cell) else cell.param
        return [self.programs[entry.program], entry.impl, cell.kind, n, param]

    def size(self, cell, entry):
        """How many operations take about the wanted time, found by trying."""
        key = (cell.name, entry.label)
        if key not in self.sizes:
            n = 2048
            # Shares mean something only when every thread has had many turns.
            want = self.options.ms * (8 if cell.shared else 1)
            while True:
                wall = self.machine.run(self.command(cell, entry, n), cell.shared)[1] * n / 1e6
                if wall > want / 3 or n > 1e8:
                    break
                n = int(n * min(10, max(2, want / 2 / max(wall, 0.01))))
            self.sizes[key] = max(2048, int(n * want / wall))
        return self.sizes[key]

    def measure(self, round_number, chosen):
        for cell in chosen:
            entries = [e for e in cell.entries if self.programs.get(e.program) and (cell.name, e.label) not in self.broken]
            random.shuffle(entries)
            before = None
            for entry in entries:
                try:
                    n = self.size(cell, entry)
                    for _attempt in range(4):
                        if before is None:
                            before = self.probe()
                        values = self.machine.run(self.command(cell, entry, n), cell.shared)
                        after = self.probe()
                        place, start, before = self.agreed(before, after), before, after
                        if place not in ("busy", "moved") or cell.alone:
                            break
                    self.runs.append(Run(round_number, cell.name, entry.label, place, n, *values, start, after))
                except (RuntimeError, subprocess.TimeoutExpired) as problem:
                    self.broken[(cell.name, entry.label)] = str(problem)
                    before = None

    @staticmethod
    def agreed(before, after):
        a, b = place_of(before), place_of(after)
        return a if a == b else "busy" if "busy" in (a, b) else "moved"


def earlier_runs(path):
    if not path.exists():
        return []
    lines = path.read_text().splitlines()[1:]
    kinds = [int, str, str, str, int, float, float, float, float, float, float]
    return [Run(*(kind(text) for kind, text in zip(kinds, line.split("\t")))) for line in lines]


def describe(machine, programs, options):
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return [
        f"{datetime.date.today()}, {model}, {os.cpu_count()} processors, Linux {platform.release()}, {machine.kind} priority, "
        f"runs of {options.ms} ms, load {os.getloadavg()[0]:.1f} from others at the start",
        *[f"{name}: {version}" for name, version in programs.versions.items()],
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--janus", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--ms", type=int, default=40, help="how long one run lasts")
    parser.add_argument("--only", default="", help="a regular expression over cell names")
    parser.add_argument("--entries", default="", help="a regular expression over implementation labels")
    parser.add_argument("--add", action="store_true", help="add to the runs of the output folder")
    parser.add_argument("--priority", choices=["best", "normal"], default="best")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/bench-sync"), help="where the programs are built")
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "results")
    options = parser.parse_args()

    programs = build.build_all(options.janus.resolve(), options.work.resolve())
    machine = Machine(options.priority)
    chosen = cells.select(options.only, options.entries)
    session = Session(programs, machine, options)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.add:
        session.runs = earlier_runs(options.out / "sync-runs.tsv")
    first = 1 + max((run.round for run in session.runs), default=-1)
    for number in range(first, first + options.rounds):
        print(f"round {number + 1}", file=sys.stderr)
        session.measure(number, chosen)
    missing = {**programs.missing, **{f"{label} in {cell}": why for (cell, label), why in session.broken.items()}}
    report.write(options.out, session.runs, cells.select("", options.entries) if options.add else chosen, describe(machine, programs, options), missing)
    # A run that measured nothing must not look like one that met its goals.
    return 0 if session.runs else 1


if __name__ == "__main__":
    sys.exit(main())
