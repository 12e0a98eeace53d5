/*
 * /proc/PID/syscall, one of
 *   running
 *   -1 0x7ffdb51ca498 0x7f7d216fa2ad
 *   0 0x3 0x7f7d21580000 0x20000 0x0 0x0 0x0 0x7ffdb51ca498 0x7f7d216fa2ad
 * The number of the system call, its six arguments, the stack pointer, the program counter; no
 * arguments where the task waits outside of any call.
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

/* " 0x7f7d" */
static bool take_word(const char **p, const char *end, uint64_t *ret)
{
	return INTRO_TAKE_LITERAL(p, end, " 0x") && intro_take_hex(p, end, ret);
}

int intro_parse_syscall(const char *text, size_t len, struct intro_syscall *ret)
{
	const char *p = text, *end = text + len;
	enum intro_syscall_state state = INTRO_SYSCALL_RUNNING;
	uint64_t args[6] = {0}, sp = 0, pc = 0;
	int64_t number = -1;

	if (!INTRO_TAKE_LITERAL(&p, end, "running")) {
		if (!intro_take_i64(&p, end, &number))
			return INTRO_E_FORMAT;
		state = number == -1 ? INTRO_SYSCALL_OUTSIDE : INTRO_SYSCALL_INSIDE;
		for (int i = 0; state == INTRO_SYSCALL_INSIDE && i < 6; i++) {
			if (!take_word(&p, end, &args[i]))
				return INTRO_E_FORMAT;
		}
		if (!take_word(&p, end, &sp) || !take_word(&p, end, &pc))
			return INTRO_E_FORMAT;
	}
	if (!intro_at_end(p, end))
		return INTRO_E_FORMAT;
	ret->state = state;
	ret->number = number;
	memcpy(ret->args, args, sizeof(args));
	ret->sp = sp;
	ret->pc = pc;
	return 0;
}
