// Reading an artefact: the order of the checks is that of the messages which help most.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "artifact.h"
#include "byte_reader.h"
#include "checksums.h"
#include "cpu_features.h"

enum { HEADER_BYTES = 256, MAGIC_BYTES = 8, PAGE_BYTES = 4096, SECTION_ALIGNMENT = 64 };

// As in PNG: a byte above 127 and both kinds of line end, which transfers as text would change.
static const unsigned char magic[MAGIC_BYTES] = {0x89, 'A', 'I', 'C', 'C', '\r', '\n', 0x1a};

struct section {
  uint64_t offset, size;
};

struct header {
  uint32_t format, interface;
  uint64_t file_bytes;
  struct section table, code, weights;
  const uint8_t *table_digest, *code_digest;
  uint32_t weights_lanes[CRC_LANES];
};

static uint64_t round_up(uint64_t size, uint64_t unit) { return (size + unit - 1) / unit * unit; }

static struct section read_section(struct byte_reader *reader) {
  uint64_t offset = read_u64(reader);
  return (struct section){offset, read_u64(reader)};
}

static struct header parse_header(const unsigned char *bytes) {
  struct byte_reader reader = {bytes + MAGIC_BYTES, bytes + HEADER_BYTES, false};
  struct header header = {.format = read_u32(&reader), .interface = read_u32(&reader)};
  header.file_bytes = read_u64(&reader);
  header.table = read_section(&reader);
  header.code = read_section(&reader);
  header.weights = read_section(&reader);
  header.table_digest = read_bytes(&reader, SHA256_BYTES);
  header.code_digest = read_bytes(&reader, SHA256_BYTES);
  for (int lane = 0; lane < CRC_LANES; ++lane)
    header.weights_lanes[lane] = read_u32(&reader);
  return header;
}

static bool has_digest(const void *data, uint64_t size, const uint8_t *expected) {
  uint8_t digest[SHA256_BYTES];
  aicc_rt_sha256(data, size, digest);
  return memcmp(digest, expected, SHA256_BYTES) == 0;
}

// The last 32 bytes of the header are the digest of the rest.
static bool check_header(const unsigned char *bytes, const struct header *header,
                         uint64_t file_bytes, struct error_text error) {
  if (memcmp(bytes, magic, MAGIC_BYTES) != 0)
    return fail(error, "it is not an artefact of aicc");
  if (header->format != ARTIFACT_FORMAT)
    return fail(error, "it has format %u, this aicc reads format %d", header->format,
                ARTIFACT_FORMAT);
  if (!has_digest(bytes, HEADER_BYTES - SHA256_BYTES, bytes + HEADER_BYTES - SHA256_BYTES))
    return fail(error, "its header is damaged");
  if (header->file_bytes != file_bytes)
    return fail(error, "it has %llu bytes instead of %llu", (unsigned long long)file_bytes,
                (unsigned long long)header->file_bytes);
  if (header->interface != AICC_RT_VERSION)
    return fail(error, "it was made for interface %u of the runtime, this one has %d",
                header->interface, AICC_RT_VERSION);
  return true;
}

static bool starts_at(struct section section, uint64_t place, uint64_t file_bytes) {
  return section.offset == place && section.size <= file_bytes - place;
}

// The sections follow one another without gaps beyond alignment, so their places are known.
static bool check_places(const struct header *header, struct error_text error) {
  uint64_t size = header->file_bytes, end = HEADER_BYTES;
  if (size <= INT64_MAX && starts_at(header->table, end, size)) {
    end = round_up(end + header->table.size, SECTION_ALIGNMENT);
    if (end <= size && starts_at(header->code, end, size)) {
      end = round_up(end + header->code.size, PAGE_BYTES);
      if (end <= size && starts_at(header->weights, end, size) &&
          header->weights.size == size - end && header->weights.size % SECTION_ALIGNMENT == 0)
        return true;
    }
  }
  return fail(error, "its header contradicts itself");
}

static bool is_zero(const unsigned char *bytes, uint64_t size) {
  for (uint64_t i = 0; i < size; ++i)
    if (bytes[i] != 0)
      return false;
  return true;
}

