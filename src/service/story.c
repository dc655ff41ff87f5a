#include "service/story.h"

#include "exchange/fact_record.h"
#include "response/fold.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"
#include "store/chain.h"
#include "store/entry.h"

#include <stdlib.h>
#include <string.h>

enum { STORY_FACTS_MOST = 5000, STORY_ENROLMENTS_MOST = 64 };

struct story_enrolment {
    int64_t id, opened, ended, since, began;
    uint8_t edition, pathway; // the first ones
};
struct story {
    struct request *rq;
    int64_t subject;
    utc_sec as_known; // UTC_NONE: now
    bool sources;     // the asker may see who exposed whom
    bool corrects;    // the asker may correct what stands here
    record_class class;
    struct fact_row *rows;
    size_t row_count;
    bool more;
    struct story_enrolment enrolment[STORY_ENROLMENTS_MOST];
    size_t enrolment_count;
};

// ---- reading ----

static tong_code story_facts(struct story *s, struct err *err)
{
    const sql_id q = sql_fact_of_subject;
    struct request *rq = s->rq;
    size_t cap = 0;
    tong_code code = db_ask(rq->db, q, &DB_I(s->subject), 1, err);
    while (code == TONG_OK && !s->more && db_next(rq->db, q)) {
        struct chain_stored stored;
        chain_stored_read(rq->db, q, &stored);
        if (s->as_known.s != UTC_NONE.s && stored.row.fact.recorded.s > s->as_known.s) continue;
        s->more = s->row_count == STORY_FACTS_MOST;
        if (s->more) break;
        struct fact_row *rows = arena_grow(rq->arena, s->rows, s->row_count, &cap, sizeof *rows);
        if (rows == NULL) code = tong_fail(err, TONG_E_NOMEM, "story");
        if (rows == NULL) break;
        s->rows = rows;
        if (stored.payload.n > 0 && s->class >= RECORD_PERSONAL)
            stored.row.payload =
                vault_unseal(rq->service->vault, s->subject, stored.row.fact.id, stored.payload, rq->arena);
        s->rows[s->row_count++] = stored.row;
    }
    tong_code done = db_done(rq->db, q, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? done : code;
}

static tong_code story_enrolments(struct story *s, struct err *err)
{
    const sql_id q = sql_enrolment_of_subject;
    struct request *rq = s->rq;
    tong_code code = db_ask(rq->db, q, &DB_I(s->subject), 1, err);
    while (code == TONG_OK && s->enrolment_count < STORY_ENROLMENTS_MOST && db_next(rq->db, q)) {
        struct story_enrolment e = {.id = db_int(rq->db, q, 0, 0),
                                    .opened = db_int(rq->db, q, 2, 0),
                                    .ended = db_int(rq->db, q, 3, UTC_NONE.s),
                                    .since = db_int(rq->db, q, 6, 0),
                                    .began = db_int(rq->db, q, 7, 0),
                                    .edition = (uint8_t)db_int(rq->db, q, 8, 0),
                                    .pathway = (uint8_t)db_int(rq->db, q, 9, 0)};
        if (s->as_known.s == UTC_NONE.s || e.opened <= s->as_known.s) s->enrolment[s->enrolment_count++] = e;
    }
    return code == TONG_OK ? db_done(rq->db, q, err) : code;
}

// ---- facts ----

static const struct word story_entries[] = {
#define STORY_ENTRY(id, name, en, zh) {(name), LABEL((en), (zh))},
    ENTRY_WORDS(STORY_ENTRY)};

// Kinds that tell of another person: without SOURCE_SEE their hour, place and circumstances stay away.
static bool story_of_another(const struct fact *f)
{
    return f->kind == EVENT_EXPOSED || f->kind == EVENT_PARTED || f->kind == EVENT_CONTACT_NAMED ||
           f->kind == EVENT_LINKED_POSITIVE || f->kind == EVENT_LINKED_NEGATIVE || f->kind == EVENT_ENROLLED;
}

static utc_sec story_day_begins(const struct story *s, utc_sec at)
{
    const struct zone *zone = &s->rq->service->options.zone;
    return zone_midnight(zone, zone_day(zone, at));
}

static void story_word(struct json_out *j, const struct fact *f, lang language)
{
    switch ((int)f->kind) {
    case EVENT_EXPOSED:
    case EVENT_CONTACT_NAMED: show_word(j, "word", WORDS_EXPOSURE, f->word, language); break;
    case EVENT_SAMPLED:
    case EVENT_RESULT: show_word(j, "word", WORDS_SPECIMEN, f->word, language); break;
    case EVENT_CLASSIFIED: show_word(j, "word", WORDS_EVENT, f->word, language); break;
    case EVENT_ATTRIBUTE: show_word(j, "word", WORDS_ATTRIBUTE, f->word, language); break;
    default:
        if (!fact_is_visit((event_word)f->kind)) break;
        if (f->word != FACT_WAY_UNSAID && fact_way_word(f->word) != NULL)
            show_words_at(j, "word", fact_way_word(f->word), language);
        if (f->value != 0) json_out_real(j, "temperature", (double)f->value / 10);
        break;
    }
    if (f->kind != EVENT_RESULT) return;
    show_word(j, "test", WORDS_TEST, f->test, language);
    show_word(j, "outcome", WORDS_OUTCOME, f->outcome, language);
}

// The record as it was sent, so that a correction of one field loses none of the others; the link's uid stands in "other".
static void story_record_out(const struct story *s, struct json_out *j, const struct fact_row *row, struct str note)
{
    struct fact_record r;
    char *uid = arena_alloc(s->rq->arena, UID_TEXT), *about = arena_alloc(s->rq->arena, UID_TEXT);
    if (uid == NULL || about == NULL) return;
    fact_record_make(&row->fact, s->rq->arena, &r);
    uid_format(row->uid, uid);
    r.uid = str_z(uid);
    r.note = note;
    for (size_t i = 0; i < s->row_count && row->fact.kind == EVENT_RESULT && row->about != 0; i++) {
        if (s->rows[i].fact.id != row->about || uid_is_none(s->rows[i].uid)) continue;
        uid_format(s->rows[i].uid, about);
        r.about = str_z(about);
    }
    record_to_json(&fact_record_kind, &r, s->class, j, "record");
}

static tong_code story_fact_out(const struct story *s, struct json_out *j, const struct fact_row *row, struct err *err)
{
    const struct fact *f = &row->fact;
    lang language = s->rq->language;
    bool hide = story_of_another(f) && !s->sources, gone = false;
    for (size_t i = 0; i < s->row_count && !gone; i++) gone = s->rows[i].fact.replaces == f->id;
    tong_code code = TONG_OK;
    json_out_object(j, NULL);
    if (uid_is_none(row->uid)) json_out_null(j, "uid");
    else show_uid(j, "uid", row->uid);
    json_out_int(j, "fact", f->id);
    if (f->kind < EVENT_WORD_COUNT) show_word(j, "kind", WORDS_EVENT, f->kind, language);
    else if (f->kind >= ENTRY_FIRST && f->kind < ENTRY_END)
        show_words_at(j, "kind", &story_entries[f->kind - ENTRY_FIRST], language);
    else json_out_null(j, "kind");
    json_out_instant(j, "happened", hide ? story_day_begins(s, f->happened) : f->happened);
    json_out_bool(j, "day_only", hide || (f->flags & FACT_DAY_ONLY) != 0);
    json_out_instant(j, "known", hide ? story_day_begins(s, f->known) : f->known);
    json_out_instant(j, "recorded", hide ? story_day_begins(s, f->recorded) : f->recorded);
    json_out_bool(j, "withdrawn", gone);
    if (f->replaces != 0) json_out_int(j, "replaces", f->replaces);
    if (!hide) {
        json_out_instant(j, "until", f->until);
        story_word(j, f, language);
        if (f->value != 0 && !fact_is_visit((event_word)f->kind)) json_out_int(j, "value", f->value);
        struct str note = payload_text(row->payload, "note", s->rq->arena);
        if (note.n > 0) json_out_text(j, "note", note);
        if (s->corrects && !uid_is_none(row->uid) && fact_record_kind_allowed(f->kind)) story_record_out(s, j, row, note);
        if (s->sources && f->link != 0 && f->link != s->subject) code = show_subject(s->rq, j, "other", f->link, err);
    }
    json_out_int(j, "account", hide ? 0 : row->account); // 0: the system
    json_out_end(j);
    return code;
}

static int story_by_time(const void *a, const void *b)
{
    const struct fact *x = &((const struct fact_row *)a)->fact, *y = &((const struct fact_row *)b)->fact;
    if (x->happened.s != y->happened.s) return x->happened.s < y->happened.s ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

// ---- decisions ----

static bool story_circumstance(const struct fact *f)
{
    return f->kind == EVENT_ATTRIBUTE || f->kind == EVENT_IMMUNITY || f->kind == EVENT_VACCINATED ||
           f->kind == EVENT_CARER_NAMED || f->kind == EVENT_GUARDIAN_NAMED;
}

// The history of one enrolment: facts of its episode, circumstances, and the editions that came into force meanwhile. *last: the
// end of what is folded.
static size_t story_history(const struct story *s, const struct story_enrolment *e, struct fact *facts, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s->row_count && n < room; i++) {
        const struct fact *f = &s->rows[i].fact;
        if (f->kind >= EVENT_WORD_COUNT) continue;
        if (f->kind == EVENT_EDITION && f->known.s <= e->began) continue;
        if (f->happened.s >= e->since || story_circumstance(f)) facts[n++] = *f;
    }
    return n;
}

static tong_code story_editions(const struct story *s, const struct story_enrolment *e, struct fact *facts, size_t *n,
                                size_t room, struct err *err)
{
    const sql_id q = sql_edition_begins;
    tong_code code = db_ask(s->rq->db, q, NULL, 0, err);
    while (code == TONG_OK && *n < room && db_next(s->rq->db, q)) {
        utc_sec begins = {db_int(s->rq->db, q, 1, 0)};
        if (begins.s <= e->began || begins.s > s->rq->now.s ||
            (s->as_known.s != UTC_NONE.s && begins.s > s->as_known.s))
            continue;
        facts[(*n)++] = (struct fact){.id = INT64_MAX - 256 + db_int(s->rq->db, q, 0, 0),
                                      .subject = s->subject,
                                      .happened = begins,
                                      .until = UTC_NONE,
                                      .known = begins,
                                      .recorded = begins,
                                      .kind = EVENT_EDITION,
                                      .edition = (uint8_t)db_int(s->rq->db, q, 0, 0)};
    }
    return code == TONG_OK ? db_done(s->rq->db, q, err) : code;
}

// The history of one enrolment folded once more: where it stood, and what was decided on the way.
static tong_code story_fold(const struct story *s, const struct story_enrolment *se, struct enrolment *e,
                            struct decisions *log, struct err *err)
{
    const struct rulebook book = service_book(s->rq->service);
    size_t room = s->row_count + book.count + 1, count = 0;
    struct fact *facts = arena_array(s->rq->arena, room, sizeof *facts);
    if (facts == NULL) return tong_fail(err, TONG_E_NOMEM, "story");
    utc_sec now = s->as_known.s == UTC_NONE.s ? s->rq->now : s->as_known;
    count = story_history(s, se, facts, room);
    tong_code code = story_editions(s, se, facts, &count, room, err);
    if (code != TONG_OK) return code;
    count = facts_prepare(facts, count, now, s->as_known);
    const struct protocol *first = book.editions[se->edition];
    civil_day base = zone_day(&first->zone, count > 0 ? facts[0].happened : now);
    *e = enrolment_new((uint32_t)s->subject, se->edition, se->pathway, base);
    return count > 0 ? fold(&book, facts, count, now, e, log, s->rq->arena, err) : TONG_OK;
}

tong_code story_known(struct request *rq, int64_t subject, int64_t enrolment, utc_sec as_known, bool *there,
                      struct enrolment *out, struct err *err)
{
    struct story *s = arena_alloc(rq->arena, sizeof *s);
    struct decisions log = {0};
    const struct rulebook book = service_book(rq->service);
    *there = false;
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "story");
    *s = (struct story){.rq = rq, .subject = subject, .as_known = as_known, .class = RECORD_PUBLIC};
    tong_code code = story_facts(s, err);
    if (code == TONG_OK) code = story_enrolments(s, err);
    for (size_t i = 0; i < s->enrolment_count && code == TONG_OK && !*there; i++) {
        if (s->enrolment[i].id != enrolment || s->enrolment[i].edition >= book.count) continue;
        code = story_fold(s, &s->enrolment[i], out, &log, err);
        *there = code == TONG_OK && out->edition < book.count && out->stage != PROTOCOL_NONE;
    }
    return code;
}

