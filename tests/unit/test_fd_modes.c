/* The groups of intro fd: deleted files, sharing, listeners, counts; and what brings them to rows. */
#include "unit/fd_fake.h"
#include "unit/tree.h"

/* ---- deleted ---- */

static struct intro_fd_stat *put_deleted(struct fake *fake, pid_t pid, const char *comm, int fd,
					 const char *name, uint64_t ino, uint64_t blocks)
{
	struct intro_fd_stat *stat = put_inode(fake, pid, comm, fd, INTRO_FD_KIND_REG, name, ino);

	fake->fds[fake->count - 1].deleted = true;
	stat->blocks = blocks;
	stat->size = blocks * 512 - 1;
	return stat;
}

static void test_deleted(void **state)
{
	struct fake *fake = begin(&fd_mode_deleted);

	(void)state;
	put_deleted(fake, 5, "small", 3, "/tmp/small", 11, 8);
	put_deleted(fake, 7, "log\xff", 3, "/var/log/x", 12, 100);
	put_inode(fake, 7, "log\xff", 4, INTRO_FD_KIND_REG, "/etc/passwd", 13);
	put_deleted(fake, 7, "log\xff", 9, "/var/log/x", 12, 100);
	put_deleted(fake, 8, "cat", 1, "/var/log/x", 12, 100);
	put_deleted(fake, 8, "cat", -1, "/var/log/x", 12, 100);
	/* One that has another name still. */
	put_deleted(fake, 9, "ln", 3, "/tmp/linked", 14, 1000)->nlink = 1;
	/* The same number elsewhere is another file. */
	put_deleted(fake, 9, "ln", 4, "/mnt/x", 12, 4)->dev_minor = 2;
	start(fake);
	assert_string_equal(next(fake, "freed size nlink dev ino processes count held_by"),
			    "51200 51199 0 \"8:1\" 12 2 4 \"7 log\xef\xbf\xbd:3,9, 8 cat:cwd,1\"");
	assert_string_equal(next(fake, "freed name"), "4096 \"/tmp/small\"");
	assert_string_equal(next(fake, "freed name dev"), "2048 \"/mnt/x\" \"8:2\"");
	assert_string_equal(next(fake, "freed nlink name kind"), "0 1 \"/tmp/linked\" \"reg\"");
	assert_string_equal(next(fake, "name"), "");
	/* Again the same: nothing is left over from the round before. */
	assert_int_equal(fd_mode_again(&fake->source), 0);
	assert_string_equal(next(fake, "ino count"), "12 4");
	assert_string_equal(next(fake, "holders"),
			    "[{\"pid\":5,\"fd\":3,\"slot\":\"fd\",\"comm\":\"small\"}]");
	end(fake);
}

static void test_deleted_of_the_kernel(void **state)
{
	struct fake *fake = begin(&fd_mode_deleted);

	(void)state;
	put(fake, 5, "x", -1, INTRO_FD_KIND_UNKNOWN, "/SYSV0000002a")->deleted = true;
	put(fake, 5, "x", -1, INTRO_FD_KIND_UNKNOWN, "/dev/zero")->deleted = true;
	put_deleted(fake, 5, "x", 5, "/memfd:x", 3, 8);
	fake->fds[2].kind = INTRO_FD_KIND_MEMFD;
	/* Files of users, whatever they are called. */
	put_deleted(fake, 5, "x", 6, "/dev/shm/SYSV", 4, 8);
	put_deleted(fake, 5, "x", 7, "/SYSV0000002a", 5, 16);
	start(fake);
	assert_string_equal(next(fake, "name ino"), "\"/SYSV0000002a\" 5");
	assert_string_equal(next(fake, "name ino"), "\"/dev/shm/SYSV\" 4");
	assert_string_equal(next(fake, "name"), "");
	end(fake);
}

/* What could not be asked is not zero. */
static void test_deleted_unknown(void **state)
{
	struct fake *fake = begin(&fd_mode_deleted);

	(void)state;
	put(fake, 5, "x", -1, INTRO_FD_KIND_UNKNOWN, "/usr/lib/libx.so")->deleted = true;
	put(fake, 6, "y", -1, INTRO_FD_KIND_UNKNOWN, "/usr/lib/libx.so")->deleted = true;
	put_deleted(fake, 7, "z", 3, "/tmp/x", 1, 0);
	fake->tasks[2].have = 0;
	start(fake);
	assert_string_equal(next(fake, "freed size users"), "0 18446744073709551615 null");
	assert_string_equal(next(fake, "freed size nlink dev ino processes"),
			    "null null null null null 2");
	assert_string_equal(next(fake, "name"), "");
	end(fake);
}

