#include "service/samples.h"

#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/chain.h"
#include "store/roll_row.h"

#include <string.h>

enum { SAMPLES_POOL_MOST = 100 };
enum samples_fault { SAMPLES_NOBODY, SAMPLES_NO_LABORATORY, SAMPLES_FAULT_COUNT };
static const struct message samples_message[SAMPLES_FAULT_COUNT] = {
    [SAMPLES_NOBODY] = {"subject-unknown", PROBLEM_ERROR,
                        LABEL("there is nobody of this identifier", "没有该标识对应的人员"),
                        LABEL("register the person first", "请先登记该人员")},
    [SAMPLES_NO_LABORATORY] = {"laboratory-unknown", PROBLEM_ERROR,
                               LABEL("there is no such laboratory", "没有该实验室"),
                               LABEL("choose one from the tree of places", "请从场所树中选择")},
};

struct samples_row {
    int64_t id, subject, laboratory, ct_x10, version;
    unsigned char uid[UID_BYTES], tube[UID_BYTES];
    int32_t specimen, test, outcome;
    utc_sec taken, received, resulted;
};

static void samples_uid(struct str bytes, unsigned char out[UID_BYTES])
{
    memset(out, 0, UID_BYTES);
    if (bytes.n == UID_BYTES) memcpy(out, bytes.p, UID_BYTES);
}

static tong_code samples_read(struct request *rq, int64_t id, struct samples_row *out, struct err *err)
{
    const sql_id q = sql_sample_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    if (there) {
        *out = (struct samples_row){.id = id,
                                    .subject = db_int(rq->db, q, 2, 0),
                                    .specimen = (int32_t)db_int(rq->db, q, 3, 0),
                                    .taken = {db_int(rq->db, q, 4, UTC_NONE.s)},
                                    .laboratory = db_int(rq->db, q, 6, 0),
                                    .received = {db_int(rq->db, q, 7, UTC_NONE.s)},
                                    .resulted = {db_int(rq->db, q, 8, UTC_NONE.s)},
                                    .test = (int32_t)db_int(rq->db, q, 9, -1),
                                    .outcome = (int32_t)db_int(rq->db, q, 10, -1),
                                    .ct_x10 = db_int(rq->db, q, 11, 0),
                                    .version = db_int(rq->db, q, 13, 0)};
        samples_uid(db_text(rq->db, q, 1), out->uid);
        samples_uid(db_text(rq->db, q, 5), out->tube);
    }
    tong_code done = db_done(rq->db, q, err);
    return done != TONG_OK || there ? done : tong_fail(err, TONG_E_NOT_FOUND, "no such sample");
}

// A sample is in reach where its person lives, and of the laboratory that has it.
static bool samples_reached(const struct request *rq, right_word right, int64_t subject, int64_t laboratory)
{
    return show_reaches(rq, right, subject) || (laboratory != 0 && show_reaches(rq, right, laboratory));
}

static tong_code samples_find(struct request *rq, struct samples_row *out, struct err *err)
{
    const struct str bytes = {(const char *)rq->part_uid[0], UID_BYTES};
    int64_t id = 0;
    tong_code code = db_ask(rq->db, sql_sample_by_uid, &DB_B(bytes), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_sample_by_uid)) id = db_int(rq->db, sql_sample_by_uid, 0, 0);
    code = db_done(rq->db, sql_sample_by_uid, err);
    if (code == TONG_OK && id == 0) code = tong_fail(err, TONG_E_NOT_FOUND, "no such sample");
    return code == TONG_OK ? samples_read(rq, id, out, err) : code;
}

static tong_code samples_seen(struct request *rq, right_word right, struct samples_row *out, struct err *err)
{
    tong_code code = samples_find(rq, out, err);
    if (code == TONG_OK && !samples_reached(rq, right, out->subject, out->laboratory))
        code = tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    return code;
}

