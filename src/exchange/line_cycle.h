// line_cycle.h -- circles in who infected whom: a case cannot be its own ancestor.
#ifndef TONG_EXCHANGE_LINE_CYCLE_H
#define TONG_EXCHANGE_LINE_CYCLE_H

#include "exchange/linelist.h"

// Mark the links between cases that lie on a circle and report each circle once, at its first link. Linear in cases and
// links (Tarjan 1972, SIAM J. Comput. 1:146: strongly connected components), without recursion. TONG_E_NOMEM.
tong_code line_cycle_find(struct linelist *list, const char *const file[LINE_TABLE_COUNT],
                          struct problem_list *problems, struct err *err) TONG_MUST_USE;

#endif
