// The example that stands first in docs/protocol-language.md is read from the page itself, and every table it fills is
// looked at. A second protocol, full.yaml, uses what the first does not.
#include "files.h"
#include "protocol/check.h"
#include "protocol/read_context.h"

static uint8_t stage_of(const struct protocol *p, const char *pathway, const char *stage)
{
    uint8_t w = protocol_pathway(p, str_z(pathway));
    return w == PROTOCOL_NONE ? w : protocol_stage(p, w, str_z(stage));
}

// The slots due on a day of a stage, as a text of task names.
static const char *due(const struct protocol *p, uint8_t stage, int32_t day, char *out, size_t room)
{
    const struct stage *s = &p->stages[stage];
    size_t n = 0;
    out[0] = 0;
    if (day > s->schedule_days) return out;
    const uint16_t *at = p->schedule_at + s->schedule_first + day;
    for (uint16_t i = at[0]; i < at[1]; i++) {
        const struct task *t = protocol_slot_task(p, stage, p->schedule[i]);
        n += (size_t)snprintf(out + n, room - n, "%s%s@%d", n == 0 ? "" : " ", t->name, t->due_minute);
    }
    return out;
}

// ---- the example of the documentation ----

static void test_example_head(const struct protocol *p)
{
    char day[CIVIL_TEXT];
    EQ_TEXT(p->family, "examplitis", "family");
    EQ_TEXT(p->edition, "1", "edition");
    EQ_TEXT(p->id, "examplitis", "id is the file's name");
    EQ_TEXT(p->name.text[LANG_EN], "Examplitis, first edition", "a comma in a name is part of it");
    EQ_TEXT(p->name.text[LANG_ZH], "示例病防控方案(第一版)", "name in Chinese");
    EQ_TEXT(p->place, "XX", "place");
    EQ_TEXT(p->zone.name, "UTC", "zone");
    civil_format(p->from, day);
    EQ_TEXT(day, "2026-01-01", "in force from");
    EQ_INT(p->until.d, CIVIL_DAY_NONE, "without end");
    civil_format(p->review, day);
    EQ_TEXT(day, "2026-12-31", "review");
    EQ_INT(p->change, CHANGE_FINISH, "change");
    EQ_TEXT(p->disease, "examplitis", "disease");
    EQ_INT(p->incubation_days, 14, "incubation");
    EQ_INT(p->episode_days, 90, "episode");
    EQ_INT(p->source_count, 3, "sources");
    EQ_TEXT(p->sources[2].key, "S", "key of a source");
    EQ_INT(p->sources[2].confidence, CONFIDENCE_DESIGN, "confidence of a source");
    OK(p->has_ask && p->ask_by == ROLE_CASE_INVESTIGATOR, "anything else is asked of the case investigator");
}

static void test_example_cases(const struct protocol *p)
{
    const struct result_row *row = NULL;
    struct result_asked positive = {.test = TEST_PCR, .outcome = OUTCOME_POSITIVE};
    EQ_INT(protocol_result(p, positive, &row), EVENT_POSITIVE, "a positive means positive");
    EQ_INT(row == NULL ? 0 : row->origin.line, 15, "and the row says where it stands");
    positive.test = TEST_ANTIGEN;
    EQ_INT(protocol_result(p, positive, &row), EVENT_RESULT, "what no row fits means nothing");
    OK(row == NULL, "and has no row");
    EQ_INT(p->ladder_count, 1, "one step of the ladder");
    EQ_INT(p->ladder[0].step, EVENT_CONFIRMED, "confirmed");
    EQ_INT(p->conditions[p->ladder[0].when].op, CONDITION_POSITIVE, "when positive");
    OK(p->has_window, "a window");
    EQ_INT(p->window.opens_days_before_onset, 2, "opens two days before onset");
    EQ_INT(p->window.opens_days_before_sample, 2, "or before the sample");
    OK(p->window.closes == ((uint64_t)1 << EVENT_ISOLATED | (uint64_t)1 << EVENT_DIED),
       "closes with isolation or death");
    EQ_INT(p->class_count, 1, "one class of contacts");
    const struct contact_class *c = &p->classes[0];
    EQ_TEXT(c->name, "close", "its name");
    EQ_INT(c->of, protocol_pathway(p, STR("case")), "of a case");
    EQ_INT(c->pathway, protocol_pathway(p, STR("contact")), "follows the contact pathway");
    OK(c->kinds == (1u << EXPOSURE_HOUSEHOLD | 1u << EXPOSURE_CARE) && c->when == CONDITION_TRUE,
       "its kinds of exposure");
}

