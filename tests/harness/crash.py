"""What survives when the power goes: the test blocks of tests/crash, under the interpreter, whose disk can lose what was not forced; and the
faults of tests/crash/crash_faults.py, planted one at a time in a copy of std: those blocks must notice."""
from . import std
from .common import Case
from .lines import results_from
from .planted import LIMIT, Asked, Fault, Witnesses, library_with, load

FOLDER = "tests/crash"
# A test goes through hundreds of crashes.
OPTIONS = ("--interpret", "--steps=1000000000", "--timeout=60")


def collect(context):
    planted = load(context.root / FOLDER, "crash_faults")
    witnesses, tests = Witnesses(context, FOLDER), parts_first(context)
    return ([Case("crash/noticed", lambda: witnesses.is_current(planted.FAULTS, "crash")), Case("crash/tests", lambda: std.check(context, FOLDER, "crash", OPTIONS))]
            + [Case(f"crash/small/{name}", lambda name=name: small(context, name, planted.SELDOM)) for name in ("store.jan", "store_times.jan", "store_faults.jan")]
            + [Case(f"crash/faults/{fault.name}", lambda fault=fault: witnesses.judge(fault, "crash", tests)) for fault in planted.FAULTS])


def small(context, name, places):
    """What happens seldom happens all the time, in a copy of std."""
    (file, old, new), *others = places
    library = library_with(context, Fault("small", file, old, new, others=others))
    ran = context.compiler("test", *OPTIONS, context.root / FOLDER / name, limit=LIMIT, extra={"JANUS_STD": str(library)}, cwd=library.parent)
    return results_from(f"crash/small/{name}", ran)


def parts_first(context):
    """The tests of the parts, then those of the whole store."""
    paths = sorted((context.root / FOLDER).glob("*.jan"), key=lambda path: (path.stem.startswith("store"), path.stem))
    return [Asked(f"{FOLDER}/{path.name}", OPTIONS) for path in paths]
