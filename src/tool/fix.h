// `janus fix`: applies what diagnostics are certain of.
#ifndef JANUS_TOOL_FIX_H
#define JANUS_TOOL_FIX_H

#include "driver/options.h"

int command_fix(const Options *options);

#endif
