"""Rules about every file as a text: its head, its lines, its size, and that the project stands alone."""
import re

from .ceilings import FILE_LINES, FUNCTION_LINES

WIDTH = 140  # of C and Janus lines, comments included
CODE_WIDTH = 120  # of C code, as .clang-format and `janus fmt` have it
FILE_LIMIT, FUNCTION_LIMIT = 700, 100
HEAD_LENGTH = 30  # characters of a head that says something
WITH_HEAD = (("src", (".c", ".h", ".def")), ("std", (".jan", ".c", ".s")), ("apps", (".jan",)), ("tests/harness", (".py",)),
             ("tests/house", (".py",)), ("scripts", (".sh",)), ("cmake", (".cmake",)))
# Kept clean to the last column. Cases of the suites are not: what they hold may be the case.
CLEAN = (("src", ()), ("std", ()), ("apps", ()), ("docs", ()), ("cmake", ()), ("scripts", ()), ("tests/unit", ()), ("tests/harness", ()),
         ("tests/house", ()), ("tests", (".py",)))
ROOT_FILES = ("README.md", "CONTRIBUTING.md", "CMakeLists.txt", ".clang-format", ".gitignore")


def heads(tree):
    """Every file opens with what it is for, in words."""
    problems = []
    for folder, endings in WITH_HEAD:
        for path in tree.paths(folder, *endings):
            text = re.sub(r"\A#!.*\n", "", tree.read(path))
            if path.endswith(".py"):
                head = re.match(r'"""(.*?)"""', text, re.S)
                said = head[1] if head else ""
            else:
                mark = "//!" if path.endswith(".jan") else "#" if path.endswith((".sh", ".cmake")) else "(?://|#) "
                head = re.match(rf"(?:{mark}.*\n)+|/\*.*?\*/", text, re.S if text.startswith("/*") else 0)
                said = re.sub(rf"^{mark}|/\*|\*/", "", head[0], flags=re.M) if head else ""
            if len(" ".join(said.split())) < HEAD_LENGTH:
                problems.append(f"{path}: opens without a paragraph that says what it is for")
    return problems


BANNER = re.compile(r"^\s*(?://|#) (?:={4,}|-{4,})(?= |$)")
FULL = re.compile(r"^\s*(?://|#) (?:={4,} [^=].*? ={4,}|-{4} [^-\s].*?(?: -{4,})?)$")


def banners(tree):
    """A banner is one line: `// ---- title`, with or without a run of dashes behind, or `// ==== title ====`. A tool that wraps
    comments leaves the halves of one."""
    problems = []
    for folder, endings in WITH_HEAD:
        for path in tree.paths(folder, *endings):
            before, mark = "", "#" if path.endswith((".py", ".sh", ".cmake")) else "//"
            for number, line in enumerate(tree.lines(path), 1):
                banner = BANNER.match(line)
                kind = banner[0].strip()[len(mark) + 1] if banner else ""
                if banner and not FULL.match(line):
                    problems.append(f"{path}:{number}: a banner that is not whole: {line.strip()[:60]}")
                elif banner and before == kind:
                    problems.append(f"{path}:{number}: a banner goes on over two lines: {line.strip()[:60]}")
                elif not banner and mark == "//" and re.search(r"\S\s*// (?:={4,}|-{4,})", line):
                    problems.append(f"{path}:{number}: a banner behind code: {line.strip()[:60]}")
                before = kind
    return problems


def code_of(line):
    """A line without its comment; texts stay."""
    part = re.match(r'(?:"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?!//).)*', line)
    return part[0].rstrip() if part else line


# A text that no line end can divide.
TEXT = re.compile(r'"[^"]{100,}"')


