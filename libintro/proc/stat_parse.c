/*
 * /proc/PID/stat, one line:
 *   812 (nginx: worker) S 800 800 800 0 -1 4194624 3120 0 2 0 41 17 0 0 20 0 1 0 3310 ...
 * The name is as the program set it: it may hold spaces, newlines and parentheses. What follows it
 * holds none, so the last ')' ends it. The fields after the state are numbers, and newer kernels
 * have added some at the end.
 *
 * This is read for every process of every listing: one pass, no copies but that of the result.
 */
#include "proc/parse.h"

#include <stdbool.h>
#include <string.h>

#include "proc/text.h"

#define FIELDS_BEFORE_NUMBERS 3 /* pid, comm, state */
#define FIELDS_NEEDED 22        /* up to starttime: what a kernel of any age has */
#define COMM_MAX (INTRO_COMM_SIZE - 1)

/* What a field may be. It is stored modulo 2^(8 size), which is exact within the bounds. */
enum kind { KIND_SKIP, KIND_I32, KIND_U32, KIND_BITS32, KIND_I64, KIND_U64, KIND_COUNT };

static const struct {
	uint64_t greatest[2]; /* absolute value; of a positive and of a negative number */
	size_t size;          /* 0: not stored */
} kinds[KIND_COUNT] = {
	[KIND_SKIP] = {{UINT64_MAX, UINT64_MAX}, 0},
	[KIND_I32] = {{INT32_MAX, UINT64_C(1) << 31}, sizeof(int32_t)},
	[KIND_U32] = {{UINT32_MAX, 0}, sizeof(uint32_t)},
	[KIND_BITS32] = {{UINT32_MAX, UINT64_C(1) << 31}, sizeof(uint32_t)},
	[KIND_I64] = {{INT64_MAX, UINT64_C(1) << 63}, sizeof(int64_t)},
	[KIND_U64] = {{UINT64_MAX, 0}, sizeof(uint64_t)},
};

_Static_assert(sizeof(pid_t) == 4 && sizeof(int) == 4, "the kinds above");

/* clang-format off */
#define FIELD(member, kind) {offsetof(struct intro_stat, member), kind}
#define SKIPPED {0, KIND_SKIP}
/* clang-format on */

static const struct field {
	uint16_t offset;
	uint16_t kind;
} fields[] = {
	FIELD(ppid, KIND_I32), /* the 4th */
	FIELD(pgrp, KIND_I32),
	FIELD(session, KIND_I32),
	FIELD(tty_nr, KIND_BITS32), /* a device number, but the kernel prints an int */
	FIELD(tpgid, KIND_I32),
	FIELD(flags, KIND_U32),
	FIELD(minflt, KIND_U64), /* the 10th */
	FIELD(cminflt, KIND_U64),
	FIELD(majflt, KIND_U64),
	FIELD(cmajflt, KIND_U64),
	FIELD(utime, KIND_U64),
	FIELD(stime, KIND_U64),
	FIELD(cutime, KIND_I64),
	FIELD(cstime, KIND_I64),
	FIELD(priority, KIND_I64),
	FIELD(nice, KIND_I64),
	FIELD(num_threads, KIND_I64), /* the 20th */
	SKIPPED,                      /* itrealvalue: always 0 */
	FIELD(starttime, KIND_U64),
	FIELD(vsize, KIND_U64),
	FIELD(rss, KIND_I64),
	FIELD(rsslim, KIND_U64),
	FIELD(start_code, KIND_U64),
	FIELD(end_code, KIND_U64),
	FIELD(start_stack, KIND_U64),
	FIELD(kstkesp, KIND_U64),
	FIELD(kstkeip, KIND_U64), /* the 30th */
	SKIPPED,                  /* signal, blocked, sigignore, sigcatch: the first 31 signals */
	SKIPPED,
	SKIPPED,
	SKIPPED,
	SKIPPED, /* wchan */
	SKIPPED, /* nswap */
	SKIPPED, /* cnswap */
	FIELD(exit_signal, KIND_I32),
	FIELD(processor, KIND_I32),
	FIELD(rt_priority, KIND_U32), /* the 40th */
	FIELD(policy, KIND_U32),
	FIELD(delayacct_blkio_ticks, KIND_U64),
	FIELD(guest_time, KIND_U64),
	FIELD(cguest_time, KIND_I64),
	FIELD(start_data, KIND_U64),
	FIELD(end_data, KIND_U64),
	FIELD(start_brk, KIND_U64),
	FIELD(arg_start, KIND_U64),
	FIELD(arg_end, KIND_U64),
	FIELD(env_start, KIND_U64), /* the 50th */
	FIELD(env_end, KIND_U64),
	FIELD(exit_code, KIND_I32),
};

