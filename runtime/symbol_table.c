// A hash table with open addressing: models have some thousand symbols, looked up per object.
#include "symbol_table.h"

#include <stdlib.h>
#include <string.h>

// FNV-1a, 64 bits: offset basis and prime are those of its specification (RFC 9923).
static uint64_t hash_of(const char *name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (; *name; ++name)
    hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
  return hash;
}

bool symbol_table_init(struct symbol_table *table, size_t count) {
  table->capacity = 16;
  while (table->capacity / 2 <= count)
    table->capacity *= 2;
  table->slots = calloc(table->capacity, sizeof table->slots[0]);
  return table->slots != NULL;
}

void symbol_table_free(struct symbol_table *table) { free(table->slots); }

// Where the name is, or would be.
static struct symbol *slot_of(const struct symbol_table *table, const char *name) {
  size_t i = hash_of(name) & (table->capacity - 1);
  while (table->slots[i].kind != SYMBOL_NONE && strcmp(table->slots[i].name, name) != 0)
    i = (i + 1) & (table->capacity - 1);
  return &table->slots[i];
}

bool symbol_table_add(struct symbol_table *table, struct symbol symbol) {
  struct symbol *slot = slot_of(table, symbol.name);
  if (slot->kind == SYMBOL_STRONG && symbol.kind == SYMBOL_STRONG)
    return false;
  if (symbol.kind > slot->kind)
    *slot = symbol;
  return true;
}

const struct symbol *symbol_table_find(const struct symbol_table *table, const char *name) {
  const struct symbol *slot = slot_of(table, name);
  return slot->kind == SYMBOL_NONE ? NULL : slot;
}
