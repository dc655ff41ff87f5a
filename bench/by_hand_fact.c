// What the facts say to the three pathways written by hand.
#include "by_hand_inner.h"

struct by_hand by_hand_new(uint32_t subject, by_hand_kind kind)
{
    return (struct by_hand){.subject = subject,
                            .last_min = INT32_MIN,
                            .next_min = NEVER_DAY,
                            .zero = NEVER_DAY,
                            .first = NEVER_DAY,
                            .last = NEVER_DAY,
                            .negative = NEVER_DAY,
                            .order_until = NEVER_DAY,
                            .cap = NEVER_DAY,
                            .kind = (uint8_t)kind,
                            .stage = NOWHERE,
                            .measure = NO_MEASURE};
}

bool by_hand_is_open(const struct by_hand *h)
{
    return h->stage != NOWHERE && !(h->flags & ENDED);
}

// The pathways number their tasks differently: a contact of a contact is not taken to a quarantine site.
static uint8_t slot_disinfect(const struct by_hand *h)
{
    return h->kind == BY_HAND_CONTACT ? 10 : 9;
}

static uint8_t slot_persuade(const struct by_hand *h)
{
    return h->kind == BY_HAND_CONTACT ? 11 : 10;
}

static uint8_t slot_find(const struct by_hand *h)
{
    return h->kind == BY_HAND_CONTACT ? 12 : 11;
}

// What was sampled decides what a result can mean.
static event_word meaning(const struct fact *f)
{
    bool positive = f->outcome == OUTCOME_POSITIVE;
    if (f->word == SPECIMEN_ENVIRONMENT && positive) return EVENT_CONTAMINATED;
    if (f->word == SPECIMEN_ENVIRONMENT && f->outcome == OUTCOME_NEGATIVE) return EVENT_CLEAN;
    if ((f->word == SPECIMEN_BLOOD || f->word == SPECIMEN_SERUM) && positive) return EVENT_INCONCLUSIVE;
    if (positive && f->test == TEST_PCR)
        return f->flags & FACT_POOLED ? EVENT_POOL_POSITIVE : f->value >= 350 ? EVENT_NEGATIVE : EVENT_POSITIVE;
    if (positive) return EVENT_SCREENING_POSITIVE;
    if (f->outcome == OUTCOME_INCONCLUSIVE) return EVENT_INCONCLUSIVE;
    return f->outcome == OUTCOME_INVALID ? EVENT_INVALID : EVENT_NEGATIVE;
}

static bool leads_here(const struct turn *t)
{
    static const uint32_t near = 1u << EXPOSURE_HOUSEHOLD | 1u << EXPOSURE_WORKPLACE | 1u << EXPOSURE_CLASSROOM |
                                 1u << EXPOSURE_MEAL | 1u << EXPOSURE_VENUE;
    static const uint32_t more = 1u << EXPOSURE_CARE | 1u << EXPOSURE_AEROSOL | 1u << EXPOSURE_WARD |
                                 1u << EXPOSURE_HEALTHCARE | 1u << EXPOSURE_LIFT | 1u << EXPOSURE_TRANSPORT |
                                 1u << EXPOSURE_ENVIRONMENT | 1u << EXPOSURE_OTHER;
    const struct fact *f = t->fact;
    bool of_contact = (f->flags & FACT_OF_CONTACT) != 0;
    if (t->h->kind == BY_HAND_ZONE || of_contact != (t->h->kind == BY_HAND_SECOND)) return false;
    if (of_contact) return (near >> f->word & 1) != 0;
    return ((near | more) >> f->word & 1) && f->protection != PROTECTION_FULL;
}

static void day_zero_moved(struct turn *t, int32_t before)
{
    struct by_hand *h = t->h;
    if (!by_hand_is_open(h) || h->last == before) return;
    if (h->zero == before) {
        h->zero = h->last;
        h->extensions = 0;
    } else {
        hand_restart(t, (struct because){WHY_STAGE, t->n->stage[h->stage]});
    }
}

static void earliest(int32_t *day, int32_t today)
{
    if (*day == NEVER_DAY || today < *day) *day = today;
}

static void latest(int32_t *day, int32_t today)
{
    if (*day == NEVER_DAY || today > *day) *day = today;
}

static struct because rule(const struct turn *t, event_word event)
{
    return (struct because){WHY_RULE, t->n->rule[t->h->stage][event]};
}

static void tell(struct turn *t, role_word role, event_word event)
{
    (void)hand_say(t, DECISION_TOLD, (uint8_t)role, rule(t, event));
}

static void becomes_case(struct turn *t, event_word event)
{
    hand_end(t, FINAL_BECAME_CASE, HOW_RELEASED, rule(t, event));
    (void)hand_say(t, DECISION_ENROLLED, t->n->case_pathway, rule(t, event));
}

