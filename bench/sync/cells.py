"""What is measured: the cells, who runs in each, and the goals."""
import collections
import re

Entry = collections.namedtuple("Entry", "label program impl role")  # role: janus, twin or peer
# kind is what the programs are called with; param a critical section in ns, a capacity, or a flag. alone: the processors' distance does not
# matter. shared: more threads than processors. named: the peers the goal speaks of.
Cell = collections.namedtuple("Cell", "name title kind param alone shared entries goal named")
Goal = collections.namedtuple("Goal", "text twin peer cpu collapse")

SECTIONS = [55, 1000]


def janus(impl, label="Janus"):
    return Entry(label, "janus", impl, "janus")


def twin(impl, label="C twin"):
    return Entry(label, "twin", impl, "twin")


def peer(label, program, impl):
    return Entry(label, program, impl, "peer")


LOCKS = [janus("mutex"), twin("mutex"), peer("glibc pthread", "peers_c", "pthread"), peer("glibc mtx", "peers_c", "mtx"),
         peer("Rust std", "rust", "std"), peer("parking_lot", "rust", "parking_lot"), peer("nsync", "peers_c", "nsync"),
         peer("oneTBB mutex", "peers_cpp", "tbb"), peer("Go sync.Mutex", "go", "go")]
SPINS = [janus("spin"), twin("spin"), peer("ck fas+backoff", "peers_c", "ck"), peer("oneTBB spin", "peers_cpp", "tbb_spin")]
RINGS = [janus("ring"), twin("ring"), peer("ck_ring", "peers_c", "ck_ring"), peer("Boost spsc_queue", "peers_cpp", "boost"),
         peer("crossbeam ArrayQueue", "rust", "crossbeam"), peer("Rust sync_channel", "rust", "sync_channel"), peer("Go chan", "go", "go"),
         peer("oneTBB bounded", "peers_cpp", "tbb")]
TRIES = [janus("chan"), twin("chan"), *RINGS[2:]]
CHANS = [janus("chan"), twin("chan"), peer("Rust sync_channel", "rust", "sync_channel"), peer("crossbeam bounded", "rust", "crossbeam"),
         peer("Go chan", "go", "go"), peer("oneTBB bounded", "peers_cpp", "tbb")]
PARKS = [janus("parker"), twin("parker"), peer("Rust thread::park", "rust", "std"), peer("crossbeam Parker", "rust", "crossbeam"),
         peer("glibc semaphore", "peers_c", "semaphore")]
ADDS = [janus("fetch_add"), twin("fetch_add"), peer("Rust std", "rust", "std"), peer("Go atomic", "go", "go")]

SYSTEM_LOCKS = ["glibc pthread", "glibc mtx", "Rust std"]
POLLED = ["crossbeam ArrayQueue", "Rust sync_channel", "Go chan", "ck_ring"]
SAFE_TO_SHARE = ["crossbeam ArrayQueue", "Rust sync_channel", "Go chan"]
CHANNELS = ["Rust sync_channel", "Go chan", "crossbeam bounded"]

# twin, peer, cpu: at most this many times the C twin's time, the best named peer's time, the best named peer's CPU time.
FAST = Goal("≤ 1.03 × twin", 1.03, None, None, None)
CONTENDED = Goal("≤ 1.10 × twin, ahead of glibc and Rust", 1.10, 1.0, None, None)
CALM = Goal("≤ 2 × the same with two threads", None, None, None, 2.0)
DOUBLE = Goal("≥ 0.97 × twin's rate, ≥ 2 × the four peers'", 1 / 0.97, 0.5, None, None)
# ck_ring pays no locked instruction, as std.sync.ring does; a channel that can put its sides to sleep cannot do without (std.sync.chan says why).
CHANNEL = Goal("≥ 0.97 × twin's rate, ≥ 2 × the three that lock", 1 / 0.97, 0.5, None, None)
BATCHED = Goal("≥ 0.97 × twin's rate, no slower than singles", 1 / 0.97, None, None, 1.0)
BLOCKING = Goal("time and CPU ≤ sync_channel, Go, crossbeam", None, 1.0, 1.0, None)
PARKING = Goal("≤ Rust thread::park within 3 %", None, 1.03, None, None)
REPORTED = Goal("reported", None, None, None, None)
EQUAL = Goal("= twin within 3 %", 1.03, None, None, None)


