// memrefCopy on every kind of stride, and the allocator's promises.
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "memref.h"

struct ranked {
  void *allocated, *aligned;
  int64_t offset;
  int64_t sizes_and_strides[12];
};

static void copy(int64_t element_size, int64_t rank, struct ranked *from, struct ranked *to) {
  struct unranked_memref source = {rank, from}, target = {rank, to};
  memrefCopy(element_size, &source, &target);
}

static void test_transposed(void) {
  int32_t from[6] = {0, 1, 2, 3, 4, 5}, to[6] = {0};
  struct ranked source = {from, from, 0, {3, 2, 1, 3}}, target = {to, to, 0, {3, 2, 2, 1}};
  copy(4, 2, &source, &target);
  static const int32_t expected[6] = {0, 3, 1, 4, 2, 5};
  CHECK(memcmp(to, expected, sizeof expected) == 0);
}

static void test_window(void) {
  int16_t from[4], to[20];
  for (int i = 0; i < 4; ++i)
    from[i] = (int16_t)(i + 1);
  memset(to, 0, sizeof to);
  struct ranked source = {from, from, 0, {2, 2, 2, 1}}, target = {to, to, 6, {2, 2, 5, 1}};
  copy(2, 2, &source, &target);
  for (int i = 0; i < 20; ++i)
    CHECK(to[i] == (i == 6 ? 1 : i == 7 ? 2 : i == 11 ? 3 : i == 12 ? 4 : 0));
}

static void test_reversed_and_broadcast(void) {
  int64_t from[3] = {7, 8, 9}, to[6] = {0};
  struct ranked source = {from, from, 2, {2, 3, 0, -1}}, target = {to, to, 0, {2, 3, 3, 1}};
  copy(8, 2, &source, &target);
  static const int64_t expected[6] = {9, 8, 7, 9, 8, 7};
  CHECK(memcmp(to, expected, sizeof expected) == 0);
}

static void test_rank_zero_and_empty(void) {
  double from = 2.5, to = 0;
  struct ranked source = {&from, &from, 0, {0}}, target = {&to, &to, 0, {0}};
  copy(8, 0, &source, &target);
  CHECK(to == 2.5);
  struct ranked none = {NULL, NULL, 0, {2, 0, 3, 0, 3, 1}};
  copy(8, 3, &none, &none);
}

// Rank 6, all of size 2, copied from row-major to column-major.
static void test_high_rank(void) {
  int8_t from[64], to[64];
  struct ranked source = {from, from, 0, {0}}, target = {to, to, 0, {0}};
  for (int d = 0; d < 6; ++d) {
    source.sizes_and_strides[d] = target.sizes_and_strides[d] = 2;
    source.sizes_and_strides[6 + d] = 32 >> d;
    target.sizes_and_strides[6 + d] = 1 << d;
  }
  for (int i = 0; i < 64; ++i)
    from[i] = (int8_t)i;
  copy(1, 6, &source, &target);
  for (int i = 0; i < 64; ++i) {
    int reversed = 0;
    for (int bit = 0; bit < 6; ++bit)
      reversed |= (i >> bit & 1) << (5 - bit);
    CHECK(to[reversed] == i);
  }
}

static void test_alloc(void) {
  static const size_t sizes[] = {0, 1, 63, 64, 65, 1 << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
    void *plain = aicc_rt_alloc(sizes[i]), *page = aicc_rt_aligned_alloc(4096, sizes[i]);
    CHECK(plain != NULL && (uintptr_t)plain % 64 == 0);
    CHECK(page != NULL && (uintptr_t)page % 4096 == 0);
    memset(plain, 1, sizes[i]);
    memset(page, 1, sizes[i]);
    aicc_rt_free(plain);
    aicc_rt_free(page);
  }
  CHECK(aicc_rt_alloc(SIZE_MAX) == NULL);
}

int main(void) {
  test_transposed();
  test_window();
  test_reversed_and_broadcast();
  test_rank_zero_and_empty();
  test_high_rank();
  test_alloc();
  return 0;
}
