// Every fault the reader and the checker know, each made by one change to the example of docs/protocol-language.md.
// A row says what is replaced by what, which problem must follow and on which line. At the end every message must have
// been produced by some row, in both languages with all its arguments.
#include "files.h"
#include "protocol/check_context.h"
#include "protocol/read_context.h"

#define MESSAGE_OF_READER(name, ...) &read_fault_##name,
#define MESSAGE_OF_CHECKER(name, ...) &check_fault_##name,
static const struct message *const messages[] = {READ_FAULTS(MESSAGE_OF_READER) CHECK_FAULTS(MESSAGE_OF_CHECKER)};
enum { MESSAGES = sizeof messages / sizeof messages[0] };
static bool produced[MESSAGES];

struct row {
    const struct message *want;
    const char *at;         // a text on the line it must be found on; NULL: the line of what was put in
    const char *find, *put; // in the example; find NULL: `put` is the whole file
    const char *find2, *put2;
};
#define R(name) &read_fault_##name
#define C(name) &check_fault_##name

static const struct row rows[] = {
    // ---- the reader ----
    {R(not_map), NULL, NULL, "- a\n- b\n", NULL, NULL},
    {R(not_map), NULL, "  confirmed: {when: [positive]}", "  confirmed: positive", NULL, NULL},
    {R(not_text), NULL, "edition: \"1\"", "edition: [1]", NULL, NULL},
    {R(key_unknown), NULL, "disease: {name", "disease: {weather: fine, name", NULL, NULL},
    {R(key_near), NULL, "ladder: yes", "lader: yes", NULL, NULL},
    {R(key_missing), "jurisdiction:", "place: XX, ", "", NULL, NULL},
    {R(key_missing), "edition:", "protocol: examplitis ", "# ", NULL, NULL},
    {R(name_bad), NULL, "protocol: examplitis ", "protocol: Examplitis ", NULL, NULL},
    {R(name_bad), NULL, "      ill: {", "      i l l: {", NULL, NULL},
    {R(name_reserved), NULL, "      ill: {", "      released: {", NULL, NULL},
    {R(name_reserved), NULL, "  report: {name", "  sample: {name", NULL, NULL},
    {R(name_collides), "liquid:", "  report: {name",
     "  costarring: {name: {en: a, zh: 甲}, do: ask, by: hospital}\n  liquid: {name", NULL, NULL},
    {R(label_bad), NULL, "zh: 示例病防控方案(第一版)", "zh: \"\"", NULL, NULL},
    {R(label_bad), NULL, "title: {en: General knowledge, zh: 常识}", "title: General knowledge", NULL, NULL},
    {R(record_unknown), NULL, "record: symptoms", "record: star sign", NULL, NULL},
    {R(yes_no), NULL, "ladder: yes", "ladder: true", NULL, NULL},
    {R(day_bad), NULL, "2026-01-01", "2026-02-30", NULL, NULL},
    {R(pathway_near), NULL, "{end: became_case, enrol: case}\n      positive",
     "{end: became_case, enrol: cas}\n      positive", NULL, NULL},
    {R(pathway_unknown), NULL, "pathway: contact}", "pathway: elsewhere}", NULL, NULL},
    {R(stage_near), NULL, "died: {end: died,", "died: {go: il,", NULL, NULL},
    {R(stage_unknown), NULL, "died: {end: died,", "died: {go: elsewhere,", NULL, NULL},
    {R(measure_near), NULL, "measure: isolation", "measure: isolatoin", NULL, NULL},
    {R(measure_unknown), NULL, "measure: isolation", "measure: prison", NULL, NULL},
    {R(task_near), NULL, "tasks: [report,", "tasks: [reprot,", NULL, NULL},
    {R(task_unknown), NULL, "tasks: [report,", "tasks: [dance,", NULL, NULL},
    {R(status_unknown), NULL, "kind: isolation,", "kind: isolation, status: blue,", NULL, NULL},
    {R(source_unknown), NULL, "14 d (H)", "14 d (Newspaper)", NULL, NULL},
    {R(source_near), NULL, "14 d (H)", "14 d (HH)", NULL, NULL},
    {R(source_missing), NULL, "incubation: 14 d (H)", "incubation: 14 d", NULL, NULL},
    {R(source_missing), NULL, "incubation: 14 d (H)", "incubation: 14 d ()", NULL, NULL},
    {R(bracket_open), NULL, "14 d (H)", "14 d (H", NULL, NULL},
    {R(duration_bad), NULL, "14 d (H)", "14 days (H)", NULL, NULL},
    {R(duration_bad), NULL, "14 d (H)", "-14 d (H)", NULL, NULL},
    {R(duration_days), NULL, "14 d (H)", "30 h (H)", NULL, NULL},
    {R(range), NULL, "14 d (H)", "0 d (H)", NULL, NULL},
    {R(range), NULL, "at_most: 60 d (S)", "at_most: 401 d (S)", NULL, NULL},
    {R(count_bad), NULL, "a_day: 1", "a_day: often", NULL, NULL},
    {R(range), NULL, "a_day: 1", "a_day: 5 (H)", NULL, NULL},
    {R(times_bad), NULL, "release: {when: [days_served]}",
     "release: {when: [days_served], otherwise: {extend: 1 d (S), at_most: 2, order_by: court}}", NULL, NULL},
    {R(range), NULL, "release: {when: [days_served]}",
     "release: {when: [days_served], otherwise: {extend: 1 d (S), at_most: 16 times (S), order_by: court}}", NULL,
     NULL},
    {R(decimal_bad), NULL, "{test: pcr, outcome: positive,", "{test: pcr, ct_below: 33.55 (H), outcome: positive,",
     NULL, NULL},
    {R(before_bad), NULL, "2 d before onset", "2 d after onset", NULL, NULL},
    {R(after_bad), NULL, "closes: [", "until: onset (H), closes: [", NULL, NULL},
    {R(after_bad), NULL, "for: 14 d (H), check", "until: day 21 (H), check", NULL, NULL},
    {R(days_bad), NULL, "check: {a_day", "sample: {on: tomorrow (H)}, check: {a_day", NULL, NULL},
    {R(days_bad), NULL, "check: {a_day", "sample: {on: every 0 d (H)}, check: {a_day", NULL, NULL},
    {R(clock_bad), NULL, "do: report,", "do: report, never: {between: [25:00, 05:00]},", NULL, NULL},
    {R(condition_deep), NULL, "when: [days_served]",
     "when: {not: {not: {not: {not: {not: {not: {not: {not: {not: exposed}}}}}}}}}", NULL, NULL},
    {R(condition_empty), NULL, "when: [days_served]", "when: []", NULL, NULL},
    {R(condition_value), NULL, "when: [days_served]", "when: [negatives]", NULL, NULL},
    {R(condition_value), NULL, "when: [days_served]", "when: [days_since: 3 d (H)]", NULL, NULL},
    {R(condition_bare), NULL, "when: [days_served]", "when: [days_served: 3 d]", NULL, NULL},
    {R(condition_near), NULL, "when: [days_served]", "when: [days_severd]", NULL, NULL},
    {R(condition_unknown), NULL, "when: [days_served]", "when: [star_sign: lion]", NULL, NULL},
    {R(forbidden_ethnicity), NULL, "when: [days_served]", "when: [ethnicity: any]", NULL, NULL},
    {R(forbidden_ethnicity), NULL, "when: [days_served]", "when: [民族]", NULL, NULL},
    {R(forbidden_faith), NULL, "when: [days_served]", "when: [not: religious]", NULL, NULL},
    {R(forbidden_faith), NULL, "when: [days_served]", "when: [宗教信仰]", NULL, NULL},
    {R(forbidden_petition), NULL, "      died: {", "      petitioned: {", NULL, NULL},
    {R(forbidden_petition), NULL, "when: [days_served]", "when: [上访人员]", NULL, NULL},
    {R(forbidden_finances), NULL, "kinds: [household, care]", "kinds: [household, care], bank_depositor: yes", NULL,
     NULL},
    {R(forbidden_finances), NULL, "when: [days_served]", "when: [储户]", NULL, NULL},
    {R(event_reserved), NULL, "      died: {", "      deadline: {", NULL, NULL},
    {R(ladder_step), NULL, "when: [days_served]", "when: [class: [positive]]", NULL, NULL},
    {R(means_bad), NULL, "means: positive", "means: confirmed", NULL, NULL},
    {R(closes_bad), NULL, "closes: [isolated", "closes: [confirmed", NULL, NULL},
    {R(choice), NULL, "of: person", "of: animal", NULL, NULL},
    {R(choice), NULL, "died: {end: died,", "died: {end: withdrawn,", NULL, NULL},
    {R(choice), NULL, "running: finish", "running: on", NULL, NULL},
    {R(zone_bad), NULL, "zone: UTC", "zone: Mars/Olympus", NULL, NULL},
    {R(slots_full), NULL, "check: {a_day: 1,",
     "check: {a_day: 4 (H), for: 5 d (H)}, sample: [{on: 1 (H)}, {on: 2 (H), by: hospital}, {on: 3 (H), by: clinician},"
     " {on: 3 (H), by: family}, {on: 3 (H), by: police}], tell: {a: 1,",
     NULL, NULL},
    {R(two_ends), NULL, "for: 14 d (H), check", "for: 14 d (H), lapses: 3 h (H), check", NULL, NULL},
    {R(both_leave), NULL, "died: {end: died,", "died: {end: died, go: ill,", NULL, NULL},
    {R(no_action), NULL, "died: {end: died, tell: [family]}", "died: {when: symptomatic}", NULL, NULL},
    {R(door_action), "positive: {enrol: case, tasks", "on:\n  positive: {enrol: case}",
     "on:\n  positive: {enrol: case, tasks: report}", NULL, NULL},
    {R(milder_cycle), "isolation: {name", "milder: none", "milder: isolation", NULL, NULL},
    {R(unit_missing), "positive: {enrol: case, zone", "on:\n  positive: {enrol: case}",
     "on:\n  positive: {enrol: case, zone: contact}", NULL, NULL},
    {R(first_when), NULL, "positive: {end: became_case, enrol: case}",
     "positive: [{enrol: case}, {when: symptomatic, end: lost}]", NULL, NULL},
    {R(change_to), NULL, "running: finish", "running: move, stages: {here: there}", NULL, NULL},
    {R(pathway_unknown), NULL, "running: finish", "running: move, stages: {a.b: elsewhere.ill}", NULL, NULL},
    {R(key_missing), NULL, "for: 14 d (H), check", "for: 14 d (H), sample: {specimen: nasal}, check", NULL, NULL},

    // ---- the checker ----
    {C(no_end), "effective:", "review: 2026-12-31\n", "", NULL, NULL},
    {C(dates_reversed), "effective:", "{from: 2026-01-01}", "{from: 2026-01-01, until: 2026-01-01}", NULL, NULL},
    {C(review_past), "effective:", "review: 2026-12-31", "review: 2025-12-31", NULL, NULL},
    {C(no_ask), "on:\n  positive: {enrol", "  anything_else: {ask: case_investigator}\n", "", NULL, NULL},
    {C(no_door), "on:\n  positive: {tell", "on:\n  positive: {enrol: case}", "on:\n  positive: {tell: police}", NULL,
     NULL},
    {C(source_unused), NULL, "  S: {title", "  T: {title: {en: T, zh: 丁}, confidence: low}\n  S: {title", NULL, NULL},
    {C(retention_short), NULL, "pathways:\n  case:", "retention: {presence: 13 d (S)}\npathways:\n  case:", NULL, NULL},
    {C(result_shadowed), NULL, "  - {test: pcr, outcome: negative, means: negative}",
     "  - {test: pcr, outcome: positive, specimen: nasal, means: inconclusive}\n  - {test: pcr, outcome: negative, "
     "means: negative}",
     NULL, NULL},
    {C(class_shadowed), NULL, "pathways:\n  case:",
     "  far: {name: {en: far, zh: 远}, of: case, kinds: care, pathway: contact}\npathways:\n  case:", NULL, NULL},
    {C(class_subject), "  close: {", "  contact:\n    of: person", "  contact:\n    of: group", NULL, NULL},
    {C(no_ladder), "  case:\n    of", "case:\n  confirmed: {when: [positive]}\n", "", NULL, NULL},
    {C(no_case_pathway), "  confirmed: {when", "    ladder: yes\n", "", NULL, NULL},
    {C(pathway_unused), "  contact:\n", "pathway: contact}", "pathway: case}", NULL, NULL},
    {C(unreachable), NULL, "      ill: {", "      lost: {name: {en: l, zh: 失}, for: 1 d (H), next: ill}\n      ill: {",
     "    stages:\n", "    start: {stage: ill}\n    stages:\n"},
    {C(no_way_out), "      ill: {", "    release: {when: [symptom_free: 1 d (H), clinician_release]}\n", "", NULL,
     NULL},
    {C(no_next), "      watched: {", ", next: released}", "}", NULL, NULL},
    {C(never_served), "      ill: {", "when: [symptom_free: 1 d (H), clinician_release]", "when: [days_served]", NULL, NULL},
    {C(open_next), NULL, "for: 14 d (H), check", "check", NULL, NULL},
    {C(branch_open), NULL, "next: released}", "next: [{when: exposed, stage: released}]}", NULL, NULL},
    {C(beyond_stage), NULL, "check: {a_day: 1,", "sample: {on: 1 15 (H)}, check: {a_day: 1,", NULL, NULL},
    {C(beyond_stage), NULL, "check: {a_day: 1,", "check: {a_day: 1, for: 15 d (H),", NULL, NULL},
    {C(beyond_stage), NULL, "check: {a_day: 1,", "measure_for: 15 d (H), check: {a_day: 1,", NULL, NULL},
    {C(days_at_most), "at_most: 13 d", "check: {a_day", "measure: isolation, check: {a_day",
     "    day_zero: last_exposure", "    day_zero: last_exposure\n    at_most: 13 d (H)"},
    {C(extend_at_most), "    release: {when: [days_served], otherwise", "check: {a_day",
     "measure: isolation, check: {a_day", "    release: {when: [days_served]}",
     "    at_most: 15 d (H)\n    release: {when: [days_served], otherwise: {extend: 1 d (H), at_most: 2 times (H), "
     "order_by: court}}"},
    {C(followup_short), "  contact:\n", "for: 14 d (H)", "for: 13 d (H)", NULL, NULL},
    {C(task_lapse), NULL, "for: 14 d (H), check", "lapses: 23 h (H), tasks: report, check", NULL, NULL},
    {C(task_order), "      ill: {", "do: report, by: clinician, within: 24 h",
     "do: interview, by: clinician, within: 25 h", NULL, NULL},
    {C(missed_self), "  report: {name", "missed: {tell: health_officer}", "missed: {tell: clinician}", NULL, NULL},
    {C(set_missing), NULL, "do: report,", "do: sample_set,", NULL, NULL},
    {C(task_unused), "  report: {name", "tasks: [report, list_contacts]", "tasks: [list_contacts]", NULL, NULL},
    {C(never_event), NULL, "      symptom: {end", "      lapsed: {enrol: case}\n      symptom: {end",
     "for: 14 d (H), check: {a_day: 1, record: symptoms}, next: released", "check: {a_day: 1}"},
    {C(never_event), NULL, "      symptom: {end", "      clean: {end", NULL, NULL},
    {C(never_event), NULL, "      symptom: {end", "      all_negative: {end", NULL, NULL},
    {C(never_event), NULL, "      symptom: {end", "      probable: {end", NULL, NULL},
    {C(enrol_subject), "      symptom: {end", "  contact:\n    of: person", "  contact:\n    of: place", NULL, NULL},
    {C(enrol_subject), NULL, "became_case, enrol: case}\n      positive",
     "became_case, enrol: {pathway: case, who: carer}}\n      positive", "  case:\n    of: person",
     "  case:\n    of: group"},
    {C(zone_subject), NULL, "became_case, enrol: case}\n      positive",
     "became_case, zone: {pathway: case, unit: building}}\n      positive", NULL, NULL},
    {C(zone_unit), NULL, "became_case, enrol: case}\n      positive",
     "became_case, zone: {pathway: case, unit: building}}\n      positive", "  case:\n    of: person",
     "  case:\n    unit: village\n    of: place"},
    {C(at_most_missing), "  case:\n    of", "    at_most: 60 d (S)\n", "", NULL, NULL},
    {C(measure_unused), "  isolation: {name", "measure: isolation, ", "", NULL, NULL},
    {C(no_authority), "  isolation: {name", "order_by: health_officer, ", "", NULL, NULL},
    {C(no_basis), "  isolation: {name", "    basis: {en: Public health act, zh: 传染病防治法}, ", "    ", NULL, NULL},
    {C(no_milder), "  isolation: {name", ", because: {en: the case is infectious, zh: 病例有传染性}", "", NULL, NULL},
    {C(no_provision), "  isolation: {name", "provide: [food, medicine, care, contact], ", "", NULL, NULL},
    {C(provision_less), "  isolation: {name", "provide: [food, medicine, care, contact]",
     "provide: [food, care, contact]", NULL, NULL},
    {C(no_objection), "  isolation: {name", "objection: {within: 24 h (S), to: appeals}, ", "", NULL, NULL},
    {C(objection_self), "  isolation: {name", "to: appeals", "to: health_officer", NULL, NULL},
    {C(no_review), "  isolation: {name", ", review: 7 d (S)}", "}", NULL, NULL},
    {C(one_signature), NULL, "kind: isolation", "kind: closure", NULL, NULL},
    {C(contradiction), NULL, "when: [days_served]", "when: [days_served, not: days_served]", NULL, NULL},
    {C(contradiction), NULL, "when: [days_served]", "when: [age_under: 14 (H), age_from: 14 (H)]", NULL, NULL},
    {C(contradiction), NULL, "when: [days_served]", "when: [immune, not_immune]", NULL, NULL},
    {C(contradiction), NULL, "when: [days_served]", "when: [not: {any: [exposed, symptomatic]}, exposed]", NULL, NULL},
    {C(contradiction), NULL, "when: [days_served]",
     "when: {any: [days_served, {all: [class: confirmed, class: probable]}]}", NULL, NULL},
    {C(contradiction), NULL, "pathway: contact}",
     "when: {protection: none, not: {protection: none}}, pathway: contact}", NULL, NULL},
    {C(never_sample), NULL, "when: [days_served]", "when: [days_served, last_sample_negative]", NULL, NULL},
    {C(never_sample), NULL, "when: [days_served]", "when: [negatives: 2 (H)]", "check: {a_day",
     "sample: {on: 3 (H)}, check: {a_day"},
    {C(never_sample), NULL, "when: [days_served]", "when: {any: [last_sample_negative, negatives: 1]}", NULL, NULL},
    {C(never_meaning), "    release: {when: [last", "  - {test: pcr, outcome: negative, means: negative}\n", "",
     "when: [days_served]", "when: [last_sample_negative]"},
    {C(never_round), NULL, "when: [days_served]", "when: [round_negative]", NULL, NULL},
    {C(never_round), NULL, "when: [days_served]", "when: [round_within: 2 d (H)]", NULL, NULL},
    {C(never_linked), NULL, "when: [days_served]", "when: [linked_negatives: 1]", NULL, NULL},
    {C(never_late), NULL, "symptom_free: 1 d (H)", "days_since: {onset: 61 d (H)}", NULL, NULL},
    {C(never_late), NULL, "symptom_free: 1 d (H)", "symptom_free: 61 d (H)", NULL, NULL},
    {C(never_fact), NULL, "when: [days_served]", "when: [kind: household]", NULL, NULL},
};

