// The pool: every iteration once, nested and concurrent regions, resizing, runs, FP modes.
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "aicc_rt.h"
#include "check.h"
#include "compiled_loop.h"

enum { MAX_TRIP = 5000, CALLERS = 3 };

static void count(int64_t i, void *data) {
  CHECK(i >= 0 && i < MAX_TRIP);
  atomic_fetch_add(&((_Atomic int32_t *)data)[i], 1);
}

static void check_each_once(int64_t trip) {
  static _Thread_local _Atomic int32_t counts[MAX_TRIP];
  for (int64_t i = 0; i < MAX_TRIP; ++i)
    atomic_store(&counts[i], 0);
  parallel_for(trip, count, counts);
  for (int64_t i = 0; i < MAX_TRIP; ++i)
    CHECK(atomic_load(&counts[i]) == (i < trip));
}

static void test_trip_counts(void) {
  static const int64_t trips[] = {0, 1, 2, 3, 7, 64, 1000, MAX_TRIP};
  for (size_t t = 0; t < sizeof trips / sizeof trips[0]; ++t)
    for (int repeat = 0; repeat < 50; ++repeat)
      check_each_once(trips[t]);
}

static void test_resizing(void) {
  static const int32_t sizes[] = {1, 2, 5, 3, 1, 4};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; ++s) {
    CHECK(aicc_rt_set_threads(sizes[s]) == sizes[s]);
    CHECK(aicc_rt_threads() == sizes[s]);
    test_trip_counts();
  }
}

static void inner_body(int64_t i, void *data) {
  (void)i;
  CHECK(__kmpc_global_thread_num(NULL) == 0);  // serial: alone in its region
  atomic_fetch_add((_Atomic int32_t *)data, 1);
}

static void outer_body(int64_t i, void *data) {
  (void)i;
  int32_t id = __kmpc_global_thread_num(NULL);
  parallel_for(100, inner_body, data);
  CHECK(__kmpc_global_thread_num(NULL) == id);
  CHECK(aicc_rt_set_threads(2) == -1);
}

static void test_nested(void) {
  aicc_rt_set_threads(4);
  _Atomic int32_t total = 0;
  parallel_for(64, outer_body, &total);
  CHECK(atomic_load(&total) == 6400);
}

static void *call_often(void *arg) {
  (void)arg;
  for (int repeat = 0; repeat < 300; ++repeat) {
    aicc_rt_begin_run();
    check_each_once(repeat);
    aicc_rt_end_run();
  }
  return NULL;
}

static void test_concurrent_callers(void) {
  aicc_rt_set_threads(3);
  pthread_t callers[CALLERS];
  for (int i = 0; i < CALLERS; ++i)
    CHECK(pthread_create(&callers[i], NULL, call_often, NULL) == 0);
  for (int i = 0; i < 20; ++i)
    CHECK(aicc_rt_set_threads(1 + i % 4) == 1 + i % 4);
  for (int i = 0; i < CALLERS; ++i)
    pthread_join(callers[i], NULL);
}

static void note_id(int64_t i, void *data) {
  (void)i;
  atomic_fetch_or((_Atomic int32_t *)data, 1 << __kmpc_global_thread_num(NULL));
}

static void test_num_threads(void) {
  aicc_rt_set_threads(4);
  _Atomic int32_t ids = 0;
  for (int repeat = 0; repeat < 100; ++repeat) {
    __kmpc_push_num_threads(NULL, 0, 1);
    parallel_for(100, note_id, &ids);
  }
  CHECK(atomic_load(&ids) == 1);
  for (int repeat = 0; repeat < 100; ++repeat) {
    __kmpc_push_num_threads(NULL, 0, 2);
    parallel_for(100, note_id, &ids);
  }
  CHECK((atomic_load(&ids) & ~3) == 0);
}

static void count_region(int32_t *global_id, int32_t *bound_id, void *arg) {
  (void)bound_id;
  CHECK(*global_id == 0);
  ++*(int32_t *)arg;
}

static void test_if_clause(void) {
  int32_t entered = 0;
  __kmpc_fork_call_if(NULL, 1, count_region, 0, &entered);
  CHECK(entered == 1);
}

static void check_mode(int64_t i, void *data) {
  (void)i;
  CHECK(__builtin_ia32_stmxcsr() == *(uint32_t *)data);
}

static void test_floating_point_mode(void) {
  static const uint32_t flush_to_zero = 0x8000;
  uint32_t before = __builtin_ia32_stmxcsr();
  uint32_t mode = before | flush_to_zero;
  __builtin_ia32_ldmxcsr(mode);
  for (int repeat = 0; repeat < 200; ++repeat)
    parallel_for(64, check_mode, &mode);
  __builtin_ia32_ldmxcsr(before);
  parallel_for(64, check_mode, &before);
}

static void test_symbols(void) {
  const char *name;
  void *address;
  int32_t i = 0;
  bool has_fork = false;
  for (; aicc_rt_symbol(i, &name, &address); ++i) {
    CHECK(address != NULL);
    has_fork |= strcmp(name, "__kmpc_fork_call") == 0 && address == (void *)__kmpc_fork_call;
  }
  CHECK(has_fork && !aicc_rt_symbol(-1, &name, &address));
}

int main(void) {
  test_symbols();
  test_resizing();
  test_nested();
  test_concurrent_callers();
  test_num_threads();
  test_if_clause();
  test_floating_point_mode();
  return 0;
}
