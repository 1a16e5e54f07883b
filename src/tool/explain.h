// `janus explain`: what a diagnostic code means.
#ifndef JANUS_TOOL_EXPLAIN_H
#define JANUS_TOOL_EXPLAIN_H

#include "driver/options.h"

// The pages of docs/explain, compiled in. The last one has no code.
typedef struct ExplainPage {
    const char *code, *text;
} ExplainPage;
extern const ExplainPage explain_pages[];

int command_explain(const Options *options);

#endif
