/* intro fd --pairs: pipes, sockets and terminals with both of their ends, each once. */
#include "unit/fd_fake.h"

static void put_pipe(struct fake *fake, pid_t pid, const char *comm, int fd,
		     enum intro_fd_access access, uint64_t ino)
{
	put_inode(fake, pid, comm, fd, INTRO_FD_KIND_PIPE, "pipe:[x]", ino);
	fake->fds[fake->count - 1].access = access;
}

static void test_pipes(void **state)
{
	static const struct fake_holder all[] = {
		{20, 0, {3, 1, INTRO_FD_ACCESS_W, {"a", 1}}},
		{20, 0, {4, 1, INTRO_FD_ACCESS_W, {"b", 1}}},
		{20, 0, {4, 5, INTRO_FD_ACCESS_W, {"b", 1}}},
		{20, 0, {4, 6, INTRO_FD_ACCESS_W, {"b", 1}}},
		{20, 0, {4, 7, INTRO_FD_ACCESS_W, {"b", 1}}},
		{20, 0, {5, 1, INTRO_FD_ACCESS_W, {"c", 1}}},
		{20, 0, {6, 1, INTRO_FD_ACCESS_W, {"d", 1}}},
		{20, 0, {7, 0, INTRO_FD_ACCESS_R, {"wc", 2}}},
		{21, 0, {7, 3, INTRO_FD_ACCESS_R, {"wc", 2}}},
		{21, 0, {7, 4, INTRO_FD_ACCESS_W, {"wc", 2}}},
		{22, 0, {7, 8, INTRO_FD_ACCESS_W, {NULL, 0}}}, /* the row knows more */
	};
	struct fake *fake = begin(&fd_mode_pairs);

	(void)state;
	fake->index.all = all;
	fake->index.count = sizeof(all) / sizeof(all[0]);
	/* Only the reader is selected: its writers come all the same. */
	put_pipe(fake, 7, "wc", 0, INTRO_FD_ACCESS_R, 20);
	put_pipe(fake, 7, "wc", 3, INTRO_FD_ACCESS_R, 21);
	put_pipe(fake, 7, "wc", 4, INTRO_FD_ACCESS_W, 21);
	put_pipe(fake, 7, "wc", 8, INTRO_FD_ACCESS_W, 22);
	/* One that is younger than the index. */
	put_pipe(fake, 7, "wc", 9, INTRO_FD_ACCESS_R, 23);
	start(fake);
	assert_string_equal(next(fake, "kind ino peer_ino direction broken pair"),
			    "\"pipe\" 20 null \"->\" null "
			    "\"3 a:1, 4 b:1,5,6, 5 c:1 +2 more -> 7 wc:0\"");
	assert_string_equal(next(fake, "ino broken pair"), "21 null \"7 wc:4 -> itself:3\"");
	assert_string_equal(next(fake, "ino broken pair readers"),
			    "22 \"no reader\" \"7 wc:8 -> nobody\" []");
	assert_string_equal(next(fake, "ino broken pair writers"),
			    "23 \"no writer\" \"nobody -> 7 wc:9\" []");
	assert_string_equal(next(fake, "ino"), "");
	/* Where not all can be seen, nothing is claimed. */
	fake->index.denied = EACCES;
	assert_int_equal(fd_mode_again(&fake->source), 0);
	next(fake, "ino");
	next(fake, "ino");
	assert_string_equal(next(fake, "broken pair readers"), "null \"7 wc:8 -> ?\" null");
	/* But the kernel knows. */
	hung_up = 1;
	assert_int_equal(fd_mode_again(&fake->source), 0);
	next(fake, "ino");
	next(fake, "ino");
	assert_string_equal(next(fake, "broken readers"), "\"no reader\" []");
	assert_string_equal(next(fake, "broken writers"), "\"no writer\" []");
	/* All were seen, and still somebody has it: a message on its way, for example. */
	fake->index.denied = 0;
	hung_up = 0;
	assert_int_equal(fd_mode_again(&fake->source), 0);
	next(fake, "ino");
	next(fake, "ino");
	assert_string_equal(next(fake, "broken readers"), "null null");
	end(fake);
}

