// The lists in memory beside the same questions put to SQLite, with an index for the sort and without: 1,000,000 people,
// 1,100,000 enrolments, 1,000,000 live tasks; scope, three filters, any sort, the first fifty rows. One core.
#include "base/rng.h"
#include "protocol/words.h"
#include "store/place.h"
#include "store/roll.h"
#include "store/roll_row.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    PEOPLE = 1000000,
    ENROLMENTS = 1100000,
    TASKS = 1000000,
    DISTRICTS = 16,
    COMMUNITIES = 3000,
    BUILDINGS = 60000,
    FIRST_PERSON = 200000,
    TURNS = 9
};
static const double goal_ms = 8, goal_name_ms = 10, goal_mb = 250;

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); // of this core, whatever else runs on the machine
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double resident_mb(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long pages = 0, all = 0;
    if (f == NULL || fscanf(f, "%ld %ld", &all, &pages) != 2) pages = 0;
    if (f != NULL) (void)fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void must(bool good, const char *what)
{
    if (good) return;
    (void)fprintf(stderr, "%s failed\n", what);
    exit(2);
}

// ---- making ----

static int64_t place_of_person(int64_t i)
{
    return 2 + DISTRICTS + COMMUNITIES + (i * 7919) % BUILDINGS;
}

static int64_t parent_of_place(int64_t p)
{
    if (p == 1) return 0;
    if (p < 2 + DISTRICTS) return 1;
    if (p < 2 + DISTRICTS + COMMUNITIES) return 2 + (p * 31) % DISTRICTS;
    return 2 + DISTRICTS + (p * 131) % COMMUNITIES;
}

static int32_t kind_of_place(int64_t p)
{
    return p == 1                            ? PLACE_KIND_CITY
           : p < 2 + DISTRICTS               ? PLACE_KIND_DISTRICT
           : p < 2 + DISTRICTS + COMMUNITIES ? PLACE_KIND_COMMUNITY
                                             : PLACE_KIND_BUILDING;
}

static void name_make(struct rng *g, char *out, size_t room)
{
    static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐",
                                         "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋",
                                         "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹"};
    static const char *const latin[] = {"wang", "li",   "zhang", "liu", "chen",  "yang", "zhao",  "huang",
                                        "zhou", "wu",   "xu",    "sun", "hu",    "zhu",  "gao",   "lin",
                                        "he",   "guo",  "ma",    "luo", "liang", "song", "zheng", "xie",
                                        "han",  "tang", "feng",  "yu",  "dong",  "xiao", "cheng", "cao"};
    size_t f = (size_t)(32 * pow(rng_uniform(g), 1.3)); // the first has 7 in 100, as the most frequent surname has
    uint32_t a = 0x4E00 + rng_below(g, 3000), b = 0x4E00 + rng_below(g, 3000);
    char given[7] = {(char)(0xE0 | a >> 12), (char)(0x80 | (a >> 6 & 63)), (char)(0x80 | (a & 63)), 0};
    if (rng_below(g, 4) > 0) {
        given[3] = (char)(0xE0 | b >> 12);
        given[4] = (char)(0x80 | (b >> 6 & 63));
        given[5] = (char)(0x80 | (b & 63));
    }
    (void)snprintf(out, room, "%s%s\n%s %c%c%c%c", family[f], given, latin[f], 'a' + (int)rng_below(g, 26),
                   'a' + (int)rng_below(g, 26), 'a' + (int)rng_below(g, 26), 'a' + (int)rng_below(g, 26));
}

