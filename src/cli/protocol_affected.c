#include "cli/protocol_affected.h"

#include "cli/protocol.h"
#include "cli/replay_input.h"
#include "cli/replay_run.h"
#include "protocol/diff.h"
#include "protocol/explain_phrase.h"
#include "response/course.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// ---- one enrolment ----

struct affected affected_by_change(const struct rulebook *book, const struct enrolment *e, civil_day day)
{
    assert(book->count == 2 && e->edition == 0 && enrolment_is_open(e));
    struct decision room[2 * DECISIONS_STEP_MAX];
    struct decisions out = {.items = room, .cap = sizeof room / sizeof room[0]};
    struct enrolment copy = *e, alone = *e;
    utc_sec at = zone_midnight(&book->editions[1]->zone, day);
    const struct fact f = {.id = 1,
                           .subject = e->subject,
                           .happened = at,
                           .until = UTC_NONE,
                           .known = at,
                           .recorded = at,
                           .kind = EVENT_EDITION,
                           .edition = 1};
    struct affected a = {.how = AFFECTED_FINISHES,
                         .pathway = e->pathway,
                         .stage = e->stage,
                         .last_before = course_total_end(book->editions[0], e)};
    a.last_after = a.last_before;
    respond_until(book, &alone, at, &out); // the day before comes to its end at this midnight
    out.count = 0;
    (void)respond(book, &copy, &f, &out);
    if (enrolment_has_ended(&alone)) {
        a.how = AFFECTED_OVER;
    } else if (enrolment_has_ended(&copy)) {
        a.how = AFFECTED_RELEASED;
        a.last_after = day.d - 1;
    } else if (copy.edition == 1) {
        a.how = AFFECTED_MOVES;
        a.pathway = copy.pathway;
        a.stage = copy.stage;
        a.last_after = course_total_end(book->editions[1], &copy);
    } else if (book->editions[1]->change != CHANGE_FINISH) {
        bool there = diff_stage(book->editions[0], book->editions[1], alone.stage) != PROTOCOL_NONE;
        a.how = there ? AFFECTED_NOT_MILDER : AFFECTED_NO_STAGE;
    }
    return a;
}

// ---- all of them, in groups ----

// People in one stage to whom the same happens.
struct group {
    uint8_t stage; // of the edition before
    affected_how how;
    uint8_t to; // stage
    int64_t people;
    int64_t days;        // less, of all together; of those whose last day is fixed before and after
    int32_t least, most; // days less
    int64_t counted;     // of whom the days can be told
};

struct groups {
    struct group *items;
    size_t count, cap;
    int64_t open, how[AFFECTED_HOW_COUNT], days;
};

static bool groups_add(struct groups *g, struct arena *arena, const struct enrolment *e, const struct affected *a)
{
    uint8_t to = a->how == AFFECTED_MOVES ? a->stage : PROTOCOL_NONE;
    size_t i = 0;
    while (i < g->count && (g->items[i].stage != e->stage || g->items[i].how != a->how || g->items[i].to != to)) i++;
    if (i == g->count) {
        struct group *items = arena_grow(arena, g->items, g->count, &g->cap, sizeof *items);
        if (items == NULL) return false;
        g->items = items;
        items[g->count++] =
            (struct group){.stage = e->stage, .how = a->how, .to = to, .least = INT32_MAX, .most = INT32_MIN};
    }
    struct group *to_group = &g->items[i];
    to_group->people++;
    g->open++;
    g->how[a->how]++;
    if (a->last_before == AFFECTED_OPEN || a->last_after == AFFECTED_OPEN) return true;
    int32_t less = a->last_before > a->last_after ? a->last_before - a->last_after : 0;
    to_group->counted++;
    to_group->days += less;
    g->days += less;
    if (less < to_group->least) to_group->least = less;
    if (less > to_group->most) to_group->most = less;
    return true;
}

// By stage in the order of the protocol, then the many before the few.
static int group_order(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->stage != y->stage) return x->stage < y->stage ? -1 : 1;
    if (x->people != y->people) return x->people > y->people ? -1 : 1;
    if (x->how != y->how) return x->how < y->how ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

// ---- sentences ----

static const char *group_earlier(struct prose *s, const struct group *g)
{
    static const struct label same = LABEL("their last day stays the same", "结束日期不变");
    static const struct label one = LABEL("{1} earlier", "提前{1}"),
                              range = LABEL("{1} to {2} earlier", "提前{1}至{2}");
    static const struct label open =
        LABEL("how many days that saves only what happens next will show", "提前天数视后续情况而定");
    if (g->counted == 0) return prose_say0(s, open);
    if (g->most == 0) return prose_say0(s, same);
    const char *least = g->least == g->most ? phrase_days(s, g->least) : prose_number(s, g->least);
    return prose_say2(s, g->least == g->most ? one : range, least, phrase_days(s, g->most));
}

