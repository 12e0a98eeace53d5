/* The tables from /proc/PID/net, or from the net directory of a captured tree. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "sockets/sockets.h"

#define LARGEST_FILE ((size_t)1 << 30)

struct file {
	enum intro_table table;
	const char *name;
	int (*take)(const char **p, const char *end, struct intro_diag *ret);
	struct intro_procnet_inet inet; /* where take is NULL */
};

/* clang-format off */
static const struct file files[] = {
	{INTRO_TABLE_UNIX,    "unix",     intro_procnet_unix,    {0, 0, 0}},
	{INTRO_TABLE_NETLINK, "netlink",  intro_procnet_netlink, {0, 0, 0}},
	{INTRO_TABLE_PACKET,  "packet",   intro_procnet_packet,  {0, 0, 0}},
	{INTRO_TABLE_UDP,     "udp",      NULL, {AF_INET,  SOCK_DGRAM,  IPPROTO_UDP}},
	{INTRO_TABLE_UDP,     "udp6",     NULL, {AF_INET6, SOCK_DGRAM,  IPPROTO_UDP}},
	{INTRO_TABLE_TCP,     "tcp",      NULL, {AF_INET,  SOCK_STREAM, IPPROTO_TCP}},
	{INTRO_TABLE_TCP,     "tcp6",     NULL, {AF_INET6, SOCK_STREAM, IPPROTO_TCP}},
	{INTRO_TABLE_UDPLITE, "udplite",  NULL, {AF_INET,  SOCK_DGRAM,  IPPROTO_UDPLITE}},
	{INTRO_TABLE_UDPLITE, "udplite6", NULL, {AF_INET6, SOCK_DGRAM,  IPPROTO_UDPLITE}},
	{INTRO_TABLE_RAW,     "raw",      NULL, {AF_INET,  SOCK_RAW,    0}},
	{INTRO_TABLE_RAW,     "raw6",     NULL, {AF_INET6, SOCK_RAW,    0}},
	{INTRO_TABLE_ICMP,    "icmp",     NULL, {AF_INET,  SOCK_DGRAM,  IPPROTO_ICMP}},
	{INTRO_TABLE_ICMP,    "icmp6",    NULL, {AF_INET6, SOCK_DGRAM,  IPPROTO_ICMPV6}},
};
/* clang-format on */

static int read_file(struct intro_sockets *sockets, struct intro_netns *netns,
		     const struct file *file)
{
	struct intro_buf *text = &sockets->text;
	struct intro_diag diag;
	const char *p, *end;
	char path[64];
	int r;

	snprintf(path, sizeof(path), "%s%s", netns->prefix, file->name);
	r = intro_read_file(sockets->session, netns->dir_fd, path, LARGEST_FILE, text);
	if (r == -ENOMEM)
		return INTRO_E_NOMEM;
	if (r == -EACCES || r == -EPERM)
		netns->denied = -r;
	if (r)
		return 0;
	p = text->data;
	end = p + text->len;
	while (file->take ? file->take(&p, end, &diag)
			  : intro_procnet_inet(&p, end, &file->inet, &diag)) {
		diag.socket.netns = netns->ino;
		if (intro_store_add(&sockets->store, &diag, false))
			return INTRO_E_NOMEM;
	}
	return 0;
}

int intro_files_read(struct intro_sockets *sockets, struct intro_netns *netns,
		     enum intro_table table)
{
	if (netns->dir_fd < 0)
		return 0;
	/* They are in one file: it is read for the first that asks. */
	if (table == INTRO_TABLE_LISTENERS) {
		netns->done |= 1u << INTRO_TABLE_TCP;
		table = INTRO_TABLE_TCP;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (files[i].table == table && read_file(sockets, netns, &files[i]))
			return INTRO_E_NOMEM;
	}
	return 0;
}
