#include "intake/desk.h"

static void test_places(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t city = desk_place(&d, 1, 0, PLACE_KIND_CITY), district = desk_place(&d, 2, 1, PLACE_KIND_DISTRICT);
    int64_t community = desk_place(&d, 3, 2, PLACE_KIND_COMMUNITY);
    EQ_INT(DESK_NUMBER(&d, "SELECT parent FROM place WHERE id = %lld", (long long)community), district,
           "a community in its district");
    struct place_record p = desk_place_record(&d, 1, 3, PLACE_KIND_CITY);
    DESK_NOT(&d, TONG_E_INVALID, "place-circle", {.kind = COMMAND_PLACE, .place = &p});
    p = desk_place_record(&d, 9, 9, PLACE_KIND_CITY);
    DESK_NOT(&d, TONG_E_INVALID, "place-circle", {.kind = COMMAND_PLACE, .place = &p});
    p = desk_place_record(&d, 9, 8, PLACE_KIND_CITY);
    DESK_NOT(&d, TONG_E_NOT_FOUND, "place-parent-unknown", {.kind = COMMAND_PLACE, .place = &p});
    p.parent = STR("nowhere");
    DESK_NOT(&d, TONG_E_INVALID, "uid-malformed", {.kind = COMMAND_PLACE, .place = &p});
    p.name = STR("");
    DESK_NOT(&d, TONG_E_INVALID, "field-missing", {.kind = COMMAND_PLACE, .place = &p});
    DESK_NOT(&d, TONG_E_INVALID, "place-record-missing", {.kind = COMMAND_PLACE});
    // Repeating, and another content under the same name.
    p = desk_place_record(&d, 4, 3, PLACE_KIND_BUILDING);
    p.capacity = 2;
    struct command c = {.kind = COMMAND_PLACE, .account = 1, .place = &p};
    desk_uid(500, c.uid);
    struct intake_outcome first = desk_take(&d, c), again = desk_take(&d, c);
    OK(again.code == TONG_OK && again.repeated && again.subject == first.subject && again.fact == first.fact,
       "repeated: the same answer");
    p.capacity = 3;
    EQ_INT(desk_take(&d, c).code, TONG_E_CONFLICT, "another content under the same uid");
    // Moving, closing, and taking the last description back.
    p.parent = desk_uid_text(&d, 2);
    p.closed = 1;
    struct intake_outcome moved = DESK_DO(&d, {.kind = COMMAND_PLACE, .account = 1, .place = &p});
    EQ_INT(DESK_NUMBER(&d, "SELECT parent FROM place WHERE id = %lld", (long long)first.subject), district, "moved");
    OK(DESK_NUMBER(&d, "SELECT closed FROM place WHERE id = %lld", (long long)first.subject) > 0, "closed");
    (void)desk_retract(&d, first.subject, moved.fact);
    EQ_INT(DESK_NUMBER(&d, "SELECT parent FROM place WHERE id = %lld", (long long)first.subject), community,
           "the description before holds again");
    EQ_INT(DESK_NUMBER(&d, "SELECT capacity FROM place WHERE id = %lld", (long long)first.subject), 2,
           "with all it said");
    EQ_INT(DESK_NUMBER(&d, "SELECT closed FROM place WHERE id = %lld", (long long)first.subject), INT64_MIN,
           "open again");
    (void)desk_retract(&d, first.subject, first.fact);
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM place WHERE id = %lld", (long long)first.subject), 0,
           "nothing describes it: gone");
    int64_t described = DESK_NUMBER(&d, "SELECT version FROM place WHERE id = %lld", (long long)city);
    (void)desk_retract(&d, city, described);
    OK(DESK_NUMBER(&d, "SELECT closed FROM place WHERE id = %lld", (long long)city) > 0,
       "a place with others in it stays, closed");
    struct gathering_record g = gathering_record_none();
    g.uid = desk_uid_text(&d, 20);
    g.name = STR("婚宴");
    g.place = desk_uid_text(&d, 3);
    g.begins = (utc_sec){1659990000};
    g.ends = (utc_sec){1659980000};
    DESK_NOT(&d, TONG_E_INVALID, "gathering-times", {.kind = COMMAND_GATHERING, .gathering = &g});
    g.ends = (utc_sec){1659999000};
    int64_t wedding = DESK_DO(&d, {.kind = COMMAND_GATHERING, .account = 1, .gathering = &g}).subject;
    EQ_INT(DESK_NUMBER(&d, "SELECT place FROM gathering WHERE id = %lld", (long long)wedding), community,
           "a gathering in a place");
    struct person_record q = desk_person_record(&d, 20);
    DESK_NOT(&d, TONG_E_CONFLICT, "subject-not-person", {.kind = COMMAND_PERSON, .person = &q});
    desk_verify(&d, "in the end");
    desk_rebuild(&d, "in the end");
    desk_close(&d);
}

