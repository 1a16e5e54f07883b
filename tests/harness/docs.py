"""The documentation's programs: every fenced `janus` block of README.md and docs/**/*.md is built (debug) and run.

A block with `// expect:` lines must print exactly those; one without must compile and end with exit code 0. A block that is no
whole program is fenced as `text`.
"""
from . import run
from .common import Case, Result, headers, read_text

FENCE = "```"


def collect(context):
    pages = [context.root / "README.md", *sorted((context.root / "docs").rglob("*.md"))]
    cases = []
    for page in pages:
        if not page.exists():
            continue
        for line, text in blocks(read_text(page)):
            name = f"docs/{page.relative_to(context.root)}:{line}"
            cases.append(Case(name, lambda name=name, text=text: check(context, name, text)))
    return cases


def blocks(text):
    found, start, lines = [], None, []
    for number, line in enumerate(text.splitlines(), 1):
        if start is None and line.strip() == FENCE + "janus":
            start, lines = number, []
        elif start is not None and line.strip() == FENCE:
            found.append((start, "\n".join(lines) + "\n"))
            start = None
        elif start is not None:
            lines.append(line)
    return found


def check(context, name, text):
    source = context.scratch_folder() / "example.jan"
    source.write_text(text)
    problem = run.check_mode(context, source, "debug", headers(text))
    return Result(name, not problem, problem)
