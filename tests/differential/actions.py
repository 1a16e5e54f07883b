"""Statements and functions of the grammar."""
from . import nodes as X
from . import statements as S
from .context import Context, Var
from .patterns import SomePattern
from .values import Decl


class Actions:
    # ---- scopes

    def open(self, *vars_):
        self.context.scopes.append(list(vars_))

    def close(self):
        self.context.scopes.pop()

    def declare(self, name, type_, mutable=False):
        self.context.scopes[-1].append(Var(name, type_, mutable))

    def block(self, size, depth, bindings=()):
        self.open()
        for name, type_ in bindings:
            self.declare(name, type_)
        items = []
        for _ in range(size):
            items += self.statement(depth)
        self.close()
        return S.Block(items)

    def local_type(self):
        context, r = self.context, self.r
        if context.generics and r.random() < 0.5:
            return self.generic_type(storable=True)
        return self.storable(2)

    def generic_type(self, storable=False):
        """A type that mentions the parameters of the function being made."""
        r, types, param = self.r, self.types, self.types.param("T")
        generics = self.context.generics if self.context else self.pending_generics
        shapes = [lambda: param, lambda: param, lambda: types.optional(param), lambda: types.array(param, r.randint(1, 3)),
                  lambda: types.optional(types.optional(param)), lambda: types.array(types.optional(param), r.randint(1, 3))]
        if "N" in generics:
            shapes += [lambda: types.array(param, "N")] * 2 + [lambda: types.array(types.optional(param), "N")]
        for decl in self.generic_structs:
            if len(decl.params) == 1:
                shapes.append(lambda decl=decl: types.nominal(decl, [param]))
            else:
                shapes.append(lambda decl=decl: types.nominal(decl, [param, "N" if "N" in generics else 2]))
        type_ = r.choice(shapes)()
        if storable or r.random() < 0.45:
            return type_
        if r.random() < 0.3:
            return types.slice(r.choice((param, types.optional(param))), r.random() < 0.5)
        return types.pointer(type_, r.random() < 0.35)

    # ---- statements

    def statement(self, depth):
        r = self.r
        for _ in range(6):
            made = self.pick_statement(depth, r.random())
            if made:
                return made if isinstance(made, list) else [made]
        return []

    def pick_statement(self, depth, roll):
        if roll < 0.20:
            return self.let()
        if roll < 0.25:
            return self.let_outward()
        if roll < 0.41:
            return self.assign()
        if roll < 0.48:
            return self.show()
        if roll < 0.55:
            return self.do_call()
        if roll < 0.60:
            return self.let_catch()
        if roll < 0.65:
            return self.leave()
        if roll < 0.70:
            return self.defer(depth)
        if depth <= 0:
            return self.assign()
        if roll < 0.76:
            return self.if_(depth)
        if roll < 0.81:
            return self.if_let(depth)
        if roll < 0.88:
            return self.match(depth)
        if roll < 0.95:
            return self.loop(depth)
        if roll < 0.98:
            return self.using(depth)
        return S.Scope(self.block(2, depth - 1))

    def let(self):
        r = self.r
        if r.random() < 0.06 and self.unique and self.context.module == "main":
            type_, maker = self.unique
            name = self.name()
            init = X.Call(type_, maker, (), [self.value(self.u64, 1)])
            self.declare(name, type_, True)
            return S.Let(name, type_, init, True, r.random() < 0.5)
        type_ = self.local_type()
        init = self.value(type_, r.choice((1, 2, 2, 3)))
        if init is None:
            return None
        is_var = r.random() < 0.7
        name = self.name()
        self.declare(name, type_, is_var)
        return S.Let(name, type_, init, is_var, r.random() < 0.6)

    def let_outward(self):
        r = self.r
        roll = r.random()
        if roll < 0.55:
            mutable = r.random() < 0.7
            found = self.places(lambda t: t.kind not in ("pointer", "slice", "func"), mutable=mutable, depth=2)
            if not found:
                return None
            type_ = self.types.pointer(r.choice(found).type, not mutable)
        elif roll < 0.9:
            mutable = r.random() < 0.6
            found = self.places(lambda t: t.kind == "array", mutable=mutable, depth=2)
            if not found:
                return None
            type_ = self.types.slice(r.choice(found).type.elem, not mutable)
        else:
            funcs = [f for f in self.program.funcs if self.func_type(f) and self.callable(f)]
            if not funcs:
                return None
            type_ = self.func_type(r.choice(funcs))
        init = self.outward(type_)
        if init is None:
            return None
        name = self.name("p")
        self.declare(name, type_)
        return S.Let(name, type_, init)

    def assignable(self, type_):
        return type_.kind not in ("pointer", "slice", "func") and not (type_.kind == "struct" and type_.decl.unique)

    def exchange(self):
        """A compare-exchange that may well succeed, and what is there afterwards."""
        found = self.places(lambda t: t.kind == "int", mutable=True)
        if not found:
            return None
        place = self.r.choice(found)
        type_ = self.types.optional(place.type)
        expected = place if self.r.random() < 0.6 else self.value(place.type, 1)
        node = X.Atomic(type_, "cmpxchg", place, [expected, self.value(place.type, 1)], ["acq_rel", "acquire"])
        name = self.name()
        self.declare(name, type_)
        after = [S.Show(self.name("k"), [place])] if len(place.text()) < 40 and self.context.module == "main" else []
        return [S.Let(name, type_, node), *after]

    def assign(self):
        r = self.r
        if r.random() < 0.06:
            return self.exchange()
        unwrap = r.random() < 0.25
        found = self.places(self.assignable, mutable=True, unwrap=unwrap)
        if not found:
            return None
        place = r.choice(found)
        if r.random() < 0.5:
            place = max(r.sample(found, min(3, len(found))), key=lambda p: len(p.text()))
        guard = None
        inside = [node for node in chain(place) if isinstance(node, X.Unwrap)]
        if inside:
            if len(inside) > 1:
                return None
            guard = X.IsNull(self.bool, inside[0].base, True)
        if place.type.kind == "int" and r.random() < 0.45:
            op = r.choice(("+", "-", "*", "+%", "-%", "*%", "&", "|", "^"))
            return S.Assign(place, op, self.value(place.type, 2), guard)
        value = self.value(place.type, 2)
        if value and place.type.kind in ("int", "bool") and self.has_effects() and r.random() < 0.2:
            return S.VolatileStore(place, value, guard)
        return S.Assign(place, "", value, guard) if value else None

    def has_effects(self):
        """Whether the program is never a constant, so that it may have what constants have not."""
        return bool(self.program.globals)

    def show(self):
        r = self.r
        if self.context.module != "main" and r.random() < 0.7:
            return None
        label = self.name("k")
        parts, before = [], []
        for _ in range(r.randint(1, 3)):
            part = self.shown()
            if part is None:
                continue
            if '"' in part.text() or "{" in part.text() or len(part.text()) > 60:
                name = self.name("s")
                before.append(S.Let(name, part.type, part, False, False))
                part = X.Var(part.type, name)
            parts.append(part)
        return before + [S.Show(label, parts)] if parts else None

    def shown(self):
        r = self.r
        if self.context.module == "main" and not self.context.generics and r.random() < 0.5:
            found = self.places(lambda t: t.kind in ("array", "struct", "enum", "optional") and self.assignable(t) and not self.has_param(t))
            if found:
                return self.digest(r.choice(found))
        found = self.places(lambda t: t.kind in ("int", "bool", "str"))
        if found and r.random() < 0.6:
            return r.choice(found)
        found = self.places(lambda t: t.kind in ("struct", "array") and self.comparable(t))
        if found and r.random() < 0.3:
            place = r.choice(found)
            return X.Compare(self.bool, r.choice(("==", "!=")), place, self.near_copy(place, 2) or place)
        return self.value(self.int_type() if r.random() < 0.8 else self.bool, 2)

    def digest(self, expr):
        return X.Digest(self.u64, expr, self.digest_name(expr.type), self.types)

    def digest_name(self, type_):
        digests = self.program.digests
        if type_ not in digests:
            digests[type_] = f"mix{self.program.seed}_{len(digests)}"
            parts = [type_.elem] if type_.kind in ("array", "optional") else []
            if type_.kind == "struct":
                parts = [field for _, field in self.types.fields(type_)]
            if type_.kind == "enum":
                parts = [field for _, _, fields in self.types.variants(type_) for field in fields]
            for part in parts:
                self.digest_name(part)
        return digests[type_]

    def do_call(self):
        r = self.r
        funcs = [f for f in self.program.funcs if self.callable(f)]
        if not funcs:
            return None
        func = r.choice(funcs)
        node = self.call(func, {}, 2)
        if node is None:
            return None
        if func.result.kind == "union":
            if self.propagates() and r.random() < 0.6:
                node = X.Try(func.result.elem, node)
                return S.Do(node, "" if func.result.elem.kind == "void" else "_ = ")
            return S.Do(node, "_ = ")
        if func.result.kind == "void":
            return S.Do(node)
        if func.result.kind == "struct" and node.type.decl.unique:
            return None
        if r.random() < 0.6:
            name = self.name()
            self.declare(name, node.type, True)
            return S.Let(name, node.type, node, True, r.random() < 0.5)
        return S.Do(node, "_ = ")

    def propagates(self):
        return self.context.result.kind == "union" and not self.context.in_defer

    def let_catch(self):
        r = self.r
        funcs = [f for f in self.program.funcs if self.callable(f) and f.result.kind == "union" and f.result.elem.kind != "void"]
        if not funcs:
            return None
        node = self.call(r.choice(funcs), {}, 2)
        if node is None:
            return None
        type_, error = node.type.elem, self.name("e")
        self.open()
        body = S.Block([S.ShowError(self.name("k"), error)] if r.random() < 0.6 else [])
        result = self.exit_now() if r.random() < 0.35 and not self.context.in_defer else None
        result = result or self.value(type_, 2)
        self.close()
        if result is None:
            return None
        name = self.name()
        self.declare(name, type_)
        return S.LetCatch(name, type_, node, error, body, result)

    def exit_now(self, when=None):
        """A way out that is possible here."""
        context, r = self.context, self.r
        choices = ["return"]
        if context.result.kind == "union":
            choices += ["fail", "fail"]
        if context.loops:
            choices += ["break", "continue"] * 2
        what = r.choice(choices)
        if what in ("break", "continue"):
            return S.Leave(what, r.choice(context.loops) if r.random() < 0.5 else None, when)
        if what == "fail":
            return S.Leave(what, self.error(), when)
        result = context.result.elem if context.result.kind == "union" else context.result
        if result.kind == "void":
            return S.Leave("return", None, when)
        value = self.value(result, 2)
        return S.Leave("return", value, when) if value else None

    def error(self):
        return f"{self.error_set.name}.{self.r.choice(self.error_set.decl.variants)[0]}"

    def leave(self):
        if self.context.in_defer or self.r.random() < 0.3:
            return None
        return self.exit_now(self.condition(2))

    def defer(self, depth):
        context = self.context
        if context.in_defer > 1:
            return None
        context.in_defer += 1
        loops, context.loops = context.loops, []
        body = self.block(self.r.choice((1, 1, 2)), 1 if depth > 1 else 0)
        context.loops = loops
        context.in_defer -= 1
        return S.Defer(body) if body.items else None

    def if_(self, depth):
        otherwise = self.block(self.r.randint(1, 2), depth - 1) if self.r.random() < 0.5 else None
        return S.If(self.condition(2), self.block(self.r.choice((1, 1, 2)), depth - 1), otherwise)

    def subject(self, kinds, depth=2):
        """Something to look at: mostly a place, sometimes what a call answers."""
        found = self.places(lambda t: t.kind in kinds and not (t.kind == "struct" and t.decl.unique))
        if not found:
            return None
        place = self.r.choice(found)
        if self.r.random() < 0.25:
            return self.call_of(place.type, depth) or place
        return place

    def if_let(self, depth):
        subject = self.subject(("optional", "enum"))
        if not subject:
            return None
        type_ = subject.type
        if type_.kind == "optional":
            inner = self.refutable(type_.elem, 1) if self.r.random() < 0.25 else None
            pattern = SomePattern(inner or self.irrefutable(type_.elem))
        else:
            pattern = self.variant_pattern(type_, self.r.randrange(len(type_.decl.variants)), 2, self.r.random() < 0.3)
        then = self.block(self.r.choice((1, 1, 2)), depth - 1, pattern.bindings())
        otherwise = self.block(1, depth - 1) if self.r.random() < 0.4 else None
        return S.IfLet(pattern, subject, then, otherwise)

    def guard_for(self, pattern, how):
        """A guard over what the pattern binds, or None."""
        if how == "must" or (how and self.r.random() < 0.3):
            self.open()
            for name, type_ in pattern.bindings():
                self.declare(name, type_)
            guard = self.condition(1)
            self.close()
            return guard
        return None

    def match(self, depth):
        subject = self.subject(("optional", "enum", "enum", "plain", "int", "bool", "struct"))
        arms = self.arms(subject.type) if subject else None
        if not arms:
            return None
        made = []
        for pattern, guarded in arms:
            guard = self.guard_for(pattern, guarded)
            made.append((pattern, guard, self.block(self.r.choice((1, 1, 1, 2)), depth - 1, pattern.bindings())))
        return S.Match(subject, made)

    def match_value(self, type_, depth):
        subject = self.subject(("optional", "enum", "plain", "int", "bool"), depth - 1)
        arms = self.arms(subject.type) if subject else None
        if not arms:
            return None
        made = []
        for pattern, guarded in arms:
            guard = self.guard_for(pattern, guarded)
            self.open()
            for name, bound in pattern.bindings():
                self.declare(name, bound)
            result = self.value(type_, depth - 1)
            self.close()
            if result is None:
                return None
            made.append([pattern, guard, result])
        return X.MatchValue(type_, subject, made)

    # ---- loops

    def loop(self, depth):
        r, context = self.r, self.context
        if len(context.loops) >= 2 and r.random() < 0.7:
            return None
        label = self.name("l")
        roll = r.random()
        make = self.for_range if roll < 0.4 else self.for_each if roll < 0.75 else self.while_
        return make(depth, label)

    def body(self, depth, label, bindings, mutable=()):
        # Only a loop with a label can be named; "" stands for one without.
        self.context.loops.append(label)
        self.open()
        for name, type_ in bindings:
            self.declare(name, type_, name in mutable)
        block = self.block(self.r.choice((1, 1, 2, 3)), depth - 1)
        self.close()
        self.context.loops.pop()
        return block

    def for_range(self, depth, label):
        r = self.r
        type_, name = self.int_type(), self.name("i")
        low = r.randint(-2, 3) if type_.signed else r.randint(0, 3)
        if r.random() < 0.1:
            low = (1 << (type_.bits - type_.signed)) - 1 - r.randint(0, 3)
            high = X.Literal(type_, min((1 << (type_.bits - type_.signed)) - 1, low + r.randint(0, 3)))
            return S.ForRange(name, type_, X.Literal(type_, low), high, True, self.body(depth, label, [(name, type_)]), label)
        high = X.Literal(type_, low + r.randint(0, 4))
        if r.random() < 0.25:
            high = X.Binary(type_, "&", self.value(type_, 1), X.Literal(type_, r.choice((3, 7))))
        return S.ForRange(name, type_, X.Literal(type_, low), high, r.random() < 0.3, self.body(depth, label, [(name, type_)]), label)

    def for_each(self, depth, label):
        r = self.r
        by_pointer = r.random() < 0.5
        found = self.places(lambda t: t.kind == "array" or t.kind == "slice" and not (by_pointer and t.const), depth=2)
        mutable = self.places(lambda t: t.kind == "array", mutable=True, depth=2)
        found = [p for p in found if p.type.kind == "slice" and isinstance(p, X.Var)] + \
            (mutable if by_pointer else [p for p in found if p.type.kind == "array"])
        if not found:
            return None
        over = r.choice(found)
        name, index_name = self.name("x"), self.name("i") if r.random() < 0.4 else None
        elem = self.types.pointer(over.type.elem) if by_pointer else over.type.elem
        bindings = [(name, elem)] + ([(index_name, self.usize)] if index_name else [])
        return S.ForEach(name, index_name, over, by_pointer, self.body(depth, label, bindings), label)

    def while_(self, depth, label):
        r = self.r
        if r.random() < 0.3:
            counter, name = self.name("c"), self.name("v")
            return S.WhileLet(counter, name, r.randint(1, 4), self.body(depth, label, [(name, self.types.int("u8"))]), label)
        name = self.name("c")
        condition = self.condition(2) if r.random() < 0.4 else None
        return S.While(name, r.randint(1, 5), condition, self.body(depth, label, [(name, self.types.int("u32"))]), label)

    def using(self, depth):
        if not self.closer or self.context.module != "main":
            return None
        type_, open_, try_open, close = self.closer
        r = self.r
        ident = self.value(self.u64, 1)
        if self.propagates() and r.random() < 0.5:
            init = X.Try(type_, X.Call(try_open.result, try_open, (), [ident]))
        else:
            init = X.Call(type_, open_, (), [ident])
        name = self.name("u")
        return S.Using(name, init, close, self.block(r.randint(1, 3), depth - 1, [(name, type_)]))

    # ---- calls

    def func_type(self, func):
        if func.generics or func.method or func.result.kind in ("void", "union") or func.fueled:
            return None
        return self.types.func(func.param_types, func.result)

    def callable(self, func):
        return self.context is not None and (self.context.module == "main" or func.module == "lib") and not func.hidden

    def call_of(self, type_, depth):
        """A call whose value has the type, caught or propagated where it can fail."""
        if self.context is None:
            return None
        r = self.r
        choices = []
        for func in self.program.funcs:
            if not self.callable(func):
                continue
            result = func.result.elem if func.result.kind == "union" else func.result
            subst = {}
            if result.kind != "void" and self.unify(result, type_, subst):
                choices.append((func, subst))
        values = [v for v in self.vars() if v.type.kind == "func" and v.type.elem is type_]
        if values and r.random() < 0.4:
            var = r.choice(values)
            args = [self.value(param, depth - 1) for param in var.type.params]
            return X.CallValue(type_, X.Var(var.type, var.name), args) if all(args) else None
        if not choices:
            return None
        func, subst = r.choice(choices)
        node = self.call(func, subst, depth)
        if node is None or func.result.kind != "union":
            return node
        if self.propagates() and r.random() < 0.5:
            return X.Try(type_, node)
        return self.caught(type_, node, depth)

    def caught(self, type_, node, depth):
        default = self.value(type_, depth - 1)
        if default is None:
            return None
        if self.r.random() < 0.4:
            cases = []
            for name, _, _ in self.error_set.decl.variants:
                value = self.value(type_, depth - 1)
                if value is None:
                    return None
                cases.append([name, value])
            return X.Catch(type_, node, default, self.name("e"), cases)
        return X.Catch(type_, node, default)

    def unify(self, formal, actual, subst):
        if formal is actual and not self.has_param(formal):
            return True
        if formal.kind == "param":
            if self.has_param(actual) and not (self.context and self.context.generics):
                return False
            return subst.setdefault(formal.name, actual) is actual
        if formal.kind != actual.kind or not self.has_param(formal):
            return False
        if formal.kind in ("optional", "pointer", "slice"):
            return formal.const == actual.const and self.unify(formal.elem, actual.elem, subst)
        if formal.kind == "array":
            if formal.length == "N":
                if subst.setdefault("N", actual.length) != actual.length:
                    return False
            elif formal.length != actual.length:
                return False
            return self.unify(formal.elem, actual.elem, subst)
        if formal.kind in ("struct", "enum") and formal.decl is actual.decl:
            for a, b in zip(formal.args, actual.args):
                if isinstance(a, (int, str)) or isinstance(b, (int, str)):
                    if a == "N":
                        if subst.setdefault("N", b) != b:
                            return False
                    elif a != b:
                        return False
                elif not self.unify(a, b, subst):
                    return False
            return True
        return False

    def call(self, func, subst, depth):
        r = self.r
        if func is self.context.func and not self.recursion_left():
            return None
        subst = dict(subst)
        if "T" in func.generics and "T" not in subst:
            subst["T"] = self.pick_argument(func)
        if "N" in func.generics and "N" not in subst:
            subst["N"] = r.randint(1, 4)
        generic = [subst[name] for name in func.generics]
        args = []
        for position, formal in enumerate(func.param_types):
            if func.fueled and position == 0:
                arg = X.Literal(formal, r.randint(0, 3))
                if func is self.context.func:
                    arg = X.Binary(formal, "-", X.Var(formal, func.param_names[0]), X.Literal(formal, 1))
            else:
                arg = self.value(self.types.apply(formal, subst), depth - 1)
            if arg is None:
                return None
            args.append(arg)
        if func.method and not isinstance(args[0], (X.AddressOf, X.Var)):
            return None
        return X.Call(self.types.apply(func.result, subst), func, generic, args)

    def pick_argument(self, func):
        """A type for T such that the pointers and slices the function wants can be had."""
        for formal in func.param_types:
            if formal.kind in ("pointer", "slice") and self.has_param(formal):
                held = [v.type for v in self.vars()]
                for type_ in self.r.sample(held, len(held)):
                    subst = {}
                    plain = self.types.pointer(type_, formal.const) if formal.kind == "pointer" else \
                        self.types.slice(type_.elem, formal.const) if type_.kind == "array" else type_
                    if self.unify(formal, plain, subst) and "T" in subst and self.assignable(subst["T"]) and self.visible(subst["T"]):
                        return subst["T"]
        if self.context.generics and self.r.random() < 0.5:
            return self.types.param("T")
        return self.storable(1)

    def recursion_left(self):
        left, self.context.recursions = self.context.recursions, self.context.recursions - 1
        return left > 0 and not self.context.loops

    # ---- functions

    def make_functions(self):
        r = self.r
        self.module = "lib"
        for _ in range(r.randint(1, 2)):
            self.function("lib", generic=r.random() < 0.65)
        self.module = "main"
        self.make_closer()
        self.make_unique()
        self.make_consts()
        for _ in range(r.randint(1, 3)):
            self.function("main", generic=r.random() < 0.15)

    def make_consts(self):
        r = self.r
        for _ in range(r.randint(0, 2)):
            type_ = self.int_type()
            init = X.Binary(type_, r.choice(("+", "*", "-%", "^", "|")), self.literal(type_), self.literal(type_))
            self.program.consts.append((f"C{self.tag()}", type_, init))
        for _ in range(r.randint(0, 2)):
            type_ = self.storable(1)
            init = self.literal(type_)
            if init:
                self.program.globals.append((f"g{self.tag()}", init))

    def function(self, module, generic):
        r, types = self.r, self.types
        generics = (("T", "N") if r.random() < 0.4 else ("T",)) if generic else ()
        self.pending_generics, self.context = generics, None
        names, params = [], []
        fueled = not generic and r.random() < 0.15
        if fueled:
            names, params = ["fuel"], [types.int("u8")]
        method = None
        if not generic and not fueled and r.random() < 0.3:
            own = [n for n in self.nominals if n.kind == "struct" and not n.args and n.decl.module == module]
            if own:
                method = r.choice(own)
                names, params = ["self"], [types.pointer(method, r.random() < 0.4)]
        for _ in range(r.randint(1, 3)):
            params.append(self.generic_type() if generic and r.random() < 0.7 else self.param_type())
            names.append(self.name("a"))
        if generic and not any(self.has_param(param) for param in params):
            params[-1] = types.param("T")
        if "N" in generics and not any("N" in param.name for param in params):
            params.append(types.array(types.param("T"), "N"))
            names.append(self.name("a"))
        result = self.result_type(generic)
        func = S.Func(f"{'m' if method else 'f'}{self.tag()}", generics, names, params, result, None, module)
        func.fueled, func.hidden = fueled, False
        if method:
            func.method = method.decl
        context = self.context = Context(module, result, generics)
        context.func, context.recursions = func, 0
        if module == "main":
            for name, init in self.program.globals:
                self.declare(name, init.type, True)
        self.open()
        for name, param in zip(names, params):
            self.declare(name, param)
        payload = result.elem if result.kind == "union" else result
        items = []
        if "N" in generics and r.random() < 0.7:
            name = self.name("n")
            self.declare(name, self.usize)
            items.append(S.Let(name, self.usize, X.Length(self.usize)))
        if fueled:
            early = None if payload.kind == "void" else self.value(payload, 1)
            empty = X.Compare(self.bool, "==", X.Var(params[0], "fuel"), X.Literal(params[0], 0))
            items.append(S.Leave("return", early, empty))
            context.recursions = 1
            self.program.funcs.append(func)
        late = self.late_write(payload, items) if payload.kind != "void" and r.random() < 0.2 else None
        for _ in range(r.choice((1, 2, 2, 3, 4))):
            items += self.statement(2)
        if payload.kind != "void":
            value = late or self.value(payload, 2)
            if value is None:
                if fueled:
                    self.program.funcs.remove(func)
                self.context = None
                return
            items.append(S.Leave("return", value))
        func.body = S.Block(items)
        if not fueled:
            self.program.funcs.append(func)
        self.context = None

    def late_write(self, type_, items):
        """A local that a deferred statement writes after the function has answered its value."""
        first = self.value(type_, 1)
        self.context.in_defer += 1
        second = self.value(type_, 2)
        self.context.in_defer -= 1
        if first is None or second is None:
            return None
        name = self.name()
        self.declare(name, type_, True)
        items.append(S.Let(name, type_, first, True))
        items.append(S.Defer(S.Block([S.Assign(X.Var(type_, name), "", second)])))
        return X.Var(type_, name)

    def param_type(self):
        r = self.r
        roll = r.random()
        if roll < 0.55:
            return self.storable(2)
        held = self.storable(2)
        if roll < 0.75:
            return self.types.pointer(held)
        if roll < 0.85:
            return self.types.pointer(held, True)
        return self.types.slice(self.storable(1), r.random() < 0.5)

    def result_type(self, generic):
        r = self.r
        if r.random() < 0.12:
            result = self.void
        elif generic and r.random() < 0.6:
            result = self.generic_type(storable=True)
        else:
            result = self.storable(2)
        if self.module == "main" and r.random() < 0.4:
            return self.types.union(result, self.error_set)
        return result

    def make_closer(self):
        """A type with Close, and two ways to open one."""
        types = self.types
        decl = Decl("struct", f"R{self.tag()}", (), "main")
        decl.fields, decl.unique, decl.closes = [("id", self.u64), ("pad", self.int_type())], self.r.random() < 0.5, True
        self.program.decls.append(decl)
        type_ = types.nominal(decl)
        literal = X.Struct(type_, ["id", "pad"], [X.Var(self.u64, "id"), X.Literal(decl.fields[1][1], 1)])
        opened = [S.Show("open", [X.Var(self.u64, "id")]), S.Leave("return", literal)]
        open_ = self.helper(f"open{self.tag()}", ["id"], [self.u64], type_, opened)
        odd = X.Compare(self.bool, "==", X.Binary(self.u64, "&", X.Var(self.u64, "id"), X.Literal(self.u64, 1)), X.Literal(self.u64, 1))
        tried = [S.Leave("fail", self.error(), odd), S.Leave("return", X.Call(type_, open_, (), [X.Var(self.u64, "id")]))]
        try_open = self.helper(f"try_open{self.tag()}", ["id"], [self.u64], types.union(type_, self.error_set), tried)
        pointer = types.pointer(type_)
        body = [S.Show("close", [X.Field(self.u64, X.Var(pointer, "self"), 0, "id")])]
        close = self.helper("close", ["self"], [pointer], self.void, body)
        close.method, close.trait = decl, "Close for "
        self.closer = (type_, open_, try_open, close)

    def make_unique(self):
        types = self.types
        self.unique = None
        decl = Decl("struct", f"U{self.tag()}", (), "lib")
        decl.unique = True
        self.module = "lib"
        decl.fields = [("u0", self.u64), ("u1", self.storable(2)), ("u2", types.array(self.int_type(), 2))]
        self.module = "main"
        type_ = types.nominal(decl)
        parts = [X.Var(self.u64, "id"), self.literal(decl.fields[1][1]), self.literal(decl.fields[2][1])]
        if not all(parts):
            return
        self.program.decls.append(decl)
        made = [S.Leave("return", X.Struct(type_, ["u0", "u1", "u2"], parts))]
        maker = self.helper(f"make{self.tag()}", ["id"], [self.u64], type_, made, "lib")
        self.unique = (type_, maker)
        bump = S.Assign(X.Field(self.u64, X.Var(types.pointer(type_), "self"), 0, "u0"), "+%", X.Var(self.u64, "by"))
        method = self.helper(f"bump{self.tag()}", ["self", "by"], [types.pointer(type_), self.u64], self.u64,
                             [bump, S.Leave("return", X.Field(self.u64, X.Var(types.pointer(type_), "self"), 0, "u0"))], "lib")
        method.method, method.hidden = decl, False

    def helper(self, name, names, params, result, items, module="main"):
        func = S.Func(name, (), names, params, result, S.Block(items), module)
        func.fueled, func.hidden = False, True
        self.program.funcs.append(func)
        return func

    def make_test(self):
        func = S.Func(f"t{self.program.seed}", (), [], [], self.void, None)
        func.fueled, func.hidden = False, True
        context = self.context = Context("main", self.void)
        context.func, context.recursions = func, 0
        for name, init in self.program.globals:
            self.declare(name, init.type, True)
        self.open()
        items = []
        for _ in range(3):
            items += as_list(self.let())
        for _ in range(self.r.randint(3, 8)):
            items += self.statement(3)
        label = self.name("end")
        for var in list(self.context.scopes[-1]) + list(self.context.scopes[0]):
            if self.assignable(var.type):
                items.append(S.Show(label, [self.digest(X.Var(var.type, var.name))]))
        func.body = S.Block(items)
        self.context = None
        return func


def as_list(made):
    return [] if made is None else made if isinstance(made, list) else [made]


def chain(place):
    while isinstance(place, X.Expr):
        yield place
        place = getattr(place, "base", None) or getattr(place, "pointer", None)
