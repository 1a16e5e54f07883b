"""Unit tests: every tests/unit/test_*.c is a cmocka executable made by the build; each test function is one result."""
import re

from .common import BUILD_LIMIT, Case, Result, clipped

RUN_LIMIT = 60


def collect(context):
    cases = []
    for source in sorted((context.root / "tests/unit").glob("test_*.c")):
        if context.filter in f"unit/{source.stem}":
            # Built one after the other, as two builds cannot share a folder; an old executable never stands in.
            built = context.process(["ninja", "-C", context.build, source.stem], BUILD_LIMIT * 10)
            cases.append(Case(f"unit/{source.stem}", lambda name=source.stem, built=built: check(context, name, built)))
    return cases


def check(context, name, built):
    if built.code != 0:
        return Result(f"unit/{name}", False, "does not build\n" + clipped(built.out + built.err))
    ran = context.process([(context.root / context.build / "unit" / name)], RUN_LIMIT)
    text = ran.out + ran.err
    passed = re.findall(r"^\[       OK \] (.+)$", text, re.M)
    failed = list(dict.fromkeys(re.findall(r"^\[  FAILED  \] (?:\d+ test.*|(.+))$", text, re.M)))
    failed = [test for test in failed if test]
    results = [Result(f"unit/{name}/{test}", True) for test in passed]
    results += [Result(f"unit/{name}/{test}", False, clipped(text)) for test in failed]
    if not results or (ran.code != 0 and not failed):
        results.append(Result(f"unit/{name}", False, f"{ran.describe()}, {len(passed)} tests seen\n" + clipped(text)))
    return results
