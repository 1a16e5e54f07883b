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
    """tool 2, 3, tool_refusal 1: what is refused stays as it is."""
    with tempfile.TemporaryDirectory() as root:
        for command in (["get", "x"], ["del", "x"], ["scan"], ["dump"], ["snapshot", "x"], ["bench"], ["check"], ["repair"]):
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


def told(*arguments):
    """The exit code, the lines on standard output, and what standard error sums up."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def flip(file, at):
    with open(file, "r+b") as f:
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ 1]))


def test_check_and_repair():
    """tool_check 1, 2: what is wrong is told, with its place; what is lost as well; the rest is there."""
    with tempfile.TemporaryDirectory() as data:
        large = os.urandom(100000)
        tool("put", "--data", data, "--key-encoded", "a%20%FF", "1")
        tool("put", "--data", data, "large", given=large)
        tool("put", "--data", data, "small", "2")
        before = {f.name: f.read_bytes() for f in Path(data).iterdir()}
        code, named, summary = told("check", "--data", data)
        check((code, named) == (0, []) and summary.endswith(" 3 versions; faults: 0\n"), (code, named, summary))
        same({f.name: f.read_bytes() for f in Path(data).iterdir()}, before)
        same(told("repair", "--data", data), (0, [], f"janus-kv: {data}: nothing is wrong with it\n"))
        before["LOCK"] = Path(data, "LOCK").read_bytes()
        same({f.name: f.read_bytes() for f in Path(data).iterdir()}, before)
        first, blob = min(Path(data).glob("*.sst")), next(Path(data).glob("*.blob"))
        flip(first, 10)
        flip(blob, 50000)
        code, named, summary = told("check", "--data", data)
        check(code == 1 and summary.endswith("; faults: 2\n"), (code, summary))
        same(sorted(line.split(" at ")[0] for line in named), sorted([first.name, blob.name]))
        holder = subprocess.Popen([PROGRAM, "put", "--data", data, "other"], stdin=subprocess.PIPE)
        try:
            wait_until(lambda: Path(data, "LOCK").read_bytes() == str(holder.pid).encode(), "it has the folder")
            for command in ("check", "repair"):
                same(told(command, "--data", data), (1, [], f"janus-kv: {data}: another process has it open\n"))
        finally:
            holder.communicate(b"3")
        code, named, summary = told("repair", "--data", data)
        check(code == 0 and summary.endswith("; what was damaged is in damaged-1\n"), (code, summary))
        check(any(line.endswith("keys to a%20%FF") for line in named) and any("the value of large at version " in line for line in named), named)
        same(told("check", "--data", data)[:2], (0, []))
        same([line["key"] for line in lines(tool("scan", "--data", data))], ["other", "small"])
        same(tool("get", "--data", data, "small"), b"2")
        tool("get", "--data", data, "large", code=1)
        for file in before:
            if Path(data, file).exists():
                Path(data, file).write_bytes(b"")
        code, named, _ = told("check", "--data", data)
        check(code == 1 and named, "a folder of empty files")
        same(told("repair", "--data", data)[0], 0)
        same(told("check", "--data", data)[:2], (0, []))


def test_load_and_restore():
    """tool_load 1, 2: what was dumped comes back; a line that is wrong is told, and what stands before it is there."""
    with tempfile.TemporaryDirectory() as root:
        data, large = f"{root}/db", os.urandom(3 << 20)
        values = {b"text": "ünïcode \"quoted\"\n\0".encode(), b"\xff\0": b"\xfe", b"large": large, b"empty": b""}
        for key, value in values.items():
            if b"\0" not in key:
                tool("put", "--data", data, key, given=value)
        tool("put", "--data", data, "--key-encoded", "%ff%00", given=values[b"\xff\0"])
        tool("put", "--data", data, "--ttl", "3600", "ends", "x")
        dump = tool("dump", "--data", data)
        many = b"".join(b'{"op":"put","key":"%d","value":"%s"}\r\n\n' % (i, b"v" * 500) for i in range(5000))
        many += b'{"op":"delete","key":"7"}\n{"op":"put","ttl":1000,"key":"8","value":"8"}'
        tool("load", "--data", f"{root}/many", given=many)
        listed = lines(tool("scan", "--data", f"{root}/many"))
        same((len(listed), {line["key"] for line in listed}), (4999, {str(i) for i in range(5000) if i != 7}))
        same([line["value"] for line in listed if "expires" in line], ["8"])
        Path(f"{root}/file").write_bytes(dump)
        os.mkdir(f"{root}/empty")
        for to, arguments, given in ((f"{root}/a", [], dump), (f"{root}/b/", [f"{root}/file"], b""), (f"{root}/empty", [], dump), (f"{root}/many", None, dump)):
            if arguments is None:
                tool("load", "--data", to, given=given)
                same(len(lines(tool("scan", "--data", to))), 5004)
                continue
            tool("restore", "--data", to, *arguments, given=given)
            same(tool("dump", "--data", to), dump)
            same(tool("get", "--data", to, "large"), large)
            same(told("check", "--data", to)[:2], (0, []))
        before = sorted(os.listdir(root))
        cut, lie = dump[:dump.rindex(b"{")], dump.replace(b'"count":5', b'"count":4')
        for given, why in ((cut, "no end"), (lie, "4 lines"), (dump[:-10], "not JSON"), (b"", "no end"), (dump + dump, "behind the end"),
                           (b'{"op":"put","key":"a"}\n', "line 1: a put has"), (b"\n\n[]\n", "line 3: not an object")):
            done = subprocess.run([PROGRAM, "restore", "--data", f"{root}/none"], input=given, capture_output=True, timeout=60)
            check(done.returncode == 1 and why in done.stderr.decode(), (done, why))
        same(sorted(os.listdir(root)), before)
        tool("restore", "--data", f"{root}/a", given=dump, code=1)
        tool("restore", "--data", f"{root}/file", given=dump, code=1)
        tool("restore", "--data", "/", given=dump, code=2)
        tool("restore", "--data", f"{root}/c", f"{root}/missing", code=1)
        same(sorted(os.listdir(root)), before)
        os.mkdir(f"{root}/c.restoring")
        tool("restore", "--data", f"{root}/c", given=dump, code=1)
        check(not os.path.exists(f"{root}/c"), "nothing is made")
        done = subprocess.run([PROGRAM, "load", "--data", f"{root}/c"], input=b'{"op":"put","key":"a","value":""}\n{"op":"put"}\n', capture_output=True, timeout=60)
        same((done.returncode, done.stderr), (1, b"janus-kv: standard input, line 2: no `key` and no `key64`\n"))
        same(len(lines(tool("scan", "--data", f"{root}/c"))), 1)


def test_what_a_crash_cut_short():
    """tool 2: a line tells of it, with file, place and bytes; the command is done."""
    with tempfile.TemporaryDirectory() as data:
        tool("put", "--data", data, "key", "value")
        manifest = next(Path(data).glob("MANIFEST-*"))
        with open(manifest, "ab") as f:
            f.write(b"half an edit")
        size = manifest.stat().st_size
        same(told("get", "--data", data, "key"), (0, ["value"], f"janus-kv: {data}/{manifest.name} at {size - 12}: cut short by a crash, 12 bytes dropped\n"))
        same(told("get", "--data", data, "key"), (0, ["value"], ""))


def test_lines_that_are_long():
    """tool_load 3: a line has a longest length, and what is read is not kept."""
    with tempfile.TemporaryDirectory() as data:
        value = b'"' + b"\\u0001" * (16 << 20) + b'"'
        tool("load", "--data", data, given=b'{"op":"put","key":"a","value":' + value + b"}")
        same(tool("get", "--data", data, "a"), bytes([1]) * (16 << 20))
        done = subprocess.run([PROGRAM, "load", "--data", data], input=b"x" * (6 * (16 << 20) + 40000), capture_output=True, timeout=60)
        same((done.returncode, done.stderr), (1, b"janus-kv: standard input, line 1: the line is too long\n"))


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
