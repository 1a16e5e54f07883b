"""The standard library's own test blocks, and those of tests/std, through `janus test`; the faults of tests/std/std_faults.py, planted one at a
time in a copy of std: those blocks must notice; stores that std.db writes, read by tests/db, which knows docs/format.md alone; and what is written
in Janus here checks without a word: no warning stays, that of a `use` that nothing needs included."""
import re

from .common import Case, Result, clipped
from .lines import results_from
from .planted import library_with, load

LIMIT = 600
QUIET = ("std", "apps", "examples", "bench", "tests/std", "tests/crash", "tests/db", "tests/sync")


def collect(context):
    tests = [Case(f"std/{folder}", lambda folder=folder: check(context, folder)) for folder in ("std", "tests/std")
             if any((context.root / folder).rglob("*.jan"))]
    faults = load(context.root / "tests/std", "std_faults").FAULTS
    tests += [Case(f"std/faults/{fault.name}", lambda fault=fault: plant(context, fault)) for fault in faults]
    tests.append(Case("std/format", lambda: load(context.root / "tests/db", "stores").run(context)))
    return tests + [Case(f"std/quiet/{folder}", lambda folder=folder: check_quiet(context, folder)) for folder in QUIET]


def plant(context, fault):
    """The module's own tests, then those of tests/std that use its folder."""
    library = library_with(context, fault)
    folder = fault.file.split("/")[0]
    others = [path for path in sorted((context.root / "tests/std").rglob("*.jan")) if f"use std.{folder}." in path.read_text(encoding="utf-8")]
    said = ""
    for path in [library / fault.file, *others]:
        ran = context.compiler("test", path, limit=LIMIT, extra={"JANUS_STD": str(library)}, cwd=library.parent)
        said += ran.out + ran.err
        if "does not build" in ran.out:
            break
        if re.search(r"^FAIL ", ran.out, re.M):
            return Result(f"std/faults/{fault.name}", True)
    return Result(f"std/faults/{fault.name}", False, "nobody noticed\n" + clipped(said))


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
