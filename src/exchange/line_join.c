#include "exchange/line_join.h"
#include "exchange/line_check.h"
#include "exchange/line_cycle.h"
#include "exchange/line_message.h"

#include <assert.h>
#include <string.h>

enum { JOIN_AMBIGUOUS = -2 }; // a label that two rows share names nobody

struct join_implied {
    struct str id;
    int64_t line; // of the first link that names the person
};

struct join_maps {
    struct map *cases, *contacts, *gatherings; // identifier -> index
    struct map *case_labels, *contact_labels;  // label -> index, or JOIN_AMBIGUOUS
    size_t listed;                             // contacts of the file, without the implied ones
    struct join_implied *implied;
    size_t implied_count, implied_cap;
    int32_t *good, *bad; // of each listed contact: links of its own rows that hold, that do not
};

static tong_code join_nomem(struct err *err)
{
    return tong_fail(err, TONG_E_NOMEM, "no memory to join the tables");
}

static void join_blame(struct line_join *j, line_fault fault, line_table table, int64_t line, struct str one,
                       int64_t two)
{
    struct arena *a = j->problems->arena;
    problem_add(j->problems, (struct problem_at){j->file[table], line, 0, NULL}, &line_message[fault],
                arena_copy(a, one.p, one.n), arena_printf(a, "%lld", (long long)two), NULL, NULL);
}

// Index of an identifier, or of a label that only one row has; LINE_NONE.
static int32_t join_find(const struct map *ids, const struct map *labels, struct str id)
{
    int64_t index = LINE_NONE;
    if (map_get_text(ids, id, &index)) return (int32_t)index;
    if (labels != NULL && map_count(labels) > 0 && map_get_text(labels, id, &index) && index != JOIN_AMBIGUOUS)
        return (int32_t)index;
    return LINE_NONE;
}

// A label that more than one row has.
static bool join_ambiguous(const struct join_maps *m, struct str id)
{
    int64_t index = 0;
    if (map_get_text(m->case_labels, id, &index) && index == JOIN_AMBIGUOUS) return true;
    return map_get_text(m->contact_labels, id, &index) && index == JOIN_AMBIGUOUS;
}

// The line of the row of this identifier that was left out of `table`, 0.
static int64_t join_left_out(const struct line_join *j, line_table table, struct str id)
{
    int64_t line = 0;
    if (j->left_out[table] == NULL || !map_get_text(j->left_out[table], id, &line)) return 0;
    return line;
}

// Why an identifier leads to nobody: its row was left out, it is the label of several, or there is none.
static line_fault join_nobody(int64_t left_out_line, bool ambiguous, line_fault otherwise)
{
    return left_out_line > 0 ? LINE_F_LINK_LEFT_OUT : ambiguous ? LINE_F_LABEL_AMBIGUOUS : otherwise;
}

// ---- people ----

static bool join_label(struct map *labels, struct str label, size_t index, int64_t *before)
{
    *before = LINE_NONE;
    if (label.n == 0) return true;
    if (map_get_text(labels, label, before)) return map_put_text(labels, label, JOIN_AMBIGUOUS);
    return map_put_text(labels, label, (int64_t)index);
}

