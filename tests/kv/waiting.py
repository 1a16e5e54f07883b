"""Writes that wait for the writer. The rules of the line are tested by the module's own tests; here is the service around them."""
import os
import select
import socket
import time

from _kv import Server, check, run, same

UNDER_WAY = 256  # writes that one loop may have at the writer


class Crowd:
    """Connections that each send PUTs of one byte, and a count of the answers."""

    def __init__(self, server, count):
        self.sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
        self.poll = select.epoll()
        self.numbers = {}
        for i, one in enumerate(self.sockets):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setblocking(False)
            self.numbers[one.fileno()] = i
            self.poll.register(one.fileno(), select.EPOLLIN)
        self.requests = [b"PUT /v1/kv/k%d HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" % i for i in range(count)]
        self.ahead = [0] * count  # bytes of the next request that have been sent
        self.asked, self.answered, self.buffers = [0] * count, [0] * count, [b""] * count

    def ask(self, i):
        self.sockets[i].send(self.requests[i][self.ahead[i]:])
        self.ahead[i] = 0
        self.asked[i] += 1

    def one_more_byte(self, i):
        self.sockets[i].send(self.requests[i][self.ahead[i]:self.ahead[i] + 1])
        self.ahead[i] += 1

    def read(self, timeout):
        for number, _ in self.poll.poll(timeout, 4096):
            i = self.numbers[number]
            data = self.sockets[i].recv(65536)
            check(data, "closed")
            *heads, self.buffers[i] = (self.buffers[i] + data).split(b"\r\n\r\n")
            for head in heads:
                check(head.startswith((b"HTTP/1.1 201 ", b"HTTP/1.1 204 ")), head)
            self.answered[i] += len(heads)

    def close(self):
        for one in self.sockets:
            one.close()


def writer_lags_behind(server):
    """The writer's thread gets the processor only when nobody else of the service wants it, as one does that waits for a disk."""
    threads = sorted(int(name) for name in os.listdir(f"/proc/{server.process.pid}/task"))
    for thread in threads:
        os.sched_setaffinity(thread, {min(os.sched_getaffinity(0))})
    # Started before the loops.
    os.sched_setscheduler(threads[1], os.SCHED_IDLE, os.sched_param(0))


def test_every_write_is_answered_whatever_else_its_client_sends():
    """handoff 3, 5, serve 1, connection 4, event_loop 2: a byte more from a client that waits changes nothing in the line."""
    count = 4 * UNDER_WAY - 24
    with Server("--loops", "1", "--memory", "512MiB") as server:
        writer_lags_behind(server)
        crowd = Crowd(server, count)
        for _ in range(25):
            os.kill(server.process.pid, 19)  # SIGSTOP: so that all are there at once
            for i in range(count):
                crowd.ask(i)
            os.kill(server.process.pid, 18)  # SIGCONT
            for _ in range(12):
                for i in range(count - 1, count - UNDER_WAY - 64, -1):
                    crowd.one_more_byte(i)
            last, before = time.monotonic(), -1
            while crowd.answered != crowd.asked:
                crowd.read(0.1)
                if sum(crowd.answered) != before:
                    last, before = time.monotonic(), sum(crowd.answered)
                check(time.monotonic() - last < 10, f"{sum(crowd.asked) - before} writes are not answered")
        crowd.close()


def test_who_waits_at_the_end_is_answered():
    """handoff 7, event_loop 4: a stop finishes the writes that are in line."""
    count = 2 * UNDER_WAY
    with Server("--loops", "1", "--memory", "512MiB") as server:
        crowd = Crowd(server, count)
        os.kill(server.process.pid, 19)
        for i in range(count):
            crowd.ask(i)
        server.process.terminate()
        os.kill(server.process.pid, 18)
        end = time.monotonic() + 10
        while crowd.answered != crowd.asked and time.monotonic() < end:
            for number, _ in crowd.poll.poll(0.1, 4096):
                i = crowd.numbers[number]
                data = crowd.sockets[i].recv(65536)
                crowd.answered[i] += data.count(b"HTTP/1.1 201 ")
                if not data:
                    crowd.poll.unregister(number)
        same(sum(crowd.answered), count)
        crowd.close()
        same(server.process.wait(10), 0)


run(globals())
