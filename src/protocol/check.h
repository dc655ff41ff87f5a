// check.h -- what is grammatical and still wrong: stages nobody reaches, releases that cannot come, unbounded restrictions.
#ifndef TONG_PROTOCOL_CHECK_H
#define TONG_PROTOCOL_CHECK_H

#include "base/problem.h"
#include "protocol/protocol.h"

// One edition by itself. Returns the number of errors added.
size_t protocol_check(const struct protocol *p, struct problem_list *problems);
// Several together: editions of one family and place whose dates overlap, moves to stages that do not exist.
size_t protocol_check_together(const struct protocol *const *editions, size_t count, struct problem_list *problems);

#endif
