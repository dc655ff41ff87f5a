#include "service/page.h"

#include "service/route.h"
#include "service/service.h"

#include <assert.h>
#include <string.h>

enum { CURSOR_BYTES = 29, CURSOR_VERSION = 1 };

enum page_fault { FAULT_CURSOR, FAULT_OTHER, FAULT_COUNT };
static const struct message page_message[FAULT_COUNT] = {
    [FAULT_CURSOR] = {"cursor-malformed", PROBLEM_ERROR, LABEL("this is no cursor of this system", "翻页标记无效"),
                      LABEL("give \"next\" of the page before, unchanged", "请原样使用上一页返回的 next")},
    [FAULT_OTHER] = {"cursor-of-another-list", PROBLEM_ERROR,
                     LABEL("the cursor belongs to another list, sort or filter",
                           "翻页标记属于其他列表、排序或筛选条件"),
                     LABEL("begin again at the first page", "请从第一页重新开始")},
};

static const char cursor_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void cursor_put(unsigned char *to, uint64_t v, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) to[i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
}

static uint64_t cursor_get(const unsigned char *from, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++) v = v << 8 | from[i];
    return v;
}

static uint64_t cursor_check(const unsigned char *bytes)
{
    return str_hash((struct str){(const char *)bytes, CURSOR_BYTES - 4}) & UINT32_MAX;
}

void cursor_format(const struct cursor *c, char out[CURSOR_TEXT])
{
    unsigned char b[CURSOR_BYTES + 1] = {CURSOR_VERSION};
    cursor_put(b + 1, c->scope, 8);
    cursor_put(b + 9, (uint64_t)c->key, 8);
    cursor_put(b + 17, (uint64_t)c->id, 8);
    cursor_put(b + 25, cursor_check(b), 4);
    size_t n = 0;
    for (size_t i = 0; i < CURSOR_BYTES; i += 3) { // base64url (RFC 4648, section 5), without padding
        uint32_t three = (uint32_t)b[i] << 16 | (uint32_t)b[i + 1] << 8 | (i + 2 < sizeof b ? b[i + 2] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) out[n++] = cursor_digits[three >> shift & 63];
    }
    out[n - 1] = 0; // 29 bytes are 39 digits
}

bool cursor_parse(struct str text, struct cursor *out)
{
    unsigned char b[CURSOR_BYTES + 1] = {0};
    if (text.n != (CURSOR_BYTES * 8 + 5) / 6) return false;
    for (size_t i = 0; i < text.n; i++) {
        const char *digit = text.p[i] == 0 ? NULL : strchr(cursor_digits, text.p[i]);
        if (digit == NULL) return false;
        size_t value = (size_t)(digit - cursor_digits), bit = i * 6;
        for (size_t k = 0; k < 6; k++)
            if (value >> (5 - k) & 1) b[(bit + k) / 8] |= (unsigned char)(0x80 >> ((bit + k) % 8));
    }
    if (b[0] != CURSOR_VERSION || b[CURSOR_BYTES] != 0 || cursor_get(b + 25, 4) != cursor_check(b)) return false;
    *out = (struct cursor){
        .scope = cursor_get(b + 1, 8), .key = (int64_t)cursor_get(b + 9, 8), .id = (int64_t)cursor_get(b + 17, 8)};
    return true;
}

uint64_t page_scope(const struct request *rq)
{
    uint64_t scope = str_hash(str_z(rq->route->name));
    for (size_t i = 0; i < rq->parameter_count; i++) { // a sum: their order means nothing
        const struct http_pair *p = &rq->parameter[i];
        if (str_eq_z(p->name, "limit") || str_eq_z(p->name, "cursor") || str_eq_z(p->name, "count")) continue;
        scope += str_hash(p->name) * 31 + str_hash(p->value);
    }
    return scope;
}

bool page_cursor(struct request *rq, bool *given, struct cursor *out)
{
    struct str text = request_parameter(rq, "cursor");
    *given = text.p != NULL;
    if (!*given) return true;
    bool good = cursor_parse(text, out);
    if (good && out->scope == page_scope(rq)) return true;
    request_fault(rq, &page_message[good ? FAULT_OTHER : FAULT_CURSOR], "cursor", NULL, NULL, NULL, NULL);
    return false;
}

size_t page_limit(const struct request *rq)
{
    return (size_t)request_parameter_int(rq, "limit", PAGE_LIMIT);
}

static const struct parameter *page_sort_parameter(const struct route *route)
{
    for (size_t i = 0; i < route->parameter_count; i++)
        if (route->parameters[i].type == PARAMETER_SORT) return &route->parameters[i];
    return NULL;
}

bool page_read(struct request *rq, const struct page_sort *sorts, size_t sort_count, size_t usual, struct roll_query *q)
{
    const struct parameter *p = page_sort_parameter(rq->route);
    size_t chosen = usual;
    bool turned = false, given;
    struct cursor c = {0};
    assert(usual < sort_count);
    if (p != NULL && request_parameter(rq, p->name).p != NULL) {
        assert(p->word_count == (int32_t)sort_count);
        chosen = (size_t)request_parameter_word(rq, p->name);
        turned = str_starts(request_parameter(rq, p->name), "-");
    }
    q->sort = sorts[chosen].column;
    q->descending = sorts[chosen].descending != turned;
    q->limit = page_limit(rq);
    q->count = request_parameter_bool(rq, "count", false);
    q->arena = rq->arena;
    if (!page_cursor(rq, &given, &c)) return false;
    q->after = given;
    q->after_value = (int32_t)c.key;
    q->after_id = c.id;
    return true;
}

bool page_ask(struct request *rq, struct roll_query *q, struct roll_page *page)
{
    *page = (struct roll_page){.rows = arena_array(rq->arena, q->limit, sizeof page->rows[0]), .total = -1};
    if (page->rows == NULL) return false;
    roll_read_begin(rq->service->roll);
    bool good = roll_ask(rq->service->roll, q, page);
    roll_read_end(rq->service->roll);
    return good;
}

struct json_out page_begin(struct reply *rp)
{
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    return j;
}

tong_code page_close(struct json_out *j, const struct cursor *next, int64_t total, struct err *err)
{
    char text[CURSOR_TEXT];
    if (next != NULL) cursor_format(next, text);
    json_out_end(j);
    json_out_z(j, "next", next == NULL ? NULL : text);
    if (total >= 0) json_out_int(j, "total", total);
    else json_out_null(j, "total");
    json_out_end(j);
    return json_out_finish(j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "page");
}

tong_code page_end(struct request *rq, struct reply *rp, struct json_out *j, const struct roll_query *q,
                   const struct roll_page *page, struct err *err)
{
    assert(j->sink == &rp->body);
    bool more = page->more && page->count > 0;
    struct cursor next = {.scope = page_scope(rq)};
    if (more) {
        next.key = page->rows[page->count - 1].key;
        next.id = page->rows[page->count - 1].id;
    }
    return page_close(j, more ? &next : NULL, q->count ? page->total : -1, err);
}
