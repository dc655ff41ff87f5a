// The situation report over HTTP: made when asked for, made each day at its time and kept, and for those alone who may see
// everywhere.
#include "tap.h"

#include "harness.h"

#include "service/reports.h"
#include "setting.h"

#include <dirent.h>
#include <unistd.h>

static int files(const char *folder, bool drop)
{
    DIR *dir = opendir(folder);
    int n = 0;
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL; e = readdir(dir)) {
        char path[1100];
        if (e->d_name[0] == '.') continue;
        n++;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (drop) (void)unlink(path);
    }
    if (dir != NULL) (void)closedir(dir);
    return n;
}

static bool body_has(const struct harness *h, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= h->body.n; i++)
        if (memcmp(h->body.p + i, text, n) == 0) return true;
    return false;
}

int main(void)
{
    struct harness h;
    char folder[HARNESS_PATH + 20], target[200], day[CIVIL_TEXT];
    if (!setting_open(&h) || !setting_case(&h)) return tap_done();
    (void)harness_actor(&h, "east", 53, ROLE_HEALTH_OFFICER, setting_number(&h, EAST));
    EQ_INT(harness_get(&h, "/api/v1/report?form=html", "health"), 200, "a report of this moment");
    OK(body_has(&h, "<!DOCTYPE html>") && body_has(&h, "</html>"), "is a page");
    OK(!body_has(&h, "王小明") && !body_has(&h, "李芳") && !body_has(&h, CASE), "in which nobody is named");
    OK(body_has(&h, "export_courses.sql") && body_has(&h, "7-1-7"), "and every table has its source");
    EQ_INT(harness_get(&h, "/api/v1/report?form=pdf", "health"), 200, "or a PDF");
    OK(h.body.n > 1000 && memcmp(h.body.p, "%PDF-", 5) == 0, "that is one");
    EQ_INT(harness_get(&h, "/api/v1/report", "east"), 404, "not for a district's officer: its figures are of everywhere");
    EQ_INT(harness_get(&h, "/api/v1/report", NULL), 401, "nor for a stranger");
    EQ_INT(harness_get(&h, "/api/v1/reports", "health"), 200, "the list of those kept");
    OK(body_has(&h, "\"daily\":false") && body_has(&h, "\"reports\":[]"), "is empty where none are made");

    (void)snprintf(folder, sizeof folder, "%s/reports", h.folder);
    h.service->options.reports = folder;
    h.service->options.reports_minute = 7 * 60;
    void *state = NULL;
    EQ_INT(reports_open(h.service, &state, NULL), TONG_OK, "with a folder");
    const struct zone *zone = &h.service->options.zone;
    struct zone utc;
    zone_fixed(0, "UTC", &utc);
    if (zone->name[0] == 0) zone = &utc;
    civil_day today = zone_day(zone, h.now);
    h.now.s = zone_instant(zone, (civil_day){today.d + 1}, 0).s + 6 * 3600;
    EQ_INT(reports_tick(h.service, NULL), TONG_OK, "at six");
    EQ_INT(files(folder, false), 0, "none is made: it is due at seven");
    h.now.s += 2 * 3600;
    EQ_INT(reports_tick(h.service, NULL), TONG_OK, "at eight");
    EQ_INT(files(folder, false), 4, "there are four: two languages, HTML and PDF");
    EQ_INT(reports_tick(h.service, NULL), TONG_OK, "and again");
    EQ_INT(files(folder, false), 4, "they are made once a day");
    civil_format((civil_day){today.d + 1}, day);
    EQ_INT(harness_get(&h, "/api/v1/reports", "health"), 200, "they are listed");
    (void)snprintf(target, sizeof target, "situation-%s.zh.pdf", day);
    OK(body_has(&h, target), "by their names");
    (void)snprintf(target, sizeof target, "/api/v1/reports/situation-%s.zh.html", day);
    EQ_INT(harness_get(&h, target, "health"), 200, "and fetched");
    OK(body_has(&h, "疫情形势报告"), "in Chinese");
    EQ_INT(harness_get(&h, target, "east"), 404, "by those who may");
    EQ_INT(harness_get(&h, "/api/v1/reports/situation-2020-13-01.zh.html", "health"), 404, "a name that is none");
    EQ_INT(harness_get(&h, "/api/v1/reports/..%2Fvault", "health"), 404, "and nothing but reports");
    (void)files(folder, true);
    (void)rmdir(folder);
    h.service->options.reports = "/dev/null/none";
    void *none = NULL;
    EQ_INT(reports_open(h.service, &none, NULL), TONG_E_IO, "a folder that cannot be is refused at the start");
    OK(reports_tick(h.service, NULL) == TONG_E_IO, "and a report that cannot be written is an error");
    h.service->options.reports = NULL;
    reports_close(state);
    harness_close(&h);
    return tap_done();
}
