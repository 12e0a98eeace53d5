/*
 * Compiles only if the system calls of i386 have the numbers that the system's header gives them.
 * Holds no code. Calls that are younger than the header pass: constants_check.c says how.
 */
#if __has_include(<asm/unistd_32.h>)
#include <asm/unistd_32.h>
#endif

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define NAME(value, name) number_##value = (value), number___NR_##name = (value),
enum {
#include "names/syscall_i386.def"
};
#undef NAME

#define NAME(value, name) _Static_assert(PASTE(number_, __NR_##name) == (value), #name);
#include "names/syscall_i386.def"
