"""Declarations that need each other in chains of thousands, written in the order that suits the compiler least.

A program of each shape is run; a circle is one error where it closes, and a chain beyond a
stated limit is refused.
"""
from .common import Case, Result, clipped
from .ui import reports_in

LENGTH = 5000
LIMIT = 60  # seconds


def backwards(text, first, length=LENGTH):
    """`text` with {i} and {p}, the one before it, from `length` down to 1, and then the first one."""
    return [text.format(i=i, p=i - 1) for i in range(length, 0, -1)] + [first]


def main_of(text):
    return [f"func main() do {text.format(n=LENGTH)} end"]


ACCEPTED = {
    "constants": (backwards("const C{i}: u64 = C{p} + 1", "const C0: u64 = 0") + main_of("println(C{n})"), LENGTH),
    "inferred": (backwards("const C{i} = C{p} + 1", "const C0: u64 = 0") + main_of("println(C{n})"), LENGTH),
    "addresses": (backwards("const P{i}: *const u64 = P{p}", "const P0: *const u64 = &Z")
                  + ["const Z: u64 = 7"] + main_of("println(P{n}.*)"), 7),
    "lengths": (backwards("const C{i}: [C{p}.len]u8 = [0; C{p}.len]", "const C0: [3]u8 = [0; 3]") + main_of("println(C{n}.len)"), 3),
    "aliases": (backwards("type T{i} = T{p}", "type T0 = u32") + main_of("println(3 as T{n})"), 3),
    "sizes": (backwards("struct S{i} {{ x: [@size_of[S{p}]()]u8 }}", "struct S0 { x: u8 }") + main_of("println(@size_of[S{n}]())"), 1),
    "fields": (backwards("struct S{i} {{ x: S{p} }}", "struct S0 { x: u8 }")
               + ["var g: S5000 = undefined", "func main() do", "    let copy = (&g).*", "    println(copy == copy)", "end"], "true"),
    "optionals": (backwards("struct S{i} {{ x: ?S{p} }}", "struct S0 { x: u8 }") + main_of("println((S{n} {{ x: null }}).x == null)"), "true"),
    "pointers": (backwards("struct S{i} {{ x: ?*S{p} }}", "struct S0 { x: u8 }") + main_of("println((S{n} {{ x: null }}).x == null)"), "true"),
    "variants": (backwards("enum E{i} {{ A = E{p}.A as i64 + 1 }}", "enum E0 { A = 0 }") + main_of("println(E{n}.A as i64)"), LENGTH),
    "calls": (backwards("func f{i}() -> u64 do return f{p}() + 1 end", "func f0() -> u64 do return 0 end")
              + ["const C = f5000()", "func main() do println(C) end"], LENGTH),
    "evaluations": (backwards("const C{i}: u64 = f{i}()\nfunc f{i}() -> u64 do return C{p} + 1 end", "const C0: u64 = 0", 1000)
                    + ["func main() do println(C1000) end"], 1000),
    "errors": (["error E { A }"] + backwards(
        "func f{i}() -> !u64 do\n    return f{p}() catch |e| match e {{ E.A => fail E.A }}\nend", "func f0() -> !u64 do fail E.A end", 1000)
        + ["func main() do println(f1000() catch |e| match e { E.A => 9 }) end"], 9),
}
REFUSED = {
    "circle": (backwards("const C{i}: u64 = C{p} + 1", f"const C0: u64 = C{LENGTH}"), ("E4003", 1)),
    "alias-circle": (backwards("type T{i} = T{p}", f"type T0 = T{LENGTH}"), ("E2023", 1)),
    "field-circle": (backwards("struct S{i} {{ x: S{p} }}", f"struct S0 {{ x: S{LENGTH} }}"), ("E2023", 1)),
    "held-too-deep": ([f"struct S{i} {{ x: S{i - 1} }}" if i else "struct S0 { x: u8 }" for i in range(10001)], ("E0009", 10001)),
    "evaluations-too-deep": (["const C0: u64 = f1()"] + [f"const C{i}: u64 = f{i + 1}()\nfunc f{i}() -> u64 do return C{i} + 1 end"
                                                         for i in range(1, 4001)] + ["func f4001() -> u64 do return 1 end"], ("E0009", 8000)),
}


def collect(context):
    accepted = [Case(f"chains/{name}", lambda name=name: check_accepted(context, name)) for name in ACCEPTED]
    return accepted + [Case(f"chains/{name}", lambda name=name: check_refused(context, name)) for name in REFUSED]


def written(context, lines):
    source = context.scratch_folder() / "chain.jan"
    source.write_text("\n".join(lines) + "\n")
    return source


def check_accepted(context, name):
    lines, wanted = ACCEPTED[name]
    ran = context.compiler("run", written(context, lines), limit=LIMIT)
    ok = ran.code == 0 and ran.out == f"{wanted}\n" and not ran.err
    return Result(f"chains/{name}", ok, f"wanted {wanted}; {ran.describe()}\n" + clipped(ran.out + ran.err))


def check_refused(context, name):
    lines, wanted = REFUSED[name]
    ran = context.compiler("check", written(context, lines + ["func main() do end"]), limit=LIMIT)
    reports = [(code, line) for _, line, code in reports_in(ran.err)]
    return Result(f"chains/{name}", ran.code == 1 and reports == [wanted], f"wanted {wanted}, got {reports}; {ran.describe()}\n" + clipped(ran.err))
