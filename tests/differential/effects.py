"""Nodes that run other code or change memory: calls, propagation, atomics; the digest of a value; patterns."""
import struct

from .expressions import AddressOf, Expr, Node, Var
from .values import MASK64, Fail, OutOfFuel, Return, copy, none, some, wrap

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


class Volatile(Expr):
    """A volatile load of a place."""

    def __init__(self, type_, place):
        super().__init__(type_)
        self.place = place

    def text(self):
        return f"@volatile_load[{self.place.type.name}](&{self.place.text()})"

    def value(self, frame):
        box, key = self.place.ref(frame)
        return box[key]


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
