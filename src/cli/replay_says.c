#include "cli/replay_says.h"

#include <stdio.h>
#include <string.h>

typedef enum says_what {
    SAYS_AS_IF,
    SAYS_ONLY,
    SAYS_CHANGE,
    SAYS_ORDERS,
    SAYS_LEFT_OUT,
    SAYS_UNKNOWN_FATES,
    SAYS_NO_RESULTS,
    SAYS_KNOWN_ASSUMED,
    SAYS_MEETINGS_PLACED,
    SAYS_UNCLASSED,
    SAYS_UNDATED,
    SAYS_SOURCELESS,
    SAYS_TO_GATHERING,
    SAYS_REPEATED,
    SAYS_KINDS,
    SAYS_RESULTS_PLAIN,
    SAYS_RESULTS_INFERRED,
    SAYS_RESULTS_MISSING,
    SAYS_FOLLOWUPS_SILENT,
    SAYS_ENDS_UNDATED,
    SAYS_TOO_OLD,
    SAYS_DEATHS_UNDATED,
    SAYS_PLACES,
    SAYS_COUNT
} says_what;

static const struct message says_messages[SAYS_COUNT] = {
    [SAYS_AS_IF] =
        {"as-if", PROBLEM_WARNING,
         LABEL("AS IF: the whole outbreak ({3}) is run under {1}, although that edition is in effect {2}. This is "
               "what it would have asked for, not what was asked at the time.",
               "假设推演：整起疫情（{3}）均按 {1} 推演，而该版本的有效期为 {2}。"
               "结果表示该版本会提出的要求，并非当时实际的要求。"),
         LABEL("", "")},
    [SAYS_ONLY] =
        {"one-edition", PROBLEM_NOTE,
         LABEL("All of it is run under {1}, as asked (--as-if). It was in effect on every day of the outbreak ({2}).",
               "按要求（--as-if）全程执行 {1}；该版本在疫情期间（{2}）一直有效。"),
         LABEL("", "")},
    [SAYS_CHANGE] = {"edition-changes", PROBLEM_NOTE,
                     LABEL("From {1} on {2} is in force; those under way then went on as it says.",
                           "自 {1} 起执行 {2}；在管人员按其衔接规定处理。"),
                     LABEL("", "")},
    [SAYS_ORDERS] = {"orders-as-proposed", PROBLEM_NOTE,
                     LABEL("Orders count as signed the moment they are proposed: the data do not say who ordered what.",
                           "措施一经提出即视为已签发：数据中没有签发记录。"),
                     LABEL("", "")},
    [SAYS_LEFT_OUT] = {"rows-left-out", PROBLEM_WARNING,
                       LABEL("{1} faulty rows were left out; the rest was run (--keep-good-rows).",
                             "有 {1} 行数据有错误，未予导入；其余数据照常推演（--keep-good-rows）。"),
                       LABEL("", "")},
    [SAYS_UNKNOWN_FATES] =
        {"unknown-fates", PROBLEM_NOTE,
         LABEL("The data cannot say whether these tasks were done, so what became of them is \"unknown\", "
               "not overdue: {1}.",
               "数据无法说明下列任务是否完成，其结果记为“数据未载明”，而不是逾期：{2}。"),
         LABEL("", "")},
    [SAYS_NO_RESULTS] = {"no-results", PROBLEM_NOTE,
                         LABEL(
                             "There are no laboratory results: a release that waits for a negative does not come, and "
                             "those persons are followed to the longest time the protocol permits.",
                             "数据中没有检测结果：以阴性结果为解除条件的人员无法按期解除，"
                             "只能推演至方案允许的最长期限。"),
                         LABEL("", "")},
    [SAYS_KNOWN_ASSUMED] =
        {"known-assumed", PROBLEM_NOTE,
         LABEL("Of {2} dates of cases {1} have no column that says when they became known; the day of the "
               "report stands for it, or the date itself. A mapping file can name the column.",
               "病例的 {2} 个日期中，有 {1} 个没有对应的“获知时间”列，以报告日期（或该日期本身）代替；"
               "可在列对应文件中指定。"),
         LABEL("", "")},
    [SAYS_MEETINGS_PLACED] =
        {"meetings-placed", PROBLEM_NOTE,
         LABEL("{1} links do not say when the two met. The meeting is placed in the infectee's own time of "
               "exposure, or between the source's illness and the infectee's.",
               "有 {1} 条关联没有接触日期，按被感染者的暴露时间、或从传染源发病至被感染者发病之间推定。"),
         LABEL("", "")},
    [SAYS_UNCLASSED] = {"cases-unclassed", PROBLEM_NOTE,
                        LABEL("{1} cases have no classification: they are taken as confirmed.",
                              "有 {1} 例未注明病例分类，按确诊病例处理。"),
                        LABEL("", "")},
    [SAYS_UNDATED] = {"cases-undated", PROBLEM_WARNING,
                      LABEL("{1} cases have no date at all: they are counted, and fall on no day.",
                            "有 {1} 例没有任何日期：计入总数，但不计入任何一天。"),
                      LABEL("", "")},
    [SAYS_SOURCELESS] =
        {"links-sourceless", PROBLEM_NOTE,
         LABEL("{1} exposures come from somebody or something the list does not have as a case; they count as "
               "exposures to an unnamed case.",
               "有 {1} 次暴露的来源不在病例清单中，按接触未具名病例处理。"),
         LABEL("", "")},
    [SAYS_TO_GATHERING] =
        {"links-to-gathering", PROBLEM_NOTE,
         LABEL("{1} links lead to a gathering or from a person to themselves: nobody follows from them.",
               "有 {1} 条关联指向聚集活动或本人：不产生密接。"),
         LABEL("", "")},
    [SAYS_REPEATED] = {"links-repeated", PROBLEM_NOTE,
                       LABEL("{1} links repeat the same two people with the same day (or none): counted, and fed once.",
                             "有 {1} 条关联重复（人员和日期均相同，或无日期）：计入总数，只推演一次。"),
                       LABEL("", "")},
    [SAYS_KINDS] = {"kinds-other", PROBLEM_NOTE,
                    LABEL("{1} links give no kind of exposure that the protocol language knows: \"other, judged by the "
                          "investigator\" stands for it.",
                          "有 {1} 条关联的接触方式未注明或无对应词，按“其他（流调判定）”处理。"),
                    LABEL("", "")},
    [SAYS_RESULTS_PLAIN] = {"results-unspecified", PROBLEM_NOTE,
                            LABEL("{1} results do not say which specimen or which test: they count as {2}.",
                                  "有 {1} 个检测结果未注明标本或方法，按{3}处理。"),
                            LABEL("", "")},
    [SAYS_RESULTS_INFERRED] =
        {"results-inferred", PROBLEM_NOTE,
         LABEL("{1} confirmed cases have no laboratory row: a positive result is taken as of the day of the "
               "sample, else of the diagnosis, else of the report.",
               "有 {1} 例确诊病例没有检测记录：以采样日（无则诊断日、报告日）为阳性结果日期。"),
         LABEL("", "")},
    [SAYS_RESULTS_MISSING] = {"results-missing", PROBLEM_NOTE,
                              LABEL("{1} samples have no result.", "有 {1} 份样本没有结果。"), LABEL("", "")},
    [SAYS_FOLLOWUPS_SILENT] = {"followups-silent", PROBLEM_NOTE,
                               LABEL("{1} follow-up rows do not say whether the contact was seen.",
                                     "有 {1} 条随访记录没有说明随访情况。"),
                               LABEL("", "")},
    [SAYS_ENDS_UNDATED] =
        {"ends-undated", PROBLEM_NOTE,
         LABEL("{1} contacts were lost, refused or died, without a date: they stay under follow-up here.",
               "有 {1} 名密接失访、拒绝或死亡但无日期：此处仍按在管处理。"),
         LABEL("", "")},
    [SAYS_TOO_OLD] =
        {"dates-too-old", PROBLEM_WARNING,
         LABEL("{1} meetings, visits or samples are dated more than a year before the first case became known: set "
               "aside.",
               "有 {1} 条接触、随访或采样的日期比首例获知早一年以上：未采用。"),
         LABEL("", "")},
    [SAYS_DEATHS_UNDATED] = {"deaths-undated", PROBLEM_NOTE,
                             LABEL("{1} cases died and no column says when: here they stay in isolation.",
                                   "有 {1} 例死亡病例没有死亡日期：此处仍按隔离中处理。"),
                             LABEL("", "")},
    [SAYS_PLACES] =
        {"places-by-case", PROBLEM_NOTE,
         LABEL("Of {1} cases the list gives no place: each of them has places of its own here, so that a ward or "
               "building with several of them counts several times.",
               "有 {1} 例没有地点信息：此处按各有其场所处理，同一病区或楼栋可能重复计算。"),
         LABEL("", "")},
};

