// How good forecasts were: WIS, coverage and skill from a file in the hubs' layout.
#include "base/map.h"
#include "cli/epi.h"
#include "epi/scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct score_options {
    struct epi_common common;
    struct str model, unit, level, predicted, observed, baseline, where;
    bool log_scale;
};
#define SCORE(m) offsetof(struct score_options, m)
static const struct cli_option score_option[] = {
    EPI_COMMON(struct score_options),
    {"model", CLI_TEXT, SCORE(model), "COLUMN", LABEL("who made the forecast (model)", "预测模型列（默认 model）"), 0,
     0},
    {"unit", CLI_TEXT, SCORE(unit), "COLUMNS",
     LABEL("what was forecast: columns joined by commas (all others)", "预测对象：以逗号连接的列（默认其余各列）"), 0,
     0},
    {"quantile", CLI_TEXT, SCORE(level), "COLUMN",
     LABEL("levels (quantile_level)", "分位水平列（默认 quantile_level）"), 0, 0},
    {"predicted", CLI_TEXT, SCORE(predicted), "COLUMN", LABEL("values (predicted)", "预测值列（默认 predicted）"), 0,
     0},
    {"observed", CLI_TEXT, SCORE(observed), "COLUMN", LABEL("what came (observed)", "实际值列（默认 observed）"), 0, 0},
    {"baseline", CLI_TEXT, SCORE(baseline), "MODEL", LABEL("scale the skill by this model", "以该模型为基准计算技能分"),
     0, 0},
    {"where", CLI_TEXT, SCORE(where), "COLUMN=VALUE", LABEL("only these rows", "只取符合条件的行"), 0, 0},
    {"log", CLI_FLAG, SCORE(log_scale), "",
     LABEL("score log(x + 1), so that relative errors count", "对 log(x + 1) 评分，侧重相对误差"), 0, 0},
};
static const struct score_options score_defaults = {EPI_COMMON_DEFAULTS};

struct score_row {
    int32_t model, unit;
    double level, predicted, observed;
};

struct score_model {
    double wis, over, under, spread, bias;
    int64_t n, covered_50, covered_90, refused;
};

static int score_order(const void *a, const void *b)
{
    const struct score_row *x = a, *y = b;
    if (x->model != y->model) return x->model < y->model ? -1 : 1;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    return (x->level > y->level) - (x->level < y->level);
}

struct score_read {
    struct csv_words models;
    struct score_row *row;
    size_t rows, units;
    int64_t left_out;
};

// The key of a unit: the text of its columns, one after the other.
static tong_code score_units(struct epi_run *run, const bool *unit, struct map *map, size_t i, int32_t *out)
{
    char key[1000];
    size_t used = 0;
    for (size_t c = 0; c < run->table.columns; c++) {
        if (!unit[c]) continue;
        struct str text = csv_table_cell(&run->table, i, c)->text;
        int n = snprintf(key + used, sizeof key - used, "%.*s\x1f", STR_ARG(text));
        if (n < 0 || used + (size_t)n >= sizeof key) return tong_fail(&run->err, TONG_E_LIMIT, "the columns of a unit");
        used += (size_t)n;
    }
    int64_t at = (int64_t)map_count(map);
    char *copy = arena_copy(&run->arena, key, used);
    if (copy == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "units");
    struct str s = {copy, used};
    if (!map_get_text(map, s, &at) && !map_put_text(map, s, at)) return tong_fail(&run->err, TONG_E_NOMEM, "units");
    *out = (int32_t)at;
    return TONG_OK;
}

