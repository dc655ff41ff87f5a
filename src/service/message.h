// message.h -- what people are told outside the screens and in the app: rows of `message`.
//
// A message is made in its reader's language when there is something to tell, sealed under the reader's key (a member of
// staff's under the master key), and delivered by the courier. In the app it is there at once.
#ifndef TONG_SERVICE_MESSAGE_H
#define TONG_SERVICE_MESSAGE_H

#include "base/record.h"
#include "service/template.h"
#include "store/db.h"
#include "store/vault.h"

typedef enum message_channel { MESSAGE_APP, MESSAGE_MAIL, MESSAGE_HOOK, MESSAGE_CHANNEL_COUNT } message_channel;
typedef enum message_state { MESSAGE_WAITING, MESSAGE_DELIVERED, MESSAGE_READ, MESSAGE_GIVEN_UP, MESSAGE_STATE_COUNT } message_state;
extern const struct record_word message_channels[MESSAGE_CHANNEL_COUNT], message_states[MESSAGE_STATE_COUNT];

enum { MESSAGE_TRIES_MOST = 8 };

struct message_row {
    int64_t id, person, account; // person: the reader's own record, whose key seals it; 0 staff
    message_channel channel;
    template_word name;
    lang language;
    utc_sec made, due, delivered;
    int32_t tries;
    message_state state;
    struct str fault, subject, text; // subject and text empty when the key is gone
    int64_t about;               // what it tells of; 0 nothing in particular
};

// In the writer's thread, inside a transaction. subject and text are given in clear.
tong_code message_add(struct db *db, const struct vault *v, const struct message_row *m, struct err *err) TONG_MUST_USE;
// The row of an open query with the columns of message_due, message_of_account, message_list.
bool message_read(struct db *db, sql_id q, const struct vault *v, struct arena *arena, struct message_row *out);
// Seconds until the next try after `tries` of them: a minute at first, hours in the end.
int64_t message_delay(int32_t tries);

// GET /api/v1/me/messages, POST /api/v1/me/messages/{message}/read, GET /api/v1/messages
struct route_table;
extern const struct route_table message_routes;

#endif
