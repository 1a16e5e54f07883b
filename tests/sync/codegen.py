"""The machine code of std.sync.atomics against clang's for the same C11 source: every operation, ordering and width, a function each; and a loop of
spin hints.

Both sides are compiled at -O2 for the same target and disassembled; a function's instructions, with addresses taken out, must be the same
text. Run alone it prints the differences: `codegen.py JANUS CLANG OBJDUMP TARGET`.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# Janus type → C type.
TYPES = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t", "i8": "int8_t", "i16": "int16_t", "i32": "int32_t",
         "i64": "int64_t", "bool": "_Bool", "*u8": "uint8_t *"}
WORDS = {"u8": "u8", "u16": "u16", "u32": "u32", "u64": "u64", "i8": "i8", "i16": "i16", "i32": "i32", "i64": "i64", "bool": "bool", "*u8": "pointer"}
ALL = ("relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst")
LOADS = ("relaxed", "consume", "acquire", "seq_cst")
STORES = ("relaxed", "release", "seq_cst")
MODIFY = {"fetch_add": "__c11_atomic_fetch_add", "fetch_sub": "__c11_atomic_fetch_sub", "fetch_and": "__c11_atomic_fetch_and",
          "fetch_or": "__c11_atomic_fetch_or", "fetch_xor": "__c11_atomic_fetch_xor", "fetch_nand": "__c11_atomic_fetch_nand",
          "fetch_min": "__c11_atomic_fetch_min", "fetch_max": "__c11_atomic_fetch_max"}


def functions():
    """(name, Janus text, C text) of every function."""
    for janus, c in TYPES.items():
        word = WORDS[janus]
        at = f"p: *Atomic[{janus}]"
        cell = f"_Atomic({c}) *p"
        for order in LOADS:
            yield (f"load_{word}_{order}", f"({at}) -> {janus} do return atomics.load[_, .{order}](p) end",
                   f"{c} NAME({cell}) {{ return __c11_atomic_load(p, __ATOMIC_{order.upper()}); }}")
        for order in STORES:
            yield (f"store_{word}_{order}", f"({at}, v: {janus}) do atomics.store[_, .{order}](p, v) end",
                   f"void NAME({cell}, {c} v) {{ __c11_atomic_store(p, v, __ATOMIC_{order.upper()}); }}")
        for order in ALL:
            yield (f"swap_{word}_{order}", f"({at}, v: {janus}) -> {janus} do return atomics.swap[_, .{order}](p, v) end",
                   f"{c} NAME({cell}, {c} v) {{ return __c11_atomic_exchange(p, v, __ATOMIC_{order.upper()}); }}")
            for failure in LOADS:
                for weak in ("", "_weak"):
                    strength = "weak" if weak else "strong"
                    yield (f"compare{weak}_{word}_{order}_{failure}",
                           f"({at}, expected: {janus}, desired: {janus}) -> bool do"
                           f" return atomics.compare_exchange{weak}[_, .{order}, .{failure}](p, expected, desired) == null end",
                           f"_Bool NAME({cell}, {c} expected, {c} desired) {{ return __c11_atomic_compare_exchange_{strength}"
                           f"(p, &expected, desired, __ATOMIC_{order.upper()}, __ATOMIC_{failure.upper()}); }}")
            if janus in ("bool", "*u8"):
                continue
            for name, builtin in MODIFY.items():
                yield (f"{name}_{word}_{order}", f"({at}, v: {janus}) -> {janus} do return atomics.{name}[_, .{order}](p, v) end",
                       f"{c} NAME({cell}, {c} v) {{ return {builtin}(p, v, __ATOMIC_{order.upper()}); }}")
                # Without its result an operation may be another instruction.
                yield (f"{name}_{word}_{order}_dropped", f"({at}, v: {janus}) do _ = atomics.{name}[_, .{order}](p, v) end",
                       f"void NAME({cell}, {c} v) {{ {builtin}(p, v, __ATOMIC_{order.upper()}); }}")
    for order in ALL:
        if order != "relaxed":
            yield (f"fence_{order}", f"() do atomics.fence[.{order}]() end", f"void NAME(void) {{ __c11_atomic_thread_fence(__ATOMIC_{order.upper()}); }}")
            yield (f"compiler_fence_{order}", f"() do atomics.compiler_fence[.{order}]() end",
                   f"void NAME(void) {{ __c11_atomic_signal_fence(__ATOMIC_{order.upper()}); }}")
    # A wait of many hints must be unrolled as clang does it: std.sync.look learns how long to hold back, and settles elsewhere when each short wait ends in
    # a misprediction.
    yield ("spin_hints", "(n: u32) do for _i in 0..<n do @spin_hint() end end", "void NAME(uint32_t n) { for (uint32_t i = 0; i < n; i++) SPIN_HINT; }")


def write_sources(folder):
    janus = ["profile :kernel", "use std.sync.atomics", "use std.sync.atomics.{Atomic}", ""]
    c = ["#include <stdint.h>", "#ifdef __x86_64__", "#define SPIN_HINT __builtin_ia32_pause()", "#else", "#define SPIN_HINT __builtin_arm_isb(15)", "#endif", ""]
    names = []
    for name, janus_text, c_text in functions():
        names.append("t_" + name)
        janus.append(f"export func t_{name}{janus_text}")
        c.append(c_text.replace("NAME", "t_" + name))
    janus.append("func main() do end")
    (folder / "ops.jan").write_text("\n".join(janus) + "\n")
    (folder / "ops.c").write_text("\n".join(c) + "\n")
    return names


def disassemble(objdump, path):
    """Name → list of instructions, with what depends on the place taken out."""
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", "--no-leading-addr", str(path)], capture_output=True, text=True, check=True).stdout
    found, body = {}, None
    for line in text.split("\n"):
        head = re.match(r"(?:[0-9a-f]+ )?<(\w+)>:$", line.strip())
        if head:
            body = found.setdefault(head[1], [])
        elif body is not None and line.strip():
            body.append(normalise(line))
    for body in found.values():
        while body and re.match(r"(nop|cs nop|data16|int3|udf)", body[-1]):
            body.pop()
    return found


def normalise(line):
    line = line.split("# ")[0].split("//")[0]
    # A jump is known by where in its function it goes.
    line = re.sub(r"(?:0x)?[0-9a-f]+ <\w+?(\+0x[0-9a-f]+)?>", lambda found: f"<here{found[1] or ''}>", line)
    return " ".join(line.split())


# The target's part of clang's command line.
CLANG = {"x86_64-linux": ["--target=x86_64-linux-gnu"], "aarch64-linux": ["--target=aarch64-linux-gnu"]}


def compare(janus, clang, objdump, target, folder, environment=None):
    """(number of functions, list of texts about those that differ)."""
    names = write_sources(folder)
    for command in ([janus, "build", "--release", f"--target={target}", "--emit=obj", folder / "ops.jan", "-o", folder / "janus.o"],
                    [clang, *CLANG[target], "-O2", "-ffreestanding", "-fno-asynchronous-unwind-tables", "-c", folder / "ops.c", "-o", folder / "clang.o"]):
        ran = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment, timeout=300)
        if ran.returncode != 0:
            return 0, [f"{command[0]}: exit code {ran.returncode}\n{ran.stderr[:2000]}"]
    ours, theirs = disassemble(objdump, folder / "janus.o"), disassemble(objdump, folder / "clang.o")
    problems = []
    for name in names:
        if not theirs.get(name):
            problems.append(f"{name}: not in clang's object")
        elif ours.get(name) != theirs[name]:
            problems.append(f"{name}:\n  janus: " + " | ".join(ours.get(name, ["missing"])) + "\n  clang: " + " | ".join(theirs[name]))
    return len(names), problems


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        count, found = compare(*sys.argv[1:5], pathlib.Path(scratch))
    print("\n".join(found[:60]))
    print(f"{count} functions, {len(found)} differ")
    sys.exit(1 if found or not count else 0)
