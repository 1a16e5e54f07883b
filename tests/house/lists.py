"""Rules about lists: what a `.def` file has is tested and described, pages name the files that exist and all of them, and no file of
the tests lies where no suite looks for it."""
import pathlib
import re

from .layers import INCLUDE, layer_of
from .tree import layers_of, quoted, table, word

OPS, TRAPS, UNDEFINED = "src/qtjir/ops.def", "src/qtjir/traps.def", "src/interp/undefined.def"
TOKENS, INTRINSICS, CODES = "src/syntax/tokens.def", "src/sema/intrinsics.def", "src/diag/codes.def"


def at_least(count, found, what):
    """A list that can no longer be read must not pass as an empty one."""
    return [] if len(found) >= count else [f"{what}: only {len(found)} entries can be read, expected {count} or more"]


# ---- entries of lists

# No Janus program is lowered to these: `%` is for integers.
WITHOUT_SOURCE = {"frem"}


def operations(tree):
    """An operation is in every_op.qir and in the page's table, a golden or a `// CHECK` shows what is lowered to it, and a broken use
    of it is refused."""
    ops = [quoted(entry[1]) for entry in table(tree, OPS, "OP")]
    every = re.sub(r";.*", "", tree.read("tests/verify/ok/every_op.qir"))
    page = tree.read("docs/internals/qtjir.md")
    rows = "\n".join(line for line in page.split("\n") if line.startswith("| "))
    goldens = "\n".join(tree.read(path) for path in tree.paths("tests/ir", ".golden"))
    goldens += "\n".join(line for path in tree.paths("tests/ir", ".jan") if "// emit: qtjir" in tree.read(path)
                         for line in tree.lines(path) if line.lstrip().startswith("// CHECK"))
    broken = {path.rsplit("/", 1)[1]: tree.read(path) for path in tree.paths("tests/verify", ".qir") if path.count("/") == 2}
    problems = at_least(90, ops, OPS)
    for op in ops:
        used = word(op)
        prefix = op.replace(".", "_") + "_"
        if not used.search(every):
            problems.append(f"`{op}`: not in tests/verify/ok/every_op.qir")
        if f"`{op}`" not in rows:
            problems.append(f"`{op}`: not in the table of operations of docs/internals/qtjir.md")
        if not any(name.startswith(prefix) and used.search(text) and "; error: " in text for name, text in broken.items()):
            problems.append(f"`{op}`: no broken example tests/verify/{prefix}*.qir with `; error: …`")
        if (used.search(goldens) is not None) == (op in WITHOUT_SOURCE):
            problems.append(f"`{op}`: no case of tests/ir with `// emit: qtjir` looks for it" if op not in WITHOUT_SOURCE else
                            f"`{op}`: a case of tests/ir looks for it, so it is no exception of tests/house/lists.py any more")
    return problems


def intrinsics(tree):
    """An intrinsic is in the reference and used by a program that runs."""
    names = [quoted(entry[1]) for entry in table(tree, INTRINSICS, "INTRINSIC")]
    reference = tree.read("docs/reference.md")
    programs = "\n".join(tree.read(path) for path in tree.paths("tests/run", ".jan"))
    problems = at_least(25, names, INTRINSICS)
    for name in names:
        used = re.compile(rf"@{name}\b")
        if not used.search(reference):
            problems.append(f"`@{name}`: not in docs/reference.md")
        if not used.search(programs):
            problems.append(f"`@{name}`: in no program of tests/run")
    return problems


