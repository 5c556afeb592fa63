// Worksharing loops of a region: iterations are claimed on demand, and a barrier waits for claimed
// iterations, not for threads.
#ifndef AICC_RT_WORKSHARING_H
#define AICC_RT_WORKSHARING_H

#include <stdbool.h>
#include <stdint.h>

struct span {
  uint64_t first, last;  // inclusive
  bool ends_loop;
};

struct region;

// Enter a loop of `trip` iterations first, first + step, ...; claims are multiples of `grain`.
void begin_loop(uint64_t first, uint64_t trip, uint64_t step, uint64_t grain);

// Claim the next iterations of the loop just entered. False when none is left unclaimed; then the
// caller's own claims count as finished.
bool claim_span(struct span *span);

// The same for a loop of one unit, which is finished by finish_whole: true for one thread only.
bool claim_whole(void);
void finish_whole(void);

// Wait until every claimed iteration of the loop just left is done.
void loop_barrier(void);

// A region is over, nobody is inside; its loops were numbered up to loops_begun.
void count_loops(struct region *region, uint32_t loops_begun);

#endif
