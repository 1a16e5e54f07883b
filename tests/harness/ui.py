"""Diagnostics as a user sees them: `janus check` on every tests/ui/**/*.jan.

The text on stderr must equal the .stderr file beside the case. Marks in the source say what must be reported where:
`//~ E2010` on the line itself, `//~^ E2010` on the line before, one more `^` for each line further up; several codes
are separated by spaces. Every mark needs its diagnostic and every error its mark, also in the other files of a
multi-file case. A case without marks must check without a word. A .fixed file holds the case after `janus fix`.
"""
import re
import shutil

from .common import Case, Result, case_name, cases_below, clipped, golden_problem, read_text

MARK = re.compile(r"//~(\^*)\s*((?:[EW]\d{4}\b\s*)+)")
HEAD = re.compile(r"^(error|warning)\[([EW]\d{4})\]: ")
PLACE = re.compile(r"^\s*--> (.*):(\d+):(\d+)$")


def collect(context):
    base = context.root / "tests/ui"
    return [Case(case_name("ui", base, path), lambda path=path: check(context, base, path))
            for path in cases_below(base)]


def marks_of(context, case):
    """(path, line, code) of every mark in the files of the case."""
    files = sorted(case.parent.rglob("*.jan")) if case.name == "main.jan" else [case]
    found = set()
    for path in files:
        shown = str(path.relative_to(context.root))
        for number, line in enumerate(read_text(path).split("\n"), 1):
            for match in MARK.finditer(line):
                found |= {(shown, number - len(match[1]), code) for code in match[2].split()}
    return found


def reports_in(text):
    """(path, line, code) of every diagnostic in the text form; path and line are "" and 0 without a place."""
    found = []
    head = None
    for line in text.split("\n"):
        match = HEAD.match(line)
        if match:
            if head:
                found.append(("", 0, head))
            head = match[2]
            continue
        match = PLACE.match(line)
        if match and head:
            found.append((match[1], int(match[2]), head))
            head = None
        elif not line.strip() and head:
            found.append(("", 0, head))
            head = None
    return found + ([("", 0, head)] if head else [])


def listed(title, reports):
    return [f"{title}: {code} at {path or 'no place'}:{line}" for path, line, code in sorted(reports)]


def check(context, base, path):
    name = case_name("ui", base, path)
    shown = path.relative_to(context.root)
    ran = context.compiler("check", shown, limit=20)
    marks = marks_of(context, path)
    reports = set(reports_in(ran.err))
    problems = []
    if ran.code not in (0, 1):
        return Result(name, False, f"janus check {shown}: {ran.describe()}\n" + clipped(ran.err))
    errors = {report for report in reports if report[2].startswith("E")}
    problems += listed("marked but not reported", marks - reports)
    problems += listed("reported but not marked", errors - marks)
    wanted_code = 1 if any(code.startswith("E") for _, _, code in marks) else 0
    if ran.code != wanted_code:
        problems.append(f"{ran.describe()}, expected {wanted_code}")
    if not marks and (ran.err or ran.out):
        problems.append("no marks, so nothing may be said:\n" + clipped(ran.err + ran.out))
    else:
        problem = golden_problem(context, path.with_suffix(".stderr"), ran.err, "stderr")
        if problem:
            problems.append(problem)
    problems += fix_problems(context, path)
    return Result(name, not problems, "\n".join(problems))


def fix_problems(context, path):
    golden = path.with_suffix(".fixed")
    if not golden.exists():
        return []
    copy = context.scratch_folder() / path.name
    shutil.copyfile(path, copy)
    ran = context.compiler("fix", copy, limit=20)
    if ran.code not in (0, 1):
        return [f"janus fix: {ran.describe()}\n" + clipped(ran.err)]
    problem = golden_problem(context, golden, read_text(copy), "fixed")
    return [problem] if problem else []
