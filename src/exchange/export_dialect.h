// export_dialect.h -- cases and contacts as other systems write them: their headers, their words, their dates.
//
//   godata         Go.Data by property name: visualId, dateRanges[1].startDate, LNG_REFERENCE_DATA_..._CONFIRMED
//   godata-labels  Go.Data by label: Case ID, Dates [1] Start Date, Confirmed
//   sormas         SORMAS's detailed cases and contacts: a row of entities, a row of properties, CONFIRMED_NO_SYMPTOMS
//
// Only what these systems have a column for is written; what was once imported from elsewhere keeps its number there, others
// have their own identifier. Our importers read each of them back to the same rows. Dates are whole days (YYYY-MM-DD): an
// instant would be another day in another zone. SORMAS has no word for a contact who refuses (CANCELED, read back as
// unknown), Go.Data none for a case without symptoms (ASYMPTOMATIC, to be added to its reference data).
#ifndef TONG_EXCHANGE_EXPORT_DIALECT_H
#define TONG_EXCHANGE_EXPORT_DIALECT_H

#include "base/record.h"
#include "base/sink.h"
#include "exchange/export_record.h"

typedef enum export_dialect {
    DIALECT_OWN,
    DIALECT_GODATA,
    DIALECT_GODATA_LABELS,
    DIALECT_SORMAS,
    DIALECT_COUNT
} export_dialect;
extern const struct record_word export_dialect_words[DIALECT_COUNT];
int32_t export_dialect_find(struct str name); // -1

// Not for DIALECT_OWN. `contacts`: else cases.
void export_dialect_header(export_dialect dialect, bool contacts, struct sink *out);
void export_dialect_row(export_dialect dialect, bool contacts, const struct course_record *row, record_class reader,
                        struct sink *out);

#endif
