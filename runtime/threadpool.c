// The pool itself: publishing a region, letting workers in, closing the door, sleeping and waking.
//
// The region's door is the one word of the protocol. It has a place for each of the first workers
// the region wants. A worker with a place enters by counting itself among those inside, once, and
// leaves by no longer doing so. The caller closes the door by taking the places away, then waits
// until nobody is inside.
#include "threadpool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "aicc_rt.h"
#include "futex.h"
#include "workers.h"
#include "worksharing.h"

_Thread_local struct thread current_thread;

static struct share shares[AICC_RT_MAX_THREADS];

static struct {
  struct region region;
  // What idle workers read.
  _Alignas(64) _Atomic uint32_t sleepers;  // workers asleep, or about to be
  _Atomic uint32_t bell;                   // what they sleep on
  _Atomic bool stopping;
  // What callers write.
  _Alignas(64) _Atomic uint32_t taken;  // one caller at a time owns the pool
  _Atomic int32_t runs;                 // open begin_run/end_run brackets
  _Atomic int32_t size;                 // threads, the caller included; 0: not decided yet
  _Atomic int32_t running;              // workers started
} pool = {.region = {.shares = shares}};

// Guards starting and stopping of workers, never held while a region runs.
static pthread_mutex_t resize_mutex = PTHREAD_MUTEX_INITIALIZER;

static int32_t places(uint64_t door) { return (int32_t)(door >> 16 & 0xffff); }
static uint32_t inside(uint64_t door) { return door & 0xffff; }
static uint32_t region_number(uint64_t door) { return (uint32_t)(door >> 32); }

static const uint64_t one_inside = 1;
static const uint64_t one_place = (uint64_t)1 << 16;
static const uint64_t all_places = (uint64_t)0xffff << 16;
static const uint64_t one_region = (uint64_t)1 << 32;

// Returns the number of the last loop.
static uint32_t run_as(struct region *region, int32_t id) {
  struct thread outer = current_thread;
  current_thread = (struct thread){.id = id,
                                   .region = region,
                                   .open_runs = outer.open_runs,
                                   .loops_begun = region->loops_before};
  int32_t global_id = id, bound_id = id;
  region->fn(&global_id, &bound_id, region->arg);
  uint32_t loops_begun = current_thread.loops_begun;
  current_thread = outer;
  return loops_begun;
}

// ---- workers

// Whether the door is open to this worker, to a region it has not been in yet.
static bool is_open(uint64_t door, int32_t id, uint32_t last_region) {
  return id <= places(door) && region_number(door) != last_region;
}

static bool try_enter(int32_t id, uint32_t *last_region) {
  uint64_t door = atomic_load_explicit(&pool.region.door, memory_order_relaxed);
  while (is_open(door, id, *last_region)) {
    if (!atomic_compare_exchange_weak_explicit(&pool.region.door, &door, door + one_inside,
                                               memory_order_acq_rel, memory_order_relaxed))
      continue;
    *last_region = region_number(door);
    return true;
  }
  return false;
}

static void work(int32_t id) {
  uint32_t before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(pool.region.mxcsr);
  run_as(&pool.region, id);
  __builtin_ia32_ldmxcsr(before);
  uint64_t before_leaving = atomic_fetch_sub(&pool.region.door, one_inside);
  if (inside(before_leaving) == 1 && atomic_load(&pool.region.caller_sleeps) != 0)
    futex_wake_all(&pool.region.door);
}

// Whether there is a reason to stay awake: a region to enter, or the end.
static bool is_called(int32_t id, uint32_t last_region) {
  return is_open(atomic_load(&pool.region.door), id, last_region) || atomic_load(&pool.stopping);
}

// Spin for a while, also across the end of a run: waking a worker costs the caller tens of
// microseconds where that means waking a core, and the next run may be near. Then sleep until the
// bell rings.
static void wait_for_call(int32_t id, uint32_t last_region) {
  struct spin spin = {0};
  while (spin_once(&spin))
    if (is_called(id, last_region))
      return;
  atomic_fetch_add(&pool.sleepers, 1);
  uint32_t bell = atomic_load(&pool.bell);
  if (!is_called(id, last_region))
    futex_wait(&pool.bell, bell);
  atomic_fetch_sub(&pool.sleepers, 1);
}

// What every worker runs until the pool stops.
static void worker_main(int32_t id) {
  uint32_t last_region = region_number(atomic_load(&pool.region.door));
  while (!atomic_load(&pool.stopping)) {
    if (try_enter(id, &last_region))
      work(id);
    else
      wait_for_call(id, last_region);
  }
}

static void ring(void) {
  if (atomic_load(&pool.sleepers) == 0)
    return;
  atomic_fetch_add(&pool.bell, 1);
  futex_wake_all(&pool.bell);
}

// ---- the caller

static bool try_take(void) {
  return atomic_load_explicit(&pool.taken, memory_order_relaxed) == 0 &&
         atomic_exchange_explicit(&pool.taken, 1, memory_order_acquire) == 0;
}

static void give_back(void) { atomic_store_explicit(&pool.taken, 0, memory_order_release); }

