#!/usr/bin/env python3
"""Runs the test suites and prints, as the last line, `N passed, N failed`.

Each suite is a module of tests/harness that collects cases from the tree; a case is a function that answers one or more
results. Cases of a suite run on a few threads, each with processes of its own and a time limit. The exit code is 1 if
anything failed and also if nothing ran.
"""
import argparse
import concurrent.futures
import os
import pathlib
import resource
import signal
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from harness import aarch64, agree, chains, cli, crash, debug, differential, docs, explain, faults, fix, fmt, hostile, house, interp, ir, kill, kv  # noqa: E402
from harness import matches, order, parallel, run, sanitize, std, sync, ui, unit, verify  # noqa: E402
from harness.common import Context, Result  # noqa: E402

SUITES = {
    "house": house, "unit": unit, "ui": ui, "order": order, "run": run, "interp": interp, "ir": ir, "verify": verify, "std": std, "crash": crash, "kill": kill, "sync": sync, "docs": docs,
    "debug": debug, "cli": cli,
    "fmt": fmt, "fix": fix, "explain": explain, "matches": matches, "chains": chains, "agree": agree,
    "differential": differential, "faults": faults,
    "kv": kv, "sanitize": sanitize, "hostile": hostile,
    "parallel": parallel, "aarch64": aarch64,
}
# Asked for: builds of their own under sanitizers (CI asks for them), and the second target's emulator.
IN_CI = ["sanitize", "hostile"]
ON_REQUEST = {*IN_CI, "aarch64"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this suite; may be repeated")
    parser.add_argument("--filter", default="", metavar="TEXT", help="only cases whose name contains TEXT")
    parser.add_argument("--bless", action="store_true", help="rewrite .stderr, .golden and .fixed files")
    parser.add_argument("--sanitize", action="store_true", help="also the suites " + " and ".join(IN_CI) + ", as in CI")
    parser.add_argument("--build", default="build", metavar="DIR", help="build folder (build)")
    parser.add_argument("--seeds", type=int, default=10000, metavar="N", help="schedules of each threaded test of std.sync (10000)")
    parser.add_argument("--long", action="store_true", help="the long forms of tests that have one")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="cases at a time (2)")
    parser.add_argument("-v", action="store_true", help="name the passing cases as well")
    return parser.parse_args()


def guarded(case):
    try:
        results = case.run()
    except Exception as error:  # one broken case must not hide the others
        results = Result(case.name, False, f"the test runner failed: {type(error).__name__}: {error}")
    return results if isinstance(results, list) else [results]


def show(result, verbose):
    if result.ok:
        if verbose:
            print(f"ok {result.name}")
        return
    print(f"FAIL {result.name}")
    for line in result.detail.rstrip("\n").split("\n"):
        print(f"    {line}")


def run_suite(name, context, workers, verbose):
    started = time.monotonic()
    cases = [case for case in SUITES[name].collect(context) if context.filter in case.name]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=workers) as pool:
        for results in pool.map(guarded, cases):
            for result in results:
                passed += result.ok
                failed += not result.ok
                show(result, verbose)
    if cases:
        print(f"{name}: {passed} passed, {failed} failed ({time.monotonic() - started:.1f} s)", flush=True)
    return passed, failed


def main():
    arguments = parse_arguments()
    os.chdir(ROOT)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Started in the background or by nohup, this process has signals ignored, and so would the processes under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    context = Context(ROOT, pathlib.Path(arguments.build), arguments.filter, arguments.bless, max(1, arguments.seeds), arguments.long)
    suites = arguments.suite or [name for name in SUITES if name not in ON_REQUEST]
    if not arguments.suite and (arguments.sanitize or os.environ.get("CI")):
        suites += IN_CI
    passed = failed = 0
    try:
        for name in suites:
            suite_passed, suite_failed = run_suite(name, context, max(1, arguments.j), arguments.v)
            passed += suite_passed
            failed += suite_failed
    finally:
        context.close()
    if passed + failed == 0:
        print("no test ran", file=sys.stderr)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