static void react(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    const bool contact = h->kind == BY_HAND_CONTACT, zone = h->kind == BY_HAND_ZONE;
    if (!by_hand_is_open(h)) return;
    if (zone && (event == EVENT_NEW_CASE || event == EVENT_ROUND_POSITIVE)) {
        const struct because b = rule(t, event);
        hand_restart(t, b);
        (void)hand_say(t, DECISION_TOLD, ROLE_RESIDENTS, b);
    } else if (h->stage == HIGH_LONGER && event == EVENT_ROUND_NEGATIVE && hand_no_new_case(t, 7)) {
        hand_enter(t, MIDDLE, t->today, rule(t, event));
    } else if (zone) {
        return;
    } else if (event == EVENT_POSITIVE) {
        becomes_case(t, event);
        if (contact) tell(t, ROLE_OWN_CONTACTS, event);
    } else if (event == EVENT_NEGATIVE && contact) {
        tell(t, ROLE_OWN_CONTACTS, event);
    } else if (event == EVENT_SYMPTOM || event == EVENT_SEEN_ILL) {
        (void)hand_say(t, DECISION_ENROLLED, t->n->case_pathway, rule(t, event));
    } else if (event == EVENT_CONTAMINATED) {
        hand_open_job(t, slot_disinfect(h), rule(t, event));
        tell(t, ROLE_INFECTION_CONTROL, event);
    } else if (event == EVENT_REFUSED) {
        hand_open_job(t, slot_persuade(h), rule(t, event));
        tell(t, ROLE_HEALTH_OFFICER, event);
    } else if (event == EVENT_NOT_SEEN) {
        hand_open_job(t, slot_find(h), rule(t, event));
    } else if (event == EVENT_LOST) {
        hand_open_job(t, slot_find(h), rule(t, event));
        tell(t, ROLE_COMMANDER, event);
    } else if (event == EVENT_LINKED_POSITIVE && !contact) {
        hand_end(t, FINAL_MOVED, HOW_RELEASED, rule(t, event));
        (void)hand_say(t, DECISION_ENROLLED, t->n->pathway[BY_HAND_CONTACT], rule(t, event));
    }
}

// ---- what is remembered ----

static void exposed(struct turn *t)
{
    struct by_hand *h = t->h;
    const struct fact *f = t->fact;
    if (f->name != 0 ? f->name != t->n->pathway_name[h->kind] : !leads_here(t)) return;
    int32_t before = h->last, until = f->until.s == INT64_MIN ? t->today : hand_day_of(f->until.s / 60);
    earliest(&h->first, t->today);
    latest(&h->last, until < t->today ? t->today : until);
    if ((f->flags & FACT_OPEN) && h->sources < 15) h->sources++;
    day_zero_moved(t, before);
}

static void parted(struct turn *t)
{
    struct by_hand *h = t->h;
    int32_t before = h->last;
    if (h->sources == 0) return;
    h->sources--;
    latest(&h->last, t->today);
    day_zero_moved(t, before);
}

static void seen(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    how_word how = event == EVENT_REFUSED                                ? HOW_REFUSED
                   : event == EVENT_SEEN_WELL || event == EVENT_SEEN_ILL ? HOW_DONE
                                                                         : HOW_MISSED;
    if (h->stage != NOWHERE && h->kind != BY_HAND_ZONE)
        hand_answer(t, h->open >> SLOT_NOON & 1 ? SLOT_NOON : SLOT_EVENING, how);
    if (event == EVENT_SEEN_ILL) h->flags |= ILL;
    react(t, event);
}

static void result(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    if (h->stage != NOWHERE && h->kind != BY_HAND_ZONE) hand_answer(t, SLOT_SAMPLE, HOW_DONE);
    bool positive = event == EVENT_POSITIVE || event == EVENT_SCREENING_POSITIVE || event == EVENT_POOL_POSITIVE;
    if (event == EVENT_NEGATIVE) latest(&h->negative, t->today);
    if (positive && h->negative != BY_HAND_NEVER && h->negative <= t->today) h->negative = BY_HAND_NEVER;
    if (event == EVENT_CONTAMINATED) h->flags |= CONTAMINATED;
    if (event == EVENT_CLEAN) h->flags &= ~(uint32_t)CONTAMINATED;
    react(t, event);
}

static void round_done(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    if (h->stage != NOWHERE && h->kind == BY_HAND_ZONE) hand_answer(t, SLOT_SAMPLE, HOW_DONE);
    if (event == EVENT_ROUND_NEGATIVE) {
        h->flags |= ROUND_NEGATIVE;
        latest(&h->negative, t->today);
    } else {
        h->flags &= ~(uint32_t)ROUND_NEGATIVE;
        h->negative = BY_HAND_NEVER;
    }
    react(t, event);
}

