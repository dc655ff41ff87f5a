// export.h -- what the store holds, out as CSV or JSON lines, row by row: memory does not depend on how much it is.
//
// One file a kind; docs/formats.md lists the columns. People, places, gatherings and facts re-import to the same, as do
// the facts of one sort (samples, visits, links). Cases and contacts are summaries, one row a course; they can be read as
// tables of cases and contacts too. A text that a spreadsheet would run as a formula is defused; what the reader may not see is
// empty.
#ifndef TONG_EXCHANGE_EXPORT_H
#define TONG_EXCHANGE_EXPORT_H

#include "base/record.h"
#include "base/sink.h"
#include "exchange/export_dialect.h"
#include "response/respond.h"
#include "store/db.h"
#include "store/vault.h"

typedef enum export_kind {
    EXPORT_PLACES,
    EXPORT_PEOPLE,
    EXPORT_GATHERINGS,
    EXPORT_FACTS,
    EXPORT_LINKS,     // facts that say who met whom
    EXPORT_FOLLOWUPS, // facts of visits
    EXPORT_TESTS,     // facts of samples and results
    EXPORT_CASES,
    EXPORT_CONTACTS,
    EXPORT_SAMPLES,
    EXPORT_TASKS,
    EXPORT_KIND_COUNT
} export_kind;
extern const struct record_word export_kind_words[EXPORT_KIND_COUNT];
int32_t export_kind_find(struct str name); // -1
// Can what is exported be imported without loss?
bool export_is_whole(export_kind kind);
// Can it be written as other systems do?
bool export_has_dialects(export_kind kind);
// The columns of a kind.
const struct record_kind *export_record(export_kind kind);

typedef enum export_form { EXPORT_CSV, EXPORT_JSON_LINES } export_form;

struct export_options {
    export_kind kind;
    export_form form;
    export_dialect dialect; // of cases and contacts, as CSV: another system's columns and words
    bool mark;          // a UTF-8 byte order mark in front: Excel asks for it
    bool sources;       // the reader may see who exposed whom
    record_class class; // what the reader may see
    // Whose rows are written, and as which class; NULL: all, as `class`. `subject` is a person, place or gathering.
    bool (*may)(void *payload, int64_t subject, record_class *class);
    void *payload;
    struct db *db; // a reader of the export's own, until it is closed
    const struct vault *vault;
    const struct rulebook *book; // names of pathways, stages and tasks; may be NULL
    const struct zone *zone;     // for days
};

struct export;
tong_code export_open(const struct export_options *o, struct export **out, struct err *err) TONG_MUST_USE;
void export_close(struct export *e); // NULL is allowed
// The next rows into `out`, about `bytes` of them; *more is false at the end. IO, NOMEM: the export is broken off.
tong_code export_next(struct export *e, struct sink *out, size_t bytes, bool *more, struct err *err) TONG_MUST_USE;
int64_t export_rows(const struct export *e); // written so far

#endif
