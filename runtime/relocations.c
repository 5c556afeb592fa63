// Relocations: the few kinds that compiled code has, by the System V psABI for x86-64, table 4.9
// (S: the symbol's address, A: the addend, P: the place that is filled in).
#include <string.h>

#include "code_image.h"

// One relocation: the object it is in, and where.
struct site {
  struct code_image *image;
  struct image_object *object;
  uint64_t place;  // offset in the mapping
  uint32_t symbol;
  int64_t addend;
  struct error_text error;
};

static uint64_t address_in(const struct code_image *image, uint64_t place) {
  return (uint64_t)(uintptr_t)image->base + place;
}

static const char *name_of(const struct image_object *object, const Elf64_Sym *symbol) {
  return symbol->st_name < object->elf.symbol_names_size ? object->names + symbol->st_name : "";
}

static bool find_global(const struct site *site, const char *name, uint64_t *address) {
  const struct symbol *found = symbol_table_find(&site->image->globals, name);
  if (found == NULL)
    return fail(site->error, "the code calls '%.100s', which the runtime does not offer", name);
  *address = found->address;
  return true;
}

static bool find_local(const struct site *site, const Elf64_Sym *symbol, uint64_t *address) {
  const struct image_object *object = site->object;
  uint32_t i = symbol->st_shndx;
  if (i >= object->elf.section_count || object->section_places[i] == not_loaded ||
      symbol->st_value > elf_section(&object->elf, i).sh_size)
    return fail(site->error, "symbol %u of object %d is in no section that is loaded",
                site->symbol, object->elf.number);
  *address = address_in(site->image, object->section_places[i] + symbol->st_value);
  return true;
}

static bool symbol_address(const struct site *site, uint64_t *address) {
  struct image_object *object = site->object;
  if (site->symbol >= object->elf.symbol_count)
    return fail(site->error, "object %d has no symbol %u", object->elf.number, site->symbol);
  uint64_t *kept = &object->symbol_addresses[site->symbol];
  if (*kept == 0) {
    Elf64_Sym symbol = elf_symbol(&object->elf, site->symbol);
    bool is_global = ELF64_ST_BIND(symbol.st_info) != STB_LOCAL;
    if (!(is_global ? find_global(site, name_of(object, &symbol), kept)
                    : find_local(site, &symbol, kept)))
      return false;
  }
  *address = *kept;
  return true;
}

// Offset of the symbol's stub, which is written when it is first asked for.
static uint64_t stub_for(const struct site *site, uint64_t target) {
  static const unsigned char jump[STUB_ADDRESS] = {0xff, 0x25, 2, 0, 0, 0, 0xcc, 0xcc};
  uint64_t place = site->object->stubs + (uint64_t)site->symbol * STUB_BYTES;
  memcpy(site->image->base + place, jump, sizeof jump);
  memcpy(site->image->base + place + STUB_ADDRESS, &target, sizeof target);
  return place;
}

// Distances are taken modulo 2^64: an addend may be anything.
static bool fits(uint64_t distance) {
  return distance + (1u << 31) <= UINT32_MAX;
}

static bool write_distance(const struct site *site, uint64_t target) {
  uint64_t distance = target + (uint64_t)site->addend - address_in(site->image, site->place);
  if (!fits(distance))
    return fail(site->error, "a distance in object %d exceeds 32 bits", site->object->elf.number);
  uint32_t low = (uint32_t)distance;
  memcpy(site->image->base + site->place, &low, sizeof low);
  return true;
}

// S + A - P; functions of the runtime may be too far away, and are then reached by their stub.
static bool write_branch(const struct site *site, uint64_t target) {
  if (!fits(target + (uint64_t)site->addend - address_in(site->image, site->place)))
    target = address_in(site->image, stub_for(site, target));
  return write_distance(site, target);
}

static bool write_value(const struct site *site, uint64_t value) {
  memcpy(site->image->base + site->place, &value, sizeof value);
  return true;
}

static bool apply(const struct site *site, uint32_t kind) {
  uint64_t target = 0;
  if (!symbol_address(site, &target))
    return false;
  switch (kind) {
  case R_X86_64_64:
    return write_value(site, target + (uint64_t)site->addend);
  case R_X86_64_PC64:
    return write_value(site, target + (uint64_t)site->addend -
                                 address_in(site->image, site->place));
  case R_X86_64_PC32:
  case R_X86_64_PLT32:
    return write_branch(site, target);
  case R_X86_64_GOTPCREL:
  case R_X86_64_GOTPCRELX:
  case R_X86_64_REX_GOTPCRELX:
    return write_distance(site, address_in(site->image, stub_for(site, target) + STUB_ADDRESS));
  default:
    return fail(site->error, "object %d has a relocation of unknown kind %u",
                site->object->elf.number, kind);
  }
}

static bool is_wide(uint32_t kind) { return kind == R_X86_64_64 || kind == R_X86_64_PC64; }

// All relocations of the section that `table` is for.
static bool apply_table(struct site *site, const Elf64_Shdr *table) {
  const struct elf_object *elf = &site->object->elf;
  if (table->sh_info >= elf->section_count)
    return fail(site->error, "relocations of object %d are for no section", elf->number);
  uint64_t start = site->object->section_places[table->sh_info];
  if (start == not_loaded)
    return true;
  Elf64_Shdr target = elf_section(elf, table->sh_info);
  if (table->sh_type == SHT_REL || table->sh_entsize != sizeof(Elf64_Rela) ||
      target.sh_type == SHT_NOBITS)
    return fail(site->error, "relocations of object %d are of an unknown form", elf->number);
  for (uint64_t i = 0; i < table->sh_size / sizeof(Elf64_Rela); ++i) {
    Elf64_Rela entry;
    memcpy(&entry, elf->data + table->sh_offset + i * sizeof entry, sizeof entry);
    uint32_t kind = (uint32_t)ELF64_R_TYPE(entry.r_info);
    uint64_t bytes = is_wide(kind) ? 8 : 4;
    if (kind == R_X86_64_NONE)
      continue;
    if (target.sh_size < bytes || entry.r_offset > target.sh_size - bytes)
      return fail(site->error, "a relocation of object %d is out of bounds", elf->number);
    site->place = start + entry.r_offset;
    site->symbol = (uint32_t)ELF64_R_SYM(entry.r_info);
    site->addend = entry.r_addend;
    if (!apply(site, kind))
      return false;
  }
  return true;
}

bool relocate(struct code_image *image, struct error_text error) {
  for (int32_t i = 0; i < image->object_count; ++i) {
    struct site site = {.image = image, .object = &image->objects[i], .error = error};
    const struct elf_object *elf = &site.object->elf;
    for (uint32_t s = 0; s < elf->section_count; ++s) {
      Elf64_Shdr section = elf_section(elf, s);
      bool is_table = section.sh_type == SHT_RELA || section.sh_type == SHT_REL;
      if (is_table && !apply_table(&site, &section))
        return false;
    }
  }
  return true;
}
