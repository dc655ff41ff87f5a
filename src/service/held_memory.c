#include "service/held.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// ---- whom an account's facts restricted within the hour ----
//
// A ring of the newest RESTRAINT_ENTRIES (account, person, when): an account keeps at most its threshold of live entries, so
// that the ring serves some thousand accounts at work. When it is full the oldest goes, which can only make the count too
// small for an account that has been idle for most of the hour.
enum { RESTRAINT_ENTRIES = 32768 };
struct restraint_entry {
    int64_t account, person, at;
};
struct restraint {
    pthread_mutex_t lock;
    int32_t most;
    size_t next;
    struct restraint_entry entry[RESTRAINT_ENTRIES];
};

struct restraint *restraint_open(void)
{
    struct restraint *r = calloc(1, sizeof *r);
    if (r != NULL && pthread_mutex_init(&r->lock, NULL) != 0) {
        free(r);
        return NULL;
    }
    if (r != NULL) r->most = HELD_PEOPLE_MOST;
    return r;
}

void restraint_close(struct restraint *r)
{
    if (r == NULL) return;
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

void restraint_most_set(struct restraint *r, int32_t people)
{
    (void)pthread_mutex_lock(&r->lock);
    r->most = people;
    (void)pthread_mutex_unlock(&r->lock);
}

bool restraint_is_many(struct restraint *r, int64_t people)
{
    (void)pthread_mutex_lock(&r->lock);
    bool many = r->most > 0 && people > r->most;
    (void)pthread_mutex_unlock(&r->lock);
    return many;
}

static bool restraint_known(const int64_t *people, size_t count, int64_t person)
{
    bool known = false;
    for (size_t i = 0; i < count && !known; i++) known = people[i] == person;
    return known;
}

// How many different people the account restricts with these and those of its last hour. `people` has no doubles.
static size_t restraint_together(const struct restraint *r, int64_t account, const int64_t *people, size_t count, int64_t since)
{
    size_t together = count;
    for (size_t i = 0; i < RESTRAINT_ENTRIES; i++) {
        const struct restraint_entry *e = &r->entry[i];
        if (e->account == account && e->at > since && !restraint_known(people, count, e->person)) together++;
    }
    return together;
}

static bool restraint_counted(const struct restraint *r, int64_t account, int64_t person, int64_t since)
{
    for (size_t i = 0; i < RESTRAINT_ENTRIES; i++)
        if (r->entry[i].account == account && r->entry[i].person == person && r->entry[i].at > since) return true;
    return false;
}

bool restraint_exceeds(struct restraint *r, int64_t account, const int64_t *people, size_t count, utc_sec now)
{
    if (count == 0) return false;
    (void)pthread_mutex_lock(&r->lock);
    int64_t since = now.s - HELD_WINDOW_S;
    bool asked = r->most > 0, many = count > (size_t)(asked ? r->most : 0);
    bool exceeds = asked && (many || restraint_together(r, account, people, count, since) > (size_t)r->most);
    for (size_t i = 0; asked && !exceeds && i < count; i++) {
        if (restraint_counted(r, account, people[i], since)) continue; // the hour runs from the first time
        r->entry[r->next] = (struct restraint_entry){.account = account, .person = people[i], .at = now.s};
        r->next = (r->next + 1) % RESTRAINT_ENTRIES;
    }
    (void)pthread_mutex_unlock(&r->lock);
    return exceeds;
}

// ---- one-time words ----

enum { PASSES_MOST = 64, PASS_BYTES = 24 };
struct pass {
    char text[PASS_TEXT];
    int64_t account, confirmed_by; // account 0: free
};
struct passes {
    pthread_mutex_t lock;
    struct pass pass[PASSES_MOST];
};

struct passes *passes_open(void)
{
    struct passes *p = calloc(1, sizeof *p);
    if (p != NULL && pthread_mutex_init(&p->lock, NULL) != 0) {
        free(p);
        p = NULL;
    }
    return p;
}

void passes_close(struct passes *p)
{
    if (p == NULL) return;
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}

bool passes_give(struct passes *p, int64_t account, int64_t confirmed_by, char out[PASS_TEXT])
{
    unsigned char bytes[PASS_BYTES];
    char hex[2 * PASS_BYTES + 1];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    bool given = false;
    (void)pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < PASSES_MOST && !given; i++) {
        if (p->pass[i].account != 0) continue;
        p->pass[i].account = account;
        p->pass[i].confirmed_by = confirmed_by;
        (void)snprintf(p->pass[i].text, sizeof p->pass[i].text, "Confirmed %s", hex);
        memcpy(out, p->pass[i].text, PASS_TEXT);
        given = true;
    }
    (void)pthread_mutex_unlock(&p->lock);
    return given;
}

bool passes_take(struct passes *p, struct str authorization, int64_t *account, int64_t *confirmed_by)
{
    enum { TEXT = sizeof "Confirmed " - 1 + 2 * PASS_BYTES };
    _Static_assert((int)TEXT < (int)PASS_TEXT, "room for the word");
    if (authorization.n != TEXT) return false;
    bool taken = false;
    (void)pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < PASSES_MOST && !taken; i++) {
        struct pass *pass = &p->pass[i];
        taken = pass->account != 0 && sodium_memcmp(pass->text, authorization.p, TEXT) == 0;
        if (!taken) continue;
        *account = pass->account;
        *confirmed_by = pass->confirmed_by;
        *pass = (struct pass){0};
    }
    (void)pthread_mutex_unlock(&p->lock);
    return taken;
}
