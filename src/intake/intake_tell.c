// What the roll and the live feed learn once a group is committed.
#include "intake/intake_state.h"

#include <string.h>

typedef enum told_kind { TOLD_CHANGE, TOLD_PLACE, TOLD_SUBJECT, TOLD_NAME, TOLD_ROW, TOLD_DROP, TOLD_ERASED } told_kind;

struct told {
    told_kind kind;
    int32_t what; // change_kind, roll_list, place_kind
    int64_t id, other;
    struct str name;
    int32_t *columns;
};

static void told_add(struct intake *in, struct told t)
{
    if (in->preview || in->rebuilding || (in->roll == NULL && t.kind != TOLD_CHANGE)) return;
    struct told *all = grow_array(&in->grown, in->told, in->told_count, &in->told_cap, sizeof *all);
    if (all == NULL) return; // the roll is then behind until it is loaded again; what was recorded is not touched
    in->told = all;
    all[in->told_count++] = t;
}

void intake_tell_change(struct intake *in, change_kind kind, int64_t id, int64_t subject)
{
    if (in->options.committed != NULL)
        told_add(in, (struct told){.kind = TOLD_CHANGE, .what = (int32_t)kind, .id = id, .other = subject});
}

void intake_tell_place(struct intake *in, int64_t place, int64_t parent, int32_t kind)
{
    told_add(in, (struct told){.kind = TOLD_PLACE, .what = kind, .id = place, .other = parent});
}

void intake_tell_subject(struct intake *in, int64_t subject, int64_t place)
{
    told_add(in, (struct told){.kind = TOLD_SUBJECT, .id = subject, .other = place});
}

void intake_tell_name(struct intake *in, int64_t person, struct str name)
{
    if (in->roll == NULL) return;
    struct str kept = {name.n == 0 ? NULL : arena_copy(&in->arena, name.p, name.n), name.n};
    if (kept.p != NULL || name.n == 0) told_add(in, (struct told){.kind = TOLD_NAME, .id = person, .name = kept});
}

void intake_tell_row(struct intake *in, roll_list list, int64_t id, const int32_t *columns, size_t count)
{
    if (in->roll == NULL || in->preview || in->rebuilding) return;
    int32_t *kept = arena_array(&in->arena, count, sizeof *kept);
    if (kept == NULL) return;
    memcpy(kept, columns, count * sizeof *kept);
    told_add(in, (struct told){.kind = TOLD_ROW, .what = (int32_t)list, .id = id, .columns = kept});
}

void intake_tell_drop(struct intake *in, roll_list list, int64_t id)
{
    told_add(in, (struct told){.kind = TOLD_DROP, .what = (int32_t)list, .id = id});
}

void intake_tell_erased(struct intake *in, int64_t person)
{
    told_add(in, (struct told){.kind = TOLD_ERASED, .id = person});
}

static void told_to_roll(struct roll *r, const struct told *t)
{
    switch (t->kind) { // what has no room is behind until the roll is loaded again
    case TOLD_PLACE: (void)roll_place_put(r, t->id, t->other, t->what); break;
    case TOLD_SUBJECT: (void)roll_subject_put(r, t->id, t->other); break;
    case TOLD_NAME: (void)roll_name_put(r, t->id, t->name); break;
    case TOLD_ROW: (void)roll_put(r, (roll_list)t->what, t->id, t->columns); break;
    case TOLD_DROP: roll_drop(r, (roll_list)t->what, t->id); break;
    case TOLD_ERASED: roll_person_erase(r, t->id); break;
    case TOLD_CHANGE: break;
    }
}

void told_publish(struct intake *in)
{
    size_t changes = 0;
    if (in->roll != NULL && in->told_count > 0) {
        roll_write_begin(in->roll);
        for (size_t i = 0; i < in->told_count; i++) told_to_roll(in->roll, &in->told[i]);
        roll_write_end(in->roll);
    }
    for (size_t i = 0; i < in->told_count; i++) changes += in->told[i].kind == TOLD_CHANGE ? 1 : 0;
    struct intake_change *all = changes == 0 ? NULL : arena_array(&in->arena, changes, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < in->told_count && all != NULL; i++) {
        const struct told *t = &in->told[i];
        if (t->kind == TOLD_CHANGE) all[n++] = (struct intake_change){(change_kind)t->what, t->id, t->other};
    }
    if (n > 0) in->options.committed(in->options.payload, all, n);
    told_forget(in);
}

void told_forget(struct intake *in)
{
    in->told_count = 0;
}

void told_close(struct intake *in)
{
    grow_free(in->told);
}
