// `tongzhou generate outbreak`: what it writes, what it refuses, and that a failure leaves nothing behind.
#include "cli/generate.h"
#include "tap.h"
#include "twin/outbreak_files.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct cli_command commands[] = {{"generate", LABEL("generates", "生成"), cli_generate}};

enum { PATH_MAX_HERE = 512 };
static char base[] = "test_generate.XXXXXX"; // the folder of this run, below the current one

static struct {
    int code;
    char out[4000], err[4000];
} ran;

static void slurp(FILE *f, char *into, size_t n)
{
    rewind(f);
    into[fread(into, 1, n - 1, f)] = 0;
    (void)fclose(f);
}

// Runs the words of a line; an @ in a word stands for the folder of this run.
static void run(const char *line, lang language)
{
    static char words[20][PATH_MAX_HERE];
    char text[400], *argv[21] = {"tongzhou"}, *save = NULL;
    int argc = 1;
    (void)snprintf(text, sizeof text, "%s", line);
    for (char *w = strtok_r(text, " ", &save); w != NULL && argc < 20; w = strtok_r(NULL, " ", &save), argc++) {
        const char *at = strchr(w, '@');
        if (at == NULL) (void)snprintf(words[argc], sizeof words[argc], "%s", w);
        else (void)snprintf(words[argc], sizeof words[argc], "%.*s%s%s", (int)(at - w), w, base, at + 1);
        argv[argc] = words[argc];
    }
    struct cli cli = {.language = language, .out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    if (cli.out == NULL || cli.err == NULL) abort();
    ran.code = cli_run(&cli, commands, 1, argc, argv);
    slurp(cli.out, ran.out, sizeof ran.out);
    slurp(cli.err, ran.err, sizeof ran.err);
}

static void path_of(const char *relative, char out[PATH_MAX_HERE])
{
    (void)snprintf(out, PATH_MAX_HERE, "%s/%s", base, relative);
}

// The whole of a file of this run; NULL when it is not there. To be freed.
static char *contents(const char *relative, size_t *n)
{
    char path[PATH_MAX_HERE];
    path_of(relative, path);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return NULL;
    size_t cap = 1 << 22;
    char *text = malloc(cap);
    if (text == NULL) abort();
    *n = fread(text, 1, cap - 1, f);
    text[*n] = 0;
    (void)fclose(f);
    return text;
}

static bool is_there(const char *relative)
{
    char path[PATH_MAX_HERE];
    struct stat st;
    path_of(relative, path);
    return lstat(path, &st) == 0;
}

static bool same_file(const char *a, const char *b)
{
    size_t n = 0, m = 0;
    char *x = contents(a, &n), *y = contents(b, &m);
    bool same = x != NULL && y != NULL && n == m && memcmp(x, y, n) == 0;
    free(x);
    free(y);
    return same;
}

static int64_t lines_of(const char *relative)
{
    size_t n = 0;
    char *text = contents(relative, &n);
    int64_t lines = text == NULL ? -1 : 0;
    for (size_t i = 0; i < n; i++) lines += text[i] == '\n';
    free(text);
    return lines;
}

static int entries_of(const char *relative)
{
    char path[PATH_MAX_HERE];
    path_of(relative, path);
    DIR *d = opendir(path);
    if (d == NULL) return -1;
    int n = 0;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d))
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    (void)closedir(d);
    return n;
}

static void put(const char *relative, const char *text)
{
    char path[PATH_MAX_HERE];
    path_of(relative, path);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) abort();
}

// ---- what it writes ----

