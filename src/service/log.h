// log.h -- one line of logfmt to a stream: ev=request route=person_get status=200 ms=3.1
//
// Never a name, a telephone number, a query, a body: fields are numbers, words from tables, and templates of paths. An
// error is logged once, where it stops travelling.
#ifndef TONG_SERVICE_LOG_H
#define TONG_SERVICE_LOG_H

#include "base/err.h"
#include "base/str.h"

typedef enum log_level { LOG_NONE, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVEL_COUNT } log_level;

struct log {
    log_level level; // lines above it are dropped; LOG_NONE: all
    int file;        // descriptor: 2
};

bool log_wants(const struct log *log, log_level level);
// "event" and fields "key=%s": one write() a line, at most 1,000 bytes; control characters and line breaks become
// spaces.
void log_line(const struct log *log, log_level level, const char *event, const char *fmt, ...) TONG_PRINTF(4, 5);
int32_t log_level_find(struct str name); // "none" to "debug"; -1

#endif
