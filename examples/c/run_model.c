// Runs a compiled model and prints the first values of its outputs.
//
//   aicc compile model.onnx -o model.aicc
//   folder=$(dirname $(python -c "from aicc.runtime.library import *; print(library_path())"))
//   cc run_model.c -I$folder -L$folder -laicc_rt -Wl,-rpath,$folder -o run_model
//   ./run_model model.aicc input.bin
//
// Each further argument is the file of an input's data, as numpy's `tofile` writes it; inputs
// without a file are zero.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "aicc.h"

enum { MAX_TENSORS = 16, SHOWN = 4 };

static void stop(const char *reason) {
  fprintf(stderr, "error: %s\n", reason);
  exit(1);
}

static void *new_data(const aicc_tensor *tensor) {
  void *data = calloc(1, aicc_tensor_bytes(tensor) + 1);  // an empty tensor has an address too
  if (data == NULL)
    stop("not enough memory");
  return data;
}

static void read_file(const char *path, void *data, size_t size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(data, 1, size, file) != size)
    stop("an input file cannot be read, or is too short");
  fclose(file);
}

static void print_tensor(const aicc_tensor *tensor) {
  printf("%s: %s[", tensor->name, aicc_dtype_name(tensor->dtype));
  for (int32_t d = 0; d < tensor->rank; ++d)
    printf(d ? ", %" PRId64 : "%" PRId64, tensor->dims[d]);
  printf("]");
  size_t count = aicc_tensor_bytes(tensor) / aicc_dtype_bytes(tensor->dtype);
  for (size_t i = 0; i < count && i < SHOWN && tensor->dtype == AICC_FLOAT32; ++i)
    printf(" %.6g", (double)((const float *)tensor->data)[i]);
  printf("\n");
}

// Inputs and outputs in the shapes of the model's first specialisation.
static void make_tensors(const aicc_model *model, char **files, aicc_tensor *inputs,
                         aicc_tensor *outputs) {
  for (int32_t i = 0; aicc_input_of(model, 0, i, &inputs[i]) == 0; ++i) {
    inputs[i].data = new_data(&inputs[i]);
    if (*files != NULL)
      read_file(*files++, inputs[i].data, aicc_tensor_bytes(&inputs[i]));
  }
  for (int32_t i = 0; aicc_output(model, 0, i, &outputs[i]) == 0; ++i)
    outputs[i].data = new_data(&outputs[i]);
}

int main(int argc, char **argv) {
  aicc_model *model;
  char error[256];
  if (argc < 2)
    stop("usage: run_model MODEL.aicc [INPUT.bin ...]");
  if (aicc_load(argv[1], &model, error, sizeof error) != 0)
    stop(error);
  int32_t input_count = aicc_input_count(model), output_count = aicc_output_count(model);
  if (input_count >= MAX_TENSORS || output_count >= MAX_TENSORS)
    stop("too many inputs or outputs for this example");
  aicc_tensor inputs[MAX_TENSORS], outputs[MAX_TENSORS];
  make_tensors(model, argv + 2, inputs, outputs);
  if (aicc_run(model, inputs, outputs, error, sizeof error) != 0)
    stop(error);

  for (int32_t i = 0; i < output_count; ++i)
    print_tensor(&outputs[i]);
  for (int32_t i = 0; i < input_count; ++i)
    free(inputs[i].data);
  for (int32_t i = 0; i < output_count; ++i)
    free(outputs[i].data);
  aicc_free(model);
  return 0;
}
