// What people and staff do: come forward, be sampled, be visited, name whom they met, sign, begin.
#include "twin/drill_inner.h"

enum { HOUR = 3600, MORNING = 8 * HOUR, EVENING = 20 * HOUR, NAMED_MAX = 4096 };

static int32_t day_of(const struct drill *d, int64_t at)
{
    return zone_day(&d->zone, (utc_sec){at}).d - d->options.start.d;
}

static struct fact person_fact(uint32_t subject, event_word kind, int64_t at)
{
    return (struct fact){.subject = subject, .happened = {at}, .until = UTC_NONE, .kind = (uint8_t)kind};
}

// A number of its own for what is drawn about a person at a time.
static struct key key_of(const struct drill *d, uint32_t person, int64_t at, key_purpose purpose)
{
    return key_stream(d->options.seed ^ (uint64_t)at, day_of(d, at), person, purpose);
}

// ---- asked ----

void drill_asked(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *x)
{
    struct drill *d = payload;
    const struct protocol *p = d->book->editions[x->edition];
    int64_t now = caseload_now(c).s, from = x->at.s < now ? now : x->at.s;
    if (x->kind == DECISION_TASK_OPENED) {
        size_t count;
        (void)caseload_tasks(c, &count);
        const struct task *t = &p->tasks[x->what];
        int64_t until = x->until.s == UTC_NONE.s || x->until.s <= from ? from + 6 * HOUR : x->until.s;
        struct key k = key_stream(d->options.seed, (int32_t)(from / 60), subject, KEY_STAFF);
        int64_t midnight = drill_midnight(d, day_of(d, from));
        if (t->daily && from < midnight + MORNING) from = midnight + MORNING;
        if (t->daily && until > midnight + EVENING && from < midnight + EVENING) until = midnight + EVENING;
        int64_t at = from + (int64_t)(key_uniform(&k) * 0.8 * (double)(until > from ? until - from : HOUR)) + 60;
        (void)drill_push(d, (struct drill_act){.at = at, .kind = DRILL_TASK, .subject = subject, .index = (uint32_t)(count - 1)});
    } else if (x->kind == DECISION_MEASURE_PROPOSED) {
        (void)drill_push(d, (struct drill_act){.at = from + HOUR, .kind = DRILL_SIGN, .subject = subject, .index = enrolment,
                                              .fact = x->n, .measure = x->what, .edition = x->edition});
    } else if ((x->kind == DECISION_MEASURE_STARTED || x->kind == DECISION_MEASURE_ENDED) && x->what < DRILL_MEASURES) {
        struct drill_subject *s = drill_subject(d, subject);
        if (!s) return;
        uint64_t bit = 1ULL << x->what;
        bool home = x->place == PLACE_HOME || x->place == PLACE_WHERE_THEY_ARE || x->place == PROTOCOL_NONE;
        s->in_force = x->kind == DECISION_MEASURE_STARTED ? s->in_force | bit : s->in_force & ~bit;
        s->elsewhere = home ? s->elsewhere & ~bit : s->elsewhere | bit;
        drill_limit(d, subject);
    }
}

// ---- found ----

static bool shows(const struct drill *d, uint32_t person, int32_t day, struct key *k)
{
    const struct drill_behaviour *b = &d->options.behaviour;
    const struct infection *i = spread_infection(d->spread, person);
    double u = key_uniform(k);
    bool there = i->day >= 0 && day - i->day >= b->detectable_from && day - i->day <= b->detectable_upto;
    return u < (there ? b->sensitivity : 1 - b->specificity);
}

static tong_code sample(struct drill *d, uint32_t subject, uint8_t specimen, int64_t at, struct err *err)
{
    struct fact f = person_fact(subject, EVENT_SAMPLED, at);
    int64_t id = 0;
    f.word = specimen;
    drill_today(d)->samples++;
    tong_code code = drill_record(d, f, at, &id, err);
    (void)drill_push(d, (struct drill_act){.at = at + d->options.behaviour.result_hours * HOUR, .kind = DRILL_RESULT, .subject = subject,
                                          .fact = id, .day = day_of(d, at), .specimen = specimen});
    return code;
}

static tong_code result(struct drill *d, const struct drill_act *a, struct err *err)
{
    struct drill_subject *s = drill_subject(d, a->subject);
    if (!s || s->person == SPREAD_NOBODY) return TONG_OK;
    struct key k = key_of(d, s->person, a->fact, KEY_TEST);
    bool positive = shows(d, s->person, a->day, &k) && a->specimen != SPECIMEN_ENVIRONMENT;
    struct fact f = person_fact(a->subject, EVENT_RESULT, drill_midnight(d, a->day) + 12 * HOUR);
    f.word = a->specimen;
    f.test = TEST_PCR;
    f.outcome = positive ? OUTCOME_POSITIVE : OUTCOME_NEGATIVE;
    if (f.happened.s > a->at) f.happened.s = a->at;
    if (positive) f.value = 280; // a threshold cycle in the middle of what is found
    if (positive && !s->found) drill_today(d)->positives++;
    s->found = s->found || positive;
    return drill_record(d, f, a->at, NULL, err);
}

