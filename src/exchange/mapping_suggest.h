// mapping_suggest.h -- a mapping made from the headers of a file, and a mapping written out as a file.
#ifndef TONG_EXCHANGE_MAPPING_SUGGEST_H
#define TONG_EXCHANGE_MAPPING_SUGGEST_H

#include "base/sink.h"
#include "exchange/mapping.h"

// Fill in what `out` leaves open from the headers of its file: for each field the best of its usual headers that is
// there and that no other field has taken. TONG_E_NOMEM.
tong_code mapping_suggest(line_table table, const struct str *headers, size_t count, struct arena *arena,
                          struct mapping_table *out, struct err *err) TONG_MUST_USE;
// How many of these headers are known for `table`, or named by `mapped` (may be NULL): to tell a header row from
// another, and which table a file holds.
int32_t mapping_recognise(line_table table, const struct mapping_table *mapped, const struct str *headers,
                          size_t count);
// The column a header means: the first exact match, else the first in plain form; -1.
int32_t mapping_column(const struct str *headers, size_t count, struct str header);

// The mapping as a file of its own kind, so that a suggested one can be kept and edited. Reading it gives the same.
void mapping_write(const struct mapping *m, struct sink *out);

#endif
