// read.h -- from a YAML file to a compiled protocol, with every fault found on the way.
#ifndef TONG_PROTOCOL_READ_H
#define TONG_PROTOCOL_READ_H

#include "base/problem.h"
#include "protocol/protocol.h"

// How `extends:` finds a file: by name as written, relative to the file that says so. Text lives in the arena.
// NOT_FOUND or IO. The core gives none of its own: cli passes one that opens files, tests one that has them in memory.
typedef tong_code protocol_open_file(void *payload, const char *path, struct arena *arena, struct str *out,
                                     struct err *err);

struct protocol_source {
    protocol_open_file *open;
    void *payload;
};

// Read and compile one edition. Problems of grammar and meaning are added to `problems`, all that can be found in one go;
// when any is an error the answer is INVALID and *out is untouched. Otherwise *out owns a protocol (protocol_free).
tong_code protocol_read(const char *path, const struct protocol_source *source, struct protocol *out,
                        struct problem_list *problems, struct err *err) TONG_MUST_USE;

#endif
