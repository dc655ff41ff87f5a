#include "exchange/import_inner.h"

#include <assert.h>
#include <string.h>

enum { CORRECTIONS_MAX = 64 }; // versions of one fact

// ---- the reader ----

tong_code import_look(struct import_session *s, struct err *err)
{
    return !s->snapshots || db_in_transaction(s->o->db) ? TONG_OK : db_begin(s->o->db, err);
}

void import_look_end(struct import_session *s)
{
    if (s->snapshots) db_rollback(s->o->db);
}

// ---- accounting ----

void import_settle(struct import_session *s, const struct import_pending *row, import_fate fate)
{
    struct import_tally *t = s->tally;
    struct import_open *f = &s->open[row->file];
    unsigned char *now = &f->fate[row->index];
    import_fate before = (import_fate)*now, after = fate > before ? fate : before;
    int64_t *counts[IMPORT_FATE_COUNT] = {NULL, &t->same, &t->taken, &t->faulty};
    if (before == IMPORT_OPEN) t->rows++, t->table_rows[f->table]++;
    else (*counts[before])--;
    (*counts[after])++;
    *now = (unsigned char)after;
    for (size_t i = 0; i < row->problems.count; i++)
        t->warnings += row->problems.items[i].message->severity == PROBLEM_WARNING;
    if (s->o->tell == NULL || row->problems.count == 0) return;
    const struct import_told told = {
        .file = &s->o->file[row->file],
        .table = f->table,
        .line = row->line,
        .fate = after,
        .problems = row->problems.items,
        .problem_count = row->problems.count,
        .cells = row->cells,
        .cell_count = row->cell_count,
        .columns = import_reader_binding(f->reader),
        .entities = import_reader_entities(f->reader),
    };
    s->o->tell(s->o->payload, &told);
}

static struct problem_at pending_at(const struct import_session *s, const struct import_pending *row)
{
    return (struct problem_at){s->o->file[row->file].source.name, row->line, 0, NULL};
}

// ---- a dry run ----

// Would this row change anything? A person described anew does; a fact whose uid is not there does.
static tong_code dry_row(struct import_session *s, const struct import_half *h, const struct import_pending *row,
                         bool *changes, struct err *err)
{
    *changes = row->count > 0;
    if (row->count == 0 || !row->may_be_there) return TONG_OK;
    *changes = false;
    for (size_t i = row->first; i < row->first + row->count && !*changes; i++) {
        bool there = false;
        tong_code code = import_known_fact(s->maker.known, h->batch.commands[i].uid, &there, err);
        if (code != TONG_OK) return code;
        *changes = !there;
    }
    return TONG_OK;
}

static void count_command(struct import_session *s, const struct command *c)
{
    s->tally->facts += c->kind == COMMAND_FACT;
}

static tong_code flush_dry(struct import_session *s, struct import_half *h, struct err *err)
{
    for (size_t r = 0; r < h->pending_count; r++) {
        const struct import_pending *row = &h->pending[r];
        bool changes = false;
        tong_code code = dry_row(s, h, row, &changes, err);
        if (code != TONG_OK) return code;
        for (size_t i = row->first; i < row->first + row->count && changes; i++)
            count_command(s, &h->batch.commands[i]);
        import_settle(s, row, changes ? IMPORT_TAKEN : IMPORT_SAME);
    }
    return TONG_OK;
}

// ---- for real ----

static bool outcome_says(const struct intake_outcome *out, const char *slug)
{
    for (size_t i = 0; out->problems != NULL && i < out->problems->count; i++)
        if (strcmp(out->problems->items[i].message->slug, slug) == 0) return true;
    return false;
}

