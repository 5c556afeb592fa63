// The C library's mathematical functions, in single and double precision, by the names that LLVM
// gives to operations it has no instructions for.
//
// Later versions of glibc gave some of them a second symbol, which the linker would choose. The
// first one computes the same, sets errno besides, and is there on every system of the wheel's
// manylinux tag. (The sanitizers have functions of their own in place of some.)
#include "math_symbols.h"

#include <math.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define OLDEST(function) __asm__(".symver " #function ", " #function "@GLIBC_2.2.5");
#else
#define OLDEST(function)
#endif

#define UNARY(each)                                                                             \
  each(acos) each(acosh) each(asin) each(asinh) each(atan) each(atanh) each(cbrt) each(ceil)    \
  each(cos) each(cosh) each(erf) each(erfc) each(exp) each(exp2) each(expm1) each(fabs)         \
  each(floor) each(lgamma) each(log) each(log10) each(log1p) each(log2) each(nearbyint)         \
  each(rint) each(round) each(sin) each(sinh) each(sqrt) each(tan) each(tanh) each(tgamma)      \
  each(trunc)
#define OTHERS(each)                                                                            \
  each(atan2) each(copysign) each(fma) each(fmax) each(fmin) each(fmod) each(hypot)             \
  each(ldexp) each(pow) each(remainder) each(sincos)

#define BOTH_OLDEST(function) OLDEST(function) OLDEST(function##f)
UNARY(BOTH_OLDEST)
OTHERS(BOTH_OLDEST)

#define BOTH(function)                                                                          \
  {#function, (void *)(function)}, {#function "f", (void *)(function##f)},
const struct named_function math_symbols[] = {UNARY(BOTH) OTHERS(BOTH)};
const size_t math_symbol_count = sizeof math_symbols / sizeof math_symbols[0];
