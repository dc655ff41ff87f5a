#include "protocol/explain_rule.h"

#include "protocol/explain_condition.h"
#include "protocol/explain_phrase.h"

#include <assert.h>

static const struct label event_phrases[EVENT_WORD_COUNT] = {
    [EVENT_EXPOSED] = LABEL("there is an exposure", "发生暴露"),
    [EVENT_PARTED] = LABEL("they part from the source", "与传染源分开"),
    [EVENT_CONTACT_NAMED] = LABEL("a contact is named", "申报一名接触者"),
    [EVENT_SYMPTOM] = LABEL("symptoms begin", "出现症状"),
    [EVENT_WELL] = LABEL("the symptoms are gone", "症状消失"),
    [EVENT_FEVER_GONE] = LABEL("the fever is gone", "退热"),
    [EVENT_SAMPLED] = LABEL("a sample is taken", "已采样"),
    [EVENT_RESULT] = LABEL("a result comes in that the table above does not explain", "收到上表未列明的检测结果"),
    [EVENT_ISOLATED] = LABEL("they are effectively isolated", "已有效隔离"),
    [EVENT_ADMITTED] = LABEL("they are admitted to hospital", "入院"),
    [EVENT_DISCHARGED] = LABEL("they are discharged from hospital", "出院"),
    [EVENT_CLASSIFIED] = LABEL("an authority classifies them", "主管机构作出判定"),
    [EVENT_ORDERED] = LABEL("the order is signed", "指令签发"),
    [EVENT_DECLINED] = LABEL("the order is declined", "指令未获批准"),
    [EVENT_STARTED] = LABEL("the measure begins", "措施开始执行"),
    [EVENT_SEEN_WELL] = LABEL("they are seen and well", "随访无异常"),
    [EVENT_SEEN_ILL] = LABEL("they are seen and ill", "随访发现症状"),
    [EVENT_NOT_SEEN] = LABEL("they are visited but not seen", "上门随访未见到本人"),
    [EVENT_NOT_ATTEMPTED] = LABEL("a visit is not attempted", "未进行随访"),
    [EVENT_REFUSED] = LABEL("they refuse", "本人拒绝"),
    [EVENT_DONE] = LABEL("a task is done", "任务完成"),
    [EVENT_DIED] = LABEL("they die", "死亡"),
    [EVENT_BURIED] = LABEL("they are safely buried", "遗体已安全处置"),
    [EVENT_LOST] = LABEL("they are lost to follow-up", "失访"),
    [EVENT_FOUND] = LABEL("they are found again", "重新找到本人"),
    [EVENT_HANDED_OVER] = LABEL("a hand-over is sent", "发出协查移交"),
    [EVENT_ACCEPTED] = LABEL("the hand-over is accepted", "移交被对方接收"),
    [EVENT_ARRIVED] = LABEL("they arrive from elsewhere", "入境或抵达本地"),
    [EVENT_LEFT_ZONE] = LABEL("they leave a zone", "离开防控区域"),
    [EVENT_VACCINATED] = LABEL("they are vaccinated", "接种疫苗"),
    [EVENT_IMMUNOGLOBULIN] = LABEL("they are given immunoglobulin", "注射免疫球蛋白"),
    [EVENT_IMMUNITY] = LABEL("evidence on their immunity comes in", "取得免疫证据"),
    [EVENT_ATTRIBUTE] = LABEL("one of their circumstances becomes known", "获知人员情况"),
    [EVENT_CARER_NAMED] = LABEL("a carer is named", "指定照护人"),
    [EVENT_GUARDIAN_NAMED] = LABEL("a guardian is named", "指定监护人"),
    [EVENT_OVERRIDE] = LABEL("days are set for them alone", "个别调整天数"),
    [EVENT_CARE_OVERRIDE] = LABEL("they are let through to care", "就医优先放行"),
    [EVENT_OBJECTED] = LABEL("they object", "提出异议"),
    [EVENT_UPHELD] = LABEL("their objection is upheld", "异议成立"),
    [EVENT_LESIONS_HEALED] = LABEL("the lesions have healed", "皮损愈合"),
    [EVENT_CLINICIAN_RELEASE] = LABEL("a clinician agrees to the release", "临床医生同意解除"),
    [EVENT_CALLED_POSITIVE] = LABEL("an antigen positive is reported by phone", "电话报告抗原阳性"),
    [EVENT_LINKED_NEGATIVE] = LABEL("a linked person tests negative", "关联人员检测阴性"),
    [EVENT_LINKED_POSITIVE] = LABEL("a linked person tests positive", "关联人员检测阳性"),
    [EVENT_NEW_CASE] = LABEL("there is a new case here", "本场所出现新增病例"),
    [EVENT_CASE_LEFT] = LABEL("the last case has left", "末例病例转出"),
    [EVENT_ROUND_NEGATIVE] = LABEL("a test round finds nobody positive", "一轮检测全部阴性"),
    [EVENT_ROUND_POSITIVE] = LABEL("a test round finds a positive", "一轮检测发现阳性"),
    [EVENT_COUNT] = LABEL("numbers are reported", "上报人数"),
    [EVENT_SOURCE_FREE] = LABEL("the source here has been removed", "本场所传染源已清除"),
    [EVENT_SIGNAL] = LABEL("a signal comes in", "收到信号"),
    [EVENT_ENROLLED] = LABEL("a decision enrols them", "依决定纳管"),
    [EVENT_EDITION] = LABEL("a new edition comes into force", "新版本生效"),
    [EVENT_RETRACTED] = LABEL("a record is withdrawn", "记录被撤回"),
    [EVENT_NEGATIVE] = LABEL("a result is negative", "检测结果为阴性"),
    [EVENT_POSITIVE] = LABEL("a result is positive", "检测结果为阳性"),
    [EVENT_SCREENING_POSITIVE] = LABEL("a result is a screening positive", "检测结果为初筛阳性"),
    [EVENT_POOL_POSITIVE] = LABEL("their pool tests positive", "所在混管检测阳性"),
    [EVENT_INCONCLUSIVE] = LABEL("a result is inconclusive", "检测结果可疑"),
    [EVENT_INVALID] = LABEL("a result is invalid", "检测结果无效"),
    [EVENT_CONTAMINATED] = LABEL("a sample of the surroundings is positive", "环境样本检测阳性"),
    [EVENT_CLEAN] = LABEL("a sample of the surroundings is clean", "环境样本检测阴性"),
    [EVENT_SUSPECTED] = LABEL("they become a suspected case", "判定为疑似病例"),
    [EVENT_PROBABLE] = LABEL("they become a probable case", "判定为临床诊断病例"),
    [EVENT_CONFIRMED] = LABEL("they become a confirmed case", "判定为确诊病例"),
    [EVENT_ASYMPTOMATIC] = LABEL("they are found to be an asymptomatic infection", "判定为无症状感染者"),
    [EVENT_DISCARDED] = LABEL("they are discarded as a case", "排除病例"),
    [EVENT_ALL_NEGATIVE] = LABEL("all samples of the set are negative", "成套样本全部阴性"),
    [EVENT_LAPSED] = LABEL("the time of the stage runs out", "阶段时间届满"),
    [EVENT_DAY] = LABEL("a day passes", "日期推移"),
    [EVENT_DEADLINE] = LABEL("a deadline passes", "任务时限已到"),
};

