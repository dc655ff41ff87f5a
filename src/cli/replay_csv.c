#include "cli/replay_csv.h"

#include "base/map.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// ---- cells ----

struct csv_out {
    const struct replay *r;
    lang language;
    struct sink *sink;
    bool begun; // the row has a cell
};

static void csv_next_cell(struct csv_out *o)
{
    if (o->begun) sink_char(o->sink, ',');
    o->begun = true;
}

static void csv_end(struct csv_out *o)
{
    sink_char(o->sink, '\n');
    o->begun = false;
}

// A word of ours, which never needs quoting.
static void csv_z(struct csv_out *o, const char *z)
{
    csv_next_cell(o);
    sink_text(o->sink, z);
}

static void csv_text(struct csv_out *o, struct str text)
{
    csv_next_cell(o);
    record_csv_cell(o->sink, text);
}

static void csv_int(struct csv_out *o, int64_t value)
{
    char text[24];
    char *p = text + sizeof text;
    bool negative = value < 0;
    csv_next_cell(o);
    uint64_t v = negative ? 0 - (uint64_t)value : (uint64_t)value;
    do *--p = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    if (negative) *--p = '-';
    sink_bytes(o->sink, p, (size_t)(text + sizeof text - p));
}

static void csv_day(struct csv_out *o, civil_day day)
{
    char text[CIVIL_TEXT];
    if (day.d == CIVIL_DAY_NONE) {
        csv_next_cell(o);
        return;
    }
    civil_format(day, text);
    csv_z(o, text);
}

static void csv_at(struct csv_out *o, utc_sec at)
{
    char text[UTC_TEXT];
    if (at.s == INT64_MIN) {
        csv_next_cell(o);
        return;
    }
    zone_format(o->r->zone, at, text);
    csv_z(o, text);
}

static const struct protocol *csv_protocol(const struct csv_out *o, uint8_t edition)
{
    return o->r->book->editions[edition];
}

// A name from the protocol; empty where there is none.
static void csv_stage(struct csv_out *o, uint8_t edition, uint8_t stage)
{
    csv_z(o, stage == PROTOCOL_NONE ? "" : csv_protocol(o, edition)->stages[stage].name);
}

static void csv_pathway(struct csv_out *o, uint8_t edition, uint8_t pathway)
{
    csv_z(o, pathway == PROTOCOL_NONE ? "" : csv_protocol(o, edition)->pathways[pathway].name);
}

static void csv_place(struct csv_out *o, uint8_t place)
{
    csv_z(o, place == PROTOCOL_NONE ? "" : words_at(WORDS_PLACE, place)->name);
}

// ---- days, curve, chains ----

static void csv_days(struct csv_out *o)
{
    const struct replay *r = o->r;
    sink_text(o->sink, "date,cases");
    for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) sink_printf(o->sink, ",cases_%s", line_class_words[c].word);
    sink_text(o->sink,
              ",onsets,deaths,contacts_named,tasks_opened,tasks_done,tasks_overdue,tasks_unknown,measures_begun,"
              "measures_ended,persons_restricted");
    for (size_t k = 0; k < r->kinds.task_count; k++) {
        const char *name = r->kinds.tasks[k].name;
        sink_printf(o->sink, ",%s_opened,%s_done,%s_overdue,%s_unknown", name, name, name, name);
    }
    for (size_t k = 0; k < r->kinds.measure_count; k++) sink_printf(o->sink, ",under_%s", r->kinds.measures[k].name);
    csv_end(o);
    for (int32_t d = 0; d < r->days.count; d++) {
        const struct replay_day *day = &r->days.items[d];
        int64_t cases = 0;
        for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) cases += day->cases[c];
        csv_day(o, day->day);
        csv_int(o, cases);
        for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) csv_int(o, day->cases[c]);
        const int64_t rest[] = {day->onsets,     day->deaths,        day->contacts_named, day->tasks.opened,
                                day->tasks.done, day->tasks.overdue, day->tasks.unknown,  day->begun,
                                day->ended,      day->restricted};
        for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) csv_int(o, rest[i]);
        for (size_t k = 0; k < r->kinds.task_count; k++) {
            const struct replay_task_day *t = &r->days.by_task[(size_t)d * r->days.task_count + k];
            csv_int(o, t->opened);
            csv_int(o, t->done);
            csv_int(o, t->overdue);
            csv_int(o, t->unknown);
        }
        for (size_t k = 0; k < r->kinds.measure_count; k++)
            csv_int(o, r->days.under[(size_t)d * r->days.measure_count + k]);
        csv_end(o);
    }
}

