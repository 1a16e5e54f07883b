"""The compiler in an unfriendly world: the hostile build (src/base/hostile.c) under the address and undefined-behaviour
sanitizers. Each allocation fails in turn: the compiler says so and exits with 101. Hash tables in other orders, or with all
keys in one bucket, change no byte of what it prints. Runs in CI or when asked for."""
import re

from .common import Case, Result, cases_below, clipped, difference, read_text

BUILD_FOLDER = "build/hostile"
REPORTS = ("AddressSanitizer", "runtime error:", "LeakSanitizer")
# Memory still held at exit is by design: arenas live as long as the process.
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0:exitcode=98", "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=98"}
WORLDS = {
    "seed 1": {"JANUS_HASH_SEED": "1"},
    "seed 20071": {"JANUS_HASH_SEED": "20071"},
    "seed 4294967291": {"JANUS_HASH_SEED": "4294967291"},
    "one bucket": {"JANUS_ONE_BUCKET": "1"},
}
ALL_UP_TO = 300  # every allocation up to here fails once; beyond, each a few percent after the one before
STEP = 1.05
SHARES = 4  # cases that one command's failing allocations are divided among
RUN_SAMPLE = 60
OUT_OF_MEMORY = re.compile(r"internal error: out of memory \(\d+ bytes asked for\)")


def collect(context):
    problem = context.build_compiler(BUILD_FOLDER, ["-DJANUS_HOSTILE=ON", "-DJANUS_SANITIZE=address;undefined"])
    if problem:
        return [Case("hostile/build", lambda: Result("hostile/build", False, problem))]
    return allocation_cases(context) + order_cases(context)


def hostile(context, command, world):
    return context.process([context.root / BUILD_FOLDER / "janus", *command], 60, extra=dict(SANITIZERS, **world))


def has_report(ran):
    return any(text in ran.err for text in REPORTS)


# ---- allocations that fail

def allocation_cases(context):
    program, mistakes = "tests/hostile/program.jan", "tests/hostile/mistakes.jan"
    commands = {
        "check a program": ["check", program],
        "check mistakes": ["check", mistakes],
        "check mistakes as JSON": ["check", "--json", mistakes],
        "emit QTJIR": ["build", "--emit=qtjir", "-o", "OUTPUT", program],
    }
    return [Case(f"hostile/allocations/{name} {share + 1} of {SHARES}",
                 lambda name=name, command=command, share=share: fail_each(context, name, command, share))
            for name, command in commands.items() for share in range(SHARES)]


def fail_each(context, name, command, share):
    folder = context.scratch_folder()
    command = [folder / "out" if part == "OUTPUT" else part for part in command]
    whole = hostile(context, command, {"JANUS_COUNT_ALLOCATIONS": "1"})
    counted = re.search(r"^allocations: (\d+)\n", whole.err, re.MULTILINE)
    if whole.code not in (0, 1) or not counted or has_report(whole):
        return Result(f"hostile/allocations/{name}", False, f"{whole.describe()}\n" + clipped(whole.err))
    total = int(counted[1])
    wanted = (whole.code, whole.out, whole.err.replace(counted[0], ""))
    numbers = list(range(1, min(ALL_UP_TO, total) + 1))
    while numbers[-1] < total:
        numbers.append(min(total, int(numbers[-1] * STEP) + 1))
    numbers.append(total + 1)
    failures = []
    for number in numbers[share::SHARES]:
        ran = hostile(context, command, {"JANUS_FAIL_ALLOCATION": str(number)})
        clean = ran.code == 101 and OUT_OF_MEMORY.search(ran.err) and not has_report(ran)
        if number > total:
            clean = (ran.code, ran.out, ran.err) == wanted
        if not clean:
            failures.append(f"allocation {number} of {total}: {ran.describe()}\n" + clipped(ran.err))
    return Result(f"hostile/allocations/{name} {share + 1} of {SHARES}", not failures, "\n".join(failures[:3]))


# ---- other orders

def order_cases(context):
    cases = []
    for path in cases_below(context.root / "tests/ui"):
        cases.append((path, ["check", path.relative_to(context.root)]))
    runs = cases_below(context.root / "tests/run")
    for path in runs[::max(1, len(runs) // RUN_SAMPLE)]:
        cases.append((path, ["build", "--emit=qtjir", "-o", "OUTPUT", path.relative_to(context.root)]))
    return [Case(f"hostile/order/{path.relative_to(context.root / 'tests').with_suffix('')}",
                 lambda path=path, command=command: same_everywhere(context, path, command))
            for path, command in cases]


def same_everywhere(context, path, command):
    name = f"hostile/order/{path.relative_to(context.root / 'tests').with_suffix('')}"
    folder = context.scratch_folder()

    def outcome(run):
        output = folder / "out"
        output.unlink(missing_ok=True)
        ran = run([output if part == "OUTPUT" else part for part in command])
        return ran, f"exit code {ran.code}\n{ran.out}{ran.err}" + (read_text(output) if output.exists() else "")

    _, wanted = outcome(lambda arguments: context.compiler(*arguments))
    for world, settings in WORLDS.items():
        ran, given = outcome(lambda arguments: hostile(context, arguments, settings))
        if has_report(ran):
            return Result(name, False, f"{world}: {ran.describe()}\n" + clipped(ran.err))
        if given != wanted:
            return Result(name, False, f"{world}:\n" + difference(wanted, given))
    return Result(name, True)
