// Names of token and tree kinds, generated from the two lists so that a new kind cannot be forgotten here.
#include "syntax/ast.h"

static const char *const TOKEN_TEXTS[TOKEN_KIND_COUNT] = {
#define TOKEN(kind, text) [TOKEN_##kind] = text,
#include "syntax/tokens.def"
};

static const char *const NODE_NAMES[NODE_KIND_COUNT] = {
#define NODE(kind, name) [NODE_##kind] = name,
#include "syntax/ast.def"
#undef NODE
};

const char *token_kind_text(TokenKind kind) {
    ENSURE((unsigned)kind < TOKEN_KIND_COUNT);
    return TOKEN_TEXTS[kind];
}

const char *node_kind_name(NodeKind kind) {
    ENSURE((unsigned)kind < NODE_KIND_COUNT);
    return NODE_NAMES[kind];
}
