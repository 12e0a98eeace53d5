/* The sockets of the machine as the files of this room see them. */
#ifndef INTRO_SOCKETS_SOCKETS_H
#define INTRO_SOCKETS_SOCKETS_H

#include "base/base.h"
#include "sockets/store.h"

/*
 * The tables of a network namespace, in the order in which a socket is looked for in them: first
 * those that cost least while they are short. (The table of TCP connections is walked through
 * 262,144 slots on a machine of some memory, even if it is empty.)
 */
enum intro_table {
	INTRO_TABLE_UNIX,
	INTRO_TABLE_NETLINK,
	INTRO_TABLE_UDP,
	INTRO_TABLE_LISTENERS, /* of TCP */
	INTRO_TABLE_TCP,       /* the others of TCP, and of MPTCP */
	INTRO_TABLE_PACKET,
	INTRO_TABLE_UDPLITE,
	INTRO_TABLE_RAW,
	INTRO_TABLE_ICMP,
	INTRO_TABLE_OTHER, /* SCTP, DCCP */
	INTRO_TABLE_COUNT,
};

#define INTRO_TABLES_ALL ((1u << INTRO_TABLE_COUNT) - 1)

struct intro_netns {
	uint64_t ino;  /* 0: not known */
	uint64_t home; /* if not known: the inode of the directory of the process */
	int diag_fd;   /* -1: the files are read */
	int dir_fd;    /* of a process, for its files; -1: there are none */
	const char *prefix;
	unsigned done;  /* 1 << table */
	bool is_own;    /* that of this thread */
	int denied;     /* the errno why a table is missing; 0: none is */
	int asks_early; /* how many single questions may be asked before the table is read */
	int asks_late;  /* and after it */
};

struct intro_peers;

struct intro_sockets {
	struct intro *session;
	struct intro_socket_store store;
	struct intro_netns *netns;
	size_t netns_count, netns_size;
	unsigned char *buffer; /* INTRO_DIAG_BUFFER */
	struct intro_buf text;
	struct intro_peers *peers;
};

/* Reads a table that has not been read. 0 or INTRO_E_NOMEM; what is denied is noted. */
int intro_table_read(struct intro_sockets *sockets, struct intro_netns *netns,
		     enum intro_table table);

/* Asks for one UNIX socket, which is cheaper than the table. 0 or INTRO_E_NOMEM. */
int intro_table_ask_unix(struct intro_sockets *sockets, struct intro_netns *netns, uint64_t ino);

/* The same table from files. */
int intro_files_read(struct intro_sockets *sockets, struct intro_netns *netns,
		     enum intro_table table);

/* Counts those that share an address, among what was added from number `first` on. */
int intro_reuseport_count(struct intro_socket_store *store, size_t first);

/* The namespace of a process, or our own. 0, or INTRO_E_* as intro_sockets_find. */
int intro_netns_of(struct intro_sockets *sockets, int process_fd, struct intro_netns **ret);
void intro_netns_close(struct intro_netns *netns);

void intro_peers_free(struct intro_peers *peers);

#endif
