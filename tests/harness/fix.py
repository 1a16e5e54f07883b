"""`janus fix` on copies of tests/fix/*.jan: the result must equal the .fixed file beside the case and check without a word.

A case with a header `// rest: E2001` keeps those mistakes. `--check` must name the file and leave it alone, and a fixed file
has nothing left to fix. A case with a header `// stays: E1001` has exactly those mistakes, of which none has a certain fix: the
file must stay as it is, and `// says: TEXT` is part of what is said about it.
"""
import re

from . import mutants
from .common import Case, Result, case_name, cases_below, clipped, golden_problem, headers, read_text

MUTANTS, BATCH = 30, 10  # of each kind
CODES = re.compile(r"\[([EW]\d{4})\]")


def collect(context):
    base = context.root / "tests/fix"
    cases = [Case(case_name("fix", base, path), lambda path=path: check(context, base, path)) for path in cases_below(base)]
    return cases + mutant_cases(context)


def mutant_cases(context):
    cases = []
    for kind in mutants.KINDS:
        for first in range(0, MUTANTS, BATCH):
            name, seeds = f"fix/mutants/{kind}/{first}", range(first, first + BATCH)
            cases.append(Case(name, lambda name=name, kind=kind, seeds=seeds: mutants.check_batch(context, name, kind, seeds)))
    return cases


def codes_of(text, key):
    return sorted(code for line in headers(text).get(key, []) for code in line.split())


def check_stays(context, name, path):
    text = read_text(path)
    copy = context.scratch_folder() / path.name
    copy.write_text(text)
    problems = []
    ran = context.compiler("fix", copy, limit=20)
    if read_text(copy) != text:
        problems.append("the file should have stayed as it was, it is now\n" + clipped(read_text(copy)))
    if ran.code != 1 or sorted(CODES.findall(ran.err)) != codes_of(text, "stays"):
        problems.append(f"fix: {ran.describe()}, expected " + " ".join(codes_of(text, "stays")) + "\n" + clipped(ran.err))
    problems += [f"not said: {said}\n" + clipped(ran.err) for said in headers(text).get("says", []) if said not in ran.err]
    ran = context.compiler("fix", "--check", copy, limit=20)
    if ran.code != 0 or ran.out:
        problems.append(f"fix --check: {ran.describe()}, expected exit code 0 and no word on standard output")
    return Result(name, not problems, "\n".join(problems))


def check(context, base, path):
    text = read_text(path)
    if "stays" in headers(text):
        return check_stays(context, case_name("fix", base, path), path)
    rest = codes_of(text, "rest")
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
    if sorted(CODES.findall(ran.err)) != rest or (ran.err and not rest):
        problems.append("the result should have " + (" ".join(rest) or "no mistakes") + "\n" + clipped(ran.err))
    ran = context.compiler("fix", "--check", copy, limit=20)
    if ran.code != 0 or ran.out:
        problems.append(f"fix --check of the result: {ran.describe()}, there should be nothing left to fix")
    return Result(case_name("fix", base, path), not problems, "\n".join(problems))
