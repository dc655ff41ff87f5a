#include "protocol/explain_condition.h"

#include "protocol/explain_phrase.h"

#include <assert.h>
#include <string.h>

// Clauses, affirmed and denied; {1} is the number or list, {2} an anchor. The English ones that begin with "they " share
// it when they are joined: "they are under 14 or need a carer".
struct clause {
    struct label yes, no;
};

static const struct clause clauses[CONDITION_OP_COUNT] = {
    [CONDITION_DAYS_SERVED] = {LABEL("all the days are served", "规定天数已满"),
                               LABEL("not all the days are served", "规定天数未满")},
    [CONDITION_LAST_SAMPLE_NEGATIVE] = {LABEL("the last sample is negative", "末次采样结果为阴性"),
                                        LABEL("the last sample is not negative", "末次采样结果不是阴性")},
    [CONDITION_NEGATIVES] = {LABEL("they have {1} negative results in a row", "连续{1}次检测阴性"),
                             LABEL("they do not have {1} negative results in a row", "未达到连续{1}次检测阴性")},
    [CONDITION_SYMPTOMATIC] = {LABEL("they have symptoms", "有症状"), LABEL("they have no symptoms", "无症状")},
    [CONDITION_SYMPTOM_FREE] = {LABEL("they have been free of symptoms for {1}", "症状消失已满{1}"),
                                LABEL("they have not been free of symptoms for {1}", "症状消失未满{1}")},
    [CONDITION_AGE_UNDER] = {LABEL("they are under {1} years old", "未满{1}周岁"),
                             LABEL("they are {1} years old or older", "年满{1}周岁")},
    [CONDITION_AGE_FROM] = {LABEL("they are {1} years old or older", "年满{1}周岁"),
                            LABEL("they are under {1} years old", "未满{1}周岁")},
    [CONDITION_CLASS] = {LABEL("they count as {1}", "判定为{1}"), LABEL("they do not count as {1}", "未判定为{1}")},
    [CONDITION_EXPOSED] = {LABEL("they have a known exposure", "有明确的暴露史"),
                           LABEL("they have no known exposure", "没有明确的暴露史")},
    [CONDITION_POSITIVE] = {LABEL("they have tested positive", "检测曾为阳性"),
                            LABEL("they have not tested positive", "检测未出现阳性")},
    [CONDITION_LINKED_NEGATIVES] = {LABEL("{1} linked people have tested negative with none positive",
                                          "{1}名关联人员检测阴性且无一阳性"),
                                    LABEL(
                                        "fewer than {1} linked people have tested negative, or one has tested positive",
                                        "检测阴性的关联人员不足{1}名，或有关联人员检测阳性")},
    [CONDITION_NO_NEW_CASE] = {LABEL("there has been no new case for {1}", "连续{1}无新增病例"),
                               LABEL("there has been a new case within {1}", "{1}内有新增病例")},
    [CONDITION_ROUND_NEGATIVE] = {LABEL("a test round since the last case found nobody positive",
                                        "末例病例之后有一轮检测全部阴性"),
                                  LABEL("no test round since the last case has been all negative",
                                        "末例病例之后没有一轮检测全部阴性")},
    [CONDITION_LESIONS_HEALED] = {LABEL("all lesions have healed", "皮损已全部愈合"),
                                  LABEL("not all lesions have healed", "皮损尚未全部愈合")},
    [CONDITION_CLINICIAN_RELEASE] = {LABEL("a clinician agrees to the release", "临床医生同意解除"),
                                     LABEL("no clinician has agreed to the release", "临床医生未同意解除")},
    [CONDITION_SURROUNDINGS_CLEAN] = {LABEL("the samples of their surroundings are clean", "环境采样结果为阴性"),
                                      LABEL("the samples of their surroundings are not clean", "环境采样结果不是阴性")},
    [CONDITION_SOURCE_FREE] = {LABEL("the source there has been removed", "该处传染源已清除"),
                               LABEL("the source there has not been removed", "该处传染源尚未清除")},
    [CONDITION_DAYS_SINCE] = {LABEL("{1} have passed since {2}", "距{2}已满{1}"),
                              LABEL("{1} have not yet passed since {2}", "距{2}未满{1}")},
    [CONDITION_KIND] = {LABEL("the exposure was: {1}", "暴露方式为{1}"),
                        LABEL("the exposure was none of these: {1}", "暴露方式不是{1}")},
    [CONDITION_PROTECTION] = {LABEL("there was {1}", "当时{1}"), LABEL("there was neither {1}", "当时不属于{1}")},
    [CONDITION_MINUTES_FROM] = {LABEL("it lasted {1} or longer", "接触时间达到{1}"),
                                LABEL("it lasted less than {1}", "接触时间不足{1}")},
    [CONDITION_SPECIMEN] = {LABEL("the specimen is: {1}", "标本为{1}"),
                            LABEL("the specimen is not: {1}", "标本不是{1}")},
    [CONDITION_TEST] = {LABEL("the test is: {1}", "检测方法为{1}"), LABEL("the test is not: {1}", "检测方法不是{1}")},
    [CONDITION_COUNT_FROM] = {LABEL("the number reported is {1} or more", "上报人数达到{1}"),
                              LABEL("the number reported is less than {1}", "上报人数不足{1}")},
    [CONDITION_HAS_CARER] = {LABEL("they have a named carer", "已指定照护人"),
                             LABEL("they have no named carer", "未指定照护人")},
    [CONDITION_HAS_GUARDIAN] = {LABEL("they have a named guardian", "已指定监护人"),
                                LABEL("they have no named guardian", "未指定监护人")},
};

