/*
 * /proc/PID/status, one fact a line, in an order that kernels keep while adding lines to it:
 *   Name:	nginx
 *   Umask:	0022
 *   Uid:	33	33	33	33
 *   Groups:	4 33
 *   VmPeak:	    3060 kB
 *   SigQ:	0/96365
 *   SigBlk:	0000000000010000
 *   Cpus_allowed_list:	0-3,8
 * The name is escaped, so that no line can be forged. Unknown lines are passed over.
 *
 * A line is looked up from the row after that of the line before it: mostly that is the row. Rows
 * of lines that nobody asks for are there to keep it so.
 */
#include "proc/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "proc/text.h"

enum kind {
	KIND_IGNORED,
	KIND_OCTAL,
	KIND_PID,
	KIND_IDS,
	KIND_GROUPS,
	KIND_PIDS,
	KIND_KIB,
	KIND_QUEUE,
	KIND_HEX,
	KIND_BOOL,
	KIND_UNSIGNED,
	KIND_COUNTER,
	KIND_BYTES,
};

/* clang-format off */
#define LINE(key, kind, member, group)                                                             \
	{key, sizeof(key) - 1, kind, offsetof(struct intro_status, member), group}
#define IGNORED(key) {key, sizeof(key) - 1, KIND_IGNORED, 0, 0}
/* clang-format on */

static const struct row {
	char key[27];
	uint8_t key_len;
	uint16_t kind;
	uint16_t offset;
	uint32_t group; /* the INTRO_STATUS_* that is not set unless this line is there */
} rows[] = {
	IGNORED("Name"),
	LINE("Umask", KIND_OCTAL, umask, INTRO_STATUS_UMASK),
	IGNORED("State"),
	LINE("Tgid", KIND_PID, tgid, INTRO_STATUS_TGID),
	IGNORED("Ngid"),
	LINE("Pid", KIND_PID, pid, INTRO_STATUS_TGID),
	LINE("PPid", KIND_PID, ppid, INTRO_STATUS_TGID),
	LINE("TracerPid", KIND_PID, tracer_pid, INTRO_STATUS_TRACER),
	LINE("Uid", KIND_IDS, uid, INTRO_STATUS_IDS),
	LINE("Gid", KIND_IDS, gid, INTRO_STATUS_IDS),
	IGNORED("FDSize"),
	LINE("Groups", KIND_GROUPS, groups, INTRO_STATUS_GROUPS),
	IGNORED("NStgid"),
	LINE("NSpid", KIND_PIDS, ns_pids, INTRO_STATUS_NSPID),
	IGNORED("NSpgid"),
	IGNORED("NSsid"),
	IGNORED("Kthread"),
	LINE("VmPeak", KIND_KIB, vm_peak, INTRO_STATUS_MEMORY),
	LINE("VmSize", KIND_KIB, vm_size, INTRO_STATUS_MEMORY),
	LINE("VmLck", KIND_KIB, vm_locked, INTRO_STATUS_MEMORY),
	LINE("VmPin", KIND_KIB, vm_pinned, INTRO_STATUS_MEMORY),
	LINE("VmHWM", KIND_KIB, vm_hwm, INTRO_STATUS_MEMORY),
	LINE("VmRSS", KIND_KIB, vm_rss, INTRO_STATUS_MEMORY),
	LINE("RssAnon", KIND_KIB, rss_anon, INTRO_STATUS_RSS_KINDS),
	LINE("RssFile", KIND_KIB, rss_file, INTRO_STATUS_RSS_KINDS),
	LINE("RssShmem", KIND_KIB, rss_shmem, INTRO_STATUS_RSS_KINDS),
	LINE("VmData", KIND_KIB, vm_data, INTRO_STATUS_MEMORY),
	LINE("VmStk", KIND_KIB, vm_stack, INTRO_STATUS_MEMORY),
	LINE("VmExe", KIND_KIB, vm_exe, INTRO_STATUS_MEMORY),
	LINE("VmLib", KIND_KIB, vm_lib, INTRO_STATUS_MEMORY),
	LINE("VmPTE", KIND_KIB, vm_pte, INTRO_STATUS_MEMORY),
	LINE("VmSwap", KIND_KIB, vm_swap, INTRO_STATUS_SWAP),
	IGNORED("HugetlbPages"),
	IGNORED("CoreDumping"),
	IGNORED("THP_enabled"),
	IGNORED("untag_mask"),
	IGNORED("Threads"),
	LINE("SigQ", KIND_QUEUE, sig_queued, INTRO_STATUS_SIGQ),
	LINE("SigPnd", KIND_HEX, sig_pending, INTRO_STATUS_SIGNALS),
	LINE("ShdPnd", KIND_HEX, sig_shared_pending, INTRO_STATUS_SIGNALS),
	LINE("SigBlk", KIND_HEX, sig_blocked, INTRO_STATUS_SIGNALS),
	LINE("SigIgn", KIND_HEX, sig_ignored, INTRO_STATUS_SIGNALS),
	LINE("SigCgt", KIND_HEX, sig_caught, INTRO_STATUS_SIGNALS),
	LINE("CapInh", KIND_HEX, caps[INTRO_CAP_INHERITABLE], INTRO_STATUS_CAPS),
	LINE("CapPrm", KIND_HEX, caps[INTRO_CAP_PERMITTED], INTRO_STATUS_CAPS),
	LINE("CapEff", KIND_HEX, caps[INTRO_CAP_EFFECTIVE], INTRO_STATUS_CAPS),
	LINE("CapBnd", KIND_HEX, caps[INTRO_CAP_BOUNDING], INTRO_STATUS_CAPS),
	LINE("CapAmb", KIND_HEX, caps[INTRO_CAP_AMBIENT], INTRO_STATUS_CAPS),
	LINE("NoNewPrivs", KIND_BOOL, no_new_privs, INTRO_STATUS_NO_NEW_PRIVS),
	LINE("Seccomp", KIND_UNSIGNED, seccomp, INTRO_STATUS_SECCOMP),
	IGNORED("Seccomp_filters"),
	IGNORED("Speculation_Store_Bypass"),
	IGNORED("SpeculationIndirectBranch"),
	IGNORED("Cpus_allowed"),
	LINE("Cpus_allowed_list", KIND_BYTES, cpus_allowed, INTRO_STATUS_CPUS),
	IGNORED("Mems_allowed"),
	LINE("Mems_allowed_list", KIND_BYTES, mems_allowed, 0), /* not on every kernel */
	LINE("voluntary_ctxt_switches", KIND_COUNTER, voluntary_switches, INTRO_STATUS_SWITCHES),
	LINE("nonvoluntary_ctxt_switches", KIND_COUNTER, involuntary_switches,
	     INTRO_STATUS_SWITCHES),
	IGNORED("x86_Thread_features"),
	IGNORED("x86_Thread_features_locked"),
};

