// page.h -- lists in pages: the parameters limit, cursor, sort and count, and the reply {"items": [...], "next": ...,
// "total": ...}.
//
// A cursor says where a page ended (the sort column's value and the row's number), for one route, one sort and one set
// of filters: given with others it is refused. It is opaque and carries a check sum; it opens nothing, since scope is
// checked with every page.
//
//     struct roll_query q = {.list = ROLL_TASKS, ...filters...};
//     if (!page_read(rq, sorts, sort_count, 0, &q)) return TONG_E_INVALID;
//     if (!page_ask(rq, &q, &page)) return TONG_E_NOMEM;
//     struct json_out j = page_begin(rp);
//     for (...) json_out_object(&j, NULL) ... json_out_end(&j);
//     return page_end(rq, rp, &j, &q, &page, err);
#ifndef TONG_SERVICE_PAGE_H
#define TONG_SERVICE_PAGE_H

#include "service/http.h"

enum { PAGE_LIMIT = 50, PAGE_LIMIT_MAX = 500, CURSOR_TEXT = 48 };

struct page_sort {
    uint8_t column;  // of the roll
    bool descending; // by nature: without "-" in front
};

// Fills limit, count, sort, descending and after of a query from the parameters. sorts[i] belongs to word i of the
// route's parameter of type SORT; sorts[usual] holds when none is asked for. False: problems were added.
bool page_read(struct request *rq, const struct page_sort *sorts, size_t sort_count, size_t usual,
               struct roll_query *q);
// Asks the roll, under its lock; rows are in the request's arena. False: memory is short.
bool page_ask(struct request *rq, struct roll_query *q, struct roll_page *page) TONG_MUST_USE;
struct json_out page_begin(struct reply *rp);
tong_code page_end(struct request *rq, struct reply *rp, struct json_out *j, const struct roll_query *q,
                   const struct roll_page *page, struct err *err);

// For lists that do not come from the roll: sorted by a whole number and an id.
struct cursor {
    uint64_t scope; // what it was given for (page_scope)
    int64_t key, id;
};
uint64_t page_scope(const struct request *rq); // route, sort and filters; not limit, count or cursor
void cursor_format(const struct cursor *c, char out[CURSOR_TEXT]);
bool cursor_parse(struct str text, struct cursor *out); // false: not one of ours
// The cursor of a request: false with a problem added when it is not for this list; *given false when there is none.
bool page_cursor(struct request *rq, bool *given, struct cursor *out);
size_t page_limit(const struct request *rq);
// Ends the array and the object: `next` NULL: no more; total < 0: not counted.
tong_code page_close(struct json_out *j, const struct cursor *next, int64_t total, struct err *err);

#endif