static tong_code score_read_all(struct epi_run *run, const struct score_options *o, struct score_read *r)
{
    static const char *const words[4] = {"model", "quantile_level", "predicted", "observed"};
    static const char *const option[4] = {"--model", "--quantile", "--predicted", "--observed"};
    const struct str given[4] = {o->model, o->level, o->predicted, o->observed};
    int32_t column[4];
    double *value[3];
    bool *keep, *unit = arena_array(&run->arena, run->table.columns, sizeof *unit);
    struct map *map = map_open();
    tong_code code = unit == NULL || map == NULL ? tong_fail(&run->err, TONG_E_NOMEM, "units") : TONG_OK;
    for (int k = 0; k < 4 && code == TONG_OK; k++) {
        column[k] = series_column(&run->table, given[k], &words[k], 1, option[k], &run->problems);
        if (column[k] < 0 ||
            (k > 0 && !csv_table_reals(&run->table, column[k], &run->arena, &run->problems, &value[k - 1])))
            code = tong_fail(&run->err, TONG_E_INVALID, "the columns");
    }
    if (code == TONG_OK && !series_where(&run->table, o->where, &run->arena, &run->problems, &keep))
        code = tong_fail(&run->err, TONG_E_INVALID, "--where");
    for (size_t c = 0; code == TONG_OK && c < run->table.columns; c++) {
        unit[c] = o->unit.n == 0;
        for (int k = 0; k < 4; k++)
            if (column[k] == (int32_t)c) unit[c] = false;
    }
    struct str rest = o->unit, part;
    while (code == TONG_OK && rest.n > 0 && str_cut(&rest, ',', &part)) {
        int32_t c = csv_table_column(&run->table, str_trim(part), &run->problems);
        if (c < 0) code = tong_fail(&run->err, TONG_E_INVALID, "--unit");
        else unit[c] = true;
    }
    if (code == TONG_OK) code = csv_table_words(&run->table, column[0], &run->arena, &r->models, &run->err);
    r->row = code == TONG_OK ? arena_array(&run->arena, run->table.rows, sizeof *r->row) : NULL;
    if (code == TONG_OK && r->row == NULL) code = tong_fail(&run->err, TONG_E_NOMEM, "rows");
    for (size_t i = 0; code == TONG_OK && i < run->table.rows; i++) {
        if (!keep[i]) continue;
        struct score_row row = {
            .model = r->models.of_row[i], .level = value[0][i], .predicted = value[1][i], .observed = value[2][i]};
        if (isnan(row.level) || isnan(row.predicted) || isnan(row.observed)) {
            r->left_out++;
            continue;
        }
        code = score_units(run, unit, map, i, &row.unit);
        r->row[r->rows++] = row;
    }
    r->units = map == NULL ? 0 : map_count(map);
    map_close(map);
    if (code == TONG_OK) qsort(r->row, r->rows, sizeof *r->row, score_order);
    return code;
}

static void score_one(const struct score_row *row, size_t n, bool log_scale, struct score_model *m, double *wis)
{
    double level[SCORES_QUANTILES_MAX], value[SCORES_QUANTILES_MAX], observed = row->observed;
    struct score_parts p;
    struct score_quantile_extras extra;
    if (n > SCORES_QUANTILES_MAX) {
        m->refused++;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        level[i] = row[i].level;
        value[i] = log_scale ? scores_log_scale(row[i].predicted) : row[i].predicted;
    }
    if (log_scale) observed = scores_log_scale(observed);
    struct score_quantiles q = {level, value, n};
    if (scores_wis(&q, observed, &p, NULL) != TONG_OK || scores_extras(&q, observed, &extra, NULL) != TONG_OK) {
        m->refused++;
        return;
    }
    m->n++;
    m->wis += p.total;
    m->over += p.overprediction;
    m->under += p.underprediction;
    m->spread += p.dispersion;
    m->bias += extra.bias;
    m->covered_50 += extra.has_50 && extra.covered_50;
    m->covered_90 += extra.has_90 && extra.covered_90;
    *wis = p.total;
}

