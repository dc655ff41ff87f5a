#include "protocol/read_fault.h"

#include <assert.h>

#define READ_FAULT_DEFINE(name, slug, en, zh, remedy_en, remedy_zh)                     \
    const struct message read_fault_##name = {(slug), PROBLEM_ERROR, LABEL((en), (zh)), \
                                              LABEL((remedy_en), (remedy_zh))};
READ_FAULTS(READ_FAULT_DEFINE)

#define WORD_FAULT(en, zh)                                                                                  \
    {                                                                                                       \
        {"word-unknown", PROBLEM_ERROR, LABEL("`{1}` is no " en, "“{1}”不是" zh),                           \
         LABEL("`tongzhou protocol words` lists them all", "可用 tongzhou protocol words 查看全部可用词")}, \
        {                                                                                                   \
            "word-unknown", PROBLEM_ERROR, LABEL("`{1}` is no " en, "“{1}”不是" zh),                        \
                LABEL("did you mean `{2}`?", "是否应为“{2}”？")                                             \
        }                                                                                                   \
    }

static const struct message word_faults[WORD_LIST_COUNT][2] = {
    [WORDS_EVENT] = WORD_FAULT("event", "可用的事件"),
    [WORDS_EXPOSURE] = WORD_FAULT("kind of exposure", "可用的暴露方式"),
    [WORDS_SPECIMEN] = WORD_FAULT("specimen", "可用的标本"),
    [WORDS_TEST] = WORD_FAULT("test", "可用的检测方法"),
    [WORDS_OUTCOME] = WORD_FAULT("test outcome", "可用的检测结论"),
    [WORDS_ROLE] = WORD_FAULT("role", "可用的角色"),
    [WORDS_PLACE] = WORD_FAULT("place", "可用的场所"),
    [WORDS_VERB] = WORD_FAULT("thing to do", "可用的任务动作"),
    [WORDS_MEASURE_KIND] = WORD_FAULT("kind of measure", "可用的措施种类"),
    [WORDS_PROVISION] = WORD_FAULT("provision", "可用的保障"),
    [WORDS_FINAL] = WORD_FAULT("way to end", "可用的结局"),
    [WORDS_ANCHOR] = WORD_FAULT("day to count from", "可用的起算日"),
    [WORDS_ATTRIBUTE] = WORD_FAULT("circumstance", "可用的人员情况"),
    [WORDS_PROTECTION] = WORD_FAULT("protection", "可用的防护程度"),
    [WORDS_CONFIDENCE] = WORD_FAULT("confidence", "可用的可信度"),
};

const struct message *read_fault_of_word(word_list list, bool near)
{
    assert((int)list >= 0 && list < WORD_LIST_COUNT);
    return &word_faults[list][near ? 1 : 0];
}