/* ---- shared ---- */

static void test_shared(void **state)
{
	static const struct fake_holder all[] = {
		{50, 1, {3, 1, INTRO_FD_ACCESS_W, {"sh", 2}}},
		{50, 1, {7, 1, INTRO_FD_ACCESS_W, {"make", 4}}},
		{50, 1, {7, 2, INTRO_FD_ACCESS_W, {"make", 4}}},
		{50, 2, {7, 5, INTRO_FD_ACCESS_W, {"make", 4}}}, /* opened anew */
		{60, 3, {1, 9, INTRO_FD_ACCESS_R, {NULL, 0}}},
		{60, 3, {8, 4, INTRO_FD_ACCESS_R, {"cc", 2}}},
	};
	struct fake *fake = begin(&fd_mode_shared);
	struct intro_fdinfo info = {.have = INTRO_FDINFO_POS | INTRO_FDINFO_FLAGS, .pos = 4096};

	(void)state;
	fake->index.all = all;
	fake->index.count = sizeof(all) / sizeof(all[0]);
	put_inode(fake, 7, "make", 1, INTRO_FD_KIND_REG, "/tmp/log", 50);
	put_inode(fake, 7, "make", 2, INTRO_FD_KIND_REG, "/tmp/log", 50);
	fake->fds[1].info = &info;
	put_inode(fake, 7, "make", 5, INTRO_FD_KIND_REG, "/tmp/log", 50);
	put_inode(fake, 7, "make", -1, INTRO_FD_KIND_DIR, "/", 2);
	put_inode(fake, 8, "cc", 4, INTRO_FD_KIND_REG, "/tmp/x", 60);
	start(fake);
	assert_string_equal(next(fake, "ofd offset ino count processes held_by"),
			    "\"1:9\" null 60 2 2 \"1:9, 8 cc:4\"");
	assert_string_equal(next(fake, "ofd offset ino count processes name holders"),
			    "\"3:1\" 4096 50 3 2 \"/tmp/log\" "
			    "[{\"pid\":3,\"fd\":1,\"comm\":\"sh\"},"
			    "{\"pid\":7,\"fd\":1,\"comm\":\"make\"},"
			    "{\"pid\":7,\"fd\":2,\"comm\":\"make\"}]");
	assert_string_equal(next(fake, "ofd"), "");
	end(fake);
}

/* ---- listen ---- */

static struct intro_socket listener(uint64_t ino, int family, uint8_t first, uint16_t port)
{
	return (struct intro_socket){
		.have = INTRO_SOCKET_STATE | INTRO_SOCKET_LISTENER | INTRO_SOCKET_UID,
		.ino = ino,
		.family = family,
		.type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.state = INTRO_SOCKET_LISTEN,
		.local = {.present = true, .ip = {first}, .port = port},
		.backlog = 8,
	};
}

