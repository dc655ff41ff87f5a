// template.h -- what people are told, in both languages: a table of short plain texts with a few placeholders.
//
// A placeholder stands for a word of the protocol, an instant, a number or the address of the app. There is none for a person:
// whatever is told, no message can say who the case was, and none says what somebody has.
#ifndef TONG_SERVICE_TEMPLATE_H
#define TONG_SERVICE_TEMPLATE_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/lang.h"

#define TEMPLATE_WORDS(X)                                                                                       \
    X(ORDERED, "ordered", "an order concerns them", "指令已签发")                                               \
    X(ENDED, "ended", "a restriction has ended", "措施已解除")                                                  \
    X(RESULT, "result", "a result is there", "检测结果已出")                                                    \
    X(TOLD, "told", "news on their record", "记录有更新")                                                       \
    X(OBJECTION_DECIDED, "objection_decided", "their objection was decided", "异议已裁决")                      \
    X(TASK_ASSIGNED, "task_assigned", "a task was given to them", "任务已指派")                                 \
    X(TASK_LATE, "task_late", "a task is overdue", "任务逾期")                                                  \
    X(ORDER_WAITS, "order_waits", "a proposal waits for a signature", "措施待签发")                             \
    X(OBJECTION_WAITS, "objection_waits", "an objection waits for a decision", "异议待裁决")                    \
    X(STAFF_TOLD, "staff_told", "something their role must know", "岗位告知")                                   \
    X(HELD_WAITS, "held_waits", "a request waits for a second person", "待第二人确认")                          \
    X(PASSWORD_RESET, "password_reset", "their password was reset", "密码已重置")
#define TEMPLATE_ENUM(id, name, en, zh) TEMPLATE_##id,
typedef enum template_word { TEMPLATE_WORDS(TEMPLATE_ENUM) TEMPLATE_WORD_COUNT } template_word;

struct template_values {
    const struct label *what;     // {what}: a measure's or task's label; NULL: nothing is said of it
    utc_sec until;                // {until}: day and hour in the jurisdiction; UTC_NONE: "-"
    int64_t number;               // {number}
    const char *link;             // {link}: address of the app; "" none
};

const char *template_name(template_word t);
int32_t template_find(struct str name); // -1
const struct label *template_label(template_word t);
// The subject line and the text, placeholders filled in. NULL when memory is short.
char *template_subject(template_word t, lang language, struct arena *arena);
char *template_text(template_word t, lang language, const struct template_values *v, const struct zone *zone,
                    struct arena *arena);
// Every "{...}" of the texts is one that is known, and both languages use the same ones: for a test.
bool template_is_sound(template_word t);

#endif
