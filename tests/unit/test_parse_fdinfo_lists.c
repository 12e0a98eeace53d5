/* /proc/PID/fdinfo/FD of kinds that have lists or many lines: epoll, watches, io_uring, bpf. */
#include "unit/fdinfo.h"

#include <stdio.h>

static void test_epoll(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_EPOLL,
	      COMMON
	      "tfd:       15 events: c0000019 data:                f  pos:0 ino:40e sdev:10\n"
	      "tfd:       18 events:       19 data:     7f4600000012  pos:-1 ino:4e2f61d "
	      "sdev:fe00001\n"
	      "tfd: 2147483647 events: ffffffff data: ffffffffffffffff  pos:9 "
	      "ino:ffffffffffffffff sdev:ffffffff\n");
	const struct intro_epoll_target *epoll = parsed->info.epoll;
	assert_int_equal(parsed->info.epoll_count, 3);
	assert_int_equal(epoll[0].fd, 15);
	assert_int_equal(epoll[0].events, 0xc0000019);
	assert_int_equal(epoll[0].data, 15);
	assert_true(epoll[0].has_inode);
	assert_int_equal(epoll[0].ino, 0x40e);
	assert_int_equal(epoll[0].dev_major, 0);
	assert_int_equal(epoll[0].dev_minor, 0x10);
	assert_false(epoll[0].is_checked || epoll[0].is_stale);
	assert_null(epoll[0].name.data);
	assert_int_equal(epoll[1].data, UINT64_C(0x7f4600000012));
	assert_int_equal(epoll[1].dev_major, 0xfe);
	assert_int_equal(epoll[1].dev_minor, 1);
	assert_int_equal(epoll[2].fd, INT32_MAX);
	assert_true(epoll[2].data == UINT64_MAX && epoll[2].ino == UINT64_MAX);
	assert_int_equal(epoll[2].dev_major, 0xfff);
	assert_int_equal(epoll[2].dev_minor, 0xfffff);

	parse(parsed, INTRO_FD_KIND_EPOLL, COMMON);
	assert_int_equal(parsed->info.epoll_count, 0);
	/* Linux before 4.13. */
	parse(parsed, INTRO_FD_KIND_EPOLL,
	      "tfd:        5 events:       1d data: ffffffffffffffff \n");
	assert_int_equal(parsed->info.epoll_count, 1);
	assert_false(parsed->info.epoll[0].has_inode);
}

static void test_many_targets(void **state)
{
	struct parsed *parsed = *state;
	char *text = malloc(1000 * 80);
	size_t len = 0;

	assert_non_null(text);
	for (int i = 0; i < 1000; i++)
		len += (size_t)sprintf(text + len,
				       "tfd: %8d events: %8x data: %16llx  pos:0 ino:%x sdev:f\n",
				       i, 0x19, 7ULL, i + 5);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(parse_bytes(parsed, INTRO_FD_KIND_EPOLL, text, len), 0);
		assert_int_equal(parsed->info.epoll_count, 1000);
		for (int i = 0; i < 1000; i++) {
			assert_int_equal(parsed->info.epoll[i].fd, i);
			assert_int_equal(parsed->info.epoll[i].ino, i + 5);
		}
	}
	free(text);
}

static void test_bad_epoll(void **state)
{
	static const char *const wrong[] = {
		"tfd:\n",
		"tfd: -1 events: 1 data: 1\n",
		"tfd: 2147483648 events: 1 data: 1\n",
		"tfd: 1 data: 1\n",
		"tfd: 1 events: 100000000 data: 1\n",
		"tfd: 1 events: 1 data: 10000000000000000\n",
		"tfd: 1 events: 1 data: 1 pos:0\n",
		"tfd: 1 events: 1 data: 1 pos:0 ino:1\n",
		"tfd: 1 events: 1 data: 1 pos:x ino:1 sdev:1\n",
		"tfd: 1 events: 1 data: 1 pos:0 ino:1 sdev:100000000\n",
		"tfd: 1 events: 1 data: 1 pos:0 ino:1 sdev:1 x\n",
		"tfd: 1 events: 1 data: 1x\n",
	};
	struct parsed *parsed = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_refused(parsed, INTRO_FD_KIND_EPOLL, wrong[i]);
}