static tong_code story_decisions(const struct story *s, struct json_out *j, const struct story_enrolment *se,
                                 struct err *err)
{
    const struct rulebook book = service_book(s->rq->service);
    struct decisions log = {0};
    struct enrolment e;
    if (se->edition >= book.count) return TONG_OK;
    tong_code code = story_fold(s, se, &e, &log, err);
    if (code != TONG_OK) return code;
    const struct protocol *first = book.editions[se->edition];
    const struct protocol *p = book.editions[e.edition];
    json_out_object(j, NULL);
    json_out_int(j, "enrolment", se->id);
    show_named(j, "pathway", first->pathways[se->pathway].name, &first->pathways[se->pathway].label, s->rq->language);
    if (e.stage < p->stage_count)
        show_named(j, "stage", p->stages[e.stage].name, &p->stages[e.stage].label, s->rq->language);
    else json_out_null(j, "stage");
    show_word(j, "final", WORDS_FINAL, (int32_t)enrolment_final(&e), s->rq->language);
    json_out_instant(j, "opened", (utc_sec){se->opened});
    json_out_instant(j, "ended", (utc_sec){se->ended});
    json_out_array(j, "decisions");
    for (size_t i = 0; i < log.count; i++)
        if (log.items[i].edition < book.count)
            story_decision_out(s->rq, j, book.editions[log.items[i].edition], &log.items[i]);
    json_out_end(j);
    json_out_end(j);
    return TONG_OK;
}

