#include "protocol/read_context.h"

#include <string.h>

enum { MINUTES_A_DAY = 24 * 60 };

// The text up to " before " or " after ", trimmed; *rest what follows. False when the word is not there.
static bool read_cut_at(struct str text, const char *word, struct str *head, struct str *rest)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++) {
        if (memcmp(text.p + i, word, n) != 0) continue;
        *head = str_trim((struct str){text.p, i});
        *rest = str_trim((struct str){text.p + i + n, text.n - i - n});
        return true;
    }
    return false;
}

// Whole days of "2 d", or READ_BAD.
static int32_t read_span_days(struct str text)
{
    int64_t minutes = read_span(text);
    int64_t days = minutes / MINUTES_A_DAY;
    return minutes == READ_BAD || minutes % MINUTES_A_DAY != 0 || days > READ_DAYS_MOST ? READ_BAD : (int32_t)days;
}

int16_t read_days_before(struct reader *r, const struct yaml_node *node, const char *what)
{
    struct read_figure f = read_split(r, node);
    struct str head, rest;
    if (f.bad) return READ_BAD;
    int32_t days = READ_BAD;
    if (read_cut_at(f.value, " before ", &head, &rest) && str_eq_z(rest, what)) days = read_span_days(head);
    if (days == READ_BAD) {
        read_fault(r, node, &read_fault_before_bad, read_z(r, f.value), what);
        return READ_BAD;
    }
    read_record_figure(r, node, f, true);
    return (int16_t)days;
}

// "day 21 after WORD" or "21 d after WORD".
static int32_t read_after(struct str text, struct str *what)
{
    struct str head;
    if (!read_cut_at(text, " after ", &head, what)) return READ_BAD;
    if (!str_starts(head, "day ")) return read_span_days(head);
    head = str_trim((struct str){head.p + strlen("day "), head.n - strlen("day ")});
    int32_t days = 0;
    return read_number(&head, &days) && head.n == 0 && days <= READ_DAYS_MOST ? days : READ_BAD;
}

int16_t read_days_after_onset(struct reader *r, const struct yaml_node *node)
{
    struct read_figure f = read_split(r, node);
    struct str what;
    if (f.bad) return READ_BAD;
    int32_t days = read_after(f.value, &what);
    if (days == READ_BAD || !str_eq_z(what, "onset")) {
        read_fault(r, node, &read_fault_after_bad, read_z(r, f.value), "4 d after onset");
        return READ_BAD;
    }
    read_record_figure(r, node, f, true);
    return read_in_range(r, node, f.value, days, 1, READ_DAYS_MOST, " d") ? (int16_t)days : READ_BAD;
}

int16_t read_day_after(struct reader *r, const struct yaml_node *node, anchor_word *anchor)
{
    struct read_figure f = read_split(r, node);
    struct str what;
    if (f.bad) return READ_BAD;
    int32_t days = read_after(f.value, &what);
    if (days == READ_BAD) {
        read_fault(r, node, &read_fault_after_bad, read_z(r, f.value), "day 21 after last_exposure");
        return READ_BAD;
    }
    int32_t word = words_find(WORDS_ANCHOR, what);
    if (word == WORD_UNKNOWN) {
        read_fault_word(r, node, WORDS_ANCHOR, what);
        return READ_BAD;
    }
    *anchor = (anchor_word)word;
    read_record_figure(r, node, f, true);
    return read_in_range(r, node, f.value, days, 1, PROTOCOL_STAGE_DAYS_MAX, " d") ? (int16_t)days : READ_BAD;
}

// ---- lists of days ----

