// The table of an artefact. Its fields stand in the order in which they are read here; numbers are
// 32 bits unless they are sizes, and lists begin with their length.
#include <stdlib.h>
#include <string.h>

#include "aicc.h"
#include "artifact.h"
#include "byte_reader.h"

// A list's memory; all are freed together.
struct block {
  struct block *next;
  _Alignas(8) unsigned char data[];
};

// Larger than any machine's memory, and small enough that sums of a few never overflow.
static const uint64_t max_bytes = UINT64_C(1) << 56;
enum { MAX_RANK = 64 };  // numpy's

struct parser {
  struct artifact *artifact;
  struct byte_reader bytes;
};

// Zeroed; counts were checked against what is left of the table, so that no product overflows.
static void *new_list(struct parser *parser, size_t count, size_t size) {
  struct block *block = calloc(1, sizeof *block + count * size);
  if (block == NULL) {
    parser->bytes.has_failed = true;
    return NULL;
  }
  block->next = parser->artifact->blocks;
  parser->artifact->blocks = block;
  return block->data;
}

void free_blocks(struct artifact *artifact) {
  for (struct block *block = artifact->blocks; block != NULL;) {
    struct block *next = block->next;
    free(block);
    block = next;
  }
  artifact->blocks = NULL;
}

static bool is_good(struct parser *parser, bool condition) {
  parser->bytes.has_failed |= !condition;
  return !parser->bytes.has_failed;
}

static const char **read_names(struct parser *parser, uint32_t *count) {
  *count = read_count(&parser->bytes, 5);
  const char **names = new_list(parser, *count, sizeof names[0]);
  for (uint32_t i = 0; names && i < *count; ++i)
    names[i] = read_string(&parser->bytes);
  return names;
}

static int64_t *read_dims(struct parser *parser, int32_t *rank) {
  *rank = (int32_t)read_count(&parser->bytes, sizeof(int64_t));
  if (!is_good(parser, *rank <= MAX_RANK))
    return NULL;
  int64_t *dims = new_list(parser, (size_t)*rank, sizeof dims[0]);
  for (int32_t d = 0; dims && d < *rank; ++d) {
    dims[d] = (int64_t)read_u64(&parser->bytes);
    is_good(parser, dims[d] >= 0);
  }
  return dims;
}

// 0 and a failed parser if it exceeds max_bytes.
static uint64_t byte_size(struct parser *parser, int32_t dtype, int32_t rank,
                          const int64_t *dims) {
  uint64_t size = aicc_dtype_bytes(dtype);
  is_good(parser, size != 0);
  for (int32_t d = 0; !parser->bytes.has_failed && d < rank; ++d)
    if (__builtin_mul_overflow(size, (uint64_t)dims[d], &size) || size > max_bytes)
      is_good(parser, false);
  return parser->bytes.has_failed ? 0 : size;
}

static void read_input(struct parser *parser, struct artifact_input *input) {
  input->name = read_string(&parser->bytes);
  input->dtype = (int32_t)read_u32(&parser->bytes);
  is_good(parser, aicc_dtype_bytes(input->dtype) != 0);
  input->rank = -1;
  if (read_u8(&parser->bytes) == 0)
    return;
  input->rank = (int32_t)read_count(&parser->bytes, sizeof(int64_t) + 5);
  if (!is_good(parser, input->rank <= MAX_RANK))
    return;
  size_t rank = (size_t)input->rank;
  input->dims = new_list(parser, rank, sizeof input->dims[0]);
  input->dim_names = new_list(parser, rank, sizeof input->dim_names[0]);
  for (size_t d = 0; !parser->bytes.has_failed && d < rank; ++d) {
    input->dims[d] = (int64_t)read_u64(&parser->bytes);
    const char *name = read_string(&parser->bytes);
    input->dim_names[d] = input->dims[d] == -1 ? name : NULL;
    is_good(parser, input->dims[d] >= -1);
  }
}

static void read_object(struct parser *parser, aicc_object *object) {
  uint64_t offset = read_u64(&parser->bytes), size = read_u64(&parser->bytes);
  const struct artifact *artifact = parser->artifact;
  if (!is_good(parser, offset <= artifact->code_bytes && size <= artifact->code_bytes - offset))
    return;
  object->data = artifact->code + offset;
  object->size = size;
}

static void read_key(struct parser *parser, const struct artifact_input *input,
                     struct artifact_key *key) {
  key->dims = read_dims(parser, &key->rank);
  if (!is_good(parser, input->rank == -1 || input->rank == key->rank))
    return;
  for (int32_t d = 0; d < input->rank; ++d)
    is_good(parser, input->dims[d] == -1 || input->dims[d] == key->dims[d]);
  uint64_t bytes = byte_size(parser, input->dtype, key->rank, key->dims);
  if (read_u8(&parser->bytes) == 0)
    return;
  key->value = read_bytes(&parser->bytes, bytes);
  key->value_bytes = bytes;
}

static bool is_key_shape(const struct artifact_argument *argument,
                         const struct artifact_key *key) {
  return argument->rank == key->rank &&
         (key->rank == 0 ||
          memcmp(argument->dims, key->dims, (size_t)key->rank * sizeof key->dims[0]) == 0);
}

