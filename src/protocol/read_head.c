#include "protocol/read_context.h"

#include <string.h>

static void read_identity(struct reader *r)
{
    struct protocol *p = &r->p;
    const struct yaml_node *family = read_need(r, r->root, "protocol"), *edition = read_need(r, r->root, "edition");
    const struct yaml_node *name = read_need(r, r->root, "name");
    p->origin = read_origin(r, edition != NULL ? edition : r->root);
    p->origin.path = "";
    p->family = read_copy(r, read_plain(r, family));
    p->edition = read_copy(r, read_plain(r, edition));
    for (const char *c = p->family; *c != 0; c++) {
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_') continue;
        read_fault(r, family, &read_fault_name_bad, p->family, NULL);
        break;
    }
    if (name != NULL) (void)read_label(r, name, &p->name);
}

static void read_jurisdiction(struct reader *r)
{
    const struct yaml_node *j = read_need(r, r->root, "jurisdiction");
    if (j == NULL || !read_is_map(r, j)) return;
    read_keys(r, j, "place zone");
    const struct yaml_node *place = read_need(r, j, "place"), *zone = read_need(r, j, "zone");
    r->p.place = read_copy(r, read_plain(r, place));
    if (zone == NULL) return;
    struct str name = read_plain(r, zone);
    struct err ignored;
    if (zone->kind == YAML_TEXT && zone_load(name, &r->p.zone, &ignored) != TONG_OK)
        read_fault(r, zone, &read_fault_zone_bad, read_z(r, name), NULL);
}

static void read_dates(struct reader *r)
{
    struct protocol *p = &r->p;
    const struct yaml_node *e = read_need(r, r->root, "effective"), *review = yaml_get(r->root, "review");
    if (e != NULL && read_is_map(r, e)) {
        p->effective_origin = read_origin(r, e);
        read_keys(r, e, "from until");
        const struct yaml_node *from = read_need(r, e, "from"), *until = yaml_get(e, "until");
        if (from != NULL) (void)read_day(r, from, &p->from);
        if (until != NULL && !yaml_is_null(until)) (void)read_day(r, until, &p->until);
    }
    if (review != NULL) (void)read_day(r, review, &p->review);
}

static void read_disease(struct reader *r)
{
    const struct yaml_node *d = read_need(r, r->root, "disease");
    if (d == NULL || !read_is_map(r, d)) return;
    read_keys(r, d, "name icd10 incubation episode");
    const struct yaml_node *name = read_need(r, d, "name"), *icd10 = yaml_get(d, "icd10");
    const struct yaml_node *incubation = read_need(r, d, "incubation"), *episode = yaml_get(d, "episode");
    r->p.disease = read_copy(r, read_plain(r, name));
    r->p.icd10 = read_copy(r, read_plain(r, icd10));
    int16_t days = read_days(r, incubation, 1, READ_DAYS_MOST);
    r->p.incubation_days = days == READ_BAD ? 0 : days;
    days = read_days(r, episode, 1, READ_DAYS_MOST);
    r->p.episode_days = days == READ_BAD ? 0 : days;
}

// ---- change of edition ----

// "pathway.stage"; false when there is not exactly one full stop with something on both sides.
static bool read_dotted(struct reader *r, struct str text, const char **pathway, const char **stage)
{
    struct str rest = text, first;
    if (!str_cut(&rest, '.', &first) || first.n == 0 || rest.n == 0 || memchr(rest.p, '.', rest.n) != NULL)
        return false;
    *pathway = read_copy(r, first);
    *stage = read_copy(r, rest);
    return true;
}

static void read_renames(struct reader *r, const struct yaml_node *stages)
{
    if (!read_is_map(r, stages)) return;
    for (const struct yaml_node *n = stages->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        struct stage_rename rename = {.origin = read_origin(r, n)};
        struct str to = read_plain(r, n);
        if (!read_dotted(r, n->key, &rename.from_pathway, &rename.from_stage)) {
            read_fault_key(r, n, &read_fault_change_to, n->key.p, NULL);
            continue;
        }
        if (!str_eq_z(to, "ends") && !read_dotted(r, to, &rename.to_pathway, &rename.to_stage)) {
            read_fault(r, n, &read_fault_change_to, read_z(r, to), NULL);
            continue;
        }
        struct stage_rename *slot = read_push(r, n, r->p.renames, &r->p.rename_count, READ_RENAMES_MAX, sizeof *slot);
        if (slot != NULL) *slot = rename;
    }
}

