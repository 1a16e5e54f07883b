"""What the model of the language computes with: types, values, places, and the ways a computation ends.

Integers are Python's, kept in range by whoever computes them. A value held in memory is a list, so that a place is a list and an
index: a struct is its fields, an array its elements, an optional [full, payload], a payload enum [variant, field…]. Reading
a place copies. Scalars (numbers, bool, text, plain enums as their variant's number, pointers, slices, functions) are never
lists. An error union is a tuple, ("ok", value) or ("err", name).
"""

MASK64 = (1 << 64) - 1


class Type:
    """Types are interned: two are equal when they are the same object. `name` is the text a program writes."""

    __slots__ = ("kind", "name", "bits", "signed", "elem", "length", "decl", "args", "const", "params", "errors", "subst")

    def __repr__(self):
        return self.name


class Types:
    def __init__(self):
        self.table = {}

    def make(self, kind, name, **parts):
        found = self.table.get(name)
        if found is None:
            found = self.table[name] = Type()
            found.kind, found.name = kind, name
            for part in ("bits", "signed", "elem", "length", "decl", "args", "const", "params", "errors", "subst"):
                setattr(found, part, parts.get(part))
        return found

    def int(self, name):
        bits = 64 if name.endswith("size") else int(name[1:])
        return self.make("int", name, bits=bits, signed=name[0] == "i")

    def array(self, elem, length):
        return self.make("array", f"[{length}]{elem.name}", elem=elem, length=length)

    def optional(self, elem):
        inner = f"({elem.name})" if elem.kind == "optional" else elem.name
        return self.make("optional", f"?{inner}", elem=elem)

    def pointer(self, elem, const=False):
        return self.make("pointer", f"*{'const ' if const else ''}{elem.name}", elem=elem, const=const)

    def slice(self, elem, const=True):
        return self.make("slice", f"[]{'const ' if const else ''}{elem.name}", elem=elem, const=const)

    def func(self, params, result):
        text = ", ".join(param.name for param in params)
        return self.make("func", f"func({text}) -> {result.name}", params=tuple(params), elem=result)

    def union(self, payload, errors):
        return self.make("union", f"{payload.name} ! {errors.name}", elem=payload, errors=errors)

    def param(self, name):
        return self.make("param", name)

    def nominal(self, decl, args=()):
        text = ", ".join(arg.name if isinstance(arg, Type) else str(arg) for arg in args)
        name = f"{decl.name}[{text}]" if args else decl.name
        kind = {"struct": "struct", "enum": "enum", "plain": "plain", "errors": "errors"}[decl.kind]
        return self.make(kind, name, decl=decl, args=tuple(args), subst=dict(zip(decl.params, args)))

    def apply(self, type_, subst):
        """The type with generic parameters replaced."""
        if not subst:
            return type_
        kind = type_.kind
        if kind == "param":
            return subst.get(type_.name, type_)
        if kind == "array":
            return self.array(self.apply(type_.elem, subst), subst.get(type_.length, type_.length))
        if kind == "optional":
            return self.optional(self.apply(type_.elem, subst))
        if kind == "pointer":
            return self.pointer(self.apply(type_.elem, subst), type_.const)
        if kind == "slice":
            return self.slice(self.apply(type_.elem, subst), type_.const)
        if kind == "union":
            return self.union(self.apply(type_.elem, subst), type_.errors)
        if kind in ("struct", "enum") and type_.args:
            args = [self.apply(arg, subst) if isinstance(arg, Type) else subst.get(arg, arg) for arg in type_.args]
            return self.nominal(type_.decl, args)
        return type_

    def fields(self, type_):
        """(name, type) of a struct's fields."""
        return [(name, self.apply(field, type_.subst)) for name, field in type_.decl.fields]

    def variants(self, type_):
        """(name, field names or None for a tuple, field types) of an enum's variants."""
        return [(name, names, [self.apply(field, type_.subst) for field in fields])
                for name, names, fields in type_.decl.variants]


class Decl:
    """A nominal type: struct, enum (with payloads), plain (enum without), errors."""

    def __init__(self, kind, name, params=(), module="main"):
        self.kind, self.name, self.params, self.module = kind, name, tuple(params), module
        self.fields = []
        self.variants = []
        self.unique = False
        self.closes = False


def copy(value):
    if type(value) is list:
        return [copy(part) for part in value]
    if type(value) is Optional:
        return Optional(copy(part) for part in value)
    if type(value) is tuple:
        return (value[0], copy(value[1]))
    return value


def store(box, key, value):
    """Overwrites what is in a place. Lists stay the same objects, as pointers may lead into them."""
    old = box[key]
    if type(old) is list and type(value) is list and len(old) == len(value):
        for n, part in enumerate(value):
            store(old, n, part)
    elif type(old) is Optional and type(value) is Optional:
        old[0] = value[0]
        store(old, 1, value[1])
    else:
        box[key] = value


def same(a, b):
    """`==`: an empty optional's payload does not count; slices compare contents."""
    if type(a) is Slice:
        return a.length == b.length and all(same(a.items[a.start + i], b.items[b.start + i]) for i in range(a.length))
    if type(a) is Optional:
        return a[0] == b[0] and (not a[0] or same(a[1], b[1]))
    if type(a) is list:
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if type(a) is Ref:
        return a.box is b.box and a.key == b.key
    return a == b


class Optional(list):
    __slots__ = ()


def some(value):
    return Optional((True, value))


def none():
    return Optional((False, None))


class Ref:
    """A pointer: the list (or the frame's dict) that holds the value, and where in it."""

    __slots__ = ("box", "key")

    def __init__(self, box, key):
        self.box, self.key = box, key


class Slice:
    __slots__ = ("items", "start", "length")

    def __init__(self, items, start, length):
        self.items, self.start, self.length = items, start, length


def wrap(type_, value):
    value &= (1 << type_.bits) - 1
    if type_.signed and value >> (type_.bits - 1):
        value -= 1 << type_.bits
    return value


def fits(type_, value):
    if type_.signed:
        return -(1 << (type_.bits - 1)) <= value < 1 << (type_.bits - 1)
    return 0 <= value < 1 << type_.bits


class Trap(Exception):
    """A failed check: its message, the node that failed, and the innermost statement it failed in."""

    def __init__(self, text, node):
        super().__init__(text)
        self.text, self.node, self.statement = text, node, None


class OutOfFuel(Exception):
    pass


class Exit(Exception):
    """A way out of blocks that runs their cleanups."""


class Break(Exit):
    def __init__(self, label):
        super().__init__()
        self.label = label


class Continue(Exit):
    def __init__(self, label):
        super().__init__()
        self.label = label


class Return(Exit):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Fail(Exit):
    def __init__(self, name):
        super().__init__()
        self.name = name
