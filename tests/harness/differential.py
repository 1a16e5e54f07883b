"""Generated programs: what interpreter, constant evaluation and the three build modes make of each is held against a model.

tests/differential makes the programs, a fixed range of seeds here; see docs/internals/conscience.md. The first failure is reduced.
"""
import threading

from differential import render
from differential.batch import MODES, Runner
from differential.generate import generate
from differential.reduce import Reducer

from .common import Case, Result

SEEDS = 2000
BATCH = 40
REDUCE_SECONDS = 120


def collect(context):
    reducing = threading.Lock()
    return [Case(f"differential/{first}-{first + BATCH - 1}", lambda first=first: check(context, first, reducing))
            for first in range(0, SEEDS, BATCH)]


def runner_of(context, modes=MODES, janus=None, extra=None):
    return Runner(janus or context.janus, lambda command, limit: context.process(command, limit, extra=extra), modes)


def check(context, first, reducing):
    programs = [program for program in map(generate, range(first, first + BATCH)) if program]
    failures = runner_of(context).check(programs, context.scratch_folder())
    failed = {seed: failure for failure in failures for seed in failure.seeds}
    results = []
    for program in programs:
        failure = failed.get(program.seed)
        name = f"differential/{program.seed}"
        results.append(Result(name, not failure, explain(context, failure, reducing) if failure else ""))
    return results


def explain(context, failure, reducing):
    text = f"[{failure.mode}] {failure.kind}: {failure.detail[:2000]}\n"
    text += f"replay: python3 tests/differential --build {context.build} --seed {failure.seeds[0]} --reduce\n"
    # One reduced program is enough to begin with, and takes its time.
    if len(failure.seeds) > 1 or not reducing.acquire(blocking=False):
        return text
    folder = context.scratch_folder()
    single = runner_of(context, ("debug", failure.mode) if failure.kind == "position" else (failure.mode,))

    def still_fails(program):
        found = single.check([program], folder)
        return bool(found) and found[0].kind == failure.kind

    program = Reducer(generate(failure.seeds[0]), still_fails, REDUCE_SECONDS).reduce()
    for name, source in render.sources([program]).items():
        text += f"---- {name}\n{source}"
    return text + "---- expected\n" + "\n".join([*program.lines, f"trap: {program.trap}"])
