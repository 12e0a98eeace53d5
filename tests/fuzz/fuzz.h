/* What the fuzzers share. A property that does not hold ends the program, as a crash would. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <intro/error.h>
#include <intro/task.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* Bytes that a parser returned lie within its input. */
static inline void require_inside(struct intro_bytes bytes, const uint8_t *data, size_t size)
{
	const char *begin = (const char *)data;

	REQUIRE(bytes.len == 0 || (bytes.data >= begin && bytes.data < begin + size &&
				   bytes.len <= size - (size_t)(bytes.data - begin)));
}

/* Remembers how a result looked before, to see that a failure left it alone. */
#define FILLED(type, name)                                                                         \
	type name, name##_before;                                                                  \
	memset(&name, 0x55, sizeof(name));                                                         \
	memset(&name##_before, 0x55, sizeof(name##_before))
#define REQUIRE_UNTOUCHED(name) REQUIRE(!memcmp(&name, &name##_before, sizeof(name)))

#endif
