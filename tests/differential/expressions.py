"""Expression nodes. Each knows its type, its text, and its value in the model.

`text()` determines its own type wherever it stands; `bare()` may lean on the type its surroundings expect, so it is shorter and
exercises the implicit conversions. `value(frame)` computes; places also have `ref(frame)`, the list and index they stand for. Operands
are evaluated from left to right. `repair()` changes a node whose check failed into one that cannot fail there, and answers
False when it has no such form.
"""
from .values import Ref, Slice, Trap, copy, fits, none, same, some, wrap


class Node:
    def children(self):
        """(owner, key, node) of every node directly below; owner[key] or getattr(owner, key) can be replaced."""
        for name, part in list(vars(self).items()):
            if isinstance(part, Node):
                yield self, name, part
            elif isinstance(part, list):
                yield from _in_list(part)

    def repair(self):
        return False


def _in_list(items):
    for index, part in enumerate(items):
        if isinstance(part, Node):
            yield items, index, part
        elif isinstance(part, (list, tuple)):
            yield from _in_list(part)


def replace(owner, key, node):
    if isinstance(owner, (list, dict)):
        owner[key] = node
    else:
        setattr(owner, key, node)


class Expr(Node):
    is_place = False

    def __init__(self, type_):
        self.type = type_

    def bare(self):
        return self.text()


class Place(Expr):
    is_place = True

    def value(self, frame):
        box, key = self.ref(frame)
        return copy(box[key])


class Literal(Expr):
    """A number, bool or text."""

    def __init__(self, type_, what):
        super().__init__(type_)
        self.what = what

    def bare(self):
        if self.type.kind == "bool":
            return "true" if self.what else "false"
        if self.type.kind == "str":
            return '"' + self.what + '"'
        if self.type.kind == "float":
            return repr(float(self.what))
        return str(self.what)

    def text(self):
        return f"({self.bare()} as {self.type.name})" if self.type.kind == "int" else self.bare()

    def value(self, frame):
        return self.what


class Null(Expr):
    def bare(self):
        return "null"

    def text(self):
        return f"nothing[{self.type.elem.name}]()"

    def value(self, frame):
        return none()


class Wrap(Expr):
    """T → ?T, written or implicit."""

    def __init__(self, type_, inner, explicit):
        super().__init__(type_)
        self.inner, self.explicit = inner, explicit or inner.type.kind == "optional"

    def bare(self):
        return self.text() if self.explicit else self.inner.text()

    def text(self):
        return f"Some({self.inner.text()})"

    def value(self, frame):
        return some(self.inner.value(frame))


class Widen(Expr):
    """A value-preserving integer conversion, implicit where the surroundings ask for the type."""

    def __init__(self, type_, inner):
        super().__init__(type_)
        self.inner = inner

    def bare(self):
        return self.inner.text()

    def text(self):
        return f"({self.inner.text()} as {self.type.name})"

    def value(self, frame):
        return self.inner.value(frame)


class Struct(Expr):
    def __init__(self, type_, names, parts):
        super().__init__(type_)
        self.names, self.parts = names, parts

    def text(self):
        inside = ", ".join(f"{name}: {part.bare()}" for name, part in zip(self.names, self.parts))
        return f"{self.type.name} {{ {inside} }}"

    def value(self, frame):
        return [part.value(frame) for part in self.parts]


class Array(Expr):
    def __init__(self, type_, parts):
        super().__init__(type_)
        self.parts = parts

    def bare(self):
        return "[" + ", ".join(part.bare() for part in self.parts) + "]"

    def text(self):
        return "[" + ", ".join(part.text() for part in self.parts) + "]"

    def value(self, frame):
        return [part.value(frame) for part in self.parts]


