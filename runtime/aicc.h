// Running compiled models (.aicc) from C. Link with libaicc_rt.
//
//   aicc_model *model;
//   char error[256];
//   if (aicc_load("model.aicc", &model, error, sizeof error) != 0) ...
//   const int64_t dims[] = {1, 3, 224, 224};
//   aicc_tensor input = {.dtype = AICC_FLOAT32, .rank = 4, .dims = dims, .data = pixels};
//   aicc_tensor output;
//   int32_t chosen = aicc_select(model, &input, error, sizeof error);
//   aicc_output(model, chosen, 0, &output);       // its dtype and dims
//   output.data = malloc(aicc_tensor_bytes(&output));
//   if (aicc_run(model, &input, &output, error, sizeof error) != 0) ...
//   aicc_free(model);
//
// A model is compiled for one or more sets of input shapes, its specialisations. A compiled model
// is a program: load only what you would also execute. The file may be replaced or deleted while a
// model is loaded, but not written into or truncated: its weights are mapped.
//
// Functions that can fail return 0, or -1 with a text in `error`, cut to `error_size` bytes; both
// may be 0. All functions may be called by several threads at once, for the same model too, except
// aicc_free. Names and dims that are handed out belong to the model.
#ifndef AICC_H
#define AICC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AICC_EXPORT __attribute__((visibility("default")))

// Element types; those of less than a byte take one each.
typedef enum aicc_dtype {
  AICC_BOOL = 1,
  AICC_INT8,
  AICC_INT16,
  AICC_INT32,
  AICC_INT64,
  AICC_UINT8,
  AICC_UINT16,
  AICC_UINT32,
  AICC_UINT64,
  AICC_FLOAT16,
  AICC_BFLOAT16,
  AICC_FLOAT32,
  AICC_FLOAT64,
  AICC_INT4,
  AICC_UINT4,
  AICC_INT2,
  AICC_UINT2,
  AICC_FLOAT8_E4M3FN,
  AICC_FLOAT8_E5M2,
  AICC_FLOAT8_E4M3FNUZ,
  AICC_FLOAT8_E5M2FNUZ,
  AICC_FLOAT4_E2M1FN,
  AICC_FLOAT8_E8M0FNU
} aicc_dtype;

typedef struct aicc_tensor {
  const char *name;     // set by the library, and ignored when given
  int32_t dtype;        // an aicc_dtype
  int32_t rank;         // number of dims; -1: any
  const int64_t *dims;  // -1: open
  void *data;           // contiguous, in row-major order, aligned as the element type asks
} aicc_tensor;

typedef struct aicc_model aicc_model;

// Read and check an artefact. It is refused if it is damaged, of another version, or made for a
// processor with other instructions.
AICC_EXPORT int aicc_load(const char *path, aicc_model **model, char *error, size_t error_size);

// No run may be under way. NULL is ignored.
AICC_EXPORT void aicc_free(aicc_model *model);

AICC_EXPORT int32_t aicc_input_count(const aicc_model *model);
AICC_EXPORT int32_t aicc_output_count(const aicc_model *model);
AICC_EXPORT int32_t aicc_specialisation_count(const aicc_model *model);

// Input `i` as the model declares it. -1 for a number that is out of range.
AICC_EXPORT int aicc_input(const aicc_model *model, int32_t i, aicc_tensor *input);

// Name of the open dimension `d` of input `i`; equal names are equal sizes. NULL if it is fixed.
AICC_EXPORT const char *aicc_dim_name(const aicc_model *model, int32_t i, int32_t d);

// Name of output `i`; NULL for a number that is out of range.
AICC_EXPORT const char *aicc_output_name(const aicc_model *model, int32_t i);

// The specialisation for inputs in the model's order. Their data is looked at only where it decides
// shapes. -1 when there is none, or an input does not fit the model.
AICC_EXPORT int32_t aicc_select(const aicc_model *model, const aicc_tensor *inputs, char *error,
                                size_t error_size);

// Input and output `i` as they are in a specialisation: dims are sizes. -1 when out of range.
AICC_EXPORT int aicc_input_of(const aicc_model *model, int32_t specialisation, int32_t i,
                              aicc_tensor *input);
AICC_EXPORT int aicc_output(const aicc_model *model, int32_t specialisation, int32_t i,
                            aicc_tensor *output);

// Run on `inputs` and write `outputs`, arrays of tensors in the model's order whose memory must not
// overlap. dtype and dims of the outputs must be those of aicc_output.
AICC_EXPORT int aicc_run(aicc_model *model, const aicc_tensor *inputs, const aicc_tensor *outputs,
                         char *error, size_t error_size);

// Bytes of the data of a tensor without open dims; of one element.
AICC_EXPORT size_t aicc_tensor_bytes(const aicc_tensor *tensor);
AICC_EXPORT size_t aicc_dtype_bytes(int32_t dtype);

// As in numpy and ONNX, e.g. "float32"; NULL for a number that is no aicc_dtype.
AICC_EXPORT const char *aicc_dtype_name(int32_t dtype);

#ifdef __cplusplus
}
#endif
#endif