// What an argument says beside its type must fit the rest of the table.
static bool is_consistent(const struct artifact *artifact,
                          const struct artifact_specialisation *made,
                          const struct artifact_argument *argument) {
  switch (argument->kind) {
  case ARGUMENT_INPUT:
    return argument->index < artifact->input_count &&
           argument->dtype == artifact->inputs[argument->index].dtype &&
           is_key_shape(argument, &made->keys[argument->index]);
  case ARGUMENT_OUTPUT:
    return argument->index < artifact->output_count && made->outputs[argument->index] == NULL;
  case ARGUMENT_WEIGHT:
    return argument->offset % 64 == 0 && argument->offset <= artifact->weights_bytes &&
           argument->bytes <= artifact->weights_bytes - argument->offset;
  default:
    return argument->kind == ARGUMENT_ARENA;
  }
}

static void read_argument(struct parser *parser, struct artifact_specialisation *made,
                          struct artifact_argument *argument) {
  argument->kind = read_u8(&parser->bytes);
  argument->index = read_u32(&parser->bytes);
  argument->dtype = (int32_t)read_u32(&parser->bytes);
  argument->dims = read_dims(parser, &argument->rank);
  argument->bytes = byte_size(parser, argument->dtype, argument->rank, argument->dims);
  argument->offset = read_u64(&parser->bytes);
  read_string(&parser->bytes);  // the weight's name, for people
  if (!parser->bytes.has_failed &&
      is_good(parser, is_consistent(parser->artifact, made, argument)) &&
      argument->kind == ARGUMENT_OUTPUT)
    made->outputs[argument->index] = argument;
}

static void read_objects_of(struct parser *parser, struct artifact_specialisation *made) {
  made->object_count = read_count(&parser->bytes, sizeof(uint32_t));
  made->objects = new_list(parser, made->object_count, sizeof made->objects[0]);
  for (uint32_t i = 0; made->objects && i < made->object_count; ++i) {
    made->objects[i] = read_u32(&parser->bytes);
    is_good(parser, made->objects[i] < parser->artifact->object_count);
  }
}

static void read_specialisation(struct parser *parser, struct artifact_specialisation *made) {
  const struct artifact *artifact = parser->artifact;
  read_objects_of(parser, made);
  made->keys = new_list(parser, artifact->input_count, sizeof made->keys[0]);
  for (uint32_t i = 0; !parser->bytes.has_failed && i < artifact->input_count; ++i)
    read_key(parser, &artifact->inputs[i], &made->keys[i]);
  made->argument_count = read_count(&parser->bytes, 26);
  made->arguments = new_list(parser, made->argument_count, sizeof made->arguments[0]);
  made->outputs = new_list(parser, artifact->output_count, sizeof made->outputs[0]);
  for (uint32_t i = 0; !parser->bytes.has_failed && i < made->argument_count; ++i)
    read_argument(parser, made, &made->arguments[i]);
  for (uint32_t i = 0; !parser->bytes.has_failed && i < artifact->output_count; ++i)
    is_good(parser, made->outputs[i] != NULL);
}

static void read_model(struct parser *parser) {
  struct artifact *artifact = parser->artifact;
  read_string(&parser->bytes);  // version of aicc, hash of the source, target: for people
  read_string(&parser->bytes);
  read_string(&parser->bytes);
  artifact->features = read_names(parser, &artifact->feature_count);
  uint32_t threads = read_u32(&parser->bytes);
  is_good(parser, threads >= 1);
  artifact->threads = threads < AICC_RT_MAX_THREADS ? (int32_t)threads : AICC_RT_MAX_THREADS;
  artifact->input_count = read_count(&parser->bytes, 10);
  artifact->inputs = new_list(parser, artifact->input_count, sizeof artifact->inputs[0]);
  for (uint32_t i = 0; !parser->bytes.has_failed && i < artifact->input_count; ++i)
    read_input(parser, &artifact->inputs[i]);
  artifact->outputs = read_names(parser, &artifact->output_count);
}

bool read_table(struct artifact *artifact, struct error_text error) {
  struct parser parser = {
      artifact, {artifact->table, artifact->table + artifact->table_bytes, false}};
  struct byte_reader *bytes = &parser.bytes;
  read_model(&parser);
  artifact->object_count = read_count(bytes, 2 * sizeof(uint64_t));
  artifact->objects = new_list(&parser, artifact->object_count, sizeof artifact->objects[0]);
  for (uint32_t i = 0; !bytes->has_failed && i < artifact->object_count; ++i)
    read_object(&parser, &artifact->objects[i]);
  uint32_t count = artifact->specialisation_count = read_count(bytes, 8);
  artifact->specialisations = new_list(&parser, count, sizeof artifact->specialisations[0]);
  for (uint32_t i = 0; !bytes->has_failed && i < count; ++i)
    read_specialisation(&parser, &artifact->specialisations[i]);
  if (!is_good(&parser, bytes->next == bytes->end))
    return fail(error, "its table is damaged");
  return true;
}
