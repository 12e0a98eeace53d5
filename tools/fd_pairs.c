/* --pairs: each pipe, FIFO, connection and pseudo-terminal once, with both of its ends. */
#include <string.h>
#include <sys/socket.h>

#include "fd_group.h"

enum {
	PTMX_MAJOR = 5, /* /dev/ptmx is 5:2 */
	PTMX_MINOR = 2,
	PTS_MAJOR = 136, /* /dev/pts/N: 136:N */
};

struct pair {
	const char *kind;
	bool one_way, is_pipe;
	bool has_ino, has_peer_ino;
	uint64_t ino, peer_ino;
	struct intro_bytes name;
	struct fd_holders left, right; /* those that write, and those that read */
};

/* What a channel is found by. All bytes are set: it is compared as such. */
struct pair_key {
	enum { KEY_INODE, KEY_SOCKETS, KEY_TERMINAL } what;
	uint32_t dev_major, dev_minor;
	int32_t fd;
	uint64_t ino, peer_ino;
};
_Static_assert(sizeof(struct pair_key) == 4 * sizeof(uint32_t) + 2 * sizeof(uint64_t),
	       "a key has no bytes that belong to nothing");

static void add_all(struct fd_holders *holders, const struct intro_fd_holder *all, size_t count,
		    struct arena *arena)
{
	for (size_t i = 0; i < count; i++)
		fd_holders_add(holders, &all[i], arena);
}

/* ---- pipes ---- */

static bool can_write(enum intro_fd_access access)
{
	return access == INTRO_FD_ACCESS_W || access == INTRO_FD_ACCESS_RW;
}

static bool can_read(enum intro_fd_access access)
{
	return access == INTRO_FD_ACCESS_R || access == INTRO_FD_ACCESS_RW;
}

/* In a captured tree the link tells the number, "pipe:[502]", and the device is 0:0. */
static bool find_pipe(const struct intro_fd *fd, struct pair_key *ret)
{
	static const char start[] = "pipe:[";
	enum { LEN = sizeof(start) - 1 };

	*ret = (struct pair_key){.what = KEY_INODE};
	if (fd->stat) {
		ret->dev_major = fd->stat->dev_major;
		ret->dev_minor = fd->stat->dev_minor;
		ret->ino = fd->stat->ino;
		return true;
	}
	if (fd->kind != INTRO_FD_KIND_PIPE || fd->link.len <= LEN ||
	    memcmp(fd->link.data, start, LEN) != 0)
		return false;
	for (const char *p = fd->link.data + LEN, *end = fd->link.data + fd->link.len;
	     p < end && *p >= '0' && *p <= '9'; p++)
		ret->ino = ret->ino * 10 + (uint64_t)(*p - '0');
	return true;
}

static void add_pipe(struct fd_round *round, const struct fd_row *row)
{
	const struct intro_fd *fd = row->fd;
	const struct intro_fd_holder *all;
	struct pair_key key;
	struct pair *pair;
	size_t count;
	bool is_new;

	if (!find_pipe(fd, &key) || (!can_read(fd->access) && !can_write(fd->access)))
		return;
	pair = fd_round_group(round, &key, sizeof(key), sizeof(*pair), &is_new);
	/* Also where the index is older than the descriptor. */
	if (can_write(fd->access))
		fd_holders_add_row(&pair->left, row, &round->arena);
	if (can_read(fd->access))
		fd_holders_add_row(&pair->right, row, &round->arena);
	if (!is_new)
		return;
	pair->kind = intro_name(INTRO_NAMES_FD_KIND, fd->kind);
	pair->one_way = pair->is_pipe = true;
	pair->has_ino = true;
	pair->ino = key.ino;
	if (fd->kind == INTRO_FD_KIND_FIFO)
		pair->name = fd_keep_bytes(&round->arena, fd->name);
	if (intro_fd_index_inode(row->index, key.dev_major, key.dev_minor, key.ino, &all, &count) <=
	    0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (can_write(all[i].access))
			fd_holders_add(&pair->left, &all[i], &round->arena);
		if (can_read(all[i].access))
			fd_holders_add(&pair->right, &all[i], &round->arena);
	}
}

/* ---- sockets ---- */

