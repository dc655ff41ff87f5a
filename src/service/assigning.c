#include "service/assigning.h"

#include "service/account.h"
#include "service/held.h"
#include "service/service.h"
#include "service/show.h"
#include "store/roll_row.h"

#include <stdio.h>
#include <string.h>

enum { ASSIGNING_HOLDERS = 500 };
enum assigning_fault { ASSIGNING_LIST, ASSIGNING_TASK, ASSIGNING_ACCOUNT, ASSIGNING_FAULT_COUNT };
static const struct message assigning_message[ASSIGNING_FAULT_COUNT] = {
    [ASSIGNING_LIST] = {"tasks-list", PROBLEM_ERROR,
                        LABEL("\"tasks\" must be a list of 1 to {1} numbers of tasks", "tasks 应为 1 至 {1} 个任务编号的列表"),
                        LABEL("send the rest in another request", "其余任务请另行提交")},
    [ASSIGNING_TASK] = {"task-unknown", PROBLEM_ERROR,
                        LABEL("there is no such task, or it is not yours to give out", "没有该任务，或不由您指派"),
                        LABEL("load the list again", "请刷新列表")},
    [ASSIGNING_ACCOUNT] = {"account-needed", PROBLEM_ERROR, LABEL("it is not said to whom", "没有填写指派给谁"),
                           LABEL("choose somebody; 0 takes the tasks back", "请选择人员；0 表示取消指派")},
};

// ---- who could do it ----

#define ASSIGNING_ROLE(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word assigning_roles[] = {ROLE_WORDS(ASSIGNING_ROLE)};

// Somebody of the role looks after the place, or something within it.
static bool assigning_fits(const struct roll *roll, int64_t theirs, int64_t place)
{
    return theirs == 0 || place == 0 || roll_place_within(roll, place, theirs) || roll_place_within(roll, theirs, place);
}

static int64_t assigning_open(const struct request *rq, int64_t account)
{
    struct roll_query q = {.list = ROLL_TASKS, .arena = rq->arena};
    show_filter(&q, ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    show_filter(&q, ROLL_TASK_ASSIGNED, ROLL_IS, (int32_t)account);
    return roll_count_all(rq->service->roll, &q);
}

static tong_code assigning_worker(struct request *rq, struct json_out *j, const struct grant_row *g, struct err *err)
{
    struct account a;
    struct roll *roll = rq->service->roll;
    tong_code code = account_get(rq->db, rq->service->vault, g->account, rq->arena, &a, err);
    if (code != TONG_OK) return code == TONG_E_NOT_FOUND ? TONG_OK : code;
    roll_read_begin(roll);
    int64_t open = assigning_open(rq, g->account);
    roll_read_end(roll);
    json_out_object(j, NULL);
    json_out_int(j, "account", g->account);
    json_out_text(j, "name", a.name);
    show_role(j, "role", g->grant.role, rq->language);
    json_out_int(j, "open", open);
    code = show_place(rq, j, "place", g->grant.place, err);
    json_out_end(j);
    return code;
}

static tong_code assigning_workers(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll *roll = rq->service->roll;
    struct grant_row *rows = arena_array(rq->arena, ASSIGNING_HOLDERS, sizeof *rows);
    int64_t place = 0, last = 0;
    size_t count = 0;
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "workers");
    if (!show_place_parameter(rq, "place", &place, err)) return TONG_E_INVALID;
    tong_code code = grant_holders(rq->db, request_parameter_word(rq, "role"), rq->now, rows, ASSIGNING_HOLDERS, &count, err);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        roll_read_begin(roll);
        bool shown = assigning_fits(roll, rows[i].grant.place, place) &&
                     actor_reaches(&rq->actor, RIGHT_TASK_ASSIGN, rq->now, roll, rows[i].grant.place);
        roll_read_end(roll);
        if (!shown || rows[i].account == last) continue; // rows of one account stand together
        last = rows[i].account;
        code = assigning_worker(rq, &j, &rows[i], err);
    }
    json_out_end(&j);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "workers");
}

// ---- many at once ----

static bool assigning_reached(const struct request *rq, int64_t task)
{
    struct roll *roll = rq->service->roll;
    int32_t column[ROLL_COLUMNS_MAX];
    roll_read_begin(roll);
    bool there = roll_get(roll, ROLL_TASKS, task, column) && column[ROLL_TASK_CLOSED] == ROLL_NONE;
    int64_t place = !there ? 0 : column[ROLL_TASK_PLACE] != ROLL_NONE && column[ROLL_TASK_PLACE] != 0
                                 ? column[ROLL_TASK_PLACE]
                                 : roll_place_of(roll, column[ROLL_TASK_SUBJECT]);
    bool reached = there && actor_reaches(&rq->actor, RIGHT_TASK_ASSIGN, rq->now, roll, place);
    roll_read_end(roll);
    return reached;
}

