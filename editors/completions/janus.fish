# Completion of janus for fish: place this file as janus.fish in ~/.config/fish/completions.
complete -c janus -f
complete -c janus -n __fish_use_subcommand -a build -d 'compile a program to an executable'
complete -c janus -n '__fish_seen_subcommand_from build' -F
complete -c janus -n __fish_use_subcommand -a run -d 'compile a program and run it'
complete -c janus -n '__fish_seen_subcommand_from run' -F
complete -c janus -n __fish_use_subcommand -a check -d 'report errors in files, or in all files in folders; write nothing'
complete -c janus -n '__fish_seen_subcommand_from check' -F
complete -c janus -n __fish_use_subcommand -a test -d 'compile and run the test blocks of files, or of all files in folders'
complete -c janus -n '__fish_seen_subcommand_from test' -F
complete -c janus -n __fish_use_subcommand -a verify -d 'read QTJIR text and run the verifier on it'
complete -c janus -n '__fish_seen_subcommand_from verify' -F
complete -c janus -n __fish_use_subcommand -a fmt -d 'lay files out, or all files in folders, in the one style; comments stay where they are'
complete -c janus -n '__fish_seen_subcommand_from fmt' -F
complete -c janus -n __fish_use_subcommand -a fix -d 'apply the fixes that diagnostics are certain of, to files or all files in folders'
complete -c janus -n '__fish_seen_subcommand_from fix' -F
complete -c janus -n __fish_use_subcommand -a explain -d 'say what a diagnostic code means, with examples; without a code, list all'
complete -c janus -n __fish_use_subcommand -a completions -d 'print a completion script for bash, zsh or fish'
complete -c janus -n __fish_use_subcommand -a manual -d 'print the manual page in man format'
complete -c janus -n '__fish_seen_subcommand_from build' -l output -s o -r -F -d 'write to PATH (- is standard output, where that makes sense)'
complete -c janus -n '__fish_seen_subcommand_from build run test' -l release -d 'optimise, keep every check'
complete -c janus -n '__fish_seen_subcommand_from build run test' -l fast -d 'optimise, drop overflow, bounds and null checks'
complete -c janus -n '__fish_seen_subcommand_from build' -l emit -x -d 'stop at qtjir, llvm, asm or obj; these need no `main`'
complete -c janus -n '__fish_seen_subcommand_from build run check test' -l target -x -d 'build for x86_64-linux or aarch64-linux (default: this machine)'
complete -c janus -n '__fish_seen_subcommand_from build run test' -l jobs -s j -x -d 'emit the units of a large program on N threads (default: one per processor)'
complete -c janus -n '__fish_seen_subcommand_from build run check test' -l libc -d 'link the platform'\''s C library'
complete -c janus -n '__fish_seen_subcommand_from build check' -l freestanding -d 'an object that needs no operating system: see --emit=obj'
complete -c janus -n '__fish_seen_subcommand_from build run test' -l link -s l -x -d 'link a C library; implies --libc'
complete -c janus -n '__fish_seen_subcommand_from build run test' -l sanitize -x -d 'address, thread or undefined; implies --libc'
complete -c janus -n '__fish_seen_subcommand_from build run check test' -l time -d 'print the milliseconds each phase took'
complete -c janus -n '__fish_seen_subcommand_from build run check test' -l json -d 'print diagnostics as JSON, one object a line'
complete -c janus -n '__fish_seen_subcommand_from test' -l filter -x -d 'run only tests whose name contains TEXT'
complete -c janus -n '__fish_seen_subcommand_from test' -l timeout -x -d 'stop a test after SECONDS (default 10)'
complete -c janus -n '__fish_seen_subcommand_from fmt fix' -l check -d 'write nothing; name the files that would change and exit with 1 if there are any'
complete -c janus -n '__fish_seen_subcommand_from fmt' -l stdin -d 'format standard input to standard output'
complete -c janus -n '__fish_seen_subcommand_from run test' -l interpret -d 'run under the interpreter, which stops at undefined behaviour'
complete -c janus -n '__fish_seen_subcommand_from run test' -l seed -x -d 'with --interpret: the order in which threads take turns (default 0)'
complete -c janus -n '__fish_seen_subcommand_from test' -l seeds -x -d 'with --interpret: try N seeds for each test that starts threads (default 1)'
complete -c janus -n '__fish_seen_subcommand_from run test' -l steps -x -d 'with --interpret: stop after N instructions (default for tests 200000000)'
complete -c janus -n '__fish_seen_subcommand_from run test' -l memory -x -d 'with --interpret: memory limit (default 1024)'
complete -c janus -n '__fish_seen_subcommand_from run test' -l frames -x -d 'with --interpret: limit of open calls (default 100000)'
complete -c janus -n '__fish_seen_subcommand_from build run check test verify fmt fix explain completions manual' -l help -s h -d 'show this help'
