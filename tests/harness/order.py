"""Diagnostics do not depend on the order of declarations.

Each case of tests/ui whose text parses is written again with its top-level declarations in other orders (backwards, rotated,
shuffled); `janus check` must report the same: code, message and the text of the line, as often. Only where one message stands
for several places, and which of them it names is a matter of order, are the lines left out of the comparison (WITHOUT_PLACE).
The suite fails when fewer cases can be permuted than it knows of.
"""
import collections
import json
import random
import re
import shutil

from .common import Case, Result, case_name, cases_below, read_text

LEAST_CASES = 200  # of tests/ui; there are more
# What follows a syntax error depends on where the parser finds its feet again.
SYNTAX = {f"E00{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 15)}
WITHOUT_PLACE = {
    "E1001": "a name that one declaration or `use` would cure is reported where it is met first",
    "E1002": "of two equal declarations the later one is reported",
    "E1003": "a missing module is reported at the first `use` of it",
    "E1013": "a circle is reported at one of its members",
    "E2023": "a circle is reported at one of its members",
    "E2028": "of two declarations that do not agree one is reported",
    "E3006": "of two overlapping impls the later one is reported",
    "E3008": "instances that need ever larger ones are reported where the limit is met",
    "E4003": "a circle is reported at one of its members",
}
# Where the members of a circle, and their texts, are named by the message, only the code is compared.
WITHOUT_TEXT = {"E1002", "E1013", "E2023", "E2028", "E3006", "E3008", "E4003"}
# What all declarations share: the one that asks for too much is the last that is asked.
SHARED = re.compile(r"the constants of this program take more|the variables and constants of the program need more|through more than \d+ steps")
PLACE = re.compile(r"[\w/]+\.jan:\d+:\d+")
QUOTED = re.compile(r"`[^`]*`")
ITEM = re.compile(r"(?:(?:pub|extern|export|unique)\s+)*(?:func|struct|enum|error|trait|impl|const|var|type|test)\b")
LEADING = re.compile(r"///|\{\.")
HEADER = re.compile(r"(?:profile|use|pub use|//!)\b|//!")


def collect(context):
    base = context.root / "tests/ui"
    cases = [Case(case_name("order", base, path), lambda path=path: check(context, base, path)) for path in cases_below(base)]
    return cases + [Case("order/enough", lambda: enough(context, base))]


def pieces_of(text):
    """The header (profile, uses, module documentation) and the declarations, each with what leads up to it. None when the text
    cannot be taken apart: something else stands at the left margin between two declarations."""
    header, items, leading = [], [], []
    for line in text.split("\n"):
        if ITEM.match(line):
            items.append(leading + [line])
            leading = []
        elif LEADING.match(line) or (line.startswith("//") and not HEADER.match(line)):
            leading.append(line)
        elif HEADER.match(line):
            if items:
                return None
            header += leading + [line]
            leading = []
        elif items and not leading:
            items[-1].append(line)
        elif not line.strip():
            (leading if items else header).append(line)
        else:
            return None
    if leading and items:
        items[-1] += leading
    return header, items


def orders_of(items, seed):
    """At least three other orders, where there are that many."""
    rng = random.Random(seed)
    found = [items[::-1], items[1:] + items[:1]]
    for _ in range(8):
        shuffled = items[:]
        rng.shuffle(shuffled)
        found.append(shuffled)
    distinct = []
    for order in found:
        if order != items and order not in distinct:
            distinct.append(order)
    return distinct[:4]


def plain(message):
    """Without places, and with the names it mentions in one order."""
    names = iter(sorted(QUOTED.findall(message)))
    return QUOTED.sub(lambda _: next(names), PLACE.sub("a place", message))


def reports(context, folder, name):
    """What `janus check` says of a file, without its place in the file; and whether the text parses."""
    outcome = context.compiler("check", "--json", name, cwd=folder, extra={"JANUS_STD": str(context.root / "std")})
    found, parses = collections.Counter(), outcome.code in (0, 1)
    lines = {}
    for line in outcome.out.split("\n") + outcome.err.split("\n"):
        if not line.startswith("{"):
            continue
        report = json.loads(line)
        code = report["code"]
        parses = parses and code not in SYNTAX
        message, place = report["message"], ""
        shared = SHARED.search(message)
        if report.get("file") and code not in WITHOUT_PLACE and not shared:
            if report["file"] not in lines:
                path = folder / report["file"]
                lines[report["file"]] = path.read_text(errors="replace").split("\n") if path.exists() else []
            text = lines[report["file"]]
            place = text[report["line"] - 1].strip() if 0 < report["line"] <= len(text) else ""
        found[code, "" if code in WITHOUT_TEXT or shared else plain(message), place] += 1
    return found, parses


def permuted(path):
    """The texts of the case in other orders; none when it cannot be permuted."""
    text = read_text(path)
    pieces = pieces_of(text)
    if not pieces or len(pieces[1]) < 2:
        return []
    header, items = pieces
    if any(len(order) != len(items) for order in orders_of(items, 1)):
        return []
    return ["\n".join(header + [line for item in order for line in item]) + "\n" for order in orders_of(items, len(text))]


def copied(context, path):
    folder = context.scratch_folder()
    if path.name == "main.jan":
        shutil.copytree(path.parent, folder / "case")
    else:
        (folder / "case").mkdir()
        shutil.copy(path, folder / "case")
    return folder / "case"


def check(context, base, path):
    name = case_name("order", base, path)
    texts = permuted(path)
    if not texts:
        return []
    folder = copied(context, path)
    expected, parses = reports(context, folder, path.name)
    if not parses:
        return []
    for text in texts:
        (folder / path.name).write_text(text)
        found, _ = reports(context, folder, path.name)
        if found != expected:
            lost = [f"lost: {code} {message} | {place}" for code, message, place in (expected - found).elements()]
            new = [f"new: {code} {message} | {place}" for code, message, place in (found - expected).elements()]
            return Result(name, False, "\n".join(["in this order:", text, *lost, *new]))
    return Result(name, True)


def enough(context, base):
    count = sum(1 for path in cases_below(base) if permuted(path))
    return Result("order/enough", count >= LEAST_CASES, f"only {count} cases of tests/ui have declarations to permute")
