#include "intake/records.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Two records are one person: what is known about the one is recorded again about the other, and retracted where it
// stood. The core then answers as for any facts and retractions. Nothing is lost: retracting the merge retracts the
// copies, and the retractions, so that both stand as before, with what was recorded since. The rows a merge made say so
// in their payload.

enum merge_fault { MERGE_UNKNOWN, MERGE_SAME, MERGE_ALREADY, MERGE_TARGET, MERGE_FAULT_COUNT };

static const struct message merge_message[MERGE_FAULT_COUNT] = {
    [MERGE_UNKNOWN] = {"subject-unknown", PROBLEM_ERROR, LABEL("there is no such person", "没有该人员"),
                       LABEL("look at the list again", "请刷新列表后再试")},
    [MERGE_SAME] = {"merge-same", PROBLEM_ERROR, LABEL("both are the same record", "两条记录相同"),
                    LABEL("choose two records", "请选择两条不同的记录")},
    [MERGE_ALREADY] = {"merge-already", PROBLEM_ERROR,
                       LABEL("this record was merged into another before", "该记录已合并到其他记录"),
                       LABEL("retract that merge first", "请先撤回原合并")},
    [MERGE_TARGET] = {"merge-target", PROBLEM_ERROR,
                      LABEL("the record to keep was itself merged into another", "要保留的记录本身已合并到其他记录"),
                      LABEL("merge into that other record", "请合并到那条记录")},
};

static tong_code merge_into(struct intake *in, int64_t person, int64_t *into, struct err *err)
{
    struct db *db = intake_db(in);
    *into = 0;
    tong_code code = db_ask(db, sql_person_get, &DB_I(person), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_person_get)) *into = db_int(db, sql_person_get, 7, 0);
    return db_done(db, sql_person_get, err);
}

