"""What the scripts of tests/kv and tests/cli share: checks, and running every function called test_… with a line for each."""
import sys
import time
import traceback


def check(condition, what="check failed"):
    if not condition:
        raise AssertionError(what)


def same(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{what + ': ' if what else ''}{str(actual)[:300]!r} instead of {str(expected)[:300]!r}")


def wait_until(condition, what, limit=10):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit} s: {what}")
        time.sleep(0.02)


def run(namespace):
    """Runs every function called test_… and reports it in a line."""
    failed = 0
    for name, function in list(namespace.items()):
        if not name.startswith("test_") or not callable(function):
            continue
        title = name[5:].replace("_", " ")
        try:
            function()
            print(f"ok {title}", flush=True)
        except Exception as error:  # noqa: BLE001: a test's failure is its result
            failed += 1
            print(f"FAIL {title}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
            print("".join("  " + line for line in traceback.format_exc().splitlines(True)), flush=True)
    sys.exit(1 if failed else 0)
