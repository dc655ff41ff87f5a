#include "exchange/import_inner.h"

#include <assert.h>
#include <string.h>

enum { CORRECTIONS_MAX = 64 }; // versions of one fact

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
static tong_code dry_row(struct import_session *s, const struct import_pending *row, bool *changes, struct err *err)
{
    *changes = row->count > 0;
    if (row->count == 0 || !row->may_be_there) return TONG_OK;
    *changes = false;
    for (size_t i = row->first; i < row->first + row->count && !*changes; i++) {
        bool there = false;
        tong_code code = import_known_fact(s->maker.known, s->batch.commands[i].uid, &there, err);
        if (code != TONG_OK) return code;
        *changes = !there;
    }
    return TONG_OK;
}

static void count_command(struct import_session *s, const struct command *c)
{
    s->tally->facts += c->kind == COMMAND_FACT;
}

static tong_code flush_dry(struct import_session *s, struct err *err)
{
    for (size_t r = 0; r < s->pending_count; r++) {
        const struct import_pending *row = &s->pending[r];
        bool changes = false;
        tong_code code = dry_row(s, row, &changes, err);
        if (code != TONG_OK) return code;
        for (size_t i = row->first; i < row->first + row->count && changes; i++)
            count_command(s, &s->batch.commands[i]);
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
static tong_code flush_wants(struct import_session *s, size_t i, const struct intake_outcome *out, bool *wants,
                             bool *anew, struct err *err)
{
    *wants = *anew = false;
    if (s->batch.origins[i].slot == NULL || s->batch.origins[i].version == CORRECTIONS_MAX) return TONG_OK;
    bool other = out->code == TONG_E_CONFLICT && outcome_says(out, "uid-taken");
    if (!other && (out->code != TONG_OK || !out->repeated)) return TONG_OK;
    tong_code code = import_known_undone(s->maker.known, s->batch.commands[i].uid, anew, err);
    *wants = other || *anew;
    return code;
}

// Facts that are there with another content are corrected: as the next version of the same statement. A version that is
// there with this very content is the end of it. Who is described at last is known to the rest of the row, which goes along.
static tong_code flush_versions(struct import_session *s, struct intake_outcome *out, struct err *err)
{
    size_t n = 1, count = s->batch.count;
    size_t *which = arena_array(&s->arena, count, sizeof *which);
    struct command *again = arena_array(&s->arena, count, sizeof *again);
    struct intake_outcome *results = arena_array(&s->arena, count, sizeof *results);
    if (which == NULL || again == NULL || results == NULL) return tong_fail(err, TONG_E_NOMEM, "corrections");
    while (n > 0) {
        size_t described = SIZE_MAX; // the row whose person goes again
        n = 0;
        for (size_t i = 0; i < count; i++) {
            bool wants = false, anew = false,
                 follows = described == s->batch.origins[i].row && out[i].code == TONG_E_NOT_FOUND;
            tong_code code = flush_wants(s, i, &out[i], &wants, &anew, err);
            if (code != TONG_OK) return code;
            if (!wants && !follows) continue;
            if (wants) import_make_version(&s->maker, &s->batch, i, anew);
            if (wants && s->batch.commands[i].kind != COMMAND_FACT) described = s->batch.origins[i].row;
            which[n] = i;
            again[n] = s->batch.commands[i];
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

static void flush_row(struct import_session *s, struct import_pending *row, const struct intake_outcome *out)
{
    size_t refused = 0, taken = 0, good = 0;
    for (size_t i = row->first; i < row->first + row->count; i++) {
        const struct problem_list *why = out[i].problems;
        if (out[i].code == TONG_OK) {
            good++;
            taken += !out[i].repeated;
            if (!out[i].repeated) count_command(s, &s->batch.commands[i]);
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
                    arena_printf(&s->arena, "%zu", good), arena_printf(&s->arena, "%zu", row->count), NULL, NULL);
    import_settle(s, row, refused > 0 ? IMPORT_FAULTY : taken > 0 ? IMPORT_TAKEN : IMPORT_SAME);
}

static tong_code flush_real(struct import_session *s, struct err *err)
{
    size_t n = s->batch.count;
    struct intake_outcome *out = arena_array(&s->arena, n + 1, sizeof *out);
    struct problem_list *problems = arena_array(&s->arena, n + 1, sizeof *problems);
    if (out == NULL || problems == NULL) return tong_fail(err, TONG_E_NOMEM, "the outcomes of a batch");
    for (size_t i = 0; i < n; i++) {
        problems[i].arena = &s->arena;
        out[i].problems = &problems[i];
    }
    tong_code code = n == 0 ? TONG_OK : s->o->take(s->o->payload, s->batch.commands, n, out, err);
    if (code == TONG_OK && n > 0) code = flush_versions(s, out, err);
    if (code != TONG_OK) return code;
    for (size_t r = 0; r < s->pending_count; r++) flush_row(s, &s->pending[r], out);
    return TONG_OK;
}

tong_code import_flush(struct import_session *s, struct err *err)
{
    if (s->pending_count == 0) return TONG_OK;
    tong_code code = s->o->take == NULL ? flush_dry(s, err) : flush_real(s, err);
    s->pending_count = 0;
    s->batch = (struct import_batch){.arena = &s->arena};
    arena_reset(&s->arena);
    if (code == TONG_OK && s->o->progress != NULL && !s->o->progress(s->o->payload, s->tally)) s->stopped = true;
    return code;
}
