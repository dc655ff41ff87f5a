#include "intake/desk.h"
#include "intake/erase.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

// Texts that stand nowhere else, in every field that says who somebody is.
static const char *const strings[] = {"辛夷玛丽安娜",         "Xylophonia Quetzalcoatlus",
                                      "小茶隼别名",           "13987650123",
                                      "110105194912310021",   "+442071230987",
                                      "xylo@quetzal.example", "翡翠巷第九十九号",
                                      "Jadeite Lane 99",      "走钢丝的演员",
                                      "Circus Ouroboros",     "监护人欧阳鹦鹉",
                                      "13711112222",          "描述左手六指",
                                      "OUTSIDE-ZEBRA-4711",   "秘密备注霍加狓",
                                      "okapi note",           "xylo-login-77"};
enum { STRINGS = sizeof strings / sizeof strings[0] };

// ---- every byte of a folder ----

struct search {
    const char *text;
    unsigned char wide[2][256]; // UTF-16, either order
    size_t wide_n;
    int64_t files, hits;
    char where[1024];
};

static struct search search_for(const char *text)
{
    struct search s = {.text = text};
    const unsigned char *p = (const unsigned char *)text;
    for (size_t i = 0; p[i] != 0;) { // all of it lies in the basic plane
        uint32_t c = p[i] < 0x80   ? p[i]
                     : p[i] < 0xE0 ? (p[i] & 31u) << 6 | (p[i + 1] & 63u)
                                   : (p[i] & 15u) << 12 | (p[i + 1] & 63u) << 6 | (p[i + 2] & 63u);
        i += p[i] < 0x80 ? 1 : p[i] < 0xE0 ? 2 : 3;
        s.wide[0][s.wide_n] = (unsigned char)(c & 0xFF);
        s.wide[0][s.wide_n + 1] = (unsigned char)(c >> 8);
        s.wide[1][s.wide_n] = (unsigned char)(c >> 8);
        s.wide[1][s.wide_n + 1] = (unsigned char)(c & 0xFF);
        s.wide_n += 2;
    }
    return s;
}

static bool bytes_have(const unsigned char *all, size_t n, const void *what, size_t k)
{
    for (const unsigned char *p = all;
         n >= k && (p = memchr(p, ((const unsigned char *)what)[0], n - k + 1 - (size_t)(p - all))) != NULL; p++)
        if (memcmp(p, what, k) == 0) return true;
    return false;
}

static void search_file(struct search *s, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) return;
    (void)fseek(f, 0, SEEK_END);
    long size = ftell(f);
    (void)fseek(f, 0, SEEK_SET);
    unsigned char *all = malloc((size_t)(size < 1 ? 1 : size));
    size_t n = all == NULL ? 0 : fread(all, 1, (size_t)(size < 0 ? 0 : size), f);
    (void)fclose(f);
    s->files++;
    bool hit = bytes_have(all, n, s->text, strlen(s->text)) || bytes_have(all, n, s->wide[0], s->wide_n) ||
               bytes_have(all, n, s->wide[1], s->wide_n);
    if (hit) {
        s->hits++;
        (void)snprintf(s->where, sizeof s->where, "%s", path);
    }
    free(all);
}

static void search_folder(struct search *s, const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        char path[1024];
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &st) != 0) continue;
        if (S_ISDIR(st.st_mode)) search_folder(s, path);
        else if (S_ISREG(st.st_mode)) search_file(s, path);
    }
    if (d != NULL) (void)closedir(d);
}

// Where the engine keeps its bytes, and where this test does.
static struct search searched(const struct engine *e, const char *text)
{
    struct search s = search_for(text);
    search_folder(&s, e->folder);
    const char *host = strstr(e->where, "host=");
    if (e->postgresql && host != NULL) {
        char folder[200];
        (void)snprintf(folder, sizeof folder, "%.*s/data", (int)strcspn(host + 5, "&"), host + 5);
        search_folder(&s, folder);
    }
    return s;
}

// ---- somebody about whom everything is known ----

static struct person_record known(struct desk *d, uint32_t n)
{
    struct person_record p = desk_person_record(d, n);
    p.name = str_z(strings[0]);
    p.name_latin = str_z(strings[1]);
    p.called = str_z(strings[2]);
    p.phone = str_z(strings[3]);
    p.document_kind = STR("id_card");
    p.document = str_z(strings[4]);
    p.phone_2 = str_z(strings[5]);
    p.mail = str_z(strings[6]);
    p.address = str_z(strings[7]);
    p.registered_address = str_z(strings[8]);
    p.occupation = str_z(strings[9]);
    p.employer = str_z(strings[10]);
    p.guardian_name = str_z(strings[11]);
    p.guardian_phone = str_z(strings[12]);
    p.description = str_z(strings[13]);
    p.outside_source = STR("godata");
    p.outside_id = str_z(strings[14]);
    return p;
}

