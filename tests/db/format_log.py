"""The log, by what docs/format.md says of it."""
from format_parts import BLOB_UNTIL, CHANGES, DELETE, ENDING, MOST_KEY, MOST_SEQUENCE, MOST_VALUE, PUT, REFERRING
from format_parts import Cursor, Damage, Version, little, within
from hashes import crc32c, u32, u64


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
    """A file of the log. `groups` are the places where they begin, that of the end included, and `at` is where they end; `is_clean`: a group says that
    this is the end; `next`: the number that follows the last record's."""

    def __init__(self, file, raw, number, salt, first):
        self.file, self.raw, self.number, self.salt = file, raw, number, little(8, salt)
        self.versions, self.groups, self.next, self.at, self.synced, self.is_clean = [], [], first, 0, 0, False
        while not self.is_clean and self.take_group():
            pass
        if not self.is_clean:
            for at in range(self.at, len(raw) - 39, 8):
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
        self.groups.append(at)
        self.versions += records_of(self.file, body, at + 40, first, count)
        self.next = first + count
        end = at + 40 + size
        self.is_clean = count == 0
        self.at = (end + 7) // 8 * 8
        if any(self.raw[end:self.at]):
            raise Damage(self.file, end, "what lies between groups is not zero")
        return True
