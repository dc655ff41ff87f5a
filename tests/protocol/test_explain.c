// What a person reads: sentences of the documentation's example and of small changes to it, in both languages.
#include "explained.h"
#include "protocol/explain.h"
#include "protocol/explain_prose.h"
#include "protocol/explain_words.h"

static char *explain(const struct protocol *p, lang language, uint8_t pathway, int32_t columns)
{
    struct sink out = {0};
    struct explain_options options = {.language = language, .pathway = pathway, .columns = columns};
    protocol_explain(p, &options, &out);
    OK(sink_good(&out), "explained in %s", language == LANG_ZH ? "Chinese" : "English");
    return out.text; // the caller frees
}

// ---- sentences ----

struct sentence {
    const char *row;
    struct replaced change[3];
    const char *en, *zh;
};

#define NOTHING        \
    {                  \
        {              \
            NULL, NULL \
        }              \
    }
#define RELEASE(when)                                                     \
    {                                                                     \
        {                                                                 \
            "release: {when: [days_served]}", "release: {when: " when "}" \
        }                                                                 \
    }
#define WATCHED "stages:\n      watched: {"
#define SAMPLED(more)                                                   \
    {                                                                   \
        {                                                               \
            "check: {a_day: 1, record: symptoms}", "sample: {" more "}" \
        }                                                               \
    }

