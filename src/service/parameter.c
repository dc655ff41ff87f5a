#include "service/parameter.h"

#include "service/service.h"
#include "store/uid.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { TEXT_MOST = 200, WORDS_SHOWN = 400 };

enum parameter_fault {
    FAULT_MALFORMED,
    FAULT_UNKNOWN,
    FAULT_TWICE,
    FAULT_MANY,
    FAULT_MISSING,
    FAULT_LONG,
    FAULT_INTEGER,
    FAULT_SMALL,
    FAULT_LARGE,
    FAULT_DAY,
    FAULT_INSTANT,
    FAULT_UID,
    FAULT_BOOLEAN,
    FAULT_WORD,
    FAULT_COUNT
};

// {1} and {2} are the parameter's label in English and Chinese, {4} the limit or the allowed words. What was given is
// not repeated: a name may stand in a query.
static const struct message parameter_message[FAULT_COUNT] = {
    [FAULT_MALFORMED] = {"parameter-malformed", PROBLEM_ERROR, LABEL("it is not valid text", "参数不是有效的文字"),
                         LABEL("percent-encode UTF-8, without control characters",
                               "请使用百分号编码的 UTF-8，不含控制字符")},
    [FAULT_UNKNOWN] = {"parameter-unknown", PROBLEM_ERROR, LABEL("there is no such parameter", "没有这个参数"),
                       LABEL("remove it; there are: {4}", "请删除；可用的参数：{4}")},
    [FAULT_TWICE] = {"parameter-twice", PROBLEM_ERROR, LABEL("it is given twice", "参数重复"),
                     LABEL("give it once", "请只写一次")},
    [FAULT_MANY] = {"parameter-many", PROBLEM_ERROR, LABEL("there are too many parameters", "参数过多"),
                    LABEL("at most {4}", "最多 {4} 个")},
    [FAULT_MISSING] = {"parameter-missing", PROBLEM_ERROR, LABEL("{1} is missing", "缺少{2}"),
                       LABEL("this request needs it", "此请求必须给出该参数")},
    [FAULT_LONG] = {"parameter-too-long", PROBLEM_ERROR, LABEL("{1}: the text is too long", "{2}：内容太长"),
                    LABEL("at most {4} characters", "最多 {4} 个字符")},
    [FAULT_INTEGER] = {"parameter-not-integer", PROBLEM_ERROR,
                       LABEL("{1}: this is not a whole number", "{2}：不是整数"),
                       LABEL("write digits only, like 42", "请只写数字，例如 42")},
    [FAULT_SMALL] = {"parameter-too-small", PROBLEM_ERROR, LABEL("{1}: the number is too small", "{2}：数值过小"),
                     LABEL("at least {4}", "不得小于 {4}")},
    [FAULT_LARGE] = {"parameter-too-large", PROBLEM_ERROR, LABEL("{1}: the number is too large", "{2}：数值过大"),
                     LABEL("at most {4}", "不得大于 {4}")},
    [FAULT_DAY] = {"parameter-not-day", PROBLEM_ERROR, LABEL("{1}: this is not a date", "{2}：不是日期"),
                   LABEL("write year-month-day, like 2022-06-28", "请写成 年-月-日，例如 2022-06-28")},
    [FAULT_INSTANT] = {"parameter-not-time", PROBLEM_ERROR,
                       LABEL("{1}: this is not a date and time", "{2}：不是日期时间"),
                       LABEL("write it like 2022-06-28T14:30:00Z", "请写成 2022-06-28T14:30:00Z 的形式")},
    [FAULT_UID] = {"parameter-not-uid", PROBLEM_ERROR, LABEL("{1}: this is not an identifier", "{2}：不是有效的标识符"),
                   LABEL("36 characters, like 018f1e9a-7b1c-7c3e-9d3a-1f2e3d4c5b6a",
                         "应为 36 个字符，例如 018f1e9a-7b1c-7c3e-9d3a-1f2e3d4c5b6a")},
    [FAULT_BOOLEAN] = {"parameter-not-boolean", PROBLEM_ERROR,
                       LABEL("{1}: this is neither true nor false", "{2}：应为 true 或 false"),
                       LABEL("write true or false", "请写 true 或 false")},
    [FAULT_WORD] = {"parameter-word-unknown", PROBLEM_ERROR, LABEL("{1}: there is no such value", "{2}：没有这个取值"),
                    LABEL("it is one of: {4}", "可用的取值：{4}")},
};