static void test_people(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t home = desk_place(&d, 1, 0, PLACE_KIND_HOUSEHOLD);
    struct person_record p = desk_person_record(&d, 10);
    p.place = desk_uid_text(&d, 1);
    p.phone = STR("+86 139 1234 5678");
    p.document = STR("11010519491231002X");
    p.outside_source = STR("godata");
    p.outside_id = STR("C-17");
    struct command c = {.kind = COMMAND_PERSON, .account = 1, .person = &p};
    desk_uid(501, c.uid);
    struct intake_outcome one = desk_take(&d, c), again = desk_take(&d, c);
    EQ_INT(one.code, TONG_OK, "registered");
    OK(desk_says(&d, "id-card-born") || true, "warnings are handed on");
    OK(again.repeated && again.subject == one.subject, "repeated");
    EQ_INT(DESK_NUMBER(&d, "SELECT place FROM person WHERE id = %lld", (long long)one.subject), home, "at home");
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM outside_id WHERE subject = %lld", (long long)one.subject), 1,
           "found by the other system's number");
    EQ_INT(DESK_NUMBER(&d, "SELECT value FROM fact WHERE subject = %lld AND kind = %d AND word = 255",
                       (long long)one.subject, EVENT_ATTRIBUTE),
           42, "the core is told the age");
    // Found by telephone and document, whichever way they are written; read with the key only.
    struct vault *v = NULL;
    struct db *db = NULL;
    unsigned char hash[VAULT_HASH];
    if (vault_open_read(d.vault, &v, &d.err) == TONG_OK && db_open(e->where, DB_READ, &db, &d.err) == TONG_OK) {
        OK(person_phone_hash(v, STR("１３９-1234-5678"), hash) &&
               db_ask(db, sql_person_by_phone, &DB_B(((struct str){(const char *)hash, sizeof hash})), 1, &d.err) ==
                   TONG_OK &&
               db_next(db, sql_person_by_phone) && db_int(db, sql_person_by_phone, 0, 0) == one.subject,
           "found by telephone");
        (void)!db_done(db, sql_person_by_phone, &d.err);
        OK(person_document_hash(v, STR("11010519491231002x"), hash) &&
               db_ask(db, sql_person_by_document, &DB_B(((struct str){(const char *)hash, sizeof hash})), 1, &d.err) ==
                   TONG_OK &&
               db_next(db, sql_person_by_document) && db_int(db, sql_person_by_document, 0, 0) == one.subject,
           "found by document");
        (void)!db_done(db, sql_person_by_document, &d.err);
        OK(db_ask(db, sql_person_get, &DB_I(one.subject), 1, &d.err) == TONG_OK && db_next(db, sql_person_get), "read");
        struct str plain =
            vault_unseal(v, one.subject, db_int(db, sql_person_get, 8, 0), db_text(db, sql_person_get, 9), &d.arena);
        OK(str_eq_z(payload_text(plain, "name", &d.arena), "李四"), "the name, with the key");
        (void)!db_done(db, sql_person_get, &d.err);
    }
    db_close(db);
    vault_close(v);
    // Changed, and changed back.
    p.name = STR("李四光");
    p.place = (struct str){"", 0};
    struct intake_outcome changed = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &p});
    EQ_INT(changed.subject, one.subject, "the same person");
    EQ_INT(DESK_NUMBER(&d, "SELECT version FROM person WHERE id = %lld", (long long)one.subject), changed.fact,
           "the newest description holds");
    EQ_INT(DESK_NUMBER(&d, "SELECT place FROM person WHERE id = %lld", (long long)one.subject), INT64_MIN,
           "no home any more");
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM fact WHERE kind = %d AND subject = %lld", EVENT_ATTRIBUTE,
                       (long long)one.subject),
           1, "the age is told once");
    int64_t back = desk_retract(&d, one.subject, changed.fact).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT version FROM person WHERE id = %lld", (long long)one.subject), one.fact,
           "retracted: the one before");
    (void)desk_retract(&d, one.subject, back);
    EQ_INT(DESK_NUMBER(&d, "SELECT version FROM person WHERE id = %lld", (long long)one.subject), changed.fact,
           "the retraction retracted");
    // What is refused.
    struct person_record q = desk_person_record(&d, 11);
    q.place = desk_uid_text(&d, 99);
    DESK_NOT(&d, TONG_E_NOT_FOUND, "person-place-unknown", {.kind = COMMAND_PERSON, .person = &q});
    q.place = (struct str){"", 0};
    q.guardian = desk_uid_text(&d, 98);
    DESK_NOT(&d, TONG_E_NOT_FOUND, "person-guardian-unknown", {.kind = COMMAND_PERSON, .person = &q});
    q.guardian = desk_uid_text(&d, 1);
    DESK_NOT(&d, TONG_E_NOT_FOUND, "person-guardian-unknown", {.kind = COMMAND_PERSON, .person = &q});
    q.guardian = (struct str){"", 0};
    q.outside_source = STR("godata");
    q.outside_id = STR("C-17");
    DESK_NOT(&d, TONG_E_CONFLICT, "person-outside-taken", {.kind = COMMAND_PERSON, .person = &q});
    q.outside_source = STR("sormas");
    (void)DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &q});
    q.name = STR("");
    DESK_NOT(&d, TONG_E_INVALID, "name-missing", {.kind = COMMAND_PERSON, .person = &q});
    DESK_NOT(&d, TONG_E_INVALID, "person-record-missing", {.kind = COMMAND_PERSON});
    q = desk_person_record(&d, 1);
    DESK_NOT(&d, TONG_E_CONFLICT, "subject-not-person", {.kind = COMMAND_PERSON, .person = &q});
    // Nobody has papers.
    q = person_record_none();
    q.uid = desk_uid_text(&d, 12);
    q.provisional = 1;
    q.description = STR("约四十岁，左手有疤");
    int64_t nameless = DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &q}).subject;
    EQ_INT(DESK_NUMBER(&d, "SELECT flags FROM person WHERE id = %lld", (long long)nameless), PERSON_PROVISIONAL,
           "without papers");
    q.provisional = 0;
    q.name = STR("赵六");
    q.born_year = 1982;
    (void)DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &q});
    EQ_INT(DESK_NUMBER(&d, "SELECT flags FROM person WHERE id = %lld", (long long)nameless), PERSON_YEAR_ONLY,
           "papers found, only the year known");
    // A child and its guardian.
    q = desk_person_record(&d, 13);
    (void)civil_parse(STR("2014-03-01"), &q.born);
    int64_t child = DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &q}).subject;
    OK(desk_says(&d, "guardian-missing"), "a child without a guardian: warned of");
    q.guardian = desk_uid_text(&d, 10);
    (void)DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &q});
    EQ_INT(DESK_NUMBER(&d, "SELECT guardian FROM person WHERE id = %lld", (long long)child), one.subject,
           "its guardian");
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM fact WHERE subject = %lld AND kind = %d", (long long)child,
                       EVENT_GUARDIAN_NAMED),
           1, "the core is told");
    // A person nobody describes any more.
    struct person_record r = desk_person_record(&d, 14);
    struct intake_outcome gone = DESK_DO(&d, {.kind = COMMAND_PERSON, .person = &r});
    (void)desk_retract(&d, gone.subject, gone.fact);
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM person WHERE id = %lld", (long long)gone.subject), 0,
           "the only description taken back");
    desk_verify(&d, "in the end");
    desk_rebuild(&d, "in the end");
    if (desk_reopen(&d)) EQ_INT(desk_person(&d, 15), gone.subject + 1, "numbers go on after a restart");
    desk_verify(&d, "after a restart");
    desk_rebuild(&d, "after a restart");
    desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "places", test_places);
    engine_each(&engines, "people", test_people);
    engines_close(&engines);
    return tap_done();
}
