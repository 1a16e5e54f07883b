"""The documentation's programs: every fenced `janus` block of README.md and docs/**/*.md is built (debug) and run.

A block with `// expect:` lines must print exactly those; one without must compile and end with exit code 0; `// exit:`, `// panic:`,
`// args:` and `// stdin:` mean what they mean in tests/run. A block with `// error: CODE …` must be refused with exactly
those errors. A block with `// file: NAME` is no program of its own but a file next to the page's next program. What is no Janus
is fenced as `text`.
"""
import re

from . import run
from .common import Case, Result, clipped, headers, read_text

FENCE = "```"


def collect(context):
    pages = [context.root / "README.md", *sorted((context.root / "docs").rglob("*.md"))]
    cases = []
    for page in pages:
        if not page.exists():
            continue
        files = {}
        for line, text in blocks(read_text(page)):
            wanted = headers(text)
            if "file" in wanted:
                files[wanted["file"][0]] = text
                continue
            name = f"docs/{page.relative_to(context.root)}:{line}"
            cases.append(Case(name, lambda name=name, text=text, files=files: check(context, name, text, files)))
            files = {}
    cases.append(Case("docs/modules", lambda: modules(context, pages)))
    return cases


def is_module(context, path):
    place = context.root / path.replace(".", "/")
    return place.with_suffix(".jan").exists() or (place / "mod.jan").exists()


def modules(context, pages):
    """What the pages and the compiler's messages call a module of std, or an item of one, is there; a page may also name a folder of modules."""
    # The module that how-to-add.md leads through is invented.
    told = [page for page in pages if page.name != "how-to-add.md"]
    sources = [*told, *sorted((context.root / "src").rglob("*.c"))]
    named = [(page, path) for page in sources if page.exists() for path in re.findall(r"`(?:use )?(std(?:\.[a-z_0-9]+)+)", read_text(page))]
    wrong = [f"{page.relative_to(context.root)}: {path}" for page, path in named
             if not is_module(context, path) and not is_module(context, path.rpartition(".")[0])
             and not (page.suffix == ".md" and (context.root / path.replace(".", "/")).is_dir())]
    return Result("docs/modules", len(named) > 20 and not wrong, f"{len(named)} names\n" + "\n".join(wrong))


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


def check(context, name, text, files):
    folder = context.scratch_folder()
    source = folder / "example.jan"
    for path, content in {**files, source.name: text}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    wanted = headers(text)
    if "error" in wanted:
        problem = check_refused(context, source, wanted)
    else:
        problem = run.check_mode(context, source, "debug", wanted)
    return Result(name, not problem, problem)


def check_refused(context, source, wanted):
    ran = context.compiler("check", source)
    expected = sorted(" ".join(wanted["error"]).split())
    found = sorted(re.findall(r"^error\[(\w+)\]", ran.err, re.MULTILINE))
    if ran.code == 1 and found == expected:
        return ""
    return f"{ran.describe()}, errors {found}, expected {expected}\n" + clipped(ran.err)
