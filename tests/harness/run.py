"""Programs and what they do: every tests/run/**/*.jan and every examples/*.jan is built in each mode and run.

Header comments: `// expect: LINE` (standard output, in order), `// exit: N` (0), `// panic: TEXT` (standard error
contains it and the program ends by SIGABRT), `// args: …`, `// stdin: LINE`, `// modes: debug release fast`.
"""
import shlex
import signal

from .common import OUTPUT_LIMIT, Case, Result, case_name, cases_below, clipped, difference, headers, read_text

FLAGS = {"debug": [], "release": ["--release"], "fast": ["--fast"]}
RUN_LIMIT = 10


def collect(context):
    # A case of the examples is named run/examples/NAME.
    bases = [(context.root / "tests/run", context.root / "tests/run"), (context.root / "examples", context.root)]
    return [Case(case_name("run", base, path), lambda base=base, path=path: check(context, base, path))
            for folder, base in bases for path in cases_below(folder)]


def check(context, base, path, suite="run", target=(), emulator=()):
    """`target`: more arguments for the compiler; `emulator`: the command that runs what it built."""
    name = case_name(suite, base, path)
    wanted = headers(read_text(path))
    default = "debug release" if "panic" in wanted else "debug release fast"
    modes = " ".join(wanted.get("modes", [default])).split()
    unknown = [mode for mode in modes if mode not in FLAGS]
    if unknown or not modes:
        return Result(name, False, f"unknown modes: {unknown or 'none given'}")
    problems = []
    for mode in modes:
        problem = check_mode(context, path, mode, wanted, target, emulator)
        if problem:
            problems.append(f"[{mode}] {problem}")
    return Result(name, not problems, "\n".join(problems))


def check_mode(context, path, mode, wanted, target=(), emulator=()):
    folder = context.scratch_folder()
    program = folder / "program"
    # Paths in messages are relative where the file is part of the tree.
    shown = path.relative_to(context.root) if path.is_relative_to(context.root) else path
    built = context.compiler("build", shown, "-o", program, *FLAGS[mode], *target)
    if built.code != 0:
        return f"build: {built.describe()}\n" + clipped(built.err + built.out)
    if not program.exists():
        return "build: exit code 0 but no program"
    arguments = [word for line in wanted.get("args", []) for word in shlex.split(line)]
    stdin = "".join(line + "\n" for line in wanted.get("stdin", []))
    ran = context.process([*emulator, program, *arguments], RUN_LIMIT, stdin=stdin, cwd=folder, output_limit=OUTPUT_LIMIT)
    program.unlink()
    problems = []
    panics = wanted.get("panic", [])
    wanted_code = -signal.SIGABRT if panics else int(wanted.get("exit", ["0"])[0])
    if ran.code != wanted_code:
        expected = "SIGABRT" if panics else f"exit code {wanted_code}"
        problems.append(f"{ran.describe()}, expected {expected}\n" + clipped(ran.err))
    for text in panics:
        if text not in ran.err:
            problems.append(f"stderr lacks: {text}\nstderr: " + clipped(ran.err))
    expected = "".join(line + "\n" for line in wanted.get("expect", []))
    # A program may leave the last newline out; everything else is compared byte for byte.
    if ran.out != expected and ran.out + "\n" != expected:
        problems.append(difference(expected, ran.out, "stdout"))
    return "\n".join(problems)
