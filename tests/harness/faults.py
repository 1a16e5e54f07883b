"""A compiler that is wrong on purpose: each fault of src/base/faults.def must be noticed.

The compiler is built with JANUS_FAULTS in a folder of its own. Each fault is tried on tests/faults/main.jan: the verifier should stop
the compilation, naming function, operation and pass. Where the broken program is well formed, generated programs must show the
difference. The table of who noticed what is printed at the end.
"""
import concurrent.futures
import os
import re
import threading

from differential.generate import generate

from .common import Case, Result, clipped, read_text
from .differential import runner_of

BATCH = 20
# Interpreting is cheap, and some faults show only where two rare things meet.
BATCHES = {"interpret": 40, "debug": 10}
BY_VERIFIER = 14  # at least
VERDICT = re.compile(r"^after ([\w-]+): (.+?): (?:b\d+: )?(.+)$", re.M)


def collect(context):
    return [Case("faults", lambda: check(context))]


def check(context):
    folder = context.root / context.build / "faults"
    problem = context.build_compiler(folder, ["-DJANUS_FAULTS=ON"], ["janus", "janus-llvm"])
    if problem:
        return Result("faults/build", False, problem)
    faults = re.findall(r'^FAULT\(\w+, "([a-z-]+)"', read_text(context.root / "src/base/faults.def"), re.M)
    janus = folder / "janus"
    healthy = compile_with(context, janus, "", [])
    results = [Result("faults/none", healthy.code == 0, clipped(healthy.err))]
    programs = Programs()
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = list(pool.map(lambda fault: judge(context, janus, fault, programs), faults))
    print(f"{'fault':24} | caught by")
    for fault, (who, how) in zip(faults, verdicts):
        print(f"{fault:24} | {who}: {how}" if who else f"{fault:24} | nobody")
        results.append(Result(f"faults/{fault}", bool(who), how or "neither the verifier nor the generated programs noticed"))
    count = sum(who == "verifier" for who, _ in verdicts)
    results.append(Result("faults/by-verifier", count >= BY_VERIFIER, f"the verifier alone noticed {count}, not {BY_VERIFIER}"))
    return results


class Programs:
    """The generated programs, made once for all faults."""

    def __init__(self):
        self.lock, self.batches = threading.Lock(), {}

    def batch(self, first):
        with self.lock:
            if first not in self.batches:
                self.batches[first] = [p for p in map(generate, range(first, first + BATCH)) if p]
            return self.batches[first]


def compile_with(context, janus, fault, flags):
    command = [janus, "build", "tests/faults/main.jan", "--emit=qtjir", "-o", os.devnull, *flags]
    return context.process(command, 60, extra={"JANUS_FAULT": fault})


def judge(context, janus, fault, programs):
    """(who noticed, what was said)"""
    for flags in ([], ["--fast"]):
        ran = compile_with(context, janus, fault, flags)
        said = VERDICT.search(ran.err)
        if ran.code == 101 and said:
            return "verifier", f"after {said[1]}, in {said[2]}: {said[3][:110]}"
    # What the interpreter shows is cheap to see; a fault of the backend takes a build.
    for mode, batches in BATCHES.items():
        runner = runner_of(context, (mode,), janus, {"JANUS_FAULT": fault})
        runner.first_only = True
        for number in range(batches):
            failures = runner.check(programs.batch(number * BATCH), context.scratch_folder())
            if failures:
                worst = failures[0]
                # What fails without the mistake as well shows nothing.
                healthy = runner_of(context, (mode,), janus, {}).check(
                    [generate(seed) for seed in worst.seeds], context.scratch_folder())
                if healthy:
                    return None, f"program {worst.seeds[0]} fails by itself: {healthy[0].kind}"
                return "differential", f"program {worst.seeds[0]}, {mode}: {worst.kind}: {worst.detail[:200].splitlines()[0]}"
    return None, ""
