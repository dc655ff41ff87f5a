#include "store/chain.h"
#include "store/entry.h"
#include "tap.h"

#include <sqlite3.h>
#include <time.h>

static char folder[128], file[160], keys[160];

static void run(const char *command)
{
    (void)!system(command);
}

static void sql(const char *text)
{
    sqlite3 *s = NULL;
    char *why = NULL;
    if (sqlite3_open(file, &s) != SQLITE_OK || sqlite3_exec(s, text, NULL, NULL, &why) != SQLITE_OK)
        OK(false, "%s: %s", text, why == NULL ? "cannot open" : why);
    sqlite3_free(why);
    (void)sqlite3_close(s);
}

// A hundred facts about ten people, a place and nobody, by transactions of ten.
static void chain_made(struct vault *v, int64_t facts)
{
    sqlite3 *s = NULL;
    sqlite3_stmt *put = NULL, *head_put = NULL;
    struct arena arena = {0};
    struct err err = {0};
    unsigned char head[CHAIN_HASH] = {0}, commitment[CHAIN_HASH];
    if (sqlite3_open(file, &s) != SQLITE_OK) return;
    (void)sqlite3_exec(s, "BEGIN", NULL, NULL, NULL);
    (void)sqlite3_prepare_v2(
        s,
        "INSERT INTO fact (id, subject, kind, happened, known, recorded, until, uid, link, value, payload, commitment) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        -1, &put, NULL);
    (void)sqlite3_prepare_v2(s, "INSERT INTO chain (last_fact, head, at, minute, enrolment) VALUES (?, ?, 0, 0, 0)", -1,
                             &head_put, NULL);
    for (int64_t i = 1; i <= facts; i++) {
        struct fact_row row = {.fact = {.id = i,
                                        .subject = 1 + i % 12,
                                        .kind = (uint8_t)(i % 7),
                                        .happened = {1656400000 + i},
                                        .known = {1656400000 + i},
                                        .recorded = {1656400000 + i},
                                        .until = i % 3 == 0 ? (utc_sec){1656400500} : UTC_NONE,
                                        .link = i % 5,
                                        .value = -(int32_t)i}};
        bool person = row.fact.subject <= 10;
        if (i % 4 == 0) memcpy(row.uid, &i, sizeof i);
        if (i % 10 == 0) row.payload = STR("{\"note\":\"说明\"}");
        unsigned char salt[VAULT_KEY] = {0};
        if (person) {
            if (vault_add(v, row.fact.subject, &err) != TONG_OK || !vault_salt(v, row.fact.subject, salt))
                OK(false, "salt");
        }
        chain_commit(&row, salt, commitment);
        chain_next(head, i, commitment);
        struct str sealed =
            person && row.payload.n > 0 ? vault_seal(v, row.fact.subject, i, row.payload, &arena) : row.payload;
        (void)sqlite3_bind_int64(put, 1, i);
        (void)sqlite3_bind_int64(put, 2, row.fact.subject);
        (void)sqlite3_bind_int64(put, 3, row.fact.kind);
        (void)sqlite3_bind_int64(put, 4, row.fact.happened.s);
        (void)sqlite3_bind_int64(put, 5, row.fact.known.s);
        (void)sqlite3_bind_int64(put, 6, row.fact.recorded.s);
        if (row.fact.until.s != INT64_MIN) (void)sqlite3_bind_int64(put, 7, row.fact.until.s);
        else (void)sqlite3_bind_null(put, 7);
        if (i % 4 == 0) (void)sqlite3_bind_blob(put, 8, row.uid, UID_BYTES, SQLITE_TRANSIENT);
        else (void)sqlite3_bind_null(put, 8);
        if (row.fact.link != 0) (void)sqlite3_bind_int64(put, 9, row.fact.link);
        else (void)sqlite3_bind_null(put, 9);
        (void)sqlite3_bind_int64(put, 10, row.fact.value);
        if (sealed.n > 0) (void)sqlite3_bind_blob(put, 11, sealed.p, (int)sealed.n, SQLITE_TRANSIENT);
        else (void)sqlite3_bind_null(put, 11);
        (void)sqlite3_bind_blob(put, 12, commitment, CHAIN_HASH, SQLITE_TRANSIENT);
        if (sqlite3_step(put) != SQLITE_DONE) OK(false, "insert: %s", sqlite3_errmsg(s));
        (void)sqlite3_reset(put);
        if (i % 10 == 0 || i == facts) {
            (void)sqlite3_bind_int64(head_put, 1, i);
            (void)sqlite3_bind_blob(head_put, 2, head, CHAIN_HASH, SQLITE_TRANSIENT);
            if (sqlite3_step(head_put) != SQLITE_DONE) OK(false, "insert: %s", sqlite3_errmsg(s));
            (void)sqlite3_reset(head_put);
        }
        arena_reset(&arena);
    }
    (void)sqlite3_finalize(put);
    (void)sqlite3_finalize(head_put);
    (void)sqlite3_exec(s, "COMMIT", NULL, NULL, NULL);
    (void)sqlite3_close(s);
    arena_free(&arena);
}

static struct chain_report verified(void)
{
    struct db *db = NULL;
    struct vault *v = NULL;
    struct err err = {0};
    struct chain_report r = {0};
    struct chain_report parts = {0};
    tong_code code = db_open(file, DB_READ, &db, &err);
    if (code == TONG_OK) code = vault_open_read(keys, &v, &err);
    if (code == TONG_OK) code = chain_verify(db, v, &r, &err);
    if (code == TONG_OK) code = chain_verify_at(file, v, 3, &parts, &err);
    if (code != TONG_OK) OK(false, "verify: %s", err.text);
    CHECK(parts.facts == r.facts && parts.erased == r.erased && parts.transactions == r.transactions &&
              parts.first_bad == r.first_bad && parts.fault == r.fault,
          "by parts the same is found");
    if (r.bad == 0) CHECK(memcmp(parts.head, r.head, CHAIN_HASH) == 0, "and the same head");
    vault_close(v);
    db_close(db);
    return r;
}

static void made(int64_t facts)
{
    char command[900];
    struct db *db = NULL;
    struct vault *v = NULL;
    struct err err = {0};
    (void)snprintf(command, sizeof command, "rm -f '%s' '%s'-wal '%s'-shm '%s'", file, file, file, keys);
    run(command);
    if (db_open(file, DB_CREATE, &db, &err) != TONG_OK || vault_open(keys, true, &v, &err) != TONG_OK)
        OK(false, "%s", err.text);
    db_close(db);
    chain_made(v, facts);
    vault_close(v);
}

// Against another implementation: Python's hashlib.blake2b over the form that chain.h describes.
static void test_golden(void)
{
    struct fact_row row = {.fact = {.id = 123456789,
                                    .subject = 77,
                                    .kind = 7,
                                    .happened = {1656400000},
                                    .known = {1656403600},
                                    .recorded = {1656407200},
                                    .until = UTC_NONE,
                                    .link = -1,
                                    .replaces = 3,
                                    .name = 0xDEADBEEF,
                                    .value = -365,
                                    .signer = 1,
                                    .second = 2,
                                    .word = 255,
                                    .test = 1,
                                    .outcome = 2,
                                    .protection = 3,
                                    .flags = 63,
                                    .edition = 9},
                           .account = 5,
                           .import = 6,
                           .about = 4,
                           .payload = STR("王小明")};
    unsigned char salt[VAULT_KEY], out[CHAIN_HASH], head[CHAIN_HASH] = {0};
    char hex[2 * CHAIN_HASH + 1], large[2000];
    for (int i = 0; i < 16; i++) row.uid[i] = (unsigned char)(i + 1);
    for (int i = 0; i < VAULT_KEY; i++) salt[i] = (unsigned char)i;
    chain_commit(&row, salt, out);
    for (int i = 0; i < CHAIN_HASH; i++) (void)snprintf(hex + 2 * i, 3, "%02x", out[i]);
    EQ_TEXT(hex, "e6eedda5d7d9d9bd2823bf97c0fff61ecc2163c3a3fd2cd6d0ca4a4fe7b3754d", "a commitment");
    chain_next(head, row.fact.id, out);
    for (int i = 0; i < CHAIN_HASH; i++) (void)snprintf(hex + 2 * i, 3, "%02x", head[i]);
    EQ_TEXT(hex, "dc08776693731a1f6a6c6211e1a6929de7d39c43d8c4b20493f3d85a349869bf", "the head behind it");
    memset(large, 'x', sizeof large);
    row.payload = (struct str){large, sizeof large};
    chain_commit(&row, salt, out);
    for (int i = 0; i < CHAIN_HASH; i++) (void)snprintf(hex + 2 * i, 3, "%02x", out[i]);
    EQ_TEXT(hex, "4234a588733c9e51a8c59605cb53a5ee76d9c946fd9c177c68524fe935456544", "one with a long payload");
}

// Every field of a row counts: changing any one changes the commitment.
static void test_every_field(void)
{
    const struct fact_row row = {.fact = {.id = 5, .subject = 6, .until = UTC_NONE}};
    unsigned char salt[VAULT_KEY] = {0}, want[CHAIN_HASH], out[CHAIN_HASH];
    chain_commit(&row, salt, want);
    struct fact_row changed[24];
    for (size_t i = 0; i < 24; i++) changed[i] = row;
    struct fact_row *c = changed;
    c[0].payload = STR("y"), c[1].fact.subject++, c[2].fact.kind++, c[3].fact.happened.s++, c[4].fact.known.s++,
        c[5].fact.recorded.s++;
    c[6].fact.until.s++, c[7].uid[15]++, c[8].account++, c[9].given_by++, c[10].import++, c[11].fact.link++,
        c[12].fact.replaces++;
    c[13].about++, c[14].fact.name++, c[15].fact.value++, c[16].fact.signer++, c[17].fact.second++, c[18].fact.word++,
        c[19].fact.test++;
    c[20].fact.outcome++, c[21].fact.protection++, c[22].fact.flags++, c[23].fact.edition++;
    for (size_t i = 0; i < 24; i++) {
        chain_commit(&changed[i], salt, out);
        CHECK(memcmp(out, want, sizeof out) != 0, "field %zu", i);
    }
    struct fact_row payload = row;
    payload.payload = STR("x");
    chain_commit(&payload, salt, out);
    CHECK(memcmp(out, want, sizeof out) != 0, "the payload");
    salt[31]++;
    chain_commit(&row, salt, out);
    CHECK(memcmp(out, want, sizeof out) != 0, "the salt");
    unsigned char head[CHAIN_HASH] = {0}, other[CHAIN_HASH] = {0};
    chain_next(head, 5, want);
    chain_next(other, 6, want);
    CHECK(memcmp(head, other, sizeof head) != 0, "the id, in the head");
}

static void changed(const char *statement, chain_fault fault, int64_t first)
{
    char command[1200];
    (void)snprintf(command, sizeof command, "cp '%s' '%s.kept'; cp '%s' '%s.kept'", file, file, keys, keys);
    run(command);
    sql(statement);
    struct chain_report r = verified();
    EQ_INT(r.fault, fault, "%s", statement);
    EQ_INT(r.first_bad, first, "it is found there");
    (void)snprintf(command, sizeof command, "rm -f '%s'-wal '%s'-shm; mv '%s.kept' '%s'; mv '%s.kept' '%s'", file, file,
                   file, file, keys, keys);
    run(command);
}

static void test_changes(void)
{
    made(105);
    struct chain_report r = verified();
    EQ_INT(r.fault, CHAIN_GOOD, "as it was made");
    EQ_INT(r.facts, 105, "facts");
    EQ_INT(r.transactions, 11, "transactions");
    EQ_INT(r.bad + r.first_bad + r.erased, 0, "none is bad");
    changed("UPDATE fact SET value = 1 WHERE id = 33", CHAIN_FACT_CHANGED, 33);
    changed("UPDATE fact SET value = NULL WHERE id = 33", CHAIN_FACT_CHANGED, 33);
    changed("UPDATE fact SET subject = 2 WHERE id = 33", CHAIN_FACT_CHANGED, 33);
    changed("UPDATE fact SET payload = NULL WHERE id = 50", CHAIN_FACT_CHANGED, 50);
    changed("UPDATE fact SET payload = (SELECT payload FROM fact WHERE id = 40) WHERE id = 50", CHAIN_FACT_CHANGED, 50);
    changed("UPDATE fact SET until = 1656400501 WHERE id = 99", CHAIN_FACT_CHANGED, 99);
    changed("UPDATE fact SET commitment = (SELECT commitment FROM fact WHERE id = 40) WHERE id = 50",
            CHAIN_FACT_CHANGED, 50);
    changed("DELETE FROM fact WHERE id = 33", CHAIN_HEAD_WRONG, 40);
    changed("DELETE FROM fact WHERE id = 40", CHAIN_FACT_MISSING, 40);
    changed("DELETE FROM fact WHERE id > 100", CHAIN_FACT_MISSING, 105);
    changed("DELETE FROM chain WHERE last_fact = 105", CHAIN_HEAD_MISSING, 101);
    changed("UPDATE chain SET head = zeroblob(32) WHERE last_fact = 50", CHAIN_HEAD_WRONG, 50);
    changed("UPDATE fact SET kind = 173, payload = NULL WHERE id = 33", CHAIN_BLANKED, 33);
    changed("INSERT INTO fact (id, subject, kind, happened, known, recorded, commitment) VALUES (106, 1, 1, 1, 1, 1, "
            "zeroblob(32))",
            CHAIN_FACT_CHANGED, 106);
    OK(ENTRY_ERASED == 173, "the number of the entry of an erasure, used above");
    r = verified();
    EQ_INT(r.fault, CHAIN_GOOD, "and as it was made again");
}

static void test_erased(void)
{
    struct vault *v = NULL;
    struct err err = {0};
    struct arena arena = {0};
    made(100);
    if (vault_open(keys, false, &v, &err) != TONG_OK) return;
    (void)!vault_erase(v, 5, NULL, 0, &arena, NULL, &err);
    vault_close(v);
    struct chain_report r = verified();
    EQ_INT(r.fault, CHAIN_ERASED_HALF, "the key is gone, the rows are not blanked yet");
    EQ_INT(r.first_bad, 4, "from their first fact");
    sql("UPDATE fact SET kind = 173, happened = 0, known = 0, until = NULL, uid = NULL, link = NULL, value = NULL, "
        "payload = NULL WHERE subject = 5");
    r = verified();
    EQ_INT(r.fault, CHAIN_GOOD, "erased, and the chain holds");
    EQ_INT(r.erased, 9, "facts that were blanked");
    sql("UPDATE fact SET value = 1 WHERE id = 3");
    r = verified();
    EQ_INT(r.first_bad, 3, "a change elsewhere still shows");
    char command[200];
    (void)snprintf(command, sizeof command, "rm -f '%s'", keys);
    run(command);
    if (vault_open(keys, true, &v, &err) == TONG_OK) vault_close(v);
    r = verified();
    OK(r.bad > 80 && r.fault != CHAIN_GOOD, "with another vault nothing holds");
    arena_free(&arena);
}

static void test_speed(void)
{
    enum { FACTS = 200000 };
    struct timespec from, to;
    made(FACTS);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    struct chain_report r = verified(); // twice: by one thread and by several
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double s = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    EQ_INT(r.facts, FACTS, "a longer chain");
    EQ_INT(r.bad, 0, "holds");
    sql("UPDATE fact SET value = value + 1 WHERE id = 150000");
    EQ_INT(verified().first_bad, 150000, "a change in the middle part");
    sql("UPDATE fact SET value = value - 1 WHERE id = 150000");
    sql("UPDATE chain SET head = zeroblob(32) WHERE last_fact >= 66000 AND last_fact < 67000");
    EQ_INT(verified().fault, CHAIN_HEAD_WRONG, "forged heads, where the parts meet too");
    (void)printf("# %.0f facts a second of one processor\n", 2 * FACTS / s);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%.90s/tongzhou-chain-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL) return 1;
    (void)snprintf(file, sizeof file, "%s/db", folder);
    (void)snprintf(keys, sizeof keys, "%s/keys", folder);
    test_golden();
    test_every_field();
    test_changes();
    test_erased();
    test_speed();
    char command[200];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    run(command);
    return tap_done();
}
