// record.h -- one table of fields describes a kind of record, and everything that moves records reads that table.
//
// JSON and CSV in and out, validation and its messages, and masking are driven by it; nothing about a field is written
// down twice. A row is a plain C struct; each field's absence has a value of its own (RECORD_*_NONE, an empty text), and
// record_clear makes a row of absences.
//
// A field has a class, and every output takes the class of its reader: what the reader may not see is never written --
// null in JSON, empty in CSV -- whichever way it is asked for. Reading and validation are in base/record_read.h.
//
//     struct person { struct str id, name; civil_day born; };
//     static const struct record_field person_fields[] = {
//         RECORD_ID(struct person, id, .required = true, .label = LABEL("id", "编号")),
//         RECORD_TEXT(struct person, name, .most = 80, .class = RECORD_IDENTITY, .label = LABEL("name", "姓名")),
//         RECORD_DAY(struct person, born, .class = RECORD_PERSONAL, .label = LABEL("date of birth", "出生日期")),
//     };
//     const struct record_kind person_kind = RECORD_KIND("person", struct person, person_fields);
#ifndef TONG_BASE_RECORD_H
#define TONG_BASE_RECORD_H

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"

#include <math.h>

typedef enum record_type {
    RECORD_TYPE_TEXT,    // struct str, UTF-8; absent when empty
    RECORD_TYPE_INTEGER, // int64_t
    RECORD_TYPE_REAL,    // double
    RECORD_TYPE_DAY,     // civil_day
    RECORD_TYPE_INSTANT, // utc_sec
    RECORD_TYPE_BOOLEAN, // int8_t: 0, 1
    RECORD_TYPE_ENUM,    // int32_t: index into words
    RECORD_TYPE_ID,      // struct str: an identifier as its source writes it, without white space around or inside
} record_type;

#define RECORD_INTEGER_NONE INT64_MIN
#define RECORD_REAL_NONE ((double)NAN)
enum { RECORD_BOOLEAN_NONE = -1, RECORD_ENUM_NONE = -1 };

// Who may see a field; a reader of one class sees that class and those before it.
typedef enum record_class { RECORD_PUBLIC, RECORD_INTERNAL, RECORD_PERSONAL, RECORD_IDENTITY } record_class;

struct record_word {
    const char *word; // in JSON and CSV
    struct label label;
};

struct record_field {
    const char *name;
    record_type type;
    record_class class;
    size_t offset;
    bool required;
    int64_t least, most;          // of an integer; of a text's or id's characters; of a day (civil_day.d); both 0: none
    double least_real, most_real; // of a real; both 0: none
    const struct record_word *words;
    int32_t word_count;
    struct label label;
};

struct record_kind {
    const char *name;
    const struct record_field *fields;
    size_t count;
    size_t size; // of the C struct
};

// The field's offset; does not compile when the member has another type.
#define RECORD_AT(s, member, type) (offsetof(s, member) + 0 * sizeof(&((s *)0)->member == (type *)0))
// clang-format off
#define RECORD_FIELD(s, m, record, c_type, ...) {.name = #m, .type = (record), .offset = RECORD_AT(s, m, c_type), __VA_ARGS__}
#define RECORD_KIND(name, s, table) {(name), (table), sizeof(table) / sizeof(table)[0], sizeof(s)}
// clang-format on
#define RECORD_TEXT(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_TEXT, struct str, __VA_ARGS__)
#define RECORD_ID(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_ID, struct str, __VA_ARGS__)
#define RECORD_INTEGER(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_INTEGER, int64_t, __VA_ARGS__)
#define RECORD_REAL(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_REAL, double, __VA_ARGS__)
#define RECORD_DAY(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_DAY, civil_day, __VA_ARGS__)
#define RECORD_INSTANT(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_INSTANT, utc_sec, __VA_ARGS__)
#define RECORD_BOOLEAN(s, m, ...) RECORD_FIELD(s, m, RECORD_TYPE_BOOLEAN, int8_t, __VA_ARGS__)
#define RECORD_ENUM(s, m, table, ...)                               \
    RECORD_FIELD(s, m, RECORD_TYPE_ENUM, int32_t, .words = (table), \
                 .word_count = (int32_t)(sizeof(table) / sizeof(table)[0]), __VA_ARGS__)

// Characters of a text and an id whose field sets no limit of its own.
enum { RECORD_FIELDS_MAX = 64, RECORD_TEXT_MAX = 4000, RECORD_ID_MAX = 64 };

void record_clear(const struct record_kind *kind, void *row);
bool record_absent(const struct record_field *field, const void *row);
struct str record_get_text(const struct record_field *field, const void *row); // of a text or id
double record_get_real(const struct record_field *field, const void *row);     // of a real
// Of any other field, as one type; absent is INT64_MIN for all of them.
int64_t record_get_whole(const struct record_field *field, const void *row);

// ---- out ----
// One JSON object with every field of the table.
void record_to_json(const struct record_kind *kind, const void *row, record_class reader, struct json_out *j,
                    const char *key);
// One line of CSV (RFC 4180) with the fields' names, and one for a row.
void record_csv_header(const struct record_kind *kind, struct sink *out);
void record_to_csv(const struct record_kind *kind, const void *row, record_class reader, struct sink *out);
// One cell of text, quoted when it must be. A text that a spreadsheet would run as a formula gets a ' in front; a plain
// number does not. record_csv_plain takes that ' off again, so that our own files read back as they were.
void record_csv_cell(struct sink *out, struct str text);
struct str record_csv_plain(struct str cell);

#endif
