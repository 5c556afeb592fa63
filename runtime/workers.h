// The operating-system side of the pool: creating, pinning and joining worker threads.
#ifndef AICC_RT_WORKERS_H
#define AICC_RT_WORKERS_H

#include <stdint.h>

// What every worker runs until the pool stops (threadpool.c); workers are numbered from 1.
void worker_main(int32_t id);

// Returns how many could be started; fewer than `count` when the system refuses more threads.
int32_t start_workers(int32_t count);

// Wait for all workers to return from worker_main.
void join_workers(void);

// In a child after fork: there are none.
void forget_workers(void);

// Pinned workers never share a core with the thread that runs a model: move the one on `cpu` away.
void keep_workers_off(int cpu);

#endif
