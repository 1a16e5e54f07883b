"""Is a match complete, and is each of its arms reached? What `janus check` says of generated matches, against a model.

The model knows every value of a few types: it tries the arms on each. What is missing must be named exactly: the patterns of
a message match only values that no arm covers, and all of them unless it says "and more". Beside these small matches stand
large ones, of thousands of arms, with one hole that must be found.
"""
import random
import re

from .common import Case, Result, clipped
from .ui import reports_in

PER_FILE = 12  # the checker shows no more than 100 errors
FILES = 40
LARGE = 6000
LIMIT = 20  # seconds for one run of the checker
HEAD = """enum E { A, B, C }
enum F { X(u8, bool), Y { e: E, n: i8 }, Z }
struct P { e: E, b: bool, n: u8 }
struct W { p: P, f: F, o: ?(?bool) }
enum One { Only(bool) }

"""


# ---- types: their values (integers by representatives), random patterns as (text, test), and the patterns of messages
class Int:
    def __init__(self, low, high):
        self.low, self.high, self.cuts = low, high, {low}

    def values(self):
        return sorted(self.cuts)

    def pattern(self, rng, depth):
        points = [rng.randint(self.low, self.high) for _ in range(2)] + [self.low, self.high]
        low, high = sorted(rng.sample(points, 2))
        form = rng.randrange(5)
        if form == 0:
            high = low
        if form == 1:
            high = self.high
        if form == 2:
            low = self.low
        self.cuts |= {low, min(high + 1, self.high)}
        text = {0: f"{low}", 1: f"{low}..", 2: f"..{high}"}.get(form, f"{low}..{high}")
        return text, lambda v: low <= v <= high

    def parse(self, reader):
        found = reader.take(r"(-?\d+)(\.\.(-?\d+)?)?")
        low = int(found[1])
        high = int(found[3]) if found[3] else self.high if found[2] else low
        self.cuts |= {low, min(high + 1, self.high)}
        return lambda v: low <= v <= high


class Bool:
    def values(self):
        return [False, True]

    def pattern(self, rng, depth):
        wanted = rng.random() < 0.5
        return str(wanted).lower(), lambda v: v == wanted

    def parse(self, reader):
        wanted = reader.take("true|false")[0] == "true"
        return lambda v: v == wanted


class Optional:
    def __init__(self, element):
        self.element = element

    def values(self):
        return [None] + [(v,) for v in self.element.values()]

    def pattern(self, rng, depth):
        if rng.random() < 0.4:
            return "null", lambda v: v is None
        text, test = pattern(self.element, rng, depth + 1)
        return f"Some({text})", lambda v: v is not None and test(v[0])

    def parse(self, reader):
        if reader.take("null|Some[(]")[0] == "null":
            return lambda v: v is None
        test = parse(self.element, reader)
        reader.take("[)]")
        return lambda v: v is not None and test(v[0])


class Shape:
    """The parts of a struct or of one variant: (name or None, type)."""

    def __init__(self, name, parts):
        self.name, self.parts = name, parts

    def values(self):
        rows = [()]
        for _, part in self.parts:
            rows = [row + (v,) for row in rows for v in part.values()]
        return rows

    def pattern(self, rng, depth):
        if not self.parts:
            return self.name, lambda v: True
        subs = [pattern(part, rng, depth + 1) for _, part in self.parts]
        tests = [test for _, test in subs]
        if self.parts[0][0] is None:
            return f"{self.name}({', '.join(text for text, _ in subs)})", lambda v: all(t(x) for t, x in zip(tests, v))
        fields = ", ".join(f"{name}: {text}" for (name, _), (text, _) in zip(self.parts, subs) if text != "_")
        return f"{self.name} {{ {fields}{', ' if fields else ''}.. }}", lambda v: all(t(x) for t, x in zip(tests, v))

    def parse(self, reader):
        tests = [lambda v: True for _ in self.parts]
        if self.parts and self.parts[0][0] is None:
            for i, (_, part) in enumerate(self.parts):
                reader.take("[(]" if i == 0 else ", ")
                tests[i] = parse(part, reader)
            reader.take("[)]")
        elif self.parts:
            reader.take(" { ")
            while not reader.take(r"(?:\.\.)? ?}", optional=True):
                name = reader.take(r"(\w+): ")[1]
                i = [n for n, _ in self.parts].index(name)
                tests[i] = parse(self.parts[i][1], reader)
                reader.take(", ", optional=True)
        return lambda v: all(t(x) for t, x in zip(tests, v))


class Struct(Shape):
    def parse(self, reader):
        reader.take(self.name)
        return super().parse(reader)