#define FIELD_COUNT (sizeof(fields) / sizeof(*fields))
_Static_assert(FIELD_COUNT + FIELDS_BEFORE_NUMBERS == 52, "proc_pid_stat(5)");

static inline unsigned digit_of(char c)
{
	return (unsigned char)c - (unsigned)'0'; /* above 9: not a digit */
}

/*
 * Takes digits with an optional sign: the same as intro_take_i64 does, but here for the compiler
 * to put in line, and with the sign apart.
 */
static inline bool take_number(const char **p, const char *end, uint64_t *absolute, bool *negative)
{
	const char *s = *p;
	unsigned digit;

	*negative = s < end && *s == '-';
	s += *negative;
	if (s == end || (digit = digit_of(*s)) > 9)
		return false;

	uint64_t value = digit;
	const char *safe = end - s > 19 ? s + 19 : end; /* 19 digits fit */
	while (++s < safe && (digit = digit_of(*s)) <= 9)
		value = value * 10 + digit;
	for (; s < end && (digit = digit_of(*s)) <= 9; s++) {
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*p = s;
	*absolute = value;
	return true;
}

static inline bool take_field(const char **p, const char *end, const struct field *field,
			      struct intro_stat *stat)
{
	uint64_t value;
	bool negative;

	if (!take_number(p, end, &value, &negative) ||
	    value > kinds[field->kind].greatest[negative])
		return false;
	if (negative)
		value = -value;
	if (kinds[field->kind].size == sizeof(uint64_t)) {
		memcpy((char *)stat + field->offset, &value, sizeof(value));
	} else if (kinds[field->kind].size == sizeof(uint32_t)) {
		uint32_t low = (uint32_t)value;

		memcpy((char *)stat + field->offset, &low, sizeof(low));
	}
	return true;
}

static bool take_pid(const char **p, const char *end, pid_t *ret)
{
	uint64_t value;
	bool negative;

	if (!take_number(p, end, &value, &negative) || negative || value > INT32_MAX)
		return false;
	*ret = (pid_t)value;
	return true;
}

/* " (name) S": *p moves behind the state. */
static bool take_comm_and_state(const char **p, const char *end, struct intro_stat *stat)
{
	const char *s = *p;

	if (end - s < 2 || s[0] != ' ' || s[1] != '(')
		return false;
	const char *comm = s + 2;
	/* Further away than the longest name there can only be a ')' that should not be. */
	size_t window = (size_t)(end - comm) <= COMM_MAX ? (size_t)(end - comm) : COMM_MAX + 1;
	const char *close = memrchr(comm, ')', window);

	if (!close || end - close < 3 || close[1] != ' ')
		return false;
	size_t len = (size_t)(close - comm);
	if (memchr(comm, '\0', len))
		return false;
	memcpy(stat->comm, comm, len);
	stat->comm[len] = '\0';
	stat->comm_len = (unsigned)len;
	stat->state = close[2];
	*p = close + 3;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What a field may consist of: no ')', as the last one ends the name. */
static bool is_of_field(char c)
{
	return c > ' ' && c < 0x7f && c != ')';
}

/* Fields that this parser does not know yet: counts them. False where they are malformed. */
static bool count_further(const char **p, const char *end, unsigned *count)
{
	const char *s = *p;

	while (s < end && *s == ' ') {
		const char *begin = ++s;

		while (s < end && is_of_field(*s))
			s++;
		if (s == begin)
			return false;
		++*count;
	}
	*p = s;
	return true;
}

int intro_parse_stat(const char *text, size_t len, struct intro_stat *ret)
{
	const char *p = text, *end = text + len;
	struct intro_stat stat = {0};
	size_t i = 0;

	if (!take_pid(&p, end, &stat.pid) || !take_comm_and_state(&p, end, &stat) ||
	    !is_letter(stat.state))
		return INTRO_E_FORMAT;
	for (; i < FIELD_COUNT && p < end && *p == ' '; i++) {
		p++;
		if (!take_field(&p, end, &fields[i], &stat))
			return INTRO_E_FORMAT;
	}
	stat.fields = (unsigned)i + FIELDS_BEFORE_NUMBERS;
	if (stat.fields < FIELDS_NEEDED || !count_further(&p, end, &stat.fields) ||
	    !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = stat;
	return 0;
}
