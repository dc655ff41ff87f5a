// result.h -- what an analysis says: headings, sentences, tables and charts in order, in both languages.
//
// Every analysis fills one result, and each output reads it: aligned text and JSON here, HTML in result_html.h, PNG
// and PDF where there is a library to draw with. So a figure on a screen, in a file and in the daily report is the
// same figure.
//
// A table says what its parts are of (`denominator`) and where its rows come from (`source`: a file and its columns,
// or the query of the store). Cells are appended one by one, row after row, in the order and type of the columns.
// Memory comes from the result's arena; when it is short the result is marked `failed`, further calls do nothing, and
// the writers say so.
#ifndef TONG_EPI_RESULT_H
#define TONG_EPI_RESULT_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/lang.h"
#include "base/sink.h"
#include "epi/chart.h"

typedef enum result_type {
    RESULT_TEXT,
    RESULT_WHOLE,
    RESULT_REAL, // four significant digits in text, all of them in JSON
    RESULT_PART, // a fraction of 1, shown in per cent
    RESULT_DAY,
    RESULT_FLAG // yes or no
} result_type;

struct result_column {
    const char *name; // in JSON
    struct label label;
    result_type type;
};

struct result_cell {
    bool none;
    double real;
    int64_t whole; // also of a day and a flag
    struct label text;
};

struct result_table {
    const char *name; // in JSON
    struct label title, denominator;
    const char *source; // "" when there is nothing to say
    const struct result_column *columns;
    size_t column_count;
    struct result_cell *cells;
    size_t cell_count, cell_cap;
    int64_t rows_shown; // of text and documents: 0 is all
};

typedef enum result_kind { RESULT_HEADING, RESULT_NOTE, RESULT_WARNING, RESULT_TABLE, RESULT_CHART } result_kind;
struct result_item {
    result_kind kind;
    const char *name;  // of a note and a warning: a stable word; else ""
    struct label text; // of a heading, note, warning
    struct result_table *table;
    struct chart *chart;
};

struct result {
    struct arena *arena; // set by the caller, as `title` is
    struct label title;
    struct result_item *items;
    size_t count, cap;
    struct result_table *table; // the one being filled
    bool failed;
    struct chart spare; // handed out when memory is short
};

void result_heading(struct result *r, struct label text);
// A sentence from a format of printf in both languages, which take the same arguments.
void result_note(struct result *r, const char *name, const struct label *format, ...);
void result_warning(struct result *r, const char *name, const struct label *format, ...);
// The same from a text that is ready.
void result_says(struct result *r, bool warning, const char *name, struct label text);
void result_begin(struct result *r, const char *name, struct label title, const struct result_column *columns,
                  size_t column_count);
void result_about(struct result *r, struct label denominator, const char *source); // of the table being filled
// The next cell. A number that is not finite is shown as infinite, or as absent when it is none; JSON has null.
void result_text(struct result *r, struct str text);    // copied
void result_label(struct result *r, struct label text); // borrowed
void result_whole(struct result *r, int64_t value);
void result_real(struct result *r, double value);
void result_part(struct result *r, double value);
void result_day(struct result *r, civil_day day);
void result_flag(struct result *r, bool value);
void result_none(struct result *r);           // of any type
struct chart *result_chart(struct result *r); // to be filled in; never NULL
size_t result_rows(const struct result_table *t);
const struct result_table *result_find(const struct result *r, const char *name); // NULL
struct label result_say(struct arena *arena, const struct label *format, ...);

// What stands in a cell.
enum { RESULT_CELL_TEXT = 64, RESULT_COLUMNS_MAX = 32 };
const char *result_cell_text(const struct result_table *t, size_t row, size_t column, lang language,
                             char out[RESULT_CELL_TEXT]);

void result_to_text(const struct result *r, lang language, struct sink *out);
void result_to_json(const struct result *r, lang language, struct sink *out);

#endif