// The text with one thing replaced; NULL when it is not there exactly once or more.
static char *replaced(struct arena *arena, const char *text, const char *find, const char *put)
{
    const char *at = strstr(text, find);
    if (at == NULL) return NULL;
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
}

// The line of a text in a file, from 1; 0 when it is not there.
static int64_t line_of(const char *text, const char *what)
{
    const char *at = what[0] == 0 ? NULL : strstr(text, what);
    int64_t line = at == NULL ? 0 : 1;
    for (const char *c = text; at != NULL && c < at; c++) line += *c == '\n';
    return line;
}

static const struct problem *find_message(const struct reading *r, const struct message *m)
{
    for (size_t i = 0; i < r->problems.count; i++)
        if (r->problems.items[i].message == m) return &r->problems.items[i];
    return NULL;
}

static void note_all(const struct reading *r)
{
    for (size_t i = 0; i < r->problems.count; i++)
        for (size_t k = 0; k < MESSAGES; k++)
            if (messages[k] == r->problems.items[i].message) produced[k] = true;
}

static bool is_chinese(const char *text)
{
    for (; *text != 0; text++)
        if ((unsigned char)*text >= 0xE4) return true;
    return false;
}

static void test_texts(const struct reading *r, const struct problem *p, size_t row)
{
    struct arena arena = {0};
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *text = problem_text(p, (lang)l, &arena);
        CHECK(text[0] != 0 && strchr(text, '{') == NULL, "row %zu: \"%s\" has all its arguments", row, text);
        CHECK(strstr(text, "``") == NULL && strstr(text, "“”") == NULL, "row %zu: no argument is empty in \"%s\"", row,
              text);
    }
    CHECK(p->line > 0 && p->column > 0, "row %zu: it says where", row);
    (void)r;
    arena_free(&arena);
}

