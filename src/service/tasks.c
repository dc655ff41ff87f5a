#include "service/tasks.h"

#include "response/decision.h"
#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"
#include "store/roll_row.h"

#include <math.h>
#include <string.h>

enum tasks_fault { TASKS_NOT_YOURS, TASKS_SPECIMEN, TASKS_TEMPERATURE, TASKS_FAULT_COUNT };
static const struct message tasks_message[TASKS_FAULT_COUNT] = {
    [TASKS_NOT_YOURS] = {"task-of-another-role", PROBLEM_ERROR,
                         LABEL("this task is addressed to another role", "该任务由其他岗位办理"),
                         LABEL("have it done by somebody of that role, or assigned to you",
                               "请由该岗位人员办理，或请指挥人员指派给您")},
    [TASKS_SPECIMEN] = {"specimen-needed", PROBLEM_ERROR, LABEL("it is not said what was sampled", "没有填写采样类型"),
                        LABEL("choose the specimen", "请选择样本类型")},
    [TASKS_TEMPERATURE] = {"temperature-not-seen", PROBLEM_ERROR,
                           LABEL("a temperature is that of somebody who was seen", "未见到本人，不能填写体温"),
                           LABEL("leave it empty", "请留空")},
};

struct tasks_row {
    int64_t id, subject, fact, assigned, place;
    int32_t edition, task, stage, why, rule, role, how, marks, n;
    utc_sec opened, deadline, closed;
    const struct protocol *p; // its edition
    const struct task *t;
};

static tong_code tasks_read(struct request *rq, int64_t id, struct tasks_row *out, struct err *err)
{
    const sql_id q = sql_task_get;
    const struct rulebook book = service_book(rq->service);
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    if (there)
        *out = (struct tasks_row){.id = id,
                                  .subject = db_int(rq->db, q, 1, 0),
                                  .edition = (int32_t)db_int(rq->db, q, 3, 0),
                                  .task = (int32_t)db_int(rq->db, q, 4, 0),
                                  .stage = (int32_t)db_int(rq->db, q, 6, PROTOCOL_NONE),
                                  .why = (int32_t)db_int(rq->db, q, 7, 0),
                                  .rule = (int32_t)db_int(rq->db, q, 8, 0),
                                  .role = (int32_t)db_int(rq->db, q, 9, 0),
                                  .how = (int32_t)db_int(rq->db, q, 10, 0),
                                  .marks = (int32_t)db_int(rq->db, q, 11, 0),
                                  .opened = {db_int(rq->db, q, 12, UTC_NONE.s)},
                                  .deadline = {db_int(rq->db, q, 13, UTC_NONE.s)},
                                  .n = (int32_t)db_int(rq->db, q, 14, CIVIL_DAY_NONE),
                                  .fact = db_int(rq->db, q, 15, 0),
                                  .closed = {db_int(rq->db, q, 16, UTC_NONE.s)},
                                  .assigned = db_int(rq->db, q, 18, 0),
                                  .place = db_int(rq->db, q, 19, 0)};
    tong_code done = db_done(rq->db, q, err);
    if (done != TONG_OK) return done;
    bool known = there && out->edition >= 0 && (size_t)out->edition < book.count && out->task >= 0 &&
                 (size_t)out->task < book.editions[out->edition]->task_count;
    if (!known) return tong_fail(err, TONG_E_NOT_FOUND, "no such task");
    out->p = book.editions[out->edition];
    out->t = &out->p->tasks[out->task];
    return TONG_OK;
}

static bool tasks_sees_all(const struct request *rq)
{
    const struct actor *a = &rq->actor;
    return actor_may(a, RIGHT_TASK_ASSIGN, rq->now) || actor_may(a, RIGHT_AUDIT_SEE, rq->now) ||
           (actor_may(a, RIGHT_PERSON_FIND, rq->now) && actor_may(a, RIGHT_CASE_SEE, rq->now));
}

// Is the task addressed to one of the asker's roles there, or to the asker?
static bool tasks_mine(const struct request *rq, const struct tasks_row *t)
{
    struct roll *roll = rq->service->roll;
    if (t->assigned != 0 && t->assigned == rq->actor.account) return true;
    roll_read_begin(roll);
    int64_t place = t->place != 0 ? t->place : roll_place_of(roll, t->subject);
    bool mine = actor_is(&rq->actor, t->role, rq->now, roll, place);
    roll_read_end(roll);
    return mine;
}

