"""`janus fix` on copies of tests/fix/*.jan: the result must equal the .fixed file beside the case and check without a word.

A case with a header `// rest: E2001` keeps those mistakes. `--check` must name the file and leave it alone, and a fixed file
has nothing left to fix.
"""
import re

from .common import Case, Result, case_name, cases_below, clipped, golden_problem, headers, read_text

CODES = re.compile(r"\[([EW]\d{4})\]")


def collect(context):
    base = context.root / "tests/fix"
    return [Case(case_name("fix", base, path), lambda path=path: check(context, base, path)) for path in cases_below(base)]


def check(context, base, path):
    text = read_text(path)
    rest = [code for line in headers(text).get("rest", []) for code in line.split()]
    copy = context.scratch_folder() / path.name
    copy.write_text(text)
    problems = []
    ran = context.compiler("fix", "--check", copy, limit=20)
    if ran.code != 1 or ran.out != f"{copy}\n" or read_text(copy) != text:
        problems.append(f"fix --check: {ran.describe()}, expected exit code 1, the name of the file and no change")
    ran = context.compiler("fix", copy, limit=20)
    if ran.code != (1 if rest else 0):
        problems.append(f"fix: {ran.describe()}\n" + clipped(ran.err))
    problem = golden_problem(context, path.with_suffix(".fixed"), read_text(copy), "fixed")
    if problem:
        problems.append(problem)
    ran = context.compiler("check", copy, limit=20)
    if sorted(CODES.findall(ran.err)) != sorted(rest) or (ran.err and not rest):
        problems.append("the result should have " + (" ".join(rest) or "no mistakes") + "\n" + clipped(ran.err))
    ran = context.compiler("fix", "--check", copy, limit=20)
    if ran.code != 0 or ran.out:
        problems.append(f"fix --check of the result: {ran.describe()}, there should be nothing left to fix")
    return Result(case_name("fix", base, path), not problems, "\n".join(problems))
