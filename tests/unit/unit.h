// What every unit test includes: cmocka with the headers it asks for, and the ground floor.
#ifndef JANUS_UNIT_H
#define JANUS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

#endif
