// A caseload over time: editions, forgetting, listeners, and what happens when memory or the depth of telling runs out.
#include "response/caseload_inner.h"
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "case:\n"
    "  suspected: {when: [symptomatic, exposed]}\n"
    "  confirmed: {when: [positive]}\n"
    "window: {opens: 2 d before onset (S), closes: [isolated]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: isolation, tasks: [report, find]}\n"
    "    release: {when: [clinician_release]}\n"
    "    on: {confirmed: {zone: {pathway: zone, unit: building}}}\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      watched: {at: home, for: 7 d, sample: {on: [1, 3, 7]}, check: {a_day: 2}, measure: at_home, tasks: "
    "[%sinform, call], next: released}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d, at_most: 1 times, order_by: "
    "district_command}}\n"
    "    except: [{when: [%s], with: carer}]\n"
    "    on:\n"
    "      positive: {end: became_case, enrol: case}\n"
    "      symptom: {enrol: case, tasks: [call]}\n"
    "  zone:\n"
    "    of: place\n"
    "    unit: [building]\n"
    "    day_zero: last_case\n"
    "    stages:\n"
    "      closed: {name: {en: closed, zh: 封}, for: 7 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1, review: 5 d}\n"
    "  isolation: {name: {en: isolation, zh: 隔离}, kind: isolation, order_by: health_officer, persons: 1}\n"
    "tasks:\n"
    "  source: S\n"
    "  report: {name: {en: report, zh: 报告}, do: report, by: hospital, within: 2 h, missed: {tell: health_officer}}\n"
    "  find: {name: {en: find, zh: 查找}, do: trace_again, by: follow_up_worker}\n"
    "  visit: {name: {en: visit, zh: 上门}, do: visit_site, by: community_worker, within: 1 h}\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker, within: 60 h, missed: {tell: "
    "commander}}\n"
    "  call: {name: {en: call, zh: 电话}, do: assess, by: clinician, within: 100 h}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  symptom: {when: [exposed], enrol: case}\n"
    "  new_case: {enrol: zone}\n"
    "  anything_else: {ask: case_investigator}\n";

static void opened(struct fixture *x)
{
    struct arena arena = {0};
    fixture_open(x, arena_printf(&arena, text, "", "age_under: 14"));
    // The next edition asks for a visit first, so that every task has another number.
    fixture_add(x, arena_printf(&arena, "edition: \"2\"\nchange: {running: move}\n%s",
                                arena_printf(&arena, text, "visit, ", "age_under: 14")));
    arena_free(&arena);
}

// ---- editions ----

static size_t open_tasks(struct fixture *x, const char *who)
{
    size_t count, open = 0;
    const struct caseload_task *tasks = caseload_tasks(x->caseload, &count);
    for (size_t i = 0; i < count; i++) open += tasks[i].open && tasks[i].subject == fixture_subject(x, who);
    return open;
}