const char *phrase_event(struct prose *s, event_word event)
{
    assert(event < EVENT_WORD_COUNT);
    const char *text = event_phrases[event].text[s->language];
    return text != NULL ? text : phrase_label(s, words_at(WORDS_EVENT, (int32_t)event)->label);
}

const char *phrase_events(struct prose *s, uint64_t set)
{
    enum { BITS = 64 };
    _Static_assert((int)EVENT_WORD_COUNT >= (int)BITS, "every bit of a set is an event");
    struct prose_list parts = {0};
    for (int32_t i = 0; i < BITS; i++)
        if ((set >> i & 1u) != 0) prose_add(&parts, phrase_event(s, (event_word)i));
    return prose_enumerate(s, &parts, PROSE_OR);
}

// ---- actions ----

static const char *action_place(struct prose *s, uint8_t place)
{
    static const struct label own = LABEL("their {1}", "所在{1}");
    return prose_say1(s, own, phrase_label(s, words_at(WORDS_PLACE, place)->label));
}

static const char *action_measure(struct prose *s, uint8_t measure)
{
    static const struct label proposed = LABEL("the measure {1} is proposed for signature", "拟采取{1}，报批后执行");
    static const struct label asked = LABEL("they are asked to agree to {1}", "请其自愿配合{1}");
    return prose_say1(s, s->p->measures[measure].voluntary ? asked : proposed, phrase_measure(s, measure));
}

