# Completion of janus for bash: source this file, or place it in bash-completion's folder.
_janus() {
    local word=${COMP_WORDS[COMP_CWORD]} options='' files=no
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '--help --version build run check test verify fmt fix explain completions manual' -- "$word"))
        return
    fi
    case ${COMP_WORDS[1]} in
        build) options='--output= --release --fast --emit= --target= --jobs= --libc --freestanding --link= --sanitize= --time --json --help' files=yes ;;
        run) options='--release --fast --target= --jobs= --libc --link= --sanitize= --time --json --interpret --seed= --steps= --memory= --frames= --help' files=yes ;;
        check) options='--target= --libc --freestanding --time --json --help' files=yes ;;
        test) options='--release --fast --target= --jobs= --libc --link= --sanitize= --time --json --filter= --timeout= --interpret --seed= --seeds= --steps= --memory= --frames= --help' files=yes ;;
        verify) options='--help' files=yes ;;
        fmt) options='--check --stdin --help' files=yes ;;
        fix) options='--check --help' files=yes ;;
        explain) options='--help' files=no ;;
        completions) options='--help' files=no ;;
        manual) options='--help' files=no ;;
    esac
    case $word in
        -*)
            COMPREPLY=($(compgen -W "$options" -- "$word"))
            [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
            ;;
        *) [ "$files" = yes ] && COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F _janus janus
