// The tables of a line list joined: links, contacts, follow-ups and results that refer to each other, to nobody, to themselves,
// or in a circle; and ten thousand cases with a hundred thousand links.
#include "base/record_read.h"
#include "linelist_given.h"

#include <time.h>

#define HEAD "id,sex,onset,report_date\n"

static void test_links(void)
{
    static const struct {
        const char *what, *mapping;
        struct str links;
        const char *problems;
        int64_t kept, contacts;
    } rows[] = {
        {"good links", NULL, T("from,to,kind\nA,B,home\nB,C,work\n"), "", 2, 0},
        {"a target who is no case is a contact", NULL, T("from,to\nA,X\nB,X\nA,Y\n"), "", 3, 2},
        {"contacts of unknown cases", NULL, T("from,to\nA,B\nQ,C\nR,X\n"),
         "link-of-unknown-case@li:3:0 link-of-unknown-case@li:4:0", 1, 0},
        {"which may be kept", "links: {unknown_from: keep}\n", T("from,to\nA,B\nQ,C\nR,X\n"),
         "links-of-unknown-cases@li:0:0", 3, 1},
        {"a link to oneself", NULL, T("from,to\nA,A\nA,B\n"), "link-self@li:2:0", 1, 0},
        {"a link to a row left out", NULL, T("from,to\nA,BAD\nBAD,B\nA,B\n"),
         "date-impossible@ca:5:7 link-of-row-left-out@li:2:0 link-of-row-left-out@li:3:0", 1, 0},
        {"a circle", NULL, T("from,to\nA,B\nB,C\nC,A\nA,X\n"), "link-cycle@li:2:0", 4, 1},
        {"no end", NULL, T("from,to\nA,\n,B\nA,B\n"), "id-empty@li:2:3 id-empty@li:3:1", 1, 0},
        {"last contact before the first", NULL, T("from,to,first_contact,last_contact\nA,B,2020-01-05,2020-01-04\n"),
         "contact-reversed@li:2:16", 1, 0},
        {"no rows", NULL, T("from,to\n"), "file-no-rows@li:1:0", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char shown[2000];
        struct given g = {
            .text = {T(HEAD "A,m,2020-01-01,2020-01-03\nB,f,2020-01-04,2020-01-06\nC,f,2020-01-08,2020-01-09\n")},
            .mapping = rows[i].mapping,
            .options = {.keep_good_rows = true}};
        if (strstr(rows[i].problems, "left-out") != NULL)
            g.text[0] = (struct str)T(
                HEAD
                "A,m,2020-01-01,2020-01-03\nB,f,2020-01-04,2020-01-06\nC,f,2020-01-08,2020-01-09\nBAD,f,2020-02-30,\n");
        g.text[LINE_TABLE_LINKS] = rows[i].links;
        result_read(&r, &g);
        EQ_INT(r.code, TONG_OK, "%s", rows[i].what);
        EQ_TEXT(result_shown(&r, shown), rows[i].problems, "%s: told", rows[i].what);
        EQ_INT((int64_t)r.list.link_count, rows[i].kept, "%s: links kept", rows[i].what);
        EQ_INT((int64_t)r.list.contact_count, rows[i].contacts, "%s: contacts", rows[i].what);
        arena_free(&r.arena);
    }
}

static void test_people(void)
{
    struct result r;
    char shown[2000];
    struct given g = {.options = {.keep_good_rows = true},
                      .mapping =
                          "links: {known: to_reported}\ncontacts: {known: named}\nfollowups: {known: same_day}\n"};
    g.text[LINE_TABLE_CASES] = (struct str)T("uuid,case_id,onset,date_of_reporting\nu1,C1,2020-01-01,2020-01-03\nu2,C2,"
                                             "2020-01-04,2020-01-06\nu3,C2,2020-01-05,2020-01-07\n");
    g.text[LINE_TABLE_LINKS] = (struct str)T("from,to,last_contact\nu1,u2,2020-01-02\ng1,u2,\nu1,k2,2020-01-03\nC1,u3,"
                                             "2020-01-02\nu2,g1,\nu1,C1,\nk1,u1,\nC2,u1,\nu1,zz,\n");
    g.text[LINE_TABLE_CONTACTS] =
        (struct str)T("uuid,contact_id,case_of,first_contact,last_contact,named,contact_status\n"
                      "k1,K1,u1,2020-01-01,2020-01-02,2020-01-04,FOLLOW_UP_COMPLETED\n"
                      "k1,K1,u2,2020-01-05,2020-01-06,2020-01-07,LOST_TO_FOLLOW_UP\n"
                      "k2,K2,,,,2020-01-05,\nu2,K3,u1,2020-01-01,2020-01-03,2020-01-04,BECAME_CASE\n"
                      "k4,K4,nobody,2020-01-01,2020-01-03,2020-01-04,\nk2,K2,,,,,\nk5,K5,u1,,2020-01-02,2020-01-04,\n");
    g.text[LINE_TABLE_FOLLOWUPS] =
        (struct str)T("contact,day,status\nk1,2020-01-05,SEEN_OK\nK2,2020-01-05,MISSED\nu2,2020-01-05,REFUSED\nk4,2020-"
                      "01-05,SEEN_OK\nq,2020-01-05,SEEN_OK\nk1,,SEEN_OK\nk5,2020-01-06,SEEN_NOT_OK\n");
    g.text[LINE_TABLE_LABS] = (struct str)T(
        "person,sampled,resulted,result\nu1,2020-01-02,2020-01-03,positive\nk1,2020-01-08,,\nq,2020-01-08,,negative\n");
    g.text[LINE_TABLE_GATHERINGS] = (struct str)T("uuid,name,date_of_event\ng1,Asado,2020-01-01\n");
    result_read(&r, &g);
    EQ_INT(r.code, TONG_OK, "six tables");
    EQ_TEXT(result_shown(&r, shown),
            "label-twice@ca:4:0 link-from-gathering@li:3:0 link-to-gathering@li:6:0 link-self@li:7:0 "
            "link-from-contact@li:8:0 label-ambiguous@li:9:0 link-to-unlisted@li:10:0 case-and-contact@co:5:0 "
            "link-of-unknown-case@co:6:0 id-twice@co:7:0 followup-of-unknown@fo:5:0 followup-of-unknown@fo:6:0 "
            "field-missing@fo:7:0 lab-of-unknown@la:4:0",
            "what is odd is told");
    if (r.code != TONG_OK) {
        arena_free(&r.arena);
        return;
    }
    const struct linelist *l = &r.list;
    EQ_INT((int64_t)l->contact_count, 5, "contacts: k1 (two rows), k2, u2, k5 and zz");
    OK(str_eq_z(l->contacts[3].id, "k5"), "who moved up when k4 was left out");
    OK(l->contacts[4].implied && str_eq_z(l->contacts[4].id, "zz"), "zz is on no list");
    EQ_INT(l->contacts[0].status, LINE_CONTACT_LOST, "k1's second row came later");
    EQ_INT(l->contacts[0].last_contact.day.d - l->contacts[0].first_contact.day.d, 5, "its contacts span both rows");
    EQ_INT(l->contacts[2].case_index, 1, "u2 is a case");
    EQ_INT(l->cases[1].contact, 2, "and a contact");
    EQ_INT(l->case_and_contact, 1, "one such person");
    EQ_INT((int64_t)l->link_count, 11, "links: seven of the file, four of the contacts");
    EQ_INT(l->links_from_gathering * 10 + l->links_to_gathering, 11, "one from a gathering, one to it");
    EQ_INT(l->links[3].from_index, 0, "C1 is found by its number");
    EQ_INT(l->links[0].known.day.d, l->cases[1].when[LINE_REPORTED].day.d,
           "a link is known when its target is reported");
    OK(!l->links[0].known_assumed, "as the mapping says");
    const struct line_link *own = NULL;
    for (size_t i = 0; i < l->link_count; i++)
        if (l->links[i].table == LINE_TABLE_CONTACTS && str_eq_z(l->links[i].to, "k5")) own = &l->links[i];
    OK(own != NULL && own->to_end == LINE_END_CONTACT && own->to_index == 3, "k5's link follows it");
    OK(own != NULL && own->is_contact_only && own->from_index == 0, "from case u1");
    EQ_INT((int64_t)l->followup_count, 4, "four follow-ups of people who are there");
    EQ_INT(l->followups[1].contact_index * 10 + l->followups[1].status, 10 + LINE_NOT_SEEN, "K2 was not seen");
    EQ_INT(l->followups[2].case_index, 1, "a case may be followed up");
    EQ_INT(l->followups[3].contact_index, 3, "k5's follow-up follows it");
    EQ_INT((int64_t)l->lab_count, 2, "two results of people who are there");
    EQ_INT(l->labs[0].result * 10 + l->labs[0].case_index, LINE_POSITIVE * 10, "u1 was positive");
    EQ_INT(l->labs[1].known.day.d, l->labs[1].sampled.day.d, "a sample without a result is known as taken");
    EQ_INT(l->table[LINE_TABLE_CONTACTS].left_out, 2, "two rows of contacts left out");
    EQ_INT(linelist_find_case(l, STR("u3")), 2, "a case by its identifier");
    EQ_INT(linelist_find_case(l, STR("C1")), LINE_NONE, "which is not its number");
    arena_free(&r.arena);
}

static void test_infector_column(void)
{
    struct result r;
    char shown[2000];
    result_read(
        &r, &(struct given){
                .text = {T(
                    "case_ID,infector,onset\n1,,2020-01-01\n2,1,2020-01-05\n3,\"1;2\",2020-01-06\n4,9,2020-01-07\n")},
                .options = {.keep_good_rows = true}});
    EQ_INT(r.code, TONG_OK, "a column of infectors");
    EQ_TEXT(result_shown(&r, shown), "link-of-unknown-case@ca:5:0", "an infector who is not there is told");
    EQ_INT((int64_t)r.list.link_count, 3, "three links");
    EQ_INT(r.list.links[2].from_index * 10 + r.list.links[2].to_index, 12, "the third from case 2 to case 3");
    EQ_INT((int64_t)r.list.case_count, 4, "the case itself is kept");
    arena_free(&r.arena);
}

// Whatever is imported satisfies its record table, is known no earlier than it happened, and its indices are good.
static void check_sound(const struct linelist *l, struct arena *a)
{
    struct problem_list problems = {.arena = a};
    struct record_reading reading = {l->zone, a, &problems, {"sound", 0, 0, NULL}};
    for (size_t i = 0; i < l->case_count; i++) {
        CHECK(record_check(&line_kind[LINE_TABLE_CASES], &l->cases[i], &reading), "case %zu", i);
        for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
            civil_day when = l->cases[i].when[d].day, known = l->cases[i].known[d].day;
            CHECK((when.d == CIVIL_DAY_NONE) == (known.d == CIVIL_DAY_NONE) && known.d >= when.d, "case %zu date %d", i,
                  (int)d);
        }
    }
    for (size_t i = 0; i < l->link_count; i++) {
        const struct line_link *k = &l->links[i];
        int64_t most = k->to_end == LINE_END_CASE ? (int64_t)l->case_count
                                                  : (int64_t)l->contact_count + (int64_t)l->gathering_count;
        CHECK(k->to_index >= 0 && k->to_index < most, "link %zu", i);
        CHECK(k->to_end != LINE_END_CASE || str_eq(l->cases[k->to_index].id, k->to), "link %zu is to whom it says", i);
        CHECK(k->to_end != LINE_END_CONTACT || str_eq(l->contacts[k->to_index].id, k->to),
              "link %zu is to whom it says", i);
    }
}

