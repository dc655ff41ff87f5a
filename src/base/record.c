#include "base/record.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

// ---- the values of a row ----

static const void *record_at(const struct record_field *field, const void *row)
{
    return (const char *)row + field->offset;
}

struct str record_get_text(const struct record_field *field, const void *row)
{
    struct str s;
    memcpy(&s, record_at(field, row), sizeof s);
    return s;
}

int64_t record_get_whole(const struct record_field *field, const void *row)
{
    const void *p = record_at(field, row);
    switch (field->type) {
    case RECORD_TYPE_INTEGER: {
        int64_t v;
        memcpy(&v, p, sizeof v);
        return v;
    }
    case RECORD_TYPE_DAY: {
        civil_day v;
        memcpy(&v, p, sizeof v);
        return v.d == CIVIL_DAY_NONE ? INT64_MIN : v.d;
    }
    case RECORD_TYPE_INSTANT: {
        utc_sec v;
        memcpy(&v, p, sizeof v);
        return v.s;
    }
    case RECORD_TYPE_BOOLEAN: {
        int8_t v;
        memcpy(&v, p, sizeof v);
        return v == RECORD_BOOLEAN_NONE ? INT64_MIN : v;
    }
    case RECORD_TYPE_ENUM: {
        int32_t v;
        memcpy(&v, p, sizeof v);
        return v == RECORD_ENUM_NONE ? INT64_MIN : v;
    }
    case RECORD_TYPE_TEXT:
    case RECORD_TYPE_ID:
    case RECORD_TYPE_REAL: break;
    }
    assert(false);
    return INT64_MIN;
}

double record_get_real(const struct record_field *field, const void *row)
{
    double v;
    memcpy(&v, record_at(field, row), sizeof v);
    return v;
}

bool record_absent(const struct record_field *field, const void *row)
{
    if (field->type == RECORD_TYPE_TEXT || field->type == RECORD_TYPE_ID) return record_get_text(field, row).n == 0;
    if (field->type == RECORD_TYPE_REAL) return !isfinite(record_get_real(field, row));
    return record_get_whole(field, row) == INT64_MIN;
}

void record_clear(const struct record_kind *kind, void *row)
{
    memset(row, 0, kind->size);
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *field = &kind->fields[i];
        void *p = (char *)row + field->offset;
        switch (field->type) {
        case RECORD_TYPE_TEXT:
        case RECORD_TYPE_ID: memcpy(p, &(struct str){"", 0}, sizeof(struct str)); break;
        case RECORD_TYPE_INTEGER: memcpy(p, &(int64_t){RECORD_INTEGER_NONE}, sizeof(int64_t)); break;
        case RECORD_TYPE_REAL: memcpy(p, &(double){RECORD_REAL_NONE}, sizeof(double)); break;
        case RECORD_TYPE_DAY: memcpy(p, &(civil_day){CIVIL_DAY_NONE}, sizeof(civil_day)); break;
        case RECORD_TYPE_INSTANT: memcpy(p, &UTC_NONE, sizeof(utc_sec)); break;
        case RECORD_TYPE_BOOLEAN: memcpy(p, &(int8_t){RECORD_BOOLEAN_NONE}, sizeof(int8_t)); break;
        case RECORD_TYPE_ENUM: memcpy(p, &(int32_t){RECORD_ENUM_NONE}, sizeof(int32_t)); break;
        }
    }
}

// ---- out ----

// The one place that decides what a reader sees.
static bool record_hidden(const struct record_field *field, const void *row, record_class reader)
{
    return field->class > reader || record_absent(field, row);
}

static const char *record_word_of(const struct record_field *field, const void *row)
{
    int64_t i = record_get_whole(field, row);
    assert(i >= 0 && i < field->word_count);
    return field->words[i].word;
}

