"""Statement nodes: text as lines, and what they do in the model. Cleanups run on every way out of a block but a trap."""
from .effects import call
from .expressions import Literal, Node, container
from .values import (Break, Continue, Exit, Fail, OutOfFuel, Ref, Return, Trap, copy, fits, store, wrap)

STEP = "    "


class Machine:
    """One run of the model: what was printed, what is left of the fuel, the loops that are running."""

    def __init__(self, fuel):
        self.fuel, self.depth = fuel, 0
        self.lines, self.globals, self.loops = [], {}, []

    def spend(self):
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel()


class Statement(Node):
    """`run` is what subclasses define; `step` notes where a trap happened."""

    def step(self, frame):
        frame.machine.spend()
        try:
            self.run(frame)
        except Trap as trap:
            if trap.statement is None:
                trap.statement = self
            raise


class Block(Node):
    def __init__(self, items):
        self.items = items

    def lines(self, indent):
        return [line for item in self.items for line in item.lines(indent)]

    def run(self, frame):
        pending = []
        try:
            for item in self.items:
                if type(item) is Defer:
                    pending.append(item)
                else:
                    item.step(frame)
        except Exit:
            for item in reversed(pending):
                item.body.run(frame)
            raise
        for item in reversed(pending):
            item.body.run(frame)


class Nothing(Statement):
    """What is left of a statement that was taken out."""

    def lines(self, indent):
        return []

    def run(self, frame):
        pass


class Let(Statement):
    def __init__(self, name, type_, init, is_var=False, annotated=True):
        self.name, self.type, self.init, self.is_var, self.annotated = name, type_, init, is_var, annotated

    def lines(self, indent):
        word = "var" if self.is_var else "let"
        if self.annotated:
            return [f"{indent}{word} {self.name}: {self.type.name} = {self.init.bare()}"]
        return [f"{indent}{word} {self.name} = {self.init.text()}"]

    def run(self, frame):
        frame.vars[self.name] = self.init.value(frame)


class Assign(Statement):
    """`place op= value`; `guard` protects a place that goes through an optional."""

    def __init__(self, place, op, value, guard=None):
        self.place, self.op, self.value, self.guard = place, op, value, guard

    def lines(self, indent):
        value = self.value.bare() if not self.op or isinstance(self.value, Literal) else self.value.text()
        line = f"{self.place.text()} {self.op}= {value}"
        if self.guard:
            return [f"{indent}if {self.guard.text()} do", f"{indent}{STEP}{line}", f"{indent}end"]
        return [indent + line]

    def run(self, frame):
        if self.guard and not self.guard.value(frame):
            return
        value = self.value.value(frame)
        box, key = self.place.ref(frame)
        if self.op:
            value = OPERATIONS[self.op[-1] == "%" and len(self.op) > 1, self.op[0]](self, box[key], value)
        store(box, key, value)

    def repair(self):
        if not self.op or self.op.endswith("%") and len(self.op) > 1:
            return False
        self.op += "%"
        return True


class VolatileStore(Assign):
    """The place's address is evaluated first, unlike an assignment's."""

    def __init__(self, place, value, guard):
        super().__init__(place, "", value, guard)

    def lines(self, indent):
        line = f"@volatile_store[{self.place.type.name}](&{self.place.text()}, {self.value.bare()})"
        if self.guard:
            return [f"{indent}if {self.guard.text()} do", f"{indent}{STEP}{line}", f"{indent}end"]
        return [indent + line]

    def run(self, frame):
        if self.guard and not self.guard.value(frame):
            return
        box, key = self.place.ref(frame)
        store(box, key, self.value.value(frame))

    def repair(self):
        return False


def _arithmetic(name):
    exact = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
             "&": lambda a, b: a & b, "|": lambda a, b: a | b, "^": lambda a, b: a ^ b}[name]

    def checked(node, a, b):
        if node.place.type.kind == "float":
            return exact(a, b)
        value = exact(a, b)
        if not fits(node.place.type, value):
            raise Trap("integer overflow", node)
        return value

    def wrapping(node, a, b):
        return wrap(node.place.type, exact(a, b))

    return checked, wrapping