// What was reported of it, the oldest first: a correction names the one it corrects.
static tong_code samples_results(struct request *rq, struct json_out *j, const struct samples_row *s, struct err *err)
{
    enum { RESULTS_MOST = 50 };
    const sql_id q = sql_fact_of_subject;
    struct fact_row row[RESULTS_MOST];
    int64_t undone[2 * RESULTS_MOST];
    size_t count = 0, undoing = 0;
    tong_code code = db_ask(rq->db, q, &DB_I(s->subject), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, q)) {
        struct chain_stored stored;
        chain_stored_read(rq->db, q, &stored);
        const struct fact_row *r = &stored.row;
        if (r->fact.replaces != 0 && undoing < 2 * RESULTS_MOST) undone[undoing++] = r->fact.replaces;
        if (r->fact.kind == EVENT_RESULT && r->about == s->id && count < RESULTS_MOST) row[count++] = *r;
    }
    code = db_done(rq->db, q, err);
    json_out_array(j, "results");
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        const struct fact *f = &row[i].fact;
        bool gone = false;
        for (size_t k = 0; k < undoing; k++) gone = gone || undone[k] == f->id;
        json_out_object(j, NULL);
        if (uid_is_none(row[i].uid)) json_out_null(j, "uid");
        else show_uid(j, "uid", row[i].uid);
        json_out_instant(j, "known", f->known);
        show_word(j, "test", WORDS_TEST, f->test, rq->language);
        show_word(j, "outcome", WORDS_OUTCOME, f->outcome, rq->language);
        if (f->value != 0) json_out_real(j, "ct", (double)f->value / 10);
        else json_out_null(j, "ct");
        json_out_bool(j, "replaced", gone);
        json_out_end(j);
    }
    json_out_end(j);
    return code;
}

// With `history`, also every result that was reported.
static tong_code samples_out(struct request *rq, struct json_out *j, const struct samples_row *s, bool history,
                             struct err *err)
{
    json_out_object(j, NULL);
    show_uid(j, "uid", s->uid);
    if (uid_is_none(s->tube)) json_out_null(j, "tube");
    else show_uid(j, "tube", s->tube);
    show_word(j, "specimen", WORDS_SPECIMEN, s->specimen, rq->language);
    json_out_instant(j, "taken", s->taken);
    json_out_instant(j, "received", s->received);
    json_out_instant(j, "resulted", s->resulted);
    show_word(j, "test", WORDS_TEST, s->test, rq->language);
    show_word(j, "outcome", WORDS_OUTCOME, s->outcome, rq->language);
    if (s->ct_x10 != 0) json_out_real(j, "ct", (double)s->ct_x10 / 10);
    else json_out_null(j, "ct");
    json_out_int(j, "version", s->version);
    tong_code code = show_place(rq, j, "laboratory", s->laboratory, err);
    // Who may not find people sees the code alone: a laboratory has no use for more.
    bool person = show_class(rq, s->subject) >= RECORD_INTERNAL;
    if (code == TONG_OK) code = show_subject(rq, j, "subject", person ? s->subject : 0, err);
    if (code == TONG_OK && history) code = samples_results(rq, j, s, err);
    json_out_end(j);
    return code;
}

// ---- the list ----

#define SAMPLES_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word samples_specimens[] = {SPECIMEN_WORDS(SAMPLES_WORD)};
static const struct record_word samples_tests[] = {TEST_WORDS(SAMPLES_WORD)};
static const struct record_word samples_outcomes[] = {OUTCOME_WORDS(SAMPLES_WORD)};
static const struct record_word samples_states[] = {{"taken", LABEL("not yet at a laboratory", "未送达实验室")},
                                                    {"waiting", LABEL("without a result", "待出结果")},
                                                    {"resulted", LABEL("with a result", "已出结果")},
                                                    {"all", LABEL("all", "全部")}};
static const struct record_word samples_sorts[] = {
    {"taken", LABEL("taken", "采样时间")},     {"received", LABEL("received", "接收时间")},
    {"resulted", LABEL("result", "结果时间")}, {"specimen", LABEL("specimen", "样本类型")},
    {"outcome", LABEL("outcome", "结果")},     {"place", LABEL("place", "场所")}};
static const struct page_sort samples_columns[] = {{ROLL_SAMPLE_TAKEN, true},    {ROLL_SAMPLE_RECEIVED, true},
                                                   {ROLL_SAMPLE_RESULTED, true}, {ROLL_SAMPLE_SPECIMEN, false},
                                                   {ROLL_SAMPLE_OUTCOME, false}, {ROLL_SUBJECT_PLACE, false}};
