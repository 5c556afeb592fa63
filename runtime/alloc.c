// Allocation for compiled code: at least a cache line of alignment, which is also a whole vector.
#include <stdlib.h>

#include "memref.h"

static const size_t line_bytes = 64;

void *aicc_rt_aligned_alloc(size_t alignment, size_t size) {
  if (alignment < line_bytes)
    alignment = line_bytes;
  // aligned_alloc wants a multiple of the alignment, and an empty memref still needs an address.
  size_t whole = (size / alignment + (size % alignment != 0 || size == 0)) * alignment;
  return whole < size ? NULL : aligned_alloc(alignment, whole);
}

void *aicc_rt_alloc(size_t size) { return aicc_rt_aligned_alloc(line_bytes, size); }

void aicc_rt_free(void *pointer) { free(pointer); }
