// Calls that may nest as deep as memory allows, where the depth of the machine's own stack would be the limit: when that
// is nearly used up, the call runs on a stack of its own.
#ifndef JANUS_BASE_DEEP_H
#define JANUS_BASE_DEEP_H

// Where the stack in use ends. Zeroed at first; one for each chain of calls that nest.
typedef struct DeepStack {
    char *lowest;
} DeepStack;

// Runs `call(context)` with at least 6 MiB of stack before it and comes back when it has ended. Only one stack runs at any time,
// so what the caller owns may be used as in any call. When there is no memory for another stack that is an internal error.
void deep_call(DeepStack *stack, void (*call)(void *context), void *context);

#endif