static void test_written(void)
{
    run("generate outbreak --seed 7 --cases 90 --contacts-per-case 4.5 --start 2021-02-03 --out @/a/deep/folder/",
        LANG_EN);
    EQ_INT(ran.code, CLI_DONE, "done: %s", ran.err);
    OK(strstr(ran.out, "90 cases, 405 contacts") != NULL && strstr(ran.out, "invented") != NULL, "says what it wrote");
    EQ_TEXT(ran.err, "", "no complaints");
    EQ_INT(entries_of("a/deep/folder"), 6, "six files and nothing else; the folders were made");
    EQ_INT(lines_of("a/deep/folder/linelist.csv"), 91, "a header and exactly the cases asked for");
    EQ_INT(lines_of("a/deep/folder/contacts.csv"), 406, "a header and exactly the contacts asked for");
    EQ_INT(lines_of("a/deep/folder/truth.csv"), 91, "the truth about each case");
    OK(lines_of("a/deep/folder/followups.csv") > 405, "follow-ups");
    OK(lines_of("a/deep/folder/labs.csv") > 90, "samples");
    size_t n = 0;
    char *readme = contents("a/deep/folder/README.txt", &n), *truth = contents("a/deep/folder/truth.csv", &n);
    OK(readme != NULL &&
           strstr(readme, "--seed 7 --cases 90 --disease covid --start 2021-02-03 --contacts-per-case 4.5") != NULL,
       "README.txt names the command that makes it again");
    OK(readme != NULL && strstr(readme, "INVENTED") != NULL && strstr(readme, "虚构") != NULL,
       "and says that it is invented");
    OK(truth != NULL && strstr(truth, ",2021-02-03 09:00,imported,") != NULL,
       "the first infection is on the day asked for");
    free(readme);
    free(truth);

    run("generate outbreak --seed 7 --cases 90 --contacts-per-case 4.5 --start 2021-02-03 --out @/b", LANG_ZH);
    OK(ran.code == CLI_DONE && strstr(ran.out, "90 例病例") != NULL, "the same in Chinese: %s", ran.out);
    run("generate outbreak --seed 8 --cases 90 --contacts-per-case 4.5 --start 2021-02-03 --out @/c", LANG_EN);
    for (int f = 0; f < OUTBREAK_FILE_COUNT; f++) {
        char a[100], b[100], c[100];
        if (f == OUTBREAK_FAULTS) continue;
        (void)snprintf(a, sizeof a, "a/deep/folder/%s", outbreak_file_name((outbreak_file)f));
        (void)snprintf(b, sizeof b, "b/%s", outbreak_file_name((outbreak_file)f));
        (void)snprintf(c, sizeof c, "c/%s", outbreak_file_name((outbreak_file)f));
        OK(same_file(a, b), "%s: the same seed gives the same bytes, wherever", outbreak_file_name((outbreak_file)f));
        OK(!same_file(a, c), "%s: another seed gives others", outbreak_file_name((outbreak_file)f));
    }
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) {
        char line[200];
        (void)snprintf(line, sizeof line, "generate outbreak --disease=%s --cases 20 --out @/d%d",
                       outbreak_disease_name((outbreak_disease)d), d);
        run(line, LANG_EN);
        OK(ran.code == CLI_DONE && entries_of("d0") == 6, "%s", line);
    }
    run("generate outbreak --cases 20 --contacts-per-case 0 --out @/none", LANG_EN);
    EQ_INT(lines_of("none/contacts.csv"), 1, "no contacts: a header");
}

// ---- folders and files in the way ----

