/*
 * Names of users and groups, remembered: a listing asks for the same few ids thousands of times,
 * and the name service may ask a server.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/number.h"

#define DATABASE_LIMIT (64u << 20) /* bytes of a passwd or group file */

enum kind { USER, GROUP };

struct id_entry {
	uint32_t id;
	bool used;
	char *name; /* NULL: has none */
};

/* An open-addressed table; `size` is a power of two. */
struct intro_id_cache {
	struct id_entry *entries;
	size_t size, used;
	struct intro_buf database; /* of a sysroot: its passwd or group file */
	bool database_read;
};

void intro_ids_free(struct intro_id_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->size; i++)
		free(cache->entries[i].name);
	free(cache->entries);
	intro_buf_free(&cache->database);
	free(cache);
}

static struct id_entry *find_slot(struct id_entry *entries, size_t size, uint32_t id)
{
	size_t i = (id * UINT32_C(2654435761)) & (size - 1);

	while (entries[i].used && entries[i].id != id)
		i = (i + 1) & (size - 1);
	return &entries[i];
}

static int grow(struct intro_id_cache *cache)
{
	size_t size = cache->size ? cache->size * 2 : 64;
	struct id_entry *entries = calloc(size, sizeof(*entries));

	if (!entries)
		return INTRO_E_NOMEM;
	for (size_t i = 0; i < cache->size; i++)
		if (cache->entries[i].used)
			*find_slot(entries, size, cache->entries[i].id) = cache->entries[i];
	free(cache->entries);
	cache->entries = entries;
	cache->size = size;
	return 0;
}

struct database_line {
	const char *name; /* not terminated */
	size_t name_len;
	uint64_t id;
};

/*
 * The next line of a passwd or group file from *p: "daemon:x:1:1:daemon:/usr/sbin:/bin/sh\n".
 * Lines in another form (comments, "+::::") are passed over.
 */
static bool next_database_line(const char **p, const char *end, struct database_line *ret)
{
	while (*p < end) {
		const char *line = *p;
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;
		const char *colon = memchr(line, ':', (size_t)(stop - line));
		const char *number =
			colon ? memchr(colon + 1, ':', (size_t)(stop - colon - 1)) : NULL;

		*p = newline ? newline + 1 : end;
		if (!number)
			continue;
		number++;
		if (intro_take_u64(&number, stop, &ret->id) && number < stop && *number == ':') {
			ret->name = line;
			ret->name_len = (size_t)(colon - line);
			return true;
		}
	}
	return false;
}

static char *name_in_database(const struct intro_buf *database, uint32_t id)
{
	const char *p = database->data, *end = p + database->len;
	struct database_line line;

	while (next_database_line(&p, end, &line))
		if (line.id == id)
			return strndup(line.name, line.name_len);
	return NULL;
}

static char *name_in_sysroot(struct intro *session, struct intro_id_cache *cache, const char *path,
			     uint32_t id)
{
	if (!cache->database_read) {
		cache->database_read = true;
		if (intro_read_sysroot(session, path, DATABASE_LIMIT, &cache->database))
			cache->database.len = 0;
	}
	return cache->database.len ? name_in_database(&cache->database, id) : NULL;
}

enum question { NAME_OF_USER, NAME_OF_GROUP, ID_OF_USER };

/* What is asked of the name service, and what it answers. */
struct query {
	enum question question;
	uint32_t id;
	const char *name;
	bool found;
	char *copy; /* of the name that was asked for */
};

static int ask_once(struct query *query, char *buf, size_t size)
{
	struct passwd user, *found_user = NULL;
	struct group group, *found_group = NULL;
	const char *name = NULL;
	int error;

	switch (query->question) {
	case NAME_OF_USER:
		error = getpwuid_r(query->id, &user, buf, size, &found_user);
		break;
	case ID_OF_USER:
		error = getpwnam_r(query->name, &user, buf, size, &found_user);
		break;
	default:
		error = getgrgid_r(query->id, &group, buf, size, &found_group);
		break;
	}
	if (found_user) {
		query->id = user.pw_uid;
		name = user.pw_name;
	} else if (found_group) {
		name = group.gr_name;
	}
	query->found = name != NULL;
	if (name && query->question != ID_OF_USER)
		query->copy = strdup(name);
	return error;
}

