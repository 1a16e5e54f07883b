"""Shrinks a program that fails: takes out what is not needed for it to fail the same way, in rounds, until nothing more goes.

The tree is changed in place and changed back when the program no longer fails: first whole functions and declarations, then
runs of statements, halving their length, then statements by their bodies and expressions by parts of themselves or constants.
The model runs again for each candidate, so what is expected follows the change.
"""
import time

from . import nodes as X
from . import statements as S
from .choose import Chooser
from .generate import walk
from .values import OutOfFuel


class Reducer:
    def __init__(self, program, still_fails, seconds=300):
        self.program, self.still_fails = program, still_fails
        self.deadline = time.monotonic() + seconds
        self.chooser = Chooser(None, program.types, program)
        self.tries = 0

    def fails(self):
        if time.monotonic() > self.deadline:
            return False
        self.tries += 1
        try:
            self.program.run()
        except (OutOfFuel, AssertionError, KeyError, TypeError, RecursionError, IndexError, AttributeError):
            return False
        return self.still_fails(self.program)

    def reduce(self):
        while time.monotonic() < self.deadline:
            before = self.tries
            changed = self.lists() | self.statements() | self.expressions()
            if not changed or self.tries == before:
                break
        self.program.run()
        return self.program

    def shorten(self, items):
        """Takes out runs of a list, halving their length."""
        changed, size = False, max(1, len(items) // 2)
        while size >= 1:
            start = 0
            while start < len(items):
                taken = items[start:start + size]
                del items[start:start + size]
                if self.fails():
                    changed = True
                else:
                    items[start:start] = taken
                    start += size
            size //= 2
        return changed

    def blocks(self):
        for root in self.program.roots():
            yield root.body
            for _, _, node in walk(root):
                if isinstance(node, S.Block):
                    yield node

    def lists(self):
        program, changed = self.program, False
        for block in list(self.blocks()):
            changed |= self.shorten(block.items)
        for items in (program.funcs, program.consts, program.globals, program.decls):
            changed |= self.shorten(items)
        for type_ in list(program.digests):
            name = program.digests.pop(type_)
            if self.fails():
                changed = True
            else:
                program.digests[type_] = name
        return changed

    def attempt(self, owner, key, old, new):
        X.replace(owner, key, new)
        if self.fails():
            return True
        X.replace(owner, key, old)
        return False

    def statements(self):
        """A statement by one of the blocks in it."""
        changed = False
        for root in self.program.roots():
            for owner, key, node in list(walk(root)):
                if not isinstance(node, S.Statement) or isinstance(node, S.Scope):
                    continue
                for _, _, inner in list(node.children()):
                    if isinstance(inner, S.Block) and self.attempt(owner, key, node, S.Scope(inner)):
                        changed = True
                        break
        return changed

    def expressions(self):
        changed = False
        for root in self.program.roots():
            for owner, key, node in list(walk(root)):
                if not isinstance(node, X.Expr) or isinstance(node, X.Literal) and node.what in (0, 1, False, ""):
                    continue
                if not attached(owner, key, node):
                    continue
                for candidate in self.candidates(node):
                    if self.attempt(owner, key, node, candidate):
                        changed = True
                        break
        return changed

    def candidates(self, node):
        if not isinstance(node, (X.Null, X.Var)):
            constant = self.chooser.simplest(node.type)
            if constant and constant.text() != node.text():
                yield constant
        for _, _, inner in walk(node):
            if isinstance(inner, X.Expr) and inner.type is node.type:
                yield inner


def attached(owner, key, node):
    try:
        held = owner[key] if isinstance(owner, list) else getattr(owner, key)
    except (IndexError, AttributeError):
        return False
    return held is node
