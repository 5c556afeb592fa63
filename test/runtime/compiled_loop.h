// A parallel loop in exactly the form MLIR's OpenMP translation gives it.
#ifndef AICC_COMPILED_LOOP_H
#define AICC_COMPILED_LOOP_H

#include "kmpc.h"

struct loop {
  int64_t trip, chunk;
  void (*body)(int64_t i, void *data);
  void *data;
};

static const int32_t dynamic_schedule = 1073741859;

// One worksharing loop, without the barrier behind it.
static inline void share_loop(const struct loop *loop) {
  int32_t id = __kmpc_global_thread_num(NULL), is_last;
  uint64_t lower, upper;
  int64_t step;
  __kmpc_dispatch_init_8u(NULL, id, dynamic_schedule, 1, (uint64_t)loop->trip, 1, loop->chunk);
  while (__kmpc_dispatch_next_8u(NULL, id, &is_last, &lower, &upper, &step))
    for (uint64_t i = lower - 1; i < upper; ++i)
      loop->body((int64_t)i, loop->data);
}

static inline void loop_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)global_id, (void)bound_id;
  share_loop(arg);
  __kmpc_barrier(NULL, __kmpc_global_thread_num(NULL));
}

static inline void parallel_for(int64_t trip, void (*body)(int64_t, void *), void *data) {
  struct loop loop = {trip, 1, body, data};
  __kmpc_fork_call(NULL, 1, loop_region, &loop);
}

#endif
