#include "cli/data.h"

#include "store/db.h"

#include <stdlib.h>
#include <string.h>

// As `serve`: the option, else the environment.
static struct str data_given(struct str option, const char *variable)
{
    return option.n > 0 ? option : str_z(getenv(variable));
}

bool cli_data_find(const struct cli *cli, const struct cli_data *data, struct cli_data_paths *out)
{
    static const struct label needed =
        LABEL("--vault is needed with a database of PostgreSQL: the keys lie in a file of their own",
              "使用 PostgreSQL 数据库时须给出 --vault：密钥存放在单独的文件中");
    static const struct label longer =
        LABEL("the name of the database or of the vault is too long", "数据库或密钥库的名称过长");
    struct str store = data_given(data->store, "TONGZHOU_STORE"), vault = data_given(data->vault, "TONGZHOU_VAULT");
    if (store.n == 0) store = STR("tongzhou.db");
    int n = snprintf(out->store, sizeof out->store, "%.*s", STR_ARG(store));
    int v = vault.n > 0 ? snprintf(out->vault, sizeof out->vault, "%.*s", STR_ARG(vault))
                        : snprintf(out->vault, sizeof out->vault, "%.*s.vault", STR_ARG(store));
    if (vault.n == 0 && db_where_is_postgresql(out->store)) {
        cli_say(cli, "%s", cli_text(cli, needed));
        return false;
    }
    bool fits = n > 0 && v > 0 && (size_t)n < sizeof out->store && (size_t)v < sizeof out->vault;
    if (!fits) cli_say(cli, "%s", cli_text(cli, longer));
    return fits;
}

const char *cli_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

int cli_failed(const struct cli *cli, const struct err *err)
{
    cli_say(cli, "%s [%s]", err->text, err_slug(err->code));
    return CLI_FAULT;
}