#define ROW_COUNT (sizeof(rows) / sizeof(*rows))
_Static_assert(ROW_COUNT <= 64, "the lines seen are kept as bits");

/* The value of a line, blanks before it taken off, and where it goes. */
struct value {
	const char *p, *end;
	void *target;
};

static bool take_number_of_at_most(struct value *v, uint64_t greatest, uint64_t *ret)
{
	intro_skip_blanks(&v->p, v->end);
	return intro_take_u64(&v->p, v->end, ret) && *ret <= greatest;
}

static bool at_end(struct value *v)
{
	intro_skip_blanks(&v->p, v->end);
	return v->p == v->end;
}

static bool parse_octal(struct value *v)
{
	uint64_t number;

	if (!intro_take_octal(&v->p, v->end, &number) || number > UINT32_MAX)
		return false;
	*(unsigned *)v->target = (unsigned)number;
	return at_end(v);
}

static bool parse_unsigned(struct value *v)
{
	uint64_t number;

	if (!take_number_of_at_most(v, UINT32_MAX, &number))
		return false;
	*(unsigned *)v->target = (unsigned)number;
	return at_end(v);
}

static bool parse_pid(struct value *v)
{
	uint64_t number;

	if (!take_number_of_at_most(v, INT32_MAX, &number))
		return false;
	*(pid_t *)v->target = (pid_t)number;
	return at_end(v);
}

static bool parse_bool(struct value *v)
{
	uint64_t number;

	if (!take_number_of_at_most(v, 1, &number))
		return false;
	*(bool *)v->target = number;
	return at_end(v);
}

/* Real, effective, saved, of the file system: uid_t and gid_t are the same type. */
static bool parse_ids(struct value *v)
{
	uint32_t *ids = v->target;

	for (int i = 0; i < INTRO_ID_COUNT; i++) {
		uint64_t number;

		if (!take_number_of_at_most(v, UINT32_MAX, &number))
			return false;
		ids[i] = (uint32_t)number;
	}
	return at_end(v);
}

static bool parse_kib(struct value *v)
{
	uint64_t kib;

	if (!take_number_of_at_most(v, UINT64_MAX / 1024, &kib) ||
	    !INTRO_TAKE_LITERAL(&v->p, v->end, " kB"))
		return false;
	*(uint64_t *)v->target = kib * 1024;
	return at_end(v);
}

static bool parse_hex(struct value *v)
{
	return intro_take_hex(&v->p, v->end, v->target) && at_end(v);
}

static bool parse_counter(struct value *v)
{
	return intro_take_u64(&v->p, v->end, v->target) && at_end(v);
}

/* "0/96365" to sig_queued and, next to it, sig_queue_limit. */
_Static_assert(offsetof(struct intro_status, sig_queue_limit) ==
		       offsetof(struct intro_status, sig_queued) + sizeof(uint64_t),
	       "neighbours");

static bool parse_queue(struct value *v)
{
	uint64_t *pair = v->target;

	return intro_take_u64(&v->p, v->end, &pair[0]) && INTRO_TAKE_LITERAL(&v->p, v->end, "/") &&
	       intro_take_u64(&v->p, v->end, &pair[1]) && at_end(v);
}

