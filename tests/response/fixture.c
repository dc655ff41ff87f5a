#include "response/fixture.h"

#include "protocol/read.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 600, TOKENS = 40, PATH = 1024, FILE_BYTES = 1 << 20, DECISIONS = 8192 };

static TONG_NORETURN void bail(const char *what, const char *text)
{
    (void)printf("Bail out! %s: %s\n", what, text);
    exit(1);
}

// ---- protocols ----

// What a test's protocol leaves out.
static const struct {
    const char *key, *text;
} head[] = {
    {"protocol", "protocol: testitis\n"},
    {"edition", "edition: \"1\"\n"},
    {"name", "name: {en: Testitis, zh: 测试病}\n"},
    {"jurisdiction", "jurisdiction: {place: XX, zone: UTC}\n"},
    {"effective", "effective: {from: 2000-01-01}\n"},
    {"review", "review: 2099-12-31\n"},
    {"change", "change: {running: finish}\n"},
    {"disease", "disease: {name: testitis, incubation: 14 d (S), episode: 90 d (S)}\n"},
    {"sources", "sources:\n  S: {title: {en: Safeguard, zh: 系统保障值}, confidence: design}\n"},
    {"results", "results:\n"
                "  - {specimen: environment, outcome: positive, means: contaminated}\n"
                "  - {specimen: environment, outcome: negative, means: clean}\n"
                "  - {test: pcr, pooled: yes, outcome: positive, means: pool_positive}\n"
                "  - {test: pcr, outcome: positive, means: positive}\n"
                "  - {test: antigen, outcome: positive, means: screening_positive}\n"
                "  - {outcome: inconclusive, means: inconclusive}\n"
                "  - {outcome: negative, means: negative}\n"},
    {"on", "on:\n  anything_else: {ask: case_investigator}\n"},
};

static bool has_key(const char *yaml, const char *key)
{
    size_t n = strlen(key);
    for (const char *at = yaml; at != NULL; at = strchr(at, '\n')) {
        if (*at == '\n') at++;
        if (strncmp(at, key, n) == 0 && at[n] == ':') return true;
        if (*at == 0) break;
    }
    return false;
}

static tong_code open_disk(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    (void)payload;
    FILE *f = fopen(path, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "there is no file %s", path);
    char *text = arena_alloc(arena, FILE_BYTES);
    size_t n = text == NULL ? 0 : fread(text, 1, FILE_BYTES, f);
    (void)fclose(f);
    if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for %s", path);
    *out = (struct str){text, n};
    return TONG_OK;
}

static tong_code open_text(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    (void)path;
    (void)arena;
    (void)err;
    *out = str_z(payload);
    return TONG_OK;
}

static void add(struct fixture *x, const char *path, const struct protocol_source *source)
{
    struct problem_list problems = {.arena = &x->arena};
    struct err err = {.text = ""};
    size_t i = x->book.count;
    if (i >= FIXTURE_EDITIONS) bail("too many editions", path);
    if (protocol_read(path, source, &x->editions[i], &problems, &err) != TONG_OK) {
        for (size_t k = 0; k < problems.count; k++) problem_print(&problems.items[k], LANG_EN, stdout);
        bail("the protocol cannot be read", err.text);
    }
    x->list[i] = &x->editions[i];
    x->book = (struct rulebook){x->list, i + 1};
}

void fixture_add(struct fixture *x, const char *yaml)
{
    char *text = arena_copy(&x->arena, "", 0);
    for (size_t i = 0; i < sizeof head / sizeof head[0] && text != NULL; i++)
        if (!has_key(yaml, head[i].key)) text = arena_printf(&x->arena, "%s%s", text, head[i].text);
    if (text != NULL) text = arena_printf(&x->arena, "%s%s", text, yaml);
    if (text == NULL) bail("no memory", "protocol");
    const struct protocol_source source = {open_text, text};
    add(x, "test.yaml", &source);
}

void fixture_add_file(struct fixture *x, const char *file)
{
    const char *root = getenv("TONGZHOU_PROTOCOLS");
    char path[PATH];
    (void)snprintf(path, sizeof path, "%s/%s", root == NULL ? "protocols" : root, file);
    const struct protocol_source source = {open_disk, NULL};
    add(x, path, &source);
}

