"""Programs that the compiler starts, and how it ends when it is told to: nothing runs on, nothing is left behind."""
import os
import signal
import subprocess
import sys

from _cli import HELLO, JANUS, ROOT, TEST, check, children, environment, folder_with, janus, names, run, same, start, wait_until

PROGRAM = """\
profile :service

use std.os.args
use std.os.linux

func main() -> u8 do
    var i: usize = 1
    while i < args.count() do
        println($"[{args.get(i) ?? ""}]")
        i += 1
    end
    let first = args.get(1) ?? ""
    if first == "abort" do
        linux.abort()
    end
    if first == "sleep" do
        linux.sleep_ns(60000000000)
    end
    return if first == "seven" do 7 else 0 end
end
"""

KILLED = """\
profile :service

use std.os.args
use std.os.linux

func main() do
    let text = args.get(1) ?? ""
    if text == "exit" do
        linux.exit(139)
    end
    var number: isize = 0
    for c in text do
        number = number * 10 + (c - '0') as isize
    end
    let kill: usize = if target.arch == .x86_64 do 62 else 129 end
    _ = @syscall(kill, linux.getpid() as isize, number)
end
"""

DEEP = """\
profile :service

use std.os.args
use std.thread

func down(n: u64) -> u64 do
    var a: [100]u64 = [n; 100]
    return a[n % 100] + down(n + 1) + a[3]
end

// Each frame is larger than a guard page.
func down_large(n: u64) -> u64 do
    var a: [5000]u64 = [n; 5000]
    return a[n % 5000] + down_large(n + 1) + a[3]
end

func wild() -> u64 do
    return @ptr_from_int[*u64](8).*
end

func go(n: *u64) do
    n.* = down(1)
end

func main() do
    let where = args.get(1) ?? ""
    var n: u64 = 0
    if where == "main" do
        n = down(1)
    else if where == "large" do
        n = down_large(1)
    else if where == "wild" do
        n = wild()
    else
        let stack = thread.stack_map(65536) catch |_e| do panic("no stack") end
        var t = thread.thread_new()
        thread.thread_spawn(&t, stack, go, &n) catch |_e| do panic("no thread") end
        thread.thread_join(&t)
    end
    println(n)
end

test "before" do
end

test "deep" do
    println(down(1))
end

test "wild" do
    println(wild())
end

test "panics" do
    panic("no")
end

test "after" do
end
"""

TESTS = """\
profile :service

use std.os.linux

test "passes" do
end

test "traps" do
    var i: usize = 2
    i += 1
    let a: [3]u32 = [1, 2, 3]
    println($"{a[i]}")
end

test "leaves" do
    linux.exit(0)
end

test "leaves with three" do
    linux.exit(3)
end

test "turns forever" do
    while true do
    end
end

test "fails" do
    assert(1 == 2, "no")
end

test "passes too" do
end
"""


def test_run_answers_as_the_program():
    with folder_with(program=PROGRAM) as folder:
        for mode in ([], ["--release"], ["--interpret"]):
            done = janus(folder, "run", *mode, "program.jan", "--", "seven", "a b", "", "--release", "--", "ö")
            same((done.returncode, done.stderr), (7, ""), str(mode))
            same(done.stdout, "[seven]\n[a b]\n[]\n[--release]\n[--]\n[ö]\n", str(mode))
            same(janus(folder, "run", *mode, "program.jan").returncode, 0, str(mode))
            same(janus(folder, "run", *mode, "program.jan", "abort").returncode, 128 + signal.SIGABRT, str(mode))
        same(names(folder / "tmp"), [])


def test_run_names_the_signal():
    """What kills a program is named, by itself and apart from an exit code of the same number."""
    with folder_with(program=KILLED) as folder:
        for mode in ([], ["--release"], ["--libc"]):
            for name in ("SEGV", "ABRT", "KILL", "ILL", "FPE", "BUS", "TRAP", "USR1", "SYS"):
                number = signal.Signals["SIG" + name]
                done = janus(folder, "run", *mode, "program.jan", "--", str(int(number)))
                same(done.returncode, 128 + number, f"{mode} {name}")
                check(done.stderr.startswith(f"janus: killed by SIG{name} (") and done.stderr.count("\n") == 1, done.stderr)
        done = janus(folder, "run", "program.jan", "--", "exit")
        same((done.returncode, done.stderr), (139, ""))
        done = janus(folder, "run", "program.jan", "--", str(int(signal.SIGPIPE)))
        same((done.returncode, done.stderr), (128 + signal.SIGPIPE, ""))


