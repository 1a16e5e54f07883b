"""Many, slow, half-closed and idle connections, and running out of room."""
import json
import os
import socket
import threading
import time
from random import Random

from _kv import PROGRAM, Server, check, metric, problem, request, run, same, wait_until


def test_two_hundred_connections():
    with Server() as server:
        clients = [server.connect() for _ in range(200)]
        try:
            for turn in range(3):
                for i, client in enumerate(clients):
                    client.send(request("PUT", f"/v1/kv/{i}", b"%d-%d" % (turn, i)))
                for client in clients:
                    same(client.read().status, 201 if turn == 0 else 204)
                for i, client in enumerate(clients):
                    client.send(request("GET", f"/v1/kv/{(i + 1) % 200}"))
                for i, client in enumerate(clients):
                    same(client.read().body, b"%d-%d" % (turn, (i + 1) % 200))
            check(metric(server, "janus_kv_connections") >= 200)
        finally:
            for client in clients:
                client.socket.close()
        wait_until(lambda: metric(server, "janus_kv_connections") <= 2, "closed connections are gone")


def test_writers_and_readers_at_once():
    with Server("--loops", "3") as server:
        errors = []

        def work(number):
            try:
                with server.connect() as client:
                    for i in range(200):
                        key, value = f"/v1/kv/w{number}-{i % 20}", os.urandom(i * 37 % 9000)
                        check(client.ask("PUT", key, value).status in (201, 204))
                        check(client.ask("GET", key).body == value, "read something else than was written")
                        if i % 7 == 0:
                            same(client.ask("DELETE", key).status, 204)
            except Exception as error:  # noqa: BLE001: reported below
                errors.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(not errors, f"{errors[:1]}")


def test_the_table_is_full():
    with Server("--memory", "4MiB", "--loops", "1") as server:
        clients, refused = [], None
        for _ in range(60):
            client = server.connect()
            clients.append(client)
            client.send(request("GET", "/healthz"))
            answer = client.read()
            if answer.status == 503:
                refused = answer
                break
            same(answer.status, 200)
        check(refused is not None, "never full")
        check(refused["retry-after"] is not None and refused["connection"] == "close", refused)
        check(len(clients) > 8, f"full after {len(clients)}")
        same(clients[0].ask("GET", "/healthz").status, 200)
        for client in clients:
            client.socket.close()
        wait_until(lambda: server.ask("GET", "/healthz").status == 200, "room again")


def test_memory_is_full():
    with Server("--memory", "4MiB") as server, server.connect() as client:
        stored, status = 0, 201
        while status == 201:
            status = client.ask("PUT", f"/v1/kv/{stored}", b"x" * 100000).status
            stored += 1
        same(status, 507)
        check(stored > 5, f"full after {stored}")
    with Server("--memory", "4MiB") as server:
        with server.connect() as client:
            client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n")
            try:
                client.send(b"x" * 16000000)
            except (ConnectionResetError, BrokenPipeError):
                pass
            problem(client.read(), 507, "out_of_memory")
        wait_until(lambda: metric(server, "janus_kv_memory_used_bytes") == 0, "memory given back")
        same(server.ask("PUT", "/v1/kv/k", b"x" * 100000).status, 201)


def test_a_full_store_can_be_emptied():
    with Server("--memory", "4MiB", "--loops", "1") as server, server.connect() as client:
        keys = ["K" * 4096]
        same(client.ask("PUT", f"/v1/kv/{keys[0]}", b"").status, 201)
        for size in (500000, 60000, 8000, 1000, 150, 0):
            while server.ask("PUT", f"/v1/kv/{len(keys)}", b"x" * size).status == 201:
                keys.append(str(len(keys)))
        problem(server.ask("PUT", "/v1/kv/one-more", b""), 507, "out_of_memory")
        check(metric(server, "janus_kv_memory_total_bytes") - metric(server, "janus_kv_memory_used_bytes") < 128, "not full")
        page = [json.loads(line) for line in server.ask("GET", "/v1/kv?limit=1000").body.splitlines()]
        names = [entry["key"] for entry in page if "key" in entry]
        check(names, "nothing is listed")
        same(names, sorted(keys)[:len(names)])
        client.send(b"".join(request("DELETE", f"/v1/kv/{'%4B' * 4096 if key[0] == 'K' else key}") for key in keys))
        for _ in keys:
            same(client.read().status, 204)
        same(metric(server, "janus_kv_memory_used_bytes"), 0)
        same(client.ask("PUT", "/v1/kv/k", b"x" * 500000).status, 201)


