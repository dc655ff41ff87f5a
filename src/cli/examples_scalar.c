#include "cli/examples_scalar.h"

#include <assert.h>
#include <string.h>

#define SCALAR_ROW(slug, en, zh, remedy_en, remedy_zh)                  \
    {                                                                   \
        slug, PROBLEM_ERROR, LABEL(en, zh), LABEL(remedy_en, remedy_zh) \
    }

static const struct message scalar_faults[SCALAR_FAULT_COUNT] = {
    [SCALAR_NOT_EXAMPLES] = SCALAR_ROW("examples-list", "a file of examples is a list", "示例文件应为列表",
                                       "begin each example with \"- name: ...\"", "每个示例以“- name: ...”开头"),
    [SCALAR_NOT_MAPPING] = SCALAR_ROW("not-mapping", "keys with values are expected here", "此处应为“键: 值”",
                                      "write {key: value, ...}", "请写成 {键: 值, ...}"),
    [SCALAR_NOT_TEXT] = SCALAR_ROW("not-text", "one value is expected here", "此处应为一个值",
                                   "write a single word, number or date", "请只写一个词、数字或日期"),
    [SCALAR_MISSING] =
        SCALAR_ROW("key-missing", "\"{1}\" is missing here", "缺少“{1}”", "add {1}: ...", "请补上 {1}: ..."),
    [SCALAR_NO_FACTS] = SCALAR_ROW("no-facts", "the example gives no facts", "示例没有给出记录",
                                   "write at least one under \"given\"", "请在“given”下至少写一条"),
    [SCALAR_NOTHING_EXPECTED] = SCALAR_ROW(
        "nothing-expected", "the example expects nothing, so it cannot fail", "示例没有任何预期，永远不会失败",
        "write what must come of it under \"expect\"", "请在“expect”下写明应有的结果"),
    [SCALAR_TIME] = SCALAR_ROW("time-wrong", "\"{1}\" is no time", "“{1}”不是时间",
                               "write 2022-07-01, 2022-07-01 18:00, or two of them with .. between",
                               "请写 2022-07-01 或 2022-07-01 18:00，或用 .. 连接的两个时间"),
    [SCALAR_DAY] = SCALAR_ROW("day-wrong", "\"{1}\" is no day", "“{1}”不是日期",
                              "write 2022-07-01, or 2022-07-01 .. 2022-07-03; 2022-02-30 does not exist",
                              "请写 2022-07-01，或 2022-07-01 .. 2022-07-03；注意日期须真实存在"),
    [SCALAR_BACKWARDS] = SCALAR_ROW("time-backwards", "\"{1}\" ends before it begins", "“{1}”的结束早于开始",
                                    "write the earlier time first", "请把较早的时间写在前面"),
    [SCALAR_NUMBER] = SCALAR_ROW("number-wrong", "\"{1}\" is no number that fits here", "“{1}”不是此处可用的数字",
                                 "write a number from {2}", "请写数字，范围 {2}"),
    [SCALAR_YES_NO] = SCALAR_ROW("yes-no", "\"{1}\" is neither yes nor no", "“{1}”既不是 yes 也不是 no",
                                 "write yes or no", "请写 yes 或 no"),
    [SCALAR_KEY_ELSEWHERE] =
        SCALAR_ROW("key-elsewhere", "\"{1}\" does not belong to the fact \"{2}\"", "“{1}”不属于记录“{2}”",
                   "take it away, or look which fact was meant", "请删去，或核对记录类型"),
    [SCALAR_SHORT] = SCALAR_ROW("fact-short", "the fact \"{1}\" does not say \"{2}\"", "记录“{1}”缺少“{2}”",
                                "add {2}: ...", "请补上 {2}: ..."),
    [SCALAR_TWICE] = SCALAR_ROW("id-twice", "two facts have the id \"{1}\"", "两条记录使用了同一编号“{1}”",
                                "give each its own", "请使用不同的编号"),
    [SCALAR_EDITION_FACT] =
        SCALAR_ROW("edition-fact", "a change of edition is no fact of the person", "版本变更不是人员记录",
                   "write editions: [{in_force: DAY, protocol: FILE}] beside \"given\"",
                   "请在“given”旁写 editions: [{in_force: 日期, protocol: 文件}]"),
    [SCALAR_EDITION_UNREAD] =
        SCALAR_ROW("edition-unread", "the protocol \"{1}\" cannot be used", "防控方案“{1}”无法使用",
                   "its faults are listed above; run tongzhou protocol check on it",
                   "其问题见上文；请先用 tongzhou protocol check 检查"),
    [SCALAR_FAMILY] = SCALAR_ROW("edition-family", "\"{1}\" is no edition of this protocol: its family is \"{2}\"",
                                 "“{1}”不是本方案的另一版本：其方案名为“{2}”",
                                 "name a file whose `protocol:` is the same", "请指定 protocol 相同的文件"),
    [SCALAR_MANY] = SCALAR_ROW("too-many", "there is room for {1} here", "此处最多 {1} 项", "divide them among several",
                               "请分成多处"),
    [SCALAR_CONTRADICTION] = SCALAR_ROW("contradiction", "\"{1}\" and \"{2}\" cannot both be",
                                        "“{1}”与“{2}”不能同时成立", "take one of them away", "请删去其中一项"),
};

