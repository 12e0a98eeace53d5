/*
 * Messages to stderr, one line each: "intro-ps: PID 812: cannot read io: Permission denied", then
 * at most one line with a hint. Names inside a message are escaped as for a terminal.
 */
#ifndef PRESENT_MESSAGE_H
#define PRESENT_MESSAGE_H

void message_set_tool(const char *name); /* "ps"; static storage */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the message and "try 'intro-ps --help'", and returns EXIT_USAGE. */
int message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Out of memory: a message and exit status 3. */
_Noreturn void message_out_of_memory(void);

#endif
