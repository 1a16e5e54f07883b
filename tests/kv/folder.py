"""The commands that work on a folder."""
import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path

from _kv import PROGRAM, check, run, same, wait_until


def tool(*arguments, given=b"", code=0):
    done = subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, timeout=60)
    same(done.returncode, code, f"{arguments}: {done.stderr!r}")
    check((done.returncode == 0) == (done.stderr == b""), f"{arguments}: {done.stderr!r}")
    return done.stdout


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_what_was_put_is_there():
    """tool 1: each command is a process of its own."""
    with tempfile.TemporaryDirectory() as root:
        data = f"{root}/db"
        tool("put", "--data", data, "hello", "world")
        same(tool("get", "hello", "--data", data), b"world")
        tool("put", f"--data={data}", "--", "-x", "--y")
        same(tool("get", f"--data={data}", "--", "-x"), b"--y")
        tool("put", "--data", data, "hello", given=b"a\0b")
        same(tool("get", "--data", data, "hello"), b"a\0b")
        tool("put", "--data", data, "--key-encoded", "a%00b%2f", "")
        same(tool("get", "--data", data, "--key-encoded", "a%00b%2F"), b"")
        tool("del", "--data", data, "hello")
        same(tool("get", "--data", data, "hello", code=1), b"")
        same(tool("del", "--data", data, "hello", code=1), b"")
        same(os.stat(data).st_mode & 0o777, 0o700)
        check(all(f.stat().st_mode & 0o777 == 0o600 for f in Path(data).iterdir()), "files are for their owner alone")


def test_values_of_all_sizes():
    with tempfile.TemporaryDirectory() as data:
        for size in (0, 1, 65535, 65536, 65537, 200000, 16 << 20):
            value = os.urandom(size)
            tool("put", "--data", data, "key", given=value)
            same(tool("get", "--data", data, "key"), value)
        tool("put", "--data", data, "key", given=bytes((16 << 20) + 1), code=1)
        same(tool("get", "--data", data, "key"), value)


def test_scan_and_dump():
    """tool_lines 1, 3: keys and values of every kind come back."""
    with tempfile.TemporaryDirectory() as data:
        large = os.urandom(100001)
        values = {b"a/1": b"one", b"a/2": b"\xff\0", b"b": "ünïcode \"quoted\"\n".encode(), b"\xfe": b"", b"c": b"x" * 20000, b"d": large}
        for key, value in values.items():
            tool("put", "--data", data, key, given=value)
        tool("put", "--data", data, "--ttl", "3600", "e", "ends")

        def key_of(line):
            return base64.b64decode(line["key64"]) if "key64" in line else line["key"].encode()

        def value_of(line):
            return base64.b64decode(line["value64"]) if "value64" in line else line["value"].encode() if "value" in line else None

        listed = lines(tool("scan", "--data", data))
        same([key_of(line) for line in listed], [b"a/1", b"a/2", b"b", b"c", b"d", b"e", b"\xfe"])
        for line in listed[:5] + listed[6:]:
            value = values[key_of(line)]
            same((line["size"], value_of(line), "expires" in line), (len(value), value if len(value) <= 16384 else None, False))
        check(listed[5]["expires"] > 1_600_000_000_000, listed[5])
        same([key_of(line) for line in lines(tool("scan", "--data", data, "--prefix", "a/"))], [b"a/1", b"a/2"])
        same([key_of(line) for line in lines(tool("scan", "--data", data, "--start", "a/2", "--end", "d"))], [b"a/2", b"b", b"c"])
        same([key_of(line) for line in lines(tool("scan", "--data", data, "--limit", "2"))], [b"a/1", b"a/2"])
        dumped = lines(tool("dump", "--data", data))
        same(dumped[-1], {"end": True, "count": 7})
        same({key_of(line): value_of(line) for line in dumped[:-1]}, {**values, b"e": b"ends"})
        same({line["op"] for line in dumped[:-1]}, {"put"})