static void says_add(struct replay *r, says_what what, const char *a, const char *b, const char *c)
{
    problem_add(&r->notes, (struct problem_at){.file = "", .path = ""}, &says_messages[what], a, b, c, NULL);
}

static void says_number(struct replay *r, says_what what, int64_t number)
{
    char text[24];
    if (number == 0) return;
    (void)snprintf(text, sizeof text, "%lld", (long long)number);
    says_add(r, what, text, NULL, NULL);
}

static void says_editions(struct replay *r)
{
    if (r->editions->as_if) {
        const struct protocol *p = r->book->editions[0];
        char from[CIVIL_TEXT], to[CIVIL_TEXT], effect[64], span[64];
        civil_format(p->from, from);
        if (p->until.d != CIVIL_DAY_NONE) civil_format((civil_day){p->until.d - 1}, to);
        (void)snprintf(effect, sizeof effect, "%s .. %s", from, p->until.d == CIVIL_DAY_NONE ? "" : to);
        civil_format(r->facts.first, from);
        civil_format(r->until, to);
        (void)snprintf(span, sizeof span, "%s .. %s", from, to);
        bool covers = p->from.d <= r->facts.first.d && (p->until.d == CIVIL_DAY_NONE || r->until.d < p->until.d);
        if (covers) says_add(r, SAYS_ONLY, p->id, span, NULL);
        else says_add(r, SAYS_AS_IF, p->id, effect, span);
    }
    for (size_t i = 0; i < r->editions->change_count; i++) {
        char day[CIVIL_TEXT];
        civil_format(r->editions->changes[i].day, day);
        says_add(r, SAYS_CHANGE, day, r->book->editions[r->editions->changes[i].edition]->id, NULL);
    }
}

