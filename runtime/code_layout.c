// Where each section of the objects goes: all code, then all constants, then all writable data,
// each in pages of its own, so that no page is ever writable and executable.
#include <string.h>

#include "code_image.h"

static const uint64_t page_bytes = 4096;
static const uint64_t max_image_bytes = 1 << 30;  // half of what a 32-bit displacement reaches

// Unwind tables need registration to be of use, and generated code never unwinds.
static bool is_ignored(const Elf64_Shdr *section, const char *name) {
  return !(section->sh_flags & SHF_ALLOC) || section->sh_type == SHT_NOTE ||
         section->sh_type == SHT_X86_64_UNWIND || strcmp(name, ".eh_frame") == 0;
}

bool segment_of(const struct elf_object *object, uint32_t i, enum segment *segment,
                struct error_text error) {
  Elf64_Shdr section = elf_section(object, i);
  const char *name = elf_section_name(object, &section);
  *segment = SEGMENT_COUNT;
  if (is_ignored(&section, name))
    return true;
  if (section.sh_type != SHT_PROGBITS && section.sh_type != SHT_NOBITS)
    return fail(error, "section '%.60s' of object %d is of unknown type %u", name, object->number,
                section.sh_type);
  if (section.sh_flags & (SHF_TLS | SHF_COMPRESSED))
    return fail(error, "section '%.60s' of object %d is thread-local or compressed", name,
                object->number);
  bool is_writable = section.sh_flags & SHF_WRITE;
  if (section.sh_flags & SHF_EXECINSTR) {
    *segment = SEGMENT_TEXT;
    return !is_writable || fail(error, "section '%.60s' of object %d is writable code", name,
                                object->number);
  }
  // constants that hold addresses are writable only until these are filled in
  bool is_constant = !is_writable || strncmp(name, ".data.rel.ro", 12) == 0;
  *segment = is_constant ? SEGMENT_CONSTANTS : SEGMENT_DATA;
  return true;
}

// Advance *end to the multiple of `alignment` where `size` bytes go, and then past them.
static bool take(uint64_t *end, uint64_t size, uint64_t alignment, uint64_t *place) {
  *place = (*end + alignment - 1) & ~(alignment - 1);
  if (*place > max_image_bytes || size > max_image_bytes - *place)
    return false;
  *end = *place + size;
  return true;
}

static bool place_sections(struct image_object *object, enum segment wanted, uint64_t *end,
                           struct error_text error) {
  for (uint32_t i = 0; i < object->elf.section_count; ++i) {
    enum segment segment;
    if (!segment_of(&object->elf, i, &segment, error))
      return false;
    if (segment != wanted) {
      if (segment == SEGMENT_COUNT)
        object->section_places[i] = not_loaded;
      continue;
    }
    Elf64_Shdr section = elf_section(&object->elf, i);
    uint64_t alignment = section.sh_addralign ? section.sh_addralign : 1;
    if (!take(end, section.sh_size, alignment, &object->section_places[i]))
      return fail(error, "the code is larger than 1 GiB");
  }
  return true;
}

bool lay_out(struct code_image *image, struct error_text error) {
  uint64_t end = 0, page;
  for (enum segment segment = 0; segment < SEGMENT_COUNT; ++segment) {
    for (int32_t i = 0; i < image->object_count; ++i) {
      struct image_object *object = &image->objects[i];
      if (!place_sections(object, segment, &end, error))
        return false;
      uint64_t stubs = (uint64_t)object->elf.symbol_count * STUB_BYTES;
      if (segment == SEGMENT_TEXT && !take(&end, stubs, STUB_BYTES, &object->stubs))
        return fail(error, "the code is larger than 1 GiB");
    }
    if (!take(&end, 0, page_bytes, &page))
      return fail(error, "the code is larger than 1 GiB");
    image->ends[segment] = end = page;
  }
  return true;
}
