#include "service/demo.h"

#include "service/account.h"
#include "service/accounts.h"
#include "service/demo_twins.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEMO_TICK_MS = 250, DEMO_SESSION_S = 7 * 86400, DEMO_BATCH = 200 };

struct demo {
    struct service *service;
    struct demo_options options;
    struct district *district; // NULL: a real outbreak
    struct demo_staff staff[DEMO_REAL_ACCOUNTS];
    size_t staff_count;
    struct import_tally read;
    struct rulebook book;
    const struct protocol *edition[1];
    struct demo_load *load;
    int64_t *accounts; // number in the store of each account
    struct db *db;     // what visitors recorded is read here
    int64_t heard;     // up to this fact
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; // what follows
    pthread_cond_t wake;
    bool stop, paused, over;
    double speed;
    int64_t step;
    utc_sec now;
    role_word leave;
    struct demo_counts counts;
};

static double demo_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- where its commands go ----

static tong_code demo_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out, struct err *err)
{
    struct demo *d = payload;
    return writer_take(d->service->writer, commands, count, out, err);
}

static tong_code demo_advance(void *payload, utc_sec now, struct err *err)
{
    struct demo *d = payload;
    service_clock_run(d->service, now, 0);
    return writer_advance(d->service->writer, err);
}

// ---- accounts ----

struct demo_account_job {
    struct demo *demo;
    const char *password; // its hash
    int64_t from, until;
    utc_sec at;
};

int64_t demo_people(const struct demo *d)
{
    return d->district == NULL ? 0 : district_person_count(d->district);
}

int64_t demo_account_count(const struct demo *d)
{
    return d->district == NULL ? (int64_t)d->staff_count : district_account_count(d->district);
}

// Of a real outbreak: a role and a number, everywhere.
static struct district_account demo_account_of(const struct demo *d, int64_t i, lang language)
{
    if (d->district != NULL) return district_account_at(d->district, i);
    const struct demo_staff *staff = &d->staff[i];
    const struct record_word *role = role_word_at(role_find(str_z(staff->role)));
    struct district_account a = {.role = staff->role};
    (void)snprintf(a.login, sizeof a.login, "%s", staff->login);
    (void)snprintf(a.name, sizeof a.name, "%s %c", role->label.text[language], staff->login[strlen(staff->login) - 1]);
    return a;
}

void demo_account_at(const struct demo *d, int64_t i, lang language, struct demo_account *out)
{
    struct district_account a = demo_account_of(d, i, language);
    *out = (struct demo_account){.role = a.role};
    memcpy(out->login, a.login, sizeof out->login);
    memcpy(out->name, a.name, sizeof out->name);
    if (d->district == NULL || a.place == 0) return;
    struct district_place place = district_place_at(d->district, a.place);
    memcpy(out->place[LANG_ZH], place.name, sizeof out->place[LANG_ZH]);
    memcpy(out->place[LANG_EN], place.name_en, sizeof out->place[LANG_EN]);
}

static utc_sec demo_begin(const struct demo *d)
{
    return d->district == NULL ? d->options.real.at : district_begin(d->district);
}

static tong_code demo_account_run(struct db *db, void *payload, struct err *err)
{
    const struct demo_account_job *job = payload;
    struct demo *d = job->demo;
    tong_code code = TONG_OK;
    for (int64_t i = job->from; i < job->until && code == TONG_OK; i++) {
        struct district_account a = demo_account_of(d, i, d->service->options.language);
        struct account_new account = {.login = str_z(a.login), .name = str_z(a.name), .person = a.person,
                                      .language = d->service->options.language, .password = job->password, .at = job->at};
        code = account_add(db, d->service->vault, &account, &d->accounts[i], err);
        const struct grant grant = {.role = role_find(str_z(a.role)), .place = a.person != 0 ? 0 : a.place, .begins = job->at, .ends = UTC_NONE};
        int64_t id;
        if (code == TONG_OK && grant.role < 0) code = tong_fail(err, TONG_E_INVALID, "no role %s", a.role);
        if (code == TONG_OK) code = grant_add(db, d->accounts[i], &grant, 0, &id, err);
    }
    return code;
}

static tong_code demo_accounts(struct demo *d, struct err *err)
{
    int64_t count = demo_account_count(d);
    char hash[PASSWORD_HASH];
    struct accounts *accounts = d->service->part[PART_ACCOUNTS];
    tong_code code = password_hash(accounts->gate, STR(DEMO_PASSWORD), hash, err);
    for (int64_t i = 0; i < count && code == TONG_OK; i += DEMO_BATCH) {
        struct demo_account_job job = {d, hash, i, i + DEMO_BATCH < count ? i + DEMO_BATCH : count,
                                       {demo_begin(d).s - 86400}};
        code = writer_call(d->service->writer, demo_account_run, &job, err);
    }
    return code;
}

