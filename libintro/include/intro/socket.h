/*
 * Sockets: what the kernel tells of them through NETLINK_SOCK_DIAG, of each network namespace that
 * may be entered, and through /proc/PID/net where that cannot be asked and in captured trees.
 *
 * The names of numbers are in the sets INTRO_NAMES_SOCKET_FAMILY ("inet"), _SOCKET_TYPE ("stream"),
 * _IP_PROTOCOL ("tcp"), _NETLINK_PROTOCOL ("route"), _ETHERTYPE ("ip"), _TCP_STATE ("ESTABLISHED").
 */
#ifndef INTRO_SOCKET_H
#define INTRO_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/task.h>

INTRO_BEGIN_DECLS

/* States, numbered as the kernel does; of UNIX sockets only the first, CLOSE and LISTEN are used. */
enum intro_socket_state {
	INTRO_SOCKET_STATE_UNKNOWN = 0,
	INTRO_SOCKET_ESTABLISHED = 1,
	INTRO_SOCKET_SYN_SENT = 2,
	INTRO_SOCKET_SYN_RECV = 3,
	INTRO_SOCKET_FIN_WAIT1 = 4,
	INTRO_SOCKET_FIN_WAIT2 = 5,
	INTRO_SOCKET_TIME_WAIT = 6,
	INTRO_SOCKET_CLOSE = 7, /* also: not connected */
	INTRO_SOCKET_CLOSE_WAIT = 8,
	INTRO_SOCKET_LAST_ACK = 9,
	INTRO_SOCKET_LISTEN = 10,
	INTRO_SOCKET_CLOSING = 11,
	INTRO_SOCKET_NEW_SYN_RECV = 12,
	INTRO_SOCKET_BOUND_INACTIVE = 13,
};

/* Where a socket is, or its other end. What counts depends on the family of the socket. */
struct intro_socket_address {
	bool present;            /* false: not bound, or not connected */
	uint8_t ip[16];          /* inet: the first 4 bytes; inet6: all. Network order */
	uint16_t port;           /* inet, inet6: host order */
	uint32_t interface;      /* bound to this one (index), 0: any; packet: its interface */
	struct intro_bytes path; /* unix: the name without the NUL of an abstract one */
	bool is_abstract;        /* unix */
	uint32_t port_id;        /* netlink: the address of the socket; vsock: the port */
	uint32_t cid;            /* vsock */
};

enum intro_socket_have {
	INTRO_SOCKET_STATE = 1u << 0,
	INTRO_SOCKET_QUEUES = 1u << 1,   /* recv_q, send_q */
	INTRO_SOCKET_LISTENER = 1u << 2, /* accept_queue, backlog */
	INTRO_SOCKET_UID = 1u << 3,
	INTRO_SOCKET_TIMER = 1u << 4,
	INTRO_SOCKET_PEER_INO = 1u << 5,
	INTRO_SOCKET_VFS = 1u << 6,
	INTRO_SOCKET_GROUPS = 1u << 7,
	INTRO_SOCKET_REUSEPORT = 1u << 8,
	INTRO_SOCKET_V6ONLY = 1u << 9,
	INTRO_SOCKET_SHUTDOWN = 1u << 10,
	INTRO_SOCKET_COOKIE = 1u << 11,
	INTRO_SOCKET_TCP_INFO = 1u << 12,
	INTRO_SOCKET_DROPS = 1u << 13,
};

enum intro_socket_timer { /* INTRO_NAMES_SOCKET_TIMER: "off", "on", ... as ss(8) calls them */
			  INTRO_SOCKET_TIMER_OFF,
			  INTRO_SOCKET_TIMER_ON, /* retransmission */
			  INTRO_SOCKET_TIMER_KEEPALIVE,
			  INTRO_SOCKET_TIMER_TIMEWAIT,
			  INTRO_SOCKET_TIMER_PERSIST,
};

