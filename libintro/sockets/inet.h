/* What the two sources of IP sockets, and those who compare them, share. */
#ifndef INTRO_SOCKETS_INET_H
#define INTRO_SOCKETS_INET_H

#include <intro/socket.h>

/* SOCK_* that follows from a protocol, -1 where it does not. */
int intro_inet_type(int protocol);

/* `ip` has 4 or 16 bytes; `port` is in host order. */
void intro_inet_address(struct intro_socket_address *address, int family, const void *ip,
			uint16_t port);

/* The two numbers mean something else for listeners; the state and type are set already. */
void intro_inet_queues(struct intro_socket *socket, uint32_t receive, uint32_t send);

/* A raw socket keeps its protocol where others have the port. */
void intro_inet_raw(struct intro_socket *socket);

#endif