static tong_code tell_age(struct drill *d, uint32_t subject, int64_t at, struct err *err)
{
    struct drill_subject *s = drill_subject(d, subject);
    if (!s || s->told || s->person == SPREAD_NOBODY) return TONG_OK;
    s->told = true;
    struct fact f = person_fact(subject, EVENT_ATTRIBUTE, at);
    f.word = FACT_WORD_AGE;
    f.value = d->population->resident[s->person].age * 10 + 5;
    return drill_record(d, f, at, NULL, err);
}

static tong_code present(struct drill *d, const struct drill_act *a, struct err *err)
{
    uint32_t subject = drill_subject_of(d, a->subject);
    struct drill_subject *s = subject == CASELOAD_NONE ? NULL : drill_subject(d, subject);
    if (!s) return tong_fail(err, TONG_E_NOMEM, "no memory for the drill");
    if (s->found) return TONG_OK;
    drill_today(d)->presented++;
    tong_code code = tell_age(d, subject, a->at, err);
    struct course c = spread_course(d->spread, a->subject);
    struct fact f = person_fact(subject, EVENT_SYMPTOM, drill_midnight(d, c.symptoms) + 8 * HOUR);
    f.flags = FACT_DAY_ONLY;
    if (code == TONG_OK) code = drill_record(d, f, a->at, NULL, err);
    if (code == TONG_OK) code = sample(d, subject, SPECIMEN_OROPHARYNGEAL, a->at, err);
    return code;
}

// Whom a case met, as far as it can say; each once, with the layer and the last day.
tong_code drill_names(struct drill *d, uint32_t subject, int64_t at, struct err *err)
{
    static const exposure_word exposure[] = {[LAYER_HOUSEHOLD] = EXPOSURE_HOUSEHOLD, [LAYER_STANDING] = EXPOSURE_WORKPLACE,
                                             [LAYER_CHANCE] = EXPOSURE_VENUE};
    const struct drill_behaviour *b = &d->options.behaviour;
    uint32_t person = drill_subject(d, subject)->person, met[NAMED_MAX], all[NAMED_MAX];
    uint8_t layer[NAMED_MAX];
    size_t known = 0;
    int32_t today = day_of(d, at);
    tong_code code = TONG_OK;
    for (int32_t day = today; day >= 0 && day > today - b->days_named && code == TONG_OK; day--) {
        size_t n = spread_met(d->spread, person, day, 7, met, layer, NAMED_MAX);
        for (size_t i = 0; i < n && i < NAMED_MAX && code == TONG_OK; i++) {
            struct key k = key_stream(d->options.seed ^ met[i], layer[i] == LAYER_CHANCE ? day : 0, person, KEY_ACCEPTS);
            bool again = key_uniform(&k) >= b->named[layer[i]];
            for (size_t j = 0; j < known && !again; j++) again = all[j] == met[i];
            if (again) continue;
            if (known < NAMED_MAX) all[known++] = met[i];
            uint32_t contact = drill_subject_of(d, met[i]);
            if (contact == CASELOAD_NONE) return tong_fail(err, TONG_E_NOMEM, "no memory for the contacts");
            code = tell_age(d, contact, at, err);
            struct fact f = person_fact(subject, EVENT_CONTACT_NAMED, at);
            int64_t noon = drill_midnight(d, day) + 12 * HOUR;
            if (noon > at) noon = at;
            f.link = contact;
            f.word = (uint8_t)exposure[layer[i]];
            f.protection = PROTECTION_NONE;
            fact_set_contact(&f, (utc_sec){at}, (utc_sec){noon - HOUR}, (utc_sec){noon}, false);
            drill_today(d)->named++;
            if (code == TONG_OK) code = drill_record(d, f, at, NULL, err);
        }
    }
    return code;
}

// ---- done ----

static event_word seen(const struct drill *d, const struct drill_subject *s, int64_t at)
{
    struct key k = key_of(d, s->person, at, KEY_STAFF);
    if (key_uniform(&k) < d->options.behaviour.missed) return EVENT_NOT_SEEN;
    if (spread_infection(d->spread, s->person)->day < 0) return EVENT_SEEN_WELL;
    struct course c = spread_course(d->spread, s->person);
    int32_t day = day_of(d, at), end = c.recovered >= 0 ? c.recovered : INT32_MAX;
    return c.symptoms >= 0 && c.symptoms <= day && day < end ? EVENT_SEEN_ILL : EVENT_SEEN_WELL;
}