/* "/run/x.sock", of whichever has a name; "127.0.0.1:40000 <-> 127.0.0.1:80". */
static struct intro_bytes name_of(const struct intro_socket *socket,
				  const struct intro_socket *peer, struct arena *arena)
{
	struct value local = fd_socket_address(socket, &socket->local, arena);
	struct value other = peer ? fd_socket_address(peer, &peer->local, arena) : value_null();

	if (socket->family == AF_UNIX) {
		if (local.kind != VALUE_TEXT)
			local = other;
	} else if (local.kind == VALUE_TEXT && other.kind == VALUE_TEXT) {
		local = value_string(
			arena_printf(arena, "%s <-> %s", local.text.data, other.text.data));
	}
	if (local.kind != VALUE_TEXT)
		return (struct intro_bytes){NULL, 0};
	return (struct intro_bytes){local.text.data, local.text.len};
}

/* Of the ends of a UNIX socket, whether the first sends to the second. */
static bool sends_to(const struct intro_socket *from, uint64_t to)
{
	return from && (from->have & INTRO_SOCKET_PEER_INO) && from->peer_ino == to;
}

/* Datagrams go one way, unless both ends are connected. */
static void find_direction(struct pair *pair, const struct intro_socket *socket,
			   const struct intro_socket *peer, uint64_t peer_ino)
{
	bool sends = sends_to(socket, peer_ino), receives = sends_to(peer, socket->ino);

	if (socket->family != AF_UNIX || socket->type != SOCK_DGRAM || !peer || sends == receives)
		return;
	pair->one_way = true;
	if (receives) {
		struct fd_holders left = pair->left;

		pair->left = pair->right;
		pair->right = left;
		pair->ino = peer_ino;
		pair->peer_ino = socket->ino;
	}
}

static void add_holders_of(struct fd_holders *holders, const struct fd_row *row, uint64_t ino,
			   struct arena *arena)
{
	const struct intro_fd_stat *stat = row->fd->stat;
	const struct intro_fd_holder *all;
	size_t count;

	if (intro_fd_index_inode(row->index, stat ? stat->dev_major : 0, stat ? stat->dev_minor : 0,
				 ino, &all, &count) > 0)
		add_all(holders, all, count, arena);
}

static void add_connection(struct fd_round *round, const struct fd_row *row, uint64_t peer_ino)
{
	const struct intro_socket *socket = row->fd->socket, *peer = NULL;
	uint64_t ino = socket->ino;
	struct pair *pair;
	bool is_new;
	const struct pair_key key = {KEY_SOCKETS,
				     0,
				     0,
				     0,
				     ino < peer_ino ? ino : peer_ino,
				     ino < peer_ino ? peer_ino : ino};

	pair = fd_round_group(round, &key, sizeof(key), sizeof(*pair), &is_new);
	if (!is_new)
		return;
	if (intro_sockets_find(row->sockets, -1, peer_ino, &peer) <= 0)
		peer = NULL;
	/* One end of IPv4 and one of IPv6 are of IPv6, from whichever side one looks. */
	pair->kind =
		intro_name(INTRO_NAMES_FD_KIND,
			   peer && peer->family == AF_INET6 ? INTRO_FD_KIND_INET6 : row->fd->kind);
	pair->has_ino = pair->has_peer_ino = true;
	pair->ino = ino;
	pair->peer_ino = peer_ino;
	pair->name = name_of(socket, peer, &round->arena);
	fd_holders_add_row(&pair->left, row, &round->arena);
	add_holders_of(&pair->left, row, ino, &round->arena);
	add_holders_of(&pair->right, row, peer_ino, &round->arena);
	find_direction(pair, socket, peer, peer_ino);
}

static void add_socket(struct fd_round *round, const struct fd_row *row)
{
	const struct intro_fd_holder *unused;
	const uint64_t *peers;
	uint64_t *inodes;
	size_t count;

	if (!row->fd->socket || !row->fd->socket->ino || !row->sockets)
		return;
	/* This reads the sockets of all network namespaces: the peer may be in another one. */
	if (intro_fd_index_peers(row->index, row->fd, &unused, &count) < 0)
		return;
	count = intro_sockets_peers(row->sockets, row->fd->socket, &peers);
	inodes = arena_alloc(&round->arena, (count + 1) * sizeof(*inodes));
	if (count)
		memcpy(inodes, peers, count * sizeof(*inodes));
	for (size_t i = 0; i < count; i++)
		add_connection(round, row, inodes[i]);
}