static tong_code tasks_seen(struct request *rq, int64_t id, struct tasks_row *t, struct err *err)
{
    struct roll *roll = rq->service->roll;
    tong_code code = tasks_read(rq, id, t, err);
    if (code != TONG_OK || tasks_mine(rq, t)) return code;
    roll_read_begin(roll);
    bool reached = actor_reaches(&rq->actor, RIGHT_TASK_SEE, rq->now, roll,
                                 t->place != 0 ? t->place : roll_place_of(roll, t->subject));
    roll_read_end(roll);
    return reached && tasks_sees_all(rq) ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
}

// The names of the places around it, the largest first, down to the door: somebody has to find it.
static tong_code tasks_path(struct request *rq, struct json_out *j, const struct tasks_row *t, struct err *err)
{
    enum { DEEPEST = 16 };
    const sql_id q = sql_place_get;
    struct str name[DEEPEST];
    size_t count = 0;
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    int64_t at = t->place != 0 ? t->place : roll_place_of(roll, t->subject);
    roll_read_end(roll);
    while (at != 0 && count < DEEPEST) {
        tong_code code = db_ask(rq->db, q, &DB_I(at), 1, err);
        if (code != TONG_OK) return code;
        bool there = db_next(rq->db, q);
        at = there ? db_int(rq->db, q, 2, 0) : 0;
        if (there) {
            struct str en = db_text(rq->db, q, 5), own = rq->language == LANG_EN && en.n > 0 ? en : db_text(rq->db, q, 4);
            const char *copy = arena_copy(rq->arena, own.p, own.n);
            if (copy != NULL) name[count++] = (struct str){copy, own.n};
        }
        code = db_done(rq->db, q, err);
        if (code != TONG_OK) return code;
    }
    json_out_array(j, "path");
    while (count > 0) json_out_text(j, NULL, name[--count]);
    json_out_end(j);
    return TONG_OK;
}

static tong_code tasks_head(struct request *rq, struct json_out *j, const struct tasks_row *t, struct err *err)
{
    json_out_int(j, "task", t->id);
    show_named(j, "what", t->t->name, &t->t->label, rq->language);
    show_word(j, "verb", WORDS_VERB, (int32_t)t->t->verb, rq->language);
    show_role(j, "role", t->role, rq->language);
    json_out_instant(j, "opened", t->opened);
    json_out_instant(j, "deadline", t->deadline);
    json_out_day(j, "day", (civil_day){t->n});
    json_out_instant(j, "closed", t->closed);
    if (t->closed.s != UTC_NONE.s && t->how > 0 && t->how < HOW_WORD_COUNT)
        show_words_at(j, "how", how_label((how_word)t->how), rq->language);
    else json_out_null(j, "how");
    bool late = t->closed.s == UTC_NONE.s && t->deadline.s != UTC_NONE.s && t->deadline.s < rq->now.s;
    json_out_bool(j, "overdue", late || (t->marks & ROLL_MARK_OVERDUE) != 0);
    json_out_bool(j, "escalated", (t->marks & ROLL_MARK_ESCALATED) != 0);
    if (t->assigned == 0) json_out_null(j, "assigned");
    else json_out_int(j, "assigned", t->assigned);
    tong_code code = show_subject(rq, j, "subject", t->subject, err);
    if (code == TONG_OK) code = show_place(rq, j, "place", t->place, err);
    return code == TONG_OK ? tasks_path(rq, j, t, err) : code;
}

// ---- the list ----

static const struct record_word tasks_states[] = {{"open", LABEL("open", "未完成")},
                                                  {"overdue", LABEL("overdue", "已逾期")},
                                                  {"closed", LABEL("closed", "已关闭")},
                                                  {"all", LABEL("all", "全部")}};
static const struct record_word tasks_whose[] = {{"me", LABEL("assigned to me", "指派给我的")},
                                                 {"role", LABEL("of my roles, assigned to nobody", "本岗位待认领的")},
                                                 {"nobody", LABEL("assigned to nobody", "尚未指派的")}};
static const struct record_word tasks_sorts[] = {
    {"deadline", LABEL("deadline", "时限")}, {"opened", LABEL("opened", "下达时间")},
    {"closed", LABEL("closed", "关闭时间")}, {"place", LABEL("place", "场所")},
    {"role", LABEL("role", "岗位")},         {"what", LABEL("kind of task", "任务类型")}};
static const struct page_sort tasks_columns[] = {{ROLL_TASK_DEADLINE, false}, {ROLL_TASK_OPENED, true},
                                                 {ROLL_TASK_CLOSED, true},    {ROLL_SUBJECT_PLACE, false},
                                                 {ROLL_TASK_ROLE, false},     {ROLL_TASK_TASK, false}};
