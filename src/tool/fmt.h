// `janus fmt`: files in their one layout.
#ifndef JANUS_TOOL_FMT_H
#define JANUS_TOOL_FMT_H

#include "driver/options.h"

int command_fmt(const Options *options);

#endif