static void test_rows(const char *example)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct arena arena = {0};
        const char *text = row->find == NULL ? row->put : replaced(&arena, example, row->find, row->put);
        if (text != NULL && row->find2 != NULL) text = replaced(&arena, text, row->find2, row->put2);
        if (!CHECK(text != NULL, "row %zu: the example still has \"%s\"", i, row->find)) {
            arena_free(&arena);
            continue;
        }
        struct reading r;
        files_read_text(&r, text);
        bool by_checker = r.code == TONG_OK;
        if (by_checker) (void)protocol_check(&r.p, &r.problems);
        const struct problem *p = find_message(&r, row->want);
        if (!OK(p != NULL, "row %zu: %s by \"%s\"", i, row->want->slug, row->put))
            problem_print_all(&r.problems, LANG_EN, stdout);
        if (p != NULL) {
            const char *at = row->at == NULL ? row->put : row->at;
            EQ_INT(p->line, line_of(text, at), "row %zu: %s, line of \"%s\"", i, row->want->slug, at);
            test_texts(&r, p, i);
            bool error = row->want->severity == PROBLEM_ERROR;
            CHECK(!error || r.problems.errors > 0, "row %zu: errors are counted", i);
        }
        note_all(&r);
        files_close(&r);
        arena_free(&arena);
    }
}