void fixture_open(struct fixture *x, const char *yaml)
{
    *x = (struct fixture){.begun = false};
    fixture_add(x, yaml);
}

void fixture_open_file(struct fixture *x, const char *file)
{
    *x = (struct fixture){.begun = false};
    fixture_add_file(x, file);
}

void fixture_close(struct fixture *x)
{
    caseload_close(x->caseload);
    for (size_t i = 0; i < x->book.count; i++) protocol_free(&x->editions[i]);
    arena_free(&x->arena);
    *x = (struct fixture){.begun = false};
}

const struct protocol *fixture_protocol(const struct fixture *x)
{
    return &x->editions[0];
}

// ---- times ----

utc_sec fixture_time(const struct fixture *x, const char *text)
{
    utc_sec at;
    bool day_only;
    if (!zone_parse(&x->editions[0].zone, str_z(text), &at, &day_only)) bail("no time", text);
    return at;
}

const char *fixture_text(const struct fixture *x, utc_sec at)
{
    static char texts[8][UTC_TEXT];
    static size_t next;
    if (at.s == INT64_MIN) return "-";
    next = (next + 1) % 8;
    zone_format(&x->editions[0].zone, at, texts[next]);
    return texts[next];
}

const char *fixture_day(civil_day day)
{
    static char texts[8][CIVIL_TEXT];
    static size_t next;
    if (day.d == CIVIL_DAY_NONE) return "-";
    next = (next + 1) % 8;
    civil_format(day, texts[next]);
    return texts[next];
}

// ---- facts ----

struct tokens {
    char *at[TOKENS];
    size_t count, i;
};

static bool is_date(const char *t)
{
    return isdigit((unsigned char)t[0]) && strlen(t) >= 10 && t[4] == '-' && t[7] == '-';
}

static utc_sec take_time(const struct fixture *x, struct tokens *t)
{
    char text[LINE];
    if (t->i >= t->count || !is_date(t->at[t->i]))
        bail("a time is missing", t->i < t->count ? t->at[t->i] : "at the end");
    const char *date = t->at[t->i++];
    bool hour = t->i < t->count && strchr(t->at[t->i], ':') != NULL;
    (void)snprintf(text, sizeof text, "%s%s%s", date, hour ? " " : "", hour ? t->at[t->i] : "");
    if (hour) t->i++;
    return fixture_time(x, text);
}

static const char *take(struct tokens *t)
{
    if (t->i >= t->count) bail("something is missing after", t->at[t->count - 1]);
    return t->at[t->i++];
}

static int32_t take_number(struct tokens *t)
{
    const char *text = take(t);
    int64_t n;
    if (!str_int(str_z(text), &n)) bail("no number", text);
    return (int32_t)n;
}

static bool read_flag(struct fact *f, const char *word)
{
    static const struct {
        const char *word;
        uint8_t flag;
    } flags[] = {{"open", FACT_OPEN},
                 {"no", FACT_NO},
                 {"pooled", FACT_POOLED},
                 {"day_only", FACT_DAY_ONLY},
                 {"of_contact", FACT_OF_CONTACT}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(word, flags[i].word) != 0) continue;
        f->flags |= flags[i].flag;
        return true;
    }
    return false;
}

// A word of the lists that the kind of fact has.
static bool read_word(struct fact *f, const char *word)
{
    struct str s = str_z(word);
    bool exposure = f->kind == EVENT_EXPOSED || f->kind == EVENT_CONTACT_NAMED;
    int32_t n;
    if (exposure && (n = words_find(WORDS_EXPOSURE, s)) != WORD_UNKNOWN) f->word = (uint8_t)n;
    else if (exposure && (n = words_find(WORDS_PROTECTION, s)) != WORD_UNKNOWN) f->protection = (uint8_t)n;
    else if (f->kind == EVENT_RESULT && (n = words_find(WORDS_OUTCOME, s)) != WORD_UNKNOWN) f->outcome = (uint8_t)n;
    else if (f->kind == EVENT_RESULT && (n = words_find(WORDS_TEST, s)) != WORD_UNKNOWN) f->test = (uint8_t)n;
    else if (!exposure && (n = words_find(WORDS_SPECIMEN, s)) != WORD_UNKNOWN) f->word = (uint8_t)n;
    else if (f->kind == EVENT_CLASSIFIED && (n = words_find(WORDS_EVENT, s)) != WORD_UNKNOWN) f->word = (uint8_t)n;
    else if ((n = words_find(WORDS_ATTRIBUTE, s)) != WORD_UNKNOWN) f->word = (uint8_t)n;
    else return false;
    return true;
}