static void test_listen(void **state)
{
	struct intro_socket sockets[] = {
		listener(1, AF_INET, 127, 10000), listener(2, AF_INET, 127, 80),
		listener(3, AF_INET, 10, 443),    listener(4, AF_INET, 127, 80),
		listener(5, AF_INET, 127, 80),    listener(6, AF_INET, 0, 53),
		listener(7, AF_INET, 0, 53),      listener(8, AF_UNIX, 0, 0),
	};
	struct fake *fake = begin(&fd_mode_listen);

	(void)state;
	sockets[3].accept_queue = 6;
	sockets[3].have |= INTRO_SOCKET_REUSEPORT;
	sockets[3].reuseport = true;
	sockets[3].reuseport_group = 2;
	sockets[4].state = INTRO_SOCKET_ESTABLISHED; /* accepted */
	for (int i = 5; i <= 6; i++) {
		sockets[i].have = INTRO_SOCKET_STATE;
		sockets[i].state = INTRO_SOCKET_CLOSE;
		sockets[i].type = SOCK_DGRAM;
		sockets[i].protocol = IPPROTO_UDP;
	}
	sockets[6].remote.present = true; /* connected */
	sockets[7].local.path = (struct intro_bytes){"/run/x", 6};
	sockets[7].protocol = 0;
	sockets[7].pending = (uint64_t[]){77};
	sockets[7].pending_count = 1;
	for (size_t i = 0; i < 8; i++)
		put_socket(fake, 9, "srv", (int)i, &sockets[i]);
	put_socket(fake, 12, "worker", 3, &sockets[0]);
	start(fake);
	assert_string_equal(next(fake, "protocol ino local port"),
			    "\"tcp\" 3 \"10.0.0.0:443\" 443");
	assert_string_equal(next(fake, "protocol ino port reuseport reuseport_group full"),
			    "\"tcp\" 2 80 null null 0");
	assert_string_equal(next(fake, "ino reuseport reuseport_group accept_queue full"),
			    "4 true 2 6 75");
	assert_string_equal(next(fake, "ino port processes held_by"),
			    "1 10000 2 \"9 srv:0, 12 worker:3\"");
	assert_string_equal(next(fake, "protocol type state ino accept_queue backlog full pending"),
			    "\"udp\" \"dgram\" \"CLOSE\" 6 null null null null");
	assert_string_equal(next(fake, "protocol type local path ino pending port"),
			    "\"unix\" \"stream\" \"/run/x\" \"/run/x\" 8 [77] null");
	assert_string_equal(next(fake, "ino"), "");
	end(fake);
}

/* ---- summary ---- */

static struct fake *begin_summary(struct tree *tree, const char *parts)
{
	struct fake *fake = begin(&fd_mode_summary);

	if (!tree->session)
		tree_open(tree, NULL);
	fake->source.session = tree->session;
	fake->source.argument = parts;
	put_inode(fake, 5, "a", 0, INTRO_FD_KIND_CHR, "/dev/null", 1);
	put_inode(fake, 5, "a", 1, INTRO_FD_KIND_CHR, "/dev/null", 1);
	put_inode(fake, 5, "a", -1, INTRO_FD_KIND_DIR, "/", 1); /* is no descriptor */
	put_inode(fake, 6, "b", 0, INTRO_FD_KIND_CHR, "/dev/null", 1);
	put_inode(fake, 6, "b", 1, INTRO_FD_KIND_REG, "/x", 2);
	put_inode(fake, 6, "b", 2, INTRO_FD_KIND_REG, "/x", 2);
	for (int i = 3; i < 6; i++) {
		struct intro_limits *limits = &fake->tasks[i].limits;

		fake->tasks[i].have |= INTRO_WANT(LIMITS);
		limits->have = 1u << RLIMIT_NOFILE;
		limits->limit[RLIMIT_NOFILE].soft = 12;
		fake->tasks[i].owner_uid = 4000001;
	}
	return fake;
}

static void test_summary(void **state)
{
	struct fake *fake = begin_summary(*state, NULL);

	start(fake);
	assert_string_equal(next(fake, "by name descriptors processes files limit percent"),
			    "\"system\" null 5 2 250 1000 25");
	assert_string_equal(next(fake, "by name descriptors processes"), "\"kind\" \"chr\" 3 2");
	assert_string_equal(next(fake, "by name descriptors processes"), "\"kind\" \"reg\" 2 1");
	assert_string_equal(next(fake, "by name descriptors processes pid files"),
			    "\"user\" \"4000001\" 3 1 null null");
	assert_string_equal(next(fake, "by name descriptors"), "\"user\" \"0\" 2");
	assert_string_equal(next(fake, "by name pid descriptors limit percent"),
			    "\"process\" \"b\" 6 3 12 25");
	assert_string_equal(next(fake, "by name pid descriptors limit percent"),
			    "\"process\" \"a\" 5 2 null null");
	assert_string_equal(next(fake, "by"), "");
	end(fake);
}

static void test_summary_parts(void **state)
{
	struct fake *fake = begin_summary(*state, " process,kind");

	start(fake);
	assert_string_equal(next(fake, "by name"), "\"kind\" \"chr\"");
	assert_string_equal(next(fake, "by name"), "\"kind\" \"reg\"");
	assert_string_equal(next(fake, "by name"), "\"process\" \"b\"");
	assert_string_equal(next(fake, "by name"), "\"process\" \"a\"");
	assert_string_equal(next(fake, "by"), "");
	end(fake);
	fake = begin_summary(*state, "kinds");
	assert_int_equal(fd_mode_start(&fake->source, 0, 0), EXIT_USAGE);
	end(fake);
	fake = begin_summary(*state, " ,");
	assert_int_equal(fd_mode_start(&fake->source, 0, 0), EXIT_USAGE);
	end(fake);
}