// Kinds of tasks of which some have an unknown fate, by their labels in both languages.
static void says_unknown(struct replay *r)
{
    char *list[LANG_COUNT] = {NULL, NULL};
    for (size_t k = 0; k < r->kinds.task_count; k++) {
        if (r->days.totals[k].fate[REPLAY_UNKNOWN] == 0) continue;
        for (size_t l = 0; l < LANG_COUNT; l++) {
            const char *name = r->kinds.tasks[k].label.text[l];
            list[l] = list[l] == NULL ? arena_printf(r->arena, "%s", name)
                                      : arena_printf(r->arena, l == LANG_ZH ? "%s、%s" : "%s, %s", list[l], name);
            if (list[l] == NULL) return;
        }
    }
    if (list[0] != NULL) says_add(r, SAYS_UNKNOWN_FATES, list[LANG_EN], list[LANG_ZH], NULL);
}

static bool says_asks_negative(const struct replay *r)
{
    for (size_t e = 0; e < r->book->count; e++) {
        const struct protocol *p = r->book->editions[e];
        for (size_t i = 0; i < p->condition_count; i++)
            if (p->conditions[i].op == CONDITION_LAST_SAMPLE_NEGATIVE || p->conditions[i].op == CONDITION_NEGATIVES)
                return true;
    }
    return false;
}

