#include "intake/records.h"

#include <assert.h>
#include <string.h>

const struct deriver intake_record_derivers[] = {
    {ENTRY_PERSON, person_take, person_undo},
    {EVENT_DIED, person_died_take, person_died_undo},
    {ENTRY_PLACE, place_take, place_undo},
    {ENTRY_GATHERING, gathering_take, gathering_undo},
    {ENTRY_SITE, site_take, site_undo},
    {ENTRY_ASSIGNED, assigned_take, assigned_undo},
    {EVENT_SAMPLED, sampled_take, sampled_undo},
    {EVENT_RESULT, sample_part_take, sample_part_undo},
    {ENTRY_RECEIVED, sample_part_take, sample_part_undo},
    {EVENT_OBJECTED, objected_take, objected_undo},
    {EVENT_UPHELD, decided_take, decided_undo},
    {ENTRY_DISMISSED, decided_take, decided_undo},
    {EVENT_HANDED_OVER, handed_over_take, handed_over_undo},
    {ENTRY_ACKNOWLEDGED, hand_over_part_take, hand_over_part_undo},
    {EVENT_ACCEPTED, hand_over_part_take, hand_over_part_undo},
    {ENTRY_MERGED, merged_take, merged_undo},
    {ENTRY_ERASED, erased_take, NULL},
    {-1, NULL, NULL},
};

const struct follower intake_record_followers[] = {
    {COMMAND_PERSON, person_follow},
    {COMMAND_MERGE, merge_follow},
    {COMMAND_FACT, merge_part_follow},
    {COMMAND_FACT, merge_withdrawn_follow},
    {COMMAND_KIND_COUNT, NULL},
};

// What stands is decided by the core's own rule (facts_prepare), so that a retraction of a retraction counts here as
// there.
tong_code records_standing(struct intake *in, const struct standing *s, int64_t *id, struct err *err)
{
    struct db *db = intake_db(in);
    struct fact *facts = NULL;
    size_t count = 0, cap = 0;
    bool full = false;
    *id = 0;
    tong_code code = db_ask(db, sql_record_rows, &DB_I(s->subject), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(db, sql_record_rows)) {
        struct fact f = {.id = db_int(db, sql_record_rows, 0, 0),
                         .kind = (uint8_t)db_int(db, sql_record_rows, 1, 0),
                         .replaces = db_int(db, sql_record_rows, 2, 0)};
        int64_t about = db_int(db, sql_record_rows, 3, 0);
        bool wanted = f.kind == EVENT_RETRACTED;
        for (size_t k = 0; k < sizeof s->kind / sizeof s->kind[0]; k++)
            wanted = wanted || (f.kind == s->kind[k] && (s->about == 0 || s->about == about));
        if (f.id == s->except || !wanted || full) continue;
        struct fact *room = arena_grow(intake_arena(in), facts, count, &cap, sizeof *facts);
        full = room == NULL;
        if (full) continue;
        facts = room;
        facts[count++] = f;
    }
    code = db_done(db, sql_record_rows, err);
    if (code != TONG_OK) return code;
    if (full) return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of a subject");
    if (count == 0) return TONG_OK;
    count = facts_prepare(facts, count, (utc_sec){INT64_MAX}, UTC_NONE);
    for (size_t i = 0; i < count; i++)
        if (facts[i].id > *id) *id = facts[i].id;
    return TONG_OK;
}

tong_code records_number(struct intake *in, sql_id id, const struct db_value *values, size_t count, int64_t none,
                         int64_t *out, struct err *err)
{
    struct db *db = intake_db(in);
    tong_code code = db_ask(db, id, values, count, err);
    if (code != TONG_OK) return code;
    *out = db_next(db, id) ? db_int(db, id, 0, none) : none;
    return db_done(db, id, err);
}

struct fact_row records_row(int32_t kind, int64_t subject, const struct command *c)
{
    return (struct fact_row){.fact = {.kind = (uint8_t)kind,
                                      .subject = subject,
                                      .happened = c->fact.happened,
                                      .known = UTC_NONE,
                                      .until = UTC_NONE}};
}

struct str records_note(struct str note, struct arena *arena)
{
    struct sink sink = {0};
    if (note.n == 0) return (struct str){NULL, 0};
    struct json_out j = json_out_to(&sink);
    json_out_object(&j, NULL);
    json_out_text(&j, "note", note);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct str text = str_trim(sink_kept(&sink));
    struct str out = {good ? arena_copy(arena, text.p, text.n) : NULL, text.n};
    if (out.p == NULL) out.n = 0;
    sink_close(&sink);
    return out;
}

tong_code records_merged(struct db *db, int64_t person, int64_t *out, size_t room, size_t *count, struct err *err)
{
    size_t n = 0;
    assert(room > 0);
    out[n++] = person;
    for (size_t i = 0; i < n; i++) {
        tong_code code = db_ask(db, sql_person_merged, &DB_I(out[i]), 1, err);
        if (code != TONG_OK) return code;
        while (db_next(db, sql_person_merged)) {
            int64_t other = db_int(db, sql_person_merged, 0, 0);
            bool known = false;
            for (size_t k = 0; k < n; k++) known = known || out[k] == other;
            if (!known && n < room) out[n++] = other;
        }
        code = db_done(db, sql_person_merged, err);
        if (code != TONG_OK) return code;
    }
    *count = n;
    return TONG_OK;
}
