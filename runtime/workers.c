// Worker threads. They are pinned only when the affinity mask has exactly one core per thread: then
// an unpinned worker tends to be scheduled on the caller's core for milliseconds, while with spare
// cores, or too few, the scheduler knows better. The caller itself is never pinned: it belongs to
// the user. Instead one core is left over for it, and follows it when it moves.
#include "workers.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "aicc_rt.h"

// Since glibc 2.34 these two have a second, newer version, which the linker would choose; naming
// the old one keeps the library usable on the systems of the wheel's manylinux tag.
#if defined(__GLIBC__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
__asm__(".symver pthread_create, pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_join, pthread_join@GLIBC_2.2.5");
#endif

struct worker {
  pthread_t thread;
  _Atomic int32_t kernel_id;  // 0 until it runs
  _Atomic int cpu;            // pinned to; -1: not pinned
};

static struct worker workers[AICC_RT_MAX_THREADS];
static int32_t worker_count;
static void (*worker_main)(int32_t id);
static int spare_cpu = -1;  // the caller's; -1: workers are not pinned
static _Atomic bool changing;  // guards all of the above

static void lock_workers(void) {
  while (atomic_exchange(&changing, true))
    sched_yield();
}

static void unlock_workers(void) { atomic_store(&changing, false); }

static void pin(int32_t kernel_id, int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((size_t)cpu, &one);
  sched_setaffinity(kernel_id, sizeof one, &one);
}

static void *worker_thread(void *arg) {
  struct worker *self = arg;
  int cpu = atomic_load(&self->cpu);
  if (cpu >= 0)
    pin(0, cpu);
  atomic_store(&self->kernel_id, (int32_t)syscall(SYS_gettid));
  worker_main((int32_t)(self - workers) + 1);
  return NULL;
}

// Give each of `count` workers its core, and leave the caller's over.
static void assign_cores(int32_t count) {
  cpu_set_t mask;
  bool one_each = sched_getaffinity(0, sizeof mask, &mask) == 0 && CPU_COUNT(&mask) == count + 1;
  int caller = sched_getcpu();
  spare_cpu = one_each && caller >= 0 && CPU_ISSET((size_t)caller, &mask) ? caller : -1;
  int cpu = 0;
  for (int32_t i = 0; i < count; ++i) {
    if (spare_cpu < 0) {
      atomic_store(&workers[i].cpu, -1);
      continue;
    }
    while (!CPU_ISSET((size_t)cpu, &mask) || cpu == spare_cpu)
      ++cpu;
    atomic_store(&workers[i].cpu, cpu++);
  }
}

int32_t start_workers(int32_t count, void (*main)(int32_t id)) {
  // Signals are for the threads of the user. sigprocmask acts on the calling thread on Linux, and
  // unlike pthread_sigmask it is in every glibc.
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  lock_workers();
  worker_main = main;
  assign_cores(count);
  for (worker_count = 0; worker_count < count; ++worker_count) {
    struct worker *worker = &workers[worker_count];
    atomic_store(&worker->kernel_id, 0);
    if (pthread_create(&worker->thread, NULL, worker_thread, worker) != 0)
      break;
  }
  int32_t started = worker_count;
  unlock_workers();
  sigprocmask(SIG_SETMASK, &before, NULL);
  return started;
}

void join_workers(void) {
  lock_workers();
  int32_t count = worker_count;
  worker_count = 0;
  unlock_workers();
  for (int32_t i = 0; i < count; ++i)
    pthread_join(workers[i].thread, NULL);
}

void forget_workers(void) {
  worker_count = 0;
  unlock_workers();
}

static void swap_places(struct worker *worker, int cpu) {
  int32_t kernel_id = atomic_load(&worker->kernel_id);
  if (kernel_id == 0)
    return;
  atomic_store(&worker->cpu, spare_cpu);
  pin(kernel_id, spare_cpu);
  spare_cpu = cpu;
}

void keep_workers_off(int cpu) {
  if (atomic_exchange(&changing, true))
    return;
  if (spare_cpu >= 0 && spare_cpu != cpu)
    for (int32_t i = 0; i < worker_count; ++i)
      if (atomic_load(&workers[i].cpu) == cpu)
        swap_places(&workers[i], cpu);
  unlock_workers();
}
