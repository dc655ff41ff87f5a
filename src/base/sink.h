// sink.h -- where text goes: a stream, or a growing buffer. JSON, CSV and reports are written through it.
//
// A failure (no memory, disk full) is remembered and stops further writing; ask once, at the end, with sink_good.
#ifndef TONG_BASE_SINK_H
#define TONG_BASE_SINK_H

#include "base/err.h"
#include "base/str.h"

#include <stdio.h>

struct sink {
    FILE *file; // NULL: keep the text
    char *text; // NUL-terminated once something was written; NULL before
    size_t n, cap;
    bool failed;
};

// Zero-initialised, a sink keeps its text: `struct sink s = {0};`. With .file set it writes there.
void sink_bytes(struct sink *s, const char *p, size_t n);
void sink_text(struct sink *s, const char *z);
void sink_char(struct sink *s, char c);
void sink_printf(struct sink *s, const char *fmt, ...) TONG_PRINTF(2, 3);
// Text that may not be valid UTF-8: each byte that is not becomes U+FFFD.
void sink_utf8(struct sink *s, struct str text);
// The shortest decimal that reads back as the same double; the number must be finite.
void sink_real(struct sink *s, double value);
// False when anything was lost. Flushes a stream.
bool sink_good(struct sink *s);
// What was kept; "" before anything was written. Borrowed, until the next write.
struct str sink_kept(const struct sink *s);
void sink_close(struct sink *s); // frees the buffer; does not close the stream

#endif