enum { SAMPLES_SORTS = sizeof samples_columns / sizeof samples_columns[0] };
_Static_assert(sizeof samples_sorts / sizeof samples_sorts[0] == SAMPLES_SORTS, "a column for each sort");

static tong_code samples_filters(struct request *rq, struct roll_query *q, struct err *err)
{
    int32_t state = request_parameter_word(rq, "state"), specimen = request_parameter_word(rq, "specimen");
    int32_t test = request_parameter_word(rq, "test"), outcome = request_parameter_word(rq, "outcome");
    int64_t laboratory = 0;
    unsigned char uid[UID_BYTES];
    if (state == 0) show_filter(q, ROLL_SAMPLE_RECEIVED, ROLL_ABSENT, 0);
    if (state == 0 || state == 1) show_filter(q, ROLL_SAMPLE_RESULTED, ROLL_ABSENT, 0);
    if (state == 2) show_filter(q, ROLL_SAMPLE_RESULTED, ROLL_PRESENT, 0);
    if (specimen >= 0) show_filter(q, ROLL_SAMPLE_SPECIMEN, ROLL_IS, specimen);
    if (test >= 0) show_filter(q, ROLL_SAMPLE_TEST, ROLL_IS, test);
    if (outcome >= 0) show_filter(q, ROLL_SAMPLE_OUTCOME, ROLL_IS, outcome);
    show_days(rq, q, ROLL_SAMPLE_TAKEN, "taken_from", "taken_to", true);
    show_days(rq, q, ROLL_SAMPLE_RECEIVED, "received_from", "received_to", true);
    show_days(rq, q, ROLL_SAMPLE_RESULTED, "resulted_from", "resulted_to", true);
    if (actor_may(&rq->actor, RIGHT_PERSON_FIND, rq->now))
        q->name = request_parameter(rq, "q"); // who may not find people finds none this way
    if (!show_place_parameter(rq, "laboratory", &laboratory, err)) return TONG_E_INVALID;
    if (laboratory != 0) show_filter(q, ROLL_SAMPLE_LABORATORY, ROLL_IS, (int32_t)laboratory);
    if (!request_parameter_uid(rq, "subject", uid)) return TONG_OK;
    int64_t subject = 0;
    subject_kind kind;
    struct err none;
    tong_code code = show_find(rq, uid, &subject, &kind, &none);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "samples");
    show_filter(q, ROLL_SAMPLE_SUBJECT, ROLL_IS, (int32_t)subject);
    return TONG_OK;
}

// The samples that lie in a laboratory of the asker's are theirs, wherever the people live.
static bool samples_of_laboratory(struct request *rq, struct roll_query *q)
{
    int64_t laboratory = 0;
    struct err none;
    if (request_parameter(rq, "laboratory").p == NULL || !show_place_parameter(rq, "laboratory", &laboratory, &none))
        return false;
    if (laboratory == 0 || !show_reaches(rq, RIGHT_SAMPLE_SEE, laboratory)) return false;
    q->scope_count = 0;
    return true;
}

// The numbers of the samples in a tube, in the order they were taken down.
static tong_code samples_in_tube(struct request *rq, const unsigned char tube[UID_BYTES], int64_t *ids, size_t room,
                                 size_t *count, struct err *err)
{
    const sql_id q = sql_sample_of_tube;
    const struct str bytes = {(const char *)tube, UID_BYTES};
    size_t n = 0;
    tong_code code = db_ask(rq->db, q, &DB_B(bytes), 1, err);
    if (code != TONG_OK) return code;
    while (n < room && db_next(rq->db, q)) ids[n++] = db_int(rq->db, q, 0, 0);
    *count = n;
    return db_done(rq->db, q, err);
}

// A tube of one person's: its label is the sample's own name.
static tong_code samples_labelled(struct request *rq, const unsigned char uid[UID_BYTES], int64_t *id, size_t *count,
                                  struct err *err)
{
    const struct str bytes = {(const char *)uid, UID_BYTES};
    tong_code code = db_ask(rq->db, sql_sample_by_uid, &DB_B(bytes), 1, err);
    if (code != TONG_OK) return code;
    *count = db_next(rq->db, sql_sample_by_uid) ? 1 : 0;
    if (*count > 0) id[0] = db_int(rq->db, sql_sample_by_uid, 0, 0);
    return db_done(rq->db, sql_sample_by_uid, err);
}

