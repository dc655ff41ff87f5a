// What happens when the disk is full, may only be read, is damaged, or the server goes away: clear errors, nothing lost,
// and work goes on by itself afterwards.
#include "store/db.h"
#include "store/engines.h"
#include "store/torn_vfs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 256 };

static struct err err;

static tong_code put(struct db *db, const char *key, const char *value)
{
    const struct db_value in[] = {DB_T(str_z(key)), DB_T(str_z(value))};
    return db_run(db, sql_meta_put, in, 2, NULL, &err);
}

// One transaction with one row, from begin to commit. What fails is rolled back.
static tong_code put_alone(struct db *db, const char *key, const char *value)
{
    err.text[0] = 0;
    tong_code code = db_begin(db, &err);
    if (code != TONG_OK) return code;
    code = put(db, key, value);
    if (code == TONG_OK) return db_commit(db, &err);
    db_rollback(db);
    return code;
}

static tong_code get(struct db *db, const char *key, char *out)
{
    const struct db_value in[] = {DB_T(str_z(key))};
    out[0] = 0;
    tong_code code = db_ask(db, sql_meta_get, in, 1, &err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_meta_get)) {
        struct str s = db_text(db, sql_meta_get, 0);
        (void)snprintf(out, ROOM, "%.*s", STR_ARG(s));
    }
    return db_done(db, sql_meta_get, &err);
}

static const char *got(struct db *db, const char *key, char *out)
{
    tong_code code = get(db, key, out);
    return code == TONG_OK ? out : err.text;
}

static struct db *opened(const struct engine *e, db_mode mode)
{
    struct db *db = NULL;
    if (!OK(db_open(e->where, mode, &db, &err) == TONG_OK, "opened")) (void)printf("# %s\n", err.text);
    return db;
}

// ---- SQLite: a disk that fails ----

static void test_disk_fails(const struct engine *e)
{
    static const struct {
        const char *row;
        torn_fault fault;
        tong_code code;
        const char *words;
    } t[] = {
        {"full", TORN_FULL, TONG_E_LIMIT, "the disk is full"},
        {"read-only", TORN_READ_ONLY, TONG_E_IO, "may only be read"},
        {"sync", TORN_SYNC_FAILS, TONG_E_IO, "disk I/O error"},
    };
    char v[ROOM], key[ROOM];
    struct torn *torn = torn_open(1);
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    OK(put_alone(db, "before", "1") == TONG_OK, "a sound disk");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        torn_fail(torn, t[i].fault, 0);
        for (int again = 0; again < 3; again++) {
            EQ_INT(put_alone(db, t[i].row, "2"), t[i].code, "%s: refused", t[i].row);
            OK(strstr(err.text, t[i].words) != NULL, "%s: in words: %s", t[i].row, err.text);
        }
        EQ_TEXT(got(db, "before", v), "1", "%s: reading goes on", t[i].row);
        EQ_TEXT(got(db, t[i].row, v), "", "%s: nothing of it is there", t[i].row);
        torn_fail(torn, TORN_SOUND, 0);
        OK(put_alone(db, t[i].row, "3") == TONG_OK, "%s: goes on by itself", t[i].row);
        EQ_TEXT(got(db, t[i].row, v), "3", "%s: and holds", t[i].row);
    }
    for (int i = 0; i < 60; i++) { // the disk fills up at every point of a transaction and of writing the log back
        torn_fail(torn, TORN_FULL, i);
        (void)snprintf(key, sizeof key, "n%d", i);
        tong_code code = put_alone(db, key, "4"), scrubbed = code == TONG_OK ? db_scrub(db, &err) : TONG_E_LIMIT;
        CHECK(code == TONG_OK || code == TONG_E_LIMIT, "point %d: %s", i, err.text);
        CHECK(scrubbed == TONG_OK || scrubbed == TONG_E_LIMIT, "point %d: %s", i, err.text);
        torn_fail(torn, TORN_SOUND, 0);
        CHECK(strcmp(got(db, key, v), code == TONG_OK ? "4" : "") == 0, "point %d: what was told is so", i);
        CHECK(put_alone(db, "after", key) == TONG_OK, "point %d: goes on", i);
    }
    db_close(db);
    torn_crash(torn);
    torn_settle(torn);
    db = opened(e, DB_WRITE);
    if (db == NULL) return;
    EQ_TEXT(got(db, "after", v), "n59", "and after a crash all of it is there");
    db_close(db);
    torn_close(torn);
}

