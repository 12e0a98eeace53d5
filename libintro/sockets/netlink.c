/* Asking NETLINK_SOCK_DIAG: one request, and answers until the kernel says that these are all. */
#include "sockets/netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_REQUEST 128
#define MOST_ROUNDS 4 /* of a dump that is interrupted again and again */

struct dialogue {
	intro_diag_taker *take;
	void *context;
	uint32_t sequence;
	bool is_dump;
	bool is_done;
	bool is_interrupted;
	int result;
};

int intro_diag_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	return fd < 0 ? -errno : fd;
}

static int send_request(int fd, const struct intro_diag_question *question, uint32_t sequence)
{
	unsigned char message[NLMSG_HDRLEN + LARGEST_REQUEST];
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	struct nlmsghdr head = {
		.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + question->len),
		.nlmsg_type = question->type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | (question->is_dump ? NLM_F_DUMP : 0)),
		.nlmsg_seq = sequence,
	};
	ssize_t n;

	if (question->len > LARGEST_REQUEST)
		return -EINVAL;
	memcpy(message, &head, sizeof(head));
	memcpy(message + NLMSG_HDRLEN, question->request, question->len);
	do
		n = sendto(fd, message, head.nlmsg_len, 0, (struct sockaddr *)&kernel,
			   sizeof(kernel));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* The errno that the messages NLMSG_ERROR and NLMSG_DONE carry, negative; 0 if none. */
static int carried_error(const unsigned char *payload, size_t len)
{
	int error = 0;

	if (len >= sizeof(error))
		memcpy(&error, payload, sizeof(error));
	return error < 0 ? error : 0;
}

static void take_message(struct dialogue *dialogue, const struct nlmsghdr *head,
			 const unsigned char *payload)
{
	size_t len = head->nlmsg_len - NLMSG_HDRLEN;

	if (head->nlmsg_seq != dialogue->sequence) /* of an earlier request */
		return;
	if (head->nlmsg_flags & NLM_F_DUMP_INTR)
		dialogue->is_interrupted = true;
	switch (head->nlmsg_type) {
	case NLMSG_NOOP:
		return;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		dialogue->is_done = true;
		if (!dialogue->result)
			dialogue->result = carried_error(payload, len);
		return;
	default:
		/* After a failure the rest is read, but no more than that. */
		if (!dialogue->result)
			dialogue->result = dialogue->take(dialogue->context, payload, len);
		if (!dialogue->is_dump)
			dialogue->is_done = true;
	}
}

static void take_datagram(struct dialogue *dialogue, const unsigned char *p, size_t left)
{
	while (!dialogue->is_done && left >= NLMSG_HDRLEN) {
		struct nlmsghdr head;
		size_t step;

		memcpy(&head, p, sizeof(head));
		if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > left)
			return;
		take_message(dialogue, &head, p + NLMSG_HDRLEN);
		step = NLMSG_ALIGN((size_t)head.nlmsg_len);
		if (step > left)
			return;
		p += step;
		left -= step;
	}
}

static int receive(int fd, unsigned char *buffer, struct dialogue *dialogue)
{
	while (!dialogue->is_done) {
		struct sockaddr_nl from = {0};
		struct iovec room = {.iov_base = buffer, .iov_len = INTRO_DIAG_BUFFER};
		struct msghdr message = {
			.msg_name = &from,
			.msg_namelen = sizeof(from),
			.msg_iov = &room,
			.msg_iovlen = 1,
		};
		ssize_t n = recvmsg(fd, &message, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPIPE;
		if (from.nl_pid) /* not from the kernel */
			continue;
		if (message.msg_flags & MSG_TRUNC && !dialogue->result)
			dialogue->result = -EMSGSIZE;
		take_datagram(dialogue, buffer, (size_t)n);
	}
	return dialogue->result;
}

/*
 * Answers of an earlier question may still be queued, if reading them has failed: no two questions
 * have one number.
 */
static uint32_t new_sequence(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)now.tv_sec * 1000000000 + (uint32_t)now.tv_nsec;
}

int intro_diag_ask(int fd, const struct intro_diag_question *question, unsigned char *buffer,
		   intro_diag_taker *take, void *context)
{
	int r = 0;

	for (int round = 0; round < MOST_ROUNDS; round++) {
		struct dialogue dialogue = {
			.take = take,
			.context = context,
			.sequence = new_sequence(),
			.is_dump = question->is_dump,
		};

		r = send_request(fd, question, dialogue.sequence);
		if (r)
			return r;
		r = receive(fd, buffer, &dialogue);
		if (r || !dialogue.is_interrupted)
			break;
	}
	return r;
}
