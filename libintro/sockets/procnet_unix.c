/*
 * The rows of /proc/PID/net/unix. Names are as they are there, with their newlines: a line that is
 * no row goes on with the name before it. (A name that imitates a whole row cannot be told from
 * one; the messages of the kernel have no such doubt.)
 */
#include "base/number.h"
#include "proc/text.h"
#include "sockets/diag.h"

#define IS_LISTENER 0x10000 /* __SO_ACCEPTCON in the flags */
#define IS_CONNECTED 3      /* SS_CONNECTED */

static bool take_hex(const char **p, const char *end, size_t digits, char after, uint64_t *ret)
{
	const char *s = *p;

	if (!intro_take_hex(&s, end, ret) || (digits && (size_t)(s - *p) != digits) || s == end ||
	    *s != after)
		return false;
	*p = s + 1;
	return true;
}

/* "00000000fa326ae4: 00000003 00000000 00010000 0001 01  1636 /run/x": true up to the inode. */
static bool take_row(const char **p, const char *end, struct intro_socket *socket)
{
	uint64_t where, references, protocol, flags, type, state;

	if (!take_hex(p, end, 0, ':', &where) || !INTRO_TAKE_LITERAL(p, end, " ") ||
	    !take_hex(p, end, 8, ' ', &references) || !take_hex(p, end, 8, ' ', &protocol) ||
	    !take_hex(p, end, 8, ' ', &flags) || !take_hex(p, end, 4, ' ', &type) ||
	    !take_hex(p, end, 2, ' ', &state))
		return false;
	intro_skip_blanks(p, end);
	if (!intro_take_u64(p, end, &socket->ino) || (*p < end && **p != ' ' && **p != '\n'))
		return false;
	socket->family = AF_UNIX;
	socket->type = (int)type;
	socket->protocol = 0;
	if (flags & IS_LISTENER)
		socket->state = INTRO_SOCKET_LISTEN;
	else
		socket->state =
			state == IS_CONNECTED ? INTRO_SOCKET_ESTABLISHED : INTRO_SOCKET_CLOSE;
	socket->have = INTRO_SOCKET_STATE;
	return true;
}

/* The end of the name that begins at p: before the newline that a row or nothing follows. */
static const char *end_of_name(const char *p, const char *end)
{
	struct intro_socket ignored;

	for (;;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p)), *next;

		if (!newline)
			return end;
		next = newline + 1;
		if (next == end || take_row(&next, end, &ignored))
			return newline;
		p = newline + 1;
	}
}

int intro_procnet_unix(const char **p, const char *end, struct intro_diag *ret)
{
	const char *begin, *stop;

	for (;;) {
		begin = *p;
		intro_diag_clear(ret);
		if (take_row(p, end, &ret->socket))
			break;
		*p = begin;
		if (!intro_take_line(p, end, &begin, &stop))
			return 0;
	}
	if (*p < end && **p == ' ') {
		struct intro_socket_address *local = &ret->socket.local;

		begin = *p + 1;
		*p = end_of_name(begin, end);
		/* '@' stands for the NUL that makes it abstract. */
		local->is_abstract = begin < *p && *begin == '@';
		begin += local->is_abstract;
		local->present = true;
		local->path = (struct intro_bytes){begin, (size_t)(*p - begin)};
	}
	if (*p < end) /* the newline */
		++*p;
	return 1;
}