static void lived(struct desk *d, int64_t person, int64_t source)
{
    struct fact f = {.kind = EVENT_EXPOSED,
                     .subject = person,
                     .link = source,
                     .word = EXPOSURE_HOUSEHOLD,
                     .happened = {d->now.s - 86400},
                     .until = {d->now.s - 80000}};
    (void)DESK_DO(d, {.kind = COMMAND_FACT, .account = 1, .fact = f, .note = str_z(strings[15])});
    struct command c = {
        .kind = COMMAND_FACT,
        .account = 1,
        .import = 7,
        .fact = {.kind = EVENT_SAMPLED, .subject = person, .word = SPECIMEN_OROPHARYNGEAL, .happened = d->now},
        .note = str_z(strings[16])};
    desk_uid(700, c.uid);
    desk_uid(701, c.about_uid);
    int64_t sample = desk_take(d, c).fact;
    (void)DESK_DO(d, {.kind = COMMAND_RECEIVE, .account = 1, .about = sample, .note = str_z(strings[15])});
    (void)desk_fact(d, (struct fact){.kind = EVENT_RESULT,
                                     .subject = person,
                                     .word = SPECIMEN_OROPHARYNGEAL,
                                     .test = TEST_PCR,
                                     .outcome = OUTCOME_POSITIVE,
                                     .happened = d->now});
    (void)DESK_DO(d, {.kind = COMMAND_HAND_OVER,
                      .account = 1,
                      .fact = {.kind = EVENT_HANDED_OVER, .subject = person},
                      .note = str_z(strings[16])});
}

// What other parts of the server keep about somebody: it is not intake's, but it goes with them.
static void around(struct desk *d, int64_t person, int64_t other)
{
    char sql[900];
    const struct engine *e = d->e;
    const char *const rows[] = {
        "INSERT INTO account (id, login, name, person, contact, password, must_change, totp, totp_used, failed, "
        "locked_until, language, created, closed, version) "
        "VALUES (55, 'xylo-login-77', '辛夷玛丽安娜', %lld, 'sealed', 'hash', 0, NULL, 0, 0, NULL, 1, 0, NULL, 1)",
        e->postgresql ? "INSERT INTO session (token, account, created, seen, ends, second_factor, device) VALUES "
                        "('\\x01'::bytea, 55, 0, 0, 0, 0, 'Xylophonia Quetzalcoatlus')"
                      : "INSERT INTO session (token, account, created, seen, ends, second_factor, device) VALUES "
                        "(x'01', 55, 0, 0, 0, 0, 'Xylophonia Quetzalcoatlus')",
        "INSERT INTO message (id, subject, account, channel, template, language, made, due, tries, state) VALUES (1, "
        "%lld, NULL, 0, 'order', 1, 0, 0, 0, 0)",
        "INSERT INTO look (id, subject, account, at, what) VALUES (1, %lld, 2, 0, 1)",
        "INSERT INTO import_fault (import, n, line, field, slug, arguments, severity) VALUES (7, 1, 12, 'phone', 'x', "
        "'[\"13987650123\"]', 0)",
        "INSERT INTO import_fault (import, n, line, field, slug, arguments, severity) VALUES (8, 1, 12, 'name', 'x', "
        "'[\"辛夷玛丽安娜\"]', 0)",
        "INSERT INTO import_fault (import, n, line, field, slug, arguments, severity) VALUES (8, 2, 13, 'name', 'x', "
        "'[\"somebody else\"]', 0)",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(sql, sizeof sql, rows[i], (long long)person);
        OK(engine_run(e, sql), "a row about them");
    }
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO duplicate (id, a, b, score, reasons, found) VALUES (1, %lld, %lld, 900, 1, 0)",
                   (long long)person, (long long)other);
    OK(engine_run(e, sql), "a possible duplicate");
}

