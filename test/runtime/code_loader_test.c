// Objects from a C compiler, in the code models there are: they are linked, protected, and run;
// damaged ones are refused without harm. Arguments: the objects of loaded_code.c,
// loaded_other.c and loaded_stranger.c.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "aicc_rt.h"
#include "files.h"

static char error[256];

static aicc_code *load(const struct bytes *objects, int32_t count) {
  aicc_object list[4];
  for (int32_t i = 0; i < count; ++i)
    list[i] = (aicc_object){objects[i].data, objects[i].size};
  error[0] = '\0';
  return aicc_code_load(list, count, error, sizeof error);
}

#define FUNCTION(code, result, name, ...) ((result(*)(__VA_ARGS__))aicc_code_symbol(code, name))

static void test_calls(aicc_code *code) {
  CHECK(FUNCTION(code, int64_t, "call_other", int64_t)(5) == 1006);
  CHECK(FUNCTION(code, int64_t, "call_by_table", int32_t, int64_t)(0, 21) == 42);
  CHECK(FUNCTION(code, int64_t, "call_by_table", int32_t, int64_t)(1, 21) == 22);
  CHECK(FUNCTION(code, int64_t, "prime", int32_t)(7) == 19);
  CHECK(FUNCTION(code, int64_t, "count", void)() == 6);
  CHECK(FUNCTION(code, int64_t, "count", void)() == 7);
  CHECK(FUNCTION(code, int64_t, "only_weak", void)() == 7);
  CHECK(FUNCTION(code, double, "power", double, double)(3, 4) == 81);
  char bytes[3] = {1, 2, 3};
  FUNCTION(code, void, "clear", char *, size_t)(bytes, 2);
  CHECK(bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 3);
  CHECK(*(int64_t *)aicc_code_symbol(code, "other_variable") == 1000);
  CHECK(aicc_code_symbol(code, "twice") == NULL);   // not global
  CHECK(aicc_code_symbol(code, "memset") == NULL);  // not theirs
}

// The rights of the page that `address` is on, e.g. "r-xp".
static void rights_of(const void *address, char rights[5]) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[512];
  unsigned long start, end;
  CHECK(maps != NULL);
  memcpy(rights, "none", 5);
  while (fgets(line, sizeof line, maps))
    if (sscanf(line, "%lx-%lx", &start, &end) == 2 && (unsigned long)address >= start &&
        (unsigned long)address < end)
      memcpy(rights, strchr(line, ' ') + 1, 4);
  fclose(maps);
}

static void test_rights(aicc_code *code) {
  char rights[5];
  rights_of(aicc_code_symbol(code, "prime"), rights);
  CHECK(strcmp(rights, "r-xp") == 0);
  rights_of(aicc_code_symbol(code, "other_variable"), rights);
  CHECK(strcmp(rights, "rw-p") == 0);
}

static void test_refusals(const struct bytes *objects) {
  CHECK(load(objects, 0) == NULL && strstr(error, "no objects"));
  CHECK(load(objects, 1) == NULL && strstr(error, "calls 'other_"));
  CHECK(load(objects + 2, 1) == NULL && strstr(error, "calls 'system', which the runtime"));
  struct bytes twins[] = {objects[1], objects[1]};
  CHECK(load(twins, 2) == NULL && strstr(error, "two objects define 'other_"));
  struct bytes text = {(unsigned char *)"This is no object, but a text that is long enough.\n"
                                        "A header of ELF takes 64 bytes.", 80};
  CHECK(load(&text, 1) == NULL && strstr(error, "object 0 is not an ELF file"));
  CHECK(aicc_code_load(NULL, 0, NULL, 0) == NULL);
}

// Every length, copied into a block of that length, so that a sanitizer sees each read past it.
static void test_truncations(const struct bytes *objects) {
  for (size_t size = 0; size < objects[0].size; ++size) {
    unsigned char *cut = malloc(size ? size : 1);
    struct bytes pair[] = {{memcpy(cut, objects[0].data, size), size}, objects[1]};
    CHECK(load(pair, 2) == NULL && error[0] != '\0');
    free(cut);
  }
}

// Most flips only change code, which loads; it is never called.
static void test_flips(const struct bytes *objects) {
  struct bytes pair[] = {objects[0], objects[1]};
  int refused = 0;
  for (size_t i = 0; i < pair[0].size; ++i)
    for (int bit = 0; bit < 8; ++bit) {
      pair[0].data[i] ^= (unsigned char)(1 << bit);
      aicc_code *code = load(pair, 2);
      refused += code == NULL;
      aicc_code_free(code);
      pair[0].data[i] ^= (unsigned char)(1 << bit);
    }
  CHECK(refused > 1000);
}

int main(int argc, char **argv) {
  CHECK(argc == 4);
  struct bytes objects[3];
  for (int i = 0; i < 3; ++i)
    objects[i] = read_whole(argv[i + 1]);
  aicc_code *code = load(objects, 2);
  if (code == NULL)
    fprintf(stderr, "%s\n", error);
  CHECK(code != NULL);
  test_calls(code);
  test_rights(code);
  aicc_code_free(code);
  test_refusals(objects);
  test_truncations(objects);
  test_flips(objects);
  for (int i = 0; i < 3; ++i)
    free(objects[i].data);
  return 0;
}
