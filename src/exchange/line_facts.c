#include "exchange/line_facts.h"

#include "exchange/line_words.h"

#include <assert.h>

enum { NOON_S = 12 * 3600 };

static bool date_given(struct date_time t)
{
    return t.day.d != CIVIL_DAY_NONE;
}

utc_sec line_instant(const struct zone *zone, struct date_time t)
{
    assert(date_given(t));
    if (t.at.s != INT64_MIN) return t.at;
    return zone_instant(zone, t.day, NOON_S);
}

// Of two times of one day the one that has no clock time gives way.
struct fact line_fact_make(const struct zone *zone, event_word kind, struct date_time when, struct date_time known)
{
    assert(date_given(when));
    if (!date_given(known)) known = when;
    utc_sec happened = line_instant(zone, when), at = line_instant(zone, known);
    if (at.s < happened.s) {
        if (when.at.s == INT64_MIN && when.day.d <= known.day.d) happened = at;
        else at = happened;
    }
    return (struct fact){
        .happened = happened,
        .until = UTC_NONE,
        .known = at,
        .recorded = at,
        .kind = (uint8_t)kind,
        .flags = when.at.s == INT64_MIN ? FACT_DAY_ONLY : 0,
    };
}

// ---- a case ----

struct case_facts {
    const struct line_case *c;
    const struct line_facts_options *options;
    struct line_assumed *assumed;
    struct line_fact *out;
    size_t count;
    line_date entry;
};

static struct fact *case_put(struct case_facts *f, const char *slot, event_word kind, struct date_time when,
                             struct date_time known)
{
    assert(f->count < LINE_FACTS_OF_CASE);
    struct line_fact *out = &f->out[f->count++];
    *out = (struct line_fact){line_fact_make(f->options->zone, kind, when, known), slot};
    return &out->fact;
}

static void case_date(struct case_facts *f, const char *slot, event_word kind, line_date from)
{
    if (date_given(f->c->when[from])) case_put(f, slot, kind, f->c->when[from], f->c->known[from]);
}

