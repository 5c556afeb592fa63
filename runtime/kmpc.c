// The OpenMP entry points that MLIR's `convert-scf-to-openmp` and its LLVM translation call for
// `omp.parallel { omp.wsloop }`: a small, exact set, on top of our own pool.
//
// What differs from a full OpenMP library, and is enough for such code: a barrier orders the
// worksharing loops before and after it, not arbitrary code, and a statically scheduled loop runs
// whole on the thread that reaches it first (aicc marks every loop `schedule(dynamic)`).
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "kmpc.h"
#include "threadpool.h"
#include "worksharing.h"

int32_t __kmpc_global_thread_num(void *location) {
  (void)location;
  return current_thread.id;
}

void __kmpc_push_num_threads(void *location, int32_t id, int32_t threads) {
  (void)location, (void)id;
  current_thread.requested_threads = threads;
}

static int32_t take_requested_threads(void) {
  int32_t threads = current_thread.requested_threads;
  current_thread.requested_threads = 0;
  return threads;
}

// LLVM packs all captured values into one struct, so there is at most one argument.
void __kmpc_fork_call(void *location, int32_t arg_count, region_fn fn, ...) {
  (void)location;
  if (arg_count > 1) {
    fprintf(stderr, "libaicc_rt: a parallel region with %d arguments; expected one\n", arg_count);
    abort();
  }
  va_list args;
  va_start(args, fn);
  void *arg = arg_count == 1 ? va_arg(args, void *) : NULL;
  va_end(args);
  run_region(fn, arg, take_requested_threads());
}

void __kmpc_fork_call_if(void *location, int32_t arg_count, region_fn fn, int32_t condition,
                         void *arg) {
  (void)location, (void)arg_count;
  int32_t threads = take_requested_threads();
  run_region(fn, arg, condition ? threads : 1);
}

// Bounds are inclusive, and for MLIR's loops always 1..trip count by 1.
void __kmpc_dispatch_init_8u(void *location, int32_t id, int32_t schedule, uint64_t lower,
                             uint64_t upper, int64_t step, int64_t chunk) {
  (void)location, (void)id, (void)schedule;
  uint64_t trip = lower > upper ? 0 : (upper - lower) / (uint64_t)step + 1;
  begin_loop(lower, trip, (uint64_t)step, chunk > 0 ? (uint64_t)chunk : 1);
}

int32_t __kmpc_dispatch_next_8u(void *location, int32_t id, int32_t *is_last, uint64_t *lower,
                                uint64_t *upper, int64_t *step) {
  (void)location, (void)id;
  struct span span;
  if (!claim_span(&span))
    return 0;
  *lower = span.first;
  *upper = span.last;
  *step = (int64_t)current_thread.slice.step;
  *is_last = span.ends_loop;
  return 1;
}

void __kmpc_dispatch_fini_8u(void *location, int32_t id) { (void)location, (void)id; }
void __kmpc_dispatch_deinit(void *location, int32_t id) { (void)location, (void)id; }

void __kmpc_for_static_init_8u(void *location, int32_t id, int32_t schedule, int32_t *is_last,
                               uint64_t *lower, uint64_t *upper, int64_t *step, int64_t increment,
                               int64_t chunk) {
  (void)location, (void)id, (void)schedule, (void)increment, (void)chunk;
  uint64_t trip = *lower > *upper ? 0 : *upper - *lower + 1;
  begin_loop(*lower, trip, 1, trip);
  *step = (int64_t)trip;
  *is_last = claim_whole();
  if (!*is_last)
    *lower = *upper + 1;
}

void __kmpc_for_static_fini(void *location, int32_t id) {
  (void)location, (void)id;
  finish_whole();
}

void __kmpc_barrier(void *location, int32_t id) {
  (void)location, (void)id;
  if (current_thread.region != NULL)
    loop_barrier();
}