// Messages that need files of their own, and big ones.
static void test_others(const char *example)
{
    struct reading r;
    struct arena arena = {0};
    static const char *const chains[][2] = {{"extends: test.yaml\n", NULL},
                                            {"extends: a/b.yaml\n", NULL},
                                            {"extends: none.yaml\n", NULL},
                                            {"extends: over.yaml\n", NULL}};
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        struct file_in_memory files[] = {{"over.yaml", chains[i][0], 0}, {"test.yaml", example, 0}, {NULL, NULL, 0}};
        struct protocol_source source = {files_open_memory, files};
        files_read(&r, "over.yaml", &source);
        EQ_INT(r.code, TONG_E_INVALID, "chain %zu is refused", i);
        note_all(&r);
        files_close(&r);
    }
    // Seventeen status codes, one more than there may be.
    char *text = arena_copy(&arena, example, strlen(example));
    text = arena_printf(&arena, "%sstatus:\n", text);
    for (int i = 0; i < PROTOCOL_STATUS_MAX + 1; i++)
        text = arena_printf(&arena, "%s  s%d: {en: a, zh: 甲}\n", text, i);
    files_read_text(&r, text);
    OK(find_message(&r, &read_fault_too_many) != NULL, "one status code too many is one too many");
    note_all(&r);
    files_close(&r);
    // Stages without end that have several tasks a day.
    text = arena_copy(&arena, "", 0);
    for (int i = 0; i < 50; i++)
        text = arena_printf(&arena, "%s      s%d: {at: home, check: {a_day: 4 (H)}, on: {symptom: {go: s%d}}}\n", text,
                            i, i + 1);
    text =
        replaced(&arena, example, "      watched:",
                 arena_printf(&arena, "%s      s50: {at: home, on: {symptom: {go: watched}}}\n      watched:", text));
    files_read_text(&r, text);
    OK(find_message(&r, &read_fault_days_full) != NULL, "schedules have an end");
    note_all(&r);
    files_close(&r);
    arena_free(&arena);
}

