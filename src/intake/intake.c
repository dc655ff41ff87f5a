#include "intake/intake_state.h"
#include "intake/pack.h"
#include "store/entry.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a change of edition, before a group is taken (a tenth of a second) and when time passes (most of a second).
enum { INTAKE_DUE = 500, INTAKE_SLICES = 1, INTAKE_SLICES_IDLE = 8 };

static const struct message intake_message = {
    "not-taken", PROBLEM_ERROR, LABEL("it could not be recorded: {1}", "未能登记：{1}"),
    LABEL("tell whoever runs the server, with this text", "请将此提示转告系统管理员")};

// ---- opening ----

static tong_code intake_last(struct intake *in, sql_id q, int32_t columns, int64_t out[3], struct err *err)
{
    tong_code code = db_ask(in->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    bool row = db_next(in->db, q);
    for (int32_t i = 0; i < columns; i++) out[i] = row ? db_int(in->db, q, i, 0) : 0;
    return db_done(in->db, q, err);
}

static tong_code intake_read_chain(struct intake *in, struct err *err)
{
    const sql_id q = sql_chain_last;
    memset(in->head, 0, sizeof in->head);
    in->last_row = 0;
    tong_code code = db_ask(in->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(in->db, q)) {
        struct str head = db_text(in->db, q, 1);
        in->last_row = db_int(in->db, q, 0, 0);
        if (head.n == CHAIN_HASH) memcpy(in->head, head.p, CHAIN_HASH);
    }
    return db_done(in->db, q, err);
}

static tong_code intake_read_uid(struct intake *in, struct err *err)
{
    tong_code code = db_ask(in->db, sql_uid_last, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (db_next(in->db, sql_uid_last)) {
        struct str uid = db_text(in->db, sql_uid_last, 0);
        if (uid.n == UID_BYTES) intake_seen_uid(in, (const unsigned char *)uid.p);
    }
    return db_done(in->db, sql_uid_last, err);
}

static tong_code intake_read_time(struct intake *in, struct err *err)
{
    struct str text, part;
    int64_t v[4] = {INT64_MIN / 4, INT64_MIN / 4, INT32_MIN, 0};
    tong_code code = intake_meta_get(in, "now", &text, err);
    if (code != TONG_OK) return code;
    for (int32_t i = 0; i < 4 && str_cut(&text, ' ', &part); i++)
        if (!str_int(part, &v[i])) return tong_fail(err, TONG_E_INVALID, "the database's time cannot be read");
    in->at = in->reached = (utc_sec){v[0]};
    in->now = (utc_sec){v[1]};
    in->cursor = (struct intake_cursor){v[2], v[3]};
    return TONG_OK;
}

tong_code intake_read_state(struct intake *in, struct err *err)
{
    int64_t facts[3] = {0}, subjects[3] = {0};
    tong_code code = intake_last(in, sql_fact_last, 2, facts, err);
    if (code == TONG_OK) code = intake_last(in, sql_subject_last, 3, subjects, err);
    if (code == TONG_OK) code = intake_read_uid(in, err);
    if (code == TONG_OK) code = intake_read_chain(in, err);
    if (code == TONG_OK) code = intake_read_time(in, err);
    if (code == TONG_OK) code = editions_read(in, err);
    if (code == TONG_OK) code = editions_read_move(in, err);
    if (code != TONG_OK) return code;
    in->last_subject = facts[1];
    for (int32_t i = 0; i < 3; i++)
        if (subjects[i] > in->last_subject) in->last_subject = subjects[i];
    if (in->last_row != facts[0])
        return tong_fail(err, TONG_E_INVALID, "the chain does not reach the last fact: run verify");
    if (in->load == NULL) code = working_open(in, err);
    if (code != TONG_OK) return code;
    in->flushed = facts[0];
    caseload_set_last_id(in->load, facts[0]);
    caseload_set_now(in->load, in->reached);
    if (in->in_force >= 0) caseload_set_edition(in->load, (uint8_t)in->in_force);
    return TONG_OK;
}

static tong_code intake_layout(struct intake *in, struct err *err)
{
    char now[32];
    struct str was;
    (void)snprintf(now, sizeof now, "%d", PACK_LAYOUT);
    tong_code code = intake_meta_get(in, "layout", &was, err);
    if (code != TONG_OK || str_eq_z(was, now)) return code;
    if (was.n > 0 && !in->rebuilding)
        return tong_fail(err, TONG_E_INVALID,
                         "the database was written by another version of this program: run rebuild");
    return intake_meta_put(in, "layout", now, err);
}

static void intake_derivers(struct intake *in, const struct deriver *all)
{
    for (; all->kind >= 0; all++) {
        assert(all->kind < INTAKE_KINDS);
        in->deriver[all->kind] = *all;
    }
}

static tong_code intake_is_fresh(struct intake *in, bool *fresh, struct err *err)
{
    tong_code code = db_ask(in->db, sql_fact_last, NULL, 0, err);
    if (code != TONG_OK) return code;
    *fresh = !db_next(in->db, sql_fact_last) || db_int(in->db, sql_fact_last, 0, 0) == 0;
    return db_done(in->db, sql_fact_last, err);
}

static tong_code intake_open_parts(struct intake *in, struct err *err)
{
    tong_code code = db_open(in->options.where, DB_CREATE, &in->db, err);
    if (code != TONG_OK) return code;
    char *file = NULL;
    if (in->options.vault == NULL) {
        if (db_is_postgresql(in->db))
            return tong_fail(err, TONG_E_INVALID, "with PostgreSQL the vault's file must be named");
        size_t n = strlen(in->options.where) + sizeof ".vault";
        file = malloc(n);
        if (file == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to open a database");
        (void)snprintf(file, n, "%s.vault", in->options.where);
    }
    // Without its keys a database that holds facts would be opened as if everybody had been erased: never make new ones then.
    bool fresh = false;
    code = intake_is_fresh(in, &fresh, err);
    if (code == TONG_OK) code = vault_open(file != NULL ? file : in->options.vault, fresh, &in->vault, err);
    free(file);
    if (code == TONG_OK) code = intake_layout(in, err);
    if (code == TONG_OK) code = intake_read_state(in, err);
    return code;
}

tong_code intake_open(const struct intake_options *options, struct intake **out, struct err *err)
{
    struct intake *in = calloc(1, sizeof *in);
    if (in == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to open a database");
    in->options = *options;
    in->roll = options->roll;
    in->in_force = in->moving = -1;
    intake_derivers(in, intake_record_derivers);
    intake_derivers(in, intake_edition_derivers);
    tong_code code = intake_open_parts(in, err);
    if (code != TONG_OK) {
        intake_close(in);
        return code;
    }
    in->options.where = in->options.vault = NULL; // the caller's
    *out = in;
    return TONG_OK;
}

void intake_close(struct intake *in)
{
    if (in == NULL) return;
    caseload_close(in->load);
    editions_close(in);
    db_close(in->db);
    vault_close(in->vault);
    if (in->subject_at != NULL) map_close(in->subject_at);
    if (in->subject_uid != NULL) map_close(in->subject_uid);
    grow_free(in->subjects);
    told_close(in);
    arena_free(&in->arena);
    arena_free(&in->kept);
    free(in);
}

utc_sec intake_now(const struct intake *in)
{
    return in->now;
}
const struct rulebook *intake_book(const struct intake *in)
{
    return &in->editions;
}
int32_t intake_edition(const struct intake *in)
{
    return in->in_force;
}

// ---- taking ----

static utc_sec intake_later(utc_sec a, utc_sec b)
{
    return a.s > b.s ? a : b;
}

// Would time have to pass before the command? A group is one transaction up to there, so that a rebuild can let it pass alike.
static bool intake_parts_here(struct intake *in, utc_sec before, utc_sec at, tong_code *code, struct err *err)
{
    int32_t edition;
    *code = TONG_OK;
    if (editions_waiting(in, at, &edition)) return true;
    if (at.s / 60 <= before.s / 60) return false;
    *code = flush_state(in, err);
    return *code == TONG_OK && advance_is_due(in, at, code, err);
}

// Commands up to where time has to pass again. `at`: the instant of the first; then of the last.
static tong_code intake_take_step(struct intake *in, const struct command *commands, size_t count,
                                  struct intake_outcome *out, size_t *taken, utc_sec *at, struct err *err)
{
    bool left;
    tong_code code = TONG_OK;
    size_t most = in->options.due_max == 0 ? INTAKE_DUE : in->options.due_max, i = 0;
    in->at = *at;
    if (at->s / 60 > in->cursor.minute || in->cursor.enrolment != INT64_MAX)
        code = advance_due(in, at->s / 60, most, &left, err);
    for (; i < count && code == TONG_OK; i++) {
        utc_sec next = intake_later(commands[i].at, *at);
        if (i > 0 && intake_parts_here(in, *at, next, &code, err)) break;
        *at = next;
        if (code == TONG_OK) code = group_command(in, &commands[i], &out[i], err);
    }
    *taken = i;
    return code == TONG_OK ? group_step(in, err) : code;
}

// As many of the commands as one transaction holds: an edition that comes into force has transactions of its own, and what
// the roll is to be told waits in memory. *taken of them are committed.
static tong_code intake_take_some(struct intake *in, const struct command *commands, size_t count,
                                  struct intake_outcome *out, size_t *taken, struct err *err)
{
    enum { WAITING_BYTES = 32 << 20 };
    size_t i = 0, step = 0;
    int32_t edition;
    *taken = 0;
    tong_code code = group_begin(in, err);
    if (code != TONG_OK) return code;
    utc_sec at = intake_later(commands[0].at, in->reached);
    do {
        code = intake_take_step(in, commands + i, count - i, out + i, &step, &at, err);
        i += step;
        at = intake_later(at, in->at);
        if (i < count) at = intake_later(commands[i].at, at);
    } while (code == TONG_OK && i < count && !editions_waiting(in, at, &edition) && in->arena.bytes < WAITING_BYTES);
    if (code != TONG_OK) {
        group_abandon(in);
        return code;
    }
    code = group_commit(in, err);
    if (code == TONG_OK) *taken = i;
    return code;
}

static tong_code intake_change_editions(struct intake *in, utc_sec at, int32_t slices, struct err *err)
{
    int32_t edition;
    bool moved = false;
    while (!moved && (in->moving >= 0 || editions_waiting(in, at, &edition))) {
        tong_code code = edition_change(in, in->moving >= 0 ? in->moving : edition, slices, err);
        if (code != TONG_OK) return code;
        moved = in->moving >= 0; // a slice of it: the rest when it is called again
    }
    return TONG_OK;
}

// A fault of the content and not of the machine: others of the group need not suffer for it.
static bool intake_own_fault(const struct intake *in, tong_code code)
{
    if (code == TONG_E_LIMIT) return !db_is_full(in->db);
    return code == TONG_E_INVALID || code == TONG_E_CONFLICT;
}

tong_code intake_take(struct intake *in, const struct command *commands, size_t count, struct intake_outcome *out,
                      struct err *err)
{
    size_t done = 0, most = count;
    while (done < count) {
        size_t taken = 0;
        struct err why = {0};
        tong_code code = intake_change_editions(in, intake_later(commands[done].at, in->reached), INTAKE_SLICES, &why);
        if (code == TONG_OK)
            code = intake_take_some(in, commands + done, most < count - done ? most : count - done, out + done, &taken,
                                    &why);
        done += taken;
        if (code == TONG_OK) continue;
        if (intake_own_fault(in, code) && most > 1) { // one of them: which is found by taking them one by one
            most = 1;
            continue;
        }
        if (done == 0 && (count > 1 || !intake_own_fault(in, code))) {
            if (err != NULL) *err = why;
            if (!intake_own_fault(in, code)) return code;
        }
        if (intake_own_fault(in, code)) {
            intake_refuse(&out[done++], code, &intake_message, why.text, NULL, NULL);
            continue;
        }
        for (; done < count; done++) out[done].code = code; // what came before is committed
    }
    // Taking an edition back takes effect at once; when it cannot, it is done before the next command.
    if (count > 0) (void)intake_change_editions(in, in->reached, INTAKE_SLICES, NULL);
    return TONG_OK;
}

tong_code intake_preview(struct intake *in, const struct command *commands, size_t count, struct intake_outcome *out,
                         intake_listener *listener, void *payload, struct err *err)
{
    bool left;
    if (count == 0) return TONG_OK;
    tong_code code = intake_change_editions(in, intake_later(commands[0].at, in->reached), INTAKE_SLICES, err);
    if (code == TONG_OK) code = group_begin(in, err);
    if (code != TONG_OK) return code;
    in->preview = true;
    in->at = intake_later(commands[0].at, in->reached);
    code = advance_due(in, in->at.s / 60, in->options.due_max == 0 ? INTAKE_DUE : in->options.due_max, &left, err);
    in->listener = listener;
    in->listener_payload = payload;
    for (size_t i = 0; i < count && code == TONG_OK; i++) code = group_command(in, &commands[i], &out[i], err);
    in->listener = NULL;
    group_abandon(in);
    in->preview = false;
    return code;
}

tong_code intake_advance(struct intake *in, utc_sec now, struct err *err)
{
    bool left = true;
    tong_code code = intake_change_editions(in, now, INTAKE_SLICES_IDLE, err);
    while (code == TONG_OK && left) {
        left = advance_is_due(in, now, &code, err);
        if (!left || code != TONG_OK) break;
        code = group_begin(in, err);
        if (code != TONG_OK) return code;
        code = advance_due(in, now.s / 60, INTAKE_BATCH, &left, err);
        if (code != TONG_OK) group_abandon(in);
        if (code == TONG_OK) code = group_commit(in, err);
    }
    if (code == TONG_OK && now.s > in->now.s) in->now = now;
    return code;
}
