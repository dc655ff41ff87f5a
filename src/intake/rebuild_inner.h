// rebuild_inner.h -- what rebuild.c and rebuild_tables.c share. Private to intake/.
#ifndef TONG_INTAKE_REBUILD_INNER_H
#define TONG_INTAKE_REBUILD_INNER_H

#include "intake/rebuild.h"

void rebuild_differs(struct rebuild_report *out, rebuild_what what, const char *table, const char *column, int64_t id);
// Every derived table, row by row, column by column.
tong_code rebuild_compare(struct db *stored, struct db *made, struct rebuild_report *out,
                          struct err *err) TONG_MUST_USE;
// What was made in the place of what is stored; in the caller's transaction.
tong_code rebuild_copy(struct db *stored, struct db *made, struct err *err) TONG_MUST_USE;

#endif