line_date line_case_entry(const struct line_case *c)
{
    static const line_date order[] = {LINE_REPORTED, LINE_DIAGNOSED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (date_given(c->known[order[i]])) return order[i];
    line_date best = LINE_DATE_COUNT;
    for (line_date d = LINE_INFECTED; d < LINE_DATE_COUNT; d++)
        if (date_given(c->known[d]) && (best == LINE_DATE_COUNT || c->known[d].day.d < c->known[best].day.d)) best = d;
    return best;
}

static event_word case_step(int32_t class)
{
    switch ((line_class) class) {
    case LINE_SUSPECTED: return EVENT_SUSPECTED;
    case LINE_PROBABLE: return EVENT_PROBABLE;
    case LINE_ASYMPTOMATIC: return EVENT_ASYMPTOMATIC;
    case LINE_DISCARDED: return EVENT_DISCARDED;
    case LINE_CONFIRMED:
    case LINE_CLASS_UNKNOWN:
    case LINE_CLASS_COUNT: break;
    }
    return EVENT_CONFIRMED;
}

// The list has one class for a case, the last. It holds from the diagnosis on; who was reported before that was
// suspected in between. (Without symptoms nobody is suspected: a test found them.)
static void case_class(struct case_facts *f)
{
    const struct line_case *c = f->c;
    bool unclassed = c->class == LINE_CLASS_UNKNOWN;
    event_word step = unclassed && f->options->unclassed_suspected ? EVENT_SUSPECTED : case_step(c->class);
    if (unclassed) f->assumed->cases_unclassed++;
    line_date decided = date_given(c->known[LINE_DIAGNOSED]) ? LINE_DIAGNOSED : f->entry;
    if (step == EVENT_ASYMPTOMATIC) decided = f->entry;
    bool waited = c->known[decided].day.d > c->known[f->entry].day.d;
    if (waited && step != EVENT_SUSPECTED)
        case_put(f, "suspected", EVENT_CLASSIFIED, c->when[f->entry], c->known[f->entry])->word = EVENT_SUSPECTED;
    case_put(f, "classified", EVENT_CLASSIFIED, c->when[decided], c->known[decided])->word = (uint8_t)step;
}

static void case_outcome(struct case_facts *f)
{
    const struct line_case *c = f->c;
    bool dead = c->outcome == LINE_DIED || date_given(c->when[LINE_DEATH]);
    line_date death = date_given(c->when[LINE_DEATH]) ? LINE_DEATH : LINE_OUTCOME_DAY;
    if (dead) case_date(f, "died", EVENT_DIED, death);
    if (dead && !date_given(c->when[death])) f->assumed->deaths_undated++;
    if (dead) return;
    case_date(f, "discharged", EVENT_DISCHARGED, LINE_HOSPITALISED_END);
    // Who leaves hospital or isolation alive was let go by a clinician; who is called recovered has no symptoms any
    // more.
    bool recovered = c->outcome == LINE_RECOVERED && date_given(c->when[LINE_OUTCOME_DAY]);
    if (recovered) case_date(f, "well", EVENT_WELL, LINE_OUTCOME_DAY);
    line_date let_go = date_given(c->when[LINE_HOSPITALISED_END]) ? LINE_HOSPITALISED_END
                       : date_given(c->when[LINE_ISOLATED_END])   ? LINE_ISOLATED_END
                       : recovered                                ? LINE_OUTCOME_DAY
                                                                  : LINE_DATE_COUNT;
    if (let_go != LINE_DATE_COUNT) case_date(f, "let_go", EVENT_CLINICIAN_RELEASE, let_go);
}

// Somebody confirmed had a positive result. Where the laboratory's own rows do not have it, it is made here: taken on
// the day of the sample, else of the diagnosis, known with the diagnosis.
static void case_sample(struct case_facts *f, bool tested)
{
    const struct line_case *c = f->c;
    bool sampled = date_given(c->when[LINE_SAMPLED]);
    if (tested) return;
    if (sampled) case_put(f, "sampled", EVENT_SAMPLED, c->when[LINE_SAMPLED], c->when[LINE_SAMPLED]);
    bool proved = c->class == LINE_CONFIRMED || c->class == LINE_ASYMPTOMATIC ||
                  (c->class == LINE_CLASS_UNKNOWN && !f->options->unclassed_suspected);
    if (!proved) return;
    line_date known = date_given(c->known[LINE_DIAGNOSED]) ? LINE_DIAGNOSED : f->entry;
    struct fact *result = case_put(f, "result", EVENT_RESULT, c->when[sampled ? LINE_SAMPLED : known], c->known[known]);
    result->word = (uint8_t)f->options->specimen;
    result->test = (uint8_t)f->options->test;
    result->outcome = OUTCOME_POSITIVE;
    f->assumed->results_inferred++;
}

size_t line_facts_of_case(const struct line_case *c, bool tested, const struct line_facts_options *o,
                          struct line_fact out[LINE_FACTS_OF_CASE], struct line_assumed *assumed)
{
    struct case_facts f = {.c = c, .options = o, .assumed = assumed, .out = out, .entry = line_case_entry(c)};
    for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
        if (!date_given(c->when[d])) continue;
        assumed->dates_known_total++;
        if (c->known_assumed >> d & 1) assumed->known_assumed++;
    }
    if (f.entry == LINE_DATE_COUNT) {
        assumed->cases_undated++;
        return 0;
    }
    case_date(&f, "symptom", EVENT_SYMPTOM, LINE_ONSET);
    case_sample(&f, tested);
    case_class(&f);
    case_date(&f, "isolated", EVENT_ISOLATED, LINE_ISOLATED);
    case_date(&f, "admitted", EVENT_ADMITTED, LINE_HOSPITALISED);
    case_outcome(&f);
    return f.count;
}

// ---- visits, samples, ends, ages ----