static void test_example_measures(const struct protocol *p)
{
    EQ_INT(p->measure_count, 1, "one measure");
    const struct measure *m = &p->measures[0];
    EQ_INT(m->kind, MEASURE_KIND_ISOLATION, "kind");
    EQ_INT(m->order_by, ROLE_HEALTH_OFFICER, "who orders it");
    EQ_INT(m->persons, 1, "signatures");
    EQ_INT(m->milder, PROTOCOL_NONE, "nothing milder");
    EQ_TEXT(m->milder_reason.text[LANG_ZH], "病例有传染性", "because");
    EQ_TEXT(m->basis.text[LANG_EN], "Public health act", "the law");
    EQ_INT(m->provide, 1 << PROVISION_FOOD | 1 << PROVISION_MEDICINE | 1 << PROVISION_CARE | 1 << PROVISION_CONTACT,
           "what must be provided");
    EQ_INT(m->objection_minutes, 24 * 60, "objection within");
    EQ_INT(m->objection_to, ROLE_APPEALS, "objection to");
    EQ_INT(m->review_days, 7, "review");
    EQ_INT(m->status, PROTOCOL_NONE, "no status code");
    EQ_INT(m->stricter_than, 0, "stricter than nothing");
    EQ_INT(m->name_id, protocol_name_id(STR("isolation")), "number of its name");
    OK(measure_restricts(m), "it restricts");
    EQ_INT(protocol_measure(p, STR("isolation")), 0, "found by name");
    EQ_INT(protocol_measure(p, STR("nothing")), PROTOCOL_NONE, "what is not there is not found");
}

static void test_example_tasks(const struct protocol *p)
{
    EQ_INT(p->task_count, 4, "two named tasks, a daily check, and the one that judges what no rule covers");
    const struct task *t = &p->tasks[protocol_task(p, STR("report"))];
    EQ_INT(t->verb, VERB_REPORT, "what it asks for");
    EQ_INT(t->by, ROLE_CLINICIAN, "of whom");
    EQ_INT(t->within_minutes, 24 * 60, "within");
    OK(t->has_missed && t->missed_tell == ROLE_HEALTH_OFFICER, "who is told when it is missed");
    OK(!t->daily && !t->yields && !t->guardian_first && t->never_from == -1, "and nothing else");
    const struct task *check = &p->tasks[protocol_task(p, STR("check"))];
    OK(check->daily && check->verb == VERB_CHECK && check->by == ROLE_FOLLOW_UP_WORKER, "the daily check");
    EQ_INT(check->due_minute, 1440, "by the end of the day");
    EQ_TEXT(check->record.text[LANG_ZH], "症状", "what to record");
}

static void test_example_stages(const struct protocol *p)
{
    char text[200];
    uint8_t ill = stage_of(p, "case", "ill"), watched = stage_of(p, "contact", "watched");
    const struct stage *s = &p->stages[ill], *w = &p->stages[watched];
    EQ_INT(p->pathway_count, 2, "two pathways");
    const struct pathway *path = &p->pathways[s->pathway], *contact = &p->pathways[w->pathway];
    OK(path->ladder && !contact->ladder, "the ladder is walked by cases");
    EQ_INT(path->day_zero, ANCHOR_ONSET_OR_SAMPLE, "day zero of a case");
    EQ_INT(path->at_most_days, 60, "at most");
    EQ_INT(contact->day_zero, ANCHOR_LAST_EXPOSURE, "day zero of a contact");
    OK(path->has_release && path->release != CONDITION_TRUE, "a release");
    const struct condition *c = &p->conditions[path->release];
    EQ_INT(c->op, CONDITION_ALL, "of two conditions");
    EQ_INT(c->count, 2, "side by side");
    EQ_INT(p->conditions[c->first].op, CONDITION_SYMPTOM_FREE, "free of symptoms");
    EQ_INT(p->conditions[c->first].a, 1440, "for a day, in minutes");
    EQ_INT(p->conditions[c->first + 1].op, CONDITION_CLINICIAN_RELEASE, "and let go by a clinician");
    EQ_INT(p->conditions[contact->release].op, CONDITION_DAYS_SERVED, "a list of one is the condition itself");

    EQ_INT(s->end, STAGE_OPEN, "an illness has no set end");
    OK(s->has_place && s->place == PLACE_HOSPITAL && s->measure == 0, "in hospital, isolated");
    EQ_INT(s->entry_count, 2, "two tasks on entering");
    for (uint16_t i = 0; i < s->entry_count; i++) {
        const struct action *a = &p->actions[s->entry_first + i];
        EQ_INT(a->kind, ACTION_TASK, "a task");
        EQ_INT(a->a, PROTOCOL_STAGE_SLOTS + i, "in a slot of the pathway");
        EQ_TEXT(protocol_slot_task(p, ill, a->a)->name, i == 0 ? "report" : "list_contacts", "the task of the slot");
    }
    EQ_INT(path->slot_count, PROTOCOL_STAGE_SLOTS + 2, "slots of the pathway");

    EQ_INT(w->end, STAGE_FOR, "contacts are watched for");
    EQ_INT(w->days, 14, "fourteen days");
    OK(w->released_after && w->next == PROTOCOL_NONE && w->branch_count == 0, "and then released");
    EQ_INT(w->measure, PROTOCOL_NONE, "without a measure");
    EQ_INT(w->schedule_days, 14, "the schedule has as many days");
    EQ_TEXT(due(p, watched, 0, text, sizeof text), "", "nothing on day 0");
    for (int32_t day = 1; day <= 14; day++)
        EQ_TEXT(due(p, watched, day, text, sizeof text), "check@1440", "a check on day %d", day);
    EQ_INT(w->daily_slots, 1, "also while the exposure is open");
    EQ_INT(w->check_slots, 1, "it is a check");
    EQ_INT(w->sample_slots, 0, "and no sample");
    EQ_INT(s->schedule_days, 0, "nothing is scheduled for cases");
}