static void test_inotify(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_INOTIFY,
	      COMMON "inotify wd:12 ino:a8a1a2 sdev:fe00000 mask:84000102 ignored_mask:0 "
		     "fhandle-bytes:8 fhandle-type:1 f_handle:a2a1a8008fc5c79a\n"
		     "inotify wd:4 ino:1 sdev:1a mask:fff ignored_mask:0 fhandle-bytes:c "
		     "fhandle-type:81 f_handle:01000000000000000000000f\n"
		     "inotify wd:1 ino:ffffffffffffffff sdev:5 mask:2 ignored_mask:0 \n");
	const struct intro_watch *watches = parsed->info.watches;
	assert_int_equal(parsed->info.watch_count, 3);
	assert_int_equal(watches[0].what, INTRO_WATCH_INODE);
	assert_int_equal(watches[0].wd, 0x12);
	assert_int_equal(watches[0].ino, 0xa8a1a2);
	assert_int_equal(watches[0].dev_major, 0xfe);
	assert_int_equal(watches[0].dev_minor, 0);
	assert_int_equal(watches[0].mask, 0x84000102);
	assert_int_equal(watches[0].handle_type, 1);
	assert_bytes(watches[0].handle, "\xa2\xa1\xa8\x00\x8f\xc5\xc7\x9a", 8);
	assert_null(watches[0].path.data);
	assert_int_equal(watches[1].handle_type, 0x81);
	assert_bytes(watches[1].handle, "\1\0\0\0\0\0\0\0\0\0\0\x0f", 12);
	assert_int_equal(watches[2].handle_type, -1);
	assert_true(watches[2].ino == UINT64_MAX);

	/* A word that is not known is passed over. */
	parse(parsed, INTRO_FD_KIND_INOTIFY, "inotify wd:1 new ino:2 more:x:y sdev:3 mask:4\n");
	assert_int_equal(parsed->info.watch_count, 1);
	assert_int_equal(parsed->info.watches[0].mask, 4);
}

static void test_fanotify(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_FANOTIFY,
	      COMMON "fanotify flags:e34 event-flags:88002\n"
		     "fanotify ino:a8a131 sdev:fe00000 mflags:440 mask:8000002 ignored_mask:20 "
		     "fhandle-bytes:8 fhandle-type:1 f_handle:31a1a80023b09e6d\n"
		     "fanotify sdev:fe00000 mflags:0 mask:40000020 ignored_mask:0\n"
		     "fanotify mnt_id:1b mflags:0 mask:40000020 ignored_mask:0\n"
		     "fanotify mnt_ns:4026531832 mflags:0 mask:3000000 ignored_mask:0\n"
		     "fanotify new_sort:1 mflags:0 mask:1 ignored_mask:0\n");
	const struct intro_watch *watches = parsed->info.watches;
	assert_int_equal(parsed->info.fanotify_flags, 0xe34);
	assert_int_equal(parsed->info.fanotify_event_flags, 0x88002);
	assert_int_equal(parsed->info.watch_count, 4);
	assert_int_equal(watches[0].what, INTRO_WATCH_INODE);
	assert_int_equal(watches[0].ino, 0xa8a131);
	assert_int_equal(watches[0].mark_flags, 0x440);
	assert_int_equal(watches[0].mask, 0x8000002);
	assert_int_equal(watches[0].ignored_mask, 0x20);
	assert_bytes(watches[0].handle, "\x31\xa1\xa8\x00\x23\xb0\x9e\x6d", 8);
	assert_int_equal(watches[1].what, INTRO_WATCH_FILESYSTEM);
	assert_int_equal(watches[1].dev_major, 0xfe);
	assert_int_equal(watches[1].handle_type, -1);
	assert_int_equal(watches[2].what, INTRO_WATCH_MOUNT);
	assert_int_equal(watches[2].mount_id, 27);
	assert_int_equal(watches[3].what, INTRO_WATCH_NAMESPACE);
	assert_int_equal(watches[3].ino, 4026531832);
	assert_int_equal(watches[3].mask, 0x3000000);
}