class Enum:
    def __init__(self, *shapes):
        self.shapes = shapes

    def values(self):
        return [(i, v) for i, shape in enumerate(self.shapes) for v in shape.values()]

    def pattern(self, rng, depth):
        i = rng.randrange(len(self.shapes))
        text, test = self.shapes[i].pattern(rng, depth)
        return "." + text, lambda v: v[0] == i and test(v[1])

    def parse(self, reader):
        name = reader.take(r"\.(\w+)")[1]
        i = [shape.name for shape in self.shapes].index(name)
        test = self.shapes[i].parse(reader)
        return lambda v: v[0] == i and test(v[1])


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def take(self, expression, optional=False):
        found = re.compile(expression).match(self.text, self.at)
        if found:
            self.at = found.end()
        elif not optional:
            raise ValueError(f"{self.text!r} is no pattern of this type, from {self.text[self.at:]!r} on")
        return found


def pattern(kind, rng, depth=0):
    chance = rng.random()
    if depth and chance < 0.35:
        return "_", lambda v: True
    if chance > 0.85 and depth < 3:
        (left, left_test), (right, right_test) = pattern(kind, rng, depth + 1), pattern(kind, rng, depth + 1)
        return f"{left} | {right}", lambda v: left_test(v) or right_test(v)
    return kind.pattern(rng, depth)


def parse(kind, reader):
    if reader.take("_", optional=True):
        return lambda v: True
    return kind.parse(reader)


def kinds():
    """Fresh ones: integers remember where patterns cut them."""
    def e():
        return Enum(Shape("A", []), Shape("B", []), Shape("C", []))

    def f():
        return Enum(Shape("X", [(None, Int(0, 255)), (None, Bool())]), Shape("Y", [("e", e()), ("n", Int(-128, 127))]), Shape("Z", []))

    def p():
        return Struct("P", [("e", e()), ("b", Bool()), ("n", Int(0, 255))])

    return {"bool": Bool(), "u8": Int(0, 255), "i8": Int(-128, 127), "E": e(), "F": f(), "P": p(), "?u8": Optional(Int(0, 255)),
            "?(?bool)": Optional(Optional(Bool())), "One": Enum(Shape("Only", [(None, Bool())])),
            "W": Struct("W", [("p", p()), ("f", f()), ("o", Optional(Optional(Bool())))])}


# ---- small matches
class Match:
    def __init__(self, seed):
        rng = random.Random(seed)
        self.name, self.kind = rng.choice(list(kinds().items()))
        self.arms = []  # (texts of the alternatives, their tests, has a guard)
        for _ in range(rng.randint(1, 9)):
            count = 1 if rng.random() < 0.8 else 2
            alternatives = [self.alternative(rng) for _ in range(count)]
            self.arms.append(([text for text, _ in alternatives], [test for _, test in alternatives], rng.random() < 0.2))
        if rng.random() < 0.3:
            self.arms.append((["else"], [lambda v: True], False))
        self.seed = seed

    def alternative(self, rng):
        if rng.random() < 0.05:
            return "_", lambda v: True
        text, test = self.kind.pattern(rng, 0)
        return text, test

    def text(self):
        """A line for each alternative, so that reports can be told apart."""
        lines = [f"func f{self.seed}(v: {self.name}, g: bool) -> u8 do", "    return match v {"]
        for texts, _, guarded in self.arms:
            lines += [f"        {'| ' if i else ''}{text}" for i, text in enumerate(texts)]
            lines[-1] += " when g => 1," if guarded else " => 1,"
        return lines + ["    }", "end"]

    def expected(self):
        """Which alternatives are reached, and the values that nothing covers."""
        reached, left = [], self.kind.values()
        for _, tests, guarded in self.arms:
            for test in tests:
                reached.append(any(test(v) for v in left))
                if not guarded:
                    left = [v for v in left if not test(v)]
        return reached, left

    def problems(self, first_line, errors):
        found = []
        unreached = {line for code, line, _ in errors if code == "E2022"}
        missing = [text for code, _, text in errors if code == "E2009"]
        tests, more = self.named(missing[0]) if missing else ([], False)  # cuts integers, so it comes first
        reached, left = self.expected()
        for i, is_reached in enumerate(reached):
            if is_reached == (first_line + 2 + i in unreached):
                found.append(f"alternative {i + 1} is {'' if is_reached else 'not '}reached")
        if bool(left) != bool(missing):
            found.append(f"missing: {left[:3]}, reported: {missing}")
        if missing:
            found += [f"{missing[0]} names {v}, which is covered" for v in self.kind.values() if v not in left and any(t(v) for t in tests)][:1]
            found += [f"{missing[0]} does not name {v}" for v in left if not more and not any(t(v) for t in tests)][:1]
        return found

    def named(self, message):
        if "every value" in message:
            return [lambda v: True], False
        texts = re.findall("`([^`]*)`", message)
        return [parse(self.kind, Reader(text)) for text in texts], message.endswith("and more")


