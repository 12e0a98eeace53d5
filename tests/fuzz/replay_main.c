/*
 * Runs a fuzzer over stored inputs, without libFuzzer: every file that is named, or that is in a
 * directory that is named, and every beginning of it. Part of the normal tests.
 */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#define LONGEST_CUT 4096 /* longer inputs are not cut at every byte beyond this */

/* A copy without a byte to spare, so that the address sanitizer sees what is read past its end. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	REQUIRE(copy);
	if (len)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(len ? copy : copy + 1, len);
	free(copy);
}

static void fail(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	exit(1);
}

static void replay_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size + 1);
	FILE *file = fopen(path, "rb");

	if (!data || !file)
		fail(path);
	size_t len = fread(data, 1, size, file);
	if (ferror(file))
		fail(path);
	fclose(file);
	for (size_t cut = 0; cut < len && cut < LONGEST_CUT; cut++)
		run(data, cut);
	run(data, len);
	free(data);
}

/* Returns how many files there were. */
static unsigned replay(const char *path)
{
	struct stat info;
	unsigned count = 0;

	if (stat(path, &info) < 0)
		fail(path);
	if (!S_ISDIR(info.st_mode)) {
		replay_file(path, (size_t)info.st_size);
		return 1;
	}

	DIR *dir = opendir(path);
	struct dirent *entry;
	if (!dir)
		fail(path);
	while ((entry = readdir(dir))) {
		char *below;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0)
			fail(path);
		count += replay(below);
		free(below);
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("%u inputs\n", count);
	if (!count)
		fprintf(stderr, "%s: there is nothing to replay\n", argv[0]);
	return !count;
}
