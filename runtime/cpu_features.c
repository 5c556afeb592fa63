// /proc/cpuinfo is what the compiler asks as well (aicc/target.py), so that names are the same.
#include "cpu_features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matrix_unit.h"

enum { LINE_BYTES = 16 * 1024 };  // flags take 2 KiB today

char *cpu_flags(void) {
  FILE *file = fopen("/proc/cpuinfo", "r");
  char *line = malloc(LINE_BYTES), *flags = NULL;
  while (file && line && !flags && fgets(line, LINE_BYTES, file))
    if (strncmp(line, "flags", 5) == 0)
      flags = line;
  if (file)
    fclose(file);
  if (!flags)
    free(line);
  return flags;
}

bool has_cpu_flag(const char *flags, const char *flag) {
  size_t length = strlen(flag);
  if (strncmp(flag, "amx_", 4) == 0 && !may_use_matrix_unit())
    return false;
  while ((flags = strpbrk(flags, " \t")) != NULL) {
    ++flags;
    if (strncmp(flags, flag, length) == 0 && strchr(" \n", flags[length]))
      return true;
  }
  return false;
}
