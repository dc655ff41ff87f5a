// decision.h -- what the core answers, each with its reason.
#ifndef TONG_RESPONSE_DECISION_H
#define TONG_RESPONSE_DECISION_H

#include "base/arena.h"
#include "protocol/protocol.h"

#define DECISION_WORDS(X)                                                                                          \
    X(TASK_OPENED, "task_opened", "task opened", "任务下达")                                                       \
    X(TASK_CLOSED, "task_closed", "task closed", "任务关闭")                                                       \
    X(TASK_OVERDUE, "task_overdue", "task overdue", "任务逾期")                                                    \
    X(TASK_ESCALATED, "task_escalated", "task escalated", "任务升级上报")                                          \
    X(MEASURE_PROPOSED, "measure_proposed", "measure proposed", "措施待签发")                                      \
    X(MEASURE_ORDERED, "measure_ordered", "measure ordered", "措施已签发")                                         \
    X(MEASURE_STARTED, "measure_started", "measure started", "措施开始")                                           \
    X(MEASURE_ENDED, "measure_ended", "measure ended", "措施结束")                                                 \
    X(STAGE_ENTERED, "stage_entered", "stage entered", "进入阶段")                                                 \
    X(ENROLLED, "enrolled", "enrolment opened", "纳管")                                                            \
    X(WITHDRAWN, "withdrawn", "enrolments it caused are withdrawn", "撤销由此产生的纳管")                          \
    X(TOLD, "told", "told", "告知")                                                                                \
    X(STATUS, "status", "status derived", "状态推定")                                                              \
    X(CLASSIFIED, "classified", "classified", "病例分类")                                                          \
    X(ENDED, "ended", "enrolment ended", "纳管结束")

#define HOW_WORDS(X)                                                                                               \
    X(NONE, "none", "", "")                                                                                        \
    X(DONE, "done", "done", "已完成")                                                                              \
    X(REFUSED, "refused", "refused", "对方拒绝")                                                                   \
    X(MISSED, "missed", "missed", "未完成")                                                                        \
    X(NO_LONGER_DUE, "no_longer_due", "no longer due", "不再需要")                                                 \
    X(WITHDRAWN, "withdrawn", "withdrawn: its reason fell away", "依据撤销而取消")                                 \
    X(RELEASED, "released", "released", "解除")                                                                    \
    X(EXPIRED, "expired", "the order ran out unsigned", "指令到期未续签,自动失效")                                 \
    X(AT_MOST, "at_most", "the longest permitted time is over", "已达最长期限")                                    \
    X(REPLACED, "replaced", "replaced by another measure", "由其他措施替代")                                       \
    X(DECLINED, "declined", "declined by the authority", "未获批准")                                               \
    X(DIED, "died", "the person died", "人员死亡")                                                                 \
    X(UPHELD, "upheld", "the objection was upheld", "异议成立")                                                    \
    X(CARE, "care", "care comes first", "就医优先")

