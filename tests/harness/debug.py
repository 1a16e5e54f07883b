"""Debug information: tests/debug/*.jan is built for debugging and taken through gdb with its `// gdb: COMMAND` lines; the
`// gdb-expect: REGEX` lines must match what gdb prints, in order."""
import re
import shutil

from .common import Case, Result, case_name, cases_below, clipped, headers, read_text


def collect(context):
    base = context.root / "tests/debug"
    return [Case(case_name("debug", base, path), lambda path=path: check(context, base, path))
            for path in cases_below(base)]


def check(context, base, path):
    name = case_name("debug", base, path)
    wanted = headers(read_text(path))
    if not wanted.get("gdb") or not wanted.get("gdb-expect"):
        return Result(name, False, "the header needs `// gdb:` and `// gdb-expect:` lines")
    if not shutil.which("gdb"):
        return Result(name, False, "gdb not found: install gdb")
    program = context.scratch_folder() / "program"
    built = context.compiler("build", path.relative_to(context.root), "-o", program)
    if built.code != 0:
        return Result(name, False, f"build: {built.describe()}\n" + clipped(built.err))
    command = ["gdb", "-batch", "-nx", "-iex", "set debuginfod enabled off"]
    for line in wanted["gdb"]:
        command += ["-ex", line]
    ran = context.process([*command, program], 30)
    text = ran.out + ran.err
    at = 0
    for pattern in wanted["gdb-expect"]:
        match = re.compile(pattern, re.M).search(text, at)
        if not match:
            return Result(name, False, f"not found, or not in this order: {pattern}\n" + clipped(text))
        at = match.end()
    return Result(name, True)
