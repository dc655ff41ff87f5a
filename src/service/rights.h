// rights.h -- who may do what: roles, rights, scopes, and the one place that decides.
//
// A grant is (account, role, place subtree, from, until). A role has rights (one table), and each right reaches as far as
// the places of the grants that carry it. What lies outside does not exist for the asker: NOT_FOUND, never "forbidden".
// `task_...` rights reach beyond: who was given a task sees the one person it is about, as far as the task needs.
//
// Everything here is a pure function of the actor, the clock and the tree of places; the table of roles is in rights.c.
#ifndef TONG_SERVICE_RIGHTS_H
#define TONG_SERVICE_RIGHTS_H

#include "base/civil.h"
#include "base/err.h"
#include "base/lang.h"
#include "base/record.h"
#include "protocol/words.h"

// Roles of accounts: the protocol's role words keep their numbers (so that a task addressed to a role finds its accounts),
// and these come after.
#define ACCOUNT_ROLES(X)                                                                       \
    X(ADMINISTRATOR, "administrator", "administrator", "系统管理员")                           \
    X(AUDITOR, "auditor", "auditor", "审计员")                                                 \
    X(EPIDEMIOLOGIST, "epidemiologist", "epidemiologist", "流行病学专家")                      \
    X(CLERK, "clerk", "registration clerk", "信息录入员")                                      \
    X(GATE, "gate", "gate guard", "卡口值守员")                                                \
    X(NURSE, "nurse", "nurse", "护士")                                                         \
    X(RESIDENT, "resident", "resident", "居民")                                                \
    X(FEED, "feed", "outside system", "外部系统")
#define ACCOUNT_ROLE_ENUM(id, name, en, zh) ACCOUNT_ROLE_##id,
enum { ACCOUNT_ROLE_FIRST = 100 };
typedef enum account_role { ACCOUNT_ROLE_BEFORE = ACCOUNT_ROLE_FIRST - 1, ACCOUNT_ROLES(ACCOUNT_ROLE_ENUM) ACCOUNT_ROLE_END } account_role;
_Static_assert((int)ROLE_WORD_COUNT <= (int)ACCOUNT_ROLE_FIRST, "roles of accounts come after those of the protocol");

#define RIGHT_WORDS(X)                                                                                \
    X(OPEN, "open", "anybody, signed in or not", "任何人(无需登录)")                                   \
    X(SIGNED_IN, "signed_in", "anybody who is signed in", "已登录用户")                               \
    X(OWN, "own", "a resident, about themselves", "居民本人")                                         \
    X(PERSON_FIND, "person_find", "find people", "查找人员")                                          \
    X(PERSON_SEE, "person_see", "see a person's course", "查看人员处置经过")                          \
    X(PERSON_IDENTITY, "person_identity", "see who somebody is", "查看人员身份信息")                  \
    X(PERSON_WRITE, "person_write", "describe people", "登记人员信息")                                \
    X(PLACE_SEE, "place_see", "see places", "查看场所")                                               \
    X(PLACE_WRITE, "place_write", "describe places", "维护场所")                                      \
    X(CASE_SEE, "case_see", "see cases", "查看病例")                                                  \
    X(CONTACT_SEE, "contact_see", "see contacts", "查看密接")                                         \
    X(SOURCE_SEE, "source_see", "see who exposed whom", "查看传播关系")                               \
    X(FACT_RECORD, "fact_record", "record what happened", "登记记录")                                 \
    X(FACT_CORRECT, "fact_correct", "correct and retract", "更正或撤回记录")                          \
    X(SAMPLE_SEE, "sample_see", "see samples by their code", "按编号查看样本")                        \
    X(SAMPLE_WRITE, "sample_write", "register samples", "登记样本")                                   \
    X(RESULT_WRITE, "result_write", "report results", "上报检测结果")                                 \
    X(TASK_SEE, "task_see", "see tasks", "查看任务")                                                  \
    X(TASK_DO, "task_do", "do tasks", "办理任务")                                                     \
    X(TASK_ASSIGN, "task_assign", "give tasks to people", "指派任务")                                 \
    X(ORDER_SEE, "order_see", "see orders", "查看指令")                                               \
    X(ORDER_SIGN, "order_sign", "sign orders", "签发指令")                                            \
    X(SITE_WRITE, "site_write", "place people", "安置人员")                                           \
    X(OBJECT, "object", "take an objection", "受理异议")                                              \
    X(OBJECTION_SEE, "objection_see", "see objections", "查看异议")                                   \
    X(OBJECTION_DECIDE, "objection_decide", "decide objections", "裁决异议")                          \
    X(HAND_OVER, "hand_over", "hand over to another jurisdiction", "协查移交")                        \
    X(FIGURES_SEE, "figures_see", "see counts and curves", "查看统计")                                \
    X(PROTOCOL_SEE, "protocol_see", "read the protocol", "查看防控方案")                              \
    X(PROTOCOL_SIGN, "protocol_sign", "put an edition in force", "签发防控方案")                      \
    X(IMPORT, "import", "import lists", "导入数据")                                                   \
    X(EXPORT, "export", "export lists", "导出数据")                                                   \
    X(MERGE, "merge", "decide duplicates", "处理重复记录")                                            \
    X(CONFIRM, "confirm", "confirm as the second person", "作为第二人确认")                           \
    X(ACCOUNT_WRITE, "account_write", "open accounts and give rights", "管理账号与权限")              \
    X(AUDIT_SEE, "audit_see", "see who saw and changed what", "查看审计记录")                         \
    X(ERASE, "erase", "erase a person", "清除个人数据")                                               \
    X(RUN, "run", "run the server: metrics, backups, the demo's clock", "系统运行管理")