// Is another version to be sent? Something else stands under the uid: a correction; or it was undone: once more.
static tong_code flush_wants(struct import_session *s, const struct import_half *h, size_t i,
                             const struct intake_outcome *out, bool *wants, bool *anew, struct err *err)
{
    *wants = *anew = false;
    if (h->batch.origins[i].slot == NULL || h->batch.origins[i].version == CORRECTIONS_MAX) return TONG_OK;
    bool other = out->code == TONG_E_CONFLICT && outcome_says(out, "uid-taken");
    if (!other && (out->code != TONG_OK || !out->repeated)) return TONG_OK;
    tong_code code = import_known_undone(s->maker.known, h->batch.commands[i].uid, anew, err);
    *wants = other || *anew;
    return code;
}

// Facts that are there with another content are corrected: as the next version of the same statement. A version that is
// there with this very content is the end of it. Who is described at last is known to the rest of the row, which goes along.
static tong_code flush_versions(struct import_session *s, struct import_half *h, struct err *err)
{
    size_t n = 1, count = h->batch.count;
    struct intake_outcome *out = h->out;
    size_t *which = arena_array(&h->arena, count, sizeof *which);
    struct command *again = arena_array(&h->arena, count, sizeof *again);
    struct intake_outcome *results = arena_array(&h->arena, count, sizeof *results);
    if (which == NULL || again == NULL || results == NULL) return tong_fail(err, TONG_E_NOMEM, "corrections");
    while (n > 0) {
        size_t described = SIZE_MAX; // the row whose person goes again
        n = 0;
        for (size_t i = 0; i < count; i++) {
            bool wants = false, anew = false,
                 follows = described == h->batch.origins[i].row && out[i].code == TONG_E_NOT_FOUND;
            tong_code code = flush_wants(s, h, i, &out[i], &wants, &anew, err);
            if (code != TONG_OK) return code;
            if (!wants && !follows) continue;
            if (wants) import_make_version(&s->maker, &h->batch, i, anew);
            if (wants && h->batch.commands[i].kind != COMMAND_FACT) described = h->batch.origins[i].row;
            which[n] = i;
            again[n] = h->batch.commands[i];
            results[n] = (struct intake_outcome){.problems = out[i].problems};
            if (out[i].problems != NULL) out[i].problems->count = out[i].problems->errors = 0;
            n++;
        }
        if (n == 0) return TONG_OK;
        tong_code code = s->o->take(s->o->payload, again, n, results, err);
        if (code != TONG_OK) return code;
        for (size_t i = 0; i < n; i++) out[which[i]] = results[i];
    }
    return TONG_OK;
}

static void flush_row(struct import_session *s, struct import_half *h, struct import_pending *row)
{
    const struct intake_outcome *out = h->out;
    size_t refused = 0, taken = 0, good = 0;
    for (size_t i = row->first; i < row->first + row->count; i++) {
        const struct problem_list *why = out[i].problems;
        if (out[i].code == TONG_OK) {
            good++;
            taken += !out[i].repeated;
            if (!out[i].repeated) count_command(s, &h->batch.commands[i]);
            continue;
        }
        refused++;
        for (size_t p = 0; why != NULL && p < why->count; p++) {
            struct problem_at at = pending_at(s, row);
            at.path = why->items[p].path;
            problem_add(&row->problems, at, why->items[p].message, why->items[p].arg[0], why->items[p].arg[1],
                        why->items[p].arg[2], why->items[p].arg[3]);
        }
        if (why == NULL || why->count == 0)
            problem_add(&row->problems, pending_at(s, row), &import_message[IMPORT_F_REFUSED], err_slug(out[i].code),
                        NULL, NULL, NULL);
    }
    if (refused > 0 && good > 0)
        problem_add(&row->problems, pending_at(s, row), &import_message[IMPORT_F_IN_PART],
                    arena_printf(&h->arena, "%zu", good), arena_printf(&h->arena, "%zu", row->count), NULL, NULL);
    import_settle(s, row, refused > 0 ? IMPORT_FAULTY : taken > 0 ? IMPORT_TAKEN : IMPORT_SAME);
}

// ---- halves ----

