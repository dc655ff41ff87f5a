// replay_tap.h -- runs `tongzhou replay` as its user would, for the tests of it.
#ifndef TONG_TESTS_CLI_REPLAY_TAP_H
#define TONG_TESTS_CLI_REPLAY_TAP_H

#include "cli/replay.h"
#include "tap.h"

#include <jansson.h>
#include <unistd.h>

static const struct cli_command replay_commands[] = {{"replay", LABEL("runs", "推演"), cli_replay}};

static struct {
    int code;
    char *out, *err; // of the last run
} ran;

static char *replay_slurp(FILE *f)
{
    (void)fseek(f, 0, SEEK_END);
    long n = ftell(f);
    char *text = n < 0 ? NULL : malloc((size_t)n + 1);
    if (text == NULL) abort();
    rewind(f);
    text[fread(text, 1, (size_t)n, f)] = 0;
    (void)fclose(f);
    return text;
}

// The words after "replay", ended by NULL.
TAP_UNUSED static void run_words(lang language, const char *const *words)
{
    char *argv[40] = {(char[]){"tongzhou"}, (char[]){"replay"}};
    int argc = 2;
    for (; words[argc - 2] != NULL; argc++) {
        argv[argc] = strdup(words[argc - 2]);
        if (argv[argc] == NULL || argc == 39) abort();
    }
    struct cli cli = {.language = language, .out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    if (cli.out == NULL || cli.err == NULL) abort();
    cli_find_protocols(&cli);
    free(ran.out);
    free(ran.err);
    char *given[40];
    memcpy(given, argv, sizeof given); // the command moves its words about
    ran.code = cli_run(&cli, replay_commands, 1, argc, argv);
    ran.out = replay_slurp(cli.out);
    ran.err = replay_slurp(cli.err);
    for (int i = 2; i < argc; i++) free(given[i]);
}
#define RUN(language, ...) run_words((language), (const char *const[]){__VA_ARGS__, NULL})

// The document of the last run with --json; NULL when it is none. The caller gives it back with json_decref.
TAP_UNUSED static json_t *run_json(void)
{
    return json_loads(ran.out, JSON_REJECT_DUPLICATES, NULL);
}

// A number below an object, by "totals.cases"; -1 when it is not there.
TAP_UNUSED static json_int_t json_at(const json_t *j, const char *path)
{
    char key[80];
    while (j != NULL && *path != 0) {
        size_t n = strcspn(path, ".");
        (void)snprintf(key, sizeof key, "%.*s", (int)n, path);
        j = json_object_get(j, key);
        path += n + (path[n] == '.');
    }
    return json_is_integer(j) ? json_integer_value(j) : -1;
}

// The element of an array whose member `key` is the text `value`; NULL when there is none.
TAP_UNUSED static json_t *json_find(const json_t *array, const char *key, const char *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        const char *text = json_string_value(json_object_get(item, key));
        if (text != NULL && strcmp(text, value) == 0) return item;
    }
    return NULL;
}

// What holds of every result: each day adds up to the totals, each task has one fate, and the last day's figures are
// those of the people listed at the end.
TAP_UNUSED static void json_adds_up(const json_t *doc, const char *what)
{
    static const char *const fates[] = {"done", "done_late", "refused", "overdue", "no_longer_due", "open", "unknown"};
    const json_t *totals = json_object_get(doc, "totals"), *days = json_object_get(doc, "days"), *under;
    json_int_t cases = 0, contacts = 0, opened = 0, done = 0, restricted = -1, sum_opened = 0, on_last = 0, listed = 0;
    size_t i;
    json_t *item, *value;
    const char *key;
    json_array_foreach(json_object_get(totals, "tasks"), i, item)
    {
        json_int_t all = 0;
        for (size_t f = 0; f < sizeof fates / sizeof fates[0]; f++) all += json_at(item, fates[f]);
        CHECK(all == json_at(item, "opened"), "%s: task %zu has as many fates as it was opened", what, i);
        sum_opened += all;
    }
    EQ_INT(json_at(totals, "tasks_all.opened"), sum_opened, "%s: all tasks are the sum of their kinds", what);
    json_array_foreach(days, i, item)
    {
        json_object_foreach(json_object_get(item, "new_cases"), key, value) cases += json_integer_value(value);
        contacts += json_at(item, "contacts_named");
        json_object_foreach(json_object_get(item, "tasks"), key, value)
        {
            opened += json_at(value, "opened");
            done += json_at(value, "done");
        }
        restricted = json_at(item, "persons_restricted");
    }
    json_object_foreach(json_object_get(json_array_get(days, json_array_size(days) - 1), "under_measures"), key, value)
        on_last += json_integer_value(value);
    under = json_object_get(doc, "under_measures");
    json_array_foreach(under, i, item) listed++;
    EQ_INT(cases, json_at(totals, "cases_known"), "%s: new cases of all days are the cases", what);
    EQ_INT(contacts, json_at(totals, "contacts_known"), "%s: contacts named on all days are the contacts", what);
    EQ_INT(opened, sum_opened, "%s: tasks opened on all days are the tasks", what);
    EQ_INT(done, json_at(totals, "tasks_all.done") + json_at(totals, "tasks_all.done_late"),
           "%s: tasks done on all days are those done", what);
    EQ_INT(listed, on_last, "%s: as many measures are listed at the end as the last day has", what);
    OK(restricted >= 0 && restricted <= listed, "%s: not more persons restricted than measures in force", what);
}

#endif
