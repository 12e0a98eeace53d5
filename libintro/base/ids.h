/* Names of users and groups, remembered. */
#ifndef INTRO_BASE_IDS_H
#define INTRO_BASE_IDS_H

#include "base/base.h"

void intro_ids_free(struct intro_id_cache *cache); /* NULL is fine */

#endif