// All of one tube, whatever the other filters say: what a laboratory that holds it in the hand asks.
static tong_code samples_tube(struct request *rq, struct reply *rp, const unsigned char tube[UID_BYTES],
                              struct err *err)
{
    int64_t ids[SAMPLES_POOL_MOST];
    size_t count = 0;
    tong_code code = samples_in_tube(rq, tube, ids, SAMPLES_POOL_MOST, &count, err);
    if (code == TONG_OK && count == 0) code = samples_labelled(rq, tube, ids, &count, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        struct samples_row s;
        code = samples_read(rq, ids[i], &s, err);
        if (code == TONG_E_NOT_FOUND) code = TONG_OK; // went away meanwhile
        else if (code == TONG_OK && samples_reached(rq, RIGHT_SAMPLE_SEE, s.subject, s.laboratory))
            code = samples_out(rq, &j, &s, false, err);
    }
    return code == TONG_OK ? page_close(&j, NULL, -1, err) : code;
}

static tong_code samples_list(struct request *rq, struct reply *rp, struct err *err)
{
    unsigned char tube[UID_BYTES];
    if (request_parameter_uid(rq, "tube", tube)) return samples_tube(rq, rp, tube, err);
    struct roll_query q = {.list = ROLL_SAMPLES};
    struct roll_page page = {0};
    int64_t place = 0;
    bool any = show_scopes(rq, RIGHT_SAMPLE_SEE, &q), good = show_place_parameter(rq, "place", &place, err);
    good = page_read(rq, samples_columns, SAMPLES_SORTS, 0, &q) && good;
    if (!good) return TONG_E_INVALID;
    tong_code code = samples_filters(rq, &q, err);
    if (code != TONG_OK) return code;
    any = samples_of_laboratory(rq, &q) || any;
    any = any && show_within(rq, &q, place);
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "samples");
    show_etag(rq, rp, ROLL_SAMPLES);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct samples_row s;
        code = samples_read(rq, page.rows[i].id, &s, err);
        if (code == TONG_OK) code = samples_out(rq, &j, &s, false, err);
        else if (code == TONG_E_NOT_FOUND) code = TONG_OK; // went away between the list and the table
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

static tong_code samples_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct samples_row s;
    tong_code code = samples_seen(rq, RIGHT_SAMPLE_SEE, &s, err);
    if (code != TONG_OK) return code;
    rq->looked_at = s.subject;
    struct json_out j = json_out_to(&rp->body);
    code = samples_out(rq, &j, &s, true, err);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, s.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "sample");
}

// ---- writing ----

