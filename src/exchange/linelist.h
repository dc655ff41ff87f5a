// linelist.h -- cases, contacts, who met whom, follow-ups, results: read from other people's files into plain arrays.
//
// A line list is what an outbreak team really has: one row a case, dates as somebody typed them, identifiers that
// repeat. This module reads up to six tables (mapping.h says which column is which field and which column says when a
// fact became known), joins them by identifier, and reports every fault with file, line, column and remedy. Nothing is
// repaired silently and nothing is guessed:
//
//  - A row that cannot be read (a stray quote, an undecodable byte, an impossible date, no identifier, an identifier
//    that was already used, a link that starts at nobody) is an ERROR. With keep_good_rows it is left out and the rest is
//    imported; without, nothing is imported.
//  - A row that contradicts itself (outcome before onset, an age of 190) is a WARNING: the row is imported and the
//    doubtful value is set aside, that is, read as missing. The warning names the value.
//  - What is odd but may well be true (a contact who became a case, a link from a gathering) is kept and noted.
//
// Names, addresses and telephone numbers are never read, whatever the file holds.
#ifndef TONG_EXCHANGE_LINELIST_H
#define TONG_EXCHANGE_LINELIST_H

#include "exchange/line_stage.h"

struct linelist {
    struct line_case *cases;
    size_t case_count;
    struct line_link *links;
    size_t link_count;
    struct line_contact *contacts; // from the contact file, then the implied ones
    size_t contact_count;
    struct line_followup *followups;
    size_t followup_count;
    struct line_lab *labs;
    size_t lab_count;
    struct line_gathering *gatherings;
    size_t gathering_count;
    int64_t links_from_gathering, links_to_gathering, links_from_unknown, links_in_cycle, case_and_contact;
    struct line_table_count table[LINE_TABLE_COUNT];
    const struct zone *zone; // in which days without a time are meant
};

struct linelist_file {
    const char *name;     // as the user named it; NULL: this table is not given
    struct bytes *source; // read from here; NULL: open `name`
};

struct linelist_options {
    struct linelist_file file[LINE_TABLE_COUNT];
    const struct mapping *mapping; // NULL: everything is suggested from the headers
    encoding encoding;             // ENCODING_AUTO unless the user says otherwise; beats the mapping's
    date_order order;              // DATE_ORDER_AUTO likewise
    civil_day as_of; // dates more than a year later are doubtful; CIVIL_DAY_NONE: judge by the row's report
    bool keep_good_rows;
};

// Read all given tables. Everything returned lives in `arena`; faults are added to `problems`. A case file is required.
// TONG_E_INVALID: an error was found and keep_good_rows is off, or a fault that no row can be blamed for (an empty file, a
// missing column, a date order nobody can know); the problems say which. TONG_E_NOT_FOUND: a file is not there; TONG_E_IO,
// TONG_E_LIMIT, TONG_E_NOMEM.
tong_code linelist_read(const struct linelist_options *options, struct arena *arena, struct problem_list *problems,
                        struct linelist *out, struct err *err) TONG_MUST_USE;

// The index of the case with this identifier, LINE_NONE. Linear in the number of cases: for one-off questions.
int32_t linelist_find_case(const struct linelist *list, struct str id);

#endif
