// entry.h -- what stands in the chain beside the facts of the core: who people are, where places lie, who signed what.
//
// An entry is a row of `fact` whose kind is not an event_word. The core never sees it; intake answers it.
#ifndef TONG_STORE_ENTRY_H
#define TONG_STORE_ENTRY_H

#include "base/lang.h"
#include "protocol/words.h"

#define ENTRY_WORDS(X)                                                                       \
    X(PERSON, "person", "person described", "人员信息登记")                                  \
    X(PLACE, "place", "place described", "场所信息登记")                                     \
    X(GATHERING, "gathering", "gathering described", "聚集活动登记")                         \
    X(EDITION_PROPOSED, "edition_proposed", "edition proposed", "提出新版方案")              \
    X(EDITION_SIGNED, "edition_signed", "edition signed", "方案签发")                        \
    X(EDITION_TAKEN_BACK, "edition_taken_back", "edition taken back", "方案撤回")            \
    X(ORDER_FIRST, "order_first", "first of two signatures", "第一签署人已签")               \
    X(ASSIGNED, "assigned", "task given to somebody", "任务指派")                            \
    X(SITE, "site", "site of a measure chosen", "确定安置场所")                              \
    X(DISMISSED, "dismissed", "objection dismissed", "异议驳回")                             \
    X(ACKNOWLEDGED, "acknowledged", "hand-over acknowledged", "移交已签收")                  \
    X(RECEIVED, "received", "sample received", "样本已接收")                                 \
    X(MERGED, "merged", "two records are one person", "合并重复记录")                        \
    X(ERASED, "erased", "erased", "已清除")

#define ENTRY_ENUM(id, name, en, zh) ENTRY_##id,
enum { ENTRY_FIRST = 160 };
typedef enum entry_kind { ENTRY_BEFORE_FIRST = ENTRY_FIRST - 1, ENTRY_WORDS(ENTRY_ENUM) ENTRY_END } entry_kind;
_Static_assert((int)EVENT_WORD_COUNT <= (int)ENTRY_FIRST, "the numbers of entries begin after those of events");
_Static_assert(ENTRY_END <= 255, "a kind is one byte");

typedef enum edition_state {
    EDITION_PROPOSED, // nobody has signed
    EDITION_HALF,     // one of two has signed
    EDITION_SIGNED,   // comes into force at `begins`
    EDITION_IN_FORCE,
    EDITION_OVER,     // another took its place
    EDITION_TAKEN_BACK,
    EDITION_STATE_COUNT
} edition_state;

#endif
