"""The QTJIR verifier: every tests/verify/**/*.qir is broken and `janus verify` must say so, with the text of its
`; error: TEXT` line on stderr; those below tests/verify/ok must pass."""
import re

from .common import Case, Result, clipped, read_text


def collect(context):
    base = context.root / "tests/verify"
    return [Case(f"verify/{path.relative_to(base).with_suffix('')}", lambda path=path: check(context, base, path))
            for path in sorted(base.rglob("*.qir"))]


def check(context, base, path):
    relative = path.relative_to(base)
    name = f"verify/{relative.with_suffix('')}"
    ran = context.compiler("verify", path.relative_to(context.root), limit=20)
    if relative.parts[0] == "ok":
        return Result(name, ran.code == 0, f"{ran.describe()}, expected 0\n" + clipped(ran.err))
    wanted = re.findall(r"^\s*(?:;|//)\s*error:\s*(.+?)\s*$", read_text(path), re.M)
    if not wanted:
        return Result(name, False, "no `; error: TEXT` line")
    # 101 is an internal error: rejecting hand-written text is none.
    if ran.code is None or ran.code < 0 or ran.code in (0, 101):
        return Result(name, False, f"{ran.describe()}, expected a rejection\n" + clipped(ran.err))
    missing = [text for text in wanted if text not in ran.err]
    return Result(name, not missing, f"stderr lacks: {missing}\nstderr: " + clipped(ran.err))
