// Decisions: their words in both languages, where in the protocol their reason stands, and the reason as a sentence.
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "case:\n"
    "  confirmed: {when: [positive]}\n"
    "window: {opens: 2 d before onset (S), closes: [isolated]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: case}\n"
    "pathways:\n"
    "  source: S\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: isolation}\n"
    "    except: [{when: [pregnant], at: home}]\n"
    "    release: {when: [clinician_release]}\n"
    "measures:\n"
    "  source: S\n"
    "  isolation: {name: {en: isolation, zh: 隔离}, kind: isolation, order_by: health_officer, persons: 1}\n"
    "tasks:\n"
    "  report: {name: {en: report, zh: 报告}, do: report, by: hospital}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

typedef const struct word *word_at(int32_t i);
static const struct word *kind_at(int32_t i)
{
    return decision_word((decision_kind)i);
}
static const struct word *how_at(int32_t i)
{
    return how_label((how_word)i);
}
static const struct word *why_at(int32_t i)
{
    return why_label((why_word)i);
}

static void test_words(const char *list, int32_t count, word_at *at, int32_t first)
{
    bool names = true, labels = true;
    for (int32_t i = first; i < count; i++) {
        for (int32_t k = first; k < i; k++) names = names && strcmp(at(i)->name, at(k)->name) != 0;
        labels = labels && at(i)->label.text[LANG_EN][0] != 0 && at(i)->label.text[LANG_ZH][0] != 0;
    }
    OK(names, "%s: no two words have one name", list);
    OK(labels, "%s: all of them say something in both languages", list);
}

static void test_origin(struct fixture *x)
{
    static const struct {
        why_word why;
        const char *path;
    } rows[] = {
        {WHY_RULE, "on.positive"},
        {WHY_SCHEDULE, "pathways.case.stages.ill"},
        {WHY_STAGE, "pathways.case.stages.ill"},
        {WHY_STAGE_END, "pathways.case.stages.ill"},
        {WHY_RELEASE, "pathways.case"},
        {WHY_EXTENSION, "pathways.case"},
        {WHY_AT_MOST, "pathways.case"},
        {WHY_LATE, "pathways.case"},
        {WHY_EXCEPTION, "pathways.case.except[1]"},
        {WHY_ORDER, "measures.isolation"},
        {WHY_REVIEW, "measures.isolation"},
        {WHY_TASK, "tasks.report"},
        {WHY_DEADLINE, "tasks.report"},
        {WHY_LADDER, "case.confirmed"},
        {WHY_CONTACT_CLASS, "contacts.close"},
        {WHY_WINDOW, "window"},
        {WHY_CHANGE, ""},
        {WHY_CORRECTION, ""},
        {WHY_OVERRIDE, ""},
        {WHY_EVERYWHERE, ""},
        {WHY_ANYTHING_ELSE, ""},
    };
    EQ_INT(sizeof rows / sizeof rows[0], WHY_WORD_COUNT, "every kind of reason has a row");
    const struct protocol *p = fixture_protocol(x);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decision d = {.why = (uint8_t)rows[i].why};
        EQ_TEXT(decision_origin(p, &d).path, rows[i].path, "%s: where the rule stands", why_label(rows[i].why)->name);
        OK(rows[i].path[0] == 0 || decision_origin(p, &d).line > 0, "%s: with its line", why_label(rows[i].why)->name);
        d.rule = RULE_LIST_END;
        const char *path = decision_origin(p, &d).path;
        EQ_TEXT(path, rows[i].why == WHY_WINDOW ? "window" : "", "%s: a number that is none stands nowhere",
                why_label(rows[i].why)->name);
    }
}

static void test_sentence(struct fixture *x)
{
    struct protocol *p = &x->editions[0];
    struct decision d = {.why = WHY_WINDOW, .fact = 4711, .other = 815};
    EQ_TEXT(decision_why(p, &d, LANG_EN, &x->arena), "outside the window (test: window)",
            "the reason, the edition, the place in it");
    EQ_TEXT(decision_why(p, &d, LANG_ZH, &x->arena), "不在追踪期内 (test: window)", "in Chinese");
    d.why = WHY_CORRECTION;
    EQ_TEXT(decision_why(p, &d, LANG_EN, &x->arena), "a correction or withdrawal (test)",
            "without a place the edition alone");
    p->id = NULL;
    EQ_TEXT(decision_why(p, &d, LANG_EN, &x->arena), "a correction or withdrawal (1)",
            "by its number where it has no file");
    struct arena full = {.bytes_max = 1};
    OK(decision_why(p, &d, LANG_EN, &full) == NULL, "without memory there is no sentence");
    // A contact is never told who the case was: neither the fact nor the other one is in it.
    d.why = WHY_CONTACT_CLASS;
    const char *one = decision_why(p, &d, LANG_EN, &x->arena);
    d.fact = 1;
    d.other = 2;
    EQ_TEXT(decision_why(p, &d, LANG_EN, &x->arena), one, "whoever it was about, the sentence is the same");
}

int main(void)
{
    struct fixture x;
    test_words("kinds", DECISION_KIND_COUNT, kind_at, 0);
    test_words("how", HOW_WORD_COUNT, how_at, 1);
    test_words("why", WHY_WORD_COUNT, why_at, 0);
    fixture_open(&x, text);
    test_origin(&x);
    test_sentence(&x);
    fixture_close(&x);
    return tap_done();
}