struct samples_taken {
    struct str subject, tube, note;
    int32_t specimen;
    utc_sec taken;
};
static const struct record_field samples_taken_fields[] = {
    RECORD_ID(struct samples_taken, subject, .required = true, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("whose", "采样对象")),
    RECORD_ENUM(struct samples_taken, specimen, samples_specimens, .required = true,
                .label = LABEL("specimen", "样本类型")),
    RECORD_INSTANT(struct samples_taken, taken, .label = LABEL("when; now if not said", "采样时间，默认当前")),
    RECORD_ID(struct samples_taken, tube, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("tube, shared by a pool", "采样管（混采共用）")),
    RECORD_TEXT(struct samples_taken, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_kind samples_taken_kind =
    RECORD_KIND("sample_taken", struct samples_taken, samples_taken_fields);

struct samples_receipt {
    struct str uid, laboratory, note;
    utc_sec received;
};
static const struct record_field samples_receipt_fields[] = {
    RECORD_ID(struct samples_receipt, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_ID(struct samples_receipt, laboratory, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("laboratory", "实验室")),
    RECORD_INSTANT(struct samples_receipt, received, .label = LABEL("when; now if not said", "接收时间，默认当前")),
    RECORD_TEXT(struct samples_receipt, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_kind samples_receipt_kind =
    RECORD_KIND("sample_receipt", struct samples_receipt, samples_receipt_fields);

struct samples_result {
    struct str uid, note, replaces;
    int32_t test, outcome;
    double ct;
    utc_sec known;
};
static const struct record_field samples_result_fields[] = {
    RECORD_ID(struct samples_result, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_ENUM(struct samples_result, test, samples_tests, .required = true, .label = LABEL("test", "检测方法")),
    RECORD_ENUM(struct samples_result, outcome, samples_outcomes, .required = true,
                .label = LABEL("result", "检测结果")),
    RECORD_REAL(struct samples_result, ct, .least_real = 0.1, .most_real = 60, .label = LABEL("Ct value", "Ct 值")),
    RECORD_INSTANT(struct samples_result, known, .label = LABEL("when; now if not said", "报告时间，默认当前")),
    RECORD_ID(struct samples_result, replaces, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("the result it corrects", "更正的结果记录")),
    RECORD_TEXT(struct samples_result, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_kind samples_result_kind =
    RECORD_KIND("sample_result", struct samples_result, samples_result_fields);

static tong_code samples_written(struct request *rq, struct reply *rp, const struct command *c, bool created,
                                 struct err *err)
{
    struct intake_outcome out;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = created && !out.repeated ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    show_uid(&j, "sample", rq->part_uid[0]);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "sample");
}

static tong_code samples_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct samples_taken *body = rq->row;
    unsigned char uid[UID_BYTES];
    struct command c = show_command(rq, COMMAND_FACT);
    subject_kind kind;
    struct err none;
    tong_code code =
        uid_parse(body->subject, uid) ? show_find(rq, uid, &c.fact.subject, &kind, &none) : TONG_E_NOT_FOUND;
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "sample");
    if (code == TONG_E_NOT_FOUND || !show_reaches(rq, RIGHT_SAMPLE_WRITE, c.fact.subject)) {
        request_fault(rq, &samples_message[SAMPLES_NOBODY], "subject", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    memcpy(c.uid, rq->part_uid[0], UID_BYTES);
    c.fact.kind = EVENT_SAMPLED;
    c.fact.word = (uint8_t)body->specimen;
    if (body->taken.s != UTC_NONE.s) c.fact.happened = c.fact.known = body->taken;
    (void)uid_parse(body->tube, c.about_uid);
    c.note = body->note;
    return samples_written(rq, rp, &c, true, err);
}

// Whoever has the tube in the hand and looks after the laboratory it came to may receive it, wherever the person lives: the
// code on its label is the proof.
static tong_code samples_receipt_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct samples_receipt *body = rq->row;
    struct samples_row s;
    unsigned char uid[UID_BYTES];
    subject_kind kind = SUBJECT_PERSON;
    struct err none;
    struct command c = show_command(rq, COMMAND_RECEIVE);
    tong_code found = uid_parse(body->laboratory, uid) ? show_find(rq, uid, &c.fact.link, &kind, &none) : TONG_OK;
    if (found != TONG_OK && found != TONG_E_NOT_FOUND) return tong_fail(err, found, "sample");
    bool named = found == TONG_OK && c.fact.link != 0 && kind == SUBJECT_PLACE;
    tong_code code = samples_find(rq, &s, err);
    bool reached = code == TONG_OK && (samples_reached(rq, RIGHT_SAMPLE_WRITE, s.subject, s.laboratory) ||
                                       (named && show_reaches(rq, RIGHT_SAMPLE_WRITE, c.fact.link)));
    if (code == TONG_OK && !reached) code = tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    if (code != TONG_OK) return code;
    if (body->laboratory.n > 0 && !named) {
        request_fault(rq, &samples_message[SAMPLES_NO_LABORATORY], "laboratory", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    (void)uid_parse(body->uid, c.uid);
    c.about = s.id;
    if (body->received.s != UTC_NONE.s) c.fact.happened = c.fact.known = body->received;
    c.note = body->note;
    return samples_written(rq, rp, &c, false, err);
}

// The name of a result of another member of the tube: made from the client's, so that sending it again doubles nothing.
static void samples_uid_of(const unsigned char uid[UID_BYTES], const unsigned char sample[UID_BYTES],
                           unsigned char out[UID_BYTES])
{
    memset(out, 0, UID_BYTES);
    if (uid_is_none(uid)) return;
    uint64_t hash = str_hash((struct str){(const char *)sample, UID_BYTES});
    memcpy(out, uid, UID_BYTES);
    for (int i = 9; i < UID_BYTES; i++)
        out[i] = (unsigned char)(out[i] ^ hash >> (8 * (i - 9))); // what is random in a uid
}

// A result happened when the sample was taken, and is known when it is reported.
static struct command samples_result_of(const struct request *rq, const struct samples_row *s)
{
    const struct samples_result *body = rq->row;
    struct command c = show_command(rq, COMMAND_FACT);
    (void)uid_parse(body->uid, c.uid);
    (void)uid_parse(body->replaces, c.replaces_uid);
    c.about = s->id;
    c.fact.subject = s->subject;
    c.fact.kind = EVENT_RESULT;
    c.fact.happened = s->taken;
    if (body->known.s != UTC_NONE.s) c.fact.known = body->known;
    c.fact.word = (uint8_t)s->specimen;
    c.fact.test = (uint8_t)body->test;
    c.fact.outcome = (uint8_t)body->outcome;
    if (body->ct >= 0) c.fact.value = (int32_t)(body->ct * 10 + 0.5); // false for NaN: not said
    if (!uid_is_none(s->tube)) c.fact.flags |= FACT_POOLED;
    c.note = body->note;
    return c;
}

static void samples_means(const struct request *rq, struct json_out *j, const struct fact *f)
{
    const struct rulebook book = service_book(rq->service);
    int32_t edition = service_edition(rq->service);
    const struct result_row *row = NULL;
    event_word means = EVENT_RESULT;
    const struct result_asked asked = {.specimen = (specimen_word)f->word,
                                       .test = (test_word)f->test,
                                       .outcome = (outcome_word)f->outcome,
                                       .ct_x10 = (int16_t)f->value,
                                       .pooled = (f->flags & FACT_POOLED) != 0};
    if (edition >= 0 && (size_t)edition < book.count) means = protocol_result(book.editions[edition], asked, &row);
    show_word(j, "means", WORDS_EVENT, row == NULL ? -1 : (int32_t)means, rq->language);
}

// The result of a pool is that of everybody in the tube: what it then means for each is said by the protocol's table of
// results. A correction is of one.
static tong_code samples_result_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct samples_result *body = rq->row;
    struct samples_row s;
    int64_t ids[SAMPLES_POOL_MOST];
    size_t pool = 0, count = 1;
    bool held = false;
    tong_code code = samples_seen(rq, RIGHT_RESULT_WRITE, &s, err);
    if (code == TONG_OK && !uid_is_none(s.tube) && body->replaces.n == 0)
        code = samples_in_tube(rq, s.tube, ids, SAMPLES_POOL_MOST, &pool, err);
    if (code != TONG_OK) return code;
    struct command *c = arena_array(rq->arena, pool + 1, sizeof *c);
    struct intake_outcome *out = arena_array(rq->arena, pool + 1, sizeof *out);
    if (c == NULL || out == NULL) return tong_fail(err, TONG_E_NOMEM, "result");
    c[0] = samples_result_of(rq, &s);
    for (size_t i = 0; i < pool && code == TONG_OK; i++) {
        struct samples_row other;
        if (ids[i] == s.id) continue;
        code = samples_read(rq, ids[i], &other, err);
        if (code != TONG_OK) break;
        c[count] = samples_result_of(rq, &other);
        samples_uid_of(c[0].uid, other.uid, c[count++].uid);
    }
    if (code == TONG_OK) code = show_take(rq, rp, c, count, out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = out[0].repeated ? 200 : 201;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    show_uid(&j, "sample", s.uid);
    json_out_int(&j, "fact", out[0].fact);
    json_out_bool(&j, "repeated", out[0].repeated);
    json_out_int(&j, "samples", (int64_t)count);
    samples_means(rq, &j, &c[0].fact);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "result");
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter samples_parameters[] = {
    {.name = "state",
     .type = PARAMETER_WORD,
     WORDS_OF(samples_states),
     .label = LABEL("all if not said", "状态，默认全部")},
    {.name = "specimen", .type = PARAMETER_WORD, WORDS_OF(samples_specimens), .label = LABEL("specimen", "样本类型")},
    {.name = "test", .type = PARAMETER_WORD, WORDS_OF(samples_tests), .label = LABEL("test", "检测方法")},
    {.name = "outcome", .type = PARAMETER_WORD, WORDS_OF(samples_outcomes), .label = LABEL("result", "检测结果")},
    {.name = "tube", .type = PARAMETER_UID, .label = LABEL("all of this tube, or the one sample of this label", "该采样管内的全部样本，或该管码的样本")},
    {.name = "laboratory", .type = PARAMETER_UID, .label = LABEL("laboratory", "实验室")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("of people who live in this place", "居住在该场所的人员")},
    {.name = "subject", .type = PARAMETER_UID, .label = LABEL("of this person or place", "该人员或场所的样本")},
    {.name = "taken_from", .type = PARAMETER_DAY, .label = LABEL("taken on this day or later", "采样不早于")},
    {.name = "taken_to", .type = PARAMETER_DAY, .label = LABEL("taken on this day or before", "采样不晚于")},
    {.name = "received_from", .type = PARAMETER_DAY, .label = LABEL("received on this day or later", "接收不早于")},
    {.name = "received_to", .type = PARAMETER_DAY, .label = LABEL("received on this day or before", "接收不晚于")},
    {.name = "resulted_from", .type = PARAMETER_DAY, .label = LABEL("result on this day or later", "结果不早于")},
    {.name = "resulted_to", .type = PARAMETER_DAY, .label = LABEL("result on this day or before", "结果不晚于")},
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the person's name", "人员姓名的一部分")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(samples_sorts), .label = LABEL("sort", "排序")},
};
static const struct schema samples_schemas[] = {
    {"sample", "{\"type\":\"object\",\"properties\":{\"uid\":{\"type\":\"string\"},\"tube\":{\"type\":[\"string\","
               "\"null\"]},\"specimen\":{\"type\":\"object\"},"
               "\"taken\":{\"type\":\"string\",\"format\":\"date-time\"},\"received\":{\"type\":[\"string\",\"null\"]},"
               "\"resulted\":{\"type\":[\"string\",\"null\"]},"
               "\"test\":{\"type\":[\"object\",\"null\"]},\"outcome\":{\"type\":[\"object\",\"null\"]},\"ct\":{"
               "\"type\":[\"number\",\"null\"]},"
               "\"laboratory\":{\"type\":[\"object\",\"null\"]},\"subject\":{\"type\":[\"object\",\"null\"]}}}"},
    {"sample_written", "{\"type\":\"object\",\"properties\":{\"sample\":{\"type\":\"string\"},\"fact\":{\"type\":"
                       "\"integer\"},\"repeated\":{\"type\":\"boolean\"},"
                       "\"samples\":{\"type\":\"integer\"},\"means\":{\"type\":[\"object\",\"null\"]}}}"},
};
static const struct route samples_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/samples",
     .name = "sample_list",
     .right = RIGHT_SAMPLE_SEE,
     .handler = samples_list,
     .list = true,
     ROUTE_PARAMETERS(samples_parameters),
     .schema_out = "sample",
     .label = LABEL("samples and results", "样本与结果列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/samples/{sample}",
     .name = "sample_get",
     .right = RIGHT_SAMPLE_SEE,
     .handler = samples_get,
     .part = {PARAMETER_UID},
     .looks = true,
     .schema_out = "sample",
     .label = LABEL("one sample", "样本详情")},
    {.method = HTTP_PUT,
     .path = "/api/v1/samples/{sample}",
     .name = "sample_put",
     .right = RIGHT_SAMPLE_WRITE,
     .handler = samples_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &samples_taken_kind,
     .schema_out = "sample_written",
     .label = LABEL("register a sample", "登记采样")},
    {.method = HTTP_PUT,
     .path = "/api/v1/samples/{sample}/receipt",
     .name = "sample_receipt",
     .right = RIGHT_SAMPLE_WRITE,
     .handler = samples_receipt_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &samples_receipt_kind,
     .schema_out = "sample_written",
     .label = LABEL("a laboratory received it", "实验室接收样本")},
    {.method = HTTP_PUT,
     .path = "/api/v1/samples/{sample}/result",
     .name = "sample_result",
     .right = RIGHT_RESULT_WRITE,
     .handler = samples_result_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &samples_result_kind,
     .schema_out = "sample_written",
     .label = LABEL("report a result", "上报检测结果")},
};
const struct route_table samples_routes = {.rows = samples_rows,
                                           .count = sizeof samples_rows / sizeof samples_rows[0],
                                           .schemas = samples_schemas,
                                           .schema_count = sizeof samples_schemas / sizeof samples_schemas[0]};
