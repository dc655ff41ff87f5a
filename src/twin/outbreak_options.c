#include "twin/outbreak_options.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

// ---- the figures ----
//
// Where a paper gives a gamma or a Weibull and we draw a lognormal (or the reverse), its median and 95th percentile, or
// its mean and deviation, are kept. A serial interval stands for the generation interval; where nobody infects before
// onset, it less the incubation period is the time from onset to transmission. The onset of measles is its rash.

#define GK "general knowledge"
#define CHOICE "choice"
#define LAUER "Lauer et al. 2020"
#define FERRETTI "Ferretti et al. 2020"
#define LINTON "Linton et al. 2020"
#define COWLING "Cowling et al. 2015"
#define ASSIRI "Assiri et al. 2013"
#define MIZUMOTO "Mizumoto et al. 2015"
#define WHO_ERT "WHO Ebola Response Team 2015"
#define LESS ": serial interval less incubation"
#define LESSLER "Lessler et al. 2009"
#define HAGELLOCH "Oesterle 1992 (Hagelloch 1861)"
#define KOREA "MERS Korea 2015: 97 of 98 links in hospitals"

struct outbreak_figure {
    double value;
    const char *source;
};
struct outbreak_row {
    const char *name;
    size_t offset;
    double least, most;
    struct label label;
    struct outbreak_figure preset[OUTBREAK_DISEASE_COUNT]; // in the order of outbreak_disease
};

#define FIELD(name) #name, offsetof(struct outbreak_options, name)
#define WEIGHT(name, kind) \
    "kind_weight." name, offsetof(struct outbreak_options, kind_weight) + OUTBREAK_##kind * sizeof(double)