#define RIGHT_ENUM(id, name, en, zh) RIGHT_##id,
typedef enum right_word { RIGHT_NONE, RIGHT_WORDS(RIGHT_ENUM) RIGHT_WORD_COUNT } right_word; // NONE: undeclared, refused

enum { GRANTS_MAX = 32 };
struct grant {
    int32_t role;     // account_role or role_word
    int64_t place;    // 0: everywhere
    utc_sec begins, ends;
};
struct actor {
    int64_t account;  // 0: nobody
    int64_t person;   // a resident's own record, 0 none
    int64_t confirmed_by; // the second account, when the request is one that was held (held.h); 0
    bool second_factor, must_change;
    struct grant grant[GRANTS_MAX];
    size_t grant_count;
};

// A grant counts from `begins` until before `ends` (UTC_NONE: open). While the actor must change a one-time password, and for
// roles that need a second factor while none was given, grants carry nothing. OPEN is everybody's, SIGNED_IN of whoever is
// signed in, OWN of whoever the account's person is: these three need no grant.

// Does some grant in force carry the right at all?
bool actor_may(const struct actor *a, right_word right, utc_sec now);
// The places of the grants that carry it, each once; returns how many, 0 with *everywhere set when one has no bounds. When
// there are more than `room`, those that fit: GRANTS_MAX always does.
size_t actor_scopes(const struct actor *a, right_word right, utc_sec now, int64_t *places, size_t room, bool *everywhere);
// The one question of every handler: may the actor do this to something that is at this place? `roll` knows the tree; its
// lock is the caller's. Place 0, of somebody whose place is not known, is reached by grants without bounds only.
struct roll;
bool actor_reaches(const struct actor *a, right_word right, utc_sec now, const struct roll *roll, int64_t place);
// Does the actor serve contacts there and not see cases? Then orders that bind somebody as a case are not theirs to see: whoever
// serves a contact never learns who the case was.
bool actor_serves_contacts(const struct actor *a, utc_sec now, const struct roll *roll, int64_t place);
// The same for one role: is a task or an order at this place addressed to the actor?
bool actor_is(const struct actor *a, int32_t role, utc_sec now, const struct roll *roll, int64_t place);
// May the actor sign an order there that the protocol lets `order_by` sign? The very role is asked for, not a higher one:
// the protocol names who may. ROLE_WORD_COUNT, where it names nobody: any role that signs.
bool actor_signs(const struct actor *a, role_word order_by, utc_sec now, const struct roll *roll, int64_t place);
// The same for an objection that goes to `objection_to`.
bool actor_decides(const struct actor *a, role_word objection_to, utc_sec now, const struct roll *roll, int64_t place);
// Which class of fields the actor may see of somebody there: IDENTITY with PERSON_IDENTITY, PERSONAL with PERSON_SEE,
// INTERNAL with PERSON_FIND, else PUBLIC.
record_class actor_class(const struct actor *a, utc_sec now, const struct roll *roll, int64_t place);

bool role_has(int32_t role, right_word right);
// May accounts have this role? Not the protocol's words for the people themselves (person, family, residents ...).
bool role_grantable(int32_t role);
// Must this role have a second factor? Those that see who exposed whom, sign, decide, carry lists away, or run the system.
bool role_needs_second_factor(int32_t role);
// May one account not have both? Who decides objections signs no orders; who gives rights sees no people and signs nothing;
// who audits neither gives rights nor changes anything.
bool roles_conflict(int32_t a, int32_t b);
// Does one of the actor's grants in force wait for a second factor?
bool actor_needs_second_factor(const struct actor *a, utc_sec now);
const struct record_word *role_word_at(int32_t role); // NULL when unknown
int32_t role_find(struct str name);                   // -1; of roles that may be granted
// All roles that may be granted, in the order of the table: their number, -1 behind the last.
int32_t role_at(size_t i);
// Why the role has what it has, one line; NULL when it cannot be granted.
const struct label *role_reason(int32_t role);
const struct record_word *right_at(right_word right);

#endif