static void read_change(struct reader *r)
{
    static const char *const policies[] = {
        [CHANGE_FINISH] = "finish", [CHANGE_MOVE] = "move", [CHANGE_MOVE_IF_MILDER] = "move_if_milder"};
    const struct yaml_node *c = read_need(r, r->root, "change");
    if (c == NULL || !read_is_map(r, c)) return;
    read_keys(r, c, "running stages");
    const struct yaml_node *running = read_need(r, c, "running"), *stages = yaml_get(c, "stages");
    bool known = running == NULL;
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        if (!yaml_text_is(running, policies[i])) continue;
        r->p.change = (change_policy)i;
        known = true;
    }
    if (!known) read_fault(r, running, &read_fault_choice, read_z(r, yaml_text(running)), "finish move move_if_milder");
    if (stages != NULL) read_renames(r, stages);
}

// Stages of this edition that `change` leads to must exist; those it comes from belong to another edition.
static void read_rename_targets(struct reader *r)
{
    const struct yaml_node *stages = yaml_get(yaml_get(r->root, "change"), "stages");
    if (stages == NULL || stages->kind != YAML_MAP) return;
    for (const struct yaml_node *n = stages->first; n != NULL; n = n->next) {
        struct str rest = yaml_text(n), pathway;
        if (str_eq_z(rest, "ends") || str_eq_z(n->key, "source") || !str_cut(&rest, '.', &pathway)) continue;
        struct yaml_node part = *n;
        part.text = pathway;
        uint8_t w = read_pathway_name(r, &part);
        if (w == PROTOCOL_NONE) continue;
        part.text = rest;
        (void)read_stage_name(r, &part, w);
    }
}

// ---- what stands at the end of the file ----

void read_statuses(struct reader *r)
{
    const struct yaml_node *status = yaml_get(r->root, "status");
    if (status == NULL || !read_is_map(r, status)) return;
    for (const struct yaml_node *n = status->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        struct status_code code = {.label = LABEL("", "")};
        (void)read_name_good(r, n);
        (void)read_label(r, n, &code.label);
        code.name = read_copy(r, n->key);
        struct status_code *slot =
            read_push(r, n, r->p.statuses, &r->p.status_count, PROTOCOL_STATUS_MAX, sizeof *slot);
        if (slot != NULL) *slot = code;
    }
}

static void read_overrides(struct reader *r)
{
    const struct yaml_node *overrides = yaml_get(r->root, "overrides");
    if (overrides == NULL || !read_is_map(r, overrides)) return;
    read_keys(r, overrides, "care");
    const struct yaml_node *care = yaml_get(overrides, "care");
    r->p.overrides.care = care != NULL;
    r->p.overrides.roles = read_words(r, care, WORDS_ROLE);
}

static void read_retention(struct reader *r)
{
    const struct yaml_node *retention = yaml_get(r->root, "retention");
    if (retention == NULL || !read_is_map(r, retention)) return;
    read_keys(r, retention, "presence contact_identity facts");
    const struct {
        const char *key;
        int32_t *days;
    } parts[] = {
        {"presence", &r->p.retention.presence_days},
        {"contact_identity", &r->p.retention.contact_identity_days},
        {"facts", &r->p.retention.facts_days},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct yaml_node *n = yaml_get(retention, parts[i].key);
        int32_t days = n == NULL ? READ_BAD : read_long_days(r, n);
        if (days != READ_BAD) *parts[i].days = days;
    }
}

void read_head(struct reader *r)
{
    struct protocol *p = &r->p;
    p->from = p->until = p->review = (civil_day){CIVIL_DAY_NONE};
    p->family = p->edition = p->place = p->disease = p->icd10 = "";
    p->name = (struct label)LABEL("", "");
    zone_fixed(0, "UTC", &p->zone);
    read_keys(r, r->root,
              "protocol edition extends name jurisdiction effective review change disease sources results case window "
              "contacts pathways measures status overrides retention tasks on");
    read_sources(r);
    read_identity(r);
    read_jurisdiction(r);
    read_dates(r);
    read_change(r);
    read_disease(r);
}

void read_late_head(struct reader *r)
{
    read_overrides(r);
    read_retention(r);
    read_rename_targets(r);
}
