"""Programs and what they do: every tests/run/**/*.jan and every examples/*.jan is built in each mode and run, and also
interpreted; all must agree.

Header comments: `// expect: LINE` (standard output, in order), `// exit: N` (0), `// panic: TEXT` (standard error
contains it and the program ends by SIGABRT), `// args: …`, `// stdin: LINE`, `// modes: interpret debug release fast`.
"""
import shlex
import signal

from .common import OUTPUT_LIMIT, Case, Result, case_name, cases_below, clipped, difference, headers, read_text

FLAGS = {"debug": [], "release": ["--release"], "fast": ["--fast"]}
INTERPRET = "interpret"
ABORTED = 134  # how a panic ends under the interpreter, as a shell reports SIGABRT
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
    default = f"{INTERPRET} debug release" if "panic" in wanted else f"{INTERPRET} debug release fast"
    modes = " ".join(wanted.get("modes", [default])).split()
    unknown = [mode for mode in modes if mode not in FLAGS and mode != INTERPRET]
    if unknown or not modes:
        return Result(name, False, f"unknown modes: {unknown or 'none given'}")
    problems = []
    for mode in modes:
        if mode == INTERPRET:
            problem = "" if target else check_interpreted(context, path, wanted)
        else:
            problem = check_mode(context, path, mode, wanted, target, emulator)
        if problem:
            problems.append(f"[{mode}] {problem}")
    return Result(name, not problems, "\n".join(problems))


def inputs(wanted):
    arguments = [word for line in wanted.get("args", []) for word in shlex.split(line)]
    return arguments, "".join(line + "\n" for line in wanted.get("stdin", []))


def shown_path(context, path):
    # Paths in messages are relative where the file is part of the tree.
    return path.relative_to(context.root) if path.is_relative_to(context.root) else path


def check_interpreted(context, path, wanted):
    arguments, stdin = inputs(wanted)
    ran = context.compiler("run", "--interpret", shown_path(context, path), "--", *arguments, stdin=stdin,
                           output_limit=OUTPUT_LIMIT)
    return problem_of(ran, wanted, ABORTED)


def check_mode(context, path, mode, wanted, target=(), emulator=()):
    folder = context.scratch_folder()
    program = folder / "program"
    built = context.compiler("build", shown_path(context, path), "-o", program, *FLAGS[mode], *target)
    if built.code != 0:
        return f"build: {built.describe()}\n" + clipped(built.err + built.out)
    if not program.exists():
        return "build: exit code 0 but no program"
    arguments, stdin = inputs(wanted)
    ran = context.process([*emulator, program, *arguments], RUN_LIMIT, stdin=stdin, cwd=folder, output_limit=OUTPUT_LIMIT)
    program.unlink()
    return problem_of(ran, wanted, -signal.SIGABRT)


def problem_of(ran, wanted, aborted):
    problems = []
    panics = wanted.get("panic", [])
    wanted_code = aborted if panics else int(wanted.get("exit", ["0"])[0])
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
