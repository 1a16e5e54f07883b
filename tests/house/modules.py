"""Rules about Janus modules: what is public is described, what is invariant is tested, and nothing is written twice."""
import re

from .ceilings import COPIES
from .layers import module_name

# ---- public items

ITEM = re.compile(r"^( *)pub (?:(?:unique|extern|export) )*(func|struct|enum|error|trait|const|type|var) (\w+)")


def public_items(text):
    """(line number, kind, name, documented) of every public item, those of an `impl` too. Attributes may stand in between."""
    lines = text.split("\n")
    found = []
    for number, line in enumerate(lines):
        item = ITEM.match(line)
        if not item or (item[1] and item[2] not in ("func", "const")):
            continue
        before = number - 1
        # Constants that belong together stand line by line under one comment.
        while item[2] == "const" and before >= 0 and re.match(r"^ *pub const ", lines[before]):
            before -= 1
        while before >= 0 and re.match(r"^ *(?:\{\..*\.\}|// .*)$", lines[before]):
            before -= 1
        found.append((number + 1, item[2], item[3], before >= 0 and lines[before].lstrip().startswith("///")))
    return found


def std_modules(tree):
    """Path → name of the modules of std; tests in files of their own are none."""
    return {path: module_name(path) for path in tree.paths("std", ".jan") if not path.endswith("_test.jan")}


def documented(tree):
    """Each public item of std says what it is, right above it."""
    problems, count = [], 0
    for path in std_modules(tree):
        for number, kind, name, said in public_items(tree.read(path)):
            count += 1
            if not said:
                problems.append(f"{path}:{number}: `pub {kind} {name}` says nothing of itself (`///`)")
    return problems + ([] if count > 200 else [f"only {count} public items of std can be read"])


def sections(text):
    """Module name → text of its section of docs/std.md."""
    parts = re.split(r"^### (\S+)\n", text, flags=re.M)
    return {name: re.split(r"^## ", body, flags=re.M)[0] for name, body in zip(parts[1::2], parts[2::2])}


def std_page(tree):
    """docs/std.md has a section for each module, which names every public item of it, in backquotes at the start."""
    described = sections(tree.read("docs/std.md"))
    modules = std_modules(tree)
    problems = []
    for path, name in modules.items():
        # One that only its neighbours use may be told of in the folder's section.
        body = described.get(name) or described.get(name.rpartition(".")[0], "")
        if name not in described and f"`{name}`" not in body:
            problems.append(f"docs/std.md: no section `### {name}` for {path}")
            continue
        named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", body, flags=re.M | re.S)))))
        problems += [f"docs/std.md: the section of {name} does not name `{item}`"
                     for _, _, item, _ in public_items(tree.read(path)) if item not in named]
    problems += [f"docs/std.md: a section for {name}, but there is no such module" for name in described if name not in modules.values()]
    for path, name in modules.items():
        items = {item for _, _, item, _ in public_items(tree.read(path))}
        for kind, item in re.findall(r"^- `(?:unique |extern )*(?:(struct|enum|error|trait|const|type) )?(\w+)", described.get(name, ""), re.M):
            if items and item not in items and not re.search(rf"\b{item}\b", tree.read(path)):
                problems.append(f"docs/std.md: {name} has no `{item}`")
    return problems


# ---- numbered invariants

NUMBERS = r"\d+(?:(?:, | and |, and )\d+)*"
NAMED_HERE = re.compile(rf'^test "invariants? ({NUMBERS}):', re.M)
# What a test elsewhere opens with: its name, its docstring, or a comment of its file.
OPENING = re.compile(r'^ *(?:test "|"""|(?://|#|;) )([^:"\n]+):', re.M)
NAMED_THERE = re.compile(rf"\b([a-z_][\w.]*) ({NUMBERS})(?=$|, [a-z]| and [a-z])")
# Kept by the suite `sync`, which knows the threaded tests and the machine code.
KEPT_BY_SYNC = "std/sync/"


