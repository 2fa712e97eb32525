#ifndef BASE_LOG_H
#define BASE_LOG_H

/* One line an event on standard error: `<6>event key=value …`, the level in systemd's form. Never
 * an identity, a code, a body or a database's own words. Any thread. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_INFO = 6 };

/* `event` is a fixed word such as "submission-batch"; `format` gives the key=value pairs. Control
 * bytes in what results are written as '?', so that no value can forge a line. */
void log_event(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
