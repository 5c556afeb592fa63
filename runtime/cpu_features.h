// Which instructions the processor has, and the system lets programs use.
#ifndef AICC_CPU_FEATURES_H
#define AICC_CPU_FEATURES_H

#include <stdbool.h>

// The flags of the first processor, separated by blanks, as in /proc/cpuinfo; to be freed. NULL
// when the system does not tell.
char *cpu_flags(void);

bool has_cpu_flag(const char *flags, const char *flag);

#endif
