// Integrity of artefacts, against damage by accident: neither sum says who made a file.
#ifndef AICC_CHECKSUMS_H
#define AICC_CHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

#include "aicc_rt.h"

enum { SHA256_BYTES = 32, CRC_LANES = 4 };

// FIPS 180-4.
AICC_RT_EXPORT void aicc_rt_sha256(const void *data, size_t size, uint8_t digest[SHA256_BYTES]);

// CRC-32C (Castagnoli) of each quarter of the data: four independent chains keep the processor's
// CRC instruction busy, since a single one waits three cycles for each result. `size` is a multiple
// of 32. Needs SSE4.2.
AICC_RT_EXPORT void aicc_rt_crc32c(const void *data, size_t size, uint32_t lanes[CRC_LANES]);

#endif
