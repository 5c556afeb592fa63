// The conversions to 16-bit floats that compiled code may call.
#ifndef AICC_FLOAT_SYMBOLS_H
#define AICC_FLOAT_SYMBOLS_H

#include "math_symbols.h"

extern const struct named_function float_symbols[];
extern const size_t float_symbol_count;

#endif
