// The table of functions compiled code may call, under the names it calls them by.
#include <stddef.h>
#include <string.h>

#include "aicc_rt.h"
#include "float_symbols.h"
#include "kmpc.h"
#include "math_symbols.h"
#include "memref.h"

#define ENTRY(function) {#function, (void *)(function)}

static const struct named_function symbols[] = {
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
    ENTRY(memcmp),
    ENTRY(memcpy),
    ENTRY(memmove),
    ENTRY(memset),
    ENTRY(memrefCopy),
    ENTRY(aicc_rt_begin_run),
    ENTRY(aicc_rt_end_run),
    {"_mlir_memref_to_llvm_alloc", (void *)aicc_rt_alloc},
    {"_mlir_memref_to_llvm_aligned_alloc", (void *)aicc_rt_aligned_alloc},
    {"_mlir_memref_to_llvm_free", (void *)aicc_rt_free},
};

int32_t aicc_rt_version(void) { return AICC_RT_VERSION; }

// The i-th symbol of all tables; NULL beyond the last.
static const struct named_function *symbol_at(size_t i) {
  const size_t own_count = sizeof symbols / sizeof symbols[0];
  if (i < own_count)
    return &symbols[i];
  i -= own_count;
  if (i < math_symbol_count)
    return &math_symbols[i];
  i -= math_symbol_count;
  return i < float_symbol_count ? &float_symbols[i] : NULL;
}

int32_t aicc_rt_symbol(int32_t i, const char **name, void **address) {
  const struct named_function *symbol = i < 0 ? NULL : symbol_at((size_t)i);
  if (symbol == NULL)
    return 0;
  *name = symbol->name;
  *address = symbol->address;
  return 1;
}
