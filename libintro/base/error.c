/* The last error of a session, and what the codes mean in words. */
#include <errno.h>
#include <stdio.h>

#include "base/base.h"

const struct intro_error *intro_last_error(const struct intro *session)
{
	return &session->error;
}

const char *intro_code_text(int code)
{
	switch (code) {
	case INTRO_E_NOMEM:
		return "out of memory";
	case INTRO_E_INVALID:
		return "invalid argument";
	case INTRO_E_GONE:
		return "process has ended";
	case INTRO_E_DENIED:
		return "permission denied";
	case INTRO_E_OS:
		return "operating system error";
	case INTRO_E_FORMAT:
		return "unexpected form";
	case INTRO_E_LIMIT:
		return "limit exceeded";
	case INTRO_E_ABSENT:
		return "no such thing";
	case INTRO_E_BUSY:
		return "in use by somebody else";
	case INTRO_E_STATE:
		return "not possible in this state";
	case INTRO_E_FAULT:
		return "bad address in the target";
	case INTRO_E_UNSUPPORTED:
		return "not supported here";
	default:
		return code >= 0 ? "no error" : "unknown error";
	}
}

int intro_code_of_errno(int os_errno)
{
	switch (os_errno) {
	case ESRCH:
	case ENOENT:
		return INTRO_E_GONE;
	case EACCES:
	case EPERM:
		return INTRO_E_DENIED;
	case ENOMEM:
		return INTRO_E_NOMEM;
	default:
		return INTRO_E_OS;
	}
}

int intro_fail(struct intro *session, int code, int os_errno, pid_t pid, const char *path,
	       const char *format, ...)
{
	struct intro_error *error = &session->error;

	*error = (struct intro_error){.code = code, .os_errno = os_errno, .pid = pid};
	snprintf(session->error_path, sizeof(session->error_path), "%s", path ? path : "");
	error->path = session->error_path;
	session->error_text[0] = '\0';
	if (format) {
		va_list args;

		va_start(args, format);
		vsnprintf(session->error_text, sizeof(session->error_text), format, args);
		va_end(args);
	}
	error->text = session->error_text;
	return code;
}
