/* Lists of descriptors: from process to slot to record. */
#include "fd/list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/parse.h"

#define FIRST_OPTIONS_SIZE sizeof(struct intro_fds_options) /* of 0.2 */
#define ALL_SOURCES ((1u << INTRO_FD_SOURCE_COUNT) - 1)
#define STAT_LIMIT (64u << 10)
#define MAPS_LIMIT (256u << 20)

#define AGAIN 2 /* of a step: nothing yet, go on */

int intro_fds_open(struct intro *session, const struct intro_fds_options *options,
		   struct intro_fds **ret)
{
	struct intro_fds_options wanted;
	struct intro_fds *fds;

	if (!options ||
	    intro_options_copy(&wanted, sizeof(wanted), FIRST_OPTIONS_SIZE, options, options->size))
		return intro_fail(session, INTRO_E_INVALID, 0, 0, NULL, "bad options for a list");
	if (((wanted.want | wanted.want_later) & ~ALL_SOURCES) || (wanted.slots & ~INTRO_SLOTS_ALL))
		return intro_fail(session, INTRO_E_UNSUPPORTED, 0, 0, NULL,
				  "a list of descriptors has no such source or slot");
	fds = calloc(1, sizeof(*fds));
	if (!fds)
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	fds->session = session;
	fds->want = wanted.want;
	fds->allowed = wanted.want | wanted.want_later;
	fds->slots = wanted.slots ? wanted.slots : INTRO_SLOTS_ALL;
	fds->sockets = wanted.sockets;
	fds->targets.session = session;
	fds->task_fd = fds->fd_dir = fds->info_dir = fds->pidfd = fds->map_files_dir = -1;
	fds->slot = INTRO_SLOT_COUNT;
	*ret = fds;
	return 0;
}

static void spend(struct intro_fds *fds, int *fd)
{
	intro_spent_add(&fds->spent, *fd);
	*fd = -1;
}

/* Leaves the directories below the task, so that those of another thread can be opened. */
static void leave_task(struct intro_fds *fds)
{
	if (fds->is_task_fd_ours)
		intro_spent_add(&fds->spent, fds->task_fd);
	fds->task_fd = -1;
	spend(fds, &fds->fd_dir);
	spend(fds, &fds->info_dir);
	spend(fds, &fds->pidfd);
	spend(fds, &fds->map_files_dir);
	fds->pidfd_error = 0;
	fds->map_files_denied = false;
}

static void leave_process(struct intro_fds *fds)
{
	leave_task(fds);
	fds->slot = INTRO_SLOT_COUNT;
	fds->have_record = false;
}

void intro_fds_close(struct intro_fds *fds)
{
	if (!fds)
		return;
	leave_process(fds);
	intro_spent_close(&fds->spent);
	intro_sockets_close(fds->own_sockets);
	intro_fd_targets_free(&fds->targets);
	intro_fdinfo_store_free(&fds->info_store);
	intro_pid_list_free(&fds->numbers);
	intro_fd_maps_free(&fds->maps);
	intro_fd_map_cache_free(&fds->map_cache);
	intro_buf_free(&fds->maps_text);
	intro_buf_free(&fds->link_text);
	intro_buf_free(&fds->info_text);
	free(fds);
}

/* ---- the process ---- */

/* What was kept from process to process is of the time of a round: files change, and sockets more. */
static void begin_round(struct intro_fds *fds)
{
	intro_fd_map_cache_clear(&fds->map_cache);
	if (fds->own_sockets)
		intro_sockets_rewind(fds->own_sockets);
}

static void enter_process(struct intro_fds *fds, int task_fd, bool is_ours, pid_t pid, pid_t tid)
{
	fds->task_fd = task_fd;
	fds->is_task_fd_ours = is_ours;
	if (pid < fds->last_pid || (pid == fds->last_pid && tid <= fds->tid))
		begin_round(fds);
	fds->pid = fds->last_pid = pid;
	fds->tid = fds->table_tid = tid;
	fds->mount_namespace = 0;
	/* Where the main thread has ended others may go on; captured trees tell too little of it. */
	fds->has_stepped_aside = !fds->session->live || tid != pid;
	fds->slot = 0;
	fds->slot_begun = fds->is_asleep = false;
	memset(fds->denied, 0, sizeof(fds->denied));
}

