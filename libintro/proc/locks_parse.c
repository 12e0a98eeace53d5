/*
 * A file lock:
 *   1: POSIX  ADVISORY  WRITE 812 08:01:123 0 EOF
 *   2: LEASE  BREAKING  UNLCK 812 fe:00:11051297 0 EOF
 *   2: -> LEASE  BREAKER   WRITE 813 <none>:0 0 EOF
 *   3: OFDLCK ADVISORY  READ -1 08:01:123 200 208
 *   4: FLOCK  ADVISORY  WRITE 812 08:01:123 0 EOF
 *   4:  -> FLOCK  ADVISORY  WRITE 814 08:01:123 0 EOF
 * An arrow is somebody who waits; the more blanks before it, the longer the chain. Device numbers
 * are hexadecimal, all else is decimal.
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

/* Takes a word and the blanks behind it; false where there is none. */
static bool take_word(const char **p, const char *end, struct intro_bytes *ret)
{
	const char *begin = *p;

	while (*p < end && **p != ' ' && **p != '\t')
		++*p;
	*ret = (struct intro_bytes){.data = begin, .len = (size_t)(*p - begin)};
	intro_skip_blanks(p, end);
	return ret->len;
}

static bool is_word(struct intro_bytes word, const char *text)
{
	return word.len == strlen(text) && !memcmp(word.data, text, word.len);
}

/* "1: ", "1: -> ", "1:  -> ": the number, and how many blanks there are before the arrow. */
static bool take_number(const char **p, const char *end, struct intro_lock *lock)
{
	unsigned blanks = 0;

	if (!intro_take_u64(p, end, &lock->id) || !INTRO_TAKE_LITERAL(p, end, ":"))
		return false;
	while (*p < end && **p == ' ') {
		++*p;
		blanks++;
	}
	if (!blanks)
		return false;
	if (!INTRO_TAKE_LITERAL(p, end, "->"))
		return true;
	lock->depth = blanks;
	return INTRO_TAKE_LITERAL(p, end, " ");
}

static enum intro_lock_type type_of(struct intro_bytes word)
{
	static const struct {
		const char *text;
		enum intro_lock_type type;
	} types[] = {
		{"POSIX", INTRO_LOCK_POSIX}, {"FLOCK", INTRO_LOCK_FLOCK},
		{"OFDLCK", INTRO_LOCK_OFD},  {"LEASE", INTRO_LOCK_LEASE},
		{"DELEG", INTRO_LOCK_DELEG}, {"LAYOUT", INTRO_LOCK_LAYOUT},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (is_word(word, types[i].text))
			return types[i].type;
	return INTRO_LOCK_UNKNOWN;
}

/* Words of a state that are not known tell nothing: "ADVISORY", "MSNFS", "*NOINODE*". */
static bool take_kind(const char **p, const char *end, struct intro_lock *lock)
{
	struct intro_bytes type, state, mode;

	if (!take_word(p, end, &type) || !take_word(p, end, &state) || !take_word(p, end, &mode))
		return false;
	lock->type = type_of(type);
	lock->mandatory = is_word(state, "MANDATORY");
	lock->active = is_word(state, "ACTIVE");
	lock->breaking = is_word(state, "BREAKING");
	if (is_word(mode, "READ"))
		lock->mode = INTRO_LOCK_READ;
	else if (is_word(mode, "WRITE") || is_word(mode, "RW"))
		lock->mode = INTRO_LOCK_WRITE;
	else if (is_word(mode, "UNLCK") || is_word(mode, "NONE"))
		lock->mode = INTRO_LOCK_NONE;
	else
		return false;
	return true;
}

/* "812 " */
static bool take_owner(const char **p, const char *end, struct intro_lock *lock)
{
	int64_t pid;

	if (!intro_take_i64(p, end, &pid) || pid < INT32_MIN || pid > INT32_MAX ||
	    !INTRO_TAKE_LITERAL(p, end, " "))
		return false;
	lock->pid = (pid_t)pid;
	return true;
}

/* "08:01:123 ", or "<none>:0 " */
static bool take_inode(const char **p, const char *end, struct intro_lock *lock)
{
	uint64_t major, minor;

	if (INTRO_TAKE_LITERAL(p, end, "<none>:0 "))
		return true;
	if (!intro_take_hex(p, end, &major) || major > UINT32_MAX ||
	    !INTRO_TAKE_LITERAL(p, end, ":") || !intro_take_hex(p, end, &minor) ||
	    minor > UINT32_MAX || !INTRO_TAKE_LITERAL(p, end, ":") ||
	    !intro_take_u64(p, end, &lock->ino) || !INTRO_TAKE_LITERAL(p, end, " "))
		return false;
	lock->has_inode = true;
	lock->dev_major = (uint32_t)major;
	lock->dev_minor = (uint32_t)minor;
	return true;
}

/* "0 EOF", "5 14" */
static bool take_range(const char **p, const char *end, struct intro_lock *lock)
{
	if (!intro_take_u64(p, end, &lock->start) || !INTRO_TAKE_LITERAL(p, end, " "))
		return false;
	if (INTRO_TAKE_LITERAL(p, end, "EOF"))
		lock->end = INTRO_LOCK_EOF;
	else if (!intro_take_u64(p, end, &lock->end) || lock->end < lock->start)
		return false;
	return true;
}

int intro_parse_lock(const char *text, size_t len, struct intro_lock *ret)
{
	const char *p = text, *end = text + len;
	struct intro_lock lock = {0};

	if (!take_number(&p, end, &lock) || !take_kind(&p, end, &lock) ||
	    !take_owner(&p, end, &lock) || !take_inode(&p, end, &lock) ||
	    !take_range(&p, end, &lock) || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = lock;
	return 0;
}
