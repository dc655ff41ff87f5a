#include "service/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *const log_words[LOG_LEVEL_COUNT] = {"none", "error", "warn", "info", "debug"};
enum { LOG_LINE = 1000 };

bool log_wants(const struct log *log, log_level level)
{
    return level != LOG_NONE && level <= log->level;
}

void log_line(const struct log *log, log_level level, const char *event, const char *fmt, ...)
{
    char line[LOG_LINE + 1];
    if (!log_wants(log, level)) return;
    int head = snprintf(line, LOG_LINE, "level=%s ev=%s%s", log_words[level], event, fmt[0] == 0 ? "" : " ");
    if (head < 0 || head >= LOG_LINE) return;
    va_list args;
    va_start(args, fmt);
    int rest = vsnprintf(line + head, (size_t)(LOG_LINE - head), fmt, args);
    va_end(args);
    size_t n = (size_t)head + (rest < 0 ? 0 : (size_t)rest);
    if (n > LOG_LINE - 1) n = LOG_LINE - 1;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7F) line[i] = ' ';
    line[n++] = '\n';
    ssize_t written = write(log->file, line, n); // a log that cannot be written has nobody to tell
    (void)written;
}

int32_t log_level_find(struct str name)
{
    for (int32_t i = 0; i < LOG_LEVEL_COUNT; i++)
        if (str_eq_z(name, log_words[i])) return i;
    return -1;
}
