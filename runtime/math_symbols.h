// The mathematical functions that compiled code may call.
#ifndef AICC_MATH_SYMBOLS_H
#define AICC_MATH_SYMBOLS_H

#include <stddef.h>

struct named_function {
  const char *name;
  void *address;
};

extern const struct named_function math_symbols[];
extern const size_t math_symbol_count;

#endif
