// Tests: how good they are, what prevalence stands behind them, what pooling costs.
#include "cli/epi.h"
#include "epi/pooled.h"
#include "epi/pooled_prevalence.h"
#include "epi/two_by_two.h"

#include <math.h>
#include <string.h>

static const struct result_column test_column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                   {"estimate", LABEL("estimate", "估计值"), RESULT_REAL},
                                                   {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                   {"upper", LABEL("to", "上限"), RESULT_REAL}};

static void test_row(struct result *r, struct label name, const struct interval *i)
{
    result_label(r, name);
    result_real(r, i->estimate);
    result_real(r, i->lower);
    result_real(r, i->upper);
}

// ---- accuracy ----

struct accuracy_options {
    struct epi_common common;
    struct str test, truth, cells;
};
#define ACCURACY(m) offsetof(struct accuracy_options, m)
static const struct cli_option accuracy_option[] = {
    EPI_COMMON(struct accuracy_options),
    {"test", CLI_TEXT, ACCURACY(test), "COLUMN",
     LABEL("what the test said: positive, negative", "检测结果列：阳性/阴性"), 0, 0},
    {"truth", CLI_TEXT, ACCURACY(truth), "COLUMN", LABEL("what is true", "真实情况列"), 0, 0},
    {"cells", CLI_TEXT, ACCURACY(cells), "TP,FP,FN,TN",
     LABEL("or the four counts", "或直接给出四个数：真阳性、假阳性、假阴性、真阴性"), 0, 0},
};
static const struct accuracy_options accuracy_defaults = {EPI_COMMON_DEFAULTS};

static tong_code accuracy_read(struct epi_run *run, const struct accuracy_options *o, struct two_by_two *t)
{
    static const struct message which = {"epi-accuracy", PROBLEM_ERROR,
                                         LABEL("neither columns nor counts are said", "未给出列或数目"),
                                         LABEL("say --test and --truth with a file, or --cells TP,FP,FN,TN",
                                               "请给出文件并用 --test、--truth，或用 --cells 真阳,假阳,假阴,真阴")};
    int8_t *test, *truth;
    int64_t v[4];
    struct str rest = o->cells, part;
    int n = 0;
    while (n < 4 && str_cut(&rest, ',', &part) && str_int(str_trim(part), &v[n]) && v[n] >= 0 && v[n] < 1000000000) n++;
    if (n == 4 && rest.n == 0) {
        *t = (struct two_by_two){v[0], v[1], v[2], v[3]};
        return TONG_OK;
    }
    if (o->cells.n > 0 || o->test.n == 0 || o->truth.n == 0 || run->table.rows == 0)
        return epi_fault(run, &which, NULL, NULL);
    int32_t a = csv_table_column(&run->table, o->test, &run->problems),
            b = csv_table_column(&run->table, o->truth, &run->problems);
    if (a < 0 || b < 0 || !csv_table_flags(&run->table, a, &run->arena, &run->problems, &test) ||
        !csv_table_flags(&run->table, b, &run->arena, &run->problems, &truth))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    for (size_t i = 0; i < run->table.rows; i++) {
        if (test[i] < 0 || truth[i] < 0) continue;
        if (test[i] == 1) truth[i] == 1 ? t->a++ : t->b++;
        else truth[i] == 1 ? t->c++ : t->d++;
    }
    return TONG_OK;
}

static tong_code accuracy_work(struct epi_run *run, void *options)
{
    struct two_by_two t = {0};
    struct diagnostic_accuracy d;
    tong_code code = accuracy_read(run, options, &t);
    if (code == TONG_OK) code = diagnostic_accuracy(&t, run->common->level, &d, &run->err);
    if (code != TONG_OK) return code;
    struct result *r = &run->result;
    result_begin(r, "accuracy", (struct label)LABEL("Accuracy of the test", "检测准确性"), test_column, 4);
    result_about(r,
                 result_say(&run->arena,
                            &(struct label)LABEL("%lld with the disease, %lld without", "患病 %lld 人，未患病 %lld 人"),
                            (long long)(t.a + t.c), (long long)(t.b + t.d)),
                 run->source);
    test_row(r, (struct label)LABEL("sensitivity", "灵敏度"), &d.sensitivity);
    test_row(r, (struct label)LABEL("specificity", "特异度"), &d.specificity);
    test_row(r, (struct label)LABEL("positive predictive value", "阳性预测值"), &d.positive_predictive);
    test_row(r, (struct label)LABEL("negative predictive value", "阴性预测值"), &d.negative_predictive);
    test_row(r, (struct label)LABEL("positive likelihood ratio", "阳性似然比"), &d.positive_ratio);
    test_row(r, (struct label)LABEL("negative likelihood ratio", "阴性似然比"), &d.negative_ratio);
    test_row(r, (struct label)LABEL("apparent prevalence", "表观患病率"), &d.apparent_prevalence);
    test_row(r, (struct label)LABEL("true prevalence", "真实患病率"), &d.true_prevalence);
    test_row(r, (struct label)LABEL("Youden's index", "约登指数"), &d.youden);
    test_row(r, (struct label)LABEL("diagnostic odds ratio", "诊断比值比"), &d.odds_ratio);
    return TONG_OK;
}

