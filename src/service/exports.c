#include "service/exports.h"

#include "exchange/export.h"
#include "service/service.h"

#include <stdlib.h>
#include <string.h>

enum { EXPORTS_PIECE = 128 * 1024 };

struct exports_stream {
    struct service *service;
    struct actor actor;
    utc_sec now;
    right_word right; // of the kind, besides RIGHT_EXPORT
    struct db *db;
    struct rulebook book;
    struct export *e;
    struct sink piece;
    size_t sent; // of the piece
    bool more, good;
};

// The right to see what a kind holds: exporting reveals nothing that a list would not.
static right_word exports_right(export_kind kind)
{
    switch (kind) {
    case EXPORT_PLACES:
    case EXPORT_GATHERINGS: return RIGHT_PLACE_SEE;
    case EXPORT_CASES: return RIGHT_CASE_SEE;
    case EXPORT_CONTACTS:
    case EXPORT_FOLLOWUPS:
    case EXPORT_LINKS: return RIGHT_CONTACT_SEE;
    case EXPORT_TASKS: return RIGHT_TASK_SEE;
    case EXPORT_PEOPLE:
    case EXPORT_FACTS:
    case EXPORT_TESTS:
    case EXPORT_SAMPLES:
    case EXPORT_KIND_COUNT: break;
    }
    return RIGHT_PERSON_SEE;
}

static bool exports_may(void *payload, int64_t subject, record_class *class)
{
    const struct exports_stream *s = payload;
    struct roll *roll = s->service->roll;
    roll_read_begin(roll);
    int64_t place = roll_place_of(roll, subject);
    bool may = actor_reaches(&s->actor, RIGHT_EXPORT, s->now, roll, place) &&
               actor_reaches(&s->actor, s->right, s->now, roll, place);
    *class = actor_class(&s->actor, s->now, roll, place);
    roll_read_end(roll);
    return may;
}

static void exports_end(void *state)
{
    struct exports_stream *s = state;
    export_close(s->e);
    if (s->db != NULL) service_reader_give(s->service, s->db, s->good);
    sink_close(&s->piece);
    free(s);
}

static int64_t exports_more(void *state, char *buffer, size_t room)
{
    struct exports_stream *s = state;
    struct err err;
    while (s->sent == s->piece.n) {
        if (!s->more) return STREAM_END;
        s->piece.n = s->sent = 0; // the buffer stays
        s->good = export_next(s->e, &s->piece, EXPORTS_PIECE, &s->more, &err) == TONG_OK;
        if (!s->good) return STREAM_FAILED;
    }
    size_t n = s->piece.n - s->sent < room ? s->piece.n - s->sent : room;
    memcpy(buffer, s->piece.text + s->sent, n);
    s->sent += n;
    return (int64_t)n;
}

static const struct message exports_no_dialect = {
    "export-dialect", PROBLEM_ERROR,
    LABEL("only cases and contacts are written as other systems do, and as CSV", "只有病例和密接可按其他系统的格式导出，且仅限 CSV"),
    LABEL("leave the dialect out, or export cases or contacts", "请去掉 dialect 参数，或改为导出病例、密接")};

static const struct record_word exports_forms[] = {{"csv", LABEL("CSV", "CSV")},
                                                   {"jsonl", LABEL("JSON lines", "JSON 行")}};

static tong_code exports_get(struct request *rq, struct reply *rp, struct err *err)
{
    int32_t kind = export_kind_find(rq->part[0]);
    int64_t places[GRANTS_MAX];
    bool everywhere = false;
    if (kind < 0) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such export");
    bool own = request_parameter_word(rq, "dialect") <= DIALECT_OWN;
    if (!own && (!export_has_dialects((export_kind)kind) || request_parameter_word(rq, "form") == 1)) {
        request_fault(rq, &exports_no_dialect, "dialect", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    struct exports_stream *s = calloc(1, sizeof *s);
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "an export");
    s->service = rq->service;
    s->actor = rq->actor;
    s->now = rq->now;
    s->right = exports_right((export_kind)kind);
    s->book = service_book(rq->service);
    s->more = s->good = true;
    s->db = service_reader_take(rq->service, err);
    (void)actor_scopes(&rq->actor, RIGHT_SOURCE_SEE, rq->now, places, GRANTS_MAX, &everywhere);
    bool json = request_parameter_word(rq, "form") == 1;
    int32_t dialect = request_parameter_word(rq, "dialect");
    const struct export_options o = {.kind = (export_kind)kind,
                                     .form = json ? EXPORT_JSON_LINES : EXPORT_CSV,
                                     .dialect = dialect < 0 ? DIALECT_OWN : (export_dialect)dialect,
                                     .mark = request_parameter_bool(rq, "mark", false),
                                     .sources = everywhere,
                                     .class = RECORD_PUBLIC,
                                     .may = exports_may,
                                     .payload = s,
                                     .db = s->db,
                                     .vault = rq->service->vault,
                                     .book = &s->book,
                                     .zone = &rq->service->options.zone};
    tong_code code = s->db == NULL ? TONG_E_IO : export_open(&o, &s->e, err);
    if (code != TONG_OK) {
        exports_end(s);
        return code;
    }
    const char *name =
        arena_printf(rq->arena, "attachment; filename=\"%s%s%s.%s\"", own ? "" : export_dialect_words[dialect].word,
                     own ? "" : "-", export_kind_words[kind].word, json ? "jsonl" : "csv");
    if (name != NULL) reply_header(rp, "Content-Disposition", str_z(name));
    rp->type = json ? "application/x-ndjson" : "text/csv; charset=utf-8";
    rp->stream = exports_more;
    rp->stream_close = exports_end;
    rp->stream_state = s;
    return TONG_OK;
}

static const struct parameter exports_parameters[] = {
    {.name = "form",
     .type = PARAMETER_WORD,
     .words = exports_forms,
     .word_count = 2,
     .label = LABEL("CSV unless said otherwise", "格式，默认 CSV")},
    {.name = "dialect",
     .type = PARAMETER_WORD,
     .words = export_dialect_words,
     .word_count = DIALECT_COUNT,
     .label = LABEL("cases and contacts: as another system writes them", "病例、密接：按其他系统的格式")},
    {.name = "mark",
     .type = PARAMETER_BOOLEAN,
     .label = LABEL("a byte order mark in front, for Excel", "文件开头加 BOM（供 Excel 打开）")},
};
static const struct route exports_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/exports/{kind}",
     .name = "export_get",
     .right = RIGHT_EXPORT,
     .handler = exports_get,
     .part = {PARAMETER_TEXT},
     ROUTE_PARAMETERS(exports_parameters),
     .label = LABEL(
         "places, people, gatherings, facts, links, followups, tests, cases, contacts, samples or tasks, as a stream",
         "导出场所、人员、聚集活动、记录、接触、随访、检测、病例、密接、样本或任务")},
};
const struct route_table exports_routes = ROUTE_TABLE(exports_rows);