static void new_case(struct turn *t)
{
    struct by_hand *h = t->h;
    earliest(&h->first, t->today);
    latest(&h->last, t->today);
    h->flags &= ~(uint32_t)ROUND_NEGATIVE;
    h->negative = BY_HAND_NEVER;
    if (h->kind == BY_HAND_ZONE) react(t, EVENT_NEW_CASE);
}

static void done(struct turn *t, how_word how)
{
    struct by_hand *h = t->h;
    if (h->stage == NOWHERE) return;
    for (uint32_t open = h->open; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        uint32_t name = slot < SLOT_INFORM ? t->n->stage_name[h->stage][slot] : t->n->name[h->kind][slot];
        if (name != t->fact->name) continue;
        hand_answer(t, slot, how);
        return;
    }
}

static void measure(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    if (h->measure == NO_MEASURE || (t->fact->name != 0 && t->fact->name != t->n->measure_name[h->measure])) return;
    const struct because b = {WHY_ORDER, t->n->measure[h->measure]};
    if (event == EVENT_STARTED && (h->flags & ORDERED) && !(h->flags & STARTED)) {
        h->flags |= STARTED;
        (void)hand_say(t, DECISION_MEASURE_STARTED, t->n->measure[h->measure], b);
    } else if (event == EVENT_DECLINED && (h->flags & (RENEWAL | PROPOSED))) {
        hand_end_measure(t, HOW_DECLINED, b);
    } else if (event == EVENT_UPHELD) {
        hand_end_measure(t, HOW_UPHELD, b);
    }
}

static void circumstance(struct turn *t)
{
    const struct fact *f = t->fact;
    int bit = f->word == ATTRIBUTE_PREGNANT      ? 0
              : f->word == ATTRIBUTE_NEEDS_CARER ? 1
              : f->word == ATTRIBUTE_UNFIT       ? 2
                                                 : -1;
    if (bit < 0) return;
    uint32_t flag = (uint32_t)SPECIAL << bit;
    t->h->flags = f->flags & FACT_NO ? t->h->flags & ~flag : t->h->flags | flag;
}

// What served the living closes, also after the days were over.
static void died(struct turn *t)
{
    struct by_hand *h = t->h;
    if (h->stage == NOWHERE) return;
    const struct because b = {WHY_EVERYWHERE, 0};
    hand_close_living(t, b);
    hand_end_measure(t, HOW_DIED, b);
    hand_end(t, FINAL_DIED, HOW_DIED, b);
}

static void remember(struct turn *t, event_word event)
{
    struct by_hand *h = t->h;
    switch ((int)t->fact->kind) {
    case EVENT_EXPOSED: exposed(t); break;
    case EVENT_PARTED: parted(t); break;
    case EVENT_SEEN_WELL:
    case EVENT_SEEN_ILL:
    case EVENT_NOT_SEEN:
    case EVENT_NOT_ATTEMPTED: seen(t, event); break;
    case EVENT_REFUSED:
        if (t->fact->name == 0) {
            seen(t, event);
        } else {
            done(t, HOW_REFUSED);
            react(t, event);
        }
        break;
    case EVENT_DONE: done(t, HOW_DONE); break;
    case EVENT_SYMPTOM:
        h->flags |= ILL;
        react(t, event);
        break;
    case EVENT_SAMPLED:
        if (h->stage != NOWHERE && h->kind != BY_HAND_ZONE) hand_answer(t, SLOT_SAMPLE, HOW_DONE);
        break;
    case EVENT_RESULT: result(t, event); break;
    case EVENT_ROUND_NEGATIVE:
    case EVENT_ROUND_POSITIVE: round_done(t, event); break;
    case EVENT_NEW_CASE: new_case(t); break;
    case EVENT_ORDERED: hand_order(t); break;
    case EVENT_STARTED:
    case EVENT_DECLINED:
    case EVENT_UPHELD: measure(t, event); break;
    case EVENT_LINKED_NEGATIVE:
        if (h->linked_negatives < 15) h->linked_negatives++;
        break;
    case EVENT_LINKED_POSITIVE:
        h->flags |= LINKED_POSITIVE;
        react(t, event);
        break;
    case EVENT_LOST: react(t, event); break;
    case EVENT_ATTRIBUTE: circumstance(t); break;
    case EVENT_DIED: died(t); break;
    default: break;
    }
}

static bool opens(const struct turn *t)
{
    const struct by_hand *h = t->h;
    const struct fact *f = t->fact;
    if (h->stage != NOWHERE) return false;
    if (f->kind == EVENT_ENROLLED) return f->name == t->n->pathway_name[h->kind];
    if (h->kind == BY_HAND_ZONE) return f->kind == EVENT_NEW_CASE;
    return f->kind == EVENT_EXPOSED && (f->name != 0 ? f->name == t->n->pathway_name[h->kind] : leads_here(t));
}

