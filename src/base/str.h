// str.h -- text as pointer and length, UTF-8, never assumed to end in NUL.
#ifndef TONG_BASE_STR_H
#define TONG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p // for "%.*s"

struct str str_z(const char *z); // borrows z; NULL gives the empty text
bool str_eq(struct str a, struct str b);
bool str_eq_z(struct str a, const char *z);
bool str_eq_nocase(struct str a, struct str b); // ASCII letters only
bool str_starts(struct str s, const char *prefix);
int str_compare(struct str a, struct str b); // by bytes, as memcmp
struct str str_trim(struct str s);           // ASCII white space at both ends
// Split off what stands before the first `sep`; *rest gets what follows it. False when nothing was left.
bool str_cut(struct str *rest, char sep, struct str *part);
// A whole decimal number, with sign; false when anything else stands there or it does not fit.
bool str_int(struct str s, int64_t *out);
bool str_double(struct str s, double *out); // finite, point as decimal mark; nothing else
// Length of the valid UTF-8 prefix: equals s.n when all of it is valid (Unicode 15, table 3-7).
size_t str_utf8_valid(struct str s);
// Columns on a terminal: East Asian wide characters count two (approximated by block).
size_t str_columns(struct str s);
// Edit distance with transpositions (optimal string alignment), stopping at `most` + 1: for "did you mean".
size_t str_distance(struct str a, struct str b, size_t most);
uint64_t str_hash(struct str s); // FNV-1a with a finishing mix (Fowler, Noll, Vo 1991; splitmix64 finisher)

#endif