def tokens(tree):
    """Keywords and punctuation are spelled out in the lexer's own test, and keywords in the reference."""
    text = tree.read("tests/unit/test_lexer.c")
    every = re.search(r"void test_every_spelling\(.*?^}", text, re.M | re.S)
    spelled = set(" ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', every[0])).split()) if every else set()
    keywords = [quoted(entry[1]) for entry in table(tree, TOKENS, "KEYWORD")]
    marks = [quoted(entry[1]) for entry in table(tree, TOKENS, "PUNCT")]
    reference = tree.read("docs/reference.md")
    problems = at_least(35, keywords, f"{TOKENS}: KEYWORD") + at_least(50, marks, f"{TOKENS}: PUNCT")
    problems += [f"`{one}`: not in test_every_spelling of tests/unit/test_lexer.c" for one in keywords + marks if one not in spelled]
    problems += [f"`{one}`: a keyword that docs/reference.md does not mention" for one in keywords if not word(one).search(reference)]
    return problems


def traps(tree):
    """What can go wrong at run time is seen going wrong; what only compile time knows is seen refused."""
    kinds = [(entry[0], quoted(entry[1])) for entry in table(tree, TRAPS, "TRAP")]
    ran = "\n".join(line for path in tree.paths("tests/run", ".jan") for line in tree.lines(path) if line.startswith("// panic:"))
    refused = "\n".join(tree.read(path) for path in tree.paths("tests/ui", ".stderr"))
    problems = at_least(10, kinds, TRAPS)
    problems += [f"trap {kind}: no case of tests/run ends with `// panic: …{text}` and no message of tests/ui says it"
                 for kind, text in kinds if text not in ran and text not in refused]
    kinds = [(entry[0], quoted(entry[1])) for entry in table(tree, UNDEFINED, "UNDEFINED")]
    seen = "\n".join(line for path in tree.paths("tests/interp") for line in tree.lines(path) if re.match(r"(//|;) (undefined|some-seed):", line))
    problems += at_least(10, kinds, UNDEFINED)
    for kind, text in kinds:
        if text not in seen:
            problems.append(f"undefined {kind}: no case of tests/interp says `// undefined: {text}`")
    return problems


# Codes that no file below tests/ui can have, and who meets them instead.
ELSEWHERE = {
    "E0015": "tests/harness/explain.py",  # a source above 64 MiB
    "E1012": "docs/explain/E1012.md",  # found when a program is built, not when it is checked
    "E1014": "tests/harness/explain.py",  # a file that does not exist
    "E5003": "tests/cli/objects.py",  # of an object for a machine without an operating system
}


def codes(tree):
    """A code of a diagnostic has a case that marks it. (Its page and the page's programs: suite `explain`.)"""
    listed = [entry[0] for entry in table(tree, CODES, "CODE")]
    marked = {code for path in tree.paths("tests/ui", ".jan") for line in re.findall(r"//~\^*((?: +[EW]\d{4})+)", tree.read(path))
              for code in line.split()}
    problems = at_least(70, listed, CODES)
    for code in listed:
        if code not in marked and code not in ELSEWHERE:
            problems.append(f"{code}: no case of tests/ui marks it with `//~ {code}`")
        elif code in marked and code in ELSEWHERE:
            problems.append(f"{code}: has a case of tests/ui, so tests/house/lists.py needs no exception")
        elif code in ELSEWHERE and code not in tree.read(ELSEWHERE[code]):
            problems.append(f"{code}: {ELSEWHERE[code]} should meet it and does not")
    problems += [f"{code}: marked in tests/ui, but {CODES} does not have it" for code in sorted(marked - set(listed))]
    return problems


# ---- pages

NAMED = re.compile(r"(?<![\w/.*-])((?:[\w-]+/)*[\w-]+\.(?:c|h|def|py|sh|cmake))(?![\w(])")
# Names in pages and comments that are no files of the project.
FOREIGN = {"explain_pages.c", "main.c", "x.c", "cmocka.h", "xxhash.h", "jansson.h", "utf8proc.h", "tar.h"}


def page_of(tree, layer):
    page = f"docs/internals/{layer}.md"
    return page if tree.exists(page) else {"tool": "docs/internals/driver.md"}.get(layer, page)


def names_file(text, wing, file):
    """Does a page name a file of a wing: `lower/call.c`, or `call.c` in a line that has `lower/`?"""
    if not wing:
        return re.search(rf"(?<![\w/.-]){re.escape(file)}(?!\w)|\w/{re.escape(file)}(?!\w)", text) is not None
    if f"{wing}/{file}" in text:
        return True
    return any(f"`{wing}/`" in line and f"`{file}`" in line for line in text.split("\n"))


def pages(tree):
    """A layer's page names each of its files; a module of std is a section of docs/std.md; a suite is in docs/internals/tests.md."""
    problems = []
    for layer in layers_of(tree):
        page = page_of(tree, layer)
        if not tree.exists(page):
            problems.append(f"{page} does not exist: src/{layer} needs a page")
            continue
        text = tree.read(page)
        for path in tree.paths(f"src/{layer}", ".c", ".h", ".def"):
            _, wing, file = layer_of(path)
            if not names_file(text, wing, file):
                problems.append(f"{page} does not name {path.removeprefix('src/')}")
    readme = tree.read("CONTRIBUTING.md") + tree.read("README.md")
    for path in tree.paths("docs", ".md"):
        known = path.rsplit("/", 1)[1] in readme or path.startswith("docs/explain/")
        if not known and not any(path.rsplit("/", 1)[1] in tree.read(other) for other in tree.paths("docs", ".md") if other != path):
            problems.append(f"{path}: no page leads to it")
    for folder in sorted({path.split("/")[0] for path in tree.paths() if "/" in path} - {".ci"}):
        if f"{folder}/" not in readme:
            problems.append(f"{folder}/: neither README.md nor CONTRIBUTING.md names the folder")
    return problems


def suites(tree):
    """A module of the harness with `collect` is a suite of run_tests.py, and a suite is in the table of tests.md."""
    runner = tree.read("tests/run_tests.py")
    table_of_suites = re.search(r"^SUITES = \{(.*?)^\}", runner, re.M | re.S)
    listed = set(re.findall(r'"(\w+)":', table_of_suites[1])) if table_of_suites else set()
    page, rules = (tree.read("docs/internals/tests.md") + "\n## ").split("\n## The suites\n")[-1].split("\n## The house\n")
    page = page.split("\n## ")[0]
    problems = at_least(20, listed, "tests/run_tests.py: SUITES")
    for path in tree.paths("tests/harness", ".py"):
        name = path.rsplit("/", 1)[1].removesuffix(".py")
        if re.search(r"^def collect\(", tree.read(path), re.M) and name not in listed:
            problems.append(f"{path}: a suite that tests/run_tests.py does not run")
    problems += [f"suite `{name}`: not in the table of docs/internals/tests.md" for name in sorted(listed)
                 if not re.search(rf"^\| `{name}` \|", page, re.M)]
    problems += [f"suite `{name}`: in docs/internals/tests.md, but there is none"
                 for name in re.findall(r"^\| `(\w+)` \| ", page, re.M) if name not in listed]
    known = re.search(r"^RULES = \{(.*?)^\}", tree.read("tests/harness/house.py"), re.M | re.S)
    names = re.findall(r'"(\w+)":', known[1]) if known else []
    rows = "\n".join(line for line in rules.split("\n## ")[0].split("\n") if line.startswith("| "))
    problems += at_least(20, names, "tests/harness/house.py: RULES")
    return problems + [f"rule `{name}`: not in the table of the house in docs/internals/tests.md" for name in names if f"`{name}`" not in rows]


def named_files(tree):
    """What a page, a comment or a script calls by a file's name exists."""
    known = set()
    for path in tree.paths():
        parts = path.split("/")
        known |= {"/".join(parts[start:]) for start in range(len(parts))}
    problems = []
    sources = tree.paths("src", ".c", ".h", ".def") + tree.paths("tests/unit", ".c", ".h") + tree.paths("tests/fuzz", ".c")
    documents = ["README.md", "CONTRIBUTING.md", *tree.paths("docs/internals", ".md"), *tree.paths("cmake", ".cmake"),
                 "CMakeLists.txt", "tests/CMakeLists.txt"]
    for path in sources + documents:
        lines = enumerate(tree.lines(path), 1)
        if path in sources:
            lines = [(number, line[line.index("//"):]) for number, line in lines if "//" in line]
        for number, line in lines:
            for name in NAMED.findall(line):
                if name not in known and name not in FOREIGN and "${" not in line:
                    problems.append(f"{path}:{number}: names {name}, which does not exist")
    for path in documents:
        folder = path.rsplit("/", 1)[0] if "/" in path else ""
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", tree.read(path)):
            place = pathlib.PurePosixPath("/", folder, target)
            resolved = []
            for part in place.parts[1:]:
                resolved = resolved[:-1] if part == ".." else resolved + [part]
            if not tree.exists("/".join(resolved)) and not tree.has_folder("/".join(resolved)):
                problems.append(f"{path}: links to {target}, which does not exist")
    return problems


def contents(tree):
    """The head of a layer's internal.h, where it lists the ground and the wings, lists them all."""
    problems = []
    for path in tree.paths("src", "internal.h"):
        layer, wing, _ = layer_of(path)
        head = re.match(r"(?://.*\n)+", tree.read(path))
        if wing or not head or not re.search(r"^//   \w+/ ", head[0], re.M):
            continue
        for other in tree.paths(f"src/{layer}", ".c"):
            _, home, file = layer_of(other)
            listed = f"{home}/ " if home else file
            if listed not in head[0]:
                problems.append(f"{path}: its table of contents lacks {listed.strip()}")
    return sorted(set(problems))


# ---- files that nobody picks up

# Where each suite looks: folder, whether below it too, endings. A file elsewhere below tests is no test.
PICKED = [
    ("tests/ui", True, (".jan", ".stderr", ".fixed")), ("tests/run", True, (".jan",)), ("tests/interp", True, (".jan", ".qir")),
    ("tests/ir", False, (".jan", ".golden")), ("tests/verify", False, (".qir",)), ("tests/verify/ok", False, (".qir",)),
    ("tests/std", True, (".jan", ".py", "noticed.tsv")), ("tests/db", False, (".jan", ".py")), ("tests/crash", False, (".jan", ".py", "noticed.tsv")), ("tests/kill", False, (".jan",)),
    ("tests/sync", False, (".jan", ".py", "large_pages.c")), ("tests/fix", False, (".jan", ".fixed")),
    ("tests/fmt", False, (".jan", ".golden")), ("tests/debug", False, (".jan",)), ("tests/faults", False, (".jan",)),
    ("tests/hostile", False, (".jan",)), ("tests/sim", False, (".tsv",)), ("tests/cli", False, (".py",)), ("tests/kv", False, (".py",)), ("tests/kv_unit", True, (".jan",)),
    ("tests/unit", False, ("unit.h",)), ("tests/fuzz", False, (".c", ".dict")), ("tests/harness", False, (".py",)),
    ("tests/house", False, (".py",)), ("tests/differential", False, (".py",)), ("tests", False, ("CMakeLists.txt", "run_tests.py")),
]
# A file of one ending needs its case beside it.
BESIDE = {".stderr": ".jan", ".fixed": ".jan", ".golden": ".jan"}


def picked(path):
    folder, name = path.rsplit("/", 1)
    if path.startswith("tests/unit/") and re.fullmatch(r"test_\w+\.c", name):
        return folder == "tests/unit"
    if path.startswith("tests/fuzz/corpus/"):
        return path.count("/") == 4
    return any(name.endswith(endings) and (folder == home or (below and folder.startswith(home + "/"))) for home, below, endings in PICKED)


def unlisted(tree):
    """A file below tests lies where a suite picks it up, one below src is compiled or included, a script is called."""
    problems = []
    for path in tree.paths("tests"):
        if not picked(path):
            problems.append(f"{path}: no suite looks there")
        for ending, case in BESIDE.items():
            if path.endswith(ending) and not tree.exists(path.removesuffix(ending) + case):
                problems.append(f"{path}: there is no {path.rsplit('/', 1)[1].removesuffix(ending)}{case} beside it")
    included = {include for path in tree.paths("src", ".c", ".h", ".def") for include in INCLUDE.findall(tree.read(path))}
    problems += [f"{path}: nothing includes it" for path in tree.paths("src", ".h", ".def") if path.removeprefix("src/") not in included]
    problems += [f"{path}: is no C file, header or list" for path in tree.paths("src") if not path.endswith((".c", ".h", ".def"))]
    corpora = {path.split("/")[3] for path in tree.paths("tests/fuzz/corpus")}
    problems += [f"tests/fuzz/corpus/{name}: there is no tests/fuzz/fuzz_{name}.c" for name in sorted(corpora)
                 if not tree.exists(f"tests/fuzz/fuzz_{name}.c")]
    return problems + unused_python(tree)


def unused_python(tree):
    """A module of Python is a script of `cli` or `kv`, or another file imports it."""
    files = tree.paths("tests", ".py")
    wanted = {path: set(re.findall(r"\w+", " ".join(re.findall(r"^.*(?:\bimport\b|\bload\(|__import__\().*$", tree.read(path), re.M)))) for path in files}
    problems = []
    for path in files:
        folder, name = path.removesuffix(".py").rsplit("/", 1)
        script = name in ("__init__", "__main__", "run_tests") or folder in ("tests/cli", "tests/kv") and not name.startswith("_")
        if not script and not any(name in words for other, words in wanted.items() if other != path):
            problems.append(f"{path}: nothing imports it")
    return problems
