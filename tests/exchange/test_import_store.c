// Imports into a real store, with the protocol running: what was counted stands there, the same again changes nothing, faults
// and duplicates are written down, a stopped import goes on, an undone one leaves nothing in force, and the chain holds.
#include "import_desk.h"

static int64_t facts_of_import(struct import_desk *d)
{
    return DESK_NUMBER(&d->desk, "SELECT count(*) FROM fact WHERE import = %lld", (long long)d->out.import);
}

static void test_godata(const struct engine *e)
{
    static const char *const names[] = {"locations",     "cases",     "contacts",   "events",
                                        "relationships", "followups", "lab_results"};
    static char paths[7][4096];
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    struct import_job_options o = import_desk_options(&d, IMPORT_GODATA);
    for (size_t i = 0; i < 7; i++) {
        char relative[100], file[64];
        (void)snprintf(relative, sizeof relative, "formats/godata-trainingland/%s_clean.csv", names[i]);
        (void)snprintf(file, sizeof file, "%s_clean.csv", names[i]);
        if (tap_shared(relative, paths[i], sizeof paths[i]) == NULL) {
            tap_skip("the training folder is not there");
            import_desk_close(&d);
            return;
        }
        o.import.file[o.import.file_count++] =
            (struct import_file){{names[i], paths[i], {NULL, 0}}, import_godata_table(file), NULL};
    }
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.state == IMPORT_DONE, "the training folder");
    const struct import_tally first = d.out.tally;
    if (!OK(first.faulty == 6 && first.rows == 4671 && first.taken == 4170, "counts")) import_desk_show(&d);
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), 116, "people");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM place"), 3713 - 6, "places: those that lie somewhere");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM gathering"), 7, "gatherings");
    EQ_INT(
        DESK_NUMBER(&d.desk, "SELECT count(*) FROM fact WHERE kind = %d AND import IS NOT NULL", EVENT_CONTACT_NAMED),
        86, "contacts named");
    OK(DESK_NUMBER(&d.desk, "SELECT count(*) FROM enrolment") > 56, "the protocol ran: enrolments");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT rows FROM import WHERE id = 1"), 4671, "the store's own account: rows");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT taken + same + faulty FROM import WHERE id = 1"), 4671,
           "and what became of them");
    OK(DESK_NUMBER(&d.desk, "SELECT count(*) FROM import_fault WHERE import = 1 AND severity = 0") == 6,
       "six errors are kept");
    int64_t facts = DESK_NUMBER(&d.desk, "SELECT count(*) FROM fact");
    desk_uid(6000001, o.uid);
    OK(import_desk_run(&d, &o) == TONG_OK, "again");
    if (!OK(d.out.tally.taken == 0 && d.out.tally.faulty == 6, "again: nothing is taken")) import_desk_show(&d);
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM fact"), facts, "again: not one fact more");
    desk_verify(&d.desk, "after both");
    import_desk_close(&d);
}

static const char list[] = "id,name,sex,born,phone,onset,reported,class,document\n"
                           "1,王小明,男,1990-01-02,13912345678,2022-03-01,2022-03-02,confirmed,\n"
                           "2,Anna Schmidt,f,1985-05-06,,2022-03-03,2022-03-04,confirmed,P777\n"
                           "3,Bob,m,,,2022-02-31,2022-03-04,confirmed,\n"
                           "4,Eve,f,,,,2022-03-04,suspected,\n";

static void test_list(const struct engine *e)
{
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    struct import_job_options o = import_desk_options(&d, IMPORT_LIST);
    import_desk_text(&o, "list.csv", list, IMPORT_CASES);
    struct import_job_options dry = o;
    dry.dry = true;
    OK(import_desk_run(&d, &dry) == TONG_OK && d.out.tally.taken == 3 && d.out.tally.faulty == 1 && d.out.import == 0,
       "a dry run counts");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), 0, "and records nothing");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM import"), 0, "not even that it was");
    OK(import_desk_run(&d, &o) == TONG_OK, "for real");
    if (!OK(d.out.tally.taken == 3 && d.out.tally.faulty == 1, "counts")) import_desk_show(&d);
    EQ_TEXT(sink_kept(&d.faulty).p,
            "id,name,sex,born,phone,onset,reported,class,document,tongzhou_line,tongzhou_problem\r\n"
            "3,Bob,m,,,2022-02-31,2022-03-04,confirmed,,4,onset: 没有这一天：2***（按 yyyy-mm-dd 读取） / there is no "
            "such day: 2*** (read as yyyy-mm-dd)\r\n",
            "the faulty row, with what is wrong");
    // Repaired, it is imported alone; the columns that were added are passed over.
    struct import_job_options repaired = import_desk_options(&d, IMPORT_LIST);
    import_desk_text(&repaired, "repaired.csv",
                     "id,name,sex,born,phone,onset,reported,class,document,tongzhou_line,tongzhou_problem\r\n"
                     "3,Bob,m,,,2022-02-28,2022-03-04,confirmed,,4,\"x\"\r\n",
                     IMPORT_CASES);
    OK(import_desk_run(&d, &repaired) == TONG_OK && d.out.tally.taken == 1 && d.out.tally.faulty == 0,
       "the repaired row alone");
    // Somebody who is there already under a document's number; and somebody who probably is.
    struct import_job_options more = import_desk_options(&d, IMPORT_LIST);
    more.import.source = "elsewhere";
    import_desk_text(
        &more, "more.csv",
        "id,name,sex,born,phone,reported,class,document\nX1,Anna Schmidt,f,1985-05-06,,2022-03-10,confirmed,p 777\n"
        "X2,王晓明,男,1990-02-01,13912345678,2022-03-10,confirmed,\n",
        IMPORT_CASES);
    OK(import_desk_run(&d, &more) == TONG_OK, "another list");
    if (!OK(d.out.tally.people_found == 1 && d.out.tally.people_new == 1 && d.out.tally.duplicates == 1,
            "one found again, one probable duplicate"))
        import_desk_show(&d);
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), 5, "five people");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM duplicate WHERE decided IS NULL AND a < b"), 1,
           "the pair is written down");
    OK(facts_of_import(&d) > 0, "its facts name it");
    int64_t before = DESK_NUMBER(&d.desk, "SELECT count(*) FROM fact");
    struct import_job_options again = more;
    desk_uid(6000002, again.uid);
    OK(import_desk_run(&d, &again) == TONG_OK && d.out.tally.same == 2 && d.out.tally.taken == 0, "again: the same");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM fact"), before, "not one fact more");
    desk_verify(&d.desk, "in the end");
    import_desk_close(&d);
}

