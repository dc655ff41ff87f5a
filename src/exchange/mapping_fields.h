// mapping_fields.h -- what can be read from each table: its fields, their usual headers, and the usual words for values.
//
// The headers are those of Go.Data (property names, labels and the training exports in R's spelling), SORMAS, the
// published line lists, and what Chinese health departments write. They are compared without case, blanks and
// punctuation, and only as a whole, so that "onset" never matches "onset_hospital".
#ifndef TONG_EXCHANGE_MAPPING_FIELDS_H
#define TONG_EXCHANGE_MAPPING_FIELDS_H

#include "exchange/line_record.h"

// How a field's text is read.
typedef enum field_kind {
    FIELD_ID, // text that joins tables
    FIELD_TEXT,
    FIELD_WORD,   // one of an enumeration
    FIELD_NUMBER, // a whole number
    FIELD_DATE
} field_kind;

// A word of a file and the value it stands for.
struct mapping_word {
    const char *text;
    int32_t value;
};

// Fields that are no member of their row's struct but make something of it.
typedef enum field_special {
    SPECIAL_NONE,
    SPECIAL_AGE_MONTHS, // an age in months, where no years are given
    SPECIAL_LINK_FROM,  // who infected this case, whose contact this is: one link, or several separated by commas
    SPECIAL_LINK_KIND   // how
} field_special;

// One field of a table. Its index in the table is its identity.
struct mapping_field {
    const char *name; // as written in a mapping file; also the name in the record table where there is one
    field_kind kind;
    field_special special;
    size_t offset;       // in the row's struct: of a struct str, int64_t, int32_t, int8_t or struct date_time
    size_t known_offset; // FIELD_DATE that has a known time of its own: of that struct date_time; else 0
    int32_t word_bytes;  // FIELD_WORD: 4, or 1 for yes and no
    bool required;       // a table without this column cannot be read
    const struct record_word *canonical; // FIELD_WORD: the enumeration's own words
    int32_t canonical_count;
    const struct mapping_word *words; // and the usual ones, in plain form (mapping_plain), ended by NULL
    const char *const *headers;       // usual headers in plain form, best first, ended by NULL
};

// The fields of a table, `*count` of them.
const struct mapping_field *mapping_fields(line_table table, int32_t *count);
// Index of a field by name, -1.
int32_t mapping_field_find(line_table table, struct str name);

// Text without case, blanks and ASCII punctuation, cut to `cap`: "Date of onset" and "date_of_onset" are both
// "dateofonset". Returns its length.
enum { MAPPING_PLAIN_MAX = 128 };
size_t mapping_plain(struct str text, char out[MAPPING_PLAIN_MAX]);
// What a word of a file means by the built-in tables; Go.Data's "LNG_REFERENCE_DATA_..._CONFIRMED" is read by its end.
bool mapping_word_known(const struct mapping_field *field, struct str text, int32_t *value);

#endif