enum {
    TASKS_SORTS = sizeof tasks_columns / sizeof tasks_columns[0],
    TASKS_OPEN = 0,
    TASKS_OVERDUE,
    TASKS_CLOSED,
    TASKS_ALL
};
_Static_assert(sizeof tasks_sorts / sizeof tasks_sorts[0] == TASKS_SORTS, "a column for each sort");
#define TASKS_ROLE(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word tasks_roles[] = {ROLE_WORDS(TASKS_ROLE)};
static const struct record_word tasks_verbs[] = {VERB_WORDS(TASKS_ROLE)};
_Static_assert(VERB_WORD_COUNT <= 64, "a set of verbs is one word of bits");

static void tasks_own_roles(const struct request *rq, struct roll_query *q)
{
    struct roll_filter f = {.column = ROLL_TASK_ROLE, .compare = ROLL_ONE_OF};
    for (size_t i = 0; i < rq->actor.grant_count; i++) {
        int32_t role = rq->actor.grant[i].role;
        if (role >= 0 && role < 256) f.set[role / 64] |= (uint64_t)1 << (role % 64);
    }
    q->filter[q->filter_count++] = f;
}

static void tasks_filters(struct request *rq, struct roll_query *q)
{
    int32_t state = request_parameter_word(rq, "state"), whose = request_parameter_word(rq, "whose"),
            role = request_parameter_word(rq, "role");
    uint64_t verbs = request_parameter_words(rq, "verb");
    if (state < 0) state = TASKS_OPEN;
    if (state == TASKS_OPEN || state == TASKS_OVERDUE) show_filter(q, ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    if (state == TASKS_OVERDUE) show_filter(q, ROLL_TASK_DEADLINE, ROLL_TO, roll_minute(rq->now));
    if (state == TASKS_CLOSED) show_filter(q, ROLL_TASK_CLOSED, ROLL_PRESENT, 0);
    if (whose == 0) show_filter(q, ROLL_TASK_ASSIGNED, ROLL_IS, (int32_t)rq->actor.account);
    if (whose == 1) tasks_own_roles(rq, q);
    if (whose >= 1) show_filter(q, ROLL_TASK_ASSIGNED, ROLL_ABSENT, 0);
    if (whose != 0 && !tasks_sees_all(rq)) tasks_own_roles(rq, q);
    if (role >= 0) show_filter(q, ROLL_TASK_ROLE, ROLL_IS, role);
    if (verbs != 0) {
        show_filter(q, ROLL_TASK_VERB, ROLL_ONE_OF, 0);
        q->filter[q->filter_count - 1].set[0] = verbs;
    }
    show_days(rq, q, ROLL_TASK_DEADLINE, "due_from", "due_to", true);
    show_days(rq, q, ROLL_TASK_OPENED, "opened_from", "opened_to", true);
    q->name = request_parameter(rq, "q");
}

static tong_code tasks_person(struct request *rq, struct roll_query *q, struct err *err)
{
    unsigned char uid[UID_BYTES];
    int64_t person = 0;
    subject_kind kind;
    if (!request_parameter_uid(rq, "subject", uid)) return TONG_OK;
    struct err none;
    tong_code code = show_find(rq, uid, &person, &kind, &none);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "tasks");
    show_filter(q, ROLL_TASK_SUBJECT, ROLL_IS, (int32_t)person);
    return TONG_OK;
}

static tong_code tasks_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_TASKS};
    struct roll_page page = {0};
    int64_t place = 0;
    bool any = show_scopes(rq, RIGHT_TASK_SEE, &q), good = show_place_parameter(rq, "place", &place, err);
    if (request_parameter_word(rq, "whose") == 0) { // what was given to the asker is theirs wherever it lies
        q.scope_count = 0;
        any = true;
    }
    good = page_read(rq, tasks_columns, TASKS_SORTS, 0, &q) && good;
    good = good && show_numbers(rq, &q, ROLL_TASK_TASK, "what", ROLL_TASK);
    if (!good) return TONG_E_INVALID;
    tasks_filters(rq, &q);
    tong_code code = tasks_person(rq, &q, err);
    if (code != TONG_OK) return code;
    any = any && show_within(rq, &q, place);
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "tasks");
    show_etag(rq, rp, ROLL_TASKS);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct tasks_row t;
        code = tasks_read(rq, page.rows[i].id, &t, err);
        if (code == TONG_E_NOT_FOUND) { // went away between the list and the table
            code = TONG_OK;
            continue;
        }
        if (code != TONG_OK) break;
        json_out_object(&j, NULL);
        code = tasks_head(rq, &j, &t, err);
        json_out_end(&j);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