static void enrolment_make(struct rng *g, int64_t i, int32_t *c)
{
    bool open = rng_below(g, 3) > 0;
    c[ROLL_ENROLMENT_SUBJECT] =
        (int32_t)(FIRST_PERSON + (i + rng_below(g, 20000)) % PEOPLE); // enrolled soon after they were registered
    c[ROLL_ENROLMENT_PATHWAY] = (int32_t)rng_below(g, 5);
    c[ROLL_ENROLMENT_STAGE] = (int32_t)rng_below(g, 40);
    c[ROLL_ENROLMENT_EDITION] = (int32_t)rng_below(g, 2);
    c[ROLL_ENROLMENT_CLASS] = rng_below(g, 10) == 0 ? EVENT_CONFIRMED : ROLL_NONE;
    c[ROLL_ENROLMENT_FINAL] = open ? 0 : 1 + (int32_t)rng_below(g, 9);
    c[ROLL_ENROLMENT_OPENED] = (int32_t)(27000000 + i / 20);
    c[ROLL_ENROLMENT_ENDED] = open ? ROLL_NONE : c[ROLL_ENROLMENT_OPENED] + 10000;
    c[ROLL_ENROLMENT_NEXT] = open ? 27060000 + (int32_t)rng_below(g, 10000) : ROLL_NONE;
    c[ROLL_ENROLMENT_ONSET] = rng_below(g, 5) == 0 ? 18750 + (int32_t)rng_below(g, 60) : ROLL_NONE;
    c[ROLL_ENROLMENT_SAMPLE_DAY] = rng_below(g, 5) == 0 ? 18750 + (int32_t)rng_below(g, 60) : ROLL_NONE;
    c[ROLL_ENROLMENT_LAST_EXPOSURE] = 18750 + (int32_t)rng_below(g, 60);
    c[ROLL_ENROLMENT_STAGE_END] = open ? 18800 + (int32_t)rng_below(g, 20) : ROLL_NONE;
    c[ROLL_ENROLMENT_ORDER_UNTIL] = open ? 18800 + (int32_t)rng_below(g, 20) : ROLL_NONE;
    c[ROLL_ENROLMENT_SOURCE] = (int32_t)(FIRST_PERSON + rng_below(g, PEOPLE));
}

static void task_make(struct rng *g, int64_t i, int32_t *c)
{
    c[ROLL_TASK_SUBJECT] = (int32_t)(FIRST_PERSON + (i * 104729) % PEOPLE); // of anybody
    c[ROLL_TASK_TASK] = (int32_t)rng_below(g, 60);
    c[ROLL_TASK_EDITION] = (int32_t)rng_below(g, 2);
    c[ROLL_TASK_VERB] = (int32_t)rng_below(g, VERB_WORD_COUNT);
    c[ROLL_TASK_ROLE] = (int32_t)rng_below(g, ROLE_WORD_COUNT);
    c[ROLL_TASK_OPENED] = (int32_t)(27050000 + i / 100);
    c[ROLL_TASK_DEADLINE] = 27060000 + (int32_t)rng_below(g, 5000);
    c[ROLL_TASK_CLOSED] = rng_below(g, 2) == 0 ? ROLL_NONE : 27060000;
    c[ROLL_TASK_HOW] = c[ROLL_TASK_CLOSED] == ROLL_NONE ? ROLL_NONE : 1;
    c[ROLL_TASK_MARKS] = (int32_t)rng_below(g, 2);
    c[ROLL_TASK_ASSIGNED] = rng_below(g, 2) == 0 ? ROLL_NONE : (int32_t)rng_below(g, 2000);
    c[ROLL_TASK_PLACE] = ROLL_NONE;
}