static int64_t read_link(struct fixture *x, const char *text)
{
    int64_t n;
    if (str_int(str_z(text), &n)) return n;
    if (x->caseload == NULL) bail("nobody has names without a caseload", text);
    return fixture_subject(x, text);
}

struct extra { // what is settled when the whole line is read
    utc_sec met;
    bool has_met;
};

static bool read_pair(struct fixture *x, struct fact *f, struct tokens *t, const char *key, struct extra *extra)
{
    static const char *const days[] = {"check_days", "measure_days", "sample_days"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (strcmp(key, days[i]) == 0) {
            f->word = (uint8_t)i; // FACT_CHECK_DAYS, FACT_MEASURE_DAYS, FACT_SAMPLE_DAYS
            f->value = take_number(t);
            return true;
        }
    if (strcmp(key, "until") == 0) f->until = take_time(x, t);
    else if (strcmp(key, "known") == 0) f->known = take_time(x, t);
    else if (strcmp(key, "recorded") == 0) f->recorded = take_time(x, t);
    else if (strcmp(key, "met") == 0) extra->met = take_time(x, t), extra->has_met = true;
    else if (strcmp(key, "name") == 0) f->name = protocol_name_id(str_z(take(t)));
    else if (strcmp(key, "link") == 0) f->link = read_link(x, take(t));
    else if (strcmp(key, "replaces") == 0) f->replaces = take_number(t);
    else if (strcmp(key, "value") == 0) f->value = take_number(t);
    else if (strcmp(key, "age") == 0) f->word = FACT_WORD_AGE, f->value = take_number(t);
    else if (strcmp(key, "by") == 0) f->signer = take_number(t);
    else if (strcmp(key, "second") == 0) f->second = take_number(t);
    else if (strcmp(key, "edition") == 0) f->edition = (uint8_t)take_number(t);
    else return false;
    return true;
}

struct fact fixture_read(struct fixture *x, const char *line)
{
    char text[LINE];
    struct tokens t = {.count = 0};
    (void)snprintf(text, sizeof text, "%s", line);
    for (char *at = text; *at != 0 && t.count < TOKENS;) {
        while (*at == ' ') *at++ = 0;
        if (*at != 0) t.at[t.count++] = at;
        while (*at != ' ' && *at != 0) at++;
    }
    struct fact f = {.until = UTC_NONE, .known = UTC_NONE, .recorded = UTC_NONE};
    struct extra extra = {.has_met = false};
    f.happened = take_time(x, &t);
    int32_t kind = words_find(WORDS_EVENT, str_z(take(&t)));
    if (kind == WORD_UNKNOWN) bail("no such fact", line);
    f.kind = (uint8_t)kind;
    while (t.i < t.count) {
        const char *word = take(&t);
        if (!read_pair(x, &f, &t, word, &extra) && !read_flag(&f, word) && !read_word(&f, word)) bail(word, line);
    }
    if (f.known.s == INT64_MIN) f.known = f.happened;
    if (f.kind == EVENT_CONTACT_NAMED)
        fact_set_contact(&f, f.happened, extra.has_met ? extra.met : f.happened, f.until, (f.flags & FACT_OPEN) != 0);
    if (f.recorded.s == INT64_MIN) f.recorded = f.known;
    return f;
}

// ---- decisions as lines ----

static const char *what_of(const struct protocol *p, const struct decision *d)
{
    switch ((decision_kind)d->kind) {
    case DECISION_TASK_OPENED:
    case DECISION_TASK_CLOSED:
    case DECISION_TASK_OVERDUE: return p->tasks[d->what].name;
    case DECISION_MEASURE_PROPOSED:
    case DECISION_MEASURE_ORDERED:
    case DECISION_MEASURE_STARTED:
    case DECISION_MEASURE_ENDED: return p->measures[d->what].name;
    case DECISION_STAGE_ENTERED: return p->stages[d->what].name;
    case DECISION_ENROLLED:
    case DECISION_WITHDRAWN: return p->pathways[d->what].name;
    case DECISION_TASK_ESCALATED:
    case DECISION_TOLD: return words_at(WORDS_ROLE, d->what)->name;
    case DECISION_STATUS: return d->what == PROTOCOL_NONE ? "none" : p->statuses[d->what].name;
    case DECISION_CLASSIFIED: return words_at(WORDS_EVENT, d->what)->name;
    case DECISION_ENDED: return words_at(WORDS_FINAL, d->what)->name;
    case DECISION_KIND_COUNT: break;
    }
    return "?";
}

static char *line_of(struct fixture *x, const char *who, const struct decision *d)
{
    const struct protocol *p = x->list[d->edition];
    char text[LINE];
    int n = snprintf(text, sizeof text, "%s%s %s %s", who, fixture_text(x, d->at),
                     decision_word((decision_kind)d->kind)->name, what_of(p, d));
    bool task =
        d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_OVERDUE || d->kind == DECISION_TASK_ESCALATED;
    bool enrols = d->kind == DECISION_ENROLLED || d->kind == DECISION_WITHDRAWN;
#define MORE(...) n += snprintf(text + n, sizeof text - (size_t)n, __VA_ARGS__)
    if (d->how != HOW_NONE) MORE(" %s", how_label((how_word)d->how)->name);
    if (d->until.s != INT64_MIN) MORE(" until %s", fixture_text(x, d->until));
    if (task && d->n != 0) MORE(" day %s", fixture_day((civil_day){d->n}));
    if (d->kind == DECISION_MEASURE_PROPOSED && d->n > 0) MORE(" again");
    if (d->kind == DECISION_TASK_OPENED) MORE(" by %s", words_at(WORDS_ROLE, d->role)->name);
    if (enrols && d->role != ROLE_PERSON) MORE(" for %s", words_at(WORDS_ROLE, d->role)->name);
    if (d->place != PROTOCOL_NONE) MORE(" at %s", words_at(WORDS_PLACE, d->place)->name);
    if (d->other != 0) MORE(" other %lld", (long long)d->other);
    MORE(" because %s", why_label((why_word)d->why)->name);
    const char *path = decision_origin(p, d).path;
    if (path != NULL && path[0] != 0) MORE(" %s", path);
    if (d->fact != 0) MORE(" fact %lld", (long long)d->fact);
#undef MORE
    return arena_copy(&x->arena, text, strlen(text));
}

static void keep(struct fixture *x, uint32_t subject, uint32_t enrolment, const char *who, const struct decision *d)
{
    struct fixture_said *items = arena_grow(&x->arena, x->said, x->said_count, &x->said_cap, sizeof *items);
    char *text = line_of(x, who, d);
    if (items == NULL || text == NULL) bail("no memory", "decisions");
    x->said = items;
    items[x->said_count++] = (struct fixture_said){subject, enrolment, *d, text};
}

const char *said(const struct fixture *x, const char *part)
{
    for (size_t i = 0; i < x->said_count; i++)
        if (strstr(x->said[i].text, part) != NULL) return x->said[i].text;
    return "";
}

const char *said_last(const struct fixture *x, const char *part)
{
    for (size_t i = x->said_count; i-- > 0;)
        if (strstr(x->said[i].text, part) != NULL) return x->said[i].text;
    return "";
}

size_t said_count(const struct fixture *x, const char *part)
{
    size_t n = 0;
    for (size_t i = 0; i < x->said_count; i++) n += strstr(x->said[i].text, part) != NULL;
    return n;
}

const char *said_days(struct fixture *x, const char *part)
{
    const char *days = "";
    for (size_t i = 0; i < x->said_count; i++) {
        if (strstr(x->said[i].text, part) == NULL) continue;
        const char *day = fixture_text(x, x->said[i].d.at) + strlen("2026-");
        days = arena_printf(&x->arena, "%s%s%.5s", days, days[0] == 0 ? "" : " ", day);
        if (days == NULL) bail("no memory", "days");
    }
    return days;
}

void said_clear(struct fixture *x)
{
    x->said_count = 0;
}

void said_print(const struct fixture *x)
{
    for (size_t i = 0; i < x->said_count; i++) (void)printf("# %s\n", x->said[i].text);
}

// ---- one enrolment ----

void fixture_begin_under(struct fixture *x, uint8_t edition, const char *pathway)
{
    if (protocol_pathway(x->list[edition], str_z(pathway)) == PROTOCOL_NONE) bail("no such pathway", pathway);
    if (x->log.items == NULL) x->log.items = arena_array(&x->arena, DECISIONS, sizeof *x->log.items);
    if (x->log.items == NULL) bail("no memory", "decisions");
    x->log.cap = DECISIONS;
    x->log.count = x->said_count = x->fact_count = 0;
    x->pathway = pathway;
    x->edition = edition;
    x->begun = false;
}

void fixture_begin(struct fixture *x, const char *pathway)
{
    fixture_begin_under(x, 0, pathway);
}

static struct enrolment blank(const struct fixture *x, utc_sec first)
{
    const struct protocol *p = x->list[x->edition];
    return enrolment_new(7, x->edition, protocol_pathway(p, str_z(x->pathway)), zone_day(&p->zone, first));
}

static void keep_from(struct fixture *x, const struct decisions *log, size_t from)
{
    for (size_t i = from; i < log->count; i++) keep(x, x->e.subject, 0, "", &log->items[i]);
}

respond_answer fixture_fact(struct fixture *x, const char *fmt, ...)
{
    char line[LINE];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    struct fact f = fixture_read(x, line);
    if (x->fact_count >= FIXTURE_FACTS) bail("too many facts", line);
    f.id = (int64_t)x->fact_count + 1;
    f.subject = 7;
    x->facts[x->fact_count++] = f;
    if (f.replaces != 0) return RESPOND_LATE; // only folding answers it
    if (!x->begun) x->e = blank(x, f.happened);
    x->begun = true;
    size_t from = x->log.count;
    respond_answer answer = respond(&x->book, &x->e, &x->facts[x->fact_count - 1], &x->log);
    keep_from(x, &x->log, from);
    return answer;
}

void fixture_until(struct fixture *x, const char *time)
{
    size_t from = x->log.count;
    respond_until(&x->book, &x->e, fixture_time(x, time), &x->log);
    keep_from(x, &x->log, from);
}

struct decisions fixture_fold(struct fixture *x, const char *now, const char *as_known, struct enrolment *e)
{
    struct fact *facts = arena_array(&x->arena, x->fact_count + 1, sizeof *facts);
    if (facts == NULL) bail("no memory", "facts");
    for (size_t i = 0; i < x->fact_count; i++) facts[i] = x->facts[i];
    utc_sec known = as_known == NULL ? UTC_NONE : fixture_time(x, as_known);
    size_t count = facts_prepare(facts, x->fact_count, fixture_time(x, now), known);
    struct decisions log = {0};
    *e = blank(x, count > 0 ? facts[0].happened : fixture_time(x, now));
    if (fold(&x->book, facts, count, fixture_time(x, now), e, &log, &x->arena, &x->err) != TONG_OK)
        bail("fold", x->err.text);
    said_clear(x);
    keep_from(x, &log, 0);
    return log;
}

void fixture_owed(struct fixture *x, const char *now, int64_t cause)
{
    struct enrolment e;
    const struct decisions desired = fixture_fold(x, now, NULL, &e);
    size_t room = 2 * (desired.count + x->log.count) + 8;
    struct decisions owed = {arena_array(&x->arena, room, sizeof *owed.items), 0, room};
    if (owed.items == NULL) bail("no memory", "owed");
    fold_owed(&x->book, &e, &desired, &x->log, fixture_time(x, now), cause, &owed);
    x->e = e;
    said_clear(x);
    keep_from(x, &owed, 0);
    for (size_t i = 0; i < owed.count && x->log.count < x->log.cap; i++) x->log.items[x->log.count++] = owed.items[i];
}

// ---- many ----

static void hear(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *d)
{
    struct fixture *x = payload;
    char who[LINE / 4];
    const char *pathway = d->pathway == PROTOCOL_NONE ? "-" : x->list[d->edition]->pathways[d->pathway].name;
    struct str name = caseload_subject_name(c, subject);
    (void)snprintf(who, sizeof who, "%.*s/%s ", STR_ARG(name), pathway);
    keep(x, subject, enrolment, who, d);
}

void fixture_caseload_with(struct fixture *x, struct caseload_options options)
{
    caseload_close(x->caseload);
    x->caseload = NULL;
    options.listener = hear;
    options.payload = x;
    said_clear(x);
    if (caseload_open(&x->book, 0, &options, &x->caseload, &x->err) != TONG_OK) bail("caseload", x->err.text);
}

void fixture_caseload(struct fixture *x, bool signed_)
{
    fixture_caseload_with(x, (struct caseload_options){.sign_orders = signed_});
}

uint32_t fixture_subject(struct fixture *x, const char *name)
{
    subject_kind kind = name[0] == '@' ? SUBJECT_PLACE : name[0] == '#' ? SUBJECT_GROUP : SUBJECT_PERSON;
    return caseload_subject(x->caseload, str_z(name), kind);
}

static tong_code tell(struct fixture *x, const char *who, const char *line, int64_t *id)
{
    struct fact f = fixture_read(x, line);
    f.subject = fixture_subject(x, who);
    f.id = *id = caseload_fact_id(x->caseload);
    x->err.text[0] = 0;
    return caseload_record(x->caseload, &f, &x->err);
}

int64_t fixture_tell(struct fixture *x, const char *who, const char *fmt, ...)
{
    char line[LINE];
    int64_t id;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (tell(x, who, line, &id) != TONG_OK) bail(line, x->err.text);
    return id;
}

tong_code fixture_try(struct fixture *x, const char *who, const char *fmt, ...)
{
    char line[LINE];
    int64_t id;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    return tell(x, who, line, &id);
}

void fixture_pass(struct fixture *x, const char *time)
{
    if (caseload_advance(x->caseload, fixture_time(x, time), &x->err) != TONG_OK) bail(time, x->err.text);
}

// The nth newest enrolment of a subject on a pathway, NULL for none.
static const struct enrolment *nth(struct fixture *x, const char *who, const char *pathway, size_t n)
{
    enum { MOST = 64 };
    uint32_t all[MOST];
    size_t count = caseload_enrolments_of(x->caseload, fixture_subject(x, who), all, MOST);
    for (size_t i = count; i-- > 0;) {
        const struct enrolment *e = caseload_enrolment(x->caseload, all[i]);
        if (strcmp(x->list[e->edition]->pathways[e->pathway].name, pathway) == 0 && n-- == 0) return e;
    }
    return NULL;
}

const struct enrolment *fixture_enrolment(struct fixture *x, const char *who, const char *pathway)
{
    return nth(x, who, pathway, 0);
}

size_t fixture_enrolments(struct fixture *x, const char *who, const char *pathway)
{
    size_t n = 0;
    while (nth(x, who, pathway, n) != NULL) n++;
    return n;
}

const struct caseload_task *fixture_task(struct fixture *x, const char *who, const char *task)
{
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(x->caseload, &count);
    uint32_t subject = fixture_subject(x, who);
    for (size_t i = count; i-- > 0;)
        if (tasks[i].subject == subject && strcmp(x->list[tasks[i].edition]->tasks[tasks[i].task].name, task) == 0)
            return &tasks[i];
    return NULL;
}

const struct caseload_measure *fixture_measure(struct fixture *x, const char *who, const char *measure)
{
    size_t count;
    const struct caseload_measure *all = caseload_measures(x->caseload, &count);
    uint32_t subject = fixture_subject(x, who);
    for (size_t i = count; i-- > 0;)
        if (all[i].subject == subject && strcmp(x->list[all[i].edition]->measures[all[i].measure].name, measure) == 0)
            return &all[i];
    return NULL;
}