/* ---- terminals ---- */

static bool is_master(const struct intro_fd_stat *stat)
{
	return stat->rdev_major == PTMX_MAJOR && stat->rdev_minor == PTMX_MINOR;
}

static bool is_slave(const struct intro_fd_stat *stat)
{
	return stat->rdev_major == PTS_MAJOR;
}

static struct pair_key key_of_terminal(pid_t pid, int fd)
{
	return (struct pair_key){KEY_TERMINAL, (uint32_t)pid, 0, fd, 0, 0};
}

/* Later descriptors of the same terminal are found by this. */
static void name_holders(struct fd_round *round, const struct fd_holders *holders,
			 struct pair *pair)
{
	for (size_t i = 0; i < holders->count; i++) {
		struct pair_key key = key_of_terminal(holders->items[i].pid, holders->items[i].fd);

		fd_round_name(round, &key, sizeof(key), pair);
	}
}

/*
 * All masters are one file, /dev/ptmx: those of one terminal share an open file description. The
 * slaves are a file of their own.
 */
static void add_terminal_holders(struct fd_round *round, const struct fd_row *row,
				 struct pair *pair)
{
	bool master = is_master(row->fd->stat);
	struct fd_holders *own = master ? &pair->left : &pair->right;
	struct fd_holders *others = master ? &pair->right : &pair->left;
	const struct intro_fd_holder *all;
	size_t count;

	fd_holders_add_row(own, row, &round->arena);
	if (!master)
		add_holders_of(own, row, row->fd->stat->ino, &round->arena);
	else if (intro_fd_index_ofd(row->index, row->fd, NULL, &all, &count) > 0)
		add_all(own, all, count, &round->arena);
	if (intro_fd_index_peers(row->index, row->fd, &all, &count) > 0)
		add_all(others, all, count, &round->arena);
}

static void add_terminal(struct fd_round *round, const struct fd_row *row)
{
	const struct intro_fd *fd = row->fd;
	struct pair_key key = key_of_terminal(fd->pid, fd->fd);
	struct pair *pair = fd_round_find(round, &key, sizeof(key));

	if (!pair) {
		pair = fd_round_add(round, sizeof(*pair));
		pair->kind = "pty";
		add_terminal_holders(round, row, pair);
		name_holders(round, &pair->left, pair);
		name_holders(round, &pair->right, pair);
	}
	/* The slave has the better name. */
	if (!pair->name.data || (is_slave(fd->stat) && !pair->has_ino))
		pair->name = fd_keep_bytes(&round->arena, fd->name);
	if (is_slave(fd->stat)) {
		pair->has_ino = true;
		pair->ino = fd->stat->ino;
	}
}

/* ---- a round ---- */

static void add(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;
	const struct intro_fd *fd = row->fd;

	if (!row->index || fd->slot != INTRO_SLOT_FD)
		return;
	switch (fd->kind) {
	case INTRO_FD_KIND_PIPE:
	case INTRO_FD_KIND_FIFO:
		add_pipe(round, row);
		break;
	case INTRO_FD_KIND_UNIX:
	case INTRO_FD_KIND_INET:
	case INTRO_FD_KIND_INET6:
	case INTRO_FD_KIND_VSOCK:
		add_socket(round, row);
		break;
	case INTRO_FD_KIND_CHR:
		if (fd->stat && (is_master(fd->stat) || is_slave(fd->stat)))
			add_terminal(round, row);
		break;
	default:
		break;
	}
}

/*
 * An end at which nobody was found: the kernel knows whether somebody has it who cannot be seen, or
 * a message on its way. Where it cannot be asked, nothing is claimed unless all could be seen.
 */
