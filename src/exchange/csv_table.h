// csv_table.h -- a CSV file as columns: for analyses, which want whole columns of numbers, days or words.
//
// The whole file is held in memory, with the place of every cell, so that what is wrong with a value is said with its
// line and column and what to do about it. Faults of single cells are collected; a function answers false when there
// was one.
#ifndef TONG_EXCHANGE_CSV_TABLE_H
#define TONG_EXCHANGE_CSV_TABLE_H

#include "base/arena.h"
#include "base/problem.h"
#include "exchange/bytes.h"
#include "exchange/dates.h"

enum { CSV_TABLE_ROWS_MAX = 5 * 1000 * 1000 };

struct csv_table_cell {
    struct str text; // white space at both ends taken off
    int32_t line, column;
};

struct csv_table {
    const char *file;
    size_t rows, columns;
    struct str *header;
    struct csv_table_cell *cell; // rows * columns
};

// INVALID: the file as such cannot be read as a table, or a row is broken: see `problems`. IO, NOMEM, LIMIT.
tong_code csv_table_read(struct bytes *source, const char *file, struct arena *arena, struct problem_list *problems,
                         struct csv_table *out, struct err *err) TONG_MUST_USE;
const struct csv_table_cell *csv_table_cell(const struct csv_table *t, size_t row, size_t column);
// The column of a name; capitals do not matter if one name alone fits so. -1: a problem says which names there are.
int32_t csv_table_column(const struct csv_table *t, struct str name, struct problem_list *problems);
bool csv_table_has(const struct csv_table *t, const char *name, int32_t *column);

// One value a row. Empty cells, and "NA", are CIVIL_DAY_NONE and NAN.
bool csv_table_days(const struct csv_table *t, int32_t column, date_order order, struct arena *arena,
                    struct problem_list *problems, civil_day **out);
bool csv_table_reals(const struct csv_table *t, int32_t column, struct arena *arena, struct problem_list *problems,
                     double **out);
// Yes and no in the usual words (1/0, true/false, yes/no, y/n, 是/否, TRUE/FALSE): 1, 0, -1 when empty.
bool csv_table_flags(const struct csv_table *t, int32_t column, struct arena *arena, struct problem_list *problems,
                     int8_t **out);
// Words, numbered in the order in which they come; an empty cell is the empty word.
struct csv_words {
    struct str *word;
    size_t count;
    int32_t *of_row;
};
tong_code csv_table_words(const struct csv_table *t, int32_t column, struct arena *arena, struct csv_words *out,
                          struct err *err) TONG_MUST_USE;
// Say of a cell what is wrong with it, in words of the caller's own table of messages.
void csv_table_blame(const struct csv_table *t, size_t row, size_t column, const struct message *message,
                     const char *arg2, struct problem_list *problems);

#endif
