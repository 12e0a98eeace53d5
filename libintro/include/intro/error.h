/*
 * Errors: what every function of libintro returns, and where the details are.
 *
 * Functions return an int: 0 for done, 1 for "here is an item", negative for one of the codes
 * below. The details of the last failure (errno, process, path, line, offset and one sentence)
 * sit in the session until its next call; nothing has to be freed.
 */
#ifndef INTRO_ERROR_H
#define INTRO_ERROR_H

#include <stdint.h>
#include <sys/types.h>

#include <intro/macros.h>

INTRO_BEGIN_DECLS

struct intro;

enum intro_code {
	INTRO_E_NOMEM = -1,        /* out of memory */
	INTRO_E_INVALID = -2,      /* the caller passed something that makes no sense */
	INTRO_E_GONE = -3,         /* the process or thread has ended */
	INTRO_E_DENIED = -4,       /* the kernel refused: EACCES or EPERM */
	INTRO_E_OS = -5,           /* any other error of the operating system */
	INTRO_E_FORMAT = -6,       /* the input is not in the form that it should have */
	INTRO_E_LIMIT = -7,        /* a bound was passed: a number too large, a text too long */
	INTRO_E_ABSENT = -8,       /* there is no such thing */
	INTRO_E_BUSY = -9,         /* somebody else holds it */
	INTRO_E_STATE = -10,       /* not possible in this state */
	INTRO_E_FAULT = -11,       /* an address of the target could not be read or written */
	INTRO_E_UNSUPPORTED = -12, /* this kernel, CPU or captured tree does not offer it */
};

struct intro_error {
	int code;         /* an INTRO_E_*, 0 if nothing has failed yet */
	int os_errno;     /* errno of the failed call, 0 if none was involved */
	pid_t pid;        /* the process it was about, 0 if none */
	uint64_t line;    /* 1-based line in the input, 0 if unknown */
	uint64_t offset;  /* byte offset in the input */
	const char *path; /* the file, below the session's procfs or sysroot; "" if none */
	const char *text; /* one sentence without a full stop, fit for a user; "" if none */
};

/* The last failure of this session. Never NULL; borrowed until the next call on the session. */
INTRO_API const struct intro_error *intro_last_error(const struct intro *session);

/* A short English text for a code: "process has ended". Never NULL. */
INTRO_API const char *intro_code_text(int code);

INTRO_END_DECLS

#endif
