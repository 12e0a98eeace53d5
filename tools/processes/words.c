/* Lists as users write them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "processes/words.h"

#define SEPARATORS ", \t\n"

static void make_room(struct arena *arena, struct words *words, size_t more)
{
	const char **items = arena_alloc(arena, (words->count + more) * sizeof(*items));

	if (words->count)
		memcpy(items, words->items, words->count * sizeof(*items));
	words->items = items;
}

void words_split(struct arena *arena, struct words *words, const char *list)
{
	const char *p = list;

	make_room(arena, words, strlen(list) / 2 + 1);
	while (*(p += strspn(p, SEPARATORS))) {
		size_t len = strcspn(p, SEPARATORS);

		words->items[words->count++] = arena_copy(arena, p, len);
		p += len;
	}
}

void words_add(struct arena *arena, struct words *words, const char *word)
{
	make_room(arena, words, 1);
	words->items[words->count++] = word;
}

bool words_number(const char *text, char **end, long least, pid_t *ret)
{
	long number;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtol(text, end, 10);
	if (errno || number < least || number > INT32_MAX)
		return false;
	*ret = (pid_t)number;
	return true;
}