static tong_code undone(struct db *db, void *import, struct err *err)
{
    return import_log_undone(db, *(int64_t *)import, IMPORT_UNDONE, (utc_sec){1700000000}, err);
}

static void test_undo(const struct engine *e)
{
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    struct import_job_options o = import_desk_options(&d, IMPORT_LIST);
    import_desk_text(&o, "list.csv", list, IMPORT_CASES);
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.taken == 3, "three cases");
    int64_t import = d.out.import;
    int64_t kept = DESK_NUMBER(&d.desk, "SELECT id FROM person WHERE document_hash IS NOT NULL");
    (void)desk_fact(
        &d.desk, (struct fact){.kind = EVENT_SEEN_WELL, .subject = kept, .happened = d.desk.now}); // somebody saw Anna
    const struct import_undo_options how = {
        .db = d.db, .import = import, .account = 7, .now = d.desk.now, .take = import_desk_take, .payload = &d};
    struct import_undo_tally t;
    EQ_INT(import_undo(&how, &t, &d.desk.err), TONG_OK, "undone");
    EQ_INT(t.people, 2, "two people whom nothing else names are taken back");
    EQ_INT(t.kept, 1, "one whom somebody saw stays");
    OK(t.retracted == 8 || t.retracted > 5, "%lld facts are taken back", (long long)t.retracted);
    EQ_INT(t.refused, 0, "none refused");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM enrolment WHERE final = 0 AND class <> 255"), 0,
           "no case is open any more");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), 1, "one person is left");
    struct import_undo_tally twice;
    EQ_INT(import_undo(&how, &twice, &d.desk.err), TONG_OK, "undone twice");
    EQ_INT(twice.retracted + twice.people, 0, "takes nothing more back");
    desk_verify(&d.desk, "after undoing");
    (void)import_desk_call(&d, undone, &import, &d.desk.err);
    desk_uid(6000003, o.uid);
    OK(import_desk_run(&d, &o) == TONG_OK, "imported again after that");
    if (!OK(d.out.tally.taken == 3 && d.out.tally.faulty == 1, "all of it is recorded once more")) import_desk_show(&d);
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), 3, "three people again");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM enrolment WHERE final = 0 AND class <> 255"), 3,
           "three open cases");
    desk_uid(6000005, o.uid);
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.same == 3 && d.out.tally.taken == 0,
       "and then it is the same");
    desk_verify(&d.desk, "in the end");
    import_desk_close(&d);
}

static void test_stop(const struct engine *e)
{
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    struct sink many = {0};
    sink_text(&many, "id,name,onset,reported,class\n");
    for (int i = 0; i < 1500; i++) sink_printf(&many, "P%d,Name %d,2022-03-01,2022-03-02,confirmed\n", i, i);
    struct import_job_options o = import_desk_options(&d, IMPORT_LIST);
    import_desk_text(&o, "many.csv", sink_kept(&many).p, IMPORT_CASES);
    d.stop_after = 300;
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.state == IMPORT_STOPPED, "stopped on the way");
    int64_t done = d.out.tally.taken;
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT count(*) FROM person"), done, "what was committed stays");
    EQ_INT(DESK_NUMBER(&d.desk, "SELECT state FROM import WHERE id = 1"), IMPORT_STOPPED, "and is listed as stopped");
    d.stop_after = 0;
    desk_uid(6000004, o.uid);
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.same == done && d.out.tally.taken == 1500 - done,
       "begun again it goes on");
    sink_close(&many);
    import_desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "godata", test_godata);
    engine_each(&engines, "list", test_list);
    engine_each(&engines, "undo", test_undo);
    engine_each(&engines, "stop", test_stop);
    engines_close(&engines);
    return tap_done();
}
