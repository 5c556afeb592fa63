// A loaded model: what aicc.h hides.
#ifndef AICC_MODEL_H
#define AICC_MODEL_H

#include <pthread.h>

#include "aicc.h"
#include "artifact.h"

typedef void (*entry_point)(void **arguments);

// Arena and argument table of one call. A frame serves one call at a time, and is kept for others.
struct frame {
  struct frame *next;
  unsigned char *arena;
  void **pointers;  // per argument
  void **table;     // addresses of the pointers, which is what compiled functions take
};

struct program {
  aicc_code *code;
  entry_point entry;
  uint64_t arena_bytes;
  struct frame *idle;  // guarded by the model's lock
};

struct aicc_model {
  struct artifact artifact;
  struct program *programs;  // one per specialisation
  pthread_mutex_t lock;
};

// NULL without memory. (frames.c)
struct frame *take_frame(struct aicc_model *model, uint32_t specialisation);
void give_frame(struct aicc_model *model, uint32_t specialisation, struct frame *frame);
void free_frames(struct program *program);

#endif
