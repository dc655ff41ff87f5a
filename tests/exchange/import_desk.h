// import_desk.h -- imports over a real store, for tests: the desk of tests of intake, and a reader beside it.
#ifndef TONG_TESTS_IMPORT_DESK_H
#define TONG_TESTS_IMPORT_DESK_H

#include "exchange/import_job.h"
#include "intake/desk.h"

struct import_desk {
    struct desk desk;
    struct db *db; // a reader
    struct sink faulty;
    struct import_job_result out;
    int64_t stop_after;
    uint32_t serial;
};

TAP_UNUSED static tong_code import_desk_take(void *payload, const struct command *commands, size_t count,
                                             struct intake_outcome *out, struct err *err)
{
    struct import_desk *d = payload;
    return intake_take(d->desk.in, commands, count, out, err);
}

TAP_UNUSED static tong_code import_desk_call(void *payload,
                                             tong_code (*run)(struct db *db, void *what, struct err *err), void *what,
                                             struct err *err)
{
    struct import_desk *d = payload;
    struct db *db = intake_db(d->desk.in);
    tong_code code = db_begin(db, err);
    if (code == TONG_OK) code = run(db, what, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

TAP_UNUSED static struct sink *import_desk_faulty(void *payload, size_t file)
{
    struct import_desk *d = payload;
    (void)file;
    return &d->faulty;
}

TAP_UNUSED static bool import_desk_progress(void *payload, const struct import_tally *t)
{
    struct import_desk *d = payload;
    return d->stop_after == 0 || t->rows < d->stop_after;
}

TAP_UNUSED static bool import_desk_open(struct import_desk *d, const struct engine *e, const char *edition)
{
    struct err err = {0};
    *d = (struct import_desk){0};
    if (!desk_open(&d->desk, e)) return false;
    d->desk.now.s = 1700000000; // 2023-11-14: after everything in the lists
    if (edition != NULL && !desk_edition(&d->desk, edition)) return false;
    return OK(db_open(e->where, DB_READ, &d->db, &err) == TONG_OK, "a reader: %s", err.text);
}

TAP_UNUSED static void import_desk_close(struct import_desk *d)
{
    db_close(d->db);
    sink_close(&d->faulty);
    desk_close(&d->desk);
}

TAP_UNUSED static struct import_job_options import_desk_options(struct import_desk *d, import_format format)
{
    static struct zone utc;
    zone_fixed(0, "UTC", &utc);
    struct import_job_options o = {
        .import = {.format = format,
                   .zone = &utc,
                   .specimen = SPECIMEN_OROPHARYNGEAL,
                   .test = TEST_PCR,
                   .now = d->desk.now,
                   .account = 7,
                   .db = d->db,
                   .vault = intake_vault(d->desk.in),
                   .beside = true},
        .name = "a list",
        .twins = true,
        .host = {import_desk_take, import_desk_call, import_desk_progress, import_desk_faulty, d},
    };
    o.import.today = zone_day(&utc, o.import.now);
    desk_uid(5000000 + ++d->serial, o.uid);
    return o;
}

TAP_UNUSED static void import_desk_text(struct import_job_options *o, const char *name, const char *text,
                                        import_table table)
{
    o->import.file[o->import.file_count++] = (struct import_file){{name, NULL, str_z(text)}, table, NULL};
}

TAP_UNUSED static tong_code import_desk_run(struct import_desk *d, const struct import_job_options *o)
{
    sink_close(&d->faulty);
    d->faulty = (struct sink){0};
    d->desk.err = (struct err){0};
    tong_code code = import_job(o, &d->desk.arena, &d->out, &d->desk.err);
    if (code != TONG_OK) printf("# import: %s\n", d->desk.err.text);
    return code;
}

TAP_UNUSED static void import_desk_show(const struct import_desk *d)
{
    const struct import_tally *t = &d->out.tally;
    printf("# rows %lld taken %lld same %lld faulty %lld new %lld found %lld facts %lld duplicates %lld state %s\n",
           (long long)t->rows, (long long)t->taken, (long long)t->same, (long long)t->faulty, (long long)t->people_new,
           (long long)t->people_found, (long long)t->facts, (long long)t->duplicates,
           import_state_words[d->out.state].word);
    for (size_t i = 0; i < d->out.fault_count && i < 20; i++)
        if (d->out.faults[i].severity == PROBLEM_ERROR)
            printf("#   %s:%lld %s: %s\n", d->out.faults[i].file, (long long)d->out.faults[i].line,
                   d->out.faults[i].slug, d->out.faults[i].text.text[LANG_EN]);
}

#endif