static void test_edition(struct fixture *x)
{
    struct err err;
    fixture_caseload(x, true);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00");
    (void)fixture_tell(x, "B", "2026-03-02 10:00 attribute age 40");
    EQ_INT(caseload_edition(x->caseload, 1, fixture_time(x, "2026-03-04"), &err), TONG_OK,
           "a new edition comes into force");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 1, "who is half-way moves, as its `change` says");
    EQ_INT(said_count(x, "A/contact 2026-03-04 00:00 stage_entered watched because change"), 1, "which is said");
    EQ_INT(said_count(x, "A/contact 2026-03-04 00:00 task_opened check"), 2, "the new day begins once");
    EQ_INT(said_count(x, "A/contact 2026-03-03 23:59 task_overdue check"), 1,
           "the day before closes as ever: what was not done is overdue");
    EQ_INT(said_count(x, "correction"), 0, "nothing is taken back");
    OK(fixture_task(x, "A", "inform")->open && fixture_task(x, "A", "call")->open, "tasks are carried over");
    fixture_pass(x, "2026-03-04 06:00");
    OK(fixture_task(x, "A", "inform")->overdue && fixture_task(x, "A", "inform")->escalated,
       "with their deadlines: 60 hours after 1 March 18:00");
    EQ_INT(said_count(x, "A/contact 2026-03-04 06:00 task_overdue inform"), 1, "the right one");
    (void)fixture_tell(x, "A", "2026-03-04 07:00 done name call");
    OK(!fixture_task(x, "A", "call")->open, "and are done by their name");
    OK(fixture_task(x, "A", "inform")->open, "each its own");
    int64_t done = fixture_tell(x, "A", "2026-03-04 08:00 done name inform");
    OK(!fixture_task(x, "A", "inform")->open, "late, but done");
    (void)fixture_tell(x, "A", "2026-03-04 08:10 retracted replaces %lld", (long long)done);
    OK(fixture_task(x, "A", "inform")->open,
       "which was not true: it is open again, whatever its number was when it was first asked for");
    (void)fixture_tell(x, "A", "2026-03-04 08:20 done name inform");
    OK(!fixture_task(x, "A", "inform")->open, "and done");
    EQ_INT(__builtin_popcount(fixture_enrolment(x, "A", "contact")->open), (int)open_tasks(x, "A"),
           "what is open is open on both sides");
    (void)fixture_tell(x, "B", "2026-03-03 18:00 exposed household known 2026-03-04 09:00");
    EQ_INT(fixture_enrolment(x, "B", "contact")->edition, 1,
           "what opens from now on opens under the new edition, whenever it happened");
    EQ_INT(said_count(x, "B/contact 2026-03-04 09:00 task_opened visit"), 1, "as it says");
    // Folding the history again leads to the same.
    fixture_pass(x, "2026-03-05 12:00");
    (void)fixture_tell(x, "A", "2026-03-05 09:00 sampled known 2026-03-05 12:00");
    (void)fixture_tell(x, "A", "2026-03-03 09:00 seen_well known 2026-03-05 13:00");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 1,
           "a fact from before the change leaves the course where it is");
    EQ_INT(said_count(x, "A/contact 2026-03-05 13:00 stage_entered"), 0, "and enters nothing anew");
    fixture_pass(x, "2026-03-20");
    OK(enrolment_has_ended(fixture_enrolment(x, "A", "contact")), "to its end");
    EQ_INT(caseload_edition(x->caseload, 0, fixture_time(x, "2026-03-21"), &err), TONG_OK, "what is over");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 1, "is not moved");
    (void)fixture_tell(x, "A", "2026-03-22 18:00 exposed household");
    EQ_INT(fixture_enrolments(x, "A", "contact"), 2, "a new exposure opens a new course");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 0, "under the edition then in force");
}

// Two changes, and a course opened after both by what happened before them.
static void test_two_changes(struct fixture *x)
{
    struct err err;
    struct arena arena = {0};
    fixture_add(x, arena_printf(&arena, "edition: \"3\"\nchange: {running: finish}\n%s",
                                arena_printf(&arena, text, "visit, ", "age_under: 14")));
    arena_free(&arena);
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    EQ_INT(caseload_edition(x->caseload, 1, fixture_time(x, "2026-03-03"), &err), TONG_OK, "a second edition");
    EQ_INT(caseload_edition(x->caseload, 2, fixture_time(x, "2026-03-05"), &err), TONG_OK,
           "and a third, that lets people finish");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 1, "who is half-way finishes under the second");
    (void)fixture_tell(x, "A", "2026-03-04 10:00 symptom known 2026-03-06 10:00");
    EQ_INT(fixture_enrolment(x, "A", "case")->edition, 2,
           "a restriction comes from the edition in force when it is asked for, not from the one of the day before");
}

// Withdrawn under one edition, begun anew under the next.
static void test_withdrawn_before(struct fixture *x)
{
    struct err err;
    fixture_caseload(x, false);
    int64_t exposed = fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    (void)fixture_tell(x, "A", "2026-03-02 09:00 retracted replaces %lld", (long long)exposed);
    EQ_INT(caseload_edition(x->caseload, 1, fixture_time(x, "2026-03-03"), &err), TONG_OK, "a new edition");
    (void)fixture_tell(x, "A", "2026-03-04 18:00 exposed household");
    EQ_INT(fixture_enrolment(x, "A", "contact")->edition, 1, "what begins now begins under the edition in force");
    EQ_INT(said_count(x, "A/contact 2026-03-04 18:00 task_opened visit"), 1, "as it says");
    EQ_INT(said_count(x, "A/contact 2026-03-04 18:00 stage_entered"), 1, "once");
}

