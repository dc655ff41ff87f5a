// line_join.h -- the tables of a line list joined by identifier: who a link, a follow-up, a result is about.
#ifndef TONG_EXCHANGE_LINE_JOIN_H
#define TONG_EXCHANGE_LINE_JOIN_H

#include "exchange/linelist.h"

struct line_join {
    struct linelist *list; // cases, contacts, links ... as read; indices, implied contacts and times are filled in
    struct arena *arena;
    struct problem_list *problems;
    const char *file[LINE_TABLE_COUNT];           // names, for messages
    const struct map *left_out[LINE_TABLE_COUNT]; // identifiers of rows left out -> line; NULL where no file was given
    known_rule known[LINE_TABLE_COUNT];
    bool unknown_from;   // links whose source is nobody are kept
    bool contacts_given; // there is a contact file: a target in neither list is worth a warning
};

// Join everything; rows that refer to nobody are reported and left out, implied contacts are added behind the listed ones.
// Linear in the number of rows. TONG_E_NOMEM.
tong_code line_join(struct line_join *j, struct err *err) TONG_MUST_USE;

#endif
