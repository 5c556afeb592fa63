// A loop's units are dealt out in equal, contiguous shares, one per thread. A thread claims its own
// share from the front, piece by piece, and then helps with those of the others, its neighbour's
// first. So the same thread meets the same part of a tensor in one loop after the other, a claim
// costs no transfer between cores, and a thread that is late or slow loses its share to the rest.
//
// One 64-bit word per share holds everything the participants have in common about it:
//
//   bits 63..42  number of the loop being handed out (counted on from region to region)
//   bits 41..32  holders: threads with claimed, unfinished units
//   bits 31..0   next unclaimed unit
//
// A thread reaches loop k only after it found loop k-1 fully claimed, so the first one to arrive
// may move a share on to k. A thread that finds a later number knows that its own loop is over:
// a worker that comes late walks through all finished loops without waiting.
#include "worksharing.h"

#include "aicc_rt.h"
#include "futex.h"
#include "threadpool.h"

enum { NEXT_BITS = 32, HOLDER_BITS = 10, NUMBER_BITS = 22 };

// The largest claim is this fraction of what is left of a share: big enough to keep the claims rare
// in loops of thousands of iterations, small enough for the end to come out even.
enum { CLAIMS_PER_SHARE = 4 };

// Shares are forgotten long before their number could be taken for a later one.
enum { LOOPS_BETWEEN_RESETS = 1 << 20 };

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
  slice.share = current_thread.id;
  current_thread.slice = slice;
  ++current_thread.loops_begun;
}

static uint32_t first_unit(int32_t share) {
  uint32_t threads = (uint32_t)current_thread.region->threads;
  uint64_t before = (uint64_t)current_thread.slice.units * (uint32_t)share;
  return (uint32_t)((before + threads - 1) / threads);
}

static uint32_t claim_size(uint32_t left, int32_t threads) {
  if (threads == 1)
    return left;
  uint32_t size = left / CLAIMS_PER_SHARE;
  return size ? size : 1;
}

// Move the word of the share past some units. Returns how many, from *start.
static uint32_t claim_units(uint32_t *start) {
  struct thread *self = &current_thread;
  int32_t share = self->slice.share;
  _Atomic uint64_t *shared = &self->region->shares[share].word;
  uint32_t number = own_number(), end = first_unit(share + 1);
  uint64_t word = atomic_load_explicit(shared, memory_order_acquire);
  for (;;) {
    if (is_later(number_of(word), number))
      return 0;
    uint32_t next = number_of(word) == number ? next_of(word) : first_unit(share);
    if (next >= end)
      return 0;
    uint32_t size = claim_size(end - next, self->region->threads);
    uint64_t holders = holders_of(word) + !self->slice.holds;
    uint64_t claimed = (uint64_t)number << (NEXT_BITS + HOLDER_BITS) | holders << NEXT_BITS |
                       (next + size);
    if (atomic_compare_exchange_weak_explicit(shared, &word, claimed, memory_order_acq_rel,
                                              memory_order_acquire)) {
      self->slice.holds = true;
      *start = next;
      return size;
    }
  }
}

// The half of the word with number and holders: what a barrier sleeps on.
static const void *barrier_futex(const struct share *share) {
  return (const char *)&share->word + sizeof(uint32_t);
}

// The units this thread claimed of the share it is at are done.
static void release_share(void) {
  struct thread *self = &current_thread;
  if (!self->slice.holds)
    return;
  self->slice.holds = false;
  struct share *share = &self->region->shares[self->slice.share];
  uint64_t before = atomic_fetch_sub(&share->word, one_holder);
  if (holders_of(before) == 1 && atomic_load(&self->region->loop_waiters) != 0)
    futex_wake_all(barrier_futex(share));
}

static uint32_t claim_anywhere(uint32_t *start) {
  struct loop_slice *slice = &current_thread.slice;
  int32_t threads = current_thread.region->threads;
  for (; slice->visited < threads; ++slice->visited) {
    uint32_t size = claim_units(start);
    if (size != 0)
      return size;
    release_share();
    slice->share = slice->share + 1 < threads ? slice->share + 1 : 0;
  }
  return 0;
}

bool claim_span(struct span *span) {
  const struct loop_slice *slice = &current_thread.slice;
  uint32_t start;
  uint32_t size = claim_anywhere(&start);
  if (size == 0)
    return false;
  uint64_t begin = start * slice->grain;
  uint64_t left = slice->trip - begin;
  uint64_t count = size * slice->grain < left ? size * slice->grain : left;
  span->first = slice->first + begin * slice->step;
  span->last = span->first + (count - 1) * slice->step;
  span->ends_loop = count == left;
  return true;
}

bool claim_whole(void) {
  uint32_t start;
  return claim_anywhere(&start) != 0;
}

void finish_whole(void) { release_share(); }

static bool is_share_done(uint64_t word) {
  return holders_of(word) == 0 || is_later(number_of(word), own_number());
}

static void wait_for_share(struct region *region, const struct share *share) {
  struct spin spin = {0};
  while (!is_share_done(atomic_load_explicit(&share->word, memory_order_acquire))) {
    if (spin_once(&spin))
      continue;
    atomic_fetch_add(&region->loop_waiters, 1);
    uint64_t word = atomic_load(&share->word);
    if (!is_share_done(word))
      futex_wait(barrier_futex(share), (uint32_t)(word >> NEXT_BITS));
    atomic_fetch_sub(&region->loop_waiters, 1);
  }
}

void loop_barrier(void) {
  struct region *region = current_thread.region;
  for (int32_t share = 0; share < region->threads; ++share)
    wait_for_share(region, &region->shares[share]);
}

void count_loops(struct region *region, uint32_t loops_begun) {
  bool is_time = (loops_begun ^ region->loops_before) >= LOOPS_BETWEEN_RESETS;
  region->loops_before = loops_begun;
  uint64_t word = (uint64_t)loops_begun << (NEXT_BITS + HOLDER_BITS);
  for (int32_t share = 0; is_time && share < AICC_RT_MAX_THREADS; ++share)
    atomic_store_explicit(&region->shares[share].word, word, memory_order_relaxed);
}