def test_refilled_to_the_limit_again_and_again():
    random = Random(20240229)
    with Server("--memory", "8MiB", "--loops", "1") as server, server.connect() as client:
        first = None
        for _ in range(6):
            keys, size = [], 0
            while True:
                size = random.choice((0, 10, 100, 3000, 5000, 70000, 300000))
                key = f"{len(keys)}{'k' * random.choice((0, 60, 300))}"
                if server.ask("PUT", f"/v1/kv/{key}", b"x" * random.randint(0, size)).status != 201:
                    break
                keys.append(key)
                if random.random() < 0.3:
                    again = server.ask("PUT", f"/v1/kv/{random.choice(keys)}", b"y" * random.randint(0, size))
                    check(again.status in (204, 507), again)
                if random.random() < 0.2:
                    same(client.ask("DELETE", f"/v1/kv/{keys.pop(random.randrange(len(keys)))}").status, 204)
            random.shuffle(keys)
            for key in keys:
                same(client.ask("DELETE", f"/v1/kv/{key}").status, 204)
            same(metric(server, "janus_kv_memory_used_bytes"), 0)
            same(metric(server, "janus_kv_entries"), 0)
            # The largest value that fits an empty store fits one that has been emptied.
            largest = next(n for n in range(22, 0, -1) if server.ask("PUT", "/v1/kv/k", b"x" * (1 << n)).status == 201)
            same(client.ask("DELETE", "/v1/kv/k").status, 204)
            first = first or largest
            same(largest, first)


def test_many_listings_at_once():
    with Server("--loops", "1") as server, server.connect() as client:
        keys = sorted(f"{i:03}{'k' * 400}" for i in range(100))
        for key in keys:
            same(client.ask("PUT", f"/v1/kv/{key}", b"").status, 201)
        slow = [server.connect() for _ in range(20)]
        for other in slow:
            other.send(request("GET", "/v1/kv?limit=1000") * 40)
        # While their pages are under way the keys change, which no page may show in part.
        for key in keys[::2]:
            same(client.ask("DELETE", f"/v1/kv/{key}").status, 204)
        for other in slow:
            before = len(keys)
            for _ in range(40):
                page = [json.loads(line) for line in other.read().body.splitlines()]
                names = [entry["key"] for entry in page if "key" in entry]
                gone = (len(keys) - len(names)) * 2
                same(names, keys[1:gone:2] + keys[gone:])
                check(len(names) <= before, "keys came back")
                before = len(names)
        # Nothing is left of the pages but what the keys take.
        for key in keys[1::2]:
            same(client.ask("DELETE", f"/v1/kv/{key}").status, 204)
        same(metric(server, "janus_kv_memory_used_bytes"), 0)
        for other in slow:
            other.socket.close()


def test_the_map_is_full():
    with Server("--memory", "4MiB") as server, server.connect() as client:
        for start in range(0, 100000, 200):
            client.send(b"".join(request("PUT", f"/v1/kv/{i}", b"") for i in range(start, start + 200)))
            answers = [client.read() for _ in range(200)]
            if any(answer.status != 201 for answer in answers):
                break
        bad = [answer for answer in answers if answer.status != 201]
        check(bad, "never full")
        for answer in bad:
            same(answer.status, 507)
        same(client.ask("PUT", "/v1/kv/0", b"").status, 204)
        same(client.ask("DELETE", "/v1/kv/0").status, 204)
        same(client.ask("PUT", "/v1/kv/new", b"").status, 201)


def test_slow_request_does_not_hold_others():
    with Server("--loops", "1") as server, server.connect() as slow, server.connect() as quick:
        text = request("PUT", "/v1/kv/slow", b"x" * 50)
        for i in range(len(text)):
            slow.send(text[i:i + 1])
            start = time.monotonic()
            same(quick.ask("GET", "/healthz").status, 200)
            check(time.monotonic() - start < 1, "held up")
        same(slow.read().status, 201)


def test_a_busy_client_lets_others_have_their_turn():
    """serve 2, event_loop 1: nor is it forgotten when its turn is over."""
    with Server("--loops", "1") as server, server.connect() as busy, server.connect() as other:
        count = 20000
        sender = threading.Thread(target=busy.send, args=(request("GET", "/v1/kv/none") * count,))
        sender.start()
        check(busy.fill(), "closed")
        for _ in range(20):
            same(other.ask("GET", "/healthz").status, 200)
        same(busy.read().status, 404)
        left = count - 1
        check(metric(server, 'janus_kv_requests_total{method="GET",class="4xx"}') < count, "all at once")
        for _ in range(left):
            same(busy.read().status, 404)
        sender.join()


