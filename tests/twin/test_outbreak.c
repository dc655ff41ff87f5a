// The outbreak: what holds for every one of them, and that its figures come out as they were put in.
#include "tap.h"

#include "twin/outbreak.h"
#include "twin/outbreak_contacts.h"

static struct outbreak_options options_of(outbreak_disease disease, uint64_t seed, int32_t cases)
{
    struct outbreak_options o;
    outbreak_options_for(disease, &o);
    o.seed = seed;
    o.cases = cases;
    return o;
}

static struct outbreak make(const struct outbreak_options *o, struct arena *arena)
{
    struct outbreak ob = {0};
    struct err err = {0};
    if (outbreak_generate(o, arena, &ob, &err) != TONG_OK) {
        OK(false, "generate: %s", err.text);
        abort();
    }
    return ob;
}

static int64_t away_min(const struct outbreak_case *c)
{
    return c->isolated_min == OUTBREAK_NEVER ? c->outcome_min : c->isolated_min;
}

// ---- what always holds ----

static void check_case(const struct outbreak *ob, int32_t i)
{
    const struct outbreak_case *c = &ob->cases[i];
    CHECK(ob->case_of[c->person] == i, "case %d: a person is infected once", i);
    CHECK(i == 0 || ob->cases[i - 1].infected_min <= c->infected_min, "case %d: by time of infection", i);
    CHECK((c->infector == OUTBREAK_NOBODY) == (c->kind == OUTBREAK_IMPORTED), "case %d: imported or infected", i);
    CHECK((c->class == OUTBREAK_ASYMPTOMATIC) == (c->onset_min == OUTBREAK_NEVER), "case %d: onset", i);
    CHECK(c->onset_min == OUTBREAK_NEVER || c->infected_min <= c->onset_min, "case %d: infection before onset", i);
    CHECK(c->onset_min == OUTBREAK_NEVER || c->onset_min <= c->outcome_min, "case %d: onset before outcome", i);
    CHECK(c->infected_min < c->sampled_min && c->sampled_min <= c->result_min && c->result_min <= c->reported_min &&
              c->reported_min < c->outcome_min,
          "case %d: sample, result, report, outcome", i);
    CHECK(c->isolated_min == OUTBREAK_NEVER || (c->infected_min < c->isolated_min && c->isolated_min < c->outcome_min),
          "case %d: isolation", i);
    CHECK(!c->died || c->class != OUTBREAK_ASYMPTOMATIC, "case %d: nobody dies without symptoms", i);
    int32_t children = 0;
    for (int32_t k = c->first_infectee; k != OUTBREAK_NOBODY; k = ob->cases[k].next_sibling) {
        CHECK(ob->cases[k].infector == i, "case %d: its infectees know it", i);
        children++;
    }
    CHECK(children == c->infected, "case %d: as many infectees as counted", i);
    if (c->infector == OUTBREAK_NOBODY) {
        CHECK(c->generation == 0 && !c->named, "case %d: imported", i);
        return;
    }
    const struct outbreak_case *from = &ob->cases[c->infector];
    CHECK(from->infected_min < c->infected_min, "case %d: infected after its infector", i);
    CHECK(c->infector < i && c->generation == from->generation + 1, "case %d: a generation later", i);
    int64_t over = from->outcome_min + (from->died ? (int64_t)(ob->options.burial_days * OUTBREAK_DAY_MINUTES) : 0);
    CHECK(c->infected_min <= over + 1, "case %d: infected before its infector's illness was over", i);
    CHECK((c->kind == OUTBREAK_FUNERAL) == (from->died && c->infected_min > from->outcome_min), "case %d: funeral", i);
    if (c->named) {
        CHECK(c->named_min > c->infected_min && c->named_min > from->reported_min && c->named_min < c->reported_min,
              "case %d: named after the infection, after its infector's report and before its own", i);
        CHECK(ob->options.contacts_per_case > 0, "case %d: nobody is named where there are no contacts", i);
    }
    struct town_range home = town_household(&ob->town, from->person);
    bool at_home = c->person >= home.first && c->person < home.end;
    CHECK(c->kind != OUTBREAK_HOUSEHOLD || at_home, "case %d: infected at home by someone who lives there", i);
    uint32_t circle = ob->town.circle_of[c->person];
    bool together = circle != TOWN_NO_CIRCLE && circle == ob->town.circle_of[from->person];
    CHECK((c->kind != OUTBREAK_WORKPLACE && c->kind != OUTBREAK_SCHOOL) || together, "case %d: colleagues", i);
}

