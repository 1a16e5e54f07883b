"""Bugs that could be in std.sync and in what else threads share without a lock: each a replacement of text in one file. The sync suite plants them one at a time and must notice.

The order is that of the layers. Each names the mistake; several of them have shipped in real libraries.
"""
import dataclasses


@dataclasses.dataclass
class Fault:
    name: str
    file: str  # in std/sync
    old: str
    new: str
    also_old: str = ""  # a second place
    also_new: str = ""


FAULTS = [
    # ---- parker
    Fault("park does not look again after a wake-up", "parker.jan",
          "        return when atomics.compare_exchange[_, .acquire, .relaxed](&p.state, PERMIT, EMPTY) == null\n    end\nend\n\n/// Takes the permit, sleeping at most",
          "        atomics.store[_, .relaxed](&p.state, EMPTY)\n        return\n    end\nend\n\n/// Takes the permit, sleeping at most"),
    Fault("the permit is stored after the futex wake", "parker.jan",
          "    if atomics.swap[_, .release](&p.state, PERMIT) == PARKED do\n        kernel.futex_wake(&p.state, 1)\n    end",
          "    if atomics.load[_, .relaxed](&p.state) == PARKED do\n        kernel.futex_wake(&p.state, 1)\n    end\n"
          "    atomics.store[_, .release](&p.state, PERMIT)"),
    Fault("a timed park that gives up stores over a permit", "parker.jan",
          "    return if atomics.swap[_, .acquire](&p.state, EMPTY) == PERMIT do ParkResult.Unparked else ParkResult.TimedOut end",
          "    atomics.store[_, .relaxed](&p.state, EMPTY)\n    return .TimedOut"),
    Fault("a timed park leaves PARKED behind", "parker.jan",
          "    return if atomics.swap[_, .acquire](&p.state, EMPTY) == PERMIT do ParkResult.Unparked else ParkResult.TimedOut end",
          "    return if atomics.compare_exchange[_, .acquire, .relaxed](&p.state, PERMIT, EMPTY) == null do ParkResult.Unparked else ParkResult.TimedOut end"),
    Fault("unpark does not write over an unused permit", "parker.jan",
          "    if atomics.swap[_, .release](&p.state, PERMIT) == PARKED do",
          "    return when atomics.load[_, .relaxed](&p.state) == PERMIT\n    if atomics.swap[_, .release](&p.state, PERMIT) == PARKED do"),
    Fault("unpark is relaxed", "parker.jan", "atomics.swap[_, .release](&p.state, PERMIT)", "atomics.swap[_, .relaxed](&p.state, PERMIT)"),
    Fault("a park that slept takes its permit relaxed", "parker.jan",
          "        kernel.futex_wait(&p.state, PARKED)\n        return when atomics.compare_exchange[_, .acquire, .relaxed]",
          "        kernel.futex_wait(&p.state, PARKED)\n        return when atomics.compare_exchange[_, .relaxed, .relaxed]"),
    # ---- mutex
    Fault("unlock stores 1", "mutex.jan", "atomics.swap[_, .release](word, 0)", "atomics.swap[_, .release](word, 1)"),
    Fault("the lock is taken as 1 after a wait", "mutex.jan",
          "    while atomics.swap[_, .acquire](word, 2) != 0 do\n        kernel.futex_wait(word, 2)\n        return when spin(word, 2)\n    end",
          "    while atomics.compare_exchange[_, .acquire, .relaxed](word, 0, 1) != null do\n"
          "        _ = atomics.compare_exchange[_, .relaxed, .relaxed](word, 1, 2)\n        kernel.futex_wait(word, 2)\n    end"),
    Fault("unlock wakes before it frees", "mutex.jan",
          "    let before = atomics.swap[_, .release](word, 0)\n    if before != 1 do\n"
          "        assert(before == 2, \"a mutex is unlocked that nobody holds\")\n        kernel.futex_wake(word, 1)\n    end",
          "    if atomics.load[_, .relaxed](word) == 2 do\n        kernel.futex_wake(word, 1)\n    end\n    atomics.store[_, .release](word, 0)"),
    Fault("unlock is relaxed", "mutex.jan", "atomics.swap[_, .release](word, 0)", "atomics.swap[_, .relaxed](word, 0)"),
    Fault("a timed lock that times out says it has the lock", "mutex.jan",
          "        return false when not kernel.futex_wait_until(word, 2, deadline)", "        return true when not kernel.futex_wait_until(word, 2, deadline)"),
    # ---- event and what stands on it
    Fault("an event's signal wakes without a new sequence", "event.jan", "    _ = atomics.fetch_add[_, .seq_cst](&e.sequence, 1)\n", ""),
    Fault("a ticket is drawn after its thread is counted", "event.jan",
          "    let ticket = atomics.load[_, .seq_cst](&e.sequence)\n    let before = atomics.fetch_add[_, .seq_cst](&e.state, 1)\n",
          "    let before = atomics.fetch_add[_, .seq_cst](&e.state, 1)\n    let ticket = atomics.load[_, .seq_cst](&e.sequence)\n"),
    Fault("who leaves an event leaves its wake-up behind", "event.jan",
          "if before >= ONE_WOKEN do before - ONE_WOKEN - 1 else before - 1 end",
          "if before >= ONE_WOKEN and prepared(before) <= before / ONE_WOKEN do before - ONE_WOKEN - 1 else before - 1 end"),
    Fault("once wakes before it writes DONE", "once.jan",
          "        if atomics.swap[_, .release](&o.state, DONE) == AWAITED do\n            kernel.futex_wake(&o.state, EVERYBODY)\n        end",
          "        if atomics.load[_, .relaxed](&o.state) == AWAITED do\n            kernel.futex_wake(&o.state, EVERYBODY)\n        end\n"
          "        atomics.store[_, .release](&o.state, DONE)"),
    Fault("once says that it is done relaxed", "once.jan", "atomics.swap[_, .release](&o.state, DONE)", "atomics.swap[_, .relaxed](&o.state, DONE)"),
    Fault("once looks again after it has said that it is done", "once.jan",
          "        if atomics.swap[_, .release](&o.state, DONE) == AWAITED do\n            kernel.futex_wake(&o.state, EVERYBODY)\n        end",
          "        let before = atomics.swap[_, .release](&o.state, DONE)\n"
          "        if before == AWAITED and atomics.load[_, .relaxed](&o.state) == DONE do\n            kernel.futex_wake(&o.state, EVERYBODY)\n        end"),
    Fault("a semaphore's release wakes before it adds", "semaphore.jan",
          "    var before = atomics.load[_, .relaxed](&s.word)\n    while true do\n        let permits",
          "    var before = atomics.load[_, .relaxed](&s.word)\n    kernel.futex_wake(&s.word, n)\n    while true do\n        let permits",
          "    if before == ASLEEP do\n        kernel.futex_wake(&s.word, n)\n    end\n", ""),
    Fault("a semaphore's release looks again after its exchange", "semaphore.jan",
          "    if before == ASLEEP do\n", "    if before == ASLEEP and atomics.load[_, .relaxed](&s.word) != ASLEEP do\n"),
    Fault("who slept at a semaphore forgets the others", "semaphore.jan", "if n <= 1 do ASLEEP else n - 1 end", "if n == 0 do ASLEEP else n - 1 end"),
    Fault("who slept at a semaphore wakes nobody though permits are left", "semaphore.jan", "                if n > 1 do\n", "                if n > MOST do\n"),
    Fault("a semaphore's permit is given back relaxed", "semaphore.jan",
          "compare_exchange_weak[_, .release, .relaxed](&s.word, before, permits + n)", "compare_exchange_weak[_, .relaxed, .relaxed](&s.word, before, permits + n)"),
    Fault("a barrier opens without waking", "barrier.jan", "        kernel.futex_wake(word, EVERYBODY)\n", "        return\n"),
    Fault("a barrier opens relaxed", "barrier.jan",
          "compare_exchange_weak[_, .release, .relaxed](word, before, round_of", "compare_exchange_weak[_, .relaxed, .relaxed](word, before, round_of"),
    Fault("a barrier reads the round after it has arrived", "barrier.jan",
          "    wait_for_round(&b.word, round_of(before))", "    wait_for_round(&b.word, round_of(atomics.load[_, .acquire](&b.word)))"),
    Fault("the last reader forgets the writer", "rwlock.jan",
          "    if before & ~ANNOUNCED == (ASLEEP | 1) do\n        kernel.futex_wake(word, EVERYBODY)\n    end\n", ""),
    Fault("a writer leaves its announcement behind", "rwlock.jan", "(before & ASLEEP) | WRITER)", "before | WRITER)"),
    Fault("the last reader leaves \"may sleep\" behind", "rwlock.jan",
          "if readers == 1 do before & ANNOUNCED else before - 1 end", "before - 1"),
    Fault("a reader looks again after it has given the lock back", "rwlock.jan",
          "    if before & ~ANNOUNCED == (ASLEEP | 1) do", "    if atomics.load[_, .relaxed](word) != WRITER and before & ~ANNOUNCED == (ASLEEP | 1) do"),
    Fault("a writer looks again after it has given the lock back", "rwlock.jan",
          "        if before & ASLEEP != 0 do", "        if atomics.load[_, .relaxed](word) != WRITER and before & ASLEEP != 0 do"),
    Fault("a barrier's leader looks again after it has opened", "barrier.jan",
          "    if before & ASLEEP != 0 do", "    if atomics.load[_, .relaxed](word) != before and before & ASLEEP != 0 do"),
    Fault("a writer gives the lock back relaxed", "rwlock.jan", "atomics.fetch_and[_, .release](word, ANNOUNCED)", "atomics.fetch_and[_, .relaxed](word, ANNOUNCED)"),
    Fault("a wait group's last done is relaxed", "wait_group.jan", "compare_exchange_weak[_, .release, .relaxed]", "compare_exchange_weak[_, .relaxed, .relaxed]"),
    Fault("a wait group's last done wakes nobody", "wait_group.jan", "        kernel.futex_wake(&g.word, 2147483647)\n", "        return\n"),
    Fault("a spin lock is given back relaxed", "spin.jan", "atomics.store[_, .release](held, false)", "atomics.store[_, .relaxed](held, false)"),
    # ---- cancel
    Fault("a cancel wakes before it writes the request", "cancel.jan",
          "    atomics.store[_, .seq_cst](&t.requested, true)\n    using list = mutex.mutex_lock(&t.first) do\n        var at = mutex.guard_value(&list).*\n"
          "        while let Some(waiter) = at do\n            parker.parker_unpark(waiter.parker)\n            at = waiter.next\n        end\n    end",
          "    using list = mutex.mutex_lock(&t.first) do\n        var at = mutex.guard_value(&list).*\n"
          "        while let Some(waiter) = at do\n            parker.parker_unpark(waiter.parker)\n            at = waiter.next\n        end\n    end\n"
          "    atomics.store[_, .seq_cst](&t.requested, true)"),
    # ---- thread
    Fault("a join that slept wakes nobody", "../thread.jan", "    if has_slept do\n        wake_next(&t.tid)\n    end\n", "    assert(has_slept or not has_slept)\n"),
    Fault("a join looks at its thread relaxed", "../thread.jan", "atomics.load[_, .acquire](&t.tid)", "atomics.load[_, .relaxed](&t.tid)"),
    Fault("a spawn that fails leaves what was there", "../thread.jan", "    atomics.store[_, .relaxed](&t.tid, 0)\n    fail ThreadError", "    fail ThreadError"),
    # ---- the kernel
    Fault("a timed wait throws the kernel's answer away", "parker_linux.jan", "    return false when result == os.ETIMEDOUT\n", "    return true when result == os.ETIMEDOUT\n"),
    # ---- chan
    Fault("a value is published relaxed", "chan.jan", "compare_exchange[_, .seq_cst, .acquire](&c.sent, sent, after)",
          "compare_exchange[_, .relaxed, .relaxed](&c.sent, sent, after)"),
    Fault("the index is compared before it is read anew", "chan.jan",
          "    c.sent_copy = atomics.load[_, .seq_cst](&c.sent)\n    let n = (c.sent_copy -% received) >> 1\n",
          "    let n = (c.sent_copy -% received) >> 1\n    c.sent_copy = atomics.load[_, .seq_cst](&c.sent)\n"),
    Fault("a send stores although a close came in between", "chan.jan",
          "    if let Some(found) = atomics.compare_exchange[_, .seq_cst, .acquire](&c.sent, sent, after) do\n"
          "        assert(found == sent | CLOSED, \"two threads send on one channel\")\n        return false\n    end",
          "    assert(sent +% n * ONE != sent)\n    _ = atomics.fetch_add[_, .seq_cst](&c.sent, n * ONE)"),
    Fault("a close forgets the sleeping receiver", "chan.jan",
          "    if atomics.load[_, .seq_cst](&c.recv_asleep) do\n        parker.parker_unpark(recv_place(c))\n    end\nend\n\n/// The end of",
          "end\n\n/// The end of"),
    Fault("a close forgets the sleeping sender", "chan.jan",
          "    _ = atomics.fetch_or[_, .seq_cst](&c.sent, CLOSED)\n    if atomics.load[_, .seq_cst](&c.send_asleep) do\n        parker.parker_unpark(&c.send_parker)\n    end",
          "    _ = atomics.fetch_or[_, .seq_cst](&c.sent, CLOSED)"),
    Fault("a receiver does not look again once its flag is up", "chan.jan",
          "    let in_time = not empty_and_open(c) or park(recv_place(c), deadline)", "    let in_time = park(recv_place(c), deadline)"),
    Fault("the receiver's sleep flag is raised with release", "chan.jan",
          "    atomics.store[_, .seq_cst](&c.recv_asleep, true)\n    let in_time", "    atomics.store[_, .release](&c.recv_asleep, true)\n    let in_time"),
    Fault("the sender's sleep flag is raised with release", "chan.jan",
          "    atomics.store[_, .seq_cst](&c.send_asleep, true)\n    let in_time", "    atomics.store[_, .release](&c.send_asleep, true)\n    let in_time"),
    Fault("a slot is given back before it is read", "chan.jan",
          "    out.* = c.backing[slot]\n    c.recv_slot = slot + 1\n    publish_received(c, received, 1)",
          "    publish_received(c, received, 1)\n    out.* = c.backing[slot]\n    c.recv_slot = slot + 1"),
    # ---- mailbox
    Fault("a mailbox's close forgets the waiting senders", "mailbox.jan",
          "    chan.chan_close(&m.chan)\n    event.event_signal(&m.room, event.EVERYBODY)", "    chan.chan_close(&m.chan)"),
    Fault("a mailbox signals room before there is any", "mailbox.jan",
          "    let message = chan.chan_recv(&m.chan)\n    event.event_signal(&m.room, 1)\n", "    event.event_signal(&m.room, 1)\n    let message = chan.chan_recv(&m.chan)\n"),
    # ---- memtable
    Fault("a node is led to before its own links lead on", "../db/memtable.jan",
          "            atomics.store[_, .relaxed](self.link(node, level), after)\n        end\n        for level in 0..<height do\n"
          "            atomics.store[_, .release](self.link(path[level], level), node)\n        end",
          "            atomics.store[_, .release](self.link(path[level], level), node)\n            atomics.store[_, .relaxed](self.link(node, level), after)\n        end"),
    Fault("a node is led to before it is written", "../db/memtable.jan",
          "        self.write_node(node as usize, e, height)\n", "        self.words[node as usize + 1] = height as u32 << 28\n",
          "        self.link_node(node, e, height)\n", "        self.link_node(node, e, height)\n        self.write_node(node as usize, e, height)\n"),
    Fault("a node is led to relaxed", "../db/memtable.jan",
          "atomics.store[_, .release](self.link(path[level], level), node)", "atomics.store[_, .relaxed](self.link(path[level], level), node)"),
    Fault("a search follows links relaxed", "../db/memtable.jan",
          "                let next = atomics.load[_, .acquire](self.link(at, level))\n                break when next == found.at",
          "                let next = atomics.load[_, .relaxed](self.link(at, level))\n                break when next == found.at"),
    Fault("a node is led to from above first", "../db/memtable.jan",
          "        for level in 0..<height do\n            atomics.store[_, .release](self.link(path[level], level), node)",
          "        for below in 0..<height do\n            let level = height - 1 - below\n            atomics.store[_, .release](self.link(path[level], level), node)"),
    Fault("an entry is counted before it is linked", "../db/memtable.jan",
          "        self.link_node(node, e, height)\n", "        atomics.store[_, .release](&self.counted, rank as u32 + 1)\n        self.link_node(node, e, height)\n"),
    Fault("an entry is counted relaxed", "../db/memtable.jan",
          "atomics.store[_, .release](&self.counted, rank as u32 + 1)", "atomics.store[_, .relaxed](&self.counted, rank as u32 + 1)"),
    # ---- view
    Fault("a view is entered without a second look", "../db/view.jan",
          "            let again = atomics.load[_, .seq_cst](&self.newest)\n            break when again == word\n            word = again\n",
          "            break\n"),
    Fault("a view is used that was newest when the reader looked last", "../db/view.jan",
          "            break when again == word\n            word = again\n", "            word = again\n            break\n"),
    Fault("a view is given back without a look at its pins", "../db/view.jan",
          "            return false when atomics.load[_, .acquire](&r.pins[slot]) != 0\n", "            _ = r\n"),
    Fault("a view is given back without a look at its readers", "../db/view.jan",
          "            return false when atomics.load[_, .seq_cst](&r.oldest) <= word\n", "            _ = r\n"),
    Fault("a reader's pins are looked at before its word", "../db/view.jan",
          "        for *r in self.readers do\n            return false when atomics.load[_, .seq_cst](&r.oldest) <= word\n        end\n", "",
          "            return false when atomics.load[_, .acquire](&r.pins[slot]) != 0\n        end\n",
          "            return false when atomics.load[_, .acquire](&r.pins[slot]) != 0\n        end\n"
          "        for *r in self.readers do\n            return false when atomics.load[_, .seq_cst](&r.oldest) <= word\n        end\n"),
    Fault("a reader leaves a view relaxed", "../db/view.jan", "atomics.store[_, .release](&self.readers[reader].oldest, IDLE)",
          "atomics.store[_, .relaxed](&self.readers[reader].oldest, IDLE)"),
    Fault("a pin of a view is given back relaxed", "../db/view.jan", "atomics.fetch_sub[_, .release](&self.readers[held.reader]",
          "atomics.fetch_sub[_, .relaxed](&self.readers[held.reader]"),
    Fault("a view is published before it is written", "../db/view.jan",
          "                self.slots[slot] = new\n                atomics.store[_, .seq_cst](&self.newest, self.words[slot])\n",
          "                atomics.store[_, .seq_cst](&self.newest, self.words[slot])\n                self.slots[slot] = new\n"),
    Fault("a view is published relaxed", "../db/view.jan",
          "atomics.store[_, .seq_cst](&self.newest, self.words[slot])", "atomics.store[_, .relaxed](&self.newest, self.words[slot])"),
    Fault("a view is published with release", "../db/view.jan",
          "atomics.store[_, .seq_cst](&self.newest, self.words[slot])", "atomics.store[_, .release](&self.newest, self.words[slot])"),
    Fault("a reader's word is stored with release", "../db/view.jan",
          "atomics.store[_, .seq_cst](&line.oldest, word)", "atomics.store[_, .release](&line.oldest, word)"),
]