// The same fault with a suggestion, and without.
#define SCALAR_UNKNOWN(slug, en, zh)                                          \
    {                                                                         \
        SCALAR_ROW(slug, en, zh, "did you mean \"{2}\"?", "是否想写“{2}”？"), \
            SCALAR_ROW(slug, en, zh, "there are: {2}", "可用的有：{2}")       \
    }
static const struct message scalar_unknowns[SCALAR_LIST_COUNT][2] = {
    [SCALAR_KEY] = SCALAR_UNKNOWN("key-unknown", "there is no key \"{1}\" here", "此处没有“{1}”这个键"),
    [SCALAR_FACT] =
        SCALAR_UNKNOWN("fact-unknown", "the first key of a fact says what happened, and \"{1}\" is none that can",
                       "记录的第一个键应说明发生了什么，没有“{1}”这种记录"),
    [SCALAR_WORD] =
        SCALAR_UNKNOWN("word-unknown", "\"{1}\" is not a word of the language here", "“{1}”不是此处可用的词"),
    [SCALAR_PERSON] =
        SCALAR_UNKNOWN("person-unknown", "nobody in this example is called \"{1}\"", "示例中没有“{1}”这个人"),
    [SCALAR_FACT_ID] =
        SCALAR_UNKNOWN("id-unknown", "no fact of this example has the id \"{1}\"", "示例中没有编号为“{1}”的记录"),
    [SCALAR_TASK] = SCALAR_UNKNOWN("task-unknown", "the protocol has no task \"{1}\"", "方案中没有任务“{1}”"),
    [SCALAR_MEASURE] = SCALAR_UNKNOWN("measure-unknown", "the protocol has no measure \"{1}\"", "方案中没有措施“{1}”"),
    [SCALAR_STAGE] = SCALAR_UNKNOWN("stage-unknown", "the protocol has no stage \"{1}\"", "方案中没有阶段“{1}”"),
    [SCALAR_PATHWAY] = SCALAR_UNKNOWN("pathway-unknown", "the protocol has no pathway \"{1}\"", "方案中没有流程“{1}”"),
    [SCALAR_STATUS] = SCALAR_UNKNOWN("status-unknown", "the protocol has no status \"{1}\"", "方案中没有状态“{1}”"),
};

// ---- problems ----

struct example_at scalar_at(const struct yaml_node *node)
{
    return (struct example_at){node->line, node->column};
}

static struct problem_at scalar_where(const struct scalar_reader *r, const struct yaml_node *node, bool key)
{
    if (node == NULL) return (struct problem_at){.path = ""};
    return key ? yaml_at_key(node, r->arena) : yaml_at(node, r->arena);
}