// ---- prevalence ----

struct prevalence_options {
    struct epi_common common;
    int64_t positive, tested;
    double sensitivity, specificity;
};
#define PREVALENCE(m) offsetof(struct prevalence_options, m)
static const struct cli_option prevalence_option[] = {
    EPI_COMMON(struct prevalence_options),
    {"positive", CLI_INTEGER, PREVALENCE(positive), "N", LABEL("people who tested positive", "阳性人数"), 0, 1e12},
    {"tested", CLI_INTEGER, PREVALENCE(tested), "N", LABEL("people tested", "检测人数"), 1, 1e12},
    {"sensitivity", CLI_REAL, PREVALENCE(sensitivity), "P", LABEL("of the test (1)", "检测灵敏度（默认 1）"), 0.0001,
     1},
    {"specificity", CLI_REAL, PREVALENCE(specificity), "P", LABEL("of the test (1)", "检测特异度（默认 1）"), 0.0001,
     1},
};
static const struct prevalence_options prevalence_defaults = {EPI_COMMON_DEFAULTS, .positive = -1, .tested = -1,
                                                              .sensitivity = 1, .specificity = 1};

static tong_code prevalence_work(struct epi_run *run, void *options)
{
    static const struct message which = {
        "epi-prevalence", PROBLEM_ERROR,
        LABEL("--positive and --tested are needed, the first no larger than the second",
              "须给出 --positive 和 --tested，且前者不大于后者"),
        LABEL("for example --positive 17 --tested 600 --sensitivity 0.9 --specificity 0.97",
              "例如 --positive 17 --tested 600 --sensitivity 0.9 --specificity 0.97")};
    static const struct label outside =
        LABEL("The estimate lies outside 0 to 1: the test's figures do not fit this sample.",
              "估计值超出 0 至 1：检测的灵敏度、特异度与该样本不符。");
    const struct prevalence_options *o = options;
    struct interval apparent, truth;
    if (o->positive < 0 || o->tested < 1 || o->positive > o->tested) return epi_fault(run, &which, NULL, NULL);
    tong_code code =
        proportion_interval(o->positive, o->tested, run->common->level, PROPORTION_WILSON, &apparent, &run->err);
    if (code == TONG_OK)
        code = proportion_true_prevalence(&apparent, o->sensitivity, o->specificity, &truth, &run->err);
    if (code != TONG_OK) return code;
    if (truth.estimate < 0 || truth.estimate > 1) result_warning(&run->result, "outside", &outside);
    result_begin(&run->result, "prevalence", (struct label)LABEL("Prevalence", "患病率"), test_column, 4);
    result_about(
        &run->result,
        result_say(&run->arena, &(struct label)LABEL("%lld people tested", "检测 %lld 人"), (long long)o->tested), "");
    test_row(&run->result, (struct label)LABEL("apparent", "表观"), &apparent);
    test_row(&run->result, (struct label)LABEL("true (Rogan & Gladen 1978)", "真实（Rogan & Gladen 1978）"), &truth);
    return TONG_OK;
}

// ---- pools ----

