"""Expression nodes. Each knows its type, its text, and its value in the model.

`text()` determines its own type wherever it stands; `bare()` may lean on the type its surroundings expect, so it is shorter and
exercises the implicit conversions. `value(frame)` computes; places also have `ref(frame)`, the list and index they stand for. Operands
are evaluated from left to right. `repair()` changes a node whose check failed into one that cannot fail there, and answers
False when it has no such form.
"""
import struct

from .values import (MASK64, Fail, OutOfFuel, Ref, Return, Slice, Trap, copy, fits, none, same, some, wrap)


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


def as_shown(index):
    """The check keeps an index as 64 bits and shows them with a sign."""
    return index - (1 << 64) if index >> 63 > 0 else index


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
            raise Trap(f"index out of range: {as_shown(index)} of {length}", self)
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
            raise Trap(f"slice out of range: {as_shown(low)}..<{as_shown(high)} of {length}", self)
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


# ---- calls


class Call(Expr):
    """A call of a function by name, or as a method of its first argument; generic arguments are given or inferred."""

    def __init__(self, type_, func, generic, args, inferred=False):
        super().__init__(type_)
        self.func, self.generic, self.args, self.inferred = func, generic, args, inferred

    def text(self):
        name = self.func.name
        if self.func.method:
            receiver = self.args[0]
            base = receiver.place if isinstance(receiver, AddressOf) else receiver
            return f"{base.text()}.{name}({', '.join(arg.bare() for arg in self.args[1:])})"
        if self.generic and self.inferred:
            return f"{name}({', '.join(arg.text() for arg in self.args)})"
        if self.generic:
            name += "[" + ", ".join(getattr(arg, "name", None) or str(arg) for arg in self.generic) + "]"
        return f"{name}({', '.join(arg.bare() for arg in self.args)})"

    def value(self, frame):
        args = [arg.value(frame) for arg in self.args]
        return call(self.func, args, frame, self.generic)


def call(func, args, frame, generic=()):
    machine = frame.machine
    machine.depth += 1
    if machine.depth > 40:
        raise OutOfFuel()
    inner = Frame(machine)
    inner.vars.update(zip(func.param_names, args))
    for name, given in zip(func.generics, generic):
        if name == "N":
            inner.vars["N"] = frame.length(given)
    try:
        func.body.run(inner)
        result = None
    except Return as end:
        result = end.value
    except Fail as end:
        machine.depth -= 1
        return ("err", end.name)
    machine.depth -= 1
    return ("ok", result) if func.result.kind == "union" else result


class FuncValue(Expr):
    def __init__(self, type_, func):
        super().__init__(type_)
        self.func = func

    def text(self):
        return self.func.name

    def value(self, frame):
        return self.func


class CallValue(Expr):
    """A call through a function value held by a place."""

    def __init__(self, type_, callee, args):
        super().__init__(type_)
        self.callee, self.args = callee, args

    def text(self):
        callee = self.callee.text()
        return f"{callee if isinstance(self.callee, Var) else f'({callee})'}({', '.join(arg.bare() for arg in self.args)})"

    def value(self, frame):
        func = self.callee.value(frame)
        return call(func, [arg.value(frame) for arg in self.args], frame)


class Try(Expr):
    def __init__(self, type_, inner):
        super().__init__(type_)
        self.inner = inner

    def text(self):
        return f"{self.inner.text()}?"

    def value(self, frame):
        kind, value = self.inner.value(frame)
        if kind == "err":
            raise Fail(value)
        return value


class Catch(Expr):
    """`e catch value`, or by name when `cases` gives a value for each error."""

    def __init__(self, type_, inner, default, name=None, cases=None):
        super().__init__(type_)
        self.inner, self.default, self.name, self.cases = inner, default, name, cases or []

    def text(self):
        if not self.cases:
            return f"({self.inner.text()} catch {self.default.text()})"
        arms = ", ".join(f".{error} => {result.text()}" for error, result in self.cases)
        return f"({self.inner.text()} catch |{self.name}| match {self.name} {{ {arms} }})"

    def value(self, frame):
        kind, value = self.inner.value(frame)
        if kind == "ok":
            return value
        for error, result in self.cases:
            if error == value:
                return result.value(frame)
        return self.default.value(frame)


