// The C interface of libaicc_rt, the native half of aicc: a thread pool that serves the OpenMP
// calls of compiled code, memrefCopy, and aligned allocation.
//
// Compiled code reaches the functions by address: Python asks for every (name, address) pair with
// `aicc_rt_symbol` and registers them with the execution engine, so that an OpenMP library which
// happens to be loaded in the same process (torch brings one) is never picked up by name.
#ifndef AICC_RT_H
#define AICC_RT_H

#include <stdint.h>

#define AICC_RT_EXPORT __attribute__((visibility("default")))
#define AICC_RT_VERSION 1
#define AICC_RT_MAX_THREADS 512

// The version of this interface; Python refuses a library of another version.
AICC_RT_EXPORT int32_t aicc_rt_version(void);

// Threads a run should use when nobody chose: AICC_THREADS if it is a positive number, else the
// affinity mask's cores, cut down to the whole cores of the cgroup's CPU quota.
AICC_RT_EXPORT int32_t aicc_rt_default_threads(void);

// Size the pool, the calling thread included; n <= 0 means the default. Returns the size now in
// effect, or -1 when called from inside a parallel region. Waits for regions of other threads.
AICC_RT_EXPORT int32_t aicc_rt_set_threads(int32_t n);
AICC_RT_EXPORT int32_t aicc_rt_threads(void);

// Bracket one run of a compiled model. Only between the two do idle workers spin, for at most 100
// microseconds each time; outside they sleep. Calls nest, from any number of threads.
AICC_RT_EXPORT void aicc_rt_begin_run(void);
AICC_RT_EXPORT void aicc_rt_end_run(void);

// The i-th function that compiled code may call. Returns 1, or 0 when i is past the last one.
AICC_RT_EXPORT int32_t aicc_rt_symbol(int32_t i, const char **name, void **address);

#endif
