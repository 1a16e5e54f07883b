"""Builds programs together and compares what each does in every mode with the model.

One executable per mode holds a batch; the numbers of the programs to run are its arguments. A program that traps ends the process, so
what follows it runs in another. Fast mode has no checks: there only programs that do not trap are run. In the mode `constant` the
compiler runs the programs (render.py says how): those without global variables, which constants may not use. There a trap is an error.
"""
import re

from . import render

FLAGS = {"debug": [], "release": ["--release"], "fast": ["--fast"]}
MODES = ("interpret", "constant", *FLAGS)
PANIC = re.compile(r"panic: (.*)\n  at (.*)\n")
REFUSED = re.compile(r"error\[E\d+\]: (.*)\n.*\n.*\n.*\| const R(\d+) = ")
BUILD_LIMIT = 300
RUN_LIMIT = 20


class Failure:
    """`kind` says what went wrong, without positions and numbers, so that a smaller program can be held against it."""

    def __init__(self, seeds, mode, kind, detail):
        self.seeds, self.mode, self.kind, self.detail = seeds, mode, kind, detail


class Runner:
    """`process(command, limit)` runs a command and answers something with `code`, `out` and `err`."""

    def __init__(self, janus, process, modes=tuple(FLAGS)):
        self.janus, self.process, self.modes = janus, process, modes
        self.first_only = False     # one failure is enough, and what crashed once is not tried again

    def check(self, programs, folder):
        """The failures of a batch. One that does not build is split until the programs to blame are alone."""
        outcomes = {}
        for mode in self.modes:
            chosen = [p for p in programs if runs_in(p, mode)]
            if mode == "constant":
                refused = self.refused([p for p in chosen if p.trap], folder)
                chosen = [p for p in chosen if not p.trap]
            found = self.build_and_run(chosen, folder, mode) if chosen else {}
            if isinstance(found, Failure):
                return self.split(programs, folder, found)
            outcomes[mode] = found | refused if mode == "constant" else found
        return [failure for failure in (compare(program, outcomes) for program in programs) if failure]

    def write(self, programs, folder, mode):
        for name, text in render.sources(programs, mode == "constant").items():
            (folder / name).write_text(text)

    def build_and_run(self, programs, folder, mode):
        """What `run` answers, or why nothing ran."""
        self.write(programs, folder, mode)
        seeds = [p.seed for p in programs]
        binary = folder / f"program-{mode}"
        if mode != "interpret":
            built = self.process([self.janus, "build", folder / "main.jan", "-o", binary, *FLAGS.get(mode, [])], BUILD_LIMIT)
            if built.code != 0:
                return Failure(seeds, mode, build_kind(built), built.err)
        found = self.run(programs, folder, mode, binary)
        binary.unlink(missing_ok=True)
        return Failure(seeds, mode, *found) if isinstance(found, tuple) else found

    def refused(self, programs, folder):
        """seed → what the compiler says of a constant whose evaluation traps, as `run` would say it."""
        if not programs:
            return {}
        self.write(programs, folder, "constant")
        checked = self.process([self.janus, "check", folder / "main.jan"], BUILD_LIMIT)
        return {int(seed): (None, text, None) for text, seed in REFUSED.findall(checked.err)}

    def split(self, programs, folder, failure):
        if len(programs) == 1:
            return [failure]
        if self.first_only:
            return [failure]
        middle = len(programs) // 2
        found = self.check(programs[:middle], folder) + self.check(programs[middle:], folder)
        return found or [failure]

    def command(self, mode, folder, binary):
        if mode == "interpret":
            return [self.janus, "run", "--interpret", folder / "main.jan", "--"]
        return [binary]

    def run(self, programs, folder, mode, binary):
        """seed → (lines, trap text or None, position) or an explanation of what else happened. If nothing ran, the kind of failure and
        its explanation."""
        left = [p.seed for p in programs]
        found = {}
        while left:
            ran = self.process([*self.command(mode, folder, binary), *map(str, left)], RUN_LIMIT)
            parts = re.split(r"^program (\d+)\n", ran.out, flags=re.M)
            seen = [(int(parts[i]), parts[i + 1].splitlines()) for i in range(1, len(parts), 2)]
            panic = PANIC.search(ran.err)
            if not seen:
                return build_kind(ran), f"nothing was printed: {describe(ran)}"
            for seed, lines in seen:
                found[seed] = (lines, None, None)
            last = seen[-1][0]
            if ran.code == 0 and len(seen) == len(left):
                break
            lines = seen[-1][1]
            if panic and ran.code in (-6, 134):
                found[last] = (lines, panic[1], panic[2])
            else:
                found[last] = f"{describe(ran)} after: {lines[-3:]}"
                if self.first_only:
                    break
            left = left[left.index(last) + 1:]
        return found


def describe(ran):
    end = "did not end" if ran.code is None else f"ended by signal {-ran.code}" if ran.code < 0 else f"exit code {ran.code}"
    return f"{end}; {ran.err.strip()[:300]}"


def build_kind(built):
    if built.code is None:
        return "the build did not end"
    if built.code == 101 or built.code < 0:
        text = built.err.strip()
        return f"internal error {built.code}: " + re.sub(r"[\d%]+", "#", text.split(": ")[-1])[:80]
    said = re.search(r"error\[(E\d+)\]: (.*)", built.err)
    # The words without the names, which change when the program does.
    return f"rejected: {said[1]} " + re.sub(r"`[^`]*`", "``", said[2]) if said else f"rejected: {built.err[:60]}"


def runs_in(program, mode):
    return program.trap is None if mode == "fast" else mode != "constant" or not program.globals


def expected_lines(program, mode):
    return program.lines if mode != "constant" else None if program.trap else program.test_lines()


def compare(program, outcomes):
    position = None
    for mode, found in outcomes.items():
        if not runs_in(program, mode):
            continue
        seen = found.get(program.seed, "it was not reached")
        if isinstance(seen, str):
            return Failure([program.seed], mode, "crash", seen)
        lines, trap, at = seen
        expected = expected_lines(program, mode)
        if lines != expected:
            n = next((n for n, (a, b) in enumerate(zip(lines, expected)) if a != b), min(len(lines), len(expected)))
            return Failure([program.seed], mode, "output",
                           f"line {n + 1}: expected {expected[n:n + 1]}, printed {lines[n:n + 1]}; trap expected "
                           f"{program.trap!r}, was {trap!r} at {at}")
        if trap != program.trap:
            return Failure([program.seed], mode, "trap", f"trap expected {program.trap!r}, was {trap!r} at {at}")
        if at and position and position != at:
            return Failure([program.seed], mode, "position", f"{trap!r} at {at}, elsewhere at {position}")
        position = position or at
    return None
