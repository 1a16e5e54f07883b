"""Objects of modules without `main`: in C programs, with each other, on machines without Linux."""
import shutil
import subprocess

from _cli import check, folder_with, janus, run, same

MODES = ([], ["--release"], ["--fast"])
LINKS = ([], ["-static"], ["-no-pie"], ["-Wl,--gc-sections"])

PAIR = """\
pub struct Pair[A] { pub a: A, pub b: A }

pub func sum[A](p: *const Pair[A]) -> A do
    return p.a + p.b
end

pub func at(p: *const u32, n: usize, i: usize) -> u32 do
    return @slice(p, n)[i]
end

pub func same(p: *const u8, q: *const u8, n: usize) -> bool do
    return @slice(p, n) == @slice(q, n)
end
"""

# Both have the same generic instance, the same checks and copies large enough for memcpy.
ONE = """\
use pair.{Pair, sum, at, same}

extern struct Big { bytes: [300]u8 }

var calls: u32 = 0

export func add3(a: u32) -> u32 do
    let p = Pair { a: a, b: 3 }
    return sum(&p)
end

export func pick(p: *const u32, n: usize, i: usize) -> u32 do
    calls += 1
    return at(p, n, i)
end

export func copy_big(to: *Big, from: *const Big) do
    to.* = from.*
end

export func equal(p: *const u8, q: *const u8, n: usize) -> bool do
    return same(p, q, n)
end
"""

OTHER = """\
use pair.{Pair, sum, at}

extern struct Large { bytes: [300]u8 }

var calls: u32 = 5

export func add4(a: u32) -> u32 do
    calls += 1
    let p = Pair { a: a, b: 4 }
    return sum(&p) + calls - calls
end

export func pick_too(p: *const u32, n: usize, i: usize) -> u32 do
    return at(p, n, i)
end

export func copy_large(to: *Large, from: *const Large) do
    to.* = from.*
end
"""

HOST = """\
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
unsigned add3(unsigned), add4(unsigned), pick(const unsigned *, size_t, size_t), pick_too(const unsigned *, size_t, size_t);
void copy_big(void *, const void *), copy_large(void *, const void *);
bool equal(const void *, const void *, size_t);
_Noreturn void __janus_trap(const char *message, size_t length) {
    fprintf(stderr, "host: %.*s", (int)length, message);
    exit(7);
}
int main(int argc, char **argv) {
    unsigned x[3] = {1, 2, 3};
    char a[300] = "text", b[300], c[300];
    copy_big(b, a);
    copy_large(c, b);
    printf("%u %u %u %u %d %d\\n", add3(4), add4(4), pick(x, 3, 2), pick_too(x, 3, 1), equal(a, c, 300), equal("abc", "abd", 3));
    fflush(stdout);
    return argc > 1 ? (int)pick_too(x, 3, 3) : 0;
}
"""

# A Janus program that knows the objects by their symbols alone.
USER = """\
extern func add3(a: u32) -> u32
extern func add4(a: u32) -> u32

func main() do
    println(add3(1) * add4(1))
end
"""

ROUTINES = {"memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen", "fmod", "fmodf", "__janus_thread_clone", "__janus_sigreturn"}


def symbols(path):
    """kind → names, of the symbols that other objects see or must have."""
    found = {}
    for line in subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout.splitlines():
        kind, name = line.split()[-2:]
        found.setdefault(kind, set()).add(name)
    return found


def built(folder, stem, *options):
    done = janus(folder, "build", "--emit=obj", *options, f"{stem}.jan")
    same((done.returncode, done.stderr), (0, ""), f"{stem} {options}")
    return folder / f"{stem}.o"


def compilers():
    return [name for name in ("gcc", "clang-19") if shutil.which(name)]


def linked(folder, compiler, *options):
    (folder / "host.c").write_text(HOST)
    done = subprocess.run([compiler, "host.c", "one.o", "other.o", "-o", "host", *options], cwd=folder, capture_output=True, text=True)
    same((done.returncode, done.stderr), (0, ""), f"{compiler} {options}")
    return folder / "host"