static tong_code merge_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                             struct err *err)
{
    int64_t one = 0, other = 0;
    subject_kind one_is = SUBJECT_PERSON, other_is = SUBJECT_PERSON;
    tong_code code = intake_find_subject(in, c->fact.subject, c->subject_uid, &one, &one_is, NULL, err);
    if (code == TONG_OK) code = intake_find_subject(in, c->fact.link, c->link_uid, &other, &other_is, NULL, err);
    if (code != TONG_OK) return code;
    bool people = one != 0 && other != 0 && one_is == SUBJECT_PERSON && other_is == SUBJECT_PERSON;
    if (!people || one == other) {
        intake_refuse(out, people ? TONG_E_INVALID : TONG_E_NOT_FOUND,
                      &merge_message[people ? MERGE_SAME : MERGE_UNKNOWN], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(ENTRY_MERGED, one, c);
    d->row.fact.link = other;
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = other;
    return TONG_OK;
}

static tong_code merge_may(struct intake *in, const struct command *c, const struct draft *d,
                           struct intake_outcome *out, struct err *err)
{
    int64_t one_into = 0, other_into = 0;
    (void)c;
    tong_code code = merge_into(in, d->row.fact.subject, &one_into, err);
    if (code == TONG_OK) code = merge_into(in, d->row.fact.link, &other_into, err);
    if (code != TONG_OK) return code;
    if (one_into != 0) intake_refuse(out, TONG_E_CONFLICT, &merge_message[MERGE_ALREADY], NULL, NULL, NULL);
    else if (other_into != 0) intake_refuse(out, TONG_E_CONFLICT, &merge_message[MERGE_TARGET], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_merge = {merge_draft, merge_may};

// ---- copying ----

#define MERGE_MARK "merge"
#define MERGE_COPY "copy_of"

// The payload with the mark of the merge that made the row, and of the row that it copies (0: of none).
static struct str merge_marked(struct str payload, int64_t merge, int64_t copy_of, struct arena *arena)
{
    struct str t = str_trim(payload);
    bool empty = t.n < 3; // nothing, or {}
    char of[40] = "";
    if (copy_of != 0) (void)snprintf(of, sizeof of, ",\"" MERGE_COPY "\":%" PRId64, copy_of);
    char *out = empty ? arena_printf(arena, "{\"" MERGE_MARK "\":%" PRId64 "%s}", merge, of)
                      : arena_printf(arena, "%.*s,\"" MERGE_MARK "\":%" PRId64 "%s}", (int)(t.n - 1), t.p, merge, of);
    return str_z(out);
}

// The last one counts: a copy of a copy carries the marks of both.
static int64_t merge_mark(struct str payload, const char *name)
{
    struct payload_cursor c = payload_walk(payload);
    struct payload_value v;
    int64_t number = 0;
    while (payload_next(&c, &v))
        if (v.type == PAYLOAD_NUMBER && str_eq_z(v.name, name)) (void)str_int(v.raw, &number);
    return number;
}

// What goes along: what happened to the person. Descriptions, sites and assignments stay with the record they were made
// for.
static bool merge_takes(const struct fact *f)
{
    if (f->kind == ENTRY_RECEIVED) return true;
    return f->kind < EVENT_WORD_COUNT && f->kind != EVENT_RETRACTED && f->kind != EVENT_EDITION;
}

struct merge_rows {
    struct fact *facts; // id, kind, replaces of all rows of a subject
    size_t count;
};

static tong_code merge_rows_of(struct intake *in, int64_t subject, struct merge_rows *out, struct err *err)
{
    struct db *db = intake_db(in);
    size_t cap = 0;
    bool full = false;
    *out = (struct merge_rows){0};
    tong_code code = db_ask(db, sql_record_rows, &DB_I(subject), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(db, sql_record_rows)) {
        struct fact *facts = arena_grow(intake_arena(in), out->facts, out->count, &cap, sizeof *facts);
        full = full || facts == NULL;
        if (full) continue;
        out->facts = facts;
        facts[out->count++] = (struct fact){.id = db_int(db, sql_record_rows, 0, 0),
                                            .kind = (uint8_t)db_int(db, sql_record_rows, 1, 0),
                                            .replaces = db_int(db, sql_record_rows, 2, 0)};
    }
    code = db_done(db, sql_record_rows, err);
    return code == TONG_OK && full ? tong_fail(err, TONG_E_NOMEM, "no memory for the rows of a subject") : code;
}

static int merge_by_id(const void *a, const void *b)
{
    int64_t x = ((const struct fact *)a)->id, y = ((const struct fact *)b)->id;
    return (x > y) - (x < y);
}

static tong_code merge_retract(struct intake *in, const struct fact_row *merge, const struct fact_row *by,
                               const struct fact *was, int64_t subject, struct err *err)
{
    int64_t id = 0;
    struct fact_row row = {.fact = {.kind = EVENT_RETRACTED,
                                    .subject = subject,
                                    .replaces = was->id,
                                    .happened = by->fact.happened,
                                    .known = by->fact.known,
                                    .until = UTC_NONE},
                           .account = by->account,
                           .import = by->import};
    row.payload = merge_marked((struct str){NULL, 0}, merge->fact.id, 0, intake_arena(in));
    if (row.payload.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a merge");
    return intake_give_row(in, &row, &id, err);
}

// A sample's number is that of its fact: what speaks about a fact that was copied speaks about the copy. What speaks
// about a task or measure (done, ordered ...) carries its name, by which the core finds it again.
static int64_t merge_about(const struct fact_row *row, const struct fact *facts, const int64_t *copies, size_t count)
{
    if (row->fact.kind != EVENT_RESULT && row->fact.kind != ENTRY_RECEIVED) return 0;
    for (size_t i = 0; i < count; i++)
        if (facts[i].id == row->about) return copies[i];
    return 0;
}

tong_code merge_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct merge_rows rows;
    (void)c;
    tong_code code = merge_rows_of(in, row->fact.subject, &rows, err);
    if (code != TONG_OK) return code;
    size_t count = facts_prepare(rows.facts, rows.count, (utc_sec){INT64_MAX}, UTC_NONE);
    if (count > 0)
        qsort(rows.facts, count, sizeof *rows.facts, merge_by_id); // as they were recorded: a sample before its result
    int64_t *copies = arena_array(intake_arena(in), count + 1, sizeof *copies);
    if (copies == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a merge");
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        struct fact_row copy;
        bool found = false;
        if (!merge_takes(&rows.facts[i])) continue;
        code = intake_find_row(in, rows.facts[i].id, none, &found, &copy, err);
        if (code != TONG_OK || !found) continue;
        copy.about = merge_about(&copy, rows.facts, copies, i);
        copy.fact.id = copy.fact.replaces = copy.given_by = 0;
        copy.fact.subject = row->fact.link;
        memset(copy.uid, 0, UID_BYTES);
        copy.account = row->account;
        copy.import = 0;
        copy.payload = merge_marked(copy.payload, row->fact.id, rows.facts[i].id, intake_arena(in));
        if (copy.payload.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a merge");
        code = intake_give_row(in, &copy, &copies[i], err);
    }
    // Only then the retractions: the person is never for a moment somebody about whom nothing is known.
    for (size_t i = 0; i < count && code == TONG_OK; i++)
        if (merge_takes(&rows.facts[i])) code = merge_retract(in, row, row, &rows.facts[i], row->fact.subject, err);
    return code;
}

// ---- parting ----

// The rows of the subject that the merge made and that still stand: copies on the one, retractions on the other.
static tong_code merge_undo_rows(struct intake *in, const struct fact_row *merge, const struct fact_row *by,
                                 int64_t subject, bool retractions, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct merge_rows rows;
    tong_code code = merge_rows_of(in, subject, &rows, err);
    for (size_t i = 0; i < rows.count && code == TONG_OK; i++) {
        struct fact_row row;
        bool found = false, gone = false;
        if ((rows.facts[i].kind == EVENT_RETRACTED) != retractions || rows.facts[i].id < merge->fact.id) continue;
        for (size_t k = 0; k < rows.count; k++) gone = gone || rows.facts[k].replaces == rows.facts[i].id;
        if (gone) continue;
        code = intake_find_row(in, rows.facts[i].id, none, &found, &row, err);
        if (code == TONG_OK && found && merge_mark(row.payload, MERGE_MARK) == merge->fact.id)
            code = merge_retract(in, merge, by, &rows.facts[i], subject, err);
    }
    return code;
}

tong_code merge_part_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct fact_row merge;
    bool found = false;
    (void)c;
    if (row->fact.kind != EVENT_RETRACTED || row->fact.replaces == 0) return TONG_OK;
    tong_code code = intake_find_row(in, row->fact.replaces, none, &found, &merge, err);
    if (code != TONG_OK || !found || merge.fact.kind != ENTRY_MERGED) return code;
    code = merge_undo_rows(in, &merge, row, merge.fact.subject, true,
                           err); // first what stood comes back, then the copies go
    return code == TONG_OK ? merge_undo_rows(in, &merge, row, merge.fact.link, false, err) : code;
}

// ---- what others take back ----

// The copy of a row with another subject, whether it stands or was retracted by a further merge; its fact's id 0 when there is none.
static tong_code merge_copy_of(struct intake *in, int64_t subject, int64_t row, struct fact_row *copy, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct merge_rows rows;
    copy->fact.id = 0;
    tong_code code = merge_rows_of(in, subject, &rows, err);
    for (size_t i = 0; i < rows.count && code == TONG_OK && copy->fact.id == 0; i++) {
        struct fact_row one;
        bool found = false;
        if (rows.facts[i].id < row || !merge_takes(&rows.facts[i])) continue;
        code = intake_find_row(in, rows.facts[i].id, none, &found, &one, err);
        if (code == TONG_OK && found && merge_mark(one.payload, MERGE_COPY) == row) *copy = one;
    }
    return code;
}

// A case's naming is taken back: what it gave the contact is retracted by the rules, where it was given. When that record has been
// merged away since, its copies with the records that were kept go too: also those that a further merge has retracted, so that they
// do not come back when it is undone.
tong_code merge_withdrawn_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    int64_t last = intake_last_row(in);
    tong_code code = TONG_OK;
    (void)c;
    for (int64_t id = row->fact.id + 1; row->fact.replaces != 0 && id <= last && code == TONG_OK; id++) {
        struct fact_row given, copy;
        bool found = false;
        code = intake_find_row(in, id, none, &found, &given, err);
        if (code != TONG_OK || !found || given.fact.kind != EVENT_RETRACTED || given.given_by == 0) continue;
        int64_t of = given.fact.replaces, at = given.fact.subject;
        for (int32_t merges = 0; of != 0 && merges < RECORDS_MERGED_MAX && code == TONG_OK; merges++) {
            code = merge_into(in, at, &at, err);
            if (code != TONG_OK || at == 0) break;
            code = merge_copy_of(in, at, of, &copy, err);
            of = code == TONG_OK ? copy.fact.id : 0;
            if (of != 0) code = merge_retract(in, row, row, &copy.fact, at, err);
        }
    }
    return code;
}
