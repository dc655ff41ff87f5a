#include "service/facts.h"

#include "base/record_read.h"
#include "exchange/fact_record.h"
#include "service/held.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"

#include <string.h>

enum { FACTS_SAYS_MOST = 2000 };
enum facts_fault { FACTS_UID, FACTS_NOBODY, FACTS_LIST, FACTS_RIGHT, FACTS_LINK, FACTS_PERSON, FACTS_FAULT_COUNT };
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
    [FACTS_PERSON] = {"person-place-needed", PROBLEM_ERROR,
                      LABEL("where this person lives is not said, or not yours to write", "没有填写现住场所，或不在您的管辖范围内"),
                      LABEL("choose a place you look after; otherwise you could not find the record again",
                            "请选择您管辖范围内的场所，否则之后无法找到该记录")},
};

// What a kind asks for beyond FACT_RECORD.
static right_word facts_right(const struct fact *f)
{
    if (f->replaces != 0 || f->kind == EVENT_RETRACTED) return RIGHT_FACT_CORRECT;
    if (f->kind == EVENT_SAMPLED) return RIGHT_SAMPLE_WRITE;
    if (f->kind == EVENT_RESULT) return RIGHT_RESULT_WRITE;
    return RIGHT_FACT_RECORD;
}

// People described in the same request, before the facts about them: they have a uid, and a number only once it is taken.
struct facts_people {
    const struct command *commands; // COMMAND_PERSON
    size_t count;
};

static bool facts_introduced(const struct facts_people *people, const unsigned char uid[UID_BYTES])
{
    for (size_t i = 0; people != NULL && i < people->count; i++)
        if (memcmp(people->commands[i].subject_uid, uid, UID_BYTES) == 0) return true;
    return false;
}

// The command of one record; false with problems. Outside the asker's reach a subject does not exist.
static bool facts_command(struct request *rq, const struct fact_record *r, const struct facts_people *people,
                          struct command *c, struct problem_list *problems, struct problem_at at)
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
    bool introduced = !known && facts_introduced(people, c->subject_uid);
    bool linked = r->link.n == 0 ||
                  (uid_parse(r->link, c->link_uid) && (show_find(rq, c->link_uid, &link, &kind, &none) == TONG_OK ||
                                                       facts_introduced(people, c->link_uid)));
    if (!linked) problem_add(problems, at, &facts_message[FACTS_LINK], NULL, NULL, NULL, NULL);
    c->fact.link = link;
    (void)uid_parse(r->replaces, c->replaces_uid);
    (void)uid_parse(r->about, c->about_uid);
    if (!uid_is_none(c->replaces_uid)) c->fact.replaces = 1; // for facts_right; intake finds the number
    right_word right = facts_right(&c->fact);
    c->fact.replaces = 0;
    known = known &&
            show_reaches(rq, right == RIGHT_FACT_CORRECT ? RIGHT_FACT_CORRECT : RIGHT_FACT_RECORD, c->fact.subject);
    bool may = known ? show_reaches(rq, right, c->fact.subject) : actor_may(&rq->actor, right, rq->now);
    if ((known || introduced) && good && !may) {
        problem_add(problems, at, &facts_message[FACTS_RIGHT], words_at(WORDS_EVENT, c->fact.kind)->name, NULL, NULL,
                    NULL);
        good = false;
    }
    if (!known && !introduced) problem_add(problems, at, &facts_message[FACTS_NOBODY], NULL, NULL, NULL, NULL);
    c->fact.recorded = rq->now;
    c->note = r->note;
    return good && (known || introduced) && linked && !uid_is_none(c->uid);
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
    if (!facts_command(rq, record, NULL, &c, &rq->problems, at)) return TONG_E_INVALID;
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
    struct command *commands;     // those that are sound: people first, then facts
    struct intake_outcome *out;   // of each of them
    struct problem_list *problems; // a row each, people first
    bool *good;
    size_t people, count, sound; // rows of people, rows in all
};

// Where they live must be in reach, as with PUT /people/{person}.
static bool facts_person(struct request *rq, struct person_record *record, struct command *c, struct problem_list *problems,
                         struct problem_at at)
{
    unsigned char uid[UID_BYTES];
    int64_t person = 0, place = 0;
    subject_kind kind = SUBJECT_PERSON;
    struct err none;
    *c = show_command(rq, COMMAND_PERSON);
    memset(c->uid, 0, sizeof c->uid);
    c->person = record;
    if (!uid_parse(record->uid, c->subject_uid)) {
        problem_add(problems, at, &facts_message[FACTS_UID], NULL, NULL, NULL, NULL);
        return false;
    }
    if (show_find(rq, c->subject_uid, &person, &kind, &none) != TONG_OK) person = 0;
    if (uid_parse(record->place, uid) && show_find(rq, uid, &place, &kind, &none) != TONG_OK) place = 0;
    bool may = actor_may(&rq->actor, RIGHT_PERSON_WRITE, rq->now) && show_reaches(rq, RIGHT_PERSON_WRITE, place) &&
               (person == 0 || show_reaches(rq, RIGHT_PERSON_WRITE, person));
    if (!may) problem_add(problems, at, &facts_message[FACTS_PERSON], NULL, NULL, NULL, NULL);
    return may;
}

static tong_code facts_room(struct request *rq, struct facts_many *many, struct err *err)
{
    many->commands = arena_array(rq->arena, many->count, sizeof *many->commands);
    many->out = arena_array(rq->arena, many->count, sizeof *many->out);
    many->problems = arena_array(rq->arena, many->count, sizeof *many->problems);
    many->good = arena_array(rq->arena, many->count, sizeof *many->good);
    bool room = many->commands != NULL && many->out != NULL && many->problems != NULL && many->good != NULL;
    return room ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "facts");
}

