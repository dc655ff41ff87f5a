#include "service/cases_known.h"

#include "service/service.h"
#include "service/show.h"
#include "store/chain.h"

#include <string.h>

enum { CASES_FACTS_MOST = 5000 };
enum cases_known_fault { CASES_PAST, CASES_KNOWN_FAULT_COUNT };
static const struct message cases_known_message[CASES_KNOWN_FAULT_COUNT] = {
    [CASES_PAST] = {"past-cannot-answer", PROBLEM_ERROR,
                    LABEL("\"{1}\" is known of now alone, not of a past day", "“{1}”只能按当前情况查询，不能按过去某日查询"),
                    LABEL("leave it out, or look at now", "请去掉该条件，或查看当前情况")},
};

bool cases_known_read(struct request *rq, struct cases_known *out)
{
    static const char *const now_only[] = {"seen", "overdue", "stage", "exposure_from", "exposure_to", "end_from", "end_to",
                                           "calendar"};
    static const char *const sorts[] = {"opened", "born", "place"};
    bool good = true;
    int32_t state = request_parameter_word(rq, "state");
    *out = (struct cases_known){.at = request_parameter_instant(rq, "as_known"),
                                .finals = request_parameter_words(rq, "final"),
                                .classes = request_parameter_words(rq, "class"),
                                .onset_from = request_parameter_day(rq, "onset_from"),
                                .onset_to = request_parameter_day(rq, "onset_to")};
    out->state = state >= 0 ? state : out->finals != 0 ? 2 : 0;
    if (out->at.s == UTC_NONE.s) return true;
    for (size_t i = 0; i < sizeof now_only / sizeof now_only[0]; i++) {
        struct str given = request_parameter(rq, now_only[i]);
        if (given.n == 0 || str_eq_z(given, "false") || str_eq_z(given, "0")) continue;
        request_fault(rq, &cases_known_message[CASES_PAST], now_only[i], now_only[i], NULL, NULL, NULL);
        good = false;
    }
    struct str sort = request_parameter(rq, "sort");
    if (str_starts(sort, "-")) sort = (struct str){sort.p + 1, sort.n - 1};
    bool kept = sort.n == 0;
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) kept = kept || str_eq_z(sort, sorts[i]);
    if (!kept) request_fault(rq, &cases_known_message[CASES_PAST], "sort", "sort", NULL, NULL, NULL);
    return good && kept;
}

bool cases_known_fits(const struct cases_known *k, const struct enrolment *e)
{
    bool open = enrolment_is_open(e);
    event_word class = enrolment_class(e);
    civil_day onset = enrolment_onset(e);
    if ((k->state == 0 && !open) || (k->state == 1 && open)) return false;
    if (k->finals != 0 && (k->finals >> enrolment_final(e) & 1) == 0) return false;
    if (k->classes != 0 && (class < EVENT_SUSPECTED || class > EVENT_DISCARDED || (k->classes >> (class - EVENT_SUSPECTED) & 1) == 0))
        return false;
    if (k->onset_from.d != CIVIL_DAY_NONE && (onset.d == CIVIL_DAY_NONE || onset.d < k->onset_from.d)) return false;
    return k->onset_to.d == CIVIL_DAY_NONE || (onset.d != CIVIL_DAY_NONE && onset.d <= k->onset_to.d);
}

// ---- the dates of a line list ----

// Of several, the first onset, and the last of everything else: people are admitted again, and get well again.
static const struct {
    uint8_t kind;
    bool first;
} cases_kinds[] = {{EVENT_SYMPTOM, true},     {EVENT_ISOLATED, true}, {EVENT_ADMITTED, false}, {EVENT_DISCHARGED, false},
                   {EVENT_WELL, false},       {EVENT_DIED, false},    {EVENT_CLASSIFIED, false}};
enum { CASES_KINDS = sizeof cases_kinds / sizeof cases_kinds[0] };

struct cases_facts {
    struct fact_row *rows;
    struct fact *facts;
    size_t count;
};

static tong_code cases_facts_read(struct request *rq, int64_t subject, struct arena *arena, struct cases_facts *out,
                                  struct err *err)
{
    const sql_id q = sql_fact_of_subject;
    size_t cap = 0;
    tong_code code = db_ask(rq->db, q, &DB_I(subject), 1, err);
    while (code == TONG_OK && out->count < CASES_FACTS_MOST && db_next(rq->db, q)) {
        struct chain_stored stored;
        chain_stored_read(rq->db, q, &stored);
        if (stored.row.fact.kind >= EVENT_WORD_COUNT) continue;
        struct fact_row *rows = arena_grow(arena, out->rows, out->count, &cap, sizeof *rows);
        if (rows == NULL) code = tong_fail(err, TONG_E_NOMEM, "dates");
        if (rows == NULL) break;
        out->rows = rows;
        out->rows[out->count++] = stored.row;
    }
    tong_code done = db_done(rq->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    out->facts = arena_array(arena, out->count + 1, sizeof *out->facts);
    if (out->facts == NULL) return tong_fail(err, TONG_E_NOMEM, "dates");
    for (size_t i = 0; i < out->count; i++) out->facts[i] = out->rows[i].fact;
    return TONG_OK;
}

static void cases_date_out(struct json_out *j, const struct cases_facts *all, const struct fact *f)
{
    json_out_object(j, words_at(WORDS_EVENT, f->kind)->name);
    for (size_t i = 0; i < all->count; i++)
        if (all->rows[i].fact.id == f->id && !uid_is_none(all->rows[i].uid)) show_uid(j, "uid", all->rows[i].uid);
    json_out_instant(j, "at", f->happened);
    json_out_bool(j, "day_only", (f->flags & FACT_DAY_ONLY) != 0);
    json_out_end(j);
}

tong_code cases_dates(struct request *rq, struct json_out *j, int64_t subject, utc_sec at, struct err *err)
{
    struct arena scratch = {0};
    struct cases_facts all = {0};
    struct show_person p;
    tong_code code = cases_facts_read(rq, subject, &scratch, &all, err);
    if (code == TONG_OK) {
        size_t n = facts_prepare(all.facts, all.count, at.s == UTC_NONE.s ? rq->now : at, at);
        json_out_object(j, "dates");
        for (size_t k = 0; k < CASES_KINDS; k++) {
            const struct fact *found = NULL;
            for (size_t i = 0; i < n; i++)
                if (all.facts[i].kind == cases_kinds[k].kind && (found == NULL || !cases_kinds[k].first)) found = &all.facts[i];
            if (found != NULL) cases_date_out(j, &all, found);
        }
        json_out_end(j);
        bool reads = show_class(rq, subject) >= RECORD_PERSONAL;
        tong_code read = reads ? show_person_read(rq, subject, &p, err) : TONG_E_NOT_FOUND;
        if (read == TONG_OK) {
            json_out_text(j, "occupation", p.record.occupation);
            json_out_text(j, "employer", p.record.employer);
        } else if (read != TONG_E_NOT_FOUND) {
            code = read;
        }
    }
    arena_free(&scratch);
    return code;
}
