#include "cli/book.h"

#include "protocol/read.h"

#include <stdlib.h>
#include <string.h>

enum { BOOK_EDITIONS_MAX = 256 };

struct cli_book {
    struct arena arena; // names and texts
    struct {
        struct str name, text;
    } edition[BOOK_EDITIONS_MAX];
    struct protocol protocol[BOOK_EDITIONS_MAX];
    const struct protocol *in_order[BOOK_EDITIONS_MAX];
    size_t count, read;
    struct rulebook rules;
};

static bool book_keep(struct cli_book *b, struct str text, struct str *out)
{
    const char *copy = arena_copy(&b->arena, text.p, text.n);
    *out = (struct str){copy, text.n};
    return copy != NULL;
}

// `extends` names another edition that was proposed here, the newest of that name.
static tong_code book_open_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    const struct cli_book *b = payload;
    struct str name = str_z(path);
    const char *slash = strrchr(path, '/');
    if (slash != NULL) name = str_z(slash + 1);
    if (name.n > 5 && str_eq_z((struct str){name.p + name.n - 5, 5}, ".yaml")) name.n -= 5;
    for (size_t i = b->count; i-- > 0;) {
        if (!str_eq(b->edition[i].name, name)) continue;
        out->p = arena_copy(arena, b->edition[i].text.p, b->edition[i].text.n);
        out->n = b->edition[i].text.n;
        return out->p == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for a protocol") : TONG_OK;
    }
    return tong_fail(err, TONG_E_NOT_FOUND, "no edition \"%.*s\" was proposed", STR_ARG(name));
}

static tong_code book_texts(struct cli_book *b, struct db *db, struct err *err)
{
    const sql_id q = sql_edition_all;
    bool room = true;
    tong_code code = db_ask(db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (room && b->count < BOOK_EDITIONS_MAX && db_next(db, q)) {
        room = book_keep(b, db_text(db, q, 1), &b->edition[b->count].name) &&
               book_keep(b, db_text(db, q, 2), &b->edition[b->count].text);
        b->count++;
    }
    code = db_done(db, q, err);
    return code != TONG_OK || room ? code : tong_fail(err, TONG_E_NOMEM, "no memory for the editions");
}

static tong_code book_read(struct cli_book *b, struct err *err)
{
    struct arena arena = {0};
    tong_code code = TONG_OK;
    const struct protocol_source source = {book_open_file, b};
    for (size_t i = 0; i < b->count && code == TONG_OK; i++) {
        char path[160];
        struct problem_list problems = {.arena = &arena};
        struct str name = b->edition[i].name;
        (void)snprintf(path, sizeof path, "%.*s.yaml", (int)(name.n > 150 ? 150 : name.n), name.p);
        code = protocol_read(path, &source, &b->protocol[i], &problems, err);
        if (code == TONG_OK) b->in_order[b->read++] = &b->protocol[i];
        arena_reset(&arena);
    }
    arena_free(&arena);
    b->rules = (struct rulebook){b->in_order, b->read};
    return code;
}

tong_code cli_book_open(struct db *db, struct cli_book **out, struct err *err)
{
    struct cli_book *b = calloc(1, sizeof *b);
    if (b == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the editions");
    tong_code code = book_texts(b, db, err);
    if (code == TONG_OK) code = book_read(b, err);
    if (code == TONG_OK) *out = b;
    else cli_book_close(b);
    return code;
}

void cli_book_close(struct cli_book *b)
{
    if (b == NULL) return;
    for (size_t i = 0; i < b->read; i++) protocol_free(&b->protocol[i]);
    arena_free(&b->arena);
    free(b);
}

const struct rulebook *cli_book_rules(const struct cli_book *b)
{
    return &b->rules;
}

bool cli_book_zone(struct db *db, struct zone *out)
{
    struct err err;
    bool good = false;
    if (db_ask(db, sql_meta_get, &DB_T(STR("zone")), 1, &err) != TONG_OK) return false;
    if (db_next(db, sql_meta_get)) good = zone_load(db_text(db, sql_meta_get, 0), out, &err) == TONG_OK;
    return db_done(db, sql_meta_get, &err) == TONG_OK && good;
}