static const struct clause one_negative = {LABEL("they have a negative result", "有1次检测阴性"),
                                           LABEL("they have no negative result", "没有检测阴性")};

static const struct clause round_within = {
    LABEL("a test round of the last {1} found nobody positive", "最近{1}内有一轮检测全部阴性"),
    LABEL("no test round of the last {1} has been all negative", "最近{1}内没有一轮检测全部阴性")};

static const struct clause attribute_clauses[ATTRIBUTE_WORD_COUNT] = {
    [ATTRIBUTE_PREGNANT] = {LABEL("they are pregnant", "是孕妇"), LABEL("they are not pregnant", "不是孕妇")},
    [ATTRIBUTE_NEEDS_CARER] = {LABEL("they need a carer", "需要他人照护"),
                               LABEL("they need no carer", "不需要他人照护")},
    [ATTRIBUTE_UNFIT] = {LABEL("they are seriously ill or unfit for it", "病情严重（或身体状况不宜）"),
                         LABEL("they are fit for it", "身体状况适宜")},
    [ATTRIBUTE_HEALTH_WORKER] = {LABEL("they are a health worker", "是医务人员"),
                                 LABEL("they are not a health worker", "不是医务人员")},
    [ATTRIBUTE_IMMUNE] = {LABEL("they are known to be immune", "已证实有免疫力"),
                          LABEL("they are not known to be immune", "未证实有免疫力")},
    [ATTRIBUTE_NOT_IMMUNE] = {LABEL("they are known not to be immune", "已证实无免疫力"),
                              LABEL("they are not known to lack immunity", "未证实无免疫力")},
    [ATTRIBUTE_VACCINATED] = {LABEL("they have been vaccinated since the exposure", "暴露后已接种疫苗"),
                              LABEL("they have not been vaccinated since the exposure", "暴露后未接种疫苗")},
    [ATTRIBUTE_IMMUNOGLOBULIN] = {LABEL("they have been given immunoglobulin", "已注射免疫球蛋白"),
                                  LABEL("they have not been given immunoglobulin", "未注射免疫球蛋白")},
    [ATTRIBUTE_FOOD_HANDLER] = {LABEL("they handle food", "从事餐饮工作"),
                                LABEL("they do not handle food", "不从事餐饮工作")},
    [ATTRIBUTE_HOUSEHOLD_FIT] = {LABEL("their home is fit for it", "具备居家条件"),
                                 LABEL("their home is not fit for it", "不具备居家条件")},
    [ATTRIBUTE_CHOOSES_SITE] = {LABEL("they choose the quarantine site", "自愿选择集中隔离"),
                                LABEL("they do not choose the quarantine site", "未选择集中隔离")},
    [ATTRIBUTE_BREASTFED] = {LABEL("they are breast-fed", "正在哺乳"), LABEL("they are not breast-fed", "不在哺乳期")},
};

static const char *condition_classes(struct prose *s, uint64_t set)
{
    static const char *const en[] = {"a suspected case", "a probable case", "a confirmed case",
                                     "an asymptomatic infection", "discarded"};
    struct prose_list parts = {0};
    for (int32_t i = 0; i <= EVENT_DISCARDED - EVENT_SUSPECTED; i++) {
        if ((set >> i & 1u) == 0) continue;
        prose_add(&parts,
                  s->language == LANG_EN ? en[i] : phrase_label(s, words_at(WORDS_EVENT, EVENT_SUSPECTED + i)->label));
    }
    return prose_enumerate(s, &parts, PROSE_OR);
}