static const struct sentence sentences[] = {
    {"head", NOTHING, "# Examplitis, first edition\n", "# 示例病防控方案"},
    {"dates", NOTHING, "In force from 1 January 2026. To be looked at again by 31 December 2026.",
     "自2026年1月1日起施行。最迟于2026年12月31日复审。"},
    {"until is the day before",
     {{"effective: {from: 2026-01-01}", "effective: {from: 2026-01-01, until: 2026-03-01}"}},
     "In force from 1 January 2026 to 28 February 2026, both days included.",
     "至2026年2月28日止（首尾两日均含）"},
    {"change", NOTHING, "People half-way when it comes into force: they finish under the edition they began with.",
     "施行时已在处置流程中的人员：继续按原版本执行完毕。"},
    {"change if milder",
     {{"running: finish", "running: move_if_milder"}},
     "where it is milder for them",
     "本版本对其更宽松的"},
    {"disease with sources", NOTHING,
     "Longest incubation: 14 days [H]. A new positive within 90 days counts as the same infection [M].",
     "最长潜伏期14天 [H]。90天内再次阳性视为同一次感染 [M]。"},
    {"result", NOTHING, "- PCR, positive: positive.", "- 核酸，阳性：阳性。"},
    {"result by Ct",
     {{"{test: pcr, outcome: positive, means: positive}",
       "{test: pcr, specimen: blood, ct_from: 33.5 (H), pooled: no, outcome: positive, means: screening_positive}"}},
     "- PCR, on blood, from a single sample, positive, Ct 33.5 or above: a screening positive, not yet a case [H].",
     "- 核酸，标本为血液，单采，阳性，Ct值不低于33.5：初筛阳性，尚不作为病例 [H]。"},
    {"ladder", NOTHING, "- Confirmed case: when they have tested positive.", "- 确诊病例：检测曾为阳性。"},
    {"ladder undone",
     {{"confirmed: {when: [positive]}",
       "confirmed: {when: [positive]}\n  discarded: {when: [negatives: 2 (H)], undoes: caused}"}},
     "- Discarded: when they have 2 negative results in a row [H]; then everyone enrolled because of them is let go.",
     "- 排除：连续2次检测阴性 [H]；同时解除因其纳管的全部人员。"},
    {"window", NOTHING,
     "A case may have infected others from 2 days before the onset of symptoms [H]; without symptoms, 2 days before "
     "the first positive sample [H].",
     "追踪期起点：发病前2天 [H]；无症状者为首次阳性采样前2天 [H]。"},
    {"window's end", NOTHING, "It ends as soon as they are effectively isolated or they die. Both edge days count.",
     "追踪期终点：已有效隔离或死亡。首尾两日均计入。"},
    {"class", NOTHING,
     "- Close contact: whoever met a person of the pathway “case” in one of these ways: same household or direct care; "
     "they begin the pathway “contact”.",
     "- 密接：与“case”流程人员有过接触者，接触方式为同住或直接照护；进入“contact”流程。"},
    {"door", NOTHING, "- When a result is positive: they begin the pathway “case”.",
     "- 检测结果为阳性时：进入“case”流程。"},
    {"ask", NOTHING, "becomes a question to the case investigator. It is never passed over.",
     "一律交由流调员研判，不得遗漏。"},
    {"real days", NOTHING, "- At home, for 14 days [H]: days 1 to 14, counted from the last exposure.",
     "- 居家，共14天 [H]：末次暴露后第1天至第14天。"},
    {"check", NOTHING,
     "- Health check every day by the follow-up worker; written down: ", "- 健康监测：每天，由随访员负责，记录"},
    {"tasks on entering", NOTHING, "- Tasks on entering: report the case, list contacts.",
     "- 进入本阶段时的任务：报告病例、排查密接。"},
    {"measure", NOTHING,
     "“isolation in hospital” (isolation). It binds only once the public health officer has signed the order. Its "
     "basis: Public health act. Nothing milder will do, because the case is infectious.",
     "“住院隔离”（隔离治疗）。由公共卫生主管签发指令后方可执行。依据：传染病防治法。没有更轻的措施可以替代：病例有传染"
     "性。"},
    {"rights", NOTHING,
     "Provided meanwhile: food and water, medicine, medical care, a named contact day and night. An objection goes to "
     "the appeals office and is answered within 24 hours [S]. One order covers at most 7 days [S]",
     "有异议可向异议受理处提出，24小时内答复 [S]。每份指令最长有效7天 [S]；需继续执行的，须由另一人重新签发。"},
    {"two signatures",
     {{"persons: 1", "persons: 2"}},
     "has signed the order (2 different people sign).",
     "签发指令后方可执行（须2人签字）。"},
    {"at most", NOTHING, "all restrictions of this pathway together last at most 60 days [S].",
     "累计最长不超过60天 [S]。"},
    {"release", NOTHING,
     "- Released when they have been free of symptoms for 24 hours and a clinician agrees to the release [H].",
     "同时满足以下条件方可解除：症状消失已满24小时，且临床医生同意解除 [H]。"},
    {"rules that do the same", NOTHING,
     "- When symptoms begin or a result is positive: this pathway ends (became a case); they begin the "
     "pathway “case”.",
     "- 出现症状或检测结果为阳性时：本流程结束（转为病例）；进入“case”流程。"},
    {"example in dates", NOTHING,
     "With day 0 on 1 January 2026 and no event on the way: “watched at home” 2 January to 15 January; "
     "released on 15 January 2026",
     "以2026年1月1日为第0天、途中无其他情形为例：“居家观察”1月2日至1月15日；符合条件的，2026年1月15日解除。"},
    {"task", NOTHING,
     "- Report the case: a clinician, within 24 hours of its becoming known [H]; if it is missed, the public health "
     "officer is told.",
     "- 报告病例：由临床医生自获知起24小时内完成 [H]；逾期的，报告公共卫生主管。"},
    {"figures", NOTHING, "- pathways.contact.stages.watched.for: 14 d [H]",
     "- pathways.contact.stages.watched.for: 14 d [H]"},
    {"sources", NOTHING, "- S: Safeguard of this system (a safeguard of the system, not a published figure).",
     "- S：系统保障值（系统保障值"},
    {"how many of which", NOTHING,
     "11 figures. General knowledge, high confidence: 6; general knowledge, medium confidence: 2; a safeguard",
     "共11个数值："},

    // ---- days of samples ----
    {"sample days", SAMPLED("on: 1 2 3 5 7 (H), specimen: oropharyngeal, pool: 1 (M)"),
     "- Sampling on days 1, 2, 3, 5 and 7 [H]: throat swab, one person to a tube [M], by the sampler.",
     "- 采样：第1、2、3、5、7天 [H]，咽拭子，单采单管 [M]，由采样员采集。"},
    {"every second day", SAMPLED("on: every 2 d (H), pool: 10 (H)"),
     "Sampling every 2 days from day 2 to day 14 [H]: sample, up to 10 people to a tube",
     "采样：第2天至第14天每2天一次（首次为第2天） [H]"},
    {"sample dates", SAMPLED("on: 1 4 (H)"), "(samples on 2 January and 5 January)", "（1月2日和1月5日采样）"},
    {"second stage's numbers",
     {{"next: released}", "next: late}\n      late: {name: {en: later, zh: 随后}, at: home, for: 3 d (H), sample: {on: "
                          "3 (H)}, next: released}"}},
     "for 3 days [H]: days 15 to 17, counted from the last exposure.\n- Sampling on day 17 (day 3 of this stage) [H]",
     "共3天 [H]：末次暴露后第15天至第17天。\n- 采样：第17天（本阶段第3天） [H]"},
    {"twice a day", {{"a_day: 1", "a_day: 2 (H)"}}, "- Health check twice a day [H] by", "- 健康监测：每天2次 [H]，"},
    {"the first days", {{"a_day: 1", "for: 5 d (H)"}}, "- Health check on the first 5 days by", "- 健康监测：前5天，"},
    {"until",
     {{"for: 14 d (H)", "until: day 21 after first_exposure (H)"}},
     "until day 21 after the first exposure [H].",
     "至首次暴露后第21天 [H]。"},
    {"lapses",
     {{"for: 14 d (H)", "lapses: 6 h (H)"}, {", next: released}", "}"}},
     "for 6 hours by the clock [H], then it lapses by itself.",
     "按钟点计6小时 [H]，到时自动失效。"},
    {"open", NOTHING, "- In hospital, until the conditions of release hold, or one of the events below ends it.",
     "- 在医院，直至符合解除条件，或出现下列事件之一。"},

    // ---- conditions ----
    {"or", RELEASE("{any: [last_sample_negative, days_since: {first_exposure: 5 d (H)}]}"),
     "Released when the last sample is negative or 5 days have passed since the first exposure",
     "末次采样结果为阴性或距首次暴露已满5天"},
    {"they shared", RELEASE("{any: [age_under: 14 (H), pregnant, needs_carer]}"),
     "when they are under 14 years old, are pregnant or need a carer", "未满14周岁、是孕妇或需要他人照护"},
    {"or in and", RELEASE("[days_served, {any: [negatives: 2 (H), clinician_release]}]"),
     "when all the days are served and either they have 2 negative results in a row or a clinician agrees to the "
     "release",
     "规定天数已满，且（连续2次检测阴性或临床医生同意解除）"},
    {"and in or", RELEASE("{any: [{all: [positive, symptomatic]}, unfit]}"),
     "when they both have tested positive and have symptoms or are seriously", "（检测曾为阳性，且有症状）或病情严重"},
    {"not", RELEASE("[days_served, not: symptomatic, not: positive]"),
     "all the days are served, they have no symptoms and have not tested positive",
     "规定天数已满，无症状，且检测未出现阳性"},
    {"not of two", RELEASE("[{not: {any: [pregnant, age_from: 60 (H)]}}]"),
     "when they are not pregnant and are under 60 years old", "不是孕妇，且未满60周岁"},
    {"class", RELEASE("[class: [confirmed, asymptomatic]]"),
     "they count as a confirmed case or an asymptomatic infection", "判定为确诊病例或无症状感染者"},
    {"one negative", RELEASE("[negatives: 1 (H)]"), "they have a negative result", "有1次检测阴性"},
    {"not a single negative", RELEASE("[not: {negatives: 1 (H)}]"), "they have no negative result", "没有检测阴性"},
    {"of a place",
     RELEASE("[no_new_case: 5 d (H), round_negative, round_within: 2 d (H), surroundings_clean, source_free]"),
     "there has been no new case for 5 days, a test round since the last case found nobody positive, a test round of "
     "the last 2 days "
     "found nobody positive, the samples of their surroundings are clean and the source there has been removed",
     "连续5天无新增病例，末例病例之后有一轮检测全部阴性，最近2天内有一轮检测全部阴性，环境采样结果为阴性，且该处传染源"
     "已清除"},
    {"extension",
     {{"release: {when: [days_served]}", "release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d "
                                         "(H), at_most: 2 times (M), order_by: commander}}"}},
     "; otherwise extended by 2 days, twice at most [H, M], by order of the duty commander.",
     "；不满足的，经值班指挥员签发指令延长2天，最多延长2次 [H, M]。"},
    {"negatives",
     {{"release: {when: [days_served]}",
       "negatives: {apart: 24 h (H), not_before: 72 h (M)}\n    release: {when: [days_served]}"}},
     "Negatives taken less than 24 hours apart count once [H]. A negative taken sooner than 3 days after onset does "
     "not count [M].",
     "采样间隔不足24小时的阴性结果只计一次 [H]。发病后3天内采样的阴性结果不计 [M]。"},

    // ---- what happens when ----
    {"exception",
     {{"release: {when: [days_served]}\n",
       "release: {when: [days_served]}\n    except: [{when: {age_under: 14 (H)}, at: hospital, with: carer}]\n"}},
     "- If they are under 14 years old: in hospital, together with their carer, who is enrolled too.",
     "- 如果未满14周岁：在医院，由照护人陪同，照护人一并纳管。"},
    {"otherwise",
     {{"      symptom: {end: became_case, enrol: case}",
       "      symptom: [{when: [pregnant], tasks: report, tell: [family, police]}, {undo: caused}]"}},
     "- When symptoms begin, if they are pregnant: task: report the case; the family and the police are told.\n- When "
     "symptoms begin, "
     "otherwise: everyone and every place enrolled because of them is let go.",
     "- 出现症状时，如果是孕妇：下达任务：报告病例；通知家属和公安。\n- "
     "出现症状时，其他情形：因其纳管的人员和场所一律解除。"},
    {"others enrolled",
     {{"      symptom: {end: became_case, enrol: case}",
       "      symptom: {enrol: {pathway: contact, who: household}, restart: propose}"}},
     "they go back to the first stage, and the restriction is proposed anew; the household begins the pathway "
     "“contact”",
     "回到第一阶段，限制措施重新报批；同住人进入“contact”流程"},
    {"start",
     {{"    day_zero: last_exposure\n    " WATCHED,
       "    day_zero: last_exposure\n    start: [{when: immune, stage: safe}, {stage: watched}]\n    stages:\n"
       "      safe: {name: {en: told only, zh: 仅告知}, at: home, for: 3 d (H), next: released}\n      watched: {"}},
     "It begins in: if they are known to be immune: “told only”; otherwise: “watched at home”.",
     "起始阶段：已证实有免疫力的：“仅告知”；其他情形：“居家观察”。"},
    {"care",
     {{"measures:\n", "overrides: {care: [clinician, commander]}\nmeasures:\n"}},
     "- A clinician or the duty commander may let a person through to medical care at any time",
     "临床医生或值班指挥员可随时放行人员就医"},
    {"kept",
     {{"measures:\n", "retention: {presence: 60 d (S)}\nmeasures:\n"}},
     "Kept after release: where people were, 60 days [S]; then erased.",
     "解除后的保存期限：到访轨迹60天 [S]；期满删除。"},
};

