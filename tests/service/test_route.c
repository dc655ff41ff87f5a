// The table of routes as a whole: every row is complete, no two are the same, and each path finds its row.
#include "tap.h"

#include "service/route.h"

static void every_row_is_complete(void)
{
    const struct route *r;
    size_t count = 0;
    for (size_t i = 0; (r = routes_at(i)) != NULL; i++, count++) {
        CHECK(r->right > RIGHT_NONE && r->right < RIGHT_WORD_COUNT, "%s declares its right", r->name);
        CHECK(r->handler != NULL, "%s has a handler", r->name);
        CHECK(r->method < HTTP_METHOD_COUNT, "%s has a method of its own", r->name);
        CHECK(r->label.text[LANG_EN] != NULL && r->label.text[LANG_EN][0] != 0, "%s says what it does", r->name);
        CHECK(r->label.text[LANG_ZH] != NULL && r->label.text[LANG_ZH][0] != 0, "%s says it in Chinese", r->name);
        CHECK((r->body == BODY_RECORD) == (r->record != NULL), "%s has a record when its body is one", r->name);
        CHECK(r->body != BODY_JSON || r->schema != NULL, "%s describes its JSON", r->name);
        CHECK(r->method != HTTP_GET || r->body == BODY_NONE, "%s: GET has no body", r->name);
        CHECK(!r->storeless || r->right == RIGHT_OPEN, "%s: without a store nobody is signed in", r->name);
        CHECK(!r->quick || r->body == BODY_NONE, "%s: what is quick takes no body", r->name);
        CHECK(strcmp(r->path, "/healthz") == 0 || strcmp(r->path, "/metrics") == 0 ||
                  strncmp(r->path, "/api/v1/", 8) == 0,
              "%s is under /api/v1", r->path);
        CHECK(strspn(r->name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(r->name), "%s is a plain name",
              r->name);
        for (size_t k = 0; k < r->parameter_count; k++) {
            const struct parameter *p = &r->parameters[k];
            bool words = p->type == PARAMETER_WORD || p->type == PARAMETER_WORDS || p->type == PARAMETER_SORT;
            CHECK(!words || (p->words != NULL && p->word_count > 0), "%s: %s has words", r->name, p->name);
            CHECK(p->label.text[LANG_ZH] != NULL && p->label.text[LANG_EN] != NULL, "%s: %s has a label", r->name,
                  p->name);
            CHECK(p->type != PARAMETER_WORDS || p->word_count <= 64, "%s: %s fits 64 bits", r->name, p->name);
        }
    }
    OK(count >= 5, "%zu routes", count);
}

static void no_two_are_the_same(void)
{
    const struct route *a, *b;
    for (size_t i = 0; (a = routes_at(i)) != NULL; i++)
        for (size_t k = i + 1; (b = routes_at(k)) != NULL; k++) {
            CHECK(strcmp(a->name, b->name) != 0, "the name %s is used once", a->name);
            CHECK(a->method != b->method || strcmp(a->path, b->path) != 0, "%s %s stands once",
                  http_method_name(a->method), a->path);
        }
    OK(a == NULL, "names and paths are unique");
}

// A path that a row matches: its names filled in.
static struct str filled(const char *path, char out[300])
{
    size_t n = 0;
    for (const char *c = path; *c != 0; c++) {
        if (*c == '{') {
            c += strcspn(c, "}");
            out[n++] = '7';
        } else {
            out[n++] = *c;
        }
    }
    out[n] = 0;
    return (struct str){out, n};
}

static void each_path_finds_its_row(void)
{
    struct router *router = router_open();
    struct route_match match;
    const struct route *r;
    char path[300];
    if (!OK(router != NULL, "a router")) return;
    for (size_t i = 0; (r = routes_at(i)) != NULL; i++) {
        router_find(router, r->method, filled(r->path, path), &match);
        CHECK(match.route == r, "%s finds %s, not %s", path, r->name,
              match.route == NULL ? "nothing" : match.route->name);
        CHECK(match.route == NULL || router_at(router, match.index) == r, "%s: its index", r->name);
        CHECK((match.methods >> r->method & 1) != 0, "%s: its method is possible", r->name);
        size_t names = 0;
        for (const char *c = r->path; (c = strchr(c, '{')) != NULL; c++) names++;
        CHECK(match.parts == names, "%s: %zu parts", r->name, names);
    }
    router_close(router);
}

static void what_leads_nowhere(void)
{
    static const char *const paths[] = {"",
                                        "/",
                                        "api",
                                        "/api",
                                        "/api/v1",
                                        "/api/v1/",
                                        "/api/v1/about/",
                                        "/api/v1//about",
                                        "/healthz/x",
                                        "/api/v1/nothing",
                                        "//healthz",
                                        "/{",
                                        "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p",
                                        "/api/v1/{}"};
    struct router *router = router_open();
    struct route_match match;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        router_find(router, HTTP_GET, str_z(paths[i]), &match);
        CHECK(match.route == NULL && match.methods == 0, "'%s' leads nowhere", paths[i]);
    }
    router_find(router, HTTP_DELETE, STR("/healthz"), &match);
    OK(match.route == NULL && match.methods == 1U << HTTP_GET, "another method: what is possible is known");
    router_close(router);
}

int main(void)
{
    every_row_is_complete();
    no_two_are_the_same();
    each_path_finds_its_row();
    what_leads_nowhere();
    return tap_done();
}
