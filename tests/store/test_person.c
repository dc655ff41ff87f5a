#include "base/record_read.h"
#include "protocol/words.h"
#include "store/person.h"
#include "tap.h"

static struct arena arena;

static bool has(const struct problem_list *list, const char *slug)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].message->slug, slug) == 0) return true;
    return false;
}

static struct person_record person(void)
{
    struct person_record p = person_record_none();
    p.uid = STR("01890a5d-ac96-774b-bcce-b302099a8057");
    p.name = STR("王小明");
    p.guardian_name = STR("王大明");
    return p;
}

static const civil_day today = {19000}; // 2022-01-08

static size_t checked(const struct person_record *p, const char *slug, bool want_good)
{
    struct problem_list list = {.arena = &arena};
    bool good = person_check(p, today, &list, (struct problem_at){.file = ""});
    OK(good == want_good, "%s: %s", slug[0] == 0 ? "nothing wrong" : slug, want_good ? "taken" : "refused");
    if (slug[0] != 0) OK(has(&list, slug), "%s is said", slug);
    for (size_t i = 0; i < list.count; i++)
        for (int l = 0; l < LANG_COUNT; l++) {
            char *text = problem_text(&list.items[i], (lang)l, &arena);
            CHECK(text != NULL && text[0] != 0 && strstr(text, "王") == NULL, "no personal data in a message");
        }
    return list.count;
}

static civil_day day(const char *text)
{
    civil_day d = {CIVIL_DAY_NONE};
    (void)civil_parse(str_z(text), &d);
    return d;
}

static void test_check(void)
{
    struct person_record p = person();
    EQ_INT(checked(&p, "", true), 0, "a person with a name");
    p.name = STR("");
    (void)checked(&p, "name-missing", false);
    p.provisional = 1;
    (void)checked(&p, "description-missing", true);
    p.description = STR("about forty, a scar on the left hand");
    EQ_INT(checked(&p, "", true), 0, "without papers and described");
    p = person();
    p.born = day("2022-01-09");
    (void)checked(&p, "born-later", false);
    p.born = today;
    EQ_INT(checked(&p, "", true), 0, "born today");
    p.born = day("1900-01-01");
    (void)checked(&p, "born-long-ago", true);
    p.born = day("1980-05-05");
    p.born_year = 1981;
    (void)checked(&p, "born-year-differs", false);
    p = person();
    p.guardian_name = STR("");
    p.born = day("2004-01-09");
    (void)checked(&p, "guardian-missing", true);
    p.born = day("2004-01-08");
    EQ_INT(checked(&p, "", true), 0, "eighteen today");
    p.guardian = p.uid;
    (void)checked(&p, "guardian-self", false);
    p.guardian = STR("not a uid");
    (void)checked(&p, "uid-malformed", false);
    p = person();
    p.document_kind = STR("id_card");
    p.document = STR("11010519491231002x");
    p.born = day("1949-12-31");
    p.sex = PERSON_FEMALE;
    EQ_INT(checked(&p, "", true), 0, "an identity number that fits");
    p.sex = PERSON_MALE;
    (void)checked(&p, "id-card-sex", true);
    p.born = day("1949-12-30");
    (void)checked(&p, "id-card-born", true);
    p.document = STR("110105194912310021");
    (void)checked(&p, "id-card-check", true);
    p.document = STR("1101051949123100");
    (void)checked(&p, "id-card-length", true);
    p.document_kind = STR("");
    (void)checked(&p, "document-kind-missing", true);
    p = person();
    p.phone = STR("ask the neighbour");
    (void)checked(&p, "phone-malformed", true);
    p.phone = STR("12345678");
    (void)checked(&p, "phone-without-area", true);
    p = person();
    p.mail = STR("wang@example");
    (void)checked(&p, "mail-malformed", true);
    p = person();
    p.outside_id = STR("17");
    (void)checked(&p, "outside-half", false);
}