static void test_bad_watches(void **state)
{
	static const char *const wrong[] = {
		"inotify \n",
		"inotify wd:1 ino:1 sdev:1\n",
		"inotify wd:80000000 ino:1 sdev:1 mask:1\n",
		"inotify wd:1 ino:1 sdev:1 mask:\n",
		"inotify wd:1 ino:1 sdev:1 mask:1x\n",
		"inotify wd:1 ino:1 sdev:1 mask:100000000\n",
		"inotify wd:1 ino:1 sdev:1 mask:1 f_handle:00\n",
		"inotify wd:1 ino:1 sdev:1 mask:1 fhandle-bytes:2 fhandle-type:1 f_handle:00\n",
		"inotify wd:1 ino:1 sdev:1 mask:1 fhandle-bytes:1 fhandle-type:1 f_handle:000\n",
		"inotify wd:1 ino:1 sdev:1 mask:1 fhandle-bytes:1 fhandle-type:1 f_handle:0g\n",
	};
	struct parsed *parsed = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_refused(parsed, INTRO_FD_KIND_INOTIFY, wrong[i]);
	assert_refused(parsed, INTRO_FD_KIND_FANOTIFY, "fanotify ino:1 sdev:1\n");
	assert_refused(parsed, INTRO_FD_KIND_FANOTIFY, "fanotify flags:x\n");
	assert_refused(parsed, INTRO_FD_KIND_FANOTIFY, "fanotify mnt_ns:4026531832x mask:1\n");
}

static const char uring[] = COMMON
	"SqMask:\t0x7\nSqHead:\t4294967295\nSqTail:\t2\nCachedSqHead:\t0\n"
	"CqMask:\t0xf\nCqHead:\t3\nCqTail:\t8\nCachedCqTail:\t8\nSQEs:\t3\n"
	"    1: opcode:NOP, fd:0, flags:0, off:0, addr:0x0, rw_flags:0x0, buf_index:0 "
	"user_data:0\nCQEs:\t0\nSqThread:\t3263\nSqThreadCpu:\t1\nSqTotalTime:\t0\n"
	"SqWorkTime:\t0\nUserFiles:\t4\n    0: pipe:[81983005]\n"
	"    3: /tmp/a\\012UserBufs:\\01177\\040b\nUserBufs:\t2\n    0: 0x56331ca65620/4096\n"
	"PollList:\nCqOverflowList:\nNAPI:\tdisabled\n";

static void test_io_uring(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_IO_URING, uring);
	const struct intro_io_uring *io_uring = parsed->info.io_uring;
	assert_non_null(io_uring);
	assert_int_equal(io_uring->sq_entries, 8);
	assert_int_equal(io_uring->cq_entries, 16);
	assert_int_equal(io_uring->sq_pending, 3);
	assert_int_equal(io_uring->cq_pending, 5);
	assert_int_equal(io_uring->registered_files, 4);
	assert_int_equal(io_uring->registered_buffers, 2);
	assert_true(io_uring->has_sq_thread);
	assert_int_equal(io_uring->sq_thread, 3263);
	assert_int_equal(io_uring->sq_cpu, 1);

	/* An older kernel, and the name of a registered file. */
	parse(parsed, INTRO_FD_KIND_IO_URING,
	      COMMON
	      "SqThread:\t-1\nSqThreadCpu:\t-1\nUserFiles:\t1\n    0: a\n"
	      "UserBufs:\t77\nSqThread:\t1\nlock:\t1: FLOCK  ADVISORY  WRITE 1 08:01:2 0 EOF\n"
	      "UserFiles:\t99\nUserBufs:\t5\nPollList:\n");
	io_uring = parsed->info.io_uring;
	assert_false(io_uring->has_sq_thread);
	assert_int_equal(io_uring->sq_entries, 0);
	assert_int_equal(io_uring->registered_files, 1);
	assert_int_equal(io_uring->registered_buffers, 5);
	assert_int_equal(parsed->info.lock_count, 0);

	parse(parsed, INTRO_FD_KIND_IO_URING, COMMON); /* while it is in use */
	assert_null(parsed->info.io_uring);
	assert_refused(parsed, INTRO_FD_KIND_IO_URING, "SqMask:\t0x100000000\n");
	assert_refused(parsed, INTRO_FD_KIND_IO_URING, "SqMask:\t0x\n");
	assert_refused(parsed, INTRO_FD_KIND_IO_URING, "SqHead:\t4294967296\n");
	assert_refused(parsed, INTRO_FD_KIND_IO_URING, "UserFiles:\t1 2\n");
}