// ---- forgetting ----

static const char *const life[][2] = {
    {"A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00"},
    {"A", "2026-03-02 10:00 seen_well"},
    {"A", "2026-03-02 11:00 result oropharyngeal pcr negative known 2026-03-03 08:00"},
    {"B", "2026-03-03 10:00 result oropharyngeal pcr positive"},
    {"B", "2026-03-03 11:00 contact_named household met 2026-03-02 10:00 until 2026-03-02 12:00 link C"},
    {"B", "2026-03-03 12:00 done name report"},
    {"A", "2026-03-02 20:00 done name inform known 2026-03-04 08:00"},
    {"A", "2026-03-04 11:00 sampled"},
    {"C", "2026-03-05 10:00 symptom"},
    {"A", "2026-03-03 21:00 exposed meal known 2026-03-05 18:00"},
    {"B", "2026-03-06 08:00 retracted replaces 6"},
    {"C", "2026-03-06 10:00 well"},
    {"A", "2026-03-06 12:00 not_seen"},
    {"A", "2026-03-06 20:00 refused known 2026-03-07 09:00"},
    {"C", "2026-03-07 11:00 result oropharyngeal pcr positive known 2026-03-08 12:00"},
    {"A", "2026-03-10 10:00 result oropharyngeal pcr negative"},
    {"B", "2026-03-12 10:00 clinician_release"},
    {"A", "2026-03-14 10:00 died"},
};

// All that is in the caseload at the end, as text.
static char *left_over(struct fixture *x, struct arena *arena)
{
    char *all = arena_copy(arena, "", 0);
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(x->caseload, &count);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(arena, "%stask %u %u %u %d %d %d %lld %lld\n", all, tasks[i].subject, tasks[i].task,
                           tasks[i].how, tasks[i].open, tasks[i].overdue, tasks[i].escalated,
                           (long long)tasks[i].deadline.s, (long long)tasks[i].closed.s);
    const struct caseload_measure *m = caseload_measures(x->caseload, &count);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(arena, "%smeasure %u %u %u %lld %lld %lld %lld\n", all, m[i].subject, m[i].measure, m[i].how,
                           (long long)m[i].ordered.s, (long long)m[i].started.s, (long long)m[i].ended.s,
                           (long long)m[i].until.s);
    for (uint32_t i = 0; i < caseload_enrolment_count(x->caseload); i++) {
        const struct enrolment *e = caseload_enrolment(x->caseload, i);
        all = arena_printf(arena, "%senrolment %u %u %u %u %x\n", all, e->subject, e->pathway, e->stage, e->step,
                           e->flags);
    }
    return all;
}

static char *lived(struct fixture *x, bool forget, struct arena *arena, size_t *bytes)
{
    fixture_caseload_with(x, (struct caseload_options){.sign_orders = true, .forget = forget});
    for (size_t i = 0; i < sizeof life / sizeof life[0]; i++) (void)fixture_tell(x, life[i][0], "%s", life[i][1]);
    fixture_pass(x, "2026-04-30");
    char *all = left_over(x, arena);
    for (size_t i = 0; i < x->said_count; i++) all = arena_printf(arena, "%s%s\n", all, x->said[i].text);
    *bytes = 0;
    for (uint32_t i = 0; i < caseload_enrolment_count(x->caseload); i++) {
        size_t count;
        (void)caseload_decisions(x->caseload, i, &count);
        *bytes += count;
    }
    return all;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Its lines in order: of what is decided at one moment, the order is nobody's promise.
static char **sorted(char *lines, struct arena *arena)
{
    size_t count = 0;
    for (const char *c = lines; *c != 0; c++) count += *c == '\n';
    char **all = arena_array(arena, count + 1, sizeof *all);
    size_t n = 0;
    for (char *c = lines; n < count; n++) {
        all[n] = c;
        c = strchr(c, '\n');
        *c++ = 0;
    }
    qsort(all, count, sizeof *all, by_text);
    return all;
}

static const char *first_difference(char **a, char **b, struct arena *arena)
{
    size_t i = 0;
    while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0) i++;
    if (a[i] == NULL && b[i] == NULL) return "";
    return arena_printf(arena, "%s | %s", a[i] == NULL ? "nothing" : a[i], b[i] == NULL ? "nothing" : b[i]);
}

