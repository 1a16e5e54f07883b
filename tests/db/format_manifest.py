"""The MANIFEST and the shape that its edits make, by what docs/format.md says of them."""
import dataclasses

from format_parts import MOST_SEQUENCE, Cursor, Damage, little, within
from format_table import table_info
from hashes import crc32c, u32, u64

MOST_EDIT, MOST_COUNTED = 131072, 1 << 55


@dataclasses.dataclass
class LogInfo:
    number: int
    salt: int
    first: int


class Shape:
    """What the edits of a MANIFEST make of an empty store."""

    def __init__(self):
        self.tables, self.logs, self.blobs = {}, [], {}  # by level and number; in order; number to bytes
        self.next_file = self.next_sequence = 1
        self.clock = self.flushed = 0
        self.clean = None
        self.kinds = {}  # by the number of each file that was ever named

    def apply(self, c):
        self.clean = None
        while c.left():
            item = within(c, "item", c.number(1, "item"), 1, 11)
            getattr(self, f"item_{item}")(c)

    def name(self, c, number, kind):
        """A file comes to the store. A table may come again: to another level."""
        if not 1 <= number < self.next_file:
            c.fail(f"file {number}, where numbers below {self.next_file} are given")
        moves = kind == "table" and self.kinds.get(number) == kind and all(number != there for _, there in self.tables)
        if number in self.kinds and not moves:
            c.fail(f"{kind} {number}, which was a {self.kinds[number]} before")
        self.kinds[number] = kind

    def rising(self, c, what, before):
        number = c.varint(what)
        if number < before:
            c.fail(f"{what} goes down from {before} to {number}")
        return number

    def item_1(self, c):
        t = table_info(c)
        self.name(c, t.number, "table")
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
        self.name(c, log.number, "log")
        if self.logs and (log.first < self.logs[-1].first or log.number < self.logs[-1].number):
            c.fail("sequences or numbers of the log go down")
        self.logs.append(log)

    def item_4(self, c):
        number = c.varint("number")
        if not self.logs or self.logs.pop(0).number != number:
            c.fail(f"{number} is not the oldest file of the log")

    def item_5(self, c):
        number, size = c.varint("number"), c.varint("total bytes")
        if number not in self.blobs:
            self.name(c, number, "blob")
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

    def contradictions(self):
        """What has to hold when the last edit was read."""
        if max(self.next_file, self.next_sequence, self.clock) > MOST_COUNTED:
            yield f"counters {self.next_file}, {self.next_sequence}, {self.clock}"
        begun = [*(log.first for log in self.logs), *(self.clean[2:] if self.clean else ())]
        if self.flushed >= self.next_sequence or max(begun, default=0) > self.next_sequence:
            yield f"sequences {self.flushed} and {begun}, where those below {self.next_sequence} may have been given"
        for t in self.tables.values():
            if t.most > self.flushed:
                yield f"table {t.number} has versions up to {t.most}, where those up to {self.flushed} are in tables"
        if self.clean and self.logs and self.logs[-1].number != self.clean[0]:
            yield f"the end of log {self.clean[0]}, where {self.logs[-1].number} is the last one"


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
            self.shape.apply(Cursor(file, edit, self.end + 16))
            self.end += (16 + len(edit) + 7) // 8 * 8
        for what in self.shape.contradictions():
            raise Damage(file, self.end, what)
        later = [at for at in range(self.end + 8, len(raw) - 15, 8) if self.has_header(at)]
        if later or self.end < durable:
            raise Damage(file, self.end, f"no record, where {durable} bytes were durable and headers are at {later}")

    def has_header(self, at):
        h = self.raw[at:at + 16]
        if len(h) < 16 or u32(h, 12) or not 1 <= u32(h, 8) <= MOST_EDIT:
            return False
        return crc32c(little(8, self.number), little(8, at), h[4:]) == u32(h, 0)

    def record(self, at):
        if not self.has_header(at):
            return None
        size = u32(self.raw, at + 8)
        end = at + 16 + size
        edit, padding = self.raw[at + 16:end], self.raw[end:(end + 7) // 8 * 8]
        if len(edit) != size or len(padding) != -end % 8 or crc32c(edit) != u32(self.raw, at + 4):
            return None
        if any(padding):
            raise Damage(self.file, end, "a record's padding")
        return edit
