#include "service/parts.h"

#include "service/accounts.h"
#include "service/demo.h"
#include "service/courier.h"
#include "service/imports.h"
#include "service/reports.h"

struct part_row {
    tong_code (*open)(struct service *s, void **state, struct err *err);
    void (*close)(void *state);
};

// One row per resource that keeps something between requests; opened in this order, closed in the other.
static const struct part_row parts[PART_COUNT] = {
    [PART_ACCOUNTS] = {accounts_open, accounts_close},
    [PART_DEMO] = {NULL, demo_close}, // opened by demo_start
    [PART_IMPORTS] = {imports_open, imports_close},
    [PART_MESSAGES] = {courier_open, courier_close},
    [PART_REPORTS] = {reports_open, reports_close},
};

tong_code parts_open(struct service *s, struct err *err)
{
    for (int i = 0; i < PART_COUNT; i++) {
        if (parts[i].open == NULL) continue;
        tong_code code = parts[i].open(s, &s->part[i], err);
        if (code != TONG_OK) return code; // service_close closes those before it
    }
    return TONG_OK;
}

void parts_close(struct service *s)
{
    for (int i = PART_COUNT; i-- > 0;) {
        if (parts[i].close != NULL && s->part[i] != NULL) parts[i].close(s->part[i]);
        s->part[i] = NULL;
    }
}