class Repeat(Expr):
    def __init__(self, type_, part):
        super().__init__(type_)
        self.part = part

    def bare(self):
        return f"[{self.part.bare()}; {self.type.length}]"

    def text(self):
        return f"[{self.part.text()}; {self.type.length}]"

    def value(self, frame):
        value = self.part.value(frame)
        return [copy(value) for _ in range(frame.length(self.type.length))]


class Variant(Expr):
    def __init__(self, type_, index, name, names, parts):
        super().__init__(type_)
        self.index, self.name, self.names, self.parts = index, name, names, parts

    def inside(self):
        if not self.parts:
            return self.name
        if self.names:
            return self.name + " { " + ", ".join(f"{n}: {p.bare()}" for n, p in zip(self.names, self.parts)) + " }"
        return f"{self.name}({', '.join(part.bare() for part in self.parts)})"

    def bare(self):
        return "." + self.inside()

    def text(self):
        return f"{self.type.name}.{self.inside()}"

    def value(self, frame):
        if self.type.kind == "plain":
            return self.index
        return [self.index, *(part.value(frame) for part in self.parts)]


# ---- places


class Var(Place):
    def __init__(self, type_, name):
        super().__init__(type_)
        self.name = name

    def text(self):
        return self.name

    def ref(self, frame):
        if self.name in frame.vars:
            return frame.vars, self.name
        return frame.machine.globals, self.name

    def value(self, frame):
        where = frame.vars if self.name in frame.vars else frame.machine.globals
        return copy(where[self.name])


class Length(Expr):
    """The generic value parameter of the function that is running."""

    def text(self):
        return "N"

    def value(self, frame):
        return frame.vars["N"]


def container(base, frame):
    """The list behind a place or a pointer."""
    if base.type.kind == "pointer":
        pointer = base.value(frame)
        return pointer.box[pointer.key]
    box, key = base.ref(frame)
    return box[key]


class Field(Place):
    def __init__(self, type_, base, index, name):
        super().__init__(type_)
        self.base, self.index, self.name = base, index, name

    def text(self):
        return f"{self.base.text()}.{self.name}"

    def ref(self, frame):
        return container(self.base, frame), self.index


class Index(Place):
    def __init__(self, type_, base, index):
        super().__init__(type_)
        self.base, self.index, self.modulo = base, index, False

    def length_text(self):
        base = self.base.type
        held = base.elem if base.kind == "pointer" else base
        return str(held.length) if held.kind == "array" else f"{self.base.text()}.len"

    def text(self):
        if not self.modulo:
            return f"{self.base.text()}[{self.index.text()}]"
        index = self.index.text() if self.index.type.name == "usize" else f"({self.index.text()} as usize)"
        return f"{self.base.text()}[{index} % {self.length_text()}]"

    def ref(self, frame):
        if self.base.type.kind == "slice":
            held = self.base.value(frame)
            items, start, length = held.items, held.start, held.length
        else:
            items = container(self.base, frame)
            start, length = 0, len(items)
        index = self.index.value(frame)
        if self.modulo:
            if not length:
                raise Trap("division by zero", self)
            index %= length
        if index < 0 or index >= length:
            raise Trap(f"index out of range: {index} of {length}", self)
        return items, start + index

    def repair(self):
        if self.modulo:
            return False
        if self.index.type.signed:
            self.index = Literal(self.index.type, 0)
        self.modulo = not self.index.type.signed
        return True


class Deref(Place):
    def __init__(self, type_, pointer):
        super().__init__(type_)
        self.pointer = pointer

    def text(self):
        return f"{self.pointer.text()}.*"

    def ref(self, frame):
        pointer = self.pointer.value(frame)
        return pointer.box, pointer.key


class Unwrap(Place):
    def __init__(self, type_, base, default):
        super().__init__(type_)
        self.base, self.default, self.softened = base, default, False

    def text(self):
        if self.softened:
            return f"({self.base.text()} ?? {self.default.bare()})"
        return f"{self.base.text()}.?"

    def ref(self, frame):
        if self.base.is_place:
            box, key = self.base.ref(frame)
            held = box[key]
        else:
            held = self.base.value(frame)
        if held[0]:
            return held, 1
        if self.softened:
            return [self.default.value(frame)], 0
        raise Trap("unwrapped null", self)

    def repair(self):
        # Only where the value is read: who assigns through it keeps `default` empty.
        if self.softened or self.default is None:
            return False
        self.softened = True
        return True


