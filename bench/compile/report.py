"""Medians, ratios and goals out of the runs; as text while the benchmark goes on, as TSV and Markdown at its end."""
import statistics

import measure

KINDS = ("check", "debug", "release")
OURS = "janus"  # the task of each kind that the others are compared with

# What each goal limits: our task's processor seconds, by a number or by a factor of another task's.
GOALS = [
    # lines, kind, other task or None, factor or seconds, what it says
    (100000, "check", None, 0.4, "check of 100,000 lines under 0.4 s"),
    (10000, "debug", "clang -O0 -g", 1.0, "debug no slower than clang -O0, both with debug information"),
    (100000, "debug", "clang -O0 -g", 1.0, "debug no slower than clang -O0, both with debug information"),
    (10000, "debug", "clang -O0, no debug info", 1.0, "debug no slower than clang -O0, which writes no debug information"),
    (100000, "debug", "clang -O0, no debug info", 1.0, "debug no slower than clang -O0, which writes no debug information"),
    (10000, "debug", "rustc -g", 0.5, "debug at least twice as fast as rustc"),
    (100000, "debug", "rustc -g", 0.5, "debug at least twice as fast as rustc"),
    (10000, "release", "clang -O2 -g, checks", 1.0, "release no slower than clang -O2 with the same checks and debug information"),
    (100000, "release", "clang -O2 -g, checks", 1.0, "release no slower than clang -O2 with the same checks and debug information"),
    (10000, "release", "clang -O2 -g", 1.0, "release no slower than clang -O2, which checks nothing"),
    (100000, "release", "clang -O2 -g", 1.0, "release no slower than clang -O2, which checks nothing"),
    (10000, "release", "clang -O2, no debug info", 1.0, "release no slower than clang -O2 with neither checks nor debug information"),
    (100000, "release", "clang -O2, no debug info", 1.0, "release no slower than clang -O2 with neither checks nor debug information"),
    (0, "debug", None, 0.12, "hello, world under 120 ms"),
]


def title(lines):
    return f"{lines:,} lines" if lines else "hello, world"


class Table:
    """`runs` maps (lines, task) to that task's runs, in the order of the rounds."""

    def __init__(self, tasks, runs):
        self.tasks = tasks
        self.runs = runs

    def rows(self, lines, kind):
        return [task for task in self.tasks if task.kind == kind and self.runs.get((lines, task))]

    def find(self, lines, kind, name):
        return next((task for task in self.rows(lines, kind) if task.name == name), None)

    def cpu(self, lines, task):
        return statistics.median(run.cpu for run in self.runs[lines, task])

    def ratio(self, lines, task):
        """Our processor time over the task's: the median of the rounds, because what disturbs one round disturbs both."""
        ours = self.find(lines, task.kind, OURS)
        if not ours:
            return None
        pairs = zip(self.runs[lines, ours], self.runs[lines, task])
        return statistics.median(mine.cpu / other.cpu for mine, other in pairs)

    def summary(self, lines, task):
        runs = self.runs[lines, task]
        walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
        return (statistics.median(walls), min(walls), max(walls), statistics.median(cpus), min(cpus), max(cpus),
                statistics.median(run.memory for run in runs))

    def text(self, lines):
        parts = []
        for kind in KINDS:
            rows = self.rows(lines, kind)
            if not rows:
                continue
            head = f"{kind}, {title(lines)}, {max(len(self.runs[lines, task]) for task in rows)} rounds"
            parts.append(f"{head:38}  wall s (least-most)      cpu s (least-most)       MiB  janus/this")
            for task in rows:
                wall, wall_low, wall_high, cpu, cpu_low, cpu_high, memory = self.summary(lines, task)
                ratio = self.ratio(lines, task)
                parts.append(f"  {task.name:36}  {wall:7.3f} ({wall_low:.3f}-{wall_high:.3f})"
                             f"  {cpu:7.3f} ({cpu_low:.3f}-{cpu_high:.3f})  {memory:6.0f}"
                             + (f"  {ratio:8.2f}" if ratio else ""))
            parts.append("")
        return "\n".join(parts)

    def goals(self):
        """[(met, text)] of those that were measured."""
        found = []
        for lines, kind, name, limit, says in GOALS:
            ours = self.find(lines, kind, OURS)
            other = self.find(lines, kind, name) if name else None
            if not ours or name and not other:
                continue
            if other:
                value = self.ratio(lines, other)
                said = f"{value:.2f} times its processor time, at most {limit:.2f} wanted"
            else:
                value = self.cpu(lines, ours)
                said = f"{value:.3f} s of processor time"
            met, missed = measure.judge(value, limit)
            where = f" ({title(lines)})" if other else ""
            found.append((met, f"{says}{where}: {said}{missed}"))
        return found

    def markdown(self, sizes):
        parts = ["# Compile times", "", f"{measure.machine()}; medians of interleaved rounds, smallest to largest in brackets; the same program in each "
                 "language. `janus/this` is our processor time over the row's.", ""]
        for lines in sizes:
            for kind in KINDS:
                rows = self.rows(lines, kind)
                if not rows:
                    continue
                rounds = max(len(self.runs[lines, task]) for task in rows)
                parts += [f"## {kind}, {title(lines)} ({rounds} rounds)", "", "| | wall s | cpu s | MiB | janus/this |", "|---|---|---|---|---|"]
                for task in rows:
                    wall, wall_low, wall_high, cpu, cpu_low, cpu_high, memory = self.summary(lines, task)
                    ratio = self.ratio(lines, task)
                    parts.append(f"| {task.name} | {wall:.3f} ({wall_low:.3f}–{wall_high:.3f}) | {cpu:.3f} ({cpu_low:.3f}–{cpu_high:.3f}) "
                                 f"| {memory:.0f} | {f'{ratio:.2f}' if ratio else ''} |")
                parts.append("")
        goals = self.goals()
        if goals:
            parts += ["## Goals", ""] + [f"- {'met' if met else '**missed**'}: {says}" for met, says in goals] + [""]
        return "\n".join(parts)

    def tsv(self, sizes):
        """(every run, summary)"""
        every = ["lines\tkind\ttask\tround\twall_s\tcpu_s\tmemory_mib"]
        summary = ["lines\tkind\ttask\trounds\twall_median_s\twall_min_s\twall_max_s\tcpu_median_s\tcpu_min_s\tcpu_max_s"
                   "\tmemory_median_mib\tjanus_cpu_ratio"]
        for lines in sizes:
            for task in (task for kind in KINDS for task in self.rows(lines, kind)):
                runs = self.runs[lines, task]
                for number, run in enumerate(runs, 1):
                    every.append(f"{lines}\t{task.kind}\t{task.name}\t{number}\t{run.wall:.4f}\t{run.cpu:.4f}\t{run.memory:.1f}")
                numbers = self.summary(lines, task)
                ratio = self.ratio(lines, task)
                summary.append(f"{lines}\t{task.kind}\t{task.name}\t{len(runs)}\t" + "\t".join(f"{n:.4f}" for n in numbers[:-1])
                               + f"\t{numbers[-1]:.1f}\t" + (f"{ratio:.4f}" if ratio else ""))
        return "\n".join(every) + "\n", "\n".join(summary) + "\n"


def write(table, sizes, out):
    out.mkdir(parents=True, exist_ok=True)
    every, summary = table.tsv(sizes)
    (out / "compile-runs.tsv").write_text(every)
    (out / "compile.tsv").write_text(summary)
    (out / "compile-table.md").write_text(table.markdown(sizes))
