/*
 * intro: finds a tool and becomes it. `intro ps ARGS` is `intro-ps ARGS`, from the directory that
 * this program is in, else from the one that it was called by, else from PATH.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "present/suggest.h"
#include "present/version.h"

enum { STATUS_OK = 0, STATUS_USAGE = 2, STATUS_FATAL = 3 };

struct tool {
	const char *name, *summary;
};

static const struct tool tools[] = {
	{"ps", "processes and threads: ids, states, scheduling, signals, memory, namespaces"},
	{"fd", "descriptors: files, pipes, sockets and the rest, and their other ends"},
};

enum { TOOL_COUNT = sizeof(tools) / sizeof(tools[0]), LONGEST_NAME = 32 };

/* Part of a file name: no slash can lead elsewhere, and no control byte reach a terminal. */
static bool is_tool_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len <= LONGEST_NAME && name[len] == '\0' && name[0] != '-';
}

static int usage_error(void)
{
	fputs("intro: try 'intro --help'\n", stderr);
	return STATUS_USAGE;
}

static int unknown_tool(const char *name)
{
	struct suggestion suggestion = suggest_for(name, strlen(name));

	if (!is_tool_name(name)) {
		fputs("intro: that is not the name of a tool\n", stderr);
		return usage_error();
	}
	for (size_t i = 0; i < TOOL_COUNT; i++)
		suggest_offer(&suggestion, tools[i].name);
	if (suggestion.best != NULL)
		fprintf(stderr, "intro: unknown tool '%s' (did you mean '%s'?)\n", name,
			suggestion.best);
	else
		fprintf(stderr, "intro: unknown tool '%s'\n", name);
	return usage_error();
}

/* Becomes DIRECTORY/intro-TOOL, where the directory is what `path` has before its last slash. */
static void try_beside(const char *path, size_t path_len, const char *program, char **argv)
{
	const char *slash = memrchr(path, '/', path_len);
	char beside[PATH_MAX];

	if (slash == NULL)
		return;
	int len = snprintf(beside, sizeof(beside), "%.*s/%s", (int)(slash - path), path, program);

	if (len > 0 && (size_t)len < sizeof(beside))
		execv(beside, argv);
}

/* Returns only if it fails, with the exit status. */
static int become(const char *self, const char *tool, char **argv)
{
	char program[sizeof("intro-") + LONGEST_NAME];
	char path[PATH_MAX];

	if (!is_tool_name(tool))
		return unknown_tool(tool);
	snprintf(program, sizeof(program), "intro-%s", tool);
	argv[0] = program;

	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	if (len > 0 && (size_t)len < sizeof(path))
		try_beside(path, (size_t)len, program, argv);
	if (self != NULL)
		try_beside(self, strlen(self), program, argv);
	execvp(program, argv);

	int reason = errno;

	for (size_t i = 0; i < TOOL_COUNT; i++) {
		if (strcmp(tools[i].name, tool) == 0) {
			fprintf(stderr, "intro: cannot run %s: %s\n", program, strerror(reason));
			return STATUS_FATAL;
		}
	}
	return unknown_tool(tool);
}

/* What stdio has not been able to write is told only here. */
static int finish(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return STATUS_OK;
	if (errno != EPIPE)
		fprintf(stderr, "intro: cannot write output: %s\n", strerror(errno));
	return STATUS_FATAL;
}

static int help(void)
{
	puts("Usage: intro TOOL [ARGUMENT]...\n"
	     "Looks into a running Linux system.\n"
	     "\n"
	     "Tools:");
	for (size_t i = 0; i < TOOL_COUNT; i++)
		printf("  %-10s%s\n", tools[i].name, tools[i].summary);
	puts("\n"
	     "'intro help TOOL' tells of a tool; 'intro --version' shows the version.");
	return finish();
}

static int version(void)
{
	puts("intro " INTRO_VERSION);
	return finish();
}

static int help_of(const char *self, const char *tool)
{
	char *argv[] = {NULL, (char[]){"--help"}, NULL};

	return become(self, tool, argv);
}

static bool is_one_of(const char *text, const char *a, const char *b, const char *c)
{
	return strcmp(text, a) == 0 || strcmp(text, b) == 0 || strcmp(text, c) == 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return help();
	const char *first = argv[1];

	if (is_one_of(first, "help", "--help", "-h"))
		return argc > 2 ? help_of(argv[0], argv[2]) : help();
	if (is_one_of(first, "version", "--version", "-V"))
		return version();
	if (first[0] == '-') {
		fputs("intro: unknown option\n", stderr);
		return usage_error();
	}
	return become(argv[0], first, argv + 1);
}