def test_symbols():
    with folder_with(pair=PAIR, one=ONE) as folder:
        for mode in MODES:
            seen = symbols(built(folder, "one", *mode))
            same(seen["T"], {"add3", "pick", "copy_big", "equal"}, str(mode))
            same(seen.get("W"), ROUTINES, str(mode))
            same(seen.get("U", set()), set(), str(mode))
            seen = symbols(built(folder, "one", *mode, "--libc"))
            same(seen["T"], {"add3", "pick", "copy_big", "equal"}, str(mode))
            check(seen.get("U", set()) <= ROUTINES and "W" not in seen, f"{mode}: {seen}")
        # What is not used of the runtime is not there.
        (folder / "bare.jan").write_text("export func same(n: u32) -> u32 do\n    return n\nend\n")
        names = subprocess.run(["nm", built(folder, "bare")], capture_output=True, text=True).stdout
        check("trap" not in names and "fmt" not in names, names)


def test_two_objects_in_a_c_program():
    with folder_with(pair=PAIR, one=ONE, other=OTHER) as folder:
        for mode in MODES:
            for libc in ([], ["--libc"]):
                built(folder, "one", *mode, *libc)
                built(folder, "other", *mode, *libc)
                kinds = LINKS if mode == ["--release"] else LINKS[:1]
                for compiler, options in [(compiler, options) for compiler in compilers() for options in kinds]:
                    program = linked(folder, compiler, *options)
                    done = subprocess.run([program], capture_output=True, text=True)
                    same((done.returncode, done.stdout), (0, "7 8 3 2 1 0\n"), f"{mode} {libc} {compiler} {options}")
                if mode == ["--fast"]:
                    continue
                done = subprocess.run([program, "trap"], capture_output=True, text=True)
                same(done.returncode, -6, str(mode))
                same(done.stderr.splitlines()[0], "panic: index out of range: 3 of 3", str(mode))


def test_in_a_shared_object():
    with folder_with(pair=PAIR, one=ONE) as folder:
        built(folder, "one", "--release")
        done = subprocess.run(["gcc", "-shared", "one.o", "-o", "libone.so", "-Wl,-z,text"], cwd=folder, capture_output=True, text=True)
        same((done.returncode, done.stderr), (0, ""))
        shown = subprocess.run(["nm", "-D", "--defined-only", "libone.so"], cwd=folder, capture_output=True, text=True).stdout
        same({line.split()[-1] for line in shown.splitlines()} & ({"add3"} | ROUTINES), {"add3"})


def test_in_a_janus_program():
    with folder_with(pair=PAIR, one=ONE, other=OTHER, user=USER) as folder:
        for stem in ("one", "other", "user"):
            built(folder, stem, "--release")
        linker = shutil.which("ld.lld-19") or shutil.which("ld")
        done = subprocess.run([linker, "-static", "user.o", "one.o", "other.o", "-o", "user"], cwd=folder, capture_output=True, text=True)
        same((done.returncode, done.stderr), (0, ""))
        same(subprocess.run([folder / "user"], capture_output=True, text=True).stdout, "20\n")


def test_freestanding():
    needed = {"__janus_trap", "memcpy", "memmove", "memset", "memcmp"}
    with folder_with(pair=PAIR, one=ONE, other=OTHER) as folder:
        for target in ([], ["--target=aarch64-linux"]):
            for mode in MODES:
                seen = symbols(built(folder, "one", "--freestanding", *mode, *target))
                check(seen.get("U", set()) <= needed, f"{mode} {target}: {seen}")
                check(mode == ["--fast"] or "__janus_trap" in seen["U"], f"{mode} {target}: {seen}")
                shown = subprocess.run(["llvm-objdump-19" if shutil.which("llvm-objdump-19") else "objdump", "-d", folder / "one.o"],
                                       capture_output=True, text=True).stdout
                check("add3" in shown and "syscall" not in shown and "svc" not in shown, f"{mode} {target}: a system call")
        for mode in MODES:
            built(folder, "one", "--freestanding", *mode)
            built(folder, "other", "--freestanding", *mode)
            for compiler in compilers():
                program = linked(folder, compiler)
                done = subprocess.run([program], capture_output=True, text=True)
                same((done.returncode, done.stdout), (0, "7 8 3 2 1 0\n"), f"{mode} {compiler}")
                if mode != ["--fast"]:
                    done = subprocess.run([program, "trap"], capture_output=True, text=True)
                    same((done.returncode, done.stderr.splitlines()), (7, ["host: panic: index out of range: 3 of 3", "  at pair.jan:8:12"]))