static void test_bpf_map(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_BPF,
	      COMMON
	      "map_type:\t27\nkey_size:\t4\nvalue_size:\t8\nmax_entries:\t10\n"
	      "map_flags:\t0x481\nmap_extra:\t0x0\nmemlock:\t1152\nmap_id:\t37\nfrozen:\t0\n");
	const struct intro_bpf *bpf = parsed->info.bpf;
	assert_non_null(bpf);
	assert_int_equal(bpf->what, INTRO_BPF_MAP);
	assert_int_equal(bpf->type, 27);
	assert_int_equal(bpf->key_size, 4);
	assert_int_equal(bpf->value_size, 8);
	assert_int_equal(bpf->max_entries, 10);
	assert_int_equal(bpf->flags, 0x481);
	assert_int_equal(bpf->memlock, 1152);
	assert_int_equal(bpf->id, 37);
	assert_refused(parsed, INTRO_FD_KIND_BPF, "map_type:\t4294967296\n");
	assert_refused(parsed, INTRO_FD_KIND_BPF, "map_flags:\tx\n");
}

static void test_bpf_others(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_BPF,
	      COMMON "prog_type:\t8\nprog_jited:\t1\nprog_tag:\t59f4a931744dcdc6\nmemlock:\t4096\n"
		     "prog_id:\t109\nrun_time_ns:\t0\nrun_cnt:\t0\n");
	const struct intro_bpf *bpf = parsed->info.bpf;
	assert_int_equal(bpf->what, INTRO_BPF_PROG);
	assert_int_equal(bpf->type, 8);
	assert_true(bpf->is_jited);
	assert_bytes(bpf->tag, "59f4a931744dcdc6", 16);
	assert_int_equal(bpf->id, 109);
	assert_int_equal(bpf->prog_id, 0);

	parse(parsed, INTRO_FD_KIND_BPF,
	      COMMON "link_type:\traw_tracepoint\nlink_id:\t91\nprog_tag:\t59f4a931744dcdc6\n"
		     "prog_id:\t112\ntp_name:\tsys_enter\ncookie:\t0\n");
	bpf = parsed->info.bpf;
	assert_int_equal(bpf->what, INTRO_BPF_LINK);
	assert_bytes(bpf->type_name, "raw_tracepoint", 14);
	assert_int_equal(bpf->id, 91);
	assert_int_equal(bpf->prog_id, 112);

	parse(parsed, INTRO_FD_KIND_BPF, COMMON "btf_id:\t14\n");
	assert_int_equal(parsed->info.bpf->what, INTRO_BPF_OTHER);
	assert_int_equal(parsed->info.bpf->id, 14);
	assert_null(parsed->info.bpf->tag.data);
	parse(parsed, INTRO_FD_KIND_BPF, COMMON);
	assert_null(parsed->info.bpf);
}

/* One store for texts of all kinds, in any order: nothing of one is left for the next. */
static void test_reuse(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_IO_URING, uring);
	parse(parsed, INTRO_FD_KIND_INOTIFY,
	      "inotify wd:1 ino:1 sdev:1 mask:1 fhandle-bytes:1 fhandle-type:1 f_handle:ff\n");
	parse(parsed, INTRO_FD_KIND_EPOLL, "tfd: 1 events: 1 data: 1\n");
	assert_null(parsed->info.io_uring);
	assert_null(parsed->info.watches);
	assert_int_equal(parsed->info.watch_count, 0);
	parse(parsed, INTRO_FD_KIND_INOTIFY,
	      "inotify wd:2 ino:1 sdev:1 mask:1 fhandle-bytes:2 fhandle-type:1 f_handle:eedd\n");
	assert_int_equal(parsed->info.watch_count, 1);
	assert_bytes(parsed->info.watches[0].handle, "\xee\xdd", 2);
	assert_int_equal(parsed->store.handles.len, 2);
	parse(parsed, INTRO_FD_KIND_IO_URING, "UserFiles:\t0\n");
	assert_int_equal(parsed->info.io_uring->sq_entries, 0);
	assert_int_equal(parsed->info.io_uring->registered_buffers, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FDINFO_TEST(test_epoll),      FDINFO_TEST(test_many_targets),
		FDINFO_TEST(test_bad_epoll),  FDINFO_TEST(test_inotify),
		FDINFO_TEST(test_fanotify),   FDINFO_TEST(test_bad_watches),
		FDINFO_TEST(test_io_uring),   FDINFO_TEST(test_bpf_map),
		FDINFO_TEST(test_bpf_others), FDINFO_TEST(test_reuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
