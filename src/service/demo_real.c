#include "service/demo_real.h"

#include "exchange/import_job.h"
#include "exchange/line_facts.h"

#include <stdio.h>
#include <string.h>

size_t demo_real_staff(struct demo_staff staff[DEMO_REAL_ACCOUNTS])
{
    size_t count = 0;
    for (int32_t role = 0; role < ACCOUNT_ROLE_END; role++) {
        const struct record_word *word = role_word_at(role);
        if (word == NULL || role == ACCOUNT_ROLE_RESIDENT || role_find(str_z(word->word)) < 0) continue; // those nobody can be given
        for (int32_t nth = 1; nth <= 2 && count < DEMO_REAL_ACCOUNTS; nth++) {
            (void)snprintf(staff[count].login, sizeof staff[count].login, "%s.%d", word->word, nth);
            staff[count++].role = word->word;
        }
    }
    return count;
}

// ---- the protocol ----

static tong_code real_edition(struct service *s, utc_sec at, const struct str *texts, size_t count, const struct demo_real_who *who,
                              struct err *err)
{
    int64_t edition = 0;
    for (size_t i = 0; i < count + 2; i++) {
        struct command c = {.kind = i < count ? COMMAND_EDITION_PROPOSE : COMMAND_EDITION_SIGN, .at = at, .until = UTC_NONE};
        struct intake_outcome out = {0};
        c.fact.until = UTC_NONE;
        c.account = i < count ? who->proposer : who->signers[i - count];
        c.about = i < count ? 0 : edition;
        if (i < count) c.text = texts[i];
        tong_code code = writer_take(s->writer, &c, 1, &out, err);
        if (code == TONG_OK && out.code != TONG_OK) code = tong_fail(err, TONG_E_INVALID, "the protocol was refused");
        if (code != TONG_OK) return code;
        if (i < count) edition = out.made;
    }
    return writer_advance(s->writer, err);
}

// ---- the lists ----

static tong_code real_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out, struct err *err)
{
    const struct service *s = payload;
    return writer_take(s->writer, commands, count, out, err);
}

static tong_code real_call(void *payload, tong_code (*run)(struct db *db, void *what, struct err *err), void *what, struct err *err)
{
    const struct service *s = payload;
    return writer_call(s->writer, run, what, err);
}

static tong_code real_import(struct service *s, const struct demo_real_options *o, const struct demo_real_who *who,
                             struct import_tally *out, struct err *err)
{
    const struct rulebook book = service_book(s);
    struct line_facts_options facts = {.specimen = SPECIMEN_OROPHARYNGEAL, .test = TEST_PCR};
    int32_t edition = service_edition(s);
    struct arena arena = {0};
    struct import_job_result result = {0};
    if (edition >= 0 && (size_t)edition < book.count) line_facts_positive(book.editions[edition], &facts);
    struct import_job_options job = {
        .import = {.format = o->format, .zone = &s->options.zone, .specimen = facts.specimen, .test = facts.test,
                   .today = zone_day(&s->options.zone, o->at), .now = o->at, .account = who->importer, .vault = s->vault},
        .name = o->file[0].source.name,
        .twins = true,
        .host = {real_take, real_call, NULL, NULL, s},
    };
    memcpy(job.import.file, o->file, o->file_count * sizeof o->file[0]);
    job.import.file_count = o->file_count;
    unsigned char random[UID_RANDOM] = {0};
    uid_make(o->at, 0, random, job.uid);
    job.import.db = service_reader_take(s, err);
    if (job.import.db == NULL) return TONG_E_IO;
    tong_code code = import_job(&job, &arena, &result, err);
    service_reader_give(s, job.import.db, code != TONG_E_IO);
    if (code == TONG_OK && result.state != IMPORT_DONE) code = tong_fail(err, TONG_E_INVALID, "the lists cannot be read");
    *out = result.tally;
    arena_free(&arena);
    return code;
}

tong_code demo_real_fill(struct service *s, const struct demo_real_options *o, const struct str *texts, size_t text_count,
                         const struct demo_real_who *who, struct import_tally *out, struct err *err)
{
    tong_code code = real_edition(s, o->at, texts, text_count, who, err);
    return code == TONG_OK ? real_import(s, o, who, out, err) : code;
}
