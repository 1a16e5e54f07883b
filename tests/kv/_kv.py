"""Starting the service, speaking HTTP to it byte by byte, and reporting: what the scripts of this folder share."""
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))
from script import check, run, same, wait_until  # noqa: E402, F401: for the scripts

PROGRAM = os.environ.get("JANUS_KV", "build/janus-kv")


class Server:
    """A running service. Use it with `with`; leaving stops it by SIGTERM and checks that it ended well."""

    def __init__(self, *options, prefix=(), expect_exit=0):
        self.expect_exit = expect_exit
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([*prefix, PROGRAM, "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, stderr=self.errors)
        ready, _, _ = select.select([self.process.stdout], [], [], 20)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.fullmatch(r"janus-kv listening on http://127\.0\.0\.1:(\d+)\n", line)
        if not match:
            self.process.kill()
            raise AssertionError(f"no listening line but {line!r}; {self.stderr()}")
        self.port = int(match[1])

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.stop()
        text = self.stderr()
        if kind is None:
            check(self.process.returncode == self.expect_exit, f"exit code {self.process.returncode}: {text}")
            check(text == "", f"on standard error: {text}")
        elif text:
            print(f"  the service said: {text}", file=sys.stderr)
        self.process.stdout.close()
        self.errors.close()

    def stop(self, limit=15):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running {limit} s after SIGTERM") from None

    def connect(self, timeout=20):
        return Client(self.port, timeout)

    def ask(self, method, path, body=None, headers=()):
        with self.connect() as client:
            return client.ask(method, path, body, headers)


class Response:
    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    def __getitem__(self, name):
        return self.headers.get(name.lower())

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:200]!r}>"


class Client:
    """One connection."""

    def __init__(self, port, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def read_head(self):
        while b"\r\n\r\n" not in self.buffer:
            if not self.fill():
                raise AssertionError(f"closed inside a response head: {self.buffer[:200]!r}")
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        version, status, reason = lines[0].split(" ", 2)
        check(version == "HTTP/1.1", lines[0])
        headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            check(name.lower() not in headers, f"header twice: {name}")
            headers[name.lower()] = value
        return int(status), reason, headers

    def read(self, head_only=False):
        status, reason, headers = self.read_head()
        size = 0 if head_only else int(headers.get("content-length", 0))
        chunks, have = [self.buffer], len(self.buffer)
        while have < size:
            data = self.socket.recv(1 << 20)
            if not data:
                raise AssertionError(f"closed after {have} of {size} body bytes")
            chunks.append(data)
            have += len(data)
        whole = b"".join(chunks)
        body, self.buffer = whole[:size], whole[size:]
        return Response(status, reason, headers, body)

    def ask(self, method, path, body=None, headers=()):
        self.send(request(method, path, body, headers))
        return self.read(method == "HEAD")

    def at_end(self):
        """True when the service closes without saying any more."""
        if self.buffer:
            return False
        try:
            return not self.fill()
        except ConnectionResetError:
            return True


def request(method, path, body=None, headers=()):
    text = f"{method} {path} HTTP/1.1\r\nHost: test\r\n"
    for name, value in headers:
        text += f"{name}: {value}\r\n"
    if body is not None:
        text += f"Content-Length: {len(body)}\r\n"
    return text.encode("latin-1") + b"\r\n" + (body or b"")


def problem(response, status, code):
    same(response.status, status, "status")
    same(response["content-type"], "application/problem+json")
    document = json.loads(response.body)
    same(document["status"], status)
    same(document["code"], code)
    same(document["title"], response.reason)


def metric(server, name):
    for line in server.ask("GET", "/metrics").body.decode().splitlines():
        if line.split(" ")[0] == name:
            return int(line.split(" ")[1])
    raise AssertionError(f"no metric {name}")
