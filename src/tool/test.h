// `janus test`: compiles the test blocks of files and runs each in a process of its own.
#ifndef JANUS_TOOL_TEST_H
#define JANUS_TOOL_TEST_H

#include "driver/options.h"

int command_test(const Options *options);

#endif