// One action; tasks and roles to tell are gathered by the caller, so that several make one clause.
static const char *phrase_action(struct prose *s, const struct action *a)
{
    static const struct label go = LABEL("they go to {1}, and that day is its day 0", "转入{1}，以当日为该阶段第0天");
    static const struct label enrol = LABEL("they begin the pathway {1}", "进入{1}流程");
    static const struct label other = LABEL("{1} begins the pathway {2}", "{1}进入{2}流程");
    static const struct label undo =
        LABEL("everyone and every place enrolled because of them is let go", "因其纳管的人员和场所一律解除");
    static const struct label restart = LABEL("they go back to the first stage, and the restriction is proposed anew",
                                              "回到第一阶段，限制措施重新报批");
    switch ((action_kind)a->kind) {
    case ACTION_GO: return prose_say1(s, go, phrase_stage(s, a->a));
    case ACTION_END: return phrase_final(s, (final_word)a->a);
    case ACTION_MEASURE: return action_measure(s, a->a);
    case ACTION_ENROL: return prose_say1(s, enrol, phrase_pathway(s, a->a));
    case ACTION_ZONE: return prose_say2(s, other, action_place(s, a->b), phrase_pathway(s, a->a));
    case ACTION_ENROL_ROLE: return prose_say2(s, other, phrase_role(s, (role_word)a->b), phrase_pathway(s, a->a));
    case ACTION_UNDO: return prose_say0(s, undo);
    case ACTION_RESTART: return prose_say0(s, restart);
    case ACTION_TASK:
    case ACTION_TELL:
    case ACTION_KIND_COUNT: break;
    }
    return "";
}

const char *phrase_tasks(struct prose *s, uint16_t first, uint16_t count, uint8_t stage)
{
    struct prose_list tasks = {0};
    assert((size_t)first + count <= s->p->action_count);
    for (uint16_t i = first; i < first + count; i++)
        if (s->p->actions[i].kind == ACTION_TASK)
            prose_add(&tasks, phrase_task(s, protocol_slot_task(s->p, stage, s->p->actions[i].a)));
    return prose_enumerate(s, &tasks, PROSE_COMMA);
}

static const char *phrase_told(struct prose *s, const struct prose_list *roles, bool many)
{
    static const struct label tell = LABEL("{1} are told", "通知{1}"), tell_one = LABEL("{1} is told", "通知{1}");
    if (roles->count == 0) return "";
    return prose_say1(s, roles->count > 1 || many ? tell : tell_one, prose_enumerate(s, roles, PROSE_AND));
}

