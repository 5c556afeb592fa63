// Choosing the specialisation for given inputs, and running it.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

// Text that is put together piece by piece, and cut at its end.
struct text {
  char buffer[400];
  size_t used;
};

__attribute__((format(printf, 2, 3))) static void append(struct text *text, const char *format,
                                                         ...) {
  va_list args;
  va_start(args, format);
  size_t room = sizeof text->buffer - text->used;
  int length = vsnprintf(text->buffer + text->used, room, format, args);
  va_end(args);
  if (length > 0)
    text->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void append_tensor(struct text *text, int32_t dtype, int32_t rank, const int64_t *dims) {
  const char *name = aicc_dtype_name(dtype);
  append(text, "%s [", name ? name : "(no dtype)");
  for (int32_t d = 0; d < rank && d < 8; ++d)
    append(text, dims[d] < 0 ? "%s?" : "%s%" PRId64, d ? ", " : "", dims[d]);
  append(text, rank < 0 ? "...]" : "]");
}

static bool has_dims(const aicc_tensor *tensor, int32_t rank, const int64_t *dims) {
  if (rank == -1)
    return tensor->rank >= 0;
  if (tensor->rank != rank)
    return false;
  for (int32_t d = 0; d < rank; ++d)
    if (dims[d] != -1 && dims[d] != tensor->dims[d])
      return false;
  return true;
}

static bool check_tensor(const char *kind, const aicc_tensor *given, const aicc_tensor *expected,
                         struct error_text error) {
  if (given->dtype == expected->dtype && has_dims(given, expected->rank, expected->dims))
    return true;
  struct text text = {.used = 0};
  append_tensor(&text, expected->dtype, expected->rank, expected->dims);
  append(&text, ", got ");
  append_tensor(&text, given->dtype, given->rank, given->dims);
  return fail(error, "%s '%.60s' is %s", kind, expected->name, text.buffer);
}

// Compiled code reads and writes whole elements; an empty tensor has no address to speak of.
static bool check_data(const char *kind, const aicc_tensor *given, const aicc_tensor *expected,
                       struct error_text error) {
  size_t bytes = aicc_dtype_bytes(given->dtype);
  if ((given->data == NULL && aicc_tensor_bytes(given) != 0) || (uintptr_t)given->data % bytes)
    return fail(error, "%s '%.60s' has no data, or data that is not aligned", kind,
                expected->name);
  return true;
}

static bool fits_key(const aicc_tensor *input, const struct artifact_key *key) {
  if (!has_dims(input, key->rank, key->dims))
    return false;
  return key->value == NULL || key->value_bytes == 0 ||
         (input->data != NULL && memcmp(input->data, key->value, key->value_bytes) == 0);
}

static bool fits(const struct artifact *artifact, uint32_t specialisation,
                 const aicc_tensor *inputs) {
  const struct artifact_key *keys = artifact->specialisations[specialisation].keys;
  for (uint32_t i = 0; i < artifact->input_count; ++i)
    if (!fits_key(&inputs[i], &keys[i]))
      return false;
  return true;
}

static void append_specialisation(struct text *text, const struct artifact *artifact,
                                  uint32_t specialisation) {
  for (uint32_t i = 0; i < artifact->input_count; ++i) {
    const struct artifact_key *key = &artifact->specialisations[specialisation].keys[i];
    append(text, "%s%.60s ", i ? ", " : "", artifact->inputs[i].name);
    append_tensor(text, artifact->inputs[i].dtype, key->rank, key->dims);
    append(text, "%s", key->value ? " of one value" : "");
  }
}

int32_t aicc_select(const aicc_model *model, const aicc_tensor *inputs, char *reason,
                    size_t size) {
  const struct artifact *artifact = &model->artifact;
  struct error_text error = {reason, size};
  for (uint32_t i = 0; i < artifact->input_count; ++i) {
    aicc_tensor declared;
    aicc_input(model, (int32_t)i, &declared);
    if (!check_tensor("input", &inputs[i], &declared, error))
      return -1;
  }
  for (uint32_t i = 0; i < artifact->specialisation_count; ++i)
    if (fits(artifact, i, inputs))
      return (int32_t)i;
  struct text text = {.used = 0};
  for (uint32_t i = 0; i < artifact->specialisation_count; ++i) {
    append(&text, i ? "; or " : "");
    append_specialisation(&text, artifact, i);
  }
  fail(error, "the model is not compiled for these inputs, but for %s", text.buffer);
  return -1;
}

static bool check_run(const aicc_model *model, int32_t specialisation, const aicc_tensor *inputs,
                      const aicc_tensor *outputs, struct error_text error) {
  aicc_tensor expected;
  for (int32_t i = 0; aicc_input(model, i, &expected) == 0; ++i)
    if (!check_data("input", &inputs[i], &expected, error))
      return false;
  for (int32_t i = 0; aicc_output(model, specialisation, i, &expected) == 0; ++i)
    if (!check_tensor("output", &outputs[i], &expected, error) ||
        !check_data("output", &outputs[i], &expected, error))
      return false;
  return true;
}

static void set_pointers(const struct artifact_specialisation *made, struct frame *frame,
                         const aicc_tensor *inputs, const aicc_tensor *outputs) {
  for (uint32_t i = 0; i < made->argument_count; ++i) {
    const struct artifact_argument *argument = &made->arguments[i];
    if (argument->kind == ARGUMENT_INPUT)
      frame->pointers[i] = inputs[argument->index].data;
    if (argument->kind == ARGUMENT_OUTPUT)
      frame->pointers[i] = outputs[argument->index].data;
  }
}

// The pool only grows: parallel regions name how many of its threads they want.
static void call(entry_point entry, void **table, int32_t threads) {
  if (threads == 1) {
    entry(table);
    return;
  }
  if (aicc_rt_threads() < threads)
    aicc_rt_set_threads(threads);
  aicc_rt_begin_run();
  entry(table);
  aicc_rt_end_run();
}

int aicc_run(aicc_model *model, const aicc_tensor *inputs, const aicc_tensor *outputs,
             char *reason, size_t size) {
  struct error_text error = {reason, size};
  int32_t chosen = aicc_select(model, inputs, reason, size);
  if (chosen < 0 || !check_run(model, chosen, inputs, outputs, error))
    return -1;
  struct frame *frame = take_frame(model, (uint32_t)chosen);
  if (frame == NULL) {
    fail(error, "no memory for the intermediate results");
    return -1;
  }
  set_pointers(&model->artifact.specialisations[chosen], frame, inputs, outputs);
  call(model->programs[chosen].entry, frame->table, model->artifact.threads);
  give_frame(model, (uint32_t)chosen, frame);
  return 0;
}
