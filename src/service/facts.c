#include "service/facts.h"

#include "base/record_read.h"
#include "exchange/fact_record.h"
#include "service/held.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"

#include <string.h>

enum { FACTS_SAYS_MOST = 2000 };
enum facts_fault { FACTS_UID, FACTS_NOBODY, FACTS_LIST, FACTS_RIGHT, FACTS_LINK, FACTS_FAULT_COUNT };
static const struct message facts_message[FACTS_FAULT_COUNT] = {
    [FACTS_UID] = {"fact-uid-needed", PROBLEM_ERROR, LABEL("the record has no identifier of its own", "该记录没有标识"),
                   LABEL("give each a \"uid\" made once, so that sending it again records nothing twice",
                         "请为每条记录生成一次 uid，重复提交不会重复登记")},
    [FACTS_NOBODY] = {"subject-unknown", PROBLEM_ERROR,
                      LABEL("there is nobody of this identifier", "没有该标识对应的对象"),
                      LABEL("register the person or place first", "请先登记该人员或场所")},
    [FACTS_LIST] = {"facts-list", PROBLEM_ERROR,
                    LABEL("\"facts\" must be a list of 1 to {1} records", "facts 应为 1 至 {1} 条记录的列表"),
                    LABEL("send the rest in another request", "其余记录请另行提交")},
    [FACTS_RIGHT] = {"fact-right", PROBLEM_ERROR,
                     LABEL("recording \"{1}\" asks for another right", "登记“{1}”需要其他权限"),
                     LABEL("have it recorded by someone whose work it is", "请由相应岗位人员登记")},
    [FACTS_LINK] = {"link-unknown", PROBLEM_ERROR,
                    LABEL("the other person of this record is not registered", "关联对象尚未登记"),
                    LABEL("register them first", "请先登记关联对象")},
};

// What a kind asks for beyond FACT_RECORD.
static right_word facts_right(const struct fact *f)
{
    if (f->replaces != 0 || f->kind == EVENT_RETRACTED) return RIGHT_FACT_CORRECT;
    if (f->kind == EVENT_SAMPLED) return RIGHT_SAMPLE_WRITE;
    if (f->kind == EVENT_RESULT) return RIGHT_RESULT_WRITE;
    return RIGHT_FACT_RECORD;
}

// The command of one record; false with problems. Outside the asker's reach a subject does not exist.
static bool facts_command(struct request *rq, const struct fact_record *r, struct command *c,
                          struct problem_list *problems, struct problem_at at)
{
    subject_kind kind;
    struct err none;
    *c = show_command(rq, COMMAND_FACT);
    memset(c->uid, 0, sizeof c->uid);
    bool good = fact_record_read(r, &c->fact, problems, at);
    if (!uid_parse(r->uid, c->uid)) problem_add(problems, at, &facts_message[FACTS_UID], NULL, NULL, NULL, NULL);
    int64_t link = 0;
    bool known = uid_parse(r->subject, c->subject_uid) &&
                 show_find(rq, c->subject_uid, &c->fact.subject, &kind, &none) == TONG_OK;
    bool linked = r->link.n == 0 ||
                  (uid_parse(r->link, c->link_uid) && show_find(rq, c->link_uid, &link, &kind, &none) == TONG_OK);
    if (!linked) problem_add(problems, at, &facts_message[FACTS_LINK], NULL, NULL, NULL, NULL);
    c->fact.link = link;
    (void)uid_parse(r->replaces, c->replaces_uid);
    (void)uid_parse(r->about, c->about_uid);
    if (!uid_is_none(c->replaces_uid)) c->fact.replaces = 1; // for facts_right; intake finds the number
    right_word right = facts_right(&c->fact);
    c->fact.replaces = 0;
    known = known &&
            show_reaches(rq, right == RIGHT_FACT_CORRECT ? RIGHT_FACT_CORRECT : RIGHT_FACT_RECORD, c->fact.subject);
    if (known && good && !show_reaches(rq, right, c->fact.subject)) {
        problem_add(problems, at, &facts_message[FACTS_RIGHT], words_at(WORDS_EVENT, c->fact.kind)->name, NULL, NULL,
                    NULL);
        good = false;
    }
    if (!known) problem_add(problems, at, &facts_message[FACTS_NOBODY], NULL, NULL, NULL, NULL);
    c->fact.recorded = rq->now;
    c->note = r->note;
    return good && known && linked && !uid_is_none(c->uid);
}

static void facts_outcome(struct json_out *j, const char *key, const struct command *c, const struct intake_outcome *o)
{
    json_out_object(j, key);
    show_uid(j, "uid", c->uid);
    json_out_z(j, "code", err_slug(o->code));
    json_out_int(j, "fact", o->fact);
    json_out_bool(j, "repeated", o->repeated);
}

