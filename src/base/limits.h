// limits.h -- how much of anything is accepted. A limit that belongs to one module alone stands in its header.
#ifndef TONG_BASE_LIMITS_H
#define TONG_BASE_LIMITS_H

#include <stdint.h>

// Input files.
#define LIMIT_PROTOCOL_BYTES ((int64_t)1 << 20) // a protocol, a mapping
#define LIMIT_LINE_BYTES ((int64_t)1 << 20)     // one record of a CSV file, line breaks in quotes included
enum {
    LIMIT_COLUMNS = 512, // of a CSV file
    LIMIT_CELL_BYTES = 64 * 1024,
};

#endif
