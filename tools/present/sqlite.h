/*
 * SQLite, loaded when the first filter is made: linking it would add a quarter of a millisecond to
 * the start of every tool, and most runs have no filter. Its functions are called as
 * sqlite.step(...), as far as they are listed here.
 */
#ifndef PRESENT_SQLITE_H
#define PRESENT_SQLITE_H

#include <sqlite3.h>

#define SQLITE_FUNCTIONS(X)                                                                        \
	X(bind_parameter_count)                                                                    \
	X(close)                                                                                   \
	X(create_function_v2)                                                                      \
	X(create_module)                                                                           \
	X(db_config)                                                                               \
	X(declare_vtab)                                                                            \
	X(errmsg)                                                                                  \
	X(error_offset)                                                                            \
	X(errstr)                                                                                  \
	X(exec)                                                                                    \
	X(finalize)                                                                                \
	X(free)                                                                                    \
	X(limit)                                                                                   \
	X(malloc64)                                                                                \
	X(mprintf)                                                                                 \
	X(open_v2)                                                                                 \
	X(prepare_v2)                                                                              \
	X(progress_handler)                                                                        \
	X(reset)                                                                                   \
	X(result_double)                                                                           \
	X(result_error)                                                                            \
	X(result_error_nomem)                                                                      \
	X(result_int)                                                                              \
	X(result_int64)                                                                            \
	X(result_text64)                                                                           \
	X(set_authorizer)                                                                          \
	X(step)                                                                                    \
	X(str_appendall)                                                                           \
	X(str_appendf)                                                                             \
	X(str_finish)                                                                              \
	X(str_new)                                                                                 \
	X(user_data)                                                                               \
	X(value_bytes)                                                                             \
	X(value_text)

struct sqlite_functions {
#define SQLITE_MEMBER(name) __typeof__(sqlite3_##name) *name;
	SQLITE_FUNCTIONS(SQLITE_MEMBER)
#undef SQLITE_MEMBER
};

extern struct sqlite_functions sqlite;

/* Loads it, if that has not been done. 0, or an exit status after a message. */
int sqlite_load(void);

#endif