def test_a_ttl_ends():
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "--ttl", "1", "key", "value")
        subprocess.run(["sleep", "1.1"], check=True)
        same(tool("get", "--data", data, "key", code=1), b"")
        same(tool("scan", "--data", data), b"")


def test_a_copy():
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "key", "one")
        check(b"snapshots/first: " in tool("snapshot", "--data", data, "first"), "the copy is told")
        tool("put", "--data", data, "key", "two")
        same(tool("get", "--data", f"{data}/snapshots/first", "key"), b"one")
        tool("snapshot", "--data", data, "first", code=1)
        for wrong in ("", "..", ".x", "a/b", "x" * 201):
            tool("snapshot", "--data", data, wrong, code=2)
        tool("put", "--data", f"{data}/snapshots/first", "key", "three")
        same(tool("get", "--data", data, "key"), b"two")


def test_what_is_no_store():
    """tool 2, 3: what is refused stays as it is."""
    with tempfile.TemporaryDirectory() as root:
        for command in (["get", "x"], ["del", "x"], ["scan"], ["dump"], ["snapshot", "x"], ["bench"]):
            tool(*command, "--data", f"{root}/none", code=1)
        check(not os.path.exists(f"{root}/none"), "only put makes a folder")
        Path(f"{root}/file").write_text("text")
        tool("put", "--data", root, "x", "y", code=1)
        tool("put", "--data", f"{root}/file", "x", "y", code=1)
        same(Path(f"{root}/file").read_text(), "text")
        same(sorted(os.listdir(root)), ["file"])


def test_a_store_that_is_in_use_or_damaged():
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "key", "value")
        holder = subprocess.Popen([PROGRAM, "put", "--data", data, "other"], stdin=subprocess.PIPE)
        try:
            wait_until(lambda: Path(data, "LOCK").read_bytes() == str(holder.pid).encode(), "it has the folder")
            done = subprocess.run([PROGRAM, "get", "--data", data, "key"], capture_output=True, timeout=10)
            same((done.returncode, done.stderr), (1, f"janus-kv: {data}: process {holder.pid} has it open\n".encode()))
        finally:
            holder.communicate(b"value")
        same(holder.returncode, 0)
        table = next(Path(data).glob("*.sst"))
        raw = bytearray(table.read_bytes())
        raw[10] ^= 1
        table.write_bytes(raw)
        done = subprocess.run([PROGRAM, "scan", "--data", data], capture_output=True, timeout=10)
        check(done.returncode == 1 and table.name.encode() in done.stderr, done)


def test_wrong_usage():
    for arguments in (["get"], ["get", "x"], ["get", "--data", "x"], ["get", "a", "b", "--data", "x"], ["put"],
                      ["scan", "--data", "x", "--limit", "0"], ["scan", "--data", "x", "--ttl", "5"], ["get", "--data", "", "x"],
                      ["scan", "--data", "x", "--listen", "127.0.0.1:0"], ["get", "", "--data", "x"], ["get", "y" * 4097, "--data", "x"],
                      ["get", "--key-encoded", "%zz", "--data", "x"], ["fetch", "--data", "x"], ["put", "--data", "x", "k", "v", "--ttl", "0"]):
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=10)
        same((done.returncode, done.stdout), (2, b""), str(arguments))
        check(done.stderr.startswith(b"janus-kv: "), done)
        check(not os.path.exists("x"), "nothing is made")


def test_a_disk_that_is_full():
    """tool_lines 2: what cannot be written is an error."""
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "key", given=bytes(100000))
        for command in (["get", "key"], ["scan"], ["dump"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *command, "--data", data], stdout=full, stderr=subprocess.PIPE, timeout=10)
            same((done.returncode, done.stderr), (1, b"janus-kv: cannot write to standard output\n"), str(command))


def test_bench():
    """tool_bench 1: nothing of it is left."""
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "key", "value")
        said = tool("bench", "--data", data, "--count", "500")
        same(said.count(b" ns each\n"), 5)
        same(len(lines(tool("scan", "--data", data))), 1)


run(globals())
