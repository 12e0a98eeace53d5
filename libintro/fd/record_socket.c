/* The socket of a descriptor: looked up by its number, or asked through a copy. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd/list.h"

#ifndef SYS_getxattrat /* Linux 6.13 */
#define SYS_getxattrat 464
#endif

static enum intro_fd_kind kind_of_family(int family)
{
	switch (family) {
	case AF_UNIX:
		return INTRO_FD_KIND_UNIX;
	case AF_INET:
		return INTRO_FD_KIND_INET;
	case AF_INET6:
		return INTRO_FD_KIND_INET6;
	case AF_NETLINK:
		return INTRO_FD_KIND_NETLINK;
	case AF_PACKET:
		return INTRO_FD_KIND_PACKET;
	case AF_VSOCK:
		return INTRO_FD_KIND_VSOCK;
	default:
		return INTRO_FD_KIND_SOCKET;
	}
}

/* What the kernel calls the protocol: "TCP", "UDPv6", "UNIX-STREAM". */
static enum intro_fd_kind kind_of_protocol(const char *name)
{
	static const struct {
		const char *name;
		enum intro_fd_kind kind;
	} protocols[] = {
		{"UNIX", INTRO_FD_KIND_UNIX},       {"UNIX-STREAM", INTRO_FD_KIND_UNIX},
		{"TCP", INTRO_FD_KIND_INET},        {"TCPv6", INTRO_FD_KIND_INET6},
		{"UDP", INTRO_FD_KIND_INET},        {"UDPv6", INTRO_FD_KIND_INET6},
		{"UDP-Lite", INTRO_FD_KIND_INET},   {"UDPLITEv6", INTRO_FD_KIND_INET6},
		{"RAW", INTRO_FD_KIND_INET},        {"RAWv6", INTRO_FD_KIND_INET6},
		{"PING", INTRO_FD_KIND_INET},       {"PINGv6", INTRO_FD_KIND_INET6},
		{"NETLINK", INTRO_FD_KIND_NETLINK}, {"PACKET", INTRO_FD_KIND_PACKET},
		{"AF_VSOCK", INTRO_FD_KIND_VSOCK},
	};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (strcmp(protocols[i].name, name) == 0)
			return protocols[i].kind;
	return INTRO_FD_KIND_SOCKET;
}

/* Of a socket that no table has. It needs less permission than a copy. */
static void ask_protocol(struct intro_fds *fds)
{
	struct {
		uint64_t value;
		uint32_t size, flags;
	} args;
	char name[64];
	long n;

	if (!fds->session->live)
		return;
	args.value = (uintptr_t)name;
	args.size = sizeof(name) - 1;
	args.flags = 0;
	n = syscall(SYS_getxattrat, fds->at_dir, fds->at, 0, "system.sockprotoname", &args,
		    sizeof(args));
	if (n <= 0)
		return;
	name[n] = '\0';
	fds->record.kind = kind_of_protocol(name);
}

static int open_sockets(struct intro_fds *fds)
{
	if (fds->sockets)
		return 0;
	if (intro_sockets_open(fds->session, &fds->own_sockets))
		return -ENOMEM;
	fds->sockets = fds->own_sockets;
	return 0;
}

/* What the sockets' last failure is to a source. */
static int errno_of_failure(struct intro_fds *fds, int code)
{
	int error = intro_last_error(fds->session)->os_errno;

	if (code == INTRO_E_NOMEM)
		return -ENOMEM;
	/* What is not there is a table, and not the descriptor. */
	return error && error != ENOENT && error != ESRCH ? -error : -EIO;
}

static void take_socket(struct intro_fds *fds, const struct intro_socket *socket)
{
	struct intro_fd *record = &fds->record;

	record->socket = socket;
	record->kind = kind_of_family(socket->family);
	record->have |= INTRO_FD_WANT(SOCKET);
	record->error[INTRO_FD_SOURCE_SOCKET] = 0;
}

int intro_fd_ask_socket(struct intro_fds *fds, int fd)
{
	const struct intro_socket *socket;
	int r = open_sockets(fds);

	if (r)
		return r;
	r = intro_sockets_ask(fds->sockets, fd, fds->link.ino, &socket);
	fds->socket_asked = true;
	if (r < 0)
		return errno_of_failure(fds, r);
	if (r > 0)
		take_socket(fds, socket);
	return 0;
}

static int ask_socket_by_copy(struct intro_fds *fds)
{
	int fd = intro_fd_copy_descriptor(fds), r;

	if (fd < 0)
		return fd;
	r = intro_fd_ask_socket(fds, fd);
	close(fd);
	return r;
}

/* Only one in a descriptor has a number and can be asked; others are mapped, of packets. */
int intro_fd_source_socket(struct intro_fds *fds)
{
	const struct intro_socket *socket;
	int r;

	if (fds->link.kind != INTRO_FD_KIND_SOCKET)
		return INTRO_FD_NONE;
	r = open_sockets(fds);
	if (r)
		return r;
	r = intro_sockets_find(fds->sockets, fds->task_fd, fds->link.ino, &socket);
	if (r > 0) {
		take_socket(fds, socket);
		return 0;
	}
	if (r < 0)
		r = errno_of_failure(fds, r);
	if (r == -ENOMEM || r == -EMFILE || r == -ENFILE || fds->record.slot != INTRO_SLOT_FD)
		return r ? r : INTRO_FD_NONE;
	ask_protocol(fds);
	if (!fds->session->live)
		return r ? r : INTRO_FD_NONE;
	r = ask_socket_by_copy(fds);
	if (r == 0 && !fds->record.socket)
		return INTRO_FD_NONE;
	return r;
}
