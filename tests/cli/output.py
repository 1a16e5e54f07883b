"""Where results go: names, streams that are full or closed, files that must stay as they are."""
import os
import subprocess

from _cli import HELLO, JANUS, TEST, WRONG, check, environment, folder_with, janus, names, run, same


def test_names():
    with folder_with() as folder:
        inner = folder / "a b" / "größe 日本"
        inner.mkdir(parents=True)
        for name, program in (("-x.jan", "-x"), ("@x.jan", "@x"), ("ö ß.jan", "ö ß"), ("plain", "plain.out"),
                              (".jan", ".jan.out"), ("two.dots.jan", "two.dots")):
            (inner / name).write_text(HELLO)
            for options in ([], ["--libc"]):
                done = janus(folder, "build", *options, "--", name, cwd=inner)
                same((done.returncode, done.stdout, done.stderr), (0, "", ""), name)
                same(subprocess.run([inner / program], capture_output=True, text=True).stdout, "hello\n", name)
                (inner / program).unlink()
            same(janus(folder, "build", inner / name, "-o", "a b/out put").returncode, 0, name)
            same(subprocess.run([folder / "a b/out put"], capture_output=True, text=True).stdout, "hello\n", name)


def test_a_source_is_never_overwritten():
    with folder_with(hello="use part\n\nfunc main() do\n    part.say()\nend\n",
                     part='pub func say() do\n    println("hello")\nend\n') as folder:
        (folder / "link").symlink_to("hello.jan")
        os.link(folder / "hello.jan", folder / "hard")
        before = {name: (folder / f"{name}.jan").read_text() for name in ("hello", "part")}
        for output in ("hello.jan", "./hello.jan", "link", "hard", "part.jan"):
            for options in ([], ["--emit=llvm"], ["--emit=qtjir"], ["--emit=obj"]):
                done = janus(folder, "build", "hello.jan", *options, "-o", output)
                same(done.returncode, 2, output)
                check("is a source of the program" in done.stderr, done)
        same({name: (folder / f"{name}.jan").read_text() for name in before}, before)


def test_places_that_cannot_be_written():
    with folder_with(hello=HELLO) as folder:
        (folder / "taken").mkdir()
        before = names(folder)
        for output in ("missing/out", "taken", "hello.jan/out"):
            for options in ([], ["--emit=llvm"], ["--emit=asm"], ["--emit=qtjir"], ["--emit=obj"]):
                done = janus(folder, "build", "hello.jan", *options, "-o", output)
                same(done.returncode, 1, f"{options} {output}")
                check("janus: " in done.stderr and "LLVM ERROR" not in done.stderr, done)
        for kind in ("llvm", "asm", "qtjir", "obj"):
            done = janus(folder, "build", "hello.jan", f"--emit={kind}", "-o", "/dev/full")
            same((done.returncode, done.stderr), (1, "janus: cannot write /dev/full: No space left on device\n"), kind)
        same(names(folder), before)
        done = janus(folder, "run", "hello.jan", env=dict(environment(folder), TMPDIR="/nonexistent"))
        same(done.stderr, "janus: cannot make a temporary file in /nonexistent: No such file or directory\n")
        same(done.returncode, 1)


# What prints a result, and what comes first on standard output.
PRINTERS = [["--help"], ["--version"], ["build", "--help"], ["manual"], ["completions", "bash"], ["explain"],
            ["explain", "E0001"], ["test", "one.jan"], ["fmt", "--check", "ugly.jan"], ["fix", "fixable.jan"],
            *(["build", "hello.jan", f"--emit={kind}", "-o", "-"] for kind in ("qtjir", "llvm", "asm", "obj"))]


def test_lost_output_is_an_error():
    with folder_with(hello=HELLO, one=TEST, ugly="func  main() do\nend\n", fixable="fn main() do\nend\n") as folder:
        for arguments in PRINTERS:
            with open("/dev/full", "w") as full:
                done = janus(folder, *arguments, stdout=full)
            same(done.returncode, 1, str(arguments))
            if arguments[0] != "fmt":
                check("janus: cannot write standard output" in done.stderr, done)
            (folder / "fixable.jan").write_text("fn main() do\nend\n")


def shell(folder, command):
    return subprocess.run(["sh", "-c", command, JANUS], cwd=folder, env=environment(folder), capture_output=True,
                          text=True, timeout=60)


def test_closed_streams():
    with folder_with(hello=HELLO, wrong=WRONG) as folder:
        same(shell(folder, '"$0" build hello.jan -o right').returncode, 0)
        for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"):
            same(shell(folder, f'"$0" build hello.jan -o out {closed}').returncode, 0, closed)
            same((folder / "out").read_bytes(), (folder / "right").read_bytes(), closed)
            same(shell(folder, f'"$0" build wrong.jan -o bad {closed}').returncode, 1, closed)
            check(not (folder / "bad").exists(), closed)
        same(shell(folder, '"$0" --version >&-').returncode, 1)
        same(shell(folder, '"$0" fmt --stdin <&-').returncode, 1)
        # The object would have been file 2, and a message of the linker would have gone into it.
        done = shell(folder, '"$0" build hello.jan -o missing/out <&- >&- 2>&-')
        same(done.returncode, 1)


def test_builds_at_once():
    with folder_with(one=HELLO, two=HELLO.replace("hello", "other")) as folder:
        running = [subprocess.Popen([JANUS, "build", f"{name}.jan", "-o", "out"], cwd=folder, env=environment(folder))
                   for name in ("one", "two") * 4]
        for process in running:
            same(process.wait(60), 0)
        printed = subprocess.run([folder / "out"], capture_output=True, text=True).stdout
        check(printed in ("hello\n", "other\n"), printed)
        same(names(folder), ["one.jan", "out", "tmp", "two.jan"])
        same(names(folder / "tmp"), [])


run(globals())
