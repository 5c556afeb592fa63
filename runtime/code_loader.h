// What the loader gives to the rest of the library, beside its public interface in aicc_rt.h.
#ifndef AICC_CODE_LOADER_H
#define AICC_CODE_LOADER_H

#include "aicc_rt.h"
#include "error_text.h"

// aicc_code_load with the library's own kind of error; NULL after a failure.
aicc_code *load_code(const aicc_object *objects, int32_t count, struct error_text error);

#endif
