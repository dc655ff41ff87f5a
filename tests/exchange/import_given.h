// import_given.h -- an intake that only remembers, for tests of imports: it answers uids as the real one does.
#ifndef TONG_TESTS_IMPORT_GIVEN_H
#define TONG_TESTS_IMPORT_GIVEN_H

#include "base/map.h"
#include "exchange/import.h"
#include "exchange/import_command.h"
#include "tap.h"

enum { GIVEN_TOLD = 400, GIVEN_KEPT = 4000 };

struct given {
    struct arena arena;
    struct map *uids;   // key of a command's uid -> hash of what it says
    struct map *people; // uids described
    struct command kept[GIVEN_KEPT];
    struct person_record person[GIVEN_KEPT]; // of kept PERSON commands
    size_t kept_count;
    int64_t commands, repeated, conflicts, batches;
    char told[GIVEN_TOLD][200]; // "line:column slug" of each problem of a row
    size_t told_count;
    struct import_pair pair[64];
    size_t pair_count;
    struct problem_list problems;
    struct import_tally tally;
    struct zone zone;
    int64_t stop_after; // rows; 0 never
};

TAP_UNUSED static int64_t given_key(const unsigned char uid[UID_BYTES])
{
    struct str text = {(const char *)uid, UID_BYTES};
    return (int64_t)str_hash(text);
}

TAP_UNUSED static int64_t given_says(const struct command *c)
{
    char text[400];
    const struct fact *f = &c->fact;
    int n = snprintf(text, sizeof text, "%d %lld %lld %lld %u %d %u %u %u %u %u %lld %lld %.*s", (int)c->kind,
                     (long long)f->happened.s, (long long)f->until.s, (long long)f->known.s, f->name, f->value, f->kind,
                     f->word, f->test, f->outcome, f->flags, (long long)given_key(c->subject_uid),
                     (long long)given_key(c->link_uid), (int)(c->note.n < 80 ? c->note.n : 80),
                     c->note.p == NULL ? "" : c->note.p);
    return (int64_t)str_hash((struct str){text, (size_t)n});
}

TAP_UNUSED static tong_code given_take(void *payload, const struct command *commands, size_t count,
                                       struct intake_outcome *out, struct err *err)
{
    struct given *g = payload;
    (void)err;
    g->batches++;
    for (size_t i = 0; i < count; i++) {
        const struct command *c = &commands[i];
        int64_t before = 0, key = given_key(c->uid), says = given_says(c);
        g->commands++;
        out[i].code = TONG_OK;
        out[i].repeated = false;
        if (map_get_number(g->uids, key, &before)) {
            out[i].repeated = before == says;
            if (before != says) {
                static const struct message taken = {"uid-taken", PROBLEM_ERROR, LABEL("taken", "已占用"),
                                                     LABEL("", "")};
                out[i].code = TONG_E_CONFLICT;
                problem_add(out[i].problems, (struct problem_at){"", 0, 0, NULL}, &taken, NULL, NULL, NULL, NULL);
                g->conflicts++;
            } else {
                g->repeated++;
            }
            continue;
        }
        if (c->kind == COMMAND_FACT && !map_get_number(g->people, given_key(c->subject_uid), &before)) {
            out[i].code = TONG_E_NOT_FOUND;
            continue;
        }
        if (!map_put_number(g->uids, key, says)) abort();
        if (c->kind == COMMAND_PERSON) {
            unsigned char uid[UID_BYTES];
            if (!uid_parse(c->person->uid, uid) || !map_put_number(g->people, given_key(uid), 1)) abort();
        }
        if (g->kept_count < GIVEN_KEPT) {
            g->kept[g->kept_count] = *c;
            if (c->kind == COMMAND_PERSON) {
                struct person_record *p = &g->person[g->kept_count];
                *p = *c->person;
                for (size_t f = 0; f < person_record_kind.count; f++) {
                    const struct record_field *field = &person_record_kind.fields[f];
                    if ((field->type != RECORD_TYPE_TEXT && field->type != RECORD_TYPE_ID) || record_absent(field, p))
                        continue;
                    struct str text = record_get_text(field, p);
                    text.p = arena_copy(&g->arena, text.p, text.n);
                    memcpy((char *)p + field->offset, &text, sizeof text);
                }
            }
            g->kept[g->kept_count].note.p = arena_copy(&g->arena, c->note.p == NULL ? "" : c->note.p, c->note.n);
            g->kept_count++;
        }
    }
    return TONG_OK;
}