def errors_in(text):
    """(code, line, message) of every error."""
    messages = re.findall(r"^error\[(E\d+)\]: (.*)$", text, re.M)
    return [(code, line, message) for (code, message), (_, line, _) in zip(messages, [r for r in reports_in(text) if r[2][0] == "E"])]


def check_small(context, number):
    name = f"matches/small-{number}"
    matches = [Match(seed) for seed in range(number * PER_FILE, (number + 1) * PER_FILE)]
    lines, starts = HEAD.split("\n"), []
    for match in matches:
        starts.append(len(lines) + 1)
        lines += match.text()
    source = context.scratch_folder() / "small.jan"
    source.write_text("\n".join(lines) + "\nfunc main() do end\n")
    ran = context.compiler("check", source, limit=LIMIT)
    errors = errors_in(ran.err)
    found = [] if ran.code in (0, 1) and "not shown" not in ran.err else [f"{ran.describe()}\n" + clipped(ran.err)]
    for match, start, end in zip(matches, starts, starts[1:] + [len(lines) + 1]):
        own = [error for error in errors if start <= error[1] < end]
        found += [f"{error} is none of a match" for error in own if error[0] not in ("E2009", "E2022")]
        for problem in match.problems(start, own):
            found.append("\n".join([problem, *match.text(), ""]))
    return Result(name, not found, "\n".join(found[:3]))


# ---- large ones
def ranges(count, hole):
    arms = [f"{i * 10}..<{i * 10 + 10} => {i}," for i in range(count) if i != hole] + [f"{count * 10}.. => 1,"]
    return "u64", arms, f"`{hole * 10}..{hole * 10 + 9}`"


def overlapping(count, hole):
    arms = [f"{i}..{count * 2 - i} when g => 1," for i in range(count)] + [f"..{hole - 1} => 2,", f"{hole + 1}.. => 3,"]
    return "i32", arms, f"`{hole}`"


def texts(count, hole):
    return "str", [f'"key{i}" => {i},' for i in range(count)], "every value of `str`"


def pairs(count, hole):
    """Two columns: each value of the first has its own range of the second."""
    arms = [f"Pair {{ a: {i}, b: ..{i if i != hole else i - 1} }} => 1," for i in range(1, count)]
    arms += [f"Pair {{ a: {i}, b: {i + 1}.. }} => 2," for i in range(1, count)]
    return "Pair", arms + [f"Pair {{ a: ..0, .. }} | Pair {{ a: {count}.., .. }} => 3,"], f"`Pair {{ a: {hole}, b: {hole} }}`"


def variants(count, hole):
    return "Many", [f".V{i} => {i}," for i in range(count) if i != hole], f"`.V{hole}`"


def loads(count, hole):
    arms = [f".V{i}(..{i}) => 1," for i in range(count)] + [f".V{i}({i + (2 if i == hole else 1)}..) => 2," for i in range(count)]
    return "Loaded", arms, f"`.V{hole}({hole + 1})`"


def wide(count, hole):
    """Every field of a wide struct is looked at, by an arm of its own."""
    fields = [f"f{i}" for i in range(300)]
    arms = [f"Wide {{ {field}: true, .. }} => 1," for field in fields]
    return "Wide", arms, "`Wide { " + ", ".join(f"{field}: false" for field in fields) + " }`"


def check_large(context, shape):
    count, hole = LARGE, 4321
    subject, arms, missing = shape(count, hole)
    head = [f"enum Many {{ {', '.join(f'V{i}' for i in range(count))} }}",
            f"enum Loaded {{ {', '.join(f'V{i}(i64)' for i in range(count))} }}", "struct Pair { a: i64, b: i64 }",
            f"struct Wide {{ {', '.join(f'f{i}: bool' for i in range(300))} }}"]
    body = [f"func f(v: *const {subject}, g: bool) -> u64 do", "    return match v.* {", *arms, "    }", "end"]
    closed = [*body[:-2], f"{arms[-1].split(' =>')[0]} => 9,", "else => 0,", *body[-2:]]
    problems = []
    for lines, code, wanted in ((body, "E2009", missing), (closed, "E2022", "never reached")):
        source = context.scratch_folder() / "large.jan"
        source.write_text("\n".join([*head, *lines, "func main() do end", ""]))
        ran = context.compiler("check", source, limit=LIMIT)
        errors = errors_in(ran.err)
        if ran.code != 1 or {error[0] for error in errors} != {code} or wanted not in errors[0][2]:
            problems.append(f"wanted one {code} with {wanted}; {ran.describe()}\n" + clipped(ran.err))
    return Result(f"matches/large-{shape.__name__}", not problems, "\n".join(problems))


def collect(context):
    small = [Case(f"matches/small-{n}", lambda n=n: check_small(context, n)) for n in range(FILES)]
    shapes = (ranges, overlapping, texts, pairs, variants, loads, wide)
    return small + [Case(f"matches/large-{shape.__name__}", lambda shape=shape: check_large(context, shape)) for shape in shapes]
