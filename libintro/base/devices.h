/* Which driver has which major number, from /proc/devices. */
#ifndef INTRO_BASE_DEVICES_H
#define INTRO_BASE_DEVICES_H

#include "base/base.h"

void intro_devices_free(struct intro_devices *devices); /* NULL is fine */

#endif
