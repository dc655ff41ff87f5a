#include "store/db.h"
#include "store/engines.h"
#include "store/place.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 256, SCAN_ROWS = 5000, SECRETS = 300 };

static struct err err;

static bool good(tong_code code, const char *what)
{
    if (!OK(code == TONG_OK, "%s", what)) {
        (void)printf("# %s\n", err.text);
        return false;
    }
    return true;
}

static struct db *opened(const struct engine *e, db_mode mode)
{
    struct db *db = NULL;
    return good(db_open(e->where, mode, &db, &err), "opened") ? db : NULL;
}

static tong_code put(struct db *db, const char *key, const char *value, int64_t *changed)
{
    const struct db_value in[] = {DB_T(str_z(key)), DB_T(str_z(value))};
    return db_run(db, sql_meta_put, in, 2, changed, &err);
}

// The value of a key; "" when there is none. Fails the test when the question does.
static const char *got(struct db *db, const char *key, char *out)
{
    const struct db_value in[] = {DB_T(str_z(key))};
    out[0] = 0;
    if (!CHECK(db_ask(db, sql_meta_get, in, 1, &err) == TONG_OK, "asked: %s", err.text)) return out;
    if (db_next(db, sql_meta_get)) {
        struct str s = db_text(db, sql_meta_get, 0);
        (void)snprintf(out, ROOM, "%.*s", STR_ARG(s));
    }
    CHECK(db_done(db, sql_meta_get, &err) == TONG_OK, "asked to the end: %s", err.text);
    return out;
}

// Every statement of queries/ is understood by the engine and numbers its parameters without a gap.
static void test_statements(const struct engine *e)
{
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    for (int i = 0; i < SQL_COUNT; i++) {
        size_t count = 0, named = 0;
        tong_code code = db_prepare(db, (sql_id)i, &count, &err);
        for (const char *p = sql_statements[i].text; (p = strchr(p, '$')) != NULL; p++) {
            long k = strtol(p + 1, NULL, 10);
            if (k > (long)named) named = (size_t)k;
        }
        CHECK(code == TONG_OK && count == named, "%s: %zu parameters, %zu named: %s", sql_statements[i].name, count,
              named, code == TONG_OK ? "" : err.text);
    }
    db_close(db);
}

static void test_transactions(const struct engine *e)
{
    char v[ROOM];
    struct db *db = opened(e, DB_CREATE), *reader = opened(e, DB_READ);
    if (db == NULL || reader == NULL) return;
    int64_t changed = -1;
    OK(db_is_postgresql(db) == e->postgresql && strcmp(db_where(db), e->where) == 0, "it knows what and where it is");
    OK(db_begin(db, &err) == TONG_OK && db_in_transaction(db), "begun");
    OK(put(db, "a", "one", &changed) == TONG_OK && changed == 1, "put, one row");
    OK(put(db, "b", "two", NULL) == TONG_OK, "put, not waited for");
    EQ_TEXT(got(db, "b", v), "two", "the writer sees its own");
    EQ_TEXT(got(reader, "a", v), "", "a reader does not, before the commit");
    OK(db_commit(db, &err) == TONG_OK && !db_in_transaction(db), "committed");
    EQ_TEXT(got(reader, "a", v), "one", "now it does");

    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "three", NULL) == TONG_OK, "a second transaction");
    db_rollback(db);
    db_rollback(db);
    EQ_TEXT(got(db, "a", v), "one", "rolled back, twice");

    OK(db_begin(reader, &err) == TONG_OK, "a reader's snapshot");
    EQ_TEXT(got(reader, "a", v), "one", "fixed by its first question");
    OK(put(db, "a", "four", &changed) == TONG_OK && changed == 1, "a statement alone is a transaction");
    EQ_TEXT(got(reader, "a", v), "one", "the snapshot does not move");
    OK(db_commit(reader, &err) == TONG_OK, "ended");
    EQ_TEXT(got(reader, "a", v), "four", "and then it does");
    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "five", NULL) == TONG_OK, "a transaction left open");
    db_close(db);
    EQ_TEXT(got(reader, "a", v), "four", "closing rolls back");
    db_close(reader);
}

