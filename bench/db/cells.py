"""What is measured: the engines, the cells (a workload with its settings), what is made of a figure, and the goals."""
import collections
import re

MIB = 1 << 20
KEY = 16
VALUES = (100, 1024)
FULL_KEYS = 1_000_000  # what the goals are meant for

# The engines of `peers` and of `store`; "store-unpaced" is the same engine whose compactions write as fast as they can.
PEERS = ("leveldb", "rocksdb", "lmdb")
OURS = ("store", "store-unpaced")

# options: of the program, beside --keys and --value. fresh: the store is empty and thrown away; else it is the one that `put` left for these
# values. padded: syncs take 2 ms at least and are counted. keys: a part of the keys.
Cell = collections.namedtuple("Cell", "name title workload value keys options fresh padded engines")
PADDED_US = 2000
MEMTABLE, CACHE = 24 * MIB, 88 * MIB  # the shares of 256 MiB


def all_cells(keys, seconds):
    lasting = int(seconds * 1000)
    everyone, trees = ("store", *PEERS), ("store", "leveldb", "rocksdb")

    def cell(name, title, value, engines=everyone, workload="", part=1, fresh=False, padded=False, **options):
        options = {"memtable": MEMTABLE, "cache": CACHE, **options}
        return Cell(f"{name}-{value}", f"{title}, values of {value:,}", workload or name, value, max(1, keys // part), options, fresh, padded, engines)

    for value in VALUES:
        data = keys * (KEY + value)
        cached = {"cache": 2 * data + 64 * MIB}
        yield cell("put", "puts in random order, to rest", value)
        yield cell("get", "get of a random key, all cached", value, ops=keys, threads=1, **cached)
        yield cell("get2", "the same by two threads", value, workload="get", ops=keys, threads=2, **cached)
        yield cell("miss", "get of an absent key", value, ops=keys, **cached)
        yield cell("seek", "seek and 100 keys", value, ops=max(1, keys // 100), **cached)
        yield cell("cold", "get of a random key, nothing cached", value, ops=max(1, min(2000, keys // 20)), cache=data // 16)
        yield cell("amplification", "every key put twice, to rest", value, trees if value > 100 else everyone, fresh=True, memtable=64 * MIB)
    yield cell("open", "open after a clean close, nothing cached", 1024)
    yield cell("memory", "puts, gets and a scan within a budget", 1024, trees, fresh=True, ops=max(1, keys // 10))
    for name, title, padded in (("durable", "64 writers, a sync each", False), ("padded", "64 writers, syncs of 2 ms", True)):
        yield cell(name, title, 100, workload="durable", fresh=True, padded=padded, threads=64, milliseconds=lasting)
    # A small memtable and 16 MB/s of other puts keep compactions busy all the time.
    yield cell("paced", "4 durable writers beside compactions", 1024, (*OURS, "leveldb", "rocksdb"), part=4, fresh=True, threads=4,
               memtable=4 * MIB, milliseconds=4 * lasting, rate=16_000_000)


def select(keys, seconds, only):
    return [cell for cell in all_cells(keys, seconds) if re.search(only, cell.name)]


# ---- what is made of a figure's columns; a figure without them has no such measure

def per_op(column, scale=1.0):
    return lambda f: f[column] / f["ops"] * scale


def open_seconds(figure):
    return figure["wall"] if "first_get" in figure else None


# name: (title, function, how it is printed)
MEASURES = {
    "cpu": ("cpu µs/op", per_op("cpu", 1e6), "{:.3f}"),
    "time": ("wall µs/op", per_op("wall", 1e6), "{:.3f}"),
    "put_wall": ("s until the last put", lambda f: f["put_wall"], "{:.2f}"),
    "blocks": ("blocks/get", per_op("blocks"), "{:.2f}"),
    "reads": ("read calls/get", per_op("read_calls"), "{:.2f}"),
    "disk_read": ("KiB from disk/get", per_op("disk_read", 1 / 1024), "{:.1f}"),
    "faults": ("faults/get", per_op("faults"), "{:.2f}"),
    "syncs": ("syncs/write", per_op("syncs"), "{:.4f}"),
    "p50": ("p50 µs", lambda f: f["p50_us"], "{:.0f}"),
    "p99": ("p99 µs", lambda f: f["p99_us"], "{:.0f}"),
    "most": ("longest µs", lambda f: f["most_us"], "{:.0f}"),
    "writes": ("written/put", lambda f: f["written"] / f["put"], "{:.2f}"),
    "space": ("on disk/live", lambda f: f["disk"] / f["live"], "{:.3f}"),
    "open": ("open s", open_seconds, "{:.4f}"),
    "first_get": ("first get s", lambda f: f["first_get"], "{:.4f}"),
    "resident": ("resident MiB", lambda f: f["resident"] / MIB, "{:.1f}"),
    "budget": ("budget MiB", lambda f: f["budget"] / MIB, "{:.1f}"),
    "over": ("resident/(budget + 8 MiB)", lambda f: f["resident"] / (f["budget"] + 8 * MIB), "{:.3f}"),
}


def measure(name, figure):
    try:
        return MEASURES[name][1](figure)
    except KeyError:
        return None


# ---- goals: a measure of `store` in a cell, over that of another engine or cell where one is named, is at most the limit

Goal = collections.namedtuple("Goal", "cell measure other limit says")


def goals():
    cheap = (("put", "a put"), ("get", "a hot get"), ("miss", "a filtered miss"), ("seek", "a seek and 100 keys"))
    for name, what in cheap:
        for value in VALUES:
            yield Goal(f"{name}-{value}", "cpu", (f"{name}-{value}", "leveldb"), 1.0, f"{what} takes no more processor time than LevelDB's")
    for value in VALUES:
        yield Goal(f"cold-{value}", "blocks", None, 2.0, "a cold get reads at most two blocks")
    for value in VALUES:
        yield Goal(f"get2-{value}", "cpu", (f"get-{value}", "store"), 1.15, "a get with two threads takes at most 1.15 times one's processor time")
    for name in ("durable", "padded"):
        yield Goal(f"{name}-100", "time", (f"{name}-100", "leveldb"), 1.0, "durable puts of 64 writers are no slower than LevelDB's")
    yield Goal("padded-100", "syncs", None, 1 / 16, "at most one sync for 16 writes")
    yield Goal("paced-1024", "p99", ("paced-1024", "store-unpaced"), 0.3, "p99 beside compactions at most 0.3 times that without pacing")
    for value in VALUES:
        yield Goal(f"amplification-{value}", "writes", None, 4.0, "at most four bytes written for one put")
        yield Goal(f"amplification-{value}", "space", None, 1.3, "at most 1.3 bytes on the disk for one that is live")
    yield Goal("open-1024", "open", None, 0.2, "opens in less than 0.2 s")
    yield Goal("memory-1024", "over", None, 1.0, "resident memory stays within the budget and 8 MiB")