static const char *group_sentence(struct prose *s, const struct group *g, struct prose *after)
{
    static const struct label finish[] = {
        [AFFECTED_FINISHES] = LABEL("{1} go on under the edition of before", "{1}按原版本执行完毕"),
        [AFFECTED_NO_STAGE] = LABEL("{1} go on under the edition of before, for the new one has no such stage",
                                    "{1}按原版本执行完毕（新版本没有对应阶段）"),
        [AFFECTED_NOT_MILDER] =
            LABEL("{1} go on under the edition of before, for the new one would not be milder for them",
                  "{1}按原版本执行完毕（新版本对其并不更宽松）"),
    };
    static const struct label move = LABEL("{1} move to {2}; {3}", "{1}转入{2}，{3}");
    static const struct label stay =
        LABEL("{1} stay in it under the new edition; {3}", "{1}留在该阶段、按新版本执行，{3}");
    static const struct label release = LABEL("{1} are released at once; {3}", "{1}立即解除，{3}");
    static const struct label unit[] = {[SUBJECT_PERSON] = LABEL("{1}", "{1}人"),
                                        [SUBJECT_GROUP] = LABEL("{1}", "{1}个群体"),
                                        [SUBJECT_PLACE] = LABEL("{1}", "{1}处")};
    subject_kind of = s->p->pathways[s->p->stages[g->stage].pathway].of;
    const char *people = prose_say1(s, unit[of], prose_number(s, g->people)), *to = "";
    const struct label *template = &release;
    if (g->how == AFFECTED_FINISHES || g->how == AFFECTED_NO_STAGE || g->how == AFFECTED_NOT_MILDER)
        template = &finish[g->how];
    if (g->how == AFFECTED_MOVES) {
        const struct stage *was = &s->p->stages[g->stage], *is = &after->p->stages[g->to];
        bool same = strcmp(was->name, is->name) == 0 &&
                    strcmp(s->p->pathways[was->pathway].name, after->p->pathways[is->pathway].name) == 0;
        template = same ? &stay : &move;
        to = phrase_stage(after, g->to);
    }
    return prose_sentence(s, prose_say3(s, *template, people, to, group_earlier(s, g)));
}

static void affected_print(struct prose *s, struct prose *after, const struct groups *g, civil_day on)
{
    static const struct label title = LABEL("Who would be affected on {1}", "{1}将受影响的人员");
    static const struct label nobody = LABEL("Nobody is enrolled on that day.", "当日没有在管人员。");
    static const struct label sum =
        LABEL("{1} enrolments of people, groups and places are open: {2} go on under the edition of before, "
              "{3} under the new one, {4} are released at once.",
              "在管记录（人员、群体和场所）共{1}条：{2}条按原版本执行完毕，{3}条转按新版本执行，{4}条立即解除。");
    static const struct label days = LABEL("All together that is {1} days less.", "合计减少{1}天。");
    static const struct label policy =
        LABEL("The new edition says about people half-way: {1}.", "新版本对在管人员的规定：{1}。");
    static const struct label fresh =
        LABEL("Whoever is enrolled from that day on follows the new edition.", "自该日起新纳管的人员按新版本执行。");
    static const struct label plan =
        LABEL("Days are as planned on that day; tests, symptoms and extensions still to come may change them.",
              "天数按当日的计划计算；此后的检测结果、症状和延长可能使其变化。");
    static const struct label row = LABEL("Pathway {1}, stage {2}: {3}", "{1}流程，阶段{2}：{3}");
    static const struct label policies[] = {
        LABEL("they finish", "按原版本执行完毕"), LABEL("they move", "转按新版本执行"),
        LABEL("they move where it is milder for them", "更宽松的转按新版本执行，否则按原版本执行完毕")};
    int64_t finish = g->how[AFFECTED_FINISHES] + g->how[AFFECTED_NO_STAGE] + g->how[AFFECTED_NOT_MILDER];
    prose_heading(s, 2, prose_say1(s, title, phrase_date(s, on)));
    if (g->open == 0) {
        prose_paragraph(s, prose_say0(s, nobody));
        return;
    }
    prose_paragraph(s, prose_say4(s, sum, prose_number(s, g->open), prose_number(s, finish),
                                  prose_number(s, g->how[AFFECTED_MOVES]), prose_number(s, g->how[AFFECTED_RELEASED])));
    prose_paragraph(s, prose_say1(s, policy, prose_say0(s, policies[after->p->change])));
    if (g->days > 0) prose_paragraph(s, prose_say1(s, days, prose_number(s, g->days)));
    for (size_t i = 0; i < g->count; i++) {
        uint8_t pathway = s->p->stages[g->items[i].stage].pathway;
        prose_item(s, 0,
                   prose_say3(s, row, phrase_pathway(s, pathway), phrase_stage(s, g->items[i].stage),
                              group_sentence(s, &g->items[i], after)));
    }
    prose_paragraph(s, prose_say0(s, fresh));
    prose_paragraph(s, prose_say0(s, plan));
}

