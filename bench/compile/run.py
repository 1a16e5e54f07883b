#!/usr/bin/env python3
"""Compile times of equivalent programs: run.py --janus build/janus [--sizes 0,10000,100000] [--rounds N] [--only REGEX] [--out FOLDER].

generate.py writes the programs; 0 lines are hello, world. Every compiler found in PATH takes part: clang-19, gcc-12, rustc, go.
In each round each task runs once, in an order drawn anew, so that what else the machine does falls on all alike. Measured
are wall time, processor time (of all threads and child processes) and the largest memory of one process. `check`
reports errors and writes nothing; the other tasks end in an executable that prints the right number.

Each size's table is printed when it is measured, the goals at the end. Rewritten in the output folder after each size:
compile-runs.tsv (each run), compile.tsv (medians and spreads), compile-table.md. The default run is meant to take about twelve
minutes on two processors that do nothing else.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
sys.dont_write_bytecode = True
import generate  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402

Task = collections.namedtuple("Task", "kind name language command")
EXTENSIONS = {"janus": "jan", "c": "c", "rust": "rs", "go": "go"}
# What our release builds check: clang's nearest equivalent, which traps as well.
CHECKS = ("-fsanitize=signed-integer-overflow,integer-divide-by-zero,bounds", "-fsanitize-trap=all")


def first_found(*names):
    return next((path for path in map(shutil.which, names) if path), None)


def list_tasks(janus):
    """SOURCE and PROGRAM stand for the paths. Debug builds with debug information, unless the name says otherwise."""
    tasks = [
        Task("check", "janus", "janus", (janus, "check", "SOURCE")),
        Task("debug", "janus", "janus", (janus, "build", "SOURCE", "-o", "PROGRAM")),
        Task("debug", "janus -j1", "janus", (janus, "build", "-j1", "SOURCE", "-o", "PROGRAM")),
        Task("release", "janus", "janus", (janus, "build", "--release", "SOURCE", "-o", "PROGRAM")),
        Task("release", "janus -j1", "janus", (janus, "build", "--release", "-j1", "SOURCE", "-o", "PROGRAM")),
        Task("release", "janus --fast -j1", "janus", (janus, "build", "--fast", "-j1", "SOURCE", "-o", "PROGRAM")),
    ]
    for name, path in (("clang", first_found("clang-19", "clang")), ("gcc", first_found("gcc-12", "gcc"))):
        if not path:
            continue
        tasks += [
            Task("check", name, "c", (path, "-fsyntax-only", "SOURCE")),
            Task("debug", f"{name} -O0 -g", "c", (path, "-O0", "-g", "SOURCE", "-o", "PROGRAM")),
            Task("debug", f"{name} -O0, no debug info", "c", (path, "-O0", "SOURCE", "-o", "PROGRAM")),
            Task("release", f"{name} -O2 -g", "c", (path, "-O2", "-g", "SOURCE", "-o", "PROGRAM")),
            Task("release", f"{name} -O2, no debug info", "c", (path, "-O2", "SOURCE", "-o", "PROGRAM")),
        ]
        if name == "clang":  # gcc cannot trap on these without its runtime library
            tasks.append(Task("release", "clang -O2 -g, checks", "c", (path, "-O2", "-g", *CHECKS, "SOURCE", "-o", "PROGRAM")))
    rustc = first_found("rustc")
    if rustc:
        tasks += [
            Task("check", "rustc", "rust", (rustc, "--emit=metadata", "SOURCE", "-o", "PROGRAM")),
            Task("debug", "rustc -g", "rust", (rustc, "-g", "SOURCE", "-o", "PROGRAM")),
            Task("debug", "rustc, no debug info", "rust", (rustc, "SOURCE", "-o", "PROGRAM")),
            Task("release", "rustc -O", "rust", (rustc, "-O", "SOURCE", "-o", "PROGRAM")),
            Task("release", "rustc -O -g, overflow checks", "rust",
                 (rustc, "-O", "-g", "-C", "overflow-checks=on", "SOURCE", "-o", "PROGRAM")),
        ]
    go = first_found("go")
    if go:
        tasks += [
            Task("debug", "go -N -l", "go", (go, "build", "-gcflags=-N -l", "-o", "PROGRAM", "SOURCE")),
            Task("release", "go", "go", (go, "build", "-o", "PROGRAM", "SOURCE")),
        ]
    return tasks


class Bench:
    def __init__(self, folder, arguments):
        self.folder = folder
        self.arguments = arguments
        self.environment = dict(os.environ, JANUS_STD=str(HERE.parent.parent / "std"), GOCACHE=str(folder / "gocache"), GOFLAGS="", GO111MODULE="off")
        self.runs = collections.defaultdict(list)  # (size, task) -> [Run]
        self.failed = {}  # (size, task) -> message
        self.answers = {}

    def source(self, language, lines):
        return self.folder / f"program_{lines}.{EXTENSIONS[language]}"

    def write_sources(self, languages):
        for lines in self.arguments.sizes:
            for language in languages:
                self.source(language, lines).write_text(generate.generate(language, lines, self.arguments.seed))

    def run_once(self, lines, task, round_number):
        if (lines, task) in self.failed:
            return
        source, program = self.source(task.language, lines), self.folder / "program"
        if task.language == "go":  # which would answer from its cache
            source = source.with_name(f"round_{lines}_{round_number}_{task.kind}.go")
            source.write_text(self.source("go", lines).read_text() + f"\n// round {round_number}\n")
        program.unlink(missing_ok=True)
        places = {"SOURCE": str(source), "PROGRAM": str(program)}
        command = [places.get(word, word) for word in task.command]
        code, text, run = measure.run(command, self.folder, self.environment)
        if task.language == "go":
            source.unlink()
        problem = text if code != 0 else self.check_program(lines, task, program)
        if problem:
            self.failed[lines, task] = problem
            print(f"  {task.kind} {task.name}: failed: {problem.strip()[:300]}", file=sys.stderr)
        elif round_number > 0:  # round 0 warms the caches
            self.runs[lines, task].append(run)

    def check_program(self, lines, task, program):
        if task.kind == "check":
            return None
        ran = subprocess.run([program], capture_output=True, text=True, timeout=60)
        expected = self.answers.setdefault(lines, ran.stdout)
        if ran.returncode == 0 and ran.stdout == expected:
            return None
        return f"the program printed {ran.stdout!r}, others {expected!r} (exit code {ran.returncode})"

    def rounds(self, lines):
        return self.arguments.rounds or (7 if lines <= 20000 else 3)

    def run_size(self, lines, tasks, order, warm):
        """Without `warm` there is no round 0, whose only use is that compilers and libraries are in the kernel's cache."""
        for number in range(0 if warm else 1, self.rounds(lines) + 1):
            print(f"{report.title(lines)}: round {number} of {self.rounds(lines)}", file=sys.stderr, flush=True)
            for task in order.sample(tasks, len(tasks)):
                self.run_once(lines, task, number)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--janus", default="build/janus")
    parser.add_argument("--sizes", default="0,10000,100000", help="lines, with commas between; 0 is hello, world")
    parser.add_argument("--rounds", type=int, default=0, help="default: 7 up to 20,000 lines, 3 above")
    parser.add_argument("--only", default="", metavar="REGEX", help="only tasks whose kind and name match, as in `debug clang`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "results")
    arguments = parser.parse_args()
    arguments.sizes = sorted({int(size) for size in arguments.sizes.split(",")})
    tasks = [task for task in list_tasks(str(pathlib.Path(arguments.janus).resolve()))
             if re.search(arguments.only, f"{task.kind} {task.name}")]
    started, order = time.monotonic(), random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="janus-bench-") as folder:
        bench = Bench(pathlib.Path(folder), arguments)
        bench.write_sources({task.language for task in tasks})
        table = report.Table(tasks, bench.runs)
        print(f"{measure.machine()}, load {os.getloadavg()[0]:.1f}\n", flush=True)
        for i, lines in enumerate(arguments.sizes):
            bench.run_size(lines, tasks, order, warm=i == 0)
            print(table.text(lines), flush=True)
            report.write(table, arguments.sizes[:i + 1], arguments.out)
    measure.print_goals(table.goals())
    print(f"{time.monotonic() - started:.0f} s; written to {arguments.out}", flush=True)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
