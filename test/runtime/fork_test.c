// A child after fork has a working pool of its own, whatever the parent's threads were doing.
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aicc_rt.h"
#include "check.h"
#include "compiled_loop.h"

static void add(int64_t i, void *data) { atomic_fetch_add((_Atomic int64_t *)data, i); }

static void check_sum(void) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    _Atomic int64_t sum = 0;
    parallel_for(1000, add, &sum);
    CHECK(atomic_load(&sum) == 499500);
  }
}

static void check_child(void) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    check_sum();
    aicc_rt_begin_run();
    check_sum();
    aicc_rt_end_run();
    aicc_rt_set_threads(2);
    check_sum();
    _exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void) {
  check_child();  // the parent's pool not started yet
  aicc_rt_set_threads(3);
  for (int repeat = 0; repeat < 10; ++repeat) {
    check_sum();
    check_child();
  }
  aicc_rt_begin_run();
  check_child();  // in the middle of a run
  check_sum();
  aicc_rt_end_run();
  return 0;
}
