"""Who may know whom: includes between layers and wings, symbols that are linked, circles of files and of modules.

The order of the layers is that of CMakeLists.txt. A layer's root holds what the layers above it may include, but for the headers
in PRIVATE; its folders, the wings, are its own. A wing's header of the wing's name is its face to the other wings, what else it has is
its own. The build refuses upward includes and private headers of other layers too (cmake/JanusLayers.cmake); wings are judged here.
"""
import json
import pathlib
import re
import subprocess

from .ceilings import CIRCLES
from .tree import circles, layers_of

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
# Private to their layer although they lie at its root.
PRIVATE = {"internal.h", "sema_internal.h", "model.h"}
# Of these layers another one may include this and nothing else.
ONLY = {("sim", "interp"): {"interp/interp.h"}, ("prove", "interp"): {"interp/interp.h"}}
SOURCES = (".c", ".h", ".def")


def layer_of(path):
    """src/sema/expr/call.c → ("sema", "expr", "call.c"); a wing of "" is the root."""
    parts = path.split("/")[1:]
    return (parts[0], "/".join(parts[1:-1]), parts[-1]) if len(parts) > 1 else ("", "", parts[0])


def order(tree):
    """The list of layers is written down in three places, in one order."""
    layers = list(layers_of(tree))
    problems = []
    if len(layers) < 8:
        problems.append(f"CMakeLists.txt: only {len(layers)} lines `janus_layer(name folder)` can be read")
    folders = sorted({layer_of(path)[0] for path in tree.paths("src", *SOURCES)} - {""})
    problems += [f"src/{folder} is no layer of CMakeLists.txt" for folder in folders if folder not in layers]
    listed = re.findall(r"`src/([a-z]+)`", "\n".join(line for line in tree.lines("CONTRIBUTING.md") if line.startswith("| `src/")))
    if listed != layers:
        problems.append(f"CONTRIBUTING.md lists the layers as {' '.join(listed)}, CMakeLists.txt as {' '.join(layers)}")
    return problems


def includes(tree):
    layers = layers_of(tree)
    names = list(layers)
    problems = []
    for path in tree.paths("src", *SOURCES):
        layer, wing, _ = layer_of(path)
        known = names[:names.index(layer)] if layer in layers else names
        beside = layers[layer][1] if layer in layers else []
        for include in INCLUDE.findall(tree.read(path)):
            target, target_wing, file = layer_of("src/" + include)
            say = f"{path}: includes {include}"
            if not tree.exists("src/" + include):
                problems.append(f"{say}, which does not exist below src")
            elif target == layer:
                if target_wing and target_wing != wing and file != target_wing.rsplit("/", 1)[-1] + ".h":
                    problems.append(f"{say}, which is private to {target}/{target_wing}; its face is {target}/{target_wing}/{target_wing}.h")
            elif target not in known:
                problems.append(f"{say}, but {target} is a layer above")
            elif target in beside:
                problems.append(f"{say}, but {layer} and {target} do not know each other")
            elif target_wing or file in PRIVATE:
                problems.append(f"{say}, which is private to {target}")
            elif include not in ONLY.get((layer, target), {include}):
                problems.append(f"{say}; of {target} it may include only {', '.join(ONLY[layer, target])}")
    return problems


# ---- what is linked ----

class Symbols:
    """For each C file the symbols that its object defines and those that it wants, as nm sees them."""

    def __init__(self, build):
        self.commands, self.defines, self.wants, self.problems = {}, {}, {}, []
        source = pathlib.Path(build).resolve()
        root = None
        for entry in json.loads((source / "compile_commands.json").read_text()):
            file = pathlib.Path(entry["file"])
            root = root or next((parent for parent in file.parents if (parent / "CMakeLists.txt").exists() and (parent / "src").exists()), None)
            if root and (root / "src") in file.parents:
                self.commands[str(file.relative_to(root))] = entry
        objects = {}
        for path, entry in self.commands.items():
            made = pathlib.Path(entry["directory"]) / re.search(r"-o (\S+)", entry["command"])[1]
            if not made.exists() or made.stat().st_mtime < pathlib.Path(entry["file"]).stat().st_mtime:
                self.problems.append(f"{path}: its object is out of date; build first")
            else:
                objects[str(made)] = path
        self.read(objects)

    def read(self, objects):
        printed = subprocess.run(["nm", "-A", "-g", "-P", *objects], capture_output=True, text=True, check=True).stdout
        for path in objects.values():
            self.defines[path], self.wants[path] = set(), set()
        for line in printed.splitlines():
            made, rest = line.split(": ", 1)
            name, kind = rest.split()[:2]
            (self.wants if kind in "Uwv" else self.defines)[objects[made]].add(name)

    def with_file(self, path, text, folder):
        """The same after a file's text was replaced, compiled as the build compiles it."""
        entry = self.commands[path]
        source, made = folder / pathlib.Path(path).name, folder / "planted.o"
        source.write_text(text)
        command = re.sub(r" -M\w+( \S+)?(?= )", "", entry["command"])
        command = command.replace(re.search(r"-o \S+", command)[0], f"-o {made}").replace(entry["file"], str(source))
        subprocess.run(command, shell=True, cwd=entry["directory"], check=True, capture_output=True, text=True)
        copy = object.__new__(Symbols)
        copy.commands, copy.problems = self.commands, self.problems
        copy.defines, copy.wants = dict(self.defines), dict(self.wants)
        copy.read({str(made): path})
        return copy

    def edges(self):
        """file → {file that defines something it wants: the symbols}."""
        owner = {name: path for path, names in self.defines.items() for name in names}
        found = {path: {} for path in self.wants}
        for path, names in self.wants.items():
            for name in names:
                if owner.get(name, path) != path:
                    found[path].setdefault(owner[name], set()).add(name)
        return found


