// Frames of calls: as many per specialisation as calls ever ran at once.
#include <stdlib.h>

#include "memref.h"
#include "model.h"

static const uint64_t line_bytes = 64;  // what the memory plan assumes of an arena's start

static uint64_t in_lines(uint64_t bytes) {
  return (bytes + line_bytes - 1) / line_bytes * line_bytes;
}

static void free_frame(struct frame *frame) {
  if (frame == NULL)
    return;
  aicc_rt_free(frame->arena);
  free(frame->pointers);
  free(frame->table);
  free(frame);
}

// The pointers that are the same in every call.
static void fill_frame(const struct artifact *artifact,
                       const struct artifact_specialisation *made, struct frame *frame) {
  unsigned char *arena = frame->arena, *weights = artifact->weights;
  for (uint32_t i = 0; i < made->argument_count; ++i) {
    const struct artifact_argument *argument = &made->arguments[i];
    frame->table[i] = &frame->pointers[i];
    if (argument->kind == ARGUMENT_WEIGHT)
      frame->pointers[i] = weights + argument->offset;
    if (argument->kind == ARGUMENT_ARENA) {
      frame->pointers[i] = arena;
      arena += in_lines(argument->bytes);
    }
  }
}

static struct frame *new_frame(const struct artifact *artifact, const struct program *program,
                               const struct artifact_specialisation *made) {
  struct frame *frame = calloc(1, sizeof *frame);
  if (frame == NULL)
    return NULL;
  size_t count = made->argument_count + 1;  // never an empty list
  frame->pointers = calloc(count, sizeof frame->pointers[0]);
  frame->table = calloc(count, sizeof frame->table[0]);
  frame->arena = aicc_rt_aligned_alloc(line_bytes, program->arena_bytes);
  if (frame->pointers == NULL || frame->table == NULL || frame->arena == NULL) {
    free_frame(frame);
    return NULL;
  }
  fill_frame(artifact, made, frame);
  return frame;
}

struct frame *take_frame(struct aicc_model *model, uint32_t specialisation) {
  struct program *program = &model->programs[specialisation];
  pthread_mutex_lock(&model->lock);
  struct frame *frame = program->idle;
  if (frame != NULL)
    program->idle = frame->next;
  pthread_mutex_unlock(&model->lock);
  if (frame != NULL)
    return frame;
  return new_frame(&model->artifact, program, &model->artifact.specialisations[specialisation]);
}

void give_frame(struct aicc_model *model, uint32_t specialisation, struct frame *frame) {
  struct program *program = &model->programs[specialisation];
  pthread_mutex_lock(&model->lock);
  frame->next = program->idle;
  program->idle = frame;
  pthread_mutex_unlock(&model->lock);
}

void free_frames(struct program *program) {
  while (program->idle != NULL) {
    struct frame *frame = program->idle;
    program->idle = frame->next;
    free_frame(frame);
  }
}