static tong_code facts_read_many(struct request *rq, struct facts_many *many, struct err *err)
{
    const json_t *list = json_object_get(rq->json, "facts"), *people = json_object_get(rq->json, "people");
    size_t facts = json_array_size(list);
    char most[16];
    (void)snprintf(most, sizeof most, "%d", FACTS_MOST);
    *many = (struct facts_many){.people = json_array_size(people), .count = facts + json_array_size(people)};
    if (many->count == 0 || many->count > FACTS_MOST) {
        request_fault(rq, &facts_message[FACTS_LIST], "facts", arena_copy(rq->arena, most, strlen(most)), NULL, NULL,
                      NULL);
        return TONG_E_INVALID;
    }
    tong_code code = facts_room(rq, many, err);
    if (code != TONG_OK) return code;
    struct facts_people introduced = {many->commands, 0};
    for (size_t i = 0; i < many->count; i++) {
        struct fact_record record;
        bool person = i < many->people;
        size_t row = person ? i : i - many->people;
        many->problems[i].arena = rq->arena;
        struct problem_at at = {.line = (int64_t)row + 1, .path = person ? "people" : "facts"};
        const struct record_reading reading = {
            .zone = &rq->service->options.zone, .arena = rq->arena, .problems = &many->problems[i], .at = at};
        struct command *c = &many->commands[many->sound];
        if (person) {
            struct person_record *described = arena_alloc(rq->arena, sizeof *described);
            if (described == NULL) return tong_fail(err, TONG_E_NOMEM, "facts");
            many->good[i] = record_from_json(&person_record_kind, json_array_get(people, row), &reading, described) &&
                            facts_person(rq, described, c, &many->problems[i], at);
        } else {
            many->good[i] = record_from_json(&fact_record_kind, json_array_get(list, row), &reading, &record) &&
                            facts_command(rq, &record, &introduced, c, &many->problems[i], at);
        }
        if (!many->good[i]) continue;
        many->out[many->sound].problems = &many->problems[i];
        many->sound++;
        if (person) introduced.count = many->sound;
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

// Rows of the reply, of people or of facts: what became of each, and what was wrong with it.
static int64_t facts_rows_out(struct request *rq, struct json_out *j, const struct facts_many *many, bool people, bool brief)
{
    int64_t taken = 0;
    json_out_array(j, people ? "people" : brief ? "facts" : "items");
    for (size_t i = 0, k = 0; i < many->count; i++) {
        const struct intake_outcome wrong = {.code = TONG_E_INVALID}, *o = many->good[i] ? &many->out[k] : &wrong;
        const struct command none = {.kind = COMMAND_FACT}, *c = many->good[i] ? &many->commands[k] : &none;
        k += many->good[i];
        if ((i < many->people) != people) continue;
        if (brief || people) {
            json_out_object(j, NULL);
            json_out_z(j, "code", err_slug(o->code));
        } else {
            facts_outcome(j, NULL, c, o);
        }
        facts_problems(rq, j, &many->problems[i]);
        json_out_end(j);
        taken += o->code == TONG_OK;
    }
    json_out_end(j);
    return taken;
}

// All that are sound are taken in one commit; what is wrong with the others stands in their row.
static tong_code facts_put_many(struct request *rq, struct reply *rp, struct err *err)
{
    struct facts_many many;
    bool held = false;
    tong_code code = facts_read_many(rq, &many, err);
    if (code == TONG_OK && many.sound > 0) code = held_take(rq, rp, many.commands, many.sound, many.out, &held, err);
    if (code != TONG_OK || held) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    (void)facts_rows_out(rq, &j, &many, true, false);
    int64_t taken = facts_rows_out(rq, &j, &many, false, false);
    json_out_int(&j, "taken", taken);
    json_out_int(&j, "refused", (int64_t)(many.count - many.people) - taken);
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

// Somebody who is described in this very request, and not known yet: what was typed is what is shown.
static const struct person_record *facts_described(const struct facts_many *many, int64_t subject)
{
    for (size_t i = 0; i < many->sound && many->commands[i].kind == COMMAND_PERSON; i++)
        if (many->out[i].subject == subject) return many->commands[i].person;
    return NULL;
}

static void facts_new_person(struct json_out *j, const struct person_record *p)
{
    json_out_object(j, "subject");
    json_out_z(j, "kind", "person");
    json_out_text(j, "uid", p->uid);
    json_out_text(j, "name", p->name.n > 0 ? p->name : p->description);
    json_out_end(j);
}

// Consequences by whom they are for. Who is out of the asker's reach is only counted: a contact's worker does not learn from
// a preview whom else a fact touches.
static tong_code facts_says_out(struct request *rq, struct json_out *j, const struct facts_many *many,
                                const struct facts_says *says, struct err *err)
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
        const struct person_record *described = facts_described(many, subject);
        if (described == NULL && !show_reaches(rq, RIGHT_PERSON_SEE, subject)) {
            others++;
            continue;
        }
        json_out_object(j, NULL);
        if (described != NULL) facts_new_person(j, described);
        else code = show_subject(rq, j, "subject", subject, err);
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
    code = facts_says_out(rq, &j, &many, says, err);
    (void)facts_rows_out(rq, &j, &many, true, true);
    (void)facts_rows_out(rq, &j, &many, false, true);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "preview");
}

// ---- the routes ----

static const struct schema facts_schemas[] = {
    {"fact_list", "{\"type\":\"object\",\"required\":[\"facts\"],\"properties\":{\"facts\":{\"type\":\"array\","
                  "\"minItems\":1,\"maxItems\":500,"
                  "\"items\":{\"$ref\":\"#/components/schemas/fact\"}},\"people\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/"
                  "schemas/person\"}}}}"},
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
