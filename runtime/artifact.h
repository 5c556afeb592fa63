// A compiled model in a file (.aicc): what is in it, checked, as plain data.
//
// Layout, all little-endian: a header of 256 bytes; the table, which says everything the loader
// needs to know; the objects; and, from the next page on, the weights, which are mapped. Header,
// table and code are read into memory and only then checked, so that a file that changes meanwhile
// does no harm. python/aicc/runtime/artifact.py writes it; docs/artifacts.md describes it.
#ifndef AICC_ARTIFACT_H
#define AICC_ARTIFACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aicc_rt.h"
#include "error_text.h"

enum { ARTIFACT_FORMAT = 1 };
enum { ARGUMENT_INPUT, ARGUMENT_WEIGHT, ARGUMENT_OUTPUT, ARGUMENT_ARENA, ARGUMENT_KINDS };

// An input as the model declares it. rank -1: any; a dimension of -1: open.
struct artifact_input {
  const char *name;
  int32_t dtype, rank;
  int64_t *dims;
  const char **dim_names;  // NULL where the size is fixed
};

// What a specialisation was compiled for: the shape of an input, and its value if that decides.
struct artifact_key {
  int32_t rank;
  int64_t *dims;
  const void *value;  // NULL: any value
  uint64_t value_bytes;
};

// A pointer that the compiled function takes.
struct artifact_argument {
  int32_t kind, dtype, rank;
  uint32_t index;   // of the input or output
  int64_t *dims;
  uint64_t bytes;
  uint64_t offset;  // of a weight, in the section of weights
};

struct artifact_specialisation {
  uint32_t object_count, argument_count;
  uint32_t *objects;
  struct artifact_key *keys;            // one per input
  struct artifact_argument *arguments;
  struct artifact_argument **outputs;   // into arguments, one per output of the model
};

struct artifact {
  // from the file, all owned
  unsigned char *head;  // header, table and code
  void *weights;        // mapped, read-only; NULL without weights
  uint64_t weights_bytes;
  const unsigned char *table, *code;  // in head
  uint64_t table_bytes, code_bytes;
  // from the table; strings and values stay in head, arrays are owned by `blocks`
  struct block *blocks;
  uint32_t feature_count, input_count, output_count, object_count, specialisation_count;
  int32_t threads;
  const char **features;
  struct artifact_input *inputs;
  const char **outputs;
  aicc_object *objects;
  struct artifact_specialisation *specialisations;
};

// Read and check a file, its table, and whether it fits this library and processor. After a
// failure the artefact holds nothing.
bool artifact_open(struct artifact *artifact, const char *path, struct error_text error);
void artifact_close(struct artifact *artifact);

// Read the table, which lies in memory. (artifact_table.c)
bool read_table(struct artifact *artifact, struct error_text error);
void free_blocks(struct artifact *artifact);


#endif
