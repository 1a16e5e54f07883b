"""Builds the programs of the benchmark. What cannot be built is reported as missing, with the reason, and left out."""
import os
import pathlib
import platform
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
C_FLAGS = ["-O2", "-Wall", "-Wextra", "-Wno-unused-function", "-pthread"]
# Debian's librust-*-dev packages; nothing comes over the network.
REGISTRY = pathlib.Path("/usr/share/cargo/registry")
TWIN_COMPILER = "clang-19"


class Programs(dict):
    def __init__(self):
        super().__init__()
        self.missing, self.versions = {}, {}


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().split("\n")[0]
    except OSError:
        return ""


def attempt(programs, name, what, commands, output, env=None, cwd=None):
    for command in commands:
        if not shutil.which(str(command[0])):
            programs.missing[what] = f"{command[0]} is not installed"
            return
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env={**os.environ, **(env or {})}, cwd=cwd)
        if done.returncode != 0:
            lines = [line for line in (done.stderr + done.stdout).split("\n") if "error" in line] or ["failed"]
            programs.missing[what] = f"{command[0]}: {lines[0].strip()}"
            return
    programs[name] = output


def package_versions(names):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${binary:Package} ${Version}, ", *names], capture_output=True, text=True)
    return done.stdout.rstrip(", ")


def build_rust(programs, work):
    # From a copy, since cargo writes its lock file beside the manifest.
    source = work / "rust"
    shutil.copytree(HERE / "rust", source, dirs_exist_ok=True)
    (source / "Cargo.lock").unlink(missing_ok=True)
    command = ["cargo", "build", "--release", "--offline", "--config", 'source.crates-io.replace-with="debian"',
               "--config", f'source.debian.directory="{REGISTRY}"']
    attempt(programs, "rust", "Rust std, crossbeam, parking_lot", [command], work / "cargo/release/bench-sync",
            {"CARGO_TARGET_DIR": str(work / "cargo")}, source)


def build_all(janus, work):
    work.mkdir(parents=True, exist_ok=True)
    programs = Programs()
    # Without the flag clang makes an ordinary prefetch of one for writing; Janus does not.
    prefetch = ["-mprfchw"] if platform.machine() == "x86_64" else []
    c, clang = HERE / "c", [TWIN_COMPILER, "-std=gnu17", *C_FLAGS, *prefetch]
    attempt(programs, "probe", "the probe", [[*clang, c / "probe.c", "-o", work / "probe"]], work / "probe")
    attempt(programs, "twin", "the C twins", [[*clang, c / "twin.c", "-o", work / "twin"]], work / "twin")
    attempt(programs, "peers_c", "glibc, nsync, Concurrency Kit",
            [[*clang, c / "peers.c", "-o", work / "peers_c", "-lnsync", "-lck"]], work / "peers_c")
    attempt(programs, "peers_cpp", "Boost.Lockfree, oneTBB",
            [["clang++-19", "-std=c++17", *C_FLAGS, c / "peers.cpp", "-o", work / "peers_cpp", "-ltbb"]], work / "peers_cpp")
    attempt(programs, "go", "Go", [["go", "build", "-o", work / "go_peers", HERE / "go/main.go"]], work / "go_peers",
            {"GO111MODULE": "off"})
    build_rust(programs, work)
    attempt(programs, "janus", "Janus", [[janus, "build", HERE / "janus/main.jan", "-o", work / "janus", "--release"]], work / "janus")
    for needed in ("probe", "janus"):
        if needed not in programs:
            raise SystemExit(f"bench-sync: cannot build: {programs.missing}")
    programs.versions = {
        "Janus": first_line([str(janus), "--version"]) + ", --release (all checks on)",
        "C": first_line([TWIN_COMPILER, "--version"]) + ", -O2",
        "Rust": first_line(["rustc", "--version"]) + ", opt-level 3, fat LTO",
        "Go": first_line(["go", "version"]),
        "packages": package_versions(["libc6", "libnsync-dev", "libck-dev", "libboost-dev", "libtbb-dev", "librust-crossbeam-channel-dev",
                                      "librust-crossbeam-queue-dev", "librust-parking-lot-dev"]),
    }
    return programs