void record_to_json(const struct record_kind *kind, const void *row, record_class reader, struct json_out *j,
                    const char *key)
{
    json_out_object(j, key);
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *field = &kind->fields[i];
        if (record_hidden(field, row, reader)) {
            json_out_null(j, field->name);
            continue;
        }
        switch (field->type) {
        case RECORD_TYPE_TEXT:
        case RECORD_TYPE_ID: json_out_text(j, field->name, record_get_text(field, row)); break;
        case RECORD_TYPE_INTEGER: json_out_int(j, field->name, record_get_whole(field, row)); break;
        case RECORD_TYPE_REAL: json_out_real(j, field->name, record_get_real(field, row)); break;
        case RECORD_TYPE_DAY: json_out_day(j, field->name, (civil_day){(int32_t)record_get_whole(field, row)}); break;
        case RECORD_TYPE_INSTANT: json_out_instant(j, field->name, (utc_sec){record_get_whole(field, row)}); break;
        case RECORD_TYPE_BOOLEAN: json_out_bool(j, field->name, record_get_whole(field, row) != 0); break;
        case RECORD_TYPE_ENUM: json_out_z(j, field->name, record_word_of(field, row)); break;
        }
    }
    json_out_end(j);
}

// Where the text proper begins that a spreadsheet would look at: behind the ' that are there already.
static bool record_is_formula(struct str text)
{
    while (text.n > 0 && text.p[0] == '\'') text.p++, text.n--;
    double number;
    return text.n > 0 && memchr("=+-@\t\r", text.p[0], 6) != NULL && !str_double(text, &number);
}

void record_csv_cell(struct sink *out, struct str text)
{
    bool formula = record_is_formula(text), quote = false;
    for (size_t i = 0; i < text.n && !quote; i++) quote = memchr(",;\"\r\n\t", text.p[i], 6) != NULL;
    if (text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' '))
        quote = true; // some readers trim what is not quoted
    if (quote) sink_char(out, '"');
    if (formula) sink_char(out, '\'');
    for (size_t from = 0; from < text.n;) {
        const char *mark = memchr(text.p + from, '"', text.n - from);
        size_t to = mark == NULL ? text.n : (size_t)(mark - text.p) + 1;
        sink_utf8(out, (struct str){text.p + from, to - from});
        if (mark != NULL) sink_char(out, '"');
        from = to;
    }
    if (quote) sink_char(out, '"');
}

struct str record_csv_plain(struct str cell)
{
    if (cell.n > 1 && cell.p[0] == '\'' && record_is_formula(cell)) return (struct str){cell.p + 1, cell.n - 1};
    return cell;
}

void record_csv_header(const struct record_kind *kind, struct sink *out)
{
    for (size_t i = 0; i < kind->count; i++) {
        if (i > 0) sink_char(out, ',');
        record_csv_cell(out, str_z(kind->fields[i].name));
    }
    sink_text(out, "\r\n");
}

void record_to_csv(const struct record_kind *kind, const void *row, record_class reader, struct sink *out)
{
    char text[INSTANT_TEXT];
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *field = &kind->fields[i];
        if (i > 0) sink_char(out, ',');
        if (record_hidden(field, row, reader)) continue;
        switch (field->type) {
        case RECORD_TYPE_TEXT:
        case RECORD_TYPE_ID: record_csv_cell(out, record_get_text(field, row)); break;
        case RECORD_TYPE_INTEGER: sink_printf(out, "%" PRId64, record_get_whole(field, row)); break;
        case RECORD_TYPE_REAL: sink_real(out, record_get_real(field, row)); break;
        case RECORD_TYPE_DAY:
            civil_format((civil_day){(int32_t)record_get_whole(field, row)}, text);
            sink_text(out, text);
            break;
        case RECORD_TYPE_INSTANT:
            json_instant_text((utc_sec){record_get_whole(field, row)}, text);
            sink_text(out, text);
            break;
        case RECORD_TYPE_BOOLEAN: sink_text(out, record_get_whole(field, row) != 0 ? "true" : "false"); break;
        case RECORD_TYPE_ENUM: record_csv_cell(out, str_z(record_word_of(field, row))); break;
        }
    }
    sink_text(out, "\r\n");
}
