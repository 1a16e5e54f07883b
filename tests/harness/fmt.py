"""`janus fmt`. Each tests/fmt/*.jan has its layout beside it in a .golden file. Besides, copies of every source in std, apps,
examples and tests/run are formatted: that must succeed (the formatter checks by itself that tree, tokens and comments stay)
and change nothing when it is done again, and no line may be left that a bracketed list could have shortened.
"""
import shutil

from .common import Case, Result, case_name, cases_below, clipped, golden_problem, read_text

FOLDERS = ["std", "apps", "examples", "tests/run", "tests/std"]
BATCH = 40  # files given to one run of the compiler


def collect(context):
    base = context.root / "tests/fmt"
    cases = [Case(case_name("fmt", base, path), lambda path=path: golden(context, base, path)) for path in cases_below(base)]
    cases += [Case(f"fmt/{name}", lambda name=name, run=run: run(context, f"fmt/{name}"))
              for name, run in (("syntax-errors", syntax_errors), ("stdin", standard_input), ("check", check_only))]
    for folder in FOLDERS:
        files = sorted((context.root / folder).rglob("*.jan"))
        for start in range(0, len(files), BATCH):
            name = f"fmt/tree/{folder}/{start // BATCH}"
            batch = files[start:start + BATCH]
            cases.append(Case(name, lambda name=name, batch=batch: tree(context, name, batch)))
    return cases


def copied(context, path):
    copy = context.scratch_folder() / path.name
    shutil.copyfile(path, copy)
    return copy


def golden(context, base, path):
    copy = copied(context, path)
    ran = context.compiler("fmt", copy, limit=20)
    problems = [] if ran.code == 0 and not ran.err else [f"{ran.describe()}\n" + clipped(ran.err)]
    problem = golden_problem(context, path.with_suffix(".golden"), read_text(copy), "layout")
    if problem:
        problems.append(problem)
    again = context.compiler("fmt", "--check", copy, limit=20)
    if again.code != 0:
        problems.append(f"the layout would change again: {again.describe()}")
    return Result(case_name("fmt", base, path), not problems, "\n".join(problems))


def tree(context, name, files):
    copies = [copied(context, path) for path in files]
    ran = context.compiler("fmt", *copies)
    problems = [] if ran.code == 0 and not ran.err else [f"{ran.describe()}\n" + clipped(ran.err)]
    again = context.compiler("fmt", "--check", *copies)
    if again.code != 0:
        problems.append("not stable:\n" + clipped(again.out + again.err))
    for copy in copies:
        text = read_text(copy)
        if "\n\n\n" in text and '"""' not in text:
            problems.append(f"{copy.name}: two blank lines")
    return Result(name, not problems, "\n".join(problems))


def syntax_errors(context, name):
    path = context.scratch_folder() / "broken.jan"
    text = "func  main( do\n"
    path.write_text(text)
    ran = context.compiler("fmt", path, limit=20)
    ok = ran.code == 1 and "error[E0" in ran.err and read_text(path) == text
    return Result(name, ok, f"{ran.describe()}; expected 1, a diagnostic and the file as it was\n" + clipped(ran.err))


def standard_input(context, name):
    ran = context.compiler("fmt", "--stdin", limit=20, stdin="func main()  do end\n")
    ok = ran.code == 0 and ran.out == "func main() do end\n" and not ran.err
    return Result(name, ok, f"{ran.describe()}\n" + clipped(ran.out + ran.err))


def check_only(context, name):
    path = context.scratch_folder() / "untidy.jan"
    text = "func main()  do end\n"
    path.write_text(text)
    ran = context.compiler("fmt", "--check", path, limit=20)
    ok = ran.code == 1 and ran.out == f"{path}\n" and read_text(path) == text
    return Result(name, ok, f"{ran.describe()}; expected 1, the name and the file as it was\n" + clipped(ran.out + ran.err))
