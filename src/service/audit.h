// audit.h -- what accounts did that is no fact about a subject: signing in, giving rights, confirming, undoing.
//
// A row names who, what and about which number; its detail is JSON of words and numbers, never a name or a text somebody
// typed. Rows are only ever added.
#ifndef TONG_SERVICE_AUDIT_H
#define TONG_SERVICE_AUDIT_H

#include "base/civil.h"
#include "base/err.h"
#include "base/record.h"
#include "store/db.h"

#define AUDIT_WORDS(X)                                                                            \
    X(ACCOUNT_OPENED, "account_opened", "account opened", "开设账号")                             \
    X(ACCOUNT_CHANGED, "account_changed", "account changed", "变更账号")                          \
    X(ACCOUNT_CLOSED, "account_closed", "account closed", "关闭账号")                             \
    X(ACCOUNT_REOPENED, "account_reopened", "account opened again", "重新启用账号")               \
    X(PASSWORD_CHANGED, "password_changed", "own password changed", "修改本人密码")               \
    X(PASSWORD_RESET, "password_reset", "one-time password given", "重置为一次性密码")            \
    X(SECOND_FACTOR_SET, "second_factor_set", "second factor set up", "启用第二验证")             \
    X(SECOND_FACTOR_TAKEN, "second_factor_taken", "second factor taken away", "解除第二验证")     \
    X(GRANT_GIVEN, "grant_given", "right given", "授予权限")                                      \
    X(GRANT_TAKEN, "grant_taken", "right taken away", "收回权限")                                 \
    X(SIGNED_IN, "signed_in", "signed in", "登录")                                                \
    X(SIGN_IN_FAILED, "sign_in_failed", "signing in failed", "登录失败")                          \
    X(SECOND_FACTOR_FAILED, "second_factor_failed", "second factor refused", "第二验证失败")      \
    X(SIGNED_OUT, "signed_out", "signed out", "退出登录")                                         \
    X(HELD, "held", "held for a second person", "待第二人确认")                                   \
    X(HELD_CONFIRMED, "held_confirmed", "confirmed as the second person", "作为第二人确认")       \
    X(HELD_REFUSED, "held_refused", "refused as the second person", "作为第二人拒绝")             \
    X(RESCUED, "rescued", "administrator let in from the command line", "命令行恢复管理员")       \
    X(ERASED, "erased", "a person erased", "清除一人的全部信息")

#define AUDIT_ENUM(id, name, en, zh) AUDIT_##id,
typedef enum audit_word { AUDIT_WORDS(AUDIT_ENUM) AUDIT_WORD_COUNT } audit_word;
extern const struct record_word audit_words[AUDIT_WORD_COUNT];

// In the writer's thread, inside a transaction. account 0: the system; about 0: nothing; detail NULL: none.
tong_code audit_add(struct db *db, utc_sec at, int64_t account, audit_word what, int64_t about, const char *detail,
                    struct err *err) TONG_MUST_USE;

// GET /api/v1/audit
struct route_table;
extern const struct route_table audit_routes;

#endif
