// Who may do what: the table of roles against what is written down here independently, then every role x right x scope.
#include "service/rights.h"
#include "store/place.h"
#include "store/roll.h"
#include "tap.h"

static const utc_sec now = {1700000000};

// district 1 > subdistrict 2 > community 3; district 4 beside it; community 5 under it
static struct roll *tree(void)
{
    struct roll *r = roll_open();
    if (r == NULL) return NULL;
    roll_write_begin(r);
    bool good = roll_place_put(r, 1, 0, PLACE_KIND_DISTRICT) && roll_place_put(r, 2, 1, PLACE_KIND_SUBDISTRICT) &&
                roll_place_put(r, 3, 2, PLACE_KIND_COMMUNITY) && roll_place_put(r, 4, 0, PLACE_KIND_DISTRICT) &&
                roll_place_put(r, 5, 4, PLACE_KIND_COMMUNITY);
    roll_write_end(r);
    CHECK(good, "the tree of places");
    return r;
}

// Written a second time, from the issue and operations.md rather than from the table: what must never be, and what must be.
static void the_rules(void)
{
    for (size_t i = 0; role_at(i) >= 0; i++) {
        int32_t role = role_at(i);
        const char *name = role_word_at(role)->word;
        bool serves_contacts = role == ROLE_FOLLOW_UP_WORKER || role == ROLE_COMMUNITY_WORKER || role == ROLE_SAMPLER ||
                               role == ROLE_HEALTH_CENTRE || role == ROLE_QUARANTINE_SITE || role == ROLE_TRANSPORT ||
                               role == ROLE_GRID_TEAM || role == ROLE_LOGISTICS || role == ROLE_PSYCHOLOGIST ||
                               role == ROLE_POLICE || role == ACCOUNT_ROLE_GATE || role == ACCOUNT_ROLE_NURSE;
        CHECK(!serves_contacts || !role_has(role, RIGHT_SOURCE_SEE), "%s serves contacts and sees no source", name);
        CHECK(!(role_has(role, RIGHT_ORDER_SIGN) && role_has(role, RIGHT_OBJECTION_DECIDE)),
              "%s does not decide about its own orders", name);
        CHECK(!role_has(role, RIGHT_ORDER_SIGN) || role == ROLE_COMMANDER || role == ROLE_HEALTH_OFFICER ||
                  role == ROLE_DISTRICT_COMMAND || role == ROLE_CITY_COMMAND || role == ROLE_PROVINCE_COMMAND ||
                  role == ROLE_NATIONAL, "%s signs orders", name);
        CHECK(!role_has(role, RIGHT_OBJECTION_DECIDE) || role == ROLE_APPEALS || role == ROLE_COURT, "%s decides", name);
        CHECK(!role_has(role, RIGHT_ACCOUNT_WRITE) || role == ACCOUNT_ROLE_ADMINISTRATOR, "%s gives rights", name);
        CHECK(!role_has(role, RIGHT_AUDIT_SEE) || role == ACCOUNT_ROLE_AUDITOR, "%s sees the audit", name);
        CHECK(!role_has(role, RIGHT_ERASE) || role == ROLE_HEALTH_OFFICER, "%s erases", name);
        CHECK(!role_has(role, RIGHT_RESULT_WRITE) || role == ROLE_LABORATORY || role == ACCOUNT_ROLE_FEED, "%s reports results", name);
        CHECK(!role_has(role, RIGHT_CASE_SEE) || role_has(role, RIGHT_PERSON_SEE), "%s sees cases, so courses", name);
        CHECK(!role_has(role, RIGHT_TASK_DO) || role_has(role, RIGHT_TASK_SEE), "%s sees the tasks it does", name);
        CHECK(role_has(role, RIGHT_PROTOCOL_SEE) && role_has(role, RIGHT_OPEN) && role_has(role, RIGHT_SIGNED_IN),
              "%s may read the rules", name);
        CHECK(!role_has(role, RIGHT_NONE) && !role_has(role, RIGHT_WORD_COUNT), "%s has no undeclared right", name);
        CHECK(!roles_conflict(role, role), "%s is at peace with itself", name);
    }
    static const right_word administrator_not[] = {RIGHT_PERSON_FIND, RIGHT_PERSON_SEE, RIGHT_PERSON_IDENTITY, RIGHT_CASE_SEE,
        RIGHT_CONTACT_SEE, RIGHT_SOURCE_SEE, RIGHT_FACT_RECORD, RIGHT_ORDER_SIGN, RIGHT_TASK_SEE, RIGHT_SAMPLE_SEE, RIGHT_AUDIT_SEE};
    for (size_t i = 0; i < sizeof administrator_not / sizeof administrator_not[0]; i++)
        CHECK(!role_has(ACCOUNT_ROLE_ADMINISTRATOR, administrator_not[i]), "the administrator has not %s",
              right_at(administrator_not[i])->word);
    for (int r = RIGHT_NONE + 1; r < RIGHT_WORD_COUNT; r++) {
        const char *word = right_at((right_word)r)->word;
        size_t n = strlen(word);
        bool changes = (n > 6 && strcmp(word + n - 6, "_write") == 0) || r == RIGHT_FACT_RECORD || r == RIGHT_FACT_CORRECT ||
                       r == RIGHT_TASK_DO || r == RIGHT_TASK_ASSIGN || r == RIGHT_ORDER_SIGN || r == RIGHT_OBJECT ||
                       r == RIGHT_OBJECTION_DECIDE || r == RIGHT_HAND_OVER || r == RIGHT_PROTOCOL_SIGN || r == RIGHT_IMPORT ||
                       r == RIGHT_MERGE || r == RIGHT_ERASE || r == RIGHT_RUN || r == RIGHT_CONFIRM;
        CHECK(!(changes && role_has(ACCOUNT_ROLE_AUDITOR, (right_word)r)), "the auditor does not change: %s", word);
        bool reads = n > 4 && strcmp(word + n - 4, "_see") == 0 && r != RIGHT_PROTOCOL_SEE;
        CHECK(!(reads && role_has(ACCOUNT_ROLE_FEED, (right_word)r)), "an outside system does not read: %s", word);
        size_t holders = 0;
        for (size_t i = 0; role_at(i) >= 0; i++) holders += role_has(role_at(i), (right_word)r);
        CHECK(holders > 0, "somebody has %s", word);
    }
    OK(!role_has(ROLE_LABORATORY, RIGHT_PERSON_FIND) && !role_has(ROLE_LABORATORY, RIGHT_PERSON_IDENTITY) &&
           !role_has(ROLE_LABORATORY, RIGHT_PERSON_SEE) && role_has(ROLE_LABORATORY, RIGHT_SAMPLE_SEE),
       "the laboratory sees samples by code, and no names");
    OK(!role_has(ROLE_FOLLOW_UP_WORKER, RIGHT_CASE_SEE) && role_has(ROLE_FOLLOW_UP_WORKER, RIGHT_CONTACT_SEE),
       "who follows contacts up sees contacts and no cases");
    OK(!role_has(ACCOUNT_ROLE_EPIDEMIOLOGIST, RIGHT_PERSON_IDENTITY) && role_has(ACCOUNT_ROLE_EPIDEMIOLOGIST, RIGHT_SOURCE_SEE),
       "chains are studied without names");
}

