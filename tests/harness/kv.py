"""The key-value service. Four parts:

- every tests/kv/*.py is a script that finds the program in JANUS_KV and prints `ok NAME` or `FAIL NAME …` a line; files that begin with
  `_` are helpers;
- the test blocks of apps/kv whose modules need no kernel, under the interpreter, those with threads with many seeds;
- the faults of tests/kv/_faults.py, planted one at a time: those tests must notice;
- what the modules of apps/kv and std.net promise about themselves: numbered invariants, documented items, system calls, one writer.
"""
import re
import shutil
import sys

from .common import Case, Result, clipped, read_text
from .lines import results_from
from .planted import is_noticed, load, replace

LIMIT = 300
FAULT_SEEDS = 60
# Each seed of these threads costs as much as ten of the sync suite's.
SEEDS_SHARE = 10
NEEDS_KERNEL = {"main.jan", "event_loop.jan", "serve.jan", "connection.jan"}


def collect(context):
    scripts = sorted(path for path in (context.root / "tests/kv").glob("*.py") if not path.name.startswith("_"))
    cases = [Case(f"kv/{path.stem}", lambda path=path: check(context, path)) for path in scripts]
    modules = sorted((context.root / "apps/kv").glob("*.jan"))
    tested = [path for path in modules if '\ntest "' in read_text(path) and path.name not in NEEDS_KERNEL]
    cases += [Case(f"kv/interpreter/{path.stem}", lambda path=path: interpreted(context, path)) for path in tested]
    cases += [Case(f"kv/faults/{fault.name}", lambda fault=fault: plant(context, fault)) for fault in load(context.root / "tests/kv", "_faults").FAULTS]
    cases += [Case("kv/one_writer", lambda: one_writer(modules)),
              Case("kv/documented", lambda: documented(context)), Case("kv/invariants", lambda: invariants(context))]
    return cases


def check(context, path):
    program = context.root / context.build / "janus-kv"
    if not program.exists():
        return Result(f"kv/{path.stem}", False, f"{program} does not exist: make build")
    extra = {"JANUS_KV": str(program), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
             "TMPDIR": str(context.scratch_folder())}
    return results_from(f"kv/{path.stem}", context.process([sys.executable, path], LIMIT, extra=extra))


def interpreted(context, path):
    seeds = max(1, context.seeds // SEEDS_SHARE)
    ran = context.compiler("test", "--interpret", f"--seeds={seeds}", path.relative_to(context.root), limit=LIMIT + seeds // 20)
    return results_from("kv/interpreter", ran)


# ---- faults ----------------------------------------------------------------------------------------------------------------

def plant(context, fault):
    name = f"kv/faults/{fault.name}"
    copy = context.scratch_folder() / "kv"
    shutil.copytree(context.root / "apps/kv", copy)
    replace(copy / fault.file, fault.old, fault.new)
    ran = context.compiler("test", "--interpret", f"--seeds={FAULT_SEEDS}", fault.test, limit=LIMIT, extra={"JANUS_STD": str(context.root / "std")}, cwd=copy)
    return Result(name, is_noticed(ran), "nobody noticed\n" + clipped(ran.out + ran.err))


# ---- promises of the modules -------------------------------------------------------------------------------------------------

def one_writer(modules):
    """store 4: only the writer's module changes the map."""
    changing = re.compile(r"\bskiplist\.(insert|remove|get_ptr)\b")
    wrong = [path.name for path in modules if path.name != "writer.jan" and changing.search(read_text(path))]
    return Result("kv/one_writer", not wrong and bool(changing.search(read_text(modules[0].parent / "writer.jan"))), f"the map is changed in {wrong}")


ITEM = re.compile(r"pub (?:unique |extern )?(?:func|struct|enum|error|trait|const|type) (\w+)")


def documented(context):
    """Every public item of the service has its comment. (Those of std: suite `house`.)"""
    problems, count = [], 0
    for path in sorted((context.root / "apps/kv").glob("*.jan")):
        before = ""
        for line in read_text(path).split("\n"):
            found = ITEM.match(line)
            count += bool(found)
            if found and not before.startswith(("///", "pub const", "{.")):
                problems.append(f"{path.name}: {found[1]}")
            before = line
    return Result("kv/documented", not problems and count > 50, f"{count} items\n" + "\n".join(problems))


def our_modules(context):
    """Those of the service and of std.net, without the files that hold tests alone."""
    paths = [*(context.root / "apps/kv").glob("*.jan"), *(context.root / "std/net").rglob("*.jan")]
    return sorted(path for path in paths if not path.stem.endswith("_test"))


# Modules without state of their own.
STATELESS = {"main", "options", "condition", "requests", "reply", "listing", "text", "response", "mod"}


def invariants(context):
    """Modules with a state number their invariants, which the suite `house` wants tested, and say which system calls they make."""
    problems = []
    for path in our_modules(context):
        opening = " ".join(line[3:].strip() for line in read_text(path).split("\n") if line.startswith("//!"))
        if not re.search(r"[Ss]ystem calls?", opening) and path.stem != "mod":
            problems.append(f"{path.stem}: does not say which system calls it makes")
        if not re.search(r"Invariants?\. 1\. ", opening) and path.stem not in STATELESS:
            problems.append(f"{path.stem}: no numbered invariants")
    return Result("kv/invariants", not problems, "\n".join(problems))