static int parameter_hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool parameter_decode(struct str raw, bool plus, struct arena *arena, struct str *out)
{
    char *text = arena_alloc(arena, raw.n + 1);
    size_t n = 0;
    if (text == NULL) return false;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.p[i];
        if (c == '+' && plus) {
            c = ' ';
        } else if (c == '%') {
            int high = raw.n - i > 2 ? parameter_hex(raw.p[i + 1]) : -1;
            int low = raw.n - i > 2 ? parameter_hex(raw.p[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c < ' ' || c == 0x7F) return false;
        text[n++] = (char)c;
    }
    *out = (struct str){text, n};
    return str_utf8_valid(*out) == n;
}

int32_t parameter_word(const struct parameter *p, struct str word)
{
    for (int32_t i = 0; i < p->word_count; i++)
        if (p->words[i].word != NULL && str_eq_z(word, p->words[i].word)) return i;
    return -1;
}

bool parameter_target(struct request *rq, struct str *query)
{
    struct str t = rq->target;
    *query = (struct str){0};
    if (t.n == 0 || t.n > HTTP_TARGET_BYTES_MAX || t.p[0] != '/') return false;
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] <= ' ' || (unsigned char)t.p[i] >= 0x7F) return false;
    const char *mark = memchr(t.p, '?', t.n);
    rq->path = mark == NULL ? t : (struct str){t.p, (size_t)(mark - t.p)};
    if (mark != NULL) *query = (struct str){mark + 1, t.n - rq->path.n - 1};
    return true;
}

bool parameter_parts(struct request *rq, const struct route_match *match)
{
    for (size_t i = 0; i < match->parts; i++) {
        if (!parameter_decode(match->part[i], false, rq->arena, &rq->part[i]) || rq->part[i].n == 0) return false;
        if (match->route->part[i] == PARAMETER_UID && !uid_parse(rq->part[i], rq->part_uid[i])) return false;
        if (match->route->part[i] == PARAMETER_INTEGER &&
            (!str_int(rq->part[i], &rq->part_number[i]) || rq->part_number[i] < 1))
            return false;
    }
    return true;
}

static void parameter_fault(struct request *rq, enum parameter_fault fault, const char *field,
                            const struct parameter *p, const char *limit)
{
    request_fault(rq, &parameter_message[fault], field, p == NULL ? "" : p->label.text[LANG_EN],
                  p == NULL ? "" : p->label.text[LANG_ZH], "", limit);
}

static void parameter_list(char *out, size_t room, size_t *n, const char *word)
{
    size_t need = strlen(word) + (*n == 0 ? 0 : 2);
    if (*n + need >= room) return;
    *n += (size_t)snprintf(out + *n, room - *n, "%s%s", *n == 0 ? "" : ", ", word);
}

static void parameter_fault_words(struct request *rq, const struct parameter *p)
{
    char words[WORDS_SHOWN] = "";
    size_t n = 0;
    for (int32_t i = 0; i < p->word_count; i++)
        if (p->words[i].word != NULL) parameter_list(words, sizeof words, &n, p->words[i].word);
    parameter_fault(rq, FAULT_WORD, p->name, p, words);
}

static void parameter_fault_unknown(struct request *rq, struct str name)
{
    char names[WORDS_SHOWN] = "", shown[64];
    size_t n = 0;
    const struct parameter *p;
    for (size_t i = 0; (p = route_parameter_at(rq->route, i)) != NULL; i++)
        parameter_list(names, sizeof names, &n, p->name);
    size_t cut = str_utf8_valid((struct str){name.p, name.n < sizeof shown - 1 ? name.n : sizeof shown - 1});
    (void)snprintf(shown, sizeof shown, "%.*s", (int)cut, name.p == NULL ? "" : name.p);
    parameter_fault(rq, FAULT_UNKNOWN, shown, NULL, n == 0 ? "-" : names);
}

static size_t parameter_characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static void parameter_check_integer(struct request *rq, const struct parameter *p, struct str value)
{
    int64_t v;
    char limit[24];
    if (!str_int(value, &v)) {
        parameter_fault(rq, FAULT_INTEGER, p->name, p, "");
    } else if ((p->least != 0 || p->most != 0) && (v < p->least || v > p->most)) {
        (void)snprintf(limit, sizeof limit, "%" PRId64, v < p->least ? p->least : p->most);
        parameter_fault(rq, v < p->least ? FAULT_SMALL : FAULT_LARGE, p->name, p, limit);
    }
}

