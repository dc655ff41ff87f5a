// The writer: commands from many threads become few transactions; what fails harms nobody else; the store may go and
// come back.
#include "tap.h"

#include "harness.h"

#include "store/person.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

enum { THREADS = 32, EACH = 25 };

static struct place_record place_of(const char *uid)
{
    struct place_record p = place_record_none();
    p.uid = str_z(uid);
    p.kind = place_kind_find(STR("city"));
    p.name = STR("同舟市");
    return p;
}

static tong_code put_place(struct harness *h, int32_t thread, int32_t n, struct intake_outcome *out, struct err *err)
{
    unsigned char random[UID_RANDOM] = {0, 0, 0, 0, (unsigned char)thread, (unsigned char)n},
                  uid[UID_BYTES]; // the first bytes give up bits
    char text[UID_TEXT];
    uid_make(h->now, 0, random, uid);
    uid_format(uid, text);
    struct place_record place = place_of(text);
    struct command c = {.kind = COMMAND_PLACE, .at = h->now, .place = &place};
    memcpy(c.uid, uid, sizeof c.uid);
    memcpy(c.subject_uid, uid, sizeof c.subject_uid);
    *out = (struct intake_outcome){0};
    return writer_take(h->service->writer, &c, 1, out, err);
}

struct clerk {
    struct harness *h;
    pthread_t thread;
    int32_t number, good, distinct;
};

static void *clerk_work(void *payload)
{
    struct clerk *c = payload;
    int64_t last = 0;
    for (int32_t i = 0; i < EACH; i++) {
        struct intake_outcome out;
        struct err err = {0};
        if (put_place(c->h, c->number, i, &out, &err) != TONG_OK || out.code != TONG_OK) continue;
        c->good++;
        c->distinct += out.subject != last;
        last = out.subject;
    }
    return NULL;
}

static void many_clerks(struct harness *h)
{
    static struct clerk clerk[THREADS];
    struct writer_state before, after;
    int32_t good = 0, distinct = 0;
    writer_look(h->service->writer, &before);
    for (int32_t i = 0; i < THREADS; i++) {
        clerk[i] = (struct clerk){.h = h, .number = i};
        (void)pthread_create(&clerk[i].thread, NULL, clerk_work, &clerk[i]);
    }
    for (int32_t i = 0; i < THREADS; i++) {
        (void)pthread_join(clerk[i].thread, NULL);
        good += clerk[i].good;
        distinct += clerk[i].distinct;
    }
    writer_look(h->service->writer, &after);
    EQ_INT(good, THREADS * EACH, "every command is answered");
    EQ_INT(distinct, THREADS * EACH, "each with what it made");
    EQ_INT(after.taken - before.taken, THREADS * EACH, "and counted once");
    OK(after.groups - before.groups < THREADS * EACH / 2, "in fewer transactions than commands: %lld",
       (long long)(after.groups - before.groups));
    OK(after.jobs == 0 && after.commands == 0 && after.good, "nothing is left waiting");
}

// ---- rows that are no facts ----

struct note_row {
    char key[16];
    tong_code answer; // of the call
    int32_t runs;
};

static tong_code run_note(struct db *db, void *payload, struct err *err)
{
    struct note_row *n = payload;
    struct db_value v[] = {DB_T(str_z(n->key)), DB_T(STR("x"))};
    n->runs++;
    tong_code code = db_run(db, sql_meta_put, v, 2, NULL, err);
    return code == TONG_OK ? n->answer : code;
}

static bool meta_has(struct harness *h, const char *key)
{
    struct err err = {0};
    struct db *db = service_reader_take(h->service, &err);
    bool has =
        db != NULL && db_ask(db, sql_meta_get, &DB_T(str_z(key)), 1, &err) == TONG_OK && db_next(db, sql_meta_get);
    bool good = db != NULL && db_done(db, sql_meta_get, &err) == TONG_OK;
    service_reader_give(h->service, db, good);
    return has;
}

struct caller {
    struct harness *h;
    pthread_t thread;
    struct note_row row;
    tong_code code;
};

static void *caller_work(void *payload)
{
    struct caller *c = payload;
    struct err err = {0};
    c->code = writer_call(c->h->service->writer, run_note, &c->row, &err);
    return NULL;
}

static void calls(struct harness *h)
{
    static struct caller caller[16];
    int right = 0, kept = 0;
    for (int i = 0; i < 16; i++) {
        caller[i] = (struct caller){.h = h, .row = {.answer = i == 7 ? TONG_E_CONFLICT : TONG_OK}};
        (void)snprintf(caller[i].row.key, sizeof caller[i].row.key, "call-%d", i);
        (void)pthread_create(&caller[i].thread, NULL, caller_work, &caller[i]);
    }
    for (int i = 0; i < 16; i++) (void)pthread_join(caller[i].thread, NULL);
    for (int i = 0; i < 16; i++) {
        right += caller[i].code == caller[i].row.answer;
        kept += meta_has(h, caller[i].row.key);
    }
    EQ_INT(right, 16, "each call gets its own answer");
    EQ_INT(kept, 15, "the one that failed left nothing, and took nobody with it");
    struct note_row note = {.key = "posted"};
    OK(writer_post(h->service->writer, run_note, &note, sizeof note), "a note is taken");
    struct note_row after = {.key = "after"};
    struct err err = {0};
    OK(writer_call(h->service->writer, run_note, &after, &err) == TONG_OK && meta_has(h, "posted"),
       "and written with the next group");
}

// ---- the disk is full for a while ----

static void disk_full(struct harness *h)
{
    struct rlimit limit, none;
    struct intake_outcome out;
    struct err err = {0};
    struct writer_state state;
    struct question people = {.method = "GET", .target = "/healthz"};
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)getrlimit(RLIMIT_FSIZE, &limit);
    none = limit;
    none.rlim_cur = 1024; // no file may grow beyond this: what SQLite sees is a disk that refuses
    (void)setrlimit(RLIMIT_FSIZE, &none);
    tong_code code = put_place(h, 100, 1, &out, &err);
    int32_t well = harness_ask(h, &people);
    (void)setrlimit(RLIMIT_FSIZE, &limit);
    EQ_INT(code == TONG_OK ? out.code : code, TONG_E_IO, "while the disk refuses, nothing is acknowledged: %s",
           err.text);
    EQ_INT(well, 503, "and the server says that it is unwell");
    writer_look(h->service->writer, &state);
    OK(state.failed > 0, "the failure is counted");
    EQ_INT(put_place(h, 100, 1, &out, &err), TONG_OK, "the same command again, when there is room");
    OK(out.code == TONG_OK && !out.repeated, "is recorded, for the first time");
    EQ_INT(put_place(h, 100, 1, &out, &err), TONG_OK, "and once more");
    OK(out.code == TONG_OK && out.repeated, "is known to be there");
    writer_look(h->service->writer, &state);
    OK(state.good, "the store is back by itself");
}

int main(void)
{
    struct harness h;
    if (!harness_open(&h, &(struct harness_options){.threads = true})) return tap_done();
    many_clerks(&h);
    calls(&h);
    disk_full(&h);
    harness_close(&h);
    return tap_done();
}
