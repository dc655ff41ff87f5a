// bytes.h -- where the bytes of an import come from: a file, a descriptor, or memory.
//
// A reader asks for the next bytes and never for a size, so that a pipe and a file of any length are read alike.
#ifndef TONG_EXCHANGE_BYTES_H
#define TONG_EXCHANGE_BYTES_H

#include "base/err.h"
#include "base/str.h"

#include <stdio.h>

struct bytes {
    FILE *file;        // one of the three
    int32_t fd;        // -1 when unused
    struct str memory; // what is left of it
};

struct bytes bytes_of_file(FILE *file); // borrowed: the caller closes it
struct bytes bytes_of_fd(int32_t fd);   // borrowed likewise
struct bytes bytes_of_memory(struct str text);

// Up to `cap` bytes into `buf`; *n = 0 means the end. TONG_E_IO.
tong_code bytes_read(struct bytes *source, char *buf, size_t cap, size_t *n, struct err *err) TONG_MUST_USE;

#endif