// One figure of four diseases in two or three lines, or nobody could read the table.
// clang-format off
static const struct outbreak_row outbreak_row[] = {
    {FIELD(persons_per_case), 2, 1000, LABEL("people in the town for each case", "每例对应的居民数"),
     {{20, CHOICE}, {20, CHOICE}, {20, CHOICE}, {20, CHOICE}}},
    {FIELD(contacts_per_case), 0, 200, LABEL("named contacts per case", "每例登记的密接数"),
     {{10, CHOICE}, {20, CHOICE}, {8.5, "Olu et al. 2016 (Western Area, Sierra Leone)"}, {30, CHOICE}}},
    {FIELD(contacts_dispersion), 0.1, 100, LABEL("shape of the contacts' gamma", "密接数伽马分布的形状参数"),
     {{1.5, CHOICE}, {1, CHOICE}, {1.5, CHOICE}, {1.5, CHOICE}}},

    {FIELD(r_mean), 0, 50, LABEL("mean infections by one case, nobody isolated", "无隔离时每例平均传染人数"),
     {{4.5, CHOICE " between 2.5 (2020) and 9.5 (2022), " GK}, {4.5, CHOICE " between 2 and 8 (hospitals), " GK},
      {2.6, CHOICE ": 1.7 with isolation, " GK}, {2.2, CHOICE ": 15 with 85 % immune, " GK}}},
    {FIELD(dispersion_k), 0.01, 1000, LABEL("dispersion k of the offspring", "传染人数的离散参数 k"),
     {{0.43, "Adam et al. 2020; " GK}, {0.26, "Kucharski and Althaus 2015"}, {0.18, "Althaus 2015; " GK},
      {0.23, "Lloyd-Smith et al. 2005; " GK}}},
    {FIELD(interval.mean_days), 0.1, 100, LABEL("transmission interval, mean", "传播间隔均值（天）"),
     {{5.51, FERRETTI}, {5.9, COWLING LESS}, {3.9, WHO_ERT LESS}, {10.4, HAGELLOCH}}},
    {FIELD(interval.sd_days), 0, 100, LABEL("transmission interval, deviation", "传播间隔标准差（天）"),
     {{2.11, FERRETTI}, {2, CHOICE}, {5, WHO_ERT LESS}, {1.7, HAGELLOCH}}},
    {FIELD(interval_from_onset), 0, 1, LABEL("interval from the onset (1) or the infection (0)", "间隔自发病（1）或感染（0）起算"),
     {{0, FERRETTI}, {1, GK}, {1, GK}, {0, HAGELLOCH}}},
    {WEIGHT("household", HOUSEHOLD), 0, 100, LABEL("share in households", "家庭内比重"),
     {{0.35, CHOICE}, {0.01, KOREA}, {0.55, CHOICE}, {0.25, CHOICE}}},
    {WEIGHT("workplace", WORKPLACE), 0, 100, LABEL("share at work", "工作场所比重"),
     {{0.2, CHOICE}, {0, KOREA}, {0.05, CHOICE}, {0.05, CHOICE}}},
    {WEIGHT("school", SCHOOL), 0, 100, LABEL("share in school classes", "学校班级比重"),
     {{0.08, CHOICE}, {0, KOREA}, {0.02, CHOICE}, {0.45, CHOICE}}},
    {WEIGHT("transport", TRANSPORT), 0, 100, LABEL("share in transport", "交通工具比重"),
     {{0.1, CHOICE}, {0, KOREA}, {0.03, CHOICE}, {0.05, CHOICE}}},
    {WEIGHT("meal", MEAL), 0, 100, LABEL("share at meals", "聚餐比重"),
     {{0.15, CHOICE}, {0, KOREA}, {0.05, CHOICE}, {0.05, CHOICE}}},
    {WEIGHT("neighbour", NEIGHBOUR), 0, 100, LABEL("share among neighbours", "邻里比重"),
     {{0.09, CHOICE}, {0, KOREA}, {0.15, CHOICE}, {0.05, CHOICE}}},
    {WEIGHT("healthcare", HEALTHCARE), 0, 100, LABEL("share in health care", "医疗机构比重"),
     {{0.03, CHOICE}, {0.97, KOREA}, {0.15, CHOICE}, {0.1, CHOICE}}},
    {FIELD(isolation_effect), 0, 1, LABEL("infections prevented by isolation", "隔离避免的传染比例"),
     {{0.93, CHOICE}, {0.7, CHOICE}, {0.9, CHOICE}, {0.93, CHOICE}}},
    {FIELD(burial_days), 0, 30, LABEL("days from death to burial", "死亡至安葬天数"),
     {{0, CHOICE}, {0, CHOICE}, {3, CHOICE}, {0, CHOICE}}},
    {FIELD(control_day), -1, 10000, LABEL("day from which control holds", "管控生效日（负数为自动）"),
     {{-1, CHOICE}, {-1, CHOICE}, {-1, CHOICE}, {-1, CHOICE}}},
    {FIELD(control_share), 0, 1, LABEL("share of cases at which control begins", "管控开始时的病例比例"),
     {{0.4, CHOICE}, {0.6, CHOICE}, {0.5, CHOICE}, {0.4, CHOICE}}},
    {FIELD(r_after), 0, 50, LABEL("mean infections under control", "管控后每例平均传染人数"),
     {{1.6, CHOICE}, {1.6, CHOICE}, {1.3, CHOICE}, {0.9, CHOICE}}},
    {FIELD(index_cases), 1, 1000, LABEL("cases imported at the start", "起始输入病例数"),
     {{3, CHOICE}, {1, CHOICE}, {2, CHOICE}, {2, CHOICE}}},
    {FIELD(import_gap_days), 0.1, 1000, LABEL("days to the next importation", "下一次输入的平均间隔（天）"),
     {{3, CHOICE}, {5, CHOICE}, {5, CHOICE}, {5, CHOICE}}},

    {FIELD(incubation_median_days), 0.1, 100, LABEL("incubation, median", "潜伏期中位数（天）"),
     {{5.06, LAUER}, {6.3, COWLING}, {8.06, WHO_ERT}, {12.5, LESSLER}}},
    {FIELD(incubation_sdlog), 0, 3, LABEL("incubation, deviation of the logarithm", "潜伏期对数标准差"),
     {{0.418, LAUER}, {0.397, COWLING}, {0.7, WHO_ERT}, {0.207, LESSLER}}},
    {FIELD(asymptomatic_share), 0, 1, LABEL("share without symptoms", "无症状比例"),
     {{0.25, GK}, {0.05, GK}, {0, GK}, {0, GK}}},
    {FIELD(death_share_under_60), 0, 1, LABEL("deaths, under 60 years", "病死率（60 岁以下）"),
     {{0.002, GK}, {0.1, GK}, {0.6, GK}, {0.001, GK}}},
    {FIELD(death_share_from_60), 0, 1, LABEL("deaths, 60 years and older", "病死率（60 岁及以上）"),
     {{0.03, GK}, {0.4, GK}, {0.75, GK}, {0.01, GK}}},
    {FIELD(onset_to_death.mean_days), 0, 200, LABEL("onset to death, mean", "发病至死亡均值（天）"),
     {{14.5, LINTON}, {14.6, MIZUMOTO}, {8.2, WHO_ERT}, {10, GK}}},
    {FIELD(onset_to_death.sd_days), 0, 200, LABEL("onset to death, deviation", "发病至死亡标准差（天）"),
     {{6.7, LINTON}, {10.4, MIZUMOTO}, {6.4, WHO_ERT}, {5, GK}}},
    {FIELD(onset_to_recovery.mean_days), 0, 200, LABEL("onset to recovery, mean", "发病至痊愈均值（天）"),
     {{14, GK}, {20, GK}, {15.1, WHO_ERT}, {9, GK}}},
    {FIELD(onset_to_recovery.sd_days), 0, 200, LABEL("onset to recovery, deviation", "发病至痊愈标准差（天）"),
     {{5, GK}, {8, GK}, {8.9, WHO_ERT}, {3, GK}}},

    {FIELD(onset_to_sample.mean_days), 0, 100, LABEL("onset to sample, mean", "发病至采样均值（天）"),
     {{3.3, LINTON ": to hospital"}, {5, ASSIRI ": to hospital"}, {5, GK}, {2, CHOICE}}},
    {FIELD(onset_to_sample.sd_days), 0, 100, LABEL("onset to sample, deviation", "发病至采样标准差（天）"),
     {{4.2, LINTON ": to hospital"}, {3, GK}, {4.7, GK}, {1.5, CHOICE}}},
    {FIELD(infection_to_screening.mean_days), 0, 100, LABEL("infection to screening, mean", "感染至筛查均值（天）"),
     {{8, CHOICE}, {12, CHOICE}, {12, CHOICE}, {14, CHOICE}}},
    {FIELD(infection_to_screening.sd_days), 0, 100, LABEL("infection to screening, deviation", "感染至筛查标准差（天）"),
     {{4, CHOICE}, {4, CHOICE}, {4, CHOICE}, {4, CHOICE}}},
    {FIELD(sample_to_result.mean_days), 0, 30, LABEL("sample to result, mean", "采样至结果均值（天）"),
     {{0.5, CHOICE}, {1, CHOICE}, {1.5, CHOICE}, {2, CHOICE}}},
    {FIELD(sample_to_result.sd_days), 0, 30, LABEL("sample to result, deviation", "采样至结果标准差（天）"),
     {{0.25, CHOICE}, {0.5, CHOICE}, {1, CHOICE}, {1, CHOICE}}},
    {FIELD(result_to_report.mean_days), 0, 30, LABEL("result to report, mean", "结果至报告均值（天）"),
     {{0.08, CHOICE}, {0.2, CHOICE}, {0.4, CHOICE}, {0.4, CHOICE}}},
    {FIELD(result_to_report.sd_days), 0, 30, LABEL("result to report, deviation", "结果至报告标准差（天）"),
     {{0.06, CHOICE}, {0.2, CHOICE}, {0.4, CHOICE}, {0.4, CHOICE}}},
    {FIELD(result_to_isolation.mean_days), 0, 30, LABEL("result to isolation, mean", "结果至隔离均值（天）"),
     {{0.3, CHOICE}, {0.3, CHOICE}, {0.8, CHOICE}, {0.8, CHOICE}}},
    {FIELD(result_to_isolation.sd_days), 0, 30, LABEL("result to isolation, deviation", "结果至隔离标准差（天）"),
     {{0.2, CHOICE}, {0.2, CHOICE}, {0.8, CHOICE}, {0.8, CHOICE}}},
    {FIELD(isolated_share), 0, 1, LABEL("share isolated", "隔离比例"),
     {{0.99, CHOICE}, {0.98, CHOICE}, {0.8, CHOICE}, {0.9, CHOICE}}},
    {FIELD(probable_share), 0, 1, LABEL("share of probable cases", "临床诊断病例比例"),
     {{0, CHOICE}, {0, CHOICE}, {0.1, CHOICE}, {0.25, CHOICE}}},
    {FIELD(missed_first_share), 0, 1, LABEL("share with a first sample negative", "首次采样阴性比例"),
     {{0.1, CHOICE}, {0.1, CHOICE}, {0.1, CHOICE}, {0.05, CHOICE}}},
    {FIELD(detectable_days), 0, 30, LABEL("days from infection to detection", "感染后可检出的天数"),
     {{2, GK}, {3, CHOICE}, {4, CHOICE}, {8, CHOICE}}},
    {FIELD(test_before_onset), 0, 1, LABEL("contacts sampled while well (1 yes)", "密接未发病即采样（1 为是）"),
     {{1, CHOICE}, {0, CHOICE}, {0, CHOICE}, {0, CHOICE}}},

    {FIELD(window_days), 0, 30, LABEL("days before onset to trace", "发病前追踪天数"),
     {{2, "WHO 2020"}, {0, GK}, {0, GK}, {4, "CDPH: 4 days before the rash"}}},
    {FIELD(named_share), 0, 1, LABEL("share of infected contacts named", "被感染密接的登记比例"),
     {{0.8, CHOICE}, {0.9, CHOICE}, {0.6, CHOICE}, {0.8, CHOICE}}},
    {FIELD(report_to_named.mean_days), 0, 30, LABEL("report to naming, mean", "报告至登记密接均值（天）"),
     {{0.4, CHOICE}, {0.8, CHOICE}, {1.5, CHOICE}, {1, CHOICE}}},
    {FIELD(report_to_named.sd_days), 0, 30, LABEL("report to naming, deviation", "报告至登记密接标准差（天）"),
     {{0.4, CHOICE}, {0.8, CHOICE}, {1.5, CHOICE}, {1, CHOICE}}},
    {FIELD(named_to_sample.mean_days), 0, 30, LABEL("naming to sample, mean", "登记至采样均值（天）"),
     {{0.6, CHOICE}, {0.6, CHOICE}, {0.8, CHOICE}, {1, CHOICE}}},
    {FIELD(named_to_sample.sd_days), 0, 30, LABEL("naming to sample, deviation", "登记至采样标准差（天）"),
     {{0.5, CHOICE}, {0.5, CHOICE}, {0.8, CHOICE}, {0.8, CHOICE}}},
    {FIELD(follow_days), 0, 60, LABEL("days of follow-up", "医学观察天数"),
     {{10, "China, 9th edition (2022): 7 + 3"}, {14, GK}, {21, "WHO"}, {21, GK}}},
    {FIELD(lost_share), 0, 1, LABEL("share lost to follow-up", "失访比例"),
     {{0.01, CHOICE}, {0.01, CHOICE}, {0.08, CHOICE}, {0.03, CHOICE}}},
    {FIELD(refused_share), 0, 1, LABEL("share refusing follow-up", "拒绝随访比例"),
     {{0.01, CHOICE}, {0.01, CHOICE}, {0.03, CHOICE}, {0.02, CHOICE}}},
    {FIELD(missed_visit_share), 0, 1, LABEL("share of visits missed", "漏访比例"),
     {{0.03, CHOICE}, {0.03, CHOICE}, {0.1, CHOICE}, {0.05, CHOICE}}},
};
// clang-format on
enum { OUTBREAK_ROWS = sizeof outbreak_row / sizeof outbreak_row[0] };

