#include "store/identity.h"
#include "store/person.h"
#include "tap.h"

static void phone(const char *written, const char *want)
{
    char out[PHONE_TEXT] = "";
    bool good = phone_normalise(str_z(written), out);
    EQ_TEXT(good ? out : NULL, want, "telephone %s", written);
}

static void test_phone(void)
{
    phone("13912345678", "13912345678");
    phone("139 1234 5678", "13912345678");
    phone("139-1234-5678", "13912345678");
    phone("+86 139 1234 5678", "13912345678");
    phone("+8613912345678", "13912345678");
    phone("0086-13912345678", "13912345678");
    phone("8613912345678", "13912345678");
    phone("１３９１２３４５６７８", "13912345678");
    phone("（＋８６）１３９　１２３４　５６７８", "13912345678");
    phone("010-12345678", "01012345678");
    phone("(010) 1234 5678", "01012345678");
    phone("+86 10 1234 5678", "01012345678");
    phone("0755–23456789转801", "075523456789");
    phone("021-12345678 ext. 5", "02112345678");
    phone("400-810-1234", "4008101234");
    phone("+86 400 810 1234", "4008101234");
    phone("+44 20 7123 4567", "+442071234567");
    phone("0044 20 7123 4567", "+442071234567");
    phone("12345678", "12345678");
    phone("", NULL);
    phone("无", NULL);
    phone("12345", NULL);
    phone("1391234567a", NULL);
    phone("+12345678901234567", NULL);
    phone("13912345678 13912345679 13912345670", NULL);
}

static void fold(const char *written, const char *want)
{
    struct arena arena = {0};
    struct str s = name_fold(str_z(written), &arena);
    char out[200] = "";
    (void)snprintf(out, sizeof out, "%.*s", STR_ARG(s));
    EQ_TEXT(s.p == NULL ? NULL : out, want, "name %s", written);
    arena_free(&arena);
}

static void test_names(void)
{
    fold("王小明", "王小明");
    fold("  王小明 ", "王小明");
    fold("ＷＡＮＧ　Ｘｉａｏ", "wang xiao");
    fold("Müller", "müller");
    fold("Mu\xCC\x88ller", "müller"); // the letter and its dots apart
    fold("STRASSE", "strasse");
    fold("Straße", "strasse");
    fold("买买提\xC2\xB7阿里", "买买提·阿里");
    fold("\xEF\xA7\xA1\xE6\x98\x8E", "李明"); // U+F9E1, a compatibility form of 李
    fold("", NULL);
    fold("\xFF\xFE", NULL);
}

static void card(const char *number, id_card_fault want, const char *born, int32_t sex)
{
    struct id_card c;
    char day[CIVIL_TEXT] = "";
    EQ_INT(id_card_read(str_z(number), &c), want, "identity number %s", number);
    if (c.born.d != CIVIL_DAY_NONE) civil_format(c.born, day);
    EQ_TEXT(day, born, "its date of birth");
    EQ_INT(c.sex, sex, "its sex");
}

static void test_card(void)
{
    card("11010519491231002X", ID_CARD_GOOD, "1949-12-31", PERSON_FEMALE); // the standard's own examples
    card("440524188001010014", ID_CARD_GOOD, "1880-01-01", PERSON_MALE);
    card("110105194912310021", ID_CARD_CHECK, "1949-12-31", PERSON_FEMALE);
    card("440524188001010015", ID_CARD_CHECK, "1880-01-01", PERSON_MALE);
    card("110105194913310021", ID_CARD_DATE, "", PERSON_FEMALE);
    card("110105491231002", ID_CARD_GOOD, "1949-12-31", PERSON_FEMALE); // until 1999
    card("11010519491231002", ID_CARD_LENGTH, "", PERSON_SEX_UNKNOWN);
    card("11010519491231A02X", ID_CARD_CHARACTERS, "", PERSON_SEX_UNKNOWN);
    card("11010519491231002Y", ID_CARD_CHARACTERS, "", PERSON_SEX_UNKNOWN);
    // Every single wrong digit and every exchange of neighbours shows (ISO 7064 MOD 11-2).
    const char *good = "11010519491231002X";
    for (size_t i = 0; i < 17; i++) {
        for (char d = '0'; d <= '9'; d++) {
            char number[19];
            struct id_card c;
            memcpy(number, good, 19);
            number[i] = d;
            bool same = d == good[i];
            CHECK((id_card_read(str_z(number), &c) == ID_CARD_GOOD) == same, "digit %zu", i);
        }
        char number[19];
        struct id_card c;
        memcpy(number, good, 19);
        number[i] = good[i + 1];
        number[i + 1] = good[i];
        if (good[i] != good[i + 1]) CHECK(id_card_read(str_z(number), &c) != ID_CARD_GOOD, "exchanged %zu", i);
    }
}

static void test_hash(void)
{
    char file[200];
    struct vault *v = NULL;
    struct err err = {0};
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(file, sizeof file, "%.90s/tongzhou-identity-%ld", tmp == NULL ? "/tmp" : tmp, (long)tap.run);
    (void)remove(file);
    if (vault_open(file, true, &v, &err) != TONG_OK) {
        OK(false, "%s", err.text);
        return;
    }
    unsigned char a[VAULT_HASH], b[VAULT_HASH], c[VAULT_LONG_HASH], d[VAULT_LONG_HASH];
    OK(person_phone_hash(v, STR("+86 139 1234 5678"), a) && person_phone_hash(v, STR("１３９１２３４５６７８"), b) &&
           memcmp(a, b, sizeof a) == 0,
       "one telephone, however it is written");
    OK(!person_phone_hash(v, STR(""), a) && !person_phone_hash(v, STR("无"), a), "nothing to hash");
    OK(person_document_hash(v, STR("11010519491231002x"), a) && person_document_hash(v, STR("110105491231002"), b) &&
           memcmp(a, b, sizeof a) == 0,
       "one identity number in its old and new form");
    OK(person_document_hash(v, STR("e 1234 5678"), a) && person_document_hash(v, STR("E12345678"), b) &&
           memcmp(a, b, sizeof a) == 0,
       "one passport");
    OK(outside_hash(v, STR("godata"), STR("1"), c) && outside_hash(v, STR("sormas"), STR("1"), d) &&
           memcmp(c, d, sizeof c) != 0,
       "outside numbers belong to their system");
    OK(!outside_hash(v, STR("godata"), STR(""), c), "no outside number");
    vault_close(v);
    (void)remove(file);
}

int main(void)
{
    test_phone();
    test_names();
    test_card();
    test_hash();
    return tap_done();
}
