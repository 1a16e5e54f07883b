"""Bugs that could be in std.db: each a replacement of text in one file. The std suite plants them one at a time, and the module's own tests or
those of tests/std must notice."""
import dataclasses


@dataclasses.dataclass
class Fault:
    name: str
    file: str  # in std
    old: str
    new: str


FAULTS = [
    # ---- what a compaction keeps
    Fault("a tombstone is dropped while something lies below", "db/retain.jan",
          "        return .Drop when readers == 0 and not below.may_hold(e.key)\n", "        return .Drop when readers == 0\n"),
    Fault("a tombstone is dropped while a snapshot keeps what it hides", "db/retain.jan",
          "        return .Drop when readers == 0 and not below.may_hold(e.key)\n", "        return .Drop when not below.may_hold(e.key)\n"),
    Fault("what is over is dropped without a tombstone, and what it hid is back", "db/retain.jan",
          "if e.kind == .Delete do .Keep else .Bury end", "if e.kind == .Delete do .Keep else .Drop end"),
    Fault("what is over is kept", "db/retain.jan", "if e.kind == .Delete do .Keep else .Bury end", ".Keep"),
    Fault("the newest version of the next key is dropped", "db/retain.jan",
          "when self.is_same_key(e.key) and readers == self.readers", "when readers == self.readers and self.key != null or self.is_same_key(e.key)"),
    Fault("a snapshot's version is dropped", "db/retain.jan", "self.is_same_key(e.key) and readers == self.readers", "self.is_same_key(e.key)"),
    Fault("a reader at a version's own number is taken for one before it", "db/retain.jan",
          "self.kept[n] < sequence", "self.kept[n] <= sequence"),
    Fault("a tombstone keeps the time of what was buried", "db/retain.jan",
          "kind: .Delete, expires_ms: 0, value: \"\" }\nend", "kind: .Delete, expires_ms: e.expires_ms, value: \"\" }\nend"),
    # ---- what lies beneath, and where tables end
    Fault("the level right under the output is forgotten", "db/outputs.jan", "in self.into + 1..<LEVELS", "in self.into + 2..<LEVELS"),
    Fault("older tables of level 0 are forgotten", "db/outputs.jan", "if pick.into == 0 do pick.tables.from else 0 end", "pick.tables.from * 0"),
    Fault("what lies before the first key counts as overlapped", "db/outputs.jan", "if self.begun do t.size else 0 end", "t.size"),
    # ---- picking
    Fault("level 0 goes past a level that has older versions", "db/compact.jan", "and self.levels.count(level) == 0 do", "do"),
    Fault("level 0 goes down from its newest table on", "db/compact.jan",
          "let oldest = self.downwards(0, Span { from: 0, to: 1 }, into, reason)",
          "let oldest = self.downwards(0, Span { from: self.levels.count(0) - 1, to: self.levels.count(0) }, into, reason)"),
    Fault("a table is moved over what it overlaps", "db/compact.jan", "tables.count() == 1 and below.count() == 0", "tables.count() == 1"),
    Fault("tombstones that a snapshot needs are picked for ever", "db/compact.jan",
          "t.tombstones == 0 or t.most_sequence > self.moment.oldest_kept", "t.tombstones == 0"),
    Fault("what is over in part is never picked", "db/compact.jan",
          "        return .Expired when expired > 0 and expired >= t.entries / 4\n", "        _ = expired\n"),
    Fault("the first worn blob file without a reference hides the others", "db/compact.jan", "return best when best != null", "return best"),
    Fault("the last table that a range meets is left out", "db/levels.jan", ".smallest.compare(&range.largest) <= 0", ".smallest.compare(&range.largest) < 0"),
    Fault("a level is as large as the one below", "db/levels.jan",
          "s.target[s.base] = s.target[s.base + 1] / RATIO", "s.target[s.base] = s.target[s.base + 1]"),
    # ---- reading
    Fault("a turn leaves the other sources where they are", "db/merge.jan", "            continue when stepping == i\n",
          "            continue when stepping == i\n            if stepping != null do\n                n = self.take(n, i, step(&self.sources[i], is_backwards)?)\n"
          "                continue\n            end\n"),
    Fault("the runner-up is remembered when it has become the first", "db/merge.jan", "            self.sift_down(0)\n            self.second = 0\n",
          "            self.sift_down(0)\n"),
    Fault("a merge that failed goes on from where it was", "db/merge.jan", "        self.count = 0\n        if step(", "        if step("),
    Fault("what is over is seen", "db/visible.jan", "            else if e.is_live(self.now_ms) do", "            else if e.kind != .Delete do"),
    Fault("past many versions the last one is met again", "db/visible.jan", "        return self.source.seek(self.key, 0)?\n    end\n\n    func pass_too_new",
          "        return self.source.seek(self.key, 1)?\n    end\n\n    func pass_too_new"),
    Fault("backwards the first version is seen, not the newest", "db/visible.jan", "self.hold(&e)? when e.sequence <= self.upto",
          "self.hold(&e)? when n == 0 and e.sequence <= self.upto"),
    Fault("an iterator that was told to pause goes on to the end", "db/visible.jan",
          "            if at and self.allowance == 0 do\n                self.state = .PausedAhead\n                return Found.Paused\n            end\n", ""),
    # ---- pace
    Fault("a pause is saved up without a bound", "db/pace.jan", "if self.paid_until > saved_from do self.paid_until else saved_from end", "self.paid_until"),
    Fault("who is stopped is never refused", "db/pace.jan", "if waited >= PATIENCE do .Refused else", "if waited > PATIENCE * 1000 do .Refused else"),
    Fault("what is owed is owed in time, whatever the rate", "db/pace.jan", "self.paid_until = now + if let Some(new) = rate do time_for(owed, new) else 0 end",
          "self.paid_until += owed * 0"),
    # ---- blobs
    Fault("a piece's checksum is not compared", "db/blob.jan",
          "    fail place.damaged(name, at, \"a value's checksum\") when sum != bytes.load_u32(whole, n)\n", "    _ = sum\n"),
    Fault("a piece's checksum does not cover its place", "db/blob.jan",
          "    bytes.store_u64(&place, 8, at)\n", "    bytes.store_u64(&place, 8, at & 0)\n"),
    Fault("the pieces of a value need not be those of its reference", "db/blob.jan",
          " when self.next == count and self.whole != self.r.crc\n", " when self.next > count\n"),
    Fault("two uploads have one place", "db/blob.jan", "        self.used += size\n        return Upload", "        return Upload"),
    # ---- tables
    Fault("a filter forgets a probe's bit", "db/filter.jan", "    for hash in hashes do\n", "    for hash in hashes[1..] do\n"),
    Fault("a block's checksum is not compared", "db/block.jan",
          "        fail BlockError.Damaged when bytes.load_u32(whole, at + 5) != checksum(crc, whole[..<at + 5], file, offset)\n", ""),
    Fault("a key that goes on in the next part is not in its filter", "db/table_builder.jan", "if is_new_key or self.hash_count == 0 do", "if is_new_key do"),
    Fault("a block is named by its first key", "db/table_builder.jan",
          "        if not self.small.add_joined(key, head, e.value) do\n            self.end_block(out)?\n",
          "        if not self.small.add_joined(key, head, e.value) do\n            @copy(self.last_key[..<8], key[..<8])\n            self.end_block(out)?\n"),
    Fault("a table's length is not compared", "db/table_file.jan", " or bytes.load_u64(raw, 32) != size\n", "\n"),
    Fault("the time of a version is part of its value", "db/table.jan", "            rest = value[time.end_at..]\n", ""),
]
