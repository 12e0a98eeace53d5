/*
 * Inotify and fanotify: a line for each watch or mark, of words with a number each.
 *   inotify wd:1 ino:a8a09e sdev:fe00000 mask:84000102 ignored_mask:0 fhandle-bytes:8 fhandle-type:1 f_handle:9ea0a800a6aa6cb3
 *   fanotify flags:200 event-flags:8000
 *   fanotify ino:a8a131 sdev:fe00000 mflags:200 mask:2 ignored_mask:0 fhandle-bytes:8 ...
 *   fanotify mnt_id:1b mflags:0 mask:40000020 ignored_mask:0
 *   fanotify sdev:fe00000 mflags:0 mask:40000020 ignored_mask:0
 *   fanotify mnt_ns:4026531832 mflags:0 mask:3000000 ignored_mask:0
 * Numbers are hexadecimal, also wd and mnt_id, but not mnt_ns. A file system without file handles
 * has none in the line.
 */
#include "base/number.h"
#include "fd/details.h"
#include "proc/text.h"

enum word {
	WORD_WD,
	WORD_INO,
	WORD_SDEV,
	WORD_MASK,
	WORD_IGNORED_MASK,
	WORD_MFLAGS,
	WORD_MNT_ID,
	WORD_MNT_NS,
	WORD_FLAGS,
	WORD_EVENT_FLAGS,
	WORD_HANDLE_BYTES,
	WORD_HANDLE_TYPE,
	WORD_HANDLE,
	WORD_COUNT,
};

static const struct {
	const char *text;
	uint64_t most;
} words[WORD_COUNT] = {
	[WORD_WD] = {"wd", INT32_MAX},
	[WORD_INO] = {"ino", UINT64_MAX},
	[WORD_SDEV] = {"sdev", UINT32_MAX},
	[WORD_MASK] = {"mask", UINT32_MAX},
	[WORD_IGNORED_MASK] = {"ignored_mask", UINT32_MAX},
	[WORD_MFLAGS] = {"mflags", UINT32_MAX},
	[WORD_MNT_ID] = {"mnt_id", INT32_MAX},
	[WORD_MNT_NS] = {"mnt_ns", UINT32_MAX},
	[WORD_FLAGS] = {"flags", UINT32_MAX},
	[WORD_EVENT_FLAGS] = {"event-flags", UINT32_MAX},
	[WORD_HANDLE_BYTES] = {"fhandle-bytes", UINT32_MAX},
	[WORD_HANDLE_TYPE] = {"fhandle-type", INT32_MAX},
	[WORD_HANDLE] = {"f_handle", 0},
};

/* A line: the number of each word that it has. */
struct parsed {
	uint32_t seen;
	uint64_t number[WORD_COUNT];
	struct intro_bytes handle; /* digits */
};

#define HAS(line, word) ((line)->seen >> WORD_##word & 1)

static enum word find_word(const char *text, size_t len)
{
	unsigned i;

	for (i = 0; i < WORD_COUNT; i++)
		if (strlen(words[i].text) == len && !memcmp(words[i].text, text, len))
			break;
	return (enum word)i;
}

/* A word whose value is not understood makes the line wrong; one that is not known does not. */
static bool parse_word(const char *p, const char *end, struct parsed *line)
{
	const char *colon = memchr(p, ':', (size_t)(end - p));
	enum word word = colon ? find_word(p, (size_t)(colon - p)) : WORD_COUNT;

	if (word == WORD_COUNT)
		return true;
	p = colon + 1;
	line->seen |= UINT32_C(1) << word;
	if (word == WORD_HANDLE) {
		line->handle = (struct intro_bytes){.data = p, .len = (size_t)(end - p)};
		return true;
	}
	return (word == WORD_MNT_NS ? intro_take_u64 : intro_take_hex)(&p, end,
								       &line->number[word]) &&
	       line->number[word] <= words[word].most && p == end;
}

static bool parse_words(const char *p, const char *end, struct parsed *line)
{
	for (;;) {
		intro_skip_blanks(&p, end);
		if (p == end)
			return true;
		const char *blank = memchr(p, ' ', (size_t)(end - p));
		if (!parse_word(p, blank ? blank : end, line))
			return false;
		p = blank ? blank : end;
	}
}

static unsigned hex_digit(char c)
{
	const char text[] = {c};
	const char *p = text;
	uint64_t digit;

	return intro_take_hex(&p, text + 1, &digit) ? (unsigned)digit : 16;
}

/*
 * The handle's digits to bytes. Those of all watches lie in one buffer, which is made large enough
 * for the whole text at first: nothing in it moves.
 */