static void check_contact(const struct outbreak *ob, int32_t i, int32_t *last_source)
{
    const struct outbreak_contact *k = &ob->contacts[i];
    const struct outbreak_case *c = &ob->cases[k->source];
    struct outbreak_span window = outbreak_window(&ob->options, c, k->kind);
    CHECK(k->first_min <= k->last_min, "contact %d: an interval", i);
    CHECK(k->first_min >= c->infected_min, "contact %d: not before the case was infected", i);
    CHECK(k->first_min >= window.first_min && k->last_min <= window.last_min, "contact %d: inside the window", i);
    CHECK(k->named_min > c->reported_min && k->named_min > k->first_min, "contact %d: named after report and contact",
          i);
    CHECK(k->person != c->person, "contact %d: not the case itself", i);
    CHECK(k->as_case == ob->case_of[k->person], "contact %d: the case it is", i);
    CHECK(last_source[k->person] != k->source, "contact %d: named once by one case", i);
    last_source[k->person] = k->source;
    CHECK(k->visits >= 0 && (k->visits == 0 || k->status != OUTBREAK_COMPLETED ||
                             k->visits == k->follow_last_day - (int32_t)(k->named_min / OUTBREAK_DAY_MINUTES) + 1),
          "contact %d: days", i);
    CHECK((k->status != OUTBREAK_REFUSED && k->status != OUTBREAK_LOST) || k->visits > 0, "contact %d: a visit first",
          i);
    if (k->as_case == OUTBREAK_NOBODY) {
        CHECK(k->status != OUTBREAK_BECAME_CASE, "contact %d: became no case", i);
        return;
    }
    const struct outbreak_case *other = &ob->cases[k->as_case];
    CHECK(k->named_min < other->reported_min, "contact %d: not yet known as a case when named", i);
    if (other->infector != k->source) return;
    CHECK(other->named && other->named_min == k->named_min && other->kind == k->kind, "contact %d: the infectee named",
          i);
    bool inside = other->infected_min >= window.first_min && other->infected_min <= window.last_min;
    CHECK(inside || k->kind == OUTBREAK_HOUSEHOLD, "contact %d: infected inside the window", i);
    CHECK(!inside || (k->first_min <= other->infected_min && other->infected_min <= k->last_min) ||
              other->infected_min > away_min(other),
          "contact %d: infected during the contact", i);
}

static void check_visits(const struct outbreak *ob, int32_t i)
{
    const struct outbreak_contact *k = &ob->contacts[i];
    for (int32_t n = 0; n < k->visits; n++) {
        struct outbreak_visit v = outbreak_visit_at(ob, i, n), again = outbreak_visit_at(ob, i, n);
        CHECK(v.minute == again.minute && v.status == again.status, "contact %d: visit %d asked for twice", i, n);
        CHECK(v.minute / OUTBREAK_DAY_MINUTES == k->named_min / OUTBREAK_DAY_MINUTES + n, "contact %d: a visit a day",
              i);
        CHECK(v.minute > k->named_min || v.minute % OUTBREAK_DAY_MINUTES == OUTBREAK_DAY_MINUTES - 1,
              "contact %d: visited after being named", i);
        bool last = n == k->visits - 1;
        CHECK((v.status == OUTBREAK_VISIT_REFUSED) == (last && k->status == OUTBREAK_REFUSED), "contact %d: refusal",
              i);
        CHECK(!last || k->status != OUTBREAK_LOST || v.status == OUTBREAK_NOT_SEEN, "contact %d: lost", i);
        bool ill = k->as_case != OUTBREAK_NOBODY && ob->cases[k->as_case].onset_min != OUTBREAK_NEVER &&
                   ob->cases[k->as_case].onset_min < v.minute;
        CHECK(v.status != OUTBREAK_SEEN_ILL || ill, "contact %d: seen ill when ill", i);
        CHECK(v.status != OUTBREAK_SEEN_WELL || !ill, "contact %d: seen well when well", i);
    }
    struct outbreak_sample sample[OUTBREAK_SAMPLES_MAX];
    int32_t count = outbreak_contact_samples(ob, i, sample);
    for (int32_t n = 0; n < count; n++) {
        CHECK(!sample[n].positive && sample[n].person == k->person, "contact %d: a contact's sample is negative", i);
        CHECK(sample[n].result_min > sample[n].sampled_min, "contact %d: result after sample", i);
        CHECK(k->as_case == OUTBREAK_NOBODY || sample[n].sampled_min < ob->cases[k->as_case].sampled_min,
              "contact %d: no negative after its positive", i);
        CHECK(n == 0 || sample[n].sampled_min > sample[n - 1].sampled_min, "contact %d: samples in order", i);
    }
}

