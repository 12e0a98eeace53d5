/*
 * One end of TCP connections: fd_end listen ADDRESS, or fd_end connect ADDRESS PORT. Prints: ready
 * pid=PID socket=FD port=PORT. Who listens takes whoever connects, and keeps them.
 */
#include "targets/fd.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

static int end_socket(bool listens, const char *address, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
				 .ai_socktype = SOCK_STREAM},
			*found;
	int fd;

	if (getaddrinfo(address, port, &hints, &found))
		target_die("not an address: %s", address);
	fd = socket(found->ai_family, SOCK_STREAM, 0);
	if (fd < 0 || (listens ? bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, 3)
			       : connect(fd, found->ai_addr, found->ai_addrlen)))
		target_die("%s", address);
	freeaddrinfo(found);
	return fd;
}

int main(int argc, char **argv)
{
	bool listens = argc == 3 && !strcmp(argv[1], "listen");
	struct pollfd polled[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
	struct sockaddr_in6 name;
	socklen_t len = sizeof(name);
	int fd;

	if (!listens && (argc != 4 || strcmp(argv[1], "connect")))
		target_die("usage: fd_end listen ADDRESS, or fd_end connect ADDRESS PORT");
	fd_close_inherited();
	fd = end_socket(listens, argv[2], listens ? "0" : argv[3]);
	if (getsockname(fd, (struct sockaddr *)&name, &len))
		target_die("getsockname");
	/* The port is at the same place in both sorts of address. */
	printf("ready pid=%d socket=%d port=%u", getpid(), fd, ntohs(name.sin6_port));
	target_ready();
	polled[1].fd = listens ? fd : -1;
	while (poll(polled, 2, -1) > 0 && !polled[0].revents)
		if (polled[1].revents)
			(void)!accept(fd, NULL, NULL);
	return 0;
}