static void test_forget(struct fixture *x)
{
    struct arena arena = {0};
    size_t kept, forgotten;
    char *whole = lived(x, false, &arena, &kept), *less = lived(x, true, &arena, &forgotten);
    CHECK(strlen(whole) > 5000, "there was much to forget");
    EQ_TEXT(first_difference(sorted(less, &arena), sorted(whole, &arena), &arena), "",
            "forgetting what is settled changes nothing that is decided, and nothing that is left");
    OK(forgotten < kept, "it keeps less: %zu decisions of %zu", forgotten, kept);
    arena_free(&arena);
}

// ---- the one who listens may add facts ----

struct echo {
    int32_t looks;
};

static void answer(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *d)
{
    struct echo *echo = payload;
    (void)enrolment;
    if (d->kind != DECISION_TASK_OPENED) return;
    const struct task *t = &caseload_book(c)->editions[d->edition]->tasks[d->what];
    if (t->verb != VERB_CHECK) return;
    struct fact f = {.kind = EVENT_SEEN_WELL, .subject = subject, .happened = {d->at.s + 3600}, .until = UTC_NONE};
    f.known = f.recorded = f.happened;
    if (caseload_later(c, &f, NULL) == TONG_OK) echo->looks++;
}

static void test_listener(struct fixture *x)
{
    struct echo echo = {0};
    struct err err;
    struct caseload *c;
    const struct caseload_options options = {.listener = answer, .payload = &echo};
    EQ_INT(caseload_open(&x->book, 0, &options, &c, &err), TONG_OK, "a caseload");
    uint32_t a = caseload_subject(c, STR("A"), SUBJECT_PERSON);
    struct fact f = fixture_read(x, "2026-03-01 18:00 exposed household");
    f.subject = a;
    EQ_INT(caseload_record(c, &f, &err), TONG_OK, "someone exposed");
    EQ_INT(caseload_advance(c, fixture_time(x, "2026-03-20"), &err), TONG_OK, "three weeks");
    size_t count, done = 0, open = 0;
    const struct caseload_task *tasks = caseload_tasks(c, &count);
    for (size_t i = 0; i < count; i++) {
        if (x->list[0]->tasks[tasks[i].task].verb != VERB_CHECK) continue;
        done += tasks[i].how == HOW_DONE;
        open += tasks[i].open;
    }
    EQ_INT(echo.looks, (7 + 2) * 2, "twice a day through the stage and its extension someone goes and looks");
    OK(done == (size_t)echo.looks && open == 0, "and each look answers the task that asked for it");
    caseload_close(c);
}

// ---- limits ----

static void test_depth(void)
{
    struct fixture x;
    struct arena arena = {0};
    struct err err;
    fixture_open(&x, arena_printf(&arena, text, "", "exposed")); // everyone needs a carer: the carer, too
    fixture_caseload_with(&x, (struct caseload_options){.depth_max = 5});
    EQ_INT(fixture_try(&x, "A", "2026-03-01 18:00 attribute age 30"), TONG_OK, "nobody is told anything");
    EQ_INT(fixture_try(&x, "A", "2026-03-01 18:00 exposed household"), TONG_OK,
           "a carer is enrolled, who was not exposed");
    fixture_close(&x);
    fixture_open(&x, arena_printf(&arena, text, "", "not: pregnant"));
    fixture_caseload_with(&x, (struct caseload_options){.depth_max = 5});
    EQ_INT(fixture_try(&x, "A", "2026-03-01 18:00 exposed household"), TONG_E_LIMIT,
           "carers of carers without end stop");
    OK(strstr(x.err.text, "5 rounds") != NULL, "after as many rounds as are allowed, and it says so");
    EQ_INT(caseload_subject_count(x.caseload), 7, "A and six carers: five who are told, and the one who would be");
    EQ_INT(caseload_advance(x.caseload, fixture_time(&x, "2026-03-02 12:00"), &err), TONG_OK, "what is left goes on");
    EQ_INT(said_count(&x, "A/contact 2026-03-02 00:00 task_opened check"), 2, "day by day");
    fixture_caseload(&x, false);
    EQ_INT(fixture_try(&x, "A", "2026-03-01 18:00 exposed household"), TONG_E_LIMIT, "and where nothing is said");
    EQ_INT(caseload_subject_count(x.caseload), 18, "after sixteen");
    fixture_close(&x);
    arena_free(&arena);
}

