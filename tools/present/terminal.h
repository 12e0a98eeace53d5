/* What the terminal is and can: size, colours. */
#ifndef PRESENT_TERMINAL_H
#define PRESENT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

bool terminal_is_output(void); /* stdout is one */
bool terminal_wants_color(enum color_when when);
/* By the terminal, else by COLUMNS and LINES, else 80 by 24. */
size_t terminal_width(void);
size_t terminal_height(void);

#endif