// Which specimen and test stand for those that are not said.
static void says_results(struct replay *r)
{
    char count[24];
    struct line_facts_options as = {0};
    if (r->facts.assumed.results_unspecified == 0) return;
    line_facts_positive(replay_editions_any(r->editions), &as);
    const struct label specimen = words_at(WORDS_SPECIMEN, (int32_t)as.specimen)->label,
                       test = words_at(WORDS_TEST, (int32_t)as.test)->label;
    (void)snprintf(count, sizeof count, "%lld", (long long)r->facts.assumed.results_unspecified);
    const char *en = arena_printf(r->arena, "%s, %s", specimen.text[LANG_EN], test.text[LANG_EN]);
    const char *zh = arena_printf(r->arena, "%s%s", specimen.text[LANG_ZH], test.text[LANG_ZH]);
    says_add(r, SAYS_RESULTS_PLAIN, count, en, zh);
}

// Cases of whom the list gives no place, where places were put under anything at all.
static int64_t says_places(const struct replay *r)
{
    bool any = false;
    int64_t cases = 0;
    size_t count = caseload_enrolment_count(r->run.load);
    for (size_t i = 0; i < count && !any; i++) {
        const struct enrolment *e = caseload_enrolment(r->run.load, (uint32_t)i);
        any = r->book->editions[e->edition]->pathways[e->pathway].of == SUBJECT_PLACE;
    }
    for (size_t i = 0; i < r->facts.person_count && any; i++)
        cases += r->facts.people[i].case_index != LINE_NONE && r->facts.people[i].place.n == 0;
    return cases;
}

void replay_says(struct replay *r, int64_t left_out)
{
    const struct line_assumed *a = &r->facts.assumed;
    char known[24], total[24];
    says_editions(r);
    says_number(r, SAYS_LEFT_OUT, left_out);
    says_add(r, SAYS_ORDERS, NULL, NULL, NULL);
    says_unknown(r);
    if (!r->evidence.results[0] && !r->evidence.results[1] && says_asks_negative(r))
        says_add(r, SAYS_NO_RESULTS, NULL, NULL, NULL);
    if (a->known_assumed > 0) {
        (void)snprintf(known, sizeof known, "%lld", (long long)a->known_assumed);
        (void)snprintf(total, sizeof total, "%lld", (long long)a->dates_known_total);
        says_add(r, SAYS_KNOWN_ASSUMED, known, total, NULL);
    }
    says_number(r, SAYS_MEETINGS_PLACED, a->meetings_placed);
    says_number(r, SAYS_UNCLASSED, a->cases_unclassed);
    says_number(r, SAYS_UNDATED, a->cases_undated);
    says_number(r, SAYS_SOURCELESS, a->links_sourceless);
    says_number(r, SAYS_TO_GATHERING, a->links_to_nobody);
    says_number(r, SAYS_REPEATED, a->links_repeated);
    says_number(r, SAYS_KINDS, a->kinds_other);
    says_results(r);
    says_number(r, SAYS_RESULTS_INFERRED, a->results_inferred);
    says_number(r, SAYS_RESULTS_MISSING, a->results_missing);
    says_number(r, SAYS_FOLLOWUPS_SILENT, a->followups_silent);
    says_number(r, SAYS_ENDS_UNDATED, a->ends_undated);
    says_number(r, SAYS_TOO_OLD, a->dates_too_old);
    says_number(r, SAYS_DEATHS_UNDATED, a->deaths_undated);
    says_number(r, SAYS_PLACES, says_places(r));
}
