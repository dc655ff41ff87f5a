#include "intake/records.h"

#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

// A sample is its SAMPLED fact. What became of it is told by rows about that fact: RECEIVED in the laboratory, RESULT.
// The row of the table is made whole from those that stand, so that taking back a result leaves what was there before
// it.

enum samples_fault { SAMPLES_UNKNOWN, SAMPLES_NO_LABORATORY, SAMPLES_BEFORE, SAMPLES_FAULT_COUNT };

static const struct message samples_message[SAMPLES_FAULT_COUNT] = {
    [SAMPLES_UNKNOWN] = {"sample-unknown", PROBLEM_ERROR, LABEL("there is no such sample", "没有该样本"),
                         LABEL("register the sample first, or look at its label again",
                               "请先登记样本，或核对样本标签")},
    [SAMPLES_NO_LABORATORY] = {"laboratory-unknown", PROBLEM_ERROR,
                               LABEL("the laboratory is not known here", "实验室不存在"),
                               LABEL("choose one from the list, or describe it first",
                                     "请从列表中选择，或先登记该实验室")},
    [SAMPLES_BEFORE] = {"received-before-taken", PROBLEM_ERROR,
                        LABEL("the sample arrived before it was taken", "样本接收时间早于采样时间"),
                        LABEL("correct one of the times", "请更正时间")},
};