// ---- several editions ----

static void test_together(const char *example)
{
    static const struct {
        const char *name, *from, *change;
        const struct message *want;
        size_t errors;
    } cases[] = {
        {"one after the other", "{from: 2027-01-01}", "{running: finish}", NULL, 0},
        {"moved, same names", "{from: 2027-01-01}", "{running: move}", NULL, 0},
        {"a day too early", "{from: 2026-12-31}", "{running: finish}", &check_fault_overlap, 1},
        {"from a stage that never was", "{from: 2027-01-01}", "{running: finish, stages: {case.none: case.ill}}",
         &check_fault_change_from, 1},
    };
    struct arena arena = {0};
    char *old_text = replaced(&arena, example, "{from: 2026-01-01}", "{from: 2026-01-01, until: 2027-01-01}");
    struct reading old;
    files_read_text(&old, old_text);
    OK(old.code == TONG_OK, "the earlier edition");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = replaced(&arena, example, "{from: 2026-01-01}", cases[i].from);
        text = replaced(&arena, replaced(&arena, text, "{running: finish}", cases[i].change), "edition: \"1\"",
                        "edition: \"2\"");
        struct reading new;
        files_read_text(&new, text);
        const struct protocol *both[] = {&new.p, &old.p};
        EQ_INT(new.code, TONG_OK, "%s: it is read", cases[i].name);
        EQ_INT(protocol_check_together(both, 2, &new.problems), cases[i].errors, "%s: errors", cases[i].name);
        OK(cases[i].want == NULL || find_message(&new, cases[i].want) != NULL, "%s: the right one", cases[i].name);
        note_all(&new);
        files_close(&new);
    }
    // A stage of the old edition that the new one has no longer.
    char *text = replaced(&arena, example, "watched: {", "seen: {");
    text = replaced(&arena, replaced(&arena, text, "{running: finish}", "{running: move}"), "{from: 2026-01-01}",
                    "{from: 2027-01-01}");
    struct reading new;
    files_read_text(&new, text);
    const struct protocol *both[] = {&old.p, &new.p};
    EQ_INT(protocol_check_together(both, 2, &new.problems), 1, "people in a stage that is gone would be lost");
    const struct problem *p = find_message(&new, &check_fault_change_lost);
    if (OK(p != NULL, "and it says so")) EQ_TEXT(p->arg[0], "contact.watched", "of which stage");
    note_all(&new);
    files_close(&new);
    // Another place is another matter.
    text = replaced(&arena, example, "place: XX", "place: YY");
    files_read_text(&new, text);
    EQ_INT(protocol_check_together(both, 2, &new.problems), 0, "another place has its own editions");
    files_close(&new);
    files_close(&old);
    arena_free(&arena);
}