void import_half_begin(struct import_session *s)
{
    struct import_half *h = s->half;
    assert(!h->away);
    h->pending_count = 0;
    arena_reset(&h->arena);
    h->batch = (struct import_batch){.arena = &h->arena};
    h->out = NULL;
    h->pairs = NULL;
    h->pair_count = h->pair_cap = 0;
}

static void half_told(struct import_session *s, const struct import_half *h)
{
    for (size_t i = 0; i < h->pair_count && s->o->twin != NULL; i++) s->o->twin(s->o->payload, &h->pairs[i]);
    if (s->o->progress != NULL && !s->o->progress(s->o->payload, s->tally)) s->stopped = true;
}

static void *half_record(void *payload)
{
    struct import_half *h = payload;
    h->code = h->o->take(h->o->payload, h->batch.commands, h->batch.count, h->out, &h->err);
    return NULL;
}

// Where the host allows it the next rows are made ready while these are recorded: reading and checking a row takes about half as
// long as recording it.
static tong_code half_hand_over(struct import_session *s, struct import_half *h, struct err *err)
{
    size_t n = h->batch.count;
    h->out = arena_array(&h->arena, n + 1, sizeof *h->out);
    struct problem_list *problems = arena_array(&h->arena, n + 1, sizeof *problems);
    if (h->out == NULL || problems == NULL) return tong_fail(err, TONG_E_NOMEM, "the outcomes of a batch");
    for (size_t i = 0; i < n; i++) {
        problems[i].arena = &h->arena;
        h->out[i].problems = &problems[i];
    }
    h->o = s->o;
    h->code = TONG_OK;
    h->away = true;
    if (n == 0) return TONG_OK;
    h->threaded = s->o->beside && pthread_create(&h->thread, NULL, half_record, h) == 0;
    if (!h->threaded) (void)half_record(h);
    return TONG_OK;
}

static void half_wait(struct import_half *h)
{
    if (h->threaded) (void)pthread_join(h->thread, NULL);
    h->threaded = false;
}

void import_half_wait(struct import_session *s)
{
    for (size_t i = 0; i < 2; i++) half_wait(&s->halves[i]);
}

// What became of the batch that was handed over.
static tong_code half_settle(struct import_session *s, struct import_half *h, struct err *err)
{
    if (!h->away) return TONG_OK;
    half_wait(h);
    h->away = false;
    if (h->code != TONG_OK && err != NULL) *err = h->err;
    tong_code code = h->code;
    if (code == TONG_OK && h->batch.count > 0) code = flush_versions(s, h, err);
    for (size_t r = 0; r < h->pending_count && code == TONG_OK; r++) flush_row(s, h, &h->pending[r]);
    if (code == TONG_OK) half_told(s, h);
    return code;
}

static tong_code flush_dry_half(struct import_session *s, struct err *err)
{
    tong_code code = flush_dry(s, s->half, err);
    import_look_end(s);
    if (code == TONG_OK) half_told(s, s->half);
    import_half_begin(s);
    return code;
}

tong_code import_flush(struct import_session *s, struct err *err)
{
    struct import_half *now = s->half, *before = now == &s->halves[0] ? &s->halves[1] : &s->halves[0];
    if (now->pending_count == 0) return TONG_OK;
    if (s->o->take == NULL) return flush_dry_half(s, err);
    import_look_end(s);
    tong_code code = half_settle(s, before, err);
    if (code == TONG_OK) code = half_hand_over(s, now, err); // counted already, so it is recorded even when it stops here
    if (code != TONG_OK) return code;
    s->half = before;
    import_half_begin(s);
    return s->o->beside && !s->stopped ? TONG_OK : half_settle(s, now, err);
}

tong_code import_flush_all(struct import_session *s, struct err *err)
{
    tong_code code = import_flush(s, err);
    for (size_t i = 0; i < 2 && code == TONG_OK; i++) code = half_settle(s, &s->halves[i], err);
    return code;
}
