#include "service/duplicates.h"

#include "exchange/duplicate.h"
#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"
#include "store/entry.h"

#include <string.h>

enum { DUPLICATES_READ = 2000 }; // pairs looked at for one page: what is out of scope is passed over
enum { DUPLICATES_SAYS = 200 };  // consequences of a merge that are shown

enum duplicates_fault { D_BODY, D_KEEP, D_DECIDED, D_OPEN, D_FAULT_COUNT };
static const struct message duplicates_message[D_FAULT_COUNT] = {
    [D_BODY] = {"duplicate-same-missing", PROBLEM_ERROR,
                LABEL("it is not said whether both are one person", "没有说明是否为同一人"),
                LABEL("send {\"same\": true, \"keep\": the identifier of the record to keep} or {\"same\": false}",
                      "请发送 {\"same\": true, \"keep\": 保留记录的标识} 或 {\"same\": false}")},
    [D_KEEP] = {"duplicate-keep", PROBLEM_ERROR,
                LABEL("the record to keep is neither of the two", "要保留的记录不在这两条之中"),
                LABEL("choose one of them", "请从两条中选择")},
    [D_DECIDED] = {"duplicate-decided", PROBLEM_ERROR, LABEL("somebody has decided this pair", "该对记录已有人处理"),
                   LABEL("load the list again", "请刷新列表")},
    [D_OPEN] = {"duplicate-open", PROBLEM_ERROR, LABEL("nobody has decided this pair", "该对记录尚未处理"),
                LABEL("load the list again", "请刷新列表")},
};

struct duplicates_pair {
    int64_t id, a, b, score, reasons, decided, same, account;
};

static void duplicates_read(struct db *db, sql_id q, struct duplicates_pair *out)
{
    *out = (struct duplicates_pair){.id = db_int(db, q, 0, 0),
                                    .a = db_int(db, q, 1, 0),
                                    .b = db_int(db, q, 2, 0),
                                    .score = db_int(db, q, 3, 0),
                                    .reasons = db_int(db, q, 4, 0),
                                    .decided = db_int(db, q, 6, INT64_MIN),
                                    .same = db_int(db, q, 7, -1),
                                    .account = db_int(db, q, 8, 0)};
}

static void duplicates_person(struct request *rq, struct json_out *j, const char *key, const struct show_person *p)
{
    record_to_json(&person_record_kind, &p->record, show_class(rq, p->id), j, key);
}

static tong_code duplicates_json(struct request *rq, struct json_out *j, const struct duplicates_pair *pair,
                                 struct err *err)
{
    struct show_person a, b;
    tong_code code = show_person_read(rq, pair->a, &a, err);
    if (code == TONG_OK) code = show_person_read(rq, pair->b, &b, err);
    if (code != TONG_OK) return code == TONG_E_NOT_FOUND ? TONG_OK : code; // erased meanwhile
    json_out_object(j, NULL);
    json_out_int(j, "pair", pair->id);
    json_out_int(j, "score", pair->score);
    json_out_array(j, "reasons");
    for (int32_t bit = 0; bit < DUPLICATE_REASON_COUNT; bit++)
        if (pair->reasons >> bit & 1) json_out_z(j, NULL, duplicate_reason_label(bit)->text[rq->language]);
    json_out_end(j);
    duplicates_person(rq, j, "a", &a);
    duplicates_person(rq, j, "b", &b);
    code = show_place(rq, j, "a_place", a.place, err);
    if (code == TONG_OK) code = show_place(rq, j, "b_place", b.place, err);
    if (pair->decided == INT64_MIN) json_out_null(j, "same");
    else json_out_bool(j, "same", pair->same == 1);
    json_out_instant(j, "decided", (utc_sec){pair->decided});
    if (pair->account == 0) json_out_null(j, "decided_by");
    else json_out_int(j, "decided_by", pair->account);
    if (a.merged_into == pair->b) show_uid(j, "kept", b.uid);
    else if (b.merged_into == pair->a) show_uid(j, "kept", a.uid);
    else json_out_null(j, "kept");
    json_out_end(j);
    return code;
}