static void test_in_the_way(void)
{
    run("generate outbreak --seed 1 --cases 30 --faults --out @/e", LANG_EN);
    OK(ran.code == CLI_DONE && is_there("e/faults.csv"), "faults and their list");
    int64_t faults = lines_of("e/faults.csv") - 1;
    OK(faults >= 9, "at least one of each kind (%lld)", (long long)faults);
    put("e/notes.txt", "mine");
    put("e/linelist.csv", "mine");

    run("generate outbreak --seed 2 --cases 30 --out @/e", LANG_EN);
    EQ_INT(ran.code, CLI_FAULT, "files in the way");
    OK(strstr(ran.err, "linelist.csv is already there") != NULL && strstr(ran.err, "--force") != NULL,
       "says which, and the remedy");
    EQ_INT(lines_of("e/linelist.csv"), 0, "what was there stays");
    run("generate outbreak --seed 2 --cases 30 --out @/e", LANG_ZH);
    OK(strstr(ran.err, "已存在") != NULL, "says so in Chinese");

    run("generate outbreak --seed 2 --cases 30 --out @/e --force", LANG_EN);
    EQ_INT(ran.code, CLI_DONE, "--force replaces them");
    EQ_INT(lines_of("e/linelist.csv"), 31, "the line list is new");
    OK(!is_there("e/faults.csv"), "the old list of faults, which is wrong now, is gone");
    EQ_INT(entries_of("e"), 7, "other people's files stay");

    put("file", "");
    run("generate outbreak --cases 5 --out @/file", LANG_EN);
    OK(ran.code == CLI_FAULT && strstr(ran.err, "is a file, not a folder") != NULL, "a file in place of the folder: %s",
       ran.err);
    run("generate outbreak --cases 5 --out @/file/sub", LANG_ZH);
    OK(ran.code == CLI_FAULT && strstr(ran.err, "而不是目录") != NULL, "a folder below a file: %s", ran.err);

    char path[PATH_MAX_HERE];
    path_of("g", path);
    if (mkdir(path, 0777) != 0) abort();
    path_of("g/labs.csv", path);
    if (mkdir(path, 0777) != 0) abort();
    run("generate outbreak --cases 5 --out @/g --force", LANG_EN);
    OK(ran.code == CLI_FAULT && strstr(ran.err, "a folder has that name") != NULL, "a folder in place of a file: %s",
       ran.err);
    EQ_INT(entries_of("g"), 1, "and nothing was written beside it");

    path_of("h", path);
    if (mkdir(path, 0555) != 0) abort();
    if (access(path, W_OK) == 0) {
        tap_skip("a folder that may not be written: this user may write anything");
    } else {
        run("generate outbreak --cases 5 --out @/h", LANG_EN);
        OK(ran.code == CLI_FAULT && strstr(ran.err, "you may not write there") != NULL,
           "a folder that may not be written: %s", ran.err);
        run("generate outbreak --cases 5 --out @/h/sub", LANG_EN);
        OK(ran.code == CLI_FAULT && strstr(ran.err, "you may not write there") != NULL, "nor a folder made in it: %s",
           ran.err);
    }
}

// A disk that takes no more: simulated by the limit on the size of files.
static void test_disk(void)
{
    run("generate outbreak --seed 1 --cases 40 --out @/k", LANG_EN);
    run("generate outbreak --seed 1 --cases 40 --out @/k2", LANG_EN);
    struct rlimit before, small;
    if (getrlimit(RLIMIT_FSIZE, &before) != 0) abort();
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    static const rlim_t limits[] = {0, 100, 4096, 20000, 60000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct cli cli = {.language = LANG_EN};
        char err[1000] = "", out[PATH_MAX_HERE],
             *argv[] = {"generate", "outbreak", "--seed", "2", "--cases", "40", "--force", "--out", out};
        path_of("k", out);
        // Streams in memory: a temporary file could not be written either.
        cli.err = fmemopen(err, sizeof err, "w");
        cli.out = fopen("/dev/null", "w");
        if (cli.err == NULL || cli.out == NULL) abort();
        small = before;
        small.rlim_cur = limits[i];
        if (setrlimit(RLIMIT_FSIZE, &small) != 0) abort();
        int code = cli_generate(&cli, 9, argv);
        if (setrlimit(RLIMIT_FSIZE, &before) != 0) abort();
        (void)fclose(cli.err);
        (void)fclose(cli.out);
        OK(code == CLI_FAULT && strstr(err, "could not be written") != NULL, "files of at most %llu bytes: %s",
           (unsigned long long)limits[i], err);
        EQ_INT(entries_of("k"), 6, "no half-written file is left");
        for (int f = 0; f < OUTBREAK_FAULTS; f++) {
            char a[100], b[100];
            (void)snprintf(a, sizeof a, "k/%s", outbreak_file_name((outbreak_file)f));
            (void)snprintf(b, sizeof b, "k2/%s", outbreak_file_name((outbreak_file)f));
            CHECK(same_file(a, b), "%s is as it was", a);
        }
    }
    (void)signal(SIGXFSZ, handler);
}

// ---- what it does not understand ----

