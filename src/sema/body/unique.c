// Where unique values are on the paths of a body. A unique parameter, or what a pattern took out of a fresh value, may
// be handed on once; whether it has been is known per path: a branch that does not come back leaves no trace behind it,
// and one that does adds what it moved. Context.moved lists what has been handed on, the last first; a path is what was
// pushed since it began.
#include "sema/body/body.h"

void moved_note(Context *c, Local *local, Span span) {
    Moved *entry = ARENA_NEW(c->sema->arena, Moved);
    *entry = (Moved){.local = local, .before = c->moved};
    c->moved = entry;
    local->is_moved = true;
    local->moved_at = span;
}

MovedPath moved_take(Context *c, const Moved *start) {
    MovedPath path = {c->moved, start};
    for (; c->moved != start; c->moved = c->moved->before) c->moved->local->is_moved = false;
    return path;
}

void moved_give(Context *c, MovedPath path) {
    for (const Moved *m = path.last; m != path.start; m = m->before)
        if (!m->local->is_moved) moved_note(c, m->local, m->local->moved_at);
}
