"""Bugs that could be in how a store uses the disk: each a replacement of text in one file of std. The crash suite plants them one at a time, and
a test of tests/crash must notice."""
from harness.planted import Fault

FAULTS = [
    # ---- CURRENT and MANIFEST
    Fault("the folder is not synced after CURRENT was renamed", "db/current.jan",
          "    folder.rename(names.CURRENT_NEW, folder, names.CURRENT)?\n    folder.sync()?\n", "    folder.rename(names.CURRENT_NEW, folder, names.CURRENT)?\n"),
    Fault("CURRENT names a MANIFEST whose name is not durable", "db/current.jan",
          "    folder.sync()?\n    using f = folder.open_file(", "    using f = folder.open_file("),
    Fault("CURRENT is renamed before its bytes are durable", "db/current.jan", "        f.sync()?\n", ""),
    Fault("CURRENT names a MANIFEST whose bytes are not durable", "db/manifest.jan", "    w.file.sync()?\n", ""),
    Fault("an edit is acknowledged before its sync: a ceiling is used that is not durable", "db/manifest.jan",
          "        self.file.sync_data() catch |e| fail fault.of_file(e)\n", ""),
    Fault("the checksum of an edit's bytes is not compared", "db/manifest.jan",
          "        return null when bytes.load_u32(raw, 4) != self.crc.of(edit)\n", ""),
    Fault("a torn edit is taken for damage", "db/manifest.jan", "at < durable or r.has_record_behind(at)?", "at <= durable or r.has_record_behind(at)?"),
    # ---- the folder
    Fault("the store's folder is not synced into its parent", "db/store_folder.jan",
          "        f.sync()?\n    end\nend\n\nfunc take", "        _ = f.raw()\n    end\nend\n\nfunc take"),
    Fault("the old MANIFEST goes before the new one counts", "db/store_folder.jan",
          "        let number = shape.reserve_file(if seen",
          "        files.unlink(&self.folder, FileName { kind: .Manifest, number: found.manifest })?\n        let number = shape.reserve_file(if seen"),
    Fault("half a store is taken for somebody else's", "db/store_folder.jan", "and not is_first\n", "\n"),
    Fault("opening forgets that the store was closed", "db/shape.jan", "                into.clean(&c)\n", "                _ = c\n"),
    # ---- the log
    Fault("a sync of the log forces nothing", "db/wal_writer.jan",
          "        self.file.sync_data() catch |e| fail fault.of_file(e)\n", ""),
    Fault("a file of the log is begun before its name is durable", "db/wal_writer.jan",
          "        f.sync()?\n    end\n    folder.sync()?\n", "        f.sync()?\n    end\n"),
    Fault("a recycled file is begun before its name is durable", "db/wal_writer.jan",
          "    folder.rename(from, folder, to) catch |e| fail fault.of_file(e)\n    folder.sync() catch |e| fail fault.of_file(e)\n",
          "    folder.rename(from, folder, to) catch |e| fail fault.of_file(e)\n"),
    Fault("a torn group is taken for data", "db/wal.jan",
          "    return .Nothing when bytes.load_u32(w.bytes, at + 4) != body_checksum(crc, id, body)\n", ""),
    Fault("a group of an earlier use is accepted", "db/wal.jan",
          "    return null when bytes.load_u32(raw, 0) != header_checksum(crc, id, w.base + at as u64, raw)\n", ""),
    Fault("a group says that it is durable itself", "db/wal_writer.jan",
          "return self.durable_upto", "return self.written_upto + 8"),
    Fault("what was read is not made durable before it is used", "db/wal_reader.jan",
          "        self.file.sync_data() catch |e| fail fault.of_file(e)\n", ""),
    Fault("a torn end gets no end record", "db/wal_reader.jan", "        if not e.is_whole do\n", "        if e.is_whole and e.torn > 0 do\n"),
    Fault("after a failed sync the next one is believed", "db/wal_writer.jan",
          "        fail DbError.ReadOnly when self.has_failed\n        self.has_failed = true\n        self.file.sync_data()",
          "        self.file.sync_data()"),
    # ---- the store
    Fault("a write is acknowledged before its sync", "db/store.jan", "        if durable do\n            self.log.sync()?\n        end\n", "        _ = durable\n"),
    Fault("the log is removed before its table is named", "db/store.jan", "        self.apply(&b)?\n        for log in gone[..<old.len] do\n            // What stays is an orphan, which the next opening removes.\n            files.unlink(self.folder.files(), FileName { kind: .Wal, number: log }) catch do end\n        end\n",
          "        for log in gone[..<old.len] do\n            // What stays is an orphan, which the next opening removes.\n            files.unlink(self.folder.files(), FileName { kind: .Wal, number: log }) catch do end\n        end\n        self.apply(&b)?\n"),
    Fault("after a crash numbers go on behind what was found", "db/store.jan",
          "        else if numbers.ceiling > self.visible do\n            numbers.ceiling\n", ""),
    Fault("a table's bytes are not durable when an edit names it", "db/output.jan", "        self.file.sync() catch |e| fail fault.of_file(e)\n", ""),
]
