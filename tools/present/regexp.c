/* The REGEXP operator of the filter. */
#include "present/regexp.h"

#include <stdlib.h>
#include <string.h>

static const regex_t *find(struct regexp_cache *cache, const char *pattern)
{
	for (size_t i = 0; i < REGEXP_CACHE_SIZE; i++) {
		struct regexp_entry *entry = &cache->entries[i];

		if (entry->pattern != NULL && strcmp(entry->pattern, pattern) == 0)
			return &entry->compiled;
	}
	return NULL;
}

static void forget(struct regexp_entry *entry)
{
	if (entry->pattern == NULL)
		return;
	regfree(&entry->compiled);
	free(entry->pattern);
	entry->pattern = NULL;
}

static void report(sqlite3_context *context, const char *pattern, int code, const regex_t *compiled)
{
	char reason[128];
	char *text;

	regerror(code, compiled, reason, sizeof(reason));
	text = sqlite.mprintf("bad regular expression '%s': %s", pattern, reason);
	if (text == NULL)
		sqlite.result_error_nomem(context);
	else
		sqlite.result_error(context, text, -1);
	sqlite.free(text);
}

/* NULL after having set an error. */
static const regex_t *compile(sqlite3_context *context, struct regexp_cache *cache,
			      const char *pattern)
{
	struct regexp_entry *entry = &cache->entries[cache->next];
	regex_t compiled;
	int code = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);

	if (code != 0) {
		report(context, pattern, code, &compiled);
		return NULL;
	}
	forget(entry);
	entry->pattern = strdup(pattern);
	if (entry->pattern == NULL) {
		regfree(&compiled);
		sqlite.result_error_nomem(context);
		return NULL;
	}
	entry->compiled = compiled;
	cache->next = (cache->next + 1) % REGEXP_CACHE_SIZE;
	return &entry->compiled;
}

/* "text REGEXP pattern" comes as regexp(pattern, text). */
static void regexp(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	struct regexp_cache *cache = sqlite.user_data(context);
	const char *pattern = (const char *)sqlite.value_text(arguments[0]);
	const regex_t *compiled;

	(void)count;
	if (pattern == NULL)
		return;
	/* Even without a text: a bad pattern is to be told early. */
	compiled = find(cache, pattern);
	if (compiled == NULL)
		compiled = compile(context, cache, pattern);
	if (compiled == NULL)
		return;

	const char *text = (const char *)sqlite.value_text(arguments[1]);

	if (text == NULL)
		return;
	/* With its length: names may hold NUL bytes. */
	regmatch_t whole = {.rm_so = 0, .rm_eo = sqlite.value_bytes(arguments[1])};

	int error = regexec(compiled, text, 1, &whole, REG_STARTEND);

	if (error == REG_ESPACE)
		sqlite.result_error_nomem(context);
	else
		sqlite.result_int(context, error == 0);
}

int regexp_register(sqlite3 *db, struct regexp_cache *cache)
{
	return sqlite.create_function_v2(db, "regexp", 2,
					 SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
					 cache, regexp, NULL, NULL, NULL);
}

void regexp_cache_free(struct regexp_cache *cache)
{
	for (size_t i = 0; i < REGEXP_CACHE_SIZE; i++)
		forget(&cache->entries[i]);
}