static void test_sentences(void)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        const struct sentence *t = &sentences[i];
        struct reading reading;
        if (OK(explained_read(&reading, t->change, 3), "%s: the protocol is read", t->row)) {
            for (int l = 0; l < LANG_COUNT; l++) {
                const char *want = l == LANG_ZH ? t->zh : t->en;
                struct sink out = {0};
                struct explain_options options = {.language = (lang)l, .pathway = PROTOCOL_NONE};
                protocol_explain(&reading.p, &options, &out);
                bool found = out.text != NULL && strstr(out.text, want) != NULL;
                OK(found, "%s in %s", t->row, l == LANG_ZH ? "Chinese" : "English");
                if (!found) (void)printf("# not found: %s\n# in: %.20000s\n", want, out.text == NULL ? "" : out.text);
                sink_close(&out);
            }
        }
        files_close(&reading);
    }
}

// ---- one pathway ----

static void test_one_pathway(void)
{
    struct reading reading;
    if (!OK(explained_read(&reading, NULL, 0), "the example is read")) return;
    char *all = explain(&reading.p, LANG_EN, PROTOCOL_NONE, 0), *one = explain(&reading.p, LANG_EN, 1, 0);
    OK(strstr(all, "## Pathway “case”") != NULL && strstr(all, "## Measures") != NULL, "everything holds all sections");
    OK(strstr(one, "## Pathway “contact”") != NULL, "the pathway asked for");
    OK(strstr(one, "## Pathway “case”") == NULL && strstr(one, "## Measures") == NULL, "and no other");
    OK(strstr(one, "- H: General knowledge") != NULL && strstr(one, "- S: Safeguard") == NULL,
       "only the sources of its figures");
    OK(strstr(one, "pathways.contact.stages.watched.for") != NULL && strstr(one, "pathways.case.") == NULL,
       "only its figures");
    free(all);
    free(one);
    files_close(&reading);
}

