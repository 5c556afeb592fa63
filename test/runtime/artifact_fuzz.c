// Loads altered copies of an artefact, and asks about those that load; nothing is run. For half of
// the copies the checksums are computed again, so that the checks behind them are met too.
//   artifact_fuzz FILE COUNT [SEED]
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "aicc.h"
#include "checksums.h"
#include "files.h"

enum { HEADER_BYTES = 256, TABLE_PLACE = 24, CODE_PLACE = 40, WEIGHTS_PLACE = 56 };
enum { TABLE_DIGEST = 72, CODE_DIGEST = 104, WEIGHTS_SUMS = 136 };

static uint64_t random_state;

static uint64_t below(uint64_t limit) { return next_number(&random_state) % limit; }

static uint64_t number_at(const struct bytes *file, size_t place) {
  uint64_t number;
  memcpy(&number, file->data + place, sizeof number);
  return number;
}

// A section of the file, as the header has it; cut to the file.
static struct bytes section_at(const struct bytes *file, size_t place) {
  uint64_t offset = number_at(file, place), size = number_at(file, place + 8);
  if (offset > file->size)
    offset = file->size;
  if (size > file->size - offset)
    size = file->size - offset;
  return (struct bytes){file->data + offset, size};
}

static void sign(struct bytes *file) {
  struct bytes table = section_at(file, TABLE_PLACE), code = section_at(file, CODE_PLACE);
  struct bytes weights = section_at(file, WEIGHTS_PLACE);
  uint32_t lanes[CRC_LANES];
  aicc_rt_crc32c(weights.data, weights.size & ~(size_t)31, lanes);
  aicc_rt_sha256(table.data, table.size, file->data + TABLE_DIGEST);
  aicc_rt_sha256(code.data, code.size, file->data + CODE_DIGEST);
  memcpy(file->data + WEIGHTS_SUMS, lanes, sizeof lanes);
  size_t rest = HEADER_BYTES - SHA256_BYTES;
  aicc_rt_sha256(file->data, rest, file->data + rest);
}

// Numbers near which bounds checks go wrong.
static uint64_t telling_number(void) {
  static const uint64_t numbers[] = {0, 1, 2, 255, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
  uint64_t number = numbers[below(sizeof numbers / sizeof numbers[0])];
  return below(2) ? number : number - below(70);
}

static void alter(struct bytes part) {
  for (uint64_t left = 1 + below(3); part.size > 8 && left != 0; --left) {
    unsigned char *place = part.data + below(part.size - 8);
    uint64_t number = telling_number();
    switch (below(3)) {
    case 0:
      *place ^= (unsigned char)(1 << below(8));
      break;
    case 1:
      memcpy(place, &number, sizeof(uint32_t));
      break;
    default:
      memcpy(place, &number, sizeof number);
    }
  }
}

// Anywhere, with no regard for checksums. False when nothing has changed.
static bool damage(struct bytes *file, const struct bytes *original) {
  uint64_t kind = below(4), i = below(file->size);
  if (kind == 0)
    file->size = i;
  else if (kind == 1)
    for (uint64_t count = 1 + below(64); count != 0 && i < file->size; --count)
      file->data[i++] = (unsigned char)next_number(&random_state);
  else
    file->data[i] ^= (unsigned char)(1 + below(255));
  return file->size != original->size || memcmp(file->data, original->data, file->size) != 0;
}

// In one of the parts, and signed.
static void forge(struct bytes *file) {
  struct bytes parts[] = {section_at(file, TABLE_PLACE), section_at(file, TABLE_PLACE),
                          section_at(file, CODE_PLACE), {file->data + 8, TABLE_DIGEST - 8}};
  alter(parts[below(4)]);
  sign(file);
}

// Everything there is to ask, with tensors of the shapes that the model itself names.
static void ask(aicc_model *model) {
  aicc_tensor tensor, *inputs = calloc((size_t)aicc_input_count(model) + 1, sizeof tensor);
  char error[256];
  size_t letters = 0;
  for (int32_t i = 0; i < aicc_input_count(model); ++i) {
    CHECK(aicc_input(model, i, &tensor) == 0 && aicc_dtype_name(tensor.dtype));
    letters += strlen(tensor.name);
    for (int32_t d = 0; d < tensor.rank; ++d)
      letters += aicc_dim_name(model, i, d) ? strlen(aicc_dim_name(model, i, d)) : 0;
  }
  for (int32_t s = 0; s < aicc_specialisation_count(model); ++s) {
    for (int32_t i = 0; i < aicc_input_count(model); ++i)
      CHECK(aicc_input_of(model, s, i, &inputs[i]) == 0);
    CHECK(aicc_select(model, inputs, error, sizeof error) < aicc_specialisation_count(model));
    for (int32_t i = 0; i < aicc_output_count(model); ++i) {
      CHECK(aicc_output(model, s, i, &tensor) == 0);
      letters += strlen(tensor.name) + aicc_tensor_bytes(&tensor) % 2;
    }
  }
  CHECK(letters < SIZE_MAX / 2);
  free(inputs);
}

static bool try_load(const char *path) {
  aicc_model *model;
  char error[256] = "";
  if (aicc_load(path, &model, error, sizeof error) != 0) {
    CHECK(model == NULL && error[0] != '\0');
    return false;
  }
  ask(model);
  aicc_free(model);
  return true;
}

int main(int argc, char **argv) {
  CHECK(argc >= 3);
  random_state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
  struct bytes original = read_whole(argv[1]);
  struct bytes copy = {malloc(original.size), 0};
  char path[] = "/tmp/artifact_fuzz_XXXXXX";
  int file = mkstemp(path);
  CHECK(file >= 0 && copy.data != NULL && close(file) == 0);
  CHECK(try_load(argv[1]));
  long count = strtol(argv[2], NULL, 10), forged = 0, accepted = 0;
  for (long i = 0; i < count; ++i) {
    copy.size = original.size;
    memcpy(copy.data, original.data, original.size);
    if (i % 2 == 0) {
      forge(&copy);
      write_whole(path, copy);
      ++forged;
      accepted += try_load(path);
    } else if (damage(&copy, &original)) {
      write_whole(path, copy);
      CHECK(!try_load(path));
    }
  }
  unlink(path);
  printf("%ld altered artefacts: %ld forged, of which %ld load\n", count, forged, accepted);
  free(copy.data);
  free(original.data);
  return 0;
}