static bool backed_up(struct desk *d, char keys[200], char data[240])
{
    struct db *db = NULL;
    struct vault *v = NULL;
    char file[260];
    (void)snprintf(keys, 200, "%s/keys", d->e->folder);
    (void)snprintf(data, 240, "%s/backup.copy", d->e->folder);
    (void)mkdir(keys, 0700);
    (void)snprintf(file, sizeof file, "%s/%s", keys, VAULT_COPY_NAME);
    tong_code code = erase_note_copy(d->vault, keys, &d->err);
    if (code == TONG_OK) code = db_open(d->e->where, DB_READ, &db, &d->err);
    if (code == TONG_OK) code = db_backup(db, data, &d->err);
    if (code == TONG_OK) code = vault_open_read(d->vault, &v, &d->err);
    if (code == TONG_OK) code = vault_copy(v, file, &d->err);
    vault_close(v);
    db_close(db);
    return OK(code == TONG_OK, "a backup: %s", d->err.text);
}

static void nowhere(const struct engine *e)
{
    for (size_t i = 0; i < STRINGS; i++) {
        struct search s = searched(e, strings[i]);
        OK(s.hits == 0, "\"%s\" is in none of %lld files %s", strings[i], (long long)s.files, s.where);
    }
}

static void rows_gone(struct desk *d, int64_t person)
{
    static const char *const tables[] = {"enrolment", "task",    "measure", "sample",     "objection",
                                         "hand_over", "message", "look",    "outside_id", "held_subject"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        EQ_INT(DESK_NUMBER(d, "SELECT count(*) FROM %s WHERE subject = %lld", tables[i], (long long)person), 0,
               "no row in %s", tables[i]);
    EQ_INT(DESK_NUMBER(d, "SELECT count(*) FROM link WHERE from_subject = %lld OR to_subject = %lld", (long long)person,
                       (long long)person),
           0, "no link");
    EQ_INT(DESK_NUMBER(d, "SELECT count(*) FROM duplicate WHERE a = %lld OR b = %lld", (long long)person,
                       (long long)person),
           0, "no duplicate");
    EQ_INT(DESK_NUMBER(d,
                       "SELECT count(*) FROM fact WHERE subject = %lld AND (payload IS NOT NULL OR kind <> %d OR value "
                       "IS NOT NULL OR until IS NOT NULL "
                       "OR happened <> recorded OR link IS NOT NULL OR name IS NOT NULL)",
                       (long long)person, ENTRY_ERASED),
           0, "the chain's rows say nothing");
    EQ_INT(DESK_NUMBER(
               d,
               "SELECT flags FROM person WHERE id = %lld AND identity IS NULL AND born IS NULL AND phone_hash IS NULL",
               (long long)person),
           PERSON_ERASED, "an empty row remains");
}

static void test_erase(const struct engine *e)
{
    struct desk d;
    char keys[200], data[240];
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    (void)desk_place(&d, 1, 0, PLACE_KIND_ESTATE);
    int64_t other = desk_person(&d, 11);
    struct person_record p = known(&d, 10), twin = known(&d, 12);
    p.place = desk_uid_text(&d, 1);
    twin.outside_id = STR("OUTSIDE-QUAGGA-0815");
    int64_t person = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .import = 7, .person = &p}).subject;
    int64_t same = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &twin}).subject;
    struct person_record ward = desk_person_record(&d, 13);
    ward.guardian = desk_uid_text(&d, 10);
    int64_t child = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &ward}).subject;
    lived(&d, person, other);
    (void)DESK_DO(&d, {.kind = COMMAND_MERGE, .account = 1, .fact = {.subject = same, .link = person}});
    if (!backed_up(&d, keys, data)) return;
    nowhere(e); // before any erasure: all of it is encrypted
    around(&d, person, other);
    struct search s = searched(e, strings[0]);
    OK(s.hits > 0, "the search finds what is written in clear (%s)", s.where);
    OK(DESK_NUMBER(&d, "SELECT count(*) FROM enrolment WHERE subject = %lld", (long long)person) > 0,
       "they were enrolled");
    desk_verify(&d, "before");
    desk_rebuild(&d, "before");
    // Erased.
    struct erase_report r;
    unsigned char uid[UID_BYTES];
    int64_t found = 0;
    desk_uid(10, uid);
    OK(erase_find(erase_db(d.in), uid, &found, &d.err) == TONG_OK && found == person, "found by uid");
    EQ_INT(erase_person(d.in, 999999, 1, d.now, &d.arena, &r, &d.err), TONG_E_NOT_FOUND, "nobody has this number");
    tong_code code = erase_person(d.in, person, 1, d.now, &d.arena, &r, &d.err);
    EQ_INT(code, TONG_OK, "erased: %s", d.err.text);
    EQ_INT(r.people, 2, "with the record merged into it");
    OK(r.facts >= 8 && r.derived >= 4, "rows blanked and deleted");
    EQ_INT(r.import_faults, 2, "faults of their import, and one that named them");
    EQ_INT(r.accounts, 1, "their account");
    EQ_INT(r.messages + r.looks + r.duplicates, 3, "messages, looks, duplicates");
    EQ_INT(r.outside_ids, 2, "outside numbers");
    EQ_INT(r.copies, 1, "the key in the backup's vault");
    OK(r.missed.n == 0 && r.scrubbed, "nothing missed (%s)", r.scrub_fault);
    rows_gone(&d, person);
    rows_gone(&d, same);
    EQ_INT(DESK_NUMBER(&d, "SELECT guardian FROM person WHERE id = %lld", (long long)child), INT64_MIN,
           "nobody's guardian any more");
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM import_fault"), 1, "faults of others stay");
    if (e->postgresql)
        OK(engine_run(e, "CHECKPOINT") && engine_run(e, "VACUUM FULL") && engine_run(e, "SELECT pg_switch_wal()") &&
               engine_run(e, "CHECKPOINT"),
           "old row versions go");
    if (!e->postgresql) nowhere(e); // PostgreSQL: see below
    desk_verify(&d, "after");
    desk_rebuild(&d, "after");
    // They do not come back under their name, and nothing is recorded about them; the others go on.
    DESK_NOT(&d, TONG_E_CONFLICT, "person-erased", {.kind = COMMAND_PERSON, .person = &p});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "subject-unknown",
             {.kind = COMMAND_FACT, .fact = {.kind = EVENT_SYMPTOM, .subject = person, .happened = d.now}});
    (void)desk_fact(&d, (struct fact){.kind = EVENT_SYMPTOM, .subject = other, .happened = d.now});
    // Again, and after a restart.
    EQ_INT(erase_person(d.in, person, 1, d.now, &d.arena, &r, &d.err), TONG_OK, "may be repeated");
    EQ_INT(r.facts, 0, "nothing was left to do");
    if (desk_reopen(&d)) desk_verify(&d, "after a restart");
    desk_rebuild(&d, "after a restart");
    int64_t again = -1;
    OK(erase_again(d.in, d.now, &d.arena, &again, &d.err) == TONG_OK && again == 0, "no erasure is unfinished");
    desk_close(&d);
    // The write-ahead log is reused in the server's own time: what is erased stands in it until then.
    if (e->postgresql) {
        OK(private_postgresql_stop(e->server, true) && private_postgresql_start(e->server), "a restart");
        for (size_t i = 0; i < STRINGS; i++) {
            struct search w = searched(e, strings[i]);
            if (w.hits > 0 && strstr(w.where, "pg_wal") == NULL) OK(false, "\"%s\" is in %s", strings[i], w.where);
        }
        OK(true, "in the tables' files there is nothing left");
    }
}

