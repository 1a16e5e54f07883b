"""`janus explain`, the tables it and the other printed texts are made from, and the JSON form of diagnostics.

Every code has a page in docs/explain. Its `janus wrong` program must give that code and no other error, its `janus right`
program must check without a word. A program of several files has lines `// file: NAME`; what stands before the first is main.jan.
`// command: build OPTION…` says that only building, so, finds the mistake. Codes no program of a reasonable size can have are met here.
"""
import json
import re
import shutil

from .common import Case, Result, clipped, read_text

CODE = re.compile(r'^CODE\(([EW]\d{4}), "(.*)"\)', re.M)
REPORTED = re.compile(r"^(?:error|warning)\[([EW]\d{4})\]", re.M)
SPLIT = re.compile(r"^// file: (\S+)\n", re.M)
SOURCE_LIMIT = 64 << 20


def collect(context):
    codes = CODE.findall(read_text(context.root / "src/diag/codes.def"))
    cases = [Case(f"explain/{code}", lambda code=code, title=title: page(context, code, title)) for code, title in codes]
    for name, run in (("pages", no_stray_pages), ("unknown", unknown_code), ("list", lists_all), ("manual", manual),
                      ("completions", completions), ("help", help_texts), ("schema", schema)):
        cases.append(Case(f"explain/{name}", lambda name=name, run=run: run(context, f"explain/{name}", codes)))
    return cases


def verdict(name, problems):
    return Result(name, not problems, "\n".join(problems))


def programs(text, kind):
    return re.findall(rf"^```janus {kind}\n(.*?)^```$", text, re.M | re.S)


def checked(context, text):
    """The codes reported for a program, sorted, and the text of the reports."""
    folder = context.scratch_folder()
    parts = SPLIT.split(text)
    files = {"main.jan": parts[0], **dict(zip(parts[1::2], parts[2::2]))}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    build = re.search(r"^// command: build(.*)$", text, re.M)
    command = ["build", "-o", folder / "out", *build[1].split()] if build else ["check"]
    ran = context.compiler(*command, folder / "main.jan", limit=20)
    codes = REPORTED.findall(ran.err)
    if ran.code not in (0, 1):
        codes.append(ran.describe())
    return codes, ran.err


def special(context, code):
    """For a code without an example: the codes its situation gives."""
    folder = context.scratch_folder()
    path = folder / "main.jan"
    if code == "E0015":
        path.write_bytes(b" " * (SOURCE_LIMIT + 1))
    elif code == "E0006":
        path.write_bytes(b'func main() do println("caf\xe9") end\n')
    elif code == "E1014":
        path = folder / "missing.jan"
    else:
        return None
    return REPORTED.findall(context.compiler("check", path, limit=20).err)


def page(context, code, title):
    path = context.root / "docs/explain" / f"{code}.md"
    if not path.exists():
        return Result(f"explain/{code}", False, f"{path} does not exist")
    text = read_text(path)
    problems = []
    if text.split("\n")[0] != f"# {code}: {title}":
        problems.append(f"the title is not `# {code}: {title}`")
    wrong, right = programs(text, "wrong"), programs(text, "right")
    unusual = special(context, code)
    if unusual is not None:
        if unusual != [code]:
            problems.append(f"its situation gave {unusual}")
    elif not wrong or not right:
        problems.append("it needs a `janus wrong` and a `janus right` program")
    for example in wrong:
        codes, report = checked(context, example)
        if set(codes) != {code}:
            problems.append(f"the wrong program gave {codes}\n" + clipped(report))
    for example in right:
        codes, report = checked(context, example)
        if codes or report:
            problems.append(f"the right program gave {codes}\n" + clipped(report))
    shown = context.compiler("explain", code, limit=20)
    if shown.code != 0 or not shown.out.startswith(f"{code}: {title}\n") or (wrong and "Wrong:" not in shown.out):
        problems.append(f"janus explain {code}: {shown.describe()}\n" + clipped(shown.out + shown.err))
    return verdict(f"explain/{code}", problems)


def no_stray_pages(context, name, codes):
    known = {code for code, _ in codes}
    stray = sorted(path.name for path in (context.root / "docs/explain").glob("*.md") if path.stem not in known)
    return verdict(name, [f"{page} belongs to no code" for page in stray])


def unknown_code(context, name, codes):
    ran = context.compiler("explain", "E9999", limit=20)
    return Result(name, ran.code == 2 and "E9999" in ran.err, f"{ran.describe()}, expected 2 and a message\n{ran.err}")


def lists_all(context, name, codes):
    ran = context.compiler("explain", limit=20)
    wanted = "".join(f"{code}  {title}\n" for code, title in codes)
    return Result(name, ran.code == 0 and ran.out == wanted, clipped(ran.out))


def table(context, file, entry):
    return re.findall(rf'^{entry}\([A-Z]+, "([a-z-]+)"', read_text(context.root / "src/driver" / file), re.M)


def help_texts(context, name, codes):
    problems = []
    overview = context.compiler("--help", limit=20).out
    for command in table(context, "commands.def", "COMMAND"):
        if not re.search(rf"^  {command} ", overview, re.M):
            problems.append(f"janus --help lacks {command}")
        ran = context.compiler(command, "--help", limit=20)
        if ran.code != 0 or not ran.out.startswith(f"usage: janus {command} ") or "--help" not in ran.out:
            problems.append(f"janus {command} --help: {ran.describe()}\n" + clipped(ran.out + ran.err))
    return verdict(name, problems)


