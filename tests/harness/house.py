"""The rules of the house, kept by a test: what may know what, what must be listed, described and tested, and how files look.

A rule is a function of tests/house that looks at the tree (and, for what is linked, at the build's objects) and answers what is wrong
with it. Then each rule's planted violations (tests/house/plants.py) are tried on a tree that has them in memory: the rule must notice, and
a table says in which words. What a rule only sees together with the compiler is planted in a scratch copy: the build's own refusal of an
upward include, and the suite `explain` without one of its pages.
"""
import copy
import re
import shlex
import shutil
import subprocess

from house import layers, lists, modules, texts
from house.plants import PLANTS
from house.tree import Tree

from . import explain
from .common import Case, Result, clipped, read_text

RULES = {
    "order": layers.order, "includes": layers.includes, "symbols": layers.symbols, "circles": layers.file_circles,
    "heads": texts.heads, "banners": texts.banners, "widths": texts.widths, "endings": texts.endings, "sizes": texts.sizes, "alone": texts.alone,
    "operations": lists.operations, "intrinsics": lists.intrinsics, "tokens": lists.tokens, "traps": lists.traps, "codes": lists.codes,
    "pages": lists.pages, "suites": lists.suites, "named_files": lists.named_files, "contents": lists.contents, "unlisted": lists.unlisted,
    "documented": modules.documented, "std_page": modules.std_page, "invariants": modules.invariants, "copies": modules.copies,
}
LINKED = {"symbols", "circles"}  # also look at the build's objects


def collect(context):
    return [Case("house", lambda: check(context))]


def check(context):
    tree = Tree(context.root)
    linked = layers.Symbols(context.root / context.build)
    found = {name: ask(name, tree, linked) for name in RULES}
    results = [Result(f"house/{name}", not problems, "\n".join(problems)) for name, problems in found.items()]
    show_circles(tree, linked)
    print(f"{'violation':28} | caught by")
    for plant in PLANTS:
        results.append(try_plant(context, tree, linked, plant, found[plant.rule]))
    without = sorted(set(RULES) - {plant.rule for plant in PLANTS})
    results.append(Result("house/plants", not without, f"rules without a planted violation: {' '.join(without)}"))
    return results + [upward_include_does_not_build(context, linked), *forgotten_steps_are_named(context, linked), *pages_are_missed(context)]


def ask(name, tree, linked):
    return RULES[name](tree, linked) if name in LINKED else RULES[name](tree)


def show_circles(tree, linked):
    for where, group in layers.link_circles(linked) + layers.module_circles(tree):
        short = [name.removeprefix("src/").removesuffix(".c") for name in group]
        print(f"circle of {len(group)} in {where}: {' '.join(short)}")


def try_plant(context, tree, linked, plant, before):
    name = f"house/plants/{plant.name}"
    try:
        changes = plant.changes(tree)
    except ValueError as error:
        return Result(name, False, str(error))
    if plant.rule in LINKED:
        for path, text in changes.items():
            if path in linked.commands:
                linked = linked.with_file(path, text, context.scratch_folder())
    said = sorted(set(ask(plant.rule, tree.changed(changes), linked)) - set(before))
    caught = next((line for line in said if plant.says in line), None)
    report(plant.name, plant.rule, caught)
    return Result(name, caught is not None, f"rule `{plant.rule}` should say `{plant.says}`; it said\n" + clipped("\n".join(said) or "nothing"))


def report(violation, who, caught):
    print(f"{violation:28} | {who}: {caught[:150]}" if caught else f"{violation:28} | nobody")


# ---- what needs the compiler

def compiled(entry, source, *folders):
    """What the C compiler says of `source`, compiled as the build compiles another file, with folders to look into first. "" when nothing is wrong."""
    words = [word for word in shlex.split(entry["command"]) if word != "ccache"]
    options, kept = [], False
    for word in words[1:]:
        kept = kept or word.startswith(("-I", "-D", "-std", "-W", "-isystem"))
        options += [word] if kept else []
        kept = word == "-isystem"
    ran = subprocess.run([words[0], *(f"-I{folder}" for folder in folders), *options, "-fsyntax-only", source],
                         cwd=entry["directory"], capture_output=True, text=True)
    return ran.stderr if ran.returncode else ""


