/* Questions to NETLINK_SOCK_DIAG. */
#ifndef INTRO_SOCKETS_NETLINK_H
#define INTRO_SOCKETS_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#define INTRO_DIAG_BUFFER (64 * 1024) /* the kernel fills 32 KiB at once, if it may */

/* A socket for the questions, in the network namespace of this thread; or a negative errno. */
int intro_diag_open(void);

/* The same in another one, given by a descriptor of it. This thread stays where it is. */
int intro_diag_open_in(int netns_fd);

struct intro_diag_question {
	uint16_t type;       /* of the message: SOCK_DIAG_BY_FAMILY, ... */
	const void *request; /* what follows the header, at most 128 bytes */
	size_t len;
	int is_dump; /* else one answer is wanted */
};

/* Takes the payload of an answer; not 0 ends the calls, and is what intro_diag_ask returns. */
typedef int intro_diag_taker(void *context, const void *payload, size_t len);

/*
 * Asks, and gives each answer to `take`. 0, what `take` returned, or a negative errno: -ENOENT
 * where the kernel does not know of this family or protocol. A dump that the kernel calls
 * interrupted is repeated a few times: an answer may come twice. `buffer` has INTRO_DIAG_BUFFER.
 */
int intro_diag_ask(int fd, const struct intro_diag_question *question, unsigned char *buffer,
		   intro_diag_taker *take, void *context);

#endif
