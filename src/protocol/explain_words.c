#include "protocol/explain_words.h"

#include "protocol/words.h"

#include <string.h>

static const struct {
    const char *name;
    word_list list;
} word_lists[] = {
    {"event", WORDS_EVENT},
    {"exposure", WORDS_EXPOSURE},
    {"specimen", WORDS_SPECIMEN},
    {"test", WORDS_TEST},
    {"outcome", WORDS_OUTCOME},
    {"role", WORDS_ROLE},
    {"place", WORDS_PLACE},
    {"task", WORDS_VERB},
    {"measure", WORDS_MEASURE_KIND},
    {"provision", WORDS_PROVISION},
    {"end", WORDS_FINAL},
    {"anchor", WORDS_ANCHOR},
    {"circumstance", WORDS_ATTRIBUTE},
    {"protection", WORDS_PROTECTION},
    {"confidence", WORDS_CONFIDENCE},
};
enum { WORD_LISTS = sizeof word_lists / sizeof word_lists[0] };
_Static_assert((int)WORD_LISTS == (int)WORD_LIST_COUNT, "every list of words has a name here");

#define BARE(word, en, zh)                       \
    {                                            \
        (word), (word), false, LABEL((en), (zh)) \
    }

static const struct condition_example conditions[] = {
    BARE("days_served", "all the days are served", "规定天数已满"),
    BARE("last_sample_negative", "the last sample is negative", "末次采样结果为阴性"),
    BARE("symptomatic", "has symptoms", "有症状"),
    BARE("exposed", "has a known exposure", "有明确的暴露史"),
    BARE("positive", "has tested positive", "检测曾为阳性"),
    BARE("round_negative", "a round since the last case was all negative", "末例病例之后有一轮检测全部阴性"),
    BARE("lesions_healed", "all lesions have healed", "皮损已全部愈合"),
    BARE("clinician_release", "a clinician agrees to the release", "临床医生同意解除"),
    BARE("surroundings_clean", "samples of the surroundings are clean", "环境采样结果为阴性"),
    BARE("source_free", "the source there is removed", "该处传染源已清除"),
    BARE("has_carer", "has a named carer", "已指定照护人"),
    BARE("has_guardian", "has a named guardian", "已指定监护人"),
    {"negatives", "negatives: 2", true, LABEL("so many negative results in a row", "连续若干次检测阴性")},
    {"linked_negatives", "linked_negatives: 2", true,
     LABEL("so many linked people negative, none positive", "若干名关联人员阴性且无一阳性")},
    {"count_from", "count_from: 3", true, LABEL("at least so many reported", "上报人数达到")},
    {"age_under", "age_under: 14", true, LABEL("younger than", "未满若干周岁")},
    {"age_from", "age_from: 60", true, LABEL("so old or older", "年满若干周岁")},
    {"symptom_free", "symptom_free: 3 d", true, LABEL("free of symptoms for so long", "症状消失已满若干时间")},
    {"minutes_from", "minutes_from: 15 min", true, LABEL("the exposure lasted so long or longer", "接触时间达到")},
    {"no_new_case", "no_new_case: 5 d", true, LABEL("no new case for so long", "连续若干天无新增病例")},
    {"round_within", "round_within: 2 d", true,
     LABEL("an all-negative round within so many days", "若干天内有一轮检测全部阴性")},
    {"days_since", "days_since: {first_exposure: 5 d}", true,
     LABEL("so many days have passed since ...", "距某日已满若干天")},
    {"class", "class: [confirmed, asymptomatic]", false,
     LABEL("counts as one of these steps of the ladder", "判定为其中一类")},
    {"kind", "kind: [household]", false, LABEL("the exposure at hand was one of these", "本次暴露方式为其中之一")},
    {"protection", "protection: [none]", false,
     LABEL("the protection at hand was one of these", "本次防护情况为其中之一")},
    {"specimen", "specimen: [blood]", false,
     LABEL("the result at hand is from one of these", "本次结果的标本为其中之一")},
    {"test", "test: [pcr]", false, LABEL("the result at hand is of one of these", "本次结果的检测方法为其中之一")},
};

const struct condition_example *condition_examples(size_t *count)
{
    *count = sizeof conditions / sizeof conditions[0];
    return conditions;
}

static void words_row(struct sink *out, const char *name, size_t columns, struct label label)
{
    enum { ENGLISH = 42 };
    size_t english = str_columns(str_z(label.text[LANG_EN]));
    sink_printf(out, "  %-*s  %s%*s  %s\n", (int)columns, name, label.text[LANG_EN],
                english < ENGLISH ? (int)(ENGLISH - english) : 0, "", label.text[LANG_ZH]);
}

static void words_print(struct sink *out, size_t i, lang language)
{
    word_list list = word_lists[i].list;
    size_t widest = 0;
    for (int32_t k = 0; k < words_count(list); k++)
        widest = strlen(words_at(list, k)->name) > widest ? strlen(words_at(list, k)->name) : widest;
    sink_printf(out, "%s (%s)\n", word_lists[i].name, words_list_label(list)->text[language]);
    for (int32_t k = 0; k < words_count(list); k++)
        words_row(out, words_at(list, k)->name, widest, words_at(list, k)->label);
}

static void conditions_print(struct sink *out, lang language)
{
    static const struct label title =
        LABEL("conditions, alone or joined by any, all, not", "条件，可单独使用，也可用 any、all、not 组合");
    enum { WIDEST = 34 };
    sink_printf(out, "condition (%s)\n", title.text[language]);
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        words_row(out, conditions[i].example, WIDEST, conditions[i].label);
}

bool explain_words(lang language, const char *list, struct sink *out)
{
    bool any = false;
    for (size_t i = 0; i < WORD_LISTS; i++) {
        if (list != NULL && strcmp(list, word_lists[i].name) != 0) continue;
        if (any) sink_char(out, '\n');
        words_print(out, i, language);
        any = true;
    }
    if (list != NULL && strcmp(list, "condition") != 0) return any;
    if (any) sink_char(out, '\n');
    conditions_print(out, language);
    return true;
}

void explain_word_lists(struct sink *out)
{
    for (size_t i = 0; i < WORD_LISTS; i++) sink_printf(out, "%s, ", word_lists[i].name);
    sink_text(out, "condition");
}
