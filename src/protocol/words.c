#include "protocol/words.h"

#include <assert.h>

#define WORD_ROW(id, name, en, zh) {(name), LABEL((en), (zh))},

static const struct word words_event[] = {EVENT_WORDS(WORD_ROW)};
static const struct word words_exposure[] = {EXPOSURE_WORDS(WORD_ROW)};
static const struct word words_specimen[] = {SPECIMEN_WORDS(WORD_ROW)};
static const struct word words_test[] = {TEST_WORDS(WORD_ROW)};
static const struct word words_outcome[] = {OUTCOME_WORDS(WORD_ROW)};
static const struct word words_role[] = {ROLE_WORDS(WORD_ROW)};
static const struct word words_place[] = {PLACE_WORDS(WORD_ROW)};
static const struct word words_verb[] = {VERB_WORDS(WORD_ROW)};
static const struct word words_kind[] = {MEASURE_KIND_WORDS(WORD_ROW)};
static const struct word words_provision[] = {PROVISION_WORDS(WORD_ROW)};
static const struct word words_final[] = {FINAL_WORDS(WORD_ROW)};
static const struct word words_anchor[] = {ANCHOR_WORDS(WORD_ROW)};
static const struct word words_attribute[] = {ATTRIBUTE_WORDS(WORD_ROW)};
static const struct word words_protection[] = {PROTECTION_WORDS(WORD_ROW)};
static const struct word words_confidence[] = {CONFIDENCE_WORDS(WORD_ROW)};

#define LIST(array, en, zh) {(array), (int32_t)(sizeof(array) / sizeof(array)[0]), LABEL((en), (zh))}

static const struct {
    const struct word *words;
    int32_t count;
    struct label label;
} lists[WORD_LIST_COUNT] = {
    [WORDS_EVENT] = LIST(words_event, "event", "事件"),
    [WORDS_EXPOSURE] = LIST(words_exposure, "kind of exposure", "暴露方式"),
    [WORDS_SPECIMEN] = LIST(words_specimen, "specimen", "标本"),
    [WORDS_TEST] = LIST(words_test, "test", "检测方法"),
    [WORDS_OUTCOME] = LIST(words_outcome, "test outcome", "检测结论"),
    [WORDS_ROLE] = LIST(words_role, "role", "角色"),
    [WORDS_PLACE] = LIST(words_place, "place", "场所"),
    [WORDS_VERB] = LIST(words_verb, "task", "任务"),
    [WORDS_MEASURE_KIND] = LIST(words_kind, "kind of measure", "措施种类"),
    [WORDS_PROVISION] = LIST(words_provision, "provision", "保障"),
    [WORDS_FINAL] = LIST(words_final, "final status", "结局"),
    [WORDS_ANCHOR] = LIST(words_anchor, "day to count from", "起算日"),
    [WORDS_ATTRIBUTE] = LIST(words_attribute, "circumstance", "人员情况"),
    [WORDS_PROTECTION] = LIST(words_protection, "protection", "防护"),
    [WORDS_CONFIDENCE] = LIST(words_confidence, "confidence", "可信度"),
};

int32_t words_count(word_list list)
{
    assert((int)list >= 0 && list < WORD_LIST_COUNT);
    return lists[list].count;
}

const struct word *words_at(word_list list, int32_t index)
{
    assert((int)list >= 0 && list < WORD_LIST_COUNT);
    assert(index >= 0 && index < lists[list].count);
    return &lists[list].words[index];
}

int32_t words_find(word_list list, struct str name)
{
    for (int32_t i = 0; i < words_count(list); i++)
        if (str_eq_z(name, lists[list].words[i].name)) return i;
    return WORD_UNKNOWN;
}

const char *words_near(word_list list, struct str name)
{
    enum { SLIPS = 2 };
    const char *best = NULL;
    size_t least = SLIPS + 1;
    for (int32_t i = 0; i < words_count(list); i++) {
        size_t d = str_distance(name, str_z(lists[list].words[i].name), SLIPS);
        if (d < least) {
            least = d;
            best = lists[list].words[i].name;
        }
    }
    return best;
}

const struct label *words_list_label(word_list list)
{
    assert((int)list >= 0 && list < WORD_LIST_COUNT);
    return &lists[list].label;
}
