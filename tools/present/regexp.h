/* The REGEXP operator of the filter: POSIX extended regular expressions. */
#ifndef PRESENT_REGEXP_H
#define PRESENT_REGEXP_H

#include <regex.h>
#include "present/sqlite.h"
#include <stddef.h>

enum { REGEXP_CACHE_SIZE = 8 };

struct regexp_entry {
	char *pattern; /* NULL: free */
	regex_t compiled;
};

/* Compiled patterns: SQLite forgets what it keeps for a function whenever a statement is reset. */
struct regexp_cache {
	struct regexp_entry entries[REGEXP_CACHE_SIZE];
	size_t next; /* to be replaced */
};

/* Returns an SQLite code. The cache must outlive the connection. */
int regexp_register(sqlite3 *db, struct regexp_cache *cache);
void regexp_cache_free(struct regexp_cache *cache);

#endif
