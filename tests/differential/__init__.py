"""Differential testing: programs that are well typed by construction, run in every way the compiler offers and in a model of the
language written in Python. See docs/internals/conscience.md."""