struct pooled_options {
    struct epi_common common;
    double prevalence, sensitivity, specificity;
    int64_t size, inner, largest;
    struct str positive, pools, people;
};
#define POOLED(m) offsetof(struct pooled_options, m)
static const struct cli_option pooled_option[] = {
    EPI_COMMON(struct pooled_options),
    {"prevalence", CLI_REAL, POOLED(prevalence), "P",
     LABEL("part infected, to plan pools for", "感染比例，用于设计混检"), 0.0000001, 0.9999},
    {"sensitivity", CLI_REAL, POOLED(sensitivity), "P", LABEL("of one test (1)", "单次检测灵敏度（默认 1）"), 0.0001,
     1},
    {"specificity", CLI_REAL, POOLED(specificity), "P", LABEL("of one test (1)", "单次检测特异度（默认 1）"), 0.0001,
     1},
    {"size", CLI_INTEGER, POOLED(size), "N", LABEL("people a pool (the best one)", "每管人数（默认取最优）"), 2, 10000},
    {"inner", CLI_INTEGER, POOLED(inner), "N", LABEL("of the second of three stages", "三级混检的第二级人数"), 2, 9999},
    {"largest", CLI_INTEGER, POOLED(largest), "N",
     LABEL("largest pool the laboratory accepts (20)", "实验室允许的最大混检人数（默认 20）"), 2, 10000},
    {"positive", CLI_TEXT, POOLED(positive), "COLUMN",
     LABEL("of a file of pools tested: positive pools", "混检结果文件：阳性管数列"), 0, 0},
    {"pools", CLI_TEXT, POOLED(pools), "COLUMN", LABEL("pools", "总管数列"), 0, 0},
    {"people", CLI_TEXT, POOLED(people), "COLUMN", LABEL("people in each", "每管人数列"), 0, 0},
};
static const struct pooled_options pooled_defaults = {EPI_COMMON_DEFAULTS, .sensitivity = 1, .specificity = 1,
                                                      .largest = 20};

static tong_code pooled_results(struct epi_run *run, const struct pooled_options *o)
{
    static const struct message wrong = {
        "epi-pools", PROBLEM_ERROR, LABEL("these figures of pools cannot be", "混检数目不合理"),
        LABEL("positive pools of pools, each of so many people: whole numbers, no more positive than pools",
              "阳性管数、总管数、每管人数均为整数，且阳性管数不超过总管数")};
    double *positive, *pools, *people;
    int32_t a = csv_table_column(&run->table, o->positive, &run->problems),
            b = csv_table_column(&run->table, o->pools, &run->problems),
            c = csv_table_column(&run->table, o->people, &run->problems);
    if (a < 0 || b < 0 || c < 0 || !csv_table_reals(&run->table, a, &run->arena, &run->problems, &positive) ||
        !csv_table_reals(&run->table, b, &run->arena, &run->problems, &pools) ||
        !csv_table_reals(&run->table, c, &run->arena, &run->problems, &people))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    struct pooled_group *g = arena_array(&run->arena, run->table.rows, sizeof *g);
    if (g == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "pools");
    for (size_t i = 0; i < run->table.rows; i++) {
        bool good = positive[i] >= 0 && positive[i] <= pools[i] && pools[i] < 1e12 && people[i] >= 1 &&
                    people[i] <= 1e6 && positive[i] == floor(positive[i]) && pools[i] == floor(pools[i]) &&
                    people[i] == floor(people[i]);
        if (!good) {
            csv_table_blame(&run->table, i, (size_t)a, &wrong, NULL, &run->problems);
            return tong_fail(&run->err, TONG_E_INVALID, "pools");
        }
        g[i] = (struct pooled_group){(int64_t)positive[i], (int64_t)pools[i], (int32_t)people[i]};
    }
    struct pooled_prevalence p;
    tong_code code = pooled_prevalence(g, run->table.rows, run->common->level, POOLED_SKEW_SCORE, &p, &run->err);
    if (code != TONG_OK) return code;
    result_begin(&run->result, "prevalence", (struct label)LABEL("Prevalence behind the pools", "由混检推算的感染率"),
                 test_column, 4);
    epi_source(run, "");
    test_row(&run->result,
             (struct label)LABEL("prevalence (score, corrected for skewness)", "感染率（偏度校正计分法）"),
             &p.prevalence);
    test_row(&run->result, (struct label)LABEL("minimum infection rate", "最低感染率"), &p.minimum);
    return TONG_OK;
}

