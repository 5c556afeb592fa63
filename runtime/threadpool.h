// The thread pool: one parallel region at a time, joined by whichever workers come in time.
//
// A region is one function that every participant runs once. The caller publishes it, runs it
// itself, then closes the door and waits only for the workers that came in before it closed. A
// worker whose core was taken away by another process is never waited for, because the loops of a
// region hand out iterations on demand (worksharing.c) and the caller drains what is left.
//
// A worker has the same id in every region. With its id come its shares of the loops, so that the
// rows of a tensor which one region left in a core's cache are read there by the next.
#ifndef AICC_RT_THREADPOOL_H
#define AICC_RT_THREADPOOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef void (*region_fn)(int32_t *global_id, int32_t *bound_id, void *arg);

// The part of a loop that belongs to one thread, in a cache line of its own: worksharing.c.
struct share {
  _Alignas(64) _Atomic uint64_t word;
};

// Everything a participant touches on its way in is in one cache line: each further line costs a
// transfer between cores, about 0.1 us, per region.
struct region {
  // Bits 63..32 region number, 31..16 places for workers, 15..0 workers inside: threadpool.c.
  _Alignas(64) _Atomic uint64_t door;
  struct share *shares;  // one per thread
  region_fn fn;
  void *arg;
  int32_t threads;  // most participants, the caller included
  uint32_t loops_before;  // of all regions that used the same shares
  uint32_t mxcsr;   // the caller's rounding and denormal mode, so that all chunks compute alike
  _Atomic uint32_t loop_waiters;
  _Atomic uint32_t caller_sleeps;  // until the last worker is out
};

// The loop this thread is in; every participant of a region has its own, equal, copy.
struct loop_slice {
  uint64_t first, trip, step;
  uint64_t grain;   // iterations per unit
  uint32_t units;
  int32_t share;    // whose units are being claimed; its own first
  int32_t visited;  // shares found empty
  bool holds;       // has claimed units of that share that others may have to wait for
};

struct thread {
  int32_t id;                 // within the region; the caller is 0
  int32_t requested_threads;  // of the next region; 0: the whole pool
  int32_t open_runs;
  uint32_t loops_begun;       // counted on from the region's loops_before
  struct region *region;      // NULL outside
  struct loop_slice slice;
};

extern _Thread_local struct thread current_thread;

// Run fn on up to `threads` threads (0: all); serially inside a region or when the pool is taken.
void run_region(region_fn fn, void *arg, int32_t threads);

#endif