static void roll_fill(struct roll *r)
{
    struct rng g = rng_stream(1, 0, 0, 0, 0);
    char name[64];
    double begun = seconds();
    roll_complete(r);
    roll_write_begin(r);
    for (int64_t p = 1; p < 2 + DISTRICTS + COMMUNITIES + BUILDINGS; p++)
        must(roll_place_put(r, p, parent_of_place(p), kind_of_place(p)), "place");
    roll_write_end(r);
    roll_write_begin(r);
    for (int64_t i = 0; i < PEOPLE; i++) {
        int32_t c[ROLL_COLUMNS_MAX];
        struct roll_person row = {.id = FIRST_PERSON + i,
                                  .born = {(int32_t)rng_below(&g, 30000) - 12000},
                                  .sex = (int32_t)rng_below(&g, 3),
                                  .version = i + 1};
        roll_row_person(&row, c);
        name_make(&g, name, sizeof name);
        must(roll_subject_put(r, row.id, place_of_person(i)) && roll_put(r, ROLL_PEOPLE, row.id, c) &&
                 roll_name_put(r, row.id, str_z(name)),
             "person");
    }
    for (int64_t i = 0; i < ENROLMENTS; i++) {
        int32_t c[ROLL_COLUMNS_MAX];
        enrolment_make(&g, i, c);
        must(roll_put(r, ROLL_ENROLMENTS, (i + 1) * 64, c), "enrolment");
    }
    for (int64_t i = 0; i < TASKS; i++) {
        int32_t c[ROLL_COLUMNS_MAX];
        task_make(&g, i, c);
        must(roll_put(r, ROLL_TASKS, (i + 1) * 16384 + 1, c), "task");
    }
    roll_write_end(r);
    double took = seconds() - begun;
    printf("filled: %.2f s, %.2f million rows a second\n", took, (double)(PEOPLE + ENROLMENTS + TASKS) / took / 1e6);
}

// ---- the same in SQLite: one table with the columns the questions use, the place as its number in the tree ----

static void run(sqlite3 *db, const char *sql)
{
    must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

static sqlite3 *sqlite_fill(const struct roll *r)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *put = NULL;
    must(sqlite3_open(":memory:", &db) == SQLITE_OK, "sqlite");
    run(db, "CREATE TABLE e (id INTEGER PRIMARY KEY, pathway INT, final INT, place INT, opened INT, last_exposure INT, "
            "stage_end INT, onset INT)");
    must(sqlite3_prepare_v2(db, "INSERT INTO e VALUES (?,?,?,?,?,?,?,?)", -1, &put, NULL) == SQLITE_OK, "insert");
    run(db, "BEGIN");
    for (int64_t i = 0; i < ENROLMENTS; i++) {
        int32_t c[ROLL_COLUMNS_MAX];
        int64_t id = (i + 1) * 64;
        must(roll_get(r, ROLL_ENROLMENTS, id, c), "row");
        int32_t v[] = {
            c[ROLL_ENROLMENT_PATHWAY], c[ROLL_ENROLMENT_FINAL],         roll_subject_value(r, c[0], ROLL_SUBJECT_PLACE),
            c[ROLL_ENROLMENT_OPENED],  c[ROLL_ENROLMENT_LAST_EXPOSURE], c[ROLL_ENROLMENT_STAGE_END],
            c[ROLL_ENROLMENT_ONSET]};
        (void)sqlite3_bind_int64(put, 1, id);
        for (int k = 0; k < 7; k++)
            (void)(v[k] == ROLL_NONE ? sqlite3_bind_null(put, k + 2) : sqlite3_bind_int(put, k + 2, v[k]));
        must(sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK, "row of sqlite");
    }
    run(db, "COMMIT");
    (void)sqlite3_finalize(put);
    return db;
}

static double sqlite_ask(sqlite3 *db, const char *sql, int64_t *check)
{
    double best = 1e9;
    for (int turn = 0; turn < 3; turn++) {
        sqlite3_stmt *ask = NULL;
        double begun = seconds();
        must(sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK, sql);
        *check = 0;
        while (sqlite3_step(ask) == SQLITE_ROW) *check = *check * 31 + sqlite3_column_int64(ask, 0);
        (void)sqlite3_finalize(ask);
        double took = seconds() - begun;
        if (took < best) best = took;
    }
    return best * 1000;
}

// ---- reading all of it from the database ----

// An edition with one of each: enough to turn rows into columns.
static struct pathway one_pathway = {.name = "contact", .label = LABEL("contact", "密接"), .stage_count = 1};
static struct stage one_stage = {.name = "home", .label = LABEL("home", "居家"), .measure = PROTOCOL_NONE};
static struct task one_task = {.name = "check", .label = LABEL("check", "监测"), .verb = VERB_CHECK};
static const struct protocol one_edition = {.id = "bench",
                                            .pathways = &one_pathway,
                                            .pathway_count = 1,
                                            .stages = &one_stage,
                                            .stage_count = 1,
                                            .tasks = &one_task,
                                            .task_count = 1};