static tong_code join_people(struct line_join *j, struct join_maps *m, struct err *err)
{
    struct linelist *list = j->list;
    int64_t before = LINE_NONE;
    m->listed = list->contact_count;
    m->good = arena_array(j->arena, m->listed + 1, sizeof *m->good);
    m->bad = arena_array(j->arena, m->listed + 1, sizeof *m->bad);
    if (m->good == NULL || m->bad == NULL) return join_nomem(err);
    for (size_t i = 0; i < list->case_count; i++) {
        struct line_case *c = &list->cases[i];
        if (!map_put_text(m->cases, c->id, (int64_t)i) || !join_label(m->case_labels, c->label, i, &before))
            return join_nomem(err);
        if (before == LINE_NONE || str_eq(c->label, c->id)) continue;
        join_blame(j, LINE_F_LABEL_TWICE, LINE_TABLE_CASES, c->line, c->label,
                   before >= 0 ? list->cases[before].line : 0);
    }
    for (size_t i = 0; i < list->contact_count; i++) {
        struct line_contact *c = &list->contacts[i];
        if (!map_put_text(m->contacts, c->id, (int64_t)i) || !join_label(m->contact_labels, c->label, i, &before))
            return join_nomem(err);
        c->case_index = join_find(m->cases, NULL, c->id);
        if (c->case_index == LINE_NONE) continue;
        struct line_case *same = &list->cases[c->case_index];
        same->contact = (int32_t)i;
        list->case_and_contact++;
        join_blame(j, LINE_F_CASE_AND_CONTACT, LINE_TABLE_CONTACTS, c->line, c->id, same->line);
    }
    for (size_t i = 0; i < list->gathering_count; i++) {
        struct line_gathering *g = &list->gatherings[i];
        if (!map_put_text(m->gatherings, g->id, (int64_t)i)) return join_nomem(err);
        if (!line_has(g->known)) g->known = g->day;
    }
    return TONG_OK;
}

// A person whom only a link names: noted now, made into a contact by join_implied when all are known.
static tong_code join_imply(struct line_join *j, struct join_maps *m, const struct line_link *l, int32_t *index,
                            struct err *err)
{
    struct join_implied *implied = arena_grow(j->arena, m->implied, m->implied_count, &m->implied_cap, sizeof *implied);
    if (implied == NULL) return join_nomem(err);
    m->implied = implied;
    *index = (int32_t)(m->listed + m->implied_count);
    implied[m->implied_count++] = (struct join_implied){l->to, l->line};
    return map_put_text(m->contacts, l->to, *index) ? TONG_OK : join_nomem(err);
}

static tong_code join_implied(struct line_join *j, struct join_maps *m, struct err *err)
{
    struct linelist *list = j->list;
    if (m->implied_count == 0) return TONG_OK;
    struct line_contact *all = arena_array(j->arena, m->listed + m->implied_count, sizeof *all);
    if (all == NULL) return join_nomem(err);
    if (m->listed > 0) memcpy(all, list->contacts, m->listed * sizeof *all);
    for (size_t i = 0; i < m->implied_count; i++) {
        struct line_contact *c = &all[m->listed + i];
        line_clear(LINE_TABLE_CONTACTS, c);
        c->id = m->implied[i].id;
        c->line = m->implied[i].line;
        c->implied = true;
        c->known_assumed = true;
    }
    list->contacts = all;
    list->contact_count = m->listed + m->implied_count;
    return TONG_OK;
}

// ---- links ----

static int32_t join_end(const struct join_maps *m, struct str id, bool gathering_first, int32_t *end)
{
    int32_t index = join_find(m->cases, m->case_labels, id);
    *end = LINE_END_CASE;
    if (index != LINE_NONE) return index;
    for (int32_t turn = 0; turn < 2; turn++) {
        bool gathering = gathering_first == (turn == 0);
        index = gathering ? join_find(m->gatherings, NULL, id) : join_find(m->contacts, m->contact_labels, id);
        *end = gathering ? LINE_END_GATHERING : LINE_END_CONTACT;
        if (index != LINE_NONE) return index;
    }
    *end = LINE_END_UNKNOWN;
    return LINE_NONE;
}

// Whom the link comes from. False when it is nobody and the link is left out.
static bool join_link_from(struct line_join *j, const struct join_maps *m, struct line_link *l)
{
    l->from_index = join_end(m, l->from, true, &l->from_end);
    if (l->from_end == LINE_END_GATHERING) {
        j->list->links_from_gathering++;
        join_blame(j, LINE_F_LINK_FROM_GATHERING, l->table, l->line, l->from, 0);
    } else if (l->from_end == LINE_END_CONTACT) {
        join_blame(j, LINE_F_LINK_FROM_CONTACT, l->table, l->line, l->from, 0);
    } else if (l->from_end == LINE_END_UNKNOWN) {
        int64_t line = join_left_out(j, LINE_TABLE_CASES, l->from);
        bool ambiguous = join_ambiguous(m, l->from);
        if (j->unknown_from && line == 0 && !ambiguous) {
            j->list->links_from_unknown++;
            return true;
        }
        join_blame(j, join_nobody(line, ambiguous, LINE_F_LINK_UNKNOWN_FROM), l->table, l->line, l->from, line);
        return false;
    }
    return true;
}

