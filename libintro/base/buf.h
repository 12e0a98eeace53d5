/* A growing text buffer. Zero-initialized is empty. */
#ifndef INTRO_BASE_BUF_H
#define INTRO_BASE_BUF_H

#include <stddef.h>

#include <intro/macros.h>

struct intro_buf {
	char *data; /* terminated whenever not NULL */
	size_t len, size;
};

/* Makes room for `more` bytes (and a NUL) past the end. 0 or INTRO_E_NOMEM. */
INTRO_NODISCARD int intro_buf_reserve(struct intro_buf *buf, size_t more);
INTRO_NODISCARD int intro_buf_append(struct intro_buf *buf, const char *data, size_t len);
void intro_buf_free(struct intro_buf *buf);

#endif
