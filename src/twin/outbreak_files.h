// outbreak_files.h -- an invented outbreak as the files a response would keep, and, if wanted, with faults put in.
//
// linelist.csv (a row a case, by time of report), contacts.csv (a row a case and contact, by time of naming), followups.csv
// (a row a visit), labs.csv (a row a sample), truth.csv (who infected whom, by time of infection: what nobody in a real
// outbreak knows), faults.csv, and README.txt. UTF-8, comma, LF, RFC 4180; times are local, "YYYY-MM-DD HH:MM".
// A person has one identifier in all files, so that a contact who becomes a case keeps it.
//
// Pure but for the sink it is given; the same outbreak gives the same bytes.
#ifndef TONG_TWIN_OUTBREAK_FILES_H
#define TONG_TWIN_OUTBREAK_FILES_H

#include "base/sink.h"
#include "twin/outbreak_faults.h"

typedef enum outbreak_file {
    OUTBREAK_LINELIST,
    OUTBREAK_CONTACTS,
    OUTBREAK_FOLLOWUPS,
    OUTBREAK_LABS,
    OUTBREAK_TRUTH,
    OUTBREAK_FAULTS,
    OUTBREAK_README,
    OUTBREAK_FILE_COUNT
} outbreak_file;
const char *outbreak_file_name(outbreak_file file);

struct outbreak_files {
    struct outbreak_list list;
    struct outbreak_faults faults; // none in a clean outbreak
};

// Puts the rows in order and, with `faulty`, plans the faults. Memory of the arena; NOMEM.
tong_code outbreak_files_prepare(const struct outbreak *outbreak, bool faulty, struct arena *arena,
                                 struct outbreak_files *out, struct err *err) TONG_MUST_USE;
// Writes one file; ask sink_good afterwards. `command` is the command line that README.txt names.
void outbreak_file_write(const struct outbreak_files *files, outbreak_file file, const char *command, struct sink *out);

#endif