static tong_code join_link_to(struct line_join *j, struct join_maps *m, struct line_link *l, bool *good,
                              struct err *err)
{
    l->to_index = join_end(m, l->to, false, &l->to_end);
    if (l->to_end == LINE_END_GATHERING) {
        j->list->links_to_gathering++;
        join_blame(j, LINE_F_LINK_TO_GATHERING, l->table, l->line, l->to, 0);
    } else if (l->to_end == LINE_END_UNKNOWN) {
        int64_t line = join_left_out(j, LINE_TABLE_CASES, l->to);
        if (line == 0) line = join_left_out(j, LINE_TABLE_CONTACTS, l->to);
        bool ambiguous = join_ambiguous(m, l->to);
        *good = line == 0 && !ambiguous;
        if (!*good) {
            join_blame(j, join_nobody(line, ambiguous, LINE_F_LINK_LEFT_OUT), l->table, l->line, l->to, line);
            return TONG_OK;
        }
        if (j->contacts_given) join_blame(j, LINE_F_LINK_UNLISTED, l->table, l->line, l->to, 0);
        tong_code code = join_imply(j, m, l, &l->to_index, err);
        if (code != TONG_OK) return code;
        l->to_end = LINE_END_CONTACT;
    }
    l->is_contact_only = l->to_end == LINE_END_CONTACT;
    return TONG_OK;
}

// When the link became known, where no column says: by the rule, from the reports of its two ends; never before the contact
// it tells of began.
static void join_link_known(const struct line_join *j, const struct join_maps *m, struct line_link *l)
{
    const struct linelist *list = j->list;
    bool of_links = l->table == LINE_TABLE_LINKS;
    known_rule rule = of_links ? j->known[LINE_TABLE_LINKS] : KNOWN_BOTH_REPORTED;
    bool ruled = of_links && (rule == KNOWN_FROM_REPORTED || rule == KNOWN_TO_REPORTED || rule == KNOWN_BOTH_REPORTED);
    if (line_has(l->known)) return;
    struct date_time from = DATE_TIME_NONE, to = DATE_TIME_NONE;
    if (l->from_end == LINE_END_CASE) from = list->cases[l->from_index].known[LINE_REPORTED];
    if (l->to_end == LINE_END_CASE) to = list->cases[l->to_index].known[LINE_REPORTED];
    if (l->to_end == LINE_END_CONTACT && (size_t)l->to_index < m->listed) to = list->contacts[l->to_index].reported;
    struct date_time known = rule == KNOWN_FROM_REPORTED ? from : rule == KNOWN_TO_REPORTED ? to : line_later(from, to);
    l->known_assumed = !ruled || !line_has(known);
    if (!line_has(known)) known = line_later(from, to);
    l->known = line_later(known, line_has(l->first_contact) ? l->first_contact : l->last_contact);
}

// What a contact's links say that its own row does not: contact dates, and since when the person is known.
static void join_link_tells(struct linelist *list, const struct line_link *l)
{
    if (l->to_end != LINE_END_CONTACT) return;
    struct line_contact *c = &list->contacts[l->to_index];
    if (c->implied) {
        c->last_contact = line_later(c->last_contact, l->last_contact);
        bool earlier = line_has(l->first_contact) &&
                       (!line_has(c->first_contact) || line_before(l->first_contact, c->first_contact));
        if (earlier) c->first_contact = l->first_contact;
    }
    bool first = line_has(l->known) && (!line_has(c->known) || line_before(l->known, c->known));
    if (c->known_assumed && first) c->known = l->known;
}

