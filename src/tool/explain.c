// Prints the page of a code: the rule with a wrong and a right example. Pages are Markdown made of headings, paragraphs
// and fenced programs, and are shown as text: headings bare, programs indented under a line that says which one it is.
#include "tool/explain.h"

#include <ctype.h>
#include <stdio.h>

#include "diag/diag.h"

static const char *page_of(const char *code) {
    for (const ExplainPage *page = explain_pages; page->code; page++)
        if (strcmp(page->code, code) == 0) return page->text;
    return NULL;
}

static bool begins(const char *line, const char *prefix) { return strncmp(line, prefix, strlen(prefix)) == 0; }

static void print_page(const char *text) {
    bool program = false;
    for (const char *line = text; *line;) {
        const char *end = strchr(line, '\n');
        int len = (int)(end ? (size_t)(end - line) : strlen(line));
        if (begins(line, "```janus wrong"))
            fputs("Wrong:\n\n", stdout);
        else if (begins(line, "```janus right"))
            fputs("Right:\n\n", stdout);
        else if (begins(line, "# "))
            printf("%.*s\n", len - 2, line + 2);
        else if (!begins(line, "```"))
            printf("%s%.*s\n", program && len > 0 ? "    " : "", len, line);
        if (begins(line, "```")) program = !program;
        line += len + (end != NULL);
    }
}

static bool explain(const char *written) {
    char name[8] = "";
    for (size_t i = 0; written[i] && i + 1 < sizeof name; i++) name[i] = (char)toupper((unsigned char)written[i]);
    uint32_t code = 0;
    while (code < DIAG_CODE_COUNT &&
           (strlen(written) >= sizeof name || strcmp(diag_code_name((DiagCode)code), name) != 0))
        code++;
    if (code == DIAG_CODE_COUNT) {
        fprintf(stderr, "janus: no diagnostic has the code `%s` (janus explain lists them)\n", written);
        return false;
    }
    const char *page = page_of(name);
    if (page)
        print_page(page);
    else
        printf("%s: %s\n", name, diag_code_title((DiagCode)code));
    return true;
}

int command_explain(const Options *options) {
    if (options->argument_count == 0)
        for (uint32_t i = 0; i < DIAG_CODE_COUNT; i++)
            printf("%s  %s\n", diag_code_name((DiagCode)i), diag_code_title((DiagCode)i));
    bool ok = true;
    for (uint32_t i = 0; i < options->argument_count; i++) {
        if (i > 0) putchar('\n');
        ok &= explain(options->arguments[i]);
    }
    return ok ? EXIT_OK : EXIT_USAGE;
}
