// line_message.h -- what can be wrong with a line list, and what a person is told.
//
// Errors leave a row out, or stop the import where no row can be blamed; warnings set a value aside or ask to look;
// notes tell what was assumed. The slugs are stable.
#ifndef TONG_EXCHANGE_LINE_MESSAGE_H
#define TONG_EXCHANGE_LINE_MESSAGE_H

#include "base/problem.h"

typedef enum line_fault {
    // the file
    LINE_F_XLSX,
    LINE_F_XLS,
    LINE_F_PDF,
    LINE_F_COMPRESSED,
    LINE_F_BINARY,
    LINE_F_EMPTY,
    LINE_F_HEADER_ONLY,
    LINE_F_HEADER_ONLY_CASES,
    LINE_F_HEADER_BAD,
    LINE_F_ENCODING_GUESSED,
    LINE_F_COLUMN_MISSING,
    LINE_F_COLUMN_MISSING_NEAR,
    LINE_F_COLUMN_REQUIRED,
    LINE_F_COLUMN_TWICE,
    LINE_F_COLUMNS_SUGGESTED,
    LINE_F_DATES_UNDECIDED,
    LINE_F_DATES_MIXED,
    // one cell
    LINE_F_ID_EMPTY,
    LINE_F_ID_TWICE,
    LINE_F_DATE_UNREADABLE,
    LINE_F_DATE_SHORT_YEAR,
    LINE_F_DATE_IMPOSSIBLE,
    LINE_F_DATE_TIME,
    LINE_F_DATE_EARLY,
    LINE_F_DATE_LATE,
    LINE_F_NUMBER,
    LINE_F_AGE,
    LINE_F_WORD,
    // one row against itself
    LINE_F_OUTCOME_BEFORE_ONSET,
    LINE_F_DEATH_BEFORE_ONSET,
    LINE_F_ONSET_AFTER_REPORT,
    LINE_F_EXPOSURE_REVERSED,
    LINE_F_EXPOSURE_AFTER_ONSET,
    LINE_F_INFECTED_AFTER_ONSET,
    LINE_F_INFECTED_ON_ONSET,
    LINE_F_ISOLATION_REVERSED,
    LINE_F_HOSPITAL_REVERSED,
    LINE_F_HOSPITAL_AFTER_DEATH,
    LINE_F_DEATH_BUT_OUTCOME,
    LINE_F_CONTACT_REVERSED,
    LINE_F_KNOWN_BEFORE,
    // tables against each other
    LINE_F_LABEL_TWICE,
    LINE_F_LABEL_AMBIGUOUS,
    LINE_F_LINK_SELF,
    LINE_F_LINK_UNKNOWN_FROM,
    LINE_F_LINK_UNKNOWN_KEPT,
    LINE_F_LINK_LEFT_OUT,
    LINE_F_LINK_FROM_GATHERING,
    LINE_F_LINK_TO_GATHERING,
    LINE_F_LINK_FROM_CONTACT,
    LINE_F_LINK_UNLISTED,
    LINE_F_LINK_CYCLE,
    LINE_F_CASE_AND_CONTACT,
    LINE_F_FOLLOWUP_UNKNOWN,
    LINE_F_LAB_UNKNOWN,
    LINE_FAULT_COUNT
} line_fault;

extern const struct message line_message[LINE_FAULT_COUNT];

#endif