static void test_derived(void)
{
    struct person_record p = person();
    bool year_only = true;
    EQ_INT(person_born(&p, &year_only).d, CIVIL_DAY_NONE, "born unknown");
    p.born_year = 1970;
    EQ_INT(person_born(&p, &year_only).d, day("1970-07-01").d, "the middle of the year");
    OK(year_only && person_flags(&p) == PERSON_YEAR_ONLY, "only the year");
    p.document = STR("１１０１０５１９４９１２３１００２Ｘ");
    OK(person_normalise(&p, &arena) && str_eq_z(p.document_kind, "id_card"), "the kind of a number that is clear");
    EQ_INT(person_born(&p, &year_only).d, day("1949-12-31").d, "born as the identity number says");
    OK(!year_only, "to the day");
    p.name_latin = STR("WANG Xiaoming");
    p.called = STR("小明");
    struct str names = person_names(&p, &arena);
    OK(str_eq_z(names, "王小明\nwang xiaoming\n小明"), "all the names");
    struct str payload = payload_make(&person_record_kind, &p, &arena);
    OK(str_eq(person_names_of_payload(payload, &arena), names), "the same from the payload");
    p.name = STR("  Jose\xCC\x81 ");
    OK(person_normalise(&p, &arena) && str_eq_z(p.name, "José"), "names are composed");
}

// Every field of every table comes back from its payload, and an outsider's class hides it.
static void test_payload(void)
{
    struct person_record p = person(), back;
    struct err err = {0};
    p.called = STR("a \"quoted\" name\\ with\ttab, 换行\n, \x01 and \xF0\x9F\x98\x80");
    p.born = day("1980-02-29");
    p.born_year = 1980;
    p.sex = PERSON_SEX_OTHER;
    p.provisional = 0;
    struct str payload = payload_make(&person_record_kind, &p, &arena);
    OK(payload.p != NULL && strstr(payload.p, "null") == NULL && strstr(payload.p, "mail") == NULL,
       "what is absent costs nothing");
    EQ_INT(payload_read(&person_record_kind, payload, &arena, &back, &err), TONG_OK, "read");
    OK(str_eq(back.called, p.called) && back.born.d == p.born.d && back.born_year == 1980 && back.provisional == 0 &&
           back.sex == PERSON_SEX_OTHER && back.mail.n == 0,
       "the same");
    OK(str_eq(payload_text(payload, "called", &arena), p.called), "one text of it");
    OK(payload_text(payload, "mail", &arena).p == NULL && payload_text(payload, "born_year", &arena).p == NULL,
       "no such text");
    struct place_record place = place_record_none(), place_back;
    place.uid = p.uid;
    place.kind = PLACE_KIND_ESTATE;
    place.name = STR("阳光小区");
    place.latitude = 22.543096;
    place.longitude = -114.057865;
    place.closed = 1;
    payload = payload_make(&place_record_kind, &place, &arena);
    EQ_INT(payload_read(&place_record_kind, payload, &arena, &place_back, &err), TONG_OK, "a place");
    OK(place_back.kind == PLACE_KIND_ESTATE && place_back.latitude == place.latitude &&
           place_back.longitude == place.longitude && place_back.closed == 1 &&
           place_back.capacity == RECORD_INTEGER_NONE,
       "its numbers");
    struct gathering_record g = gathering_record_none(), g_back;
    g.begins = (utc_sec){1656400000};
    payload = payload_make(&gathering_record_kind, &g, &arena);
    EQ_INT(payload_read(&gathering_record_kind, payload, &arena, &g_back, &err), TONG_OK, "a gathering");
    OK(g_back.begins.s == 1656400000 && g_back.ends.s == INT64_MIN, "its instants");
    static const char *const broken[] = {"",
                                         "{",
                                         "}",
                                         "[]",
                                         "{\"a\"}",
                                         "{\"a\":}",
                                         "{\"a\":1,}",
                                         "{,\"a\":1}",
                                         "{\"a\" 1}",
                                         "{\"a\":[1]}",
                                         "{\"a\":\"x}",
                                         "{\"a\":1 \"b\":2}",
                                         "{\"name\":\"\\x\"}",
                                         "{\"name\":\"\\ud800\"}",
                                         "{\"name\":\"\\u12\"}"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        EQ_INT(payload_read(&person_record_kind, str_z(broken[i]), &arena, &back, &err), TONG_E_INVALID, "broken: %s",
               broken[i]);
    EQ_INT(payload_read(&person_record_kind,
                        STR(" { \"name\" : \"\\u738b\\ud83d\\ude00\" , \"later\": 1e3, \"sex\": \"no such\" } "),
                        &arena, &back, &err),
           TONG_OK, "white space, escapes, fields of a newer program");
    OK(str_eq_z(back.name, "王\xF0\x9F\x98\x80") && back.sex == RECORD_ENUM_NONE, "read past them");
}

static void test_classes(void)
{
    static const struct {
        const char *field;
        record_class class;
    } want[] = {
        {"name", RECORD_IDENTITY},           {"name_latin", RECORD_IDENTITY},      {"called", RECORD_IDENTITY},
        {"document", RECORD_IDENTITY},       {"phone", RECORD_IDENTITY},           {"phone_2", RECORD_IDENTITY},
        {"mail", RECORD_IDENTITY},           {"guardian_name", RECORD_IDENTITY},   {"guardian_phone", RECORD_IDENTITY},
        {"emergency_name", RECORD_IDENTITY}, {"emergency_phone", RECORD_IDENTITY}, {"description", RECORD_IDENTITY},
        {"address", RECORD_PERSONAL},        {"employer", RECORD_PERSONAL},        {"born", RECORD_PERSONAL}};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        bool found = false;
        for (size_t k = 0; k < person_record_kind.count; k++) {
            const struct record_field *f = &person_record_kind.fields[k];
            if (strcmp(f->name, want[i].field) != 0) continue;
            found = true;
            EQ_INT(f->class, want[i].class, "class of %s", f->name);
        }
        OK(found, "%s is a field", want[i].field);
    }
    for (size_t k = 0; k < person_record_kind.count; k++) {
        const struct record_field *f = &person_record_kind.fields[k];
        CHECK(f->class >= RECORD_INTERNAL, "%s is not public", f->name);
        CHECK(f->label.text[LANG_EN][0] != 0 && f->label.text[LANG_ZH][0] != 0, "%s has labels", f->name);
    }
}

