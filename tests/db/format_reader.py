#!/usr/bin/env python3
"""Reads a store's folder by docs/format.md alone, sharing no line with std.db, and holds it to everything that the page promises: checksums, lengths,
orders, filters, properties, sequence ranges, how logs follow each other and end. `format_reader.py FOLDER` prints the versions that it finds, one a
line, and what is wrong, with file and offset; the exit code is 1 if anything is. With `--newest` only what a read would find is printed."""
import argparse
import dataclasses
import pathlib
import re
import sys

if __package__:
    from .hashes import crc32c, u32, u64, xxh3_64
else:
    from hashes import crc32c, u32, u64, xxh3_64

PUT, PUT_UNTIL, DELETE, BLOB, BLOB_UNTIL = 1, 2, 3, 4, 5
CHANGES = {PUT: "put", PUT_UNTIL: "until", DELETE: "delete", BLOB: "blob", BLOB_UNTIL: "blob-until"}
ENDING, REFERRING = (PUT_UNTIL, BLOB_UNTIL), (BLOB, BLOB_UNTIL)
MOST_KEY, MOST_VALUE, MOST_BLOB, MOST_SEQUENCE = 4096, 65536, 16777216, (1 << 56) - 1
RESTART_EVERY, BLOCK = 16, 4096
LEVELS, MOST_EDIT, MOST_USES = 7, 131072, 1024
PIECE = 65536


class Damage(Exception):
    """What the page forbids, at an offset of a file."""

    def __init__(self, file, offset, what):
        super().__init__(f"{file} at {offset}: {what}")


@dataclasses.dataclass(frozen=True)
class Version:
    sequence: int
    change: int
    key: bytes
    expires: int
    value: bytes  # what a reference refers to, when the change is one

    def line(self):
        return f"{self.sequence} {CHANGES[self.change]} {self.key.hex()} {self.expires} {len(self.value)} {crc32c(self.value):08x}"


def little(width, number):
    return number.to_bytes(width, "little")


class Cursor:
    """Bytes of a file, taken from the front; `base` is where they begin in it."""

    def __init__(self, file, raw, base):
        self.file, self.raw, self.base, self.at = file, raw, base, 0

    def fail(self, what):
        raise Damage(self.file, self.base + self.at, what)

    def left(self):
        return len(self.raw) - self.at

    def take(self, n, what):
        if n > self.left():
            self.fail(f"{what} of {n} bytes, where {self.left()} are left")
        self.at += n
        return self.raw[self.at - n:self.at]

    def number(self, width, what):
        return int.from_bytes(self.take(width, what), "little")

    def varint(self, what):
        result = 0
        for i in range(10):
            byte = self.take(1, what)[0]
            result |= (byte & 127) << 7 * i
            if byte < 128:
                if byte == 0 and i > 0 or i == 9 and byte > 1:
                    self.fail(f"{what} is a varint that is not the shortest, or too large")
                return result
        self.fail(f"{what} is a varint of more than ten bytes")


def within(cursor, what, value, least, most):
    if not least <= value <= most:
        cursor.fail(f"{what} is {value}, not {least} to {most}")
    return value


# ---- blob files and references ---------------------------------------------------------------------------------------------

class Blob:
    """A blob file; `value` is what a reference into it refers to."""

    def __init__(self, file, raw, number):
        self.file, self.raw, self.number = file, raw, number
        if len(raw) < 24 or raw[:8] != b"janblob\n":
            raise Damage(file, 0, "no blob file's header")
        if crc32c(raw[:20]) != u32(raw, 20):
            raise Damage(file, 20, "the header's checksum")
        if u32(raw, 8) != 1 or u64(raw, 12) != number:
            raise Damage(file, 8, "format version or number")

    def value(self, offset, length, crc):
        c = Cursor(self.file, self.raw, 0)
        if offset < 24:
            raise Damage(self.file, offset, "a value in the header")
        c.at, pieces, sums = offset, [], []
        for begin in range(0, length, PIECE):
            place = c.at
            pieces.append(c.take(min(PIECE, length - begin), "a piece"))
            sums.append(c.take(4, "a piece's checksum"))
            if crc32c(pieces[-1], little(8, self.number), little(8, place)) != u32(sums[-1], 0):
                raise Damage(self.file, place, "a piece's checksum")
        if (crc32c(*sums) if sums else 0) != crc:
            raise Damage(self.file, offset, "the pieces are not those of the reference")
        return b"".join(pieces)


