"""The process: its options, its end, its system calls, its executable."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from _kv import PROGRAM, Client, Server, check, request, run, same, wait_until

DOCS = Path(__file__).parents[2] / "docs/kv.md"


def outcome(*options):
    return subprocess.run([PROGRAM, *options], capture_output=True, timeout=10)


def test_help():
    done = outcome("--help")
    same((done.returncode, done.stderr), (0, b""))
    for option in (b"--listen", b"--memory", b"--loops", b"--idle-timeout", b"--request-timeout"):
        check(option in done.stdout, f"{option} is missing")


def test_version():
    done = outcome("--version")
    same((done.returncode, done.stderr), (0, b""))
    check(re.fullmatch(rb"janus-kv \d+\.\d+\.\d+\n", done.stdout), done)


def test_what_cannot_be_written_is_an_error():
    for option in ("--help", "--version", "-h"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, option], stdout=full, stderr=subprocess.PIPE, timeout=10)
        same((done.returncode, done.stderr), (1, b"janus-kv: cannot write to standard output\n"), option)
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as broken:
            # Python ignores SIGPIPE, and so does what it starts.
            done = subprocess.run([PROGRAM, option], stdout=broken, stderr=subprocess.PIPE, timeout=10, restore_signals=False)
        same(done.returncode, 1, option)


def test_a_listening_line_that_nobody_reads():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with open("/dev/full", "wb") as full:
        service = subprocess.Popen([PROGRAM, "--listen", f"127.0.0.1:{port}"], stdout=full, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: answers(port), "it serves")
    finally:
        service.send_signal(signal.SIGTERM)
        same(service.wait(10), 0)
        same(service.stderr.read(), b"janus-kv: cannot write to standard output\n")
        service.stderr.close()


def test_few_open_files():
    limited = ["bash", "-c", 'ulimit -n "$0"; exec "$@"']
    for files, options in (("10", []), ("27", []), ("64", ["--loops", "5"])):
        done = subprocess.run([*limited, files, PROGRAM, "--listen", "127.0.0.1:0", *options], capture_output=True, timeout=10)
        same((done.returncode, done.stdout), (1, b""), files)
        check(b"open files are too few" in done.stderr, done)
    with Server(prefix=[*limited, "40"]) as server:
        clients = [server.connect() for _ in range(60)]
        answers = []
        for client in clients:
            try:
                answers.append(client.ask("GET", "/healthz").status)
            except OSError:
                answers.append(0)  # closed with its request unread
        check(answers.count(200) >= 6, f"{answers.count(200)} of 60 were served")
        for client in clients:
            client.socket.close()
        wait_until(lambda: server.ask("GET", "/healthz").status == 200, "room for new connections")


def test_closed_standard_streams():
    # The port is not told: it is taken, closed and given.
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        service = subprocess.Popen(["sh", "-c", f'exec "$0" --listen 127.0.0.1:{port} {closed}', PROGRAM],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: answers(port), closed)
            # What a message would be written to is none of the service's sockets.
            for number in (0, 1, 2):
                target = os.readlink(f"/proc/{service.pid}/fd/{number}")
                check("socket" not in target and "event" not in target.replace("eventpoll", ""), f"{closed}: {target}")
            service.send_signal(signal.SIGTERM)
            same(service.wait(10), 0, closed)
        finally:
            service.kill()
            service.wait()


def answers(port):
    try:
        with Client(port) as client:
            return client.ask("GET", "/healthz").body == b"ok\n"
    except OSError:
        return False


def test_wrong_usage():
    for options in (["--bogus"], ["extra"], ["--listen"], ["--listen", "localhost"], ["--listen", "example.org:80"], ["--listen", "1.2.3.4"],
                    ["--listen", "::1:80"], ["--listen", "[::1]"],
                    ["--memory", "1MiB"], ["--memory", "18446744073709551616"], ["--memory", "65537GiB"], ["--memory", "lots"], ["--memory=5MB"], ["--loops", "0"], ["--loops", "65"],
                    ["--memory", "4MiB", "--loops", "60"], ["--idle-timeout", "x"], ["--request-timeout=0"]):
        done = outcome(*options)
        same(done.returncode, 2, str(options))
        check(done.stderr.startswith(b"janus-kv: ") and done.stdout == b"", done)


def test_both_option_forms():
    with Server("--memory=8MiB", "--loops", "1", "--idle-timeout=5") as server:
        same(server.ask("GET", "/healthz").status, 200)


def test_cannot_listen():
    done = outcome("--listen", "203.0.113.1:1")
    same(done.returncode, 1)
    check(done.stderr.startswith(b"janus-kv: cannot listen on 203.0.113.1:1"), done.stderr)


def test_sigint_ends_it():
    with Server() as server:
        server.process.send_signal(signal.SIGINT)
        same(server.process.wait(10), 0)


def test_sigterm_under_load():
    with Server() as server:
        stop, wrong, done = threading.Event(), [], [0]

        def load():
            try:
                with server.connect() as client:
                    for i in range(10**9):
                        if stop.is_set():
                            return
                        client.send(request("PUT", f"/v1/kv/k{i % 100}", b"x" * 500) + request("GET", f"/v1/kv/k{i % 100}"))
                        put, get = client.read(), client.read()
                        if put.status not in (201, 204) or len(get.body) != 500:
                            wrong.append((put, get))
                        done[0] += 1
            except (AssertionError, OSError):
                pass  # the service closed, between responses or before one

        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        start = time.monotonic()
        server.stop()
        took = time.monotonic() - start
        stop.set()
        for thread in threads:
            thread.join()
        same(server.process.returncode, 0)
        check(took < 6, f"took {took:.1f} s")
        check(not wrong, f"{wrong[:1]}")
        check(done[0] > 10, "no load")


def test_who_has_connected_at_the_end_is_answered():
    with Server("--loops", "1") as server:
        # Stopped, so that connections wait at the listening socket until the signal is there too.
        server.process.send_signal(signal.SIGSTOP)
        clients = []
        for _ in range(300):
            clients.append(server.connect())
            clients[-1].send(request("GET", "/healthz"))
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGCONT)
        for client in clients:
            same(client.read().body, b"ok\n")
            client.socket.close()
        same(server.process.wait(10), 0)


def test_a_request_under_way_is_finished():
    with Server() as server, server.connect() as client:
        client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        server.ask("GET", "/healthz")
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        client.send(b"llo")
        answer = client.read()
        same((answer.status, answer["connection"]), (201, "close"))
        same(server.process.wait(10), 0)


def test_a_stuck_client_does_not_stop_the_end():
    with Server() as server, server.connect() as client:
        client.send(b"PUT /v1/kv/k HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        server.ask("GET", "/healthz")
        start = time.monotonic()
        server.stop()
        check(4 < time.monotonic() - start < 8, f"took {time.monotonic() - start:.1f} s")


def documented_calls():
    text = DOCS.read_text()
    section = text.split("## System calls", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.M))


def traced(work, *options):
    """The system calls after the listening line of a service for which `work` was done, in order."""
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        with Server("--loops", "2", *options, prefix=["strace", "-f", "-qq", "-e", "signal=none", "-o", trace]) as server:
            # strace passes no signal on: find the service itself.
            child = int(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()[0])
            try:
                work(server)
            finally:
                os.kill(child, signal.SIGTERM)
            same(server.process.wait(20), 0)
        calls, listening = [], False
        for line in Path(trace).read_text(errors="replace").splitlines():
            match = re.match(r"\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)", line)
            if listening and match:
                calls.append(match[1])
            if "janus-kv listening on" in line:
                listening = True
        return calls


def much_of_everything(server):
    value = os.urandom(3 << 20)
    clients = [server.connect() for _ in range(20)]
    for turn in range(20):
        for i, client in enumerate(clients):
            client.send(request("PUT", f"/v1/kv/{i}", b"%d" % turn))
        for client in clients:
            check(client.read().status in (201, 204))
    for client in clients:
        same(client.ask("PUT", "/v1/kv/large", value).status in (201, 204), True)
        check(client.ask("GET", "/v1/kv/large").body == value)
    same(clients[0].ask("GET", "/v1/kv?limit=10").status, 200)
    same(clients[0].ask("GET", "/metrics").status, 200)
    clients[1].send(b"junk\r\n\r\n")
    same(clients[1].read().status, 400)
    for client in clients:
        client.socket.close()


def time_running_out(server):
    with server.connect() as slow, server.connect() as idle:
        slow.send(b"GET / HT")
        same(slow.read().status, 408)
        check(idle.at_end(), "idle connection stays")


def a_full_table(server):
    clients = [server.connect() for _ in range(30)]
    for client in clients:
        client.send(request("GET", "/healthz"))
    statuses = [client.read().status for client in clients]
    check(200 in statuses and 503 in statuses, statuses)
    for client in clients:
        client.socket.close()


def test_only_documented_system_calls():
    check(shutil.which("strace"), "strace is not installed")
    calls = traced(much_of_everything)
    check(len(calls) > 500, f"only {len(calls)} calls seen")
    calls += traced(time_running_out, "--idle-timeout", "1", "--request-timeout", "1")
    calls += traced(a_full_table, "--memory", "4MiB")
    allowed = documented_calls()
    check(len(allowed) > 5, "the table in docs/kv.md was not found")
    same(sorted(set(calls) - allowed), [], "undocumented system calls")
    check(not {"mmap", "brk", "mremap", "munmap", "madvise", "clone"} & set(calls), "memory or threads after the start")


def test_executable_is_static():
    text = subprocess.run(["file", "-L", PROGRAM], capture_output=True, text=True).stdout
    check("statically linked" in text, text)


run(globals())
