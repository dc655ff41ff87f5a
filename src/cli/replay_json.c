#include "cli/replay_json.h"

#include <string.h>

static void json_label(struct json_out *j, const char *key, struct label label)
{
    json_out_object(j, key);
    json_out_z(j, "en", label.text[LANG_EN]);
    json_out_z(j, "zh", label.text[LANG_ZH]);
    json_out_end(j);
}

static void json_problem_text(const struct problem *p, struct json_out *j, const char *key, struct arena *arena)
{
    json_out_object(j, key);
    json_out_z(j, "en", problem_text(p, LANG_EN, arena));
    json_out_z(j, "zh", problem_text(p, LANG_ZH, arena));
    json_out_end(j);
}

static void json_problems(const struct problem_list *problems, struct json_out *j)
{
    static const char *const severity[] = {
        [PROBLEM_ERROR] = "error", [PROBLEM_WARNING] = "warning", [PROBLEM_NOTE] = "note"};
    struct arena scratch = {0};
    json_out_array(j, "problems");
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *p = &problems->items[i];
        json_out_object(j, NULL);
        json_out_z(j, "slug", p->message->slug);
        json_out_z(j, "severity", severity[p->message->severity]);
        json_out_z(j, "file", p->file);
        json_out_int(j, "line", p->line);
        json_out_int(j, "column", p->column);
        json_out_z(j, "field", p->path);
        json_problem_text(p, j, "text", &scratch);
        struct message remedy = {.text = p->message->remedy};
        struct problem fill = *p;
        fill.message = &remedy;
        json_problem_text(&fill, j, "remedy", &scratch);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_int(j, "problems_not_listed", (int64_t)problems->dropped);
    arena_free(&scratch);
}

// ---- head ----