static void the_words(void)
{
    OK(role_find(STR("commander")) == ROLE_COMMANDER && role_find(STR("auditor")) == ACCOUNT_ROLE_AUDITOR, "roles by name");
    OK(role_find(STR("person")) < 0 && role_find(STR("residents")) < 0 && role_find(STR("own_contacts")) < 0 &&
           role_find(STR("")) < 0 && role_find(STR("Commander")) < 0, "what is no role of an account is not found");
    size_t grantable = 0;
    for (int32_t role = -1; role < ACCOUNT_ROLE_END + 2; role++) {
        grantable += role_grantable(role);
        CHECK(!role_grantable(role) || (role_word_at(role) != NULL && role_reason(role) != NULL), "role %d has words", role);
        CHECK(role_grantable(role) || role_reason(role) == NULL, "role %d has no reason", role);
        CHECK(!role_grantable(role) || role_find(str_z(role_word_at(role)->word)) == role, "role %d by its name", role);
    }
    size_t listed = 0;
    while (role_at(listed) >= 0) listed++;
    EQ_INT(listed, grantable, "every role stands in the table once");
    OK(role_word_at(ROLE_PERSON) != NULL && role_word_at(ROLE_WORD_COUNT) == NULL && role_word_at(ACCOUNT_ROLE_END) == NULL,
       "words of roles");
    OK(strcmp(right_at(RIGHT_NONE)->word, "none") == 0 && strcmp(right_at(RIGHT_RUN)->word, "run") == 0, "words of rights");
}

