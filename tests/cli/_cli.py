"""What the scripts of this folder share: a folder with small programs, and the compiler run in it."""
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))
from script import check, run, same, wait_until  # noqa: E402, F401: for the scripts

ROOT = Path(__file__).resolve().parents[2]
JANUS = str(Path(os.environ.get("JANUS", ROOT / "build/janus")).absolute())
LIMIT = 60

HELLO = 'func main() do\n    println("hello")\nend\n'
WRONG = 'func main() do\n    let x: u32 = "a"\nend\n'
TEST = 'test "one" do\n    assert(1 + 1 == 2)\nend\n'


@contextlib.contextmanager
def folder_with(**files):
    """A folder with NAME.jan for each, and a folder `tmp` in it for temporary files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        for stem, text in files.items():
            (folder / f"{stem}.jan").write_text(text)
        yield folder


def environment(folder):
    return dict(os.environ, TMPDIR=str(folder / "tmp"), NO_COLOR="1")


def janus(folder, *arguments, **options):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": folder,
               "env": environment(folder), **options}
    return subprocess.run([JANUS, *map(str, arguments)], text=True, timeout=LIMIT, **options)


def start(folder, *arguments):
    return subprocess.Popen([JANUS, *map(str, arguments)], cwd=folder, env=environment(folder), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def children(process):
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