static int store_handle(const struct parsed *line, struct intro_details *details,
			struct intro_watch *watch)
{
	struct intro_buf *buf = &details->store->handles;
	const char *digits = line->handle.data;
	size_t len = line->handle.len / 2, begin = buf->len;

	watch->handle_type = -1;
	if (!HAS(line, HANDLE))
		return 0;
	if (!HAS(line, HANDLE_TYPE) || line->handle.len % 2 || !HAS(line, HANDLE_BYTES) ||
	    line->number[WORD_HANDLE_BYTES] != len)
		return INTRO_E_FORMAT;
	if (!begin && intro_buf_reserve(buf, details->text_len / 2))
		return INTRO_E_NOMEM;
	for (size_t i = 0; i < len; i++) {
		unsigned high = hex_digit(digits[2 * i]), low = hex_digit(digits[2 * i + 1]);

		if (high > 15 || low > 15)
			return INTRO_E_FORMAT;
		buf->data[buf->len++] = (char)(high << 4 | low);
	}
	watch->handle_type = (int)line->number[WORD_HANDLE_TYPE];
	watch->handle = (struct intro_bytes){.data = buf->data + begin, .len = len};
	return 0;
}

static int add_watch(const struct parsed *line, struct intro_watch *watch,
		     struct intro_details *details)
{
	struct intro_fdinfo_store *store = details->store;
	size_t count = details->info->watch_count;
	struct intro_watch *watches;
	int r = store_handle(line, details, watch);

	if (r < 0)
		return r;
	watches = intro_details_grow(store->watches, &store->watches_size, count, sizeof(*watches));
	if (!watches)
		return INTRO_E_NOMEM;
	watch->mask = (uint32_t)line->number[WORD_MASK];
	watch->ignored_mask = (uint32_t)line->number[WORD_IGNORED_MASK];
	intro_details_split_device((uint32_t)line->number[WORD_SDEV], &watch->dev_major,
				   &watch->dev_minor);
	watches[count] = *watch;
	store->watches = watches;
	details->info->watches = watches;
	details->info->watch_count++;
	return 0;
}

static int parse_inotify(const char *p, const char *end, struct intro_details *details)
{
	struct parsed line = {0};
	struct intro_watch watch = {.what = INTRO_WATCH_INODE};

	if (!parse_words(p, end, &line) || !HAS(&line, WD) || !HAS(&line, INO) ||
	    !HAS(&line, SDEV) || !HAS(&line, MASK))
		return INTRO_E_FORMAT;
	watch.wd = (int)line.number[WORD_WD];
	watch.ino = line.number[WORD_INO];
	return add_watch(&line, &watch, details);
}

static int parse_fanotify(const char *p, const char *end, struct intro_details *details)
{
	struct parsed line = {0};
	struct intro_watch watch = {0};

	if (!parse_words(p, end, &line))
		return INTRO_E_FORMAT;
	if (HAS(&line, FLAGS)) { /* of the whole group */
		details->info->fanotify_flags = (unsigned)line.number[WORD_FLAGS];
		details->info->fanotify_event_flags = (unsigned)line.number[WORD_EVENT_FLAGS];
		return 0;
	}
	if (!HAS(&line, MASK))
		return INTRO_E_FORMAT;
	watch.mark_flags = (uint32_t)line.number[WORD_MFLAGS];
	if (HAS(&line, INO) && HAS(&line, SDEV)) {
		watch.what = INTRO_WATCH_INODE;
		watch.ino = line.number[WORD_INO];
	} else if (HAS(&line, MNT_ID)) {
		watch.what = INTRO_WATCH_MOUNT;
		watch.mount_id = (int)line.number[WORD_MNT_ID];
	} else if (HAS(&line, MNT_NS)) {
		watch.what = INTRO_WATCH_NAMESPACE;
		watch.ino = line.number[WORD_MNT_NS];
	} else if (HAS(&line, SDEV)) {
		watch.what = INTRO_WATCH_FILESYSTEM;
	} else {
		return 0; /* a mark of a sort that is not known */
	}
	return add_watch(&line, &watch, details);
}

static const struct intro_detail_line inotify_lines[] = {
	INTRO_DETAIL_EACH("inotify ", parse_inotify),
};

static const struct intro_detail_line fanotify_lines[] = {
	INTRO_DETAIL_EACH("fanotify ", parse_fanotify),
};

const struct intro_details_kind intro_details_inotify = INTRO_DETAILS_KIND(inotify_lines, NULL);
const struct intro_details_kind intro_details_fanotify = INTRO_DETAILS_KIND(fanotify_lines, NULL);
