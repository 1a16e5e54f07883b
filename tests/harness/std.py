"""The standard library's own test blocks, and those of tests/std, through `janus test`, some of them in other ways as well; the faults of
tests/std/std_faults.py, planted one at a time in a copy of std: those blocks must notice; stores that std.db writes, read by tests/db, which knows
docs/format.md alone; and what is written in Janus here checks without a word: no warning stays, that of a `use` that nothing needs included."""
import re
import shutil

from .common import Case, Result, clipped
from .lines import results_from
from .planted import LIMIT, Asked, Witnesses, load, replace

# On a busy machine a test that takes two seconds may take ten.
PATIENT = ("--timeout=60",)
# Threads and random loads, run in other ways as well: what is shared is judged by the thread sanitizer and under the interpreter, in other orders and with
# other loads for other seeds, where a disk costs nothing.
STEPS = "--steps=1000000000"
WAYS = {
    "engine.jan": {"thread": ("--sanitize=thread", "--timeout=60"), "seeds": ("--interpret", "--seeds=40", STEPS, "--timeout=60")},
    "commits.jan": {"thread": ("--sanitize=thread", "--timeout=60"), "seeds": ("--interpret", "--seeds=1000", STEPS, "--timeout=60")},
    "store.jan": {f"seed {seed}": ("--interpret", f"--seed={seed}", STEPS, "--timeout=60") for seed in range(1, 9)},
    # What must read nothing outside of its bytes: watched at every access.
    "json/changes.jan": {"watched": ("--interpret", "--timeout=60")},
    "json/suite.jan": {"watched": ("--interpret", "--timeout=60")},
}
# A step of the store's test is a group of writes, or reads: so many steps are more than a million operations.
LONG_SCALE = 300000
LONG_LIMIT = 3600
QUIET = ("std", "apps", "examples", "bench", "tests/std", "tests/crash", "tests/db", "tests/kill", "tests/sync")


def collect(context):
    tests = [Case(f"std/{folder}", lambda folder=folder: check(context, folder, options=PATIENT)) for folder in ("std", "tests/std")
             if any((context.root / folder).rglob("*.jan"))]
    tests += [Case(f"std/{file}/{way}", lambda file=file, way=way: other_way(context, file, way)) for file, ways in WAYS.items() for way in ways]
    if context.long:
        tests.append(Case("std/long/store.jan", lambda: long_run(context)))
    witnesses, faults = Witnesses(context, "tests/std"), load(context.root / "tests/std", "std_faults").FAULTS
    tests.append(Case("std/noticed", lambda: witnesses.is_current(faults, "std")))
    tests += [Case(f"std/faults/{fault.name}", lambda fault=fault: witnesses.judge(fault, "std", nearest_first(context, fault))) for fault in faults]
    tests.append(Case("std/format", lambda: load(context.root / "tests/db", "stores").run(context)))
    return tests + [Case(f"std/quiet/{folder}", lambda folder=folder: check_quiet(context, folder)) for folder in QUIET]


def other_way(context, file, way):
    ran = context.compiler("test", *WAYS[file][way], f"tests/std/{file}", limit=LIMIT)
    return results_from(f"std/{file}/{way}", ran)


def long_run(context):
    folder = context.scratch_folder()
    for name in ("store.jan", "store_history.jan"):
        shutil.copy(context.root / "tests/std" / name, folder)
    replace(folder / "store.jan", "const SCALE: usize = 3000\n", f"const SCALE: usize = {LONG_SCALE}\n")
    ran = context.compiler("test", "--release", f"--timeout={LONG_LIMIT}", "store.jan", limit=LONG_LIMIT, extra={"JANUS_STD": str(context.root / "std")}, cwd=folder)
    return results_from("std/long", ran)


def nearest_first(context, fault):
    """The module's own tests, then those of tests/std that use its folder, first of them those that use the module, then what only some orders of
    threads show."""
    folder = fault.file.split("/")[0]
    module = re.compile(r"^use std\." + re.escape(fault.file.removesuffix(".jan").replace("/", ".")) + r"\b", re.M)
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((context.root / "tests/std").rglob("*.jan"))}
    others = sorted((path for path, text in texts.items() if f"use std.{folder}." in text), key=lambda path: (not module.search(texts[path]), path))
    asked = [Asked(f"std/{fault.file}")] + [Asked(str(path.relative_to(context.root))) for path in others]
    return asked + [Asked(f"tests/std/{file}", WAYS[file]["seeds"]) for file in ("commits.jan", "engine.jan") if folder == "db"]


def check_quiet(context, folder):
    ran = context.compiler("check", folder, limit=LIMIT)
    said = ran.out + ran.err
    return Result(f"std/quiet/{folder}", ran.code == 0 and not said, f"{ran.describe()}\n" + clipped(said))


def check(context, folder, suite="std", options=()):
    ran = context.compiler("test", *options, f"{folder}/", limit=LIMIT)
    results = results_from(f"{suite}/{folder}", ran)
    # The tool's own count guards against result lines lost on the way.
    summary = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", ran.out, re.M)
    seen = sum(re.match(r"(ok|FAIL) ", line) is not None for line in ran.out.split("\n"))
    if not summary or int(summary[1]) + int(summary[2]) != seen:
        results.append(Result(f"{suite}/{folder}", False, f"{seen} result lines, but the last line does not agree: "
                              + (summary[0] if summary else "none")))
    return results
