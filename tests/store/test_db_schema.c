#include "protocol/words.h"
#include "store/db_inner.h"
#include "store/engines.h"

enum { ROOM = 256, TABLE_MAX = 32 };

static struct err err;

static bool made(const struct engine *e)
{
    struct db *db = NULL;
    tong_code code = db_open(e->where, DB_CREATE, &db, &err);
    if (!OK(code == TONG_OK, "made")) (void)printf("# %s\n", err.text);
    db_close(db);
    return code == TONG_OK;
}

static tong_code opens(const struct engine *e, db_mode mode)
{
    struct db *db = NULL;
    err.text[0] = 0;
    tong_code code = db_open(e->where, mode, &db, &err);
    db_close(db);
    return code;
}

// ---- newer, older ----

static void test_versions(const struct engine *e)
{
    if (!made(e)) return;
    EQ_INT(opens(e, DB_WRITE), TONG_OK, "opened again");
    OK(engine_run(e, "INSERT INTO migration (version, name) VALUES (999, '0999-of-tomorrow')"),
       "used by a newer program");
    static const db_mode modes[] = {DB_READ, DB_WRITE, DB_CREATE};
    for (int i = 0; i < 3; i++) {
        EQ_INT(opens(e, modes[i]), TONG_E_INVALID, "refused");
        OK(strstr(err.text, "newer program") != NULL, "and told why: %s", err.text);
    }
    OK(engine_run(e, "DELETE FROM migration WHERE version > 1"), "as an older one left it");
    if (db_schema_version() == 1) return;
    EQ_INT(opens(e, DB_READ), TONG_E_INVALID, "a reader does not migrate");
    OK(strstr(err.text, "start the server once") != NULL, "and says what to do");
    EQ_INT(opens(e, DB_WRITE), TONG_E_INVALID, "nor does a writer unasked");
}

// The program's own migrations, and more.
static void table_make(struct sql_migration *table, const struct sql_migration *more, size_t count)
{
    int32_t n = db_schema_version();
    memcpy(table, sql_migrations, (size_t)n * sizeof *table);
    for (size_t i = 0; i < count; i++) {
        table[n] = more[i];
        table[n].version = n + 1;
        n++;
    }
    table[n] = (struct sql_migration){0, NULL, NULL};
}

static tong_code settle(const struct engine *e, const struct sql_migration *more, size_t count)
{
    struct sql_migration table[TABLE_MAX];
    struct db *db = NULL;
    const struct db_engine *engine = e->postgresql ? &db_engine_postgresql : &db_engine_sqlite;
    table_make(table, more, count);
    tong_code code = engine->open(e->where, DB_CREATE, &db, &err);
    if (code == TONG_OK) code = db_schema_settle(db, table, &err);
    db_close(db);
    return code;
}

static void test_migrations(const struct engine *e)
{
    static const struct sql_migration steps[] = {
        {0, "next-a",
         "CREATE TABLE later (id INTEGER PRIMARY KEY, size REAL, body BLOB) STRICT;\n"
         "INSERT INTO later (id, size) VALUES (1, 0.5);\n"},
        {0, "next-b", "ALTER TABLE later ADD COLUMN name TEXT;\nINSERT INTO later (id, name) VALUES (2, 'b');\n"},
        {0, "next-bad", "INSERT INTO later (id) VALUES (3);\nALTER TABLE nowhere ADD COLUMN name TEXT;\n"},
        {0, "next-good", "INSERT INTO later (id) VALUES (4);\n"},
    };
    if (!made(e)) return;
    OK(engine_run(e, "INSERT INTO meta (key, value) VALUES ('kept', 'yes')"), "something in it");
    EQ_INT(settle(e, steps, 1), TONG_OK, "one step forward");
    EQ_INT(settle(e, steps, 1), TONG_OK, "not made twice");
    EQ_INT(settle(e, steps, 3), TONG_E_IO, "two more, the second of them faulty");
    OK(!engine_run(e, "INSERT INTO later (id, name) VALUES (2, 'again')"), "the first of the two holds");
    EQ_INT(settle(e, steps, 3), TONG_E_IO, "still faulty");
    static const struct sql_migration mended[] = {
        {0, "next-a", ""}, {0, "next-b", ""}, {0, "next-good", "INSERT INTO later (id) VALUES (4);\n"}};
    EQ_INT(settle(e, mended, 3), TONG_OK, "mended: the earlier ones are not made again");
    OK(engine_run(e, "INSERT INTO later (id) VALUES (3)"), "nothing of the faulty one is there");
    OK(!engine_run(e, "INSERT INTO later (id) VALUES (4)"), "all of the mended one is");
    OK(!engine_run(e, "INSERT INTO meta (key, value) VALUES ('kept', 'no')"), "what was there is still there");
    EQ_INT(opens(e, DB_WRITE), TONG_E_INVALID, "the program of yesterday refuses it");
}

// ---- words ----