// ---- values ----

static const unsigned char bytes[] = {0, 1, 127, 128, 255, '\'', '\\', 0};

static tong_code put_place(struct db *db, int64_t id, struct str uid, struct str name, struct str code, double latitude,
                           int64_t capacity)
{
    const struct db_value in[] = {
        DB_I(id),       DB_B(uid), DB_N, DB_I(PLACE_KIND_CITY), DB_T(name),           db_t_or_null(STR("")), DB_T(code),
        DB_R(latitude), DB_N,      DB_N, DB_I(capacity),        db_i_or_null(-1, -1), db_i_or_null(7, -1),
    };
    return db_run(db, sql_place_put, in, sizeof in / sizeof in[0], NULL, &err);
}

// What goes in comes out, to the last bit; an empty text is not an absent one.
static void test_values(const struct engine *e)
{
    static const struct {
        double latitude;
        int64_t capacity;
    } t[] = {
        {31.230416, 0}, {-0.1, 1},  {1e300, -1}, {5e-324, INT64_MAX}, {-179.99999999999997, INT64_MIN},
        {0, 255},       {3, 65536},
    };
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    const struct str uid = {(const char *)bytes, sizeof bytes}, name = STR("\xe5\x90\x8c\xe8\x88\x9f' \"%s\" $1");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct db_value in[] = {DB_I(1)};
        CHECK(put_place(db, 1, uid, name, STR(""), t[i].latitude, t[i].capacity) == TONG_OK, "row %zu: %s", i,
              err.text);
        CHECK(db_ask(db, sql_place_get, in, 1, &err) == TONG_OK && db_next(db, sql_place_get), "row %zu is there", i);
        CHECK(db_real(db, sql_place_get, 7, -1) == t[i].latitude, "row %zu: the double itself", i);
        CHECK(db_int(db, sql_place_get, 10, -7) == t[i].capacity, "row %zu: the number itself", i);
        CHECK(db_real(db, sql_place_get, 10, -7) == (double)t[i].capacity, "row %zu: a whole number as a double", i);
        CHECK(str_eq(db_text(db, sql_place_get, 1), uid), "row %zu: a blob with zeros in it", i);
        CHECK(str_eq(db_text(db, sql_place_get, 4), name), "row %zu: a text", i);
        struct str empty = db_text(db, sql_place_get, 6), absent = db_text(db, sql_place_get, 5);
        CHECK(empty.p != NULL && empty.n == 0 && absent.p == NULL, "row %zu: empty, and absent", i);
        CHECK(db_int(db, sql_place_get, 2, -7) == -7 && isnan(db_real(db, sql_place_get, 8, (double)NAN)),
              "row %zu: NULL", i);
        CHECK(db_int(db, sql_place_get, 11, -7) == -7 && db_int(db, sql_place_get, 12, -7) == 7,
              "row %zu: NULL by value", i);
        CHECK(!db_next(db, sql_place_get) && !db_next(db, sql_place_get), "row %zu: one row, and the end stays the end",
              i);
        CHECK(db_done(db, sql_place_get, &err) == TONG_OK, "row %zu: ended", i);
    }
    OK(put_place(db, 2, STR("x"), STR("b"), STR("c"), 1, 1) == TONG_OK, "another row");
    int64_t changed = -1;
    EQ_INT(put_place(db, 3, STR("x"), STR("b"), STR("c"), 1, 1), TONG_E_CONFLICT, "the same uid under another number");
    const struct db_value drop[] = {DB_I(2)}, nobody[] = {DB_I(99)};
    OK(db_run(db, sql_place_drop, nobody, 1, &changed, &err) == TONG_OK && changed == 0, "nothing changed");
    OK(db_run(db, sql_place_drop, drop, 1, &changed, &err) == TONG_OK && changed == 1, "one row changed");
    db_close(db);
}

