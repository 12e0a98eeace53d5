/*
 * Compiles only if the names have the values that the system's headers give them. Holds no code.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#define TEXT(value, text)
#define ALIAS_TEXT(value, text)

/* The headers of every system that this builds on have all of these. */
#define NAME(value, name) _Static_assert((name) == (value), #name);
#define ALIAS(value, name) NAME(value, name)
#define BIT(value, name) NAME(value, name)
#include "names/capability.def"
#include "names/errno.def"
#include "names/namespace.def"
#include "names/rlimit.def"
#include "names/sched_flag.def"
#include "names/signal.def"
#undef NAME
#undef ALIAS

_Static_assert(CAP_LAST_CAP <= 63, "a capability set is one word");

/*
 * Some headers lack the newest of these. A name that is no macro there stays a name when it is
 * pasted below, and is declared with our own value; one that is a macro becomes its number, and
 * the numbers are declared as themselves.
 */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define NAME(value, name) policy_is_##value = (value), policy_is_##name = (value),
#define ALIAS(value, name) policy_is_##name = (value),
enum {
#include "names/policy.def"
};
#undef NAME
#undef ALIAS

#define NAME(value, name) _Static_assert(PASTE(policy_is_, name) == (value), #name);
#define ALIAS(value, name) NAME(value, name)
#include "names/policy.def"