int64_t demo_account(const struct demo *d, struct str login)
{
    for (int64_t i = 0; i < demo_account_count(d); i++)
        if (str_eq_z(login, demo_account_of(d, i, LANG_EN).login)) return d->accounts[i];
    return 0;
}

// ---- what visitors record ----

static tong_code demo_hear(struct demo *d, struct err *err)
{
    const sql_id q = sql_demo_facts;
    tong_code code = db_ask(d->db, q, &DB_I(d->heard), 1, err);
    while (code == TONG_OK && db_next(d->db, q)) {
        const struct fact f = {.subject = db_int(d->db, q, 1, 0),
                               .kind = (uint8_t)db_int(d->db, q, 2, 0),
                               .happened = {db_int(d->db, q, 3, 0)},
                               .known = {db_int(d->db, q, 4, 0)},
                               .recorded = {db_int(d->db, q, 4, 0)},
                               .until = {db_int(d->db, q, 5, INT64_MIN)},
                               .link = db_int(d->db, q, 6, 0),
                               .name = (uint32_t)db_int(d->db, q, 7, 0),
                               .value = (int32_t)db_int(d->db, q, 8, 0),
                               .signer = (int32_t)db_int(d->db, q, 9, 0),
                               .second = (int32_t)db_int(d->db, q, 10, 0),
                               .word = (uint8_t)db_int(d->db, q, 11, 0),
                               .test = (uint8_t)db_int(d->db, q, 12, 0),
                               .outcome = (uint8_t)db_int(d->db, q, 13, 0),
                               .protection = (uint8_t)db_int(d->db, q, 14, 0),
                               .flags = (uint8_t)db_int(d->db, q, 15, 0)};
        d->heard = db_int(d->db, q, 0, d->heard);
        if (!demo_load_made(d->load, d->heard)) code = district_heard(d->district, &f, err);
    }
    tong_code done = db_done(d->db, q, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? done : code;
}

// The clock runs so fast that a session would be over in a moment: those that are open stay open.
static tong_code demo_sessions_run(struct db *db, void *payload, struct err *err)
{
    const struct db_value values[] = {DB_I(((const utc_sec *)payload)->s), DB_I(((const utc_sec *)payload)->s + DEMO_SESSION_S)};
    return db_run(db, sql_demo_sessions, values, 2, NULL, err);
}

// ---- the clock ----

static tong_code demo_tick(struct demo *d, utc_sec until, struct err *err)
{
    tong_code code = d->district == NULL ? demo_advance(d, until, err) : demo_hear(d, err);
    if (code == TONG_OK && d->district != NULL) code = demo_load_until(d->load, until, err);
    if (code == TONG_OK) code = writer_call(d->service->writer, demo_sessions_run, &until, err);
    return code;
}

static void demo_wait(struct demo *d, struct timespec *next)
{
    next->tv_nsec += DEMO_TICK_MS * 1000000L;
    if (next->tv_nsec >= 1000000000L) {
        next->tv_nsec -= 1000000000L;
        next->tv_sec++;
    }
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec > next->tv_sec + 1) *next = now; // behind: from here on
    while (!d->stop && d->step == 0 && pthread_cond_timedwait(&d->wake, &d->lock, next) == 0) continue;
}

static void *demo_thread(void *payload)
{
    struct demo *d = payload;
    struct timespec next;
    (void)clock_gettime(CLOCK_REALTIME, &next);
    (void)pthread_mutex_lock(&d->lock);
    while (!d->stop) {
        demo_wait(d, &next);
        double pass = (d->paused ? 0 : d->speed * DEMO_TICK_MS / 1000.0) + (double)d->step;
        d->step = 0;
        utc_sec until = {d->now.s + (int64_t)pass};
        bool idle = d->stop || until.s == d->now.s;
        (void)pthread_mutex_unlock(&d->lock);
        struct err err = {0};
        tong_code code = idle ? TONG_OK : demo_tick(d, until, &err);
        utc_sec more;
        bool over = !idle && d->district != NULL && !district_next(d->district, &more);
        if (code != TONG_OK) log_line(&d->service->log, LOG_ERROR, "demo_failed", "code=%s error=\"%s\"", err_slug(code), err.text);
        (void)pthread_mutex_lock(&d->lock);
        if (!idle && code == TONG_OK) {
            d->now = until;
            d->over = over;
            if (d->load != NULL) d->counts = demo_load_counts(d->load);
        }
    }
    (void)pthread_mutex_unlock(&d->lock);
    return NULL;
}

void demo_look(struct demo *d, struct demo_state *out)
{
    (void)pthread_mutex_lock(&d->lock);
    *out = (struct demo_state){d->now, d->speed, d->paused, d->over, d->leave, d->counts};
    (void)pthread_mutex_unlock(&d->lock);
}

