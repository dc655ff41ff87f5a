// courier.h -- tells people: of what was committed and of what somebody must know, in the app, by mail and by text message.
//
// What is to be told is put into a bounded queue (courier_publish after each commit, courier_tell by whoever knows); a thread of its
// own finds out whom it reaches and in which language, makes the messages, and delivers what is due, trying again with growing
// delays up to MESSAGE_TRIES_MOST times. What was told of a measure, task or result once is not told again. Only what is
// news is told: a record brought in from last year tells nobody. What stood in the queue when the power failed is not told, but
// stands in everybody's lists.
//
// A person is told in their app, where they have an account; else at the telephone or mail address of their record. For a minor the
// guardian is told as well. No text ever names anybody (template.h).
#ifndef TONG_SERVICE_COURIER_H
#define TONG_SERVICE_COURIER_H

#include "intake/intake.h"
#include "service/mail.h"
#include "service/message.h"
#include "service/web_hook.h"

struct service;

enum { COURIER_QUEUE_MAX = 16384, COURIER_NEWS_S = 86400, COURIER_READERS_MOST = 50, COURIER_LATELY_S = 900 };

// Before service_open's threads work, or any time: texts are copied. NULL urls switch a channel off.
struct courier_options {
    struct mail_options mail;
    struct web_hook_options hook;
    const char *link; // address of the app, put into messages; NULL: none
};
tong_code courier_set(struct service *s, const struct courier_options *options, struct err *err) TONG_MUST_USE;

// Something to tell. Whom: a person, an account, or all who have a role at the place of a subject (or at a place).
struct telling {
    template_word name;
    int64_t about;        // measure, task, fact ...; told once. 0: told each time
    int64_t person, account;
    int32_t role;         // -1 none
    int64_t subject;      // of the role: where
    const struct label *what; // lives as long as its edition
    utc_sec until, at;    // at: when it happened; not told when that is no news. UTC_NONE: now
    int64_t number;
};
// False: the queue is full, and it will not be told.
bool courier_tell(struct service *s, const struct telling *t);
// What intake committed: measures ordered and ended, results, tasks assigned and overdue, objections.
void courier_publish(struct service *s, const struct intake_change *changes, size_t count);

// All that waits, now: what the thread does each second. For tests, when the service is `still`.
tong_code courier_tick(struct service *s, struct err *err) TONG_MUST_USE;

struct courier_state {
    int64_t told, delivered, failed, given_up, dropped;
    size_t waiting;
};
void courier_look(struct service *s, struct courier_state *out);

// PART_MESSAGES of parts.c.
tong_code courier_open(struct service *s, void **state, struct err *err) TONG_MUST_USE;
void courier_close(void *state);

#endif
