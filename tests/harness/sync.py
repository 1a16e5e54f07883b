"""std.sync, std.thread and what of std.db threads share without a lock, between threads. Six parts, each a group of cases:

- tests/sync/*.jan as native programs, optimised and under the thread sanitizer, and each of their tests under the interpreter with ten thousand seeds;
- the faults of tests/sync/faults.py, planted one at a time in a copy of std: one of the above must notice, and a table says which;
- what broken rules end in: traps that name them, in every mode, and a system call that the kernel refuses is one of those;
- kernels with large pages, and threads of strict priorities where the machine grants them;
- the machine code of std.sync.atomics against clang's, and none of the expensive fences in that of std.sync;
- the system calls that a program of uncontended and of contended primitives makes, as strace sees them.
"""
import functools
import os
import platform
import re
import resource
import shutil
import threading

from .common import Case, Result, clipped, read_text
from .lines import results_from
from .planted import load, plant_in, replace

FAULT_SEEDS = 60
LIMIT = 150
# Native runs of a planted fault may hang, which is a way to be noticed.
FAULT_TIMEOUT = 4
COPYING = threading.Lock()
FENCE = re.compile(r"\b(mfence|lfence|sfence|dmb|dsb)\b")


def collect(context):
    folder = context.root / "tests/sync"
    files = [path for path in sorted(folder.glob("*.jan")) if "\ntest \"" in read_text(path)]
    cases = []
    for path in files:
        name = f"sync/{path.stem}"
        cases.append(Case(f"{name}/release", lambda path=path: native(context, path, "release", ["--release"])))
        cases.append(Case(f"{name}/thread", lambda path=path: native(context, path, "thread", ["--sanitize=thread"])))
    cases += seed_cases(context, folder, files)
    cases += code_cases(context, folder)
    cases += trace_cases(context, folder)
    cases += rule_cases(context, folder)
    cases.append(Case("sync/invariants", lambda: invariants(context, files)))
    faults = load(folder, "faults").FAULTS
    cases.append(Case("sync/faults/none", lambda: control(context, folder, files)))
    for fault in faults:
        cases.append(Case(f"sync/faults/{fault.name}", lambda fault=fault: plant(context, folder, files, fault)))
    return cases


# ---- the tests -------------------------------------------------------------------------------------------------------------

def native(context, path, label, options):
    ran = context.compiler("test", *options, "--timeout=60", path.relative_to(context.root), limit=LIMIT)
    return results_from(f"sync/{label}", ran)


