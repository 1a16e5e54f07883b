"""The key-value service from outside: every tests/kv/*.py is a script that finds the program in JANUS_KV and prints
`ok NAME` or `FAIL NAME …` a line. Files that begin with `_` are helpers of the scripts."""
import sys

from .common import Case, Result
from .lines import results_from

LIMIT = 300


def collect(context):
    scripts = sorted(path for path in (context.root / "tests/kv").glob("*.py") if not path.name.startswith("_"))
    return [Case(f"kv/{path.stem}", lambda path=path: check(context, path)) for path in scripts]


def check(context, path):
    program = context.root / context.build / "janus-kv"
    if not program.exists():
        return Result(f"kv/{path.stem}", False, f"{program} does not exist: make build")
    extra = {"JANUS_KV": str(program), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
             "TMPDIR": str(context.scratch_folder())}
    return results_from(f"kv/{path.stem}", context.process([sys.executable, path], LIMIT, extra=extra))