// What stands for {1} in the clause of a leaf.
static const char *condition_value(struct prose *s, const struct condition *c)
{
    switch ((condition_op)c->op) {
    case CONDITION_NEGATIVES:
    case CONDITION_AGE_UNDER:
    case CONDITION_AGE_FROM:
    case CONDITION_LINKED_NEGATIVES:
    case CONDITION_COUNT_FROM: return prose_number(s, c->a);
    case CONDITION_SYMPTOM_FREE:
    case CONDITION_MINUTES_FROM: return phrase_minutes(s, c->a);
    case CONDITION_NO_NEW_CASE:
    case CONDITION_ROUND_NEGATIVE:
    case CONDITION_DAYS_SINCE: return phrase_days(s, c->a);
    case CONDITION_CLASS: return condition_classes(s, c->set);
    case CONDITION_KIND: return phrase_set(s, WORDS_EXPOSURE, c->set, PROSE_OR);
    case CONDITION_PROTECTION: return phrase_set(s, WORDS_PROTECTION, c->set, PROSE_OR);
    case CONDITION_SPECIMEN: return phrase_set(s, WORDS_SPECIMEN, c->set, PROSE_OR);
    case CONDITION_TEST: return phrase_set(s, WORDS_TEST, c->set, PROSE_OR);
    case CONDITION_ALL:
    case CONDITION_ANY:
    case CONDITION_NOT:
    case CONDITION_DAYS_SERVED:
    case CONDITION_LAST_SAMPLE_NEGATIVE:
    case CONDITION_SYMPTOMATIC:
    case CONDITION_ATTRIBUTE:
    case CONDITION_EXPOSED:
    case CONDITION_POSITIVE:
    case CONDITION_LESIONS_HEALED:
    case CONDITION_CLINICIAN_RELEASE:
    case CONDITION_SURROUNDINGS_CLEAN:
    case CONDITION_SOURCE_FREE:
    case CONDITION_HAS_CARER:
    case CONDITION_HAS_GUARDIAN:
    case CONDITION_OP_COUNT: break;
    }
    return "";
}

static const char *condition_leaf(struct prose *s, const struct condition *c, bool denied)
{
    const struct clause *clause = &clauses[c->op];
    if (c->op == CONDITION_ATTRIBUTE) {
        assert(c->a >= 0 && c->a < ATTRIBUTE_WORD_COUNT);
        clause = &attribute_clauses[c->a];
    }
    if (c->op == CONDITION_NEGATIVES && c->a == 1) clause = &one_negative;
    if (c->op == CONDITION_ROUND_NEGATIVE && c->a > 0) clause = &round_within;
    const char *anchor = c->op == CONDITION_DAYS_SINCE ? phrase_anchor(s, (anchor_word)c->b) : "";
    return prose_say2(s, denied ? clause->no : clause->yes, condition_value(s, c), anchor);
}

static const char *condition_clause(struct prose *s, condition_ref ref, bool denied, int32_t depth);

// Joined by "and" or "or"; inside another connective English says "both ... and", "either ... or", Chinese brackets.
static const char *condition_joined(struct prose *s, const struct condition *c, bool all, bool denied, int32_t depth)
{
    struct prose_list parts = {0};
    bool before = false, all_they = true; // the part before has "they" as its subject
    for (uint16_t i = 0; i < c->count; i++) {
        const char *part = condition_clause(s, (condition_ref)(c->first + i), denied, depth + 1);
        bool they = s->language == LANG_EN && strncmp(part, "they ", 5) == 0;
        prose_add(&parts, they && before ? part + 5 : part);
        before = they;
        all_they = all_they && they;
    }
    if (parts.count < 2) return parts.count == 0 ? "" : parts.part[0];
    if (s->language == LANG_ZH) {
        const char *text = all ? parts.part[0] : prose_enumerate(s, &parts, PROSE_OR);
        for (size_t i = 1; all && i < parts.count; i++)
            text = prose_text(s, "%s%s%s", text, i + 1 == parts.count ? "，且" : "，", parts.part[i]);
        return depth == 0 ? text : prose_text(s, "（%s）", text);
    }
    const char *text = prose_enumerate(s, &parts, all ? PROSE_AND : PROSE_OR);
    if (depth == 0) return text;
    if (all_they) return prose_text(s, "they %s %s", all ? "both" : "either", text + 5);
    return prose_text(s, "%s %s", all ? "both" : "either", text);
}

static const char *condition_clause(struct prose *s, condition_ref ref, bool denied, int32_t depth)
{
    if (ref == CONDITION_TRUE) return "";
    assert(ref < s->p->condition_count && depth <= PROTOCOL_DEPTH_MAX);
    const struct condition *c = &s->p->conditions[ref];
    if (c->op == CONDITION_NOT) return condition_clause(s, c->first, !denied, depth);
    if (c->op != CONDITION_ALL && c->op != CONDITION_ANY) return condition_leaf(s, c, denied);
    // A single member needs no connective, and what is denied swaps it (De Morgan).
    if (c->count == 1) return condition_clause(s, c->first, denied, depth);
    return condition_joined(s, c, (c->op == CONDITION_ALL) != denied, denied, depth);
}

const char *phrase_condition(struct prose *s, condition_ref ref)
{
    return condition_clause(s, ref, false, 0);
}

void phrase_condition_parts(struct prose *s, condition_ref ref, struct prose_list *parts)
{
    if (ref == CONDITION_TRUE) return;
    assert(ref < s->p->condition_count);
    const struct condition *c = &s->p->conditions[ref];
    if (c->op != CONDITION_ALL) {
        prose_add(parts, condition_clause(s, ref, false, 0));
        return;
    }
    for (uint16_t i = 0; i < c->count; i++)
        prose_add(parts, condition_clause(s, (condition_ref)(c->first + i), false, 0));
}
