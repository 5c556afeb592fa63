// memrefCopy: MLIR lowers a memref.copy to it when a side is not contiguous.
#include <stdbool.h>
#include <string.h>

#include "memref.h"

// The ranked descriptor of MLIR; `sizes` is followed by as many strides. Strides are in elements.
struct descriptor {
  char *allocated, *aligned;
  int64_t offset;
  int64_t sizes[];
};

struct copy {
  int64_t depth;           // dimensions left after the contiguous tail was merged
  int64_t block;           // bytes of that tail
  int64_t element_size;
  const int64_t *sizes, *source_strides, *target_strides;
};

// Merge trailing dimensions that are contiguous on both sides into one block.
static struct copy plan_copy(int64_t element_size, int64_t rank, const struct descriptor *source,
                             const struct descriptor *target) {
  struct copy copy = {rank, 1, element_size, source->sizes, source->sizes + rank,
                      target->sizes + rank};
  for (; copy.depth > 0; --copy.depth) {
    int64_t d = copy.depth - 1;
    bool is_contiguous = copy.source_strides[d] == copy.block &&
                         copy.target_strides[d] == copy.block;
    if (!is_contiguous && copy.sizes[d] != 1)
      break;
    copy.block *= copy.sizes[d];
  }
  copy.block *= element_size;
  return copy;
}

static void copy_dimension(const struct copy *copy, int64_t d, const char *source, char *target) {
  if (d == copy->depth) {
    memcpy(target, source, (size_t)copy->block);
    return;
  }
  for (int64_t i = 0; i < copy->sizes[d]; ++i) {
    copy_dimension(copy, d + 1, source, target);
    source += copy->source_strides[d] * copy->element_size;
    target += copy->target_strides[d] * copy->element_size;
  }
}

void memrefCopy(int64_t element_size, struct unranked_memref *source,
                struct unranked_memref *target) {
  const struct descriptor *from = source->descriptor, *to = target->descriptor;
  for (int64_t d = 0; d < source->rank; ++d)
    if (from->sizes[d] == 0)
      return;
  struct copy copy = plan_copy(element_size, source->rank, from, to);
  copy_dimension(&copy, 0, from->aligned + from->offset * element_size,
                 to->aligned + to->offset * element_size);
}