// ---- one of them ----

// Where to go and whom to ring: for whoever is sent.
static tong_code tasks_address(struct request *rq, struct json_out *j, const struct tasks_row *t, struct err *err)
{
    struct show_person p;
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool person = roll_place_kind(roll, t->subject) < 0;
    roll_read_end(roll);
    if (!person || show_class(rq, t->subject) < RECORD_IDENTITY) return TONG_OK;
    tong_code code = show_person_read(rq, t->subject, &p, err);
    if (code == TONG_E_NOT_FOUND) return TONG_OK; // a gathering
    if (code != TONG_OK) return code;
    json_out_object(j, "reach");
    json_out_text(j, "phone", p.record.phone);
    json_out_text(j, "phone_2", p.record.phone_2);
    json_out_text(j, "address", p.record.address);
    json_out_text(j, "language", p.record.language);
    json_out_text(j, "guardian_name", p.record.guardian_name);
    json_out_text(j, "guardian_phone", p.record.guardian_phone);
    json_out_end(j);
    return TONG_OK;
}

static void tasks_rules(struct request *rq, struct json_out *j, const struct tasks_row *t)
{
    const struct task *task = t->t;
    struct decision d = {.kind = DECISION_TASK_OPENED,
                         .why = (uint8_t)t->why,
                         .rule = (uint16_t)t->rule,
                         .edition = (uint8_t)t->edition,
                         .stage = (uint8_t)t->stage,
                         .what = (uint8_t)t->task};
    json_out_z(j, "why", story_why(t->p, &d, rq->language, rq->arena));
    json_out_z(j, "accept", task->accept.text[rq->language]);
    json_out_z(j, "record", task->record.text[rq->language]);
    json_out_bool(j, "guardian_first", task->guardian_first);
    json_out_bool(j, "yields_to_care", task->yields);
    json_out_array(j, "specimens");
    for (int32_t i = 0; i < words_count(WORDS_SPECIMEN); i++)
        if (task->specimens >> i & 1) show_word(j, NULL, WORDS_SPECIMEN, i, rq->language);
    for (uint8_t i = 0; i < task->set_count; i++) show_word(j, NULL, WORDS_SPECIMEN, task->set[i], rq->language);
    json_out_end(j);
    if (task->pool > 0) json_out_int(j, "pool", task->pool);
    if (task->never_from >= 0) json_out_int(j, "never_from_minute", task->never_from);
    if (task->never_until >= 0) json_out_int(j, "never_until_minute", task->never_until);
    if (task->never_over_km > 0) json_out_int(j, "never_over_km", task->never_over_km);
}

static tong_code tasks_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct tasks_row t;
    tong_code code = tasks_seen(rq, rq->part_number[0], &t, err);
    if (code != TONG_OK) return code;
    rq->looked_at = t.subject;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = tasks_head(rq, &j, &t, err);
    if (code == TONG_OK) code = tasks_address(rq, &j, &t, err);
    tasks_rules(rq, &j, &t);
    json_out_bool(&j, "mine", tasks_mine(rq, &t));
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "task");
}

// ---- what became of it ----

static const struct record_word tasks_outcomes[] = {
    {"done", LABEL("done", "已完成")},
    {"refused", LABEL("refused", "对方拒绝")},
    {"seen_well", LABEL("seen, well", "见到，无异常")},
    {"seen_ill", LABEL("seen, ill", "见到，有症状")},
    {"not_seen", LABEL("not seen", "未见到")},
    {"not_attempted", LABEL("not attempted", "未随访")},
    {"sampled", LABEL("sample taken", "已采样")},
    {"lost", LABEL("cannot be found", "失访")},
    {"found", LABEL("found again", "重新找到")},
};
static const uint8_t tasks_events[] = {EVENT_DONE,     EVENT_REFUSED,  EVENT_SEEN_WELL,
                                       EVENT_SEEN_ILL, EVENT_NOT_SEEN, EVENT_NOT_ATTEMPTED,
                                       EVENT_SAMPLED,  EVENT_LOST,     EVENT_FOUND};
_Static_assert(sizeof tasks_events == sizeof tasks_outcomes / sizeof tasks_outcomes[0], "an event for each outcome");
static const struct record_word tasks_specimens[] = {SPECIMEN_WORDS(TASKS_ROLE)};