def widths(tree):
    problems = []
    for path in tree.paths("src", ".c", ".h", ".def") + tree.paths("std", ".jan") + tree.paths("apps", ".jan"):
        for number, line in enumerate(tree.lines(path), 1):
            if path.endswith(".jan") and TEXT.search(line):
                continue
            if len(line) > WIDTH:
                problems.append(f"{path}:{number}: {len(line)} columns, at most {WIDTH}")
            elif path.endswith(".c") and len(line) > CODE_WIDTH and len(code_of(line)) > CODE_WIDTH and '"' not in line:
                problems.append(f"{path}:{number}: {len(code_of(line))} columns of code, at most {CODE_WIDTH}")
    return problems


def endings(tree):
    """No tabs, no spaces at the end of a line, a newline at the end of the file, and no line ends of other systems."""
    problems = []
    seen = set()
    for folder, suffixes in CLEAN:
        seen |= set(tree.paths(folder, *suffixes))
    for path in sorted(seen | {path for path in ROOT_FILES if tree.exists(path)}):
        text = tree.read(path)
        if text and not text.endswith("\n"):
            problems.append(f"{path}: the last line has no end")
        if not re.search(r"[ \t\r]$|\t", text, re.M):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                problems.append(f"{path}:{number}: spaces at the end of the line")
            elif "\t" in line and not path.endswith(".s"):
                problems.append(f"{path}:{number}: a tab")
    return problems


# ---- sizes

def functions_of(text):
    """(name, lines) of each C function: from the line its head begins on to the `}` at the left margin."""
    found, start, name, body = [], None, "", False
    for number, line in enumerate(text.split("\n"), 1):
        if not body and re.match(r"[A-Za-z_]", line):
            head = re.search(r"(\w+)\(", line)
            start, name = (number, head[1]) if head else (None, "")
        if start and not body and line.endswith("{"):
            body = True
        if body and line == "}":
            found.append((name, number - start + 1))
        if line.startswith("}") or not body and line.endswith(";"):
            start, body = None, False
    return found


def excess(found, ceilings, limit, what):
    problems = []
    for name, size in sorted(found.items()):
        most = ceilings.get(name, limit)
        if size > most:
            problems.append(f"{name}: {size} lines{what}, at most {most}")
        elif name in ceilings and size < most:
            now = f"lower it to {size}" if size > limit else "take it out"
            problems.append(f"{name}: the ceiling of {most} in tests/house/ceilings.py is higher than its {size} lines; {now}")
    return problems + [f"{name}: tests/house/ceilings.py has a ceiling for it, but it does not exist" for name in ceilings if name not in found]


def sizes(tree):
    files, functions = {}, {}
    for path in tree.paths("src", ".c", ".h", ".def"):
        text = tree.read(path)
        files[path] = text.count("\n")
        if path.endswith(".c"):
            functions.update({f"{path}: {name}": lines for name, lines in functions_of(text)})
    if len(functions) < 1000:
        return [f"only {len(functions)} functions found below src"]
    return excess(files, FILE_LINES, FILE_LIMIT, "") + excess(functions, FUNCTION_LINES, FUNCTION_LIMIT, " in one function")


# ---- alone

# Texts that mean something only where the project is being made. The patterns do not match themselves.
OUTSIDE = re.compile(r"[.][.]/sh[a]red\b|(?<![\w./])/(?:wor[k]|hom[e]|roo[t])/|\b[Ii]ssu[e]s? #?\d|\b[tT]his bri[e]f\b"
                     r"|\b(?:[tT]icke[t]|[pP]ull reques[t]) #?\d")
CLUES = ("/sh" + "ared", "/work" + "/", "/home" + "/", "/root" + "/", "ssue", "his bri" + "ef", "icket", "ull request")


def alone(tree):
    """The project explains itself: it never points to what is not in it."""
    problems = []
    for path in tree.paths():
        if path.startswith("tests/fuzz/corpus") or path == "LICENSE":
            continue
        text = tree.read(path)
        if "\0" in text or not any(clue in text for clue in CLUES) or not OUTSIDE.search(text):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            found = OUTSIDE.search(line)
            if found:
                problems.append(f"{path}:{number}: `{found[0]}` points outside the project")
    return problems