static const struct protocol *const one_book[] = {&one_edition};

static void rows_write(sqlite3 *db)
{
    sqlite3_stmt *put = NULL;
    struct enrolment e = enrolment_new(1, 0, 0, (civil_day){18800});
    e.stage = 0;
    run(db, "BEGIN");
    must(sqlite3_prepare_v2(db,
                            "INSERT INTO person (id, uid, place, born, sex, flags, version) VALUES (?1, "
                            "randomblob(16), ?2, ?3, 1, 0, ?1)",
                            -1, &put, NULL) == SQLITE_OK,
         "people");
    for (int64_t i = 0; i < PEOPLE; i++) {
        (void)sqlite3_bind_int64(put, 1, FIRST_PERSON + i);
        (void)sqlite3_bind_int64(put, 2, place_of_person(i));
        (void)sqlite3_bind_int64(put, 3, i % 20000);
        must(sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK, "person");
    }
    (void)sqlite3_finalize(put);
    must(sqlite3_prepare_v2(db,
                            "INSERT INTO enrolment (id, subject, edition, pathway, stage, class, final, opened, "
                            "next_min, version, since, first_edition, first_pathway, state, began, turns) "
                            "VALUES (?1, ?2, 0, 0, 0, 255, 0, ?3, 27060000, 1, 0, 0, 0, ?4, 0, 0)",
                            -1, &put, NULL) == SQLITE_OK,
         sqlite3_errmsg(db));
    for (int64_t i = 0; i < ENROLMENTS; i++) {
        (void)sqlite3_bind_int64(put, 1, (i + 1) * 64);
        (void)sqlite3_bind_int64(put, 2, FIRST_PERSON + i % PEOPLE);
        (void)sqlite3_bind_int64(put, 3, 1656000000 + i);
        (void)sqlite3_bind_blob(put, 4, &e, sizeof e, SQLITE_STATIC);
        must(sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK, "enrolment");
    }
    (void)sqlite3_finalize(put);
    must(sqlite3_prepare_v2(db,
                            "INSERT INTO task (id, subject, enrolment, edition, task, slot, stage, why, rule, role, "
                            "how, marks, opened, deadline) "
                            "VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 0, 1, 0, 0, ?4, ?4 + 86400)",
                            -1, &put, NULL) == SQLITE_OK,
         sqlite3_errmsg(db));
    for (int64_t i = 0; i < TASKS; i++) {
        (void)sqlite3_bind_int64(put, 1, (i + 1) * 64 * 16384 + 1);
        (void)sqlite3_bind_int64(put, 2, FIRST_PERSON + i);
        (void)sqlite3_bind_int64(put, 3, (i + 1) * 64);
        (void)sqlite3_bind_int64(put, 4, 1656000000 + i);
        must(sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK, "task");
    }
    (void)sqlite3_finalize(put);
    run(db, "COMMIT");
}

static void load_time(void)
{
    const char *tmp = getenv("TMPDIR");
    char folder[300], file[400], side[420];
    struct db *db = NULL;
    sqlite3 *raw = NULL;
    struct err err = {0};
    const struct rulebook book = {one_book, 1};
    (void)snprintf(folder, sizeof folder, "%.250s/bench-roll-XXXXXX", tmp == NULL || tmp[0] == 0 ? "/tmp" : tmp);
    must(mkdtemp(folder) != NULL, "a folder");
    (void)snprintf(file, sizeof file, "%s/store.db", folder);
    must(db_open(file, DB_CREATE, &db, &err) == TONG_OK, err.text);
    db_close(db);
    must(sqlite3_open(file, &raw) == SQLITE_OK, "the file");
    rows_write(raw);
    (void)sqlite3_close(raw);
    must(db_open(file, DB_READ, &db, &err) == TONG_OK, err.text);
    struct roll *r = roll_open();
    roll_write_begin(r);
    must(roll_book_put(r, &book), "the edition");
    roll_write_end(r);
    double begun = seconds();
    must(roll_load(r, db, NULL, &book, (utc_sec){1657000000}, &err) == TONG_OK, err.text);
    double took = seconds() - begun;
    must(roll_size(r, ROLL_ENROLMENTS) == ENROLMENTS && roll_size(r, ROLL_TASKS) == TASKS, "all rows");
    printf("read from the database: %.2f s, %.2f million rows a second (goal: more than 1)\n", took,
           (double)(PEOPLE + ENROLMENTS + TASKS) / took / 1e6);
    roll_close(r);
    db_close(db);
    static const char *const sides[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(side, sizeof side, "%s%s", file, sides[i]);
        (void)unlink(side);
    }
    (void)rmdir(folder);
}

