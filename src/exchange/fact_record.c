#include "exchange/fact_record.h"

#include "protocol/protocol.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define UID_CHARACTERS .least = UID_TEXT - 1, .most = UID_TEXT - 1

static const struct record_field fact_fields[] = {
    RECORD_ID(struct fact_record, uid, UID_CHARACTERS, .label = LABEL("uid", "记录标识")),
    RECORD_ID(struct fact_record, subject, .required = true, UID_CHARACTERS, .label = LABEL("subject", "对象标识")),
    RECORD_ID(struct fact_record, kind, .required = true, .label = LABEL("kind of record", "记录类型")),
    RECORD_INSTANT(struct fact_record, happened, .required = true, .label = LABEL("happened", "发生时间")),
    RECORD_INSTANT(struct fact_record, until, .label = LABEL("until", "截至")),
    RECORD_INSTANT(struct fact_record, known, .label = LABEL("known", "获知时间")),
    RECORD_ID(struct fact_record, link, UID_CHARACTERS, .class = RECORD_PERSONAL,
              .label = LABEL("the other person", "关联对象标识")),
    RECORD_ID(struct fact_record, replaces, UID_CHARACTERS,
              .label = LABEL("corrects or withdraws", "更正或撤回的记录")),
    RECORD_ID(struct fact_record, about, UID_CHARACTERS, .label = LABEL("about the sample", "所属样本")),
    RECORD_ID(struct fact_record, word, .label = LABEL("what exactly", "具体内容")),
    RECORD_ID(struct fact_record, test, .label = LABEL("test", "检测方法")),
    RECORD_ID(struct fact_record, outcome, .label = LABEL("result", "检测结果")),
    RECORD_ID(struct fact_record, protection, .label = LABEL("protection", "防护")),
    RECORD_INTEGER(struct fact_record, value, .least = INT32_MIN, .most = INT32_MAX, .label = LABEL("value", "数值")),
    RECORD_ID(struct fact_record, name, .label = LABEL("measure, task or pathway", "措施、任务或流程")),
    RECORD_TEXT(struct fact_record, flags, .most = 80, .label = LABEL("marks", "标记")),
    RECORD_TEXT(struct fact_record, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
const struct record_kind fact_record_kind = RECORD_KIND("fact", struct fact_record, fact_fields);

enum fact_fault {
    FACT_F_KIND,
    FACT_F_NOT_HERE,
    FACT_F_WORD,
    FACT_F_WORD_NONE,
    FACT_F_FLAG,
    FACT_F_UNTIL,
    FACT_FAULT_COUNT
};
static const struct message fact_message[FACT_FAULT_COUNT] = {
    [FACT_F_KIND] = {"fact-kind-unknown", PROBLEM_ERROR,
                     LABEL("there is no kind of record \"{1}\"", "没有“{1}”这种记录类型"),
                     LABEL("docs/formats.md lists the kinds; did you mean \"{2}\"?",
                           "可用类型见 docs/formats.md；是否为“{2}”？")},
    [FACT_F_NOT_HERE] = {"fact-kind-not-imported", PROBLEM_ERROR,
                         LABEL("a record of the kind \"{1}\" cannot come from a list", "“{1}”类记录不能由名单导入"),
                         LABEL("signatures, editions and what the protocol itself decides are made in the system",
                               "签发、方案版本以及由方案推出的记录只能在系统内产生")},
    [FACT_F_WORD] = {"fact-word-unknown", PROBLEM_ERROR, LABEL("{1} cannot be \"{2}\"", "{1} 不能是“{2}”"),
                     LABEL("possible are: {3}", "可用的有：{3}")},
    [FACT_F_WORD_NONE] = {"fact-word-none", PROBLEM_ERROR, LABEL("\"{1}\" takes no word", "“{1}”类记录不带具体内容"),
                          LABEL("leave the column \"word\" empty in this row", "请将该行的 word 列留空")},
    [FACT_F_FLAG] = {"fact-flag-unknown", PROBLEM_ERROR, LABEL("there is no mark \"{1}\"", "没有“{1}”这个标记"),
                     LABEL("possible are: yes, no, pooled, open, day_only, of_contact",
                           "可用的有：yes、no、pooled、open、day_only、of_contact")},
    [FACT_F_UNTIL] = {"fact-until-before", PROBLEM_ERROR, LABEL("it ends before it begins", "结束早于开始"),
                      LABEL("check happened and until", "请核对 happened 与 until 两列")},
};

static const struct {
    const char *name;
    uint8_t bit;
} fact_flags[] = {
    {"yes", FACT_YES},           {"no", FACT_NO},
    {"pooled", FACT_POOLED},     {"open", FACT_OPEN},
    {"day_only", FACT_DAY_ONLY}, {"of_contact", FACT_OF_CONTACT},
};

// Words of OVERRIDE, which are no list of the language.
static const char *const fact_overrides[] = {"check_days", "measure_days", "sample_days"};
static const char fact_age[] = "age";

bool fact_record_kind_allowed(int32_t event)
{
    switch (event) {
    case EVENT_ORDERED:
    case EVENT_DECLINED:
    case EVENT_OBJECTED:
    case EVENT_UPHELD:
    case EVENT_HANDED_OVER:
    case EVENT_ACCEPTED:
    case EVENT_ENROLLED:
    case EVENT_EDITION: return false;
    default: return event >= 0 && event <= EVENT_RETRACTED;
    }
}

word_list fact_record_words(int32_t event)
{
    switch (event) {
    case EVENT_EXPOSED:
    case EVENT_PARTED:
    case EVENT_CONTACT_NAMED: return WORDS_EXPOSURE;
    case EVENT_SAMPLED:
    case EVENT_RESULT: return WORDS_SPECIMEN;
    case EVENT_CLASSIFIED: return WORDS_EVENT;
    case EVENT_ATTRIBUTE: return WORDS_ATTRIBUTE;
    default: return WORD_LIST_COUNT;
    }
}

static bool fact_find(word_list list, const char *column, struct str text, uint8_t *out, struct problem_list *problems,
                      struct problem_at at)
{
    if (text.n == 0) return true;
    int32_t found = words_find(list, text);
    if (found != WORD_UNKNOWN) {
        *out = (uint8_t)found;
        return true;
    }
    char all[600] = "";
    size_t n = 0;
    for (int32_t i = 0; i < words_count(list) && n < sizeof all - 40; i++) {
        int wrote = snprintf(all + n, sizeof all - n, "%s%s", i == 0 ? "" : ", ", words_at(list, i)->name);
        n += wrote > 0 && (size_t)wrote < sizeof all - n ? (size_t)wrote : 0;
    }
    const char *given = arena_copy(problems->arena, text.p, text.n);
    problem_add(problems, at, &fact_message[FACT_F_WORD], column, given, all, NULL);
    return false;
}

// How a visit was done.
static bool fact_read_way(const struct fact_record *r, struct fact *f, struct problem_list *problems,
                          struct problem_at at)
{
    for (uint8_t i = 0; i < FACT_WAY_COUNT; i++)
        if (str_eq_z(r->word, fact_way_word(i)->name)) {
            f->word = i;
            return true;
        }
    problem_add(problems, at, &fact_message[FACT_F_WORD], "word", arena_copy(problems->arena, r->word.p, r->word.n),
                "face, phone, self", NULL);
    return false;
}

static bool fact_read_word(const struct fact_record *r, struct fact *f, struct problem_list *problems,
                           struct problem_at at)
{
    if (r->word.n == 0) return true;
    if (f->kind == EVENT_ATTRIBUTE && str_eq_z(r->word, fact_age)) {
        f->word = FACT_WORD_AGE;
        return true;
    }
    if (f->kind == EVENT_OVERRIDE) {
        for (uint8_t i = 0; i < sizeof fact_overrides / sizeof *fact_overrides; i++)
            if (str_eq_z(r->word, fact_overrides[i])) {
                f->word = i;
                return true;
            }
    }
    if (fact_is_visit((event_word)f->kind)) return fact_read_way(r, f, problems, at);
    word_list list = fact_record_words(f->kind);
    if (list != WORD_LIST_COUNT) return fact_find(list, "word", r->word, &f->word, problems, at);
    problem_add(problems, at, &fact_message[FACT_F_WORD_NONE], words_at(WORDS_EVENT, f->kind)->name, NULL, NULL, NULL);
    return false;
}

static bool fact_read_flags(struct str rest, uint8_t *out, struct problem_list *problems, struct problem_at at)
{
    struct str part;
    bool good = true;
    while (str_cut(&rest, ' ', &part)) {
        if (part.n == 0) continue;
        size_t i = 0;
        while (i < sizeof fact_flags / sizeof *fact_flags && !str_eq_z(part, fact_flags[i].name)) i++;
        if (i < sizeof fact_flags / sizeof *fact_flags) {
            *out |= fact_flags[i].bit;
            continue;
        }
        problem_add(problems, at, &fact_message[FACT_F_FLAG], arena_copy(problems->arena, part.p, part.n), NULL, NULL,
                    NULL);
        good = false;
    }
    return good;
}

// "#1f2e3d4c" or the name itself.
static uint32_t fact_name(struct str text)
{
    if (text.n == 0) return 0;
    if (text.n == 9 && text.p[0] == '#') {
        uint32_t v = 0;
        size_t i = 1;
        for (; i < 9; i++) {
            char c = text.p[i];
            bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
            if (!digit && !letter) break;
            v = v << 4 | (uint32_t)(digit ? c - '0' : c - 'a' + 10);
        }
        if (i == 9) return v;
    }
    return protocol_name_id(text);
}

bool fact_record_read(const struct fact_record *r, struct fact *out, struct problem_list *problems,
                      struct problem_at at)
{
    int32_t kind = words_find(WORDS_EVENT, r->kind);
    const char *given = arena_copy(problems->arena, r->kind.p, r->kind.n);
    if (kind == WORD_UNKNOWN || !fact_record_kind_allowed(kind)) {
        const char *near = words_near(WORDS_EVENT, r->kind);
        problem_add(problems, at, &fact_message[kind == WORD_UNKNOWN ? FACT_F_KIND : FACT_F_NOT_HERE], given,
                    near == NULL ? "?" : near, NULL, NULL);
        return false;
    }
    *out = (struct fact){
        .happened = r->happened,
        .until = r->until,
        .known = r->known.s == INT64_MIN ? r->happened : r->known,
        .recorded = UTC_NONE,
        .name = fact_name(r->name),
        .value = r->value == RECORD_INTEGER_NONE ? 0 : (int32_t)r->value,
        .kind = (uint8_t)kind,
    };
    bool good = fact_read_word(r, out, problems, at);
    good = fact_find(WORDS_TEST, "test", r->test, &out->test, problems, at) && good;
    good = fact_find(WORDS_OUTCOME, "outcome", r->outcome, &out->outcome, problems, at) && good;
    good = fact_find(WORDS_PROTECTION, "protection", r->protection, &out->protection, problems, at) && good;
    good = fact_read_flags(r->flags, &out->flags, problems, at) && good;
    if (r->until.s != INT64_MIN && r->until.s < r->happened.s && kind != EVENT_CONTACT_NAMED) {
        problem_add(problems, at, &fact_message[FACT_F_UNTIL], NULL, NULL, NULL, NULL);
        good = false;
    }
    return good;
}

static struct str fact_word_text(word_list list, int32_t word)
{
    return word >= 0 && word < words_count(list) ? str_z(words_at(list, word)->name) : (struct str){"", 0};
}

void fact_record_make(const struct fact *f, struct arena *arena, struct fact_record *out)
{
    record_clear(&fact_record_kind, out);
    out->kind = fact_word_text(WORDS_EVENT, f->kind);
    out->happened = f->happened;
    out->until = f->until;
    out->known = f->known;
    word_list list = fact_record_words(f->kind);
    if (f->kind == EVENT_ATTRIBUTE && f->word == FACT_WORD_AGE) out->word = str_z(fact_age);
    else if (f->kind == EVENT_OVERRIDE && f->word < sizeof fact_overrides / sizeof *fact_overrides)
        out->word = str_z(fact_overrides[f->word]);
    else if (fact_is_visit((event_word)f->kind)) {
        const struct word *way = f->word == FACT_WAY_UNSAID ? NULL : fact_way_word(f->word);
        if (way != NULL) out->word = str_z(way->name);
    } else if (list != WORD_LIST_COUNT) out->word = fact_word_text(list, f->word);
    if (f->kind == EVENT_RESULT) {
        out->test = fact_word_text(WORDS_TEST, f->test);
        out->outcome = fact_word_text(WORDS_OUTCOME, f->outcome);
    }
    if (f->kind == EVENT_EXPOSED || f->kind == EVENT_CONTACT_NAMED)
        out->protection = fact_word_text(WORDS_PROTECTION, f->protection);
    if (f->value != 0) out->value = f->value;
    if (f->name != 0) {
        const char *name = arena_printf(arena, "#%08x", (unsigned)f->name);
        out->name = str_z(name);
    }
    size_t n = 0;
    char flags[80] = "";
    for (size_t i = 0; i < sizeof fact_flags / sizeof *fact_flags; i++) {
        if ((f->flags & fact_flags[i].bit) == 0) continue;
        int wrote = snprintf(flags + n, sizeof flags - n, "%s%s", n == 0 ? "" : " ", fact_flags[i].name);
        assert(wrote > 0 && (size_t)wrote < sizeof flags - n);
        n += (size_t)wrote;
    }
    const char *copy = n == 0 ? "" : arena_copy(arena, flags, n);
    out->flags = str_z(copy);
}
