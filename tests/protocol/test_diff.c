// What changed between two editions: each row changes one thing of the documentation's example, and the comparison must
// say it, under its theme, in both languages, and say nothing else.
#include "explained.h"
#include "protocol/diff.h"

struct change {
    const char *row;
    struct replaced before[2], after[3]; // in the example
    diff_theme theme;
    size_t total; // changes in all; 0: one
    const char *en, *zh;
};

#define SAME           \
    {                  \
        {              \
            NULL, NULL \
        }              \
    }
#define ZONE                                                                                                        \
    "\n  zone:\n    of: place\n    day_zero: last_case\n    unit: [building]\n    at_most: 20 d (S)\n    stages:\n" \
    "      shut: {name: {en: shut, zh: 封控}, for: 7 d (H), round: {on: 3 (H)}, next: released}\n"                \
    "    release: {when: [{no_new_case: 7 d (H)}]}\n\nmeasures:\n"
#define WITH_ZONE                 \
    {                             \
        {                         \
            "\nmeasures:\n", ZONE \
        }                         \
    }
#define SECOND(name, label) \
    "next: " name "}\n      " name ": {name: {en: " label ", zh: 后段}, at: home, for: 3 d (H), next: released}\n"

static const struct change changes[] = {
    // ---- nothing ----
    {"the same", SAME, SAME, DIFF_DATES, SIZE_MAX, "Nothing changed.", "没有变化。"},
    {"notation",
     SAME,
     {{"incubation: 14 d (H)", "incubation: 2 w (H)"},
      {"tasks: [report, list_contacts]", "tasks:   [ report,list_contacts ]"}},
     DIFF_DATES,
     SIZE_MAX,
     "Nothing changed.",
     "没有变化。"},
    {"order of keys",
     SAME,
     {{"of: person\n    day_zero: onset_or_sample", "day_zero: onset_or_sample # a comment\n    of: person"}},
     DIFF_DATES,
     SIZE_MAX,
     "Nothing changed.",
     "没有变化。"},
    {"sources written once for all",
     SAME,
     {{"disease: {name: examplitis, incubation: 14 d (H), episode: 90 d (M)}",
       "disease: {name: examplitis, incubation: 14 d, episode: 90 d (M), source: H}"}},
     DIFF_DATES,
     SIZE_MAX,
     "Nothing changed.",
     "没有变化。"},

    // ---- dates ----
    {"from",
     SAME,
     {{"from: 2026-01-01", "from: 2026-02-01"}},
     DIFF_DATES,
     0,
     "- In force from. Before: 1 January 2026. Now: 1 February 2026.",
     "- 施行日期。原：2026年1月1日；现：2026年2月1日。"},
    {"until",
     SAME,
     {{"from: 2026-01-01", "from: 2026-01-01, until: 2026-06-01"}},
     DIFF_DATES,
     0,
     "- Last day in force. New: 31 May 2026.",
     "- 施行的最后一日。新增：2026年5月31日。"},
    {"policy",
     SAME,
     {{"running: finish", "running: move"}},
     DIFF_DATES,
     0,
     "Now: they move to this edition at once.",
     "现：立即转按本版本执行。"},
    {"incubation",
     SAME,
     {{"incubation: 14 d", "incubation: 21 d"}},
     DIFF_DATES,
     0,
     "- Longest incubation: 21 days instead of 14 days (7 days more).",
     "- 最长潜伏期：由14天改为21天（增加7天）。"},
    {"zone of time",
     SAME,
     {{"zone: UTC", "zone: UTC+8"}},
     DIFF_DATES,
     0,
     "Before: UTC. Now: UTC+8.",
     "原：UTC；现：UTC+8。"},

    // ---- case ----
    {"a row more",
     SAME,
     {{"results:\n", "results:\n  - {test: antigen, outcome: positive, means: screening_positive}\n"}},
     DIFF_CASE,
     0,
     "- What a result means. New: antigen, positive: a screening positive, not yet a case.",
     "- 检测结果的含义。新增：抗原，阳性：初筛阳性，尚不作为病例。"},
    {"another order",
     SAME,
     {{"  - {test: pcr, outcome: positive, means: positive}\n  - {test: pcr, outcome: negative, means: negative}\n",
       "  - {test: pcr, outcome: negative, means: negative}\n  - {test: pcr, outcome: positive, means: positive}\n"}},
     DIFF_CASE,
     0,
     "stand in another order",
     "顺序有变化"},
    {"ladder",
     SAME,
     {{"confirmed: {when: [positive]}", "confirmed: {when: [positive, symptomatic]}"}},
     DIFF_CASE,
     0,
     "- Confirmed case. Before: when they have tested positive. Now: when they have tested positive and have symptoms.",
     "- 确诊病例。原：检测曾为阳性；现：检测曾为阳性，且有症状。"},
    {"a step more",
     SAME,
     {{"case:\n  confirmed", "case:\n  suspected: {when: [symptomatic]}\n  confirmed"}},
     DIFF_CASE,
     0,
     "- Suspected case. New: when they have symptoms.",
     "- 疑似病例。新增：有症状。"},

    // ---- window ----
    {"opens",
     SAME,
     {{"opens: 2 d before onset", "opens: 4 d before onset"}},
     DIFF_WINDOW,
     0,
     "- How long before onset a case may have infected others: 4 days instead of 2 days (2 days more).",
     "- 发病前追踪天数：由2天改为4天（增加2天）。"},
    {"closes",
     SAME,
     {{"closes: [isolated, died]", "closes: [isolated, buried]"}},
     DIFF_WINDOW,
     0,
     "Now: as soon as they are effectively isolated or they are safely buried.",
     "现：已有效隔离或遗体已安全处置。"},

    // ---- contacts ----
    {"kinds",
     SAME,
     {{"kinds: [household, care]", "kinds: [household, care, meal]"}},
     DIFF_CONTACTS,
     0,
     "same household, direct care or shared meal",
     "同住、直接照护或共餐"},
    {"condition",
     SAME,
     {{"kinds: [household, care]", "kinds: [household, care], when: {protection: [none]}"}},
     DIFF_CONTACTS,
     0,
     ", if there was no protection",
     "，且当时无防护"},
    {"a class more",
     SAME,
     {{"\npathways:\n", "  far: {name: {en: far contact, zh: 一般接触者}, of: case, pathway: contact}\n\npathways:\n"}},
     DIFF_CONTACTS,
     0,
     "- Class “far contact”. New: whoever met",
     "- 类别“一般接触者”。新增：与"},
    {"the door",
     SAME,
     {{"on:\n  positive: {enrol: case}", "on:\n  signal: {enrol: contact}\n  positive: {enrol: case}"}},
     DIFF_CONTACTS,
     0,
     "- When a signal comes in. New: they begin the pathway “contact”.",
     "- 收到信号时。新增：进入“contact”流程。"},
    {"who judges",
     SAME,
     {{"anything_else: {ask: case_investigator}", "anything_else: {ask: health_officer}"}},
     DIFF_CONTACTS,
     0,
     "Before: the case investigator. Now: the public health officer.",
     "原：流调员；现：公共卫生主管。"},

    // ---- stages and days ----
    {"days",
     SAME,
     {{"for: 14 d", "for: 10 d"}},
     DIFF_STAGES,
     2,
     "- Pathway “contact”, from day 0 to the end when nothing happens: 10 days instead of 14 days (4 days less).\n"
     "- Pathway “contact”, stage “watched at home”, how long: 10 days instead of 14 days (4 days less).",
     "阶段“居家观察”，天数：由14天改为10天（减少4天）。"},
    {"another kind of end",
     SAME,
     {{"for: 14 d", "until: day 14 after first_exposure"}},
     DIFF_STAGES,
     0,
     "how long. Before: for 14 days. Now: until day 14 after the first exposure.",
     "天数。原：共14天；现：至首次暴露后第14天。"},
    {"day 0",
     SAME,
     {{"day_zero: last_exposure", "day_zero: first_exposure"}},
     DIFF_STAGES,
     0,
     "Before: the last exposure. Now: the first exposure.",
     "原：末次暴露；现：首次暴露。"},
    {"place",
     SAME,
     {{"at: home, for", "at: quarantine_site, for"}},
     DIFF_STAGES,
     0,
     "where it is spent. Before: at home. Now: at a quarantine site.",
     "地点。原：居家；现：在集中隔离点。"},
    {"a stage more",
     SAME,
     {{"next: released}\n", SECOND("after", "afterwards")}},
     DIFF_STAGES,
     3,
     "- Pathway “contact” has a new stage “afterwards”: at home, for 3 days.",
     "“contact”流程新增阶段“后段”：居家，共3天。"},
    {"a stage less",
     {{"next: released}\n", SECOND("after", "afterwards")}},
     SAME,
     DIFF_STAGES,
     3,
     "- Pathway “contact” no longer has the stage “afterwards”.",
     "“contact”流程取消阶段“后段”。"},
    {"what happens",
     SAME,
     {{"      symptom: {end: became_case, enrol: case}",
       "      symptom: {end: became_case, enrol: case, tell: family}"}},
     DIFF_STAGES,
     0,
     "- Pathway “contact”, when symptoms begin. New: the family is told.",
     "- “contact”流程，出现症状时。新增：通知家属。"},
    {"a reaction less",
     SAME,
     {{"    on:\n      died: {end: died, tell: [family]}\n", ""}},
     DIFF_STAGES,
     0,
     "- Pathway “case”, when they die. No longer: this pathway ends (died); the family is told.",
     "- “case”流程，死亡时。取消：本流程结束（死亡）；通知家属。"},
    {"another condition of a reaction",
     {{"      symptom: {end: became_case, enrol: case}", "      symptom: {when: pregnant, end: became_case}"}},
     {{"      symptom: {end: became_case, enrol: case}", "      symptom: {when: unfit, end: became_case}"}},
     DIFF_STAGES,
     2,
     "when symptoms begin, if they are pregnant. No longer: this pathway ends (became a case).",
     "出现症状时，如果是孕妇。取消：本流程结束（转为病例）。"},

    // ---- tests ----
    {"samples",
     SAME,
     {{"check: {a_day: 1, record: symptoms}", "check: {a_day: 1, record: symptoms}, sample: {on: 1 7 (H)}"}},
     DIFF_TESTS,
     0,
     "samples and rounds. New: Sampling on days 1 and 7 of this stage: ",
     "采样与检测。新增：采样：本阶段第1、7天，"},
    {"checks",
     SAME,
     {{"a_day: 1", "a_day: 2 (H)"}},
     DIFF_TESTS,
     0,
     "Before: Health check every day by the follow-up worker",
     "原：健康监测：每天，"},
    {"late",
     SAME,
     {{"day_zero: last_exposure", "day_zero: last_exposure\n    late: make_up_once"}},
     DIFF_TESTS,
     0,
     "who is named late. New: one sample",
     "纳管较迟的。新增：立即补采一次。"},

    // ---- release ----
    {"conditions",
     SAME,
     {{"release: {when: [days_served]}", "release: {when: [days_served, last_sample_negative]}"}},
     DIFF_RELEASE,
     0,
     "Now: Released when all the days are served and the last sample is negative.",
     "现：同时满足以下条件方可解除：规定天数已满，且末次采样结果为阴性。"},
    {"at most",
     SAME,
     {{"at_most: 60 d", "at_most: 40 d"}},
     DIFF_RELEASE,
     0,
     "- Pathway “case”, all restrictions together at most: 40 days instead of 60 days (20 days less).",
     "限制措施累计最长：由60天改为40天（减少20天）。"},
    {"negatives",
     SAME,
     {{"    at_most: 60 d", "    negatives: {apart: 24 h (H)}\n    at_most: 60 d"}},
     DIFF_RELEASE,
     0,
     "which negatives count. New: Negatives taken less than 24 hours apart count once.",
     "阴性结果的计算。新增：采样间隔不足24小时的阴性结果只计一次。"},

    // ---- measures ----
    {"who orders",
     SAME,
     {{"order_by: health_officer", "order_by: city_command"}},
     DIFF_MEASURES,
     0,
     "Now: It binds only once the city command has signed the order.",
     "现：由市级指挥部签发指令后方可执行。"},
    {"signatures",
     SAME,
     {{"persons: 1", "persons: 2"}},
     DIFF_MEASURES,
     0,
     "(2 different people sign)",
     "（须2人签字）"},
    {"basis",
     SAME,
     {{"basis: {en: Public health act, zh: 传染病防治法}", "basis: {en: Another act, zh: 突发事件应对法}"}},
     DIFF_MEASURES,
     0,
     "Now: Its basis: Another act.",
     "现：依据：突发事件应对法。"},
    {"review",
     SAME,
     {{"review: 7 d (S)", "review: 3 d (S)"}},
     DIFF_MEASURES,
     0,
     "One order covers at most 3 days",
     "每份指令最长有效3天"},
    {"kept",
     SAME,
     {{"\nmeasures:\n", "\nretention: {presence: 60 d (S)}\nmeasures:\n"}},
     DIFF_MEASURES,
     0,
     "Where people were is kept: 60 days instead of 0 days",
     "到访轨迹保存期限：由0天改为60天"},
    {"a stage's measure",
     SAME,
     {{"at: home, for: 14 d (H), ", "at: home, for: 14 d (H), measure: isolation, "}},
     DIFF_MEASURES,
     0,
     "stage “watched at home”, the measure. New: “isolation in hospital”.",
     "阶段“居家观察”，措施。新增：“住院隔离”。"},
    {"its days",
     {{"measure: isolation, tasks", "measure: isolation, measure_for: 5 d (H), tasks"}},
     {{"measure: isolation, tasks", "measure: isolation, measure_for: 3 d (H), tasks"}},
     DIFF_MEASURES,
     0,
     "Now: “isolation in hospital”, for the first 3 days of the stage.",
     "现：“住院隔离”（仅本阶段前3天）。"},
    {"exceptions",
     SAME,
     {{"release: {when: [days_served]}\n",
       "release: {when: [days_served]}\n    except: [{when: pregnant, at: hospital}]\n"}},
     DIFF_MEASURES,
     0,
     "exceptions. New: If they are pregnant: in hospital.",
     "例外情形。新增：如果是孕妇：在医院。"},

    // ---- tasks ----
    {"limit",
     SAME,
     {{"by: clinician, within: 24 h", "by: clinician, within: 2 h"}},
     DIFF_TASKS,
     0,
     "- Task “report the case”, time limit: 2 hours instead of 24 hours (22 hours less).",
     "- 任务“报告病例”时限：由24小时改为2小时（减少22小时）。"},
    {"who",
     SAME,
     {{"do: report, by: clinician", "do: report, by: laboratory"}},
     DIFF_TASKS,
     0,
     "- Task “report the case”. Before: a clinician, within 24 hours",
     "现：由实验室自获知起24小时内完成"},
    {"a task more",
     SAME,
     {{"\ntasks:\n", "\ntasks:\n  inform: {name: {en: tell them, zh: 告知本人}, do: inform, by: community_worker, "
                     "missed: {tell: commander}}\n"}},
     DIFF_TASKS,
     0,
     "- Task “tell them”. New: the community worker, by the end of the day",
     "- 任务“告知本人”。新增：由社区工作者当日内完成"},
    {"on entering",
     SAME,
     {{"tasks: [report, list_contacts]", "tasks: [report]"}},
     DIFF_TASKS,
     0,
     "on entering. No longer: task: list contacts.",
     "进入时。取消：下达任务：排查密接。"},

    // ---- zones ----
    {"days of a zone",
     WITH_ZONE,
     {{"\nmeasures:\n", ZONE}, {"for: 7 d (H), round", "for: 5 d (H), round"}},
     DIFF_ZONES,
     2,
     "- Pathway “zone”, stage “shut”, how long: 5 days instead of 7 days (2 days less).",
     "阶段“封控”，天数：由7天改为5天"},
    {"units of a zone",
     WITH_ZONE,
     {{"\nmeasures:\n", ZONE}, {"unit: [building]", "unit: [estate, village]"}},
     DIFF_ZONES,
     0,
     "it may be drawn as. Before: building. Now: estate, village.",
     "划定单元。原：楼栋；现：小区、自然村。"},
    {"rounds of a zone",
     WITH_ZONE,
     {{"\nmeasures:\n", ZONE}, {"round: {on: 3 (H)}", "round: {on: 1 3 (H)}"}},
     DIFF_ZONES,
     0,
     "Now: Test round on days 1 and 3",
     "现：一轮检测：本阶段第1、3天"},
    {"release of a zone",
     WITH_ZONE,
     {{"\nmeasures:\n", ZONE}, {"no_new_case: 7 d", "no_new_case: 5 d"}},
     DIFF_ZONES,
     0,
     "Now: Released when there has been no new case for 5 days.",
     "现：解除条件：连续5天无新增病例。"},
    {"a new zone", SAME, WITH_ZONE, DIFF_ZONES, 0, "- There is a new pathway “zone”: “shut” (7 days).",
     "- 新增“zone”流程：“封控”（7天）。"},

    // ---- sources ----
    {"a source's title",
     SAME,
     {{"{en: Safeguard of this system, zh: 系统保障值}", "{en: The safeguard, zh: 保障值}"}},
     DIFF_SOURCES,
     0,
     "- Source S. Before: Safeguard of this system",
     "- 来源S。原：系统保障值（"},
    {"a source's confidence",
     SAME,
     {{"zh: 常识}, confidence: medium", "zh: 常识}, confidence: low"}},
     DIFF_SOURCES,
     0,
     "(general knowledge, low confidence)",
     "（常识"},
    {"a figure's source",
     SAME,
     {{"incubation: 14 d (H)", "incubation: 14 d (M)"}},
     DIFF_SOURCES,
     0,
     "- Where disease.incubation = 14 d comes from. Before: H. Now: M.",
     "- disease.incubation = 14 d 的来源。原：H；现：M。"},
};

