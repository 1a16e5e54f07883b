"""What docs/format.md says of all files of a store: numbers, versions, references, blocks, blob files."""
import dataclasses

from hashes import crc32c, u32, u64

PUT, PUT_UNTIL, DELETE, BLOB, BLOB_UNTIL = 1, 2, 3, 4, 5
CHANGES = {PUT: "put", PUT_UNTIL: "until", DELETE: "delete", BLOB: "blob", BLOB_UNTIL: "blob-until"}
ENDING, REFERRING = (PUT_UNTIL, BLOB_UNTIL), (BLOB, BLOB_UNTIL)
MOST_KEY, MOST_VALUE, MOST_BLOB, MOST_SEQUENCE = 4096, 65536, 16777216, (1 << 56) - 1
PIECE, RESTART_EVERY = 65536, 16


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
