"""Stores that std.db writes, read by format_reader.py, which knows docs/format.md alone: what tests/db/write_stores.jan says it put is there and nothing
else, in stores of every kind, ended or not, and with their last group torn; what the reader lists is what std.db finds; and the reader notices a bit
flipped anywhere, so that its silence means something."""
import random
import shutil
import time

from format_parts import Blob, Damage
from format_reader import NAMES, Store
from harness.common import BUILD_LIMIT, Result, clipped
from hashes import crc32c

STORES = ("empty", "few", "sizes", "binary", "times", "changes", "tables", "reopened")
ENDS = ("finished", "open", "forming")
FLIPS = 60  # of each file


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


class Writer:
    """The program that writes stores, in a folder for them."""

    def __init__(self, context):
        self.context, self.folder = context, context.scratch_folder()
        self.program = self.folder / "write_stores"
        built = context.compiler("build", "--release", context.root / "tests/db/write_stores.jan", "-o", self.program, limit=BUILD_LIMIT)
        self.problem = None if built.code == 0 else clipped(built.out + built.err)

    def run(self, *arguments):
        ran = self.context.process([self.program, *arguments], BUILD_LIMIT)
        check(ran.code == 0, f"{' '.join(map(str, arguments))}: {ran.describe()}\n" + clipped(ran.out[-2000:] + ran.err))
        return ran.out.splitlines()

    def put(self, name, end):
        """The folder of a store, and the lines of what was put."""
        folder = self.folder / f"{name}-{end}"
        shutil.rmtree(folder, ignore_errors=True)
        return folder, self.run("put", folder, name, end)


# ---- what should be there ------------------------------------------------------------------------------------------------

def number_of(line):
    return int(line.split(" ", 1)[0])


def newest(lines):
    """Of lines in the order of their numbers the last of each key, without the deletes."""
    last = {line.split(" ")[2]: line for line in lines}
    return sorted(line for line in last.values() if line.split(" ")[1] != "delete")


def ended_by_now(line):
    _, change, _, expires, _, _ = line.split(" ")
    return change == "until" and int(expires) < time.time() * 1000


def hold_to(store, lines):
    """The store has nothing wrong with it, no version that was not put, and the newest of each key. What is over may have gone."""
    check(not store.problems, "\n".join(store.problems))
    found = [v.line() for v in store.versions()]
    check(not store.problems, "\n".join(store.problems))
    put = {number_of(line): line for line in lines}
    strange = [line for line in found if put.get(number_of(line)) != line and not ended_by_now(put.get(number_of(line), line))]
    check(not strange, f"nobody put {strange[:3]}")
    wanted, there = ([line for line in newest(some) if not ended_by_now(line)] for some in (lines, found))
    check(wanted == there, f"{len(wanted)} keys are there, found are {len(there)}; differing: {sorted(set(wanted) ^ set(there))[:3]}")


def hold_engine_to(writer, folder, name, lines):
    """std.db finds the newest of each key of the store `name` and no other."""
    put = [line for line in newest(lines) if not ended_by_now(line)]
    told = writer.run("get", folder, name)
    there = {line.split(" ")[2]: line for line in told}
    found = sorted(line for line in there.values() if line.split(" ")[1] != "absent")
    check(bool(told) == (name != "empty") and put == found, f"differing: {sorted(set(put) ^ set(found))[:3]}")


# ---- the checks ----------------------------------------------------------------------------------------------------------

def check_store(writer, name, end):
    folder, lines = writer.put(name, end)
    store = Store(folder)
    hold_to(store, lines)
    cut = [note for note in store.notes if "cut at" in note]
    # A file of the log may be ready that no edit names yet.
    others = [note for note in store.notes if note not in cut and not (end != "finished" and note.endswith(".log: left by a crash"))]
    check(bool(cut) == (end != "finished") and not others, f"notes: {store.notes}")
    hold_engine_to(writer, folder, name, lines)
    hold_to(Store(folder), lines)


