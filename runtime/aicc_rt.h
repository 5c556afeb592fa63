// What Python needs of libaicc_rt, the native half of aicc: a thread pool that serves the OpenMP
// calls of compiled code, the other functions such code calls, and a loader of object files.
// (Programs in C include aicc.h instead.)
//
// Compiled code reaches the functions by address, from a table of names: an OpenMP library which
// happens to be loaded in the same process (torch brings one) is never picked up.
#ifndef AICC_RT_H
#define AICC_RT_H

#include <stddef.h>
#include <stdint.h>

#define AICC_RT_EXPORT __attribute__((visibility("default")))
#define AICC_RT_VERSION 2
#define AICC_RT_MAX_THREADS 512

// The version of this interface; Python refuses a library of another version.
AICC_RT_EXPORT int32_t aicc_rt_version(void);

// Threads a run should use when nobody chose: AICC_THREADS if it is a positive number, else the
// affinity mask's cores, cut down to the whole cores of the cgroup's CPU quota.
AICC_RT_EXPORT int32_t aicc_rt_default_threads(void);

// Size the pool, the calling thread included; n <= 0 means the default. Returns the size now in
// effect, or -1 when called from inside a parallel region. Waits for regions of other threads.
AICC_RT_EXPORT int32_t aicc_rt_set_threads(int32_t n);
AICC_RT_EXPORT int32_t aicc_rt_threads(void);

// Bracket one run of a compiled model: when no other run is open, the core of the calling thread is
// cleared of workers that are pinned to it. Calls nest, from any number of threads. Workers spin for
// at most 100 microseconds after a region, then they sleep until the next one.
AICC_RT_EXPORT void aicc_rt_begin_run(void);
AICC_RT_EXPORT void aicc_rt_end_run(void);

// The i-th function that compiled code may call. Returns 1, or 0 when i is past the last one.
AICC_RT_EXPORT int32_t aicc_rt_symbol(int32_t i, const char **name, void **address);

// Machine code: relocatable ELF objects for x86-64, loaded together.
typedef struct aicc_code aicc_code;
typedef struct aicc_object {
  const void *data;
  size_t size;
} aicc_object;

// Link `count` objects with each other and the functions of aicc_rt_symbol, and make them
// executable. They are not needed afterwards. NULL when they are damaged, call something else, or
// have sections or relocations of kinds compiled code does not have; `error` then says why. Only
// memory safety of the loading itself is checked: the code may do anything once it is called.
AICC_RT_EXPORT aicc_code *aicc_code_load(const aicc_object *objects, int32_t count, char *error,
                                         size_t error_size);

// A global function or variable of the objects; NULL when they define none of this name.
AICC_RT_EXPORT void *aicc_code_symbol(const aicc_code *code, const char *name);

// Nothing of the code may be running, or be called later.
AICC_RT_EXPORT void aicc_code_free(aicc_code *code);

// What Python makes an Executable of, for a model of aicc.h: the table, which is checked; the
// objects; the weights that arguments of kind weight lie in; the function that takes main's
// argument table.
struct aicc_model;
AICC_RT_EXPORT const void *aicc_model_table(const struct aicc_model *model, size_t *size);
AICC_RT_EXPORT const void *aicc_model_code(const struct aicc_model *model, size_t *size);
AICC_RT_EXPORT const void *aicc_model_weights(const struct aicc_model *model, size_t *size);
AICC_RT_EXPORT void *aicc_model_entry(const struct aicc_model *model, int32_t specialisation);

#endif
