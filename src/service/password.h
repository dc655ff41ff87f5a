// password.h -- what a password must be, how it is kept (Argon2id), and how many are worked on at once.
//
// One verification costs 64 MiB and some fifty milliseconds of a core, on purpose. So that a crowd signing in, or somebody
// guessing, cannot take the server away from those at work, all of it goes through a gate: PASSWORD_AT_ONCE run,
// PASSWORD_WAITING wait, and whoever comes beyond that is told at once to try again in a second (LIMIT; 503 with
// Retry-After). At most seven of the workers (listen.h: a request that may wait runs in none of the connections' threads) are
// ever held up, and one piece of 64 MiB is in use.
#ifndef TONG_SERVICE_PASSWORD_H
#define TONG_SERVICE_PASSWORD_H

#include "base/err.h"
#include "base/problem.h"

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 128 }; // characters
enum { PASSWORD_HASH = 128, PASSWORD_ONE_TIME = 15, PASSWORD_AT_ONCE = 1, PASSWORD_WAITING = 6 };

struct password_gate;
// How hard the hash is made: what libsodium calls "interactive", or the least it allows, for tests and demos.
typedef enum password_cost { PASSWORD_COST_INTERACTIVE, PASSWORD_COST_LEAST } password_cost;
struct password_gate *password_gate_open(password_cost cost); // NULL when memory is short
void password_gate_close(struct password_gate *gate);

// At least PASSWORD_LEAST characters, not only digits (a telephone number, a date), not one of the words everybody tries
// with something behind it, not the login, not one character over and over. Problems say which.
bool password_fits(struct str password, struct str login, struct problem_list *problems, struct problem_at at);

// LIMIT: the gate is full; NOMEM.
tong_code password_hash(struct password_gate *gate, struct str password, char out[PASSWORD_HASH],
                        struct err *err) TONG_MUST_USE;
// `stored` NULL or "": there is no such account; the same work is done and *same is false. LIMIT, NOMEM.
tong_code password_verify(struct password_gate *gate, const char *stored, struct str password, bool *same,
                          struct err *err) TONG_MUST_USE;
// Twelve letters and digits that cannot be mistaken for each other, in threes of four: 59 bits.
void password_one_time(char out[PASSWORD_ONE_TIME]);

#endif
