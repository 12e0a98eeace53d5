/* All columns of intro fd in one table, and the views that choose among them. */
#include <string.h>

#include "fd_columns.h"

enum { MOST_COLUMNS = 128 };

const struct column *fd_columns(size_t *count)
{
	static const struct fd_column_group *const groups[] = {
		&fd_columns_process, &fd_columns_descriptor, &fd_columns_file,
		&fd_columns_sharing, &fd_columns_socket,     &fd_columns_kinds,
	};
	static struct column all[MOST_COLUMNS];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (n + groups[i]->count > MOST_COLUMNS)
			break; /* a test counts them */
		memcpy(all + n, groups[i]->columns, groups[i]->count * sizeof(all[0]));
		n += groups[i]->count;
	}
	*count = n;
	return all;
}

struct value fd_value_name(enum intro_names names, uint64_t number, struct arena *arena)
{
	const char *name = intro_name(names, number);

	if (!name)
		name = arena_printf(arena, "%llu", (unsigned long long)number);
	return value_string(name);
}

static char *put_number(char *end, uint32_t number)
{
	do
		*--end = (char)('0' + number % 10);
	while (number /= 10);
	return end;
}

/* By hand: every row has one, and printf would take longer than reading the file. */
struct value fd_value_device(uint32_t major, uint32_t minor, struct arena *arena)
{
	enum { LONGEST = sizeof("4294967295:4294967295") };
	char *text = arena_alloc(arena, LONGEST), *end = text + LONGEST, *start;

	start = put_number(end, minor);
	*--start = ':';
	start = put_number(start, major);
	return value_bytes(start, (size_t)(end - start));
}

struct fd_object fd_object_new(struct arena *arena, size_t most)
{
	return (struct fd_object){arena_alloc(arena, most * sizeof(struct member)), 0, most};
}

void fd_object_put(struct fd_object *object, const char *key, struct value value)
{
	if (object->count < object->most)
		object->members[object->count++] = (struct member){key, value};
}

struct value fd_object_value(const struct fd_object *object)
{
	return (struct value){.kind = VALUE_OBJECT, .object = {object->members, object->count}};
}

struct value fd_list_new(struct arena *arena, size_t count, struct value **items)
{
	*items = arena_alloc(arena, (count + 1) * sizeof(**items));
	return (struct value){.kind = VALUE_LIST, .list = {*items, count, false, 0}};
}

struct value fd_objects_new(struct arena *arena, size_t count, struct value **items)
{
	struct value list = fd_list_new(arena, count, items);

	list.list.has_objects = true;
	return list;
}

const struct view fd_views[] = {
	{"default", "pid,comm,fd,access,kind,detail,peer",
	 "what is open, and who is at the other end",
	 "pid,comm,user,fd,slot,kind,access,flags,cloexec,offset,dev,ino,size,nlink,name,deleted,"
	 "mount_id,rdev,driver,ofd,shared_with,peers,locks,socket,epoll,eventfd,timerfd,signalfd,"
	 "inotify,fanotify,pidfd,pipe,memfd,io_uring,bpf,userfaultfd"},
	{"files", "pid,comm,fd,access,flags,offset,size,dev,ino,nlink,detail",
	 "positions, sizes, inodes", NULL},
	{"sharing", "pid,comm,fd,access,kind,ofd,sharers,detail",
	 "which descriptors share one open file description", NULL},
	{"sockets",
	 "pid,comm,fd,kind,protocol,state,recv_q,send_q,accept_queue,backlog,local,remote,peer",
	 "sockets: state, queues, addresses", NULL},
	{"locks", "pid,comm,fd,access,lock,detail", "file locks and who waits for them", NULL},
	{"mounts", "pid,comm,fd,slot,dev,mount_id,deleted,name", "what keeps a file system busy",
	 NULL},
	{"limits", "pid,comm,user,fd,kind,fd_count,fd_limit,detail",
	 "number of descriptors against RLIMIT_NOFILE", NULL},
	{"full",
	 "pid,comm,user,fd,access,kind,flags,cloexec,offset,size,dev,ino,nlink,ofd,sharers,detail,"
	 "peer",
	 "most of what one asks for, on a wide terminal", NULL},
};
const size_t fd_view_count = sizeof(fd_views) / sizeof(fd_views[0]);
