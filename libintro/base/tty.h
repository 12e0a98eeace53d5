/* Which driver has which device numbers, from /proc/tty/drivers. */
#ifndef INTRO_BASE_TTY_H
#define INTRO_BASE_TTY_H

#include "base/base.h"

void intro_tty_drivers_free(struct intro_tty_drivers *drivers); /* NULL is fine */

#endif