static tong_code duplicates_list(struct request *rq, struct reply *rp, struct err *err)
{
    bool decided = request_parameter_word(rq, "state") == 1;
    const sql_id q = decided ? sql_duplicate_decided : sql_duplicate_open;
    struct cursor cursor = {.key = decided ? INT64_MAX : 1001, .id = 0}, next = {0};
    bool given = false;
    size_t limit = page_limit(rq), count = 0, read = 0, shown = 0;
    if (!page_cursor(rq, &given, &cursor)) return TONG_E_INVALID;
    struct duplicates_pair *pairs = arena_array(rq->arena, DUPLICATES_READ, sizeof *pairs);
    if (pairs == NULL) return tong_fail(err, TONG_E_NOMEM, "duplicates");
    const struct db_value in[] = {DB_I(cursor.key), DB_I(cursor.id), DB_I(DUPLICATES_READ)};
    tong_code code = db_ask(rq->db, q, in, 3, err);
    while (code == TONG_OK && count < DUPLICATES_READ && db_next(rq->db, q))
        duplicates_read(rq->db, q, &pairs[count++]);
    if (code == TONG_OK) code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    for (; read < count && shown < limit && code == TONG_OK; read++) {
        const struct duplicates_pair *p = &pairs[read];
        next = (struct cursor){page_scope(rq), decided ? p->decided : p->score, p->id};
        if (!show_reaches(rq, RIGHT_MERGE, p->a) || !show_reaches(rq, RIGHT_MERGE, p->b)) continue;
        code = duplicates_json(rq, &j, p, err);
        shown++;
    }
    bool more = read < count || count == DUPLICATES_READ;
    return code == TONG_OK ? page_close(&j, more ? &next : NULL, -1, err) : code;
}

struct duplicates_decision {
    int64_t pair, account;
    bool same;
    utc_sec now;
};

static tong_code duplicates_write(struct db *db, void *what, struct err *err)
{
    const struct duplicates_decision *d = what;
    const struct db_value in[] = {DB_I(d->pair), DB_I(d->now.s), DB_I(d->same ? 1 : 0), db_i_or_null(d->account, 0)};
    return db_run(db, sql_duplicate_decide, in, 4, NULL, err);
}

// Which of the two is kept: 0 when it is neither.
static tong_code duplicates_keep(struct request *rq, const struct duplicates_pair *p, int64_t *keep, struct err *err)
{
    unsigned char uid[UID_BYTES];
    const char *text = json_string_value(json_object_get(rq->json, "keep"));
    struct show_person one;
    *keep = 0;
    if (text == NULL || !uid_parse(str_z(text), uid)) return TONG_OK;
    const int64_t both[2] = {p->a, p->b};
    for (size_t i = 0; i < 2; i++) {
        tong_code code = show_person_read(rq, both[i], &one, err);
        if (code != TONG_OK) return code;
        if (memcmp(one.uid, uid, UID_BYTES) == 0) *keep = both[i];
    }
    return TONG_OK;
}

// The pair of the path, both within reach of the right to merge; NOT_FOUND.
static tong_code duplicates_get(struct request *rq, struct duplicates_pair *p, struct err *err)
{
    const sql_id q = sql_duplicate_get;
    tong_code code = db_ask(rq->db, q, &DB_I(rq->part_number[0]), 1, err);
    if (code != TONG_OK) return code;
    bool found = db_next(rq->db, q);
    if (found) duplicates_read(rq->db, q, p);
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    if (!found || !show_reaches(rq, RIGHT_MERGE, p->a) || !show_reaches(rq, RIGHT_MERGE, p->b))
        return tong_fail(err, TONG_E_NOT_FOUND, "there is no such pair");
    return TONG_OK;
}

