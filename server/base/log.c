/* One line an event; see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LOG_LINE = 1024 };

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    char line[LOG_LINE];
    int start = snprintf(line, sizeof line, "<%d>%s ", (int)level, event);
    if (start < 0 || start >= LOG_LINE - 1)
        return;
    va_list list;
    va_start(list, format);
    int more = vsnprintf(line + start, sizeof line - (size_t)start - 1, format, list);
    va_end(list);
    if (more < 0)
        return;
    int length = start + more < LOG_LINE - 2 ? start + more : LOG_LINE - 2;
    for (int i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[length++] = '\n';
    /* One write, so that lines of two threads never mix. Nothing can be done about a failed one. */
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);
    (void)written;
}
