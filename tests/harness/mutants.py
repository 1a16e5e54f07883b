"""Programs spelled wrongly by seed, for the suite `fix`: what `janus fix` makes of them compiles to what the program was, or not at all.

A mutant is a program of tests/run or examples with a few mistakes of one kind: names with a typing error, semicolons strewn
in, `else do`, spellings of earlier Janus. A mutant that compiles without a word must stay as it is; what is fixed is fixed at once, so
that a second run changes nothing.
"""
import random
import re

from .common import Result, clipped, headers, read_text

TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[A-Za-z_][A-Za-z_0-9]*|\d[\w.]*|\n|[ \t]+|.')
KEYWORDS = set("""and as break catch comptime const continue defer do else end enum error export extern fail false for func if impl in
    let match not null or profile pub return self Self struct test trait true type undefined unique use using var when while""".split())
OPERATORS = {"and": "&&", "or": "||"}


def tokens_of(text):
    return TOKEN.findall(text)


def is_name(token):
    return bool(re.match(r"[A-Za-z_]", token)) and token not in KEYWORDS


def misspelt(name, dice):
    at = dice.randrange(len(name))
    kind = dice.randrange(4)
    if kind == 0 and len(name) > 1:
        return name[:at] + name[at + 1:]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2:]
    return name[:at] + dice.choice("aeinrst") + name[at + 1:]


def with_typing_errors(tokens, dice):
    places = [i for i, token in enumerate(tokens) if is_name(token)]
    for i in dice.sample(places, min(len(places), dice.randint(1, 2))):
        tokens[i] = misspelt(tokens[i], dice)
    return tokens


def with_semicolons(tokens, dice):
    everywhere = dice.random() < 0.5
    places = [i for i, token in enumerate(tokens) if token == "\n" or (everywhere and not token.startswith("//"))]
    for i in sorted(dice.sample(places, min(len(places), dice.randint(1, 6))), reverse=True):
        comment = i > 0 and tokens[i - 1].startswith("//")
        tokens.insert(i, "" if comment else ";")
    return tokens


def with_else_do(tokens, dice):
    places = [i for i, token in enumerate(tokens)
              if token == "else" and "=>" not in "".join(tokens[i + 1:i + 4]) and tokens[i + 1:i + 3] != [" ", "if"]]
    for i in places:
        if dice.random() < 0.8:
            tokens[i] = "else do"
    return tokens


def with_older_spellings(tokens, dice):
    for i, token in enumerate(tokens):
        if token in OPERATORS and dice.random() < 0.8:
            tokens[i] = OPERATORS[token]
        elif token == "not" and tokens[i + 1:i + 2] == [" "] and dice.random() < 0.8:
            tokens[i:i + 2] = ["!", ""]
        elif token == "func" and i + 2 < len(tokens) and is_name(tokens[i + 2]) and dice.random() < 0.8:
            tokens[i] = "fn"
        elif token == "println" and dice.random() < 0.5:
            tokens[i] = dice.choice(["print_int", "print_str", "println_int", "println"])
        elif token == "let" and tokens[i + 1:i + 2] == [" "] and tokens[i + 3:i + 5] == [" ", "="] and dice.random() < 0.5:
            tokens[i:i + 2] = ["", ""]
            tokens[i + 4] = ":="
    return tokens


KINDS = {"names": with_typing_errors, "semicolons": with_semicolons, "else_do": with_else_do, "older": with_older_spellings}


def programs(context):
    """Programs of one file that print something, end well and do not read anything."""
    found = []
    for path in sorted([*context.root.glob("tests/run/**/*.jan"), *context.root.glob("examples/*.jan")]):
        text = read_text(path)
        head = headers(text)
        plain = head.get("expect") and not any(key in head for key in ("panic", "exit", "args", "stdin", "modes"))
        alone = not (path.parent / "main.jan").exists() and len(text) < 8000
        if plain and alone:
            found.append((path, text, list(head["expect"])))
    return found


def mutant(text, kind, seed):
    dice = random.Random(f"{kind} {seed}")
    return "".join(KINDS[kind](tokens_of(text), dice))


def try_mutant(context, path, text, output, kind, seed):
    """The problems of one mutant."""
    name = f"{kind} {seed} of {path.name}"
    changed = mutant(text, kind, seed)
    copy = context.scratch_folder() / path.name
    copy.write_text(changed)
    before = context.compiler("check", copy, limit=30)
    context.compiler("fix", copy, limit=60)
    fixed = read_text(copy)
    if before.code == 0:
        return [f"{name}: compiled without a word, and was changed"] if fixed != changed and not before.err else []
    if fixed == changed:
        return []
    context.compiler("fix", copy, limit=60)
    if read_text(copy) != fixed:
        return [f"{name}: a second run changed it again"]
    if context.compiler("check", copy, limit=30).code != 0:
        return []
    ran = context.compiler("run", "--interpret", copy, limit=60)
    if ran.code != 0 or ran.out.splitlines() != output:
        return [f"{name}: prints something else\n{clipped(fixed)}\n{clipped(ran.out)}"]
    return []


def check_batch(context, name, kind, seeds):
    chosen = programs(context)
    problems = []
    for seed in seeds:
        path, text, output = chosen[random.Random(f"{kind} {seed} program").randrange(len(chosen))]
        problems += try_mutant(context, path, text, output, kind, seed)
    return Result(name, not problems, "\n".join(problems))