enum { IN, BESIDE, ABOVE, NOWHERE, EVERYWHERE, SCOPES };
static const char *const scope_name[SCOPES] = {"inside", "beside", "above", "unknown place", "everywhere"};
enum { LASTS, OVER, NOT_YET, NONE, ENDS_NOW, BEGINS_NOW, TIMES };
static const char *const time_name[TIMES] = {"in force", "expired", "not yet", "none", "ends now", "begins now"};

static struct actor actor_with(int32_t role, int scope, int when)
{
    struct actor a = {.account = 7, .second_factor = true, .grant_count = when == NONE ? 0 : 1};
    a.grant[0] = (struct grant){.role = role, .place = scope == EVERYWHERE ? 0 : 2, .begins = {now.s - 100}, .ends = {now.s + 100}};
    if (when == OVER) a.grant[0].ends.s = now.s - 1;
    if (when == ENDS_NOW) a.grant[0].ends = now;
    if (when == NOT_YET) a.grant[0].begins.s = now.s + 1;
    if (when == BEGINS_NOW) a.grant[0].begins = now;
    return a;
}

// Where the thing asked about lies, when the grant is for subdistrict 2.
static const int64_t scope_place[SCOPES] = {3, 5, 1, 0, 5};

static void every_role_right_and_scope(const struct roll *roll)
{
    for (size_t i = 0; role_at(i) >= 0; i++)
        for (int r = RIGHT_NONE; r <= RIGHT_WORD_COUNT; r++)
            for (int scope = 0; scope < SCOPES; scope++)
                for (int when = 0; when < TIMES; when++) {
                    int32_t role = role_at(i);
                    struct actor a = actor_with(role, scope, when);
                    bool free = r == RIGHT_OPEN || r == RIGHT_SIGNED_IN;
                    bool lasts = when == LASTS || when == BEGINS_NOW;
                    bool has = role_has(role, (right_word)r) && r != RIGHT_OWN && lasts; // OWN: see below, nobody's here
                    bool there = scope == IN || scope == EVERYWHERE;
                    CHECK(actor_may(&a, (right_word)r, now) == (free || has), "%s %d %s", role_word_at(role)->word, r, time_name[when]);
                    CHECK(actor_reaches(&a, (right_word)r, now, roll, scope_place[scope]) == (free || (has && there)),
                          "%s %d %s %s", role_word_at(role)->word, r, scope_name[scope], time_name[when]);
                    CHECK(actor_is(&a, role, now, roll, scope_place[scope]) == (lasts && there), "is %s", role_word_at(role)->word);
                    int64_t places[2] = {0};
                    bool everywhere = false;
                    size_t n = actor_scopes(&a, (right_word)r, now, places, 2, &everywhere);
                    bool carried = role_has(role, (right_word)r) && lasts;
                    CHECK(everywhere == (carried && scope == EVERYWHERE), "everywhere");
                    CHECK(n == (carried && scope != EVERYWHERE ? 1U : 0U) && (n == 0 || places[0] == 2), "its place");
                }
}

