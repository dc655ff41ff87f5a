// remote.h -- a running server asked over HTTP, for the commands that record into it.
//
// A question waits and is asked again when the server is busy or away for a moment (429, 503 and what cannot be reached, up
// to REMOTE_TRIES times): everything that is written here may be repeated. Certificates are verified.
#ifndef TONG_CLI_REMOTE_H
#define TONG_CLI_REMOTE_H

#include "base/sink.h"
#include "base/err.h"
#include "cli/cli.h"

#include <jansson.h>

enum { REMOTE_TRIES = 8, REMOTE_TOKEN = 256, REMOTE_ANSWER_BYTES_MAX = 64 << 20 };

struct remote;
struct remote_answer {
    int32_t status;
    struct sink body;
    json_t *json; // NULL: the body is no JSON
};

// `server`: "https://health.example.org", with or without a path behind it; `authority`: a file of certificates that are
// trusted besides the system's, NULL none. INVALID: no address of a server; NOMEM.
tong_code remote_open(const char *server, const char *authority, lang language, struct remote **out,
                      struct err *err) TONG_MUST_USE;
void remote_close(struct remote *r); // NULL is allowed

// One question. `token` "" : nobody; body NULL: none. The answer is the caller's (remote_answer_close), whatever its status.
// IO: the server could not be reached, or went on being busy.
tong_code remote_ask(struct remote *r, const char *method, const char *path, const char *token, const char *body,
                     struct remote_answer *out, struct err *err) TONG_MUST_USE;
void remote_answer_close(struct remote_answer *a);
// What a problem answer says, in one line: what, and what to do. Borrowed from `room`.
const char *remote_says(const struct remote_answer *a, char *room, size_t n);

// Signs in. The password is in the environment variable NAME_PASSWORD, else asked for on the terminal; so is the code of the
// second factor (NAME_CODE). With NAME_TOKEN in the environment nothing is asked. `variable`: NAME. False: said on cli->err.
bool remote_sign_in(const struct cli *cli, struct remote *r, const char *login, const char *variable,
                    char token[REMOTE_TOKEN]);
void remote_sign_out(struct remote *r, const char *token);

#endif