static void check_samples(const struct outbreak *ob, int32_t i)
{
    struct outbreak_sample sample[OUTBREAK_SAMPLES_MAX];
    const struct outbreak_case *c = &ob->cases[i];
    int32_t count = outbreak_case_samples(ob, i, sample), positive = 0;
    for (int32_t n = 0; n < count; n++) {
        CHECK(n == 0 || sample[n].sampled_min > sample[n - 1].sampled_min, "case %d: samples in order", i);
        CHECK(sample[n].sampled_min > c->infected_min && sample[n].result_min <= c->outcome_min, "case %d: within", i);
        if (!sample[n].positive) continue;
        positive++;
        CHECK(sample[n].sampled_min == c->sampled_min && sample[n].result_min == c->result_min, "case %d: its sample",
              i);
        CHECK(sample[n].ct_tenths >= 140 && sample[n].ct_tenths <= 349, "case %d: threshold cycle", i);
    }
    CHECK(positive == (c->class == OUTBREAK_PROBABLE ? 0 : 1), "case %d: one positive, none if never sampled", i);
}

static void test_always(void)
{
    static const struct {
        int32_t cases;
        double contacts;
    } t[] = {{1, 1}, {1, 0}, {2, 30}, {50, 3.3}, {700, 10}, {3000, 1}, {400, 60}};
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) {
        for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
            struct arena arena = {0};
            struct outbreak_options o = options_of((outbreak_disease)d, 100 + i, t[i].cases);
            o.contacts_per_case = t[i].contacts;
            struct outbreak ob = make(&o, &arena);
            const char *name = outbreak_disease_name(o.disease);
            EQ_INT(ob.case_count, t[i].cases, "%s, %d cases: exactly so many", name, o.cases);
            EQ_INT(ob.contact_count, llround(t[i].contacts * t[i].cases), "%s, %d cases: exact number of contacts",
                   name, o.cases);
            OK(ob.cases[0].infected_min < OUTBREAK_DAY_MINUTES, "%s, %d cases: begins on the first day", name, o.cases);
            int32_t *last_source = calloc((size_t)ob.town.persons, sizeof *last_source);
            if (last_source == NULL) abort();
            for (int32_t p = 0; p < ob.town.persons; p++) last_source[p] = -1;
            for (int32_t c = 0; c < ob.case_count; c++) {
                check_case(&ob, c);
                check_samples(&ob, c);
            }
            for (int32_t k = 0; k < ob.contact_count; k++) {
                check_contact(&ob, k, last_source);
                check_visits(&ob, k);
            }
            free(last_source);
            arena_free(&arena);
        }
    }
}

// A small town that the outbreak nearly uses up: there is somebody to infect and to name to the end.
static void test_crowded(void)
{
    struct arena arena = {0};
    struct outbreak_options o = options_of(OUTBREAK_MEASLES, 4, 3000);
    o.persons_per_case = 2;
    o.contacts_per_case = 200;
    o.isolation_effect = 0;
    struct outbreak ob = make(&o, &arena);
    EQ_INT(ob.town.persons, 6000, "a town of twice the cases");
    EQ_INT(ob.case_count, 3000, "half the town infected");
    EQ_INT(ob.contact_count, 600000, "and every case names 200");
    arena_free(&arena);
}

// ---- the same and another ----

static bool same_infections(const struct outbreak *a, const struct outbreak *b)
{
    for (int32_t i = 0; i < a->case_count; i++)
        if (a->cases[i].person != b->cases[i].person || a->cases[i].infected_min != b->cases[i].infected_min ||
            a->cases[i].reported_min != b->cases[i].reported_min || a->cases[i].infector != b->cases[i].infector)
            return false;
    return a->case_count == b->case_count;
}

static bool same_contacts(const struct outbreak *a, const struct outbreak *b)
{
    for (int32_t i = 0; i < a->contact_count && i < b->contact_count; i++) {
        const struct outbreak_contact *x = &a->contacts[i], *y = &b->contacts[i];
        if (x->person != y->person || x->source != y->source || x->kind != y->kind || x->status != y->status ||
            x->first_min != y->first_min || x->last_min != y->last_min || x->named_min != y->named_min ||
            x->visits != y->visits)
            return false;
    }
    return a->contact_count == b->contact_count;
}

