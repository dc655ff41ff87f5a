#include "cli/generate_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *generate_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

const char *generate_reason(const struct cli *cli, int number)
{
    static const struct {
        int number;
        struct label text;
    } reason[] = {
        {ENOSPC, LABEL("the disk is full; make room or choose another folder", "磁盘已满；请腾出空间或另选目录")},
        {EDQUOT, LABEL("your share of the disk is used up; make room or choose another folder",
                       "磁盘配额已用完；请腾出空间或另选目录")},
        {EFBIG, LABEL("files may not grow that large here; ask for fewer cases or choose another folder",
                      "此处不允许这么大的文件；请减少病例数或另选目录")},
        {EACCES, LABEL("you may not write there; choose another folder", "没有写入权限；请另选目录")},
        {EPERM, LABEL("you may not write there; choose another folder", "没有写入权限；请另选目录")},
        {EROFS, LABEL("that disk is read-only; choose another folder", "该磁盘只读；请另选目录")},
        {ENOTDIR, LABEL("a part of the path is a file, not a folder; choose another folder",
                        "路径中有一段是文件而不是目录；请另选目录")},
        {EEXIST, LABEL("something else has that name; choose another folder", "已有同名文件；请另选目录")},
        {ENAMETOOLONG, LABEL("the path is too long; choose a shorter one", "路径过长；请换用较短的路径")},
        {EISDIR, LABEL("a folder has that name; move it away", "已有同名目录；请将其移走")},
    };
    for (size_t i = 0; i < sizeof reason / sizeof reason[0]; i++)
        if (reason[i].number == number) return generate_text(cli, reason[i].text);
    return strerror(number); // NOLINT(concurrency-mt-unsafe): the program has one thread here
}

// ---- the folder ----

static bool generate_path(const char *folder, const char *name, char out[GENERATE_PATH_MAX])
{
    int n = snprintf(out, GENERATE_PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < GENERATE_PATH_MAX;
}

// Makes the folder and those it lies in. False with errno.
static bool generate_folder(const char *folder)
{
    char path[GENERATE_PATH_MAX];
    struct stat st;
    size_t n = strlen(folder);
    assert(n < sizeof path);
    memcpy(path, folder, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0) continue;
        char held = path[i];
        path[i] = 0;
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            int why = errno; // a folder in which we may not make others may be there already
            if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
                errno = why;
                return false;
            }
        }
        path[i] = held;
    }
    if (stat(folder, &st) != 0) return false;
    if (S_ISDIR(st.st_mode)) return true;
    errno = ENOTDIR;
    return false;
}

bool generate_out(const struct cli *cli, struct str out, char folder[GENERATE_PATH_MAX])
{
    static const struct label missing =
        LABEL("--out DIR is missing: which folder shall the files go to?", "缺少 --out DIR：文件要写到哪个目录？");
    static const struct label length = LABEL("--out: %s", "--out：%s");
    while (out.n > 1 && out.p[out.n - 1] == '/') out.n--;
    if (out.n == 0) cli_say(cli, "%s", generate_text(cli, missing));
    else if (out.n + GENERATE_NAME_MAX >= GENERATE_PATH_MAX)
        cli_say(cli, generate_text(cli, length), generate_reason(cli, ENAMETOOLONG));
    else {
        memcpy(folder, out.p, out.n);
        folder[out.n] = 0;
        return true;
    }
    return false;
}

bool generate_clear(const struct cli *cli, const char *folder, const struct generate_set *set, bool force)
{
    static const struct label refused = LABEL("the folder %s cannot be used: %s", "无法使用目录 %s：%s");
    static const struct label there = LABEL("%s is already there; choose another folder, or --force to replace it",
                                            "%s 已存在；请另选目录，或用 --force 覆盖");
    char path[GENERATE_PATH_MAX];
    if (!generate_folder(folder)) {
        cli_say(cli, generate_text(cli, refused), folder, generate_reason(cli, errno));
        return false;
    }
    for (int32_t f = 0; f < set->count; f++) {
        struct stat st;
        bool fits = generate_path(folder, set->names[f], path);
        assert(fits);
        if (lstat(path, &st) != 0 || (force && !S_ISDIR(st.st_mode))) continue;
        if (force) cli_say(cli, generate_text(cli, refused), folder, generate_reason(cli, EISDIR));
        else cli_say(cli, generate_text(cli, there), path);
        return false;
    }
    return true;
}

// ---- the files ----

enum { GENERATE_BUFFER_BYTES = 256 * 1024 };

struct generate_run {
    const struct cli *cli;
    const struct generate_set *set;
    const char *folder;
    char *buffer; // of the stream being written
};

static bool generate_wanted(const struct generate_run *run, int32_t file)
{
    return (run->set->unwanted >> file & 1) == 0;
}

static void generate_names(const struct generate_run *run, int32_t file, char part[GENERATE_PATH_MAX],
                           char final[GENERATE_PATH_MAX])
{
    char name[GENERATE_NAME_MAX];
    (void)snprintf(name, sizeof name, ".%.40s.%ld.part", run->set->names[file], (long)getpid());
    bool fits = generate_path(run->folder, name, part) && generate_path(run->folder, run->set->names[file], final);
    assert(fits); // generate_out left room for a name
}

// Writes one file under its provisional name, down to the disk. False with errno.
static bool generate_part(const struct generate_run *run, int32_t file, const char *part)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    FILE *stream = fdopen(fd, "wb");
    if (stream == NULL) {
        int why = errno;
        (void)close(fd);
        errno = why;
        return false;
    }
    (void)setvbuf(stream, run->buffer, _IOFBF, GENERATE_BUFFER_BYTES); // refused: the stream keeps its own
    struct sink sink = {.file = stream};
    errno = 0;
    run->set->write(run->set->payload, file, &sink);
    bool good = sink_good(&sink) && fsync(fd) == 0;
    int why = errno == 0 ? EIO : errno; // of the first failure
    if (fclose(stream) != 0 && good) {
        good = false;
        why = errno;
    }
    errno = why;
    return good;
}

static bool generate_write_all(const struct generate_run *run)
{
    static const struct label failed = LABEL("%s could not be written: %s", "无法写入 %s：%s");
    char part[GENERATE_PATH_MAX], final[GENERATE_PATH_MAX];
    bool good = true;
    for (int32_t f = 0; f < run->set->count && good; f++) {
        if (!generate_wanted(run, f)) continue;
        generate_names(run, f, part, final);
        good = generate_part(run, f, part);
        if (!good) cli_say(run->cli, generate_text(run->cli, failed), final, generate_reason(run->cli, errno));
    }
    for (int32_t f = 0; f < run->set->count; f++) {
        generate_names(run, f, part, final);
        if (!good) (void)unlink(part);
        else if (!generate_wanted(run, f))
            (void)unlink(final); // an older list of faults would be wrong now
        else if (rename(part, final) != 0) {
            good = false;
            cli_say(run->cli, generate_text(run->cli, failed), final, generate_reason(run->cli, errno));
            (void)unlink(part);
        }
    }
    return good;
}

bool generate_write(const struct cli *cli, const char *folder, const struct generate_set *set)
{
    assert(set->count <= GENERATE_FILES_MAX);
    struct generate_run run = {cli, set, folder, malloc(GENERATE_BUFFER_BYTES)};
    if (run.buffer == NULL) cli_say(cli, "%s", generate_reason(cli, ENOMEM));
    bool good = run.buffer != NULL && generate_write_all(&run);
    free(run.buffer);
    return good;
}
