#include "intake/erase.h"

#include "base/grow.h"
#include "intake/intake_state.h"
#include "intake/records.h"
#include "store/import_file.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ERASE_FOLDERS_MAX = 1000, ERASE_LINE = 4096 };

// ---- where copies of the vault lie ----

static tong_code erase_copies_file(const char *vault, char *out, size_t room, struct err *err)
{
    int n = snprintf(out, room, "%s.copies", vault);
    return n > 0 && (size_t)n < room ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "the vault's path is too long");
}

tong_code erase_note_copy(const char *vault, const char *folder, struct err *err)
{
    char file[ERASE_LINE];
    tong_code code = erase_copies_file(vault, file, sizeof file, err);
    if (code != TONG_OK) return code;
    if (strchr(folder, '\n') != NULL)
        return tong_fail(err, TONG_E_INVALID, "a folder's name must not have a line break in it");
    FILE *f = fopen(file, "a");
    if (f == NULL) return tong_fail(err, TONG_E_IO, "cannot write %s: %s", file, strerror(errno));
    bool good = fprintf(f, "%s\n", folder) > 0 && fflush(f) == 0 && fsync(fileno(f)) == 0;
    good = fclose(f) == 0 && good;
    return good ? TONG_OK : tong_fail(err, TONG_E_IO, "cannot write %s: %s", file, strerror(errno));
}

static bool erase_folder_add(struct str *folders, size_t *count, struct str folder, struct arena *arena)
{
    if (folder.n == 0) return true;
    for (size_t i = 0; i < *count; i++)
        if (str_eq(folders[i], folder)) return true;
    char *copy = *count == ERASE_FOLDERS_MAX ? NULL : arena_copy(arena, folder.p, folder.n);
    if (copy == NULL) return false;
    folders[(*count)++] = (struct str){copy, folder.n};
    return true;
}

static tong_code erase_folders(struct intake *in, struct str *folders, size_t *count, struct arena *arena,
                               struct err *err)
{
    char file[ERASE_LINE], line[ERASE_LINE];
    struct db *db = intake_db(in);
    bool room = true;
    *count = 0;
    tong_code code = db_ask(db, sql_backup_list, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (db_next(db, sql_backup_list))
        room = erase_folder_add(folders, count, db_text(db, sql_backup_list, 0), arena) && room;
    code = db_done(db, sql_backup_list, err);
    if (code == TONG_OK) code = erase_copies_file(vault_file(intake_vault(in)), file, sizeof file, err);
    if (code != TONG_OK) return code;
    FILE *f = fopen(file, "r");
    if (f == NULL && errno != ENOENT) return tong_fail(err, TONG_E_IO, "cannot read %s: %s", file, strerror(errno));
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        room = erase_folder_add(folders, count, str_trim(str_z(line)), arena) && room;
    if (f != NULL) (void)fclose(f);
    return room ? TONG_OK
                : tong_fail(err, TONG_E_LIMIT, "more than %d copies of the vault are known", ERASE_FOLDERS_MAX);
}

// ---- texts outside the person's own rows ----

struct erase_text {
    struct str plain, pattern; // of LIKE
};
enum { ERASE_TEXTS = 16, ERASE_TEXT_LEAST = 4 }; // a shorter one (a digit, a syllable) would be found everywhere

// The texts of the newest description that single a person out, as patterns.
static tong_code erase_texts(struct intake *in, int64_t person, struct erase_text *texts, size_t *count, struct arena *arena,
                             struct err *err)
{
    struct db *db = intake_db(in);
    struct person_record p;
    *count = 0;
    tong_code code = db_ask(db, sql_person_get, &DB_I(person), 1, err);
    if (code != TONG_OK) return code;
    struct str plain = {NULL, 0};
    if (db_next(db, sql_person_get))
        plain = vault_unseal(intake_vault(in), person, db_int(db, sql_person_get, 8, 0), db_text(db, sql_person_get, 9),
                             arena);
    code = db_done(db, sql_person_get, err);
    if (code != TONG_OK || plain.n == 0) return code;
    if (payload_read(&person_record_kind, plain, arena, &p, NULL) != TONG_OK) return TONG_OK;
    for (size_t i = 0; i < person_record_kind.count && *count < ERASE_TEXTS; i++) {
        const struct record_field *f = &person_record_kind.fields[i];
        bool singular = f->class == RECORD_IDENTITY && f->type == RECORD_TYPE_TEXT && !record_absent(f, &p);
        struct str s = singular ? record_get_text(f, &p) : (struct str){NULL, 0};
        if (s.n < ERASE_TEXT_LEAST) continue;
        char *pattern = arena_alloc(arena, 2 * s.n + 3);
        size_t n = 0;
        if (pattern == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to look for texts");
        pattern[n++] = '%';
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] == '%' || s.p[k] == '_' || s.p[k] == '!') pattern[n++] = '!';
            pattern[n++] = s.p[k];
        }
        pattern[n++] = '%';
        texts[(*count)++] = (struct erase_text){s, {pattern, n}};
    }
    return TONG_OK;
}