// "every 2 d" or "every 2 d from 1"; without `from` the first is the second day itself.
static bool read_every(struct str text, struct read_day_list *out)
{
    struct str span = str_trim((struct str){text.p + strlen("every "), text.n - strlen("every ")}), from = {"", 0};
    struct str head, rest;
    if (read_cut_at(span, " from ", &head, &rest)) {
        span = head;
        from = rest;
        if (str_starts(from, "day ")) from = str_trim((struct str){from.p + 4, from.n - 4});
    }
    int32_t every = read_span_days(span), first = every;
    if (every < 1 || every > PROTOCOL_STAGE_DAYS_MAX) return false;
    if (from.n > 0 && (!read_number(&from, &first) || from.n != 0 || first > PROTOCOL_STAGE_DAYS_MAX)) return false;
    out->every = (int16_t)every;
    out->from = (int16_t)first;
    return true;
}

// Blank- or comma-separated days.
static bool read_some_days(struct str text, struct read_day_list *out)
{
    bool any = false;
    while (text.n > 0) {
        int32_t day = 0;
        if (!read_number(&text, &day) || day > PROTOCOL_STAGE_DAYS_MAX) return false;
        out->on[day] = any = true;
        if (day > out->last) out->last = (int16_t)day;
        if (text.n > 0 && text.p[0] == ',') text = str_trim((struct str){text.p + 1, text.n - 1});
    }
    return any;
}

bool read_day_list(struct reader *r, const struct yaml_node *node, struct read_day_list *out)
{
    *out = (struct read_day_list){0};
    struct read_figure all = {.value = {"", 0}};
    bool good = true, any = false;
    for (const struct yaml_node *n = yaml_each(node); n != NULL && good; n = yaml_each_next(node, n)) {
        struct read_figure f = read_split(r, n);
        if (f.bad) return false;
        bool every = node->kind == YAML_TEXT && str_starts(f.value, "every ");
        good = every ? read_every(f.value, out) : read_some_days(f.value, out);
        if (!good) read_fault(r, n, &read_fault_days_bad, read_z(r, f.value), NULL);
        char *joined = arena_printf(&r->scratch, "%s%s%.*s", all.value.p, any ? " " : "", STR_ARG(f.value));
        if (joined == NULL) {
            r->starved = true;
            return false;
        }
        all.value = str_z(joined);
        all.sources |= f.sources;
        all.sourced = all.sourced || f.sourced;
        any = true;
    }
    if (good && !any) read_fault(r, node, &read_fault_days_bad, "", NULL);
    if (!good || !any) return false;
    read_record_figure(r, node, all, true);
    return true;
}

// ---- times of the day ----

static bool read_clock(struct str text, int16_t *out)
{
    enum { HOURS = 24, MINUTES = 60 };
    int32_t hour = 0, minute = 0;
    if (!read_number(&text, &hour) || text.n == 0 || text.p[0] != ':') return false;
    text = (struct str){text.p + 1, text.n - 1};
    if (text.n != 2 || !read_number(&text, &minute) || text.n != 0 || hour > HOURS || minute >= MINUTES) return false;
    *out = (int16_t)(hour * MINUTES + minute);
    return *out <= MINUTES_A_DAY;
}

bool read_clock_span(struct reader *r, const struct yaml_node *node, int16_t *from, int16_t *until)
{
    int16_t got[2] = {-1, -1};
    enum { BOTH = 2 };
    if (node->kind != YAML_LIST || node->count != BOTH) {
        read_fault(r, node, &read_fault_clock_bad, read_z(r, yaml_text(node)), NULL);
        return false;
    }
    int32_t i = 0;
    struct read_figure all = {.value = {"", 0}};
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next, i++) {
        struct read_figure f = read_split(r, n);
        if (f.bad) return false;
        if (!read_clock(f.value, &got[i])) {
            read_fault(r, n, &read_fault_clock_bad, read_z(r, f.value), NULL);
            return false;
        }
        all.sources |= f.sources;
        all.sourced = all.sourced || f.sourced;
        const char *joined = arena_printf(&r->scratch, "%s%s%.*s", all.value.p, i > 0 ? "-" : "", STR_ARG(f.value));
        if (joined == NULL) {
            r->starved = true;
            return false;
        }
        all.value = str_z(joined);
    }
    read_record_figure(r, node, all, true);
    *from = got[0];
    *until = got[1];
    return true;
}
