"""The service under the thread sanitizer: whatever two threads touch without an order is a message on standard error."""
import os
import subprocess
import tempfile
import threading
from pathlib import Path

import _kv
from _kv import Server, check, metric, request, run, same

ROOT = Path(__file__).parents[2]


def sanitized(folder):
    program = os.path.join(folder, "janus-kv")
    compiler = Path(_kv.PROGRAM).absolute().with_name("janus")
    built = subprocess.run([compiler, "build", "--sanitize=thread", "apps/kv/main.jan", "-o", program], cwd=ROOT, capture_output=True, text=True, timeout=200)
    check(built.returncode == 0, built.stderr[:500])
    return program


def test_no_two_threads_touch_the_same_without_an_order():
    """state 1, metrics 2: connections that come and go in every loop, writes, reads that outlast replacements, full memory, a stop."""
    with tempfile.TemporaryDirectory() as folder:
        before = _kv.PROGRAM
        _kv.PROGRAM = sanitized(folder)
        try:
            load()
        finally:
            _kv.PROGRAM = before


def load():
    with Server("--loops", "4", "--memory", "16MiB") as server:
        wrong = []

        def work(number):
            try:
                for turn in range(12):
                    with server.connect() as client:
                        for i in range(8):
                            key = f"/v1/kv/k{(number + i) % 6}"
                            answer = client.ask("PUT", key, bytes([number]) * (i * 9973))
                            check(answer.status in (201, 204, 503, 507), answer)
                            if answer["connection"] == "close":
                                break
                            client.send(request("GET", key) + request("GET", "/v1/kv?limit=5"))
                            check(client.read().status in (200, 404) and client.read().status in (200, 503))
                            if i == 5:
                                check(client.ask("DELETE", key).status in (204, 404))
                    check(0 <= metric(server, "janus_kv_connections") <= 100, "more ends than beginnings")
            except Exception as error:  # noqa: BLE001: reported below
                wrong.append(error)

        # All places are taken, so that loops hand over and turn away.
        threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
        for thread in threads:
            thread.start()
        crowd = [server.connect() for _ in range(70)]
        for client in crowd:
            client.send(request("GET", "/healthz"))
        for client in crowd:
            check(client.read().status in (200, 503))
            client.socket.close()
        for thread in threads:
            thread.join()
        # Those who came while the crowd was there may have been turned away.
        others = [error for error in wrong if "503" not in str(error) and "no metric" not in str(error)]
        check(not others, f"{others[:1]}")
        same(server.ask("GET", "/healthz").status, 200)


run(globals())
