"""Bugs that could be in std.sync: each a replacement of text in one file. The sync suite plants them one at a time and must notice.

The order is that of the layers. Each names the mistake; several of them have shipped in real libraries.
"""
import dataclasses


@dataclasses.dataclass
class Fault:
    name: str
    file: str  # in std/sync
    old: str
    new: str


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
    Fault("unlock stores 1", "mutex.jan", "atomics.swap[_, .release](word, 0) == 2", "atomics.swap[_, .release](word, 1) == 2"),
    Fault("the lock is taken as 1 after a wait", "mutex.jan",
          "    while atomics.swap[_, .acquire](word, 2) != 0 do\n        kernel.futex_wait(word, 2)\n        return when spin(word, 2)\n    end",
          "    while atomics.compare_exchange[_, .acquire, .relaxed](word, 0, 1) != null do\n"
          "        _ = atomics.compare_exchange[_, .relaxed, .relaxed](word, 1, 2)\n        kernel.futex_wait(word, 2)\n    end"),
    Fault("unlock wakes before it frees", "mutex.jan",
          "    if atomics.swap[_, .release](word, 0) == 2 do\n        kernel.futex_wake(word, 1)\n    end",
          "    if atomics.load[_, .relaxed](word) == 2 do\n        kernel.futex_wake(word, 1)\n    end\n    atomics.store[_, .release](word, 0)"),
    Fault("unlock is relaxed", "mutex.jan", "atomics.swap[_, .release](word, 0) == 2", "atomics.swap[_, .relaxed](word, 0) == 2"),
    Fault("a timed lock that times out says it has the lock", "mutex.jan",
          "        return false when not kernel.futex_wait_until(word, 2, deadline)", "        return true when not kernel.futex_wait_until(word, 2, deadline)"),
    # ---- event and what stands on it
    Fault("an event's signal wakes without a new sequence", "event.jan", "        _ = atomics.fetch_add[_, .seq_cst](&e.sequence, 1)\n", ""),
    Fault("once signals before it writes DONE", "once.jan",
          "        atomics.store[_, .seq_cst](&o.state, DONE)\n        event.event_signal(&o.finished, event.EVERYBODY)",
          "        event.event_signal(&o.finished, event.EVERYBODY)\n        atomics.store[_, .seq_cst](&o.state, DONE)"),
    Fault("a semaphore's release signals before it adds", "semaphore.jan",
          "    let before = atomics.fetch_add[_, .seq_cst](&s.permits, n)\n    assert(before <= 4294967295 - n, \"too many permits\")\n    event.event_signal(&s.freed, n)",
          "    event.event_signal(&s.freed, n)\n    let before = atomics.fetch_add[_, .seq_cst](&s.permits, n)\n    assert(before <= 4294967295 - n, \"too many permits\")"),
    Fault("a barrier opens before it resets its count", "barrier.jan",
          "        atomics.store[_, .relaxed](&b.arrived, 0)\n        _ = atomics.fetch_add[_, .seq_cst](&b.round, 1)",
          "        _ = atomics.fetch_add[_, .seq_cst](&b.round, 1)\n        atomics.store[_, .relaxed](&b.arrived, 0)"),
    Fault("the last reader forgets the writer", "rwlock.jan",
          "        if atomics.fetch_sub[_, .seq_cst](&self.lock.word, 1) == 1 do\n            event.event_signal(&self.lock.changed, event.EVERYBODY)\n        end",
          "        _ = atomics.fetch_sub[_, .seq_cst](&self.lock.word, 1)"),
    Fault("a wait group's last done is relaxed", "wait_group.jan", "compare_exchange_weak[_, .release, .relaxed]", "compare_exchange_weak[_, .relaxed, .relaxed]"),
    Fault("a wait group's last done wakes nobody", "wait_group.jan", "        kernel.futex_wake(&g.word, 2147483647)\n", "        return\n"),
    Fault("a spin lock is given back relaxed", "spin.jan", "atomics.store[_, .release](held, false)", "atomics.store[_, .relaxed](held, false)"),
    # ---- cancel
    Fault("a cancel wakes before it writes the request", "cancel.jan",
          "    atomics.store[_, .seq_cst](&t.requested, true)\n    using _guard = spin.spin_lock(&t.lock) do\n        var at = t.first\n        while let Some(waiter) = at do\n"
          "            parker.parker_unpark(waiter.parker)\n            at = waiter.next\n        end\n    end",
          "    using _guard = spin.spin_lock(&t.lock) do\n        var at = t.first\n        while let Some(waiter) = at do\n"
          "            parker.parker_unpark(waiter.parker)\n            at = waiter.next\n        end\n    end\n    atomics.store[_, .seq_cst](&t.requested, true)"),
    # ---- chan
    Fault("a value is published relaxed", "chan.jan", "compare_exchange[_, .seq_cst, .acquire](&c.sent, sent, sent +% n * ONE)",
          "compare_exchange[_, .relaxed, .relaxed](&c.sent, sent, sent +% n * ONE)"),
    Fault("the index is compared before it is read anew", "chan.jan",
          "    c.sent_copy = atomics.load[_, .seq_cst](&c.sent)\n    let n = (c.sent_copy -% received) >> 1\n",
          "    let n = (c.sent_copy -% received) >> 1\n    c.sent_copy = atomics.load[_, .seq_cst](&c.sent)\n"),
    Fault("a send stores although a close came in between", "chan.jan",
          "    if atomics.compare_exchange[_, .seq_cst, .acquire](&c.sent, sent, sent +% n * ONE) != null do\n        return false\n    end",
          "    assert(sent +% n * ONE != sent)\n    _ = atomics.fetch_add[_, .seq_cst](&c.sent, n * ONE)"),
    Fault("a close forgets the sleeping receiver", "chan.jan",
          "    if atomics.load[_, .seq_cst](&c.recv_asleep) do\n        parker.parker_unpark(recv_place(c))\n    end\nend\n\n/// The end of",
          "end\n\n/// The end of"),
    Fault("a close forgets the sleeping sender", "chan.jan",
          "    _ = atomics.fetch_or[_, .seq_cst](&c.sent, CLOSED)\n    if atomics.load[_, .seq_cst](&c.send_asleep) do\n        parker.parker_unpark(&c.send_parker)\n    end",
          "    _ = atomics.fetch_or[_, .seq_cst](&c.sent, CLOSED)"),
    Fault("a receiver does not look again once its flag is up", "chan.jan",
          "    if empty_and_open(c) do\n        park(recv_place(c), ns)\n    end", "    park(recv_place(c), ns)"),
    Fault("the receiver's sleep flag is raised with release", "chan.jan",
          "    atomics.store[_, .seq_cst](&c.recv_asleep, true)\n    if empty_and_open(c) do\n        park",
          "    atomics.store[_, .release](&c.recv_asleep, true)\n    if empty_and_open(c) do\n        park"),
    Fault("the sender's sleep flag is raised with release", "chan.jan",
          "    atomics.store[_, .seq_cst](&c.send_asleep, true)\n    if full_and_open", "    atomics.store[_, .release](&c.send_asleep, true)\n    if full_and_open"),
    Fault("a slot is given back before it is read", "chan.jan",
          "    out.* = c.backing[slot]\n    c.recv_slot = slot + 1\n    publish_received(c, received, 1)",
          "    publish_received(c, received, 1)\n    out.* = c.backing[slot]\n    c.recv_slot = slot + 1"),
    # ---- mailbox
    Fault("a mailbox's close forgets the waiting senders", "mailbox.jan",
          "    chan.chan_close(&m.chan)\n    event.event_signal(&m.room, event.EVERYBODY)", "    chan.chan_close(&m.chan)"),
    Fault("a mailbox signals room before there is any", "mailbox.jan",
          "    let message = chan.chan_recv(&m.chan)\n    event.event_signal(&m.room, 1)\n", "    event.event_signal(&m.room, 1)\n    let message = chan.chan_recv(&m.chan)\n"),
]
