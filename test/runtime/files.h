// Whole files in memory.
#ifndef AICC_FILES_H
#define AICC_FILES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

struct bytes {
  unsigned char *data;
  size_t size;
};

static inline struct bytes read_whole(const char *path) {
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL);
  CHECK(fseek(file, 0, SEEK_END) == 0);
  struct bytes bytes = {NULL, (size_t)ftell(file)};
  rewind(file);
  bytes.data = malloc(bytes.size + 1);
  CHECK(bytes.data != NULL && fread(bytes.data, 1, bytes.size, file) == bytes.size);
  fclose(file);
  return bytes;
}

static inline void write_whole(const char *path, struct bytes bytes) {
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  CHECK(fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
  CHECK(fclose(file) == 0);
}

// A generator of numbers that are the same everywhere (Marsaglia's xorshift64).
static inline uint64_t next_number(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

#endif