// The same table for whoever is not wholly signed in.
static void downgraded(const struct roll *roll)
{
    for (size_t i = 0; role_at(i) >= 0; i++)
        for (int r = RIGHT_NONE + 1; r < RIGHT_WORD_COUNT; r++) {
            int32_t role = role_at(i);
            bool free = r == RIGHT_OPEN || r == RIGHT_SIGNED_IN, has = role_has(role, (right_word)r) && r != RIGHT_OWN;
            struct actor a = actor_with(role, EVERYWHERE, LASTS);
            a.second_factor = false;
            bool weak = !role_needs_second_factor(role);
            CHECK(actor_may(&a, (right_word)r, now) == (free || (has && weak)), "%s without second factor", role_word_at(role)->word);
            CHECK(actor_reaches(&a, (right_word)r, now, roll, 3) == (free || (has && weak)), "reaches without second factor");
            CHECK(actor_needs_second_factor(&a, now) == !weak, "%s is asked for it", role_word_at(role)->word);
            a.second_factor = true;
            a.must_change = true;
            CHECK(actor_may(&a, (right_word)r, now) == free, "%s with a one-time password", role_word_at(role)->word);
            a.must_change = false;
            a.account = 0;
            CHECK(actor_may(&a, (right_word)r, now) == (r == RIGHT_OPEN), "%s not signed in", role_word_at(role)->word);
            CHECK(!actor_is(&a, role, now, roll, 3), "nobody is no %s", role_word_at(role)->word);
        }
    struct actor a = {.account = 7, .person = 70};
    OK(actor_may(&a, RIGHT_OWN, now), "one's own record needs no grant");
    a.must_change = true;
    OK(!actor_may(&a, RIGHT_OWN, now), "but a password of one's own");
    a = (struct actor){.account = 7};
    OK(!actor_may(&a, RIGHT_OWN, now), "and a record");
    a = actor_with(ROLE_COMMANDER, EVERYWHERE, OVER);
    a.second_factor = false;
    OK(!actor_needs_second_factor(&a, now), "what has expired asks for no second factor");
}

static void second_factors(void)
{
    static const int32_t must[] = {ACCOUNT_ROLE_ADMINISTRATOR, ACCOUNT_ROLE_AUDITOR, ROLE_COMMANDER, ROLE_HEALTH_OFFICER,
                                   ROLE_APPEALS, ROLE_COURT, ROLE_CASE_INVESTIGATOR, ACCOUNT_ROLE_EPIDEMIOLOGIST, ROLE_NATIONAL};
    static const int32_t need_not[] = {ROLE_FOLLOW_UP_WORKER, ROLE_SAMPLER, ROLE_COMMUNITY_WORKER, ROLE_TRANSPORT,
                                       ACCOUNT_ROLE_GATE, ACCOUNT_ROLE_RESIDENT, ACCOUNT_ROLE_FEED, ROLE_LABORATORY};
    for (size_t i = 0; i < sizeof must / sizeof must[0]; i++)
        CHECK(role_needs_second_factor(must[i]), "%s needs a second factor", role_word_at(must[i])->word);
    for (size_t i = 0; i < sizeof need_not / sizeof need_not[0]; i++)
        CHECK(!role_needs_second_factor(need_not[i]), "%s works with one", role_word_at(need_not[i])->word);
}

