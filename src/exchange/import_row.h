// import_row.h -- one row of an import, whatever system it came from: everything that any of them says, in one struct.
//
// A row of another system's table is read into the row of a line list (line_record.h), so that the rules of line lists
// serve it too, with the person, place or gathering it describes beside it, and groups of columns that may repeat (samples,
// vaccinations, stays). import_fields.h says which column goes where, import_command.h makes commands of it.
#ifndef TONG_EXCHANGE_IMPORT_ROW_H
#define TONG_EXCHANGE_IMPORT_ROW_H

#include "exchange/fact_record.h"
#include "exchange/line_record.h"
#include "store/person.h"

// What one row of a file is. The order is that in which the files of a folder are read: who and where before what happened.
typedef enum import_table {
    IMPORT_PLACES,
    IMPORT_PEOPLE,
    IMPORT_GATHERINGS,
    IMPORT_CASES,
    IMPORT_CONTACTS,
    IMPORT_LINKS,
    IMPORT_FOLLOWUPS,
    IMPORT_LABS,
    IMPORT_FACTS, // our own: any fact
    IMPORT_TABLE_COUNT
} import_table;
extern const struct record_word import_table_words[IMPORT_TABLE_COUNT];

enum { IMPORT_SAMPLES_MAX = 12, IMPORT_VACCINES_MAX = 6, IMPORT_STAYS_MAX = 6 };

// A sample as a group of columns of a case. `again`: a further test of the sample before it.
struct import_sample {
    struct line_lab lab;
    struct str number, laboratory;
    struct date_time tested;
    bool again;
};
struct import_vaccine {
    struct date_time day;
    struct str name, status;
};
struct import_stay { // Go.Data's dateRanges
    struct str type;
    struct date_time begins, ends;
    struct str centre;
};

struct import_row {
    int64_t line;
    struct line_case one_case;
    struct line_contact contact;
    struct line_link link;
    struct line_followup followup;
    struct line_lab lab;
    struct line_gathering gathering_line;
    struct str link_from, link_kind; // a column that names the source
    struct person_record person;
    struct place_record place;
    struct gathering_record gathering;
    struct fact_record fact;
    // what is put together into a person
    struct str given_name, middle_name, family_name, name_suffix;
    int64_t born_day, born_month, age_amount;
    struct str age_unit;
    struct str street, street_2, house_number, city, postal_code, community, district, region, country;
    struct str present_condition;
    // a place or a thing of another system
    struct str outside, outside_parent, level;
    struct str number; // a row's own number, where it has one: of a sample, a visit
    struct str disease;
    int8_t pregnant, health_worker, admitted, deleted; // 1, 0, RECORD_BOOLEAN_NONE
    struct import_sample sample[IMPORT_SAMPLES_MAX];
    struct import_vaccine vaccine[IMPORT_VACCINES_MAX];
    struct import_stay stay[IMPORT_STAYS_MAX];
    int32_t sample_count, vaccine_count, stay_count; // groups that said anything
    struct str note; // what no field takes, "header: value; ...", when the mapping keeps it
};

void import_row_clear(struct import_row *row);

#endif
