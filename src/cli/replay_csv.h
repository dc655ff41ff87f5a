// replay_csv.h -- a replay as CSV files, for spreadsheets and for other programs.
//
// days.csv, curve.csv, chains.csv, enrolments.csv, tasks.csv, measures.csv and decisions.csv: UTF-8, RFC 4180, one
// header line; docs/replay.md lists the columns. Instants are local times of the protocol's zone, "YYYY-MM-DD HH:MM".
#ifndef TONG_CLI_REPLAY_CSV_H
#define TONG_CLI_REPLAY_CSV_H

#include "cli/replay.h"

typedef enum replay_csv_file {
    REPLAY_CSV_DAYS,
    REPLAY_CSV_CURVE,
    REPLAY_CSV_CHAINS,
    REPLAY_CSV_ENROLMENTS,
    REPLAY_CSV_TASKS,
    REPLAY_CSV_MEASURES,
    REPLAY_CSV_DECISIONS, // needs the log of the run
    REPLAY_CSV_COUNT
} replay_csv_file;
const char *replay_csv_name(replay_csv_file file);

// One file; ask sink_good afterwards. The reasons of decisions are written in `language`.
void replay_csv_write(const struct replay *r, replay_csv_file file, lang language, struct sink *out);
// All of them into a folder, which is made when it does not exist. IO, NOMEM: err->text names the file.
tong_code replay_csv(const struct replay *r, const char *folder, lang language, struct err *err) TONG_MUST_USE;

#endif
