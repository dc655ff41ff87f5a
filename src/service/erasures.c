#include "service/erasures.h"

#include "service/audit.h"
#include "service/feed.h"
#include "service/held.h"
#include "service/imports.h"
#include "service/service.h"
#include "service/show.h"

#include <inttypes.h>

#define ERASURE_GROUND_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word erasure_grounds[] = {ERASURE_GROUNDS(ERASURE_GROUND_WORD)};
_Static_assert(sizeof erasure_grounds / sizeof erasure_grounds[0] == ERASURE_GROUND_COUNT, "a word for each ground");

struct erasure_body {
    int32_t ground;
};
// Who asks over the network cannot say that it was the command line: the last ground is left out.
static const struct record_field erasure_fields[] = {
    RECORD_FIELD(struct erasure_body, ground, RECORD_TYPE_ENUM, int32_t, .required = true, .words = erasure_grounds,
                 .word_count = ERASURE_GROUND_COUNT - 1, .label = LABEL("on which ground", "清除依据")),
};
static const struct record_kind erasure_kind = RECORD_KIND("erasure", struct erasure_body, erasure_fields);

tong_code erasure_audit(struct db *db, utc_sec at, int64_t account, int64_t confirmed_by, erasure_ground ground,
                        const struct erase_report *report, struct err *err)
{
    char detail[200];
    (void)snprintf(detail, sizeof detail,
                   "{\"ground\":\"%s\",\"records\":%" PRId64 ",\"facts\":%" PRId64 ",\"copies\":%" PRId64
                   ",\"confirmed_by\":%" PRId64 "}",
                   erasure_grounds[ground].word, report->people, report->facts, report->copies, confirmed_by);
    tong_code code = db_begin(db, err);
    if (code != TONG_OK) return code;
    code = audit_add(db, at, account, AUDIT_ERASED, 0, detail, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

struct erasure_job {
    struct arena *arena;
    int64_t person, account, confirmed_by;
    utc_sec at;
    erasure_ground ground;
    struct erase_report report;
};

static tong_code erasure_run(struct intake *intake, void *payload, struct err *err)
{
    struct erasure_job *job = payload;
    tong_code code = erase_person(intake, job->person, job->account, job->at, job->arena, &job->report, err);
    if (code != TONG_OK) return code;
    return erasure_audit(erase_db(intake), job->at, job->account, job->confirmed_by, job->ground, &job->report, err);
}

// Folders are the business of who runs the machine; here only how many could not be reached.
static tong_code erasure_out(struct reply *rp, const struct erase_report *r, struct err *err)
{
    int64_t missed = 0;
    for (size_t i = 0; i < r->missed.n; i++) missed += r->missed.p[i] == '\n';
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "state", "erased");
    json_out_int(&j, "records", r->people);
    json_out_int(&j, "facts", r->facts);
    json_out_int(&j, "derived", r->derived);
    json_out_int(&j, "messages", r->messages);
    json_out_int(&j, "looks", r->looks);
    json_out_int(&j, "accounts", r->accounts);
    json_out_int(&j, "import_faults", r->import_faults);
    json_out_int(&j, "copies", r->copies);
    json_out_int(&j, "copies_missed", missed);
    json_out_bool(&j, "scrubbed", r->scrubbed);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static const struct message erasure_self = {
    "own-record", PROBLEM_ERROR, LABEL("Nobody erases their own record.", "不能清除本人档案。"),
    LABEL("Ask a colleague who answers for the records.", "请由其他负责人员办理。")};

static tong_code erasure_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct erasure_body *body = rq->row;
    struct erasure_job job = {.arena = rq->arena, .account = rq->actor.account, .at = rq->now,
                              .confirmed_by = rq->actor.confirmed_by, .ground = (erasure_ground)body->ground};
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_ERASE, &job.person, err);
    if (code != TONG_OK) return code;
    if (job.person == rq->actor.person) return reply_problem(rq, rp, 403, &erasure_self, NULL, NULL, NULL);
    if (rq->actor.confirmed_by == 0) return held_keep(rq, rp, HELD_ERASURE, &job.person, 1, 0, err);
    roll_read_begin(rq->service->roll);
    int64_t place = roll_place_of(rq->service->roll, job.person);
    roll_read_end(rq->service->roll);
    rq->looked_at = 0; // who erased is in the audit: a note of a look would name the number again
    code = writer_do(rq->service->writer, erasure_run, &job, err);
    if (code != TONG_OK) return code;
    imports_erased(rq->service);
    feed_publish_gone(rq->service->feed, job.person, place);
    log_line(&rq->service->log, LOG_INFO, "erased", "account=%lld facts=%lld scrubbed=%d", (long long)job.account,
             (long long)job.report.facts, job.report.scrubbed);
    return erasure_out(rp, &job.report, err);
}

static const struct schema erasure_schemas[] = {
    {"erasure_done",
     "{\"type\":\"object\",\"properties\":{\"held\":{\"type\":\"integer\"},\"state\":{\"type\":\"string\"},"
     "\"records\":{\"type\":\"integer\"},\"facts\":{\"type\":\"integer\"},\"derived\":{\"type\":\"integer\"},"
     "\"messages\":{\"type\":\"integer\"},\"looks\":{\"type\":\"integer\"},\"accounts\":{\"type\":\"integer\"},"
     "\"import_faults\":{\"type\":\"integer\"},\"copies\":{\"type\":\"integer\"},\"copies_missed\":{\"type\":\"integer\"},"
     "\"scrubbed\":{\"type\":\"boolean\"}}}"},
};
static const struct route erasure_rows[] = {
    {.method = HTTP_POST,
     .path = "/api/v1/people/{person}/erasure",
     .name = "person_erase",
     .right = RIGHT_ERASE,
     .handler = erasure_post,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .body_max = 1024,
     .record = &erasure_kind,
     .schema_out = "erasure_done",
     .looks = true,
     .label = LABEL("erase a person for good; needs a second person", "永久清除一个人的全部信息（须第二人确认）")},
};
const struct route_table erasures_routes = {.rows = erasure_rows,
                                            .count = sizeof erasure_rows / sizeof erasure_rows[0],
                                            .schemas = erasure_schemas,
                                            .schema_count = sizeof erasure_schemas / sizeof erasure_schemas[0]};