static void test_same(void)
{
    struct arena arena = {0};
    struct outbreak_options o = options_of(OUTBREAK_COVID, 77, 400);
    struct outbreak a = make(&o, &arena), b = make(&o, &arena);
    OK(same_infections(&a, &b), "the same seed gives the same infections");
    OK(same_contacts(&a, &b), "and the same contacts");
    o.contacts_per_case = 25;
    b = make(&o, &arena);
    OK(same_infections(&a, &b), "naming more contacts changes no infection");
    o = options_of(OUTBREAK_COVID, 77, 400);
    o.lost_share = 0.5;
    o.missed_visit_share = 0.5;
    b = make(&o, &arena);
    OK(same_infections(&a, &b) && !same_contacts(&a, &b), "losing contacts changes no infection");
    o = options_of(OUTBREAK_COVID, 78, 400);
    b = make(&o, &arena);
    OK(!same_infections(&a, &b), "another seed gives others");
    o = options_of(OUTBREAK_COVID, 77, 400);
    o.replicate = 1;
    b = make(&o, &arena);
    OK(!same_infections(&a, &b), "another replicate gives others");
    o = options_of(OUTBREAK_COVID, 77, 400);
    o.start.d += 1000;
    b = make(&o, &arena);
    OK(same_infections(&a, &b), "the calendar changes nothing");
    arena_free(&arena);
}

// ---- figures ----

// A plain branching process that grows slowly: nobody isolated, nobody traced, no control.
static struct outbreak_options plain(uint64_t seed)
{
    struct outbreak_options o = options_of(OUTBREAK_COVID, seed, 40000);
    o.contacts_per_case = 0;
    o.persons_per_case = 10;
    o.r_mean = 1.2;
    o.isolation_effect = 0;
    o.control_share = 1;
    o.index_cases = 200;
    o.asymptomatic_share = 0.3;
    o.death_share_under_60 = 0.1;
    o.death_share_from_60 = 0.4;
    o.onset_to_recovery = (struct outbreak_delay){60, 0};
    o.onset_to_death = (struct outbreak_delay){60, 0};
    return o;
}

static void test_figures(void)
{
    struct arena arena = {0};
    struct outbreak_options o = plain(31);
    struct outbreak ob = make(&o, &arena);
    enum { COMPLETE_DAYS = 25 }; // by then a case has infected whom it will
    int64_t end = ob.cases[ob.case_count - 1].infected_min - (int64_t)COMPLETE_DAYS * OUTBREAK_DAY_MINUTES;
    double n = 0, sum = 0, squares = 0, gap = 0, gaps = 0, logs = 0, log2s = 0, ill = 0, silent = 0, dead[2] = {0},
           of[2] = {0};
    for (int32_t i = 0; i < ob.case_count; i++) {
        const struct outbreak_case *c = &ob.cases[i];
        if (c->infected_min < end) {
            n++;
            sum += c->infected;
            squares += (double)c->infected * c->infected;
        }
        if (c->infector != OUTBREAK_NOBODY && ob.cases[c->infector].infected_min < end) {
            gap += (double)(c->infected_min - ob.cases[c->infector].infected_min) / OUTBREAK_DAY_MINUTES;
            gaps++;
        }
        silent += c->onset_min == OUTBREAK_NEVER;
        if (c->onset_min == OUTBREAK_NEVER) continue;
        double days = (double)(c->onset_min - c->infected_min) / OUTBREAK_DAY_MINUTES;
        logs += log(days);
        log2s += log(days) * log(days);
        ill++;
        int old = ob.town.age[c->person] >= 60;
        dead[old] += c->died;
        of[old]++;
    }
    double mean = sum / n, variance = squares / n - mean * mean, meanlog = logs / ill;
    NEAR(mean, 1.2, 0.06, "mean number of infections, over %.0f cases", n);
    NEAR(variance, 1.2 + 1.44 / 0.43, 0.4, "their variance: mean + mean^2 / k");
    NEAR(mean * mean / (variance - mean), 0.43, 0.05, "dispersion k");
    NEAR(gap / gaps, 5.51, 0.2, "generation interval (people meet by day: a little more than 5.51)");
    NEAR(exp(meanlog), 5.06, 0.06, "median incubation");
    NEAR(sqrt(log2s / ill - meanlog * meanlog), 0.418, 0.01, "deviation of its logarithm");
    NEAR(silent / ob.case_count, 0.3, 0.01, "share without symptoms");
    NEAR(dead[0] / of[0], 0.1, 0.01, "deaths under 60");
    NEAR(dead[1] / of[1], 0.4, 0.03, "deaths from 60");
    arena_free(&arena);
}