static void test_sockets(void **state)
{
	static const struct intro_socket sockets[] = {
		{.have = INTRO_SOCKET_PEER_INO,
		 .ino = 30,
		 .family = AF_UNIX,
		 .type = SOCK_STREAM,
		 .peer_ino = 31},
		{.have = INTRO_SOCKET_PEER_INO,
		 .ino = 31,
		 .family = AF_UNIX,
		 .type = SOCK_STREAM,
		 .peer_ino = 30,
		 .local = {.present = true, .path = {"/run/x", 6}}},
		/* A log: it sends to nobody, others send to it. */
		{.have = INTRO_SOCKET_PEER_INO,
		 .ino = 32,
		 .family = AF_UNIX,
		 .type = SOCK_DGRAM,
		 .local = {.present = true, .path = {"/dev/log", 8}}},
		{.have = INTRO_SOCKET_PEER_INO,
		 .ino = 33,
		 .family = AF_UNIX,
		 .type = SOCK_DGRAM,
		 .peer_ino = 32},
		{.have = INTRO_SOCKET_PEER_INO,
		 .ino = 34,
		 .family = AF_UNIX,
		 .type = SOCK_DGRAM,
		 .peer_ino = 32},
	};
	static const struct fake_holder all[] = {
		{30, 0, {3, 4, INTRO_FD_ACCESS_RW, {"a", 1}}},
		{31, 0, {5, 4, INTRO_FD_ACCESS_RW, {"b", 1}}},
		{31, 0, {6, 4, INTRO_FD_ACCESS_RW, {"c", 1}}},
		{32, 0, {2, 3, INTRO_FD_ACCESS_RW, {"log", 3}}},
		{33, 0, {8, 3, INTRO_FD_ACCESS_RW, {"d", 1}}},
	};
	struct fake *fake = begin(&fd_mode_pairs);

	(void)state;
	fake->index.all = all;
	fake->index.count = sizeof(all) / sizeof(all[0]);
	fake->sockets = (struct intro_sockets){.all = sockets, .count = 5};
	put_socket(fake, 2, "log", 3, &sockets[2]);
	put_socket(fake, 3, "a", 4, &sockets[0]);
	put_socket(fake, 6, "c", 4, &sockets[1]);
	put_socket(fake, 8, "d", 3, &sockets[3]);
	start(fake);
	assert_string_equal(next(fake, "ino peer_ino direction name pair"),
			    "33 32 \"->\" \"/dev/log\" \"8 d:3 -> 2 log:3\"");
	/* Nobody has it: it is on its way to somebody, for example. */
	assert_string_equal(next(fake, "ino peer_ino direction broken pair"),
			    "34 32 \"->\" \"no peer\" \"nobody -> 2 log:3\"");
	assert_string_equal(next(fake, "ino peer_ino direction broken name pair"),
			    "30 31 \"<->\" null \"/run/x\" \"3 a:4 <-> 5 b:4, 6 c:4\"");
	assert_string_equal(next(fake, "ino"), "");
	end(fake);
}

/* From whichever side one looks. */
static void test_mixed_families(void **state)
{
	static const struct intro_socket sockets[] = {
		{.ino = 40, .family = AF_INET, .type = SOCK_STREAM, .peer_ino = 41},
		{.ino = 41, .family = AF_INET6, .type = SOCK_STREAM, .peer_ino = 40},
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fake *fake = begin(&fd_mode_pairs);

		fake->sockets = (struct intro_sockets){.all = sockets, .count = 2};
		put_socket(fake, 2, "x", 3, &sockets[i]);
		fake->fds[0].kind = i ? INTRO_FD_KIND_INET6 : INTRO_FD_KIND_INET;
		start(fake);
		assert_string_equal(next(fake, "kind"), "\"inet6\"");
		end(fake);
	}
}

static void put_terminal(struct fake *fake, pid_t pid, const char *comm, int fd, bool master)
{
	struct intro_fd_stat *stat = put_inode(fake, pid, comm, fd, INTRO_FD_KIND_CHR,
					       master ? "/dev/ptmx" : "/dev/pts/4", master ? 2 : 7);

	stat->rdev_major = master ? 5 : 136;
	stat->rdev_minor = master ? 2 : 4;
}

static void test_terminals(void **state)
{
	static const struct fake_holder all[] = {
		{2, 1, {3, 4, INTRO_FD_ACCESS_RW, {"sshd", 4}}},
		{2, 1, {4, 9, INTRO_FD_ACCESS_RW, {"sshd", 4}}},
		{7, 0, {5, 0, INTRO_FD_ACCESS_RW, {"sh", 2}}},
		{7, 0, {5, 1, INTRO_FD_ACCESS_RW, {"sh", 2}}},
	};
	struct fake *fake = begin(&fd_mode_pairs);

	(void)state;
	fake->index =
		(struct intro_fd_index){.all = all, .count = 4, .master_ino = 2, .slave_ino = 7};
	put_terminal(fake, 3, "sshd", 4, true);
	put_terminal(fake, 4, "sshd", 9, true);
	put_terminal(fake, 5, "sh", 0, false);
	put_terminal(fake, 5, "sh", 1, false);
	start(fake);
	assert_string_equal(next(fake, "kind ino name pair"),
			    "\"pty\" 7 \"/dev/pts/4\" \"3 sshd:4, 4 sshd:9 <-> 5 sh:0,1\"");
	assert_string_equal(next(fake, "ino"), "");
	end(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipes),
		cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_mixed_families),
		cmocka_unit_test(test_terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