static tong_code put_word(struct db *db, int64_t list, int64_t number, const char *name, int64_t *changed)
{
    const struct db_value in[] = {DB_I(list), DB_I(number), DB_T(str_z(name))};
    return db_run(db, sql_word_put, in, 3, changed, &err);
}

static void test_conflict(const struct engine *e)
{
    char v[ROOM];
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    int64_t changed = 0;
    EQ_INT(put_word(db, 0, 0, "again", &changed), TONG_E_CONFLICT, "a number is given once");
    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "one", NULL) == TONG_OK, "in a transaction");
    EQ_INT(put_word(db, 0, 0, "again", &changed), TONG_E_CONFLICT, "told at once to who waits");
    db_rollback(db);
    EQ_TEXT(got(db, "a", v), "", "rolled back by the caller");

    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "one", NULL) == TONG_OK, "in another");
    tong_code code = put_word(db, 0, 0, "again", NULL), last = put(db, "b", "two", NULL);
    if (e->postgresql) {
        EQ_INT(code, TONG_OK, "handed over");
        EQ_INT(last, TONG_OK, "and the next");
        EQ_INT(db_commit(db, &err), TONG_E_CONFLICT, "told at the commit, with its own code");
        OK(!db_in_transaction(db), "which ended the transaction");
    } else {
        EQ_INT(code, TONG_E_CONFLICT, "told at once");
        db_rollback(db);
    }
    EQ_TEXT(got(db, "a", v), "", "nothing of it is there");
    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "one", NULL) == TONG_OK &&
           put_word(db, 0, 0, "again", NULL) != TONG_E_IO,
       "and once more");
    const struct db_value in[] = {DB_T(STR("a"))};
    code = db_ask(db, sql_meta_get, in, 1, &err);
    OK(e->postgresql ? code == TONG_E_CONFLICT : code == TONG_OK, "a question comes upon the failure before it");
    db_rollback(db);
    OK(put(db, "a", "after", NULL) == TONG_OK, "the connection goes on");
    EQ_TEXT(got(db, "a", v), "after", "and the database");
    db_close(db);
}

static int32_t rows_of(struct db *db, sql_id id, const struct db_value *in, size_t count)
{
    int32_t n = 0;
    if (db_ask(db, id, in, count, &err) != TONG_OK) return -1;
    while (db_next(db, id)) n++;
    return db_done(db, id, &err) == TONG_OK ? n : -1;
}

// More rows than one piece of a cursor, and a list of exactly one piece behind them.
static bool words_fill(const struct engine *e)
{
    char sql[ROOM];
    (void)snprintf(sql, sizeof sql,
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
                   "INSERT INTO word (list, number, name) SELECT 7000 + i / 3001, i, 'n' || i FROM n",
                   SCAN_ROWS);
    return OK(engine_run(e, sql), "rows to scan");
}