// An older backup comes back after the erasure: the key is gone there too, and the rows go once more.
static void test_restored(const struct engine *e)
{
    struct desk d;
    char keys[200], data[240], command[900];
    if (e->postgresql || !desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    struct person_record p = known(&d, 10);
    int64_t person = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &p}).subject,
            other = desk_person(&d, 11);
    lived(&d, person, other);
    struct erase_report r;
    if (!backed_up(&d, keys, data)) return;
    EQ_INT(erase_person(d.in, person, 1, d.now, &d.arena, &r, &d.err), TONG_OK, "erased");
    intake_close(d.in);
    d.in = NULL;
    (void)snprintf(command, sizeof command, "rm -f '%s' '%s'-wal '%s'-shm '%s'; cp '%s' '%s'; cp '%s/%s' '%s'",
                   e->where, e->where, e->where, d.vault, data, e->where, keys, VAULT_COPY_NAME, d.vault);
    OK(system(command) == 0, "the backup is put back by hand");
    const struct intake_options options = {.where = e->where, .vault = d.vault};
    if (!OK(intake_open(&options, &d.in, &d.err) == TONG_OK, "opened: %s", d.err.text)) return;
    int64_t again = 0;
    OK(DESK_NUMBER(&d, "SELECT count(*) FROM fact WHERE subject = %lld AND payload IS NOT NULL", (long long)person) > 0,
       "the rows are back");
    EQ_INT(erase_again(d.in, d.now, &d.arena, &again, &d.err), TONG_OK, "erased again: %s", d.err.text);
    EQ_INT(again, 1, "one person");
    rows_gone(&d, person);
    desk_verify(&d, "after an old backup");
    desk_rebuild(&d, "after an old backup");
    desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "erase", test_erase);
    engine_each(&engines, "restored", test_restored);
    engines_close(&engines);
    return tap_done();
}
