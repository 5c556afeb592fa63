// The reason of a failure, written into the caller's buffer.
#ifndef AICC_ERROR_TEXT_H
#define AICC_ERROR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct error_text {
  char *text;  // may be NULL
  size_t size;
};

// Always false, so that a check can `return fail(...)`.
bool fail(struct error_text error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
