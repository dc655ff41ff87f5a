// db_inner.h -- what db.c, the two engines and the schema share. Nobody else includes it, but their tests.
#ifndef TONG_STORE_DB_INNER_H
#define TONG_STORE_DB_INNER_H

#include "store/db.h"

typedef enum db_found { DB_FOUND_EMPTY, DB_FOUND_OURS, DB_FOUND_FOREIGN } db_found;

// One engine. db.c checks the order of calls; an engine only does what it is told. `state` decides what lies there.
struct db_engine {
    tong_code (*open)(const char *where, db_mode mode, struct db **out, struct err *err);
    void (*close)(struct db *db);
    tong_code (*found)(struct db *db, db_found *out, struct err *err);
    // The schema, several statements at once, inside a transaction. `first` also marks the database as ours.
    tong_code (*script)(struct db *db, const char *text, bool first, struct err *err);
    tong_code (*prepare)(struct db *db, sql_id id, size_t *count, struct err *err);
    tong_code (*run)(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed,
                     struct err *err);
    tong_code (*ask)(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err);
    // 1 a row, 0 the end, -1 a failure.
    int (*next)(struct db *db, sql_id id, struct err *err);
    int64_t (*integer)(struct db *db, sql_id id, int32_t column, int64_t none);
    double (*real)(struct db *db, sql_id id, int32_t column, double none);
    struct str (*text)(struct db *db, sql_id id, int32_t column);
    void (*done)(struct db *db, sql_id id);
    tong_code (*begin)(struct db *db, struct err *err);
    tong_code (*commit)(struct db *db, struct err *err); // after a failure nothing is open
    void (*rollback)(struct db *db);
    tong_code (*backup)(struct db *db, const char *file, struct err *err);
    tong_code (*scrub)(struct db *db, struct err *err);
};
extern const struct db_engine db_engine_sqlite, db_engine_postgresql;

// CUT: the transaction ended while it was read; BROKEN: the engine failed. Neither may pass for the end of the answer.
typedef enum db_reading { DB_CLOSED, DB_OPEN, DB_CUT, DB_BROKEN } db_reading;

// The head of every connection; the engine's own struct begins with it.
struct db {
    const struct db_engine *engine;
    char *where;
    db_mode mode;
    bool in_transaction;
    bool full; // the disk was, since the last begin
    uint8_t reading[SQL_COUNT]; // db_reading
    int32_t open_count;
    struct err failure; // of a `next` that made its query DB_BROKEN, kept for db_done
};

// Look at what lies there and bring it to the newest of `migrations` (mode CREATE), or refuse it; then compare the words.
tong_code db_schema_settle(struct db *db, const struct sql_migration *migrations, struct err *err) TONG_MUST_USE;

// A schema text in the words of PostgreSQL, to be freed; NULL when memory is short.
char *db_schema_postgresql(const char *text);

// What the database knows of the closed lists: see db_words.c.
tong_code db_words_settle(struct db *db, struct err *err) TONG_MUST_USE;
struct db_word_list {
    int32_t list, first, count; // numbers first .. first + count - 1
    const char *(*name)(int32_t list, int32_t number);
};
int32_t db_word_list_count(void);
struct db_word_list db_word_list_at(int32_t index);

#endif