// A contact whose row names a case that is not there, and no other, is nobody's contact.
static bool join_is_nobodys(const struct linelist *list, const struct join_maps *m, size_t i)
{
    return m->bad[i] > 0 && m->good[i] == 0 && list->contacts[i].case_index == LINE_NONE;
}

// The rows of such contacts are left out; contacts behind them move up.
static tong_code join_drop(struct line_join *j, struct join_maps *m, struct err *err)
{
    struct linelist *list = j->list;
    size_t kept = 0, first = 0;
    while (first < m->listed && !join_is_nobodys(list, m, first)) first++;
    if (first == m->listed) return TONG_OK;
    int32_t *moved = arena_array(j->arena, list->contact_count + 1, sizeof *moved);
    if (moved == NULL) return join_nomem(err);
    for (size_t i = 0; i < list->contact_count; i++) {
        struct line_contact c = list->contacts[i];
        bool drop = i < m->listed && join_is_nobodys(list, m, i);
        int64_t labelled = LINE_NONE;
        moved[i] = drop ? LINE_NONE : (int32_t)kept;
        bool mine = c.label.n > 0 && map_get_text(m->contact_labels, c.label, &labelled) && labelled == (int64_t)i;
        if (mine && !map_put_text(m->contact_labels, c.label, drop ? JOIN_AMBIGUOUS : moved[i])) return join_nomem(err);
        if (!map_put_text(m->contacts, c.id, moved[i])) return join_nomem(err);
        if (drop) list->table[LINE_TABLE_CONTACTS].left_out++;
        else list->contacts[kept++] = c;
    }
    list->contact_count = kept;
    for (size_t i = 0; i < list->case_count; i++)
        if (list->cases[i].contact != LINE_NONE) list->cases[i].contact = moved[list->cases[i].contact];
    for (size_t i = 0; i < list->link_count; i++) {
        struct line_link *l = &list->links[i];
        if (l->from_end == LINE_END_CONTACT) l->from_index = moved[l->from_index];
        if (l->to_end == LINE_END_CONTACT) l->to_index = moved[l->to_index];
        if (l->from_end == LINE_END_CONTACT && l->from_index == LINE_NONE) l->from_end = LINE_END_UNKNOWN;
        if (l->to_end == LINE_END_CONTACT && l->to_index == LINE_NONE) l->to_end = LINE_END_UNKNOWN;
    }
    return TONG_OK;
}

static tong_code join_links(struct line_join *j, struct join_maps *m, struct err *err)
{
    struct linelist *list = j->list;
    size_t kept = 0;
    for (size_t i = 0; i < list->link_count; i++) {
        struct line_link *l = &list->links[i];
        bool good = !str_eq(l->from, l->to);
        if (!good) join_blame(j, LINE_F_LINK_SELF, l->table, l->line, l->from, 0);
        good = good && join_link_from(j, m, l);
        if (good) {
            tong_code code = join_link_to(j, m, l, &good, err);
            if (code != TONG_OK) return code;
        }
        // The two ends may be one person under identifier and label.
        if (good && l->from_end == l->to_end && l->from_index == l->to_index && l->from_index != LINE_NONE) {
            join_blame(j, LINE_F_LINK_SELF, l->table, l->line, l->from, 0);
            good = false;
        }
        int64_t own = LINE_NONE;
        if (l->table == LINE_TABLE_CONTACTS && map_get_text(m->contacts, l->to, &own)) {
            assert((size_t)own < m->listed); // a row of the contact file lists the contact it is about
            m->good[own] += good;
            m->bad[own] += !good;
        }
        if (good) {
            join_link_known(j, m, l);
            list->links[kept++] = *l;
        } else if (l->table == LINE_TABLE_LINKS) {
            list->table[LINE_TABLE_LINKS].left_out++;
        }
    }
    list->link_count = kept;
    tong_code code = join_implied(j, m, err);
    if (code == TONG_OK) code = join_drop(j, m, err);
    if (code != TONG_OK) return code;
    if (list->links_from_unknown > 0) {
        struct problem_at at = {j->file[LINE_TABLE_LINKS], 0, 0, NULL};
        problem_add(j->problems, at, &line_message[LINE_F_LINK_UNKNOWN_KEPT],
                    arena_printf(j->problems->arena, "%lld", (long long)list->links_from_unknown), NULL, NULL, NULL);
    }
    for (size_t i = 0; i < list->contact_count; i++)
        if (list->contacts[i].known_assumed) list->contacts[i].known = list->contacts[i].reported;
    for (size_t i = 0; i < list->link_count; i++) join_link_tells(list, &list->links[i]);
    for (size_t i = 0; i < list->contact_count; i++) {
        struct line_contact *c = &list->contacts[i];
        if (c->known_assumed)
            c->known = line_has(c->reported) ? c->reported : line_has(c->known) ? c->known : c->last_contact;
    }
    return line_cycle_find(list, j->file, j->problems, err);
}

