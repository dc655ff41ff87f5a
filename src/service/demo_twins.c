// A few people of the invented district are on record twice, with the slips of a hurried desk, so that there is something to
// decide. The score is the importer's own.
#include "service/demo_twins.h"

#include "exchange/duplicate.h"
#include "exchange/import_log.h"
#include "service/demo_rows.h"

#include <assert.h>

enum { TWINS = 9, TWINS_TRIES = 60 };

struct twins_pair {
    int64_t a, b;
    int32_t score;
    uint32_t reasons;
    utc_sec found;
};

// What a second desk wrote of the same person.
static void twins_slip(struct person_record *p, int64_t turn)
{
    struct civil_date born = p->born.d == CIVIL_DAY_NONE ? (struct civil_date){0} : civil_to_date(p->born);
    switch (turn % 4) {
    case 0: // no papers at hand; day and month of birth the other way round where that is a day
        p->document = p->document_kind = (struct str){NULL, 0};
        if (born.day <= 12 && born.day > 0)
            (void)civil_from_date((struct civil_date){.year = born.year, .month = born.day, .day = born.month}, &p->born);
        break;
    case 1: // written in letters, from the passport
        p->name = p->document = p->document_kind = (struct str){NULL, 0};
        break;
    case 2: // without a telephone
        p->phone = p->document = p->document_kind = (struct str){NULL, 0};
        break;
    default: // the year of birth alone
        p->document = p->document_kind = (struct str){NULL, 0};
        p->born = (civil_day){CIVIL_DAY_NONE};
        p->born_year = born.year;
        break;
    }
}

static tong_code twins_write(struct db *db, void *what, struct err *err)
{
    const struct twins_pair *p = what;
    return import_log_pair(db, p->a < p->b ? p->a : p->b, p->a < p->b ? p->b : p->a, p->score, p->reasons, p->found, err);
}

static tong_code twins_one(struct service *s, const struct district *d, int64_t nth, int64_t number, bool *made, struct err *err)
{
    struct district_person person = district_person_at(d, nth);
    struct demo_uids uids;
    struct person_record record;
    struct duplicate_who first, second;
    char text[UID_TEXT];
    struct twins_pair pair = {.a = person.number, .found = district_begin(d)};
    demo_person_record(d, &person, &uids, &record);
    *made = false;
    if (person.name[0] == 0 || person.guardian != 0) return TONG_OK;
    duplicate_who_make(&record, &first);
    twins_slip(&record, nth);
    duplicate_who_make(&record, &second);
    pair.score = duplicate_score(&first, &second, &pair.reasons);
    if (pair.score < DUPLICATE_PROBABLE) return TONG_OK;
    struct command c = {.kind = COMMAND_PERSON, .person = &record, .until = UTC_NONE, .at = {district_begin(d).s - 86400}};
    c.fact.until = UTC_NONE;
    c.fact.happened = c.fact.known = c.fact.recorded = c.at;
    district_uid(d, DISTRICT_SUBJECT, number, c.subject_uid);
    uid_format(c.subject_uid, text);
    record.uid = str_z(text);
    struct intake_outcome out = {0};
    tong_code code = writer_take(s->writer, &c, 1, &out, err);
    if (code != TONG_OK || out.code != TONG_OK) return code;
    pair.b = out.subject;
    *made = true;
    return writer_call(s->writer, twins_write, &pair, err);
}

tong_code demo_twins(struct service *s, const struct district *d, struct err *err)
{
    int64_t people = district_person_count(d), places = district_place_count(d), made = 0;
    tong_code code = TONG_OK;
    for (int64_t i = 0; i < TWINS_TRIES && made < TWINS && code == TONG_OK; i++) {
        bool one;
        code = twins_one(s, d, (i * 2 + 1) * people / (2 * TWINS_TRIES), places + people + 1 + made, &one, err);
        made += one;
    }
    return code;
}
