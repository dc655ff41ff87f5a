// records.h -- what the handlers of people, places, samples, objections ... share. Private to intake/.
#ifndef TONG_INTAKE_RECORDS_H
#define TONG_INTAKE_RECORDS_H

#include "intake/intake_inner.h"

// The newest row of the subject that stands (is neither corrected nor retracted) and is of one of the kinds; *id 0:
// none. With `about` not 0 only rows about it. `except` counts as gone, whatever the database says of it.
struct standing {
    int64_t subject, about, except;
    int32_t kind[3]; // -1: unused
};
tong_code records_standing(struct intake *in, const struct standing *s, int64_t *id, struct err *err) TONG_MUST_USE;

// A whole number from the database for one parameter: column 0 of the first row, `none` when there is none.
tong_code records_number(struct intake *in, sql_id id, const struct db_value *values, size_t count, int64_t none,
                         int64_t *out, struct err *err) TONG_MUST_USE;

// A row of an entry: kind, subject and when it happened (as the command says, else intake's present) set, the rest
// absent.
struct fact_row records_row(int32_t kind, int64_t subject, const struct command *c);
// The free text of a command as payload: {"note": "..."}, empty without a note.
struct str records_note(struct str note, struct arena *arena);

// ---- the derivers, a file each ----
tong_code person_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code person_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code person_died_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code person_died_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code place_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code place_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code gathering_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code gathering_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code site_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code site_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code assigned_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code assigned_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code sampled_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code sampled_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code sample_part_take(struct intake *in, const struct fact_row *row, struct err *err); // RESULT, RECEIVED
tong_code sample_part_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code objected_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code objected_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code decided_take(struct intake *in, const struct fact_row *row, struct err *err); // UPHELD, DISMISSED
tong_code decided_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code handed_over_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code handed_over_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code hand_over_part_take(struct intake *in, const struct fact_row *row, struct err *err); // ACKNOWLEDGED, ACCEPTED
tong_code hand_over_part_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by,
                              struct err *err);
tong_code merged_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code merged_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
tong_code erased_take(struct intake *in, const struct fact_row *row, struct err *err); // erase.c

// ---- the followers ----
tong_code person_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err);
tong_code merge_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err);
tong_code merge_part_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err);
tong_code merge_withdrawn_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err);

// People whose records speak for the same person: who was merged into `person`, directly or not, and themselves. At
// most `room`; returns how many there are through *count.
enum { RECORDS_MERGED_MAX = 64 };
tong_code records_merged(struct db *db, int64_t person, int64_t *out, size_t room, size_t *count,
                         struct err *err) TONG_MUST_USE;

#endif
