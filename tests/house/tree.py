"""The files of the project as the rules see them: those on the disk, and over them what a planted violation changes.

A rule is a function of a tree that answers what is wrong, one text each. It reads through the tree alone, so a violation is tried
in memory and nothing in the checkout is touched.
"""
import os
import re

FOLDERS = (".ci", "apps", "bench", "cmake", "docs", "editors", "examples", "scripts", "src", "std", "tests")
FILES = (".clang-format", ".gitignore", "CMakeLists.txt", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md")
SKIPPED = {"__pycache__"}


class Tree:
    def __init__(self, root, changes=None, below=None):
        """`changes`: path → text, or None for a file that is gone. `below`: the tree that they change."""
        self.root = root
        self.changes = changes or {}
        self.below = below
        self.texts = {}
        self._paths = None

    def changed(self, changes):
        return Tree(self.root, changes, self)

    def paths(self, folder="", *endings):
        """The files below a folder (or of the whole project) with one of these endings, in order."""
        prefix = folder.rstrip("/") + "/" if folder else ""
        return [path for path in self._all() if path.startswith(prefix) and (not endings or path.endswith(endings))]

    def _all(self):
        if self._paths is None:
            if self.below:
                found = set(self.below._all())
                found |= {path for path, text in self.changes.items() if text is not None}
                found -= {path for path, text in self.changes.items() if text is None}
            else:
                found = {path for path in FILES if (self.root / path).is_file()}
                for folder in FOLDERS:
                    for place, folders, files in os.walk(self.root / folder):
                        folders[:] = [name for name in folders if name not in SKIPPED]
                        relative = os.path.relpath(place, self.root)
                        found |= {f"{relative}/{name}" for name in files}
            self._paths = sorted(found)
        return self._paths

    def exists(self, path):
        if path in self.changes:
            return self.changes[path] is not None
        return self.below.exists(path) if self.below else (self.root / path).is_file()

    def has_folder(self, path):
        return any(name.startswith(path.rstrip("/") + "/") for name in self._all())

    def read(self, path):
        """The text, "" for a file that does not exist; bytes that are no UTF-8 are replaced."""
        if path in self.changes:
            return self.changes[path] or ""
        if self.below:
            return self.below.read(path)
        if path not in self.texts:
            try:
                self.texts[path] = (self.root / path).read_bytes().decode("utf-8", "replace")
            except OSError:
                self.texts[path] = ""
        return self.texts[path]

    def lines(self, path):
        return self.read(path).split("\n")


# ---- what several rules ask ----

def layers_of(tree):
    """The layers in their order, with those each stands beside: the one list is CMakeLists.txt."""
    found = {}
    for name, folder, rest in re.findall(r"^janus_layer\((\w+) (\S+)(.*)\)$", tree.read("CMakeLists.txt"), re.M):
        beside = re.search(r"BESIDE ((?:[a-z]+ ?)+)", rest)
        found[name] = (folder, beside[1].split() if beside else [])
    return found


def table(tree, path, macro):
    """The arguments of each entry of a list (`.def`), split at commas outside of texts: OP(ADD, "add", 2) → ["ADD", '"add"', "2"]."""
    text = "\n".join(line for line in tree.lines(path) if not line.lstrip().startswith(("//", "#")))
    # Texts first: a bracket or a comma in one divides nothing.
    entries = re.findall(rf'\b{macro}\(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\)', text)
    return [[part.strip() for part in re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+', entry)] for entry in entries]


def quoted(argument):
    return argument.strip('"')


def word(text):
    """A pattern for a name that may hold dots, and ends where it ends."""
    return re.compile(r"(?<![\w.])" + re.escape(text) + r"(?![\w]|\.\w)")


def circles(edges):
    """The groups of nodes that reach each other, each sorted, the largest first. Tarjan's way, without recursion."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in sorted(edges):
        if root in index:
            continue
        work = [(root, iter(sorted(edges[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in edges:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(edges[target]))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    if len(group) > 1 or node in edges[node]:
                        found.append(sorted(group))
    return sorted(found, key=lambda group: (-len(group), group))