// The system's own refusal, in a process of its own: files may not grow beyond 2 MiB.
static int fill_up(const char *where)
{
    struct rlimit limit = {2 << 20, 2 << 20};
    struct db *db = NULL;
    char value[60000], key[32], v[ROOM];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = 0;
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || db_open(where, DB_CREATE, &db, &err) != TONG_OK) return 1;
    tong_code code = TONG_OK;
    int n = 0;
    for (; code == TONG_OK && n < 200; n++) {
        (void)snprintf(key, sizeof key, "k%d", n);
        code = put_alone(db, key, value);
    }
    if (code != TONG_E_LIMIT) return 2;
    if (strcmp(got(db, "k0", v), "") == 0 || v[0] != 'x') return 3;
    db_close(db);
    return 0;
}

static void test_no_room(const struct engine *e)
{
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(fill_up(e->where));
    int status = -1;
    OK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status), "a process that may not write much");
    EQ_INT(WEXITSTATUS(status), 0, "is told that the disk is full, and reads on");
    struct db *db = opened(e, DB_WRITE);
    if (db == NULL) return;
    OK(put_alone(db, "after", "1") == TONG_OK, "with room again, it goes on");
    db_close(db);
}

static void scribble(const char *file, off_t from, off_t upto)
{
    int fd = open(file, O_WRONLY);
    for (off_t at = from; fd >= 0 && at < upto; at += 16)
        if (pwrite(fd, "damaged by water", 16, at) != 16) break;
    if (fd >= 0) (void)close(fd);
}

static void test_damaged(const struct engine *e)
{
    char v[ROOM];
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    OK(engine_run(e, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                     "INSERT INTO meta (key, value) SELECT 'k' || i, 'twenty letters, a few' FROM n"),
       "filled");
    db_close(db);
    struct stat status;
    OK(stat(e->where, &status) == 0 && status.st_size > 500000, "it has pages to damage");
    scribble(e->where, 200000, status.st_size);
    db = NULL;
    tong_code code = db_open(e->where, DB_READ, &db, &err);
    for (int i = 1; code == TONG_OK && i <= 20000; i += 37) {
        char key[ROOM];
        (void)snprintf(key, sizeof key, "k%d", i);
        code = get(db, key, v);
    }
    EQ_INT(code, TONG_E_INVALID, "a damaged page is met");
    OK(strstr(err.text, "damaged") != NULL && strstr(err.text, "restore") != NULL, "and said: %s", err.text);
    db_close(db);
    scribble(e->where, 0, 4096);
    db = NULL;
    EQ_INT(db_open(e->where, DB_CREATE, &db, &err), TONG_E_INVALID, "so is a damaged header");
}

// ---- PostgreSQL: a server that goes away ----

static void test_restart(const struct engine *e)
{
    char v[ROOM];
    struct db *db = opened(e, DB_CREATE), *reader = opened(e, DB_READ), *other = NULL;
    if (db == NULL || reader == NULL) return;
    OK(put_alone(db, "a", "1") == TONG_OK && strcmp(got(reader, "a", v), "1") == 0, "at work");
    for (int gently = 0; gently < 2; gently++) {
        OK(private_postgresql_stop(e->server, gently != 0) && private_postgresql_start(e->server), "restarted between");
        OK(put_alone(db, "a", "2") == TONG_OK, "the writer does not notice");
        EQ_TEXT(got(reader, "a", v), "2", "nor the reader");
        EQ_INT(db_open(e->where, DB_WRITE, &other, &err), TONG_E_CONFLICT, "it is the one writer again");

        OK(db_begin(db, &err) == TONG_OK && put(db, "a", "3") == TONG_OK, "in the middle of a transaction");
        OK(private_postgresql_stop(e->server, gently != 0) && private_postgresql_start(e->server), "restarted");
        tong_code code = put(db, "b", "3");
        if (code == TONG_OK) code = db_commit(db, &err);
        else db_rollback(db);
        EQ_INT(code, TONG_E_IO, "the transaction has failed");
        OK(strstr(err.text, "the database server") != NULL, "in words: %s", err.text);
        EQ_TEXT(got(db, "a", v), "2", "nothing of it is there");
        OK(put_alone(db, "a", "4") == TONG_OK, "the next one goes through");
        EQ_TEXT(got(reader, "a", v), "4", "and is seen");
    }
    OK(db_begin(reader, &err) == TONG_OK && strcmp(got(reader, "a", v), "4") == 0, "a snapshot");
    OK(private_postgresql_stop(e->server, false), "gone, and not back");
    EQ_INT(get(reader, "a", v), TONG_E_IO, "the snapshot is gone");
    db_rollback(reader);
    EQ_INT(get(reader, "a", v), TONG_E_IO, "no question is answered");
    EQ_INT(db_begin(db, &err), TONG_E_IO, "no transaction begins");
    OK(!db_in_transaction(db), "and none is open");
    EQ_INT(put(db, "a", "5"), TONG_E_IO, "nor a statement alone");
    OK(private_postgresql_start(e->server), "back");
    EQ_TEXT(got(reader, "a", v), "4", "answers again");
    OK(put_alone(db, "a", "6") == TONG_OK, "writes again");
    db_close(reader);
    db_close(db);
}

