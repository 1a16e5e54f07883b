"""What only the interpreter says: every tests/interp/**/*.jan and *.qir runs under `janus run --interpret`.

Header comments (`;` in .qir): `// undefined: TEXT` (it ends as undefined behaviour, and standard error has the text), `// expect: LINE`
(standard output), `// exit: N` (0), `// stderr: TEXT` (standard error contains it), `// args: …`, `// stdin: LINE`, `// flags: …` for the compiler,
`// seeds: N` (each of the seeds 0 to N-1 must end so; 1), `// some-seed: TEXT` (at least one seed says this; the others end well).
"""
import shlex

from .common import Case, Result, case_name, cases_below, clipped, difference, headers, read_text

LIMIT = 60
UNDEFINED = 102


def collect(context):
    base = context.root / "tests/interp"
    paths = sorted([*cases_below(base), *base.rglob("*.qir")])
    return [Case(case_name("interp", base, path), lambda path=path: check(context, base, path)) for path in paths]


def run(context, path, wanted, seed):
    arguments = [word for line in wanted.get("args", []) for word in shlex.split(line)]
    flags = [word for line in wanted.get("flags", []) for word in shlex.split(line)]
    stdin = "".join(line + "\n" for line in wanted.get("stdin", []))
    return context.compiler("run", "--interpret", f"--seed={seed}", *flags, path.relative_to(context.root), "--", *arguments, limit=LIMIT,
                            stdin=stdin)


def problem_of(ran, wanted):
    problems = []
    undefined = wanted.get("undefined", [])
    code = UNDEFINED if undefined else int(wanted.get("exit", ["0"])[0])
    if ran.code != code:
        problems.append(f"{ran.describe()}, expected exit code {code}\n" + clipped(ran.err))
    for text in [f"undefined behaviour: {text}".rstrip() for text in undefined] + wanted.get("stderr", []):
        if text not in ran.err:
            problems.append(f"stderr lacks: {text}\nstderr: " + clipped(ran.err))
    expected = "".join(line + "\n" for line in wanted.get("expect", []))
    if ("expect" in wanted or code == 0) and ran.out != expected:
        problems.append(difference(expected, ran.out, "stdout"))
    return "\n".join(problems)


def check(context, base, path):
    name = case_name("interp", base, path)
    wanted = headers(read_text(path), ";" if path.suffix == ".qir" else "//")
    seeds = int(wanted.get("seeds", ["1"])[0])
    hoped = wanted.get("some-seed", [])
    seen = False
    for seed in range(seeds):
        ran = run(context, path, wanted, seed)
        if hoped and ran.code != 0:
            seen = seen or all(text in ran.err for text in hoped)
            continue
        problem = problem_of(ran, wanted)
        if problem:
            return Result(name, False, f"[seed {seed}] {problem}")
    if hoped and not seen:
        return Result(name, False, f"no seed of {seeds} says: {hoped}")
    return Result(name, True)