void scalar_problem(const struct scalar_reader *r, const struct yaml_node *node, bool key, scalar_fault fault,
                    const char *arg1, const char *arg2)
{
    problem_add(r->problems, scalar_where(r, node, key), &scalar_faults[fault], arg1, arg2, NULL, NULL);
}

void scalar_unknown(const struct scalar_reader *r, const struct yaml_node *node, bool key, scalar_list list,
                    struct str given, const char *const *names, size_t count)
{
    enum { LISTED = 24 };
    const char *near = cli_nearest(given, names, count);
    const char *choice = near;
    for (size_t i = 0; near == NULL && i < count; i++) {
        if (i == LISTED) {
            choice = arena_printf(r->arena, "%s ...", choice);
            break;
        }
        choice = choice == NULL ? names[i] : arena_printf(r->arena, "%s, %s", choice, names[i]);
    }
    const char *copy = arena_copy(r->arena, given.p, given.n);
    problem_add(r->problems, scalar_where(r, node, key), &scalar_unknowns[list][near == NULL ? 1 : 0], copy,
                choice == NULL ? "-" : choice, NULL, NULL);
}

// ---- words and numbers ----

bool scalar_is_map(const struct scalar_reader *r, const struct yaml_node *node)
{
    if (node->kind == YAML_MAP) return true;
    scalar_problem(r, node, false, SCALAR_NOT_MAPPING, NULL, NULL);
    return false;
}

const char *scalar_text(const struct scalar_reader *r, const struct yaml_node *node)
{
    struct str s = yaml_text(node);
    if (s.n != 0) {
        const char *copy = arena_copy(r->arena, s.p, s.n); // trimmed
        if (copy != NULL) return copy;
    }
    scalar_problem(r, node, false, SCALAR_NOT_TEXT, NULL, NULL);
    return NULL;
}

static int32_t scalar_find(struct str given, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_z(given, names[i])) return (int32_t)i;
    return -1;
}

int32_t scalar_key(const struct scalar_reader *r, const struct yaml_node *member, const char *const *keys, size_t count)
{
    int32_t found = scalar_find(member->key, keys, count);
    if (found < 0) scalar_unknown(r, member, true, SCALAR_KEY, member->key, keys, count);
    return found;
}

int32_t scalar_choice(const struct scalar_reader *r, const struct yaml_node *node, scalar_list list,
                      const char *const *names, size_t count)
{
    const char *text = scalar_text(r, node);
    if (text == NULL) return -1;
    int32_t found = scalar_find(str_z(text), names, count);
    if (found < 0) scalar_unknown(r, node, false, list, str_z(text), names, count);
    return found;
}

bool scalar_word(const struct scalar_reader *r, const struct yaml_node *node, word_list list, int32_t *out)
{
    enum { NAMES = 128 };
    const char *names[NAMES];
    int32_t count = words_count(list);
    assert(count <= NAMES);
    for (int32_t i = 0; i < count; i++) names[i] = words_at(list, i)->name;
    int32_t found = scalar_choice(r, node, SCALAR_WORD, names, (size_t)count);
    if (found < 0) return false;
    *out = found;
    return true;
}

bool scalar_integer(const struct scalar_reader *r, const struct yaml_node *node, int64_t least, int64_t most,
                    int64_t *out)
{
    const char *text = scalar_text(r, node);
    if (text == NULL) return false;
    int64_t value;
    if (str_int(str_z(text), &value) && value >= least && value <= most) {
        *out = value;
        return true;
    }
    const char *bounds = arena_printf(r->arena, "%lld .. %lld", (long long)least, (long long)most);
    scalar_problem(r, node, false, SCALAR_NUMBER, text, bounds);
    return false;
}

