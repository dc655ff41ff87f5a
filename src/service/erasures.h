// erasures.h -- erasing a person while the server runs.
//
// POST /api/v1/people/{person}/erasure says on which ground; who answers for the records asks, and a second person confirms
// (held.h). Then the writer destroys the key and what was derived (intake/erase.h), everything in memory that could name the
// person is let go, and the audit says that somebody was erased, by whom and on which ground: whom, it does not say.
#ifndef TONG_SERVICE_ERASURES_H
#define TONG_SERVICE_ERASURES_H

#include "intake/erase.h"
#include "service/route.h"

#define ERASURE_GROUNDS(X)                                                                                    \
    X(RETENTION, "retention", "the time of keeping is over", "保存期限届满")                                   \
    X(REQUEST, "request", "the person asked for it, and the law agrees", "本人依法申请")                       \
    X(ORDER, "order", "a court or an authority ordered it", "法院或主管部门要求")                              \
    X(MISTAKE, "mistake", "they should never have been recorded", "误登记")                                    \
    X(COMMAND_LINE, "command_line", "erased from the command line", "命令行清除")
#define ERASURE_GROUND_ENUM(id, name, en, zh) ERASURE_##id,
typedef enum erasure_ground { ERASURE_GROUNDS(ERASURE_GROUND_ENUM) ERASURE_GROUND_COUNT } erasure_ground;

// The audit's row, in a transaction of its own; in the writer's thread. confirmed_by 0: nobody had to.
tong_code erasure_audit(struct db *db, utc_sec at, int64_t account, int64_t confirmed_by, erasure_ground ground,
                        const struct erase_report *report, struct err *err) TONG_MUST_USE;

extern const struct route_table erasures_routes;

#endif
