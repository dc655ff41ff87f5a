// import.h -- files of another system, or of ours, into the response: read, checked, recorded in batches, accounted for.
//
// Every data row ends as one of three: taken (something of it was recorded), same (all of it was there already), faulty (with the
// reason). read = taken + same + faulty, always; a row that says nothing to record is `same` with a warning. A row imported
// again makes the same uids and so changes nothing; a row whose dates changed in the other system corrects the facts.
//
// A dry run goes the same way but for the taking. Files are streamed, each two or more times; memory does not grow with
// them, except some forty bytes a person.
#ifndef TONG_EXCHANGE_IMPORT_H
#define TONG_EXCHANGE_IMPORT_H

#include "exchange/duplicate.h"
#include "exchange/import_command.h"
#include "exchange/import_reader.h"

typedef enum import_format {
    IMPORT_OWN,
    IMPORT_GODATA,
    IMPORT_SORMAS,
    IMPORT_SIMPLEREPORT,
    IMPORT_LIST,
    IMPORT_FORMAT_COUNT
} import_format;
struct import_format_word {
    const char *name;
    struct label label;
    const char *source; // under which numbers are kept; "" ours
    date_order order;   // what its dates are by definition
    bool fill_rows;     // its rows may end early
};
extern const struct import_format_word import_format_words[IMPORT_FORMAT_COUNT];
int32_t import_format_find(struct str name); // -1

enum { IMPORT_FILES_MAX = 24, IMPORT_BATCH_COMMANDS = 4000, IMPORT_BATCH_ROWS = 500 };

struct import_file {
    struct import_source source;
    import_table table;                   // IMPORT_TABLE_COUNT: found by the mapping or the header
    const struct import_mapping *mapping; // NULL: suggested
};

typedef enum import_fate { IMPORT_OPEN, IMPORT_SAME, IMPORT_TAKEN, IMPORT_FAULTY, IMPORT_FATE_COUNT } import_fate;
extern const struct record_word import_fate_words[IMPORT_FATE_COUNT];

struct import_tally {
    int64_t rows, taken, same, faulty; // data rows that are accounted for
    int64_t total, done;               // rows to go through in all turns, and gone through: for a progress bar
    int64_t warnings, people_new, people_found, facts, duplicates;
    int64_t table_rows[IMPORT_TABLE_COUNT];
};

// A row that is faulty or has warnings. Once for each row, unless its second turn brings more.
struct import_told {
    const struct import_file *file;
    import_table table;
    int64_t line;
    import_fate fate;
    const struct problem *problems;
    size_t problem_count;
    const struct str *cells; // as in the file, none when it could not be taken apart or cells were not asked for
    size_t cell_count;
    const struct import_binding *columns; // of the file
    const struct str *entities;           // SORMAS's row above the header, NULL
};
struct import_pair {                                  // probably one person; the second is new
    unsigned char a_uid[UID_BYTES], b_uid[UID_BYTES]; // a_uid all zero: by number
    int64_t a;
    int32_t score;
    uint32_t reasons;
};

// As intake_take: NULL in a dry run.
typedef tong_code import_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                              struct err *err);
typedef void import_tell(void *payload, const struct import_told *row);
typedef void import_twin(void *payload, const struct import_pair *pair);
typedef bool import_progress(void *payload, const struct import_tally *tally); // false: stop here

struct import_options {
    import_format format;
    const char *source; // beats the format's; NULL
    struct import_file file[IMPORT_FILES_MAX];
    size_t file_count;
    const struct zone *zone; // of the jurisdiction
    specimen_word specimen;  // see line_facts_options
    test_word test;
    civil_day today;
    utc_sec now;
    int64_t account, import;
    struct db *db;                      // a reader that sees what was committed; NULL: nothing is there yet
    const struct vault *vault;          // NULL: uids are not keyed
    struct duplicate_index *duplicates; // NULL: not looked for. New people are added.
    import_take *take;
    import_tell *tell;         // may be NULL
    import_twin *twin;         // may be NULL
    import_progress *progress; // may be NULL
    void *payload;
    struct problem_list *problems; // of the files as a whole
    bool keep_cells;               // tell the cells of faulty rows
    bool beside;                   // `take` may be called by another thread while `db` and `vault` are read by this one
};

// INVALID: a file cannot be read at all (see problems), nothing was recorded; CONFLICT: stopped by `progress`, what was
// recorded stays; else what `take` said. The tally is true in each case.
tong_code import_run(const struct import_options *o, struct import_tally *tally, struct err *err) TONG_MUST_USE;

#endif
