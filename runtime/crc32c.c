#include <nmmintrin.h>
#include <string.h>

#include "checksums.h"

static uint64_t load_word(const char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

// The four sums are variables of their own: in an array, they would go through memory.
__attribute__((target("sse4.2"))) void aicc_rt_crc32c(const void *data, size_t size,
                                                      uint32_t lanes[CRC_LANES]) {
  size_t quarter = size / CRC_LANES;
  const char *first = data;
  uint64_t a = UINT32_MAX, b = UINT32_MAX, c = UINT32_MAX, d = UINT32_MAX;
  for (size_t i = 0; i < quarter; i += sizeof(uint64_t)) {
    a = _mm_crc32_u64(a, load_word(first + i));
    b = _mm_crc32_u64(b, load_word(first + quarter + i));
    c = _mm_crc32_u64(c, load_word(first + 2 * quarter + i));
    d = _mm_crc32_u64(d, load_word(first + 3 * quarter + i));
  }
  lanes[0] = ~(uint32_t)a, lanes[1] = ~(uint32_t)b;
  lanes[2] = ~(uint32_t)c, lanes[3] = ~(uint32_t)d;
}
