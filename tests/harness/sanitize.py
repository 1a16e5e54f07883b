"""The compiler under the address and undefined-behaviour sanitizers: `check` on every file of tests/ui, tests/run and
examples and `verify` on every .qir must end with 0 or 1 and without a report. Runs in CI or when asked for."""

from .common import Case, Result, cases_below, clipped

BUILD_FOLDER = "build/asan"
REPORTS = ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer", "internal error:")
# Memory still held at exit is by design: arenas live as long as the process.
SETTINGS = {"ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def collect(context):
    problem = context.build_compiler(BUILD_FOLDER, ["-DJANUS_SANITIZE=address;undefined"])
    if problem:
        return [Case("sanitize/build", lambda: Result("sanitize/build", False, problem))]
    commands = [("check", path) for folder in ("tests/ui", "tests/run", "examples")
                for path in cases_below(context.root / folder)]
    commands += [("verify", path) for path in sorted((context.root / "tests/verify").rglob("*.qir"))]
    return [Case(f"sanitize/{path.relative_to(context.root)}",
                 lambda command=command, path=path: check(context, command, path.relative_to(context.root)))
            for command, path in commands]


def check(context, command, path):
    name = f"sanitize/{path}"
    ran = context.process([context.root / BUILD_FOLDER / "janus", command, path], 60, extra=SETTINGS)
    reports = [text for text in REPORTS if text in ran.err]
    ok = ran.code in (0, 1) and not reports
    return Result(name, ok, f"{ran.describe()}\n" + clipped(ran.err))