static bool parse_bytes(struct value *v)
{
	const char *end = v->end;

	while (end > v->p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*(struct intro_bytes *)v->target =
		(struct intro_bytes){.data = v->p, .len = (size_t)(end - v->p)};
	return true;
}

/*
 * Makes room for `count` elements; what was stored is not kept. Returns the storage, or NULL.
 */
static void *make_room(void *storage, size_t *size, size_t count, size_t element)
{
	if (*size >= count)
		return storage;
	void *grown = count <= SIZE_MAX / element ? realloc(storage, count * element) : NULL;
	if (grown)
		*size = count;
	return grown;
}

/* Each number takes two bytes at least: a digit and a blank. */
static size_t most_numbers(const struct value *v)
{
	return (size_t)(v->end - v->p) / 2 + 1;
}

static int parse_groups(struct value *v, struct intro_status_lists *lists, struct intro_status *ret)
{
	gid_t *groups =
		make_room(lists->groups, &lists->groups_size, most_numbers(v), sizeof(*groups));
	uint64_t number;
	size_t n = 0;

	if (!groups)
		return INTRO_E_NOMEM;
	lists->groups = groups;
	while (!at_end(v)) {
		if (!take_number_of_at_most(v, UINT32_MAX, &number))
			return INTRO_E_FORMAT;
		groups[n++] = (gid_t)number;
	}
	ret->groups = groups;
	ret->group_count = n;
	return 0;
}

static int parse_ns_pids(struct value *v, struct intro_status_lists *lists,
			 struct intro_status *ret)
{
	pid_t *pids =
		make_room(lists->ns_pids, &lists->ns_pids_size, most_numbers(v), sizeof(*pids));
	uint64_t number;
	size_t n = 0;

	if (!pids)
		return INTRO_E_NOMEM;
	lists->ns_pids = pids;
	while (!at_end(v)) {
		if (!take_number_of_at_most(v, INT32_MAX, &number))
			return INTRO_E_FORMAT;
		pids[n++] = (pid_t)number;
	}
	ret->ns_pids = pids;
	ret->ns_pid_count = n;
	return 0;
}

/* All kinds but lists. */
static bool parse_plain(enum kind kind, struct value *v)
{
	switch (kind) {
	case KIND_OCTAL:
		return parse_octal(v);
	case KIND_PID:
		return parse_pid(v);
	case KIND_IDS:
		return parse_ids(v);
	case KIND_KIB:
		return parse_kib(v);
	case KIND_QUEUE:
		return parse_queue(v);
	case KIND_HEX:
		return parse_hex(v);
	case KIND_BOOL:
		return parse_bool(v);
	case KIND_UNSIGNED:
		return parse_unsigned(v);
	case KIND_COUNTER:
		return parse_counter(v);
	case KIND_BYTES:
		return parse_bytes(v);
	case KIND_IGNORED:
	case KIND_GROUPS:
	case KIND_PIDS:
		break;
	}
	return true;
}

static int parse_value(const struct row *row, struct value *v, struct intro_status_lists *lists,
		       struct intro_status *ret)
{
	intro_skip_blanks(&v->p, v->end);
	v->target = (char *)ret + row->offset;
	if (row->kind == KIND_GROUPS)
		return parse_groups(v, lists, ret);
	if (row->kind == KIND_PIDS)
		return parse_ns_pids(v, lists, ret);
	return parse_plain((enum kind)row->kind, v) ? 0 : INTRO_E_FORMAT;
}

/* The row of a line, tried from row `start` on and around; ROW_COUNT if there is none. */
static size_t find_row(const char *line, size_t len, size_t start)
{
	for (size_t n = 0, i = start; n < ROW_COUNT; n++, i++) {
		if (i >= ROW_COUNT)
			i = 0;
		if (len > rows[i].key_len && line[rows[i].key_len] == ':' &&
		    !memcmp(line, rows[i].key, rows[i].key_len))
			return i;
	}
	return ROW_COUNT;
}

/* All groups but those of which a line was missing. */
static uint32_t groups_of(uint64_t seen)
{
	uint32_t all = 0, missing = 0;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		all |= rows[i].group;
		if (!(seen >> i & 1))
			missing |= rows[i].group;
	}
	return all & ~missing;
}

int intro_parse_status(const char *text, size_t len, struct intro_status_lists *lists,
		       struct intro_status *ret)
{
	const char *p = text, *end = text + len, *line, *stop;
	struct intro_status status = {0};
	uint64_t seen = 0;
	size_t next = 0;

	while (intro_take_line(&p, end, &line, &stop)) {
		size_t i = find_row(line, (size_t)(stop - line), next);

		if (i == ROW_COUNT)
			continue;
		if (seen >> i & 1)
			return INTRO_E_FORMAT;
		seen |= UINT64_C(1) << i;
		next = i + 1;

		struct value v = {.p = line + rows[i].key_len + 1, .end = stop};
		int r = parse_value(&rows[i], &v, lists, &status);
		if (r < 0)
			return r;
	}
	status.have = groups_of(seen);
	*ret = status;
	return 0;
}

void intro_status_lists_free(struct intro_status_lists *lists)
{
	free(lists->groups);
	free(lists->ns_pids);
	*lists = (struct intro_status_lists){0};
}