static void test_refused(void)
{
    static const struct {
        const char *line;
        const char *en, *zh; // part of the message
    } t[] = {
        {"generate", "generate wants: outbreak", "需要：outbreak"},
        {"generate rumours --out @/x", "generate does not know \"rumours\"", "不认识“rumours”"},
        {"generate outbreak", "--out DIR is missing", "缺少 --out"},
        {"generate outbreak --out=", "--out DIR is missing", "缺少 --out"},
        {"generate outbreak --cases 0 --out @/x", "a whole number from 1 to 200000", "范围 1 至 200000"},
        {"generate outbreak --cases 200001 --out @/x", "a whole number from 1 to 200000", "范围 1 至 200000"},
        {"generate outbreak --cases ten --out @/x", "--cases does not understand \"ten\"", "不接受“ten”"},
        {"generate outbreak --seed -1 --out @/x", "--seed does not understand \"-1\"", "不接受“-1”"},
        {"generate outbreak --disease eboal --out @/x", "did you mean ebola?", "是否想输入 ebola"},
        {"generate outbreak --disease plague --out @/x", "it knows covid, mers, ebola and measles",
         "可选 covid、mers、ebola、measles"},
        {"generate outbreak --start 2022-02-30 --out @/x", "a date like 2022-06-28", "形如 2022-06-28 的日期"},
        {"generate outbreak --start 1850-01-01 --out @/x", "between the years 1900 and 2800", "1900 年至 2800 年"},
        {"generate outbreak --contacts-per-case 0.5 --out @/x", "is 0, or 1 and more", "为 0，或不小于 1"},
        {"generate outbreak --contacts-per-case -3 --out @/x", "a number from 0 to 200", "范围 0 至 200"},
        {"generate outbreak --cases 100000 --contacts-per-case 101 --out @/x", "at most 10000000 contacts",
         "不得超过 10000000"},
        {"generate outbreak --faults=yes --out @/x", "--faults takes no value", "--faults 不带值"},
        {"generate outbreak --case 5 --out @/x", "did you mean --cases?", "是否想输入 --cases"},
        {"generate outbreak more --out @/x", "does not know what to do with \"more\"", "不知如何处理“more”"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        run(t[i].line, LANG_EN);
        OK(ran.code == CLI_USAGE && strstr(ran.err, t[i].en) != NULL, "%s: %s", t[i].line, ran.err);
        run(t[i].line, LANG_ZH);
        OK(ran.code == CLI_USAGE && strstr(ran.err, t[i].zh) != NULL, "%s: %s", t[i].line, ran.err);
    }
    OK(!is_there("x"), "and no folder was made");
    run("generate outbreak --cases 200000 --control-day 0 --contacts-per-case 0 --disease measles --out @/z", LANG_EN);
    OK(ran.code == CLI_FAULT && strstr(ran.err, "die out") != NULL && strstr(ran.err, "--control-day") != NULL,
       "an outbreak that does not come about: %s", ran.err);
    OK(!is_there("z"), "leaves no folder");
    static char path[5000];
    memset(path, 'a', sizeof path - 1);
    char *argv[] = {"generate", "outbreak", "--out", path};
    char err[400] = "";
    struct cli cli = {.language = LANG_EN, .out = stdout, .err = fmemopen(err, sizeof err, "w")};
    if (cli.err == NULL) abort();
    int code = cli_generate(&cli, 4, argv);
    (void)fclose(cli.err);
    OK(code == CLI_USAGE && strstr(err, "the path is too long") != NULL, "a path that is too long: %s", err);
    path[1000] = 0; // the path is short enough, the name in it is not
    cli.err = fmemopen(err, sizeof err, "w");
    if (cli.err == NULL) abort();
    code = cli_generate(&cli, 4, argv);
    (void)fclose(cli.err);
    OK(code != CLI_DONE && strlen(err) > 0, "a name that is too long");
    run("generate --help", LANG_ZH);
    OK(ran.code == CLI_DONE && strstr(ran.out, "--contacts-per-case") != NULL && strstr(ran.out, "虚构") != NULL,
       "help in Chinese");
}

static void sweep(const char *folder)
{
    DIR *d = opendir(folder);
    if (d == NULL) return;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        char path[PATH_MAX_HERE];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        (void)snprintf(path, sizeof path, "%.200s/%.250s", folder, e->d_name);
        if (unlink(path) != 0) sweep(path);
    }
    (void)closedir(d);
    (void)rmdir(folder);
}

int main(void)
{
    if (mkdtemp(base) == NULL) {
        OK(false, "a folder to work in");
        return tap_done();
    }
    test_written();
    test_in_the_way();
    test_disk();
    test_refused();
    sweep(base);
    return tap_done();
}
