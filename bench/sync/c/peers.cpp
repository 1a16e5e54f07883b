// The peers written in C++: Boost.Lockfree and oneTBB.
#include "cells.h"
#include <boost/lockfree/spsc_queue.hpp>
#include <new>
#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/spin_mutex.h>

// Made in place, as their states are static and the capacity comes from the command line.
template <class T> struct Late {
    alignas(128) unsigned char bytes[sizeof(T)];
    T *get() { return reinterpret_cast<T *>(bytes); }
};

using BoostQueue = boost::lockfree::spsc_queue<uint64_t>;
using TbbQueue = oneapi::tbb::concurrent_bounded_queue<uint64_t>;

static void make_tbb(Late<TbbQueue> *q, uint64_t capacity)
{
    new (q->bytes) TbbQueue;
    q->get()->set_capacity((TbbQueue::size_type)capacity);
}

static bool tbb_push(Late<TbbQueue> *q, uint64_t v)
{
    q->get()->push(v);
    return true;
}

static bool tbb_pop(Late<TbbQueue> *q, uint64_t *v)
{
    q->get()->pop(*v);
    return true;
}

LOCK_CELL(tbb_lock, oneapi::tbb::mutex, (void)l, l->lock(), l->unlock())
LOCK_CELL(tbb_spin, oneapi::tbb::spin_mutex, (void)l, l->lock(), l->unlock())
QUEUE_CELL(boost_queue, Late<BoostQueue>, new (q->bytes) BoostQueue(capacity), q->get()->push(v), q->get()->pop(v))
BATCH_CELL(boost_batch, Late<BoostQueue>, new (q->bytes) BoostQueue(capacity), q->get()->push(vs, count), q->get()->pop(vs, count))
QUEUE_CELL(tbb_try, Late<TbbQueue>, make_tbb(q, capacity), q->get()->try_push(v), q->get()->try_pop(v))
QUEUE_CELL(tbb_chan, Late<TbbQueue>, make_tbb(q, capacity), tbb_push(q, v), tbb_pop(q, &v))

int main(int argc, char **argv)
{
    static const CellEntry entries[] = {
        {"tbb", "wait", tbb_lock_turns},
        {"tbb", "lock", tbb_lock},        {"tbb_spin", "lock", tbb_spin}, {"boost", "try", boost_queue},
        {"boost", "batch", boost_batch},  {"tbb", "try", tbb_try},        {"tbb", "chan", tbb_chan},
    };
    return cells_main(argc, argv, entries, sizeof entries / sizeof entries[0]);
}