def test_stack_is_used_up():
    """rt.watch 1, 2: said with the function, for the first stack and a thread's, and only for a stack."""
    modes = ([], ["--release"], ["--fast"], ["--libc"])
    with folder_with(program=DEEP) as folder:
        for mode in modes:
            for where in ("main", "thread", "large"):
                done = janus(folder, "run", *mode, "program.jan", "--", where)
                function = "down_large" if where == "large" else "down"
                expected = f"panic: the stack is used up\n  in program.{function}\njanus: killed by SIGSEGV (Segmentation fault)\n"
                same((done.returncode, done.stderr), (139, expected), f"{mode} {where}")
            done = janus(folder, "run", *mode, "program.jan", "--", "wild")
            same((done.returncode, done.stderr), (139, "janus: killed by SIGSEGV (Segmentation fault)\n"), str(mode))
        done = janus(folder, "test", "program.jan")
        line = DEEP.splitlines().index('    panic("no")') + 1
        same(done.stdout.splitlines(),
             ["ok program.jan: before", "FAIL program.jan: deep", "    panic: the stack is used up", "      in program.down",
              "    killed by SIGSEGV (Segmentation fault)", "FAIL program.jan: wild", "    killed by SIGSEGV (Segmentation fault)",
              "FAIL program.jan: panics", "    panic: no", f"      at program.jan:{line}:5", "    killed by SIGABRT (Aborted)",
              "ok program.jan: after", "2 passed, 3 failed"])


def test_sanitizers_keep_their_handlers():
    """rt.watch 3: who handles these signals already says what it has to say, and nobody else does."""
    with folder_with(program=DEEP) as folder:
        for where, says in (("main", "AddressSanitizer: stack-overflow"), ("wild", "AddressSanitizer: SEGV")):
            done = janus(folder, "run", "--sanitize=address", "program.jan", "--", where)
            check(done.returncode != 0 and says in done.stderr and "the stack is used up" not in done.stderr, f"{where}: {done.stderr[:300]}")


def test_built_programs_are_not_watched():
    """What `janus build` makes does not hold the code that looks after stacks, so it cannot make its system calls."""
    with folder_with(program=HELLO) as folder:
        same(janus(folder, "build", "program.jan").returncode, 0)
        check(b"__janus_watch" not in (folder / "program").read_bytes(), "a built program is watched")


def test_ignored_child_signals():
    with folder_with(program=PROGRAM, one=TEST) as folder:
        script = 'trap "" CHLD; exec "$0" "$@"'
        for arguments, code in ((["run", "program.jan", "seven"], 7), (["build", "program.jan"], 0), (["test", "one.jan"], 0)):
            done = subprocess.run(["bash", "-c", script, JANUS, *arguments], cwd=folder, env=environment(folder),
                                  capture_output=True, timeout=60)
            same(done.returncode, code, str(arguments))


def started_program(folder):
    process = start(folder, "run", "program.jan", "sleep")
    same(process.stdout.readline(), "[sleep]\n")
    return process, children(process)


def test_run_passes_signals_on():
    with folder_with(program=PROGRAM) as folder:
        for number in (signal.SIGTERM, signal.SIGHUP):
            process, programs = started_program(folder)
            process.send_signal(number)
            same(process.wait(10), 128 + number, str(number))
            check(len(programs) == 1 and not os.path.exists(f"/proc/{programs[0]}"), f"{programs} still there")
            same(names(folder / "tmp"), [], str(number))
            process.communicate()
        # The keyboard's signals go to the whole group.
        process, programs = started_program(folder)
        os.killpg(process.pid, signal.SIGINT)
        same(process.wait(10), 128 + signal.SIGINT)
        same(names(folder / "tmp"), [])
        process.communicate()


