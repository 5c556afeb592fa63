// What compiled code calls to copy and allocate memrefs.
#ifndef AICC_RT_MEMREF_H
#define AICC_RT_MEMREF_H

#include <stddef.h>
#include <stdint.h>

struct unranked_memref {
  int64_t rank;
  void *descriptor;
};

// Copy between memrefs of equal shape and any strides; they must not overlap.
void memrefCopy(int64_t element_size, struct unranked_memref *source,
                struct unranked_memref *target);

// The names `finalize-memref-to-llvm{use-generic-functions=1}` gives to malloc and its relatives.
void *aicc_rt_alloc(size_t size);
void *aicc_rt_aligned_alloc(size_t alignment, size_t size);
void aicc_rt_free(void *pointer);

#endif
