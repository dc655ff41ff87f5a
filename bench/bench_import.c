// bench_import.c -- imports and exports of generated cases over a store of its own: a dry run without a store, an import with
// the protocol running, a dry run over what is there, the same file again, an export of all cases.
//
//     bench_import FOLDER [ROWS]
#include "exchange/export.h"
#include "exchange/import_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bench {
    struct intake *in;
    struct db *db;
    struct zone zone;
    struct arena arena;
    const char *file;
};

static double bench_clock(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double bench_seconds(void)
{
    return bench_clock(CLOCK_MONOTONIC);
}

// On a machine that others use too the clock on the wall says little.
static double bench_processor(void)
{
    return bench_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static tong_code bench_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                            struct err *err)
{
    const struct bench *b = payload;
    return intake_take(b->in, commands, count, out, err);
}

static tong_code bench_call(void *payload, tong_code (*run)(struct db *db, void *what, struct err *err), void *what,
                            struct err *err)
{
    const struct bench *b = payload;
    struct db *db = intake_db(b->in);
    tong_code code = db_begin(db, err);
    if (code == TONG_OK) code = run(db, what, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

static bool bench_write(const char *path, int64_t rows)
{
    static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",
                                         "周", "吴", "徐", "孙", "胡", "朱", "高", "林"};
    static const char *const given[] = {"伟",   "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",
                                        "军",   "洋",   "勇",   "艳",   "杰",   "娟",   "涛",   "明",
                                        "超",   "霞",   "平",   "刚",   "桂英", "秀兰", "建华", "志强",
                                        "建国", "海燕", "晓明", "雪梅", "国强", "春梅", "佳琪", "子涵"};
    FILE *f = fopen(path, "wb");
    if (f == NULL) return false;
    (void)fprintf(f, "id,name,sex,born,phone,address,onset,sampled,reported,diagnosed,class,hospitalised\n");
    for (int64_t i = 0; i < rows; i++) {
        uint64_t x = (uint64_t)i * 0x9E3779B97F4A7C15u;
        x ^= x >> 29;
        (void)fprintf(f,
                      "C%" PRId64 ",%s%s%s,%s,19%02d-%02d-%02d,139%08d,幸福路%d号,2022-08-%02d,2022-08-%02d,2022-08-%"
                                  "02d,2022-08-%02d,confirmed,2022-08-%02d\n",
                      i, family[x % 16], given[x / 16 % 32], given[x / 512 % 32], x / 7 % 2 == 0 ? "male" : "female",
                      (int)(x / 3 % 80) + 20, (int)(x / 11 % 12) + 1, (int)(x / 13 % 28) + 1, (int)(x / 5 % 100000000),
                      (int)(x % 900), (int)(i % 20) + 1, (int)(i % 20) + 2, (int)(i % 20) + 2, (int)(i % 20) + 3,
                      (int)(i % 20) + 4);
    }
    return fclose(f) == 0;
}

static void bench_import(struct bench *b, const char *what, bool dry, bool store)
{
    struct import_job_options o = {
        .import = {.format = IMPORT_LIST,
                   .zone = &b->zone,
                   .specimen = SPECIMEN_OROPHARYNGEAL,
                   .test = TEST_PCR,
                   .now = {1662000000}, // some days after the last of them
                   .db = store ? b->db : NULL,
                   .vault = store ? intake_vault(b->in) : NULL,
                   .beside = true},
        .name = "bench",
        .dry = dry,
        .twins = true,
        .host = {.take = bench_take, .call = bench_call, .payload = b},
    };
    struct import_job_result out;
    struct err err = {0};
    struct rusage use;
    vault_random(o.uid, sizeof o.uid);
    o.import.today = zone_day(&b->zone, o.import.now);
    o.import.file[o.import.file_count++] = (struct import_file){{b->file, b->file, {NULL, 0}}, IMPORT_CASES, NULL};
    double begun = bench_seconds(), work = bench_processor();
    tong_code code = import_job(&o, &b->arena, &out, &err);
    double took = bench_seconds() - begun;
    work = bench_processor() - work;
    (void)getrusage(RUSAGE_SELF, &use);
    printf("%-36s %7.0f rows/s  (%.2f s; %.0f us of the processor a row; taken %" PRId64 ", same %" PRId64 ", faulty %" PRId64 ", duplicates %" PRId64
           ", peak %ld MB)%s%s\n",
           what, (double)out.tally.rows / took, took, work / (double)out.tally.rows * 1e6, out.tally.taken, out.tally.same, out.tally.faulty,
           out.tally.duplicates, use.ru_maxrss / 1024, code == TONG_OK ? "" : " FAILED ",
           code == TONG_OK ? "" : err.text);
    arena_reset(&b->arena);
}

static void bench_export(struct bench *b, export_kind kind)
{
    struct export_options o = {.kind = kind,
                               .class = RECORD_IDENTITY,
                               .sources = true,
                               .db = b->db,
                               .vault = intake_vault(b->in),
                               .book = intake_book(b->in),
                               .zone = &b->zone};
    struct export *e = NULL;
    struct err err = {0};
    struct sink piece = {0};
    bool more = true;
    size_t bytes = 0;
    double begun = bench_seconds();
    tong_code code = export_open(&o, &e, &err);
    while (code == TONG_OK && more) {
        piece.n = 0;
        code = export_next(e, &piece, 256 * 1024, &more, &err);
        bytes += piece.n;
    }
    double took = bench_seconds() - begun;
    printf("export of %-30s %9.0f rows/s  (%" PRId64 " rows, %.1f MB in %.2f s)%s\n", export_kind_words[kind].word,
           (double)export_rows(e) / took, export_rows(e), (double)bytes / 1e6, took, code == TONG_OK ? "" : err.text);
    export_close(e);
    sink_close(&piece);
}

// The shipped protocol, signed by two.
static bool bench_edition(struct bench *b, const char *path)
{
    static char text[1 << 20];
    FILE *f = fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text, f);
    if (f != NULL) (void)fclose(f);
    struct intake_outcome out = {0};
    struct err err = {0};
    struct command c = {.kind = COMMAND_EDITION_PROPOSE, .account = 1, .at = {1650000000}, .text = {text, n}};
    if (n == 0 || intake_take(b->in, &c, 1, &out, &err) != TONG_OK) return false;
    for (int64_t account = 1; account <= 2; account++) {
        struct intake_outcome signed_by = {0};
        c = (struct command){.kind = COMMAND_EDITION_SIGN, .account = account, .at = {1650000000}, .about = out.made};
        if (intake_take(b->in, &c, 1, &signed_by, &err) != TONG_OK) return false;
    }
    return intake_edition(b->in) >= 0;
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    struct err err = {0};
    char file[600], store[600], protocol[600];
    int64_t rows = argc > 2 ? strtoll(argv[2], NULL, 10) : 50000;
    const char *source = getenv("TONGZHOU_SOURCE");
    if (argc < 2) {
        (void)fprintf(stderr, "bench_import FOLDER [ROWS]\n");
        return 2;
    }
    (void)snprintf(file, sizeof file, "%s/cases.csv", argv[1]);
    (void)snprintf(store, sizeof store, "%s/bench.db", argv[1]);
    (void)snprintf(protocol, sizeof protocol, "%s/protocols/covid19-cn-9.yaml", source == NULL ? "." : source);
    b.file = file;
    zone_fixed(8 * 3600, "UTC+8", &b.zone);
    const struct intake_options how = {.where = store};
    if (!bench_write(file, rows) || intake_open(&how, &b.in, &err) != TONG_OK ||
        db_open(store, DB_READ, &b.db, &err) != TONG_OK || !bench_edition(&b, protocol)) {
        (void)fprintf(stderr, "bench_import: %s\n", err.text[0] == 0 ? "the files could not be made" : err.text);
        return 1;
    }
    bench_import(&b, "dry run, no store", true, false);
    bench_import(&b, "dry run, empty store", true, true);
    bench_import(&b, "import, protocol running, durable", false, true);
    bench_import(&b, "dry run over what is there", true, true);
    bench_import(&b, "the same again", false, true);
    bench_export(&b, EXPORT_CASES);
    bench_export(&b, EXPORT_PEOPLE);
    bench_export(&b, EXPORT_FACTS);
    db_close(b.db);
    intake_close(b.in);
    arena_free(&b.arena);
    return 0;
}
