#!/usr/bin/env python3
"""Reads a store's folder by docs/format.md alone, sharing no line with std.db, and holds it to everything that the page promises: checksums, lengths,
orders, filters, properties, sequence ranges, how logs follow each other and end. `format_reader.py FOLDER` prints the versions that it finds, one a
line, and what is wrong, with file and offset; the exit code is 1 if anything is. With `--newest` only what a read would find is printed."""
import argparse
import dataclasses
import pathlib
import re
import sys

from format_log import Log
from format_manifest import Manifest
from format_parts import DELETE, REFERRING, Blob, Cursor, Damage, reference_from
from format_table import Table
from hashes import crc32c, u32, u64

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
        self.check_ages()
        self.check_folder()

    def read_current(self):
        raw = self.bytes_of("CURRENT")
        if len(raw) != 32 or raw[:8] != b"januskv\n" or crc32c(raw[:28]) != u32(raw, 28) or u32(raw, 24):
            raise Damage("CURRENT", 0, "is not 32 bytes with their checksum")
        number, durable = u64(raw, 8), u64(raw, 16)
        name = NAMES["manifest"].format(number)
        self.manifest = Manifest(name, self.bytes_of(name), number, durable)
        shape = self.manifest.shape
        if number in shape.kinds or not 1 <= number < shape.next_file:
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
            if log.next > following.first:
                raise Damage(name, log.at, f"record {log.next - 1}, and the next file begins with {following.first}")
        elif shape.clean:
            if not log.is_clean:
                raise Damage(name, log.at, "no end, after a clean one")
            if (info.number, log.at, log.next) != shape.clean:
                raise Damage(name, log.at, f"the MANIFEST has {shape.clean}, found are {(info.number, log.at, log.next)}")
        elif not log.is_clean:
            self.notes.append(f"{name}: cut at {log.at}")

    def check_ages(self):
        """Of a key, what is in a level is newer than what lies deeper, and in level 0 what is in a table of larger numbers."""
        level = {info.number: info.level for info in self.manifest.shape.tables.values()}
        least = {}
        for table in sorted(self.tables, key=lambda table: (level[table.number], -table.info.most)):
            for v in table.versions:
                if v.sequence >= least.get(v.key, v.sequence + 1):
                    self.problems.append(f"{table.file}: version {v.sequence} of {v.key.hex()} lies below an older one")
            least.update((v.key, v.sequence) for v in table.versions)

    def check_folder(self):
        shape = self.manifest.shape
        ours = {NAMES["log"].format(info.number) for info in shape.logs} | {NAMES["table"].format(n) for _, n in shape.tables}
        ours |= {NAMES["blob"].format(n) for n in shape.blobs} | {self.manifest.file}
        newest = shape.logs[-1].number if shape.logs else shape.next_file - 1
        for path in sorted(self.folder.iterdir()):
            if not NUMBERED.fullmatch(path.name) or path.name in ours:
                continue
            self.notes.append(f"{path.name}: left by a crash")
            if path.suffix == ".log" and int(path.stem) > newest and u64(path.read_bytes()[:40].ljust(40), 8) == int(path.stem):
                self.problems.append(f"{self.manifest.file} at {self.manifest.end}: an edit is missing that named {path.name}")

    def versions(self):
        """All versions, by their numbers: those of tables, and what the log has beside them."""
        found = {}
        for holder in [*self.tables, *self.logs]:
            for v in holder.versions:
                if holder in self.logs and v.sequence <= self.manifest.shape.flushed:
                    continue
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