static void parameter_check_words(struct request *rq, const struct parameter *p, struct str value)
{
    struct str part;
    do {
        if (!str_cut(&value, ',', &part) || parameter_word(p, part) < 0) {
            parameter_fault_words(rq, p);
            return;
        }
    } while (value.n > 0);
}

static void parameter_check(struct request *rq, const struct parameter *p, struct str value)
{
    civil_day day;
    utc_sec at;
    bool day_only;
    unsigned char uid[UID_BYTES];
    int64_t most = p->most > 0 && p->type != PARAMETER_INTEGER ? p->most : TEXT_MOST;
    char limit[24];
    if (p->type != PARAMETER_WORDS && (int64_t)parameter_characters(value) > most) {
        (void)snprintf(limit, sizeof limit, "%" PRId64, most);
        parameter_fault(rq, FAULT_LONG, p->name, p, limit);
        return;
    }
    switch (p->type) {
    case PARAMETER_TEXT:
    case PARAMETER_CURSOR: break; // page_cursor judges a cursor
    case PARAMETER_INTEGER: parameter_check_integer(rq, p, value); break;
    case PARAMETER_DAY:
        if (!civil_parse(value, &day)) parameter_fault(rq, FAULT_DAY, p->name, p, "");
        break;
    case PARAMETER_INSTANT:
        if (!zone_parse(&rq->service->options.zone, value, &at, &day_only))
            parameter_fault(rq, FAULT_INSTANT, p->name, p, "");
        break;
    case PARAMETER_UID:
        if (!uid_parse(value, uid)) parameter_fault(rq, FAULT_UID, p->name, p, "");
        break;
    case PARAMETER_BOOLEAN:
        if (!str_eq_z(value, "true") && !str_eq_z(value, "false") && !str_eq_z(value, "1") && !str_eq_z(value, "0"))
            parameter_fault(rq, FAULT_BOOLEAN, p->name, p, "");
        break;
    case PARAMETER_SORT:
        if (str_starts(value, "-")) value = (struct str){value.p + 1, value.n - 1};
        if (parameter_word(p, value) < 0) parameter_fault_words(rq, p);
        break;
    case PARAMETER_WORD:
        if (parameter_word(p, value) < 0) parameter_fault_words(rq, p);
        break;
    case PARAMETER_WORDS: parameter_check_words(rq, p, value); break;
    case PARAMETER_TYPE_COUNT: assert(false);
    }
}

// One name=value of the query.
static void parameter_take(struct request *rq, struct str pair)
{
    struct str name, value = pair, decoded_name, decoded;
    const struct parameter *p = NULL;
    char limit[24];
    (void)str_cut(&value, '=', &name);
    if (!parameter_decode(name, true, rq->arena, &decoded_name)) {
        parameter_fault(rq, FAULT_MALFORMED, "", NULL, "");
        return;
    }
    for (size_t i = 0; (p = route_parameter_at(rq->route, i)) != NULL; i++)
        if (str_eq_z(decoded_name, p->name)) break;
    if (p == NULL) {
        parameter_fault_unknown(rq, decoded_name);
    } else if (!parameter_decode(value, true, rq->arena, &decoded)) {
        parameter_fault(rq, FAULT_MALFORMED, p->name, p, "");
    } else if (request_parameter(rq, p->name).p != NULL) {
        parameter_fault(rq, FAULT_TWICE, p->name, p, "");
    } else if (rq->parameter_count == HTTP_PARAMETERS) {
        (void)snprintf(limit, sizeof limit, "%d", HTTP_PARAMETERS);
        parameter_fault(rq, FAULT_MANY, p->name, p, limit);
    } else {
        rq->parameter[rq->parameter_count++] = (struct http_pair){str_z(p->name), decoded};
        parameter_check(rq, p, decoded);
    }
}

bool parameter_query(struct request *rq, struct str query)
{
    size_t before = rq->problems.errors;
    struct str pair;
    const struct parameter *p;
    int32_t pairs = 0;
    while (str_cut(&query, '&', &pair)) {
        if (pair.n == 0) continue;
        if (++pairs > 2 * HTTP_PARAMETERS) break; // each surplus one was named already
        parameter_take(rq, pair);
    }
    for (size_t i = 0; (p = route_parameter_at(rq->route, i)) != NULL; i++)
        if (p->required && request_parameter(rq, p->name).n == 0) parameter_fault(rq, FAULT_MISSING, p->name, p, "");
    return rq->problems.errors == before;
}
