#include "service/editions_check.h"

#include "protocol/diff.h"
#include "protocol/read.h"
#include "service/service.h"

#include <string.h>

// `extends:` names an edition that was proposed before.
static tong_code check_open(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    struct request *rq = payload;
    const char *base = strrchr(path, '/');
    struct str name = str_z(base == NULL ? path : base + 1);
    int64_t id = -1;
    if (name.n > 5 && str_eq_z((struct str){name.p + name.n - 5, 5}, ".yaml")) name.n -= 5;
    if (str_eq_z(name, "proposed")) {
        *out = rq->body;
        return TONG_OK;
    }
    tong_code code = db_ask(rq->db, sql_edition_rows, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, sql_edition_rows))
        if (str_eq(db_text(rq->db, sql_edition_rows, 1), name)) id = db_int(rq->db, sql_edition_rows, 0, -1);
    code = db_done(rq->db, sql_edition_rows, err);
    if (code == TONG_OK && id < 0) code = tong_fail(err, TONG_E_NOT_FOUND, "no edition \"%.*s\" was proposed", STR_ARG(name));
    if (code == TONG_OK) code = db_ask(rq->db, sql_edition_text, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_edition_text)) {
        struct str text = db_text(rq->db, sql_edition_text, 0);
        out->p = arena_copy(arena, text.p, text.n);
        out->n = text.n;
        if (out->p == NULL) code = tong_fail(err, TONG_E_NOMEM, "no memory for a protocol");
    }
    tong_code done = db_done(rq->db, sql_edition_text, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? done : code;
}

static void check_problems(struct request *rq, struct json_out *j, const struct problem_list *list)
{
    static const char *const severities[] = {"error", "warning", "note"};
    json_out_array(j, "problems");
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *p = &list->items[i];
        struct message turned = *p->message; // the remedy has arguments too
        struct problem remedy = *p;
        turned.text = turned.remedy;
        remedy.message = &turned;
        json_out_object(j, NULL);
        json_out_z(j, "severity", severities[p->message->severity]);
        json_out_z(j, "slug", p->message->slug);
        json_out_int(j, "line", p->line);
        json_out_int(j, "column", p->column);
        json_out_z(j, "path", p->path);
        json_out_z(j, "text", problem_text(p, rq->language, rq->arena));
        json_out_z(j, "remedy", problem_text(&remedy, rq->language, rq->arena));
        json_out_end(j);
    }
    json_out_end(j);
}

tong_code editions_check(struct request *rq, struct reply *rp, struct err *err)
{
    const struct rulebook book = service_book(rq->service);
    const struct protocol_source source = {check_open, rq};
    struct problem_list problems = {.arena = rq->arena};
    struct protocol p = {0};
    int32_t now = service_edition(rq->service);
    tong_code code = protocol_read("proposed.yaml", &source, &p, &problems, err);
    if (code != TONG_OK && code != TONG_E_INVALID && code != TONG_E_NOT_FOUND) return code;
    bool good = code == TONG_OK;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_bool(&j, "good", good);
    json_out_int(&j, "errors", (int64_t)problems.errors);
    if (good) {
        json_out_z(&j, "name", arena_printf(rq->arena, "%s-%s", p.family, p.edition));
        json_out_z(&j, "label", p.name.text[rq->language]);
        if (now >= 0 && (size_t)now < book.count) {
            struct sink unread = {0};
            struct diff_count count = protocol_diff(book.editions[now], &p, rq->language, 0, &unread);
            sink_close(&unread);
            json_out_bool(&j, "same_family", strcmp(book.editions[now]->family, p.family) == 0);
            json_out_int(&j, "differences", (int64_t)count.total);
        }
    }
    check_problems(rq, &j, &problems);
    json_out_end(&j);
    protocol_free(&p);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "check");
}
