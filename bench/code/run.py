#!/usr/bin/env python3
"""Speed of generated code next to C: run.py --janus build/janus [--rounds 7] [--only REGEX] [--no-instructions] [--out FOLDER].

programs/ has each program in Janus and in C, the same algorithm line by line; C is built with clang-19 -O2, Janus with --fast and with
--release, for the same instruction set. All are built first and must print the same. Then they run interleaved: in each round each program
runs once as each of the three, in an order drawn anew, long enough for the clock; judged is the median of the rounds' ratios of processor time, because
what disturbs a round disturbs all of it. Instructions are those of one round of the work, counted by callgrind (perf, where the machine has
the counter), and do not depend on what else runs. Written to the output folder: code-runs.tsv (each run), code.tsv (medians), code-table.md.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True
import measure  # noqa: E402

# Rounds of the work that take about 0.3 s, and those that instructions are counted for.
PROGRAMS = {"sha256": 220, "lz4": 220, "sort": 16, "matrix": 90, "hash_map": 24, "json": 400, "dijkstra": 60}
BUILDS = ("c", "fast", "release")
GOALS = {"fast": 1.05, "release": 1.10}


def compile_all(janus, folder, names):
    clang = shutil.which("clang-19") or shutil.which("clang") or sys.exit("clang-19 not found")
    for name in names:
        source = HERE / "programs" / name
        commands = {"c": [clang, "-O2", "-std=c2x", f"{source}.c", "-o", folder / f"{name}.c"]}
        for mode in GOALS:
            commands[mode] = [janus, "build", f"--{mode}", f"{source}.jan", "-o", folder / f"{name}.{mode}"]
        for build, command in commands.items():
            code, text, _ = measure.run(command, folder)
            if code != 0:
                sys.exit(f"{name} ({build}) does not build:\n{text}")


class Bench:
    def __init__(self, folder, names):
        self.folder, self.names = folder, names
        self.runs = collections.defaultdict(list)  # (name, build) → [Run], in the order of the rounds
        self.instructions = {}  # (name, build) → of one round of the work
        self.answers = {}

    def run_once(self, name, build, work, keep=True):
        code, text, run = measure.run([self.folder / f"{name}.{build}", str(work)], self.folder)
        if code != 0 or text != self.answers.setdefault((name, work), text):
            sys.exit(f"{name} ({build}) answers {text!r} with exit code {code}, another build {self.answers[name, work]!r}")
        if keep:
            self.runs[name, build].append(run)

    def run_rounds(self, rounds, order):
        for number in range(rounds + 1):  # round 0 warms the caches
            for name in order.sample(self.names, len(self.names)):
                for build in order.sample(BUILDS, len(BUILDS)):
                    self.run_once(name, build, PROGRAMS[name], number > 0)
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)

    def count_instructions(self, counter):
        for name in self.names:
            for build in BUILDS:
                program = self.folder / f"{name}.{build}"
                once, twice = (counter([program, str(work)], self.folder) for work in (1, 2))
                self.instructions[name, build] = twice - once

    def cpu(self, name, build):
        return statistics.median(run.cpu for run in self.runs[name, build])

    def ratio(self, name, build):
        return statistics.median(mine.cpu / c.cpu for mine, c in zip(self.runs[name, build], self.runs[name, "c"]))

    def instruction_ratio(self, name, build):
        return self.instructions[name, build] / self.instructions[name, "c"] if self.instructions else None

    def goals(self):
        for build, limit in GOALS.items():
            for name in self.names:
                met, missed = measure.judge(self.ratio(name, build), limit)
                yield met, f"{name} --{build}: {self.ratio(name, build):.3f} times the processor time of C, at most {limit:.2f} wanted{missed}"

    def table(self):
        lines = ["| program | build | cpu s | / C | instructions | / C |", "|---|---|---|---|---|---|"]
        for name in self.names:
            for build in BUILDS:
                count = f"{self.instructions[name, build]:,}" if self.instructions else ""
                ratio = f"{self.instruction_ratio(name, build):.3f}" if self.instructions else ""
                lines.append(f"| {name} | {'clang -O2' if build == 'c' else '--' + build} | {self.cpu(name, build):.3f} "
                             f"| {self.ratio(name, build):.3f} | {count} | {ratio} |")
        return lines

    def write(self, out, goals):
        out.mkdir(parents=True, exist_ok=True)
        every = ["program\tbuild\tround\twall_s\tcpu_s"]
        for (name, build), runs in sorted(self.runs.items()):
            every += [f"{name}\t{build}\t{number}\t{run.wall:.4f}\t{run.cpu:.4f}" for number, run in enumerate(runs, 1)]
        (out / "code-runs.tsv").write_text("\n".join(every) + "\n")
        summary = ["program\tbuild\trounds\tcpu_median_s\tcpu_ratio\tinstructions\tinstruction_ratio"]
        for name in self.names:
            for build in BUILDS:
                counted = f"{self.instructions[name, build]}\t{self.instruction_ratio(name, build):.4f}" if self.instructions else "\t"
                summary.append(f"{name}\t{build}\t{len(self.runs[name, build])}\t{self.cpu(name, build):.4f}\t{self.ratio(name, build):.4f}\t{counted}")
        (out / "code.tsv").write_text("\n".join(summary) + "\n")
        text = ["# Generated code", "", f"{measure.machine()}; medians of interleaved rounds; the same algorithm in both languages.", "",
                *self.table(), "", "## Goals", "", *(f"- {'met' if met else '**missed**'}: {says}" for met, says in goals), ""]
        (out / "code-table.md").write_text("\n".join(text))


def count_with_perf(command, folder):
    done = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", *command], cwd=folder, capture_output=True, text=True, check=True)
    return int(re.search(r"^(\d+),", done.stderr, re.M)[1])


def count_with_callgrind(command, folder):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], cwd=folder, capture_output=True,
                          text=True, check=True)
    return int(re.search(r"Collected *: (\d+)", done.stderr)[1])


def find_counter(folder):
    """What counts instructions here; None when nothing does."""
    if shutil.which("perf"):
        try:
            count_with_perf(["true"], folder)
            return count_with_perf
        except (subprocess.CalledProcessError, TypeError):
            pass  # the machine, or the kernel, keeps the counter to itself
    return count_with_callgrind if shutil.which("valgrind") else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--janus", default="build/janus")
    parser.add_argument("--rounds", type=int, default=7, help="at least 5 for the goals to mean something")
    parser.add_argument("--only", default="", metavar="REGEX", help="only programs whose name matches")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-instructions", action="store_true", help="do not count them, which takes callgrind a few minutes")
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "results")
    arguments = parser.parse_args()
    names = [name for name in PROGRAMS if re.search(arguments.only, name)]
    with tempfile.TemporaryDirectory(prefix="janus-bench-") as name:
        folder = pathlib.Path(name)
        compile_all(pathlib.Path(arguments.janus).resolve(), folder, names)
        bench = Bench(folder, names)
        print(f"{measure.machine()}, load {os.getloadavg()[0]:.1f}\n", flush=True)
        bench.run_rounds(arguments.rounds, random.Random(arguments.seed))
        counter = None if arguments.no_instructions else find_counter(folder)
        if counter:
            bench.count_instructions(counter)
        else:
            print("instructions are not counted\n")
        goals = list(bench.goals())
        print("\n".join(bench.table()), end="\n\n")
        measure.print_goals(goals)
        bench.write(arguments.out, goals)
    print(f"written to {arguments.out}")


if __name__ == "__main__":
    main()