static bool check_code(const struct artifact *artifact, const struct header *header,
                       struct error_text error) {
  const unsigned char *table_end = artifact->table + header->table.size;
  const unsigned char *code_end = artifact->code + header->code.size;
  if (!has_digest(artifact->table, header->table.size, header->table_digest) ||
      !is_zero(table_end, (uint64_t)(artifact->code - table_end)))
    return fail(error, "its table is damaged");
  if (!has_digest(artifact->code, header->code.size, header->code_digest) ||
      !is_zero(code_end, (uint64_t)(artifact->head + header->weights.offset - code_end)))
    return fail(error, "its code is damaged");
  return true;
}

static bool read_at(int file, uint64_t offset, unsigned char *bytes, uint64_t size) {
  while (size != 0) {
    ssize_t got = pread(file, bytes, size, (off_t)offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    bytes += got, offset += (uint64_t)got, size -= (uint64_t)got;
  }
  return true;
}

static bool read_head(struct artifact *artifact, int file, const struct header *header,
                      struct error_text error) {
  artifact->head = malloc(header->weights.offset);
  if (artifact->head == NULL)
    return fail(error, "no memory for its code");
  if (!read_at(file, 0, artifact->head, header->weights.offset))
    return fail(error, "it cannot be read");
  artifact->table = artifact->head + header->table.offset;
  artifact->table_bytes = header->table.size;
  artifact->code = artifact->head + header->code.offset;
  artifact->code_bytes = header->code.size;
  return check_code(artifact, header, error);
}

static bool map_weights(struct artifact *artifact, int file, const struct header *header,
                        struct error_text error) {
  if (header->weights.size == 0)
    return true;
  // populated, because the checksum is about to touch every page anyway
  void *weights = mmap(NULL, header->weights.size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file,
                       (off_t)header->weights.offset);
  if (weights == MAP_FAILED)
    return fail(error, "its weights cannot be mapped: %s", strerror(errno));
  artifact->weights = weights;
  artifact->weights_bytes = header->weights.size;
  uint32_t lanes[CRC_LANES];
  aicc_rt_crc32c(weights, header->weights.size, lanes);
  if (memcmp(lanes, header->weights_lanes, sizeof lanes) != 0)
    return fail(error, "its weights are damaged");
  return true;
}

static bool check_features(const struct artifact *artifact, const char *flags,
                           struct error_text error) {
  if (flags == NULL)
    return fail(error, "the system does not tell which instructions the processor has");
  if (!has_cpu_flag(flags, "sse4_2"))  // for the checksum of the weights
    return fail(error, "the processor is too old: it lacks sse4_2");
  for (uint32_t i = 0; i < artifact->feature_count; ++i)
    if (!has_cpu_flag(flags, artifact->features[i]))
      return fail(error, "it was made for a processor with %.40s, which this one lacks",
                  artifact->features[i]);
  return true;
}

static bool read_file(struct artifact *artifact, int file, struct error_text error) {
  struct stat status;
  unsigned char bytes[HEADER_BYTES];
  // the C library's own fstat got a newer symbol version in glibc 2.33; see workers.c
  if (syscall(SYS_fstat, file, &status) != 0 || !S_ISREG(status.st_mode))
    return fail(error, "it is not a regular file");
  uint64_t file_bytes = (uint64_t)status.st_size;
  if (file_bytes < HEADER_BYTES || !read_at(file, 0, bytes, HEADER_BYTES))
    return fail(error, "it is not an artefact of aicc");
  struct header header = parse_header(bytes);
  if (!check_header(bytes, &header, file_bytes, error) || !check_places(&header, error) ||
      !read_head(artifact, file, &header, error))
    return false;
  artifact->weights_bytes = header.weights.size;
  if (!read_table(artifact, error))
    return false;
  char *flags = cpu_flags();
  bool can_run = check_features(artifact, flags, error);
  free(flags);
  // last, because it takes longest
  return can_run && map_weights(artifact, file, &header, error);
}

bool artifact_open(struct artifact *artifact, const char *path, struct error_text error) {
  *artifact = (struct artifact){0};
  // a named pipe must not be waited for
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return fail(error, "it cannot be opened: %s", strerror(errno));
  bool is_read = read_file(artifact, file, error);
  close(file);
  if (!is_read)
    artifact_close(artifact);
  return is_read;
}

void artifact_close(struct artifact *artifact) {
  free_blocks(artifact);
  if (artifact->weights != NULL)
    munmap(artifact->weights, artifact->weights_bytes);
  free(artifact->head);
  *artifact = (struct artifact){0};
}
