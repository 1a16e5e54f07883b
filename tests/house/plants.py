"""Violations of the rules of the house, at least one for each, and what the rule must say of it.

Each is a change of one or more files that is tried in memory. A plant that no longer fits the tree is a failure: it would prove nothing.
"""
import dataclasses

from . import modules


@dataclasses.dataclass
class Plant:
    name: str
    rule: str  # the name of the rule that must notice, in tests/harness/house.py
    changes: object  # function of a tree that answers path → new text, or None for a file that is gone
    says: str  # what the new complaint must contain


def edit(path, old, new):
    """`old`, which stands there once or more, becomes `new` (the first time)."""
    def change(tree):
        text = tree.read(path)
        if old not in text:
            raise ValueError(f"{path} does not have `{old}` any more: the planted violation must be written anew")
        return {path: text.replace(old, new, 1)}
    return change


def behind(path, text):
    """`text` at the end of a file."""
    return lambda tree: {path: present(tree, path) + text}


def one_more_invariant(path):
    """The numbered list in a module's head goes on by one."""
    def change(tree):
        lines = present(tree, path).split("\n")
        last = next(number for number, line in enumerate(lines) if not line.startswith("//!"))
        count = modules.invariants_of("\n".join(lines))
        blank = next((number for number in range(last) if lines[number] == "//!" and
                      modules.invariants_of("\n".join(lines[:number])) == count), last)
        return {path: "\n".join(lines[:blank] + [f"//! {count + 1}. It is quick."] + lines[blank:])}
    return change


def calls(path, symbol):
    """A call of a function that is not declared by any header the file includes: only the linker sees it."""
    return behind(path, f'void planted(void);\nvoid planted_target(void) __asm__("{symbol}");\nvoid planted(void) {{ planted_target(); }}\n')


def present(tree, path):
    if not tree.exists(path):
        raise ValueError(f"{path} does not exist any more: the planted violation must be written anew")
    return tree.read(path)


def new_file(path, text):
    return lambda tree: {path: text}


def gone(path):
    return lambda tree: {path: None if present(tree, path) is not None else None}


def moved(path, to):
    return lambda tree: {path: None, to: present(tree, path)}


def all_of(*changes):
    def change(tree):
        found = {}
        for one in changes:
            found.update(one(tree))
        return found
    return change


def without(path, text):
    return edit(path, text, "")


def without_name(path, name):
    """Every mention of a name in a file is spelled another way."""
    def change(tree):
        if name not in present(tree, path):
            raise ValueError(f"{path} does not have `{name}` any more")
        return {path: tree.read(path).replace(name, "what_it_was")}
    return change


def copied_block(path, other):
    """The first long enough run of lines of a function of `path`, once more at the end of `other`."""
    def change(tree):
        lines = present(tree, path).split("\n")
        start = next(n for n, line in enumerate(lines) if line.startswith("pub func ") and "end" not in lines[n + 1:n + 13])
        return {other: present(tree, other) + "\n".join(lines[start:start + 13]) + "\n"}
    return change


HEAD = "// Something that stands here to be noticed by the rules of the house.\n"

