#define _XOPEN_SOURCE 700 // realpath

#include "cli/backup.h"

#include "cli/data.h"
#include "cli/verify.h"
#include "intake/erase.h"
#include "store/db_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BACKUP_NAME "tongzhou.db"        // of the copy of an SQLite database
#define BACKUP_DUMP_NAME "tongzhou.dump" // of one of PostgreSQL (pg_dump, custom format)

struct backup_options {
    struct cli_data data;
    bool unchecked;
};

static const struct cli_option backup_option[] = {
    CLI_DATA_OPTIONS(offsetof(struct backup_options, data)),
    {"unchecked", CLI_FLAG, offsetof(struct backup_options, unchecked), "",
     LABEL("do not verify the chain in the copy", "不校验副本中的记录链"), 0, 0},
};
static const struct cli_usage backup_usage = {
    .command = "backup",
    .operands = "DATA-FOLDER KEYS-FOLDER",
    .about = LABEL("Copies the database into one folder and the keys into another, while the server runs, and verifies "
                   "the copy. Keep the two\n"
                   "apart: who has both can read everything. The folder of the keys is remembered, so that an erasure "
                   "reaches the copy.",
                   "在服务器运行期间，将数据库复制到一个目录、密钥复制到另一个目录，并校验副本。两者须分开保管：同时持"
                   "有两者即可读取全部内容。\n"
                   "系统会记住密钥目录，以便清除时一并销毁副本中的密钥。"),
    .options = backup_option,
    .option_count = sizeof backup_option / sizeof backup_option[0],
    .operands_min = 2,
    .operands_max = 2,
};
static const struct cli_usage restore_usage = {
    .command = "restore",
    .operands = "DATA-FOLDER KEYS-FOLDER",
    .about = LABEL("Makes a database and a vault from a backup; existing ones are never overwritten. Who was erased "
                   "after the backup is erased\n"
                   "again, and the chain is verified.",
                   "由备份恢复数据库和密钥库，绝不覆盖已有文件。备份之后被清除的人员将重新清除，并校验记录链。"),
    .options = backup_option,
    .option_count = sizeof backup_option / sizeof backup_option[0],
    .operands_min = 2,
    .operands_max = 2,
};

struct backup_folders {
    char data[CLI_PATH_MAX], keys[CLI_PATH_MAX]; // whole paths: the server may run elsewhere
    char copy[CLI_PATH_MAX + 32], vault[CLI_PATH_MAX + 32];
};

static bool backup_folder(const struct cli *cli, const char *name, bool make, char out[CLI_PATH_MAX])
{
    static const struct label cannot = LABEL("folder %s: %s", "目录 %s：%s");
    if (make && mkdir(name, S_IRWXU) != 0 && errno != EEXIST) {
        cli_say(cli, cli_text(cli, cannot), name, strerror(errno));
        return false;
    }
    char *whole = realpath(name, NULL);
    bool fits = whole != NULL && strlen(whole) < CLI_PATH_MAX;
    if (fits) (void)snprintf(out, CLI_PATH_MAX, "%s", whole);
    else cli_say(cli, cli_text(cli, cannot), name, strerror(whole == NULL ? errno : ENAMETOOLONG));
    free(whole);
    return fits;
}

static bool backup_folders_find(const struct cli *cli, char **argv, bool make, bool postgresql,
                                struct backup_folders *out)
{
    static const struct label same = LABEL("data and keys go into different folders, neither inside the other",
                                           "数据与密钥须放在不同目录，且互不包含");
    if (!backup_folder(cli, argv[1], make, out->data) || !backup_folder(cli, argv[2], make, out->keys)) return false;
    size_t d = strlen(out->data), k = strlen(out->keys), shorter = d < k ? d : k;
    bool within =
        strncmp(out->data, out->keys, shorter) == 0 && (d == k || (d < k ? out->keys[d] : out->data[k]) == '/');
    if (within) {
        cli_say(cli, "%s", cli_text(cli, same));
        return false;
    }
    (void)snprintf(out->copy, sizeof out->copy, "%s/%s", out->data, postgresql ? BACKUP_DUMP_NAME : BACKUP_NAME);
    (void)snprintf(out->vault, sizeof out->vault, "%s/%s", out->keys, VAULT_COPY_NAME);
    return true;
}

// Before the copy is made. A running server holds the database: then the file beside the vault takes the folder's name.
static tong_code backup_register(const struct cli_data_paths *paths, const char *keys, struct err *err)
{
    struct db *db = NULL;
    tong_code code = erase_note_copy(paths->vault, keys, err);
    if (code != TONG_OK || db_open(paths->store, DB_WRITE, &db, NULL) != TONG_OK) return code;
    const struct db_value values[] = {DB_T(str_z(keys)), DB_I((int64_t)time(NULL))};
    code = db_run(db, sql_backup_put, values, 2, NULL, err);
    db_close(db);
    return code;
}

static int backup_check(const struct cli *cli, const char *store, const char *vault)
{
    struct vault *v = NULL;
    struct err err = {0};
    struct chain_report report;
    tong_code code = vault_open_read(vault, &v, &err);
    if (code == TONG_OK) code = chain_verify_at(store, v, (int32_t)sysconf(_SC_NPROCESSORS_ONLN), &report, &err);
    vault_close(v);
    return code == TONG_OK ? verify_print(cli, &report) : cli_failed(cli, &err);
}