class AddressOf(Expr):
    def __init__(self, type_, place):
        super().__init__(type_)
        self.place = place

    def text(self):
        return f"&{self.place.text()}"

    def value(self, frame):
        box, key = self.place.ref(frame)
        return Ref(box, key)


class SliceOf(Expr):
    """place[low..<high] of an array, a pointer to one, or a slice; or the whole by `&array` where a slice is expected."""

    def __init__(self, type_, base, low, high, whole=False):
        super().__init__(type_)
        self.base, self.low, self.high, self.whole = base, low, high, whole

    def bare(self):
        return f"&{self.base.text()}" if self.whole else self.text()

    def text(self):
        if self.whole:
            return f"{self.base.text()}[..]"
        low = self.low.bare() if self.low else ""
        return f"{self.base.text()}[{low}..{'<' + self.high.bare() if self.high else ''}]"

    def value(self, frame):
        if self.base.type.kind == "slice":
            held = self.base.value(frame)
            items, start, length = held.items, held.start, held.length
        else:
            items = container(self.base, frame)
            start, length = 0, len(items)
        low = self.low.value(frame) if self.low else 0
        high = self.high.value(frame) if self.high else length
        if not low <= high <= length:
            raise Trap(f"slice out of range: {low}..<{high} of {length}", self)
        return Slice(items, start + low, high - low)

    def repair(self):
        if not self.low and not self.high:
            return False
        self.low = self.high = None
        return True


class SliceLength(Expr):
    def __init__(self, type_, base):
        super().__init__(type_)
        self.base = base

    def text(self):
        return f"{self.base.text()}.len"

    def value(self, frame):
        if self.base.type.kind == "slice":
            return self.base.value(frame).length
        if self.base.type.kind == "str":
            return len(self.base.value(frame))
        return len(container(self.base, frame))


# ---- operators

CHECKED = {"+": "+%", "-": "-%", "*": "*%"}


class Binary(Expr):
    def __init__(self, type_, op, left, right):
        super().__init__(type_)
        self.op, self.left, self.right, self.safe = op, left, right, False

    def text(self):
        right = self.right.bare() if isinstance(self.right, Literal) and not isinstance(self.left, Literal) else self.right.text()
        if self.safe and self.op in ("/", "%"):
            right = f"(({right} & 15) | 1)"
        if self.safe and self.op in ("<<", ">>"):
            right = f"({self.right.text()} & {min(self.type.bits, 64) - 1})"
        return f"({self.left.text()} {self.op} {right})"

    def value(self, frame):
        left, right = self.left.value(frame), self.right.value(frame)
        op, type_ = self.op, self.type
        if type_.kind == "float":
            return left + right if op == "+" else left - right if op == "-" else left * right
        if op in ("+", "+%"):
            exact = left + right
        elif op in ("-", "-%"):
            exact = left - right
        elif op in ("*", "*%"):
            exact = left * right
        elif op in ("/", "%"):
            return self.divide(left, right)
        elif op in ("<<", ">>"):
            return self.shift(left, right)
        else:
            return wrap(type_, left & right if op == "&" else left | right if op == "|" else left ^ right)
        if op[-1] == "%":
            return wrap(type_, exact)
        if not fits(type_, exact):
            raise Trap("integer overflow", self)
        return exact

    def divide(self, left, right):
        if self.safe:
            right = (right & 15) | 1
        if right == 0:
            raise Trap("division by zero", self)
        quotient = abs(left) // abs(right)
        if (left < 0) != (right < 0):
            quotient = -quotient
        if not fits(self.type, quotient):
            raise Trap("integer overflow", self)
        return quotient if self.op == "/" else left - quotient * right

    def shift(self, left, right):
        bits = self.type.bits
        if self.safe:
            right &= bits - 1
        if not 0 <= right < bits:
            raise Trap("shift amount out of range", self)
        return wrap(self.type, left << right) if self.op == "<<" else left >> right

    def repair(self):
        if self.op in CHECKED:
            self.op = CHECKED[self.op]
            return True
        if self.safe:
            return False
        self.safe = True
        return True


