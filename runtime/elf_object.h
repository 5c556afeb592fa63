// Bounds-checked reading of a relocatable ELF64 object for x86-64.
//
// `elf_open` checks everything that later calls rely on; these then only check the indices they
// are given. Structures are copied out, because an object may lie at any address.
#ifndef AICC_ELF_OBJECT_H
#define AICC_ELF_OBJECT_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error_text.h"

struct elf_object {
  const unsigned char *data;
  size_t size;
  int32_t number;  // which of the objects loaded together: for messages
  uint32_t section_count;
  uint32_t symbol_count;
  uint64_t section_offset;
  uint64_t symbol_offset;
  uint64_t section_names, section_names_size;  // both string tables end in a NUL
  uint64_t symbol_names, symbol_names_size;
};

bool elf_open(struct elf_object *object, const void *data, size_t size, int32_t number,
              struct error_text error);

// `i` is below section_count, and symbol_count.
Elf64_Shdr elf_section(const struct elf_object *object, uint32_t i);
Elf64_Sym elf_symbol(const struct elf_object *object, uint32_t i);

// "" for a name that is out of bounds.
const char *elf_section_name(const struct elf_object *object, const Elf64_Shdr *section);
const char *elf_symbol_name(const struct elf_object *object, const Elf64_Sym *symbol);

#endif
