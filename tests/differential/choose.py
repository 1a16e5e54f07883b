"""The grammar: which types, expressions, patterns, statements and functions a program is made of, and how often."""
from . import nodes as X
from .actions import Actions
from .patterns import Patterns

INTS = ("u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize")
WORDS = ("", "a", "janus", "door", "two faces", "x")


class Chooser(Patterns, Actions):
    def __init__(self, r, types, program):
        self.r, self.types, self.program = r, types, program
        self.serial = 0
        self.module = "lib"
        self.nominals, self.generic_structs = [], []
        self.bool = types.make("bool", "bool")
        self.str = types.make("str", "str")
        self.void = types.make("void", "void")
        self.float = types.make("float", "f64")
        self.usize = types.int("usize")
        self.u64 = types.int("u64")
        self.error_set = None
        self.context = None
        self.closer = self.unique = None

    def tag(self):
        self.serial += 1
        return f"{self.program.seed}_{self.serial}"

    def name(self, letter="x"):
        self.serial += 1
        return f"_{letter}{self.serial}"

    # ---- types

    def int_type(self):
        return self.types.int(self.r.choice(INTS))

    def storable(self, depth):
        """A type without pointers."""
        r = self.r
        roll = r.random()
        if roll < 0.40 or depth <= 0:
            return self.int_type()
        if roll < 0.48:
            return self.bool
        if roll < 0.52:
            return self.str
        if roll < 0.55:
            return self.float
        if roll < 0.68:
            return self.types.array(self.storable(depth - 1), r.choice((1, 2, 3, 3, 4, 5)))
        if roll < 0.82:
            return self.types.optional(self.storable(depth - 1))
        if self.nominals:
            return r.choice([n for n in self.nominals if self.visible(n)] or [self.int_type()])
        return self.int_type()

    def visible(self, type_):
        """Whether the module being written may name the type."""
        if self.module == "main":
            return True
        if type_.kind in ("struct", "enum", "plain"):
            return type_.decl.module == "lib" and all(self.visible(a) for a in type_.args if not isinstance(a, (int, str)))
        if type_.elem is not None:
            return self.visible(type_.elem)
        return True

    def has_param(self, type_):
        if type_.kind == "param" or type_.length == "N":
            return True
        if type_.elem is not None and self.has_param(type_.elem):
            return True
        return any(a == "N" or (not isinstance(a, (int, str)) and self.has_param(a)) for a in type_.args or ())

    # ---- literals

    def int_value(self, type_):
        r = self.r
        low = -(1 << (type_.bits - 1)) if type_.signed else 0
        high = (1 << (type_.bits - 1)) - 1 if type_.signed else (1 << type_.bits) - 1
        roll = r.random()
        if roll < 0.5:
            return r.randint(max(low, -3), 9)
        if roll < 0.75:
            return r.choice((low, low + 1, high, high - 1, high // 2, min(high, 127), min(high, 128), min(high, 255)))
        return r.randint(low, high)

    def literal(self, type_, depth=2):
        """A value written out; None where the type is a generic parameter."""
        kind, r = type_.kind, self.r
        if kind == "int":
            return X.Literal(type_, self.int_value(type_))
        if kind == "bool":
            return X.Literal(type_, r.random() < 0.5)
        if kind == "str":
            return X.Literal(type_, r.choice(WORDS))
        if kind == "float":
            return X.Literal(type_, r.choice((0.0, 0.5, 1.0, 2.25, 1e9, 0.1)))
        if kind == "optional":
            inner = self.value(type_.elem, depth - 1) if r.random() < 0.6 else None
            return X.Wrap(type_, inner, r.random() < 0.4) if inner else X.Null(type_)
        return self.aggregate(type_, depth)

    def aggregate(self, type_, depth):
        kind, r = type_.kind, self.r
        if kind == "array":
            if type_.length == "N" or r.random() < 0.35:
                part = self.value(type_.elem, depth - 1)
                return X.Repeat(type_, part) if part else None
            parts = [self.value(type_.elem, depth - 1) for _ in range(type_.length)]
            return X.Array(type_, parts) if all(parts) else None
        if kind == "struct":
            fields = self.types.fields(type_)
            parts = [self.value(field, depth - 1) for _, field in fields]
            return X.Struct(type_, [name for name, _ in fields], parts) if all(parts) else None
        if kind == "plain":
            index = r.randrange(len(type_.decl.variants))
            return X.Variant(type_, index, type_.decl.variants[index][0], None, [])
        if kind == "enum":
            index = r.randrange(len(type_.decl.variants))
            name, names, fields = self.types.variants(type_)[index]
            parts = [self.value(field, depth - 1) for field in fields]
            return X.Variant(type_, index, name, names, parts) if all(parts) else None
        return None

    def simplest(self, type_):
        """A small constant of the type, or None."""
        kind = type_.kind
        if kind in ("int", "bool", "str", "float"):
            return X.Literal(type_, {"int": 0, "bool": False, "str": "", "float": 0.0}[kind])
        if kind == "optional":
            return X.Null(type_)
        if kind == "array" and isinstance(type_.length, int):
            part = self.simplest(type_.elem)
            return X.Repeat(type_, part) if part else None
        if kind == "struct":
            parts = [self.simplest(field) for _, field in self.types.fields(type_)]
            return X.Struct(type_, [name for name, _ in self.types.fields(type_)], parts) if all(parts) else None
        if kind in ("plain", "enum"):
            for index, (name, names, fields) in enumerate(self.types.variants(type_)):
                parts = [self.simplest(field) for field in fields]
                if all(parts):
                    return X.Variant(type_, index, name, names, parts)
        return None

    # ---- places

    def vars(self):
        for scope in reversed(self.context.scopes):
            yield from scope

    def places(self, wants, mutable=False, unwrap=False, depth=3):
        """Places among the visible variables whose type `wants` accepts."""
        found = []
        for var in self.vars():
            if mutable and var.frozen:
                continue
            self.paths(X.Var(var.type, var.name), var.mutable, wants, mutable, unwrap, depth, found)
        return found

    def paths(self, place, mutable_here, wants, mutable, unwrap, depth, found):
        type_ = place.type
        if wants(type_) and (mutable_here or not mutable):
            found.append(place)
        if depth <= 0 or len(found) > 60:
            return
        if type_.kind == "pointer":
            held, base, mutable_here = type_.elem, place, not type_.const
            if held.kind not in ("struct", "array"):
                self.paths(X.Deref(held, place), mutable_here, wants, mutable, unwrap, depth - 1, found)
                return
            if wants(held) and (mutable_here or not mutable):
                found.append(X.Deref(held, place))
        else:
            held, base = type_, place
        if held.kind == "struct":
            if held.decl.unique and held.decl.closes:
                return
            for index, (name, field) in enumerate(self.types.fields(held)):
                self.paths(X.Field(field, base, index, name), mutable_here, wants, mutable, unwrap, depth - 1, found)
        elif held.kind == "array" or held.kind == "slice" and isinstance(base, X.Var):
            index = X.Index(held.elem, base, self.index(held))
            self.paths(index, (not held.const) if held.kind == "slice" else mutable_here, wants, mutable, unwrap, depth - 1, found)
        elif held.kind == "optional" and unwrap:
            default = self.simplest(held.elem)
            if default or mutable:
                self.paths(X.Unwrap(held.elem, base, None if mutable else default), mutable_here, wants, mutable, unwrap,
                           depth - 1, found)

    def index(self, held):
        r = self.r
        if isinstance(held.length, int) and r.random() < 0.4:
            return X.Literal(self.usize, r.randrange(held.length))
        choices = [var for var in self.vars() if var.type.kind == "int"]
        if choices and r.random() < 0.8:
            var = r.choice(choices)
            node = X.Var(var.type, var.name)
            if not var.type.signed and isinstance(held.length, int) and r.random() < 0.7:
                return X.Binary(var.type, "%", node, X.Literal(var.type, held.length))
            return node
        return X.Literal(self.usize, r.randrange(held.length) if isinstance(held.length, int) else 0)

    def place(self, type_, mutable=False, unwrap=False):
        found = self.places(lambda t: t is type_, mutable, unwrap)
        return self.r.choice(found) if found else None

    # ---- expressions

    def value(self, type_, depth):
        """An expression of the type; None only for a generic parameter that no variable holds."""
        r = self.r
        if type_.kind in ("pointer", "slice", "func"):
            return self.outward(type_)
        if self.context is None:
            return self.literal(type_, depth)
        if depth <= 0 or r.random() < 0.22:
            return self.leaf(type_, depth)
        for _ in range(3):
            node = self.composite(type_, depth)
            if node is not None:
                return node
        return self.leaf(type_, depth)

    def leaf(self, type_, depth):
        r = self.r
        if r.random() < 0.7:
            node = self.place(type_, unwrap=r.random() < 0.3)
            if node:
                return node
            if type_.kind == "int" and r.random() < 0.4:
                node = self.narrower(type_)
                if node:
                    return node
        if type_.kind == "int" and self.program.consts and r.random() < 0.2:
            named = [(n, t) for n, t, _ in self.program.consts if t is type_]
            if named and self.context.module == "main":
                return X.Var(type_, r.choice(named)[0])
        return self.literal(type_, max(depth, 0)) or self.place(type_, unwrap=True)

    def narrower(self, type_):
        def fits(t):
            return t.kind == "int" and t is not type_ and (t.bits < type_.bits and (not t.signed or type_.signed)) \
                and not t.name.endswith("size") and not type_.name.endswith("size")
        found = self.places(fits)
        return X.Widen(type_, self.r.choice(found)) if found else None

    def composite(self, type_, depth):
        r, kind = self.r, type_.kind
        roll = r.random()
        if roll < 0.10:
            return self.choice(type_, depth)
        if roll < 0.16:
            return self.match_value(type_, depth)
        if roll < 0.24:
            return self.or_else(type_, depth)
        if roll < 0.27 and kind in ("int", "bool", "float", "str", "plain"):
            return self.converted(type_, depth)
        if roll < 0.42:
            node = self.call_of(type_, depth)
            if node:
                return node
        if kind == "int":
            return self.int_value_of(type_, depth)
        if kind == "bool":
            return self.bool_value(depth)
        if kind == "float" and r.random() < 0.7:
            return X.Binary(type_, r.choice("+-*"), self.value(type_, depth - 1), self.value(type_, depth - 1))
        if kind == "optional":
            return self.optional_value(type_, depth)
        if kind in ("array", "struct", "enum", "plain") and r.random() < 0.6:
            return self.aggregate(type_, depth)
        return None

    def choice(self, type_, depth):
        then, otherwise = self.value(type_, depth - 1), self.value(type_, depth - 1)
        return X.Choose(type_, self.condition(depth - 1), then, otherwise) if then and otherwise else None

    def or_else(self, type_, depth):
        optional = self.types.optional(type_)
        base = self.place(optional) or self.call_of(optional, depth)
        default = self.value(type_, depth - 1)
        return X.OrElse(type_, base, default) if base and default else None

    def converted(self, type_, depth):
        """A value that went through a conversion inside an optional or an error union."""
        if self.r.random() < 0.5:
            inner, default = self.value(type_, depth - 1), self.value(type_, depth - 1)
            return X.Opened(type_, inner, self.condition(depth - 1), default) if inner and default else None
        found = [place for place in self.places(lambda t: t is type_, mutable=True) if not isinstance(place, X.Deref)]
        return X.SeenConst(type_, self.r.choice(found)) if found else None

    def condition(self, depth):
        return self.value(self.bool, max(depth, 1))

    def int_value_of(self, type_, depth):
        r = self.r
        roll = r.random()
        if roll < 0.58:
            op = r.choice(("+", "-", "*", "+%", "-%", "*%", "&", "|", "^", "/", "%", "<<", ">>"))
            left = self.value(type_, depth - 1)
            right_type = self.int_type() if op in ("<<", ">>") and r.random() < 0.3 else type_
            if op in ("<<", ">>", "/", "%") and r.random() < 0.6:
                right = X.Literal(right_type, r.randint(1, 7))
            else:
                right = self.value(right_type, depth - 1)
            if isinstance(right, X.Literal) and op in ("<<", ">>", "/", "%"):
                # What is wrong for certain is an error at compile time.
                right.what = right.what % type_.bits if op in ("<<", ">>") else right.what or 1
            return X.Binary(type_, op, left, right)
        if roll < 0.64:
            return X.Complement(type_, self.value(type_, depth - 1))
        if roll < 0.68 and type_.signed:
            return X.Negate(type_, self.value(type_, depth - 1))
        if roll < 0.84:
            other = self.int_type()
            return X.Cast(type_, self.value(other, depth - 1), truncates=r.random() < 0.5)
        if roll < 0.88:
            what = r.choice(("popcount", "clz", "ctz", "byte_swap"))
            inner = type_ if what == "byte_swap" else self.types.int(r.choice(("u8", "u16", "u32", "u64", "i32", "i64")))
            return X.Bits(type_, what, self.value(inner, depth - 1))
        if roll < 0.92:
            return self.atomic(type_, depth)
        if roll < 0.95 and type_ is self.usize:
            found = self.places(lambda t: t.kind in ("slice", "str", "array"))
            return X.SliceLength(type_, r.choice(found)) if found else None
        found = self.places(lambda t: t.kind == "plain" or t is self.bool)
        return X.Cast(type_, r.choice(found)) if found else None

    def atomic(self, type_, depth):
        r = self.r
        place = self.place(type_, mutable=True)
        if not place:
            return None
        what = r.choice(("load", "xchg", "add", "sub", "and", "or", "xor", "nand", "min", "max"))
        if what == "load" and self.has_effects() and r.random() < 0.5:
            return X.Volatile(type_, place)
        if what == "load":
            return X.Atomic(type_, what, place, [], [r.choice(("relaxed", "acquire", "seq_cst"))])
        return X.Atomic(type_, what, place, [self.value(type_, depth - 1)], [r.choice(("relaxed", "acquire", "release", "acq_rel", "seq_cst"))])

    def bool_value(self, depth):
        r = self.r
        roll = r.random()
        if roll < 0.4:
            type_ = self.int_type() if r.random() < 0.9 else self.float
            return X.Compare(self.bool, r.choice(("==", "!=", "<", "<=", ">", ">=")), self.value(type_, depth - 1),
                             self.value(type_, depth - 1))
        if roll < 0.55:
            return X.Logical(self.bool, r.choice(("and", "or")), self.value(self.bool, depth - 1), self.value(self.bool, depth - 1))
        if roll < 0.62:
            return X.Complement(self.bool, self.value(self.bool, depth - 1))
        if roll < 0.72:
            found = self.places(lambda t: t.kind == "optional")
            return X.IsNull(self.bool, r.choice(found), r.random() < 0.5) if found else None
        if roll < 0.92:
            found = self.places(lambda t: t.kind in ("array", "struct", "enum", "optional", "plain", "str", "slice")
                                and self.comparable(t))
            if not found:
                return None
            left = r.choice(found)
            right = self.near_copy(left, depth) if r.random() < 0.4 else self.place(left.type) if r.random() < 0.5 else None
            right = right or self.value(left.type, depth - 1)
            return X.Compare(self.bool, r.choice(("==", "!=")), left, right) if right else None
        return None

    def near_copy(self, place, depth):
        """The same struct or array put together anew, but for one part that may differ."""
        type_ = place.type
        if type_.kind == "struct":
            parts = [X.Field(field, place, n, name) for n, (name, field) in enumerate(self.types.fields(type_))]
        elif type_.kind == "array" and isinstance(type_.length, int):
            parts = [X.Index(type_.elem, place, X.Literal(self.usize, n)) for n in range(type_.length)]
        else:
            return None
        other = self.r.randrange(len(parts) + 1)
        if other < len(parts):
            parts[other] = self.value(parts[other].type, depth - 1) or parts[other]
        if type_.kind == "struct":
            return X.Struct(type_, [name for name, _ in self.types.fields(type_)], parts)
        return X.Array(type_, parts)

    def comparable(self, type_):
        if self.has_param(type_):
            return False
        return not (type_.kind == "struct" and type_.decl.unique)

    def optional_value(self, type_, depth):
        r = self.r
        roll = r.random()
        if roll < 0.2 and type_.elem.kind == "int":
            return X.Overflowing(type_, r.choice(("add", "sub", "mul")), self.value(type_.elem, depth - 1),
                                 self.value(type_.elem, depth - 1))
        if roll < 0.35 and type_.elem.kind == "int":
            place = self.place(type_.elem, mutable=True)
            if place:
                success = r.choice(("relaxed", "acquire", "release", "acq_rel", "seq_cst"))
                expected = place if r.random() < 0.6 else self.value(type_.elem, depth - 1)
                return X.Atomic(type_, "cmpxchg", place, [expected, self.value(type_.elem, depth - 1)],
                                [success, r.choice(("relaxed", "acquire", "seq_cst"))])
        if roll < 0.8:
            inner = self.value(type_.elem, depth - 1)
            return X.Wrap(type_, inner, r.random() < 0.5) if inner else None
        return X.Null(type_)

    # ---- pointers, slices, functions

    def outward(self, type_):
        """A pointer or slice to something that outlives the use, or a function value; None when there is none."""
        r = self.r
        held = [X.Var(var.type, var.name) for var in self.vars() if self.converts(var.type, type_)]
        if type_.kind == "func":
            funcs = [f for f in self.program.funcs if self.func_type(f) is type_ and self.callable(f)]
            made = X.FuncValue(type_, r.choice(funcs)) if funcs else None
            return r.choice(held) if held and (not made or r.random() < 0.5) else made
        made = self.slice_of(type_) if type_.kind == "slice" else self.address(type_)
        return r.choice(held) if held and (not made or r.random() < 0.4) else made

    def converts(self, from_, to):
        if from_ is to:
            return True
        return from_.kind == to.kind and from_.kind in ("pointer", "slice") and from_.elem is to.elem and to.const

    def address(self, type_):
        found = self.places(lambda t: t is type_.elem, mutable=not type_.const)
        found = [place for place in found if not isinstance(place, X.Deref)]
        if not found:
            return None
        return X.AddressOf(type_, self.r.choice(found))

    def slice_of(self, type_):
        found = self.places(lambda t: t.kind == "array" and t.elem is type_.elem, mutable=not type_.const)
        found = [place for place in found if not isinstance(place, X.Deref)]
        slices = [X.Var(v.type, v.name) for v in self.vars() if v.type.kind == "slice" and self.converts(v.type, type_)]
        if slices and (not found or self.r.random() < 0.4):
            found = slices
        if not found:
            return None
        base = self.r.choice(found)
        if base.type.kind == "array" and self.r.random() < 0.35:
            return X.SliceOf(type_, base, None, None, whole=True)
        top = base.type.length if isinstance(base.type.length, int) else 2
        low = self.r.randint(0, top)
        high = self.r.randint(low, top)
        low_node = X.Literal(self.usize, low) if self.r.random() < 0.7 else self.bound(top)
        high_node = X.Literal(self.usize, high) if self.r.random() < 0.6 else None
        return X.SliceOf(type_, base, low_node, high_node)

    def bound(self, top):
        var = self.place(self.usize)
        if var and isinstance(var, X.Var):
            return X.Binary(self.usize, "%", var, X.Literal(self.usize, top + 1))
        return X.Literal(self.usize, 0)
