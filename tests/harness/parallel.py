"""A program large enough to be divided into units: its executable must not depend on the number of threads, and must work."""
import subprocess
import sys

from .common import Case, Result, clipped

LINES = 25000
NAME = "parallel/same_bytes"


def collect(context):
    return [Case(NAME, lambda: check(context))]


def check(context):
    folder = context.scratch_folder()
    source = folder / "program.jan"
    generator = context.root / "bench/compile/generate.py"
    with open(source, "w") as file:
        subprocess.run([sys.executable, generator, "janus", str(LINES), "1"], stdout=file, check=True)
    programs = []
    for jobs in (1, 2, 5):
        program = folder / f"program-{jobs}"
        built = context.compiler("build", f"-j{jobs}", source, "-o", program, extra={"JANUS_VERIFY_LLVM": "1"})
        if built.code != 0:
            return Result(NAME, False, f"-j{jobs}: {built.describe()}\n" + clipped(built.err))
        programs.append(program)
    first, *others = [program.read_bytes() for program in programs]
    if any(other != first for other in others):
        return Result(NAME, False, "executables built with -j1, -j2 and -j5 differ")
    ran = context.process([programs[0]], 10)
    if ran.code != 0 or not ran.out.strip().isdigit():
        return Result(NAME, False, f"{ran.describe()}\n" + clipped(ran.out + ran.err))
    return Result(NAME, True)
