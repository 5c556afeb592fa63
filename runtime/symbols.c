// The table of functions compiled code may call, under the names it calls them by.
#include <stddef.h>

#include "aicc_rt.h"
#include "kmpc.h"
#include "memref.h"

#define ENTRY(function) {#function, (void *)(function)}

static const struct {
  const char *name;
  void *address;
} symbols[] = {
    ENTRY(__kmpc_global_thread_num),
    ENTRY(__kmpc_push_num_threads),
    ENTRY(__kmpc_fork_call),
    ENTRY(__kmpc_fork_call_if),
    ENTRY(__kmpc_dispatch_init_8u),
    ENTRY(__kmpc_dispatch_next_8u),
    ENTRY(__kmpc_dispatch_fini_8u),
    ENTRY(__kmpc_dispatch_deinit),
    ENTRY(__kmpc_for_static_init_8u),
    ENTRY(__kmpc_for_static_fini),
    ENTRY(__kmpc_barrier),
    ENTRY(memrefCopy),
    ENTRY(aicc_rt_begin_run),
    ENTRY(aicc_rt_end_run),
    {"_mlir_memref_to_llvm_alloc", (void *)aicc_rt_alloc},
    {"_mlir_memref_to_llvm_aligned_alloc", (void *)aicc_rt_aligned_alloc},
    {"_mlir_memref_to_llvm_free", (void *)aicc_rt_free},
};

int32_t aicc_rt_version(void) { return AICC_RT_VERSION; }

int32_t aicc_rt_symbol(int32_t i, const char **name, void **address) {
  if (i < 0 || (size_t)i >= sizeof symbols / sizeof symbols[0])
    return 0;
  *name = symbols[i].name;
  *address = symbols[i].address;
  return 1;
}
