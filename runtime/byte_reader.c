#include "byte_reader.h"

#include <string.h>

const void *read_bytes(struct byte_reader *reader, uint64_t size) {
  if (reader->has_failed || size > (uint64_t)(reader->end - reader->next)) {
    reader->has_failed = true;
    return NULL;
  }
  const void *found = reader->next;
  reader->next += size;
  return found;
}

uint8_t read_u8(struct byte_reader *reader) {
  const uint8_t *found = read_bytes(reader, 1);
  return found ? *found : 0;
}

uint32_t read_u32(struct byte_reader *reader) {
  uint32_t value = 0;
  const void *found = read_bytes(reader, sizeof value);
  if (found)
    memcpy(&value, found, sizeof value);
  return value;
}

uint64_t read_u64(struct byte_reader *reader) {
  uint64_t value = 0;
  const void *found = read_bytes(reader, sizeof value);
  if (found)
    memcpy(&value, found, sizeof value);
  return value;
}

const char *read_string(struct byte_reader *reader) {
  uint64_t length = read_u32(reader);
  const char *text = read_bytes(reader, length + 1);
  if (text == NULL || memchr(text, '\0', length + 1) != text + length) {
    reader->has_failed = true;
    return "";
  }
  return text;
}

uint32_t read_count(struct byte_reader *reader, size_t item_bytes) {
  uint32_t count = read_u32(reader);
  if (count > (uint64_t)(reader->end - reader->next) / item_bytes)
    reader->has_failed = true;
  return reader->has_failed ? 0 : count;
}
