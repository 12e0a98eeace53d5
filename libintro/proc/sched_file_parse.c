/*
 * /proc/PID/sched: a heading, a line of dashes, and lines that depend on how the kernel was built.
 *   cat (10223, #threads: 1)
 *   -------------------------------------------------------------------
 *   se.vruntime                                  :           114.438349
 *   se.sum_exec_runtime                          :            12.000213
 *   se.nr_migrations                             :                    3
 *   policy                                       :                    0
 *   prio                                         :                  120
 *   effective uclamp.max                         :                 1024
 * Times are in milliseconds with six decimals. The name in the heading is as the program set it and
 * may hold newlines, but at most 15 bytes: only what follows the dashes is believed.
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

#define FEWEST_DASHES 20 /* a name has 15 bytes at most */
#define NS_PER_MS 1000000

enum kind { KIND_TIME, KIND_SIGNED_TIME, KIND_U64, KIND_UNSIGNED, KIND_INT, KIND_BOOL };

/* The count of migrations has two spellings, by the age of the kernel. */
enum row_id {
	ROW_SUM_EXEC,
	ROW_MIGRATIONS,
	ROW_OLD_MIGRATIONS,
	ROW_VRUNTIME,
	ROW_POLICY,
	ROW_PRIO,
	ROW_SLICE,
	ROW_EXT,
	ROW_UCLAMP_MIN,
	ROW_UCLAMP_MAX,
	ROW_COUNT,
};

/* clang-format off */
#define LINE(key, kind, member)                                                                    \
	{key, sizeof(key) - 1, kind, offsetof(struct intro_sched_file, member)}
/* clang-format on */

static const struct row {
	char key[24];
	uint8_t key_len, kind;
	uint16_t offset;
} rows[ROW_COUNT] = {
	[ROW_SUM_EXEC] = LINE("se.sum_exec_runtime", KIND_TIME, sum_exec_ns),
	[ROW_MIGRATIONS] = LINE("nr_migrations", KIND_U64, migrations),
	[ROW_OLD_MIGRATIONS] = LINE("se.nr_migrations", KIND_U64, migrations),
	[ROW_VRUNTIME] = LINE("se.vruntime", KIND_SIGNED_TIME, vruntime_ns),
	[ROW_POLICY] = LINE("policy", KIND_UNSIGNED, policy),
	[ROW_PRIO] = LINE("prio", KIND_INT, prio),
	[ROW_SLICE] = LINE("se.slice", KIND_U64, slice_ns),
	[ROW_EXT] = LINE("ext.enabled", KIND_BOOL, ext_enabled),
	[ROW_UCLAMP_MIN] = LINE("effective uclamp.min", KIND_UNSIGNED, uclamp_min),
	[ROW_UCLAMP_MAX] = LINE("effective uclamp.max", KIND_UNSIGNED, uclamp_max),
};

/* "114.438349", "-0.000001": to nanoseconds. */
static bool take_milliseconds(const char **p, const char *end, bool *negative, uint64_t *ret)
{
	const char *s = *p;
	uint64_t ms, ns;

	*negative = s < end && *s == '-';
	s += *negative;
	if (!intro_take_u64(&s, end, &ms) || !INTRO_TAKE_LITERAL(&s, end, "."))
		return false;
	const char *decimals = s;
	if (!intro_take_u64(&s, end, &ns) || s - decimals != 6 ||
	    ms > (UINT64_MAX - ns) / NS_PER_MS)
		return false;
	*ret = ms * NS_PER_MS + ns;
	*p = s;
	return true;
}

static bool take_time(const char **p, const char *end, uint64_t *ret)
{
	bool negative;

	return take_milliseconds(p, end, &negative, ret) && !negative;
}

static bool take_signed_time(const char **p, const char *end, int64_t *ret)
{
	uint64_t absolute;
	bool negative;

	if (!take_milliseconds(p, end, &negative, &absolute) || absolute > INT64_MAX)
		return false;
	*ret = negative ? -(int64_t)absolute : (int64_t)absolute;
	return true;
}