static void test_scan(const struct engine *e)
{
    char v[ROOM];
    struct db *db = opened(e, DB_CREATE), *reader = opened(e, DB_READ);
    if (db == NULL || reader == NULL || !words_fill(e)) return;
    const struct db_value from[] = {DB_I(7000)}, late[] = {DB_I(7001)}, beyond[] = {DB_I(7002)};
    OK(sql_statements[sql_word_all].scan && !sql_statements[sql_meta_get].scan, "a scan is known by its first line");
    EQ_INT(rows_of(reader, sql_word_all, from, 1), SCAN_ROWS, "all rows, outside a transaction");
    EQ_INT(rows_of(reader, sql_word_all, late, 1), 2000, "exactly one piece");
    EQ_INT(rows_of(reader, sql_word_all, beyond, 1), 0, "no row");
    OK(db_begin(reader, &err) == TONG_OK, "a snapshot");
    EQ_INT(rows_of(reader, sql_word_all, from, 1), SCAN_ROWS, "all rows, inside it");
    EQ_INT(rows_of(reader, sql_word_all, from, 1), SCAN_ROWS, "and again");
    OK(db_commit(reader, &err) == TONG_OK, "ended");

    OK(db_begin(db, &err) == TONG_OK && put(db, "a", "one", NULL) == TONG_OK, "a transaction of the writer");
    OK(db_ask(db, sql_word_all, from, 1, &err) == TONG_OK, "asked");
    int32_t n = 0, right = 0;
    while (db_next(db, sql_word_all)) {
        n++;
        (void)snprintf(v, sizeof v, "n%d", (int)n);
        right += db_int(db, sql_word_all, 1, -1) == n && str_eq_z(db_text(db, sql_word_all, 2), v);
        if (n % 1000 == 0) {
            EQ_TEXT(got(db, "a", v), "one", "a question in the middle of it");
            OK(put(db, "b", "two", NULL) == TONG_OK, "and a change");
        }
    }
    OK(db_done(db, sql_word_all, &err) == TONG_OK && n == SCAN_ROWS && right == n, "the scan is whole and in order");
    OK(db_commit(db, &err) == TONG_OK, "committed");

    OK(db_ask(reader, sql_word_all, from, 1, &err) == TONG_OK && db_next(reader, sql_word_all), "left off early");
    OK(db_done(reader, sql_word_all, &err) == TONG_OK, "and ended");
    OK(db_ask(reader, sql_word_all, from, 1, &err) == TONG_OK && db_next(reader, sql_word_all), "forgotten");
    EQ_TEXT(got(reader, "b", v), "two", "others are not hindered");
    OK(db_begin(reader, &err) == TONG_OK, "a transaction ends it");
    OK(!db_next(reader, sql_word_all), "it answers no more");
    EQ_INT(db_done(reader, sql_word_all, &err), TONG_E_IO, "and that is not taken for its end");
    EQ_INT(rows_of(reader, sql_word_all, from, 1), SCAN_ROWS, "asked anew");
    db_rollback(reader);
    db_close(reader);
    db_close(db);
}

static void test_open(const struct engine *e)
{
    struct db *db = NULL, *other = NULL;
    EQ_INT(db_open(e->where, DB_READ, &db, &err), TONG_E_NOT_FOUND, "nothing there to read");
    EQ_INT(db_open(e->where, DB_WRITE, &db, &err), TONG_E_NOT_FOUND, "nor to write");
    OK(e->postgresql || access(e->where, F_OK) != 0, "and asking makes nothing");
    EQ_INT(db_open("", DB_CREATE, &db, &err), TONG_E_NOT_FOUND, "no name");
    db = opened(e, DB_CREATE);
    if (db == NULL) return;
    EQ_INT(db_open(e->where, DB_WRITE, &other, &err), TONG_E_CONFLICT, "a second writer");
    OK(strstr(err.text, "another server is already writing") != NULL, "is told why");
    EQ_INT(db_open(e->where, DB_CREATE, &other, &err), TONG_E_CONFLICT, "a second maker");
    db_close(db);
    db = opened(e, DB_WRITE);
    db_close(db);
    db_close(NULL);
    EQ_INT(db_schema_version() >= 1, 1, "the program knows a schema");
}