static tong_code task(struct drill *d, const struct drill_act *a, struct err *err)
{
    size_t count;
    const struct caseload_task *task = &caseload_tasks(d->caseload, &count)[a->index];
    if (!task->open) return TONG_OK; // something else has answered it
    const struct task *t = &d->book->editions[task->edition]->tasks[task->task];
    int32_t able = d->options.behaviour.per_day[t->by];
    if (able > 0 && d->done_today[t->by] >= able) { // tomorrow
        struct drill_act next = *a;
        next.at = drill_midnight(d, spread_day(d->spread) + 1) + MORNING;
        (void)drill_push(d, next);
        return TONG_OK;
    }
    d->done_today[t->by]++;
    drill_today(d)->tasks_done++;
    struct drill_subject *s = drill_subject(d, a->subject);
    if (!s) return tong_fail(err, TONG_E_NOMEM, "no memory for the drill");
    struct fact f = person_fact(a->subject, EVENT_DONE, a->at);
    f.name = t->name_id;
    bool person = s->person != SPREAD_NOBODY;
    switch ((int)t->verb) {
    case VERB_SAMPLE:
    case VERB_SAMPLE_SET:
    case VERB_TEST_AGAIN:
        if (person) return sample(d, a->subject, SPECIMEN_OROPHARYNGEAL, a->at, err);
        break;
    case VERB_CHECK:
        f.kind = person ? (uint8_t)seen(d, s, a->at) : EVENT_SEEN_WELL;
        f.name = 0;
        break;
    case VERB_TEST_ROUND:
        f.kind = EVENT_ROUND_NEGATIVE;
        f.name = 0;
        break;
    case VERB_ISOLATE:
        f.kind = EVENT_ISOLATED;
        f.name = 0;
        break;
    case VERB_BURY:
        f.kind = EVENT_BURIED;
        f.name = 0;
        break;
    case VERB_LIST_CONTACTS: {
        tong_code code = drill_record(d, f, a->at, NULL, err);
        return code == TONG_OK && person ? drill_names(d, a->subject, a->at, err) : code;
    }
    default: break;
    }
    return drill_record(d, f, a->at, NULL, err);
}

static tong_code sign(struct drill *d, const struct drill_act *a, struct err *err)
{
    const struct measure *m = &d->book->editions[a->edition]->measures[a->measure];
    struct fact f = person_fact(a->subject, EVENT_ORDERED, a->at);
    int32_t turn = (int32_t)(2 * (a->fact % 1000)); // never those who signed the time before
    f.name = m->name_id;
    f.signer = 1 + turn;
    if (m->persons >= 2) f.second = 2 + turn;
    tong_code code = drill_record(d, f, a->at, NULL, err);
    struct drill_act next = *a;
    next.kind = DRILL_START;
    next.at += HOUR;
    (void)drill_push(d, next);
    return code;
}

static tong_code known_fact(struct drill *d, const struct drill_act *a, event_word kind, struct err *err)
{
    uint32_t subject = d->subject_of[a->subject];
    if (kind == EVENT_ADMITTED) subject = drill_subject_of(d, a->subject);
    if (subject == 0) return TONG_OK; // nobody knows of them
    tong_code code = drill_record(d, person_fact(subject, kind, a->at), a->at, NULL, err);
    struct drill_subject *s = drill_subject(d, subject);
    if (code == TONG_OK && kind == EVENT_ADMITTED && s && !s->found) code = sample(d, subject, SPECIMEN_OROPHARYNGEAL, a->at, err);
    return code;
}

tong_code drill_do(struct drill *d, const struct drill_act *a, struct err *err)
{
    switch ((drill_act_kind)a->kind) {
    case DRILL_PRESENT: return present(d, a, err);
    case DRILL_ADMIT: return known_fact(d, a, EVENT_ADMITTED, err);
    case DRILL_WELL: return known_fact(d, a, EVENT_WELL, err);
    case DRILL_DIE: return known_fact(d, a, EVENT_DIED, err);
    case DRILL_TASK: return task(d, a, err);
    case DRILL_RESULT: return result(d, a, err);
    case DRILL_SIGN: return sign(d, a, err);
    case DRILL_START: break;
    }
    if (caseload_enrolment(d->caseload, a->index)->flags & FLAG_STARTED) return TONG_OK; // renewed, not begun again
    struct fact f = person_fact(a->subject, EVENT_STARTED, a->at);
    f.name = d->book->editions[a->edition]->measures[a->measure].name_id;
    return drill_record(d, f, a->at, NULL, err);
}