static bool take_int(const char **p, const char *end, int *ret)
{
	int64_t value;

	if (!intro_take_i64(p, end, &value) || value < INT32_MIN || value > INT32_MAX)
		return false;
	*ret = (int)value;
	return true;
}

static bool take_unsigned(const char **p, const char *end, unsigned *ret)
{
	uint64_t value;

	if (!intro_take_u64(p, end, &value) || value > UINT32_MAX)
		return false;
	*ret = (unsigned)value;
	return true;
}

static bool take_bool(const char **p, const char *end, bool *ret)
{
	uint64_t value;

	if (!intro_take_u64(p, end, &value) || value > 1)
		return false;
	*ret = value;
	return true;
}

static bool take_value(const char **p, const char *stop, const struct row *row,
		       struct intro_sched_file *file)
{
	void *target = (char *)file + row->offset;

	switch ((enum kind)row->kind) {
	case KIND_TIME:
		return take_time(p, stop, target);
	case KIND_SIGNED_TIME:
		return take_signed_time(p, stop, target);
	case KIND_U64:
		return intro_take_u64(p, stop, target);
	case KIND_UNSIGNED:
		return take_unsigned(p, stop, target);
	case KIND_INT:
		return take_int(p, stop, target);
	case KIND_BOOL:
		return take_bool(p, stop, target);
	}
	return false;
}

/* False where a line that is known has a value that is not. */
static bool parse_line(const char *line, const char *stop, struct intro_sched_file *file,
		       unsigned *seen)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *p = line;

		if (!intro_take_bytes(&p, stop, rows[i].key, rows[i].key_len))
			continue;
		intro_skip_blanks(&p, stop);
		if (!INTRO_TAKE_LITERAL(&p, stop, ":"))
			continue;
		*seen |= 1u << i;
		intro_skip_blanks(&p, stop);
		return take_value(&p, stop, &rows[i], file) && p == stop;
	}
	return true;
}

/* The line below the heading: longer than any that a name could make. */
static bool is_dashes(const char *line, const char *stop)
{
	const char *p = line;

	while (p < stop && *p == '-')
		p++;
	return p == stop && p - line >= FEWEST_DASHES;
}

static uint32_t have_of(unsigned seen)
{
	static const struct {
		unsigned rows; /* all of these */
		uint32_t have;
	} needs[] = {
		{1u << ROW_SUM_EXEC, INTRO_SCHED_FILE_SUM_EXEC},
		{1u << ROW_MIGRATIONS, INTRO_SCHED_FILE_MIGRATIONS},
		{1u << ROW_OLD_MIGRATIONS, INTRO_SCHED_FILE_MIGRATIONS},
		{1u << ROW_VRUNTIME, INTRO_SCHED_FILE_VRUNTIME},
		{1u << ROW_POLICY, INTRO_SCHED_FILE_POLICY},
		{1u << ROW_PRIO, INTRO_SCHED_FILE_PRIO},
		{1u << ROW_SLICE, INTRO_SCHED_FILE_SLICE},
		{1u << ROW_EXT, INTRO_SCHED_FILE_EXT},
		{1u << ROW_UCLAMP_MIN | 1u << ROW_UCLAMP_MAX, INTRO_SCHED_FILE_UCLAMP},
	};
	uint32_t have = 0;

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		if ((seen & needs[i].rows) == needs[i].rows)
			have |= needs[i].have;
	}
	return have;
}

int intro_parse_sched_file(const char *text, size_t len, struct intro_sched_file *ret)
{
	const char *p = text, *end = text + len, *line, *stop;
	struct intro_sched_file file = {0};
	bool below_dashes = false;
	unsigned seen = 0;

	while (intro_take_line(&p, end, &line, &stop)) {
		if (!below_dashes)
			below_dashes = is_dashes(line, stop);
		else if (!parse_line(line, stop, &file, &seen))
			return INTRO_E_FORMAT;
	}
	if (!below_dashes)
		return INTRO_E_FORMAT;
	file.have = have_of(seen);
	*ret = file;
	return 0;
}
