// The same outbreak in a caseload alone and in a server, however its commands are grouped: the same comes of it.
#include "story.h"
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

static void files_gone(const char *folder)
{
    static const char *const names[] = {"d.db",         "d.db-wal",  "d.db-shm",   "d.db.vault",
                                        "d.db-journal", "d.db.lock", "d.db.writer"};
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
}

static void same_whatever_the_groups(const struct story *s, const char *folder)
{
    static const struct {
        const char *name;
        size_t group, reopen, bytes_max;
    } ways[] = {
        {"in groups of 1000", 1000, 0, 0},
        {"in groups of 7", 7, 0, 0},
        {"in groups of 7, opened again after every 50 steps", 7, 50, 0},
        {"one by one, the working set forgotten each time", 1, 0, 1},
        {"in groups of 40, the working set forgotten each time", 40, 333, 1},
    };
    char where[300];
    (void)snprintf(where, sizeof where, "%s/d.db", folder);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        files_gone(folder);
        struct story_run r = {.story = s,
                              .where = where,
                              .group = ways[i].group,
                              .reopen = ways[i].reopen,
                              .bytes_max = ways[i].bytes_max};
        bool lived = story_live(&r);
        OK(lived, "%s: taken", ways[i].name);
        EQ_INT(r.refused, 0, "%s: nothing was refused", ways[i].name);
        size_t count;
        char **lines = story_lines(where, &count);
        EQ_INT(count, s->line_count, "%s: as many enrolments, tasks, measures and links", ways[i].name);
        EQ_INT(story_compare(s->lines, s->line_count, lines, count), 0, "%s: they are the same", ways[i].name);
        story_lines_free(lines, count);
    }
}

int main(void)
{
    char folder[] = "test_intake.XXXXXX";
    struct story s;
    if (mkdtemp(folder) == NULL) return 1;
    story_make(&s, 12, 4, 3);
    OK(s.step_count > 200 && s.line_count > 500, "the story has %zu steps and %zu lines", s.step_count, s.line_count);
    same_whatever_the_groups(&s, folder);
    files_gone(folder);
    (void)rmdir(folder);
    story_close(&s);
    return tap_done();
}