int intro_fds_select(struct intro_fds *fds, pid_t pid, pid_t tid)
{
	int process_fd, task_fd;
	pid_t tgid;

	leave_process(fds);
	process_fd = intro_pin_process(fds->session, pid, &tgid);
	if (process_fd < 0)
		return process_fd;
	if (tgid != pid) { /* a thread: its process, then itself */
		close(process_fd);
		process_fd = intro_pin_process(fds->session, tgid, NULL);
		if (process_fd < 0)
			return process_fd;
		tid = tid ? tid : pid;
		pid = tgid;
	}
	task_fd = process_fd;
	if (tid) {
		task_fd = intro_pin_thread(fds->session, process_fd, pid, tid);
		close(process_fd);
		if (task_fd < 0)
			return task_fd;
	}
	enter_process(fds, task_fd, true, pid, tid ? tid : pid);
	return 0;
}

int intro_fds_enter(struct intro_fds *fds, struct intro_tasks *tasks)
{
	pid_t pid, tid;
	int task_fd;

	leave_process(fds);
	task_fd = intro_tasks_dirfd(tasks, &pid, &tid);
	if (task_fd < 0)
		return intro_fail(fds->session, INTRO_E_STATE, 0, 0, NULL,
				  "the list of tasks has no pinned task");
	enter_process(fds, task_fd, false, pid, tid);
	fds->is_asleep = intro_tasks_sleeps(tasks);
	return 0;
}

int intro_fds_denied(const struct intro_fds *fds, enum intro_slot slot)
{
	return (unsigned)slot < INTRO_SLOT_COUNT ? fds->denied[slot] : 0;
}

