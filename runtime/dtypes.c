// Names and sizes of element types.
#include "aicc.h"

#include <stdbool.h>

static const struct {
  const char *name;
  uint32_t bytes;
} dtypes[] = {
    [AICC_BOOL] = {"bool", 1},
    [AICC_INT8] = {"int8", 1},
    [AICC_INT16] = {"int16", 2},
    [AICC_INT32] = {"int32", 4},
    [AICC_INT64] = {"int64", 8},
    [AICC_UINT8] = {"uint8", 1},
    [AICC_UINT16] = {"uint16", 2},
    [AICC_UINT32] = {"uint32", 4},
    [AICC_UINT64] = {"uint64", 8},
    [AICC_FLOAT16] = {"float16", 2},
    [AICC_BFLOAT16] = {"bfloat16", 2},
    [AICC_FLOAT32] = {"float32", 4},
    [AICC_FLOAT64] = {"float64", 8},
    [AICC_INT4] = {"int4", 1},
    [AICC_UINT4] = {"uint4", 1},
    [AICC_INT2] = {"int2", 1},
    [AICC_UINT2] = {"uint2", 1},
    [AICC_FLOAT8_E4M3FN] = {"float8_e4m3fn", 1},
    [AICC_FLOAT8_E5M2] = {"float8_e5m2", 1},
    [AICC_FLOAT8_E4M3FNUZ] = {"float8_e4m3fnuz", 1},
    [AICC_FLOAT8_E5M2FNUZ] = {"float8_e5m2fnuz", 1},
    [AICC_FLOAT4_E2M1FN] = {"float4_e2m1fn", 1},
    [AICC_FLOAT8_E8M0FNU] = {"float8_e8m0fnu", 1},
};

const char *aicc_dtype_name(int32_t dtype) {
  bool is_known = dtype > 0 && (size_t)dtype < sizeof dtypes / sizeof dtypes[0];
  return is_known ? dtypes[dtype].name : NULL;
}

size_t aicc_dtype_bytes(int32_t dtype) {
  return aicc_dtype_name(dtype) ? dtypes[dtype].bytes : 0;
}

size_t aicc_tensor_bytes(const aicc_tensor *tensor) {
  size_t bytes = aicc_dtype_bytes(tensor->dtype);
  for (int32_t d = 0; d < tensor->rank; ++d)
    bytes *= (size_t)tensor->dims[d];
  return bytes;
}
