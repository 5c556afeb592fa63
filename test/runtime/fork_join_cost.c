// What a parallel region costs: empty loops of 2, 8 and 32 iterations, on a quiet machine and with
// one core taken by a busy process. Prints the median, the 99th percentile and the worst, in us.
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aicc_rt.h"
#include "compiled_loop.h"
#include "futex.h"

enum { SAMPLES = 2000, REGIONS_PER_SAMPLE = 50 };

static void nothing(int64_t i, void *data) { (void)i, (void)data; }

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double sample_us(int64_t trip) {
  int64_t start = clock_ns();
  for (int i = 0; i < REGIONS_PER_SAMPLE; ++i)
    parallel_for(trip, nothing, NULL);
  return (double)(clock_ns() - start) / REGIONS_PER_SAMPLE / 1000;
}

static void measure(const char *label) {
  static const int64_t trips[] = {2, 8, 32};
  static double samples[SAMPLES];
  for (int t = 0; t < 3; ++t) {
    aicc_rt_begin_run();
    for (int i = 0; i < SAMPLES; ++i)
      samples[i] = sample_us(trips[t]);
    aicc_rt_end_run();
    qsort(samples, SAMPLES, sizeof samples[0], by_value);
    printf("%-8s %2d iterations: median %6.2f  p99 %7.2f  worst %8.2f us\n", label, (int)trips[t],
           samples[SAMPLES / 2], samples[SAMPLES * 99 / 100], samples[SAMPLES - 1]);
  }
}

// A process that keeps busy the last core this one may use.
static pid_t steal_core(void) {
  pid_t child = fork();
  if (child != 0)
    return child;
  cpu_set_t mask, last;
  sched_getaffinity(0, sizeof mask, &mask);
  int cpu = CPU_SETSIZE - 1;
  while (!CPU_ISSET((size_t)cpu, &mask))
    --cpu;
  CPU_ZERO(&last);
  CPU_SET((size_t)cpu, &last);
  sched_setaffinity(0, sizeof last, &last);
  for (volatile uint64_t i = 0;; ++i)
    continue;
}

int main(void) {
  printf("threads: %d\n", aicc_rt_set_threads(0));
  measure("quiet");
  pid_t thief = steal_core();
  usleep(50 * 1000);
  measure("stolen");
  kill(thief, SIGKILL);
  waitpid(thief, NULL, 0);
  return 0;
}
