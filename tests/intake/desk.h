// desk.h -- one who records: an intake over a fresh database on either engine, with a clock of its own, and the
// commands that tests of records give it.
#ifndef TONG_TESTS_DESK_H
#define TONG_TESTS_DESK_H

#include "intake/rebuild.h"
#include "store/engines.h"
#include "store/person.h"

#include <libpq-fe.h>

struct desk {
    const struct engine *e;
    struct intake *in;
    char vault[160];
    utc_sec now;
    uint32_t serial;
    struct arena arena;
    struct problem_list problems; // of the last command
    struct err err;
};

// A number from the database: column 1 of the first row, INT64_MIN when there is none or it is NULL.
TAP_UNUSED static int64_t desk_number(const struct desk *d, const char *sql)
{
    int64_t v = INT64_MIN;
    if (d->e->postgresql) {
        PGconn *conn = PQconnectdb(d->e->where);
        PGresult *r = PQexec(conn, sql);
        if (PQresultStatus(r) != PGRES_TUPLES_OK) (void)printf("# %s: %s", sql, PQerrorMessage(conn));
        else if (PQntuples(r) > 0 && !PQgetisnull(r, 0, 0)) v = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
        PQclear(r);
        PQfinish(conn);
        return v;
    }
    sqlite3 *conn = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_open_v2(d->e->where, &conn, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(conn, sql, -1, &s, NULL) != SQLITE_OK)
        (void)printf("# %s: %s\n", sql, sqlite3_errmsg(conn));
    else if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL) v = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(conn);
    return v;
}
#define DESK_NUMBER(d, ...) desk_number_of((d), __VA_ARGS__)
TAP_UNUSED __attribute__((format(printf, 2, 3))) static int64_t desk_number_of(const struct desk *d, const char *fmt,
                                                                               ...)
{
    char sql[800];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    return desk_number(d, sql);
}

// A uid that is told apart by its last number.
TAP_UNUSED static void desk_uid(uint32_t n, unsigned char out[UID_BYTES])
{
    static const unsigned char base[UID_BYTES] = {0x01, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80};
    memcpy(out, base, UID_BYTES);
    for (int i = 0; i < 4; i++) out[15 - i] = (unsigned char)(n >> (8 * i));
}
TAP_UNUSED static struct str desk_uid_text(struct desk *d, uint32_t n)
{
    unsigned char uid[UID_BYTES];
    char text[UID_TEXT];
    desk_uid(n, uid);
    uid_format(uid, text);
    return (struct str){arena_copy(&d->arena, text, UID_TEXT - 1), UID_TEXT - 1};
}

TAP_UNUSED static struct intake_outcome desk_take(struct desk *d, struct command c)
{
    struct intake_outcome out = {0};
    d->problems = (struct problem_list){.arena = &d->arena};
    out.problems = &d->problems;
    d->now.s += 60;
    if (c.at.s == 0) c.at = d->now;
    if (uid_is_none(c.uid)) desk_uid(1000000 + ++d->serial, c.uid);
    tong_code code = intake_take(d->in, &c, 1, &out, &d->err);
    if (code != TONG_OK) {
        (void)printf("# intake: %s\n", d->err.text);
        out.code = code;
    }
    return out;
}
// It must be taken; says why not.
#define DESK_DO(d, ...) desk_do((d), (struct command)__VA_ARGS__, __FILE__, __LINE__)
TAP_UNUSED static struct intake_outcome desk_do(struct desk *d, struct command c, const char *file, int line)
{
    struct intake_outcome out = desk_take(d, c);
    tap_ok(out.code == TONG_OK, true, "taken", file, line, "command %d: %s", (int)c.kind, err_slug(out.code));
    if (out.code != TONG_OK)
        for (size_t i = 0; i < d->problems.count; i++) (void)printf("#   %s\n", d->problems.items[i].message->slug);
    return out;
}
TAP_UNUSED static bool desk_says(const struct desk *d, const char *slug)
{
    for (size_t i = 0; i < d->problems.count; i++)
        if (strcmp(d->problems.items[i].message->slug, slug) == 0) return true;
    return false;
}
// It must be refused, for this reason.
#define DESK_NOT(d, want, slug, ...) desk_not((d), (want), (slug), (struct command)__VA_ARGS__, __FILE__, __LINE__)
TAP_UNUSED static void desk_not(struct desk *d, tong_code want, const char *slug, struct command c, const char *file,
                                int line)
{
    int64_t rows = desk_number(d, "SELECT count(*) FROM fact");
    struct intake_outcome out = desk_take(d, c);
    tap_int(out.code, want, "out.code", file, line, "refused: %s", slug);
    if (!tap_ok(desk_says(d, slug), true, "the reason", file, line, "%s is said", slug))
        for (size_t i = 0; i < d->problems.count; i++) (void)printf("#   but %s\n", d->problems.items[i].message->slug);
    tap_ok(desk_number(d, "SELECT count(*) FROM fact") == rows, true, "nothing is left behind", file, line, "rows");
}

