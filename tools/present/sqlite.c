/* SQLite, loaded when it is wanted. */
#include "present/sqlite.h"

#include <dlfcn.h>
#include <stddef.h>

#include "present/listing.h"
#include "present/message.h"

#define SONAME "libsqlite3.so.0"

struct sqlite_functions sqlite;

static const struct {
	const char *name;
	size_t offset; /* in struct sqlite_functions */
} functions[] = {
#define SQLITE_ROW_OF(name) {"sqlite3_" #name, offsetof(struct sqlite_functions, name)},
	SQLITE_FUNCTIONS(SQLITE_ROW_OF)
#undef SQLITE_ROW_OF
};

static int fail(void)
{
	const char *why = dlerror();

	message("cannot load SQLite, which filters need: %s", why != NULL ? why : SONAME);
	return EXIT_FATAL;
}

int sqlite_load(void)
{
	struct sqlite_functions found = {0};
	void *handle;

	if (sqlite.open_v2 != NULL)
		return 0;
	handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL)
		return fail();
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *address = dlsym(handle, functions[i].name);

		if (address == NULL)
			return fail();
		*(void **)((char *)&found + functions[i].offset) = address;
	}
	sqlite = found;
	return 0;
}