bool scalar_yes(const struct scalar_reader *r, const struct yaml_node *node, bool *out)
{
    const char *text = scalar_text(r, node);
    if (text == NULL) return false;
    bool yes = strcmp(text, "yes") == 0;
    if (!yes && strcmp(text, "no") != 0) {
        scalar_problem(r, node, false, SCALAR_YES_NO, text, NULL);
        return false;
    }
    *out = yes;
    return true;
}

// ---- times ----

// Splits "A .. B"; false when there is no "..", and *first is then the whole.
static bool scalar_split(struct str text, struct str *first, struct str *last)
{
    *first = str_trim(text);
    *last = *first;
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] != '.' || text.p[i + 1] != '.') continue;
        *first = str_trim((struct str){text.p, i});
        *last = str_trim((struct str){text.p + i + 2, text.n - i - 2});
        return true;
    }
    return false;
}

static const struct zone *scalar_zone(const struct scalar_reader *r, struct zone *utc)
{
    if (r->zone != NULL) return r->zone;
    zone_fixed(0, "UTC", utc);
    return utc;
}

bool scalar_instants(const struct scalar_reader *r, const struct yaml_node *node, utc_sec *out, utc_sec *until,
                     bool *day_only)
{
    const char *text = scalar_text(r, node);
    if (text == NULL) return false;
    struct zone utc;
    const struct zone *zone = scalar_zone(r, &utc);
    struct str first, last;
    bool range = scalar_split(str_z(text), &first, &last), first_day, last_day;
    utc_sec from, to;
    if (!zone_parse(zone, first, &from, &first_day) || !zone_parse(zone, last, &to, &last_day)) {
        scalar_problem(r, node, false, SCALAR_TIME, text, NULL);
        return false;
    }
    if (range && last_day) to.s = zone_midnight(zone, (civil_day){zone_day(zone, to).d + 1}).s - 1;
    if (to.s < from.s) {
        scalar_problem(r, node, false, SCALAR_BACKWARDS, text, NULL);
        return false;
    }
    *out = from;
    *until = range ? to : UTC_NONE;
    *day_only = first_day;
    return true;
}

bool scalar_instant(const struct scalar_reader *r, const struct yaml_node *node, utc_sec *out, bool *day_only)
{
    utc_sec at, until;
    bool day;
    if (!scalar_instants(r, node, &at, &until, &day)) return false;
    if (until.s != INT64_MIN) {
        scalar_problem(r, node, false, SCALAR_TIME, yaml_text(node).p, NULL);
        return false;
    }
    *out = at;
    *day_only = day;
    return true;
}

// "MM-DD": the first such day from `after` on.
static bool scalar_short_day(struct str text, civil_day after, civil_day *out)
{
    int64_t month, day;
    if (text.n != 5 || text.p[2] != '-' || after.d == CIVIL_DAY_NONE) return false;
    if (!str_int((struct str){text.p, 2}, &month) || !str_int((struct str){text.p + 3, 2}, &day)) return false;
    struct civil_date date = civil_to_date(after);
    date.month = (int32_t)month;
    date.day = (int32_t)day;
    if (civil_from_date(date, out) && out->d >= after.d) return true;
    date.year++;
    return civil_from_date(date, out);
}

static bool scalar_one_day(struct str text, civil_day after, civil_day *out)
{
    return civil_parse(text, out) || scalar_short_day(text, after, out);
}

bool scalar_days(const struct scalar_reader *r, const struct yaml_node *node, civil_day after, struct day_range *out)
{
    const char *text = scalar_text(r, node);
    if (text == NULL) return false;
    struct str first, last;
    struct day_range range;
    (void)scalar_split(str_z(text), &first, &last);
    if (!scalar_one_day(first, after, &range.first) || !scalar_one_day(last, range.first, &range.last)) {
        scalar_problem(r, node, false, SCALAR_DAY, text, NULL);
        return false;
    }
    if (range.last.d < range.first.d) {
        scalar_problem(r, node, false, SCALAR_BACKWARDS, text, NULL);
        return false;
    }
    *out = range;
    return true;
}
