"""Makes a program from a seed: types, functions and a test function, well typed by construction.

A program has two modules: what it declares in `lib` is public and may not use `main`. The names of a program carry its seed, so
that many programs share two files. Loops are bounded; calls lead to functions made before. Pointers and slices are
parameters or lets that point outwards, never stored and never returned, so none outlives what it points to. After a
program is made it runs in the model, and each failing check is repaired, but for the programs that are meant to trap.
"""
import random

from . import nodes as X
from . import statements as S
from .choose import Chooser
from .values import Decl, OutOfFuel, Trap, Types

FUEL = 6000
REPAIRS = 120
ORDERS = ("relaxed", "acquire", "release", "acq_rel", "seq_cst")


class Program:
    def __init__(self, seed, types):
        self.seed, self.types = seed, types
        self.decls, self.funcs, self.consts, self.globals = [], [], [], []
        self.digests = {}
        self.test = None
        self.trap = None
        self.lines = []

    def run(self, fuel=FUEL):
        """Runs the model; sets `lines` and `trap`. May raise OutOfFuel; answers the trap itself."""
        machine = S.Machine(fuel)
        self.machine = machine
        frame = X.Frame(machine)
        trap = None
        try:
            for name, init in self.globals:
                machine.globals[name] = init.value(frame)
            for name, _, init in self.consts:
                machine.globals[name] = init.value(frame)
            X.call(self.test, [], frame)
        except Trap as caught:
            trap = caught
        self.lines, self.trap = machine.lines, trap.text if trap else None
        return trap

    def test_lines(self):
        """The lines that the test function itself prints."""
        labels = {node.label for _, _, node in walk(self.test) if isinstance(node, (S.Show, S.ShowError))}
        return [line for line in self.lines if line.split(" ", 1)[0] in labels]

    def roots(self):
        return [*self.funcs, self.test]


def walk(node):
    """(owner, key, node) of every node below, outermost first."""
    for owner, key, child in node.children():
        yield owner, key, child
        yield from walk(child)


class Declarations:
    """The nominal types and generic helpers of a program."""

    def __init__(self, chooser):
        self.c = chooser
        self.r, self.types, self.program = chooser.r, chooser.types, chooser.program

    def make(self):
        for module in ("lib", "main"):
            self.c.module = module
            for _ in range(self.r.choice((0, 1, 1))):
                self.plain()
            for _ in range(self.r.choice((1, 1, 2))):
                self.struct()
            for _ in range(self.r.choice((0, 1, 1))):
                self.enum()
            if self.r.random() < 0.5:
                self.struct()
        self.errors()
        if self.r.random() < 0.7:
            self.generic_struct()
        if self.r.random() < 0.35:
            self.generic_enum()

    def add(self, kind, letter, params=()):
        decl = Decl(kind, f"{letter}{self.c.tag()}", params, self.c.module)
        return decl

    def plain(self):
        decl = self.add("plain", "K")
        decl.variants = [(f"v{n}", None, []) for n in range(self.r.randint(2, 5))]
        self.finish(decl)

    def parts(self, depth, count):
        """Types for the parts of something; twins often, as one is easily mistaken for the other."""
        parts = []
        for _ in range(count):
            parts.append(parts[-1] if parts and self.r.random() < 0.35 else self.c.storable(depth))
        return parts

    def finish(self, decl):
        self.program.decls.append(decl)
        if not decl.params and not decl.unique:
            self.c.nominals.append(self.types.nominal(decl))

    def struct(self):
        decl = self.add("struct", "S")
        decl.fields = [(f"f{n}", field) for n, field in enumerate(self.parts(2, self.r.choice((1, 2, 2, 2, 3, 4))))]
        self.finish(decl)

    def enum(self):
        decl = self.add("enum", "E")
        for n in range(self.r.randint(2, 4)):
            fields = self.parts(1, self.r.choice((0, 1, 1, 2, 2)))
            names = [f"p{k}" for k in range(len(fields))] if fields and self.r.random() < 0.4 else None
            decl.variants.append((f"V{n}", names, fields))
        if not any(fields for _, _, fields in decl.variants):
            decl.variants[0] = ("V0", None, [self.c.storable(1)])
        self.finish(decl)

    def errors(self):
        decl = self.add("errors", "F")
        decl.variants = [(f"X{n}_{self.c.tag()}", None, []) for n in range(self.r.randint(2, 3))]
        self.program.decls.append(decl)
        self.c.error_set = self.types.nominal(decl)

    def generic_struct(self):
        self.c.module = "lib"
        decl = self.add("struct", "G", ("T", "N") if self.r.random() < 0.6 else ("T",))
        param = self.types.param("T")
        shapes = [lambda: param, lambda: self.types.optional(param), lambda: self.types.int("u8"), lambda: self.c.int_type()]
        if "N" in decl.params:
            shapes += [lambda: self.types.array(param, "N"), lambda: self.types.array(self.types.optional(param), "N")]
        fields = [self.r.choice(shapes)() for _ in range(self.r.randint(2, 4))]
        if "N" in decl.params:
            fields[self.r.randrange(len(fields))] = self.types.array(param, "N")
        elif param not in fields:
            fields[0] = param
        decl.fields = [(f"g{n}", field) for n, field in enumerate(fields)]
        self.finish(decl)
        self.c.generic_structs.append(decl)
        for _ in range(2):
            args = [self.c.storable(1)] + ([self.r.randint(1, 4)] if "N" in decl.params else [])
            self.c.nominals.append(self.types.nominal(decl, args))

    def generic_enum(self):
        self.c.module = "lib"
        decl = self.add("enum", "O", ("T",))
        param = self.types.param("T")
        decl.variants = [("One", None, [param]), ("Two", ["left", "right"], [param, self.types.optional(param)]), ("Zero", None, [])]
        self.r.shuffle(decl.variants)
        self.finish(decl)
        self.c.nominals.append(self.types.nominal(decl, [self.c.storable(1)]))


def generate(seed):
    """The program of a seed, always the same one. None in the rare case that no repair helps."""
    for attempt in range(4):
        program = try_generate(seed, attempt)
        if program:
            return program
    return None


def try_generate(seed, attempt):
    r = random.Random(f"{seed}.{attempt}")
    types = Types()
    program = Program(seed, types)
    chooser = Chooser(r, types, program)
    Declarations(chooser).make()
    chooser.make_functions()
    program.test = chooser.make_test()
    return program if settle(program, r) else None


def settle(program, r):
    """Repairs what fails in the model. Some programs keep their first or a later trap."""
    keep_after = r.choice((0, 1, 2, 3, 5, 8)) if r.random() < 0.16 else REPAIRS
    for round_ in range(REPAIRS):
        try:
            trap = program.run()
        except OutOfFuel:
            if not any(loop.shrink() for loop in program.machine.loops):
                return False
            continue
        except RecursionError:
            return False
        if trap is None or round_ >= keep_after and trap.statement:
            return True
        if not (trap.node.repair() or take_out(program, trap.statement)):
            return False
    return False


def take_out(program, statement):
    """Replaces what cannot be repaired: a let's value by a constant, another statement by nothing."""
    if statement is None:
        return False
    if isinstance(statement, (S.Let, S.Leave, S.LetCatch, S.If, S.IfLet, S.Match, S.Loop, S.Using)):
        return False
    for root in program.roots():
        for owner, key, node in walk(root):
            if node is statement:
                X.replace(owner, key, S.Nothing())
                return True
    return False