static void test_example_rules(const struct protocol *p)
{
    uint8_t ill = stage_of(p, "case", "ill"), watched = stage_of(p, "contact", "watched");
    uint16_t list = p->reaction[watched][EVENT_SYMPTOM];
    OK(list != 0, "a contact's symptom has a reaction");
    const struct rule *rule = &p->rules[p->reactions[list]];
    EQ_INT(p->reactions[list + 1], RULE_LIST_END, "one rule");
    EQ_INT(rule->event, EVENT_SYMPTOM, "on a symptom");
    EQ_TEXT(rule->origin.path, "pathways.contact.on.symptom", "where it stands");
    EQ_INT(rule->origin.line, 41, "on which line");
    EQ_TEXT(rule->origin.file, "examplitis.yaml", "in which file");
    OK(rule->stage == PROTOCOL_NONE && rule->pathway == protocol_pathway(p, STR("contact")), "of the pathway");
    EQ_INT(rule->action_count, 2, "two actions");
    const struct action *a = &p->actions[rule->action_first];
    OK(a[0].kind == ACTION_END && a[0].a == FINAL_BECAME_CASE, "the enrolment ends: became a case");
    OK(a[1].kind == ACTION_ENROL && a[1].a == protocol_pathway(p, STR("case")),
       "and the person begins the case pathway");
    EQ_INT(p->reaction[ill][EVENT_SYMPTOM], 0, "a case's symptom has none");
    rule = &p->rules[p->reactions[p->reaction[ill][EVENT_DIED]]];
    a = &p->actions[rule->action_first];
    OK(a[0].kind == ACTION_END && a[0].a == FINAL_DIED && a[1].kind == ACTION_TELL && a[1].a == ROLE_FAMILY,
       "death ends it and the family is told");
    OK(p->door[EVENT_POSITIVE] != 0 && p->door[EVENT_SYMPTOM] == 0,
       "a positive opens an enrolment, a symptom does not");
    rule = &p->rules[p->reactions[p->door[EVENT_POSITIVE]]];
    OK(rule->pathway == PROTOCOL_NONE && p->actions[rule->action_first].kind == ACTION_ENROL, "as a case");
}

static void test_example_figures(const struct protocol *p)
{
    static const struct {
        const char *text, *path;
        uint64_t sources;
    } want[] = {
        {"14 d", "disease.incubation", 1},
        {"90 d", "disease.episode", 2},
        {"2 d before onset", "window.opens", 1},
        {"2 d before sample", "window.without_symptoms", 1},
        {"60 d", "pathways.case.at_most", 4},
        {"1 d", "pathways.case.release.when[1].symptom_free", 1},
        {"14 d", "pathways.contact.stages.watched.for", 1},
        {"24 h", "measures.isolation.objection.within", 4},
        {"7 d", "measures.isolation.review", 4},
        {"24 h", "tasks.report.within", 1},
        {"24 h", "tasks.list_contacts.within", 2},
    };
    size_t count = sizeof want / sizeof want[0];
    EQ_INT(p->figure_count, count, "every figure is recorded");
    for (size_t i = 0; i < count && i < p->figure_count; i++) {
        EQ_TEXT(p->figures[i].text, want[i].text, "figure %zu", i);
        EQ_TEXT(p->figures[i].origin.path, want[i].path, "where figure %zu stands", i);
        EQ_INT(p->figures[i].sources, want[i].sources, "sources of figure %zu", i);
    }
}

