// Several loops in one region: barriers order them; late workers and nowait loops do no harm.
#include <stdatomic.h>

#include "aicc_rt.h"
#include "check.h"
#include "compiled_loop.h"

enum { WIDTH = 37, ROUNDS = 200 };

// Round r reads what round r-1 wrote at other indices: plain memory, ordered by the barrier alone.
struct rounds {
  int32_t rows[2][WIDTH];
  int32_t round;
};

struct step {
  struct rounds *state;
  int32_t round;
};

static void advance(int64_t i, void *data) {
  struct step *step = data;
  const int32_t *from = step->state->rows[step->round % 2];
  int32_t *to = step->state->rows[(step->round + 1) % 2];
  to[i] = from[(i + 1) % WIDTH] + 1;
}

static void rounds_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)bound_id;
  for (int32_t round = 0; round < ROUNDS; ++round) {
    struct step step = {arg, round};
    share_loop(&(struct loop){WIDTH, 1, advance, &step});
    __kmpc_barrier(NULL, *global_id);
  }
}

static void test_barriers(void) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    struct rounds state = {0};
    __kmpc_fork_call(NULL, 1, rounds_region, &state);
    for (int i = 0; i < WIDTH; ++i)
      CHECK(state.rows[ROUNDS % 2][i] == ROUNDS);
  }
}

static void add(int64_t i, void *data) {
  atomic_fetch_add((_Atomic int64_t *)data, i + 1);
}

static void nowait_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)global_id, (void)bound_id;
  for (int64_t trip = 0; trip < 50; ++trip)
    share_loop(&(struct loop){trip, 3, add, arg});
}

static void test_nowait(void) {
  for (int repeat = 0; repeat < 100; ++repeat) {
    _Atomic int64_t sum = 0;
    __kmpc_fork_call(NULL, 1, nowait_region, &sum);
    CHECK(atomic_load(&sum) == 20825);  // of trip (trip + 1) / 2 for trip below 50
  }
}

static void static_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)bound_id;
  int32_t is_last;
  uint64_t lower = 0, upper = 99;
  int64_t step;
  __kmpc_for_static_init_8u(NULL, *global_id, 34, &is_last, &lower, &upper, &step, 1, 0);
  for (uint64_t i = lower; i < upper + 1; ++i)
    add((int64_t)i, arg);
  __kmpc_for_static_fini(NULL, *global_id);
  __kmpc_barrier(NULL, *global_id);
  CHECK(atomic_load((_Atomic int64_t *)arg) == 5050);
}

static void test_static(void) {
  for (int repeat = 0; repeat < 200; ++repeat) {
    _Atomic int64_t sum = 0;
    __kmpc_fork_call(NULL, 1, static_region, &sum);
    CHECK(atomic_load(&sum) == 5050);
  }
}

static void strided_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)bound_id;
  int32_t is_last;
  uint64_t lower, upper;
  int64_t step;
  __kmpc_dispatch_init_8u(NULL, *global_id, dynamic_schedule, 5, 103, 7, 2);
  while (__kmpc_dispatch_next_8u(NULL, *global_id, &is_last, &lower, &upper, &step))
    for (uint64_t i = lower; i <= upper; i += (uint64_t)step)
      add((int64_t)i - 1, arg);
  __kmpc_barrier(NULL, *global_id);
}

static void test_strided(void) {
  _Atomic int64_t sum = 0;
  __kmpc_fork_call(NULL, 1, strided_region, &sum);
  CHECK(atomic_load(&sum) == 5 * 15 + 7 * 105);  // 5, 12, ..., 103
}

// More iterations than the shared counter has values: they are handed out in larger units.
static void huge_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)bound_id;
  int32_t is_last;
  uint64_t lower, upper;
  int64_t step;
  __kmpc_dispatch_init_8u(NULL, *global_id, dynamic_schedule, 1, (uint64_t)1 << 40, 1, 1);
  while (__kmpc_dispatch_next_8u(NULL, *global_id, &is_last, &lower, &upper, &step))
    atomic_fetch_add((_Atomic int64_t *)arg, (int64_t)(upper - lower + 1));
  __kmpc_barrier(NULL, *global_id);
}

static void test_huge_chunk(void) {
  __kmpc_push_num_threads(NULL, 0, 1);
  _Atomic int64_t sum = 0;
  __kmpc_fork_call(NULL, 1, huge_region, &sum);
  CHECK(atomic_load(&sum) == (int64_t)1 << 40);
}

int main(void) {
  for (int32_t threads = 1; threads <= 4; ++threads) {
    aicc_rt_set_threads(threads);
    test_barriers();
    test_nowait();
    test_static();
    test_strided();
    test_huge_chunk();
  }
  return 0;
}