static void csv_curve(struct csv_out *o)
{
    const struct replay *r = o->r;
    static const char *const by[] = {"onset", "report"};
    const struct curve *curves[] = {&r->onsets, &r->reports};
    sink_text(o->sink, "by,date,cases");
    for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) sink_printf(o->sink, ",%s", line_class_words[c].word);
    csv_end(o);
    for (size_t i = 0; i < 2; i++) {
        for (int32_t d = 0; d < curves[i]->days; d++) {
            civil_day day = {curves[i]->first.d + d};
            csv_z(o, by[i]);
            csv_day(o, day);
            csv_int(o, curve_total_on(curves[i], day));
            for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) csv_int(o, curve_on(curves[i], day, c));
            csv_end(o);
        }
    }
}

static void csv_chains(struct csv_out *o)
{
    const struct replay *r = o->r;
    sink_text(o->sink, "case,label,onset,known,infector,chain,generation,infected,infected_named,candidates");
    csv_end(o);
    for (int32_t i = 0; i < r->chains.case_count; i++) {
        const struct chain_case *k = &r->chains.cases[i];
        const struct line_case *c = &r->list.cases[i];
        if (!replay_case_known(r, (size_t)i)) continue;
        csv_text(o, c->id);
        csv_text(o, c->label);
        csv_day(o, c->when[LINE_ONSET].day);
        csv_day(o, r->facts.entered[i]);
        csv_text(o, k->infector == CHAIN_NONE ? (struct str){0} : r->list.cases[k->infector].id);
        csv_text(o, r->list.cases[k->root].id);
        csv_int(o, k->generation);
        csv_int(o, k->offspring);
        csv_int(o, k->named);
        csv_int(o, k->candidates);
        csv_end(o);
    }
}

// ---- enrolments, tasks, measures ----

static void csv_enrolments(struct csv_out *o)
{
    const struct replay *r = o->r;
    size_t count = caseload_enrolment_count(r->run.load);
    sink_text(o->sink,
              "enrolment,subject,edition,pathway,stage,class,first_exposure,last_exposure,onset,positive_sample,ended");
    csv_end(o);
    for (size_t i = 0; i < count; i++) {
        const struct enrolment *e = caseload_enrolment(r->run.load, (uint32_t)i);
        event_word class = enrolment_class(e);
        final_word final = enrolment_final(e);
        csv_int(o, (int64_t)i + 1);
        csv_text(o, replay_subject_name(r, e->subject));
        csv_z(o, csv_protocol(o, e->edition)->id);
        csv_pathway(o, e->edition, e->pathway);
        csv_stage(o, e->edition, e->stage);
        csv_z(o, class == EVENT_WORD_COUNT ? "" : words_at(WORDS_EVENT, (int32_t) class)->name);
        csv_day(o, enrolment_day(e, e->first_exposure));
        csv_day(o, enrolment_day(e, e->last_exposure));
        csv_day(o, enrolment_onset(e));
        csv_day(o, enrolment_day(e, e->positive_sample));
        csv_z(o, final == FINAL_NONE ? "" : words_at(WORDS_FINAL, (int32_t) final)->name);
        csv_end(o);
    }
}

// Numbered from 1; nothing where a task belongs to no enrolment (a result that somebody has to judge).
static void csv_enrolment(struct csv_out *o, uint32_t enrolment)
{
    if (enrolment == UINT32_MAX) csv_next_cell(o);
    else csv_int(o, (int64_t)enrolment + 1);
}