class Negate(Expr):
    def __init__(self, type_, inner):
        super().__init__(type_)
        self.inner, self.safe = inner, False

    def text(self):
        return f"((0 as {self.type.name}) -% {self.inner.text()})" if self.safe else f"(-{self.inner.text()})"

    def value(self, frame):
        value = -self.inner.value(frame)
        if self.safe:
            return wrap(self.type, value)
        if not fits(self.type, value):
            raise Trap("integer overflow", self)
        return value

    def repair(self):
        was, self.safe = self.safe, True
        return not was


class Complement(Expr):
    def __init__(self, type_, inner):
        super().__init__(type_)
        self.inner = inner

    def text(self):
        return f"(not {self.inner.text()})" if self.type.kind == "bool" else f"(~{self.inner.text()})"

    def value(self, frame):
        value = self.inner.value(frame)
        return not value if self.type.kind == "bool" else wrap(self.type, ~value)


class Compare(Expr):
    """Of numbers in any way, of everything else by == and !=."""

    def __init__(self, type_, op, left, right):
        super().__init__(type_)
        self.op, self.left, self.right = op, left, right

    def text(self):
        return f"({self.left.text()} {self.op} {self.right.text()})"

    def value(self, frame):
        left, right = self.left.value(frame), self.right.value(frame)
        if self.op == "==":
            return same(left, right)
        if self.op == "!=":
            return not same(left, right)
        if self.op == "<":
            return left < right
        if self.op == "<=":
            return left <= right
        return left > right if self.op == ">" else left >= right


class IsNull(Expr):
    def __init__(self, type_, base, negated):
        super().__init__(type_)
        self.base, self.negated = base, negated

    def text(self):
        return f"({self.base.text()} {'!=' if self.negated else '=='} null)"

    def value(self, frame):
        return bool(self.base.value(frame)[0]) == self.negated


class Logical(Expr):
    def __init__(self, type_, op, left, right):
        super().__init__(type_)
        self.op, self.left, self.right = op, left, right

    def text(self):
        return f"({self.left.text()} {self.op} {self.right.text()})"

    def value(self, frame):
        if self.op == "and":
            return self.left.value(frame) and self.right.value(frame)
        return self.left.value(frame) or self.right.value(frame)


class Cast(Expr):
    """`as` between integers, from bool and plain enums, from integers to f64; or a truncation."""

    def __init__(self, type_, inner, truncates=False):
        super().__init__(type_)
        self.inner, self.truncates = inner, truncates

    def text(self):
        if self.truncates:
            inner = self.inner.text()
            if self.inner.type.kind == "int" and self.type.bits > self.inner.type.bits:
                inner = f"({inner} as i64)"
            return f"@truncate[{self.type.name}]({inner})"
        return f"({self.inner.text()} as {self.type.name})"

    def value(self, frame):
        value = self.inner.value(frame)
        if self.type.kind == "float":
            return float(value)
        value = int(value)
        if self.truncates:
            return wrap(self.type, value)
        if not fits(self.type, value):
            raise Trap("value does not fit", self)
        return value

    def repair(self):
        if self.truncates:
            return False
        self.truncates = True
        return True


