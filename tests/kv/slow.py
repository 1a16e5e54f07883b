"""Slow clients and the memory that others need: the share, the bound of all uploads, the mean rate."""
import os
import socket
import threading
import time

from _kv import Server, check, metric, problem, request, run, same, wait_until


def begin_upload(server, key, declared, sent):
    """A PUT of which only a beginning is sent, and whatever the service answers to that."""
    client = server.connect()
    client.send(b"PUT /v1/kv/%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (key, declared))
    client.send(b"u" * sent)
    return client


def begin_download(server, path, count=1):
    """A GET whose response is not read."""
    client = server.connect()
    client.socket.close()
    client.socket = socket.socket()
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client.socket.settimeout(20)
    client.socket.connect(("127.0.0.1", server.port))
    client.send(request("GET", path) * count)
    return client


def fill(server, size=60000):
    """Stores values until there is no memory; answers how many that were."""
    with server.connect() as client:
        for i in range(100000):
            answer = client.ask("PUT", f"/v1/kv/fill{i}", b"f" * size)
            if answer.status != 201:
                check(answer.status == 507, answer)
                return i
    raise AssertionError("never full")


def goes_on(server, size=60000):
    """A value is stored before long, though nobody deletes anything."""
    wait_until(lambda: server.ask("PUT", "/v1/kv/other", b"o" * size).status in (201, 204), "others go on", 15)


def close(clients):
    for client in clients:
        client.socket.close()


def trickle(clients):
    """A few bytes from each, until all are closed or told to stop."""
    stop = threading.Event()

    def work():
        while not stop.wait(0.3):
            for client in clients:
                try:
                    client.send(b"u" * 50)
                except OSError:
                    pass

    thread = threading.Thread(target=work)
    thread.start()

    def end():
        stop.set()
        thread.join()

    return end


def test_slow_uploads_give_up_what_others_need():
    """store 5, connection 5, pace 3: large ones that trickle, while memory is full."""
    with Server("--memory", "64MiB") as server:
        uploads = [begin_upload(server, b"h%d" % i, 16 << 20, 1200000) for i in range(9)]
        end = trickle(uploads)
        try:
            fill(server)
            goes_on(server)
        finally:
            end()
        # Each was told, as far as it listened.
        for client in uploads:
            try:
                check(client.read().status in (503, 507))
            except ConnectionResetError:
                pass
        close(uploads)


def test_uploads_that_send_nothing_hold_little():
    """store 5: what an upload begins with comes from its share, which all connections have together."""
    with Server("--memory", "32MiB", "--loops", "1") as server:
        total = metric(server, "janus_kv_memory_total_bytes")
        uploads = [begin_upload(server, b"h%d" % i, 16 << 20, 0) for i in range(140)]
        wait_until(lambda: metric(server, "janus_kv_connections") > 140, "all are there")
        check(metric(server, "janus_kv_memory_used_bytes") < total * 6 // 10, "they took more than their shares")
        same(server.ask("PUT", "/v1/kv/other", b"o" * 1000000).status, 201)
        close(uploads)


def test_all_uploads_have_a_bound_together():
    """store 6, state 2: quick or slow, they leave a quarter to those that need little; one alone may have all."""
    with Server("--memory", "64MiB", "--loops", "2") as server:
        total = metric(server, "janus_kv_memory_total_bytes")
        uploads = [begin_upload(server, b"h%d" % i, 4 << 20, (4 << 20) - 1) for i in range(8)]
        wait_until(lambda: metric(server, "janus_kv_received_bytes_total") > 20 << 20, "they have arrived")
        time.sleep(0.3)
        check(metric(server, "janus_kv_memory_used_bytes") < total * 8 // 10, "no bound")
        same(server.ask("PUT", "/v1/kv/other", b"o" * 60000).status, 201)
        statuses = []
        for client in uploads:
            try:
                client.send(b"u")
                answer = client.read()
            except OSError:
                continue  # told before, and closed
            statuses.append(answer.status)
            if answer.status == 503:
                problem(answer, 503, "busy")
                same(answer["retry-after"], "1")
        check(statuses.count(201) >= 4 and 503 in statuses, statuses)
        same(len(statuses), len(uploads))
        close(uploads)
        wait_until(lambda: server.ask("PUT", "/v1/kv/large", b"l" * (4 << 20)).status == 201, "room again")


def test_slow_readers_give_up_what_others_need():
    """store 1, writer 4, connection 2: values that were replaced while they are read, and listings."""
    with Server("--memory", "32MiB", "--loops", "2") as server:
        readers = []
        for i in range(6):
            same(server.ask("PUT", "/v1/kv/r", bytes([65 + i]) * (2 << 20)).status in (201, 204), True)
            readers.append(begin_download(server, "/v1/kv/r"))
            check(readers[-1].socket.recv(4000).startswith(b"HTTP/1.1 200 "))
        same(server.ask("DELETE", "/v1/kv/r").status, 204)
        held = metric(server, "janus_kv_memory_used_bytes")
        check(held >= 12 << 20, f"{held} bytes are held")
        for key in range(100):
            server.ask("PUT", f"/v1/kv/{key:03}{'k' * 700}", b"")
        readers += [begin_download(server, "/v1/kv?limit=1000", 20) for _ in range(10)]
        fill(server)
        goes_on(server, 1 << 20)
        close(readers)


def test_a_reader_of_what_is_stored_may_stall():
    """store 3: it holds nothing that would be free without it, so shortage is none of its business."""
    with Server("--memory", "32MiB", "--loops", "1") as server:
        value = os.urandom(2 << 20)
        same(server.ask("PUT", "/v1/kv/r", value).status, 201)
        with begin_download(server, "/v1/kv/r") as reader:
            fill(server)
            for _ in range(4):
                same(server.ask("PUT", "/v1/kv/none", b"n" * (2 << 20)).status, 507)
                time.sleep(1)
            check(reader.read().body == value, "cut off")


def test_quick_uploads_go_on_while_memory_is_short():
    """pace 3: beside one that stalls."""
    with Server("--memory", "32MiB", "--loops", "1") as server:
        quick, stalled = (begin_upload(server, key, 2000000, 1100000) for key in (b"quick", b"stalled"))
        fill(server)
        start = time.monotonic()
        left = 900000
        while left > 0:
            quick.send(b"u" * min(left, 20000))
            left -= 20000
            time.sleep(0.1)
        check(time.monotonic() - start > 3, "too quick to tell")
        same(quick.read().status, 201)
        problem(stalled.read(), 507, "out_of_memory")
        close([quick, stalled])


def test_a_failed_upload_holds_nothing_while_its_answers_are_not_read():
    """connection 5: the client has to take other responses first, and does not."""
    with Server("--memory", "16MiB", "--loops", "1") as server:
        same(server.ask("PUT", "/v1/kv/r", b"r" * (1 << 20)).status, 201)
        used = metric(server, "janus_kv_memory_used_bytes")
        with begin_download(server, "/v1/kv/r") as client:
            # A chunk that no value may have, after 200 KB that came well.
            client.send(b"PUT /v1/kv/bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        b"30d40\r\n" + b"b" * 200000 + b"\r\nzz\r\n")
            time.sleep(0.5)
            check(metric(server, "janus_kv_memory_used_bytes") <= used, "still held")
            same(len(client.read().body), 1 << 20)
            same(client.read().status, 400)


def test_mean_rate():
    """pace 2: progress in each request timeout is not enough for ever; 64 KiB a second, from 30 seconds on."""
    with Server("--loops", "1") as server:
        same(server.ask("PUT", "/v1/kv/r", b"r" * (16 << 20)).status, 201)
        slow, steady = begin_upload(server, b"slow", 16 << 20, 0), begin_upload(server, b"steady", 100000 * 33, 0)
        reader = begin_download(server, "/v1/kv/r")
        start = time.monotonic()
        read, cut = 0, 0
        for turn in range(1, 501):
            if not cut:
                slow.send(b"u" * 4500)
                read += len(reader.socket.recv(3000))
            if turn <= 330:
                steady.send(b"u" * 10000)
            elif cut:
                break
            if turn % 5 == 0 and not cut and metric(server, "janus_kv_connections_timed_out_total") == 2:
                cut = time.monotonic() - start
            time.sleep(max(0, start + turn / 10 - time.monotonic()))
        same(steady.read().status, 201)
        check(29 < cut, f"after {cut:.1f} s")
        problem(slow.read(), 408, "request_timeout")
        # What the kernel had taken before comes yet, then the end.
        while data := reader.socket.recv(1 << 20):
            read += len(data)
        check(read < 4 << 20, f"{read} bytes")
        close([slow, steady, reader])


run(globals())
