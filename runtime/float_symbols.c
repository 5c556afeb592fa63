// Rounding to the 16-bit floats, for processors without instructions for it, by the names that LLVM
// calls. An object of LLVM's finds the result in the low half of the register of a float.
#include "float_symbols.h"

#include <stdint.h>
#include <string.h>

struct format {
  int mantissa_bits, exponent_bits;
};

static const struct format bfloat16 = {7, 8}, half = {10, 5};

// The nearest number of the format, the even one of two that are as near.
static uint16_t rounded(double value, struct format format) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  const int bias = (1 << (format.exponent_bits - 1)) - 1;
  const uint16_t sign = (uint16_t)(bits >> 63 << 15);
  const uint16_t infinity =
      (uint16_t)(((1 << format.exponent_bits) - 1) << format.mantissa_bits);
  const int stored_exponent = (int)(bits >> 52 & 0x7ff);
  const uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
  if (stored_exponent == 0x7ff)
    return sign | infinity | (fraction ? (uint16_t)(1 << (format.mantissa_bits - 1)) : 0);
  if (stored_exponent == 0)  // far below the smallest number of either format
    return sign;
  const int exponent = stored_exponent - 1023;
  const int least = 1 - bias;
  const int below = exponent < least ? least - exponent : 0;
  const int dropped = 52 - format.mantissa_bits + below;
  if (dropped > 53)  // less than half the smallest number
    return sign;
  const uint64_t significand = fraction | (uint64_t)1 << 52;
  const uint64_t middle = (uint64_t)1 << (dropped - 1);
  const uint64_t rest = significand & (2 * middle - 1);
  uint32_t kept = (uint32_t)(significand >> dropped);
  if (rest > middle || (rest == middle && (kept & 1)))
    ++kept;
  // a significand that was rounded up to the next power of two carries into the exponent
  if (below == 0)
    kept += (uint32_t)(exponent + bias - 1) << format.mantissa_bits;
  return sign | (kept < infinity ? (uint16_t)kept : infinity);
}

static float in_low_half(uint16_t bits) {
  uint32_t word = bits;
  float result;
  memcpy(&result, &word, sizeof result);
  return result;
}

static float double_to_bfloat16(double value) { return in_low_half(rounded(value, bfloat16)); }
static float double_to_half(double value) { return in_low_half(rounded(value, half)); }
static float float_to_bfloat16(float value) { return in_low_half(rounded(value, bfloat16)); }
static float float_to_half(float value) { return in_low_half(rounded(value, half)); }

const struct named_function float_symbols[] = {
    {"__truncdfbf2", (void *)double_to_bfloat16},
    {"__truncdfhf2", (void *)double_to_half},
    {"__truncsfbf2", (void *)float_to_bfloat16},
    {"__truncsfhf2", (void *)float_to_half},
};
const size_t float_symbol_count = sizeof float_symbols / sizeof float_symbols[0];
