// import_fields.h -- what can be read from each table of an import: its fields, and the headers that mean them.
//
// The fields of a table are those of the record it describes (store/person.h), those of the line list (mapping_fields.h),
// whose headers and words hold here too, and some that are put together into these. Headers are compared in plain form
// (mapping_plain), so "Date of birth", "date_of_birth" and "dateOfBirth" are one.
#ifndef TONG_EXCHANGE_IMPORT_FIELDS_H
#define TONG_EXCHANGE_IMPORT_FIELDS_H

#include "exchange/import_row.h"
#include "exchange/mapping_fields.h"

enum { IMPORT_FIELDS_MAX = 112, IMPORT_NO_FIELD = -1 };

typedef enum import_group {
    IMPORT_ALONE,
    IMPORT_OF_SAMPLE,
    IMPORT_OF_VACCINE,
    IMPORT_OF_STAY,
    IMPORT_GROUP_COUNT
} import_group;

// How the text of a cell is read and what it is kept as.
typedef enum import_type {
    IMPORT_TEXT,    // struct str
    IMPORT_ID,      // struct str; "NA" and the like are an identifier too
    IMPORT_WORD,    // int32_t
    IMPORT_YES,     // int8_t
    IMPORT_NUMBER,  // int64_t
    IMPORT_REAL,    // double
    IMPORT_DATE,    // struct date_time
    IMPORT_DAY,     // civil_day
    IMPORT_INSTANT, // utc_sec, only as we write it ourselves
} import_type;

struct import_field {
    const char *name; // in a mapping; unique in its table
    import_type type;
    import_group group;
    record_class class;                // values of personal and identity fields never stand in a fault
    size_t offset;                     // in struct import_row; of a group: in its first element
    const struct record_field *record; // the field of a record table that it is, or NULL
    const struct mapping_field *line;  // the field of a line list that it is, or NULL
    const char *headers;               // further headers in plain form, parted by blanks
    const char *words;                 // IMPORT_WORD and YES beyond the record's own: "male=1 female=2", or NULL
};

struct import_fields {
    import_table table;
    int32_t count;
    struct import_field item[IMPORT_FIELDS_MAX];
};
void import_fields_build(import_table table, struct import_fields *out);
int32_t import_field_find(const struct import_fields *fields, struct str name); // IMPORT_NO_FIELD
// How well a header in plain form names the field: 0 not at all, else the higher the better.
int32_t import_field_fits(const struct import_field *field, struct str plain);
// The value a word stands for. False: nobody knows it.
bool import_field_word(const struct import_field *field, struct str text, int32_t *value);
// Where the value lies; `element` of a group.
void *import_field_at(struct import_row *row, const struct import_field *field, int32_t element);

#endif
