// outbreak_list.h -- the rows of the two lists of an invented outbreak, cases and contacts, in the order they became known.
#ifndef TONG_TWIN_OUTBREAK_LIST_H
#define TONG_TWIN_OUTBREAK_LIST_H

#include "twin/outbreak.h"
#include "twin/outbreak_row.h"

struct outbreak_list {
    const struct outbreak *outbreak;
    struct outbreak_calendar days;
    int32_t *case_order, *contact_order; // index of the case, of the contact, in each row
};

typedef enum outbreak_which { OUTBREAK_LIST_CASES, OUTBREAK_LIST_CONTACTS, OUTBREAK_LIST_COUNT } outbreak_which;

// Cases by time of report, contacts by time of naming. Memory of the arena; NOMEM.
tong_code outbreak_list_make(const struct outbreak *outbreak, struct arena *arena, struct outbreak_list *out,
                             struct err *err) TONG_MUST_USE;
int32_t outbreak_list_rows(const struct outbreak_list *list, outbreak_which which);
struct outbreak_row_text outbreak_list_row(const struct outbreak_list *list, outbreak_which which, int32_t row);
const char *outbreak_list_header(outbreak_which which);
// The place of a column; it must be there.
uint32_t outbreak_list_column(outbreak_which which, const char *name);
void outbreak_cell_person(struct outbreak_row_text *row, uint32_t person);

#endif
