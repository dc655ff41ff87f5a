// held.h -- what one account may not do alone: facts that would restrict more than a few people at once, a second
// administrator, taking away somebody's second factor, erasing a person. The request is kept, sealed, until a second account confirms it; the
// auditor sees it either way.
//
// A resource that records facts calls held_take instead of writer_take. It asks the core first what would follow
// (writer_preview) and counts the people for whom a restrictive measure would be proposed or begin; those of the account's last
// hour count too. Beyond the threshold nothing is recorded: the whole request is put aside and answered 202 with its number.
// Confirming carries it out again as its author, with the rights they have then, and notes the second account in the audit.
#ifndef TONG_SERVICE_HELD_H
#define TONG_SERVICE_HELD_H

#include "intake/intake.h"
#include "service/http.h"

#define HELD_KINDS(X)                                                                                   \
    X(FACTS, "facts", "facts that would restrict many people", "将使多人受到限制的记录")                \
    X(ADMINISTRATOR, "administrator", "a new administrator", "新增系统管理员")                          \
    X(SECOND_FACTOR, "second_factor", "taking away a second factor", "解除他人的第二验证")               \
    X(ERASURE, "erasure", "erasing a person", "清除一个人的全部信息")
#define HELD_STATES(X)                                     \
    X(WAITING, "waiting", "waiting", "待确认")             \
    X(CONFIRMED, "confirmed", "confirmed", "已确认")       \
    X(REFUSED, "refused", "refused", "已拒绝")             \
    X(LAPSED, "lapsed", "lapsed", "已失效")
#define HELD_KIND_ENUM(id, name, en, zh) HELD_##id,
#define HELD_STATE_ENUM(id, name, en, zh) HELD_STATE_##id,
typedef enum held_kind { HELD_KINDS(HELD_KIND_ENUM) HELD_KIND_COUNT } held_kind;
typedef enum held_state { HELD_STATES(HELD_STATE_ENUM) HELD_STATE_COUNT } held_state;

enum { HELD_PEOPLE_MOST = 5, HELD_WINDOW_S = 3600, HELD_LAPSE_S = 86400, HELD_PEOPLE_KEPT = 4096 };

// Record commands, or hold the whole request for a second person. *held: the reply is made (202), nothing was recorded.
// Otherwise as writer_take. What the system or a confirmed request records is never held.
tong_code held_take(struct request *rq, struct reply *rp, const struct command *commands, size_t count,
                    struct intake_outcome *out, bool *held, struct err *err) TONG_MUST_USE;
// The same question for who records in another way (an import): would these people, together with the account's last hour,
// need a second person? Counts them as restricted when not.
bool held_needed(struct request *rq, const int64_t *people, size_t count);
// Hold the request as it stands, about an account or about people; the reply is made (202).
tong_code held_keep(struct request *rq, struct reply *rp, held_kind kind, const int64_t *people, size_t count,
                    int64_t about, struct err *err) TONG_MUST_USE;
// An erasure, in the writer's thread inside its transaction: what waits and names the person is dropped.
tong_code held_erase(struct db *db, int64_t subject, struct err *err) TONG_MUST_USE;

// ---- kept in memory by accounts.c ----
struct restraint; // whom each account's facts restricted within the hour
struct restraint *restraint_open(void); // NULL when memory is short
void restraint_close(struct restraint *r);
void restraint_most_set(struct restraint *r, int32_t people); // 0: never held
bool restraint_is_many(struct restraint *r, int64_t people);  // more than the threshold, whoever they are
// Adds these people to the account's hour unless that makes more than the threshold (true: too many, nothing added). People
// already counted within the hour are not counted again.
bool restraint_exceeds(struct restraint *r, int64_t account, const int64_t *people, size_t count, utc_sec now);

struct passes; // one-time words by which a confirmed request is carried out as its author
enum { PASS_TEXT = 70 };
struct passes *passes_open(void);
void passes_close(struct passes *p);
// False when too many are under way.
bool passes_give(struct passes *p, int64_t account, int64_t confirmed_by, char out[PASS_TEXT]);
bool passes_take(struct passes *p, struct str authorization, int64_t *account, int64_t *confirmed_by);

// GET /api/v1/held, GET /api/v1/held/{held}, POST /api/v1/held/{held}/confirm and /refuse, GET /api/v1/audit/held
struct route_table;
extern const struct route_table held_routes;

#endif