def manual(context, name, codes):
    ran = context.compiler("manual", limit=20)
    problems = [] if ran.code == 0 else [ran.describe()]
    lines = ran.out.split("\n")
    if not lines[0].startswith(".TH JANUS 1 "):
        problems.append("the first line is no .TH")
    for number, line in enumerate(lines, 1):
        request = re.match(r"\.([A-Z]+)", line)
        if line.startswith((".", "'")) and not (request and request[1] in {"TH", "SH", "SS", "TP", "PP", "B"}):
            problems.append(f"line {number}: unknown request: {line}")
        if line.endswith((" ", "\t")) or re.search(r"\\(?![-&efR(]|fB|fI)", line):
            problems.append(f"line {number}: blank at the end or unknown escape: {line}")
        if request and request[1] == "TP" and (number >= len(lines) or not lines[number]):
            problems.append(f"line {number}: .TP without a tag")
    for word in table(context, "commands.def", "COMMAND"):
        if f".SS janus {word}\n" not in ran.out:
            problems.append(f"no section about {word}")
    for word in table(context, "options.def", "OPTION"):
        if "\\-\\-" + word.replace("-", "\\-") not in ran.out:
            problems.append(f"nothing about --{word}")
    groff = shutil.which("groff")
    if groff and not problems:
        checked_by_groff = context.process([groff, "-man", "-Tascii", "-ww", "-z"], 20, stdin=ran.out)
        if checked_by_groff.code != 0 or checked_by_groff.err:
            problems.append("groff: " + clipped(checked_by_groff.err))
    return verdict(name, problems)


def completions(context, name, codes):
    problems = []
    commands, options = table(context, "commands.def", "COMMAND"), table(context, "options.def", "OPTION")
    for shell in ("bash", "zsh", "fish"):
        ran = context.compiler("completions", shell, limit=20)
        if ran.code != 0:
            problems.append(f"{shell}: {ran.describe()}")
            continue
        problems += [f"{shell}: nothing about {word}" for word in commands + options if word not in ran.out]
        kept = context.root / "editors/completions" / {"bash": "janus.bash", "zsh": "_janus", "fish": "janus.fish"}[shell]
        if context.bless:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(ran.out)
        elif not kept.exists() or read_text(kept) != ran.out:
            problems.append(f"{kept.relative_to(context.root)} is not what `janus completions {shell}` prints (--bless writes it)")
        binary = shutil.which(shell)
        if binary:
            parsed = context.process([binary, "-n"], 20, stdin=ran.out)
            if parsed.code != 0 or parsed.err:
                problems.append(f"{shell} -n: {parsed.describe()}\n" + clipped(parsed.err))
    unknown = context.compiler("completions", "csh", limit=20)
    if unknown.code != 2:
        problems.append(f"completions csh: {unknown.describe()}, expected exit code 2")
    bash = shutil.which("bash")
    if bash and not problems:
        script = context.compiler("completions", "bash", limit=20).out
        script += 'COMP_WORDS=(janus fm); COMP_CWORD=1; _janus; echo "${COMPREPLY[@]}"\n'
        script += 'COMP_WORDS=(janus fmt --ch); COMP_CWORD=2; _janus; echo "${COMPREPLY[@]}"\n'
        ran = context.process([bash], 20, stdin=script)
        if ran.out != "fmt\n--check\n":
            problems.append("bash completes `fm` and `--ch` to " + repr(ran.out + ran.err))
    return verdict(name, problems)


# ---- the JSON form

def schema_problems(schema, value, where, root):
    """What is wrong with a value, for the part of JSON Schema that docs/diagnostics.schema.json uses."""
    if "$ref" in schema:
        return schema_problems(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, where, root)
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    problems = []
    unknown = set(schema) - {"$schema", "$id", "$defs", "title", "description", "type", "properties", "required",
                             "additionalProperties", "items", "enum", "pattern", "minimum", "dependentRequired"}
    if unknown:
        problems.append(f"{where}: the schema uses {sorted(unknown)}, which this check does not know")
    if "type" in schema and (not isinstance(value, kinds[schema["type"]]) or isinstance(value, bool)):
        return problems + [f"{where}: not of type {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{where}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        problems.append(f"{where}: {value!r} does not match {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        problems.append(f"{where}: {value} is below {schema['minimum']}")
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            problems += schema_problems(schema["items"], item, f"{where}[{index}]", root)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        problems += [f"{where}: `{key}` is missing" for key in schema.get("required", []) if key not in value]
        for key, needed in schema.get("dependentRequired", {}).items():
            problems += [f"{where}: `{key}` without `{other}`" for other in needed if key in value and other not in value]
        for key, item in value.items():
            if key in properties:
                problems += schema_problems(properties[key], item, f"{where}.{key}", root)
            elif schema.get("additionalProperties") is False:
                problems.append(f"{where}: `{key}` is not in the schema")
    return problems


def schema(context, name, codes):
    root = json.loads(read_text(context.root / "docs/diagnostics.schema.json"))
    files = sorted((context.root / "tests/ui").rglob("*.jan"))
    problems, lines = [], 0
    # One file wrong enough to end the run must not hide the others, so they go in portions.
    for start in range(0, len(files), 50):
        ran = context.compiler("check", "--json", *(path.relative_to(context.root) for path in files[start:start + 50]))
        if ran.code not in (0, 1):
            problems.append(f"files from {files[start].name} on: {ran.describe()}")
        for line in ran.err.splitlines():
            lines += 1
            try:
                problems += schema_problems(root, json.loads(line), "diagnostic", root)
            except ValueError as error:
                problems.append(f"not JSON: {error}: {line[:200]}")
    if lines < 100:
        problems.append(f"only {lines} diagnostics; the cases give more")
    return verdict(name, problems[:20])
