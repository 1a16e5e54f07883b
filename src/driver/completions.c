// `janus completions SHELL`: a completion script for bash, zsh or fish on standard output, made from the tables alone.
// Commands complete first; then the options of the command given, and files where an argument is one.
#include "driver/usage.h"

static bool takes_files(const CommandInfo *c) { return strstr(c->arguments, "FILE") || strstr(c->arguments, "PATH"); }

static bool is_path(const OptionInfo *o) { return o->argument && strcmp(o->argument, "PATH") == 0; }

// Text inside single quotes of a shell; `'` ends them and begins new ones.
static void put_quoted(FILE *out, const char *text, const char *escaped) {
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else {
            if (strchr(escaped, *text)) fputc('\\', out);
            fputc(*text, out);
        }
    }
}

static void print_bash(FILE *out) {
    fputs("# Completion of janus for bash: source this file, or place it in bash-completion's folder.\n"
          "_janus() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} options='' files=no\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '--help --version",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) fprintf(out, " %s", command_infos[i].name);
    fputs("' -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "        %s) options='", command_infos[i].name);
        for (int k = 0, n = 0; k < OPTION_COUNT; k++)
            if (option_belongs(&option_infos[k], (Command)i))
                fprintf(out, "%s--%s%s", n++ ? " " : "", option_infos[k].name, option_infos[k].argument ? "=" : "");
        fprintf(out, "' files=%s ;;\n", takes_files(&command_infos[i]) ? "yes" : "no");
    }
    fputs("    esac\n"
          "    case $word in\n"
          "        -*)\n"
          "            COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "            [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null\n"
          "            ;;\n"
          "        *) [ \"$files\" = yes ] && COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _janus janus\n",
          out);
}

static void print_zsh_option(FILE *out, const OptionInfo *o) {
    if (o->letter) {
        fprintf(out, "                '-%c%s[", o->letter, o->argument ? "+" : "");
        put_quoted(out, o->help, "[]:\\");
        fprintf(out, "]%s%s%s' \\\n", o->argument ? ":" : "", o->argument ? o->argument : "",
                is_path(o)    ? ":_files"
                : o->argument ? ":"
                              : "");
    }
    fprintf(out, "                '--%s%s[", o->name, o->argument ? "=" : "");
    put_quoted(out, o->help, "[]:\\");
    fprintf(out, "]%s%s%s' \\\n", o->argument ? ":" : "", o->argument ? o->argument : "",
            is_path(o)    ? ":_files"
            : o->argument ? ":"
                          : "");
}

static void print_zsh(FILE *out) {
    fputs("#compdef janus\n"
          "# Completion of janus for zsh: place this file as _janus in a folder of $fpath.\n"
          "_janus() {\n"
          "    if (( CURRENT == 2 )); then\n"
          "        local -a commands=(\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "            '%s:", command_infos[i].name);
        put_quoted(out, command_infos[i].summary, ":\\");
        fputs("'\n", out);
    }
    fputs("        )\n        _describe command commands\n        return\n    fi\n"
          "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $command in\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "        %s)\n            _arguments -s -S \\\n", command_infos[i].name);
        for (int k = 0; k < OPTION_COUNT; k++)
            if (option_belongs(&option_infos[k], (Command)i)) print_zsh_option(out, &option_infos[k]);
        fprintf(out, "                %s ;;\n", takes_files(&command_infos[i]) ? "'*:file:_files'" : "'*:argument:'");
    }
    fputs("    esac\n}\n_janus \"$@\"\n", out);
}

static void print_fish(FILE *out) {
    fputs("# Completion of janus for fish: place this file as janus.fish in ~/.config/fish/completions.\n"
          "complete -c janus -f\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "complete -c janus -n __fish_use_subcommand -a %s -d '", command_infos[i].name);
        put_quoted(out, command_infos[i].summary, "\\");
        fputs("'\n", out);
        if (takes_files(&command_infos[i]))
            fprintf(out, "complete -c janus -n '__fish_seen_subcommand_from %s' -F\n", command_infos[i].name);
    }
    for (int k = 0; k < OPTION_COUNT; k++) {
        const OptionInfo *o = &option_infos[k];
        fputs("complete -c janus -n '__fish_seen_subcommand_from", out);
        for (int i = 0; i < COMMAND_COUNT; i++)
            if (option_belongs(o, (Command)i)) fprintf(out, " %s", command_infos[i].name);
        fprintf(out, "' -l %s", o->name);
        if (o->letter) fprintf(out, " -s %c", o->letter);
        if (o->argument) fputs(is_path(o) ? " -r -F" : " -x", out);
        fputs(" -d '", out);
        put_quoted(out, o->help, "\\");
        fputs("'\n", out);
    }
}

int command_completions(const Options *options) {
    const char *shell = options->arguments[0];
    if (options->argument_count == 1 && strcmp(shell, "bash") == 0)
        print_bash(stdout);
    else if (options->argument_count == 1 && strcmp(shell, "zsh") == 0)
        print_zsh(stdout);
    else if (options->argument_count == 1 && strcmp(shell, "fish") == 0)
        print_fish(stdout);
    else {
        fprintf(stderr, "janus: completions are there for bash, zsh and fish, not `%s`\n", shell);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}