static tong_code facts_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct fact_record *record = rq->row;
    char uid[UID_TEXT];
    struct command c;
    struct intake_outcome out;
    bool held = false;
    uid_format(rq->part_uid[0], uid);
    record->uid = str_z(uid);
    struct problem_at at = {.path = ""};
    if (!facts_command(rq, record, &c, &rq->problems, at)) return TONG_E_INVALID;
    tong_code code = show_take(rq, rp, &c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = out.repeated ? 200 : 201;
    struct json_out j = json_out_to(&rp->body);
    facts_outcome(&j, NULL, &c, &out);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "fact");
}

// ---- several ----

struct facts_many {
    struct command *commands;
    struct intake_outcome *out;
    struct problem_list *problems; // a row each
    bool *good;
    size_t count, sound;
};

static tong_code facts_read_many(struct request *rq, struct facts_many *many, struct err *err)
{
    const json_t *list = json_object_get(rq->json, "facts");
    size_t count = json_array_size(list);
    char most[16];
    (void)snprintf(most, sizeof most, "%d", FACTS_MOST);
    if (count == 0 || count > FACTS_MOST) {
        request_fault(rq, &facts_message[FACTS_LIST], "facts", arena_copy(rq->arena, most, strlen(most)), NULL, NULL,
                      NULL);
        return TONG_E_INVALID;
    }
    *many = (struct facts_many){.commands = arena_array(rq->arena, count, sizeof *many->commands),
                                .out = arena_array(rq->arena, count, sizeof *many->out),
                                .problems = arena_array(rq->arena, count, sizeof *many->problems),
                                .good = arena_array(rq->arena, count, sizeof *many->good),
                                .count = count};
    if (many->commands == NULL || many->out == NULL || many->problems == NULL || many->good == NULL)
        return tong_fail(err, TONG_E_NOMEM, "facts");
    for (size_t i = 0; i < count; i++) {
        struct fact_record record;
        many->problems[i].arena = rq->arena;
        struct problem_at at = {.line = (int64_t)i + 1, .path = "facts"};
        const struct record_reading reading = {
            .zone = &rq->service->options.zone, .arena = rq->arena, .problems = &many->problems[i], .at = at};
        many->good[i] = record_from_json(&fact_record_kind, json_array_get(list, i), &reading, &record) &&
                        facts_command(rq, &record, &many->commands[many->sound], &many->problems[i], at);
        if (!many->good[i]) continue;
        many->out[many->sound].problems = &many->problems[i];
        many->sound++;
    }
    return TONG_OK;
}

static void facts_problems(struct request *rq, struct json_out *j, const struct problem_list *list)
{
    json_out_array(j, "errors");
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *p = &list->items[i];
        json_out_object(j, NULL);
        json_out_z(j, "slug", p->message->slug);
        json_out_z(j, "field", p->path);
        json_out_z(j, "text", problem_text(p, rq->language, rq->arena));
        json_out_z(j, "remedy", p->message->remedy.text[rq->language]);
        json_out_end(j);
    }
    json_out_end(j);
}

// All that are sound are taken in one commit; what is wrong with the others stands in their row.
static tong_code facts_put_many(struct request *rq, struct reply *rp, struct err *err)
{
    struct facts_many many;
    bool held = false;
    tong_code code = facts_read_many(rq, &many, err);
    if (code == TONG_OK && many.sound > 0) code = held_take(rq, rp, many.commands, many.sound, many.out, &held, err);
    if (code != TONG_OK || held) return code;
    int64_t taken = 0;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    for (size_t i = 0, k = 0; i < many.count; i++) {
        const struct intake_outcome wrong = {.code = TONG_E_INVALID}, *o = many.good[i] ? &many.out[k] : &wrong;
        const struct command none = {.kind = COMMAND_FACT}, *c = many.good[i] ? &many.commands[k] : &none;
        k += many.good[i];
        facts_outcome(&j, NULL, c, o);
        facts_problems(rq, &j, &many.problems[i]);
        json_out_end(&j);
        taken += o->code == TONG_OK;
    }
    json_out_end(&j);
    json_out_int(&j, "taken", taken);
    json_out_int(&j, "refused", (int64_t)many.count - taken);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "facts");
}

// ---- what would follow ----

struct facts_says {
    struct {
        int64_t subject;
        struct decision decision;
    } row[FACTS_SAYS_MOST];
    size_t count, dropped;
};

static void facts_listen(void *payload, int64_t subject, int64_t enrolment, const struct decision *d)
{
    struct facts_says *says = payload;
    (void)enrolment;
    if (says->count == FACTS_SAYS_MOST) {
        says->dropped++;
        return;
    }
    says->row[says->count].subject = subject;
    says->row[says->count++].decision = *d;
}

