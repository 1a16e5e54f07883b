"""The command line from outside: every tests/cli/*.py is a script that finds the compiler in JANUS and prints `ok NAME` or
`FAIL NAME …` a line. Files that begin with `_` are helpers of the scripts."""
import sys

from .common import Case
from .lines import results_from

LIMIT = 300


def collect(context):
    scripts = sorted(path for path in (context.root / "tests/cli").glob("*.py") if not path.name.startswith("_"))
    return [Case(f"cli/{path.stem}", lambda path=path: check(context, path)) for path in scripts]


def check(context, path):
    extra = {"JANUS": str(context.janus), "JANUS_STD": str(context.root / "std"), "PYTHONDONTWRITEBYTECODE": "1",
             "PYTHONUNBUFFERED": "1", "TMPDIR": str(context.scratch_folder())}
    return results_from(f"cli/{path.stem}", context.process([sys.executable, path], LIMIT, extra=extra))