static tong_code pooled_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {{"scheme", LABEL("scheme", "方案"), RESULT_TEXT},
                                                  {"size", LABEL("pool", "每管人数"), RESULT_WHOLE},
                                                  {"tests", LABEL("tests a person", "人均检测次数"), RESULT_REAL},
                                                  {"sensitivity", LABEL("finds", "检出率"), RESULT_PART},
                                                  {"specificity", LABEL("clears", "正确排除率"), RESULT_PART},
                                                  {"ppv", LABEL("positive is right", "阳性预测值"), RESULT_PART},
                                                  {"npv", LABEL("negative is right", "阴性预测值"), RESULT_PART}};
    static const struct message which = {
        "epi-pooled", PROBLEM_ERROR, LABEL("neither a plan nor results are said", "未给出设计参数或检测结果"),
        LABEL("say --prevalence to plan, or a file with --positive, --pools and --people",
              "设计请给出 --prevalence；推算请给出文件及 --positive、--pools、--people")};
    static const struct label dilution =
        LABEL("The test's sensitivity is taken as the same in a pool; ask the laboratory from which size on it falls.",
              "此处假定混检不降低灵敏度；请向实验室确认从多少人起会下降。");
    const struct pooled_options *o = options;
    if (o->positive.n > 0 && o->pools.n > 0 && o->people.n > 0 && run->table.rows > 0) return pooled_results(run, o);
    if (!(o->prevalence > 0)) return epi_fault(run, &which, NULL, NULL);
    int32_t best = (int32_t)o->size;
    double tests;
    tong_code code = TONG_OK;
    if (best == 0)
        code = pooled_dorfman_optimum(o->prevalence, o->sensitivity, o->specificity, (int32_t)o->largest, &best, &tests,
                                      &run->err);
    if (code != TONG_OK) return code;
    static const struct label name[POOLED_SCHEME_COUNT] = {
        [POOLED_DORFMAN] = LABEL("pools, then alone (Dorfman)", "混检后单检（Dorfman）"),
        [POOLED_THREE_STAGE] = LABEL("three stages", "三级混检"),
        [POOLED_ARRAY] = LABEL("rows and columns", "行列混检"),
        [POOLED_ARRAY_MASTER] = LABEL("rows and columns behind one pool of all", "总混检后行列混检")};
    result_note(&run->result, "dilution", &dilution);
    result_begin(&run->result, "pools", (struct label)LABEL("What pools cost and find", "混检的代价与效果"), column, 7);
    result_about(&run->result, (struct label)LABEL("everybody tested", "全部受检者"), "");
    for (int s = 0; s < POOLED_SCHEME_COUNT; s++) {
        int32_t inner = o->inner > 0                ? (int32_t)o->inner
                        : best % 3 == 0 && best > 3 ? best / 3
                        : best % 2 == 0 && best > 2 ? best / 2
                                                    : 0;
        struct pooled_design d = {(pooled_scheme)s, best,           s == POOLED_THREE_STAGE ? inner : 0,
                                  o->sensitivity,   o->specificity, o->prevalence};
        struct pooled_figures f;
        if (pooled_design_figures(&d, &f, NULL) != TONG_OK) continue;
        result_label(&run->result, name[s]);
        result_whole(&run->result, best);
        result_real(&run->result, f.tests);
        result_part(&run->result, f.sensitivity);
        result_part(&run->result, f.specificity);
        result_part(&run->result, f.ppv);
        result_part(&run->result, f.npv);
    }
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_test_commands[] = {
    {"accuracy",
     LABEL("how good a test is: sensitivity, specificity, predictive values", "检测准确性：灵敏度、特异度、预测值"),
     LABEL("From a file of results and truths, or from the four counts.",
           "由检测结果与真实情况的文件，或四个数目计算。"),
     "[FILE.csv]", accuracy_option, COUNT(accuracy_option), &accuracy_defaults, sizeof accuracy_defaults,
     EPI_WANTS_NOTHING, accuracy_work},
    {"prevalence", LABEL("true prevalence behind an imperfect test", "由不完美检测推算真实患病率"),
     LABEL("The part that is truly infected, from the part that tested positive.", "由阳性比例推算真实感染比例。"), "",
     prevalence_option, COUNT(prevalence_option), &prevalence_defaults, sizeof prevalence_defaults, EPI_WANTS_NOTHING,
     prevalence_work},
    {"pooled",
     LABEL("what pooled testing costs, and the prevalence behind pools", "混检的代价，以及由混检结果推算感染率"),
     LABEL("Plans pools for a prevalence, or estimates the prevalence from pools that were tested.",
           "按感染率设计混检，或由混检结果推算感染率。"),
     "[FILE.csv]", pooled_option, COUNT(pooled_option), &pooled_defaults, sizeof pooled_defaults, EPI_WANTS_NOTHING,
     pooled_work},
    {0},
};
