"""The pool of places: all loops together, who is turned away, and how."""
import os
import signal
import socket
import subprocess
import threading
import time

from _kv import PROGRAM, Server, check, metric, problem, request, run, same, wait_until


def connect_and_hold(server, count):
    return [server.connect() for _ in range(count)]


def is_served(client):
    client.send(request("GET", "/healthz"))
    return client.read().status == 200


def close(clients):
    for client in clients:
        client.socket.close()


def places_of(memory, loops):
    """As plan.jan has them: a quarter of the memory, 52 KiB each, and one in each loop for those that are turned away."""
    return (memory // 4 // 53248 // loops - 1) * loops


def turned_away(server, count):
    """So many clients that were refused, took their answers and stay."""
    away = connect_and_hold(server, count)
    for client in away:
        problem(client.read(), 503, "too_many_connections")
    return away


def test_the_places_of_all_loops_are_one_pool():
    """places 3, event_loop 3: nobody is turned away while any loop has a place, whatever the kernel's spreading."""
    with Server("--memory", "32MiB", "--loops", "8") as server:
        clients = connect_and_hold(server, places_of(32 << 20, 8))
        same(sum(map(is_served, clients)), len(clients))
        same(metric_of(clients[0], "janus_kv_connections_refused_total"), 0)
        with server.connect() as one_more:
            problem(one_more.read(), 503, "too_many_connections")
        # What a loop took for another is counted once, and given back once.
        for _ in range(3):
            close(clients)
            wait_until(lambda: metric(server, "janus_kv_connections") <= 3, "all places free again")
            clients = connect_and_hold(server, places_of(32 << 20, 8) - 3)
            same(sum(map(is_served, clients)), len(clients))
        close(clients)


def metric_of(client, name):
    for line in client.ask("GET", "/metrics").body.decode().splitlines():
        if line.split(" ")[0] == name:
            return int(line.split(" ")[1])
    raise AssertionError(f"no metric {name}")


def test_who_is_turned_away_reads_the_answer_to_its_end():
    """state 3, serve 5: also when it has sent much, which must not end in a reset."""
    with Server("--memory", "4MiB", "--loops", "1") as server:
        inside = connect_and_hold(server, places_of(4 << 20, 1))
        check(all(map(is_served, inside)), "full too early")
        for body in (b"", b"x" * 100, b"x" * 1000000):
            away = connect_and_hold(server, 8)

            def send(client, body=body):
                try:
                    client.send(request("PUT", "/v1/kv/k", body))
                except OSError:
                    pass  # it need not be taken whole

            for client in away:
                sender = threading.Thread(target=send, args=(client,))
                sender.start()
                answer = client.read()
                problem(answer, 503, "too_many_connections")
                same((answer["connection"], answer["retry-after"]), ("close", "1"))
                # The end, not a reset.
                same(client.socket.recv(100), b"")
                client.socket.shutdown(socket.SHUT_RDWR)
                sender.join()
                client.socket.close()
        check(all(map(is_served, inside)), "those inside were disturbed")
        close(inside)
        wait_until(lambda: server.ask("GET", "/healthz").status == 200, "room again")


def test_more_than_can_be_turned_away_at_once_wait():
    """event_loop 3, state 2: until there is a slot for a refusal, or a place."""
    with Server("--memory", "4MiB", "--loops", "1") as server:
        inside = connect_and_hold(server, places_of(4 << 20, 1))
        check(all(map(is_served, inside)), "full too early")
        # They take their answers and stay, so each of the two slots is free again after two seconds.
        away = turned_away(server, 2)
        lucky = server.connect()
        lucky.send(request("GET", "/healthz"))
        inside.pop().socket.close()
        same(lucky.read().status, 200)
        inside.append(lucky)
        away += turned_away(server, 5)
        close([*inside, *away])
        wait_until(lambda: metric(server, "janus_kv_connections") == 1, "slots given back")


def test_who_is_held_at_the_end_is_answered():
    """event_loop 3, 4: a stop frees places, and who has been accepted gets one."""
    with Server("--memory", "4MiB", "--loops", "1") as server:
        inside = connect_and_hold(server, places_of(4 << 20, 1))
        check(all(map(is_served, inside)), "full too early")
        away = turned_away(server, 2)
        held = server.connect()
        held.send(request("GET", "/healthz"))
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        answer = held.read()
        same((answer.status, answer["connection"]), (200, "close"))
        close([*inside, *away, held])
        same(server.process.wait(10), 0)


def test_loops_stop_together():
    """event_loop 4, places 5: with connections in every loop, most of them handed over."""
    with Server("--memory", "16MiB", "--loops", "6") as server:
        clients = connect_and_hold(server, places_of(16 << 20, 6) - 1)
        check(all(map(is_served, clients)), "turned away")
        for client in clients[::2]:
            client.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        server.ask("GET", "/healthz")
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        for client in clients[::2]:
            client.send(b"\r\n")
            same(client.read().body, b"ok\n")
        close(clients)
        same(server.process.wait(10), 0)


def listening(address):
    service = subprocess.Popen([PROGRAM, "--listen", address, "--memory", "8MiB"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return service, service.stdout.readline().decode().strip()


def asked(family, host, port):
    with socket.socket(family) as client:
        client.settimeout(10)
        client.connect((host, port))
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        text = b""
        while data := client.recv(1000):
            text += data
        return text.endswith(b"ok\n")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def test_listens_on_both_families():
    v4, v6 = (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")
    table = [("localhost:0", "http://127.0.0.1:", [v4]), ("LOCALHOST:0", "http://127.0.0.1:", [v4]), ("0.0.0.0:0", "http://0.0.0.0:", [v4])]
    if has_ipv6():
        table += [("[::1]:0", "http://[::1]:", [v6]), ("[::]:0", "http://[::]:", [v4, v6]), ("[0:0:0:0:0:0:0:1]:0", "http://[::1]:", [v6])]
    for address, shown, clients in table:
        service, line = listening(address)
        try:
            check(f"janus-kv listening on {shown}" in line, f"{address}: {line!r}")
            port = int(line.rsplit(":", 1)[1])
            # Several times: each loop has a listening socket.
            for _ in range(8):
                for family, host in clients:
                    check(asked(family, host, port), f"{address} is not answered on {host}")
            other = subprocess.run([PROGRAM, "--listen", f"{address.rsplit(':', 1)[0]}:{port}"], capture_output=True, timeout=10)
            same(other.returncode, 1, address)
            check(b"AddressInUse" in other.stderr, other.stderr)
        finally:
            service.send_signal(signal.SIGTERM)
            same(service.wait(10), 0, address)
            same(service.stderr.read(), b"", address)
            service.stdout.close()
            service.stderr.close()


run(globals())
