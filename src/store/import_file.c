#define _GNU_SOURCE // memmem
#include "store/import_file.h"

#include <string.h>

// What is sealed under the master key is bound to a number: below those of accounts and held requests, one a part.
static int64_t import_file_about(int64_t import, int64_t n)
{
    return -((int64_t)1 << 50) - import * IMPORT_FILE_PARTS_MAX - n;
}

tong_code import_file_put(struct db *db, const struct vault *v, int64_t import, struct str text, struct err *err)
{
    struct arena arena = {0};
    if (text.n > (size_t)IMPORT_FILE_PART * IMPORT_FILE_PARTS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "the faulty rows are too many to be kept");
    tong_code code = db_run(db, sql_import_file_drop, &DB_I(import), 1, NULL, err);
    for (int64_t n = 0; code == TONG_OK && text.n > 0; n++) {
        size_t part = text.n < IMPORT_FILE_PART ? text.n : IMPORT_FILE_PART;
        struct str sealed = vault_seal(v, 0, import_file_about(import, n), (struct str){text.p, part}, &arena);
        const struct db_value in[] = {DB_I(import), DB_I(n), DB_B(sealed)};
        code = sealed.p == NULL ? tong_fail(err, TONG_E_NOMEM, "faulty rows")
                                : db_run(db, sql_import_file_put, in, 3, NULL, err);
        text = (struct str){text.p + part, text.n - part};
        arena_reset(&arena);
    }
    arena_free(&arena);
    return code;
}

tong_code import_file_get(struct db *db, const struct vault *v, int64_t import, struct sink *out, struct err *err)
{
    const sql_id q = sql_import_file_get;
    struct arena arena = {0};
    bool there = false, good = true;
    tong_code code = db_ask(db, q, &DB_I(import), 1, err);
    if (code != TONG_OK) return code;
    while (good && db_next(db, q)) {
        there = true;
        int64_t about = import_file_about(import, db_int(db, q, 0, 0));
        struct str plain = vault_unseal(v, 0, about, db_text(db, q, 1), &arena);
        good = plain.p != NULL;
        if (good) sink_bytes(out, plain.p, plain.n);
        arena_reset(&arena);
    }
    arena_free(&arena);
    code = db_done(db, q, err);
    if (code != TONG_OK) return code;
    return there && good ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "no faulty rows are kept of this import");
}

// A cell's quotes are doubled in the file: a text with a quote in it is looked for up to there.
static bool import_file_names(struct str file, struct str text)
{
    const char *quote = text.n == 0 ? NULL : memchr(text.p, '"', text.n);
    size_t n = quote == NULL ? text.n : (size_t)(quote - text.p);
    return n > 0 && file.n >= n && memmem(file.p, file.n, text.p, n) != NULL;
}

static tong_code import_file_numbers(struct db *db, int64_t after, int64_t *import, struct err *err)
{
    tong_code code = db_ask(db, sql_import_file_next, &DB_I(after), 1, err);
    if (code != TONG_OK) return code;
    *import = db_next(db, sql_import_file_next) ? db_int(db, sql_import_file_next, 0, 0) : 0;
    return db_done(db, sql_import_file_next, err);
}

tong_code import_file_erase(struct db *db, const struct vault *v, const struct str *texts, size_t text_count,
                            int64_t *count, struct err *err)
{
    int64_t import = 0, dropped;
    tong_code code = import_file_numbers(db, 0, &import, err);
    while (code == TONG_OK && import != 0 && text_count > 0) {
        struct sink file = {0};
        code = import_file_get(db, v, import, &file, err);
        bool names = code == TONG_E_NOT_FOUND; // cannot be opened: nobody misses it
        for (size_t i = 0; i < text_count && !names; i++) names = import_file_names(sink_kept(&file), texts[i]);
        if (code == TONG_E_NOT_FOUND) code = TONG_OK;
        sink_close(&file);
        if (code == TONG_OK && names) {
            code = db_run(db, sql_import_file_drop, &DB_I(import), 1, &dropped, err);
            *count += 1;
        }
        if (code == TONG_OK) code = import_file_numbers(db, import, &import, err);
    }
    return code;
}

tong_code import_file_sweep(struct db *db, utc_sec now, struct err *err)
{
    return db_run(db, sql_import_file_old, &DB_I(now.s - IMPORT_FILE_KEPT_S), 1, NULL, err);
}