static void test_change(const struct change *t)
{
    struct reading before, after;
    bool good = OK(explained_read(&before, t->before, 2), "%s: the edition before is read", t->row);
    good = OK(explained_read(&after, t->after, 3), "%s: the edition after is read", t->row) && good;
    for (int l = 0; l < LANG_COUNT && good; l++) {
        struct sink out = {0};
        struct diff_count count = protocol_diff(&before.p, &after.p, (lang)l, 0, &out);
        size_t want = t->total == 0 ? 1 : t->total == SIZE_MAX ? 0 : t->total;
        bool fine = EQ_INT(count.total, want, "%s: so many changes", t->row);
        fine = EQ_INT(count.by_theme[t->theme], want, "%s: all under their theme", t->row) && fine;
        const char *text = l == LANG_ZH ? t->zh : t->en;
        bool said = out.text != NULL && strstr(out.text, text) != NULL;
        fine = OK(said, "%s: said in %s", t->row, l == LANG_ZH ? "Chinese" : "English") && fine;
        if (!fine) (void)printf("# %s\n", out.text == NULL ? "" : out.text);
        sink_close(&out);
    }
    files_close(&before);
    files_close(&after);
}

// ---- the table of stages ----

static void test_renames(void)
{
    static const struct replaced before[] = {{"next: released}\n", SECOND("after", "afterwards")}};
    static const struct replaced moved[] = {
        {"next: released}\n", SECOND("later", "later on")},
        {"running: finish}", "running: move, stages: {contact.after: contact.later}}"}};
    static const struct replaced ended[] = {{"running: finish}", "running: move, stages: {contact.after: ends}}"}};
    struct reading a, b;
    struct sink out = {0};
    bool good =
        OK(explained_read(&a, before, 1) && explained_read(&b, moved, 2), "two editions with another name for a stage");
    if (good) {
        struct diff_count count = protocol_diff(&a.p, &b.p, LANG_EN, 0, &out);
        EQ_INT(count.by_theme[DIFF_STAGES], 1, "the stage is the same but for its name");
        OK(strstr(out.text, "what it is called. Before: “afterwards”. Now: “later on”.") != NULL, "and that is said");
        OK(strstr(out.text, "Whoever is in the stage “afterwards” of the pathway “contact” goes on in “later on”.") !=
               NULL,
           "who goes where");
        uint8_t from = protocol_stage(&a.p, 1, STR("after"));
        EQ_INT(diff_stage(&a.p, &b.p, from), protocol_stage(&b.p, 1, STR("later")), "by the table");
        EQ_INT(diff_stage(&b.p, &a.p, protocol_stage(&b.p, 1, STR("later"))), PROTOCOL_NONE,
               "which holds in one direction");
        EQ_INT(diff_pathway(&a.p, &b.p, 1), 1, "a pathway by its name");
        sink_close(&out);
    }
    files_close(&b);
    if (good && OK(explained_read(&b, ended, 1), "an edition in which a stage ends")) {
        (void)protocol_diff(&a.p, &b.p, LANG_ZH, 0, &out);
        OK(strstr(out.text, "原处于“contact”流程“后段”阶段的，予以解除。") != NULL, "they are released");
        EQ_INT(diff_stage(&a.p, &b.p, protocol_stage(&a.p, 1, STR("after"))), PROTOCOL_NONE, "no stage follows it");
        sink_close(&out);
    }
    files_close(&a);
    files_close(&b);
}

// Comparing anything with anything says something and falls over nothing; with itself nothing changed.
static void test_shipped(void)
{
    struct shipped shipped;
    explained_shipped(&shipped);
    for (size_t i = 0; i < shipped.count; i++)
        for (size_t k = 0; k < shipped.count; k++) {
            struct reading a, b;
            bool good = explained_read_file(&a, shipped.path[i]);
            good = explained_read_file(&b, shipped.path[k]) && good;
            struct sink out = {0};
            struct diff_count count = {0};
            if (good) count = protocol_diff(&a.p, &b.p, (i + k) % 2 == 0 ? LANG_EN : LANG_ZH, 0, &out);
            OK(good && sink_good(&out) && (count.total == 0) == (i == k), "%s and %s", a.p.id, b.p.id);
            CHECK(out.text != NULL && strstr(out.text, "{1}") == NULL && strstr(out.text, "(null)") == NULL,
                  "every gap is filled");
            sink_close(&out);
            files_close(&a);
            files_close(&b);
        }
}

int main(void)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) test_change(&changes[i]);
    test_renames();
    test_shipped();
    return tap_done();
}