@dataclasses.dataclass(frozen=True)
class Reference:
    blob: int
    offset: int
    length: int
    crc: int


def reference_from(cursor, raw):
    r = Reference(u64(raw, 0), u64(raw, 8), u32(raw, 16), u32(raw, 20))
    within(cursor, "a reference's length", r.length, 0, MOST_BLOB)
    return r


# ---- blocks ----------------------------------------------------------------------------------------------------------------

def block_entries(file, raw, number, offset, every=RESTART_EVERY):
    """The entries of a block as (place, key, value). Their order is for who knows what the keys are."""
    def fail(at, what):
        raise Damage(file, offset + at, what)
    if len(raw) < 9:
        fail(0, f"a block of {len(raw)} bytes")
    if crc32c(raw[:-4], little(8, number), little(8, offset)) != u32(raw, len(raw) - 4):
        fail(len(raw) - 4, "a block's checksum")
    if raw[-5] != 0:
        fail(len(raw) - 5, f"type {raw[-5]} of a block")
    count = u32(raw, len(raw) - 9)
    end = len(raw) - 9 - 4 * count
    if end < 0:
        fail(len(raw) - 9, f"{count} restart points in a block of {len(raw)} bytes")
    c = Cursor(file, raw[:end], offset)
    entries, restarts, key = [], [], b""
    while c.left():
        place = c.at
        shared, rest, size = c.varint("shared"), c.varint("key rest"), c.varint("value")
        if len(entries) % every == 0:
            restarts.append(place)
            if shared:
                fail(place, "an entry at a restart point that shares")
        if shared > len(key):
            fail(place, f"{shared} bytes shared with a key of {len(key)}")
        key = key[:shared] + c.take(rest, "a key's rest")
        entries.append((offset + place, key, c.take(size, "a value")))
    if restarts != [u32(raw, end + 4 * i) for i in range(count)]:
        fail(end, f"restart points are not every {every} entries")
    return entries


# ---- tables ----------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class TableInfo:
    """What an edit says of a table."""
    level: int
    number: int
    size: int
    crc: int
    least: int
    most: int
    entries: int
    tombstones: int
    ending: int
    first_end: int
    last_end: int
    smallest: bytes
    largest: bytes
    uses: tuple

    def counted(self):
        """All that can be counted in the table."""
        return dataclasses.replace(self, level=0, size=0, crc=0)


def table_info(c):
    names = ("number", "size", "crc", "least sequence", "most sequence", "entries", "tombstones", "versions that end", "first end", "last end")
    level = within(c, "level", c.varint("level"), 0, LEVELS - 1)
    numbers = [c.varint(name) for name in names]
    keys = [c.take(within(c, "a key's length", c.varint("a key's length"), 1, MOST_KEY), "a key") for _ in range(2)]
    count = within(c, "blob files", c.varint("blob files"), 0, MOST_USES)
    uses = tuple((c.varint("blob file"), c.varint("bytes")) for _ in range(count))
    t = TableInfo(level, *numbers, *keys, uses)
    within(c, "a table's CRC", t.crc, 0, 0xFFFFFFFF)
    within(c, "most sequence", t.most, t.least, MOST_SEQUENCE)
    within(c, "least sequence", t.least, 1, MOST_SEQUENCE)
    within(c, "tombstones and versions that end", t.tombstones + t.ending, 0, t.entries)
    if t.smallest > t.largest or t.first_end > t.last_end or (t.ending == 0) != (t.first_end == 0) or (t.ending == 0) != (t.last_end == 0):
        c.fail("keys or ends of a table in the wrong order")
    if any(a[0] >= b[0] for a, b in zip(uses, uses[1:])):
        c.fail("blob files that do not ascend")
    return t


