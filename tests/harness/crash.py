"""What survives when the power goes: the test blocks of tests/crash, under the interpreter, whose disk can lose what was not forced; and the
faults of tests/crash/crash_faults.py, planted one at a time in a copy of std: those blocks must notice."""
from . import std
from .common import Case, Result, clipped
from .lines import results_from
from .planted import Fault, is_noticed, library_with, load

LIMIT = 600
FOLDER = "tests/crash"
# A test goes through hundreds of crashes.
OPTIONS = ("--interpret", "--steps=1000000000", "--timeout=60")


def collect(context):
    planted = load(context.root / FOLDER, "crash_faults")
    faults = planted.FAULTS
    return ([Case("crash/tests", lambda: std.check(context, FOLDER, "crash", OPTIONS))]
            + [Case(f"crash/small/{name}", lambda name=name: small(context, name, planted.SELDOM)) for name in ("store.jan", "store_times.jan", "store_faults.jan")]
            + [Case(f"crash/faults/{fault.name}", lambda fault=fault: plant(context, fault)) for fault in faults])


def small(context, name, places):
    """What happens seldom happens all the time, in a copy of std."""
    (file, old, new), *others = places
    library = library_with(context, Fault("small", file, old, new, others=others))
    ran = context.compiler("test", *OPTIONS, context.root / FOLDER / name, limit=LIMIT, extra={"JANUS_STD": str(library)}, cwd=library.parent)
    return results_from(f"crash/small/{name}", ran)


def plant(context, fault):
    """The tests of the parts first, those of the whole store last: the first that notices is enough."""
    library = library_with(context, fault)
    said = ""
    for path in sorted((context.root / FOLDER).glob("*.jan"), key=lambda path: (path.stem.startswith("store"), path.stem)):
        ran = context.compiler("test", *OPTIONS, path, limit=LIMIT, extra={"JANUS_STD": str(library)}, cwd=library.parent)
        if is_noticed(ran):
            return Result(f"crash/faults/{fault.name}", True)
        said += ran.out + ran.err
    return Result(f"crash/faults/{fault.name}", False, "nobody noticed\n" + clipped(said))