def test_interrupted_builds_leave_nothing():
    with folder_with() as folder:
        with open(folder / "big.jan", "w") as file:
            subprocess.run([sys.executable, ROOT / "bench/compile/generate.py", "janus", "40000", "1"], stdout=file, check=True)
        before = names(folder)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for arguments in (["build", "--release", "big.jan", "-o", "out"], ["run", "--release", "big.jan"]):
                process = start(folder, *arguments)
                # The code generator has been loaded: objects are on their way.
                wait_until(lambda: "janus-llvm" in open(f"/proc/{process.pid}/maps").read(), "emission", 30)
                try:
                    process.wait(0.2)
                except subprocess.TimeoutExpired:
                    pass
                process.send_signal(number)
                same(process.wait(30), -number, str(arguments))
                process.communicate()
                same(names(folder), before, str(arguments))
                same(names(folder / "tmp"), [], str(arguments))


def test_each_test_for_itself():
    expected = ["ok t.jan: passes", "FAIL t.jan: traps", "FAIL t.jan: leaves", "FAIL t.jan: leaves with three",
                "FAIL t.jan: turns forever", "FAIL t.jan: fails", "ok t.jan: passes too", "2 passed, 5 failed"]
    with folder_with(t=TESTS) as folder:
        for mode in (["--timeout=1"], ["--timeout=1", "--release"], ["--timeout=1", "--libc"], ["--interpret", "--steps=1000000"]):
            done = janus(folder, "test", *mode, "t.jan")
            same(done.returncode, 1, str(mode))
            same([line for line in done.stdout.splitlines() if not line.startswith("    ")], expected, str(mode))
            check("    left before its end (exit code 0)\n" in done.stdout, done.stdout)
        done = janus(folder, "test", "--filter=passes", "t.jan")
        same((done.returncode, done.stdout), (0, "ok t.jan: passes\nok t.jan: passes too\n2 passed, 0 failed\n"))
        same(names(folder / "tmp"), [])


POINTING = """\
profile :service
use std.thread
use std.thread.{Thread}

var places: [131072]?*u64 = [null; 131072]

func point(word: *u64) do
    places[131071] = word
end

test "points" do
    var word: u64 = 1
    var t: Thread = undefined
    let stack = thread.stack_map(32768) catch panic("no stack")
    thread.thread_spawn(&t, stack, point, &word) catch panic("no thread")
    thread.thread_join(&t)
    assert(places[131071].?.* == 1)
end
"""


def test_every_seed_has_as_much_memory():
    """What a variable of a MiB points to is forgotten with each execution, and so is the memory of that."""
    with folder_with(t=POINTING) as folder:
        done = janus(folder, "test", "--interpret", "--memory=16", "--seeds=40", "t.jan")
        same((done.returncode, done.stdout), (0, "ok t.jan: points\n1 passed, 0 failed\n"))


def test_interrupted_tests_leave_nothing():
    with folder_with(t=TESTS) as folder:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = start(folder, "test", "--filter=turns", "t.jan")
            wait_until(lambda: names(folder / "tmp") and children(process) and "janus." in
                       open(f"/proc/{children(process)[0]}/cmdline").read(), "a test", 30)
            tests = children(process)
            process.send_signal(number)
            same(process.wait(10), -number)
            check(tests and not any(os.path.exists(f"/proc/{test}") for test in tests), f"{tests} still there")
            same(names(folder / "tmp"), [])
            process.communicate()


def test_folders_of_tests():
    with folder_with(one=TEST) as folder:
        deep = folder / "suite" / "deep"
        deep.mkdir(parents=True)
        (deep / "up").symlink_to("..")
        (deep / "here").symlink_to(".")
        (folder / "suite" / "bom.jan").write_bytes(b"\xef\xbb\xbf" + TEST.encode())
        (folder / "suite" / "indented.jan").write_text("  " + TEST)
        (folder / "suite" / "linked.jan").symlink_to("../one.jan")
        (folder / "suite" / "program.jan").write_text(HELLO)
        (folder / "suite" / "zero.jan").write_bytes(b"const a = 1\0\n" + TEST.encode())
        (deep / "wide.jan").write_text(TEST.replace("test ", "test   "))
        done = janus(folder, "test", "suite")
        same(done.stdout.splitlines(),
             ["ok suite/bom.jan: one", "ok suite/deep/wide.jan: one", "ok suite/indented.jan: one",
              "ok suite/linked.jan: one", "FAIL suite/zero.jan: does not build", "4 passed, 1 failed"])
        same(done.returncode, 1)


run(globals())