static void test_example(void)
{
    struct arena arena = {0};
    const char *text = files_doc_block("docs/protocol-language.md", 0, &arena);
    if (!OK(text != NULL, "the documentation has its example")) return;
    struct file_in_memory files[] = {{"folder/examplitis.yaml", text, 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    struct reading r;
    files_read(&r, "folder/examplitis.yaml", &source);
    problem_print_all(&r.problems, LANG_EN, stdout);
    if (OK(r.code == TONG_OK && r.problems.count == 0, "the example is read without a word")) {
        for (size_t i = 0; i < r.p.rule_count; i++) { // names as the user gave them
            CHECK(strcmp(r.p.rules[i].origin.file, "folder/examplitis.yaml") == 0, "file of rule %zu", i);
            r.p.rules[i].origin.file = "examplitis.yaml";
        }
        test_example_head(&r.p);
        test_example_cases(&r.p);
        test_example_measures(&r.p);
        test_example_tasks(&r.p);
        test_example_stages(&r.p);
        test_example_rules(&r.p);
        test_example_figures(&r.p);
    }
    files_close(&r);
    arena_free(&arena);
}

// ---- full.yaml: the rest of the language ----

static void test_full_results(const struct protocol *p)
{
    static const struct {
        struct result_asked asked;
        event_word means;
    } rows[] = {
        {{SPECIMEN_ENVIRONMENT, TEST_PCR, OUTCOME_POSITIVE, 200, false}, EVENT_CONTAMINATED},
        {{SPECIMEN_NASAL, TEST_PCR, OUTCOME_POSITIVE, 200, true}, EVENT_POOL_POSITIVE},
        {{SPECIMEN_NASAL, TEST_PCR, OUTCOME_POSITIVE, 349, false}, EVENT_POSITIVE},
        {{SPECIMEN_NASAL, TEST_PCR, OUTCOME_POSITIVE, 350, false}, EVENT_INCONCLUSIVE},
        {{SPECIMEN_NASAL, TEST_PCR, OUTCOME_POSITIVE, 0, false}, EVENT_RESULT},
        {{SPECIMEN_NASAL, TEST_ANTIGEN, OUTCOME_NEGATIVE, 0, true}, EVENT_NEGATIVE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EQ_INT(protocol_result(p, rows[i].asked, NULL), rows[i].means, "result %zu", i);
}

static void test_full_head(const struct protocol *p)
{
    EQ_TEXT(p->zone.name, "Asia/Shanghai", "zone by its name");
    EQ_INT(p->until.d - p->from.d, 136, "in force for 136 days");
    EQ_INT(p->change, CHANGE_MOVE_IF_MILDER, "change");
    EQ_INT(p->rename_count, 2, "two stages renamed");
    EQ_TEXT(p->renames[0].to_stage, "home", "to a stage");
    OK(p->renames[1].to_pathway == NULL && p->renames[1].to_stage == NULL, "or to none");
    EQ_TEXT(p->renames[1].from_stage, "y", "from a stage of the other edition");
    EQ_INT(p->incubation_days, 14, "weeks are days");
    EQ_TEXT(p->icd10, "U07.1", "ICD-10");
    EQ_INT(p->retention.facts_days, 730, "years of retention");
    EQ_INT(p->overrides.roles, (int64_t)1 << ROLE_CLINICIAN | (int64_t)1 << ROLE_RESIDENTS,
           "who may let through to care");
    static const event_word order[] = {EVENT_CONFIRMED, EVENT_ASYMPTOMATIC, EVENT_SUSPECTED, EVENT_DISCARDED};
    EQ_INT(p->ladder_count, 4, "steps of the ladder");
    for (size_t i = 0; i < 4; i++) EQ_INT(p->ladder[i].step, order[i], "step %zu, from the highest", i);
    OK(p->ladder[3].undoes_caused && !p->ladder[0].undoes_caused, "discarded undoes what it caused");
    EQ_INT(p->window.opens_days_before_sample, 4, "without symptoms as with them");
    EQ_INT(p->window.closes_days_after_onset, 10, "the window closes by itself");
    EQ_INT(p->classes[1].of, protocol_pathway(p, STR("contact")), "contacts of contacts");
    EQ_INT(p->conditions[p->classes[0].when].count, 2, "a class with two conditions");
    OK(p->conditions[p->conditions[p->classes[0].when].first].set == (1u << PROTECTION_NONE | 1u << PROTECTION_PARTIAL),
       "a set of words");
    EQ_INT(p->figures[2].sources | p->figures[1].sources, 3, "sources with a Chinese comma");
}

static void test_full_measures(const struct protocol *p)
{
    uint8_t hard = protocol_measure(p, STR("hard")), soft = protocol_measure(p, STR("soft"));
    uint8_t medium = protocol_measure(p, STR("medium"));
    OK(p->measures[hard].stricter_than == (1u << medium | 1u << soft), "the order goes down the whole chain");
    OK(p->measures[medium].stricter_than == 1u << soft && p->measures[soft].stricter_than == 0, "and only down");
    EQ_INT(p->measures[hard].persons, 2, "two signatures");
    EQ_INT(p->measures[hard].status, 1, "status code");
    EQ_TEXT(p->measures[hard].basis.text[LANG_ZH], "the law", "a plain text stands for both languages");
    OK(!measure_restricts(&p->measures[soft]) && measure_restricts(&p->measures[medium]), "what restricts");
    EQ_INT(p->measures[medium].order_by, ROLE_WORD_COUNT, "nobody is named to order it");
    const struct task *t = &p->tasks[protocol_task(p, STR("set"))];
    EQ_INT(t->set_count, 3, "a linked set");
    EQ_INT(t->set[2], SPECIMEN_BLOOD, "in the order written");
    OK(t->never_from == 120 && t->never_until == 300 && t->never_over_km == 100, "when it must not run");
    OK(t->yields && t->guardian_first, "it yields, and a minor needs a guardian");
    EQ_TEXT(t->accept.text[LANG_ZH], "五件齐全", "acceptance");
}

static void test_full_stages(const struct protocol *p)
{
    static const struct {
        int32_t day;
        const char *due;
    } site[] = {{0, ""},
                {1, "sample@1440 check@720 check@1440"},
                {4, "check@720 check@1440"},
                {5, "sample@1440 check@720 check@1440"},
                {6, "check@720 check@1440"},
                {7, "sample@1440"}};
    char text[200];
    uint8_t s = stage_of(p, "contact", "site"), h = stage_of(p, "contact", "home"), a = stage_of(p, "contact", "alone");
    for (size_t i = 0; i < sizeof site / sizeof site[0]; i++)
        EQ_TEXT(due(p, s, site[i].day, text, sizeof text), site[i].due, "due on day %d", site[i].day);
    EQ_INT(p->stages[s].schedule_days, 7, "seven days");
    EQ_INT(p->stages[s].check_days, 6, "checks end sooner");
    EQ_INT(p->stages[s].measure_days, 5, "and the measure sooner still");
    EQ_INT(p->stages[s].daily_slots, 6, "the checks are daily");
    EQ_INT(p->stages[s].sample_slots, 1, "the sample is not");
    EQ_INT(protocol_slot_task(p, s, 0)->pool, 10, "pool size");
    EQ_INT(p->stages[h].end, STAGE_UNTIL, "until a day after an anchor");
    OK(p->stages[h].days == 10 && p->stages[h].anchor == ANCHOR_LAST_EXPOSURE, "which day, which anchor");
    EQ_TEXT(due(p, h, 1, text, sizeof text), "sample@1440", "every second day from the first");
    EQ_TEXT(due(p, h, 2, text, sizeof text), "", "not on the second");
    EQ_TEXT(due(p, h, 21, text, sizeof text), "sample@1440", "up to the longest time");
    EQ_INT(p->stages[h].schedule_days, 21, "and no longer");
    EQ_INT(p->stages[h].branch_count, 2, "branches of what follows");
    OK(p->branches[p->stages[h].branch_first].stage == a, "to a stage");
    OK(p->branches[p->stages[h].branch_first + 1].stage == PROTOCOL_NONE, "or released");
    OK(p->stages[a].end == STAGE_LAPSES && p->stages[a].lapse_minutes == 360, "by the clock");
    EQ_INT(p->stages[a].entry_count, 3, "a task and two roles on entering");
    EQ_TEXT(p->stages[a].label.text[LANG_ZH], "居家", "a stage without a name has its place's");
    OK(p->stages[stage_of(p, "case", "ill")].exclusive, "alone");

    const struct pathway *w = &p->pathways[protocol_pathway(p, STR("contact"))];
    EQ_INT(w->start_count, 2, "where to begin");
    const struct condition *c = &p->conditions[p->branches[w->start_first].when];
    OK(c->op == CONDITION_NOT && p->conditions[c->first].op == CONDITION_ATTRIBUTE &&
           p->conditions[c->first].a == ATTRIBUTE_VACCINATED,
       "`no` turns a condition round");
    OK(w->make_up_once && w->extension.days == 2 && w->extension.at_most == 2, "late and extended");
    EQ_INT(w->extension.order_by, ROLE_DISTRICT_COMMAND, "who extends");
    const struct pathway *ill = &p->pathways[protocol_pathway(p, STR("case"))];
    OK(ill->negatives_apart_minutes == 1440 && ill->negatives_after_onset_minutes == 4320, "which negatives count");
    EQ_INT(p->stages[s].except_count, 2, "two exceptions at the site");
    EQ_INT(p->stages[h].except_count, 1, "one at home");
    const struct exception *x = &p->exceptions[p->stages[s].except_first];
    OK(x[0].with_carer && x[0].place == PLACE_HOME && x[0].measure == protocol_measure(p, STR("soft")),
       "a child, at home");
    EQ_INT(x[1].place, PLACE_QUARANTINE_SITE, "without `at` where the stage is spent");
    const struct pathway *z = &p->pathways[protocol_pathway(p, STR("zone"))];
    OK(z->of == SUBJECT_PLACE && z->units_count == 2 && z->units[1] == PLACE_STAIR_UNIT, "a zone and its units");
    EQ_TEXT(due(p, stage_of(p, "zone", "shut"), 3, text, sizeof text), "round@1440", "a round");
}

static void test_full_rules(const struct protocol *p)
{
    uint8_t h = stage_of(p, "contact", "home"), s = stage_of(p, "contact", "site"), a = stage_of(p, "contact", "alone");
    const uint16_t *list = &p->reactions[p->reaction[h][EVENT_SYMPTOM]];
    OK(p->rules[list[0]].stage == h && p->rules[list[1]].stage == PROTOCOL_NONE && list[2] == RULE_LIST_END,
       "the stage's rules come before the pathway's");
    OK(p->reaction[s][EVENT_SYMPTOM] == p->reaction[a][EVENT_SYMPTOM], "others share the pathway's");
    list = &p->reactions[p->reaction[s][EVENT_POSITIVE]];
    const struct rule *first = &p->rules[list[0]], *second = &p->rules[list[1]];
    OK(first->when != CONDITION_TRUE && second->when == CONDITION_TRUE, "the first has a condition");
    const struct action *act = &p->actions[first->action_first];
    OK(act[0].kind == ACTION_END && act[1].kind == ACTION_TASK && act[2].kind == ACTION_ENROL &&
           act[3].kind == ACTION_TELL,
       "actions stand in the order of execution, not of writing");
    act = &p->actions[second->action_first];
    OK(act[0].kind == ACTION_UNDO && act[1].kind == ACTION_MEASURE && act[2].kind == ACTION_ENROL_ROLE &&
           act[2].b == ROLE_HOUSEHOLD && act[3].kind == ACTION_ZONE && act[3].b == PLACE_STAIR_UNIT,
       "and so in the second");
    const struct condition *c = &p->conditions[first->when];
    OK(c->op == CONDITION_ALL && c->count == 2, "two keys in braces mean both");
    OK(p->conditions[c->first + 1].op == CONDITION_DAYS_SINCE && p->conditions[c->first + 1].a == 5 &&
           p->conditions[c->first + 1].b == ANCHOR_FIRST_EXPOSURE,
       "days since an anchor");
    list = &p->reactions[p->reaction[a][EVENT_LAPSED]];
    EQ_INT(p->actions[p->rules[list[0]].action_first].kind, ACTION_RESTART, "restart when it lapses");
    list = &p->reactions[p->door[EVENT_POSITIVE]];
    act = &p->actions[p->rules[list[0]].action_first];
    OK(act[1].kind == ACTION_ZONE && act[1].b == PLACE_BUILDING, "a zone without a unit is the first allowed");
    EQ_TEXT(second->origin.path, "pathways.contact.on.positive[2]", "a rule in a list");
}

static void test_full(const char *full)
{
    struct reading r;
    files_read_text(&r, full);
    problem_print_all(&r.problems, LANG_EN, stdout);
    if (OK(r.code == TONG_OK && r.problems.count == 0, "the whole language is read")) {
        test_full_head(&r.p);
        test_full_results(&r.p);
        test_full_measures(&r.p);
        test_full_stages(&r.p);
        test_full_rules(&r.p);
    }
    files_close(&r);
}

// ---- extends ----

static void test_extends(const char *full)
{
    static const char over[] = "extends: test.yaml\nprotocol: full\nedition: \"3\"\nname: {en: Third, zh: 三}\n"
                               "effective: {from: 2022-11-11}\nreview: 2023-01-01\n"
                               "window: {opens: 9 d before onset (B)}\n"
                               "status: ~\n"
                               "measures: {hard: {status: ~, persons: 3}, soft: {status: ~}}\n";
    struct file_in_memory files[] = {{"p/over.yaml", over, 0}, {"p/test.yaml", full, 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    struct reading r;
    files_read(&r, "p/over.yaml", &source);
    problem_print_all(&r.problems, LANG_EN, stdout);
    if (OK(r.code == TONG_OK, "an edition that extends another is read")) {
        EQ_TEXT(r.p.edition, "3", "its own edition");
        EQ_TEXT(r.p.id, "over", "its own id");
        EQ_INT(r.p.until.d, CIVIL_DAY_NONE, "its own dates");
        EQ_INT(r.p.window.opens_days_before_onset, 9, "what it says");
        EQ_INT(r.p.window.closes_days_after_onset, 10, "what it does not say");
        EQ_INT(r.p.status_count, 0, "what it removes");
        EQ_INT(r.p.measures[0].persons, 3, "deep inside");
        EQ_TEXT(r.p.tasks[0].origin.file, "p/test.yaml", "a task keeps its file");
        EQ_TEXT(r.p.window.origin.file, "p/over.yaml", "the window has the new one's");
        EQ_INT(r.p.window.origin.line, 7, "and its line");
    }
    files_close(&r);

    static const struct {
        const char *name, *text, *slug;
        int64_t line;
    } bad[] = {
        {"anew", "extends: test.yaml\nprotocol: full\n", "key-anew", 1},
        {"missing", "extends: no.yaml\n", "extends-missing", 1},
        {"folder", "extends: ../test.yaml\n", "extends-bad", 1},
        {"itself", "a: 1\nextends: over.yaml\n", "extends-cycle", 2},
        {"list", "extends: [test.yaml]\n", "extends-bad", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        files[0].text = bad[i].text;
        files_read(&r, "p/over.yaml", &source);
        EQ_INT(r.code, TONG_E_INVALID, "extends: %s is refused", bad[i].name);
        const struct problem *p = files_problem(&r, bad[i].slug);
        if (OK(p != NULL, "extends: %s is reported", bad[i].name)) {
            EQ_INT(p->line, bad[i].line, "extends: %s, line", bad[i].name);
            EQ_TEXT(p->file, "p/over.yaml", "extends: %s, file", bad[i].name);
        }
        files_close(&r);
    }
    struct file_in_memory ring[] = {
        {"a.yaml", "extends: b.yaml\n", 0}, {"b.yaml", "extends: a.yaml\n", 0}, {NULL, NULL, 0}};
    struct protocol_source round = {files_open_memory, ring};
    files_read(&r, "a.yaml", &round);
    OK(r.code == TONG_E_INVALID && files_problem(&r, "extends-cycle") != NULL, "a circle is refused");
    files_close(&r);
    files_read(&r, "none.yaml", &round);
    OK(r.code == TONG_E_NOT_FOUND && r.problems.count == 0, "a file that is not there is not found");
    files_close(&r);
}

// ---- memory ----

// The example with ever more memory: it must say NOMEM until there is enough, and never leave anything half done.
static void test_memory(const char *full)
{
    struct file_in_memory files[] = {{"test.yaml", full, 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    enum { STEP = 16 * 1024, STEPS = 400 };
    int32_t enough = 0;
    for (int32_t i = 1; i <= STEPS && enough == 0; i++) {
        struct arena arena = {0};
        struct problem_list problems = {.arena = &arena};
        struct protocol p = {.family = "untouched"};
        struct err err = {0};
        tong_code code = read_within("test.yaml", &source, (size_t)i * STEP, &p, &problems, &err);
        if (code == TONG_OK) {
            enough = i;
            CHECK(p.stage_count == 5, "it is whole");
            protocol_free(&p);
        } else {
            CHECK(code == TONG_E_NOMEM && err.code == TONG_E_NOMEM, "step %d: %d", i, code);
            CHECK(strcmp(p.family, "untouched") == 0, "step %d left the output alone", i);
        }
        arena_free(&arena);
    }
    OK(enough > 1, "with %d KiB it is read", enough * STEP / 1024);
}

// ---- bad files ----

// Every beginning of the example: an error that names the place, or a whole protocol.
static void test_truncated(const char *example)
{
    size_t n = strlen(example), whole = 0;
    for (size_t cut = 1; cut + 2 < n; cut += 5) {
        struct file_in_memory files[] = {{"cut.yaml", example, cut}, {NULL, NULL, 0}};
        struct protocol_source source = {files_open_memory, files};
        struct reading r;
        files_read(&r, "cut.yaml", &source);
        CHECK(r.code == TONG_OK || (r.code == TONG_E_INVALID && r.problems.errors > 0), "cut at byte %zu", cut);
        for (size_t i = 0; i < r.problems.count; i++) {
            const struct problem *p = &r.problems.items[i];
            CHECK(strcmp(p->file, "cut.yaml") == 0 && p->line > 0 && p->column > 0, "cut at byte %zu: it says where",
                  cut);
        }
        whole += r.code == TONG_OK && protocol_check(&r.p, &r.problems) == 0;
        files_close(&r);
    }
    EQ_INT(whole, 0, "a truncated example is no protocol that passes the check");
}

static void test_other_encodings(const char *example)
{
    struct arena arena = {0};
    char *text = arena_alloc(&arena, 2 * strlen(example) + 4);
    size_t n = 0;
    text[n++] = '\xEF', text[n++] = '\xBB', text[n++] = '\xBF';
    for (const char *c = example; *c != 0; c++) {
        if (*c == '\n') text[n++] = '\r';
        text[n++] = *c;
    }
    struct reading plain, other;
    files_read_text(&plain, example);
    files_read_text(&other, text);
    if (OK(other.code == TONG_OK, "a byte order mark and CRLF do no harm")) {
        EQ_INT(other.p.figure_count, plain.p.figure_count, "as many figures");
        EQ_INT(other.p.rules[3].origin.line, plain.p.rules[3].origin.line, "on the same lines");
        EQ_TEXT(other.p.name.text[LANG_ZH], plain.p.name.text[LANG_ZH], "the same name");
    }
    files_close(&other);
    files_close(&plain);
    struct file_in_memory files[] = {{"gb.yaml", "name: {en: a, zh: \xCA\xBE\xC0\xFD}\n", 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    files_read(&other, "gb.yaml", &source);
    OK(other.code == TONG_E_INVALID && files_problem(&other, "yaml-encoding") != NULL,
       "GB18030 is said to be no UTF-8");
    files_close(&other);
    arena_free(&arena);
}

// Without memory for the messages a fault is still a fault.
static void test_no_messages(void)
{
    struct file_in_memory files[] = {{"test.yaml", "protocol: a\n", 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    struct arena none = {.bytes_max = 1};
    struct problem_list problems = {.arena = &none};
    struct protocol p;
    struct err err;
    EQ_INT(protocol_read("test.yaml", &source, &p, &problems, &err), TONG_E_INVALID, "a bad file is refused");
    OK(problems.count == 0 && problems.errors > 0 && problems.dropped >= problems.errors, "and its faults are counted");
    arena_free(&none);
}

int main(void)
{
    struct arena arena = {0};
    struct str text;
    struct err err;
    char path[1024];
    test_example();
    if (OK(files_open_disk(NULL, tap_source("tests/protocol/full.yaml", path, sizeof path), &arena, &text, &err) ==
               TONG_OK,
           "full.yaml stands beside this test")) {
        const char *full = arena_copy(&arena, text.p, text.n);
        test_full(full);
        test_extends(full);
        test_memory(full);
    }
    const char *example = files_doc_block("docs/protocol-language.md", 0, &arena);
    if (example != NULL) {
        test_truncated(example);
        test_other_encodings(example);
    }
    test_no_messages();
    arena_free(&arena);
    return tap_done();
}