void demo_clock(struct demo *d, int32_t pause, double speed, int64_t step)
{
    (void)pthread_mutex_lock(&d->lock);
    if (pause >= 0) d->paused = pause != 0;
    if (speed >= 0) d->speed = speed < DEMO_SPEED_MOST ? speed : DEMO_SPEED_MOST;
    if (step > 0) d->step += step;
    (void)pthread_cond_signal(&d->wake);
    (void)pthread_mutex_unlock(&d->lock);
}

struct demo *demo_of(const struct service *s)
{
    return s->part[PART_DEMO];
}

// ---- beginning and end ----

static tong_code demo_fill(struct demo *d, struct err *err)
{
    const char *where = d->service->options.where;
    service_clock_run(d->service, (utc_sec){district_begin(d->district).s - 86400}, 0);
    const struct demo_taker taker = {demo_take, demo_advance, d, where, d->accounts};
    tong_code code = demo_load_open(d->district, d->edition[0], &taker, &d->load, err);
    if (code == TONG_OK) code = db_open(where, DB_READ, &d->db, err);
    if (code == TONG_OK) code = demo_load_world(d->load, err);
    if (code == TONG_OK) code = demo_twins(d->service, d->district, err);
    if (code == TONG_OK) code = demo_accounts(d, err); // a resident's is sealed under the key of their person
    if (code == TONG_OK) code = demo_load_edition(d->load, d->options.texts, d->options.text_count, err);
    d->now = district_today(d->district);
    if (code == TONG_OK) code = demo_load_until(d->load, d->now, err);
    if (code == TONG_OK) code = db_ask(d->db, sql_fact_last, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(d->db, sql_fact_last)) d->heard = db_int(d->db, sql_fact_last, 0, 0);
    return db_done(d->db, sql_fact_last, err);
}

static tong_code demo_fill_real(struct demo *d, struct err *err)
{
    service_clock_run(d->service, d->options.real.at, 0);
    tong_code code = demo_accounts(d, err);
    const struct demo_real_who who = {.proposer = demo_account(d, STR("health_officer.1")),
                                      .signers = {demo_account(d, STR("district_command.1")), demo_account(d, STR("district_command.2"))},
                                      .importer = demo_account(d, STR("health_officer.1"))};
    d->now = d->options.real.at;
    d->paused = true; // nothing goes on but what visitors do
    return code == TONG_OK ? demo_real_fill(d->service, &d->options.real, d->options.texts, d->options.text_count, &who, &d->read, err) : code;
}

tong_code demo_start(struct service *s, const struct demo_options *o, struct demo_started *out, struct err *err)
{
    assert(s->part[PART_DEMO] == NULL);
    double from = demo_seconds();
    struct demo *d = calloc(1, sizeof *d);
    if (d == NULL) return tong_fail(err, TONG_E_NOMEM, "a demo");
    d->service = s;
    d->options = *o;
    d->edition[0] = o->protocol;
    d->book = (struct rulebook){d->edition, 1};
    d->speed = o->speed;
    d->leave = o->leave;
    (void)pthread_mutex_init(&d->lock, NULL);
    (void)pthread_cond_init(&d->wake, NULL);
    s->part[PART_DEMO] = d; // closed with the service, whatever comes
    bool real = o->real.at.s != 0;
    tong_code code = TONG_OK;
    if (real) d->staff_count = demo_real_staff(d->staff);
    else code = district_open(&o->district, &d->book, &d->district, err);
    if (code != TONG_OK) return code;
    d->accounts = calloc((size_t)demo_account_count(d), sizeof *d->accounts);
    if (d->accounts == NULL) return tong_fail(err, TONG_E_NOMEM, "the accounts of a demo");
    code = real ? demo_fill_real(d, err) : demo_fill(d, err);
    if (code != TONG_OK) return code;
    if (!real) district_leave(d->district, o->leave);
    if (!real) d->counts = demo_load_counts(d->load);
    if (out != NULL) *out = (struct demo_started){demo_seconds() - from, d->counts, d->read, demo_account_count(d)};
    d->running = pthread_create(&d->thread, NULL, demo_thread, d) == 0;
    return d->running ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the clock of a demo");
}

void demo_close(void *state)
{
    struct demo *d = state;
    if (d == NULL) return;
    (void)pthread_mutex_lock(&d->lock);
    d->stop = true;
    (void)pthread_cond_signal(&d->wake);
    (void)pthread_mutex_unlock(&d->lock);
    if (d->running) (void)pthread_join(d->thread, NULL);
    demo_load_close(d->load);
    db_close(d->db);
    if (d->district != NULL) district_close(d->district);
    free(d->accounts);
    (void)pthread_cond_destroy(&d->wake);
    (void)pthread_mutex_destroy(&d->lock);
    free(d);
}
