"""What is visible where the generator is writing."""


class Var:
    def __init__(self, name, type_, mutable, frozen=False):
        self.name, self.type, self.mutable, self.frozen = name, type_, mutable, frozen


class Context:
    """The function being made."""

    def __init__(self, module, result, generics=()):
        self.module, self.result, self.generics = module, result, generics
        self.scopes = [[]]
        self.loops = []
        self.in_defer = 0
        self.is_test = False