// The merge that the body asks for; INVALID with a problem.
static tong_code duplicates_merge(struct request *rq, const struct duplicates_pair *p, struct command *out, struct err *err)
{
    int64_t keep = 0;
    tong_code code = duplicates_keep(rq, p, &keep, err);
    if (code != TONG_OK) return code;
    if (keep == 0) {
        request_fault(rq, &duplicates_message[D_KEEP], "keep", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    *out = show_command(rq, COMMAND_MERGE);
    out->fact.subject = keep == p->a ? p->b : p->a;
    out->fact.link = keep;
    return TONG_OK;
}

static tong_code duplicates_decide(struct request *rq, struct reply *rp, struct err *err)
{
    struct duplicates_pair p = {0};
    const json_t *same = json_object_get(rq->json, "same");
    tong_code code = duplicates_get(rq, &p, err);
    if (code != TONG_OK) return code;
    if (!json_is_boolean(same)) {
        request_fault(rq, &duplicates_message[D_BODY], "same", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    struct duplicates_decision d = {p.id, rq->actor.account, json_is_true(same), rq->now};
    if (p.decided != INT64_MIN) {
        if ((p.same == 1) != d.same)
            return reply_problem(rq, rp, 409, &duplicates_message[D_DECIDED], NULL, NULL, NULL);
        rp->status = 204; // the same once more
        return TONG_OK;
    }
    if (d.same) {
        bool held = false;
        struct intake_outcome out = {.problems = &rq->problems};
        struct command c;
        code = duplicates_merge(rq, &p, &c, err);
        if (code == TONG_OK) code = show_take(rq, rp, &c, 1, &out, &held, err);
        if (code != TONG_OK || held) return code;
    }
    code = writer_call(rq->service->writer, duplicates_write, &d, err);
    rp->status = 204;
    return code;
}

// ---- what a merge would bring, and taking one back ----

struct duplicates_says {
    struct {
        int64_t subject;
        struct decision decision;
    } row[DUPLICATES_SAYS];
    size_t count;
    int64_t dropped;
};

static void duplicates_listen(void *payload, int64_t subject, int64_t enrolment, const struct decision *d)
{
    struct duplicates_says *says = payload;
    (void)enrolment;
    if (says->count == DUPLICATES_SAYS) {
        says->dropped++;
        return;
    }
    says->row[says->count].subject = subject;
    says->row[says->count++].decision = *d;
}

// What would follow for the record that is kept, for the one that goes, and, counted only, for others.
static tong_code duplicates_preview(struct request *rq, struct reply *rp, struct err *err)
{
    struct duplicates_pair p = {0};
    struct duplicates_says *says = arena_alloc(rq->arena, sizeof *says);
    struct intake_outcome out = {.problems = &rq->problems};
    struct command c;
    if (says == NULL) return tong_fail(err, TONG_E_NOMEM, "duplicates");
    *says = (struct duplicates_says){0};
    tong_code code = duplicates_get(rq, &p, err);
    if (code == TONG_OK) code = duplicates_merge(rq, &p, &c, err);
    if (code == TONG_OK) code = writer_preview(rq->service->writer, &c, 1, &out, duplicates_listen, says, err);
    if (code == TONG_OK && out.code != TONG_OK) code = out.code;
    if (code != TONG_OK) return code;
    const struct rulebook book = service_book(rq->service);
    const int64_t both[2] = {c.fact.link, c.fact.subject};
    static const char *const names[2] = {"kept", "merged"};
    int64_t others = says->dropped;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    for (size_t who = 0; who < 2; who++) {
        json_out_array(&j, names[who]);
        for (size_t i = 0; i < says->count; i++) {
            const struct decision *d = &says->row[i].decision;
            if (says->row[i].subject == both[who] && d->edition < book.count)
                story_decision_out(rq, &j, book.editions[d->edition], d);
        }
        json_out_end(&j);
    }
    for (size_t i = 0; i < says->count; i++) others += says->row[i].subject != both[0] && says->row[i].subject != both[1];
    json_out_int(&j, "others", others);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "duplicates");
}

static tong_code duplicates_reopen(struct db *db, void *what, struct err *err)
{
    const struct duplicates_decision *d = what;
    return db_run(db, sql_duplicate_reopen, &DB_I(d->pair), 1, NULL, err);
}

// The merge of `one` into `other` that stands; *fact 0 when there is none.
static tong_code duplicates_merged(struct request *rq, int64_t one, int64_t other, int64_t *fact, struct err *err)
{
    const sql_id q = sql_fact_standing;
    const struct db_value in[] = {DB_I(one), DB_I(ENTRY_MERGED)};
    tong_code code = db_ask(rq->db, q, in, 2, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, q) && db_int(rq->db, q, 1, 0) == other) *fact = db_int(rq->db, q, 0, 0);
    return db_done(rq->db, q, err);
}

// Two persons after all: the merge is retracted, and the pair waits for a decision again.
static tong_code duplicates_part(struct request *rq, struct reply *rp, struct err *err)
{
    struct duplicates_pair p = {0};
    tong_code code = duplicates_get(rq, &p, err);
    if (code != TONG_OK) return code;
    if (p.decided == INT64_MIN) return reply_problem(rq, rp, 409, &duplicates_message[D_OPEN], NULL, NULL, NULL);
    struct duplicates_decision d = {.pair = p.id};
    int64_t fact = 0, gone = p.a;
    code = duplicates_merged(rq, p.a, p.b, &fact, err);
    if (code == TONG_OK && fact == 0) {
        gone = p.b;
        code = duplicates_merged(rq, p.b, p.a, &fact, err);
    }
    if (code == TONG_OK && fact != 0) {
        bool held = false;
        struct intake_outcome out = {.problems = &rq->problems};
        struct command c = show_command(rq, COMMAND_FACT);
        c.fact = (struct fact){.kind = EVENT_RETRACTED, .subject = gone, .replaces = fact, .happened = rq->now,
                               .known = rq->now, .until = UTC_NONE, .recorded = UTC_NONE};
        code = show_take(rq, rp, &c, 1, &out, &held, err);
        if (held) return code;
    }
    if (code == TONG_OK) code = writer_call(rq->service->writer, duplicates_reopen, &d, err);
    rp->status = 204;
    return code;
}

static const struct record_word duplicates_states[] = {{"open", LABEL("not decided", "待处理")},
                                                       {"decided", LABEL("decided", "已处理")}};
static const struct parameter duplicates_parameters[] = {
    {.name = "state", .type = PARAMETER_WORD, .words = duplicates_states,
     .word_count = sizeof duplicates_states / sizeof duplicates_states[0],
     .label = LABEL("those nobody has decided (the likeliest first), or those that were (the latest first)",
                    "待处理的（最可能的在前），或已处理的（最近的在前）")},
};

static const struct schema duplicates_schemas[] = {
    {"duplicate", "{\"type\":\"object\",\"properties\":{\"pair\":{\"type\":\"integer\"},\"score\":{\"type\":"
                  "\"integer\"},\"reasons\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                  "\"a\":{\"$ref\":\"#/components/schemas/person\"},\"b\":{\"$ref\":\"#/components/schemas/"
                  "person\"},\"a_place\":{\"type\":[\"object\",\"null\"]},\"b_place\":{\"type\":[\"object\",\"null\"]},"
                  "\"same\":{\"type\":[\"boolean\",\"null\"]},\"decided\":{\"type\":[\"string\",\"null\"]},"
                  "\"decided_by\":{\"type\":[\"integer\",\"null\"]},\"kept\":{\"type\":[\"string\",\"null\"]}}}"},
    {"duplicate_decision", "{\"type\":\"object\",\"required\":[\"same\"],\"properties\":{\"same\":{\"type\":"
                           "\"boolean\"},\"keep\":{\"type\":\"string\"}}}"},
    {"duplicate_keep", "{\"type\":\"object\",\"properties\":{\"keep\":{\"type\":\"string\"}}}"},
    {"duplicate_preview", "{\"type\":\"object\",\"properties\":{\"kept\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
                          "\"merged\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"others\":{\"type\":\"integer\"}}}"},
};
static const struct route duplicates_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/duplicates",
     .name = "duplicate_list",
     .right = RIGHT_MERGE,
     .handler = duplicates_list,
     .list = true,
     ROUTE_PARAMETERS(duplicates_parameters),
     .schema_out = "duplicate",
     .label = LABEL("probable duplicates, the likeliest first, side by side", "疑似重复记录，并排对照")},
    {.method = HTTP_POST,
     .path = "/api/v1/duplicates/{pair}",
     .name = "duplicate_decide",
     .right = RIGHT_MERGE,
     .handler = duplicates_decide,
     .part = {PARAMETER_INTEGER},
     .body = BODY_JSON,
     .schema = "duplicate_decision",
     .label = LABEL("one person, or two", "判定为同一人或两人")},
    {.method = HTTP_POST,
     .path = "/api/v1/duplicates/{pair}/preview",
     .name = "duplicate_preview",
     .right = RIGHT_MERGE,
     .handler = duplicates_preview,
     .part = {PARAMETER_INTEGER},
     .body = BODY_JSON,
     .schema = "duplicate_keep",
     .schema_out = "duplicate_preview",
     .label = LABEL("what would follow if both were one person; nothing is recorded", "试算合并的后果，不写入")},
    {.method = HTTP_POST,
     .path = "/api/v1/duplicates/{pair}/part",
     .name = "duplicate_part",
     .right = RIGHT_MERGE,
     .handler = duplicates_part,
     .part = {PARAMETER_INTEGER},
     .label = LABEL("take the decision back: a merge is retracted, both stand as before", "撤回判定：取消合并，两条记录恢复原状")},
};
const struct route_table duplicates_routes = {.rows = duplicates_rows,
                                              .count = sizeof duplicates_rows / sizeof duplicates_rows[0],
                                              .schemas = duplicates_schemas,
                                              .schema_count = sizeof duplicates_schemas / sizeof duplicates_schemas[0]};
