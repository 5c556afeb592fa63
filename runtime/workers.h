// The operating-system side of the pool: creating, pinning and joining worker threads.
#ifndef AICC_RT_WORKERS_H
#define AICC_RT_WORKERS_H

#include <stdint.h>

// Every worker runs `main` once, with its number, from 1 on. Returns how many could be started; fewer
// than `count` when the system refuses more threads.
int32_t start_workers(int32_t count, void (*main)(int32_t id));

// Wait for all workers to return from their main.
void join_workers(void);

// In a child after fork: there are none.
void forget_workers(void);

// Pinned workers never share a core with the thread that runs a model: move the one on `cpu` away.
void keep_workers_off(int cpu);

#endif