bool by_hand_fact(const struct by_hand_numbers *n, struct by_hand *h, const struct fact *f, struct decisions *out)
{
    int32_t minute = (int32_t)(f->happened.s / 60);
    if (minute < h->last_min) return false;
    by_hand_until(n, h, f->happened, out);
    int64_t known = f->known.s > f->happened.s ? f->known.s : f->happened.s;
    int32_t known_min = (int32_t)(known / 60); // and never before the course itself was known of
    if (h->stage != NOWHERE && h->stage_min > known_min) known_min = h->stage_min;
    struct turn t = {n, h, out, f, minute, known_min, hand_day_of(minute), {known}, false};
    bool enters = opens(&t);
    remember(&t, f->kind == EVENT_RESULT ? meaning(f) : (event_word)f->kind);
    if (enters) {
        static const uint8_t first[BY_HAND_KINDS] = {FACILITY, SECOND_HOME, HIGH};
        bool zone = h->kind == BY_HAND_ZONE;
        h->stage_min = t.known_min;
        hand_enter(&t, first[h->kind], h->last == BY_HAND_NEVER ? t.today : h->last,
                   zone && f->kind != EVENT_ENROLLED ? (struct because){WHY_STAGE, n->stage[HIGH]}
                                                     : (struct because){WHY_CONTACT_CLASS, RULE_LIST_END});
    }
    if (!(h->flags & ENDED)) hand_try_release(&t);
    h->last_min = minute;
    h->next_min = hand_next_turn(h, t.today);
    return true;
}

// ---- numbers of the compiled protocol ----

static bool bind_stage(const struct protocol *p, struct by_hand_numbers *n, int i, uint8_t pathway, const char *name)
{
    uint8_t stage = protocol_stage(p, pathway, str_z(name));
    n->stage[i] = stage;
    if (stage == PROTOCOL_NONE) return false;
    for (int slot = 0; slot < 3; slot++) {
        n->stage_task[i][slot] = p->stage_task[stage][slot];
        if (n->stage_task[i][slot] != PROTOCOL_NONE) n->stage_name[i][slot] = p->tasks[n->stage_task[i][slot]].name_id;
    }
    for (int event = 0; event < EVENT_WORD_COUNT; event++)
        if (p->reaction[stage][event] != 0) n->rule[i][event] = p->reactions[p->reaction[stage][event]];
    if (p->stages[stage].except_count > 0) n->exception = p->stages[stage].except_first;
    return true;
}

bool by_hand_bind(const struct protocol *p, struct by_hand_numbers *out)
{
    static const char *const pathways[] = {"close_contact", "secondary", "high_zone"};
    static const struct {
        by_hand_kind kind;
        const char *name;
    } stages[BY_HAND_STAGES] = {[FACILITY] = {BY_HAND_CONTACT, "facility"},    [HOME] = {BY_HAND_CONTACT, "home"},
                                [SECOND_HOME] = {BY_HAND_SECOND, "home"},      [HIGH] = {BY_HAND_ZONE, "high"},
                                [HIGH_LONGER] = {BY_HAND_ZONE, "high_longer"}, [MIDDLE] = {BY_HAND_ZONE, "middle"}};
    static const char *const measures[BY_HAND_MEASURES] = {"quarantine_facility", "quarantine_home", "monitoring_home",
                                                           "stay_home", "stay_in_area"};
    struct by_hand_numbers n = {.case_pathway = protocol_pathway(p, STR("case"))};
    bool found = n.case_pathway != PROTOCOL_NONE;
    for (int k = 0; k < BY_HAND_KINDS; k++) {
        n.pathway[k] = protocol_pathway(p, str_z(pathways[k]));
        if (n.pathway[k] == PROTOCOL_NONE) return false;
        n.pathway_name[k] = p->pathways[n.pathway[k]].name_id;
        for (int slot = SLOT_INFORM; slot < BY_HAND_SLOTS; slot++) {
            n.task[k][slot] = p->pathways[n.pathway[k]].slot_task[slot];
            if (n.task[k][slot] != PROTOCOL_NONE) n.name[k][slot] = p->tasks[n.task[k][slot]].name_id;
        }
    }
    for (int i = 0; i < BY_HAND_STAGES; i++)
        found = bind_stage(p, &n, i, n.pathway[stages[i].kind], stages[i].name) && found;
    for (int i = 0; i < BY_HAND_MEASURES; i++) {
        n.measure[i] = protocol_measure(p, str_z(measures[i]));
        if (n.measure[i] == PROTOCOL_NONE) return false;
        n.status[i] = p->measures[n.measure[i]].status;
        n.measure_name[i] = p->measures[n.measure[i]].name_id;
    }
    if (found) *out = n;
    return found;
}