// Ten thousand cases and a hundred thousand contacts, some rows spoiled: in well under two seconds.
static void test_size(void)
{
    enum { CASES = 10000, LINKS = 100000 };
    size_t cap = 16 * 1000 * 1000, n = 0, m = 0;
    char *cases = malloc(cap), *links = malloc(cap);
    if (cases == NULL || links == NULL) abort();
    n += (size_t)snprintf(cases + n, cap - n, "id,sex,age,onset,report_date,outcome\n");
    for (int i = 0; i < CASES; i++)
        n += (size_t)snprintf(cases + n, cap - n, "P%07d,%s,%d,2020-%02d-%02d,2020-12-%02d,alive\n", i,
                              i % 2 == 0 ? "m" : "f", i % 90, 1 + i % 11, i % 500 == 499 ? 31 : 1 + i % 28, 1 + i % 28);
    m += (size_t)snprintf(links + m, cap - m, "from,to,kind,first_contact,last_contact\n");
    for (int i = 0; i < LINKS; i++)
        m += (size_t)snprintf(links + m, cap - m, "P%07d,Q%07d,household,2020-%02d-%02d 10:20,2020-12-28\n", i % CASES,
                              i, 1 + i % 11, 1 + i % 28);
    struct result r;
    clock_t start = clock();
    struct given g = {.text = {{cases, n}, {links, m}}, .options = {.keep_good_rows = true}};
    result_read(&r, &g);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    EQ_INT(r.code, TONG_OK, "%d cases and %d links", CASES, LINKS);
    int64_t spoiled = 0;
    for (int i = 499; i < CASES; i += 500) { // the 31st of a month that has none
        int month = 1 + i % 11;
        spoiled += month == 2 || month == 4 || month == 6 || month == 9 || month == 11;
    }
    EQ_INT((int64_t)r.list.case_count, CASES - spoiled, "spoiled rows are left out");
    EQ_INT((int64_t)r.list.link_count, LINKS - spoiled * (LINKS / CASES), "with the links that need them");
    OK(seconds < 20, "read in %.2f s of processor time", seconds); // sanitizers are slow; see the figure
    (void)printf("# %.3f s\n", seconds);
    check_sound(&r.list, &r.arena);
    arena_free(&r.arena);
    free(cases);
    free(links);
}

int main(void)
{
    test_links();
    test_people();
    test_infector_column();
    test_size();
    return tap_done();
}