def version_of(file, place, key, value):
    """An entry of a table."""
    c = Cursor(file, value, place)
    within(c, "a key's length", len(key) - 8, 1, MOST_KEY)
    tail = u64(key, len(key) - 8)
    change = within(c, "change", tail & 255, PUT, BLOB_UNTIL)
    sequence = within(c, "sequence", tail >> 8, 1, MOST_SEQUENCE)
    expires = c.varint("time") if change in ENDING else 0
    if change in ENDING and expires == 0:
        c.fail("a version until the time 0")
    body = c.take(c.left(), "value")
    if change == DELETE and body or change in REFERRING and len(body) != 24 or len(body) > MOST_VALUE:
        c.fail(f"a value of {len(body)} bytes for {CHANGES[change]}")
    return Version(sequence, change, key[:-8], expires, body)


def sort_key(key):
    """The order of versions: by key, of one key the newest first."""
    return key[:-8], -u64(key, len(key) - 8)


def check_filter(file, raw, number, offset, keys):
    lines, rest = divmod(len(raw) - 5, 64)
    if rest or not 1 <= lines <= 63:
        raise Damage(file, offset, f"a filter of {len(raw)} bytes")
    if crc32c(raw[:-4], little(8, number), little(8, offset)) != u32(raw, len(raw) - 4):
        raise Damage(file, offset + len(raw) - 4, "a filter's checksum")
    if raw[-5] != 1:
        raise Damage(file, offset + len(raw) - 5, f"type {raw[-5]} of a filter")
    for key in keys:
        h = xxh3_64(key)
        line = (h >> 32) * lines >> 32
        x = h & 0xFFFFFFFF
        for _ in range(6):
            bit = x >> 23
            if not raw[64 * line + bit // 8] >> bit % 8 & 1:
                raise Damage(file, offset + 64 * line + bit // 8, f"the filter does not know {key.hex()}")
            x = x * 2654435769 & 0xFFFFFFFF


class Table:
    """A table's file, read whole and held to what its own parts say of each other."""

    def __init__(self, file, raw, number):
        self.file, self.raw, self.number = file, raw, number
        self.versions = []
        self.read_footer()
        self.read_parts()
        self.check_properties()

    def fail(self, at, what):
        raise Damage(self.file, at, what)

    def read_footer(self):
        begin = len(self.raw) - 56
        if begin < 0 or self.raw[-8:] != b"jantabl\n":
            self.fail(max(begin, 0), "no table's footer")
        f = self.raw[begin:]
        if crc32c(f[:44]) != u32(f, 44):
            self.fail(begin + 44, "the footer's checksum")
        if u32(f, 40) != 1:
            self.fail(begin + 40, f"format version {u32(f, 40)}")
        if u64(f, 24) != self.number:
            self.fail(begin + 24, f"file {u64(f, 24)}")
        if u64(f, 32) != len(self.raw):
            self.fail(begin + 32, f"length {u64(f, 32)} of a file of {len(self.raw)} bytes")
        self.top, self.top_size, self.properties_size, self.properties = u64(f, 0), u32(f, 8), u32(f, 12), u64(f, 16)
        if self.top + self.top_size != self.properties or self.properties + self.properties_size != begin:
            self.fail(begin, "top index, properties and footer do not follow each other")

    def slice(self, offset, size, end):
        """What lies at `offset`, which has to be where the last thing ended."""
        if offset != self.at or offset + size > end:
            self.fail(offset, f"{size} bytes at {offset}, where {self.at} comes next and {end} is the end")
        self.at = offset + size
        return self.raw[offset:self.at]

    def index(self, offset, raw, numbers):
        """The entries of an index: key and so many varints."""
        found = []
        for place, key, value in block_entries(self.file, raw, self.number, offset, every=1):
            c = Cursor(self.file, value, place)
            found.append((key, [c.varint("an index's number") for _ in range(numbers)]))
            if c.left():
                c.fail("more in an index than its numbers")
        if not found:
            self.fail(offset, "an index of nothing")
        return found

    def read_parts(self):
        self.at = 0
        top = self.index(self.top, self.raw[self.top:self.properties], 4)
        last = None
        for part_last, (filter_at, filter_size, index_at, index_size) in top:
            if not self.at < filter_at <= index_at <= self.top or index_at + index_size > self.top:
                self.fail(self.top, f"a part of the table from {self.at}, with its filter at {filter_at} and its index at {index_at}")
            keys = {}
            for block_last, (offset, size) in self.index(index_at, self.raw[index_at:index_at + index_size], 2):
                entries = block_entries(self.file, self.slice(offset, size, filter_at), self.number, offset)
                if not entries or len(entries) > 1 and size > BLOCK:
                    self.fail(offset, f"{len(entries)} entries in a block of {size} bytes")
                for place, key, value in entries:
                    v = version_of(self.file, place, key, value)
                    if last is not None and sort_key(last) >= sort_key(key):
                        self.fail(place, "versions that do not ascend")
                    last = key
                    keys[v.key] = None
                    self.versions.append(v)
                if last != block_last:
                    self.fail(index_at, "an index names a block by a key that is not its last")
            if last != part_last:
                self.fail(self.top, "the top index names a part by a key that is not its last")
            check_filter(self.file, self.slice(filter_at, filter_size, index_at), self.number, filter_at, keys)
            self.slice(index_at, index_size, self.top)
        if self.at != self.top:
            self.fail(self.at, "something between the last part and the top index")

    def check_properties(self):
        raw = self.raw[self.properties:-56]
        if len(raw) < 4 or crc32c(raw[:-4], little(8, self.number), little(8, self.properties)) != u32(raw, len(raw) - 4):
            self.fail(self.properties, "the properties' checksum")
        c = Cursor(self.file, raw[:-4], self.properties)
        if c.number(1, "item") != 1:
            c.fail("properties are no table's")
        self.info = table_info(c)
        if c.left():
            c.fail("more than properties")
        uses, vs = {}, self.versions
        for v in vs:
            if v.change in REFERRING:
                r = reference_from(c, v.value)
                uses[r.blob] = uses.get(r.blob, 0) + r.length
        ends = [v.expires for v in vs if v.change in ENDING]
        sequences = [v.sequence for v in vs]
        counted = TableInfo(0, self.number, 0, 0, min(sequences), max(sequences), len(vs), sum(v.change == DELETE for v in vs), len(ends),
                            min(ends, default=0), max(ends, default=0), vs[0].key, vs[-1].key, tuple(sorted(uses.items())))
        if self.info != counted:
            c.fail(f"properties are {self.info}, counted are {counted}")


# ---- the log ---------------------------------------------------------------------------------------------------------------

def records_of(file, body, base, first, count):
    """The records of a group's body, as Versions."""
    c = Cursor(file, body, base)
    found = []
    for i in range(count):
        change = within(c, "change", c.number(1, "change"), PUT, BLOB_UNTIL)
        key_size = within(c, "a key's length", c.varint("a key's length"), 1, MOST_KEY)
        value_size = within(c, "a value's length", c.varint("a value's length"), 0, MOST_VALUE)
        if change == DELETE and value_size or change in REFERRING and value_size != 24:
            c.fail(f"a value of {value_size} bytes for {CHANGES[change]}")
        expires = within(c, "time", c.varint("time"), 1, 1 << 64) if change in ENDING else 0
        key, value = c.take(key_size, "a key"), c.take(value_size, "a value")
        found.append(Version(within(c, "sequence", first + i, 1, MOST_SEQUENCE), change, key, expires, value))
    if c.left():
        c.fail("more in a group than its records")
    return found


class Log:
    """A file of the log. `end` is where it ends; `is_clean`, whether a group says so; `next`, the sequence that follows."""

    def __init__(self, file, raw, number, salt, first):
        self.file, self.raw, self.number, self.salt = file, raw, number, little(8, salt)
        self.versions, self.next, self.at, self.synced, self.is_clean, self.length = [], first, 0, 0, False, 0
        while not self.is_clean and self.take_group():
            pass
        if not self.is_clean:
            for at in range((self.at + 7) // 8 * 8, len(raw) - 39, 8):
                if self.has_header(at) and u64(raw, at + 32) > self.at:
                    raise Damage(file, self.at, f"the header at {at} says that {u64(raw, at + 32)} bytes were durable")

    def has_header(self, at):
        h = self.raw[at:at + 40]
        return len(h) == 40 and crc32c(self.salt, little(8, at), h[4:]) == u32(h, 0) and u64(h, 8) == self.number

    def take_group(self):
        """Whether a group is at `self.at`; goes behind it."""
        at = self.at
        if not self.has_header(at):
            return False
        first, count, size, synced = u64(self.raw, at + 16), u32(self.raw, at + 24), u32(self.raw, at + 28), u64(self.raw, at + 32)
        body = self.raw[at + 40:at + 40 + size]
        if len(body) != size or crc32c(self.salt, body) != u32(self.raw, at + 4) or first != self.next:
            return False
        if not self.synced <= synced <= at:
            raise Damage(self.file, at + 32, f"synced_upto goes from {self.synced} to {synced}, at {at}")
        self.synced = synced
        self.versions += records_of(self.file, body, at + 40, first, count)
        self.next = first + count
        end = at + 40 + size
        self.is_clean = count == 0
        self.length = end
        self.at = (end + 7) // 8 * 8
        if any(self.raw[end:self.at]):
            raise Damage(self.file, end, "what lies between groups is not zero")
        return True


# ---- MANIFEST and CURRENT --------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class LogInfo:
    number: int
    salt: int
    first: int


class Shape:
    """What the edits of a MANIFEST make of an empty store."""

    def __init__(self):
        self.tables, self.logs, self.blobs = {}, [], {}  # by level and number; in order; number to bytes
        self.next_file = self.next_sequence = self.clock = self.flushed = 0
        self.clean = None
        self.named = set()

    def apply(self, c):
        self.clean = None
        while c.left():
            item = within(c, "item", c.number(1, "item"), 1, 11)
            getattr(self, f"item_{item}")(c)

    def name(self, c, number):
        if number in self.named or not 1 <= number < self.next_file:
            c.fail(f"file {number}, where numbers below {self.next_file} are given, and these were: {sorted(self.named)}")
        self.named.add(number)

    def rising(self, c, what, before):
        number = c.varint(what)
        if number < before:
            c.fail(f"{what} goes down from {before} to {number}")
        return number

    def item_1(self, c):
        t = table_info(c)
        self.name(c, t.number)
        for blob, _ in t.uses:
            if blob not in self.blobs:
                c.fail(f"a table refers to blob file {blob}, which is not there")
        if t.level:
            for other in self.tables.values():
                if other.level == t.level and other.smallest <= t.largest and t.smallest <= other.largest:
                    c.fail(f"tables {other.number} and {t.number} of level {t.level} have keys in common")
        self.tables[t.level, t.number] = t

    def item_2(self, c):
        place = c.varint("level"), c.varint("number")
        if self.tables.pop(place, None) is None:
            c.fail(f"table {place[1]} is not in level {place[0]}")

    def item_3(self, c):
        log = LogInfo(c.varint("number"), c.varint("salt"), within(c, "first sequence", c.varint("first sequence"), 1, MOST_SEQUENCE + 1))
        self.name(c, log.number)
        if self.logs and log.first < self.logs[-1].first:
            c.fail("sequences of the log go down")
        self.logs.append(log)

    def item_4(self, c):
        number = c.varint("number")
        if not self.logs or self.logs.pop(0).number != number:
            c.fail(f"{number} is not the oldest file of the log")

    def item_5(self, c):
        number, size = c.varint("number"), c.varint("total bytes")
        if number not in self.blobs:
            self.name(c, number)
        elif size < self.blobs[number]:
            c.fail("a blob file has become smaller")
        self.blobs[number] = size

    def item_6(self, c):
        number = c.varint("number")
        if self.blobs.pop(number, None) is None or any(number == use for t in self.tables.values() for use, _ in t.uses):
            c.fail(f"blob file {number} is not there, or in use")

    def item_7(self, c):
        self.next_file = self.rising(c, "the next file", self.next_file)

    def item_8(self, c):
        self.next_sequence = self.rising(c, "the next sequence", self.next_sequence)

    def item_9(self, c):
        self.clock = self.rising(c, "the clock", self.clock)

    def item_10(self, c):
        self.clean = c.varint("number"), c.varint("length"), c.varint("next sequence")

    def item_11(self, c):
        self.flushed = self.rising(c, "versions in tables", self.flushed)


class Manifest:
    """A MANIFEST's edits, applied. `end` is where they end."""

    def __init__(self, file, raw, number, durable):
        self.file, self.raw, self.number = file, raw, number
        if len(raw) < 48 or raw[:8] != b"janusman" or crc32c(raw[:44]) != u32(raw, 44):
            raise Damage(file, 0, "no MANIFEST's head")
        if u32(raw, 8) != 1 or u32(raw, 12) or u32(raw, 40) or u64(raw, 16) != number:
            raise Damage(file, 8, "version, number or zeros of the head")
        self.store, self.shape, self.end = raw[24:40], Shape(), 48
        while (edit := self.record(self.end)) is not None:
            end = self.end + 16 + len(edit)
            padded = (end + 7) // 8 * 8
            self.shape.apply(Cursor(file, edit, self.end + 16))
            self.end = padded
        later = [at for at in range(self.end + 8, len(raw) - 15, 8) if self.has_header(at)]
        if later or self.end < durable:
            raise Damage(file, self.end, f"no record, where {durable} bytes were durable and headers are at {later}")

    def has_header(self, at):
        return len(self.raw) >= at + 16 and crc32c(little(8, self.number), little(8, at), self.raw[at + 4:at + 16]) == u32(self.raw, at)

    def record(self, at):
        if not self.has_header(at):
            return None
        size = u32(self.raw, at + 8)
        end = at + 16 + size
        edit, padding = self.raw[at + 16:end], self.raw[end:(end + 7) // 8 * 8]
        if crc32c(edit) != u32(self.raw, at + 4) or len(edit) != size or len(padding) != -end % 8:
            return None
        if not 1 <= size <= MOST_EDIT or u32(self.raw, at + 12):
            raise Damage(self.file, at + 8, "a record's length or zeros")
        if any(padding):
            raise Damage(self.file, end, "a record's padding")
        return edit


# ---- the store -------------------------------------------------------------------------------------------------------------

NAMES = {"log": "{:06}.log", "table": "{:06}.sst", "blob": "{:06}.blob", "manifest": "MANIFEST-{:06}"}
NUMBERED = re.compile(r"MANIFEST-(\d{6}|[1-9]\d{6,})|(\d{6}|[1-9]\d{6,})\.(log|sst|blob)")


class Store:
    """A folder, read whole. `problems` are texts; `notes` is what a crash may leave and no problem."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.problems, self.notes = [], []
        self.tables, self.logs, self.blobs, self.manifest = [], [], {}, None
        self.attempt(self.read)

    def attempt(self, function, *arguments):
        try:
            return function(*arguments)
        except Damage as damage:
            self.problems.append(str(damage))
            return None

    def bytes_of(self, name):
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise Damage(name, 0, "is not there") from None

    def read(self):
        self.read_current()
        shape = self.manifest.shape
        for number, size in shape.blobs.items():
            self.attempt(self.read_blob, number, size)
        for info in shape.tables.values():
            self.attempt(self.read_table, info)
        for i, info in enumerate(shape.logs):
            self.attempt(self.read_log, info, shape.logs[i + 1] if i + 1 < len(shape.logs) else None)
        self.check_folder()

    def read_current(self):
        raw = self.bytes_of("CURRENT")
        if len(raw) != 32 or raw[:8] != b"januskv\n" or crc32c(raw[:28]) != u32(raw, 28) or u32(raw, 24):
            raise Damage("CURRENT", 0, "is not 32 bytes with their checksum")
        number, durable = u64(raw, 8), u64(raw, 16)
        name = NAMES["manifest"].format(number)
        self.manifest = Manifest(name, self.bytes_of(name), number, durable)
        shape = self.manifest.shape
        if number in shape.named or not 1 <= number < shape.next_file:
            raise Damage(name, 16, f"MANIFEST {number} has a number of another file, or one that was not given")
        if self.manifest.end != len(self.manifest.raw):
            self.notes.append(f"{name}: cut at {self.manifest.end}")
        if shape.clean and not durable == self.manifest.end == len(self.manifest.raw):
            raise Damage("CURRENT", 16, f"{durable} of {len(self.manifest.raw)} bytes after a clean end")

    def read_blob(self, number, size):
        name = NAMES["blob"].format(number)
        raw = self.bytes_of(name)
        if len(raw) < size:
            raise Damage(name, len(raw), f"ends before {size}")
        self.blobs[number] = Blob(name, raw, number)

    def read_table(self, info):
        name = NAMES["table"].format(info.number)
        raw = self.bytes_of(name)
        if len(raw) != info.size:
            raise Damage(name, len(raw), f"has {len(raw)} bytes, not {info.size}")
        if crc32c(raw) != info.crc:
            raise Damage(name, 0, "the CRC of the whole file")
        table = Table(name, raw, info.number)
        if table.info != info.counted():
            raise Damage(name, table.properties, f"properties are {table.info}, the MANIFEST has {info}")
        self.tables.append(table)
        if info.most > self.manifest.shape.flushed:
            raise Damage(name, 0, f"has versions up to {info.most}, where those up to {self.manifest.shape.flushed} are in tables")

    def read_log(self, info, following):
        name = NAMES["log"].format(info.number)
        raw = self.bytes_of(name)
        log = Log(name, raw, info.number, info.salt, info.first)
        self.logs.append(log)
        shape = self.manifest.shape
        if log.next > shape.next_sequence:
            raise Damage(name, log.at, f"record {log.next - 1}, where those below {shape.next_sequence} may have been given")
        if following:
            if not log.is_clean:
                raise Damage(name, log.at, "no end, and is not the last one")
            if log.next != following.first:
                raise Damage(name, log.at, f"the end says {log.next}, and the next file begins with {following.first}")
        elif shape.clean:
            if not log.is_clean:
                raise Damage(name, log.at, "no end, after a clean one")
            if (info.number, log.length, log.next) != shape.clean:
                raise Damage(name, log.at, f"the MANIFEST has {shape.clean}, found are {(info.number, log.length, log.next)}")
            if len(raw) != log.length:
                raise Damage(name, log.length, f"{len(raw)} bytes after a clean end")
        elif not log.is_clean:
            self.notes.append(f"{name}: cut at {log.at}")

    def check_folder(self):
        shape = self.manifest.shape
        ours = {NAMES["log"].format(info.number) for info in shape.logs} | {NAMES["table"].format(n) for _, n in shape.tables}
        ours |= {NAMES["blob"].format(n) for n in shape.blobs} | {self.manifest.file}
        self.notes += [f"{path.name}: left by a crash" for path in sorted(self.folder.iterdir()) if NUMBERED.fullmatch(path.name) and path.name not in ours]

    def versions(self):
        """All versions, by their numbers; those of logs that are in tables too are one."""
        found = {}
        for holder in [*self.tables, *self.logs]:
            for v in holder.versions:
                if found.setdefault(v.sequence, v) != v:
                    self.problems.append(f"{holder.file}: version {v.sequence} is not what another file has")
        return [self.attempt(self.resolved, found[sequence]) or found[sequence] for sequence in sorted(found)]

    def resolved(self, v):
        """A version whose value lies in a blob file, with that value."""
        if v.change not in REFERRING:
            return v
        r = reference_from(Cursor("a reference", v.value, 0), v.value)
        if r.blob not in self.blobs:
            raise Damage(NAMES["blob"].format(r.blob), 0, f"version {v.sequence} refers to it")
        return dataclasses.replace(v, value=self.blobs[r.blob].value(r.offset, r.length, r.crc))

    def newest(self):
        """What a read finds that asks for no time: of each key the last version, if it is no delete."""
        last = {v.key: v for v in self.versions()}
        return [last[key] for key in sorted(last) if last[key].change != DELETE]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--newest", action="store_true", help="only what a read would find")
    options = parser.parse_args()
    store = Store(options.folder)
    for v in store.newest() if options.newest else store.versions():
        print(v.line())
    for note in store.notes:
        print(f"note: {note}", file=sys.stderr)
    for problem in store.problems:
        print(f"WRONG: {problem}", file=sys.stderr)
    return 1 if store.problems else 0


if __name__ == "__main__":
    sys.exit(main())
