/* The columns of intro fd: tables by subject, and what their getters share. */
#ifndef FD_COLUMNS_H
#define FD_COLUMNS_H

#include "fd_row.h"

/* A getter that gives `expression` (over `fd`) where `condition` holds, else null. */
#define FD_FIELD_IF(name, condition, expression)                                                   \
	static void get_##name(const void *row, struct arena *arena, struct value *ret)            \
	{                                                                                          \
		const struct intro_fd *fd = fd_of(row);                                            \
                                                                                                   \
		(void)fd;                                                                          \
		(void)arena;                                                                       \
		*ret = (condition) ? (expression) : value_null();                                  \
	}

/* The same of a part of the record. */
#define FD_STAT(name, expression) FD_FIELD_IF(name, fd->stat, expression)
#define FD_INFO(name, bit, expression)                                                             \
	FD_FIELD_IF(name, fd->info && (fd->info->have & INTRO_FDINFO_##bit), expression)

static inline struct value fd_value_bytes(struct intro_bytes bytes)
{
	return bytes.data ? value_bytes(bytes.data, bytes.len) : value_null();
}

/* "epoll"; where a value has no name, the number as text. */
struct value fd_value_name(enum intro_names names, uint64_t number, struct arena *arena);
/* "8:1" */
struct value fd_value_device(uint32_t major, uint32_t minor, struct arena *arena);

/* An object with room for so many members. */
struct fd_object {
	struct member *members;
	size_t count, most;
};
struct fd_object fd_object_new(struct arena *arena, size_t most);
void fd_object_put(struct fd_object *object, const char *key, struct value value);
struct value fd_object_value(const struct fd_object *object);

/* A list of so many values, or objects, to be filled. */
struct value fd_list_new(struct arena *arena, size_t count, struct value **items);
struct value fd_objects_new(struct arena *arena, size_t count, struct value **items);

/* fd_columns_socket.c: words of a socket; null where they are not known. */
struct value fd_socket_protocol(const struct intro_socket *socket, struct arena *arena);
struct value fd_socket_state(const struct intro_socket *socket, struct arena *arena);
struct value fd_socket_address(const struct intro_socket *socket,
			       const struct intro_socket_address *address, struct arena *arena);
/* Of a UNIX listener the inodes of those that wait to be accepted. */
struct value fd_socket_pending(const struct intro_socket *socket, struct arena *arena);

/* fd_detail.c: one text for people. */
#define FD_NEED_DETAIL                                                                             \
	(FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(DETAILS) | FD_NEED(SOCKET) | FD_NEED(TARGETS))
void fd_get_detail(const void *row, struct arena *arena, struct value *ret);

/* The tables, one a subject; fd_columns.c joins them in this order. */
struct fd_column_group {
	const struct column *columns;
	size_t count;
};
extern const struct fd_column_group fd_columns_process, fd_columns_descriptor, fd_columns_file,
	fd_columns_sharing, fd_columns_socket, fd_columns_kinds;

/* All columns, and the views of the tool. */
const struct column *fd_columns(size_t *count);
extern const struct view fd_views[];
extern const size_t fd_view_count;

#define FD_GROUP(name, table)                                                                      \
	const struct fd_column_group fd_columns_##name = {table, sizeof(table) / sizeof((table)[0])}

#endif
