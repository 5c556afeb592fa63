// Code for code_loader_test to load: calls, tables, constants and variables of every kind.
#include <math.h>
#include <stdint.h>
#include <string.h>

int64_t other_function(int64_t x);
extern int64_t other_variable;

static int64_t counter = 5;          // .data
static int64_t scratch[100];         // .bss
static const int64_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19};

static int64_t twice(int64_t x) { return 2 * x; }

// A table of addresses: relocated constants.
static int64_t (*const functions[])(int64_t) = {twice, other_function};

int64_t call_other(int64_t x) { return other_function(x) + other_variable; }
int64_t call_by_table(int32_t i, int64_t x) { return functions[i](x); }
int64_t prime(int32_t i) { return primes[i]; }
int64_t count(void) { return ++counter + scratch[counter]++; }
double power(double x, double y) { return pow(x, y); }
void clear(char *bytes, size_t size) { memset(bytes, 0, size); }