static void test_response(void)
{
    struct arena arena = {0};
    struct outbreak_options o = options_of(OUTBREAK_COVID, 5, 1500);
    o.isolation_effect = 1;
    struct outbreak ob = make(&o, &arena);
    int32_t isolated = 0;
    for (int32_t i = 0; i < ob.case_count; i++) {
        const struct outbreak_case *c = &ob.cases[i], *from = c->infector < 0 ? NULL : &ob.cases[c->infector];
        isolated += c->isolated_min != OUTBREAK_NEVER;
        CHECK(from == NULL || from->isolated_min == OUTBREAK_NEVER || c->infected_min <= from->isolated_min,
              "nobody is infected by someone in isolation: case %d", i);
    }
    NEAR((double)isolated / ob.case_count, 0.99, 0.01, "share isolated");

    o = options_of(OUTBREAK_COVID, 6, 300);
    o.control_day = 12;
    o.r_after = 0;
    ob = make(&o, &arena);
    int32_t before = 0, after = 0;
    for (int32_t i = 0; i < ob.case_count; i++) {
        bool later = ob.cases[i].infected_min >= 12 * OUTBREAK_DAY_MINUTES;
        before += !later && ob.cases[i].infector != OUTBREAK_NOBODY;
        after += later;
        CHECK(!later || ob.cases[i].infector == OUTBREAK_NOBODY, "under full control only importations: case %d", i);
    }
    OK(before > 0 && after > 0, "infections before control (%d), importations after it (%d)", before, after);

    o = options_of(OUTBREAK_COVID, 7, 2000);
    o.named_share = 0;
    struct outbreak untraced = make(&o, &arena);
    o.named_share = 1;
    struct outbreak traced = make(&o, &arena);
    double wait[2] = {0};
    for (int32_t i = 0; i < 500; i++) { // before control measures
        wait[0] += (double)(away_min(&untraced.cases[i]) - untraced.cases[i].infected_min) / 500;
        wait[1] += (double)(away_min(&traced.cases[i]) - traced.cases[i].infected_min) / 500;
    }
    OK(wait[1] < wait[0] - OUTBREAK_DAY_MINUTES, "tracing isolates sooner: %.1f days, not %.1f", wait[1] / 1440,
       wait[0] / 1440);
    arena_free(&arena);
}

static void test_funerals(void)
{
    struct arena arena = {0};
    struct outbreak_options o = options_of(OUTBREAK_EBOLA, 8, 1500);
    struct outbreak ob = make(&o, &arena);
    int32_t funerals = 0, before_onset = 0;
    for (int32_t i = 0; i < ob.case_count; i++) {
        const struct outbreak_case *c = &ob.cases[i];
        funerals += c->kind == OUTBREAK_FUNERAL;
        if (c->infector == OUTBREAK_NOBODY) continue;
        const struct outbreak_case *from = &ob.cases[c->infector];
        before_onset += from->onset_min != OUTBREAK_NEVER && c->infected_min < from->onset_min;
    }
    OK(funerals > 10, "Ebola-like: %d infections at funerals", funerals);
    EQ_INT(before_onset, 0, "Ebola-like: nobody infects before onset");
    arena_free(&arena);
}

// ---- refusals ----

