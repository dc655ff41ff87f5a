#include "cli/serve_message.h"

#include "cli/files.h"
#include "service/accounts.h"
#include "service/courier.h"

#include <stdlib.h>

enum { SECRET_BYTES_MAX = 4096 };

static const char *message_z(struct arena *arena, struct str s)
{
    return s.n == 0 ? NULL : arena_copy(arena, s.p, s.n);
}

// From the file, without the line break at its end; else from the environment; NULL: there is none.
static bool message_secret(struct cli *cli, struct str file, const char *variable, struct arena *arena, const char **out)
{
    struct err err = {0};
    struct str text;
    *out = getenv(variable);
    if (*out != NULL && (*out)[0] == 0) *out = NULL;
    if (file.n == 0) return true;
    const char *path = message_z(arena, file);
    if (path == NULL || files_read(path, SECRET_BYTES_MAX, cli->language, arena, &text, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return false;
    }
    text = str_trim(text);
    *out = message_z(arena, text);
    return true;
}

bool serve_message_set(struct cli *cli, struct service *s, const struct serve_message *m)
{
    static const struct label from = LABEL("--smtp-url needs --mail-from: the address that mails come from", "使用 --smtp-url 时须给出 --mail-from（发件人地址）");
    struct arena arena = {0};
    struct err err = {0};
    struct courier_options o = {
        .mail = {.url = message_z(&arena, m->smtp_url), .from = message_z(&arena, m->mail_from),
                 .user = message_z(&arena, m->smtp_user), .plain = m->smtp_plain},
        .hook = {.url = message_z(&arena, m->sms_hook_url)},
        .link = message_z(&arena, m->link),
    };
    bool good = message_secret(cli, m->smtp_password_file, "TONGZHOU_SMTP_PASSWORD", &arena, &o.mail.password) &&
                message_secret(cli, m->sms_secret_file, "TONGZHOU_SMS_SECRET", &arena, &o.hook.secret);
    if (good && o.mail.url != NULL && o.mail.from == NULL) {
        cli_say(cli, "%s", from.text[cli->language]);
        good = false;
    }
    if (good && courier_set(s, &o, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        good = false;
    }
    if (good && m->restrict_most >= 0) accounts_restrict_most(s, (int32_t)m->restrict_most);
    arena_free(&arena);
    return good;
}
