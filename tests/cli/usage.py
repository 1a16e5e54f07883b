"""Exit codes and messages: what the command line takes and what it refuses."""
import json

from _cli import HELLO, TEST, WRONG, check, folder_with, janus, run, same

COMMANDS = ["build", "run", "check", "test", "verify", "fmt", "fix", "explain", "completions", "manual"]

WRONG_USAGE = [
    [], ["nonsense"], ["-V"], ["help", "build"], ["--help", "x"], ["--version", "x"],
    ["build"], ["run"], ["check"], ["test"], ["verify"], ["fix"], ["completions"], ["completions", "tcsh"],
    ["manual", "x"], ["explain", "E9999"], ["explain", "1"],
    ["build", "hello.jan", "wrong.jan"], ["build", "hello.jan", "-o"], ["build", "hello.jan", "-o", ""],
    ["build", "hello.jan", "-o", "-"], ["build", "hello.jan", "--output="],
    ["build", "hello.jan", "--emit=exe"], ["build", "hello.jan", "--target=vax"], ["build", "hello.jan", "-j0"],
    ["build", "hello.jan", "--sanitize=memory"], ["build", "hello.jan", "--release", "--fast"],
    ["build", "hello.jan", "--filter=x"], ["run", "--emit=asm", "hello.jan"], ["check", "--fast", "hello.jan"],
    ["test", "one.jan", "--timeout=0"], ["test", "one.jan", "--timeout=x"], ["fmt", "--stdin", "hello.jan"],
    ["explain", "--json", "E0001"], ["build", "--bogus", "hello.jan"], ["--bogus"],
]


def test_wrong_usage():
    with folder_with(hello=HELLO, wrong=WRONG, one=TEST) as folder:
        before = sorted(folder.iterdir())
        for arguments in WRONG_USAGE:
            done = janus(folder, *arguments)
            same(done.returncode, 2, str(arguments))
            same(done.stdout, "", str(arguments))
            check(done.stderr.startswith("usage: janus " if not arguments else "janus: "), done)
        same(sorted(folder.iterdir()), before)


def test_help_and_version():
    with folder_with() as folder:
        for arguments in [["--help"], ["-h"], ["help"], ["--version"], *([c, "--help"] for c in COMMANDS),
                          *([c, "-h"] for c in COMMANDS)]:
            done = janus(folder, *arguments)
            same((done.returncode, done.stderr), (0, ""), str(arguments))
            check(len(done.stdout) > 5, str(arguments))
        overview = janus(folder, "--help").stdout
        for command in COMMANDS:
            check(f"\n  {command} " in overview, command)
            check(f"usage: janus {command}" in janus(folder, command, "--help").stdout, command)


def test_errors_in_programs_are_one():
    with folder_with(wrong=WRONG, empty="", zero="func main() do\0end\n") as folder:
        (folder / "folder.jan").mkdir()
        (folder / "loop.jan").symlink_to("loop.jan")
        for name in ("wrong", "empty", "zero", "folder", "loop", "missing"):
            done = janus(folder, "build", f"{name}.jan")
            same(done.returncode, 1, name)
            check("1 error\n" in done.stderr, done)
            check(not (folder / name).exists(), f"{name} was written")
            same(janus(folder, "run", f"{name}.jan").returncode, 1, name)
        same(janus(folder, "check", "wrong.jan", "empty.jan").returncode, 1)
        line = json.loads(janus(folder, "check", "--json", "missing.jan").stderr)
        same(line["code"], "E1014")


def test_marks_and_line_ends():
    with folder_with(hello=HELLO) as folder:
        text = (folder / "hello.jan").read_bytes()
        (folder / "bom.jan").write_bytes(b"\xef\xbb\xbf" + text)
        (folder / "crlf.jan").write_bytes(text.replace(b"\n", b"\r\n"))
        for name in ("bom.jan", "crlf.jan"):
            done = janus(folder, "run", name)
            same((done.returncode, done.stdout, done.stderr), (0, "hello\n", ""), name)
            same(janus(folder, "fmt", name).returncode, 0, name)
            same((folder / name).read_bytes(), text, name)


def test_folders_are_the_files_in_them():
    loose = "func main()  do\nend\n"
    with folder_with() as folder:
        deep = folder / "all" / "deep"
        deep.mkdir(parents=True)
        (deep / "up").symlink_to("..")
        (deep / "loose.jan").write_text(loose)
        (deep / "notes.txt").write_text(loose)
        (deep / ".hidden.jan").write_text(loose)
        (folder / "all" / "laid_out.jan").write_text(HELLO)
        done = janus(folder, "fmt", "--check", "all")
        same((done.returncode, done.stdout, done.stderr), (1, "all/deep/loose.jan\n", ""))
        same(janus(folder, "fmt", "all").returncode, 0)
        same((deep / "loose.jan").read_text(), "func main() do end\n")
        same((deep / "notes.txt").read_text(), loose)
        same((deep / ".hidden.jan").read_text(), loose)
        same(janus(folder, "check", "all").returncode, 0)
        (deep / "wrong.jan").write_text(WRONG)
        (deep / "mended.jan").write_text("func main() do\n    let a = 1;\n    println(a)\nend\n")
        done = janus(folder, "check", "all")
        same(done.returncode, 1)
        check("all/deep/wrong.jan:2:" in done.stderr and "all/deep/mended.jan:2:" in done.stderr, done)
        same(janus(folder, "fix", "all").returncode, 1)
        same((deep / "mended.jan").read_text(), "func main() do\n    let a = 1\n    println(a)\nend\n")
        chain = folder / "chain"
        for _ in range(70):
            chain.mkdir()
            chain = chain / "d"
        done = janus(folder, "check", "chain")
        same(done.returncode, 1)
        check(done.stderr.startswith("janus: cannot read chain/d/"), done)


run(globals())