static tong_code score_table(struct epi_run *run, const struct score_options *o, const struct score_read *r,
                             const struct score_model *model, const double *skill)
{
    static const struct result_column column[] = {{"model", LABEL("model", "模型"), RESULT_TEXT},
                                                  {"forecasts", LABEL("forecasts", "预测数"), RESULT_WHOLE},
                                                  {"wis", LABEL("WIS", "WIS"), RESULT_REAL},
                                                  {"spread", LABEL("from width", "离散"), RESULT_REAL},
                                                  {"over", LABEL("too high", "高估"), RESULT_REAL},
                                                  {"under", LABEL("too low", "低估"), RESULT_REAL},
                                                  {"bias", LABEL("bias", "偏倚"), RESULT_REAL},
                                                  {"covered_50", LABEL("50 % covers", "50% 覆盖"), RESULT_PART},
                                                  {"covered_90", LABEL("90 % covers", "90% 覆盖"), RESULT_PART},
                                                  {"skill", LABEL("relative skill", "相对技能"), RESULT_REAL}};
    static const struct message none = {
        "epi-scores", PROBLEM_ERROR, LABEL("no forecast can be scored", "没有可评分的预测"),
        LABEL("each unit needs symmetric quantile levels with the median; look at --unit",
              "每个预测对象须有对称的分位水平及中位数；请检查 --unit")};
    static const struct label refused =
        LABEL("%lld forecasts cannot be scored (levels that are not symmetric, quantiles that cross, no median).",
              "%lld 个预测无法评分（分位水平不对称、分位数交叉或缺少中位数）。");
    struct result *out = &run->result;
    int64_t bad = 0, good = 0;
    (void)o;
    for (size_t m = 0; m < r->models.count; m++) bad += model[m].refused, good += model[m].n;
    if (good == 0) return epi_fault(run, &none, NULL, NULL);
    if (bad > 0) result_warning(out, "refused", &refused, (long long)bad);
    result_begin(out, "scores", (struct label)LABEL("Forecasts scored", "预测评分"), column, 10);
    result_about(out, (struct label)LABEL("forecasts of the model with what came", "该模型有实际值可比的预测"),
                 run->source);
    for (size_t m = 0; m < r->models.count; m++) {
        double n = (double)model[m].n;
        if (model[m].n == 0) continue;
        result_text(out, r->models.word[m]);
        result_whole(out, model[m].n);
        result_real(out, model[m].wis / n);
        result_real(out, model[m].spread / n);
        result_real(out, model[m].over / n);
        result_real(out, model[m].under / n);
        result_real(out, model[m].bias / n);
        result_part(out, (double)model[m].covered_50 / n);
        result_part(out, (double)model[m].covered_90 / n);
        if (skill == NULL) result_none(out);
        else result_real(out, skill[m]);
    }
    return TONG_OK;
}

static tong_code score_work(struct epi_run *run, void *options)
{
    static const struct message no_baseline = {
        "epi-baseline", PROBLEM_ERROR, LABEL("there is no model \"{1}\" in the file", "文件中没有模型“{1}”"),
        LABEL("choose one of its models as --baseline", "请从文件中的模型里选择 --baseline")};
    const struct score_options *o = options;
    struct score_read r = {0};
    tong_code code = score_read_all(run, o, &r);
    if (code != TONG_OK) return code;
    size_t models = r.models.count;
    struct score_model *model = arena_array(&run->arena, models, sizeof *model);
    double *wis = arena_array(&run->arena, models * r.units, sizeof *wis);
    if (model == NULL || wis == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "scores");
    for (size_t i = 0; i < models * r.units; i++) wis[i] = NAN;
    for (size_t i = 0, n; i < r.rows; i += n) {
        for (n = 1; i + n < r.rows && r.row[i + n].model == r.row[i].model && r.row[i + n].unit == r.row[i].unit;) n++;
        score_one(r.row + i, n, o->log_scale, &model[r.row[i].model],
                  &wis[(size_t)r.row[i].model * r.units + (size_t)r.row[i].unit]);
    }
    struct score_pairwise pair;
    double *skill = NULL;
    bool several = models > 1 && models <= SCORES_MODELS_MAX;
    if (several && scores_pairwise(wis, models, r.units, &run->arena, &pair, NULL) == TONG_OK) skill = pair.skill;
    size_t base = models;
    for (size_t m = 0; m < models; m++)
        if (o->baseline.n > 0 && str_eq(r.models.word[m], o->baseline)) base = m;
    if (o->baseline.n > 0 && base == models) return epi_fault(run, &no_baseline, o->baseline.p, NULL);
    for (size_t m = 0; skill != NULL && base < models && m < models; m++)
        if (m != base) skill[m] /= skill[base];
    if (skill != NULL && base < models) skill[base] = 1;
    return score_table(run, o, &r, model, skill);
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_score_commands[] = {
    {"scores", LABEL("how good forecasts were: WIS, coverage, relative skill", "预测评分：WIS、覆盖率、相对技能"),
     LABEL("Scores quantile forecasts in the layout of the forecast hubs: model, what was forecast, level, value, what "
           "came.",
           "对分位数预测评分，采用预测中心的格式：模型、对象、分位水平、预测值、实际值。"),
     "[FILE.csv]", score_option, COUNT(score_option), &score_defaults, sizeof score_defaults, EPI_WANTS_ROWS,
     score_work},
    {0},
};