// ---- the rows ----

static tong_code erase_run(struct intake *in, sql_id id, const struct db_value *values, size_t count, int64_t *sum,
                           struct err *err)
{
    int64_t changed = 0;
    tong_code code = db_run(intake_db(in), id, values, count, &changed, err);
    if (code == TONG_OK) *sum += changed;
    return code;
}

static tong_code erase_derived(struct intake *in, int64_t person, utc_sec at, struct erase_report *out, struct err *err)
{
    int64_t other = 0;
    struct {
        sql_id id;
        int64_t *sum;
    } const deletions[] = {
        {sql_erase_faults, &out->import_faults}, // asks the chain which lists they came with: before it is blanked
        {sql_erase_files, &other},
        {sql_erase_enrolments, &out->derived},
        {sql_erase_tasks, &out->derived},
        {sql_erase_measures, &out->derived},
        {sql_erase_links, &out->derived},
        {sql_erase_samples, &out->derived},
        {sql_erase_objections, &out->derived},
        {sql_erase_hand_overs, &out->derived},
        {sql_erase_messages, &out->messages},
        {sql_erase_looks, &out->looks},
        {sql_erase_duplicates, &out->duplicates},
        {sql_outside_drop, &out->outside_ids},
        {sql_held_of_subject_clear, &out->held},
        {sql_held_subject_drop, &other},
        {sql_erase_sessions, &other},
        {sql_erase_wards, &other},
    };
    tong_code code = TONG_OK;
    for (size_t i = 0; i < sizeof deletions / sizeof deletions[0] && code == TONG_OK; i++)
        code = erase_run(in, deletions[i].id, &DB_I(person), 1, deletions[i].sum, err);
    const struct db_value closed[] = {DB_I(person), DB_I(at.s)};
    const struct db_value blank[] = {DB_I(person), DB_I(ENTRY_ERASED)};
    if (code == TONG_OK) code = erase_run(in, sql_erase_account, closed, 2, &out->accounts, err);
    if (code == TONG_OK) code = erase_run(in, sql_erase_facts, blank, 2, &out->facts, err);
    return code;
}

// The entry carries the person's identifier, from which a rebuild makes the empty row again.
tong_code erased_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    if (uid_is_none(row->uid)) return TONG_OK; // a row that was blanked
    const struct db_value values[] = {DB_I(row->fact.subject), DB_B(((struct str){(const char *)row->uid, UID_BYTES})),
                                      DB_I(PERSON_ERASED), DB_I(row->fact.id)};
    tong_code code = db_run(intake_db(in), sql_erase_person, values, 4, NULL, err);
    intake_home_changed(in, row->fact.subject, 0);
    intake_tell_erased(in, row->fact.subject);
    intake_tell_change(in, CHANGE_PERSON, row->fact.subject, row->fact.subject);
    return code;
}

static tong_code erase_one(struct intake *in, int64_t person, int64_t account, utc_sec at, struct erase_report *out,
                           struct err *err)
{
    struct fact_row row = {
        .fact =
            {.kind = ENTRY_ERASED, .subject = person, .happened = at, .known = at, .recorded = at, .until = UTC_NONE},
        .account = account};
    struct db *db = intake_db(in);
    int64_t flags = 0;
    tong_code code = db_ask(db, sql_erase_uid, &DB_I(person), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(db, sql_erase_uid);
    struct str uid = db_text(db, sql_erase_uid, 0);
    if (there && uid.n == UID_BYTES) memcpy(row.uid, uid.p, UID_BYTES);
    if (there) flags = db_int(db, sql_erase_uid, 1, 0);
    code = db_done(db, sql_erase_uid, err);
    if (code == TONG_OK) code = erase_derived(in, person, at, out, err);
    if (code != TONG_OK || (flags & PERSON_ERASED) != 0 || !there) return code;
    return flush_record(in, &row, err);
}

// What names them in what was never recorded: faults of imports, and the faulty rows kept of them.
static tong_code erase_naming(struct intake *in, const struct erase_text *texts, size_t count, struct erase_report *out,
                              struct err *err)
{
    struct str plain[ERASE_TEXTS * 4];
    tong_code code = TONG_OK;
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        code = erase_run(in, sql_erase_faults_naming, &DB_T(texts[i].pattern), 1, &out->import_faults, err);
        plain[i] = texts[i].plain;
    }
    if (code != TONG_OK) return code;
    return import_file_erase(intake_db(in), intake_vault(in), plain, count, &out->import_faults, err);
}