def test_slow_reader_does_not_hold_others():
    with Server("--loops", "1") as server, server.connect() as slow, server.connect() as quick:
        value = os.urandom(16 << 20)
        quick.ask("PUT", "/v1/kv/k", value)
        slow.send(request("GET", "/v1/kv/k") * 2)
        status, _, headers = slow.read_head()
        same((status, headers["content-length"]), (200, str(len(value))))
        for i in range(200):
            same(quick.ask("PUT", "/v1/kv/k", b"%d" % i).status, 204)
        got = slow.buffer
        while len(got) < len(value):
            time.sleep(0.001)
            got += slow.socket.recv(1 << 18)
        check(got[:len(value)] == value, "the value changed under the reader")
        slow.buffer = got[len(value):]
        same(slow.read().body, b"199")


def test_half_close():
    with Server() as server:
        with server.connect() as client:
            client.send(request("PUT", "/v1/kv/k", b"x" * 100000) + request("GET", "/v1/kv/k"))
            client.socket.shutdown(socket.SHUT_WR)
            same([client.read().status, len(client.read().body)], [201, 100000])
            check(client.at_end(), "still open")
        with server.connect() as client:
            client.socket.shutdown(socket.SHUT_WR)
            check(client.at_end(), "still open")
        with server.connect() as client:
            client.send(request("PUT", "/v1/kv/half", b"x" * 100)[:-1])
            client.socket.shutdown(socket.SHUT_WR)
            check(client.at_end(), "an answer to half a request")
        same(server.ask("GET", "/v1/kv/half").status, 404)


def test_timeouts():
    """serve 4: who is asked for something and owed nothing is told why."""
    with Server("--idle-timeout", "2", "--request-timeout", "1") as server:
        idle, header, body = server.connect(), server.connect(), server.connect()
        start = time.monotonic()
        same(idle.ask("GET", "/healthz").status, 200)
        header.send(b"GET / HTTP/1.1\r\nHost:")
        body.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        problem(header.read(), 408, "request_timeout")
        problem(body.read(), 408, "request_timeout")
        check(time.monotonic() - start > 0.9, "too early")
        check(header.at_end() and body.at_end(), "still open")
        check(idle.at_end(), "still open")
        check(1.9 < time.monotonic() - start < 6, f"after {time.monotonic() - start}")
        with server.connect() as trickle:
            start = time.monotonic()
            text = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100
            try:
                for i in range(len(text)):
                    trickle.send(text[i:i + 1])
                    time.sleep(0.1)
                    if time.monotonic() - start > 5:
                        raise AssertionError("a trickle keeps the connection")
            except (BrokenPipeError, ConnectionResetError):
                pass
        same(metric(server, "janus_kv_connections_timed_out_total"), 4)


def test_a_body_has_its_own_time():
    with Server("--request-timeout", "3") as server, server.connect() as client:
        client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n")
        time.sleep(2)
        client.send(b"\r\n")
        time.sleep(2)
        client.send(b"hello")
        same(client.read().status, 201)


def test_who_never_reads_is_closed():
    with Server("--idle-timeout", "60", "--request-timeout", "1") as server:
        server.ask("PUT", "/v1/kv/k", b"x" * 4000)
        with server.connect() as client:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.socket.settimeout(1)
            try:
                while True:
                    client.send(request("GET", "/v1/kv/k") * 100)
            except OSError:
                pass
            wait_until(lambda: metric(server, "janus_kv_connections_timed_out_total") == 1, "closed", 8)


def test_an_endless_sender_is_closed():
    with Server("--request-timeout", "3") as server, server.connect() as client:
        client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n")
        problem(client.read(), 413, "value_too_large")
        start = time.monotonic()
        try:
            while time.monotonic() - start < 15:
                client.send(b"x" * 65536)
                time.sleep(0.01)
        except OSError:
            pass
        check(2 < time.monotonic() - start < 10, f"closed after {time.monotonic() - start:.1f} s")


def test_a_second_service_on_the_same_port():
    import subprocess
    with Server() as server:
        other = subprocess.run([PROGRAM, "--listen", f"127.0.0.1:{server.port}"], capture_output=True, timeout=10)
        same(other.returncode, 1)
        check(b"AddressInUse" in other.stderr, other.stderr)
        same(other.stdout, b"")


run(globals())