static tong_code backup_copy(const struct cli_data_paths *paths, const struct backup_folders *to, struct err *err)
{
    struct db *db = NULL;
    struct vault *v = NULL;
    tong_code code = backup_register(paths, to->keys, err);
    if (code == TONG_OK) code = db_open(paths->store, DB_READ, &db, err);
    if (code == TONG_OK) code = db_backup(db, to->copy, err);
    if (code == TONG_OK) code = vault_open_read(paths->vault, &v, err);
    if (code == TONG_OK) code = vault_copy(v, to->vault, err); // after the database: no key is missing in it
    vault_close(v);
    db_close(db);
    return code;
}

int cli_backup(struct cli *cli, int argc, char **argv)
{
    static const struct label done = LABEL("database: %s\nkeys:     %s\n", "数据库：%s\n密钥：%s\n");
    struct backup_options o = {0};
    struct cli_data_paths paths;
    struct backup_folders to;
    struct err err = {0};
    int operands, result = CLI_DONE;
    if (!cli_options(cli, &backup_usage, &o, argc, argv, &operands, &result)) return result;
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    bool postgresql = db_where_is_postgresql(paths.store);
    if (!backup_folders_find(cli, argv, true, postgresql, &to)) return CLI_USAGE;
    if (backup_copy(&paths, &to, &err) != TONG_OK) return cli_failed(cli, &err);
    (void)fprintf(cli->out, cli_text(cli, done), to.copy, to.vault);
    return o.unchecked || postgresql ? CLI_DONE : backup_check(cli, to.copy, to.vault);
}

// ---- restoring ----

static tong_code restore_file(const char *from, const char *to, struct err *err)
{
    enum { PIECE = 64 * 1024 };
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return tong_fail(err, errno == ENOENT ? TONG_E_NOT_FOUND : TONG_E_IO, "%s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (out < 0) {
        tong_code code = errno == EEXIST ? TONG_E_CONFLICT : TONG_E_IO;
        (void)tong_fail(err, code, "%s: %s", to, strerror(errno));
        (void)close(in);
        return code;
    }
    char *piece = malloc(PIECE);
    bool good = piece != NULL;
    ssize_t n = 1;
    while (good && n > 0) {
        n = read(in, piece, PIECE);
        if (n < 0 && errno == EINTR) continue;
        for (ssize_t at = 0; good && at < n;) {
            ssize_t done = write(out, piece + at, (size_t)(n - at));
            if (done < 0 && errno == EINTR) continue;
            good = done > 0;
            if (good) at += done;
        }
        good = good && n >= 0;
        if (n < 0) break;
    }
    good = good && fsync(out) == 0;
    tong_code code =
        good ? TONG_OK : tong_fail(err, errno == ENOSPC ? TONG_E_LIMIT : TONG_E_IO, "%s: %s", to, strerror(errno));
    free(piece);
    (void)close(in);
    good = close(out) == 0 && good;
    if (!good) (void)unlink(to);
    return code == TONG_OK && !good ? tong_fail(err, TONG_E_IO, "%s: cannot be closed", to) : code;
}

static tong_code restore_copy(const struct cli_data_paths *paths, const struct backup_folders *from, bool postgresql,
                              struct err *err)
{
    tong_code code = restore_file(from->vault, paths->vault, err);
    if (code != TONG_OK) return code;
    code = postgresql ? db_restore(paths->store, from->copy, err) : restore_file(from->copy, paths->store, err);
    if (code != TONG_OK) (void)unlink(paths->vault); // the one just made: half a restore is none
    return code;
}

// An erasure after the backup has destroyed the key in the copy of the vault; the rows came back and go again.
static tong_code restore_erase(const struct cli_data_paths *paths, int64_t *erased, struct err *err)
{
    struct intake *in = NULL;
    struct arena arena = {0};
    const struct intake_options options = {.where = paths->store, .vault = paths->vault};
    tong_code code = intake_open(&options, &in, err);
    if (code == TONG_OK) code = erase_again(in, (utc_sec){(int64_t)time(NULL)}, &arena, erased, err);
    intake_close(in);
    arena_free(&arena);
    return code;
}

int cli_restore(struct cli *cli, int argc, char **argv)
{
    static const struct label done = LABEL("restored: %s, keys %s\n", "已恢复：%s，密钥 %s\n");
    static const struct label again = LABEL("%" PRId64 " people were erased after the backup and are erased again\n",
                                            "备份之后被清除的 %" PRId64 " 人已重新清除\n");
    struct backup_options o = {0};
    struct cli_data_paths paths;
    struct backup_folders from;
    struct err err = {0};
    int64_t erased = 0;
    int operands, result = CLI_DONE;
    if (!cli_options(cli, &restore_usage, &o, argc, argv, &operands, &result)) return result;
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    bool postgresql = db_where_is_postgresql(paths.store);
    if (!backup_folders_find(cli, argv, false, postgresql, &from)) return CLI_USAGE;
    if (restore_copy(&paths, &from, postgresql, &err) != TONG_OK) return cli_failed(cli, &err);
    if (restore_erase(&paths, &erased, &err) != TONG_OK) return cli_failed(cli, &err);
    (void)fprintf(cli->out, cli_text(cli, done), paths.store, paths.vault);
    if (erased > 0) (void)fprintf(cli->out, cli_text(cli, again), erased);
    return o.unchecked ? CLI_DONE : backup_check(cli, paths.store, paths.vault);
}