OPERATIONS = {}
for _name in "+-*&|^":
    OPERATIONS[False, _name], OPERATIONS[True, _name] = _arithmetic(_name)


class Do(Statement):
    """An expression for its effects; `how` is "", "_ = " or a trailing "?"."""

    def __init__(self, inner, how=""):
        self.inner, self.how = inner, how

    def lines(self, indent):
        return [f"{indent}{self.how}{self.inner.text()}"]

    def run(self, frame):
        self.inner.value(frame)


class Show(Statement):
    """Prints a mark and some scalars."""

    def __init__(self, label, parts):
        self.label, self.parts = label, parts

    def lines(self, indent):
        inside = " ".join("{" + part.text() + "}" for part in self.parts)
        return [f'{indent}println($"{self.label} {inside}")']

    def run(self, frame):
        words = []
        for part in self.parts:
            value = part.value(frame)
            words.append(("true" if value else "false") if isinstance(value, bool) else str(value))
        frame.machine.lines.append(f"{self.label} {' '.join(words)}")


class If(Statement):
    def __init__(self, condition, then, otherwise=None):
        self.condition, self.then, self.otherwise = condition, then, otherwise

    def lines(self, indent):
        lines = [f"{indent}if {self.condition.text()} do", *self.then.lines(indent + STEP)]
        if self.otherwise:
            lines += [f"{indent}else", *self.otherwise.lines(indent + STEP)]
        return lines + [f"{indent}end"]

    def run(self, frame):
        if self.condition.value(frame):
            self.then.run(frame)
        elif self.otherwise:
            self.otherwise.run(frame)


class IfLet(Statement):
    def __init__(self, pattern, subject, then, otherwise=None):
        self.pattern, self.subject, self.then, self.otherwise = pattern, subject, then, otherwise

    def lines(self, indent):
        lines = [f"{indent}if let {self.pattern.text()} = {self.subject.text()} do", *self.then.lines(indent + STEP)]
        if self.otherwise:
            lines += [f"{indent}else", *self.otherwise.lines(indent + STEP)]
        return lines + [f"{indent}end"]

    def run(self, frame):
        subject = self.subject.value(frame)
        if self.pattern.matches(subject):
            self.pattern.bind(subject, frame)
            self.then.run(frame)
        elif self.otherwise:
            self.otherwise.run(frame)


class Match(Statement):
    """Arms are (pattern, guard or None, block)."""

    def __init__(self, subject, arms):
        self.subject, self.arms = subject, arms

    def lines(self, indent):
        subject = f"({self.subject.text()})" if type(self.subject).__name__ in ("Struct", "Variant") else self.subject.text()
        lines = [f"{indent}match {subject} {{"]
        for pattern, guard, body in self.arms:
            when = f" when {guard.text()}" if guard else ""
            lines += [f"{indent}{STEP}{pattern.text()}{when} => do", *body.lines(indent + STEP * 2), f"{indent}{STEP}end,"]
        return lines + [indent + "}"]

    def run(self, frame):
        subject = self.subject.value(frame)
        for pattern, guard, body in self.arms:
            if pattern.matches(subject):
                pattern.bind(subject, frame)
                if guard is None or guard.value(frame):
                    body.run(frame)
                    return
        raise AssertionError("no arm matches")


# ---- loops


class Loop(Statement):
    label = None

    def head(self, indent):
        return f"{indent}{self.label}: " if self.label else indent

    def turn(self, frame):
        """One round of the body; answers False after a break."""
        frame.machine.spend()
        try:
            self.body.run(frame)
        except Break as out:
            if out.label not in (None, self.label):
                raise
            return False
        except Continue as out:
            if out.label not in (None, self.label):
                raise
        return True

    def step(self, frame):
        loops = frame.machine.loops
        loops.append(self)
        depth = len(loops)
        super().step(frame)
        del loops[depth - 1:]

    def shrink(self):
        return False


