// Loads relocatable objects into one mapping: check, lay out, copy, relocate, protect.
//
// Objects see each other's global symbols and the table of symbols.c, nothing else of the process.
#include "code_loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "code_image.h"

struct aicc_code {
  unsigned char *base;
  size_t size;
  struct symbol_table globals;
  char *names;  // of the symbols in `globals`
};

// Memory that is needed only while loading, for all objects in one block.
struct scratch {
  struct image_object *objects;
  uint64_t *words;
};

static bool open_objects(struct code_image *image, const aicc_object *objects,
                         struct error_text error) {
  for (int32_t i = 0; i < image->object_count; ++i)
    if (!elf_open(&image->objects[i].elf, objects[i].data, objects[i].size, i, error))
      return false;
  return true;
}

// Divide scratch and name memory among the objects, and copy the names.
static bool share_memory(struct code_image *image, struct aicc_code *code,
                         struct scratch *scratch) {
  size_t words = 0, name_bytes = 1;
  for (int32_t i = 0; i < image->object_count; ++i) {
    const struct elf_object *elf = &image->objects[i].elf;
    words += (size_t)elf->section_count + elf->symbol_count;
    name_bytes += elf->symbol_names_size;
  }
  scratch->words = calloc(words, sizeof scratch->words[0]);
  code->names = malloc(name_bytes);
  if (scratch->words == NULL || code->names == NULL)
    return false;
  uint64_t *word = scratch->words;
  char *names = code->names;
  for (int32_t i = 0; i < image->object_count; ++i) {
    struct image_object *object = &image->objects[i];
    object->section_places = word;
    object->symbol_addresses = word += object->elf.section_count;
    word += object->elf.symbol_count;
    object->names = memcpy(names, object->elf.data + object->elf.symbol_names,
                           object->elf.symbol_names_size);
    names += object->elf.symbol_names_size;
  }
  return true;
}

static bool map_image(struct code_image *image, struct aicc_code *code, struct error_text error) {
  uint64_t size = image->ends[SEGMENT_COUNT - 1];
  if (size == 0)
    return fail(error, "the objects hold no code");
  void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED)
    return fail(error, "no memory for the code: %s", strerror(errno));
  image->base = code->base = base;
  code->size = size;
  for (int32_t i = 0; i < image->object_count; ++i) {
    const struct image_object *object = &image->objects[i];
    for (uint32_t s = 0; s < object->elf.section_count; ++s) {
      Elf64_Shdr section = elf_section(&object->elf, s);
      if (object->section_places[s] != not_loaded && section.sh_type != SHT_NOBITS)
        memcpy(image->base + object->section_places[s], object->elf.data + section.sh_offset,
               section.sh_size);
    }
  }
  return true;
}

static void add_runtime_symbols(struct symbol_table *globals) {
  struct symbol symbol = {.kind = SYMBOL_OF_RUNTIME};
  void *address;
  for (int32_t i = 0; aicc_rt_symbol(i, &symbol.name, &address); ++i) {
    symbol.address = (uint64_t)(uintptr_t)address;
    symbol_table_add(globals, symbol);
  }
}

static bool add_symbols(struct code_image *image, const struct image_object *object,
                        struct error_text error) {
  const struct elf_object *elf = &object->elf;
  for (uint32_t i = 0; i < elf->symbol_count; ++i) {
    Elf64_Sym entry = elf_symbol(elf, i);
    if (ELF64_ST_BIND(entry.st_info) == STB_LOCAL || entry.st_shndx == SHN_UNDEF ||
        entry.st_name >= elf->symbol_names_size)
      continue;
    if (entry.st_shndx >= elf->section_count ||
        object->section_places[entry.st_shndx] == not_loaded ||
        entry.st_value > elf_section(elf, entry.st_shndx).sh_size)
      return fail(error, "symbol %u of object %d is in no section that is loaded", i, elf->number);
    uint64_t place = object->section_places[entry.st_shndx] + entry.st_value;
    bool is_weak = ELF64_ST_BIND(entry.st_info) == STB_WEAK;
    struct symbol symbol = {object->names + entry.st_name,
                            (uint64_t)(uintptr_t)image->base + place,
                            is_weak ? SYMBOL_WEAK : SYMBOL_STRONG};
    if (!symbol_table_add(&image->globals, symbol))
      return fail(error, "two objects define '%.100s'", symbol.name);
  }
  return true;
}

static bool collect_symbols(struct code_image *image, struct aicc_code *code,
                            struct error_text error) {
  size_t count = 0;
  const char *name;
  void *address;
  while (aicc_rt_symbol((int32_t)count, &name, &address))
    ++count;
  for (int32_t i = 0; i < image->object_count; ++i)
    count += image->objects[i].elf.symbol_count;
  if (!symbol_table_init(&code->globals, count))
    return fail(error, "no memory for the code's symbols");
  image->globals = code->globals;
  add_runtime_symbols(&image->globals);
  for (int32_t i = 0; i < image->object_count; ++i)
    if (!add_symbols(image, &image->objects[i], error))
      return false;
  return true;
}

static bool protect(const struct code_image *image, struct error_text error) {
  static const int rights[] = {PROT_READ | PROT_EXEC, PROT_READ, PROT_READ | PROT_WRITE};
  uint64_t start = 0;
  for (int segment = 0; segment < SEGMENT_COUNT; ++segment) {
    uint64_t size = image->ends[segment] - start;
    if (size != 0 && mprotect(image->base + start, size, rights[segment]) != 0)
      return fail(error, "the system refuses to make code executable: %s", strerror(errno));
    start = image->ends[segment];
  }
  return true;
}

static bool load_into(struct aicc_code *code, const aicc_object *objects, int32_t count,
                      struct scratch *scratch, struct error_text error) {
  if (count < 1)
    return fail(error, "there are no objects to load");
  scratch->objects = calloc((size_t)count, sizeof scratch->objects[0]);
  if (scratch->objects == NULL)
    return fail(error, "no memory for %d objects", count);
  struct code_image image = {.objects = scratch->objects, .object_count = count};
  if (!open_objects(&image, objects, error))
    return false;
  if (!share_memory(&image, code, scratch))
    return fail(error, "no memory for the code's symbols");
  return lay_out(&image, error) && map_image(&image, code, error) &&
         collect_symbols(&image, code, error) && relocate(&image, error) &&
         protect(&image, error);
}

aicc_code *load_code(const aicc_object *objects, int32_t count, struct error_text error) {
  struct aicc_code *code = calloc(1, sizeof *code);
  if (code == NULL) {
    fail(error, "no memory");
    return NULL;
  }
  struct scratch scratch = {NULL, NULL};
  bool is_loaded = load_into(code, objects, count, &scratch, error);
  free(scratch.objects);
  free(scratch.words);
  if (is_loaded)
    return code;
  aicc_code_free(code);
  return NULL;
}

aicc_code *aicc_code_load(const aicc_object *objects, int32_t count, char *error,
                          size_t error_size) {
  return load_code(objects, count, (struct error_text){error, error_size});
}

void *aicc_code_symbol(const aicc_code *code, const char *name) {
  const struct symbol *found = symbol_table_find(&code->globals, name);
  if (found == NULL || found->kind == SYMBOL_OF_RUNTIME)
    return NULL;
  return (void *)(uintptr_t)found->address;
}

void aicc_code_free(aicc_code *code) {
  if (code == NULL)
    return;
  if (code->base != NULL)
    munmap(code->base, code->size);
  symbol_table_free(&code->globals);
  free(code->names);
  free(code);
}