static double outbreak_value(const struct outbreak_options *options, size_t i)
{
    double value;
    memcpy(&value, (const char *)options + outbreak_row[i].offset, sizeof value);
    return value;
}

void outbreak_options_for(outbreak_disease disease, struct outbreak_options *out)
{
    assert((int)disease >= 0 && disease < OUTBREAK_DISEASE_COUNT);
    *out = (struct outbreak_options){.disease = disease, .seed = 1, .cases = 200};
    bool real = civil_from_date((struct civil_date){2022, 7, 1}, &out->start);
    assert(real);
    for (size_t i = 0; i < OUTBREAK_ROWS; i++)
        memcpy((char *)out + outbreak_row[i].offset, &outbreak_row[i].preset[disease].value, sizeof(double));
}

tong_code outbreak_options_check(const struct outbreak_options *options, struct err *err)
{
    for (size_t i = 0; i < OUTBREAK_ROWS; i++) {
        double value = outbreak_value(options, i);
        if (!(value >= outbreak_row[i].least && value <= outbreak_row[i].most)) // so that NaN is refused too
            return tong_fail(err, TONG_E_INVALID, "%s must lie between %g and %g", outbreak_row[i].name,
                             outbreak_row[i].least, outbreak_row[i].most);
    }
    if (options->cases < 1 || options->cases > OUTBREAK_CASES_MAX)
        return tong_fail(err, TONG_E_LIMIT, "cases must lie between 1 and %d", OUTBREAK_CASES_MAX);
    double contacts = options->contacts_per_case * (double)options->cases;
    if (contacts > OUTBREAK_CONTACTS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "cases times contacts_per_case must not exceed %d", OUTBREAK_CONTACTS_MAX);
    // Each infectee may be a named contact of its infector, so there must be room for one contact a case.
    if (options->contacts_per_case > 0 && options->contacts_per_case < 1)
        return tong_fail(err, TONG_E_INVALID, "contacts_per_case must be 0, or 1 and more");
    double weights = 0;
    for (int k = 0; k < OUTBREAK_KIND_DRAWN; k++) weights += options->kind_weight[k];
    if (!(weights > 0)) return tong_fail(err, TONG_E_INVALID, "one kind_weight at least must be above 0");
    int32_t year = civil_to_date(options->start).year;
    if (year < OUTBREAK_YEAR_MIN || year > OUTBREAK_YEAR_MAX)
        return tong_fail(err, TONG_E_INVALID, "start must lie between the years %d and %d", OUTBREAK_YEAR_MIN,
                         OUTBREAK_YEAR_MAX);
    return TONG_OK;
}

