/* /proc/PID/syscall. */
#include "fuzz/fuzz.h"

#include <inttypes.h>

#include "proc/parse.h"

/* As the kernel writes it; returns the length. */
static size_t write_again(const struct intro_syscall *call, char *text, size_t size)
{
	if (call->state == INTRO_SYSCALL_RUNNING)
		return (size_t)snprintf(text, size, "running\n");

	size_t len = (size_t)snprintf(text, size, "%" PRId64, call->number);
	for (int i = 0; call->state == INTRO_SYSCALL_INSIDE && i < 6; i++)
		len += (size_t)snprintf(text + len, size - len, " 0x%" PRIx64, call->args[i]);
	len += (size_t)snprintf(text + len, size - len, " 0x%" PRIx64 " 0x%" PRIx64 "\n", call->sp,
				call->pc);
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_syscall, call);
	int r = intro_parse_syscall((const char *)data, size, &call);
	char text[256], again[256];

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(call);
		return 0;
	}
	size_t len = write_again(&call, text, sizeof(text));
	REQUIRE(!intro_parse_syscall(text, len, &call));
	REQUIRE(write_again(&call, again, sizeof(again)) == len && !memcmp(text, again, len));
	return 0;
}