struct intro_socket {
	uint32_t have; /* INTRO_SOCKET_* */
	uint64_t ino;
	uint64_t netns; /* inode of the network namespace; 0: not known */
	int family;     /* AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, ...; -1 */
	int type;       /* SOCK_STREAM, ...; -1: not known */
	int protocol;   /* inet: IPPROTO_*; netlink: NETLINK_*; packet: ETH_P_*; -1: not known */
	enum intro_socket_state state;
	struct intro_socket_address local, remote; /* remote of a UNIX socket: its peer's name */
	uint32_t recv_q, send_q;                   /* bytes; not of listeners */
	uint32_t accept_queue, backlog; /* listeners: connections that wait, and how many may */
	uint32_t uid;                   /* of who made it */
	enum intro_socket_timer timer;
	uint32_t timer_ms, retransmits;        /* until it fires; how often it has */
	uint64_t peer_ino;                     /* unix: the socket at the other end; 0: none */
	uint32_t vfs_dev_major, vfs_dev_minor; /* unix, bound to a path: its file */
	uint64_t vfs_ino;
	const uint64_t *pending; /* unix listeners: inodes of those that wait to be accepted */
	size_t pending_count;
	uint8_t shutdown; /* bit 0: receiving is shut, bit 1: sending */
	bool v6only;
	bool reuseport;
	uint32_t reuseport_group; /* how many sockets share the address, this one included */
	uint64_t groups;          /* netlink: multicast groups, bit n - 1 */
	uint64_t cookie;          /* never used again while the machine runs */
	uint32_t drops;           /* datagrams that found the queue full */
	struct {                  /* TCP_INFO */
		uint32_t rtt_us, rttvar_us, mss, congestion_window, total_retransmits;
		uint64_t bytes_acked, bytes_received;
	} tcp;
};

struct intro_sockets;

/*
 * The sockets of the machine. Tables are read when they are first needed, one network namespace
 * at a time; nothing has been read when this returns.
 */
INTRO_API INTRO_NODISCARD int intro_sockets_open(struct intro *session, struct intro_sockets **ret);
INTRO_API void intro_sockets_close(struct intro_sockets *sockets); /* NULL is fine */

/* Forgets what was read: the next question reads anew. */
INTRO_API void intro_sockets_rewind(struct intro_sockets *sockets);

/*
 * The socket of this inode number, looked for first in what was read and then in the network
 * namespace of the process (its directory, as intro_process_dirfd; -1: our own). 1 and the
 * socket; 0 where the tables have none (not bound, or of a family that tells nothing), INTRO_E_*:
 * INTRO_E_DENIED where the namespace cannot be entered and its files cannot be read, INTRO_E_GONE
 * where the process has ended (or the kernel has no such namespaces) and what was read has no such
 * socket, INTRO_E_OS without a free descriptor. Borrowed until the next rewind.
 */
INTRO_API INTRO_NODISCARD int intro_sockets_find(struct intro_sockets *sockets, int process_fd,
						 uint64_t ino, const struct intro_socket **ret);

/*
 * A socket that the tables lack, asked through a descriptor of our own for it (a copy made with
 * pidfd_getfd(2)): family, type, protocol, addresses, SO_REUSEPORT. Where the tables have it, what
 * only the descriptor tells is added. 1 and the socket, or INTRO_E_*. Never reads data.
 */
INTRO_API INTRO_NODISCARD int intro_sockets_ask(struct intro_sockets *sockets, int socket_fd,
						uint64_t ino, const struct intro_socket **ret);

/*
 * The inodes at the other end, of all that was read: of a UNIX socket its peer, and of a datagram
 * socket also those that are connected to it; of a UNIX listener those that wait to be accepted,
 * and of those the listener; of an IP socket the one on this machine whose addresses are these the
 * other way round, in whatever namespace. Returns how many, and the list,
 * borrowed until the next call.
 */
INTRO_API size_t intro_sockets_peers(struct intro_sockets *sockets,
				     const struct intro_socket *socket, const uint64_t **ret);

/* Walks all sockets that were read so far: start with *position = 0; 1, or 0 at the end. */
INTRO_API int intro_sockets_next(struct intro_sockets *sockets, size_t *position,
				 const struct intro_socket **ret);

/*
 * An address as text: "127.0.0.1:80", "[::1]:443", "*:53" for any, "/run/x.sock", "@abstract",
 * "" where there is none. Names are as they are: any bytes. Like snprintf.
 */
INTRO_API size_t intro_socket_address_format(const struct intro_socket *socket,
					     const struct intro_socket_address *address, char *buf,
					     size_t size);

INTRO_END_DECLS

#endif
