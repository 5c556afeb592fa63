// How many threads this process may usefully run: its affinity mask, and its cgroup's CPU quota.
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aicc_rt.h"

enum { PATH_BYTES = 4096, LINE_BYTES = 64 };

static int32_t affinity_cores(void) {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0)
    return CPU_COUNT(&mask);
  return (int32_t)sysconf(_SC_NPROCESSORS_ONLN);  // more than 1024 cores
}

// The digits at *text, which moves past them and the space behind; "max" and "-1" read as 0.
// (The C library's own conversions get a newer symbol version on newer systems; see workers.c.)
static int64_t take_number(const char **text) {
  int64_t number = 0;
  const char *c = *text;
  for (; *c >= '0' && *c <= '9' && number < INT32_MAX; ++c)
    number = number * 10 + (*c - '0');
  c += strcspn(c, " \n");
  *text = c + strspn(c, " \n");
  return number;
}

static bool read_line(const char *path, char *line, int bytes) {
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return false;
  bool is_read = fgets(line, bytes, file) != NULL;
  fclose(file);
  return is_read;
}

// Whole cores of one group, or `cores` if it has no quota. A fraction is rounded down: threads that
// exceed the quota are all stopped for the rest of its period, some 50 milliseconds.
static int32_t whole_cores(int64_t quota, int64_t period, int32_t cores) {
  if (quota == 0 || period == 0 || quota / period >= cores)
    return cores;
  return quota < period ? 1 : (int32_t)(quota / period);
}

// Version 2: one file, "<quota or max> <period>".
static int32_t limit_v2(const char *root, const char *group, int32_t cores) {
  char path[PATH_BYTES], line[LINE_BYTES];
  if (snprintf(path, PATH_BYTES, "%s%s/cpu.max", root, group) >= PATH_BYTES ||
      !read_line(path, line, LINE_BYTES))
    return cores;
  const char *text = line;
  int64_t quota = take_number(&text);
  return whole_cores(quota, take_number(&text), cores);
}

// Version 1: a file each for quota and period; a quota of -1 is none.
static int32_t limit_v1(const char *root, const char *group, int32_t cores) {
  int64_t numbers[2];
  const char *const files[2] = {"cpu.cfs_quota_us", "cpu.cfs_period_us"};
  for (int i = 0; i < 2; ++i) {
    char path[PATH_BYTES], line[LINE_BYTES];
    if (snprintf(path, PATH_BYTES, "%s%s/%s", root, group, files[i]) >= PATH_BYTES ||
        !read_line(path, line, LINE_BYTES))
      return cores;
    const char *text = line;
    numbers[i] = take_number(&text);
  }
  return whole_cores(numbers[0], numbers[1], cores);
}

// The tightest quota from the process's group up to the root. Inside a container the group's path
// may be that of the host; the files that do not exist here do not count.
static int32_t limit_of_hierarchy(const char *root, char *group, bool is_v2, int32_t cores) {
  for (;;) {
    cores = is_v2 ? limit_v2(root, group, cores) : limit_v1(root, group, cores);
    char *slash = strrchr(group, '/');
    if (slash == NULL)
      return cores;
    *slash = '\0';
  }
}

static bool lists_cpu(char *controllers) {
  char *rest = NULL;
  for (char *name = strtok_r(controllers, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
    if (strcmp(name, "cpu") == 0)
      return true;
  return false;
}

// Lines read "<id>:<controllers>:<group>"; version 2 has no controllers.
static int32_t limit_of_line(char *line, int32_t cores) {
  line[strcspn(line, "\n")] = '\0';
  char *controllers = strchr(line, ':');
  char *group = controllers ? strchr(controllers + 1, ':') : NULL;
  if (group == NULL)
    return cores;
  *group++ = '\0';
  if (controllers[1] == '\0')
    return limit_of_hierarchy("/sys/fs/cgroup", group, true, cores);
  char root[PATH_BYTES];
  if (snprintf(root, PATH_BYTES, "/sys/fs/cgroup/%s", controllers + 1) >= PATH_BYTES ||
      !lists_cpu(controllers + 1))
    return cores;
  return limit_of_hierarchy(root, group, false, cores);
}

static int32_t quota_cores(int32_t cores) {
  FILE *file = fopen("/proc/self/cgroup", "r");
  if (file == NULL)
    return cores;
  char line[PATH_BYTES];
  while (fgets(line, sizeof line, file))
    cores = limit_of_line(line, cores);
  fclose(file);
  return cores;
}

int32_t aicc_rt_default_threads(void) {
  const char *chosen = getenv("AICC_THREADS");
  int32_t threads = chosen ? (int32_t)take_number(&chosen) : 0;
  if (threads <= 0)
    threads = quota_cores(affinity_cores());
  if (threads > AICC_RT_MAX_THREADS)
    return AICC_RT_MAX_THREADS;
  return threads > 0 ? threads : 1;
}
