#!/usr/bin/env python3
"""GET throughput of janus-kv beside nginx: 100-byte answers, 64 connections, loopback, rounds of the two in turn.

nginx serves a file (from memory where /dev/shm exists), with two workers and without a log. ROUNDS (3) and SECONDS (10) come from the
environment; the one argument is the program (build/janus-kv). Prints requests per second of each round, the medians and their ratio."""
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS", "10"))
VALUE = b"0123456789" * 10

CONFIG = """
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=100;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port} reuseport; root {folder}/root; }}
}}
"""


def fail(text):
    print(f"bench_http: {text}", file=sys.stderr)
    sys.exit(1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_kv(program):
    process = subprocess.Popen([program, "--listen", "127.0.0.1:0", "--loops", "2"], stdout=subprocess.PIPE, text=True)
    match = re.search(r"http://\S+", process.stdout.readline())
    if not match:
        fail(f"{program} did not start")
    url = f"{match[0]}/v1/kv/hundred"
    urllib.request.urlopen(urllib.request.Request(url, data=VALUE, method="PUT")).close()
    return process, url


def start_nginx(folder):
    port = free_port()
    root = Path(folder, "root")
    root.mkdir()
    (root / "hundred").write_bytes(VALUE)
    for path in (Path(folder), root, root / "hundred"):
        path.chmod(0o755)
    config = Path(folder, "nginx.conf")
    config.write_text(CONFIG.format(folder=folder, port=port))
    process = subprocess.Popen(["nginx", "-p", folder, "-c", str(config)])
    url = f"http://127.0.0.1:{port}/hundred"
    for _ in range(100):
        try:
            urllib.request.urlopen(url).close()
            return process, url
        except OSError:
            time.sleep(0.05)
    fail("nginx did not start")


def measure(url):
    text = subprocess.run(["wrk", "-t1", "-c64", f"-d{SECONDS}s", "--latency", url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        fail(f"errors during the run:\n{text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), re.search(r"99%\s+(\S+)", text)[1]


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parents[1] / "build/janus-kv")
    for tool in ("wrk", "nginx"):
        if not shutil.which(tool):
            fail(f"{tool} is not installed: make setup")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        kv, kv_url = start_kv(program)
        nginx, nginx_url = start_nginx(folder)
        try:
            for url in (kv_url, nginx_url):
                with urllib.request.urlopen(url) as answer:
                    if answer.read() != VALUE:
                        fail(f"{url} gives something else")
            ours, theirs = [], []
            for i in range(ROUNDS):
                # Who is first alternates, so that a drift of the machine favours neither.
                order = [(kv_url, ours), (nginx_url, theirs)]
                results = {}
                for url, figures in order if i % 2 == 0 else order[::-1]:
                    figure, tail = measure(url)
                    figures.append(figure)
                    results[url] = f"{figure:10.0f}/s (99% {tail})"
                print(f"round {i + 1}: janus-kv {results[kv_url]}   nginx {results[nginx_url]}", flush=True)
            a, b = statistics.median(ours), statistics.median(theirs)
            print(f"median : janus-kv {a:10.0f}/s   nginx {b:10.0f}/s   ratio {a / b:.2f}")
        finally:
            for process in (kv, nginx):
                process.terminate()
                process.wait()


main()