TAP_UNUSED static bool desk_open(struct desk *d, const struct engine *e)
{
    *d = (struct desk){.e = e, .now = {1660000000}}; // 2022-08-08 23:06:40 UTC
    (void)snprintf(d->vault, sizeof d->vault, "%s/t.db.vault", e->folder);
    const struct intake_options options = {.where = e->where, .vault = d->vault};
    return OK(intake_open(&options, &d->in, &d->err) == TONG_OK, "opened: %s", d->err.text);
}
TAP_UNUSED static bool desk_reopen(struct desk *d)
{
    const struct intake_options options = {.where = d->e->where, .vault = d->vault};
    intake_close(d->in);
    d->in = NULL;
    return OK(intake_open(&options, &d->in, &d->err) == TONG_OK, "opened again: %s", d->err.text);
}
TAP_UNUSED static void desk_close(struct desk *d)
{
    intake_close(d->in);
    arena_free(&d->arena);
}

// The chain must hold.
TAP_UNUSED static void desk_verify(struct desk *d, const char *when)
{
    struct vault *v = NULL;
    struct chain_report r = {0};
    tong_code code = vault_open_read(d->vault, &v, &d->err);
    if (code == TONG_OK) code = chain_verify_at(d->e->where, v, 2, &r, &d->err);
    vault_close(v);
    OK(code == TONG_OK && r.bad == 0, "%s the chain holds (%s, fact %lld)", when,
       code == TONG_OK ? chain_fault_label(r.fault)->text[LANG_EN] : d->err.text, (long long)r.first_bad);
}

// Everything derived must follow from the chain.
TAP_UNUSED static void desk_rebuild(struct desk *d, const char *when)
{
    char scratch[200];
    struct rebuild_report *r = calloc(1, sizeof *r);
    if (r == NULL) return;
    (void)snprintf(scratch, sizeof scratch, "%s/scratch", d->e->folder);
    const struct rebuild_options options = {.where = d->e->where, .vault = d->vault, .scratch = scratch};
    tong_code code = rebuild_check(&options, r, &d->err);
    OK(code == TONG_OK && r->differences == 0, "%s it is rebuilt the same: %lld rows, %lld differences %s", when,
       (long long)r->rows, (long long)r->differences, code == TONG_OK ? "" : d->err.text);
    for (int64_t i = 0; i < r->differences && i < 10; i++)
        (void)printf("#   %s\n", rebuild_text(&r->shown[i], LANG_EN, &d->arena));
    free(r);
}

// An edition of the shipped protocol in force, signed by accounts 1 and 2.
TAP_UNUSED static bool desk_edition(struct desk *d, const char *name)
{
    char path[400];
    static char text[1 << 20];
    (void)snprintf(path, sizeof path, "%s/%s.yaml",
                   getenv("TONGZHOU_PROTOCOLS") == NULL ? "protocols" : getenv("TONGZHOU_PROTOCOLS"), name);
    FILE *f = fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text, f);
    if (f != NULL) (void)fclose(f);
    struct intake_outcome out = DESK_DO(d, {.kind = COMMAND_EDITION_PROPOSE, .account = 1, .text = {text, n}});
    (void)DESK_DO(d, {.kind = COMMAND_EDITION_SIGN, .account = 1, .about = out.made});
    (void)DESK_DO(d, {.kind = COMMAND_EDITION_SIGN, .account = 2, .about = out.made});
    return OK(intake_edition(d->in) == out.made, "edition %s is in force", name);
}

// People and places, told apart by number.
TAP_UNUSED static struct person_record desk_person_record(struct desk *d, uint32_t n)
{
    struct person_record p = person_record_none();
    p.uid = desk_uid_text(d, n);
    p.name = STR("李四");
    (void)civil_parse(STR("1980-05-05"), &p.born);
    return p;
}
TAP_UNUSED static int64_t desk_person(struct desk *d, uint32_t n)
{
    struct person_record p = desk_person_record(d, n);
    return DESK_DO(d, {.kind = COMMAND_PERSON, .account = 1, .person = &p}).subject;
}
TAP_UNUSED static struct place_record desk_place_record(struct desk *d, uint32_t n, uint32_t parent, int32_t kind)
{
    struct place_record p = place_record_none();
    p.uid = desk_uid_text(d, n);
    if (parent != 0) p.parent = desk_uid_text(d, parent);
    p.kind = kind;
    p.name = STR("场所");
    return p;
}
TAP_UNUSED static int64_t desk_place(struct desk *d, uint32_t n, uint32_t parent, int32_t kind)
{
    struct place_record p = desk_place_record(d, n, parent, kind);
    return DESK_DO(d, {.kind = COMMAND_PLACE, .account = 1, .place = &p}).subject;
}
TAP_UNUSED static struct intake_outcome desk_fact(struct desk *d, struct fact f)
{
    return DESK_DO(d, {.kind = COMMAND_FACT, .account = 1, .fact = f});
}
TAP_UNUSED static struct intake_outcome desk_retract(struct desk *d, int64_t subject, int64_t fact)
{
    return desk_fact(d,
                     (struct fact){.kind = EVENT_RETRACTED, .subject = subject, .replaces = fact, .happened = d->now});
}

#endif
