"""What the benchmarks share: a command's time and memory, and how a goal is said to be met or missed."""
import collections
import os
import platform
import signal
import subprocess
import tempfile
import threading
import time

Run = collections.namedtuple("Run", "wall cpu memory")  # seconds, seconds of all threads and children, MiB


def run(command, folder, environment=None, limit=600):
    """(exit code, output, Run). The command gets `limit` seconds."""
    with tempfile.TemporaryFile(dir=folder) as output:
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, env=environment, start_new_session=True)
        timer = threading.Timer(limit, os.killpg, (child.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read(4000).decode("utf-8", "replace")
    return child.returncode, text, Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def machine():
    return f"{platform.machine()}, {os.cpu_count()} processors"


def judge(value, limit):
    """(met, what to say of a missed goal)"""
    return value <= limit, "" if value <= limit else f", missed by {(value / limit - 1) * 100:.1f} %"


def print_goals(goals):
    """`goals`: [(met, text)]"""
    for met, says in goals:
        print(f"{'met   ' if met else 'MISSED'} {says}")
