// A cursor over untrusted little-endian bytes. A read past the end makes it fail for good and gives
// zeros, so that callers check once, at the end or before they allocate.
#ifndef AICC_BYTE_READER_H
#define AICC_BYTE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_reader {
  const unsigned char *next, *end;
  bool has_failed;
};

uint8_t read_u8(struct byte_reader *reader);
uint32_t read_u32(struct byte_reader *reader);
uint64_t read_u64(struct byte_reader *reader);

// The next `size` bytes, in place; NULL past the end.
const void *read_bytes(struct byte_reader *reader, uint64_t size);

// A length, that many bytes, and a NUL, in place; "" after a failure.
const char *read_string(struct byte_reader *reader);

// A number of items that take at least `item_bytes` each: fails if so many cannot follow.
uint32_t read_count(struct byte_reader *reader, size_t item_bytes);

#endif
