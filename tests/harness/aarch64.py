"""The second target: every case of the suites run and std, built for aarch64-linux and run by qemu's user emulation."""
import shutil

from . import run, std
from .common import Case, Result, case_name, cases_below

OPTIONS = ["--target", "aarch64-linux"]


def find_emulator():
    return shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")


def collect(context):
    emulator = find_emulator()
    if not emulator:
        missing = Result("aarch64", False, "no emulator: install qemu-user")
        return [Case("aarch64", lambda: missing)]
    base = context.root / "tests/run"
    cases = [Case(case_name("aarch64", base, path),
                  lambda path=path: run.check(context, base, path, "aarch64", OPTIONS, [emulator]))
             for path in cases_below(base)]
    return cases + [Case(f"aarch64/{folder}", lambda folder=folder: std.check(context, folder, "aarch64", OPTIONS))
                    for folder in ("std", "tests/std") if any((context.root / folder).rglob("*.jan"))]