/* Whether a thread has what the main one lacks: a working directory goes with the table. */
static int pin_living_thread(struct intro_fds *fds, pid_t tid)
{
	char path[48], link[2];
	int fd;

	snprintf(path, sizeof(path), "task/%d/cwd", tid);
	if (readlinkat(fds->task_fd, path, link, sizeof(link)) < 0)
		return -1;
	snprintf(path, sizeof(path), "task/%d", tid);
	fd = openat(fds->task_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int find_living_thread(struct intro_fds *fds, pid_t *ret)
{
	int dir = openat(fds->task_fd, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;

	if (dir < 0)
		return -errno;
	if (intro_pid_list_read(dir, 1, &fds->numbers) == 0) {
		for (size_t i = 0; fd < 0 && i < fds->numbers.count; i++) {
			*ret = fds->numbers.pids[i];
			if (*ret != fds->pid)
				fd = pin_living_thread(fds, *ret);
		}
	}
	fds->numbers.count = 0;
	close(dir);
	return fd;
}

/*
 * A main thread that has ended stays as a zombie while others run, and has nothing open: then one of
 * them tells. True if there is one, and the slot is to be tried again.
 */
static bool step_aside(struct intro_fds *fds)
{
	enum { LINKS_OF_TWO_THREADS = 4 }; /* ".", "..", and each */
	struct stat st;
	pid_t tid = fds->pid;
	int fd;

	if (fds->has_stepped_aside)
		return false;
	fds->has_stepped_aside = true;
	if (fstatat(fds->task_fd, "task", &st, 0) || st.st_nlink < LINKS_OF_TWO_THREADS)
		return false;
	fd = find_living_thread(fds, &tid);
	if (fd < 0)
		return false;
	leave_task(fds);
	fds->task_fd = fd;
	fds->is_task_fd_ours = true;
	fds->table_tid = tid;
	fds->slot_begun = false;
	return true;
}

/* ---- slots ---- */

/* What an errno means for a slot: the end of it, noted where it was denied; or a failure. */
static int end_slot(struct intro_fds *fds, int error, const char *path)
{
	bool is_gone = error == ENOENT || error == ESRCH;

	if (is_gone && step_aside(fds))
		return AGAIN;
	if (error == ENOMEM || error == EMFILE || error == ENFILE)
		return intro_fail(fds->session, intro_code_of_errno(error), error, fds->pid, path,
				  NULL);
	if (!is_gone)
		fds->denied[fds->slot] = error;
	fds->slot++;
	fds->slot_begun = false;
	return AGAIN;
}

/* The record that has been begun: 1; AGAIN where it is gone. */
static int read_record(struct intro_fds *fds)
{
	int r = intro_fd_record_read(fds, fds->want);

	if (r == INTRO_E_GONE)
		return AGAIN;
	fds->have_record = r == 0;
	return r ? r : 1;
}

/* One of the three slots that are one link. */
static int step_place(struct intro_fds *fds, const char *name)
{
	unsigned slot = fds->slot;
	int r, error;

	strcpy(fds->at, name);
	intro_fd_record_begin(fds, slot, -1, fds->task_fd);
	r = read_record(fds);
	error = fds->record.error[INTRO_FD_SOURCE_LINK];
	if (r == AGAIN)
		return end_slot(fds, ENOENT, name);
	if (r == 1 && (error == EACCES || error == EPERM)) {
		fds->have_record = false;
		return end_slot(fds, error, name);
	}
	fds->slot++;
	return r;
}

/* Two programs may have been deleted under one name; a file system may number its files twice. */
static bool is_program(const struct intro_fds *fds, const struct intro_fd_map *map, char *path,
		       const struct intro_fd_stat *program)
{
	size_t len = intro_fd_map_unescape(map->path, path);
	struct intro_link link;

	if (len != fds->link_text.len || memcmp(path, fds->link_text.data, len) != 0)
		return false;
	intro_parse_link(path, len, &link);
	return !fds->session->live || !link.has_suffix || map->ino == program->ino;
}

/* The program is a slot of its own: its text is not told again. */
static void leave_out_program(struct intro_fds *fds)
{
	struct intro_fd_maps *maps = &fds->maps;
	struct intro_fd_stat program;
	size_t kept = 0;
	char *path;

	if (intro_read_link(fds->task_fd, "exe", &fds->link_text))
		return;
	if (fds->session->live && intro_fd_statx(fds->task_fd, "exe", 0, &program))
		return;
	path = malloc(fds->maps_text.len + 1);
	if (!path)
		return; /* it is told twice */
	for (size_t i = 0; i < maps->count; i++)
		if (!is_program(fds, &maps->maps[i], path, &program))
			maps->maps[kept++] = maps->maps[i];
	maps->count = kept;
	free(path);
}

static int begin_maps(struct intro_fds *fds)
{
	int r = intro_read_file(fds->session, fds->task_fd, "maps", MAPS_LIMIT, &fds->maps_text);

	if (r == 0)
		r = intro_fd_maps_collect(fds->maps_text.data, fds->maps_text.len, &fds->maps);
	if (r)
		return r;
	if (fds->maps_text.len == 0 && step_aside(fds))
		return AGAIN;
	if (fds->maps.count)
		leave_out_program(fds);
	fds->next_map = 0;
	fds->slot_begun = true;
	return 0;
}

static int step_mem(struct intro_fds *fds)
{
	int r = fds->slot_begun ? 0 : begin_maps(fds);

	if (r == AGAIN)
		return AGAIN;
	if (r)
		return end_slot(fds, -r, "maps");
	if (fds->next_map == fds->maps.count) {
		fds->slot++;
		fds->slot_begun = false;
		return AGAIN;
	}
	fds->map = &fds->maps.maps[fds->next_map++];
	snprintf(fds->at, sizeof(fds->at), "%jx-%jx", (uintmax_t)fds->map->start,
		 (uintmax_t)fds->map->end);
	intro_fd_record_begin(fds, INTRO_SLOT_MEM, -1, -1);
	fds->record.map_start = fds->map->start;
	return read_record(fds);
}

/* Whether a task runs, as far as its file "stat" tells. */
static bool is_running(struct intro_fds *fds, const char *path, int64_t *threads)
{
	struct intro_buf *text = &fds->info_text;
	struct intro_stat stat;

	if (intro_read_record_spent(fds->session, fds->task_fd, path, STAT_LIMIT, text,
				    &fds->spent) ||
	    intro_parse_stat(text->data, text->len, &stat))
		return true;
	*threads = stat.num_threads;
	return stat.state == 'R';
}

static bool is_any_thread_running(struct intro_fds *fds)
{
	int dir = openat(fds->task_fd, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct intro_pid_list tids = {0};
	bool is_any = dir < 0 || intro_pid_list_read(dir, 1, &tids) || tids.count == 0;
	int64_t threads;

	for (size_t i = 0; !is_any && i < tids.count; i++) {
		char path[48];

		snprintf(path, sizeof(path), "task/%d/stat", tids.pids[i]);
		is_any = is_running(fds, path, &threads);
	}
	intro_spent_add(&fds->spent, dir);
	intro_pid_list_free(&tids);
	return is_any;
}

/*
 * Whether the table may be changing while it is read. To be sure of each descriptor takes three
 * times the work, and a process all of whose threads sleep opens and closes nothing.
 */
static bool is_restless(struct intro_fds *fds)
{
	enum { MOST_THREADS = 16 }; /* of whom it is worth to ask each */
	int64_t threads = 1;

	if (!fds->session->live)
		return false;
	if (is_running(fds, "stat", &threads) || threads > MOST_THREADS)
		return true;
	return threads > 1 && (fds->tid != fds->pid || is_any_thread_running(fds));
}

static int begin_fds(struct intro_fds *fds)
{
	int r;

	r = intro_open_directory(fds->session, fds->task_fd, "fd", O_RDONLY);
	if (r < 0)
		return r;
	fds->fd_dir = r;
	fds->numbers.is_fresh_procfs = fds->session->live;
	r = intro_pid_list_read(fds->fd_dir, 0, &fds->numbers);
	fds->numbers.is_fresh_procfs = false;
	if (r)
		return r;
	if (fds->numbers.count == 0 && step_aside(fds))
		return AGAIN;
	fds->next_number = 0;
	fds->slot_begun = true;
	return 0;
}

static void format_number(char *buf, int number)
{
	char digits[16];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (n)
		*buf++ = digits[--n];
	*buf = '\0';
}

static int step_fd(struct intro_fds *fds)
{
	enum { NUMBERS_PER_LOOK = 128, FEW_NUMBERS = 2 }; /* a look takes longer than those */
	int r = fds->slot_begun ? 0 : begin_fds(fds), fd;

	if (r == AGAIN)
		return AGAIN;
	if (r)
		return end_slot(fds, -r, "fd");
	if (fds->next_number == fds->numbers.count) {
		fds->slot++;
		return AGAIN;
	}
	if (fds->next_number == 0 && fds->is_asleep)
		fds->is_restless = false;
	else if (fds->next_number % NUMBERS_PER_LOOK == 0)
		fds->is_restless = fds->numbers.count <= FEW_NUMBERS || is_restless(fds);
	fd = fds->numbers.pids[fds->next_number++];
	format_number(fds->number, fd);
	strcpy(fds->at, fds->number);
	intro_fd_record_begin(fds, INTRO_SLOT_FD, fd, fds->fd_dir);
	return read_record(fds);
}

/* 1 a record, 0 the end, AGAIN, or a failure. */
static int step(struct intro_fds *fds)
{
	if (fds->slot >= INTRO_SLOT_COUNT)
		return 0;
	if (!(fds->slots & 1u << fds->slot)) {
		fds->slot++;
		return AGAIN;
	}
	switch (fds->slot) {
	case INTRO_SLOT_CWD:
		return step_place(fds, "cwd");
	case INTRO_SLOT_ROOT:
		return step_place(fds, "root");
	case INTRO_SLOT_EXE:
		return step_place(fds, "exe");
	case INTRO_SLOT_MEM:
		return step_mem(fds);
	default:
		return step_fd(fds);
	}
}

int intro_fds_next(struct intro_fds *fds, const struct intro_fd **ret)
{
	int r;

	fds->have_record = false;
	do
		r = step(fds);
	while (r == AGAIN);
	if (r < 0)
		fds->slot = INTRO_SLOT_COUNT;
	if (r > 0)
		*ret = &fds->record;
	return r;
}

int intro_fds_read(struct intro_fds *fds, uint32_t want)
{
	if (!fds->have_record || (want & ~(fds->allowed | fds->record.have)))
		return intro_fail(fds->session, INTRO_E_STATE, 0, 0, NULL,
				  "the list was not opened for these sources");
	return intro_fd_record_read(fds, want);
}