static void test_foreign(const struct engine *e)
{
    struct db *db = NULL;
    if (e->postgresql) {
        OK(engine_run(e, "CREATE TABLE migration (version TEXT)"), "a database of somebody else");
        EQ_INT(db_open(e->where, DB_CREATE, &db, &err), TONG_E_INVALID, "is refused");
        char where[ROOM];
        private_postgresql_url(e->server, "nobody_made_it", where, sizeof where);
        EQ_INT(db_open(where, DB_CREATE, &db, &err), TONG_E_NOT_FOUND, "one that does not exist is not made");
        EQ_INT(db_open("postgresql:///x?host=%2Fnowhere", DB_CREATE, &db, &err), TONG_E_IO, "no server there");
        return;
    }
    int fd = open(e->where, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    OK(fd >= 0 && write(fd, "a line list, not a database\n", 28) == 28 && close(fd) == 0, "a file of text");
    EQ_INT(db_open(e->where, DB_CREATE, &db, &err), TONG_E_INVALID, "is refused");
    struct stat status;
    OK(stat(e->where, &status) == 0 && status.st_size == 28, "and left as it was");
    (void)unlink(e->where);
    sqlite3 *conn = NULL;
    OK(sqlite3_open(e->where, &conn) == SQLITE_OK &&
           sqlite3_exec(conn, "CREATE TABLE photo (id INTEGER)", NULL, NULL, NULL) == SQLITE_OK,
       "a database of another program");
    (void)sqlite3_close(conn);
    EQ_INT(db_open(e->where, DB_CREATE, &db, &err), TONG_E_INVALID, "is refused");
    EQ_INT(db_open(e->where, DB_READ, &db, &err), TONG_E_INVALID, "also for reading");
}

// ---- copies ----

struct busy {
    struct db *db;
    volatile bool stop;
    int32_t commits;
};

static void *keep_writing(void *argument)
{
    struct busy *b = argument;
    char v[ROOM];
    struct err own;
    while (!b->stop) {
        (void)snprintf(v, sizeof v, "%d", (int)b->commits);
        const struct db_value first[] = {DB_T(STR("first")), DB_T(str_z(v))},
                              second[] = {DB_T(STR("second")), DB_T(str_z(v))};
        if (db_begin(b->db, &own) != TONG_OK || db_run(b->db, sql_meta_put, first, 2, NULL, &own) != TONG_OK ||
            db_run(b->db, sql_meta_put, second, 2, NULL, &own) != TONG_OK || db_commit(b->db, &own) != TONG_OK)
            break;
        b->commits++;
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return NULL;
}

static bool ballast(const struct engine *e)
{
    return engine_run(e, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                         "INSERT INTO meta (key, value) SELECT 'ballast ' || i, "
                         "'0123456789012345678901234567890123456789012345678901234567890123456789' || "
                         "'0123456789012345678901234567890123456789012345678901234567890123456789' || "
                         "'0123456789012345678901234567890123456789012345678901234567890123456789' || "
                         "'0123456789012345678901234567890123456789012345678901234567890123456789' FROM n");
}

static bool restored(const struct engine *e, const char *file, char *where, size_t room)
{
    if (!e->postgresql) {
        (void)snprintf(where, room, "%s", file);
        return true;
    }
    char name[32], command[3 * ROOM];
    (void)snprintf(name, sizeof name, "%s_again", e->database);
    private_postgresql_url(e->server, name, where, room);
    (void)snprintf(command, sizeof command, "pg_restore --no-owner --dbname='%s' '%s' >/dev/null 2>&1", where, file);
    return private_postgresql_create(e->server, name) && system(command) == 0;
}

static void test_backup(const struct engine *e)
{
    char first[ROOM], second[ROOM], file[ROOM], where[ROOM];
    struct busy b = {.db = opened(e, DB_CREATE)};
    struct db *reader = opened(e, DB_READ), *copy = NULL;
    pthread_t thread;
    if (b.db == NULL || reader == NULL || !OK(ballast(e), "megabytes to copy")) return;
    if (!OK(pthread_create(&thread, NULL, keep_writing, &b) == 0, "a writer that goes on")) return;
    (void)snprintf(file, sizeof file, "%s/copy", e->folder);
    time_t begun = time(NULL);
    tong_code code = db_backup(reader, file, &err);
    int32_t commits = b.commits;
    OK(time(NULL) - begun < 10, "not begun anew with each transaction of the writer");
    b.stop = true;
    (void)pthread_join(thread, NULL);
    if (code == TONG_E_NOT_FOUND) tap_skip("backup: %s", err.text);
    else if (good(code, "copied") && OK(restored(e, file, where, sizeof where), "restored") &&
             good(db_open(where, DB_CREATE, &copy, &err), "the copy opens")) {
        OK(commits > 3, "while %d transactions were committed", (int)commits);
        EQ_TEXT(got(copy, "first", first), got(copy, "second", second), "the copy is of one moment");
        EQ_TEXT(got(copy, "ballast 20000", first), got(reader, "ballast 20000", second), "and whole");
        EQ_INT(db_backup(reader, file, &err), TONG_E_CONFLICT, "a copy is never overwritten");
        db_close(copy);
    }
    (void)snprintf(file, sizeof file, "%s/no such folder/copy", e->folder);
    code = db_backup(reader, file, &err);
    OK(code == TONG_E_IO || code == TONG_E_NOT_FOUND, "nowhere to put it: %s", err.text);
    OK(b.commits >= commits, "the writer goes on");
    db_close(reader);
    db_close(b.db);
}

// How often a text stands in the database's files.
static int32_t found_in_files(const struct engine *e, const char *text)
{
    char command[3 * ROOM];
    (void)snprintf(command, sizeof command, "cat '%s' '%s-wal' 2>/dev/null | grep -c '%s' >'%s/count'", e->where,
                   e->where, text, e->folder);
    int status = system(command);
    (void)status; // grep's own: 1 when it found nothing
    (void)snprintf(command, sizeof command, "%s/count", e->folder);
    FILE *f = fopen(command, "r");
    char line[32] = "";
    int64_t n = -1;
    if (f == NULL || fgets(line, sizeof line, f) == NULL || !str_int(str_trim(str_z(line)), &n)) n = -1;
    if (f != NULL) (void)fclose(f);
    return (int32_t)n;
}

static void test_scrub(const struct engine *e)
{
    char key[ROOM], value[4000];
    struct db *db = opened(e, DB_CREATE), *reader = opened(e, DB_READ);
    if (db == NULL || reader == NULL) return;
    OK(db_begin(db, &err) == TONG_OK, "begun");
    for (int i = 0; i < SECRETS; i++) {
        (void)snprintf(key, sizeof key, "k%d", i);
        int n = snprintf(value, sizeof value, "QINGWAN-%d", i), all = n > i * 13 ? n : i * 13;
        memset(value + n, '.', (size_t)(all - n));
        value[all] = 0;
        CHECK(put(db, key, value, NULL) == TONG_OK, "put");
    }
    good(db_commit(db, &err), "committed");
    if (!e->postgresql) OK(found_in_files(e, "QINGWAN") > 0, "it stands in the files");
    OK(db_begin(db, &err) == TONG_OK, "begun");
    for (int i = 0; i < SECRETS; i++) {
        (void)snprintf(key, sizeof key, "k%d", i);
        CHECK(put(db, key, "", NULL) == TONG_OK, "overwritten");
    }
    good(db_commit(db, &err), "committed");
    char v[ROOM];
    OK(db_begin(reader, &err) == TONG_OK, "a reader at work");
    (void)got(reader, "k1", v);
    if (!e->postgresql) {
        CHECK(put(db, "k1", "x", NULL) == TONG_OK, "changed behind it");
        EQ_INT(db_scrub(db, &err), TONG_E_CONFLICT, "the reader still holds older pages");
    }
    db_rollback(reader);
    good(db_scrub(db, &err), "scrubbed");
    if (!e->postgresql) EQ_INT(found_in_files(e, "QINGWAN"), 0, "it stands there no more");
    char wal[ROOM + 8];
    struct stat status;
    (void)snprintf(wal, sizeof wal, "%s-wal", e->where);
    OK(e->postgresql || (stat(wal, &status) == 0 && status.st_size == 0), "the log is cut to nothing");
    db_close(reader);
    db_close(db);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "statements", test_statements);
    engine_each(&engines, "transactions", test_transactions);
    engine_each(&engines, "values", test_values);
    engine_each(&engines, "conflict", test_conflict);
    engine_each(&engines, "scan", test_scan);
    engine_each(&engines, "open", test_open);
    engine_each(&engines, "foreign", test_foreign);
    engine_each(&engines, "backup", test_backup);
    engine_each(&engines, "scrub", test_scrub);
    engines_close(&engines);
    return tap_done();
}