static void csv_tasks(struct csv_out *o)
{
    const struct replay *r = o->r;
    const struct replay_days_input in = replay_days_input(r);
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(r->run.load, &count);
    sink_text(o->sink, "subject,enrolment,edition,stage,task,kind,by,opened,deadline,closed,fate");
    csv_end(o);
    for (size_t i = 0; i < count; i++) {
        const struct caseload_task *t = &tasks[i];
        if (replay_task_never_was(t)) continue;
        const struct task *task = &csv_protocol(o, t->edition)->tasks[t->task];
        csv_text(o, replay_subject_name(r, t->subject));
        csv_enrolment(o, t->enrolment);
        csv_z(o, csv_protocol(o, t->edition)->id);
        csv_stage(o, t->edition, t->stage);
        csv_z(o, task->name);
        csv_z(o, words_at(WORDS_VERB, (int32_t)task->verb)->name);
        csv_z(o, words_at(WORDS_ROLE, (int32_t)task->by)->name);
        csv_at(o, t->opened);
        csv_at(o, t->deadline);
        csv_at(o, t->closed);
        csv_z(o, replay_fate_words[replay_task_fate(&in, t)].word);
        csv_end(o);
    }
}

static void csv_measures(struct csv_out *o)
{
    const struct replay *r = o->r;
    size_t count;
    const struct caseload_measure *measures = caseload_measures(r->run.load, &count);
    sink_text(o->sink, "subject,enrolment,edition,measure,kind,restricts,place,proposed,ordered,begun,until,ended,how");
    csv_end(o);
    for (size_t i = 0; i < count; i++) {
        const struct caseload_measure *m = &measures[i];
        const struct measure *measure = &csv_protocol(o, m->edition)->measures[m->measure];
        csv_text(o, replay_subject_name(r, m->subject));
        csv_enrolment(o, m->enrolment);
        csv_z(o, csv_protocol(o, m->edition)->id);
        csv_z(o, measure->name);
        csv_z(o, words_at(WORDS_MEASURE_KIND, (int32_t)measure->kind)->name);
        csv_z(o, measure_restricts(measure) ? "yes" : "no");
        csv_place(o, m->place);
        csv_at(o, m->proposed);
        csv_at(o, m->ordered);
        csv_at(o, replay_measure_begun(m));
        csv_day(o, replay_last_day(r, m->until));
        csv_at(o, m->ended);
        csv_z(o, m->ended.s == INT64_MIN ? "" : how_label((how_word)m->how)->name);
        csv_end(o);
    }
}

// ---- decisions ----

static const char *csv_what(const struct csv_out *o, const struct decision *d)
{
    const struct protocol *p = csv_protocol(o, d->edition);
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
    return "";
}

// The sentence of a reason, made once for every rule.
static const char *csv_because(struct csv_out *o, struct map *known, const struct decision *d)
{
    int64_t key = (int64_t)d->edition << 32 | (int64_t)d->why << 16 | d->rule, at;
    if (map_get_number(known, key, &at)) return (const char *)(uintptr_t)at;
    const char *text = decision_why(csv_protocol(o, d->edition), d, o->language, o->r->arena);
    if (text == NULL) return "";
    return map_put_number(known, key, (int64_t)(uintptr_t)text) ? text : "";
}

// Whether a deadline was kept is not ours to say where the data could not have shown it.
static bool csv_undecidable(const struct replay *r, const struct replay_said *s)
{
    const struct decision *d = &s->decision;
    if (d->kind != DECISION_TASK_OVERDUE && d->kind != DECISION_TASK_ESCALATED) return false;
    const struct protocol *p = r->book->editions[d->edition];
    int32_t person = replay_run_person(&r->run, s->subject);
    uint8_t task =
        d->slot < PROTOCOL_STAGE_SLOTS ? p->stage_task[d->stage][d->slot] : p->pathways[d->pathway].slot_task[d->slot];
    return person < 0 || !replay_evidence_can(&r->evidence, &p->tasks[task], person, p->pathways[d->pathway].ladder);
}