size_t line_fact_of_followup(const struct line_followup *f, const struct line_facts_options *o, struct line_fact *out,
                             struct line_assumed *assumed)
{
    static const event_word event[LINE_FOLLOWUP_STATUS_COUNT] = {
        [LINE_FOLLOWUP_UNKNOWN] = EVENT_WORD_COUNT, [LINE_SEEN_WELL] = EVENT_SEEN_WELL,
        [LINE_SEEN_ILL] = EVENT_SEEN_ILL,           [LINE_NOT_SEEN] = EVENT_NOT_SEEN,
        [LINE_NOT_ATTEMPTED] = EVENT_NOT_ATTEMPTED, [LINE_REFUSED] = EVENT_REFUSED,
    };
    if (!date_given(f->day)) return 0;
    if (event[f->status] == EVENT_WORD_COUNT) {
        assumed->followups_silent++;
        return 0;
    }
    *out = (struct line_fact){line_fact_make(o->zone, event[f->status], f->day, f->known), "visit"};
    return 1;
}

size_t line_facts_of_lab(const struct line_lab *l, const struct line_facts_options *o,
                         struct line_fact out[LINE_FACTS_OF_LAB], struct line_assumed *assumed)
{
    static const outcome_word outcome[LINE_RESULT_COUNT] = {
        [LINE_RESULT_UNKNOWN] = OUTCOME_WORD_COUNT,
        [LINE_POSITIVE] = OUTCOME_POSITIVE,
        [LINE_NEGATIVE] = OUTCOME_NEGATIVE,
        [LINE_INCONCLUSIVE] = OUTCOME_INCONCLUSIVE,
    };
    struct date_time taken = date_given(l->sampled) ? l->sampled : l->resulted;
    if (!date_given(taken)) return 0;
    int32_t specimen = line_word_specimen(l->specimen), test = line_word_test(l->test);
    out[0] = (struct line_fact){line_fact_make(o->zone, EVENT_SAMPLED, taken, taken), "taken"};
    out[0].fact.word = (uint8_t)(specimen == WORD_UNKNOWN ? o->specimen : (specimen_word)specimen);
    if (outcome[l->result] == OUTCOME_WORD_COUNT) {
        assumed->results_missing++;
        return 1;
    }
    if (specimen == WORD_UNKNOWN || test == WORD_UNKNOWN) assumed->results_unspecified++;
    struct date_time known = date_given(l->known) ? l->known : l->resulted;
    out[1] = (struct line_fact){line_fact_make(o->zone, EVENT_RESULT, taken, known), "result"};
    out[1].fact.word = out[0].fact.word;
    out[1].fact.test = (uint8_t)(test == WORD_UNKNOWN ? o->test : (test_word)test);
    out[1].fact.outcome = (uint8_t)outcome[l->result];
    return 2;
}

size_t line_fact_of_contact_end(const struct line_contact *c, const struct line_facts_options *o, struct line_fact *out,
                                struct line_assumed *assumed)
{
    event_word end = c->status == LINE_CONTACT_LOST      ? EVENT_LOST
                     : c->status == LINE_CONTACT_REFUSED ? EVENT_REFUSED
                     : c->status == LINE_CONTACT_DIED    ? EVENT_DIED
                                                         : EVENT_WORD_COUNT;
    if (end == EVENT_WORD_COUNT) return 0;
    // Somebody who refuses does so when asked; somebody lost was looked for until the last day.
    struct date_time known = date_given(c->known) ? c->known : c->reported;
    struct date_time when = end == EVENT_REFUSED && date_given(known) ? known : c->followup_last;
    if (!date_given(when)) {
        assumed->ends_undated++;
        return 0;
    }
    *out = (struct line_fact){line_fact_make(o->zone, end, when, when), "end"};
    return 1;
}