// ---- the protocols of the project ----

static void test_shipped(void)
{
    static const char *const names[] = {
        "covid19-cn-8", "covid19-cn-9", "covid19-cn-20", "covid19-cn-10", "covid19-cn-lookback4",
        "ebola-who",    "measles-who",  "mers-who",      "mpox-who"};
    struct protocol_source source = {files_open_disk, NULL};
    const char *folder = getenv("TONGZHOU_PROTOCOLS");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s.yaml", folder == NULL ? "protocols" : folder, names[i]);
        struct reading r;
        files_read(&r, path, &source);
        if (r.code == TONG_E_NOT_FOUND) {
            tap_skip("%s is not there", names[i]);
        } else {
            if (r.code == TONG_OK) (void)protocol_check(&r.p, &r.problems);
            if (!OK(r.code == TONG_OK && r.problems.errors == 0, "%s has no errors", names[i]))
                problem_print_all(&r.problems, LANG_EN, stdout);
        }
        files_close(&r);
    }
}

static void test_messages(void)
{
    for (size_t i = 0; i < MESSAGES; i++) {
        const struct message *m = messages[i];
        CHECK(m->text.text[LANG_EN][0] != 0 && m->remedy.text[LANG_EN][0] != 0, "%s in English", m->slug);
        CHECK(is_chinese(m->text.text[LANG_ZH]) && is_chinese(m->remedy.text[LANG_ZH]), "%s in Chinese", m->slug);
        OK(produced[i], "\"%s\" can happen", m->text.text[LANG_EN]);
    }
}

int main(void)
{
    struct arena arena = {0};
    const char *example = files_doc_block("docs/protocol-language.md", 0, &arena);
    if (OK(example != NULL, "the documentation has its example")) {
        struct reading r;
        files_read_text(&r, example);
        OK(r.code == TONG_OK && protocol_check(&r.p, &r.problems) == 0 && r.problems.count == 0,
           "which is right as it stands");
        files_close(&r);
        test_rows(example);
        test_others(example);
        test_together(example);
        test_shipped();
        test_messages();
    }
    arena_free(&arena);
    return tap_done();
}