static void csv_decision(struct csv_out *o, struct map *known, const struct replay_said *s)
{
    const struct decision *d = &s->decision;
    const struct fact *f = caseload_fact(o->r->run.load, d->fact);
    bool ends = d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_MEASURE_ENDED;
    csv_at(o, d->at);
    csv_text(o, replay_subject_name(o->r, s->subject));
    csv_enrolment(o, s->enrolment);
    csv_z(o, csv_protocol(o, d->edition)->id);
    csv_pathway(o, d->edition, d->pathway);
    csv_stage(o, d->edition, d->stage);
    csv_z(o, decision_word((decision_kind)d->kind)->name);
    csv_z(o, csv_what(o, d));
    csv_z(o, ends ? how_label((how_word)d->how)->name : "");
    csv_at(o, d->until);
    csv_z(o, why_label((why_word)d->why)->name);
    csv_text(o, str_z(csv_because(o, known, d)));
    csv_z(o, f == NULL ? "" : words_at(WORDS_EVENT, f->kind)->name);
    csv_at(o, f == NULL ? UTC_NONE : f->happened);
    csv_end(o);
}

static void csv_decisions(struct csv_out *o)
{
    struct map *known = map_open();
    sink_text(o->sink,
              "at,subject,enrolment,edition,pathway,stage,decision,what,how,until,why,because,fact,fact_happened");
    csv_end(o);
    if (known == NULL) {
        o->sink->failed = true;
        return;
    }
    for (size_t i = 0; i < o->r->run.log_count; i++)
        if (!csv_undecidable(o->r, &o->r->run.log[i])) csv_decision(o, known, &o->r->run.log[i]);
    map_close(known);
}

// ---- files ----

static const struct {
    const char *name;
    void (*write)(struct csv_out *o);
} csv_files[REPLAY_CSV_COUNT] = {
    [REPLAY_CSV_DAYS] = {"days.csv", csv_days},
    [REPLAY_CSV_CURVE] = {"curve.csv", csv_curve},
    [REPLAY_CSV_CHAINS] = {"chains.csv", csv_chains},
    [REPLAY_CSV_ENROLMENTS] = {"enrolments.csv", csv_enrolments},
    [REPLAY_CSV_TASKS] = {"tasks.csv", csv_tasks},
    [REPLAY_CSV_MEASURES] = {"measures.csv", csv_measures},
    [REPLAY_CSV_DECISIONS] = {"decisions.csv", csv_decisions},
};

const char *replay_csv_name(replay_csv_file file)
{
    assert((int)file >= 0 && file < REPLAY_CSV_COUNT);
    return csv_files[file].name;
}

void replay_csv_write(const struct replay *r, replay_csv_file file, lang language, struct sink *out)
{
    assert((int)file >= 0 && file < REPLAY_CSV_COUNT);
    struct csv_out o = {.r = r, .language = language, .sink = out};
    csv_files[file].write(&o);
}

tong_code replay_csv(const struct replay *r, const char *folder, lang language, struct err *err)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return tong_fail(err, TONG_E_IO, "%.180s: %s", folder, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    for (int32_t i = 0; i < REPLAY_CSV_COUNT; i++) {
        const char *path = arena_printf(r->arena, "%s/%s", folder, csv_files[i].name);
        if (path == NULL) return tong_fail(err, TONG_E_NOMEM, "the names of the files");
        FILE *file = fopen(path, "wb");
        if (file == NULL)
            return tong_fail(err, TONG_E_IO, "%.180s: %s", path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        struct sink sink = {.file = file};
        replay_csv_write(r, (replay_csv_file)i, language, &sink);
        bool good = sink_good(&sink);
        sink_close(&sink);
        if (fclose(file) != 0 || !good)
            return tong_fail(err, TONG_E_IO, "%.180s: %s", path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    }
    return TONG_OK;
}
