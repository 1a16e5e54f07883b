// Where the ground floor asks how badly it is to be treated. In every build but the hostile one (hostile.c) the answers
// are constants.
#ifndef JANUS_BASE_HOSTILE_H
#define JANUS_BASE_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef JANUS_HOSTILE
enum { HOSTILE = 1 };
bool hostile_allocation_fails(void);
uint32_t hostile_slot(uint64_t hash, uint32_t slot_count);
#else
enum { HOSTILE = 0 };
static inline bool hostile_allocation_fails(void) { return false; }
static inline uint32_t hostile_slot(uint64_t hash, uint32_t slot_count) { return (uint32_t)hash & (slot_count - 1); }
#endif

// Where in a hash table of a power of two slots the search for `hash` begins.
static inline uint32_t hash_slot(uint64_t hash, uint32_t slot_count) { return hostile_slot(hash, slot_count); }

#endif
