// Linux gives a process the state of Intel's matrix unit (8 KiB per thread) only when it asks.
// Compiled code that uses the unit assumes that it has: asking costs one call when the library is
// loaded, and machines without the unit refuse it.
#include "matrix_unit.h"

#include <sys/syscall.h>
#include <unistd.h>

enum {
  REQUEST_PERMISSION = 0x1023,  // ARCH_REQ_XCOMP_PERM of asm/prctl.h
  TILE_DATA = 18,               // XFEATURE_XTILEDATA, the state component
};

static bool is_granted;

__attribute__((constructor)) static void request_matrix_unit(void) {
  is_granted = syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

bool may_use_matrix_unit(void) { return is_granted; }
