// Names of tokens, tree kinds and operators, generated from their lists so that a new one cannot be forgotten here.
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

static const char *const BINARY_TEXTS[] = {
#define OPERATOR(kind, text, token, precedence, group) text,
#include "syntax/operators.def"
    "",
};

static const OperatorGroup BINARY_GROUPS[] = {
#define OPERATOR(kind, text, token, precedence, group) OPERATOR_##group,
#include "syntax/operators.def"
};

const char *binary_op_text(BinaryOp op) {
    ENSURE((unsigned)op < ARRAY_LEN(BINARY_TEXTS));
    return BINARY_TEXTS[op];
}

OperatorGroup binary_op_group(BinaryOp op) {
    ENSURE((unsigned)op < ARRAY_LEN(BINARY_GROUPS));
    return BINARY_GROUPS[op];
}