def invariants_of(text):
    """How many invariants the head of a module numbers: `Invariants. 1. … 2. …`, or a list of lines."""
    head = "\n".join(line[3:].strip() for line in text.split("\n") if line.startswith("//!"))
    listed = re.search(r"(?:\bInvariants?\.\s|^)(1\. .*)", head, re.M | re.S)
    last = 0
    while listed and re.search(rf"(?:^|\s){last + 1}\. ", listed[1]):
        last += 1
    return last


def numbers(text):
    return {int(number) for number in re.findall(r"\d+", text)}


def label_of(path):
    """A module's whole name, of which a test elsewhere writes the end: std.net.poll, apps.kv.store."""
    return path.removesuffix(".jan").removesuffix("/mod").replace("/", ".")


def named_elsewhere(tree):
    """(end of a module's name, the numbers that a test names of it)."""
    found = []
    for path in tree.paths("tests", ".py", ".jan", ".qir") + tree.paths("std", "_test.jan") + tree.paths("apps", "_test.jan"):
        if path.startswith(("tests/house/", "tests/fuzz/", "tests/differential/")):
            continue
        for opening in OPENING.findall(tree.read(path)):
            found += [(module, numbers(named)) for module, named in NAMED_THERE.findall(opening)]
    return found


def invariants(tree):
    """Each numbered invariant of a module of std or apps is named by a test: one of the module, `test "invariant 3: …"` or
    `test "invariants 1 and 3: …"`, or one elsewhere that opens with the module, `store 3: …` or `kv.store 1, 3: …`."""
    there = named_elsewhere(tree)
    problems, count = [], 0
    for path in tree.paths("std", ".jan") + tree.paths("apps", ".jan"):
        text = tree.read(path)
        last = invariants_of(text)
        here = set().union(*map(numbers, NAMED_HERE.findall(text)))
        tested = here.union(*(named for module, named in there if ("." + label_of(path)).endswith("." + module)))
        count += last
        if not path.startswith(KEPT_BY_SYNC):
            problems += [f"{path}: invariant {number} is named by no test" for number in range(1, last + 1) if number not in tested]
        problems += [f"{path}: a test names invariant {number}, the head has {last}" for number in sorted(here) if number > last]
    return problems + ([] if count > 80 else [f"only {count} invariants can be read"])


# ---- copies

RUN = 8  # equal lines that are a copy
# What is no code of its own: blank lines, comments, and what a module opens with.
EMPTY = re.compile(r"^\s*(?://.*)?$|^profile :|^(?:pub )?use [\w.]+")


def code_lines(text):
    """(number, line without indentation) of the lines that say something."""
    return [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if not EMPTY.match(line)]


def copies(tree):
    """Eight equal lines of code in two places are one function that is missing."""
    places, files = {}, {}
    for path in tree.paths("std", ".jan") + tree.paths("apps", ".jan"):
        files[path] = code_lines(tree.read(path))
        texts = [line for _, line in files[path]]
        for start in range(len(texts) - RUN + 1):
            places.setdefault(tuple(texts[start:start + RUN]), []).append((path, start))
    found = {}
    for block, where in places.items():
        first, *others = where
        for path, start in others:
            # A longer copy is many runs; the first of them stands for all.
            before = start and first[1] and files[path][start - 1][1] == files[first[0]][first[1] - 1][1]
            if not before and not (path == first[0] and start < first[1] + RUN):
                found[(first[0], path, block[0])] = (files[first[0]][first[1]][0], files[path][start][0])
    problems = []
    allowed = {(one, other, line) for one, other, line, _ in COPIES}
    for (one, other, line), (here, there) in sorted(found.items()):
        if (one, other, line) not in allowed:
            problems.append(f"{one}:{here} and {other}:{there}: {RUN} equal lines or more, from `{line}` on")
    problems += [f"tests/house/ceilings.py allows a copy in {one} and {other} that is gone: take it out"
                 for one, other, line in sorted(allowed) if (one, other, line) not in found]
    return problems