// Consequences by whom they are for. Who is out of the asker's reach is only counted: a contact's worker does not learn from
// a preview whom else a fact touches.
static tong_code facts_says_out(struct request *rq, struct json_out *j, const struct facts_says *says, struct err *err)
{
    const struct rulebook book = service_book(rq->service);
    tong_code code = TONG_OK;
    int64_t others = 0;
    json_out_array(j, "items");
    for (size_t i = 0; i < says->count && code == TONG_OK; i++) {
        int64_t subject = says->row[i].subject;
        bool before = false;
        for (size_t k = 0; k < i && !before; k++) before = says->row[k].subject == subject;
        if (before) continue;
        if (!show_reaches(rq, RIGHT_PERSON_SEE, subject)) {
            others++;
            continue;
        }
        json_out_object(j, NULL);
        code = show_subject(rq, j, "subject", subject, err);
        json_out_array(j, "decisions");
        for (size_t k = i; k < says->count; k++) {
            const struct decision *d = &says->row[k].decision;
            if (says->row[k].subject == subject && d->edition < book.count)
                story_decision_out(rq, j, book.editions[d->edition], d);
        }
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_int(j, "others", others);
    json_out_int(j, "dropped", (int64_t)says->dropped);
    return code;
}

static tong_code facts_preview(struct request *rq, struct reply *rp, struct err *err)
{
    struct facts_many many;
    struct facts_says *says = arena_alloc(rq->arena, sizeof *says);
    if (says == NULL) return tong_fail(err, TONG_E_NOMEM, "preview");
    tong_code code = facts_read_many(rq, &many, err);
    if (code == TONG_OK && many.sound > 0)
        code = writer_preview(rq->service->writer, many.commands, many.sound, many.out, facts_listen, says, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = facts_says_out(rq, &j, says, err);
    json_out_array(&j, "facts");
    for (size_t i = 0, k = 0; i < many.count; i++) {
        tong_code each = many.good[i] ? many.out[k].code : TONG_E_INVALID;
        k += many.good[i];
        json_out_object(&j, NULL);
        json_out_z(&j, "code", err_slug(each));
        facts_problems(rq, &j, &many.problems[i]);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "preview");
}

// ---- the routes ----

static const struct schema facts_schemas[] = {
    {"fact_list", "{\"type\":\"object\",\"required\":[\"facts\"],\"properties\":{\"facts\":{\"type\":\"array\","
                  "\"minItems\":1,\"maxItems\":500,"
                  "\"items\":{\"$ref\":\"#/components/schemas/fact\"}}}}"},
    {"fact_outcome",
     "{\"type\":\"object\",\"properties\":{\"uid\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
     "\"fact\":{\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"}}}"},
    {"fact_outcomes", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/"
                      "components/schemas/fact_outcome\"}},"
                      "\"taken\":{\"type\":\"integer\"},\"refused\":{\"type\":\"integer\"}}}"},
    {"fact_preview",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
     "{"
     "\"subject\":{\"type\":\"object\"},\"decisions\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}},"
     "\"others\":{\"type\":\"integer\"},\"dropped\":{\"type\":\"integer\"},\"facts\":{\"type\":\"array\",\"items\":{"
     "\"type\":\"object\"}}}}"},
};

static const struct route facts_rows[] = {
    {.method = HTTP_PUT,
     .path = "/api/v1/facts/{fact}",
     .name = "fact_put",
     .right = RIGHT_FACT_RECORD,
     .handler = facts_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &fact_record_kind,
     .schema_out = "fact_outcome",
     .label = LABEL("record what happened, correct or withdraw it", "登记、更正或撤回记录")},
    {.method = HTTP_PUT,
     .path = "/api/v1/facts",
     .name = "facts_put",
     .right = RIGHT_FACT_RECORD,
     .handler = facts_put_many,
     .body = BODY_JSON,
     .schema = "fact_list",
     .schema_out = "fact_outcomes",
     .label = LABEL("record many in one commit", "批量登记记录")},
    {.method = HTTP_POST,
     .path = "/api/v1/facts/preview",
     .name = "facts_preview",
     .right = RIGHT_FACT_RECORD,
     .handler = facts_preview,
     .body = BODY_JSON,
     .schema = "fact_list",
     .schema_out = "fact_preview",
     .label = LABEL("what would follow, before it is recorded", "登记前预览后续影响")},
};
const struct route_table facts_routes = {.rows = facts_rows,
                                         .count = sizeof facts_rows / sizeof facts_rows[0],
                                         .schemas = facts_schemas,
                                         .schema_count = sizeof facts_schemas / sizeof facts_schemas[0]};
