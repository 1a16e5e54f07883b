"""Runs generated programs: `python3 tests/differential --build build --seeds 0:2000`, `--forever`, or `--seed N`
for one program."""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from differential import render  # noqa: E402
from differential.batch import MODES, Runner  # noqa: E402
from differential.generate import generate  # noqa: E402
from differential.reduce import Reducer  # noqa: E402


class Ended:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def process(command, limit):
    environment = dict(os.environ, NO_COLOR="1", JANUS_STD=str(ROOT / "std"))
    try:
        ran = subprocess.run([str(part) for part in command], capture_output=True, timeout=limit, env=environment,
                             stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        return Ended(None, (late.stdout or b"").decode(errors="replace"), (late.stderr or b"").decode(errors="replace"))
    return Ended(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"))


def shrink(runner, failure):
    """Prints the smallest program that fails like `failure`."""
    def still_fails(program):
        with tempfile.TemporaryDirectory(prefix="janus-differential-") as folder:
            found = single.check([program], pathlib.Path(folder))
        return bool(found) and found[0].kind == failure.kind

    single = Runner(runner.janus, runner.process, ["debug", failure.mode] if failure.kind == "position" else [failure.mode])
    program = generate(failure.seeds[0])
    if len(failure.seeds) > 1 or not still_fails(program):
        print(f"{failure.seeds} fails only together with others")
        return
    program = Reducer(program, still_fails).reduce()
    for name, text in render.sources([program]).items():
        print(f"// ---- {name}\n{text}")
    print("// ---- expected", *program.lines, f"trap: {program.trap}", sep="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build", help="build folder (build)")
    parser.add_argument("--seeds", default="0:200", metavar="A:B")
    parser.add_argument("--seed", type=int, help="only this program")
    parser.add_argument("--size", type=int, default=40, help="programs in one executable (40)")
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--show", action="store_true", help="print the program instead of running it")
    parser.add_argument("--reduce", action="store_true", help="shrink what fails and print it")
    parser.add_argument("--forever", action="store_true", help="fresh seeds until something fails")
    parser.add_argument("--seconds", type=int, default=0, help="with --forever: an end to it (none)")
    arguments = parser.parse_args()
    janus = (ROOT / arguments.build / "janus").resolve()
    runner = Runner(janus, process, arguments.modes.split(","))
    first, last = map(int, arguments.seeds.split(":"))
    if arguments.seed is not None:
        first, last = arguments.seed, arguments.seed + 1
    if arguments.show:
        program = generate(first)
        for name, text in render.sources([program]).items():
            print(f"// ---- {name}\n{text}")
        print("// ---- expected\n" + "\n".join(program.lines), f"\ntrap: {program.trap}")
        return 0
    if arguments.forever:
        first, last = int(time.time()) * 1000, 1 << 62
    end = time.monotonic() + arguments.seconds if arguments.seconds else None
    failed = ran = 0
    while first < last and (end is None or time.monotonic() < end):
        seeds = range(first, min(last, first + arguments.size))
        programs = [p for p in map(generate, seeds) if p]
        with tempfile.TemporaryDirectory(prefix="janus-differential-") as folder:
            failures = runner.check(programs, pathlib.Path(folder))
        for failure in failures:
            if arguments.reduce or arguments.forever:
                shrink(runner, failure)
            print(f"FAIL {failure.seeds} [{failure.mode}] {failure.kind}: {failure.detail[:1500]}", flush=True)
        failed += len(failures)
        ran += len(programs)
        first += arguments.size
        if failures and arguments.forever:
            break
    print(f"{ran} programs, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
