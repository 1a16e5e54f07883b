"""A store whose process is killed while four threads write to it, again and again, over one folder. What was acknowledged as durable stands
on the program's standard output, which outlives it; the next start must find all of it, and nothing that was not written.

One case in a hundred kills is what a change of the order of sync and acknowledgement takes to show."""
import os
import random
import signal
import subprocess
import time

from .common import Case, Result, clipped

PROGRAM = "tests/kill/load.jan"
LIMIT = 60
# Of one kill after the other, over one store; a fresh one now and then, since a store that is new has ways of its own.
ROUNDS, LONG_ROUNDS, OVER_ONE_STORE = 100, 2000, 25
LONGEST_LIFE = 0.15
SEED = 20


def collect(context):
    return [Case("kill/acknowledged", lambda: check(context))]


def check(context):
    program = context.scratch / "load"
    built = context.compiler("build", PROGRAM, "-o", program, "--release", limit=600)
    if built.code != 0:
        return Result("kill/acknowledged", False, f"{PROGRAM} does not build\n" + clipped(built.out + built.err))
    rounds = LONG_ROUNDS if context.long else ROUNDS
    dice = random.Random(SEED)
    told = 0
    for first in range(0, rounds, OVER_ONE_STORE):
        folder = context.scratch / f"killed-{first}"
        acknowledged = {}
        for number in range(first, min(first + OVER_ONE_STORE, rounds)):
            wrong = kill_once(program, folder, dice.random() * LONGEST_LIFE, acknowledged)
            if wrong:
                return Result("kill/acknowledged", False, f"kill {number} of seed {SEED}: {wrong}")
        told += sum(acknowledged.values())
    # A store that acknowledges nothing would pass.
    enough = told > 10 * rounds
    return Result("kill/acknowledged", enough, f"{told} writes were acknowledged in {rounds} lives")


def kill_once(program, folder, life, acknowledged):
    """What is wrong with what the kill left, or None. `acknowledged` has the last write of each thread that was told."""
    process = subprocess.Popen([program, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Nobody reads meanwhile: what it tells in its life fits the pipe.
    time.sleep(life)
    process.send_signal(signal.SIGKILL)
    told, complaint = process.communicate(timeout=LIMIT)
    if complaint:
        return f"the writer said {complaint.decode(errors='replace')}"
    for line in told.decode().split("\n")[:-1]:
        thread, write = map(int, line.split())
        acknowledged[thread] = max(acknowledged.get(thread, 0), write)
    looked = subprocess.run([program, folder, "check"], capture_output=True, text=True, timeout=LIMIT, env=dict(os.environ))
    if looked.returncode != 0:
        return f"after {acknowledged}: {looked.stderr}"
    for line in looked.stdout.splitlines():
        thread, write = map(int, line.split())
        if write < acknowledged.get(thread, 0):
            return f"thread {thread} was told of write {acknowledged[thread]}, and {write} is the last that is there"
        # What was not told is there or not, and counts from now on.
        acknowledged[thread] = write
    return None
