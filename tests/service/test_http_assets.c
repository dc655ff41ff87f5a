// The files of the web app: types, tags, compressed forms, pages of the app, and nothing else of the disk.
#include "tap.h"

#include "harness.h"

#include "service/assets.h"

#include <sys/stat.h>
#include <unistd.h>

static void put(const char *folder, const char *name, const char *text)
{
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL && fputs(text, f) >= 0, "%s is written", name);
    if (f != NULL) (void)fclose(f);
}

static void body_is(const struct harness *h, const char *want, const char *what)
{
    OK(h->body.n == strlen(want) && memcmp(h->body.p, want, h->body.n) == 0, "%s: %.*s", what,
       (int)(h->body.n < 60 ? h->body.n : 60), h->body.p == NULL ? "" : h->body.p);
}

static void ask(struct harness *h, const char *target, const char *coding)
{
    (void)harness_ask(h, &(struct question){.method = "GET", .target = target, .accept_encoding = coding});
}

static void files(struct harness *h)
{
    ask(h, "/", NULL);
    body_is(h, "<html>app", "the first page");
    EQ_TEXT(h->reply.type, "text/html; charset=utf-8", "its type");
    EQ_TEXT(harness_header(h, "Cache-Control"), "no-cache", "is asked for each time");
    OK(strstr(harness_header(h, "Content-Security-Policy"), "script-src 'self'") != NULL,
       "may run our scripts, and no others");
    ask(h, "/people/42", NULL);
    body_is(h, "<html>app", "a page of the app");
    ask(h, "/assets/app-1.js", NULL);
    body_is(h, "plain script", "a script");
    EQ_TEXT(h->reply.type, "text/javascript; charset=utf-8", "its type");
    OK(strstr(harness_header(h, "Cache-Control"), "immutable") != NULL, "is kept for good");
    ask(h, "/assets/app-1.js", "gzip, deflate, br");
    body_is(h, "brotli", "compressed, in the better of two ways");
    EQ_TEXT(harness_header(h, "Content-Encoding"), "br", "and says so");
    EQ_TEXT(harness_header(h, "Vary"), "Accept-Encoding", "to caches as well");
    ask(h, "/assets/app-1.js", "br;q=0, gzip");
    body_is(h, "gzipped", "as the browser wants it");
    char tag[60];
    (void)snprintf(tag, sizeof tag, "%s", harness_header(h, "ETag"));
    (void)harness_ask(
        h, &(struct question){
               .method = "GET", .target = "/assets/app-1.js", .accept_encoding = "gzip", .if_none_match = tag});
    EQ_INT(h->status, 304, "not sent twice");
    (void)harness_ask(h, &(struct question){.method = "GET", .target = "/assets/app-1.js", .if_none_match = tag});
    EQ_INT(h->status, 200, "another form has another tag");
}

static void not_there(struct harness *h)
{
    static const char *const targets[] = {"/assets/none.js",     "/.hidden",         "/assets/app-1.js.br",
                                          "/assets/lonely.css",  "/%2e%2e/store.db", "/assets/..%2f..%2fstore.db",
                                          "/assets/app-1.js%00", "/store.db"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        ask(h, targets[i], "br");
        EQ_INT(h->status, 404, "%s is not there", targets[i]);
    }
}

int main(void)
{
    struct harness h, bare;
    char folder[200], assets[300], path[400];
    const char *tmp = getenv("TMPDIR");
    static const char *const names[] = {
        "index.html", ".hidden", "assets/app-1.js", "assets/app-1.js.br", "assets/app-1.js.gz", "assets/lonely.css.gz"};
    static const char *const texts[] = {"<html>app", "secret", "plain script", "brotli", "gzipped", "no plain one"};
    (void)snprintf(folder, sizeof folder, "%.150s/tongzhou-assets-XXXXXX", tmp == NULL || tmp[0] == 0 ? "/tmp" : tmp);
    if (!OK(mkdtemp(folder) != NULL, "a folder")) return tap_done();
    (void)snprintf(assets, sizeof assets, "%s/assets", folder);
    (void)mkdir(assets, 0700);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) put(folder, names[i], texts[i]);
    if (harness_open(&h, &(struct harness_options){.web = folder})) {
        EQ_INT(assets_count(h.service->assets), 2,
               "hidden files, and compressed ones without a plain one, are left out");
        files(&h);
        not_there(&h);
        harness_close(&h);
    }
    if (harness_open(&bare, &(struct harness_options){.web = "/no/such/folder"})) {
        ask(&bare, "/", NULL);
        OK(bare.status == 200 && strstr(bare.body.p, "同舟") != NULL, "without a web app one page says what runs here");
        harness_close(&bare);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(assets);
    (void)rmdir(folder);
    return tap_done();
}
