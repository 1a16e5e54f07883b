#!/usr/bin/env python3
"""Compile times of equivalent programs: run.py --janus build/janus [--sizes 10000,100000] [--rounds N] [--only REGEX] [--out FOLDER].

generate.py writes the programs. Every compiler found in PATH takes part: clang-19, gcc-12, rustc, go. In each round each task
runs once, in an order drawn anew, so that what else the machine does falls on all alike. Measured are wall time, processor
time (of all threads and child processes) and the largest memory of one process. `check` reports errors and writes
nothing; the other tasks end in an executable that prints the right number. Written to the output folder: compile-runs.tsv
(each run), compile.tsv (medians, smallest and largest); the table of medians is printed.
"""
import argparse
import collections
import os
import pathlib
import platform
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import generate  # noqa: E402

Task = collections.namedtuple("Task", "kind name language command")
Run = collections.namedtuple("Run", "wall cpu memory")
EXTENSIONS = {"janus": "jan", "c": "c", "rust": "rs", "go": "go"}
LIMIT = 600  # seconds for one run


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
    rustc = first_found("rustc")
    if rustc:
        tasks += [
            Task("check", "rustc", "rust", (rustc, "--emit=metadata", "SOURCE", "-o", "PROGRAM")),
            Task("debug", "rustc -g", "rust", (rustc, "-g", "SOURCE", "-o", "PROGRAM")),
            Task("debug", "rustc, no debug info", "rust", (rustc, "SOURCE", "-o", "PROGRAM")),
            Task("release", "rustc -O", "rust", (rustc, "-O", "SOURCE", "-o", "PROGRAM")),
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

    def measure(self, command):
        with open(self.folder / "output", "w+b") as output:
            started = time.monotonic()
            child = subprocess.Popen(command, stdout=output, stderr=output, cwd=self.folder, env=self.environment,
                                     start_new_session=True)
            timer = threading.Timer(LIMIT, os.killpg, (child.pid, signal.SIGKILL))
            timer.start()
            _, status, usage = os.wait4(child.pid, 0)
            timer.cancel()
            wall = time.monotonic() - started
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read(4000).decode("utf-8", "replace")
        return child.returncode, text, Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def run_once(self, lines, task, round_number):
        if (lines, task) in self.failed:
            return
        source, program = self.source(task.language, lines), self.folder / "program"
        if task.language == "go":  # which would answer from its cache
            source = source.with_name(f"round_{lines}_{round_number}_{task.kind}.go")
            source.write_text(self.source("go", lines).read_text() + f"\n// round {round_number}\n")
        program.unlink(missing_ok=True)
        places = {"SOURCE": str(source), "PROGRAM": str(program)}
        code, text, run = self.measure([places.get(word, word) for word in task.command])
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

    def run_all(self, tasks):
        order = random.Random(self.arguments.seed)
        for lines in self.arguments.sizes:
            rounds = self.arguments.rounds or (7 if lines <= 20000 else 5)
            for number in range(rounds + 1):
                print(f"{lines} lines: round {number} of {rounds}", file=sys.stderr, flush=True)
                for task in order.sample(tasks, len(tasks)):
                    self.run_once(lines, task, number)


def write_tables(bench, tasks, out):
    out.mkdir(parents=True, exist_ok=True)
    every = ["lines\tkind\ttask\tround\twall_s\tcpu_s\tmemory_mib"]
    summary = ["lines\tkind\ttask\trounds\twall_median_s\twall_min_s\twall_max_s\tcpu_median_s\tcpu_min_s\tcpu_max_s"
               "\tmemory_median_mib"]
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; medians (smallest to largest)\n")
    for lines in bench.arguments.sizes:
        for kind in ("check", "debug", "release"):
            rows = [(task, bench.runs[lines, task]) for task in tasks if task.kind == kind and bench.runs[lines, task]]
            if not rows:
                continue
            print(f"{kind}, {lines} lines{'':14}  wall s                  cpu s                   MiB")
            for task, runs in rows:
                for number, run in enumerate(runs, 1):
                    every.append(f"{lines}\t{kind}\t{task.name}\t{number}\t{run.wall:.4f}\t{run.cpu:.4f}\t{run.memory:.1f}")
                walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
                memory = statistics.median(run.memory for run in runs)
                wall, cpu = statistics.median(walls), statistics.median(cpus)
                summary.append(f"{lines}\t{kind}\t{task.name}\t{len(runs)}\t{wall:.4f}\t{min(walls):.4f}\t{max(walls):.4f}"
                               f"\t{cpu:.4f}\t{min(cpus):.4f}\t{max(cpus):.4f}\t{memory:.1f}")
                print(f"  {task.name:28} {wall:7.3f} ({min(walls):.3f}-{max(walls):.3f})"
                      f"  {cpu:7.3f} ({min(cpus):.3f}-{max(cpus):.3f})  {memory:6.0f}")
            print()
    (out / "compile-runs.tsv").write_text("\n".join(every) + "\n")
    (out / "compile.tsv").write_text("\n".join(summary) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--janus", default="build/janus")
    parser.add_argument("--sizes", default="10000,100000", help="lines, with commas between")
    parser.add_argument("--rounds", type=int, default=0, help="default: 7 up to 20,000 lines, 5 above")
    parser.add_argument("--only", default="", metavar="REGEX", help="only tasks whose kind and name match, as in `debug clang`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "results")
    arguments = parser.parse_args()
    arguments.sizes = [int(size) for size in arguments.sizes.split(",")]
    tasks = [task for task in list_tasks(str(pathlib.Path(arguments.janus).resolve()))
             if re.search(arguments.only, f"{task.kind} {task.name}")]
    with tempfile.TemporaryDirectory(prefix="janus-bench-") as folder:
        bench = Bench(pathlib.Path(folder), arguments)
        bench.write_sources({task.language for task in tasks})
        bench.run_all(tasks)
        write_tables(bench, tasks, arguments.out)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