/* ---- the adapter ---- */

struct told {
	unsigned count;
	struct row_error first, last;
};

static void take_error(void *context, const struct row_error *error)
{
	struct told *told = context;

	if (told->count++ == 0)
		told->first = *error;
	told->last = *error;
}

/* What could not be read is told, also of descriptors that are in no group. */
static void test_errors(void **state)
{
	struct fake *fake = begin(&fd_mode_shared);
	struct told told = {0};

	(void)state;
	put(fake, 7, "x", 3, INTRO_FD_KIND_REG, "/x");
	fake->denied = 0;
	start(fake);
	assert_string_equal(next(fake, "ofd"), "");
	fd_mode_missing(&fake->source, take_error, &told);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.first.pid, 7);
	assert_int_equal(told.first.os_errno, EACCES);
	assert_true(told.first.named);
	assert_string_equal(told.first.message, "cannot read fdinfo: Permission denied");
	assert_null(told.first.hint);
	assert_string_equal(told.last.message, "no such process");
	/* In the next round only what happens there. */
	fake->denied = -1;
	told.count = 0;
	assert_int_equal(fd_mode_again(&fake->source), 0);
	assert_string_equal(next(fake, "ofd"), "");
	fd_mode_missing(&fake->source, take_error, &told);
	assert_int_equal(told.count, 1);
	end(fake);
}

static void test_failure(void **state)
{
	struct fake *fake = begin(&fd_mode_shared);
	const void *row;

	(void)state;
	fake->fails = -EXIT_FATAL;
	start(fake);
	assert_int_equal(fd_mode_next(&fake->source, &row), -EXIT_FATAL);
	end(fake);
}

/* Many groups: the table grows, and finds them all again. */
static void test_many(void **state)
{
	enum { MANY = 20000 };
	struct fd_round *round = fd_round_open(NULL, NULL);
	bool is_new;

	(void)state;
	assert_null(fd_round_find(round, "", 0));
	for (uint64_t i = 0; i < MANY; i++)
		*(uint64_t *)fd_round_group(round, &i, sizeof(i), sizeof(i), &is_new) = i;
	for (uint64_t i = 0; i < MANY; i++) {
		assert_true(*(uint64_t *)fd_round_group(round, &i, sizeof(i), sizeof(i), &is_new) ==
			    i);
		assert_false(is_new);
	}
	assert_int_equal(round->count, MANY);
	assert_null(fd_round_find(round, "\0", 1)); /* the beginning of a key is none */
	fd_round_close(round);
	fd_round_close(NULL);
}

/* A view names columns that there are, and each column is there once. */
static void test_tables(void **state)
{
	static const struct fd_mode *const modes[] = {
		&fd_mode_deleted, &fd_mode_shared,  &fd_mode_pairs,
		&fd_mode_listen,  &fd_mode_summary,
	};

	(void)state;
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		const struct fd_mode *mode = modes[m];
		char schema[64];

		snprintf(schema, sizeof(schema), "intro.fd.%s/1", mode->name);
		assert_string_equal(mode->schema, schema);
		assert_string_equal(mode->views[0].name, "default");
		for (size_t i = 0; i < 2 * mode->view_count; i++) {
			const struct view *view = &mode->views[i / 2];
			const char *list = i % 2 ? view->records : view->columns;

			while (list && *list) {
				size_t len = strcspn(list, ","), found = 0;

				for (size_t c = 0; c < mode->column_count; c++)
					found += strncmp(mode->columns[c].name, list, len) == 0 &&
						 !mode->columns[c].name[len];
				assert_int_equal(found, 1);
				list += len + (list[len] == ',');
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deleted),
		cmocka_unit_test(test_deleted_of_the_kernel),
		cmocka_unit_test(test_deleted_unknown),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_listen),
		TREE_TEST(test_summary),
		cmocka_unit_test_setup_teardown(test_summary_parts, tree_setup, tree_teardown),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
