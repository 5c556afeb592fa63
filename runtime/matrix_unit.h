// Intel's matrix unit (AMX).
#ifndef AICC_MATRIX_UNIT_H
#define AICC_MATRIX_UNIT_H

#include <stdbool.h>

// Whether Linux lets this process use the unit's state.
bool may_use_matrix_unit(void);

#endif