PLANTS = [
    # ---- layers
    Plant("include-upward", "includes", edit("src/diag/diag.c", '#include "diag/diag.h"\n', '#include "diag/diag.h"\n#include "sema/types.h"\n'),
          "src/diag/diag.c: includes sema/types.h, but sema is a layer above"),
    Plant("include-upward-from-header", "includes", behind("src/syntax/ast.h", '#include "sema/sema.h"\n'), "sema is a layer above"),
    Plant("include-of-private-header", "includes", behind("src/qtjir/ir.c", '#include "sema/sema_internal.h"\n'), "which is private to sema"),
    Plant("include-of-other-wing", "includes", behind("src/sema/body/loop.c", '#include "sema/expr/intrinsic.h"\n'),
          "sema/expr/intrinsic.h, which is private to sema/expr"),
    Plant("include-of-lower-wing", "includes", behind("src/tool/fmt.c", '#include "syntax/format/internal.h"\n'), "which is private to syntax"),
    Plant("include-beside", "includes", behind("src/backend/load.c", '#include "sim/sim.h"\n'), "backend and sim do not know each other"),
    Plant("include-more-of-interp", "includes", behind("src/sim/race.c", '#include "interp/consteval.h"\n'), "it may include only interp/interp.h"),
    Plant("include-of-nothing", "includes", behind("src/base/text.c", '#include "base/gone.h"\n'), "which does not exist"),
    Plant("layer-order", "order", edit("CONTRIBUTING.md", "| `src/diag`", "| `src/nothing`"), "CONTRIBUTING.md lists the layers as"),
    Plant("layer-unknown", "order", new_file("src/extra/extra.c", HEAD), "src/extra is no layer"),
    Plant("symbol-upward", "symbols", calls("src/diag/diag.c", "type_text"),
          "takes `type_text` from src/sema/type_print.c"),
    Plant("symbol-of-main", "symbols", calls("src/tool/fmt.c", "main"),
          "takes `main` from src/main.c"),
    Plant("source-not-built", "symbols", new_file("src/base/extra.c", HEAD), "no target of the build compiles it"),
    Plant("circle-of-files", "circles", calls("src/base/arena.c", "path_join"), "base: a circle of"),
    Plant("circle-grows", "circles", calls("src/qtjir/lower/emit.c", "lower_value"), "qtjir/lower: a circle of"),
    Plant("circle-of-modules", "circles", edit("std/fmt.jan", "profile :kernel\n", "profile :kernel\n\nuse std.net.http.text\n"), "std: a circle of"),
    # ---- texts
    Plant("no-head-c", "heads", new_file("src/base/extra.c", "int extra;\n"), "src/base/extra.c: opens without"),
    Plant("no-head-jan", "heads", new_file("std/extra.jan", "profile :core\n"), "std/extra.jan: opens without"),
    Plant("no-head-script", "heads", new_file("scripts/extra.sh", "#!/bin/sh\nset -eu\n"), "scripts/extra.sh: opens without"),
    Plant("no-head-python", "heads", new_file("tests/harness/extra.py", "import re\n"), "tests/harness/extra.py: opens without"),
    Plant("banner-wrapped", "banners", behind("src/base/base.h", "// " + "=" * 100 + "\n// the rest\n"), "a banner that is not whole"),
    Plant("banner-behind-code", "banners", behind("src/base/text.c", "int x; // ---- texts ----\n"), "a banner behind code"),
    Plant("banner-on-two-lines", "banners", behind("std/fmt.jan", "// ---- this is a banner that\n// ---- goes on\n"), "over two lines"),
    Plant("line-too-long", "widths", behind("std/fmt.jan", "// " + "word " * 28 + "\n"), "std/fmt.jan:"),
    Plant("code-too-long", "widths", behind("src/base/text.c", "static const int a_rather_long_name = " + " + ".join(["1000"] * 13) + ";\n"), "columns of code"),
    Plant("tab", "endings", behind("src/base/text.c", "\tint x;\n"), "a tab"),
    Plant("space-at-end", "endings", behind("docs/std.md", "and so on \n"), "spaces at the end"),
    Plant("no-last-newline", "endings", behind("apps/kv/main.jan", "// end"), "the last line has no end"),
    Plant("file-too-long", "sizes", behind("src/base/text.c", "// more\n" * 700), "src/base/text.c:"),
    Plant("function-too-long", "sizes", behind("src/base/text.c", "void text_long(void) {\n" + "    text_short();\n" * 100 + "}\n"), "text_long"),
    Plant("function-longer", "sizes", edit("src/backend/llvm/emit.c", "Value emit_inst(Emitter *e, IrInst *inst) {\n", "Value emit_inst(Emitter *e, IrInst *inst) {\n\n"), "emit_inst"),
    Plant("points-outside", "alone", behind("docs/kv.md", "See ../" + "shared/notes.md.\n"), "points outside the project"),
    Plant("number-of-a-ticket", "alone", behind("src/base/text.c", "// Because of iss" + "ue 12.\n"), "points outside the project"),
    Plant("path-of-a-machine", "alone", behind("tests/harness/kv.py", "# as in /wo" + "rk/main/build\n"), "points outside the project"),
    # ---- lists
    Plant("operation-not-listed", "operations", edit("src/qtjir/ops.def", 'OP(POPCOUNT, "popcount", 1, 1, ORDINARY)',
                                                     'OP(POPCOUNT, "popcount", 1, 1, ORDINARY) OP(POPQUICK, "popquick", 1, 1, ORDINARY)'),
          "`popquick`: not in tests/verify/ok/every_op.qir"),
    Plant("operation-not-in-every-op", "operations", without_name("tests/verify/ok/every_op.qir", "byte_swap"), "`byte_swap`: not in tests/verify/ok/every_op.qir"),
    Plant("operation-not-in-table", "operations", without("docs/internals/qtjir.md", "`popcount` "), "`popcount`: not in the table"),
    Plant("operation-never-broken", "operations", gone("tests/verify/popcount_result.qir"), "`popcount`: no broken example"),
    Plant("operation-without-golden", "operations", without_name("tests/ir/every_number.jan", "byte_swap"), "`byte_swap`: no case of tests/ir"),
    Plant("intrinsic-not-in-reference", "intrinsics", without_name("docs/reference.md", "@clz"), "`@clz`: not in docs/reference.md"),
    Plant("intrinsic-never-run", "intrinsics", edit("src/sema/intrinsics.def", 'INTRINSIC(CLZ, "clz", 0, 1)', 'INTRINSIC(CLZ, "clz", 0, 1) INTRINSIC(CLQ, "clq", 0, 1)'),
          "`@clq`: in no program of tests/run"),
    Plant("keyword-without-test", "tokens", edit("src/syntax/tokens.def", 'KEYWORD(AS, "as")', 'KEYWORD(AS, "as") KEYWORD(ASK, "ask")'),
          "`ask`: not in test_every_spelling"),
    Plant("mark-without-test", "tokens", edit("src/syntax/tokens.def", 'PUNCT(TILDE, "~")', 'PUNCT(TILDE, "~") PUNCT(TILDES, "~~")'),
          "`~~`: not in test_every_spelling"),
    Plant("trap-without-test", "traps", behind("src/qtjir/traps.def", 'TRAP(NOISE, "too loud")\n'), "trap NOISE"),
    Plant("undefined-without-test", "traps", behind("src/interp/undefined.def", 'UNDEFINED(NOISE, "too loud to hear")\n'), "undefined NOISE"),
    Plant("code-without-case", "codes", behind("src/diag/codes.def", 'CODE(E2999, "too loud")\n'), "E2999: no case of tests/ui"),
    Plant("case-of-no-code", "codes", new_file("tests/ui/extra.jan", "func main() do end //~ E9998\n"), "E9998: marked in tests/ui, but"),
    Plant("file-not-on-page", "pages", new_file("src/qtjir/lower/extra.c", HEAD), "docs/internals/qtjir.md does not name qtjir/lower/extra.c"),
    Plant("header-not-on-page", "pages", new_file("src/base/extra.h", HEAD), "docs/internals/base.md does not name base/extra.h"),
    Plant("layer-without-page", "pages", gone("docs/internals/interp.md"), "docs/internals/interp.md does not exist"),
    Plant("page-nobody-leads-to", "pages", new_file("docs/internals/extra.md", "# extra\n"), "docs/internals/extra.md: no page leads to it"),
    Plant("page-names-nothing", "named_files", behind("docs/internals/base.md", "See `vanished.c`.\n"), "names vanished.c, which does not exist"),
    Plant("comment-names-nothing", "named_files", behind("src/base/base.h", "// ---- vanished.c\n"), "names vanished.c, which does not exist"),
    Plant("link-to-nothing", "named_files", behind("CONTRIBUTING.md", "[there](docs/nowhere.md)\n"), "links to docs/nowhere.md"),
    Plant("contents-lack-file", "contents", new_file("src/sema/extra.c", HEAD), "its table of contents lacks extra.c"),
    Plant("contents-lack-wing", "contents", new_file("src/sema/spare/extra.c", HEAD), "its table of contents lacks spare/"),
    Plant("suite-not-run", "suites", new_file("tests/harness/extra.py", '"""Something more."""\ndef collect(context):\n    return []\n'), "does not run"),
    Plant("suite-not-on-page", "suites", edit("tests/run_tests.py", '"unit": unit,', '"unit": unit, "extra": extra,'), "suite `extra`: not in the table"),
    Plant("test-nobody-runs", "unlisted", moved("tests/verify/popcount_result.qir", "tests/verify/bits/popcount_result.qir"), "no suite looks there"),
    Plant("unit-test-nobody-runs", "unlisted", new_file("tests/unit/extra.c", HEAD), "tests/unit/extra.c: no suite looks there"),
    Plant("folder-of-tests-nobody-runs", "unlisted", new_file("tests/extra/case.jan", "func main() do end\n"), "tests/extra/case.jan: no suite looks there"),
    Plant("golden-without-case", "unlisted", new_file("tests/ui/extra.stderr", "error\n"), "there is no extra.jan beside it"),
    Plant("header-nobody-includes", "unlisted", new_file("src/base/extra.h", HEAD), "src/base/extra.h: nothing includes it"),
    Plant("python-nobody-imports", "unlisted", new_file("tests/harness/stray_module.py", '"""Something more, for nobody."""\n'), "nothing imports it"),
    # ---- modules
    Plant("func-undocumented", "documented", behind("std/fmt.jan", "\npub func silent() do end\n"), "`pub func silent`"),
    Plant("struct-undocumented", "documented", behind("std/fmt.jan", "\npub unique struct Silent { n: u32 }\n"), "`pub struct Silent`"),
    Plant("const-undocumented", "documented", behind("std/os/linux.jan", "\npub const SILENT: u32 = 1\n"), "`pub const SILENT`"),
    Plant("method-undocumented", "documented", behind("std/fmt.jan", "\nimpl Writer {\n    pub func silent(self: *Self) do end\n}\n"), "`pub func silent`"),
    Plant("item-not-on-page", "std_page", behind("std/fmt.jan", "\n/// Says something.\npub func spoken() do end\n"), "does not name `spoken`"),
    Plant("module-not-on-page", "std_page", new_file("std/extra.jan", "//! Something more.\nprofile :core\n"), "no section `### std.extra`"),
    Plant("page-item-gone", "std_page", edit("docs/std.md", "- `write_byte(", "- `write_octet("), "std.fmt has no `write_octet`"),
    Plant("invariant-untested-std", "invariants", one_more_invariant("std/collections/skiplist.jan"), "is named by no test"),
    Plant("invariant-test-gone", "invariants", edit("std/mem/buddy.jan", 'test "invariants 3 and 4:', 'test "invariant 3:'),
          "std/mem/buddy.jan: invariant 4 is named by no test"),
    Plant("invariant-untested-app", "invariants", one_more_invariant("apps/kv/store.jan"), "is named by no test"),
    Plant("invariant-unknown", "invariants", edit("std/collections/skiplist.jan", 'test "invariant 4:', 'test "invariant 9:'), "names invariant 9"),
    Plant("copied-block", "copies", copied_block("std/mem/buddy.jan", "std/os/args.jan"), "equal lines or more"),
    Plant("copied-block-within", "copies", copied_block("apps/kv/listing.jan", "apps/kv/listing.jan"), "equal lines or more"),
]
