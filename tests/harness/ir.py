"""The compiler's intermediate forms: tests/ir/*.jan with `// emit: qtjir` or `// emit: llvm`.

With `// CHECK` lines the output goes to FileCheck; otherwise it must equal the .golden file. `// flags: --release` adds
options to the build command.
"""
import shutil

from .common import Case, Result, case_name, cases_below, clipped, golden_problem, headers, read_text


def collect(context):
    base = context.root / "tests/ir"
    return [Case(case_name("ir", base, path), lambda path=path: check(context, base, path))
            for path in cases_below(base)]


def check(context, base, path):
    name = case_name("ir", base, path)
    text = read_text(path)
    wanted = headers(text)
    form = wanted.get("emit", [""])[0].strip()
    if form not in ("qtjir", "llvm"):
        return Result(name, False, "the header needs `// emit: qtjir` or `// emit: llvm`")
    flags = [word for line in wanted.get("flags", []) for word in line.split()]
    ran = context.compiler("build", path.relative_to(context.root), f"--emit={form}", *flags)
    if ran.code != 0:
        return Result(name, False, f"{ran.describe()}\n" + clipped(ran.err))
    if "// CHECK" not in text:
        problem = golden_problem(context, path.with_suffix(".golden"), ran.out)
        if not problem and not ran.out:
            problem = "nothing was emitted"
        return Result(name, not problem, problem or "")
    tool = shutil.which("FileCheck-19") or shutil.which("FileCheck", path="/usr/lib/llvm-19/bin")
    if not tool:
        return Result(name, False, "FileCheck-19 not found: install llvm-19-tools")
    checked = context.process([tool, path], 20, stdin=ran.out)
    return Result(name, checked.code == 0, clipped(checked.err))