// Why: which kind of rule. `rule` then is an index into the table named here.
#define WHY_WORDS(X)                                                                                               \
    X(RULE, "rule", "a reaction of the protocol", "处置规则")                     /* protocol.rules */             \
    X(SCHEDULE, "schedule", "the schedule of the stage", "阶段日程")              /* protocol.stages */            \
    X(STAGE, "stage", "entering the stage", "进入阶段")                           /* protocol.stages */            \
    X(STAGE_END, "stage_end", "the days of the stage are served", "阶段天数期满") /* protocol.stages */            \
    X(RELEASE, "release", "the conditions of release", "解除条件")                /* protocol.pathways */          \
    X(EXTENSION, "extension", "release conditions not met", "未满足解除条件")     /* protocol.pathways */          \
    X(AT_MOST, "at_most", "the longest permitted time", "最长期限")               /* protocol.pathways */          \
    X(LATE, "late", "named late", "迟报补采")                                     /* protocol.pathways */          \
    X(EXCEPTION, "exception", "an exception for this person", "例外情形")         /* protocol.exceptions */        \
    X(ORDER, "order", "an order", "指令")                                         /* protocol.measures */          \
    X(REVIEW, "review", "the order's review day", "复核期限")                     /* protocol.measures */          \
    X(TASK, "task", "what was done", "任务结果")                                  /* protocol.tasks */             \
    X(DEADLINE, "deadline", "its deadline", "任务时限")                           /* protocol.tasks */             \
    X(LADDER, "ladder", "the case definition", "病例定义")                        /* protocol.ladder */            \
    X(CONTACT_CLASS, "contact_class", "the contact definition", "密接判定")       /* protocol.classes */           \
    X(WINDOW, "window", "outside the window", "不在追踪期内")                     /* protocol.window */            \
    X(CHANGE, "change", "a change of edition", "版本变更")                        /* protocol itself */            \
    X(CORRECTION, "correction", "a correction or withdrawal", "记录更正或撤回")   /* the fact */                   \
    X(EVERYWHERE, "everywhere", "understood in every protocol", "各方案通用规则") /* death, care first, a hand-over */ \
    X(OVERRIDE, "override", "days set for one person", "个别调整")                /* the fact */                   \
    X(ANYTHING_ELSE, "anything_else", "no rule matches: a person judges", "无匹配规则,人工研判")

#define DECISION_ENUM(id, name, en, zh) DECISION_##id,
#define HOW_ENUM(id, name, en, zh) HOW_##id,
#define WHY_ENUM(id, name, en, zh) WHY_##id,
typedef enum decision_kind { DECISION_WORDS(DECISION_ENUM) DECISION_KIND_COUNT } decision_kind;
typedef enum how_word { HOW_WORDS(HOW_ENUM) HOW_WORD_COUNT } how_word;
typedef enum why_word { WHY_WORDS(WHY_ENUM) WHY_WORD_COUNT } why_word;

struct decision {
    uint8_t kind;    // decision_kind
    uint8_t how;     // how_word of TASK_CLOSED and MEASURE_ENDED
    uint8_t why;     // why_word
    uint8_t edition; // index in the rulebook
    uint8_t pathway; // of the enrolment that answers
    uint8_t stage;   // in which it was when it answered
    uint8_t what;    // TASK: task; MEASURE: measure; STAGE_ENTERED: stage; ENROLLED: pathway; TOLD, ESCALATED: role_word;
                     // STATUS: status code or NONE; CLASSIFIED: event_word; ENDED: final_word
    uint8_t slot;    // TASK_...: slot in the pathway
    uint16_t rule;   // see why_word
    uint8_t place;   // ENROLLED on a place: place_word; MEASURE: place_word where it is spent
    uint8_t role;    // ENROLLED: role_word of whom, ROLE_PERSON the same subject; TASK_...: who does it
    int32_t n;       // TASK: civil day of a scheduled task; MEASURE: how many proposals before this one
    int64_t fact;    // the fact that caused it; 0 when a day passing did. WITHDRAWN of a named contact: what named them
    int64_t other;   // ENROLLED: the subject that is enrolled, when it is not this one
    utc_sec at;      // when it takes effect
    utc_sec until;   // TASK: deadline; MEASURE: end of the order; else UTC_NONE
};
_Static_assert(sizeof(struct decision) == 48, "decisions are written by the million");

// Room for decisions, owned by the caller. The core appends and never allocates.
struct decisions {
    struct decision *items;
    size_t count, cap;
};
enum { DECISIONS_STEP_MAX = 128 }; // more than any single fact or day can cause (asserted)

// Is somebody told because one more case appeared at a place? That is said once, when the case is: of a place with a hundred
// thousand of them nothing is kept about it, and a history that is folded again does not say it again.
bool decision_is_news(const struct protocol *p, const struct decision *d);
const struct word *decision_word(decision_kind kind);
const struct word *how_label(how_word how);
const struct word *why_label(why_word why);
// Where in the protocol the rule stands.
struct origin decision_origin(const struct protocol *p, const struct decision *d);
// "Because ...: edition, rule path" in one sentence. It never names the fact's other person.
char *decision_why(const struct protocol *p, const struct decision *d, lang language, struct arena *arena);

#endif