def check_torn(writer, name):
    """A store whose last group was cut short has all before it, by the reader and by std.db."""
    folder, lines = writer.put(name, "open")
    log = Store(folder).logs[-1]
    path, raw, begin, end = folder / log.file, log.raw, log.groups[-1], log.at
    first = int.from_bytes(raw[begin + 16:begin + 24], "little")
    kept = [line for line in lines if number_of(line) < first]
    check(0 < len(kept) < len(lines), "nothing to tear")
    r = random.Random(name)
    pristine = folder.with_suffix(".pristine")
    shutil.copytree(folder, pristine)
    tears = {"no header": raw[:begin] + bytes(len(raw) - begin), "half a header": raw[:begin + 20] + bytes(len(raw) - begin - 20),
             "a header alone": raw[:begin + 40] + bytes(len(raw) - begin - 40), "the end of the body": raw[:end - 8] + bytes(len(raw) - end + 8),
             "the beginning": raw[:begin] + bytes(8) + raw[begin + 8:], "noise": raw[:begin] + r.randbytes(end - begin) + raw[end:],
             "a shorter file": raw[:end - 8], "a file that ends before": raw[:begin]}
    for what, torn in tears.items():
        shutil.rmtree(folder)
        shutil.copytree(pristine, folder)
        path.write_bytes(torn)
        try:
            store = Store(folder)
            hold_to(store, kept)
            check(any(f"{log.file}: cut at {begin}" == note for note in store.notes), f"notes: {store.notes}")
            hold_engine_to(writer, folder, name, kept)
            hold_to(Store(folder), kept)
        except Failed as failed:
            raise Failed(f"{what}: {failed}") from None


def check_notices(writer, name):
    """A flipped bit of any file is noticed, but behind the log's end."""
    folder, _ = writer.put(name, "finished")
    store = Store(folder)
    behind = {log.file: log.at for log in store.logs}
    r, unnoticed, tried = random.Random(name), [], 0
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        if path.name == "LOCK":
            continue
        places = range(behind.get(path.name, len(raw)))
        for at in places if len(places) <= FLIPS else {*places[:20], *places[-64:], *r.sample(places, FLIPS)}:
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1:])
            tried += 1
            found = Store(folder)
            found.versions()
            if not found.problems:
                unnoticed.append(f"{path.name} at {at}")
        path.write_bytes(raw)
    check(not unnoticed and tried > 100 and not Store(folder).problems, f"{len(unnoticed)} of {tried}: {unnoticed[:5]}")


def check_blobs(writer):
    folder = writer.folder / "blobs"
    folder.mkdir()
    references = [line.split() for line in writer.run("blobs", folder)]
    number = int(references[0][0])
    path = folder / NAMES["blob"].format(number)
    raw = path.read_bytes()
    blob, taken = Blob(path.name, raw, number), []
    for file, offset, length, crc, of_value in references:
        value = blob.value(int(offset), int(length), int(crc))
        check(int(file) == number and len(value) == int(length) and crc32c(value) == int(of_value, 16), f"the value at {offset}")
        taken.append((int(offset), int(length), int(crc)))
    check(len(taken) > 5 and max(length for _, length, _ in taken) > 131072, "values of several pieces")
    # Of a short value and a long one a bit in every place where something else stands.
    for offset, length, crc in (taken[2], taken[-1]):
        for at in (offset, offset + length // 2, offset + length - 1, offset + min(length, 65536), offset + length + 4 * (length // 65536)):
            try:
                Blob(path.name, raw[:at] + bytes([raw[at] ^ 16]) + raw[at + 1:], number).value(offset, length, crc)
            except Damage:
                continue
            raise Failed(f"a bit flipped at {at} of the value at {offset} is not noticed")


def run(context):
    """The results, one for each store and end."""
    writer = Writer(context)
    if writer.problem:
        return [Result("std/format", False, writer.problem)]
    checks = [(f"{name} {end}", check_store, name, end) for name in STORES for end in ENDS]
    checks += [(f"{name} torn", check_torn, name) for name in ("few", "changes")]
    checks += [(f"{name} flipped", check_notices, name) for name in ("changes", "reopened")]
    checks += [("blobs", check_blobs)]
    results = []
    for title, function, *arguments in checks:
        try:
            function(writer, *arguments)
            results.append(Result(f"std/format/{title}", True))
        except Failed as failed:
            results.append(Result(f"std/format/{title}", False, str(failed)))
    return results