static void test_refused(void)
{
    static const struct {
        const char *row, *names;
        size_t offset;
        double value;
        tong_code code;
    } t[] = {
        {"negative mean", "r_mean", offsetof(struct outbreak_options, r_mean), -0.1, TONG_E_INVALID},
        {"a share above 1", "lost_share", offsetof(struct outbreak_options, lost_share), 1.01, TONG_E_INVALID},
        {"not a number", "dispersion_k", offsetof(struct outbreak_options, dispersion_k), NAN, TONG_E_INVALID},
        {"dispersion 0", "dispersion_k", offsetof(struct outbreak_options, dispersion_k), 0, TONG_E_INVALID},
        {"infinite", "interval.mean_days", offsetof(struct outbreak_options, interval.mean_days), INFINITY,
         TONG_E_INVALID},
        {"half a contact", "contacts_per_case", offsetof(struct outbreak_options, contacts_per_case), 0.5,
         TONG_E_INVALID},
        {"a town too small", "persons_per_case", offsetof(struct outbreak_options, persons_per_case), 1.5,
         TONG_E_INVALID},
        {"a town too large", "town", offsetof(struct outbreak_options, persons_per_case), 1000, TONG_E_LIMIT},
    };
    struct arena arena = {0};
    struct outbreak ob;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct outbreak_options o = options_of(OUTBREAK_COVID, 1, 50000);
        struct err err = {0};
        memcpy((char *)&o + t[i].offset, &t[i].value, sizeof(double));
        OK(outbreak_generate(&o, &arena, &ob, &err) == t[i].code, "%s: %s", t[i].row, err.text);
        OK(strstr(err.text, t[i].names) != NULL, "%s: names the figure", t[i].row);
    }
    struct err err = {0};
    struct outbreak_options o = options_of(OUTBREAK_COVID, 1, 0);
    OK(outbreak_options_check(&o, &err) == TONG_E_LIMIT, "no cases");
    o.cases = OUTBREAK_CASES_MAX + 1;
    OK(outbreak_options_check(&o, &err) == TONG_E_LIMIT, "one case too many");
    o.cases = OUTBREAK_CASES_MAX;
    OK(outbreak_options_check(&o, &err) == TONG_OK, "as many as allowed");
    o.contacts_per_case = 51;
    OK(outbreak_options_check(&o, &err) == TONG_E_LIMIT, "too many contacts");
    o = options_of(OUTBREAK_COVID, 1, 10);
    for (int k = 0; k < OUTBREAK_KIND_DRAWN; k++) o.kind_weight[k] = 0;
    OK(outbreak_options_check(&o, &err) == TONG_E_INVALID, "no kind of meeting at all");
    o = options_of(OUTBREAK_COVID, 1, 10);
    o.start.d = CIVIL_DAY_MAX;
    OK(outbreak_options_check(&o, &err) == TONG_E_INVALID, "a start at the end of the calendar");

    o = options_of(OUTBREAK_COVID, 1, 500);
    o.r_mean = 0;
    o.import_gap_days = 1000;
    OK(outbreak_generate(&o, &arena, &ob, &err) == TONG_E_LIMIT, "an outbreak that never comes about: %s", err.text);
    struct arena small = {.bytes_max = 200 * 1024};
    o = options_of(OUTBREAK_COVID, 1, 500);
    OK(outbreak_generate(&o, &small, &ob, &err) == TONG_E_NOMEM, "no memory");
    arena_free(&small);
    arena_free(&arena);
}

// Every allocation that can fail, one after the other.
static void test_memory(void)
{
    struct outbreak_options o = options_of(OUTBREAK_COVID, 3, 120);
    int32_t refused = 0;
    for (size_t kib = 1; kib < 640; kib += 10) {
        struct arena arena = {.bytes_max = kib * 1024};
        struct outbreak ob = {0};
        struct err err = {0};
        tong_code code = outbreak_generate(&o, &arena, &ob, &err);
        CHECK(code == TONG_OK || code == TONG_E_NOMEM, "%zu KiB: made or refused", kib);
        CHECK(code == TONG_OK || ob.cases == NULL, "%zu KiB: nothing half made is handed out", kib);
        refused += code == TONG_E_NOMEM;
        arena_free(&arena);
    }
    OK(refused > 5 && refused < 64, "%d of 64 sizes of memory were too small", refused);
}

static void test_sources(void)
{
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) {
        struct outbreak_options o;
        struct outbreak_parameter p;
        struct err err = {0};
        outbreak_options_for((outbreak_disease)d, &o);
        size_t i = 0;
        OK(outbreak_options_check(&o, &err) == TONG_OK, "%s: its own figures are allowed %s",
           outbreak_disease_name(o.disease), err.text);
        for (; outbreak_parameter_at(&o, i, &p); i++) {
            CHECK(p.source != NULL && p.source[0] != 0, "%s has a source", p.name);
            CHECK(p.label.text[LANG_EN][0] != 0 && p.label.text[LANG_ZH][0] != 0, "%s has a label in both languages",
                  p.name);
            CHECK(p.value >= p.preset && p.value <= p.preset, "%s is as in the table", p.name);
        }
        // From persons_per_case to the end all members of the options are doubles: none may be missing from the table.
        size_t doubles = (sizeof o - offsetof(struct outbreak_options, persons_per_case)) / sizeof(double);
        EQ_INT(i, doubles, "%s: every figure is in the table", outbreak_disease_name(o.disease));
    }
}

int main(void)
{
    test_always();
    test_crowded();
    test_same();
    test_figures();
    test_response();
    test_funerals();
    test_refused();
    test_memory();
    test_sources();
    return tap_done();
}
