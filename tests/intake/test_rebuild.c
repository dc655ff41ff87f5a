// What was derived is made again from the chain and found equal; what somebody changed behind its back is found.
#include "intake/rebuild.h"
#include "story.h"
#include "tap.h"

#include <sqlite3.h>
#include <unistd.h>

struct files {
    char folder[40], where[80], scratch[80], vault[80];
};

static void files_gone(const struct files *f)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".vault", ".writer", "-journal"};
    char path[120];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", f->where, ends[i]);
        (void)unlink(path);
    }
}

static void said(const struct rebuild_report *r)
{
    struct arena arena = {0};
    for (int64_t i = 0; i < r->differences && i < 8; i++) printf("# %s\n", rebuild_text(&r->shown[i], LANG_EN, &arena));
    arena_free(&arena);
}

static bool check(const struct files *f, struct rebuild_report *r)
{
    struct err err = {0};
    const struct rebuild_options o = {.where = f->where, .scratch = f->scratch};
    tong_code code = rebuild_check(&o, r, &err);
    if (code != TONG_OK) printf("# %s %s\n", err_slug(code), err.text);
    return code == TONG_OK;
}

static void tamper(const struct files *f, const char *sql)
{
    sqlite3 *db = NULL;
    (void)sqlite3_open(f->where, &db);
    char *fault = NULL;
    OK(sqlite3_exec(db, sql, NULL, NULL, &fault) == SQLITE_OK && sqlite3_changes(db) >= 1, "tampered: %s", sql);
    (void)sqlite3_close(db);
}

static void rebuilt(const struct story *s, const struct files *f, size_t group, size_t reopen, size_t bytes_max)
{
    struct rebuild_report r;
    files_gone(f);
    struct story_run run = {.story = s, .where = f->where, .group = group, .reopen = reopen, .bytes_max = bytes_max};
    OK(story_live(&run) && run.refused == 0, "a response in groups of %zu", group);
    OK(check(f, &r), "it is rebuilt");
    EQ_INT(r.differences, 0, "and found equal: %lld rows, %lld facts, %lld of them given by the rules",
           (long long)r.rows, (long long)r.facts, (long long)r.given);
    if (r.differences != 0) said(&r);
    OK(r.given > 50 && r.rows > 500, "there was something to compare");
}

static void found(const struct files *f, const char *sql, rebuild_what what, const char *table, const char *column)
{
    struct rebuild_report r;
    tamper(f, sql);
    OK(check(f, &r), "it is rebuilt");
    bool seen = r.differences > 0 && r.shown[0].what == what && strcmp(r.shown[0].table, table) == 0 &&
                strcmp(r.shown[0].column, column) == 0;
    if (!OK(seen, "and the change is found: %s %s", table, column)) said(&r);
    struct err err = {0};
    const struct rebuild_options o = {.where = f->where, .scratch = f->scratch};
    if (what < REBUILD_FACT_DIFFERS) {
        if (!EQ_INT(rebuild_replace(&o, &r, &err), TONG_OK, "the tables are made again")) printf("# %s\n", err.text);
        OK(check(f, &r) && r.differences == 0, "and are then as the facts say");
    }
}

int main(void)
{
    struct story s;
    struct files f = {.folder = "test_rebuild.XXXXXX"};
    if (mkdtemp(f.folder) == NULL) return 1;
    (void)snprintf(f.where, sizeof f.where, "%s/d.db", f.folder);
    (void)snprintf(f.scratch, sizeof f.scratch, "%s/scratch.db", f.folder);
    story_make(&s, 10, 4, 5);
    rebuilt(&s, &f, 1000, 0, 0);
    rebuilt(&s, &f, 1, 77, 1);
    rebuilt(&s, &f, 9, 0, 0);
    found(&f, "UPDATE task SET deadline = deadline + 60 WHERE id = (SELECT max(id) FROM task)", REBUILD_ROW_DIFFERS,
          "task", "deadline");
    found(&f, "DELETE FROM measure WHERE id = (SELECT min(id) FROM measure)", REBUILD_ROW_MISSING, "measure", "");
    found(&f, "UPDATE person SET place = place + 1 WHERE id = (SELECT max(id) FROM person)", REBUILD_ROW_DIFFERS,
          "person", "place");
    found(&f, "INSERT INTO link VALUES (1, 2, 3, 4, 5, 6, 0)", REBUILD_ROW_EXTRA, "link", "");
    found(&f,
          "UPDATE fact SET happened = happened - 86400 WHERE id = (SELECT max(id) FROM fact WHERE given_by IS NOT NULL "
          "AND kind = 0)",
          REBUILD_FACT_DIFFERS, "fact", "happened");
    files_gone(&f);
    (void)rmdir(f.folder);
    story_close(&s);
    return tap_done();
}
