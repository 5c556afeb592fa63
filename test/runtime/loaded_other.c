// The second object of code_loader_test.
#include <stdint.h>

int64_t other_variable = 1000;
int64_t other_function(int64_t x) { return x + 1; }
__attribute__((weak)) int64_t only_weak(void) { return 7; }
