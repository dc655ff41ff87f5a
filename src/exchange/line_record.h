// line_record.h -- the rows of a line list: a case, a link, a contact, a follow-up, a result, a gathering.
//
// Each is a plain struct described by a record table (base/record.h), which drives its JSON and CSV, its limits, and who
// may see what. The `line` of each is where its row begins in the file it came from.
#ifndef TONG_EXCHANGE_LINE_RECORD_H
#define TONG_EXCHANGE_LINE_RECORD_H

#include "base/record.h"
#include "exchange/dates.h"

enum {
    LINE_AGE_MAX = 125, // years; the oldest person on record reached 122
    LINE_ID_MAX = 128,  // characters of an identifier; blanks inside it are allowed: people number "case 12"
    LINE_NONE = -1      // no index
};

// The tables of an import.
typedef enum line_table {
    LINE_TABLE_CASES,
    LINE_TABLE_LINKS,
    LINE_TABLE_CONTACTS,
    LINE_TABLE_FOLLOWUPS,
    LINE_TABLE_LABS,
    LINE_TABLE_GATHERINGS,
    LINE_TABLE_COUNT
} line_table;

typedef enum line_sex { LINE_SEX_UNKNOWN, LINE_MALE, LINE_FEMALE, LINE_SEX_OTHER, LINE_SEX_COUNT } line_sex;

typedef enum line_class {
    LINE_CLASS_UNKNOWN,
    LINE_SUSPECTED,
    LINE_PROBABLE,
    LINE_CONFIRMED,
    LINE_ASYMPTOMATIC,
    LINE_DISCARDED,
    LINE_CLASS_COUNT
} line_class;

typedef enum line_outcome {
    LINE_OUTCOME_UNKNOWN,
    LINE_ALIVE, // living when last heard of
    LINE_RECOVERED,
    LINE_DIED,
    LINE_OUTCOME_COUNT
} line_outcome;

// The dates of a case. Each has two times: when it happened (`when`) and when it became known (`known`).
typedef enum line_date {
    LINE_REPORTED, // the case was reported
    LINE_INFECTED,
    LINE_EXPOSURE_FIRST,
    LINE_EXPOSURE_LAST,
    LINE_ONSET,
    LINE_SAMPLED,
    LINE_DIAGNOSED,
    LINE_ISOLATED,
    LINE_ISOLATED_END,
    LINE_HOSPITALISED,
    LINE_HOSPITALISED_END,
    LINE_OUTCOME_DAY,
    LINE_DEATH,
    LINE_DATE_COUNT
} line_date;

struct line_case {
    struct str id;    // unique in the list
    struct str label; // the number people use for it (Go.Data's visual id); may repeat, may be empty
    struct str place;
    struct date_time when[LINE_DATE_COUNT];  // day.d == CIVIL_DAY_NONE: not said
    struct date_time known[LINE_DATE_COUNT]; // never before `when`; NONE exactly where `when` is NONE
    uint32_t known_assumed;                  // bit i: no column said when date i became known (see mapping.h)
    int32_t sex;                             // line_sex
    int32_t class;                           // line_class
    int32_t outcome;                         // line_outcome
    int8_t onset_approximate;                // 1 when the file calls it so, 0, RECORD_BOOLEAN_NONE
    int64_t age;                             // years, RECORD_INTEGER_NONE when unknown
    int64_t generation;                      // as the file gives it, else RECORD_INTEGER_NONE
    int32_t contact;                         // index of the same person among the contacts, LINE_NONE
    int64_t line;
};

// What stands at an end of a link.
typedef enum line_end {
    LINE_END_UNKNOWN,
    LINE_END_CASE,
    LINE_END_CONTACT,
    LINE_END_GATHERING,
    LINE_END_COUNT
} line_end;

struct line_link {
    struct str from, to;          // identifiers as the file has them
    struct str kind;              // kind of exposure, in the file's words
    int32_t from_end, to_end;     // line_end
    int32_t from_index, to_index; // into cases, contacts or gatherings as the end says; LINE_NONE when unknown
    bool is_contact_only;         // the target is a contact who is not a case
    bool known_assumed;
    bool in_cycle; // following links from case to case leads back here
    struct date_time first_contact, last_contact, known;
    int64_t line;
    line_table table; // the table whose row said it: links, or a column of cases or contacts
};

typedef enum line_contact_status {
    LINE_CONTACT_UNKNOWN,
    LINE_CONTACT_UNDER_FOLLOWUP,
    LINE_CONTACT_COMPLETED,
    LINE_CONTACT_BECAME_CASE,
    LINE_CONTACT_LOST,
    LINE_CONTACT_REFUSED,
    LINE_CONTACT_DIED,
    LINE_CONTACT_STATUS_COUNT
} line_contact_status;

struct line_contact {
    struct str id, label, place;
    struct date_time first_contact, last_contact, reported, followup_first, followup_last, became_case;
    struct date_time known; // when this person became known as a contact
    int32_t sex;            // line_sex
    int32_t status;         // line_contact_status
    int64_t age;
    int32_t case_index; // the case this contact is or became, LINE_NONE
    bool known_assumed;
    bool implied; // in no contact file: some link names this person
    int64_t line; // of the contact's row; of the first link that names an implied contact
};

typedef enum line_followup_status {
    LINE_FOLLOWUP_UNKNOWN,
    LINE_SEEN_WELL,
    LINE_SEEN_ILL,
    LINE_NOT_SEEN,
    LINE_NOT_ATTEMPTED,
    LINE_REFUSED,
    LINE_FOLLOWUP_STATUS_COUNT
} line_followup_status;

struct line_followup {
    struct str contact;    // identifier
    int32_t contact_index; // into contacts, LINE_NONE
    int32_t case_index;    // some systems follow up cases; LINE_NONE
    struct date_time day, known;
    int32_t status; // line_followup_status
    bool known_assumed;
    int64_t line;
};

typedef enum line_result {
    LINE_RESULT_UNKNOWN, // none given: pending, lost, or never entered
    LINE_POSITIVE,
    LINE_NEGATIVE,
    LINE_INCONCLUSIVE,
    LINE_RESULT_COUNT
} line_result;

struct line_lab {
    struct str person; // identifier
    int32_t case_index, contact_index;
    struct date_time sampled, resulted, known;
    int32_t result; // line_result
    struct str specimen, test;
    bool known_assumed;
    int64_t line;
};

struct line_gathering {
    struct str id, name;
    struct date_time day, known;
    bool known_assumed;
    int64_t line;
};

// The record tables: cases, links, contacts, follow-ups, results, gatherings, in the order of line_table. A date is the
// day; its `_known` beside it is when it became known.
extern const struct record_kind line_kind[LINE_TABLE_COUNT];

// The words of the enumerations above, by value: slugs for CSV and JSON, and what the screens say.
extern const struct record_word line_sex_words[LINE_SEX_COUNT];
extern const struct record_word line_class_words[LINE_CLASS_COUNT];
extern const struct record_word line_outcome_words[LINE_OUTCOME_COUNT];
extern const struct record_word line_date_words[LINE_DATE_COUNT];
extern const struct record_word line_end_words[LINE_END_COUNT];
extern const struct record_word line_contact_status_words[LINE_CONTACT_STATUS_COUNT];
extern const struct record_word line_followup_words[LINE_FOLLOWUP_STATUS_COUNT];
extern const struct record_word line_result_words[LINE_RESULT_COUNT];
extern const struct record_word line_table_words[LINE_TABLE_COUNT];

// A row with nothing in it.
void line_clear(line_table table, void *row);

#endif