// Close the door, then wait until everybody is out. The futex is the low half of the door's word.
static void close_region(struct region *region) {
  uint64_t door = atomic_fetch_and(&region->door, ~all_places);
  struct spin spin = {0};
  for (; inside(door) != 0; door = atomic_load_explicit(&region->door, memory_order_acquire)) {
    if (spin_once(&spin))
      continue;
    atomic_store(&region->caller_sleeps, 1);
    door = atomic_load(&region->door);
    if (inside(door) != 0)
      futex_wait(&region->door, (uint32_t)door);
    atomic_store(&region->caller_sleeps, 0);
  }
}

// The pool must be taken.
static void run_on_pool(region_fn fn, void *arg, int32_t threads) {
  struct region *region = &pool.region;
  region->fn = fn;
  region->arg = arg;
  region->threads = threads;
  region->mxcsr = __builtin_ia32_stmxcsr();
  atomic_store_explicit(&region->loop_waiters, 0, memory_order_relaxed);
  uint64_t closed = atomic_load_explicit(&region->door, memory_order_relaxed);
  atomic_store(&region->door, closed + one_region + (uint64_t)(threads - 1) * one_place);
  ring();
  uint32_t loops_begun = run_as(region, 0);
  close_region(region);
  count_loops(region, loops_begun);
}

static void run_serially(region_fn fn, void *arg) {
  struct share share = {0};
  struct region region = {.fn = fn, .arg = arg, .threads = 1, .shares = &share};
  run_as(&region, 0);
}

static void start_pool(void) {
  pthread_mutex_lock(&resize_mutex);
  if (atomic_load(&pool.size) == 0)
    atomic_store(&pool.size, aicc_rt_default_threads());
  if (atomic_load(&pool.running) != atomic_load(&pool.size) - 1) {
    int32_t running = start_workers(atomic_load(&pool.size) - 1, worker_main);
    atomic_store(&pool.size, running + 1);
    atomic_store(&pool.running, running);
  }
  pthread_mutex_unlock(&resize_mutex);
}

// Threads of the pool; starts it when it is not running.
static int32_t ready_threads(void) {
  int32_t size = atomic_load_explicit(&pool.size, memory_order_relaxed);
  if (size == 0 || atomic_load_explicit(&pool.running, memory_order_relaxed) != size - 1) {
    start_pool();
    size = atomic_load(&pool.size);
  }
  return size;
}

void run_region(region_fn fn, void *arg, int32_t threads) {
  if (threads == 1 || current_thread.region != NULL || !try_take()) {
    run_serially(fn, arg);
    return;
  }
  int32_t size = ready_threads();
  if (threads <= 0 || threads > size)
    threads = size;
  if (threads > 1)
    run_on_pool(fn, arg, threads);
  else
    run_serially(fn, arg);
  give_back();
}

// ---- size and runs

int32_t aicc_rt_threads(void) {
  int32_t size = atomic_load(&pool.size);
  return size ? size : aicc_rt_default_threads();
}

static void stop_pool(void) {
  atomic_store(&pool.stopping, true);
  atomic_fetch_add(&pool.bell, 1);
  futex_wake_all(&pool.bell);
  join_workers();
  atomic_store(&pool.running, 0);
  atomic_store(&pool.stopping, false);
}

int32_t aicc_rt_set_threads(int32_t n) {
  if (current_thread.region != NULL)
    return -1;
  if (n <= 0)
    n = aicc_rt_default_threads();
  if (n > AICC_RT_MAX_THREADS)
    n = AICC_RT_MAX_THREADS;
  while (!try_take())
    sched_yield();
  pthread_mutex_lock(&resize_mutex);
  if (n != atomic_load(&pool.size)) {
    stop_pool();
    atomic_store(&pool.size, n);
  }
  pthread_mutex_unlock(&resize_mutex);
  give_back();
  return n;
}

void aicc_rt_begin_run(void) {
  ++current_thread.open_runs;
  bool is_first = atomic_fetch_add(&pool.runs, 1) == 0;
  if (current_thread.region != NULL || ready_threads() == 1)
    return;
  if (is_first)
    keep_workers_off(sched_getcpu());
}

void aicc_rt_end_run(void) {
  --current_thread.open_runs;
  atomic_fetch_sub(&pool.runs, 1);
}

// ---- fork: the child has no workers, and locks held by threads it does not have

static void before_fork(void) { pthread_mutex_lock(&resize_mutex); }
static void in_parent(void) { pthread_mutex_unlock(&resize_mutex); }

static void in_child(void) {
  pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
  resize_mutex = unlocked;
  forget_workers();
  atomic_store(&pool.running, 0);
  atomic_store(&pool.sleepers, 0);
  atomic_store(&pool.taken, 0);
  atomic_store(&pool.stopping, false);
  atomic_store(&pool.runs, current_thread.open_runs);
  atomic_fetch_and(&pool.region.door, ~(all_places | 0xffff));
}

__attribute__((constructor)) static void watch_forks(void) {
  pthread_atfork(before_fork, in_parent, in_child);
}