static void test_places(void)
{
    for (int32_t k = 0; k < PLACE_KIND_COUNT; k++) {
        struct place_kind_word w = place_kind_at(k);
        CHECK(place_kind_find(str_z(w.name)) == k, "%s", w.name);
        if (w.word >= 0) CHECK(place_kind_of_word(w.word) >= 0, "%s means a kind", w.name);
    }
    EQ_INT(place_kind_of_word(PLACE_HOME), PLACE_KIND_HOUSEHOLD, "home");
    EQ_INT(place_kind_of_word(PLACE_VENUE), PLACE_KIND_VENUE, "a venue is called so first");
    EQ_INT(place_kind_of_word(PLACE_WHERE_THEY_ARE), -1, "where they are");
    EQ_INT(place_kind_of_word(PLACE_RING), -1, "a ring");
    EQ_INT(place_kind_of_word(99), -1, "no word");
    EQ_INT(place_kind_find(STR("castle")), -1, "no kind");
}

static void test_uid(void)
{
    unsigned char uid[UID_BYTES], back[UID_BYTES], random[UID_RANDOM] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                                                   later[UID_BYTES];
    char text[UID_TEXT];
    // RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z, 017F22E2-79B0-7CC3-98C4-DC0C0C07398F.
    static const unsigned char rfc[UID_RANDOM] = {0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
    uid_make((utc_sec){1645557742}, 0, rfc, uid);
    uid_format(uid, text);
    EQ_TEXT(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "the example of RFC 9562");
    OK(uid_parse(STR("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), back) && memcmp(uid, back, sizeof uid) == 0,
       "capitals or not");
    for (int64_t s = 0; s < 100000; s += 999) {
        uid_make((utc_sec){1645557742 + s}, (int32_t)(s % 1000), random, uid);
        uid_make((utc_sec){1645557742 + s + 1}, 0, random, later);
        uid_format(uid, text);
        CHECK(uid_parse(str_z(text), back) && memcmp(uid, back, sizeof uid) == 0, "there and back");
        CHECK(memcmp(uid, later, sizeof uid) < 0, "later ones sort later");
    }
    static const char *const wrong[] = {"",
                                        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                                        "017f22e279b07cc398c4dc0c0c07398f0000",
                                        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                                        "017f22e2+79b0-7cc3-98c4-dc0c0c07398f",
                                        "00000000-0000-0000-0000-000000000000",
                                        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        OK(!uid_parse(str_z(wrong[i]), back), "not a uid: %s", wrong[i]);
}

int main(void)
{
    test_check();
    test_derived();
    test_payload();
    test_classes();
    test_places();
    test_uid();
    arena_free(&arena);
    return tap_done();
}
