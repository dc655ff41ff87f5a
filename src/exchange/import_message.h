// import_message.h -- what can be wrong with an import beyond what line_message.h has, and what a person is told.
#ifndef TONG_EXCHANGE_IMPORT_MESSAGE_H
#define TONG_EXCHANGE_IMPORT_MESSAGE_H

#include "base/problem.h"

typedef enum import_fault {
    // the file
    IMPORT_F_TABLE,
    IMPORT_F_TABLE_OTHER,
    IMPORT_F_COLUMNS_UNKNOWN,
    IMPORT_F_COLUMNS_NOTED,
    IMPORT_F_COLUMNS_MANY,
    IMPORT_F_DATES_BY_OTHERS,
    IMPORT_F_NOTHING,
    IMPORT_F_UTF16,
    // one row
    IMPORT_F_DELETED,
    IMPORT_F_NOBODY,
    IMPORT_F_BIRTH_PARTS,
    IMPORT_F_BIRTH_CENTURY,
    IMPORT_F_BIRTH_FUTURE,
    IMPORT_F_ID_TWICE,
    IMPORT_F_SOURCE_UNKNOWN,
    IMPORT_F_SOURCE_UNKNOWN_KEPT,
    IMPORT_F_PERSON_UNKNOWN,
    IMPORT_F_PLACE_PARENT,
    IMPORT_F_PLACE_KIND,
    IMPORT_F_PLACE_UNKNOWN,
    IMPORT_F_CASE_UNDATED,
    IMPORT_F_MEETING_UNDATED,
    IMPORT_F_NOTHING_SAID,
    IMPORT_F_UID,
    IMPORT_F_DUPLICATE,
    IMPORT_F_REFUSED,
    IMPORT_F_IN_PART,
    IMPORT_F_WHO_ONLY,
    IMPORT_FAULT_COUNT
} import_fault;

extern const struct message import_message[IMPORT_FAULT_COUNT];

#endif
