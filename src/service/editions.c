#include "service/editions.h"

#include "base/limits.h"
#include "protocol/diff.h"
#include "protocol/explain.h"
#include "protocol/picture.h"
#include "service/editions_affected.h"
#include "service/editions_check.h"
#include "service/editions_read.h"
#include "service/service.h"
#include "service/show.h"
#include "store/entry.h"

#include <string.h>

enum editions_fault { EDITIONS_PATHWAY, EDITIONS_EVERYWHERE, EDITIONS_FAULT_COUNT };
static const struct message editions_message[EDITIONS_FAULT_COUNT] = {
    [EDITIONS_PATHWAY] = {"pathway-unknown", PROBLEM_ERROR, LABEL("this edition has no such pathway", "该版方案没有此流程"),
                          LABEL("choose one of its \"pathways\"", "请从该版方案的流程中选择")},
    [EDITIONS_EVERYWHERE] = {"edition-everywhere", PROBLEM_ERROR, LABEL("an edition holds for the whole jurisdiction", "方案适用于整个辖区"),
                             LABEL("have it signed by somebody whose rights have no bounds", "请由全辖区权限的人员签发")},
};

static const char *const editions_states[] = {"proposed", "half_signed", "signed", "in_force", "over", "taken_back"};
_Static_assert(sizeof editions_states / sizeof editions_states[0] == EDITION_STATE_COUNT, "a word for each state");

static void editions_fill(struct request *rq, struct editions_row *out)
{
    const sql_id q = sql_edition_rows;
    const struct rulebook book = service_book(rq->service);
    *out = (struct editions_row){.id = db_int(rq->db, q, 0, 0),
                                 .state = (int32_t)db_int(rq->db, q, 2, 0),
                                 .proposed = {db_int(rq->db, q, 3, UTC_NONE.s)},
                                 .proposed_by = db_int(rq->db, q, 4, 0),
                                 .first_signer = db_int(rq->db, q, 5, 0),
                                 .second_signer = db_int(rq->db, q, 6, 0),
                                 .begins = {db_int(rq->db, q, 7, UTC_NONE.s)},
                                 .ended = {db_int(rq->db, q, 8, UTC_NONE.s)},
                                 .version = db_int(rq->db, q, 9, 0)};
    if (out->id >= 0 && (size_t)out->id < book.count) out->p = book.editions[out->id];
}

static void editions_head(struct request *rq, struct json_out *j, const struct editions_row *e)
{
    json_out_int(j, "edition", e->id);
    json_out_z(j, "state", e->state >= 0 && e->state < EDITION_STATE_COUNT ? editions_states[e->state] : NULL);
    json_out_instant(j, "proposed", e->proposed);
    json_out_int(j, "proposed_by", e->proposed_by); // accounts; 0: the system at its first start, or nobody yet
    json_out_int(j, "first_signer", e->first_signer);
    json_out_int(j, "second_signer", e->second_signer);
    json_out_instant(j, "begins", e->begins);
    json_out_instant(j, "ended", e->ended);
    json_out_int(j, "version", e->version);
    if (e->p == NULL) return;
    json_out_z(j, "name", e->p->id);
    json_out_z(j, "label", e->p->name.text[rq->language]);
    json_out_z(j, "disease", e->p->disease);
    json_out_day(j, "from", e->p->from);
    json_out_day(j, "until", e->p->until);
}

static tong_code editions_list(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_edition_rows;
    tong_code code = db_ask(rq->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    while (db_next(rq->db, q)) {
        struct editions_row e;
        editions_fill(rq, &e);
        json_out_object(&j, NULL);
        editions_head(rq, &j, &e);
        json_out_end(&j);
    }
    code = db_done(rq->db, q, err);
    json_out_end(&j);
    json_out_int(&j, "in_force", service_edition(rq->service));
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "editions");
}

tong_code editions_find(struct request *rq, struct str name, struct editions_row *out, struct err *err)
{
    const sql_id q = sql_edition_rows;
    int64_t number = -1;
    bool found = false, numbered = str_int(name, &number);
    tong_code code = db_ask(rq->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, q)) {
        struct editions_row e;
        editions_fill(rq, &e);
        if (numbered ? e.id != number : e.p == NULL || !str_eq_z(name, e.p->id)) continue;
        *out = e;
        found = true;
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    return found && out->p != NULL ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "no such edition");
}

tong_code editions_named(struct request *rq, struct editions_row *out, struct err *err)
{
    return editions_find(rq, rq->part[0], out, err);
}