class Atomic(Expr):
    """A read-modify-write, a load, or a strong compare-exchange on a place."""

    def __init__(self, type_, what, place, args, orders):
        super().__init__(type_)
        self.what, self.place, self.args, self.orders = what, place, args, orders

    def text(self):
        args = "".join(f", {arg.bare()}" for arg in self.args)
        name = self.place.type.name
        if self.what == "load":
            return f"@atomic_load[{name}, .{self.orders[0]}](&{self.place.text()})"
        if self.what == "cmpxchg":
            return f"@atomic_cmpxchg[{name}, .{self.orders[0]}, .{self.orders[1]}, false](&{self.place.text()}{args})"
        return f"@atomic_rmw[{name}, .{self.what}, .{self.orders[0]}](&{self.place.text()}{args})"

    def value(self, frame):
        box, key = self.place.ref(frame)
        args = [arg.value(frame) for arg in self.args]
        old, type_ = box[key], self.place.type
        if self.what == "load":
            return old
        if self.what == "cmpxchg":
            if old == args[0]:
                box[key] = args[1]
                return none()
            return some(old)
        value = args[0]
        box[key] = {"xchg": lambda: value, "add": lambda: wrap(type_, old + value), "sub": lambda: wrap(type_, old - value),
                    "and": lambda: wrap(type_, old & value), "or": lambda: wrap(type_, old | value),
                    "xor": lambda: wrap(type_, old ^ value), "nand": lambda: wrap(type_, ~(old & value)),
                    "min": lambda: min(old, value), "max": lambda: max(old, value)}[self.what]()
        return old


class Digest(Expr):
    """A u64 that depends on every part of a value; the program computes it with functions generated for the type."""

    def __init__(self, type_, inner, func_name, types):
        super().__init__(type_)
        self.inner, self.func_name, self.types = inner, func_name, types

    def text(self):
        return f"{self.func_name}(7, {self.inner.bare()})"

    def value(self, frame):
        return digest(self.types, self.inner.type, 7, self.inner.value(frame))


DIGEST_FACTOR = 1099511627791


def digest_step(h, bits):
    return ((h * DIGEST_FACTOR) & MASK64) ^ (bits & MASK64)


def digest(types, type_, h, value):
    kind = type_.kind
    if kind in ("int", "plain", "bool"):
        return digest_step(h, int(value))
    if kind == "float":
        return digest_step(h, struct.unpack("<Q", struct.pack("<d", value))[0] if value == value else 7)
    if kind == "str":
        for char in value:
            h = digest_step(h, ord(char))
        return digest_step(h, len(value))
    if kind == "array":
        for part in value:
            h = digest(types, type_.elem, h, part)
        return h
    if kind == "optional":
        return digest(types, type_.elem, digest_step(h, 1), value[1]) if value[0] else digest_step(h, 2)
    if kind == "struct":
        for (_, field), part in zip(types.fields(type_), value):
            h = digest(types, field, h, part)
        return h
    h = digest_step(h, value[0] + 3)
    for field, part in zip(types.variants(type_)[value[0]][2], value[1:]):
        h = digest(types, field, h, part)
    return h


class Frame:
    def __init__(self, machine):
        self.machine = machine
        self.vars = {}

    def length(self, given):
        return given if isinstance(given, int) else self.vars["N"]


# ---- patterns


class Pattern(Node):
    def bindings(self):
        return []

    def bind(self, value, frame):
        pass


class AnyPattern(Pattern):
    def __init__(self, text="_"):
        self.word = text

    def text(self):
        return self.word

    def matches(self, value):
        return True


class BindPattern(Pattern):
    def __init__(self, name, type_):
        self.name, self.type = name, type_

    def text(self):
        return self.name

    def matches(self, value):
        return True

    def bindings(self):
        return [(self.name, self.type)]

    def bind(self, value, frame):
        frame.vars[self.name] = copy(value)


class ValuePattern(Pattern):
    def __init__(self, low, high=None):
        self.low, self.high = low, high

    def text(self):
        low = ("true" if self.low else "false") if isinstance(self.low, bool) else str(self.low)
        return low if self.high is None else f"{low}..{self.high}"

    def matches(self, value):
        return value == self.low if self.high is None else self.low <= value <= self.high


class NullPattern(Pattern):
    def text(self):
        return "null"

    def matches(self, value):
        return not value[0]


class PartsPattern(Pattern):
    """Some(x), .Name(x), .Name { a: x }, Struct { a: x }, .Name"""

    def __init__(self, head, variant, names, parts, offset):
        self.head, self.variant, self.names, self.parts, self.offset = head, variant, names, parts, offset

    def text(self):
        if not self.parts:
            return self.head
        if self.names:
            return self.head + " { " + ", ".join(f"{n}: {p.text()}" for n, p in zip(self.names, self.parts)) + " }"
        return f"{self.head}({', '.join(part.text() for part in self.parts)})"

    def matches(self, value):
        if self.variant is not None and (value if isinstance(value, int) else value[0]) != self.variant:
            return False
        return all(part.matches(value[self.offset + n]) for n, part in enumerate(self.parts))

    def bindings(self):
        return [binding for part in self.parts for binding in part.bindings()]

    def bind(self, value, frame):
        for n, part in enumerate(self.parts):
            part.bind(value[self.offset + n], frame)


class OrPattern(Pattern):
    def __init__(self, parts):
        self.parts = parts

    def text(self):
        return " | ".join(part.text() for part in self.parts)

    def matches(self, value):
        return any(part.matches(value) for part in self.parts)
