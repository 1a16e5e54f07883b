"""Mistakes that a suite plants, one at a time, in a copy of what it tests: a table of them in a file of the suite's folder, each a replacement of
text. What is replaced must stand exactly once, so that no mistake is left behind by a change."""
import dataclasses
import pathlib
import re
import shutil
import sys
import threading

from .common import Result, clipped

LIMIT = 600
WITNESSES = "noticed.tsv"


@dataclasses.dataclass
class Fault:
    name: str
    file: str  # in the folder that is copied
    old: str
    new: str
    also_old: str = ""  # a second place
    also_new: str = ""
    others: list = ()  # places in other files: file, old, new


def load(folder, name):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return __import__(name)


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{path.name} has {text.count(old)} places that read\n{old}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def plant_in(folder, fault):
    replace(folder / fault.file, fault.old, fault.new)
    if fault.also_old:
        replace(folder / fault.file, fault.also_old, fault.also_new)
    for file, old, new in fault.others:
        replace(folder / file, old, new)


def library_with(context, fault):
    """A copy of std with the mistake in it."""
    library = context.scratch_folder() / "std"
    shutil.copytree(context.root / "std", library)
    plant_in(library, fault)
    return library


def is_noticed(ran):
    """Whether a run of test blocks failed, and not because the copy does not compile."""
    return bool(re.search(r"^FAIL ", ran.out, re.M)) and "does not build" not in ran.out


@dataclasses.dataclass
class Asked:
    """Test blocks of a file, and how they are run. The file is in the project, or in the copy when it begins with `std/`."""
    file: str
    options: tuple = ()
    test: str = ""  # only this one

    def run(self, context, library):
        path = (library.parent if self.file.startswith("std/") else context.root) / self.file
        only = (f"--filter={self.test}",) if self.test else ()
        return context.compiler("test", *self.options, *only, path, limit=LIMIT, extra={"JANUS_STD": str(library)}, cwd=library.parent)


class Witnesses:
    """Which test noticed each mistake of a folder, so that it is asked first: a table beside the mistakes, which --bless adds to. Without a line that
    still holds all tests are asked."""

    def __init__(self, context, folder):
        self.context, self.path, self.lock = context, pathlib.Path(context.root / folder / WITNESSES), threading.Lock()
        rows = [line.split("\t") for line in self.path.read_text(encoding="utf-8").splitlines()] if self.path.exists() else []
        self.known = {name: Asked(file, tuple(options.split()), test) for name, file, options, test in rows}

    def is_current(self, faults, suite):
        """No line outlives its mistake."""
        gone = sorted(self.known.keys() - {fault.name for fault in faults})
        return Result(f"{suite}/noticed", not gone, "".join(f"no such mistake: {name}\n" for name in gone))

    def judge(self, fault, suite, tests):
        """Plants the mistake; `tests` is what to ask, in order, and the first that fails is enough."""
        library = library_with(self.context, fault)
        known = self.known.get(fault.name)
        if known and is_noticed(known.run(self.context, library)):
            return Result(f"{suite}/faults/{fault.name}", True)
        said = ""
        for asked in tests:
            ran = asked.run(self.context, library)
            said += ran.out + ran.err
            if "does not build" in ran.out:
                break
            if is_noticed(ran):
                self.remember(fault.name, dataclasses.replace(asked, test=re.search(r"^FAIL [^:]*: (.*)$", ran.out, re.M)[1]))
                return Result(f"{suite}/faults/{fault.name}", True)
        return Result(f"{suite}/faults/{fault.name}", False, "nobody noticed\n" + clipped(said))

    def remember(self, name, asked):
        if not self.context.bless:
            return
        with self.lock:
            self.known[name] = asked
            rows = sorted((name, asked.file, " ".join(asked.options), asked.test) for name, asked in self.known.items())
            self.path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
