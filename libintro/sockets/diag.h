/*
 * One answer of NETLINK_SOCK_DIAG, or one row of a file of /proc/PID/net, as a socket. All of these
 * are pure: bytes to facts, never past their end.
 */
#ifndef INTRO_SOCKETS_DIAG_H
#define INTRO_SOCKETS_DIAG_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include <intro/socket.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* A socket whose lists still lie in the input that it was read from. */
struct intro_diag {
	struct intro_socket socket;   /* local.path points into the input; pending is NULL */
	const unsigned char *pending; /* pending_count numbers of 32 bits, not aligned */
	bool is_subflow;              /* TCP below a socket of MPTCP, whose inode it has */
};

static inline void intro_diag_clear(struct intro_diag *diag)
{
	memset(diag, 0, sizeof(*diag));
	diag->socket.family = diag->socket.type = diag->socket.protocol = -1;
}

/*
 * Decoders of the payload of a message (what follows the nlmsghdr). 0 or INTRO_E_FORMAT, and then
 * *ret is untouched. `protocol` is what was asked for: the answer does not repeat it; 0 leaves the
 * protocol open.
 */
int intro_diag_inet(const void *data, size_t len, int protocol, struct intro_diag *ret);
int intro_diag_unix(const void *data, size_t len, struct intro_diag *ret);
int intro_diag_netlink(const void *data, size_t len, struct intro_diag *ret);
int intro_diag_packet(const void *data, size_t len, struct intro_diag *ret);

struct intro_attr {
	unsigned type;
	const unsigned char *data;
	size_t len;
};

/* Takes an attribute off the front: false at the end, or where what is left is none. */
static inline bool intro_attr_take(const unsigned char **p, const unsigned char *end,
				   struct intro_attr *ret)
{
	struct nlattr head;
	size_t left = (size_t)(end - *p), step;

	if (left < sizeof(head))
		return false;
	memcpy(&head, *p, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > left)
		return false;
	ret->type = head.nla_type & NLA_TYPE_MASK;
	ret->data = *p + sizeof(head);
	ret->len = head.nla_len - sizeof(head);
	step = (head.nla_len + 3u) & ~3u;
	*p += step < left ? step : left;
	return true;
}

/* A number of 32 bits at any place; the caller knows that it is there. */
static inline uint32_t intro_get_u32(const unsigned char *data)
{
	uint32_t value;

	memcpy(&value, data, sizeof(value));
	return value;
}

/*
 * Rows of the text files. Each takes a row off the text at *p: 1 and the socket, or 0 at the end.
 * Lines that are no rows are passed over.
 */
struct intro_procnet_inet {
	int family, type, protocol; /* protocol 0: it is the local port (raw) */
};
int intro_procnet_inet(const char **p, const char *end, const struct intro_procnet_inet *kind,
		       struct intro_diag *ret);
int intro_procnet_unix(const char **p, const char *end, struct intro_diag *ret);
int intro_procnet_netlink(const char **p, const char *end, struct intro_diag *ret);
int intro_procnet_packet(const char **p, const char *end, struct intro_diag *ret);

#endif