static tong_code assigning_put(struct request *rq, struct reply *rp, struct err *err)
{
    const json_t *tasks = json_object_get(rq->json, "tasks"), *account = json_object_get(rq->json, "account");
    size_t count = json_array_size(tasks), sound = 0;
    char most[16];
    bool held = false;
    (void)snprintf(most, sizeof most, "%d", ASSIGNING_MOST);
    if (count == 0 || count > ASSIGNING_MOST)
        request_fault(rq, &assigning_message[ASSIGNING_LIST], "tasks", arena_copy(rq->arena, most, strlen(most)), NULL, NULL, NULL);
    if (!json_is_integer(account) || json_integer_value(account) < 0 || json_integer_value(account) > INT32_MAX)
        request_fault(rq, &assigning_message[ASSIGNING_ACCOUNT], "account", NULL, NULL, NULL, NULL);
    if (rq->problems.count > 0) return TONG_E_INVALID;
    struct command *c = arena_array(rq->arena, count, sizeof *c);
    struct intake_outcome *out = arena_array(rq->arena, count, sizeof *out);
    struct problem_list *problems = arena_array(rq->arena, count, sizeof *problems);
    if (c == NULL || out == NULL || problems == NULL) return tong_fail(err, TONG_E_NOMEM, "tasks");
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(tasks, i);
        if (!json_is_integer(one) || !assigning_reached(rq, json_integer_value(one))) continue;
        c[sound] = show_command(rq, COMMAND_ASSIGN);
        memset(c[sound].uid, 0, sizeof c[sound].uid); // giving the same task to the same person again changes nothing
        c[sound].about = json_integer_value(one);
        c[sound].account_about = json_integer_value(account);
        problems[sound].arena = rq->arena;
        out[sound].problems = &problems[sound];
        sound++;
    }
    if (sound == 0) {
        request_fault(rq, &assigning_message[ASSIGNING_TASK], "tasks", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    tong_code code = held_take(rq, rp, c, sound, out, &held, err);
    if (code != TONG_OK || held) return code;
    int64_t taken = 0;
    for (size_t i = 0; i < sound; i++) taken += out[i].code == TONG_OK;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "taken", taken);
    json_out_int(&j, "refused", (int64_t)count - taken);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "tasks");
}

static const struct parameter assigning_parameters[] = {
    {.name = "role", .type = PARAMETER_WORD, .required = true, .words = assigning_roles,
     .word_count = (int32_t)(sizeof assigning_roles / sizeof assigning_roles[0]), .label = LABEL("role", "岗位")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("who looks after this place", "负责该场所的人员")},
};
static const struct schema assigning_schemas[] = {
    {"worker", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
               "\"account\":{\"type\":\"integer\"},\"name\":{\"type\":\"string\"},\"role\":{\"type\":\"object\"},\"open\":{\"type\":"
               "\"integer\"},\"place\":{\"type\":[\"object\",\"null\"]}}}}}}"},
    {"task_assignees", "{\"type\":\"object\",\"required\":[\"account\",\"tasks\"],\"properties\":{\"account\":{\"type\":\"integer\"},"
                       "\"tasks\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":500,\"items\":{\"type\":\"integer\"}}}}"},
    {"task_assigned", "{\"type\":\"object\",\"properties\":{\"taken\":{\"type\":\"integer\"},\"refused\":{\"type\":\"integer\"}}}"},
};
static const struct route assigning_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/workers",
     .name = "worker_list",
     .right = RIGHT_TASK_ASSIGN,
     .handler = assigning_workers,
     ROUTE_PARAMETERS(assigning_parameters),
     .schema_out = "worker",
     .label = LABEL("who of a role could be given work", "可指派的人员")},
    {.method = HTTP_PUT,
     .path = "/api/v1/tasks/assignees",
     .name = "task_assignees",
     .right = RIGHT_TASK_ASSIGN,
     .handler = assigning_put,
     .body = BODY_JSON,
     .schema = "task_assignees",
     .schema_out = "task_assigned",
     .label = LABEL("give many tasks to somebody", "批量指派任务")},
};
const struct route_table assigning_routes = {.rows = assigning_rows,
                                             .count = sizeof assigning_rows / sizeof assigning_rows[0],
                                             .schemas = assigning_schemas,
                                             .schema_count = sizeof assigning_schemas / sizeof assigning_schemas[0]};
