"""Mistakes that a suite plants, one at a time, in a copy of what it tests: a table of them in a file of the suite's folder, each a replacement of
text. What is replaced must stand exactly once, so that no mistake is left behind by a change."""
import dataclasses
import re
import shutil
import sys


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