#define TASKS_WAY(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word tasks_ways[] = {FACT_WAY_WORDS(TASKS_WAY)};

struct tasks_outcome {
    struct str uid, note;
    int32_t outcome, specimen, way;
    double temperature;
    utc_sec happened;
};
static const struct record_field tasks_outcome_fields[] = {
    RECORD_ID(struct tasks_outcome, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_ENUM(struct tasks_outcome, outcome, tasks_outcomes, .required = true,
                .label = LABEL("what became of it", "办理结果")),
    RECORD_ENUM(struct tasks_outcome, specimen, tasks_specimens, .label = LABEL("specimen", "样本类型")),
    RECORD_ENUM(struct tasks_outcome, way, tasks_ways, .label = LABEL("how it was done", "办理方式")),
    RECORD_REAL(struct tasks_outcome, temperature, .least_real = FACT_TEMPERATURE_LEAST / 10.0,
                .most_real = FACT_TEMPERATURE_MOST / 10.0, .class = RECORD_PERSONAL,
                .label = LABEL("temperature in degrees Celsius, if it was measured", "体温（℃），未测量留空")),
    RECORD_INSTANT(struct tasks_outcome, happened, .label = LABEL("when; now if not said", "发生时间，默认当前")),
    RECORD_TEXT(struct tasks_outcome, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_kind tasks_outcome_kind =
    RECORD_KIND("task_outcome", struct tasks_outcome, tasks_outcome_fields);

static tong_code tasks_written(struct request *rq, struct reply *rp, const struct command *c, struct err *err)
{
    struct intake_outcome out;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "task", c->about);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "task");
}

static tong_code tasks_outcome_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct tasks_outcome *body = rq->row;
    struct tasks_row t;
    tong_code code = tasks_seen(rq, rq->part_number[0], &t, err);
    if (code != TONG_OK) return code;
    if (!tasks_mine(rq, &t) && !show_reaches(rq, RIGHT_FACT_RECORD, t.subject)) {
        request_fault(rq, &tasks_message[TASKS_NOT_YOURS], NULL, NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    struct command c = show_command(rq, COMMAND_DONE);
    (void)uid_parse(body->uid, c.uid);
    c.about = t.id;
    c.fact.kind = tasks_events[body->outcome];
    if (body->happened.s != UTC_NONE.s) c.fact.happened = c.fact.known = body->happened;
    if (c.fact.kind == EVENT_SAMPLED && body->specimen < 0) {
        request_fault(rq, &tasks_message[TASKS_SPECIMEN], "specimen", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    if (c.fact.kind == EVENT_SAMPLED) c.fact.word = (uint8_t)body->specimen;
    bool visit = fact_is_visit((event_word)c.fact.kind);
    if (visit && body->way >= 0) c.fact.word = (uint8_t)body->way;
    if (isfinite(body->temperature)) c.fact.value = (int32_t)lround(body->temperature * 10);
    if (c.fact.value != 0 && !fact_temperature_fits((event_word)c.fact.kind, c.fact.value)) {
        request_fault(rq, &tasks_message[TASKS_TEMPERATURE], "temperature", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    c.note = body->note;
    return tasks_written(rq, rp, &c, err);
}

struct tasks_assignee {
    struct str uid;
    int64_t account;
};
static const struct record_field tasks_assignee_fields[] = {
    RECORD_ID(struct tasks_assignee, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_INTEGER(struct tasks_assignee, account, .required = true, .least = 0, .most = INT32_MAX,
                   .label = LABEL("account; 0: nobody any more", "账号编号；0 表示取消指派")),
};
static const struct record_kind tasks_assignee_kind =
    RECORD_KIND("task_assignee", struct tasks_assignee, tasks_assignee_fields);

// Taking what is addressed to one's own role, and giving it back, asks for no more than doing it.
static tong_code tasks_assignee_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct tasks_assignee *body = rq->row;
    struct tasks_row t;
    tong_code code = tasks_seen(rq, rq->part_number[0], &t, err);
    if (code != TONG_OK) return code;
    bool own = tasks_mine(rq, &t) &&
               (body->account == rq->actor.account || (body->account == 0 && t.assigned == rq->actor.account));
    if (!own && !show_reaches(rq, RIGHT_TASK_ASSIGN, t.place != 0 ? t.place : t.subject)) {
        request_fault(rq, &tasks_message[TASKS_NOT_YOURS], "account", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    struct command c = show_command(rq, COMMAND_ASSIGN);
    (void)uid_parse(body->uid, c.uid);
    c.about = t.id;
    c.account_about = body->account;
    return tasks_written(rq, rp, &c, err);
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter tasks_parameters[] = {
    {.name = "state",
     .type = PARAMETER_WORD,
     WORDS_OF(tasks_states),
     .label = LABEL("open if not said", "状态，默认未完成")},
    {.name = "whose", .type = PARAMETER_WORD, WORDS_OF(tasks_whose), .label = LABEL("whose", "归属")},
    {.name = "role", .type = PARAMETER_WORD, WORDS_OF(tasks_roles), .label = LABEL("role", "岗位")},
    {.name = "verb", .type = PARAMETER_WORDS, WORDS_OF(tasks_verbs), .label = LABEL("what is to be done", "任务动作")},
    {.name = "what",
     .type = PARAMETER_TEXT,
     .most = 400,
     .label = LABEL("names of tasks, parted by commas", "任务名称，以逗号分隔")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("in this place", "所在场所")},
    {.name = "subject", .type = PARAMETER_UID, .label = LABEL("about this person or place", "针对的人员或场所")},
    {.name = "due_from", .type = PARAMETER_DAY, .label = LABEL("due on this day or later", "时限不早于")},
    {.name = "due_to", .type = PARAMETER_DAY, .label = LABEL("due on this day or before", "时限不晚于")},
    {.name = "opened_from", .type = PARAMETER_DAY, .label = LABEL("opened on this day or later", "下达不早于")},
    {.name = "opened_to", .type = PARAMETER_DAY, .label = LABEL("opened on this day or before", "下达不晚于")},
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the person's name", "人员姓名的一部分")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(tasks_sorts), .label = LABEL("sort", "排序")},
};
static const struct schema tasks_schemas[] = {
    {"task", "{\"type\":\"object\",\"properties\":{\"task\":{\"type\":\"integer\"},\"what\":{\"type\":\"object\"},"
             "\"verb\":{\"type\":\"object\"},"
             "\"role\":{\"type\":\"object\"},\"opened\":{\"type\":\"string\",\"format\":\"date-time\"},\"deadline\":{"
             "\"type\":[\"string\",\"null\"],"
             "\"format\":\"date-time\"},\"closed\":{\"type\":[\"string\",\"null\"]},\"overdue\":{\"type\":\"boolean\"},"
             "\"assigned\":{\"type\":[\"integer\",\"null\"]},\"subject\":{\"type\":[\"object\",\"null\"]},\"place\":{"
             "\"type\":[\"object\",\"null\"]},\"path\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"},
    {"task_written", "{\"type\":\"object\",\"properties\":{\"task\":{\"type\":\"integer\"},\"fact\":{\"type\":"
                     "\"integer\"},\"repeated\":{\"type\":\"boolean\"}}}"},
};
static const struct route tasks_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/tasks",
     .name = "task_list",
     .right = RIGHT_TASK_SEE,
     .handler = tasks_list,
     .list = true,
     ROUTE_PARAMETERS(tasks_parameters),
     .schema_out = "task",
     .label = LABEL("tasks: mine, of a role, of a place, overdue", "任务列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/tasks/{task}",
     .name = "task_get",
     .right = RIGHT_TASK_SEE,
     .handler = tasks_get,
     .part = {PARAMETER_INTEGER},
     .looks = true,
     .schema_out = "task",
     .label = LABEL("one task: why, what counts as done, what to write down", "任务详情")},
    {.method = HTTP_PUT,
     .path = "/api/v1/tasks/{task}/outcome",
     .name = "task_outcome",
     .right = RIGHT_TASK_DO,
     .handler = tasks_outcome_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &tasks_outcome_kind,
     .schema_out = "task_written",
     .label = LABEL("what became of a task", "登记任务结果")},
    {.method = HTTP_PUT,
     .path = "/api/v1/tasks/{task}/assignee",
     .name = "task_assignee",
     .right = RIGHT_TASK_SEE,
     .handler = tasks_assignee_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &tasks_assignee_kind,
     .schema_out = "task_written",
     .label = LABEL("give a task to somebody, or take it", "指派或认领任务")},
};
const struct route_table tasks_routes = {.rows = tasks_rows,
                                         .count = sizeof tasks_rows / sizeof tasks_rows[0],
                                         .schemas = tasks_schemas,
                                         .schema_count = sizeof tasks_schemas / sizeof tasks_schemas[0]};
