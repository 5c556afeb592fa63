// Loading a model, and what can be asked about it.
#include "model.h"

#include <stdlib.h>

#include "code_loader.h"

// The sum of all arenas, each in whole cache lines.
static bool add_up_arenas(const struct artifact_specialisation *made, uint64_t *bytes) {
  for (uint32_t i = 0; i < made->argument_count; ++i) {
    const struct artifact_argument *argument = &made->arguments[i];
    if (argument->kind == ARGUMENT_ARENA &&
        __builtin_add_overflow(*bytes, argument->bytes + 63, bytes))
      return false;
  }
  return *bytes < UINT64_MAX / 2;
}

static bool load_program(const struct artifact *artifact,
                         const struct artifact_specialisation *made, struct program *program,
                         struct error_text error) {
  if (!add_up_arenas(made, &program->arena_bytes))
    return fail(error, "its table is damaged");
  size_t count = made->object_count;
  aicc_object *objects = calloc(count + 1, sizeof objects[0]);
  if (objects == NULL)
    return fail(error, "no memory for %zu objects", count);
  for (size_t i = 0; i < count; ++i)
    objects[i] = artifact->objects[made->objects[i]];
  program->code = load_code(objects, (int32_t)count, error);
  free(objects);
  if (program->code == NULL)
    return false;
  // the name MLIR's execution engine gives to the function that takes main's arguments as a table
  program->entry = (entry_point)aicc_code_symbol(program->code, "_mlir_main");
  return program->entry != NULL || fail(error, "its code has no function 'main'");
}

static bool load_programs(struct aicc_model *model, struct error_text error) {
  const struct artifact *artifact = &model->artifact;
  uint32_t count = artifact->specialisation_count;
  if (count == 0)
    return fail(error, "it holds no code");
  model->programs = calloc(count, sizeof model->programs[0]);
  if (model->programs == NULL)
    return fail(error, "no memory for its code");
  for (uint32_t i = 0; i < count; ++i)
    if (!load_program(artifact, &artifact->specialisations[i], &model->programs[i], error))
      return false;
  return true;
}

int aicc_load(const char *path, aicc_model **model, char *text, size_t size) {
  struct error_text error = {text, size};
  *model = NULL;
  struct aicc_model *made = calloc(1, sizeof *made);
  if (made == NULL || pthread_mutex_init(&made->lock, NULL) != 0) {
    free(made);
    fail(error, "no memory");
    return -1;
  }
  if (!artifact_open(&made->artifact, path, error) || !load_programs(made, error)) {
    aicc_free(made);
    return -1;
  }
  *model = made;
  return 0;
}

void aicc_free(aicc_model *model) {
  if (model == NULL)
    return;
  for (uint32_t i = 0; model->programs && i < model->artifact.specialisation_count; ++i) {
    free_frames(&model->programs[i]);
    aicc_code_free(model->programs[i].code);
  }
  free(model->programs);
  artifact_close(&model->artifact);
  pthread_mutex_destroy(&model->lock);
  free(model);
}

int32_t aicc_input_count(const aicc_model *model) {
  return (int32_t)model->artifact.input_count;
}

int32_t aicc_output_count(const aicc_model *model) {
  return (int32_t)model->artifact.output_count;
}

int32_t aicc_specialisation_count(const aicc_model *model) {
  return (int32_t)model->artifact.specialisation_count;
}

static bool is_below(int32_t i, uint32_t count) { return i >= 0 && (uint32_t)i < count; }

int aicc_input(const aicc_model *model, int32_t i, aicc_tensor *input) {
  if (!is_below(i, model->artifact.input_count))
    return -1;
  const struct artifact_input *found = &model->artifact.inputs[i];
  *input = (aicc_tensor){found->name, found->dtype, found->rank, found->dims, NULL};
  return 0;
}

const char *aicc_dim_name(const aicc_model *model, int32_t i, int32_t d) {
  if (!is_below(i, model->artifact.input_count) || d < 0 || d >= model->artifact.inputs[i].rank)
    return NULL;
  return model->artifact.inputs[i].dim_names[d];
}

const char *aicc_output_name(const aicc_model *model, int32_t i) {
  return is_below(i, model->artifact.output_count) ? model->artifact.outputs[i] : NULL;
}

int aicc_input_of(const aicc_model *model, int32_t specialisation, int32_t i,
                  aicc_tensor *input) {
  const struct artifact *artifact = &model->artifact;
  if (!is_below(specialisation, artifact->specialisation_count) ||
      aicc_input(model, i, input) != 0)
    return -1;
  const struct artifact_key *key = &artifact->specialisations[specialisation].keys[i];
  input->rank = key->rank;
  input->dims = key->dims;
  return 0;
}

int aicc_output(const aicc_model *model, int32_t specialisation, int32_t i,
                aicc_tensor *output) {
  const struct artifact *artifact = &model->artifact;
  if (!is_below(specialisation, artifact->specialisation_count) ||
      !is_below(i, artifact->output_count))
    return -1;
  const struct artifact_argument *found = artifact->specialisations[specialisation].outputs[i];
  *output = (aicc_tensor){artifact->outputs[i], found->dtype, found->rank, found->dims, NULL};
  return 0;
}

const void *aicc_model_table(const aicc_model *model, size_t *size) {
  *size = model->artifact.table_bytes;
  return model->artifact.table;
}

const void *aicc_model_code(const aicc_model *model, size_t *size) {
  *size = model->artifact.code_bytes;
  return model->artifact.code;
}

const void *aicc_model_weights(const aicc_model *model, size_t *size) {
  *size = model->artifact.weights_bytes;
  return model->artifact.weights;
}

void *aicc_model_entry(const aicc_model *model, int32_t specialisation) {
  if (!is_below(specialisation, model->artifact.specialisation_count))
    return NULL;
  return (void *)model->programs[specialisation].entry;
}
