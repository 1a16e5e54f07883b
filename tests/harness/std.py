"""The standard library's own test blocks, and those of tests/std, through `janus test`; and what is written in Janus here checks without a
word: no warning stays, that of a `use` that nothing needs included."""
import re

from .common import Case, Result, clipped
from .lines import results_from

LIMIT = 600
QUIET = ("std", "apps", "examples", "bench", "tests/std", "tests/sync")


def collect(context):
    tests = [Case(f"std/{folder}", lambda folder=folder: check(context, folder)) for folder in ("std", "tests/std")
             if any((context.root / folder).rglob("*.jan"))]
    return tests + [Case(f"std/quiet/{folder}", lambda folder=folder: check_quiet(context, folder)) for folder in QUIET]


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
