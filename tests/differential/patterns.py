"""Patterns, and matches that are exhaustive without an arm that can never be reached."""
from . import nodes as X


class Patterns:
    def refutable(self, type_, depth=2):
        """A pattern that some values of the type do not match; None where there is none."""
        r, kind = self.r, type_.kind
        if kind == "int":
            return X.ValuePattern(r.randint(0, 4))
        if kind == "bool":
            return X.ValuePattern(r.random() < 0.5)
        if kind == "optional":
            if r.random() < 0.25:
                return X.NullPattern()
            inner = self.refutable(type_.elem, depth - 1) if depth > 0 and r.random() < 0.4 else None
            return SomePattern(inner or self.irrefutable(type_.elem, depth - 1))
        if kind in ("plain", "enum"):
            return self.variant_pattern(type_, r.randrange(len(type_.decl.variants)), depth, r.random() < 0.4)
        if kind == "struct" and not type_.decl.unique:
            return self.struct_pattern(type_, depth, True)
        return None

    def irrefutable(self, type_, depth=2):
        r = self.r
        if type_.kind == "struct" and depth > 0 and r.random() < 0.3 and not type_.decl.unique:
            return self.struct_pattern(type_, depth, False)
        if r.random() < 0.3:
            return X.AnyPattern()
        return X.BindPattern(self.name("b"), type_)

    def variant_pattern(self, type_, index, depth, refutable):
        name, names, fields = self.types.variants(type_)[index]
        parts = [self.irrefutable(field, depth - 1) for field in fields]
        if refutable and fields and depth > 0:
            k = self.r.randrange(len(fields))
            parts[k] = self.refutable(fields[k], depth - 1) or parts[k]
        return X.PartsPattern("." + name, index, names, parts, 1)

    def struct_pattern(self, type_, depth, refutable):
        fields = self.types.fields(type_)
        parts = [self.irrefutable(field, depth - 1) for _, field in fields]
        if refutable:
            k = self.r.randrange(len(fields))
            parts[k] = self.refutable(fields[k][1], depth - 1)
            if parts[k] is None:
                return None
        return X.PartsPattern(type_.name, None, [name for name, _ in fields], parts, 0)

    def is_refutable(self, pattern):
        if isinstance(pattern, (X.ValuePattern, X.NullPattern)):
            return True
        if isinstance(pattern, SomePattern):
            return True
        if isinstance(pattern, X.PartsPattern):
            return pattern.variant is not None or any(self.is_refutable(p) for p in pattern.parts)
        return False

    def arms(self, type_):
        """Patterns and whether a guard may stand there, so that the whole is exhaustive; None where nothing is to be chosen."""
        r, kind = self.r, type_.kind
        if kind == "bool":
            values = [True, False]
            r.shuffle(values)
            return [(X.ValuePattern(values[0]), False), (X.ValuePattern(values[1]), False)]
        if kind == "optional":
            arms = []
            inner = self.refutable(type_.elem, 1) if r.random() < 0.4 else None
            if inner:
                arms.append((SomePattern(inner), True))
            elif r.random() < 0.2:
                arms.append((SomePattern(self.irrefutable(type_.elem, 1)), "must"))
            if r.random() < 0.85:
                last = [(SomePattern(self.irrefutable(type_.elem)), False), (X.NullPattern(), False)]
                r.shuffle(last)
                return arms + last
            return arms + [(X.NullPattern(), False), (X.AnyPattern("else"), False)]
        if kind in ("plain", "enum"):
            return self.enum_arms(type_)
        if kind == "int":
            return self.int_arms(type_)
        if kind == "struct" and not type_.decl.unique:
            first = self.refutable(type_)
            return [(first, True), (X.BindPattern(self.name("b"), type_) if r.random() < 0.5 else X.AnyPattern("else"), False)] if first else None
        return None

    def enum_arms(self, type_):
        r = self.r
        order = list(range(len(type_.decl.variants)))
        r.shuffle(order)
        kept = order if r.random() < 0.55 else order[:r.randint(1, len(order) - 1)]
        arms, plain = [], []
        for index in kept:
            fields = self.types.variants(type_)[index][2]
            if not fields and plain is not None and r.random() < 0.4:
                plain.append(index)
                continue
            if fields and r.random() < 0.35:
                pattern = self.variant_pattern(type_, index, 2, True)
                certain = all(not self.is_refutable(part) for part in pattern.parts)
                arms.append((pattern, "must" if certain else True))
            arms.append((self.variant_pattern(type_, index, 2, False), False))
        if plain:
            parts = [X.PartsPattern("." + type_.decl.variants[index][0], index, None, [], 1) for index in plain]
            arms.insert(r.randint(0, len(arms)), (X.OrPattern(parts) if len(parts) > 1 else parts[0], False))
        if len(kept) < len(order):
            arms.append((X.AnyPattern("else"), False))
        return arms

    def int_arms(self, type_):
        r = self.r
        arms, start = [], r.randint(-2, 2) if type_.signed else 0
        for _ in range(r.randint(1, 3)):
            if r.random() < 0.3:
                end = start + r.randint(1, 9)
                arms.append((X.ValuePattern(start, end), True))
                start = end + r.randint(1, 3)
            else:
                arms.append((X.ValuePattern(start), True))
                start += r.randint(1, 3)
        r.shuffle(arms)
        last = X.BindPattern(self.name("b"), type_) if r.random() < 0.3 else X.AnyPattern("else")
        return arms + [(last, False)]


class SomePattern(X.Pattern):
    def __init__(self, part):
        self.part = part

    def text(self):
        return f"Some({self.part.text()})"

    def matches(self, value):
        return value[0] and self.part.matches(value[1])

    def bindings(self):
        return self.part.bindings()

    def bind(self, value, frame):
        self.part.bind(value[1], frame)
