#include "store/db_inner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// Written by hand and not as a migration: it must be there before the first one.
static const char migration_table[] =
    "CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;\n";

static tong_code version_read(struct db *db, int32_t *version, struct err *err)
{
    tong_code code = db_ask(db, sql_migration_newest, NULL, 0, err);
    if (code != TONG_OK) return code;
    int32_t found = db_next(db, sql_migration_newest) ? (int32_t)db_int(db, sql_migration_newest, 0, 0) : 0;
    code = db_done(db, sql_migration_newest, err);
    if (code == TONG_OK) *version = found;
    return code;
}

static tong_code migrate_one(struct db *db, const struct sql_migration *m, bool first, struct err *err)
{
    tong_code code = db_begin(db, err);
    if (code != TONG_OK) return code;
    if (first) code = db->engine->script(db, migration_table, true, err);
    if (code == TONG_OK) code = db->engine->script(db, m->text, false, err);
    const struct db_value in[] = {DB_I(m->version), DB_T(str_z(m->name))};
    if (code == TONG_OK) code = db_run(db, sql_migration_put, in, 2, NULL, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

static tong_code refuse(struct db *db, int32_t version, int32_t newest, struct err *err)
{
    if (version > newest)
        return tong_fail(err, TONG_E_INVALID,
                         "the database has schema %d and this program knows %d: it was used by a newer program",
                         version, newest);
    return tong_fail(err, TONG_E_INVALID,
                     "the database has schema %d, this program needs %d: start the server once to %s it", version,
                     newest, db->mode == DB_READ ? "bring forward" : "migrate");
}

tong_code db_schema_settle(struct db *db, const struct sql_migration *migrations, struct err *err)
{
    int32_t newest = 0, version = 0;
    for (const struct sql_migration *m = migrations; m->version != 0; m++) {
        assert(m->version == newest + 1);
        newest = m->version;
    }
    db_found found = DB_FOUND_EMPTY;
    tong_code code = db->engine->found(db, &found, err);
    if (code != TONG_OK) return code;
    if (found == DB_FOUND_FOREIGN)
        return tong_fail(err, TONG_E_INVALID, "this is a database, but not one of Tongzhou's: %s",
                         db_is_postgresql(db) ? "name an empty one" : db->where);
    if (found == DB_FOUND_EMPTY && db->mode != DB_CREATE)
        return tong_fail(err, TONG_E_NOT_FOUND, "the database is empty: it has not been set up yet");
    if (found == DB_FOUND_OURS) code = version_read(db, &version, err);
    if (code != TONG_OK) return code;
    if (version > newest || (version < newest && db->mode != DB_CREATE)) return refuse(db, version, newest, err);
    for (const struct sql_migration *m = migrations + version; code == TONG_OK && m->version != 0; m++)
        code = migrate_one(db, m, found == DB_FOUND_EMPTY && m == migrations, err);
    return code == TONG_OK ? db_words_settle(db, err) : code;
}

// ---- the words of PostgreSQL ----

static const struct {
    const char *ours, *theirs;
} words[] = {
    {"INTEGER", "BIGINT"}, {"BLOB", "BYTEA"}, {"REAL", "DOUBLE PRECISION"},
    {"STRICT", ""},        {"WITHOUT", ""},   {"ROWID", ""},
};

static bool word_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *word_theirs(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].ours) == n && memcmp(words[i].ours, word, n) == 0) return words[i].theirs;
    return NULL;
}

// Types and table options are written in capitals, names in small letters: so a word is enough to go by. Quoted texts stay,
// and so do comments, should any be left. A comma between STRICT and WITHOUT ROWID falls with them.
char *db_schema_postgresql(const char *text)
{
    size_t n = strlen(text), at = 0;
    char *out = malloc(4 * n + 1); // no word grows more than REAL to DOUBLE PRECISION
    if (out == NULL) return NULL;
    bool dropped = false;
    for (const char *p = text; *p != 0;) {
        size_t length = 1;
        if (*p == '\'') {
            while (p[length] != 0 && p[length] != '\'') length++;
            if (p[length] != 0) length++;
        } else if (p[0] == '-' && p[1] == '-') {
            while (p[length] != 0 && p[length] != '\n') length++;
        } else if (word_letter(*p)) {
            while (word_letter(p[length])) length++;
            const char *theirs = word_theirs(p, length);
            if (theirs != NULL) {
                size_t m = strlen(theirs);
                memcpy(out + at, theirs, m);
                at += m;
                p += length;
                dropped = m == 0;
                continue;
            }
        }
        if (!(dropped && *p == ',')) {
            memcpy(out + at, p, length);
            at += length;
        }
        if (*p != ' ' && *p != '\n') dropped = false;
        p += length;
    }
    out[at] = 0;
    assert(at <= 4 * n);
    return out;
}
