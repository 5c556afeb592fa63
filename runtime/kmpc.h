// The OpenMP calls of compiled code. They stay hidden in the library, so that they can never
// shadow, or be shadowed by, an OpenMP library: `aicc_rt_symbol` hands out their addresses.
#ifndef AICC_RT_KMPC_H
#define AICC_RT_KMPC_H

#include <stdint.h>

#include "threadpool.h"

int32_t __kmpc_global_thread_num(void *location);
void __kmpc_push_num_threads(void *location, int32_t id, int32_t threads);
void __kmpc_fork_call(void *location, int32_t arg_count, region_fn fn, ...);
void __kmpc_fork_call_if(void *location, int32_t arg_count, region_fn fn, int32_t condition,
                         void *arg);
void __kmpc_dispatch_init_8u(void *location, int32_t id, int32_t schedule, uint64_t lower,
                             uint64_t upper, int64_t step, int64_t chunk);
int32_t __kmpc_dispatch_next_8u(void *location, int32_t id, int32_t *is_last, uint64_t *lower,
                                uint64_t *upper, int64_t *step);
void __kmpc_dispatch_fini_8u(void *location, int32_t id);
void __kmpc_dispatch_deinit(void *location, int32_t id);
void __kmpc_for_static_init_8u(void *location, int32_t id, int32_t schedule, int32_t *is_last,
                               uint64_t *lower, uint64_t *upper, int64_t *step, int64_t increment,
                               int64_t chunk);
void __kmpc_for_static_fini(void *location, int32_t id);
void __kmpc_barrier(void *location, int32_t id);

#endif