def symbols(tree, linked):
    """No symbol is taken upward, whatever was included or declared; and the build compiles every C file."""
    layers = layers_of(tree)
    names = list(layers)
    problems = list(linked.problems)
    problems += [f"{path}: no target of the build compiles it" for path in tree.paths("src", ".c") if path not in linked.commands]
    for path, targets in sorted(linked.edges().items()):
        layer = layer_of(path)[0]
        known = names[:names.index(layer) + 1] if layer in layers else names
        beside = layers[layer][1] if layer in layers else []
        for target, taken in sorted(targets.items()):
            owner = layer_of(target)[0]
            if owner not in known or owner in beside:
                problems.append(f"{path}: takes `{sorted(taken)[0]}` from {target}, which its layer may not know")
    return problems


def group_of(path):
    """Where circles are counted: the parser's files alone are the grammar, and a wing of qtjir is a group; else the layer."""
    layer, wing, file = layer_of(path)
    if layer == "syntax" and not wing:
        return "syntax"
    return f"{layer}/{wing}" if layer in ("qtjir", "syntax", "backend") and wing else layer


def link_circles(linked):
    """(where, files) of every circle of files that call each other, within a layer."""
    found = []
    edges = {path: set(targets) for path, targets in linked.edges().items()}
    for group in circles(edges):
        homes = sorted({group_of(path) for path in group})
        found.append((homes[0] if len(homes) == 1 else "/".join(sorted({home.split("/")[0] for home in homes})), group))
    return found


def module_name(path):
    """std/sync/chan.jan → std.sync.chan; apps/kv/store.jan → store, as its own modules name it."""
    name = path.removesuffix(".jan").removesuffix("/mod")
    return name.replace("/", ".") if path.startswith("std/") else "apps/" + name.split("/", 1)[1]


def module_circles(tree):
    """(where, modules) of every circle of modules by their `use` lines."""
    found = []
    for folder in ("std", "apps"):
        modules = {module_name(path): path for path in tree.paths(folder, ".jan")}
        edges = {}
        for name, path in modules.items():
            home = path.rsplit("/", 1)[0].split("/", 1)[1] if folder == "apps" else ""
            edges[name] = set()
            for used in re.findall(r"^use ([\w.]+?)(?:\.\{.*)?$", tree.read(path), re.M):
                target = used if folder == "std" else f"apps/{home}/{used.replace('.', '/')}"
                edges[name] |= {target} & set(modules)
        found += [(folder, group) for group in circles(edges)]
    return found


def judge_circles(found):
    """No circle is larger than its ceiling, and no ceiling higher than what is found: they only ever shrink."""
    problems = []
    sizes = {}
    for where, group in found:
        sizes.setdefault(where, []).append(len(group))
        allowed = CIRCLES.get(where, [])
        place = len(sizes[where]) - 1
        if place >= len(allowed):
            problems.append(f"{where}: a circle of {len(group)} that no ceiling allows: {' '.join(group)}")
        elif len(group) > allowed[place]:
            problems.append(f"{where}: a circle of {len(group)}, at most {allowed[place]} are allowed: {' '.join(group)}")
    for where, allowed in CIRCLES.items():
        have = sizes.get(where, [])
        have = have + [0] * (len(allowed) - len(have))
        problems += [f"{where}: the ceiling of {most} in tests/house/ceilings.py is higher than the circle of {size}; lower it"
                     for most, size in zip(allowed, have) if size < most]
    return problems


def file_circles(tree, linked):
    return judge_circles([(where, [path.removeprefix("src/") for path in group]) for where, group in link_circles(linked)]
                         + module_circles(tree))
