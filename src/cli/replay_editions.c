#include "cli/replay_editions.h"

#include "cli/files.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *editions_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// ---- what lies in a folder ----

// The value of a key at the beginning of a line, as it is written in a protocol's head; false when there is none.
// Enough to leave files of other families unread.
static bool editions_head(struct str text, const char *key, struct str *value)
{
    struct str line;
    size_t n = strlen(key);
    while (str_cut(&text, '\n', &line)) {
        if (!str_starts(line, key) || line.n <= n || line.p[n] != ':') continue;
        struct str v = {line.p + n + 1, line.n - n - 1};
        const char *comment = memchr(v.p, '#', v.n);
        if (comment != NULL) v.n = (size_t)(comment - v.p);
        v = str_trim(v);
        if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0]) {
            v.p++;
            v.n -= 2;
        }
        *value = v;
        return true;
    }
    return false;
}

static bool editions_is_protocol(const char *name)
{
    static const char yaml[] = ".yaml", tests[] = ".tests.yaml";
    size_t n = strlen(name);
    if (n < sizeof yaml || strcmp(name + n - (sizeof yaml - 1), yaml) != 0) return false;
    return n < sizeof tests || strcmp(name + n - (sizeof tests - 1), tests) != 0;
}

static bool editions_has(const struct replay_editions *e, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    size_t n = strlen(name) - strlen(".yaml");
    for (size_t i = 0; i < e->count; i++)
        if (strlen(e->items[i].id) == n && memcmp(e->items[i].id, name, n) == 0) return true;
    return false;
}

// Reads one more file; a neighbour that is faulty is passed over in silence, `tongzhou protocol check` is for that.
static bool editions_add(struct cli *cli, struct replay_editions *e, const char *path, bool loud)
{
    if (e->count == REPLAY_EDITIONS_MAX) return false;
    struct protocol p;
    if (loud) {
        if (files_protocol(cli, path, &p) != TONG_OK) return false;
    } else {
        struct arena arena = {0};
        struct problem_list problems = {.arena = &arena};
        tong_code code = files_protocol_into(cli, path, &p, &problems);
        arena_free(&arena);
        if (code != TONG_OK) return false;
    }
    e->items[e->count++] = p;
    return true;
}

// Names in order, so that a run does not depend on how the file system lists them.
static int editions_by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Does the file belong to the family, or, with `alias`, is the name the beginning of the family's or of the file's own
// (mers: mers-who.yaml)?
static bool editions_fits(struct cli *cli, const char *path, const char *file, struct str name, bool alias)
{
    struct arena arena = {0};
    struct str text, family = {0};
    struct err err = {0};
    bool fits = files_read(path, LIMIT_PROTOCOL_BYTES, cli->language, &arena, &text, &err) == TONG_OK &&
                editions_head(text, "protocol", &family);
    if (fits && !str_eq(family, name)) {
        size_t n = strlen(file);
        bool file_begins = n > name.n && memcmp(file, name.p, name.n) == 0 && file[name.n] == '-';
        bool family_begins = family.n > name.n && memcmp(family.p, name.p, name.n) == 0 && family.p[name.n] == '-';
        fits = alias && (file_begins || family_begins);
    }
    arena_free(&arena);
    return fits;
}

// Adds every edition in `folder` of the family `name`.
static void editions_scan(struct cli *cli, struct replay_editions *e, const char *folder, struct str name, bool alias)
{
    struct arena arena = {0};
    char **files = NULL;
    size_t count = 0, cap = 0;
    DIR *dir = folder[0] == 0 ? NULL : opendir(folder);
    if (dir == NULL) return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) { // NOLINT(concurrency-mt-unsafe): one thread
        if (!editions_is_protocol(entry->d_name)) continue;
        char **grown = arena_grow(&arena, files, count, &cap, sizeof *files);
        char *copy = arena_copy(&arena, entry->d_name, strlen(entry->d_name));
        if (grown == NULL || copy == NULL) break;
        files = grown;
        files[count++] = copy;
    }
    (void)closedir(dir);
    if (count > 0) qsort(files, count, sizeof *files, editions_by_name);
    for (size_t i = 0; i < count; i++) {
        char path[CLI_PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        if (n < 0 || (size_t)n >= sizeof path || editions_has(e, path)) continue;
        if (editions_fits(cli, path, files[i], name, alias)) (void)editions_add(cli, e, path, false);
    }
    arena_free(&arena);
}

// ---- what the user named ----

const struct protocol *replay_editions_any(const struct replay_editions *e)
{
    return &e->items[e->named == SIZE_MAX ? 0 : e->named];
}

const struct zone *replay_editions_zone(const struct replay_editions *e)
{
    assert(e->count > 0);
    return &replay_editions_any(e)->zone;
}