// By number, or by the uid of the sample.
static tong_code samples_find(struct intake *in, const struct command *c, int64_t *sample, int64_t *subject,
                              int64_t *taken, struct err *err)
{
    struct db *db = intake_db(in);
    *sample = c->about;
    *subject = *taken = 0;
    tong_code code = TONG_OK;
    if (*sample == 0)
        code = records_number(in, sql_sample_by_uid, &DB_B(((struct str){(const char *)c->about_uid, UID_BYTES})), 1, 0,
                              sample, err);
    if (code != TONG_OK || *sample == 0) return code;
    code = db_ask(db, sql_sample_get, &DB_I(*sample), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(db, sql_sample_get);
    if (there) {
        *subject = db_int(db, sql_sample_get, 2, 0);
        *taken = db_int(db, sql_sample_get, 4, 0);
    } else {
        *sample = 0;
    }
    return db_done(db, sql_sample_get, err);
}

static tong_code receive_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                               struct err *err)
{
    static const unsigned char none[UID_BYTES];
    int64_t sample = 0, subject = 0, taken = 0, laboratory = 0;
    subject_kind kind = SUBJECT_PLACE;
    tong_code code = samples_find(in, c, &sample, &subject, &taken, err);
    if (code != TONG_OK) return code;
    if (sample == 0) {
        intake_refuse(out, TONG_E_NOT_FOUND, &samples_message[SAMPLES_UNKNOWN], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (c->fact.link != 0 || memcmp(c->link_uid, none, UID_BYTES) != 0) {
        code = intake_find_subject(in, c->fact.link, c->link_uid, &laboratory, &kind, NULL, err);
        if (code != TONG_OK) return code;
        if (laboratory == 0 || kind != SUBJECT_PLACE) {
            intake_refuse(out, TONG_E_NOT_FOUND, &samples_message[SAMPLES_NO_LABORATORY], NULL, NULL, NULL);
            return TONG_OK;
        }
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(ENTRY_RECEIVED, subject, c);
    d->row.about = sample;
    d->row.fact.link = laboratory;
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = sample;
    utc_sec at = d->row.fact.happened;
    if (at.s != 0 && at.s != INT64_MIN && at.s < taken)
        intake_refuse(out, TONG_E_INVALID, &samples_message[SAMPLES_BEFORE], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_receive = {receive_draft, NULL};

// ---- the row of a sample ----

// A sample that came without an identifier gets one from its number.
static void samples_uid(const struct fact_row *sampled, unsigned char out[UID_BYTES])
{
    memcpy(out, sampled->uid, UID_BYTES);
    if (!uid_is_none(out)) return;
    for (int32_t i = 0; i < 8; i++) out[15 - i] = (unsigned char)((uint64_t)sampled->fact.id >> (8 * i));
}

static tong_code samples_newest(struct intake *in, int64_t subject, int64_t sample, int64_t except, int32_t kind,
                                bool *found, struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {subject, sample, except, {kind, -1, -1}};
    int64_t id = 0;
    *found = false;
    tong_code code = records_standing(in, &s, &id, err);
    return code != TONG_OK || id == 0 ? code : intake_find_row(in, id, none, found, row, err);
}

struct samples_parts {
    bool is_received, has_result;
    struct fact_row received, result;
};

struct samples_row { // of the table
    int64_t id, ct_x10, result_fact, version;
    struct str uid, tube;
    struct roll_sample row;
};

static tong_code samples_put(struct intake *in, const struct samples_row *s, struct err *err)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct roll_sample *row = &s->row;
    const struct db_value values[] = {DB_I(s->id),
                                      DB_B(s->uid),
                                      DB_I(row->subject),
                                      DB_I(row->specimen),
                                      DB_I(row->taken.s),
                                      db_b_or_null(s->tube),
                                      db_i_or_null(row->laboratory, 0),
                                      db_i_or_null(row->received.s, INT64_MIN),
                                      db_i_or_null(row->resulted.s, INT64_MIN),
                                      db_i_or_null(row->test, -1),
                                      db_i_or_null(row->outcome, -1),
                                      db_i_or_null(s->ct_x10, 0),
                                      db_i_or_null(s->result_fact, 0),
                                      DB_I(s->version)};
    tong_code code = db_run(intake_db(in), sql_sample_put, values, sizeof values / sizeof values[0], NULL, err);
    if (code != TONG_OK) return code;
    roll_row_sample(row, columns);
    intake_tell_row(in, ROLL_SAMPLES, s->id, columns, ROLL_SAMPLE_COLUMN_COUNT);
    intake_tell_change(in, CHANGE_FACT, s->id, row->subject);
    return TONG_OK;
}

static tong_code samples_write(struct intake *in, const struct fact_row *sampled, const struct samples_parts *p,
                               struct err *err)
{
    unsigned char uid[UID_BYTES], tube[UID_BYTES];
    const struct fact *f = &sampled->fact, *result = &p->result.fact;
    samples_uid(sampled, uid);
    bool tubed = uid_parse(payload_text(sampled->payload, "tube", intake_arena(in)), tube);
    int64_t version = f->id;
    if (p->is_received && p->received.fact.id > version) version = p->received.fact.id;
    if (p->has_result && result->id > version) version = result->id;
    const struct samples_row now = {
        .id = f->id,
        .uid = {(const char *)uid, sizeof uid},
        .tube = {(const char *)tube, tubed ? sizeof tube : 0},
        .row = {.subject = f->subject,
                .laboratory = p->is_received ? p->received.fact.link : 0,
                .specimen = f->word,
                .test = p->has_result ? result->test : -1,
                .outcome = p->has_result ? result->outcome : -1,
                .taken = f->happened,
                .received = p->is_received ? p->received.fact.happened : UTC_NONE,
                .resulted = p->has_result ? result->known : UTC_NONE},
        .ct_x10 = p->has_result ? result->value : 0,
        .result_fact = p->has_result ? result->id : 0,
        .version = version,
    };
    return samples_put(in, &now, err);
}

static tong_code samples_again(struct intake *in, int64_t sample, int64_t except, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct samples_parts p = {0};
    struct fact_row sampled;
    bool found = false;
    tong_code code = intake_find_row(in, sample, none, &found, &sampled, err);
    if (code != TONG_OK || !found || sampled.fact.kind != EVENT_SAMPLED) return code;
    int64_t subject = sampled.fact.subject;
    code = samples_newest(in, subject, sample, except, ENTRY_RECEIVED, &p.is_received, &p.received, err);
    if (code == TONG_OK)
        code = samples_newest(in, subject, sample, except, EVENT_RESULT, &p.has_result, &p.result, err);
    return code == TONG_OK ? samples_write(in, &sampled, &p, err) : code;
}

// Nothing can stand about a sample that has just been recorded; about one that is true again it can.
tong_code sampled_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    const struct samples_parts nothing = {0};
    const struct db_value key[] = {DB_I(row->fact.subject), DB_I(row->fact.id)};
    int64_t later = 0;
    if (intake_is_newest(in, row->fact.id)) return samples_write(in, row, &nothing, err);
    tong_code code = records_number(in, sql_record_about, key, 2, 0, &later, err);
    if (code != TONG_OK) return code;
    return later == 0 ? samples_write(in, row, &nothing, err) : samples_again(in, row->fact.id, 0, err);
}

tong_code sampled_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    intake_tell_drop(in, ROLL_SAMPLES, was->fact.id);
    return db_run(intake_db(in), sql_sample_drop, &DB_I(was->fact.id), 1, NULL, err);
}

// A correction of the SAMPLED fact has another number: results about the old one follow it no more, and stay with the
// person.
static tong_code samples_part(struct intake *in, int64_t sample, int64_t except, struct err *err)
{
    int64_t there = 0;
    if (sample == 0) return TONG_OK;
    tong_code code = records_number(in, sql_sample_get, &DB_I(sample), 1, 0, &there, err);
    return code == TONG_OK && there != 0 ? samples_again(in, sample, except, err) : code;
}

// What has just been recorded about a sample is the newest that stands of its kind: the rest of the row stays.
static tong_code samples_newer(struct intake *in, const struct fact_row *part, bool *there, struct err *err)
{
    const sql_id q = sql_sample_get;
    struct db *db = intake_db(in);
    struct arena *arena = intake_arena(in);
    const struct fact *f = &part->fact;
    tong_code code = db_ask(db, q, &DB_I(part->about), 1, err);
    if (code != TONG_OK) return code;
    *there = db_next(db, q);
    struct str uid = db_text(db, q, 1), tube = db_text(db, q, 5);
    const struct samples_row was = {
        .id = part->about,
        .uid = {arena_copy(arena, uid.p, uid.n), uid.n},
        .tube = {tube.n == 0 ? NULL : arena_copy(arena, tube.p, tube.n), tube.n},
        .row = {.subject = db_int(db, q, 2, 0),
                .specimen = (int32_t)db_int(db, q, 3, 0),
                .taken = {db_int(db, q, 4, 0)},
                .laboratory = db_int(db, q, 6, 0),
                .received = {db_int(db, q, 7, INT64_MIN)},
                .resulted = {db_int(db, q, 8, INT64_MIN)},
                .test = (int32_t)db_int(db, q, 9, -1),
                .outcome = (int32_t)db_int(db, q, 10, -1)},
        .ct_x10 = db_int(db, q, 11, 0),
        .result_fact = db_int(db, q, 12, 0),
        .version = f->id,
    };
    code = db_done(db, q, err);
    if (code != TONG_OK || !*there) return code;
    if (was.uid.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a sample");
    struct samples_row now = was;
    if (f->kind == EVENT_RESULT) {
        now.row.test = f->test;
        now.row.outcome = f->outcome;
        now.row.resulted = f->known;
        now.ct_x10 = f->value;
        now.result_fact = f->id;
    } else {
        now.row.laboratory = f->link;
        now.row.received = f->happened;
    }
    return samples_put(in, &now, err);
}

tong_code sample_part_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    bool there;
    if (!intake_is_newest(in, row->fact.id)) return samples_part(in, row->about, 0, err);
    return row->about == 0 ? TONG_OK : samples_newer(in, row, &there, err);
}

tong_code sample_part_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    return samples_part(in, was->about, was->fact.id, err);
}