class Bits(Expr):
    def __init__(self, type_, what, inner):
        super().__init__(type_)
        self.what, self.inner = what, inner

    def text(self):
        call = f"@{self.what}({self.inner.text()})"
        return call if self.what == "byte_swap" else f"({call} as {self.type.name})"

    def value(self, frame):
        type_ = self.inner.type
        bits = self.inner.value(frame) & ((1 << type_.bits) - 1)
        if self.what == "popcount":
            return wrap(self.type, bin(bits).count("1"))
        if self.what == "clz":
            return wrap(self.type, type_.bits - bits.bit_length())
        if self.what == "ctz":
            return wrap(self.type, (bits & -bits).bit_length() - 1 if bits else type_.bits)
        return wrap(self.type, int.from_bytes(bits.to_bytes(type_.bits // 8, "little"), "big"))


class Overflowing(Expr):
    """@add_overflow and its kin: an optional."""

    def __init__(self, type_, op, left, right):
        super().__init__(type_)
        self.op, self.left, self.right = op, left, right

    def text(self):
        return f"@{self.op}_overflow({self.left.text()}, {self.right.text()})"

    def value(self, frame):
        left, right = self.left.value(frame), self.right.value(frame)
        exact = left + right if self.op == "add" else left - right if self.op == "sub" else left * right
        return some(exact) if fits(self.type.elem, exact) else none()


# ---- choices


class Choose(Expr):
    def __init__(self, type_, condition, then, otherwise):
        super().__init__(type_)
        self.condition, self.then, self.otherwise = condition, then, otherwise

    def text(self):
        return f"(if {self.condition.text()} do {self.then.text()} else {self.otherwise.text()} end)"

    def bare(self):
        # `else if` would go on with the same `if`.
        otherwise = self.otherwise.text() if isinstance(self.otherwise, Choose) else self.otherwise.bare()
        return f"if {self.condition.text()} do {self.then.bare()} else {otherwise} end"

    def value(self, frame):
        return (self.then if self.condition.value(frame) else self.otherwise).value(frame)


class OrElse(Expr):
    def __init__(self, type_, base, default):
        super().__init__(type_)
        self.base, self.default = base, default

    def text(self):
        return f"({self.base.text()} ?? {self.default.bare()})"

    def value(self, frame):
        held = self.base.value(frame)
        return held[1] if held[0] else self.default.value(frame)


class SeenConst(Expr):
    """What an optional pointer leads to once it is seen through const: `?*T` as `?*const T`."""

    def __init__(self, type_, place):
        super().__init__(type_)
        self.place = place

    def text(self):
        return f"seen(&{self.place.text()}).?.*"

    def value(self, frame):
        return self.place.value(frame)


class Opened(Expr):
    """A closed error union as the open one: the value if `holds`, else the default."""

    def __init__(self, type_, inner, holds, default):
        super().__init__(type_)
        self.inner, self.holds, self.default = inner, holds, default

    def text(self):
        return f"(opened({self.inner.text()}, {self.holds.text()}) catch {self.default.bare()})"

    def value(self, frame):
        held = self.inner.value(frame)
        return held if self.holds.value(frame) else self.default.value(frame)


class MatchValue(Expr):
    """A match whose arms are (pattern, guard or None, expression)."""

    def __init__(self, type_, subject, arms):
        super().__init__(type_)
        self.subject, self.arms = subject, arms

    def render(self, arm_text):
        arms = []
        for pattern, guard, result in self.arms:
            when = f" when {guard.text()}" if guard else ""
            arms.append(f"{pattern.text()}{when} => {arm_text(result)}")
        return f"match {self.subject.text()} {{ {', '.join(arms)} }}"

    def bare(self):
        return self.render(lambda result: result.bare())

    def text(self):
        return f"({self.render(lambda result: result.text())})"

    def value(self, frame):
        subject = self.subject.value(frame)
        for pattern, guard, result in self.arms:
            if pattern.matches(subject):
                pattern.bind(subject, frame)
                if guard is None or guard.value(frame):
                    return result.value(frame)
        raise AssertionError("no arm matches")
