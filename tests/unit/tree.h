/* Makes a captured tree in a temporary directory, a session on it, and takes both away again. */
#ifndef TREE_H
#define TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <intro/intro.h>

struct tree {
	char directory[64];
	struct intro *session;
};

/* The path of a file in the tree; good for the next call but one. */
static inline const char *tree_path(const struct tree *tree, const char *name)
{
	static char paths[2][512];
	static unsigned next;
	char *path = paths[next++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%s", tree->directory, name);
	return path;
}

static inline void tree_make_parents(const char *path)
{
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			fail_msg("mkdir %s", copy);
		*slash = '/';
	}
}

static inline void tree_write(const struct tree *tree, const char *name, const void *data,
			      size_t len)
{
	const char *path = tree_path(tree, name);
	FILE *file;

	tree_make_parents(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static inline void tree_text(const struct tree *tree, const char *name, const char *text)
{
	tree_write(tree, name, text, strlen(text));
}

static inline void tree_link(const struct tree *tree, const char *name, const char *target)
{
	const char *path = tree_path(tree, name);

	tree_make_parents(path);
	assert_int_equal(symlink(target, path), 0);
}

/* A stat file: "S", parent, group, session, and what may matter besides. */
static inline void tree_stat(const struct tree *tree, const char *name, int pid, char state,
			     int parent, int group, int session)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "%d (p%d) %c %d %d %d 0 -1 0 1 0 2 0 30 40 0 0 20 0 1 0 500 4096 7 "
		 "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		 pid, pid, state, parent, group, session);
	tree_text(tree, name, text);
}

static inline void tree_process(const struct tree *tree, int pid, char state, int parent, int group,
				int session)
{
	char name[64];

	snprintf(name, sizeof(name), "%d/stat", pid);
	tree_stat(tree, name, pid, state, parent, group, session);
}

static inline void tree_open(struct tree *tree, const char *sysroot)
{
	struct intro_open_options options = {
		.size = sizeof(options), .procfs = tree->directory, .sysroot = sysroot};

	assert_int_equal(intro_open(&options, &tree->session), 0);
}

static inline int tree_setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -1;
	strcpy(tree->directory, "/tmp/intro-tree-XXXXXX");
	if (!mkdtemp(tree->directory)) {
		free(tree);
		return -1;
	}
	*state = tree;
	return 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline int tree_teardown(void **state)
{
	struct tree *tree = *state;

	intro_close(tree->session);
	nftw(tree->directory, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(tree);
	return 0;
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

#endif
