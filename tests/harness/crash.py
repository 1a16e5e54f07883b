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
# What happens seldom: a ceiling is crossed with nearly each group, and the MANIFEST is written anew with nearly each edit.
SMALL = Fault("small", "db/writer.jan", "const CEILING_STEP: u64 = 65536\n", "const CEILING_STEP: u64 = 2\n",
              others=[("db/pending.jan", "pub const MOST_WRITES: usize = 1024\n", "pub const MOST_WRITES: usize = 3\n"),
                      ("db/manifest.jan", "pub const LONG: u64 = 4194304\n", "pub const LONG: u64 = 300\n")])


def collect(context):
    faults = load(context.root / FOLDER, "crash_faults").FAULTS
    return ([Case("crash/tests", lambda: std.check(context, FOLDER, "crash", OPTIONS))]
            + [Case(f"crash/small/{name}", lambda name=name: small(context, name)) for name in ("store.jan", "store_times.jan", "store_faults.jan")]
            + [Case(f"crash/faults/{fault.name}", lambda fault=fault: plant(context, fault)) for fault in faults])


def small(context, name):
    library = library_with(context, SMALL)
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
