// record_read.h -- records in: from JSON, from the cells of a CSV file, with every fault reported, and validation.
//
// A fault names the field, the limit and the remedy, in both languages. Values of personal and identity fields are not
// repeated in messages: these go to logs and screens. What is said twice is said once: a value that could not be read is
// not reported missing as well.
#ifndef TONG_BASE_RECORD_READ_H
#define TONG_BASE_RECORD_READ_H

#include "base/limits.h"
#include "base/problem.h"
#include "base/record.h"

#include <jansson.h>

struct record_reading {
    const struct zone *zone; // for instants written without an offset
    struct arena *arena;     // the texts are copied here
    struct problem_list *problems;
    struct problem_at at;
};
// All problems are reported; true when no error was. *row is filled as far as it could be read, the rest is absent.
bool record_from_json(const struct record_kind *kind, const json_t *object, const struct record_reading *in, void *row);
// Which field each column of a header is, by name or by label in either language; columns of no field are warned of.
struct record_header {
    int32_t count;
    int32_t field[LIMIT_COLUMNS]; // -1: no field; columns beyond are not read
};
bool record_header_read(const struct record_kind *kind, const struct str *cells, size_t count,
                        const struct record_reading *in, struct record_header *out);
bool record_from_csv(const struct record_kind *kind, const struct record_header *header, const struct str *cells,
                     size_t count, const struct record_reading *in, void *row);
// Required fields and limits of a row that came from elsewhere; both readers above call it.
bool record_check(const struct record_kind *kind, const void *row, const struct record_reading *in);

#endif
