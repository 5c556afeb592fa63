// What is refused here: other kinds of file, and tables that do not lie within it.
#include "elf_object.h"

#include <string.h>

// Far above what a section of compiled code asks for (a cache line), and at most a page.
static const uint64_t max_alignment = 4096;

static bool lies_within(const struct elf_object *object, uint64_t offset, uint64_t size) {
  return offset <= object->size && size <= object->size - offset;
}

Elf64_Shdr elf_section(const struct elf_object *object, uint32_t i) {
  Elf64_Shdr section;
  memcpy(&section, object->data + object->section_offset + i * sizeof section, sizeof section);
  return section;
}

Elf64_Sym elf_symbol(const struct elf_object *object, uint32_t i) {
  Elf64_Sym symbol;
  memcpy(&symbol, object->data + object->symbol_offset + i * sizeof symbol, sizeof symbol);
  return symbol;
}

const char *elf_section_name(const struct elf_object *object, const Elf64_Shdr *section) {
  if (section->sh_name >= object->section_names_size)
    return "";
  return (const char *)object->data + object->section_names + section->sh_name;
}

const char *elf_symbol_name(const struct elf_object *object, const Elf64_Sym *symbol) {
  if (symbol->st_name >= object->symbol_names_size)
    return "";
  return (const char *)object->data + object->symbol_names + symbol->st_name;
}

static bool read_header(struct elf_object *object, struct error_text error) {
  Elf64_Ehdr header;
  if (object->size < sizeof header)
    return fail(error, "object %d is shorter than an ELF header", object->number);
  memcpy(&header, object->data, sizeof header);
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return fail(error, "object %d is not an ELF file", object->number);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != EM_X86_64 || header.e_type != ET_REL)
    return fail(error, "object %d is no relocatable x86-64 object", object->number);
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum == 0)
    return fail(error, "object %d has no table of sections", object->number);
  if (!lies_within(object, header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr)))
    return fail(error, "the table of sections of object %d is out of bounds", object->number);
  object->section_count = header.e_shnum;
  object->section_offset = header.e_shoff;
  return true;
}

static bool read_strings(const struct elf_object *object, uint32_t i, uint64_t *offset,
                         uint64_t *size, struct error_text error) {
  if (i >= object->section_count)
    return fail(error, "object %d names a string table it does not have", object->number);
  Elf64_Shdr section = elf_section(object, i);
  if (section.sh_type != SHT_STRTAB || section.sh_size == 0 ||
      object->data[section.sh_offset + section.sh_size - 1] != '\0')
    return fail(error, "string table %u of object %d is damaged", i, object->number);
  *offset = section.sh_offset;
  *size = section.sh_size;
  return true;
}

static bool read_symbols(struct elf_object *object, const Elf64_Shdr *section,
                         struct error_text error) {
  if (object->symbol_count != 0)
    return fail(error, "object %d has two symbol tables", object->number);
  if (section->sh_entsize != sizeof(Elf64_Sym) || section->sh_size % sizeof(Elf64_Sym) != 0 ||
      section->sh_size == 0 || section->sh_size / sizeof(Elf64_Sym) > UINT32_MAX)
    return fail(error, "the symbol table of object %d is damaged", object->number);
  object->symbol_offset = section->sh_offset;
  object->symbol_count = (uint32_t)(section->sh_size / sizeof(Elf64_Sym));
  return read_strings(object, section->sh_link, &object->symbol_names,
                      &object->symbol_names_size, error);
}

static bool check_section(const struct elf_object *object, uint32_t i, struct error_text error) {
  Elf64_Shdr section = elf_section(object, i);
  if (section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS &&
      !lies_within(object, section.sh_offset, section.sh_size))
    return fail(error, "section %u of object %d is out of bounds", i, object->number);
  if (section.sh_addralign > max_alignment ||
      (section.sh_addralign & (section.sh_addralign - 1)) != 0)
    return fail(error, "section %u of object %d has a wrong alignment", i, object->number);
  if (section.sh_type == SHT_SYMTAB_SHNDX)
    return fail(error, "object %d has more sections than can be loaded", object->number);
  return true;
}

bool elf_open(struct elf_object *object, const void *data, size_t size, int32_t number,
              struct error_text error) {
  *object = (struct elf_object){.data = data, .size = size, .number = number};
  if (!read_header(object, error))
    return false;
  for (uint32_t i = 0; i < object->section_count; ++i)
    if (!check_section(object, i, error))
      return false;
  for (uint32_t i = 0; i < object->section_count; ++i) {
    Elf64_Shdr section = elf_section(object, i);
    if (section.sh_type == SHT_SYMTAB && !read_symbols(object, &section, error))
      return false;
  }
  Elf64_Ehdr header;
  memcpy(&header, data, sizeof header);
  return read_strings(object, header.e_shstrndx, &object->section_names,
                      &object->section_names_size, error);
}