def upward_include_does_not_build(context, linked):
    """The build shows a layer the faces of the layers below it and no more."""
    problems, words = [], []
    for path, include in (("src/diag/diag.c", "sema/types.h"), ("src/qtjir/ir.c", "sema/sema_internal.h"), ("src/backend/load.c", "interp/interp.h"),
                          ("src/driver/session.c", "base/base.h")):
        planted = context.scratch_folder() / "planted.c"
        planted.write_text(read_text(context.root / path) + f'#include "{include}"\n', encoding="utf-8")
        said = compiled(linked.commands[path], planted)
        refused = re.search(rf"error: .*{re.escape(include)}.*", said)
        if include == "base/base.h":  # a layer below: this must compile, or the refusals prove nothing
            problems += [f"{path} with {include} does not compile\n" + clipped(said)] if said else []
        elif not refused:
            problems.append(f"{path} with {include} compiles")
        else:
            words.append(refused[0])
    report("include-upward-compiled", "build", words[0] if words and not problems else None)
    return Result("house/plants/include-upward-compiled", not problems, "\n".join(problems))


# A list, what it gains, and the files of which each must then refuse to compile until they handle it. See docs/internals/how-to-add.md.
GAINED = [
    ("qtjir/ops.def", 'OP(NOVELTY, "novelty", 1, 1, ORDINARY)', ["src/interp/decode.c", "src/backend/llvm/emit.c"]),
    ("interp/codes.def", "STEP(NOVELTY)", ["src/interp/run.c"]),
    ("sema/tast.def", 'TEXPR(NOVELTY, "novelty")', ["src/qtjir/lower/value.c"]),
    ("sema/intrinsics.def", 'INTRINSIC(NOVELTY, "novelty", 0, 1)', ["src/sema/expr/intrinsic.c", "src/qtjir/lower/intrinsic.c"]),
    ("driver/commands.def", 'COMMAND(NOVELTY, "novelty", "", "new")', ["src/main.c"]),
    ("driver/options.def", 'OPTION(NOVELTY, "novelty", 0, NULL, FOR_BUILD, "new")', ["src/driver/options.c"]),
]


def forgotten_steps_are_named(context, linked):
    """A list with one entry more: whoever must handle it does not compile; and an operation without a rule does not link."""
    results = []
    for path, entry, users in GAINED:
        folder = context.scratch_folder()
        (folder / path).parent.mkdir()
        (folder / path).write_text(gained(read_text(context.root / "src" / path), entry), encoding="utf-8")
        for user in users:
            said = compiled(linked.commands[user], context.root / user, folder)
            caught = re.search(r"error: .*NOVELTY.*", said)
            name = f"gained-{path.split('/')[1].removesuffix('.def')}-{'-'.join(user.removesuffix('.c').split('/')[-2:])}"
            report(name, "build", caught and f"{user}: {caught[0]}")
            results.append(Result(f"house/plants/{name}", caught is not None, f"{user} compiles although {path} has a new entry\n" + clipped(said)))
    rules = {symbol for symbols in linked.defines.values() for symbol in symbols if symbol.startswith("rule_")}
    wanted = {symbol for symbol in linked.wants["src/qtjir/verify/verify.c"] if symbol.startswith("rule_")}
    count = len(lists.table(Tree(context.root), lists.OPS, "OP"))
    report("gained-ops-rule", "linker", f"each of {count} operations needs its rule_…" if len(wanted | rules) == count else None)
    return results + [Result("house/plants/gained-ops-rule", len(wanted | rules) == count, f"{count} operations, but {len(wanted | rules)} rules are linked")]


def gained(text, entry):
    """The entry behind the last one of a list, before what undoes its macros."""
    end = text.find("#undef")
    return text + entry + "\n" if end < 0 else text[:end] + entry + "\n" + text[end:]


def pages_are_missed(context):
    """The suite `explain` on a copy of the pages: one is gone, one has lost its right program, one its wrong one."""
    root = context.scratch_folder()
    for name in ("std", "src"):
        (root / name).symlink_to(context.root / name)
    pages = root / "docs/explain"
    shutil.copytree(context.root / "docs/explain", pages)
    codes = dict(explain.CODE.findall(read_text(root / "src/diag/codes.def")))
    (pages / "E2001.md").unlink()
    for code, kind in (("E2009", "right"), ("E2010", "wrong")):
        page = pages / f"{code}.md"
        page.write_text(re.sub(rf"^```janus {kind}\n.*?^```\n", "", read_text(page), flags=re.M | re.S), encoding="utf-8")
    there = copy.copy(context)
    there.root = root
    results = []
    for violation, code, says in (("page-missing", "E2001", "does not exist"), ("page-without-right", "E2009", "needs a `janus wrong`"),
                                  ("page-without-wrong", "E2010", "needs a `janus wrong`")):
        found = explain.page(there, code, codes[code])
        caught = next((line for line in found.detail.split("\n") if says in line and not found.ok), None)
        report(violation, "explain", caught and caught.replace(str(root) + "/", ""))
        results.append(Result(f"house/plants/{violation}", caught is not None, f"`explain` said\n{found.detail or 'nothing'}"))
    return results