// ---- the reply ----

static tong_code story_reply(struct request *rq, struct reply *rp, int64_t subject, struct err *err)
{
    struct story *s = arena_alloc(rq->arena, sizeof *s);
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "story");
    *s = (struct story){.rq = rq,
                        .subject = subject,
                        .as_known = request_parameter_instant(rq, "as_known"),
                        .sources = subject != rq->actor.person && show_reaches(rq, RIGHT_SOURCE_SEE, subject),
                        .class = show_class(rq, subject),
                        .corrects = subject != rq->actor.person && show_reaches(rq, RIGHT_FACT_CORRECT, subject)};
    tong_code code = story_facts(s, err);
    if (code == TONG_OK) code = story_enrolments(s, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = show_subject(rq, &j, "person", subject, err);
    json_out_instant(&j, "as_known", s->as_known);
    json_out_array(&j, "enrolments");
    for (size_t i = 0; i < s->enrolment_count && code == TONG_OK; i++)
        code = story_decisions(s, &j, &s->enrolment[i], err);
    json_out_end(&j);
    if (s->row_count > 1) qsort(s->rows, s->row_count, sizeof *s->rows, story_by_time);
    json_out_array(&j, "facts");
    for (size_t i = 0; i < s->row_count && code == TONG_OK; i++) code = story_fact_out(s, &j, &s->rows[i], err);
    json_out_end(&j);
    json_out_bool(&j, "more", s->more);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "story");
}

