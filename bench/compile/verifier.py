#!/usr/bin/env python3
"""What the verifier costs: verifier.py --janus build/janus [--rounds N]. It runs in every build, after lowering and after each pass.

Built are all files of the standard library with their test blocks, which use all of it, and the key-value service; in debug and in
release mode, with one job. Each compilation says with --time what its phases took; `verify` appears once for each run of the
verifier. The share is that of the whole compilation, from reading the source to linking. The exit code is 1 when a
release build of the library spends 5 % or more on it.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMIT = 0.05
PHASE = re.compile(r"^(\S[^\n]*?) +([0-9.]+) ms$", re.MULTILINE)  # its parts are indented


def phases(command):
    """Milliseconds by name, over all compilations of the command."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    sums = {}
    for name, milliseconds in PHASE.findall(done.stderr):
        sums[name] = sums.get(name, 0) + float(milliseconds)
    if not sums.get("total") or not sums.get("verify"):
        sys.exit(f"{' '.join(command)}: --time names no verifier")
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--janus", default="build/janus")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    janus, shares = str(pathlib.Path(arguments.janus).resolve()), {}
    print(f"{'':40}  verify ms  total ms  share (of {arguments.rounds} rounds, least-most)")
    with tempfile.TemporaryDirectory(prefix="janus-bench-") as folder:
        for mode, flags in (("debug", []), ("release", ["--release"])):
            # No test has this name: the files are compiled, nothing is run.
            library = [janus, "test", str(ROOT / "std"), "-j1", "--time", "--filter", "\x01", *flags]
            service = [janus, "build", str(ROOT / "apps/kv/main.jan"), "-o", f"{folder}/kv", "-j1", "--time", *flags]
            for name, command in (("standard library and its tests", library), ("key-value service", service)):
                runs = [phases(command) for _ in range(arguments.rounds)]
                rates = [run["verify"] / run["total"] for run in runs]
                shares[mode, name] = statistics.median(rates)
                print(f"{mode + ', ' + name:40}  {statistics.median(r['verify'] for r in runs):8.1f}  {statistics.median(r['total'] for r in runs):8.0f}"
                      f"  {statistics.median(rates):5.2%} ({min(rates):.2%}-{max(rates):.2%})", flush=True)
    met = shares["release", "standard library and its tests"] < LIMIT
    print(f"{'met   ' if met else 'MISSED'} the verifier takes less than {LIMIT:.0%} of a release build of the standard library")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
