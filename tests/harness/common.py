"""What the suites share: cases and results, processes with a time limit, header comments, golden files."""
import dataclasses
import difflib
import itertools
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile

BUILD_LIMIT = 60  # seconds for one run of the compiler
COMPILER_LIMIT = 1800  # seconds for building a compiler
OUTPUT_LIMIT = 16 << 20  # bytes a program under test may write into one file
DETAIL_LINES = 60
DIFF_LINES = 2000
DIFF_BYTES = 256 << 10


@dataclasses.dataclass
class Result:
    name: str
    ok: bool
    detail: str = ""


@dataclasses.dataclass
class Case:
    name: str
    run: object  # () -> Result or list of Result


@dataclasses.dataclass
class Outcome:
    """A finished process. `code` is negative for a signal, as in subprocess; None means the time limit."""

    code: object
    out: str
    err: str

    def describe(self):
        if self.code is None:
            return "did not end within the time limit"
        if self.code < 0:
            return f"ended by {signal.Signals(-self.code).name}"
        return f"exit code {self.code}"


class Context:
    def __init__(self, root, build, name_filter, bless, seeds, long):
        self.root = root
        self.build = build
        self.janus = root / build / "janus"
        self.filter = name_filter
        self.bless = bless
        self.seeds = seeds
        self.long = long
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="janus-tests-"))
        self.environment = dict(os.environ, NO_COLOR="1", LC_ALL="C.UTF-8", JANUS_STD="std")
        self._folders = itertools.count(1)  # one for a context and its copies: they share the scratch folder

    def close(self):
        shutil.rmtree(self.scratch, ignore_errors=True)

    def scratch_folder(self):
        folder = self.scratch / str(next(self._folders))
        folder.mkdir()
        return folder

    def process(self, command, limit, stdin="", extra=None, cwd=None, output_limit=None):
        """Runs a command in a process group of its own; output goes through files, so that it can be limited."""
        environment = dict(self.environment, **(extra or {}))
        with tempfile.TemporaryFile(dir=self.scratch) as out, tempfile.TemporaryFile(dir=self.scratch) as err:
            with tempfile.TemporaryFile(dir=self.scratch) as into:
                into.write(stdin.encode())
                into.seek(0)
                child = subprocess.Popen([str(part) for part in command], stdin=into, stdout=out, stderr=err,
                                         cwd=cwd or self.root, env=environment, start_new_session=True)
            if output_limit:
                try:
                    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (output_limit, output_limit))
                except ProcessLookupError:
                    pass
            try:
                code = child.wait(timeout=limit)
            except subprocess.TimeoutExpired:
                code = None
            try:
                os.killpg(child.pid, signal.SIGKILL)  # what a case left behind ends with it
            except ProcessLookupError:
                pass
            child.wait()
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read(OUTPUT_LIMIT).decode("utf-8", "replace"))
        return Outcome(code, *texts)

    def compiler(self, *arguments, limit=BUILD_LIMIT, **options):
        return self.process([self.janus, *arguments], limit, **options)


    def build_compiler(self, folder, options, targets=("janus",)):
        """A compiler of its own kind in a folder of its own. What went wrong, or None."""
        jobs = str(os.cpu_count() or 2)
        for command in (["cmake", "-S", self.root, "-B", folder, "-G", "Ninja", *options], ["ninja", "-C", folder, "-j", jobs, *targets]):
            ran = self.process(command, COMPILER_LIMIT)
            if ran.code != 0:
                return f"{' '.join(map(str, command))}: {ran.describe()}\n" + clipped(ran.out + ran.err)
        return None


def cases_below(folder):
    """The case files: every .jan, but of a folder with a main.jan only that one, whatever lies below it."""
    found = []
    if not folder.is_dir():
        return found
    entries = sorted(folder.iterdir())
    main = folder / "main.jan"
    if main in entries:
        return [main]
    for entry in entries:
        if entry.is_dir():
            found += cases_below(entry)
        elif entry.suffix == ".jan":
            found.append(entry)
    return found


def case_name(suite, base, path):
    relative = path.relative_to(base)
    if relative.name == "main.jan" and len(relative.parts) > 1:
        relative = relative.parent
    return f"{suite}/{relative.with_suffix('')}"


def headers(text, marker="//"):
    """`// key: value` lines from the comment block at the top, as key → values in order."""
    found = {}
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if line.strip() and not line.startswith(marker):
            break
        match = re.match(re.escape(marker) + r"\s*([a-z-]+):(?: (.*))?$", line)
        if match:
            found.setdefault(match[1], []).append(match[2] or "")
    return found


def read_text(path):
    return path.read_text(encoding="utf-8", errors="replace")


def difference(expected, actual, label="output"):
    # Comparing costs quadratic time at worst, and nobody reads more than the first differences.
    before, after = (text[:DIFF_BYTES].splitlines()[:DIFF_LINES] for text in (expected, actual))
    lines = list(difflib.unified_diff(before, after, f"{label} expected", f"{label} actual", lineterm=""))
    if not lines:
        lines = [f"{label} differs only in its line ends or after {DIFF_LINES} lines"]
    if len(lines) > DETAIL_LINES:
        lines = lines[:DETAIL_LINES] + [f"… {len(lines) - DETAIL_LINES} more lines"]
    return "\n".join(lines)


def clipped(text):
    lines = text[:DIFF_BYTES].rstrip("\n").split("\n")
    if len(lines) > DETAIL_LINES:
        lines = lines[:DETAIL_LINES] + [f"… {len(lines) - DETAIL_LINES} more lines"]
    return "\n".join(lines)


def golden_problem(context, path, actual, label="output"):
    """Compares with a golden file, or rewrites it under --bless. None when all is well. No file means no text."""
    if context.bless:
        if actual:
            path.write_text(actual, encoding="utf-8")
        elif path.exists():
            path.unlink()
        return None
    expected = read_text(path) if path.exists() else ""
    if expected == actual:
        return None
    hint = "" if path.exists() else f"{path.name} does not exist (--bless writes it)\n"
    return hint + difference(expected, actual, label)