class ForRange(Loop):
    def __init__(self, name, type_, low, high, inclusive, body, label):
        self.name, self.type, self.low, self.high, self.inclusive = name, type_, low, high, inclusive
        self.body, self.label = body, label

    def lines(self, indent):
        dots = ".." if self.inclusive else "..<"
        return [f"{self.head(indent)}for {self.name} in {self.low.text()}{dots}{self.high.text()} do",
                *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        low, high = self.low.value(frame), self.high.value(frame)
        for index in range(low, high + self.inclusive):
            frame.vars[self.name] = index
            if not self.turn(frame):
                return

    def shrink(self):
        if isinstance(self.low, Literal) and self.low.what == 0 and isinstance(self.high, Literal) and self.high.what <= 1:
            return False
        self.low, self.high = Literal(self.type, 0), Literal(self.type, 1)
        return True


class ForEach(Loop):
    """`for x[, i] in xs`, each element read when its turn comes, or `for *x[, i] in xs`, over an array, a pointer to one or a slice."""

    def __init__(self, name, index_name, over, by_pointer, body, label):
        self.name, self.index_name, self.over, self.by_pointer = name, index_name, over, by_pointer
        self.body, self.label = body, label

    def lines(self, indent):
        names = ("*" if self.by_pointer else "") + self.name + (f", {self.index_name}" if self.index_name else "")
        return [f"{self.head(indent)}for {names} in {self.over.text()} do", *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        if self.over.type.kind == "slice":
            held = self.over.value(frame)
            items, start, length = held.items, held.start, held.length
        else:
            items = container(self.over, frame)
            start, length = 0, len(items)
        for index in range(length):
            if self.by_pointer:
                frame.vars[self.name] = Ref(items, start + index)
            else:
                frame.vars[self.name] = copy(items[start + index])
            if self.index_name:
                frame.vars[self.index_name] = index
            if not self.turn(frame):
                return


class While(Loop):
    """Counts a variable of its own up to `limit`, and asks `condition` too when there is one."""

    def __init__(self, name, limit, condition, body, label):
        self.name, self.limit, self.condition, self.body, self.label = name, limit, condition, body, label

    def lines(self, indent):
        more = f" and {self.condition.text()}" if self.condition else ""
        return [f"{indent}var {self.name}: u32 = 0",
                f"{self.head(indent)}while {self.name} < {self.limit}{more} do",
                f"{indent}{STEP}{self.name} += 1", *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        frame.vars[self.name] = 0
        while frame.vars[self.name] < self.limit and (not self.condition or self.condition.value(frame)):
            frame.vars[self.name] += 1
            if not self.turn(frame):
                return

    def shrink(self):
        was, self.limit = self.limit, 1
        return was > 1


class WhileLet(Loop):
    """Counts down through the optional that @sub_overflow answers."""

    def __init__(self, counter, name, start, body, label):
        self.counter, self.name, self.start, self.body, self.label = counter, name, start, body, label

    def lines(self, indent):
        return [f"{indent}var {self.counter}: u8 = {self.start}",
                f"{self.head(indent)}while let Some({self.name}) = @sub_overflow({self.counter}, 1) do",
                f"{indent}{STEP}{self.counter} = {self.name}", *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        frame.vars[self.counter] = self.start
        while frame.vars[self.counter] > 0:
            frame.vars[self.name] = frame.vars[self.counter] = frame.vars[self.counter] - 1
            if not self.turn(frame):
                return

    def shrink(self):
        was, self.start = self.start, 1
        return was > 1


# ---- ways out and cleanups


class Leave(Statement):
    """break, continue, return and fail, at once or `when` a condition holds."""

    def __init__(self, what, detail=None, when=None):
        self.what, self.detail, self.when = what, detail, when

    def lines(self, indent):
        word = self.what
        if self.detail is not None:
            word += " " + (self.detail if isinstance(self.detail, str) else self.detail.bare())
        return [indent + word + (f" when {self.when.text()}" if self.when else "")]

    def run(self, frame):
        if self.when and not self.when.value(frame):
            return
        if self.what == "break":
            raise Break(self.detail)
        if self.what == "continue":
            raise Continue(self.detail)
        if self.what == "fail":
            raise Fail(self.detail.split(".")[1])
        raise Return(None if self.detail is None else self.detail.value(frame))


class Defer(Statement):
    def __init__(self, body):
        self.body = body

    def lines(self, indent):
        if len(self.body.items) == 1 and isinstance(self.body.items[0], (Show, Assign)):
            only = self.body.items[0].lines("")
            if len(only) == 1:
                return [f"{indent}defer {only[0]}"]
        return [f"{indent}defer do", *self.body.lines(indent + STEP), f"{indent}end"]


class Using(Statement):
    def __init__(self, name, init, close, body):
        self.name, self.init, self.close, self.body = name, init, close, body

    def lines(self, indent):
        return [f"{indent}using {self.name} = {self.init.text()} do", *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        frame.vars[self.name] = self.init.value(frame)
        try:
            self.body.run(frame)
        except Exit:
            call(self.close, [Ref(frame.vars, self.name)], frame)
            raise
        call(self.close, [Ref(frame.vars, self.name)], frame)


class Scope(Statement):
    def __init__(self, body):
        self.body = body

    def lines(self, indent):
        return [f"{indent}do", *self.body.lines(indent + STEP), f"{indent}end"]

    def run(self, frame):
        self.body.run(frame)


class LetCatch(Statement):
    """`let x: T = call catch |e| do … value end`, or with a way out instead of the value."""

    def __init__(self, name, type_, inner, error_name, body, value):
        self.name, self.type, self.inner, self.error_name, self.body, self.result = name, type_, inner, error_name, body, value

    def lines(self, indent):
        end = self.result.lines(indent + STEP) if isinstance(self.result, Statement) else [indent + STEP + self.result.text()]
        return [f"{indent}let {self.name}: {self.type.name} = {self.inner.text()} catch |{self.error_name}| do",
                *self.body.lines(indent + STEP), *end, f"{indent}end"]

    def run(self, frame):
        kind, value = self.inner.value(frame)
        if kind == "err":
            frame.vars[self.error_name] = value
            self.body.run(frame)
            if isinstance(self.result, Statement):
                self.result.run(frame)
            value = self.result.value(frame)
        frame.vars[self.name] = value


class ShowError(Statement):
    """Prints which error a catch has in hand."""

    def __init__(self, label, name):
        self.label, self.name = label, name

    def lines(self, indent):
        return [f'{indent}println($"{self.label} {{@error_name({self.name})}}")']

    def run(self, frame):
        frame.machine.lines.append(f"{self.label} {frame.vars[self.name]}")


# ---- functions and programs


class Func:
    """Not a node itself, as calls refer to it: whoever walks a program starts at each function."""

    def __init__(self, name, generics, param_names, param_types, result, body, module="main"):
        self.name, self.generics, self.param_names, self.param_types = name, tuple(generics), param_names, param_types
        self.result, self.body, self.module = result, body, module
        self.method = None          # the type's declaration, when it is one
        self.trait = ""             # "Close for " and the like
        self.inline_value = False   # the last return is written as the block's value

    def children(self):
        yield self, "body", self.body

    def lines(self):
        generics = ""
        if self.generics and not self.method:
            generics = "[" + ", ".join("N: usize" if name == "N" else name for name in self.generics) + "]"
        params = []
        for name, type_ in zip(self.param_names, self.param_types):
            if self.method and name == "self":
                params.append(f"self: *{'const ' if type_.const else ''}Self")
            else:
                params.append(f"{name}: {type_.name}")
        result = f" -> {self.result.name}" if self.result.kind != "void" else ""
        pub = "pub " if self.module == "lib" and not self.trait else ""
        lines = [f"{pub}func {self.name}{generics}({', '.join(params)}){result} do", *self.body.lines(STEP), "end"]
        if not self.method:
            return lines
        args = f"[{', '.join(self.method.params)}]" if self.method.params else ""
        inside = [STEP + line for line in lines]
        return [f"impl {self.trait}{self.method.name}{args} {{", *inside, "}"]