struct line_fact line_fact_of_age(int64_t years, utc_sec happened, utc_sec known)
{
    struct fact fact = {
        .happened = happened,
        .until = UTC_NONE,
        .known = known,
        .recorded = known,
        .kind = EVENT_ATTRIBUTE,
        .word = FACT_WORD_AGE,
        .value = (int32_t)years,
        .flags = FACT_YES,
    };
    return (struct line_fact){fact, "age"};
}

// ---- who met whom ----

static struct date_time date_least(struct date_time a, struct date_time b)
{
    if (!date_given(a)) return b;
    return date_given(b) && b.day.d < a.day.d ? b : a;
}

static struct date_time case_day(const struct line_case *c)
{
    static const line_date order[] = {LINE_ONSET, LINE_SAMPLED, LINE_DIAGNOSED, LINE_REPORTED, LINE_HOSPITALISED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (date_given(c->when[order[i]])) return c->when[order[i]];
    return DATE_TIME_NONE;
}

void line_meeting_place(const struct line_case *from, const struct line_case *to, struct line_meeting *m)
{
    if (to != NULL && date_given(to->when[LINE_INFECTED])) {
        m->first = m->last = to->when[LINE_INFECTED];
        return;
    }
    if (to != NULL && date_given(to->when[LINE_EXPOSURE_LAST])) {
        m->last = to->when[LINE_EXPOSURE_LAST];
        m->first = date_least(to->when[LINE_EXPOSURE_FIRST], m->last);
        return;
    }
    struct date_time last = m->known;
    if (to != NULL) last = date_least(last, to->when[LINE_ONSET]);
    if (from != NULL) last = date_least(date_least(last, from->when[LINE_ISOLATED]), from->when[LINE_HOSPITALISED]);
    struct date_time first = from == NULL ? DATE_TIME_NONE : case_day(from);
    m->last = last;
    m->first = date_least(first, last);
}

exposure_word line_meeting_kind(struct str text, bool at_gathering, struct line_assumed *assumed)
{
    int32_t kind = line_word_exposure(text);
    if (kind == WORD_UNKNOWN && at_gathering) return EXPOSURE_VENUE;
    if (kind == WORD_UNKNOWN) assumed->kinds_other++;
    return kind == WORD_UNKNOWN ? EXPOSURE_OTHER : (exposure_word)kind;
}

struct line_fact line_fact_named(const struct line_meeting *m, exposure_word kind, const struct zone *zone)
{
    utc_sec met_from = line_instant(zone, m->first), met_until = line_instant(zone, m->last);
    struct line_fact f = {line_fact_make(zone, EVENT_CONTACT_NAMED, m->known, m->known), "named"};
    if (met_until.s > f.fact.happened.s) met_until = f.fact.happened;
    if (met_from.s > met_until.s) met_from = met_until;
    fact_set_contact(&f.fact, f.fact.happened, met_from, met_until, false);
    f.fact.word = (uint8_t)kind;
    return f;
}

struct line_fact line_fact_exposed(const struct line_meeting *m, exposure_word kind, const struct zone *zone)
{
    utc_sec met_until = line_instant(zone, m->last);
    struct line_fact f = {line_fact_make(zone, EVENT_EXPOSED, m->first, m->known), "exposed"};
    f.fact.until = met_until.s < f.fact.happened.s ? f.fact.happened : met_until;
    f.fact.word = (uint8_t)kind;
    return f;
}

void line_facts_positive(const struct protocol *p, struct line_facts_options *out)
{
    out->specimen = SPECIMEN_OROPHARYNGEAL;
    out->test = TEST_PCR;
    for (int32_t t = 0; t < TEST_WORD_COUNT; t++)
        for (int32_t s = 0; s < SPECIMEN_WORD_COUNT; s++) {
            const struct result_asked asked = {
                .specimen = (specimen_word)s, .test = (test_word)t, .outcome = OUTCOME_POSITIVE};
            if (protocol_result(p, asked, NULL) != EVENT_POSITIVE) continue;
            out->specimen = asked.specimen;
            out->test = asked.test;
            return;
        }
}
