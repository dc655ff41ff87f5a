// The epidemic itself, as far as it was known on the last day run: curves and chains of transmission.
#include "cli/replay.h"

#include <assert.h>

bool replay_case_known(const struct replay *r, size_t index)
{
    return r->facts.entered[index].d == CIVIL_DAY_NONE || r->facts.entered[index].d <= r->until.d;
}

struct epidemic {
    civil_day *onset, *report; // of known cases; CIVIL_DAY_NONE for the rest
    uint8_t *class;
    struct chain_link *links;
    size_t link_count;
};

static tong_code epidemic_arrays(struct replay *r, struct epidemic *e, struct err *err)
{
    const struct linelist *list = &r->list;
    e->onset = arena_array(r->arena, list->case_count, sizeof *e->onset);
    e->report = arena_array(r->arena, list->case_count, sizeof *e->report);
    e->class = arena_array(r->arena, list->case_count, sizeof *e->class);
    e->links = arena_array(r->arena, list->link_count, sizeof *e->links);
    if (e->onset == NULL || e->report == NULL || e->class == NULL || e->links == NULL)
        return tong_fail(err, TONG_E_NOMEM, "the epidemic curve");
    for (size_t i = 0; i < list->case_count; i++) {
        bool known = replay_case_known(r, i);
        r->hidden += !known;
        e->onset[i].d = known ? list->cases[i].when[LINE_ONSET].day.d : CIVIL_DAY_NONE;
        e->report[i].d = known ? r->facts.entered[i].d : CIVIL_DAY_NONE;
        e->class[i] = (uint8_t)list->cases[i].class;
    }
    for (size_t i = 0; i < list->link_count; i++) {
        const struct line_link *l = &list->links[i];
        if (l->from_end != LINE_END_CASE || l->to_end != LINE_END_CASE) continue;
        if (!replay_case_known(r, (size_t)l->from_index) || !replay_case_known(r, (size_t)l->to_index)) continue;
        e->links[e->link_count++] = (struct chain_link){l->from_index, l->to_index};
    }
    return TONG_OK;
}

// Hidden cases have no day: they stand among the undated ones, from which they are taken out again.
static tong_code epidemic_curve(struct replay *r, const struct epidemic *e, const civil_day *days, struct curve *out,
                                struct err *err)
{
    const struct curve_input in = {
        .day = days,
        .class_of = e->class,
        .case_count = r->list.case_count,
        .classes = LINE_CLASS_COUNT,
        .first = {CIVIL_DAY_NONE},
        .last = {CIVIL_DAY_NONE},
    };
    tong_code code = curve_build(&in, r->arena, out, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < r->list.case_count; i++)
        if (!replay_case_known(r, i)) out->undated[e->class[i]]--;
    return TONG_OK;
}

// A hidden case is a chain of its own in the tree: taken out of the counts again.
static void epidemic_hide(struct replay *r, struct chain_tally *tally, size_t count, int32_t value)
{
    for (size_t i = 0; i < count; i++)
        if (tally[i].value == value) tally[i].count -= r->hidden;
}

tong_code replay_epidemic(struct replay *r, struct err *err)
{
    struct epidemic e = {0};
    r->hidden = 0;
    tong_code code = epidemic_arrays(r, &e, err);
    if (code == TONG_OK) code = epidemic_curve(r, &e, e.onset, &r->onsets, err);
    if (code == TONG_OK) code = epidemic_curve(r, &e, e.report, &r->reports, err);
    if (code != TONG_OK) return code;
    const struct chain_input in = {
        .case_count = (int32_t)r->list.case_count,
        .onset = e.onset,
        .reported = e.report,
        .links = e.links,
        .link_count = e.link_count,
    };
    code = chain_build(&in, r->arena, &r->chains, err);
    if (code == TONG_OK) code = chain_children(&r->chains, &in, r->arena, &r->children, err);
    if (code != TONG_OK) return code;
    struct chains *c = &r->chains;
    epidemic_hide(r, c->offspring_tally, c->offspring_tally_count, 0);
    epidemic_hide(r, c->named_tally, c->named_tally_count, 0);
    epidemic_hide(r, c->generation_tally, c->generation_tally_count, 0);
    epidemic_hide(r, c->size_tally, c->size_tally_count, 1);
    return TONG_OK;
}