static void ask_kernel(const struct pair *pair, struct intro *session,
		       const struct fd_holders *there, struct fd_holders *missing)
{
	int r;

	if (missing->count || !there->count || !pair->is_pipe)
		return;
	r = intro_fd_hung_up(session, there->items[0].pid, there->items[0].fd, pair->ino);
	if (r > 0)
		missing->partial = false;
	else if (r == 0 && !pair->name.data) /* a FIFO may just not have been opened there yet */
		missing->partial = true;
}

static void finish(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;
	bool partial = row->index && intro_fd_index_denied(row->index) != 0;

	for (size_t i = 0; i < round->count; i++) {
		struct pair *pair = round->groups[i];

		pair->left.partial = pair->right.partial = partial;
		fd_holders_sort(&pair->left);
		fd_holders_sort(&pair->right);
		ask_kernel(pair, row->session, &pair->left, &pair->right);
		ask_kernel(pair, row->session, &pair->right, &pair->left);
	}
}

/* ---- columns ---- */

/* NULL: both ends are there, or that cannot be told. */
static const char *broken(const struct pair *pair)
{
	bool left = pair->left.count || pair->left.partial;
	bool right = pair->right.count || pair->right.partial;

	if (left && right)
		return NULL;
	if (!pair->is_pipe)
		return "no peer";
	return left ? "no reader" : "no writer";
}

static const char *arrow(const struct pair *pair)
{
	return pair->one_way ? "->" : "<->";
}

GROUP_FIELD(pair, kind, value_string(group->kind))
GROUP_FIELD_IF(pair, ino, group->has_ino, value_uint(group->ino))
GROUP_FIELD_IF(pair, peer_ino, group->has_peer_ino, value_uint(group->peer_ino))
GROUP_FIELD(pair, name, fd_value_bytes(group->name))
GROUP_FIELD(pair, direction, value_string(arrow(group)))
GROUP_FIELD(pair, broken, value_string(broken(group)))
GROUP_FIELD(pair, pair, fd_holders_pair_text(&group->left, arrow(group), &group->right, arena))
GROUP_FIELD(pair, writers, fd_holders_value(&group->left, false, arena))
GROUP_FIELD(pair, readers, fd_holders_value(&group->right, false, arena))

static const struct column columns[] = {
	{"kind", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY, 0, get_kind, NULL, 0, NULL,
	 "pipe fifo unix inet inet6 vsock pty"},
	{"ino", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_ino, NULL, 0, NULL,
	 "inode number of the pipe, FIFO or terminal, or of the socket on the left"},
	{"peer_ino", "PEER", COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_peer_ino, NULL, 0, NULL,
	 "inode number of the socket on the right"},
	{"direction", "DIR", COLUMN_TEXT, UNIT_NONE, 0, 0, get_direction, NULL, 0, NULL,
	 "where data goes: -> or <->"},
	{"broken", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_broken, NULL, 0, NULL,
	 "no reader, no writer, or no peer: nobody has that end open; null where that is not so or "
	 "not all processes could be looked into"},
	{"pair", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_pair, NULL, 0, NULL,
	 "both ends as one text: PID COMM:FD -> PID COMM:FD"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, 0, get_name, NULL, 0, NULL,
	 "path of a FIFO or terminal, address of a socket, both addresses of a connection"},
	{"writers", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_writers, NULL, 0, NULL,
	 "who writes; of sockets and terminals who is on the left: pid, fd, comm"},
	{"readers", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_readers, NULL, 0, NULL,
	 "who reads; of sockets and terminals who is on the right: pid, fd, comm"},
};

static const struct view views[] = {
	{"default", "kind,pair,broken,name", "who talks to whom",
	 "kind,ino,peer_ino,name,direction,broken,writers,readers,pair"},
};

const struct fd_mode fd_mode_pairs = {
	.name = "pairs",
	.schema = "intro.fd.pairs/1",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(columns[0]),
	.views = views,
	.view_count = sizeof(views) / sizeof(views[0]),
	.needs = FD_NEED(LINK) | FD_NEED(ACCESS) | FD_NEED(STAT) | FD_NEED(SOCKET) |
		 FD_NEED_TASK(STAT) | FD_NEED_INDEX,
	.slots = INTRO_SLOT_BIT(FD),
	.open = fd_round_open,
	.add = add,
	.finish = finish,
	.next = fd_round_next,
	.close = fd_round_close,
};
