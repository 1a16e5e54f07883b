"""`janus check` and `janus build` accept and refuse the same programs: the cases of `ui`, the corpus of the checker's fuzzer, and an
`export` of every symbol that the runtime's own code defines.

A file without `main` is no program; that is the one thing only `build` says of it (E1012). A symbol that no library defines is
found by the linker alone.
"""
import re

from .common import Case, Result, case_name, cases_below, clipped, read_text

LIMIT = 60  # seconds
BATCH = 20


def collect(context):
    files = cases_below(context.root / "tests/ui")
    corpus = sorted(path for path in (context.root / "tests/fuzz/corpus/checker").rglob("*") if path.is_file())
    groups = [(f"ui-{n}", files[i:i + BATCH]) for n, i in enumerate(range(0, len(files), BATCH))]
    groups += [(f"corpus-{n}", corpus[i:i + BATCH]) for n, i in enumerate(range(0, len(corpus), BATCH))]
    cases = [Case(f"agree/{name}", lambda name=name, group=group: check_files(context, name, group)) for name, group in groups]
    return cases + [Case("agree/symbols", lambda: check_symbols(context))]


def problem_of(context, source):
    """How the two commands differ on a file, or None."""
    checked = context.compiler("check", source, limit=LIMIT)
    built = context.compiler("build", source, "-o", context.scratch_folder() / "program", limit=LIMIT)
    for ran in (checked, built):
        if ran.code not in (0, 1):
            return f"{source}: {ran.describe()}\n" + clipped(ran.err)
    codes = re.findall(r"^error\[(E\d+)\]", built.err, re.M)
    if checked.code == 0 and built.code == 1 and (codes == ["E1012"] or "undefined symbol" in built.err):
        return None
    if checked.code != built.code:
        return f"{source}: check exits with {checked.code}, build with {built.code}\n" + clipped(checked.err + built.err)
    return None


def check_files(context, name, files):
    found = []
    for path in files:
        source = path
        if path.suffix != ".jan":
            source = context.scratch_folder() / "input.jan"
            source.write_bytes(path.read_bytes())
        problem = problem_of(context, source)
        if problem:
            found.append(f"{path}: {problem}")
    return Result(f"agree/{name}", not found, "\n".join(found))


def runtime_symbols(context):
    found = {"main", "_GLOBAL_OFFSET_TABLE_", "__janus_main"}
    for path in (context.root / "std/rt").iterdir():
        text = read_text(path)
        found |= set(re.findall(r"^\s*\.globl\s+(\w+)", text, re.M)) | set(re.findall(r"^export func (\w+)", text, re.M))
    return sorted(found)


def check_symbols(context):
    """Every symbol of the runtime is refused, in the entry and elsewhere, and what merely looks like one is not."""
    found = []
    for symbol in [*runtime_symbols(context), "memset2", "_init", "_end", "malloc"]:
        folder = context.scratch_folder()
        function = f"pub export func {symbol}(x: u32) -> u32 do return x + 1 end\n"
        (folder / "other.jan").write_text(function)
        (folder / "away.jan").write_text(f"use other\nfunc main() do println(other.{symbol}(4)) end\n")
        sources = [folder / "away.jan"]
        if symbol != "main":
            (folder / "here.jan").write_text(function + f"func main() do println({symbol}(4)) end\n")
            sources.append(folder / "here.jan")
        for source in sources:
            problem = problem_of(context, source)
            refused = context.compiler("check", source, limit=LIMIT).code == 1
            wanted = symbol not in ("memset2", "_init", "_end", "malloc")
            if problem or refused != wanted:
                found.append(problem or f"{source.name} with `{symbol}` is {'' if refused else 'not '}refused")
    return Result("agree/symbols", not found, "\n".join(found))
