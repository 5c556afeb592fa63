// Names and addresses of the functions that objects loaded together define, or may call.
#ifndef AICC_SYMBOL_TABLE_H
#define AICC_SYMBOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// In rising order of right: a definition replaces those of a lower kind.
enum symbol_kind { SYMBOL_NONE, SYMBOL_OF_RUNTIME, SYMBOL_WEAK, SYMBOL_STRONG };

struct symbol {
  const char *name;
  uint64_t address;
  enum symbol_kind kind;
};

struct symbol_table {
  struct symbol *slots;
  size_t capacity;  // a power of two, more than twice the number of symbols
};

// Room for `count` symbols. The table does not own their names.
bool symbol_table_init(struct symbol_table *table, size_t count);
void symbol_table_free(struct symbol_table *table);

// False when both definitions of the name are strong.
bool symbol_table_add(struct symbol_table *table, struct symbol symbol);

// NULL when there is none.
const struct symbol *symbol_table_find(const struct symbol_table *table, const char *name);

#endif