# A copy of the tests that does little, and one of std that looks only once before it sleeps: the interpreter has patience for sleep, not for spinning.
def small(context, folder, scale):
    scratch = context.scratch_folder()
    tests = scratch / "sync"
    shutil.copytree(folder, tests, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    replace(tests / "scale.jan", "SCALE: u32 = 20", f"SCALE: u32 = {scale}")
    replace(tests / "scale.jan", "SIGNALS: bool = not target.libc", "SIGNALS: bool = false")
    library = scratch / "std"
    shutil.copytree(context.root / "std", library)
    replace(library / "sync/tuning.jan", "SPIN_LIMIT: u32 = 200", "SPIN_LIMIT: u32 = 0")
    return tests, library


def seed_cases(context, folder, files):
    """A case for each test, so that they share the processors evenly. All read one copy; little work under many schedules finds more than much under few."""
    copy = functools.cache(lambda: small(context, folder, 1))
    cases = []
    for path in files:
        for test in re.findall(r'^test "(.*)" do', read_text(path), re.M):
            cases.append(Case(f"sync/seeds/{path.stem}: {test}", lambda path=path, test=test: seeded(context, copy, path, test)))
    return cases


def seeded(context, copy, path, test):
    name = f"sync/seeds/{path.stem}: {test}"
    with COPYING:
        tests, library = copy()
    ran = context.compiler("test", "--interpret", f"--seeds={context.seeds}", f"--filter={test}", path.name, limit=LIMIT + context.seeds // 50,
                           extra={"JANUS_STD": str(library)}, cwd=tests)
    ok = ran.code == 0 and ran.out == f"ok {path.name}: {test}\n1 passed, 0 failed\n"
    return Result(name, ok, f"{ran.describe()}\n" + clipped(ran.out + ran.err))


# ---- broken rules ------------------------------------------------------------------------------------------------------------

MODES = {"debug": [], "fast": ["--fast"], "libc": ["--libc"], "interpret": None}
TWICE = "the guard of a {} is closed twice"
AGAIN = "a Thread was started again while it ran"
NOT_PREPARED = "an event is left that nobody prepared for"
TRAPS = {
    "mutex": TWICE.format("mutex"), "read": TWICE.format("reader"), "write": TWICE.format("writer"), "spin": TWICE.format("spin lock"),
    "spin_value": TWICE.format("spin lock"), "mutex_value": "unwrapped null", "write_value": "unwrapped null",
    "parker": "two threads park on one parker", "parker_timed": "two threads park on one parker", "thread": AGAIN, "thread_last": AGAIN,
    "send": "two threads send on one channel", "send_slice": "two threads send on one channel",
    "chan_life": "the channel's life ends while a side sleeps on it",
    "mailbox_life_receiver": "the mailbox's life ends while somebody sleeps on it",
    "mailbox_life_sender": "the mailbox's life ends while somebody sleeps on it",
    "event": NOT_PREPARED, "event_twice": NOT_PREPARED, "semaphore": "too many permits", "semaphore_new": "too many permits",
    "wait_group": "done without add", "barrier": "a barrier for more than 65535 parties",
    "leave": "a waiter leaves a token's list that it is not in", "enter": "a waiter enters a token's list twice",
}
# `.?` is no assertion: a fast build does without.
CHECKED_ONLY = {"mutex_value", "write_value"}


def rule_cases(context, folder):
    built = functools.cache(lambda stem, mode: build_once(context, folder, stem, mode))
    cases = []
    for mode in MODES:
        cases += [Case(f"sync/traps/{mode}/{rule}", lambda mode=mode, rule=rule: trap(context, folder, built, mode, rule)) for rule in TRAPS]
    cases += [Case(f"sync/collisions/{name}", lambda name=name: collision(context, folder, name)) for name in COLLISIONS]
    cases.append(Case("sync/crowded barrier", lambda: crowded_barrier(context, folder)))
    cases += [Case(f"sync/denied/{call}: {way}", lambda call=call, way=way: denied(context, built, call, way)) for call, way in DENIED]
    cases += page_cases(context, folder, built)
    cases += priority_cases(context, built)
    return cases


def build_once(context, folder, stem, mode):
    program = context.scratch_folder() / stem
    built = context.compiler("build", *MODES[mode], folder / f"{stem}.jan", "-o", program)
    return program if built.code == 0 else None


def trap(context, folder, built, mode, rule):
    name = f"sync/traps/{mode}/{rule}"
    if mode == "fast" and rule in CHECKED_ONLY:
        return Result(name, True)
    if mode == "interpret":
        ran = context.compiler("run", "--interpret", folder / "traps.jan", "--", rule)
        ok = ran.code not in (0, None)
    else:
        with COPYING:
            program = built("traps", mode)
        if not program:
            return Result(name, False, "does not build")
        ran = context.process([program, rule], 20)
        ok = ran.code == -6
    return Result(name, ok and f"panic: {TRAPS[rule]}\n" in ran.err, f"{ran.describe()}\n" + clipped(ran.out + ran.err))


# What a second thread on the same side would do between two instructions of the first, done by the first: file, place, and what comes before it.
COLLISIONS = {
    "send": ("chan.jan", "    if let Some(found) = atomics.compare_exchange[_, .seq_cst, .acquire](&c.sent, sent, after) do\n",
             "    _ = atomics.fetch_add[_, .seq_cst](&c.sent, ONE)\n", "two threads send on one channel"),
    "receive": ("chan.jan", "    let found = atomics.swap[_, .seq_cst](&c.received, received +% n * ONE)\n",
                "    _ = atomics.fetch_add[_, .seq_cst](&c.received, ONE)\n", "two threads receive on one channel"),
    "barrier": ("barrier.jan", "        open_round(&b.word, before + 1)\n", "        _ = atomics.fetch_add[_, .seq_cst](&b.word, 1)\n",
                "more threads wait at a barrier than it was made for"),
}
PAIR = """use std.sync.barrier
use std.sync.chan
func main() do
    var room: [2]u8 = undefined
    var c = chan.chan_new(&room)
    assert(chan.chan_send(&c, 1) == .Sent and chan.chan_recv(&c) != null)
    var b = barrier.barrier_new(1)
    assert(barrier.barrier_wait(&b))
end
"""


def collision(context, folder, name):
    file, place, before, message = COLLISIONS[name]
    _, library = small(context, folder, 1)
    replace(library / "sync" / file, place, before + place)
    program = context.scratch_folder() / "pair.jan"
    program.write_text(PAIR)
    ran = context.compiler("run", program, extra={"JANUS_STD": str(library)})
    return Result(f"sync/collisions/{name}", f"panic: {message}\n" in ran.err, f"{ran.describe()}\n" + clipped(ran.err))


def crowded_barrier(context, folder):
    """More threads than parties: under each schedule a trap, or rounds of the right size."""
    name, ends = "sync/crowded barrier", set()
    for seed in range(20):
        ran = context.compiler("run", "--interpret", f"--seed={seed}", folder / "crowd.jan")
        ends.add("trap" if "panic: more threads wait at a barrier than it was made for" in ran.err else ran.out if ran.code == 0 else "wrong")
        if "wrong" in ends:
            return Result(name, False, f"seed {seed}: {ran.describe()}\n" + clipped(ran.out + ran.err))
    return Result(name, "even\n" in ends, f"ends: {ends}")


# ---- refused system calls ------------------------------------------------------------------------------------------------------

DENIED = {
    ("clock_gettime", "park_timeout"): "clock_gettime", ("clock_gettime", "park_until"): None, ("clock_gettime", "receive"): "clock_gettime",
    ("clock_gettime", "acquire"): "clock_gettime", ("clock_gettime", "lock"): "clock_gettime", ("futex", "park"): "futex",
    ("futex", "park_timeout"): "futex", ("futex", "park_until"): "futex", ("futex", "lock"): "futex", ("futex", "wake"): "futex",
    ("nanosleep", "sleep"): "nanosleep", ("none", "unmap"): "munmap", ("none", "lock"): None, ("none", "receive"): None, ("none", "wake"): None,
}


def denied(context, built, call, way):
    """A call that the kernel refuses is a trap that names it: never a wait without end, and never one that is none."""
    with COPYING:
        program = built("denied", "debug")
    if not program:
        return Result(f"sync/denied/{call}: {way}", False, "does not build")
    ran = context.process([program, call, way], 10)
    named = DENIED[call, way]
    ok = ran.code == -6 and f"panic: {named} failed with error " in ran.err if named else ran.code == 0 and ran.out == "over\n"
    return Result(f"sync/denied/{call}: {way}", ok, f"{ran.describe()}\n" + clipped(ran.out + ran.err))


# ---- other kernels ---------------------------------------------------------------------------------------------------------------

def page_cases(context, folder, built):
    if platform.machine() != "x86_64":
        return []
    return [Case(f"sync/large pages, {told}", lambda told=told: large_pages(context, folder, built, told)) for told in ("told", "untold")]


def large_pages(context, folder, built, told):
    """`untold`: not even a kernel that does not say how large its pages are takes from a stack."""
    name, tracer = f"sync/large pages, {told}", context.scratch_folder() / "tracer"
    made = context.process(["cc", "-O1", "-o", tracer, folder / "large_pages.c"], 60)
    with COPYING:
        program = built("stacks", "debug")
    if made.code != 0 or not program:
        return Result(name, False, "does not build\n" + clipped(made.err))
    ran = context.process([tracer, told, program], 30)
    expected = "65536\n" if told == "told" else f"{resource.getpagesize()}\n"
    return Result(name, ran.code == 0 and ran.out == expected, f"{ran.describe()}\n" + clipped(ran.out + ran.err))


def may_have_priorities():
    try:
        before = os.sched_getscheduler(0)
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.sched_setscheduler(0, before, os.sched_param(0))
        return True
    except OSError:
        return False


def priority_cases(context, built):
    if not may_have_priorities():
        return []
    return [Case(f"sync/priority/{way}", lambda way=way: priority(context, built, way))
            for way in ("cancel", "close", "mail", "lock", "write", "permit", "group", "once")]


def priority(context, built, way):
    with COPYING:
        program = built("priority", "debug")
    if not program:
        return Result(f"sync/priority/{way}", False, "does not build")
    ran = context.process([program, way], 10)
    return Result(f"sync/priority/{way}", ran.code == 0, f"{ran.describe()}\n" + clipped(ran.err))


# ---- every invariant has a test ----------------------------------------------------------------------------------------------

# What no test block can show: where it is tested instead.
ELSEWHERE = {
    ("atomics", 3): "tests/ui/intrinsics/orderings_chain.jan",
    ("atomics", 4): "sync/codegen/x86_64-linux",
    ("barrier", 5): "sync/crowded barrier",
    ("cancel", 5): "tests/sync/priority.jan",
    ("chan", 7): "sync/collisions/send",
    ("chan", 8): "sync/traps/debug/chan_life",
    ("event", 5): "sync/traps/debug/event",
    ("mailbox", 5): "sync/traps/debug/mailbox_life_receiver",
    ("mutex", 3): "tests/ui/sync/misuse.jan",
    ("mutex", 8): "sync/traps/debug/mutex",
    ("once", 4): "sync/codegen/once",
    ("parker", 7): "sync/traps/debug/parker",
    ("parker_linux", 4): "sync/denied/futex: park",
    ("ring", 3): "sync/codegen/ring",
    ("rwlock", 4): "sync/calls/quiet",
    ("rwlock", 5): "tests/ui/sync/misuse.jan",
    ("rwlock", 6): "sync/traps/debug/read",
    ("spin", 2): "sync/codegen/spin",
    ("spin", 3): "sync/codegen/spin",
    ("spin", 4): "sync/codegen/spin",
    ("spin", 5): "sync/traps/debug/spin",
}
# Modules that have no state: nothing to be invariant.
STATELESS = {"mod", "tuning"}


def invariants(context, files):
    """Modules number their invariants in their opening comment; tests name these numbers, in the module or as `chan 1, 4:` in tests/sync."""
    threaded = [name for path in files for name in re.findall(r'^test "(.*)" do', read_text(path), re.M)]
    folder = context.root / "tests/sync"
    cases = {case.name for case in code_cases(context, folder) + trace_cases(context, folder) + rule_cases(context, folder)}
    problems, count = [], 0
    for path in [*sorted((context.root / "std/sync").glob("*.jan")), context.root / "std/thread.jan"]:
        text = read_text(path)
        opening = " ".join(line[3:].strip() for line in text.split("\n") if line.startswith("//!"))
        listed = re.search(r"Invariants?\. (1\. .*)", opening)
        if not listed and path.stem not in STATELESS:
            problems.append(f"{path.stem}: no numbered invariants")
        last = 0
        while listed and re.search(rf"(?:^| ){last + 1}\. ", listed[1]):
            last += 1
        tested = {int(n) for numbers in re.findall(r'^test "invariants? ([\d, and]+):', text, re.M) for n in re.findall(r"\d+", numbers)}
        for name in threaded:
            for module, numbers in re.findall(r"(\w+) (\d+(?:, \d+)*)(?=, [a-z]|:)", name.split(":")[0] + ":"):
                tested |= {int(n) for n in re.findall(r"\d+", numbers)} if module == path.stem else set()
        for number in range(1, last + 1):
            place = ELSEWHERE.get((path.stem, number))
            count += 1
            known = place in cases or (place and (context.root / place).exists())
            if number not in tested and not known:
                problems.append(f"{path.stem}: invariant {number} has no test")
        if "ystem call" not in opening:
            problems.append(f"{path.stem}: does not say which system calls it makes")
    return Result("sync/invariants", not problems and count > 50, f"{count} invariants\n" + "\n".join(problems))


# ---- faults ----------------------------------------------------------------------------------------------------------------

def plant(context, folder, files, fault):
    name = f"sync/faults/{fault.name}"
    tests, library = small(context, folder, 3)
    plant_in(library / "sync", fault)
    extra = {"JANUS_STD": str(library)}
    # The tests of the faulty layer first.
    layers = {"parker.jan": "parker.jan", "mutex.jan": "mutex.jan", "chan.jan": "chan.jan", "mailbox.jan": "chan.jan", "cancel.jan": "chan.jan", "../thread.jan": "thread.jan",
              "parker_linux.jan": "parker.jan", "../db/memtable.jan": "store.jan", "../db/view.jan": "store.jan",
              "../db/epoch.jan": "cache.jan", "../db/pool.jan": "cache.jan", "../db/cache.jan": "cache.jan"}
    first = layers.get(fault.file, "others.jan")
    threaded = sorted((path.name for path in files), key=lambda file: file != first)
    steps = [("its own tests", library, ["test", f"sync/{fault.file}"]),
             *(("interpreter", tests, ["test", "--interpret", f"--seeds={FAULT_SEEDS}", file]) for file in threaded)]
    caught = first_failure(context, steps, extra)
    caught = caught or machine_code(context, extra)
    if not caught:
        # Natively with the full amount of work and with signals.
        shutil.copy(folder / "scale.jan", tests / "scale.jan")
        steps = [(label, tests, ["test", *options, f"--timeout={FAULT_TIMEOUT}", file]) for file in threaded[:2]
                 for label, options in (("stress", ["--release"]), ("thread sanitizer", ["--sanitize=thread"]))]
        caught = first_failure(context, steps, extra)
    if caught is None:
        return Result(name, False, "nobody noticed")
    ok = not caught.startswith("broken")
    print(f"    {fault.name:58} → {caught}", flush=True)
    return Result(name, ok, caught)


def control(context, folder, files):
    """Without a fault the same steps must notice nothing."""
    tests, library = small(context, folder, 3)
    steps = [("its own tests", library, ["test", "sync/"]), *(("interpreter", tests, ["test", "--interpret", f"--seeds={FAULT_SEEDS}", path.name]) for path in files)]
    caught = first_failure(context, steps, {"JANUS_STD": str(library)})
    return Result("sync/faults/none", caught is None, caught or "")


def first_failure(context, steps, extra):
    for label, folder, command in steps:
        ran = context.compiler(*command, limit=LIMIT, extra=extra, cwd=folder)
        if "does not build" in ran.out:
            return f"broken: {command[-1]} does not build\n" + clipped(ran.err)
        failed = re.search(r"^FAIL [^:]+: (.*)$", ran.out, re.M)
        if failed:
            return f"{label}: {failed[1]}"
        if ran.code != 0:
            return f"broken: {label}: {ran.describe()}\n" + clipped(ran.out + ran.err)
    return None


# ---- machine code ------------------------------------------------------------------------------------------------------------

def code_cases(context, folder):
    cases = []
    if shutil.which("clang-19") and shutil.which("llvm-objdump-19"):
        for target in ("x86_64-linux", "aarch64-linux"):
            cases.append(Case(f"sync/codegen/{target}", lambda target=target: atomics_code(context, folder, target)))
    if shutil.which("llvm-objdump-19"):
        cases.append(Case("sync/codegen/fences", lambda: fences(context, folder)))
        cases.append(Case("sync/codegen/flags", lambda: flags(context)))
        cases += [Case(f"sync/codegen/{name}", lambda name=name: instructions(context, name)) for name in CODE]
    return cases


def atomics_code(context, folder, target):
    name = f"sync/codegen/{target}"
    count, problems = load(folder, "codegen").compare(context.janus, "clang-19", "llvm-objdump-19", target, context.scratch_folder(), context.environment)
    if problems or not count:
        return Result(name, False, f"{len(problems)} of {count} functions differ\n" + clipped("\n".join(problems)))
    return Result(name, True)


def disassembly(context, program, extra=None):
    """The text of `program`, built optimised; the second answer is what went wrong."""
    code = context.scratch_folder() / "program.o"
    built = context.compiler("build", "--release", "--emit=obj", program, "-o", code, extra=extra)
    if built.code != 0:
        return "", clipped(built.err)
    return context.process(["llvm-objdump-19", "-d", "--no-show-raw-insn", code], 60).out, ""


def fences(context, folder):
    name = "sync/codegen/fences"
    text, problem = disassembly(context, folder / "loud.jan")
    found = FENCE.findall(text)
    enough = text.count("lock") > 20 and "chan" in text
    return Result(name, not problem and not found and enough, problem or f"{len(found)} fences in {len(text)} bytes of text")


# What is stored seq_cst so that the load after it does not pass the store: the mistake, one side alone, and the exchange that the store is on x86_64.
CHAN, VIEW, EPOCH = "use std.sync.chan\nuse std.sync.chan.{Chan}", "use std.db.view.{Views}", "use std.db.epoch.{Epochs}"
STORES = {
    "the receiver's sleep flag is raised": (CHAN, "(c: *Chan[u64]) -> bool do return chan.chan_recv(c) == null end", "xchgb"),
    "the sender's sleep flag is raised": (CHAN, "(c: *Chan[u64]) -> bool do return chan.chan_send(c, 1) == .Closed end", "xchgb"),
    "the reader's word is stored": (VIEW, "(v: *const Views[u64]) -> *const u64 do return v.enter(0) end", "xchgq"),
    "the number of the reader's round is stored": (EPOCH, "(e: *Epochs) do e.enter(0) end", "xchgq"),
    "a view is published": (VIEW, "(v: *Views[u64]) -> bool do return v.publish(1) end", "xchgq"),
}


def flags(context, extra=None):
    """On x86_64 what is stored with less than seq_cst is a plain move, which is rarely caught running: so the code is looked at."""
    problem = flags_problem(context, extra)
    return Result("sync/codegen/flags", not problem, problem)


def flags_problem(context, extra):
    for what, (head, text, exchange) in STORES.items():
        program = context.scratch_folder() / "side.jan"
        program.write_text(f"{head}\nexport func side{text}\nfunc main() do end\n")
        code, problem = disassembly(context, program, extra)
        if problem:
            return problem
        if not re.search(rf"\b{exchange}\b", code):
            return f"{what} without an exchange"
    return ""


# What the machine code of one function and all it calls in std.sync may hold: for each instruction how often.
CODE = {
    "ring": ("use std.sync.ring\nuse std.sync.ring.{Ring}",
             "(r: *Ring[u64], v: *u64, some: *[8]u64) -> usize do\n"
             "    if ring.ring_push(r, v.*) and ring.ring_pop_into(r, v) do return ring.ring_len(r) end\n"
             "    return ring.ring_push_slice(r, some) + ring.ring_pop_slice(r, some)\nend",
             {"lock": range(0, 1), "xchg": range(0, 1), "syscall": range(0, 1), "mov": range(20, 10000)}),
    "spin": ("use std.sync.spin\nuse std.sync.spin.{SpinMutex}",
             "(m: *SpinMutex[u64]) do\n    using g = spin.spin_mutex_lock(m) do spin.spin_value(&g).* += 1 end\nend",
             {"lock": range(0, 1), "xchg": range(1, 3), "syscall": range(0, 1), "pause": range(1, 100)}),
    "once": ("use std.sync.once\nuse std.sync.once.{Once}", "(o: *Once) -> bool do return once.once_done(o) end",
             {"lock": range(0, 1), "xchg": range(0, 1), "syscall": range(0, 1), "cmp": range(1, 2)}),
    "mutex": ("use std.sync.mutex\nuse std.sync.mutex.{Mutex}",
              "(m: *Mutex[u64]) do\n    match mutex.mutex_try_lock(m) {\n        .Locked(g) => using h = g do mutex.guard_value(&h).* += 1 end,\n        else => do end,\n    }\nend",
              {"lock": range(1, 2), "xchg": range(1, 2), "syscall": range(1, 2)}),
}


def instructions(context, name):
    """Counts instructions: an exchange and the prefix of other locked ones cost what the module says it avoids."""
    head, body, wanted = CODE[name]
    case = f"sync/codegen/{name}"
    program = context.scratch_folder() / "code.jan"
    program.write_text(f"{head}\nexport func subject{body}\nfunc main() do end\n")
    text, problem = disassembly(context, program)
    if problem:
        return Result(case, False, problem)
    functions = re.split(r"^[0-9a-f]+ <(.+)>:$", text, flags=re.M)
    code = "".join(body for head, body in zip(functions[1::2], functions[2::2]) if head == "subject" or head.startswith("std.sync."))
    counts = {word: len(re.findall(rf"^\s*[0-9a-f]+:\s+{word}\w*\b", code, re.M)) for word in wanted}
    wrong = [f"{word}: {counts[word]}" for word, allowed in wanted.items() if counts[word] not in allowed]
    return Result(case, not wrong, ", ".join(wrong) + "\n" + clipped(code))


def machine_code(context, extra):
    problem = flags_problem(context, extra)
    return f"machine code: {problem.splitlines()[0]}" if problem else None


# ---- system calls --------------------------------------------------------------------------------------------------------------

def trace_cases(context, folder):
    if not shutil.which("strace"):
        return []
    return [Case("sync/calls/quiet", lambda: trace(context, folder, "quiet", {"execve", "exit_group"})),
            Case("sync/calls/clock", lambda: trace(context, folder, "clock", {"execve", "exit_group", "clock_gettime", "futex"})),
            Case("sync/calls/loud", lambda: trace(context, folder, "loud",
                                                  {"execve", "exit_group", "mmap", "mprotect", "clone", "exit", "futex", "nanosleep", "restart_syscall"}))]


def trace(context, folder, stem, allowed):
    name = f"sync/calls/{stem}"
    scratch = context.scratch_folder()
    built = context.compiler("build", "--release", folder / f"{stem}.jan", "-o", scratch / "program")
    if built.code != 0:
        return Result(name, False, clipped(built.err))
    ran = context.process(["strace", "-f", "-qq", "-o", scratch / "trace", scratch / "program"], 60)
    lines = read_text(scratch / "trace").split("\n")
    calls = [found[1] for line in lines if (found := re.match(r"\d+ +(?:<\.\.\. )?(\w+)[( ]", line))]
    others = sorted(set(calls) - allowed)
    ok = ran.code == 0 and calls.count("execve") > 0 and not others
    if stem != "quiet":
        ok = ok and "futex" in calls
    return Result(name, ok, f"{ran.describe()}, {len(calls)} calls, not expected: {others}\n" + clipped("\n".join(lines[:40]) + ran.err))