// A family was named: of several families that begin so, or several places, nobody can know which is meant.
static int editions_one_family(struct cli *cli, struct replay_editions *e, const char *name)
{
    static const struct label several = LABEL("\"%s\" may be %s or %s: name one of them, or one edition",
                                              "“%s”可能指 %s 或 %s：请指明其中之一，或指明具体版本");
    const struct protocol *least = &e->items[0];
    for (size_t i = 1; i < e->count; i++) {
        if (strcmp(e->items[i].family, least->family) != 0) {
            cli_say(cli, editions_text(cli, several), name, least->id, e->items[i].id);
            return CLI_USAGE;
        }
        if (strlen(e->items[i].place) < strlen(least->place)) least = &e->items[i];
    }
    // Provinces have editions of their own; the family's name means those of the widest place.
    const char *place = least->place;
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->items[i].place, place) == 0) {
            struct protocol p = e->items[i];
            e->items[i] = e->items[kept];
            e->items[kept++] = p;
        }
    }
    while (e->count > kept) protocol_free(&e->items[--e->count]);
    return CLI_DONE;
}

static int editions_open_named(struct cli *cli, struct replay_editions *e, const char *name)
{
    char path[CLI_PATH_MAX];
    e->named = SIZE_MAX;
    if (files_protocol_path(cli, name, path) || strchr(name, '/') != NULL) {
        if (!editions_add(cli, e, name, true)) return CLI_FAULT;
        e->named = 0;
        return CLI_DONE;
    }
    editions_scan(cli, e, "protocols", str_z(name), false);
    editions_scan(cli, e, cli->protocols, str_z(name), false);
    if (e->count == 0) {
        editions_scan(cli, e, "protocols", str_z(name), true);
        editions_scan(cli, e, cli->protocols, str_z(name), true);
    }
    if (e->count > 0) return editions_one_family(cli, e, name);
    struct protocol none;
    tong_code code = files_protocol(cli, name, &none); // says what there is
    assert(code != TONG_OK);
    return code == TONG_E_NOT_FOUND ? CLI_USAGE : CLI_FAULT;
}

// --as-if may be a file, a shipped name, or the edition's own text ("9") within the family of --protocol.
static int editions_open_as_if(struct cli *cli, struct replay_editions *e, const char *protocol, const char *as_if)
{
    static const struct label absent = LABEL("--as-if %s: %s has no such edition; give its name, such as %s",
                                             "--as-if %s：%s 没有这一版本；请给出名称，例如 %s");
    char path[CLI_PATH_MAX];
    e->as_if = true;
    if (protocol[0] == 0 || files_protocol_path(cli, as_if, path)) return editions_open_named(cli, e, as_if);
    int code = editions_open_named(cli, e, protocol);
    if (code != CLI_DONE) return code;
    if (e->named != SIZE_MAX) {
        char folder[CLI_PATH_MAX];
        (void)files_protocol_path(cli, protocol, folder);
        char *slash = strrchr(folder, '/');
        if (slash != NULL) *slash = 0;
        editions_scan(cli, e, slash == NULL ? "." : folder, str_z(e->items[0].family), false);
    }
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->items[i].edition, as_if) != 0 && strcmp(e->items[i].id, as_if) != 0) continue;
        e->named = i;
        return CLI_DONE;
    }
    cli_say(cli, editions_text(cli, absent), as_if, e->items[0].family, e->items[0].id);
    return CLI_USAGE;
}

int replay_editions_open(struct cli *cli, struct str protocol, struct str as_if, struct replay_editions *out)
{
    static const struct label missing =
        LABEL("--protocol is missing: name the protocol to follow, for example --protocol mers",
              "缺少 --protocol：请指明要执行的防控方案，例如 --protocol mers");
    static const struct label unsure = LABEL("--as-if %s: this is a family of several editions; name one, such as %s",
                                             "--as-if %s：该方案有多个版本，请指明一个，例如 %s");
    *out = (struct replay_editions){.named = SIZE_MAX};
    if (protocol.n == 0 && as_if.n == 0) {
        cli_say(cli, "%s", editions_text(cli, missing));
        return CLI_USAGE;
    }
    const char *name = protocol.n == 0 ? "" : protocol.p; // texts of the command line end in NUL
    int code = as_if.n > 0 ? editions_open_as_if(cli, out, name, as_if.p) : editions_open_named(cli, out, name);
    if (code == CLI_DONE && out->as_if && out->named == SIZE_MAX) {
        if (out->count == 1) {
            out->named = 0;
        } else {
            cli_say(cli, editions_text(cli, unsure), as_if.p, out->items[0].id);
            code = CLI_USAGE;
        }
    }
    if (code != CLI_DONE) replay_editions_close(out);
    return code;
}

// ---- which holds when ----