static void signing(const struct roll *roll)
{
    struct actor a = actor_with(ROLE_DISTRICT_COMMAND, IN, LASTS);
    OK(actor_signs(&a, ROLE_DISTRICT_COMMAND, now, roll, 3), "whom the protocol names signs");
    OK(!actor_signs(&a, ROLE_CITY_COMMAND, now, roll, 3) && !actor_signs(&a, ROLE_HEALTH_OFFICER, now, roll, 3),
       "for another role they do not");
    OK(!actor_signs(&a, ROLE_DISTRICT_COMMAND, now, roll, 5), "nor beside their district");
    OK(actor_signs(&a, ROLE_WORD_COUNT, now, roll, 3), "where nobody is named whoever signs at all");
    OK(!actor_decides(&a, ROLE_APPEALS, now, roll, 3) && !actor_decides(&a, ROLE_DISTRICT_COMMAND, now, roll, 3) &&
           !actor_decides(&a, ROLE_WORD_COUNT, now, roll, 3), "who signs decides no objections");
    struct actor b = actor_with(ROLE_APPEALS, EVERYWHERE, LASTS);
    OK(actor_decides(&b, ROLE_APPEALS, now, roll, 3) && !actor_decides(&b, ROLE_COURT, now, roll, 3), "appeals decides, not the court");
    OK(!actor_signs(&b, ROLE_APPEALS, now, roll, 3) && !actor_signs(&b, ROLE_WORD_COUNT, now, roll, 3), "appeals signs nothing");
    struct actor c = actor_with(ROLE_FOLLOW_UP_WORKER, EVERYWHERE, LASTS);
    OK(!actor_signs(&c, ROLE_FOLLOW_UP_WORKER, now, roll, 3), "a role without the right does not sign, whatever a protocol says");
    OK(roles_conflict(ROLE_APPEALS, ROLE_COMMANDER) && roles_conflict(ROLE_COMMANDER, ROLE_APPEALS) &&
           roles_conflict(ACCOUNT_ROLE_ADMINISTRATOR, ROLE_HEALTH_OFFICER) &&
           roles_conflict(ACCOUNT_ROLE_AUDITOR, ACCOUNT_ROLE_ADMINISTRATOR) && roles_conflict(ACCOUNT_ROLE_AUDITOR, ROLE_SAMPLER),
       "who watches and who is watched are two accounts");
    OK(!roles_conflict(ROLE_COMMANDER, ROLE_HEALTH_OFFICER) && !roles_conflict(ROLE_SAMPLER, ROLE_FOLLOW_UP_WORKER) &&
           !roles_conflict(ACCOUNT_ROLE_ADMINISTRATOR, ACCOUNT_ROLE_RESIDENT) && !roles_conflict(-1, ROLE_COURT),
       "others may be one");
}

static void classes(const struct roll *roll)
{
    struct actor a = {.account = 7, .second_factor = true, .grant_count = 2};
    a.grant[0] = (struct grant){.role = ROLE_FOLLOW_UP_WORKER, .place = 2, .ends = UTC_NONE};
    a.grant[1] = (struct grant){.role = ACCOUNT_ROLE_EPIDEMIOLOGIST, .place = 4, .ends = UTC_NONE};
    EQ_INT(actor_class(&a, now, roll, 3), RECORD_IDENTITY, "names where one follows up");
    EQ_INT(actor_class(&a, now, roll, 5), RECORD_PERSONAL, "courses without names where one studies");
    EQ_INT(actor_class(&a, now, roll, 1), RECORD_PUBLIC, "above one's place nothing");
    EQ_INT(actor_class(&a, now, roll, 0), RECORD_PUBLIC, "of who lives nobody knows where nothing");
    bool everywhere = true;
    int64_t places[4];
    EQ_INT(actor_scopes(&a, RIGHT_PERSON_SEE, now, places, 4, &everywhere), 2, "two scopes");
    OK(!everywhere && places[0] == 2 && places[1] == 4, "each once, in their order");
    EQ_INT(actor_scopes(&a, RIGHT_PERSON_SEE, now, places, 1, &everywhere), 1, "as many as there is room for");
    a.grant[1].place = 2;
    EQ_INT(actor_scopes(&a, RIGHT_PERSON_SEE, now, places, 4, &everywhere), 1, "one place given twice is one scope");
    a.grant[1].place = 0;
    EQ_INT(actor_scopes(&a, RIGHT_PERSON_SEE, now, places, 4, &everywhere), 0, "no list of places");
    OK(everywhere, "when one has no bounds");
}

int main(void)
{
    struct roll *roll = tree();
    if (!OK(roll != NULL, "a roll")) return tap_done();
    the_rules();
    the_words();
    every_role_right_and_scope(roll);
    downgraded(roll);
    second_factors();
    signing(roll);
    classes(roll);
    roll_close(roll);
    return tap_done();
}