// ---- the outbreak ----

struct outbreak {
    struct arena arena;
    struct problem_list problems;
    struct linelist list;
    struct replay_facts facts;
    struct replay_evidence evidence;
    struct replay_run run;
    const struct protocol *editions[2];
    struct rulebook book;
};

static int affected_failed(struct cli *cli, tong_code code, const struct err *err)
{
    static const struct label memory = LABEL("not enough memory (%s)", "内存不足（%s）");
    if (code == TONG_E_NOMEM || code == TONG_E_LIMIT) cli_say(cli, text(cli, memory), err->text);
    else cli_say(cli, "%s", err->text[0] == 0 ? err_slug(code) : err->text);
    return CLI_FAULT;
}

// The day must lie in the outbreak: before it there is nobody, and after it nobody knows.
static int affected_day(struct cli *cli, const struct outbreak *o, civil_day *on)
{
    static const struct label none =
        LABEL("no row of the line list has a date: there is nothing to run", "病例清单中没有任何日期，无法推演");
    static const struct label outside =
        LABEL("the outbreak runs from %s to %s, and %s lies outside: say on which day the new edition "
              "comes into force, --on DATE",
              "疫情时间为 %s 至 %s，不含 %s：请用 --on 日期 指定新版本施行的日期");
    if (o->facts.count == 0) {
        cli_say(cli, "%s", text(cli, none));
        return CLI_FAULT;
    }
    if (on->d == CIVIL_DAY_NONE) *on = o->editions[1]->from;
    if (on->d > o->facts.first.d && on->d <= o->facts.last.d + 1) return CLI_DONE;
    char first[CIVIL_TEXT], last[CIVIL_TEXT], day[CIVIL_TEXT];
    civil_format(o->facts.first, first);
    civil_format(o->facts.last, last);
    civil_format(*on, day);
    cli_say(cli, text(cli, outside), first, last, day);
    return CLI_USAGE;
}

static int affected_load(struct cli *cli, struct outbreak *o, const struct replay_options *options, civil_day *on)
{
    const struct zone *zone = &o->editions[0]->zone;
    struct err err = {0};
    int exit = replay_input_read(cli, options, zone, &o->arena, &o->problems, &o->list);
    if (exit != CLI_DONE) return exit;
    struct line_facts_options facts = {.zone = zone};
    line_facts_positive(o->editions[0], &facts);
    tong_code code = replay_facts_build(&o->list, &facts, &o->arena, &o->facts, &err);
    if (code == TONG_OK) code = replay_evidence_build(&o->list, &o->facts, &o->arena, &o->evidence, &err);
    if (code != TONG_OK) return affected_failed(cli, code, &err);
    exit = affected_day(cli, o, on);
    if (exit != CLI_DONE) return exit;
    const struct replay_run_options how = {
        .book = &o->book, .first = 0, .zone = zone, .facts = &o->facts, .evidence = &o->evidence, .until = {on->d - 1}};
    code = replay_run(&how, &o->arena, &o->run, &err);
    return code == TONG_OK ? CLI_DONE : affected_failed(cli, code, &err);
}

static int affected_tell(struct cli *cli, struct outbreak *o, civil_day on, struct sink *out)
{
    struct groups groups = {0};
    const struct caseload *load = o->run.load;
    for (uint32_t i = 0; i < caseload_enrolment_count(load); i++) {
        const struct enrolment *e = caseload_enrolment(load, i);
        if (e->edition != 0 || !enrolment_is_open(e)) continue;
        struct affected a = affected_by_change(&o->book, e, on);
        if (a.how == AFFECTED_OVER) continue;
        if (!groups_add(&groups, &o->arena, e, &a))
            return affected_failed(cli, TONG_E_NOMEM, &(struct err){.text = "diff"});
    }
    if (groups.count > 1) qsort(groups.items, groups.count, sizeof *groups.items, group_order);
    int32_t columns = protocol_columns(cli);
    struct prose s = prose_open(o->editions[0], cli->language, columns, out);
    struct prose after = prose_open(o->editions[1], cli->language, columns, out);
    s.line_open = true; // the comparison stands above
    affected_print(&s, &after, &groups, on);
    (void)prose_close(&s); // a shortage of memory marks the sink
    (void)prose_close(&after);
    return CLI_DONE;
}

int protocol_affected(struct cli *cli, const struct protocol *before, const struct protocol *after,
                      const struct replay_options *options, civil_day on, struct sink *out)
{
    struct outbreak o = {.editions = {before, after}};
    o.book = (struct rulebook){.editions = o.editions, .count = 2};
    o.problems.arena = &o.arena;
    int exit = affected_load(cli, &o, options, &on);
    if (exit == CLI_DONE) exit = affected_tell(cli, &o, on, out);
    if (o.run.load != NULL) replay_run_close(&o.run);
    arena_free(&o.arena);
    return exit;
}