THREADS = """profile :service
use std.thread
use std.thread.{Thread}
var answer: u32 = 0
func go(n: *u32) do
    answer = n.* + 1
end
export func on_a_thread(n: *u32) -> u32 do
    var t: Thread = thread.thread_new()
    let stack = thread.stack_map(65536) catch return 1
    thread.thread_spawn(&t, stack, go, n) catch return 2
    thread.thread_join(&t)
    return answer
end
"""


def test_threads_with_libc():
    """An object whose thread entry is C's says what to link; with that it is complete, beside a `main` of C as well."""
    main = "#include <stdio.h>\nunsigned on_a_thread(unsigned *);\nint main(void) { unsigned n = 6; printf(\"%u\\n\", on_a_thread(&n)); }\n"
    program = "func main() do println(3) end\n"
    with folder_with(threads=THREADS, program=program, plain="export func f() -> u32 do return 1 end\n") as folder:
        (folder / "main.c").write_text(main)
        told = janus(folder, "build", "--emit=obj", "--libc", "threads.jan")
        same(told.returncode, 0, told.stderr)
        start = [word for word in told.stderr.replace(",", " ").split() if word.endswith("rt/libc.c")]
        same(len(start), 1, told.stderr)
        same(janus(folder, "build", "--emit=obj", "--libc", "program.jan").stderr, told.stderr)
        same(janus(folder, "build", "--emit=obj", "--libc", "plain.jan").stderr, "")
        same(janus(folder, "build", "--emit=obj", "threads.jan").stderr, "")
        same(janus(folder, "build", "--emit=obj", "--libc", "threads.jan").returncode, 0)
        for objects, printed in ((["main.c", "threads.o"], "7\n"), (["program.o"], "3\n")):
            done = subprocess.run(["gcc", "-pthread", *objects, *start, "-lm", "-o", "made"], cwd=folder, capture_output=True, text=True)
            same((done.returncode, done.stderr), (0, ""), str(objects))
            same(subprocess.run([folder / "made"], capture_output=True, text=True).stdout, printed, str(objects))


def test_refusals():
    texts = {"prints": ("export func f() do\n    println(1)\nend\n", "error[E5003]"),
             "starts": ("func main() do end\n", "error[E5003]"),
             "calls": ("export func f() -> isize do\n    return @syscall(39)\nend\n", "error[E5003]"),
             "threads": ("profile :service\nuse std.thread\nfunc go(n: *u8) do end\nexport func f(t: *thread.Thread, n: *u8) do\n"
                         "    _ = thread.thread_spawn(t, @slice(n, 1), go, n) catch return\nend\n", "error[E5003]"),
             "pointed": ("func g() do\n    println(1)\nend\nvar p: func() = g\nexport func f() do\n    p()\nend\n", "error[E5003]")}
    with folder_with(**{name: text for name, (text, _) in texts.items()}) as folder:
        for name, (_, expected) in texts.items():
            done = janus(folder, "build", "--emit=obj", "--freestanding", f"{name}.jan")
            same(done.returncode, 1, name)
            check(expected in done.stderr and done.stderr.count("error[") == 1, f"{name}: {done.stderr}")
            checked = janus(folder, "check", "--freestanding", f"{name}.jan")
            same((checked.returncode, checked.stderr), (1, done.stderr), name)
            check(not (folder / f"{name}.o").exists(), name)
        (folder / "empty.jan").write_text("func f() do end\n")
        done = janus(folder, "build", "--emit=obj", "--freestanding", "empty.jan")
        check(done.returncode == 1 and done.stderr.count("error[E1012]") == 1, done.stderr)
        # Of what is only checked, others may have the exports.
        same(janus(folder, "check", "--freestanding", "empty.jan").returncode, 0)
        same(janus(folder, "build", "--freestanding", "prints.jan").returncode, 2)
        same(janus(folder, "build", "--freestanding", "--libc", "--emit=obj", "prints.jan").returncode, 2)
        done = janus(folder, "build", "prints.jan")
        check(done.returncode == 1 and "E1012" in done.stderr and "--emit=obj" in done.stderr, done.stderr)
        (folder / "nothing.jan").write_text("func f() do end\n")
        done = janus(folder, "build", "--emit=obj", "nothing.jan")
        check(done.returncode == 1 and "E1012" in done.stderr and "--emit=obj" not in done.stderr, done.stderr)


run(globals())
