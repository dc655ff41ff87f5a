#include "service/assets.h"

#include "service/dispatch.h"
#include "service/parameter.h"
#include "service/problem.h"
#include "service/service.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef enum asset_form { FORM_PLAIN, FORM_BR, FORM_GZIP, FORM_COUNT } asset_form;
static const char *const form_ends[FORM_COUNT] = {"", ".br", ".gz"};
static const char *const form_codings[FORM_COUNT] = {NULL, "br", "gzip"};

struct asset {
    const char *path; // "/assets/app-1f3c.js"
    const char *type;
    char etag[FORM_COUNT][24];
    struct str body[FORM_COUNT]; // {NULL, 0}: not in this form
};

struct assets {
    struct arena arena;
    size_t bytes, count;
    struct asset item[ASSETS_MAX]; // sorted by path once read
};

static const struct {
    const char *end, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".jpg", "image/jpeg"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char page_plain[] =
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>同舟 Tongzhou</title></head>\n<body>\n"
    "<h1>同舟 Tongzhou</h1>\n"
    "<p>服务正在运行，但没有安装网页界面。接口说明见 <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>。</p>\n"
    "<p lang=\"en\">The server runs, but its web pages are not installed. The interface is described in "
    "<a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p>\n"
    "</body>\n</html>\n";

static bool str_ends(struct str s, const char *end)
{
    size_t n = strlen(end);
    return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

static const char *asset_type(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_ends(str_z(path), types[i].end)) return types[i].type;
    return "application/octet-stream";
}

static int asset_compare(const void *a, const void *b)
{
    return strcmp(((const struct asset *)a)->path, ((const struct asset *)b)->path);
}

static struct asset *asset_add(struct assets *a, const char *path)
{
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->item[i].path, path) == 0) return &a->item[i];
    if (a->count == ASSETS_MAX) return NULL;
    struct asset *item = &a->item[a->count];
    *item = (struct asset){.path = arena_copy(&a->arena, path, strlen(path)), .type = asset_type(path)};
    if (item->path == NULL) return NULL;
    a->count++;
    return item;
}

static void asset_body(struct asset *item, asset_form form, struct str body)
{
    item->body[form] = body;
    (void)snprintf(item->etag[form], sizeof item->etag[form], "%016" PRIx64, body_tag(body));
}

static void asset_read(struct assets *a, const char *file, const char *path)
{
    struct stat st;
    asset_form form = FORM_PLAIN;
    char plain[1024];
    for (int f = FORM_BR; f < FORM_COUNT; f++)
        if (str_ends(str_z(path), form_ends[f])) form = (asset_form)f;
    int n = snprintf(plain, sizeof plain, "%.*s", (int)(strlen(path) - strlen(form_ends[form])), path);
    FILE *f = n <= 0 || n >= (int)sizeof plain ? NULL : fopen(file, "rb");
    if (f == NULL) return;
    if (fstat(fileno(f), &st) == 0 && st.st_size >= 0 && (size_t)st.st_size <= ASSETS_BYTES_MAX - a->bytes) {
        size_t size = (size_t)st.st_size;
        char *bytes = arena_alloc(&a->arena, size + 1);
        struct asset *item = bytes != NULL && fread(bytes, 1, size, f) == size ? asset_add(a, plain) : NULL;
        if (item != NULL) asset_body(item, form, (struct str){bytes, size});
        a->bytes += size;
    }
    (void)fclose(f);
}

static void assets_walk(struct assets *a, const char *folder, const char *under, int depth)
{
    DIR *d = depth > ASSET_DEPTH_MAX ? NULL : opendir(folder);
    if (d == NULL) return;
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        char file[2048], path[1024];
        struct stat st;
        if (entry->d_name[0] == '.') continue; // hidden, and the folder itself
        int n = snprintf(file, sizeof file, "%s/%s", folder, entry->d_name);
        int m = snprintf(path, sizeof path, "%s/%s", under, entry->d_name);
        if (n >= (int)sizeof file || m >= (int)sizeof path || stat(file, &st) != 0) continue;
        if (S_ISDIR(st.st_mode)) assets_walk(a, file, path, depth + 1);
        else if (S_ISREG(st.st_mode)) asset_read(a, file, path);
    }
    (void)closedir(d);
}

// A compressed file without the plain one is of no use to all.
static void assets_settle(struct assets *a)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->count; i++)
        if (a->item[i].body[FORM_PLAIN].p != NULL) a->item[kept++] = a->item[i];
    a->count = kept;
    qsort(a->item, a->count, sizeof a->item[0], asset_compare);
}

static const struct asset *assets_find(const struct assets *a, const char *path)
{
    struct asset wanted = {.path = path};
    return bsearch(&wanted, a->item, a->count, sizeof a->item[0], asset_compare);
}

struct assets *assets_open(const char *folder)
{
    struct assets *a = calloc(1, sizeof *a);
    if (a == NULL) return NULL;
    if (folder != NULL) assets_walk(a, folder, "", 0);
    assets_settle(a);
    if (assets_find(a, "/index.html") != NULL) return a;
    a->count = 0;
    struct asset *page = asset_add(a, "/index.html");
    if (page != NULL) asset_body(page, FORM_PLAIN, STR(page_plain));
    if (page != NULL) return a;
    assets_close(a);
    return NULL;
}

void assets_close(struct assets *a)
{
    if (a == NULL) return;
    arena_free(&a->arena);
    free(a);
}

size_t assets_count(const struct assets *a)
{
    return a->count;
}

static bool coding_taken(struct str field, const char *coding)
{
    struct str rest = field, part, name;
    while (str_cut(&rest, ',', &part)) {
        (void)str_cut(&part, ';', &name);
        if (str_eq_nocase(str_trim(name), str_z(coding))) return !str_eq_z(str_trim(part), "q=0");
    }
    return false;
}

static void asset_reply(const struct asset *item, struct request *rq, struct reply *rp)
{
    asset_form form = FORM_PLAIN;
    for (int f = FORM_COUNT; f-- > FORM_BR;)
        if (item->body[f].p != NULL && coding_taken(rq->accept_encoding, form_codings[f])) form = (asset_form)f;
    rp->status = 200;
    rp->type = item->type;
    rp->fixed = item->body[form];
    (void)snprintf(rp->etag, sizeof rp->etag, "%s", item->etag[form]);
    // Build tools put a hash of the content into the names below /assets/; everything else is asked for again.
    rp->cache = strncmp(item->path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable" : "no-cache";
    reply_header(rp, "Vary", STR("Accept-Encoding"));
    if (form != FORM_PLAIN) reply_header(rp, "Content-Encoding", str_z(form_codings[form]));
}

// A page of the app: no dot in the last segment, so it is not a file that is missing.
static bool path_is_page(struct str path)
{
    for (size_t i = path.n; i-- > 0 && path.p[i] != '/';)
        if (path.p[i] == '.') return false;
    return true;
}

void assets_answer(const struct assets *a, struct request *rq, struct reply *rp)
{
    struct str path;
    const struct asset *item = NULL;
    if (parameter_decode(rq->path, false, rq->arena, &path)) item = assets_find(a, path.p);
    if (item == NULL && path_is_page(rq->path)) item = assets_find(a, "/index.html");
    if (item == NULL) problem_reply(rq, rp, HTTP_FAULT_NOT_FOUND, NULL, NULL);
    else asset_reply(item, rq, rp);
}