/*
 * With a buffer that grows until the entry (a group with all its members) fits. 0, also where
 * there is no such entry; else an errno: the service could not tell.
 */
static int ask_name_service(struct query *query)
{
	size_t size = 1024;
	char *buf = NULL;
	int error;

	do {
		char *bigger = realloc(buf, size *= 2);

		error = ENOMEM;
		if (!bigger)
			break;
		buf = bigger;
		error = ask_once(query, buf, size);
	} while (error == ERANGE && size < (16u << 20));
	free(buf);
	/* These are what getpwnam(3) says may also mean that there is none. */
	return error == ENOENT || error == ESRCH || error == EBADF || error == EPERM ? 0 : error;
}

/* The name of an id, NULL if it has none. 0, or an errno where that could not be found out. */
static int look_up(struct intro *session, struct intro_id_cache *cache, enum kind kind, uint32_t id,
		   char **ret)
{
	struct query query = {.question = kind == USER ? NAME_OF_USER : NAME_OF_GROUP, .id = id};
	int error = 0;

	switch (session->id_names) {
	case INTRO_ID_NAMES_SERVICE:
		error = ask_name_service(&query);
		break;
	case INTRO_ID_NAMES_SYSROOT:
		query.copy = name_in_sysroot(session, cache,
					     kind == USER ? "etc/passwd" : "etc/group", id);
		break;
	case INTRO_ID_NAMES_NONE:
		break;
	}
	*ret = query.copy;
	return error;
}

static const char *name_of(struct intro *session, struct intro_id_cache **cache, enum kind kind,
			   uint32_t id)
{
	struct id_entry *entry;

	if (!*cache)
		*cache = calloc(1, sizeof(**cache));
	if (!*cache)
		return NULL;
	if ((*cache)->used * 2 >= (*cache)->size && grow(*cache))
		return NULL;
	entry = find_slot((*cache)->entries, (*cache)->size, id);
	if (!entry->used) {
		char *name;

		if (look_up(session, *cache, kind, id, &name))
			return NULL; /* and ask again the next time */
		entry->id = id;
		entry->name = name;
		entry->used = true;
		(*cache)->used++;
	}
	return entry->name;
}

const char *intro_user_name(struct intro *session, uid_t uid)
{
	return name_of(session, &session->users, USER, uid);
}

const char *intro_group_name(struct intro *session, gid_t gid)
{
	return name_of(session, &session->groups, GROUP, gid);
}

static bool user_in_database(const struct intro_buf *database, const char *name, uid_t *ret)
{
	const char *p = database->data, *end = p + database->len;
	struct database_line line;

	while (next_database_line(&p, end, &line)) {
		if (line.name_len != strlen(name) || memcmp(line.name, name, line.name_len))
			continue;
		if (line.id < UINT32_MAX) {
			*ret = (uid_t)line.id;
			return true;
		}
	}
	return false;
}

/* 0 and whether there is such a user, or an errno where that could not be found out. */
static int user_of_name(struct intro *session, const char *name, bool *found, uid_t *ret)
{
	struct query query = {.question = ID_OF_USER, .name = name};
	struct intro_buf database = {0};
	int error = 0;

	*found = false;
	switch (session->id_names) {
	case INTRO_ID_NAMES_SERVICE:
		error = ask_name_service(&query);
		*found = query.found;
		if (query.found)
			*ret = query.id;
		break;
	case INTRO_ID_NAMES_SYSROOT:
		error = -intro_read_sysroot(session, "etc/passwd", DATABASE_LIMIT, &database);
		*found = error == 0 && user_in_database(&database, name, ret);
		intro_buf_free(&database);
		break;
	case INTRO_ID_NAMES_NONE:
		break;
	}
	return error;
}

int intro_user_id(struct intro *session, const char *name, uid_t *ret)
{
	const char *p = name, *end = name + strlen(name);
	uint64_t number;
	bool found;
	int error = user_of_name(session, name, &found, ret);

	if (found)
		return 0;
	if (intro_take_u64(&p, end, &number) && p == end && number < UINT32_MAX) {
		*ret = (uid_t)number;
		return 0;
	}
	if (error)
		return intro_fail(session, INTRO_E_OS, error, 0, NULL,
				  "the users cannot be looked up: %s", strerror(error));
	return intro_fail(session, INTRO_E_ABSENT, 0, 0, NULL, "no such user");
}
