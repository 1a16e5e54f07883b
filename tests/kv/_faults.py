"""Bugs that could be in the service's own protocols: each a replacement of text in one file of apps/kv. The kv suite plants them one at
a time, and a test of the module, under the interpreter with a few seeds, must notice."""
import dataclasses


@dataclasses.dataclass
class Fault:
    name: str
    file: str  # in apps/kv
    test: str  # the file whose tests must notice
    old: str
    new: str


FAULTS = [
    # ---- the hand-off to the writer
    Fault("one in line has a turn for each round, however many completions came", "handoff.jan", "handoff_test.jan",
          "    while has_room(link) do\n        if let Some(who) = queue.pop(&link.line) do\n            let before = link.under_way\n"
          "            admit(l, who)\n            assert(link.under_way == before + 1, \"a turn was not used\")\n        else\n            break\n        end\n    end\n",
          "    if has_room(link) do\n        if let Some(who) = queue.pop(&link.line) do\n            admit(l, who)\n        end\n    end\n"),
    Fault("who comes stands before the line", "handoff.jan", "handoff_test.jan",
          "    if has_room(link) do\n        assert(queue.len(&link.line) == 0, \"overtakes the line\")\n        return true\n    end\n    queue.push(&link.line, who)\n",
          "    if has_room(link) do\n        return true\n    end\n    let first = queue.pop(&link.line)\n    queue.push(&link.line, who)\n"
          "    if let Some(other) = first do\n        queue.push(&link.line, other)\n    end\n"),
    Fault("the line is looked at before the completions", "handoff.jan", "handoff_test.jan",
          "    var completion: C = undefined\n    while chan",
          "    while has_room(link) do\n        if let Some(who) = queue.pop(&link.line) do\n            admit(l, who)\n        else\n            break\n        end\n    end\n"
          "    var completion: C = undefined\n    while false and chan"),
    Fault("a completion is not counted", "handoff.jan", "handoff_test.jan", "        link.under_way -= 1\n", ""),
    Fault("the writer does not ring after a batch", "handoff.jan", "handoff_test.jan", "    if n > 0 do\n        bell.ring(link.bell)\n    end\n", ""),
    Fault("the writer ends with the first link that is closed", "handoff.jan", "handoff_test.jan",
          "        return when open == 0\n", "        return when open < links.len\n"),
    Fault("the writer sleeps without asking every link", "handoff.jan", "handoff_test.jan",
          "            idle = false\n", "            idle = true\n"),
    # ---- the bell
    Fault("the bell's flag goes up after the loop has looked", "handoff_test.jan", "handoff_test.jan",
          "            bell.prepare(d.bell)\n            if not handoff.has_news(d.link) do\n",
          "            let news = handoff.has_news(d.link)\n            bell.prepare(d.bell)\n            if not news do\n"),
    Fault("a ring lowers the flag and leaves the wake to the next", "bell.jan", "handoff_test.jan",
          "        b.wake(b.place)\n", "        atomics.store[_, .seq_cst](&b.asleep, false)\n"),
    Fault("who sleeps keeps the flag down", "bell.jan", "handoff_test.jan",
          "    atomics.store[_, .seq_cst](&b.asleep, true)\n", "    atomics.store[_, .seq_cst](&b.asleep, false)\n"),
    # ---- the pool of places
    Fault("a place is looked at, then taken", "places.jan", "places.jan",
          "    return own when take(&parts[own])\n", "    return own when atomics.load[_, .relaxed](&parts[own].free) > 0\n"),
    Fault("the first loop with a place is taken, not the emptiest", "places.jan", "places.jan",
          "            if free > most do", "            if free > 0 and most == 0 do"),
    Fault("handing over does not ring", "places.jan", "places_test.jan", "    bell.ring(p.bell)\n", ""),
    Fault("a loop retires with a place reserved", "places.jan", "places_test.jan",
          "    return atomics.compare_exchange[_, .acquire, .relaxed](&p.free, p.places, 0) == null\n",
          "    _ = atomics.swap[_, .acquire](&p.free, 0)\n    return true\n"),
    Fault("a loop that retires leaves its places in the pool", "places.jan", "places_test.jan",
          "(&p.free, p.places, 0) == null", "(&p.free, p.places, p.places) == null"),
    Fault("senders to one inbox do not take turns", "places.jan", "places_test.jan",
          "    using _turn = mutex.mutex_lock(&p.turn) do\n        let result = chan.try_send(&p.inbox, fd)\n"
          "        assert(result == .Sent, \"handed over without a place\")\n    end\n",
          "    let result = chan.try_send(&p.inbox, fd)\n    assert(result == .Sent, \"handed over without a place\")\n"),
    # ---- the rest
    Fault("regions are aligned to lines whatever the type asks", "plan.jan", "layout.jan",
          "    let align = if @align_of[T]() > LINE do @align_of[T]() else LINE end\n", "    let align = LINE\n"),
    Fault("the queue takes a number twice", "queue.jan", "queue.jan", "    return when q.next[number] != OUT\n", ""),
    Fault("the mean rate counts from the start", "pace.jan", "pace.jan", "age >= GRACE and ", ""),
    Fault("an upload's bound forgets what was stored", "store.jan", "store.jan",
          "    memory.lent -= blob.lent\n", ""),
    Fault("a replaced value counts as stored", "writer.jan", "writer.jan",
          "        store.set_stored(old, false)\n        store.release(w.data, old)\n    end\n    if outcome", "        store.release(w.data, old)\n    end\n    if outcome"),
]
