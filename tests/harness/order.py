"""Diagnostics do not depend on the order of declarations.

Each case of tests/ui is written again with its top-level declarations in other orders (backwards, rotated, shuffled); `janus
check` must report the same: code, message and the text of the line, as often. Only where one message stands for several places,
and which of them it names is a matter of order, are the lines left out of the comparison (WITHOUT_PLACE). The suite fails when
it compared fewer cases, or fewer messages with their text and line, than it knows of.
"""
import collections
import json
import random
import re
import shutil

from .common import Case, Result, case_name, cases_below, read_text

# Of tests/ui; there are more.
LEAST_CASES = 350
LEAST_MESSAGES = 1100  # compared in full
WITHOUT_PLACE = {
    "E1001": "a name that one declaration or `use` would cure is reported where it is met first",
    "E1002": "of two equal declarations the later one is reported",
    "E2023": "a circle is reported at one of its members",
    "E3006": "of two overlapping impls the later one is reported",
    "E4003": "a circle is reported at one of its members",
}
# Where the members of a circle, and their texts, are named by the message, only the code is compared.
WITHOUT_TEXT = {"E2023", "E3006", "E4003"}
# What all declarations share: the one that asks for too much is the last that is asked.
SHARED = re.compile(r"the constants of this program take more|the variables and constants of the program need more")
PLACE = re.compile(r"[\w/]+\.jan:\d+:\d+")
QUOTED = re.compile(r"`[^`]*`")
ITEM = re.compile(r"(?:(?:pub|extern|export|unique)\s+)*(?:func|struct|enum|error|trait|impl|const|var|type|test)\b")
LEADING = re.compile(r"///|\{\.")
HEADER = re.compile(r"(?:profile|use|pub use|//!)\b|//!|\{\.profile\b")
GOLDEN = re.compile(r"^(?:error|warning)\[(\w+)\]: (.*)$", re.MULTILINE)


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
        elif not HEADER.match(line) and (LEADING.match(line) or line.startswith("//")):
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
    """What `janus check` says of a file, without its place in the file; None when it did not come to its end."""
    outcome = context.compiler("check", "--json", name, cwd=folder, extra={"JANUS_STD": str(context.root / "std")})
    if outcome.code not in (0, 1):
        return None
    found = collections.Counter()
    lines = {}
    for line in outcome.out.split("\n") + outcome.err.split("\n"):
        if not line.startswith("{"):
            continue
        report = json.loads(line)
        code = report["code"]
        message, place = report["message"], ""
        shared = SHARED.search(message)
        if report.get("file") and code not in WITHOUT_PLACE and not shared:
            if report["file"] not in lines:
                path = folder / report["file"]
                lines[report["file"]] = path.read_text(errors="replace").split("\n") if path.exists() else []
            text = lines[report["file"]]
            place = text[report["line"] - 1].strip() if 0 < report["line"] <= len(text) else ""
        found[code, "" if code in WITHOUT_TEXT or shared else plain(message), place] += 1
    return found


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
    expected = reports(context, folder, path.name)
    told = GOLDEN.findall(golden_of(path))
    if expected is None or expected.total() != len(told):
        return Result(name, False, f"as it stands: {expected}, which is not what its golden says")
    for text in texts:
        (folder / path.name).write_text(text)
        found = reports(context, folder, path.name)
        if found is None:
            return Result(name, False, "no end in this order:\n" + text)
        if found != expected:
            lost = [f"lost: {code} {message} | {place}" for code, message, place in (expected - found).elements()]
            new = [f"new: {code} {message} | {place}" for code, message, place in (found - expected).elements()]
            return Result(name, False, "\n".join(["in this order:", text, *lost, *new]))
    return Result(name, True)


def golden_of(path):
    golden = path.with_suffix(".stderr")
    return read_text(golden) if golden.exists() else ""


def in_full(code, message):
    return code not in WITHOUT_PLACE and code not in WITHOUT_TEXT and not SHARED.search(message)


def enough(context, base):
    """`check` compares what the golden of a case says, message by message."""
    compared = [path for path in cases_below(base) if permuted(path)]
    messages = sum(in_full(*told) for path in compared for told in GOLDEN.findall(golden_of(path)))
    good = len(compared) >= LEAST_CASES and messages >= LEAST_MESSAGES
    return Result("order/enough", good, f"only {len(compared)} cases of tests/ui were compared, and {messages} messages in full")