const char *phrase_actions_of(struct prose *s, uint16_t first, uint16_t count, uint8_t stage, uint32_t kinds)
{
    static const struct label open = LABEL("task: {1}", "下达任务：{1}"), opens = LABEL("tasks: {1}", "下达任务：{1}");
    static const struct label between = LABEL("; ", "；");
    struct prose_list roles = {0};
    const char *text = "";
    bool many = false;
    size_t tasks = 0;
    assert((size_t)first + count <= s->p->action_count);
    for (uint16_t i = first; i < first + count; i++) {
        const struct action *a = &s->p->actions[i];
        if ((kinds >> a->kind & 1u) == 0) continue;
        if (a->kind == ACTION_TASK) tasks++;
        if (a->kind == ACTION_TELL) {
            prose_add(&roles, phrase_role(s, (role_word)a->a));
            many = a->a == ROLE_OWN_CONTACTS || a->a == ROLE_POLICE || a->a == ROLE_RESIDENTS;
        }
        text = prose_join(s, text, between, phrase_action(s, a));
    }
    if (tasks > 0)
        text =
            prose_join(s, text, between, prose_say1(s, tasks > 1 ? opens : open, phrase_tasks(s, first, count, stage)));
    return prose_join(s, text, between, phrase_told(s, &roles, many));
}

const char *phrase_actions(struct prose *s, uint16_t first, uint16_t count, uint8_t stage)
{
    return phrase_actions_of(s, first, count, stage, UINT32_MAX);
}

const char *phrase_rule(struct prose *s, const struct rule *rule, const char *event, uint8_t stage, bool again)
{
    static const struct label plain = LABEL("When {1}: {2}", "{1}时：{2}");
    static const struct label with = LABEL("When {1}, if {3}: {2}", "{1}时，如果{3}：{2}");
    static const struct label other = LABEL("When {1}, otherwise: {2}", "{1}时，其他情形：{2}");
    const char *actions = phrase_actions(s, rule->action_first, rule->action_count, stage);
    if (actions[0] == 0) actions = prose_say0(s, (struct label)LABEL("nothing else follows", "不再触发其他处置"));
    const char *when = phrase_condition(s, rule->when);
    const struct label *template = when[0] != 0 ? &with : again ? &other : &plain;
    return prose_sentence(s, prose_say3(s, *template, event, actions, when));
}

bool rules_same(const struct protocol *p, const struct rule *a, const struct rule *b)
{
    if (a->when != CONDITION_TRUE || b->when != CONDITION_TRUE || a->action_count != b->action_count) return false;
    for (uint16_t i = 0; i < a->action_count; i++) {
        const struct action *x = &p->actions[a->action_first + i], *y = &p->actions[b->action_first + i];
        if (x->kind != y->kind || x->a != y->a || x->b != y->b) return false;
    }
    return true;
}

const char *phrase_rule_events(struct prose *s, const uint16_t *rules, size_t count, size_t *i)
{
    struct prose_list events = {0};
    const struct rule *first = &s->p->rules[rules[*i]];
    prose_add(&events, phrase_event(s, first->event));
    while (*i + 1 < count && rules_same(s->p, first, &s->p->rules[rules[*i + 1]]))
        prose_add(&events, phrase_event(s, s->p->rules[rules[++*i]].event));
    return prose_enumerate(s, &events, PROSE_OR);
}

// ---- which rules ----

static size_t rules_where(const struct protocol *p, uint8_t pathway, uint8_t stage, uint16_t *out, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < p->rule_count; i++)
        if (p->rules[i].pathway == pathway && p->rules[i].stage == stage && count < room) out[count++] = (uint16_t)i;
    return count;
}

size_t rules_of_stage(const struct protocol *p, uint8_t stage, uint16_t *out, size_t room)
{
    assert(stage < p->stage_count);
    return rules_where(p, p->stages[stage].pathway, stage, out, room);
}

size_t rules_of_pathway(const struct protocol *p, uint8_t pathway, uint16_t *out, size_t room)
{
    assert(pathway < p->pathway_count);
    return rules_where(p, pathway, PROTOCOL_NONE, out, room);
}

size_t rules_of_door(const struct protocol *p, uint16_t *out, size_t room)
{
    return rules_where(p, PROTOCOL_NONE, PROTOCOL_NONE, out, room);
}
