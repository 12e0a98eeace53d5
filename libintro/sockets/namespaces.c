/* Which network namespace a process is in, and how its sockets can be asked about. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/parse.h"
#include "sockets/netlink.h"
#include "sockets/sockets.h"

/*
 * A socket of UNIX can be asked about alone, for a fraction of what the table costs, but not many
 * times: then the table is the cheaper. After it, a few are asked for that came meanwhile.
 */
#define ASKS_EARLY 8
#define ASKS_LATE 16

/* Where a process says what our thread's namespace is. */
#define OURSELVES "thread-self/"

struct place {
	int dir_fd;         /* below which the files are; borrowed */
	const char *prefix; /* of them */
	uint64_t ino, home;
	bool is_own;
};

static uint64_t inode_of(int dirfd, const char *path)
{
	struct stat st;

	return fstatat(dirfd, path, &st, 0) ? 0 : st.st_ino;
}

static bool has_directory(int dirfd, const char *path)
{
	struct stat st;

	return fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* The link says "net:[4026531840]". */
static void find_captured(struct intro_sockets *sockets, int process_fd, struct place *place)
{
	struct intro_buf *link = &sockets->text;

	place->dir_fd = sockets->session->proc_fd;
	place->prefix = "net/";
	if (process_fd < 0)
		return;
	if (intro_read_link(process_fd, "ns/net", link) == 0 &&
	    intro_parse_namespace(link->data, link->len, &place->ino))
		place->ino = 0;
	if (has_directory(process_fd, "net")) {
		place->dir_fd = process_fd;
		if (!place->ino)
			place->home = inode_of(process_fd, ".");
	}
}

static int find_live(struct intro_sockets *sockets, int process_fd, struct place *place)
{
	int proc_fd = sockets->session->proc_fd;
	uint64_t own = inode_of(proc_fd, OURSELVES "ns/net");
	struct stat st;

	if (process_fd < 0) {
		place->dir_fd = own ? proc_fd : -1;
		place->prefix = OURSELVES "net/";
		place->ino = own;
		place->is_own = true;
		return 0;
	}
	place->dir_fd = process_fd;
	place->prefix = "net/";
	if (fstatat(process_fd, "ns/net", &st, 0)) {
		if (errno != EACCES && errno != EPERM)
			return intro_fail(sockets->session, intro_code_of_errno(errno), errno, 0,
					  "ns/net", NULL);
		place->home = inode_of(process_fd, "."); /* its files may be readable */
		return 0;
	}
	place->ino = st.st_ino;
	place->is_own = own && own == place->ino;
	return 0;
}

static struct intro_netns *find_known(struct intro_sockets *sockets, const struct place *place)
{
	for (size_t i = 0; i < sockets->netns_count; i++) {
		struct intro_netns *netns = &sockets->netns[i];

		if (netns->ino == place->ino && netns->home == place->home)
			return netns;
	}
	return NULL;
}

/* Enters the namespace by the link, and sees that it still leads where it did. */
static int open_other(int process_fd, uint64_t ino)
{
	int fd = openat(process_fd, "ns/net", O_RDONLY | O_CLOEXEC), r;
	struct stat st;

	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) == 0 && st.st_ino == ino ? intro_diag_open_in(fd) : -ESTALE;
	close(fd);
	return r;
}

static bool is_exhausted(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

/* What may not be asked is left out; but without a free descriptor all sockets would be missing. */
static int open_sources(struct intro_sockets *sockets, int process_fd, const struct place *place,
			struct intro_netns *netns)
{
	if (place->dir_fd >= 0) {
		netns->dir_fd = fcntl(place->dir_fd, F_DUPFD_CLOEXEC, 3);
		if (netns->dir_fd < 0)
			return -errno;
	}
	if (sockets->session->live && place->is_own)
		netns->diag_fd = intro_diag_open();
	else if (sockets->session->live && place->ino)
		netns->diag_fd = open_other(process_fd, place->ino);
	return is_exhausted(netns->diag_fd) ? netns->diag_fd : 0;
}

static int add(struct intro_sockets *sockets, int process_fd, const struct place *place,
	       struct intro_netns **ret)
{
	struct intro_netns *netns;
	int error;

	if (sockets->netns_count == sockets->netns_size) {
		size_t size = sockets->netns_size ? sockets->netns_size * 2 : 4;

		netns = realloc(sockets->netns, size * sizeof(*netns));
		if (!netns)
			return intro_fail(sockets->session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
		sockets->netns = netns;
		sockets->netns_size = size;
	}
	netns = &sockets->netns[sockets->netns_count++];
	*netns = (struct intro_netns){
		.ino = place->ino,
		.home = place->home,
		.is_own = place->is_own,
		.diag_fd = -1,
		.dir_fd = -1,
		.prefix = place->prefix,
		.asks_early = ASKS_EARLY,
		.asks_late = ASKS_LATE,
	};
	error = open_sources(sockets, process_fd, place, netns);
	if (error) {
		intro_netns_close(netns);
		sockets->netns_count--;
		return intro_fail(sockets->session, intro_code_of_errno(-error), -error, 0,
				  "ns/net", NULL);
	}
	*ret = netns;
	return 0;
}

int intro_netns_of(struct intro_sockets *sockets, int process_fd, struct intro_netns **ret)
{
	struct place place = {.dir_fd = -1};
	struct intro_netns *netns;
	int r = 0;

	if (sockets->session->live)
		r = find_live(sockets, process_fd, &place);
	else
		find_captured(sockets, process_fd, &place);
	if (r)
		return r;
	netns = find_known(sockets, &place);
	if (netns) {
		*ret = netns;
		return 0;
	}
	return add(sockets, process_fd, &place, ret);
}

void intro_netns_close(struct intro_netns *netns)
{
	if (netns->diag_fd >= 0)
		close(netns->diag_fd);
	if (netns->dir_fd >= 0)
		close(netns->dir_fd);
	netns->diag_fd = netns->dir_fd = -1;
}
