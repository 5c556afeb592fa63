// Objects on their way into one mapping: shared by the loader's files, of no use outside.
#ifndef AICC_CODE_IMAGE_H
#define AICC_CODE_IMAGE_H

#include "elf_object.h"
#include "symbol_table.h"

enum segment { SEGMENT_TEXT, SEGMENT_CONSTANTS, SEGMENT_DATA, SEGMENT_COUNT };

static const uint64_t not_loaded = UINT64_MAX;

// A stub is `jmp *2(%rip)`, 2 bytes of padding, and the target's address: reachable from all of
// the mapping when the target is not, and its second half serves as an entry of a GOT.
enum { STUB_BYTES = 16, STUB_ADDRESS = 8 };

struct image_object {
  struct elf_object elf;
  const char *names;           // copy of the symbols' string table, which outlives the object
  uint64_t *section_places;    // offset in the mapping, per section, or not_loaded
  uint64_t *symbol_addresses;  // per symbol; 0: not looked up yet
  uint64_t stubs;              // offset of the stubs, one per symbol
};

struct code_image {
  unsigned char *base;
  uint64_t ends[SEGMENT_COUNT];  // of the segments, in whole pages
  struct image_object *objects;
  int32_t object_count;
  struct symbol_table globals;
};

// Place every section; fills section_places, stubs and ends. (code_layout.c)
bool lay_out(struct code_image *image, struct error_text error);

// The segment a section belongs to, SEGMENT_COUNT for one that is not loaded. (code_layout.c)
bool segment_of(const struct elf_object *object, uint32_t i, enum segment *segment,
                struct error_text error);

// Apply all relocations; the sections are in place, the mapping is still writable. (relocations.c)
bool relocate(struct code_image *image, struct error_text error);

#endif