TAP_UNUSED static void given_tell(void *payload, const struct import_told *row)
{
    struct given *g = payload;
    for (size_t i = 0; i < row->problem_count && g->told_count < GIVEN_TOLD; i++)
        (void)snprintf(g->told[g->told_count++], sizeof g->told[0], "%s %lld:%lld %s",
                       import_fate_words[row->fate].word, (long long)row->problems[i].line,
                       (long long)row->problems[i].column, row->problems[i].message->slug);
}

TAP_UNUSED static void given_twin(void *payload, const struct import_pair *pair)
{
    struct given *g = payload;
    if (g->pair_count < sizeof g->pair / sizeof *g->pair) g->pair[g->pair_count++] = *pair;
}

TAP_UNUSED static bool given_progress(void *payload, const struct import_tally *tally)
{
    struct given *g = payload;
    return g->stop_after == 0 || tally->rows < g->stop_after;
}

TAP_UNUSED static struct given *given_open(void)
{
    struct given *g = calloc(1, sizeof *g);
    if (g == NULL) abort();
    g->uids = map_open();
    g->people = map_open();
    zone_fixed(0, "UTC", &g->zone);
    g->problems.arena = &g->arena;
    return g;
}

TAP_UNUSED static void given_close(struct given *g)
{
    map_close(g->uids);
    map_close(g->people);
    arena_free(&g->arena);
    free(g);
}

TAP_UNUSED static void given_forget(struct given *g) // what was told; not what was taken
{
    g->told_count = g->pair_count = g->kept_count = 0;
    g->commands = g->repeated = g->conflicts = g->batches = 0;
    g->problems.count = g->problems.errors = 0;
}

TAP_UNUSED static struct import_options given_options(struct given *g, import_format format)
{
    struct import_options o = {
        .format = format,
        .zone = &g->zone,
        .specimen = SPECIMEN_OROPHARYNGEAL,
        .test = TEST_PCR,
        .now = {1800000000},
        .take = given_take,
        .tell = given_tell,
        .twin = given_twin,
        .progress = given_progress,
        .payload = g,
        .problems = &g->problems,
        .keep_cells = true,
    };
    if (!civil_from_date((struct civil_date){2026, 11, 21}, &o.today)) abort();
    return o;
}

TAP_UNUSED static void given_file(struct import_options *o, const char *name, const char *path, const char *text,
                                  import_table table, const struct import_mapping *mapping)
{
    o->file[o->file_count++] = (struct import_file){{name, path, str_z(text)}, table, mapping};
}

// The facts taken, as "kind kind kind", of one person or (NULL) of all.
TAP_UNUSED static int64_t given_count(const struct given *g, int32_t event)
{
    int64_t n = 0;
    for (size_t i = 0; i < g->kept_count; i++)
        n += g->kept[i].kind == COMMAND_FACT && (event < 0 || g->kept[i].fact.kind == event);
    return n;
}

TAP_UNUSED static void given_show(const struct given *g)
{
    for (size_t i = 0; i < g->problems.count; i++) {
        printf("# ");
        problem_print(&g->problems.items[i], LANG_EN, stdout);
    }
    for (size_t i = 0; i < g->told_count && i < 40; i++) printf("# %s\n", g->told[i]);
    const struct import_tally *t = &g->tally;
    printf("# rows %lld taken %lld same %lld faulty %lld warnings %lld new %lld found %lld facts %lld dup %lld\n",
           (long long)t->rows, (long long)t->taken, (long long)t->same, (long long)t->faulty, (long long)t->warnings,
           (long long)t->people_new, (long long)t->people_found, (long long)t->facts, (long long)t->duplicates);
}

#endif
