// Sleeping and waking on a 32-bit word, and the short spin that comes before the sleep.
#ifndef AICC_RT_FUTEX_H
#define AICC_RT_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Sleep while *word is `seen`. May return early: callers re-check their condition.
static inline void futex_wait(const void *word, uint32_t seen) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static inline void futex_wake_all(const void *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

// A spin of bounded time. The clock is read once per 32 pauses: reading it costs as much as a few.
struct spin {
  uint32_t pauses;
  int64_t deadline;
};

static const int64_t spin_limit_ns = 100 * 1000;

static inline int64_t clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Pause once. False when the time is used up.
static inline bool spin_once(struct spin *spin) {
  __builtin_ia32_pause();
  if (++spin->pauses % 32 != 0)
    return true;
  int64_t now = clock_ns();
  if (spin->deadline == 0)
    spin->deadline = now + spin_limit_ns;
  return now < spin->deadline;
}

#endif