static tong_code erase_group(struct intake *in, const int64_t *people, size_t count, const struct erase_text *texts,
                             size_t text_count, int64_t account, utc_sec at, struct erase_report *out, struct err *err)
{
    tong_code code = group_begin(in, err);
    if (code != TONG_OK) return code;
    if (at.s > in->at.s) in->at = at;
    for (size_t i = 0; i < count && code == TONG_OK; i++) code = erase_one(in, people[i], account, in->at, out, err);
    if (code == TONG_OK) code = erase_naming(in, texts, text_count, out, err);
    if (code == TONG_OK) return group_commit(in, err);
    group_abandon(in);
    return code;
}

// ---- all of it ----

struct db *erase_db(struct intake *in)
{
    return intake_db(in);
}

tong_code erase_scrub(struct intake *in, struct err *err)
{
    return db_scrub(intake_db(in), err);
}

tong_code erase_person(struct intake *in, int64_t person, int64_t account, utc_sec at, struct arena *arena,
                       struct erase_report *out, struct err *err)
{
    int64_t people[RECORDS_MERGED_MAX], known = 0;
    struct erase_text texts[ERASE_TEXTS * 4];
    struct str *folders = arena_array(arena, ERASE_FOLDERS_MAX, sizeof *folders);
    size_t count = 0, text_count = 0, folder_count = 0;
    struct err scrub = {0};
    *out = (struct erase_report){.missed = {"", 0}};
    if (folders == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to erase");
    tong_code code = records_number(in, sql_person_get, &DB_I(person), 1, 0, &known, err);
    if (code != TONG_OK) return code;
    if (known == 0) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such person");
    code = records_merged(intake_db(in), person, people, RECORDS_MERGED_MAX, &count, err);
    for (size_t i = 0; i < count && code == TONG_OK && text_count < ERASE_TEXTS * 3; i++) {
        size_t more = 0;
        code = erase_texts(in, people[i], texts + text_count, &more, arena, err);
        text_count += more;
    }
    if (code == TONG_OK) code = erase_folders(in, folders, &folder_count, arena, err);
    for (size_t i = 0; i < count && code == TONG_OK; i++)
        code = vault_erase(intake_vault(in), people[i], folders, folder_count, arena, &out->missed, err);
    in->salted = false; // the salt kept for the last row may be theirs
    sodium_memzero(in->salt, sizeof in->salt);
    if (code != TONG_OK) return code;
    out->people = (int64_t)count;
    out->copies = (int64_t)folder_count;
    for (size_t i = 0; i < out->missed.n; i++) out->copies -= out->missed.p[i] == '\n';
    code = erase_group(in, people, count, texts, text_count, account, at, out, err);
    if (code != TONG_OK) return code;
    code = working_reset(in, err);
    if (code != TONG_OK) return code;
    out->scrubbed = erase_scrub(in, &scrub) == TONG_OK;
    (void)snprintf(out->scrub_fault, sizeof out->scrub_fault, "%s", scrub.text);
    return TONG_OK;
}

tong_code erase_find(struct db *db, const unsigned char uid[UID_BYTES], int64_t *person, struct err *err)
{
    tong_code code = db_ask(db, sql_person_by_uid, &DB_B(((struct str){(const char *)uid, UID_BYTES})), 1, err);
    if (code != TONG_OK) return code;
    *person = db_next(db, sql_person_by_uid) ? db_int(db, sql_person_by_uid, 0, 0) : 0;
    return db_done(db, sql_person_by_uid, err);
}

tong_code erase_again(struct intake *in, utc_sec at, struct arena *arena, int64_t *count, struct err *err)
{
    struct db *db = intake_db(in);
    int64_t *people = NULL;
    size_t n = 0, cap = 0;
    bool full = false;
    struct erase_report report;
    *count = 0;
    tong_code code = db_ask(db, sql_erase_half, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (db_next(db, sql_erase_half)) {
        int64_t person = db_int(db, sql_erase_half, 0, 0);
        if (!vault_erased(intake_vault(in), person)) continue;
        int64_t *room = arena_grow(arena, people, n, &cap, sizeof *people);
        full = full || room == NULL;
        if (full) continue;
        people = room;
        people[n++] = person;
    }
    code = db_done(db, sql_erase_half, err);
    if (code == TONG_OK && full) return tong_fail(err, TONG_E_NOMEM, "no memory for those who were erased");
    for (size_t i = 0; i < n && code == TONG_OK; i++) {
        code = erase_person(in, people[i], 0, at, arena, &report, err);
        *count += 1;
    }
    return code;
}