static tong_code story_get(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t person = 0;
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_PERSON_SEE, &person, err);
    return code == TONG_OK ? story_reply(rq, rp, person, err) : code;
}

static tong_code story_own(struct request *rq, struct reply *rp, struct err *err)
{
    if (rq->actor.person == 0) return tong_fail(err, TONG_E_NOT_FOUND, "no record of one's own");
    return story_reply(rq, rp, rq->actor.person, err);
}

static const struct parameter story_parameters[] = {
    {.name = "as_known",
     .type = PARAMETER_INSTANT,
     .label = LABEL("as it was known at this instant", "按该时刻已登记的信息")},
};
static const struct schema story_schemas[] = {
    {"story", "{\"type\":\"object\",\"properties\":{\"person\":{\"type\":\"object\"},\"as_known\":{\"type\":["
              "\"string\",\"null\"]},"
              "\"enrolments\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"facts\":{\"type\":\"array\","
              "\"items\":{\"type\":\"object\"}},"
              "\"more\":{\"type\":\"boolean\"}}}"},
};
static const struct route story_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/people/{person}/story",
     .name = "person_story",
     .right = RIGHT_PERSON_SEE,
     .handler = story_get,
     .part = {PARAMETER_UID},
     .looks = true,
     ROUTE_PARAMETERS(story_parameters),
     .schema_out = "story",
     .label = LABEL("what happened to a person, what was decided and why", "人员处置经过及依据")},
    {.method = HTTP_GET,
     .path = "/api/v1/me/story",
     .name = "me_story",
     .right = RIGHT_OWN,
     .handler = story_own,
     ROUTE_PARAMETERS(story_parameters),
     .schema_out = "story",
     .label = LABEL("one's own time line", "本人处置经过")},
};
const struct route_table story_routes = {.rows = story_rows,
                                         .count = sizeof story_rows / sizeof story_rows[0],
                                         .schemas = story_schemas,
                                         .schema_count = sizeof story_schemas / sizeof story_schemas[0]};