// ---- asking ----

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// The median time; *check: a sum over the ids of the page, to hold against SQLite's.
static double roll_time(const struct roll *r, struct roll_query *q, int64_t *check, int64_t *total)
{
    double took[TURNS];
    struct roll_row rows[50];
    struct roll_page page = {.rows = rows};
    struct arena arena = {0};
    q->limit = 50;
    q->arena = &arena;
    for (int i = 0; i < TURNS; i++) {
        double begun = seconds();
        must(roll_ask(r, q, &page), "a question");
        took[i] = seconds() - begun;
        arena_reset(&arena);
    }
    *check = 0;
    for (size_t i = 0; i < page.count; i++) *check = *check * 31 + rows[i].id;
    *total = page.total;
    arena_free(&arena);
    qsort(took, TURNS, sizeof took[0], compare);
    return took[TURNS / 2] * 1000;
}

static struct roll_filter is(int column, roll_compare how, int32_t value)
{
    return (struct roll_filter){.column = (uint8_t)column, .compare = (uint8_t)how, .value = value};
}

int main(void)
{
    double before = resident_mb(), worst = 0, worst_name = 0;
    struct roll *r = roll_open();
    must(r != NULL, "opening");
    roll_fill(r);
    double mb = resident_mb() - before;
    printf("memory: %.0f MB resident, %.0f MB asked for (goal: under %.0f)\n", mb, (double)roll_bytes(r) / (1 << 20),
           goal_mb);

    static const struct {
        const char *row;
        uint8_t sort;
        bool descending;
        const char *column;
    } sorts[] = {
        {"newest first", ROLL_ENROLMENT_OPENED, true, "opened DESC, id DESC"},
        {"oldest first", ROLL_ENROLMENT_OPENED, false, "opened, id"},
        {"by last exposure", ROLL_ENROLMENT_LAST_EXPOSURE, true, "last_exposure DESC, id DESC"},
        {"by end of stage", ROLL_ENROLMENT_STAGE_END, false, "stage_end IS NULL, stage_end, id"},
        {"by place", ROLL_SUBJECT_PLACE, false, "place, id"},
    };
    sqlite3 *db = sqlite_fill(r);
    roll_read_begin(r);
    int64_t district = 5, total, check, other;
    int32_t low = roll_subject_value(r, district, ROLL_SUBJECT_PLACE),
            high = roll_subject_value(r, district + 1, ROLL_SUBJECT_PLACE);
    double times[5], checks[5];
    printf("%-24s %10s %14s %14s\n", "scope + 3 filters", "roll ms", "SQLite scan ms", "SQLite index ms");
    for (int with_index = 0; with_index < 2; with_index++) {
        if (with_index)
            run(db, "CREATE INDEX e1 ON e (pathway, final, opened); CREATE INDEX e2 ON e (pathway, final, "
                    "last_exposure); CREATE INDEX e3 ON e (pathway, final, stage_end); CREATE INDEX e4 ON e (pathway, "
                    "final, place); ANALYZE");
        for (size_t i = 0; i < 5; i++) {
            struct roll_query q = {.list = ROLL_ENROLMENTS,
                                   .scopes = &district,
                                   .scope_count = 1,
                                   .sort = sorts[i].sort,
                                   .descending = sorts[i].descending,
                                   .count = true,
                                   .filter_count = 3};
            q.filter[0] = is(ROLL_ENROLMENT_PATHWAY, ROLL_IS, 2);
            q.filter[1] = is(ROLL_ENROLMENT_FINAL, ROLL_IS, 0);
            q.filter[2] = is(ROLL_ENROLMENT_LAST_EXPOSURE, ROLL_FROM, 18760);
            if (!with_index) times[i] = roll_time(r, &q, &check, &total);
            else (void)roll_time(r, &q, &check, &total);
            if (times[i] > worst) worst = times[i];
            char sql[400];
            (void)snprintf(sql, sizeof sql,
                           "SELECT id FROM e WHERE pathway = 2 AND final = 0 AND last_exposure >= 18760 AND place >= "
                           "%d AND place < %d ORDER BY %s LIMIT 50",
                           (int)low, (int)high, sorts[i].column);
            double took = sqlite_ask(db, sql, &other);
            must(check == other, "the same rows as SQLite");
            if (!with_index) checks[i] = took;
            else
                printf("%-24s %10.2f %8.1f (%3.0fx) %8.1f (%3.0fx)  of %lld\n", sorts[i].row, times[i], checks[i],
                       checks[i] / times[i], took, took / times[i], (long long)total);
        }
    }
    struct roll_query loose = {.list = ROLL_ENROLMENTS,
                               .scopes = (int64_t[]){1},
                               .scope_count = 1,
                               .sort = ROLL_SUBJECT_BORN,
                               .count = true,
                               .filter_count = 3};
    loose.filter[0] = is(ROLL_ENROLMENT_FINAL, ROLL_TO, 9);
    loose.filter[1] = is(ROLL_ENROLMENT_OPENED, ROLL_FROM, 0);
    loose.filter[2] = is(ROLL_SUBJECT_SEX, ROLL_IS_NOT, 3);
    double all = roll_time(r, &loose, &check, &total);
    if (all > worst) worst = all;
    printf("%-24s %10.2f   (all %lld rows match, sorted by age)\n", "whole city, loose", all, (long long)total);
    struct roll_query mine = {.list = ROLL_TASKS, .sort = ROLL_TASK_DEADLINE, .count = true, .filter_count = 3};
    mine.filter[0] = is(ROLL_TASK_ASSIGNED, ROLL_IS, 77);
    mine.filter[1] = is(ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    mine.filter[2] = is(ROLL_TASK_DEADLINE, ROLL_TO, 27063000);
    double task = roll_time(r, &mine, &check, &total);
    if (task > worst) worst = task;
    printf("%-24s %10.2f   of %lld\n", "my tasks by deadline", task, (long long)total);
    static const char *const names[] = {"王", "王一", "一", "wang", "w", "an", "xiao qq", "欧阳"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct roll_query q = {.list = ROLL_PEOPLE, .sort = ROLL_BY_MATCH, .name = str_z(names[i]), .count = true};
        double people = roll_time(r, &q, &check, &total);
        struct roll_query c = {.list = ROLL_ENROLMENTS,
                               .sort = ROLL_ENROLMENT_OPENED,
                               .descending = true,
                               .name = str_z(names[i]),
                               .count = true};
        int64_t of;
        double contacts = roll_time(r, &c, &check, &of);
        if (people > worst_name) worst_name = people;
        if (contacts > worst_name) worst_name = contacts;
        printf("name %-19s %10.2f ms of %lld people, %.2f ms of %lld enrolments\n", names[i], people, (long long)total,
               contacts, (long long)of);
    }
    roll_read_end(r);
    printf("worst: %.2f ms (goal %.0f), by name %.2f ms (goal %.0f), %.0f MB (goal %.0f)\n", worst, goal_ms, worst_name,
           goal_name_ms, mb, goal_mb);
    (void)sqlite3_close(db);
    roll_close(r);
    load_time();
    return worst <= goal_ms && worst_name <= goal_name_ms && mb <= goal_mb ? 0 : 1;
}
