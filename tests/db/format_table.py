"""Tables, by what docs/format.md says of them."""
import dataclasses

from format_parts import CHANGES, DELETE, ENDING, MOST_KEY, MOST_SEQUENCE, MOST_VALUE, PUT, BLOB_UNTIL, REFERRING
from format_parts import Cursor, Damage, Version, block_entries, little, reference_from, within
from hashes import crc32c, u32, u64, xxh3_64

BLOCK, LEVELS, MOST_USES = 4096, 7, 1024


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