// ---- breaking lines ----

static void test_columns(void)
{
    struct reading reading;
    if (!OK(explained_read(&reading, NULL, 0), "the example is read")) return;
    for (int l = 0; l < LANG_COUNT; l++) {
        enum { COLUMNS = 60 };
        char *text = explain(&reading.p, (lang)l, PROTOCOL_NONE, COLUMNS);
        struct str rest = str_z(text), line;
        static const char *const closing[] = {"，", "。", "；", "：", "”", "）", "、", ",", ".", ";"};
        while (str_cut(&rest, '\n', &line)) {
            bool heading = str_starts(line, "#");
            CHECK(heading || str_columns(line) <= COLUMNS, "no line is wider than asked: %.*s", STR_ARG(line));
            struct str begins = str_trim(line);
            for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
                CHECK(!str_starts(begins, closing[i]), "no line begins with a closing mark: %.*s", STR_ARG(line));
        }
        free(text);
    }
    files_close(&reading);
}

static void test_break(void)
{
    static const struct {
        const char *text;
        double room;
        const char *line[4];
    } rows[] = {
        {"one two three", 7, {"one two", "three"}},
        {"one  two", 4, {"one", "two"}},
        {"unbreakable", 5, {"unbre", "akabl", "e"}},
        {"甲乙，丙丁", 5, {"甲", "乙，", "丙丁"}}, // the comma may not begin a line: 乙 goes with it
        {"甲（乙）丙", 6, {"甲", "（乙）", "丙"}},
        {"甲abc乙", 4, {"甲", "abc", "乙"}},
        {"", 5, {NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str left = str_z(rows[i].text), line;
        for (size_t k = 0; k < 4; k++) {
            bool more = prose_break(&left, rows[i].room, prose_columns, &line);
            const char *want = rows[i].line[k];
            if (!OK(more == (want != NULL), "“%s”, line %zu is there or not", rows[i].text, k) || !more) break;
            OK(str_eq_z(line, want), "“%s”, line %zu is “%.*s”", rows[i].text, k, STR_ARG(line));
        }
    }
}

// ---- everything shipped ----

static void test_shipped(void)
{
    struct shipped shipped;
    explained_shipped(&shipped);
    OK(shipped.count > 1, "there are protocols to explain");
    for (size_t i = 0; i < shipped.count; i++) {
        struct reading reading;
        if (!OK(explained_read_file(&reading, shipped.path[i]), "%s is read", shipped.path[i])) continue;
        for (int l = 0; l < LANG_COUNT; l++) {
            char *text = explain(&reading.p, (lang)l, PROTOCOL_NONE, 0);
            CHECK(text != NULL && str_utf8_valid(str_z(text)) == strlen(text), "%s: UTF-8", shipped.path[i]);
            CHECK(strstr(text, "{1}") == NULL && strstr(text, "(null)") == NULL, "%s: every gap is filled",
                  shipped.path[i]);
            for (size_t k = 0; k < reading.p.stage_count; k++)
                CHECK(strstr(text, reading.p.stages[k].label.text[l]) != NULL, "stage %s is named",
                      reading.p.stages[k].name);
            for (size_t k = 0; k < reading.p.figure_count; k++)
                CHECK(strstr(text, reading.p.figures[k].origin.path) != NULL, "figure %s is listed",
                      reading.p.figures[k].origin.path);
            for (size_t k = 0; k < reading.p.source_count; k++)
                CHECK(strstr(text, reading.p.sources[k].title.text[l]) != NULL, "source %s is named",
                      reading.p.sources[k].key);
            for (size_t k = 0; k < reading.p.measure_count; k++)
                CHECK(strstr(text, reading.p.measures[k].label.text[l]) != NULL, "measure %s is named",
                      reading.p.measures[k].name);
            free(text);
        }
        files_close(&reading);
    }
}

// ---- words ----

// The list of conditions is the reader's: each example is accepted, and a word that is not in it is not.
static void test_conditions(void)
{
    size_t count;
    const struct condition_example *list = condition_examples(&count);
    for (size_t i = 0; i < count; i++) {
        char put[200];
        const char *close = strchr(list[i].example, '}');
        if (close != NULL) // {first_exposure: 5 d}
            (void)snprintf(put, sizeof put, "release: {when: [{%.*s%s}}]}", (int)(close - list[i].example),
                           list[i].example, list[i].figure ? " (H)" : "");
        else
            (void)snprintf(put, sizeof put, "release: {when: [{%s%s%s}]}", list[i].example,
                           strchr(list[i].example, ':') == NULL ? ": yes" : "", list[i].figure ? " (H)" : "");
        struct replaced change = {"release: {when: [days_served]}", put};
        struct reading reading;
        OK(explained_read(&reading, &change, 1), "condition %s", list[i].name);
        files_close(&reading);
    }
}

static void test_words(void)
{
    struct sink out = {0};
    OK(explain_words(LANG_EN, NULL, &out), "all the lists");
    const char *const some[] = {"follow_up_worker", "集中隔离点", "days_since: {first_exposure: 5 d}", "role (role)",
                                "last_exposure"};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        OK(strstr(out.text, some[i]) != NULL, "%s is among them", some[i]);
    sink_close(&out);
    OK(explain_words(LANG_ZH, "place", &out) && strncmp(out.text, "place (场所)", strlen("place (场所)")) == 0,
       "one list");
    OK(strstr(out.text, "clinician") == NULL, "and no other");
    sink_close(&out);
    OK(!explain_words(LANG_EN, "plaice", &out) && sink_kept(&out).n == 0, "no such list");
    explain_word_lists(&out);
    OK(strstr(out.text, "event, exposure") == out.text && strstr(out.text, ", condition") != NULL,
       "the names of the lists");
    sink_close(&out);
}

int main(void)
{
    test_sentences();
    test_one_pathway();
    test_columns();
    test_break();
    test_shipped();
    test_conditions();
    test_words();
    return tap_done();
}