static void test_words(const struct engine *e)
{
    if (!made(e)) return;
    OK(engine_run(e, "DELETE FROM word WHERE list = 5 AND number > 3"), "made before the last roles were added");
    EQ_INT(opens(e, DB_READ), TONG_OK, "a reader may know more");
    OK(engine_run(e, "DELETE FROM word WHERE list = 100"), "or before a whole list was");
    EQ_INT(opens(e, DB_WRITE), TONG_OK, "a writer adds what is new");
    OK(!engine_run(e, "INSERT INTO word (list, number, name) VALUES (5, 4, 'x')"), "it stands there now");
    OK(!engine_run(e, "INSERT INTO word (list, number, name) VALUES (100, 160, 'x')"), "and the whole list");

    OK(engine_run(e, "UPDATE word SET name = 'plumber' WHERE list = 5 AND number = 2"),
       "a number that meant something else");
    EQ_INT(opens(e, DB_WRITE), TONG_E_INVALID, "is refused");
    OK(strstr(err.text, "\"plumber\"") != NULL && strstr(err.text, "number 2 of list 5") != NULL, "by name: %s",
       err.text);
    EQ_INT(opens(e, DB_READ), TONG_E_INVALID, "by a reader too");
    char sql[ROOM];
    (void)snprintf(sql, sizeof sql, "UPDATE word SET name = '%s' WHERE list = 5 AND number = 2",
                   words_at(WORDS_ROLE, 2)->name);
    OK(engine_run(e, sql), "as it was");
    EQ_INT(opens(e, DB_WRITE), TONG_OK, "is accepted");

    OK(engine_run(e, "INSERT INTO word (list, number, name) VALUES (3, 77, 'sniffing')"), "a word of tomorrow");
    EQ_INT(opens(e, DB_READ), TONG_E_INVALID, "is refused");
    OK(strstr(err.text, "newer") != NULL, "as newer: %s", err.text);
    OK(engine_run(e, "UPDATE word SET list = 77 WHERE number = 77 AND list = 3"), "a list of tomorrow");
    EQ_INT(opens(e, DB_READ), TONG_E_INVALID, "is refused");
    OK(engine_run(e, "DELETE FROM word WHERE number = 77 AND list = 77"), "without it");
    EQ_INT(opens(e, DB_READ), TONG_OK, "is accepted");
    OK(engine_run(e, "DELETE FROM word WHERE list = 0 AND number = 3"), "a gap");
    EQ_INT(opens(e, DB_WRITE), TONG_E_INVALID, "is refused");
}

// words.golden has a line for each word the database knows: list, number, name. A line once released never changes.
static void test_golden(void)
{
    char path[ROOM], line[ROOM];
    FILE *f = fopen(tap_source("tests/store/words.golden", path, sizeof path), "r");
    if (!OK(f != NULL, "the golden list is there")) return;
    bool same = true;
    for (int32_t i = 0; i < db_word_list_count(); i++) {
        struct db_word_list l = db_word_list_at(i);
        for (int32_t n = l.first; same && n < l.first + l.count; n++) {
            char want[ROOM];
            (void)snprintf(want, sizeof want, "%d %d %s\n", l.list, n, l.name(l.list, n));
            if (fgets(line, sizeof line, f) == NULL) line[0] = 0;
            same = CHECK(strcmp(line, want) == 0, "list %d number %d is still %s", l.list, n, l.name(l.list, n));
            if (!same)
                (void)printf(
                    "# words.golden says: %.*s; the program: %s"
                    "# Words are only ever added at the end of their list; then add the line to words.golden.\n",
                    (int)strcspn(line, "\n"), line, want);
        }
    }
    OK(!same || fgets(line, sizeof line, f) == NULL, "no word was taken away");
    (void)fclose(f);
}

// ---- the schema in PostgreSQL's words ----

static void test_translation(void)
{
    static const struct {
        const char *ours, *theirs;
    } t[] = {
        {"a INTEGER, b BLOB, c REAL, d TEXT", "a BIGINT, b BYTEA, c DOUBLE PRECISION, d TEXT"},
        {"CREATE TABLE t (i INTEGER PRIMARY KEY) STRICT;", "CREATE TABLE t (i BIGINT PRIMARY KEY) ;"},
        {"(i INTEGER) STRICT, WITHOUT ROWID;", "(i BIGINT)   ;"},
        {"(i INTEGER) WITHOUT ROWID;", "(i BIGINT)  ;"},
        {"blob integer real INTEGERS A_REAL", "blob integer real INTEGERS A_REAL"},
        {"DEFAULT 'a REAL, STRICT BLOB' -- an INTEGER\n, b BLOB",
         "DEFAULT 'a REAL, STRICT BLOB' -- an INTEGER\n, b BYTEA"},
        {"REAL", "DOUBLE PRECISION"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char *got = db_schema_postgresql(t[i].ours);
        EQ_TEXT(got, t[i].theirs, "translated: %s", t[i].ours);
        free(got);
    }
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    test_translation();
    engine_each(&engines, "versions", test_versions);
    engine_each(&engines, "migrations", test_migrations);
    engine_each(&engines, "words", test_words);
    test_golden();
    engines_close(&engines);
    return tap_done();
}