bool outbreak_parameter_at(const struct outbreak_options *options, size_t i, struct outbreak_parameter *out)
{
    if (i >= OUTBREAK_ROWS) return false;
    const struct outbreak_figure *preset = &outbreak_row[i].preset[options->disease];
    *out = (struct outbreak_parameter){
        .name = outbreak_row[i].name,
        .label = outbreak_row[i].label,
        .value = outbreak_value(options, i),
        .preset = preset->value,
        .source = preset->source,
    };
    return true;
}

// ---- words ----

static const struct {
    const char *name;
    struct label label;
} outbreak_disease_word[OUTBREAK_DISEASE_COUNT] = {
    [OUTBREAK_COVID] = {"covid", LABEL("COVID-19-like", "类新冠")},
    [OUTBREAK_MERS] = {"mers", LABEL("MERS-like", "类中东呼吸综合征")},
    [OUTBREAK_EBOLA] = {"ebola", LABEL("Ebola-like", "类埃博拉")},
    [OUTBREAK_MEASLES] = {"measles", LABEL("measles-like", "类麻疹")},
};

const char *outbreak_disease_name(outbreak_disease disease)
{
    assert((int)disease >= 0 && disease < OUTBREAK_DISEASE_COUNT);
    return outbreak_disease_word[disease].name;
}

struct label outbreak_disease_label(outbreak_disease disease)
{
    assert((int)disease >= 0 && disease < OUTBREAK_DISEASE_COUNT);
    return outbreak_disease_word[disease].label;
}

const char *outbreak_kind_name(outbreak_kind kind)
{
    static const char *const name[OUTBREAK_KIND_COUNT] = {
        [OUTBREAK_HOUSEHOLD] = "household",   [OUTBREAK_WORKPLACE] = "workplace", [OUTBREAK_SCHOOL] = "school",
        [OUTBREAK_TRANSPORT] = "transport",   [OUTBREAK_MEAL] = "meal",           [OUTBREAK_NEIGHBOUR] = "neighbour",
        [OUTBREAK_HEALTHCARE] = "healthcare", [OUTBREAK_FUNERAL] = "funeral",     [OUTBREAK_IMPORTED] = "imported",
    };
    assert((int)kind >= 0 && kind < OUTBREAK_KIND_COUNT);
    return name[kind];
}
