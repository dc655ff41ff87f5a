// Any bytes as a request to a whole service: "METHOD target", then lines "Name: value", an empty line, the body.
// Whoever asks may do everything, so that all handlers are reached. Nothing may crash or be answered by a 5xx; a
// refusal is problem details.
#include "fuzz.h"
#include "service/problem.h"

#include "../tests/service/harness.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct harness *fuzz_service(void)
{
    static struct harness h; // libFuzzer calls one function again and again in one process
    static bool open;
    char fault[400] = "";
    if (open) return &h;
    open = harness_start(&h, NULL, fault, sizeof fault);
    if (!open) abort();
    (void)harness_actor_all(&h, "all", 1);
    return &h;
}

static void fuzz_close(void)
{
    harness_close(fuzz_service());
}

static char *fuzz_z(struct arena *arena, struct str s)
{
    char *z = arena_copy(arena, s.p, s.n);
    if (z == NULL) abort();
    return z;
}

static void fuzz_header(struct arena *arena, struct str line, struct question *q)
{
    struct str name, value = line;
    if (!str_cut(&value, ':', &name)) return;
    const char *z = fuzz_z(arena, str_trim(value));
    if (str_eq_nocase(name, STR("accept-language"))) q->language = z;
    if (str_eq_nocase(name, STR("if-match"))) q->if_match = z;
    if (str_eq_nocase(name, STR("if-none-match"))) q->if_none_match = z;
    if (str_eq_nocase(name, STR("origin"))) q->origin = z;
    if (str_eq_nocase(name, STR("last-event-id"))) q->last_event = z;
    if (str_eq_nocase(name, STR("accept-encoding"))) q->accept_encoding = z;
    if (str_eq_nocase(name, STR("content-type"))) q->type = z;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool registered;
    struct harness *h = fuzz_service();
    struct arena arena = {0};
    struct str rest = {(const char *)data, size}, line, method;
    struct question q = {.as = "all", .type = "application/json"};
    char out[4096];
    if (!registered) registered = atexit(fuzz_close) == 0;
    if (size == 0 || memchr(data, 0, size) != NULL) return 0;
    (void)str_cut(&rest, '\n', &line);
    (void)str_cut(&line, ' ', &method);
    q.method = fuzz_z(&arena, method);
    q.target = fuzz_z(&arena, line.p == NULL ? STR("") : line);
    while (str_cut(&rest, '\n', &line) && line.n > 0) fuzz_header(&arena, line, &q);
    q.body = rest.p == NULL ? NULL : fuzz_z(&arena, rest);
    q.body_bytes = rest.n;
    int32_t status = harness_ask(h, &q);
    assert(status >= 200 && status < 500);
    assert(status < 400 || harness_text(h, "slug")[0] != 0);
    (void)harness_stream(h, out, sizeof out, NULL);
    h->now.s++;
    arena_free(&arena);
    return 0;
}