// A scan that spans a restart must not look as if it had come to its end.
static void test_scan_cut(const struct engine *e)
{
    struct db *reader = NULL, *db = opened(e, DB_CREATE);
    db_close(db);
    OK(engine_run(e, "INSERT INTO word (list, number, name) SELECT 5, i, 'n' || i FROM generate_series(1000, 9000) i"),
       "rows");
    OK(engine_run(e, "UPDATE word SET list = 7000 WHERE number >= 1000"), "elsewhere");
    const struct db_value from[] = {DB_I(7000)};
    if (db_open(e->where, DB_READ, &reader, &err) == TONG_OK) (void)printf("# it knows them\n");
    OK(reader == NULL, "words of tomorrow are refused");
    OK(engine_run(e, "DELETE FROM word WHERE list = 7000"), "without them");
    reader = opened(e, DB_READ);
    if (reader == NULL) return;
    OK(engine_run(e,
                  "INSERT INTO word (list, number, name) SELECT 7000, i, 'n' || i FROM generate_series(1000, 9000) i"),
       "rows");
    int32_t n = 0;
    OK(db_ask(reader, sql_word_all, from, 1, &err) == TONG_OK, "asked");
    while (db_next(reader, sql_word_all))
        if (++n == 1000)
            CHECK(private_postgresql_stop(e->server, false) && private_postgresql_start(e->server), "restarted");
    OK(n < 8001 && n >= 1000, "the rest is gone");
    EQ_INT(db_done(reader, sql_word_all, &err), TONG_E_IO, "which is said: %s", err.text);
    n = 0;
    OK(db_ask(reader, sql_word_all, from, 1, &err) == TONG_OK, "asked anew");
    while (db_next(reader, sql_word_all)) n++;
    OK(db_done(reader, sql_word_all, &err) == TONG_OK && n == 8001, "all of it");
    db_close(reader);
}

// The server's own codes for a full disk and a damaged file, raised by a trigger.
static void test_server_codes(const struct engine *e)
{
    static const struct {
        const char *state;
        tong_code code;
        const char *words;
    } t[] = {
        {"53100", TONG_E_LIMIT, "full"},          {"XX001", TONG_E_INVALID, "damaged"},
        {"25006", TONG_E_IO, "may only be read"}, {"53200", TONG_E_NOMEM, "memory"},
        {"22P02", TONG_E_IO, "it broke"},
    };
    char v[ROOM], sql[2 * ROOM];
    struct db *db = opened(e, DB_CREATE);
    if (db == NULL) return;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        (void)snprintf(sql, sizeof sql,
                       "CREATE OR REPLACE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
                       "EXCEPTION 'it broke' "
                       "USING ERRCODE = '%s', DETAIL = 'Zhang San, 13800000000'; END $$; "
                       "CREATE TRIGGER breaks BEFORE INSERT ON meta FOR EACH ROW EXECUTE FUNCTION breaks()",
                       t[i].state);
        OK(engine_run(e, sql), "a table that breaks");
        EQ_INT(put_alone(db, "a", "1"), t[i].code, "%s", t[i].state);
        OK(strstr(err.text, t[i].words) != NULL, "%s in words: %s", t[i].state, err.text);
        OK(strstr(err.text, "Zhang") == NULL, "without the values it complains about");
        OK(engine_run(e, "DROP TRIGGER breaks ON meta"), "mended");
        OK(put_alone(db, t[i].state, "1") == TONG_OK && strcmp(got(db, t[i].state, v), "1") == 0, "goes on");
    }
    db_close(db);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_sqlite("a disk that fails", test_disk_fails);
    engine_sqlite("no room", test_no_room);
    engine_sqlite("damaged", test_damaged);
    engine_postgresql(&engines, "restart", test_restart);
    engine_postgresql(&engines, "a scan cut off", test_scan_cut);
    engine_postgresql(&engines, "codes of the server", test_server_codes);
    engines_close(&engines);
    return tap_done();
}