static void json_editions(const struct replay *r, struct json_out *j)
{
    json_out_array(j, "editions");
    for (size_t i = 0; i < r->book->count; i++) {
        const struct protocol *p = r->book->editions[i];
        json_out_object(j, NULL);
        json_out_z(j, "protocol", p->id);
        json_out_z(j, "family", p->family);
        json_out_z(j, "edition", p->edition);
        json_label(j, "name", p->name);
        json_out_day(j, "effective_from", p->from);
        json_out_day(j, "effective_until", p->until);
        json_out_day(j, "applied_from", i == 0 ? r->facts.first : r->editions->changes[i - 1].day);
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_files(const struct replay *r, struct json_out *j)
{
    json_out_array(j, "files");
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        const struct line_table_count *c = &r->list.table[t];
        if (c->file == NULL) continue;
        json_out_object(j, NULL);
        json_out_z(j, "table", line_table_words[t].word);
        json_out_z(j, "file", c->file);
        json_out_int(j, "rows", c->rows);
        json_out_int(j, "left_out", c->left_out);
        json_out_z(j, "encoding", encoding_name(c->encoding.encoding));
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_notes(const struct replay *r, struct json_out *j)
{
    json_out_array(j, "notes");
    for (size_t i = 0; i < r->notes.count; i++) {
        json_out_object(j, NULL);
        json_out_z(j, "slug", r->notes.items[i].message->slug);
        json_problem_text(&r->notes.items[i], j, "text", r->arena);
        json_out_end(j);
    }
    json_out_end(j);
}

// ---- totals ----

static void json_classes(struct json_out *j, const char *key, const int64_t *cases, bool all)
{
    json_out_object(j, key);
    for (int32_t c = 0; c < LINE_CLASS_COUNT; c++)
        if (all || cases[c] > 0) json_out_int(j, line_class_words[c].word, cases[c]);
    json_out_end(j);
}

static void json_fates(const struct replay_task_total *total, struct json_out *j)
{
    json_out_int(j, "opened", total->opened);
    for (int32_t f = 0; f < REPLAY_FATE_COUNT; f++) json_out_int(j, replay_fate_words[f].word, total->fate[f]);
}

static void json_task_totals(const struct replay *r, struct json_out *j)
{
    struct replay_task_total all = {0};
    json_out_array(j, "tasks");
    for (size_t k = 0; k < r->kinds.task_count; k++) {
        const struct replay_task_total *total = &r->days.totals[k];
        if (total->opened == 0) continue;
        json_out_object(j, NULL);
        json_out_z(j, "task", r->kinds.tasks[k].name);
        json_label(j, "label", r->kinds.tasks[k].label);
        json_out_z(j, "by", words_at(WORDS_ROLE, (int32_t)r->kinds.tasks[k].role)->name);
        json_fates(total, j);
        json_out_end(j);
        all.opened += total->opened;
        for (int32_t f = 0; f < REPLAY_FATE_COUNT; f++) all.fate[f] += total->fate[f];
    }
    json_out_end(j);
    json_out_object(j, "tasks_all");
    json_fates(&all, j);
    json_out_end(j);
}

static void json_totals(const struct replay *r, struct json_out *j)
{
    int64_t also_cases = 0;
    for (size_t i = 0; i < r->facts.person_count; i++)
        if (r->facts.contact_named[i].d != CIVIL_DAY_NONE && r->facts.people[i].case_index != LINE_NONE) also_cases++;
    json_out_object(j, "totals");
    json_out_int(j, "cases", (int64_t)r->list.case_count);
    json_out_int(j, "cases_known", r->days.case_total);
    json_classes(j, "cases_by_class", r->days.cases, true);
    json_out_int(j, "deaths", r->days.deaths);
    json_out_int(j, "contacts", r->facts.contacts_named);
    json_out_int(j, "contacts_known", r->days.contacts_named);
    json_out_int(j, "contacts_who_are_cases", also_cases);
    json_out_int(j, "contacts_followed", r->run.followed);
    json_out_int(j, "contacts_outside_window", r->run.outside_window);
    json_out_int(j, "contacts_of_no_class", r->run.no_class);
    json_out_int(j, "links", (int64_t)r->list.link_count);
    json_out_int(j, "followups", (int64_t)r->list.followup_count);
    json_out_int(j, "results", (int64_t)r->list.lab_count);
    json_out_int(j, "facts", (int64_t)r->run.fed);
    json_out_int(j, "enrolments", (int64_t)caseload_enrolment_count(r->run.load));
    json_out_int(j, "persons_ever_restricted", r->days.restricted_ever);
    json_task_totals(r, j);
    json_out_end(j);
}

// ---- days ----

static void json_day_tasks(const struct replay *r, int32_t d, struct json_out *j)
{
    json_out_object(j, "tasks");
    for (size_t k = 0; k < r->kinds.task_count; k++) {
        const struct replay_task_day *t = &r->days.by_task[(size_t)d * r->days.task_count + k];
        if (t->opened + t->done + t->overdue + t->unknown == 0) continue;
        json_out_object(j, r->kinds.tasks[k].name);
        json_out_int(j, "opened", t->opened);
        json_out_int(j, "done", t->done);
        json_out_int(j, "overdue", t->overdue);
        json_out_int(j, "unknown", t->unknown);
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_days(const struct replay *r, struct json_out *j)
{
    json_out_array(j, "days");
    for (int32_t d = 0; d < r->days.count; d++) {
        const struct replay_day *day = &r->days.items[d];
        json_out_object(j, NULL);
        json_out_day(j, "date", day->day);
        json_classes(j, "new_cases", day->cases, false);
        json_out_int(j, "onsets", day->onsets);
        json_out_int(j, "deaths", day->deaths);
        json_out_int(j, "contacts_named", day->contacts_named);
        json_day_tasks(r, d, j);
        json_out_int(j, "measures_begun", day->begun);
        json_out_int(j, "measures_ended", day->ended);
        json_out_int(j, "persons_restricted", day->restricted);
        json_out_object(j, "under_measures");
        for (size_t k = 0; k < r->kinds.measure_count; k++) {
            int64_t under = r->days.under[(size_t)d * r->days.measure_count + k];
            if (under > 0) json_out_int(j, r->kinds.measures[k].name, under);
        }
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_under(const struct replay *r, struct json_out *j)
{
    size_t count;
    const struct caseload_measure *measures = caseload_measures(r->run.load, &count);
    json_out_array(j, "under_measures");
    for (size_t i = 0; i < count; i++) {
        const struct caseload_measure *m = &measures[i];
        if (!replay_measure_holds(m)) continue;
        const struct replay_kind *kind = &r->kinds.measures[r->kinds.measure[m->edition][m->measure]];
        const struct enrolment *e = caseload_enrolment(r->run.load, m->enrolment);
        const struct protocol *p = r->book->editions[e->edition];
        json_out_object(j, NULL);
        json_out_text(j, "person", replay_subject_name(r, m->subject));
        json_out_text(j, "label", replay_subject_label(r, m->subject));
        json_out_bool(j, "is_person", replay_run_person(&r->run, m->subject) >= 0);
        json_out_z(j, "measure", kind->name);
        json_label(j, "measure_label", kind->label);
        json_out_bool(j, "restricts", kind->restricts);
        json_out_z(j, "place", m->place == PROTOCOL_NONE ? NULL : words_at(WORDS_PLACE, m->place)->name);
        json_out_day(j, "since", zone_day(r->zone, replay_measure_begun(m)));
        json_out_day(j, "until", replay_last_day(r, m->until));
        json_out_z(j, "pathway", p->pathways[e->pathway].name);
        json_out_z(j, "stage", e->stage == PROTOCOL_NONE ? NULL : p->stages[e->stage].name);
        json_out_z(j, "edition", p->id);
        json_out_end(j);
    }
    json_out_end(j);
}

// ---- curve and chains ----

static void json_curve_days(const struct curve *c, struct json_out *j, const char *key)
{
    json_out_array(j, key);
    for (int32_t d = 0; d < c->days; d++) {
        civil_day day = {c->first.d + d};
        json_out_object(j, NULL);
        json_out_day(j, "date", day);
        json_out_int(j, "cases", curve_total_on(c, day));
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_tally(struct json_out *j, const char *key, const struct chain_tally *tally, size_t count)
{
    json_out_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_out_object(j, NULL);
        json_out_int(j, "value", tally[i].value);
        json_out_int(j, "count", tally[i].count);
        json_out_end(j);
    }
    json_out_end(j);
}

static void json_chains(const struct replay *r, struct json_out *j)
{
    const struct chains *c = &r->chains;
    json_out_object(j, "chains");
    json_out_int(j, "chains", c->root_count - r->hidden);
    json_out_int(j, "largest", c->largest == CHAIN_NONE ? 0 : c->sizes[c->largest]);
    json_out_int(j, "generations", c->generations);
    json_out_int(j, "infectees", c->infectees);
    json_out_int(j, "infectees_named", c->infectees_named);
    json_out_int(j, "ambiguous", c->ambiguous);
    json_out_int(j, "cut", c->cut_count);
    json_tally(j, "offspring_tally", c->offspring_tally, c->offspring_tally_count);
    json_tally(j, "named_tally", c->named_tally, c->named_tally_count);
    json_tally(j, "generation_tally", c->generation_tally, c->generation_tally_count);
    json_tally(j, "size_tally", c->size_tally, c->size_tally_count);
    json_out_array(j, "cases");
    for (int32_t i = 0; i < c->case_count; i++) {
        const struct chain_case *k = &c->cases[i];
        if (!replay_case_known(r, (size_t)i)) continue;
        json_out_object(j, NULL);
        json_out_text(j, "case", r->list.cases[i].id);
        if (k->infector == CHAIN_NONE) json_out_null(j, "infector");
        else json_out_text(j, "infector", r->list.cases[k->infector].id);
        json_out_int(j, "generation", k->generation);
        json_out_int(j, "offspring", k->offspring);
        json_out_int(j, "named", k->named);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_end(j);
}

// ---- all ----

static void json_begin(struct json_out *j)
{
    json_out_object(j, NULL);
    json_out_z(j, "schema", "tongzhou-replay-1");
    json_out_z(j, "version", TONG_VERSION);
}

bool replay_json(const struct replay *r, struct sink *out)
{
    struct json_out j = json_out_to(out);
    const struct protocol *p = r->book->editions[0];
    json_begin(&j);
    json_out_z(&j, "protocol", p->id);
    json_out_z(&j, "family", p->family);
    json_out_z(&j, "edition", p->edition);
    if (r->editions->as_if) json_out_z(&j, "as_if", p->id);
    else json_out_null(&j, "as_if");
    json_editions(r, &j);
    json_out_z(&j, "orders", "signed_as_proposed");
    json_out_z(&j, "zone", r->zone->name);
    json_out_day(&j, "first_day", r->facts.first);
    json_out_day(&j, "last_day", r->until);
    json_files(r, &j);
    json_notes(r, &j);
    json_totals(r, &j);
    json_days(r, &j);
    json_under(r, &j);
    json_out_object(&j, "curve");
    json_curve_days(&r->onsets, &j, "by_onset");
    json_curve_days(&r->reports, &j, "by_report");
    json_out_end(&j);
    json_chains(r, &j);
    json_problems(&r->problems, &j);
    json_out_end(&j);
    return json_out_finish(&j);
}

bool replay_json_refused(const struct problem_list *problems, struct sink *out)
{
    struct json_out j = json_out_to(out);
    json_begin(&j);
    json_out_bool(&j, "refused", true);
    json_problems(problems, &j);
    json_out_end(&j);
    return json_out_finish(&j);
}