// ---- follow-ups and results ----

static void join_followups(struct line_join *j, const struct join_maps *m)
{
    struct linelist *list = j->list;
    size_t kept = 0;
    for (size_t i = 0; i < list->followup_count; i++) {
        struct line_followup *f = &list->followups[i];
        f->contact_index = join_find(m->contacts, m->contact_labels, f->contact);
        f->case_index = join_find(m->cases, m->case_labels, f->contact);
        if (f->contact_index == LINE_NONE && f->case_index == LINE_NONE) {
            int64_t line = join_left_out(j, LINE_TABLE_CONTACTS, f->contact);
            join_blame(j, join_nobody(line, join_ambiguous(m, f->contact), LINE_F_FOLLOWUP_UNKNOWN),
                       LINE_TABLE_FOLLOWUPS, f->line, f->contact, line);
            list->table[LINE_TABLE_FOLLOWUPS].left_out++;
            continue;
        }
        if (!line_has(f->known)) f->known = f->day;
        list->followups[kept++] = *f;
    }
    list->followup_count = kept;
}

static void join_labs(struct line_join *j, const struct join_maps *m)
{
    struct linelist *list = j->list;
    size_t kept = 0;
    for (size_t i = 0; i < list->lab_count; i++) {
        struct line_lab *l = &list->labs[i];
        l->contact_index = join_find(m->contacts, m->contact_labels, l->person);
        l->case_index = join_find(m->cases, m->case_labels, l->person);
        if (l->contact_index == LINE_NONE && l->case_index == LINE_NONE) {
            int64_t line = join_left_out(j, LINE_TABLE_CASES, l->person);
            join_blame(j, join_nobody(line, join_ambiguous(m, l->person), LINE_F_LAB_UNKNOWN), LINE_TABLE_LABS, l->line,
                       l->person, line);
            list->table[LINE_TABLE_LABS].left_out++;
            continue;
        }
        if (!line_has(l->known)) l->known = line_later(l->sampled, l->resulted);
        list->labs[kept++] = *l;
    }
    list->lab_count = kept;
}

tong_code line_join(struct line_join *j, struct err *err)
{
    struct join_maps m = {.cases = map_open(),
                          .contacts = map_open(),
                          .gatherings = map_open(),
                          .case_labels = map_open(),
                          .contact_labels = map_open()};
    bool open = m.cases != NULL && m.contacts != NULL && m.gatherings != NULL && m.case_labels != NULL &&
                m.contact_labels != NULL;
    tong_code code = open ? join_people(j, &m, err) : join_nomem(err);
    if (code == TONG_OK) code = join_links(j, &m, err);
    if (code == TONG_OK) {
        join_followups(j, &m);
        join_labs(j, &m);
    }
    map_close(m.cases);
    map_close(m.contacts);
    map_close(m.gatherings);
    map_close(m.case_labels);
    map_close(m.contact_labels);
    return code;
}