static tong_code crowd(struct fixture *x, struct caseload *c, int32_t people)
{
    struct err err = {.text = ""};
    for (int32_t i = 0; i < people; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "P%d", i);
        uint32_t who = caseload_subject(c, str_z(name), SUBJECT_PERSON);
        if (who == UINT32_MAX) return TONG_E_NOMEM;
        struct fact f = fixture_read(x, i % 2 == 0 ? "2026-03-01 18:00 exposed household"
                                                   : "2026-03-01 18:00 result oropharyngeal pcr positive");
        f.subject = who;
        tong_code code = caseload_record(c, &f, &err);
        if (code != TONG_OK) return code;
        struct fact named = fixture_read(x, "2026-03-01 19:00 contact_named household met 2026-03-01 10:00 until "
                                            "2026-03-01 11:00 known 2026-03-01 19:00");
        named.happened.s = named.known.s = f.known.s; // all at one time
        named.subject = who;
        named.link = 1;
        code = caseload_record(c, &named, &err);
        if (code != TONG_OK) return code;
    }
    return caseload_advance(c, fixture_time(x, "2026-03-12"), &err);
}

// With every cap there is: it works, or it says that it does not, and goes on saying so; it never does half of it silently.
static void test_memory(struct fixture *x)
{
    struct err err;
    int32_t fine = 0, short_of = 0, never = 0;
    for (size_t cap = 20000; cap < 6000000; cap += cap / 16) {
        struct caseload *c = NULL;
        const struct caseload_options options = {.bytes_max = cap, .sign_orders = true};
        tong_code code = caseload_open(&x->book, 0, &options, &c, &err);
        if (code != TONG_OK) {
            CHECK(code == TONG_E_NOMEM && c == NULL, "with %zu bytes it is not opened", cap);
            never++;
            continue;
        }
        code = crowd(x, c, 60);
        if (code == TONG_OK) {
            CHECK(short_of == 0 || fine >= 0, "with %zu bytes it is enough", cap);
            fine++;
        } else {
            CHECK(code == TONG_E_LIMIT || code == TONG_E_NOMEM, "with %zu bytes it says that memory is short", cap);
            CHECK(fine == 0, "what is enough with less is enough with %zu bytes", cap);
            short_of++;
            if (c->broken)
                CHECK(caseload_advance(c, fixture_time(x, "2026-03-13"), &err) == TONG_E_LIMIT,
                      "and goes on saying so");
        }
        CHECK(caseload_bytes(c) < 64000000, "no more than it may");
        caseload_close(c);
    }
    OK(never > 0 && short_of > 0 && fine > 0, "%d caps too small to open, %d to go on, %d enough", never, short_of,
       fine);
}

