// One 64-bit word per region holds everything the participants share about its loops:
//
//   bits 63..42  number of the loop being handed out (loops of a region are numbered from 1)
//   bits 41..32  holders: threads with claimed, unfinished iterations
//   bits 31..0   next unclaimed unit of that loop
//
// A thread reaches loop k only after it found loop k-1 fully claimed, so the first one to arrive
// may move the word on to k. A thread that finds a later number knows that its own loop is over:
// a worker that comes late walks through all finished loops without waiting.
#include "worksharing.h"

#include "futex.h"
#include "threadpool.h"

enum { NEXT_BITS = 32, HOLDER_BITS = 10, NUMBER_BITS = 22 };

// The largest claim is this fraction of a thread's even share of what is left: big enough to keep
// the claims rare in loops of thousands of iterations, small enough for the end to come out even.
enum { CLAIMS_PER_SHARE = 4 };

static const uint64_t one_holder = (uint64_t)1 << NEXT_BITS;
static const uint64_t max_units = UINT32_MAX;

static uint32_t next_of(uint64_t word) { return (uint32_t)word; }
static uint32_t holders_of(uint64_t word) {
  return (uint32_t)(word >> NEXT_BITS) & ((1u << HOLDER_BITS) - 1);
}
static uint32_t number_of(uint64_t word) { return (uint32_t)(word >> (NEXT_BITS + HOLDER_BITS)); }

// Numbers wrap; any two that meet are less than half the range apart.
static bool is_later(uint32_t number, uint32_t than) {
  uint32_t distance = (number - than) & ((1u << NUMBER_BITS) - 1);
  return distance != 0 && distance < 1u << (NUMBER_BITS - 1);
}

static uint32_t own_number(void) {
  return current_thread.loops_begun & ((1u << NUMBER_BITS) - 1);
}

void begin_loop(uint64_t first, uint64_t trip, uint64_t step, uint64_t grain) {
  if (grain == 0)
    grain = 1;
  if (trip / grain >= max_units)
    grain = trip / max_units + 1;
  struct loop_slice slice = {.first = first, .trip = trip, .step = step, .grain = grain};
  slice.units = (uint32_t)(trip / grain + (trip % grain != 0));
  current_thread.slice = slice;
  ++current_thread.loops_begun;
}

static uint32_t claim_size(uint32_t left, int32_t threads) {
  if (threads == 1)
    return left;
  uint32_t size = left / ((uint32_t)threads * CLAIMS_PER_SHARE);
  return size ? size : 1;
}

// Move the word past up to `wanted` units (0: as many as is fair). Returns how many, from *start.
static uint32_t claim_units(uint32_t wanted, uint32_t *start) {
  struct thread *self = &current_thread;
  struct region *region = self->region;
  uint32_t number = own_number();
  uint64_t word = atomic_load_explicit(&region->loop, memory_order_acquire);
  for (;;) {
    if (is_later(number_of(word), number))
      return 0;
    uint32_t next = number_of(word) == number ? next_of(word) : 0;
    if (next >= self->slice.units)
      return 0;
    uint32_t left = self->slice.units - next;
    uint32_t size = wanted ? wanted : claim_size(left, region->threads);
    uint64_t holders = holders_of(word) + !self->slice.holds;
    uint64_t claimed = (uint64_t)number << (NEXT_BITS + HOLDER_BITS) | holders << NEXT_BITS |
                       (next + size);
    if (atomic_compare_exchange_weak_explicit(&region->loop, &word, claimed, memory_order_acq_rel,
                                              memory_order_acquire)) {
      self->slice.holds = true;
      *start = next;
      return size;
    }
  }
}

bool claim_span(struct span *span) {
  const struct loop_slice *slice = &current_thread.slice;
  uint32_t start;
  uint32_t size = claim_units(0, &start);
  if (size == 0) {
    finish_claims();
    return false;
  }
  uint64_t begin = start * slice->grain;
  uint64_t left = slice->trip - begin;
  uint64_t count = size * slice->grain < left ? size * slice->grain : left;
  span->first = slice->first + begin * slice->step;
  span->last = span->first + (count - 1) * slice->step;
  span->ends_loop = count == left;
  return true;
}

bool claim_all(void) {
  uint32_t start;
  uint32_t units = current_thread.slice.units;
  return units != 0 && claim_units(units, &start) != 0;
}

// The half of the word with number and holders: what a barrier sleeps on.
static const void *barrier_futex(const struct region *region) {
  return (const char *)&region->loop + sizeof(uint32_t);
}

void finish_claims(void) {
  struct thread *self = &current_thread;
  if (!self->slice.holds)
    return;
  self->slice.holds = false;
  uint64_t before = atomic_fetch_sub(&self->region->loop, one_holder);
  if (holders_of(before) == 1 && atomic_load(&self->region->loop_waiters) != 0)
    futex_wake_all(barrier_futex(self->region));
}

static bool is_loop_done(uint64_t word) {
  return holders_of(word) == 0 || is_later(number_of(word), own_number());
}

void loop_barrier(void) {
  struct region *region = current_thread.region;
  struct spin spin = {0};
  while (!is_loop_done(atomic_load_explicit(&region->loop, memory_order_acquire))) {
    if (spin_once(&spin))
      continue;
    atomic_fetch_add(&region->loop_waiters, 1);
    uint64_t word = atomic_load(&region->loop);
    if (!is_loop_done(word))
      futex_wait(barrier_futex(region), (uint32_t)(word >> NEXT_BITS));
    atomic_fetch_sub(&region->loop_waiters, 1);
  }
}