static bool editions_covers(const struct protocol *p, civil_day day)
{
    return p->from.d <= day.d && (p->until.d == CIVIL_DAY_NONE || day.d < p->until.d);
}

// The edition of a day: the one named, else the one that came into force last.
static const struct protocol *editions_on(const struct replay_editions *e, civil_day day)
{
    const struct protocol *base = replay_editions_any(e), *best = NULL;
    if (e->named != SIZE_MAX && editions_covers(base, day)) return base;
    for (size_t i = 0; i < e->count; i++) {
        const struct protocol *p = &e->items[i];
        if (strcmp(p->family, base->family) != 0 || strcmp(p->place, base->place) != 0) continue;
        if (editions_covers(p, day) && (best == NULL || p->from.d > best->from.d)) best = p;
    }
    return best;
}

static void editions_span(const struct protocol *p, lang language, char *out, size_t n)
{
    static const struct label from = LABEL("from %s on", "自 %s 起"), both = LABEL("%s to %s", "%s 至 %s");
    char first[CIVIL_TEXT], last[CIVIL_TEXT];
    civil_format(p->from, first);
    if (p->until.d == CIVIL_DAY_NONE) {
        (void)snprintf(out, n, from.text[language], first);
        return;
    }
    civil_format((civil_day){p->until.d - 1}, last);
    (void)snprintf(out, n, both.text[language], first, last);
}

static int editions_refuse(struct cli *cli, const struct replay_editions *e, civil_day day, civil_day first,
                           civil_day last)
{
    static const struct label none =
        LABEL("the outbreak runs from %s to %s, but no edition of %s here is in effect on %s (%s is in effect %s).\n"
              "  To see what that edition would have asked for all the same, add: --as-if %s",
              "疫情时间为 %s 至 %s，但 %s 没有在 %s 生效的版本（%s 的有效期：%s）。\n"
              "  如仍要按该版本推演，请加上：--as-if %s");
    char on[CIVIL_TEXT], from[CIVIL_TEXT], to[CIVIL_TEXT], span[80];
    const struct protocol *p = replay_editions_any(e);
    civil_format(day, on);
    civil_format(first, from);
    civil_format(last, to);
    editions_span(p, cli->language, span, sizeof span);
    cli_say(cli, editions_text(cli, none), from, to, p->family, on, p->id, span, p->id);
    return CLI_FAULT;
}

static int editions_unused(struct cli *cli, const struct protocol *named, const struct protocol *used)
{
    static const struct label text =
        LABEL("%s is in effect %s, not during this outbreak; %s was then. Name that one, or add: --as-if %s",
              "%s 的有效期为 %s，不在本次疫情期间；当时生效的是 %s。请改用该版本，或加上：--as-if %s");
    char span[80];
    editions_span(named, cli->language, span, sizeof span);
    cli_say(cli, editions_text(cli, text), named->id, span, used->id, named->id);
    return CLI_FAULT;
}

static void editions_use(struct replay_editions *e, const struct protocol *p, civil_day from)
{
    assert(e->book.count < REPLAY_EDITIONS_MAX);
    if (e->book.count > 0)
        e->changes[e->change_count++] = (struct replay_change){.edition = (uint8_t)e->book.count, .day = from};
    e->in_force[e->book.count++] = p;
}

int replay_editions_settle(struct cli *cli, struct replay_editions *e, civil_day first, civil_day last)
{
    assert(e->count > 0 && first.d <= last.d);
    e->book = (struct rulebook){.editions = e->in_force, .count = 0};
    e->change_count = 0;
    if (e->as_if) {
        editions_use(e, replay_editions_any(e), first);
        return CLI_DONE;
    }
    if (e->named != SIZE_MAX) {
        char folder[CLI_PATH_MAX];
        const struct protocol *p = replay_editions_any(e);
        const char *file = p->pathway_count > 0 ? p->pathways[0].origin.file : NULL;
        (void)snprintf(folder, sizeof folder, "%s", file == NULL ? "" : file);
        char *slash = strrchr(folder, '/');
        if (slash != NULL) *slash = 0;
        editions_scan(cli, e, slash == NULL ? "." : folder, str_z(p->family), false);
    }
    const struct protocol *now = NULL, *named = e->named == SIZE_MAX ? NULL : &e->items[e->named];
    bool named_used = named == NULL;
    for (civil_day day = first; day.d <= last.d; day.d++) {
        const struct protocol *p = editions_on(e, day);
        if (p == NULL) return editions_refuse(cli, e, day, first, last);
        if (p != now) editions_use(e, p, day);
        named_used = named_used || p == named;
        now = p;
    }
    return named_used ? CLI_DONE : editions_unused(cli, named, now);
}

void replay_editions_close(struct replay_editions *e)
{
    while (e->count > 0) protocol_free(&e->items[--e->count]);
}
