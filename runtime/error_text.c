// Names in messages come from files that may be damaged: callers print them with a precision.
#include "error_text.h"

#include <stdarg.h>
#include <stdio.h>

bool fail(struct error_text error, const char *format, ...) {
  if (error.text == NULL || error.size == 0)
    return false;
  va_list args;
  va_start(args, format);
  vsnprintf(error.text, error.size, format, args);
  va_end(args);
  return false;
}