// The same with what is left when it is open: every array in turn cannot grow.
static void test_little_left(struct fixture *x)
{
    static const char *const told[][2] = {
        {"A", "2026-03-01 10:00 result nasal antigen positive"}, // for a person to judge
        {"B", "2026-03-01 10:00 result nasal antigen positive"},
        {"A", "2026-03-01 12:00 result oropharyngeal pcr positive"},
        {"A", "2026-03-01 13:00 contact_named household met 2026-03-01 08:00 until 2026-03-01 09:00 link 1"},
        {"A", "2026-03-01 13:00 contact_named household met 2026-03-01 08:00 until 2026-03-01 09:00 link 2"},
        {"B", "2026-03-01 14:00 exposed household"},
        {"B", "2026-03-01 15:00 result oropharyngeal pcr positive"},
        {"C", "2026-03-01 16:00 exposed household"},
        {"C", "2026-03-01 17:00 attribute age 7"},
        {"D", "2026-03-01 17:00 attribute age 7"},
        {"D", "2026-03-01 18:00 exposed household"},
    };
    enum { TOLD = sizeof told / sizeof told[0] };
    int32_t short_of = 0, fine = 0;
    bool arena = false;
    for (int32_t round = 0; round < 2; round++, arena = true) {
        for (size_t left = 0; left < (arena ? 60000 : 400000); left += 24 + left / 64) {
            fixture_caseload_with(x, (struct caseload_options){.sign_orders = true});
            struct caseload *c = x->caseload;
            for (size_t i = 0; i < TOLD; i++) (void)fixture_subject(x, told[i][0]);
            if (arena) { // what is left of the block, but for so much
                c->arena.bytes_max = c->arena.bytes;
                size_t whole = 1 << 16, taken = 0;
                while (taken + left < whole && arena_alloc(&c->arena, 16) != NULL) taken += 16;
            } else {
                c->grown.bytes_max = c->grown.bytes + left + 1;
            }
            tong_code code = TONG_OK;
            for (size_t i = 0; i < TOLD && code == TONG_OK; i++) code = fixture_try(x, told[i][0], "%s", told[i][1]);
            if (code == TONG_OK) code = caseload_advance(c, fixture_time(x, "2026-03-12"), &x->err);
            CHECK(code == TONG_OK || (code == TONG_E_LIMIT && c->broken),
                  "with %zu bytes left it works, or says that it does not", left);
            short_of += code != TONG_OK;
            fine += code == TONG_OK;
            if (code == TONG_OK) continue;
            CHECK(caseload_advance(c, fixture_time(x, "2026-03-13"), &x->err) == TONG_E_LIMIT, "and goes on saying so");
        }
    }
    OK(short_of > 100 && fine > 0, "%d times too little was left, %d times enough", short_of, fine);
}

// The memory of a single fold runs out: someone who lives with the source for two years, or of whom thousands of facts are
// known. What could not be answered is told again with a little more memory, until it can.
static void test_scratch(struct fixture *x)
{
    static const struct {
        const char *first, *again;
        int32_t facts;
        const char *last;
    } rows[] = {
        {"2026-03-01 18:00 exposed household open", "", 0, "2026-03-02 10:00 seen_well known 2028-03-01 09:00"},
        {"2026-03-01 18:00 exposed household open", "2026-03-01 19:00 attribute age 40", 2500,
         "2026-03-02 10:00 seen_well known 2028-03-01 09:00"},
        {NULL, "2026-03-01 19:00 attribute age 40", 2500, "2028-03-01 09:00 exposed household"},
        {NULL, "2028-02-28 19:00 symptom", 2500, "2028-02-27 10:00 exposed household known 2028-03-01 09:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_caseload(x, false);
        struct caseload *c = x->caseload;
        if (rows[i].first != NULL) (void)fixture_tell(x, "A", "%s", rows[i].first);
        for (int32_t k = 0; k < rows[i].facts; k++) (void)fixture_tell(x, "A", "%s", rows[i].again);
        fixture_pass(x, "2028-03-01");
        arena_free(&c->scratch);
        int32_t short_of = 0;
        tong_code code = TONG_E_LIMIT;
        for (size_t cap = 10000; cap < 16000000 && code != TONG_OK; cap += 10000) {
            c->scratch.bytes_max = cap;
            code = fixture_try(x, "A", "%s", rows[i].last);
            CHECK(code == TONG_OK || code == TONG_E_LIMIT, "a fold with %zu bytes works or says that memory is short",
                  cap);
            if (code == TONG_OK) break;
            short_of++;
            CHECK(fixture_try(x, "B", "2028-03-01 10:00 exposed household") == TONG_E_LIMIT,
                  "and what comes after it is refused, too");
            c->broken = false;
            arena_free(&c->scratch);
        }
        OK(code == TONG_OK && short_of > 0,
           "a long history is folded when there is memory for it (%d times there was not)", short_of);
    }
}

int main(void)
{
    struct fixture x;
    opened(&x);
    test_edition(&x);
    test_withdrawn_before(&x);
    test_two_changes(&x);
    test_forget(&x);
    test_listener(&x);
    test_memory(&x);
    test_little_left(&x);
    test_scratch(&x);
    fixture_close(&x);
    test_depth();
    return tap_done();
}
