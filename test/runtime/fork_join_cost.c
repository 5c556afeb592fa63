// What a parallel region costs: empty loops of 2, 8 and 32 iterations, and one of 64 iterations
// with about 5 us of work each, on a quiet machine and with one core taken by a busy process.
// Prints the median, the 99th percentile and the worst, in us; the work also on one thread.
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

static void work(int64_t i, void *data) {
  (void)data;
  volatile int64_t sink = i;
  for (int step = 0; step < 3000; ++step)
    sink = sink + step;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double sample_us(int64_t trip, void (*body)(int64_t, void *), int regions) {
  int64_t start = clock_ns();
  for (int i = 0; i < regions; ++i)
    parallel_for(trip, body, NULL);
  return (double)(clock_ns() - start) / regions / 1000;
}

static void measure(const char *label, int64_t trip, void (*body)(int64_t, void *), int count) {
  static double samples[SAMPLES];
  int regions = body == nothing ? REGIONS_PER_SAMPLE : 1;
  aicc_rt_begin_run();
  for (int i = 0; i < count; ++i)
    samples[i] = sample_us(trip, body, regions);
  aicc_rt_end_run();
  qsort(samples, (size_t)count, sizeof samples[0], by_value);
  printf("%-8s %2d %-6s iterations: median %7.2f  p99 %8.2f  worst %8.2f us\n", label, (int)trip,
         body == nothing ? "empty" : "5-us", samples[count / 2], samples[count * 99 / 100],
         samples[count - 1]);
}

static void measure_all(const char *label) {
  measure(label, 2, nothing, SAMPLES);
  measure(label, 8, nothing, SAMPLES);
  measure(label, 32, nothing, SAMPLES);
  measure(label, 64, work, SAMPLES);
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
  aicc_rt_set_threads(1);
  measure("serial", 64, work, SAMPLES / 4);
  printf("threads: %d\n", aicc_rt_set_threads(0));
  measure_all("quiet");
  pid_t thief = steal_core();
  usleep(50 * 1000);
  measure_all("stolen");
  kill(thief, SIGKILL);
  waitpid(thief, NULL, 0);
  return 0;
}