static tong_code editions_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct editions_row e;
    tong_code code = editions_named(rq, &e, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    editions_head(rq, &j, &e);
    json_out_array(&j, "pathways");
    for (size_t i = 0; i < e.p->pathway_count; i++) {
        const struct pathway *w = &e.p->pathways[i];
        json_out_object(&j, NULL);
        json_out_z(&j, "word", w->name);
        json_out_z(&j, "label", w->label.text[rq->language]);
        json_out_array(&j, "stages");
        for (size_t k = 0; k < w->stage_count; k++)
            show_named(&j, NULL, e.p->stages[w->stage_first + k].name, &e.p->stages[w->stage_first + k].label, rq->language);
        json_out_end(&j);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_array(&j, "measures");
    for (size_t i = 0; i < e.p->measure_count; i++) show_named(&j, NULL, e.p->measures[i].name, &e.p->measures[i].label, rq->language);
    json_out_end(&j);
    json_out_array(&j, "tasks");
    for (size_t i = 0; i < e.p->task_count; i++) show_named(&j, NULL, e.p->tasks[i].name, &e.p->tasks[i].label, rq->language);
    json_out_end(&j);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    show_version_etag(rp, e.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

// ---- reading ----

static tong_code editions_text(struct request *rq, struct reply *rp, struct err *err)
{
    struct editions_row e;
    tong_code code = editions_named(rq, &e, err);
    if (code == TONG_OK) code = db_ask(rq->db, sql_edition_text, &DB_I(e.id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_edition_text)) {
        struct str text = db_text(rq->db, sql_edition_text, 0);
        sink_bytes(&rp->body, text.p, text.n);
    }
    code = db_done(rq->db, sql_edition_text, err);
    rp->type = "text/plain; charset=utf-8";
    if (code != TONG_OK) return code;
    return sink_good(&rp->body) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

// The pathway asked for, PROTOCOL_NONE when none is; false with a problem when there is no such one.
static bool editions_pathway(struct request *rq, const struct protocol *p, uint8_t *pathway)
{
    struct str name = request_parameter(rq, "pathway");
    *pathway = name.p == NULL ? PROTOCOL_NONE : protocol_pathway(p, name);
    if (name.p == NULL || *pathway != PROTOCOL_NONE) return true;
    request_fault(rq, &editions_message[EDITIONS_PATHWAY], "pathway", NULL, NULL, NULL, NULL);
    return false;
}

static tong_code editions_explained(struct request *rq, struct reply *rp, struct err *err)
{
    struct editions_row e;
    struct explain_options options = {.language = rq->language, .columns = 0};
    tong_code code = editions_named(rq, &e, err);
    if (code != TONG_OK) return code;
    if (!editions_pathway(rq, e.p, &options.pathway)) return TONG_E_INVALID;
    protocol_explain(e.p, &options, &rp->body);
    rp->type = "text/markdown; charset=utf-8";
    return sink_good(&rp->body) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

static tong_code editions_picture(struct request *rq, struct reply *rp, struct err *err)
{
    struct editions_row e;
    uint8_t pathway;
    tong_code code = editions_named(rq, &e, err);
    if (code != TONG_OK) return code;
    if (!editions_pathway(rq, e.p, &pathway)) return TONG_E_INVALID;
    protocol_picture(e.p, pathway, rq->language, &rp->body);
    rp->type = "image/svg+xml";
    return sink_good(&rp->body) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

// Against the edition in force, or another one.
static tong_code editions_difference(struct request *rq, struct reply *rp, struct err *err)
{
    const struct rulebook book = service_book(rq->service);
    struct editions_row e, before = {.p = NULL};
    struct str from = request_parameter(rq, "from");
    int32_t now = service_edition(rq->service);
    tong_code code = editions_named(rq, &e, err);
    if (code == TONG_OK && from.p != NULL) code = editions_find(rq, from, &before, err);
    else if (code == TONG_OK && now >= 0 && (size_t)now < book.count) before.p = book.editions[now];
    if (code == TONG_OK && before.p == NULL) code = tong_fail(err, TONG_E_NOT_FOUND, "none is in force");
    if (code != TONG_OK) return code;
    (void)protocol_diff(before.p, e.p, rq->language, 0, &rp->body);
    rp->type = "text/markdown; charset=utf-8";
    return sink_good(&rp->body) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

// ---- writing ----

// Without bounds, or within bounds that hold every place there is.
static tong_code editions_everywhere(struct request *rq, struct err *err)
{
    enum { TOPS = 64 };
    const sql_id q = sql_place_tops;
    int64_t places[GRANTS_MAX];
    bool everywhere = false, all = true;
    size_t tops = 0;
    (void)actor_scopes(&rq->actor, RIGHT_PROTOCOL_SIGN, rq->now, places, GRANTS_MAX, &everywhere);
    tong_code code = everywhere ? TONG_OK : db_ask(rq->db, q, &DB_I(TOPS), 1, err);
    if (everywhere || code != TONG_OK) return code;
    while (db_next(rq->db, q)) {
        all = all && show_reaches(rq, RIGHT_PROTOCOL_SIGN, db_int(rq->db, q, 0, 0));
        tops++;
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK || (all && tops > 0 && tops < TOPS)) return code;
    request_fault(rq, &editions_message[EDITIONS_EVERYWHERE], NULL, NULL, NULL, NULL, NULL);
    return TONG_E_INVALID;
}

static tong_code editions_written(struct request *rq, struct reply *rp, const struct command *c, struct err *err)
{
    struct intake_outcome out;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = c->kind == COMMAND_EDITION_PROPOSE && !out.repeated ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "edition", out.made);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_int(&j, "in_force", service_edition(rq->service));
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "edition");
}

static tong_code editions_post(struct request *rq, struct reply *rp, struct err *err)
{
    tong_code code = editions_everywhere(rq, err);
    if (code != TONG_OK) return code;
    struct command c = show_command(rq, COMMAND_EDITION_PROPOSE);
    if (rq->method == HTTP_PUT) memcpy(c.uid, rq->part_uid[0], UID_BYTES);
    c.text = rq->body;
    c.until = request_parameter_instant(rq, "begins");
    return editions_written(rq, rp, &c, err);
}

struct editions_step {
    struct str uid;
};
static const struct record_field editions_step_fields[] = {
    RECORD_ID(struct editions_step, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1, .label = LABEL("identifier made by the client", "客户端生成的标识")),
};
static const struct record_kind editions_step_kind = RECORD_KIND("edition_step", struct editions_step, editions_step_fields);

static tong_code editions_step(struct request *rq, struct reply *rp, command_kind kind, struct err *err)
{
    const struct editions_step *body = rq->row;
    struct editions_row e;
    tong_code code = editions_named(rq, &e, err);
    if (code != TONG_OK) return code;
    code = editions_everywhere(rq, err);
    if (code != TONG_OK) return code;
    struct command c = show_command(rq, kind);
    (void)uid_parse(body->uid, c.uid);
    c.about = e.id;
    return editions_written(rq, rp, &c, err);
}

static tong_code editions_signature_put(struct request *rq, struct reply *rp, struct err *err)
{
    return editions_step(rq, rp, COMMAND_EDITION_SIGN, err);
}

static tong_code editions_withdrawal_put(struct request *rq, struct reply *rp, struct err *err)
{
    return editions_step(rq, rp, COMMAND_EDITION_TAKE_BACK, err);
}

// ---- the routes ----

static const struct parameter editions_pathway_parameters[] = {
    {.name = "pathway", .type = PARAMETER_TEXT, .most = 64, .label = LABEL("this pathway alone", "仅此流程")},
};
static const struct parameter editions_picture_parameters[] = {
    {.name = "pathway", .type = PARAMETER_TEXT, .most = 64, .required = true, .label = LABEL("pathway", "流程")},
};
static const struct parameter editions_difference_parameters[] = {
    {.name = "from", .type = PARAMETER_TEXT, .most = 64, .label = LABEL("against this edition; the one in force if not said", "与哪一版比较，默认现行版本")},
};
static const struct parameter editions_affected_parameters[] = {
    {.name = "at", .type = PARAMETER_INSTANT, .label = LABEL("were it in force from then; now or its own begin if not said", "设想的生效时间，默认当前或拟定生效时间")},
};
static const struct parameter editions_post_parameters[] = {
    {.name = "begins", .type = PARAMETER_INSTANT, .label = LABEL("comes into force at; once signed if not said", "生效时间，默认签发后即生效")},
};
static const struct schema editions_schemas[] = {
    {"edition", "{\"type\":\"object\",\"properties\":{\"edition\":{\"type\":\"integer\"},\"state\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
                "\"label\":{\"type\":\"string\"},\"proposed\":{\"type\":\"string\"},\"begins\":{\"type\":[\"string\",\"null\"]},\"ended\":{\"type\":[\"string\",\"null\"]},"
                "\"pathways\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
    {"edition_list", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/edition\"}},\"in_force\":{\"type\":\"integer\"}}}"},
    {"edition_check", "{\"type\":\"object\",\"properties\":{\"good\":{\"type\":\"boolean\"},\"errors\":{\"type\":\"integer\"},\"name\":{\"type\":\"string\"},"
                      "\"differences\":{\"type\":\"integer\"},\"problems\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
    {"edition_affected", "{\"type\":\"object\",\"properties\":{\"edition\":{\"type\":\"integer\"},\"at\":{\"type\":\"string\"},\"change\":{\"type\":\"object\"},"
                         "\"moves\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"enrolments\":{\"type\":\"integer\"},\"finish\":{\"type\":\"integer\"},\"move\":{\"type\":\"integer\"},"
                         "\"released\":{\"type\":\"integer\"},\"measures_ended\":{\"type\":\"integer\"},\"measures_proposed\":{\"type\":\"integer\"},"
                         "\"days_fewer\":{\"type\":\"integer\"}}}"},
    {"edition_written", "{\"type\":\"object\",\"properties\":{\"edition\":{\"type\":\"integer\"},\"fact\":{\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"},\"in_force\":{\"type\":\"integer\"}}}"},
};
#define EDITION "/api/v1/editions/{edition}"
static const struct route editions_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/editions", .name = "edition_list", .right = RIGHT_PROTOCOL_SEE, .handler = editions_list,
     .schema_out = "edition_list", .label = LABEL("editions of the protocol", "防控方案各版本")},
    {.method = HTTP_POST, .path = "/api/v1/editions", .name = "edition_propose", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_post, .body = BODY_BYTES,
     .body_max = LIMIT_PROTOCOL_BYTES, ROUTE_PARAMETERS(editions_post_parameters), .schema_out = "edition_written", .label = LABEL("propose an edition (the YAML file)", "提出新版方案")},
    {.method = HTTP_POST, .path = "/api/v1/editions/check", .name = "edition_check", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_check, .body = BODY_BYTES,
     .body_max = LIMIT_PROTOCOL_BYTES, .schema_out = "edition_check", .label = LABEL("is a protocol sound? Nothing is kept", "检查方案文件，不保存")},
    {.method = HTTP_PUT, .path = EDITION, .name = "edition_put", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_post, .part = {PARAMETER_UID},
     .body = BODY_BYTES, .body_max = LIMIT_PROTOCOL_BYTES, ROUTE_PARAMETERS(editions_post_parameters), .schema_out = "edition_written",
     .label = LABEL("propose an edition under an identifier of the client's, which may be repeated", "以客户端标识提出新版方案，可重复提交")},
    {.method = HTTP_GET, .path = EDITION, .name = "edition_get", .right = RIGHT_PROTOCOL_SEE, .handler = editions_get, .schema_out = "edition",
     .label = LABEL("one edition, its pathways, measures and tasks", "方案详情")},
    {.method = HTTP_GET, .path = EDITION "/text", .name = "edition_text", .right = RIGHT_PROTOCOL_SEE, .handler = editions_text, .label = LABEL("the file as proposed", "方案原文")},
    {.method = HTTP_GET, .path = EDITION "/explained", .name = "edition_explained", .right = RIGHT_PROTOCOL_SEE, .handler = editions_explained,
     ROUTE_PARAMETERS(editions_pathway_parameters), .label = LABEL("the rules in plain sentences", "方案说明")},
    {.method = HTTP_GET, .path = EDITION "/picture", .name = "edition_picture", .right = RIGHT_PROTOCOL_SEE, .handler = editions_picture,
     ROUTE_PARAMETERS(editions_picture_parameters), .label = LABEL("a pathway as a picture (SVG)", "流程图")},
    {.method = HTTP_GET, .path = EDITION "/difference", .name = "edition_difference", .right = RIGHT_PROTOCOL_SEE, .handler = editions_difference,
     ROUTE_PARAMETERS(editions_difference_parameters), .label = LABEL("what changes against another edition", "与其他版本的差异")},
    {.method = HTTP_GET, .path = EDITION "/affected", .name = "edition_affected", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_affected,
     ROUTE_PARAMETERS(editions_affected_parameters), .schema_out = "edition_affected", .label = LABEL("who is affected, by stage", "受影响人员（按阶段）")},
    {.method = HTTP_PUT, .path = EDITION "/signature", .name = "edition_sign", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_signature_put,
     .body = BODY_RECORD, .record = &editions_step_kind, .schema_out = "edition_written", .label = LABEL("sign an edition", "签发方案")},
    {.method = HTTP_PUT, .path = EDITION "/withdrawal", .name = "edition_take_back", .right = RIGHT_PROTOCOL_SIGN, .handler = editions_withdrawal_put,
     .body = BODY_RECORD, .record = &editions_step_kind, .schema_out = "edition_written", .label = LABEL("take an edition back", "撤回方案")},
};
const struct route_table editions_routes = {.rows = editions_rows, .count = sizeof editions_rows / sizeof editions_rows[0],
                                            .schemas = editions_schemas, .schema_count = sizeof editions_schemas / sizeof editions_schemas[0]};