def all_cells():
    yield Cell("lock-1", "mutex, one thread", "lock1", 0, True, False, LOCKS, FAST, [])
    yield Cell("spin-1", "spin lock, one thread", "lock1", 0, True, False, SPINS, FAST, [])
    for ns in [0, 55, 1000]:
        yield Cell(f"lock-2-{ns}", f"mutex, two threads apart, section {ns} ns", "lock2", ns, False, False, LOCKS, CONTENDED, SYSTEM_LOCKS)
    for ns in [0, 55, 1000]:
        yield Cell(f"lock-4-{ns}", f"mutex, four threads on two processors, section {ns} ns", "lock4", ns, False, True, LOCKS, CALM, [])
    for threads in [2, 4]:
        yield Cell(f"wait-{threads}-1000", f"longest turn at a mutex, {threads} threads on two processors, section 1000 ns", f"wait{threads}", 1000, False,
                   threads > 2, LOCKS, REPORTED, [])
    for capacity in [64, 1024]:
        yield Cell(f"ring-{capacity}", f"polled ring, capacity {capacity}", "try2", capacity, False, False, RINGS, DOUBLE, POLLED)
    for capacity in [64, 1024]:
        batch = [janus("ring"), twin("ring"), peer("Boost spsc_queue", "peers_cpp", "boost")]
        yield Cell(f"ring-{capacity}-by-32", f"polled ring, capacity {capacity}, batches of 32", "batch2", capacity, False, False, batch, BATCHED, [])
    for capacity in [64, 1024]:
        yield Cell(f"try-{capacity}", f"channel that nobody sleeps on, capacity {capacity}", "try2", capacity, False, False, TRIES, CHANNEL, SAFE_TO_SHARE)
    for capacity in [64, 1024]:
        batch = [janus("chan"), twin("chan")]
        yield Cell(f"try-{capacity}-by-32", f"channel that nobody sleeps on, capacity {capacity}, batches of 32", "batch2", capacity, False,
                   False, batch, BATCHED, [])
    for capacity in [64, 1024]:
        yield Cell(f"chan-{capacity}", f"blocking channel, capacity {capacity}", "chan2", capacity, False, False, CHANS, BLOCKING, CHANNELS)
    yield Cell("park-1", "park and unpark round trip, one processor", "park2", 1, True, False, PARKS, PARKING, ["Rust thread::park"])
    yield Cell("park-2", "park and unpark round trip, two processors", "park2", 0, False, False, PARKS, PARKING, ["Rust thread::park"])
    yield Cell("add-1", "fetch_add, one thread", "add1", 0, True, False, ADDS, EQUAL, [])
    yield Cell("add-2", "fetch_add, two threads apart (CPU time of both)", "add2", 0, False, False, ADDS, EQUAL, [])


def has_section(cell):
    """Whether the parameter is the length of a critical section."""
    return cell.kind.startswith(("lock", "wait"))


def judged_by_cpu(cell):
    """Of two threads that add to one word now one has the line for long, now the other; what both spend does not depend on that."""
    return cell.kind == "add2"


def compared_with(name):
    """The cell whose Janus time the `collapse` part of a goal speaks of."""
    return name.replace("lock-4", "lock-2").removesuffix("-by-32")


def select(only, entries):
    chosen = []
    for cell in all_cells():
        if re.search(only, cell.name):
            chosen.append(cell._replace(entries=[e for e in cell.entries if re.search(entries, e.label)]))
    return chosen
