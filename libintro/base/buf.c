/* The growing text buffer: doubles, and is terminated at all times. */
#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <intro/error.h>

#define SMALLEST 256

int intro_buf_reserve(struct intro_buf *buf, size_t more)
{
	if (more >= SIZE_MAX / 2 || buf->len >= SIZE_MAX / 2 - more)
		return INTRO_E_NOMEM;
	size_t need = buf->len + more + 1;
	if (need <= buf->size)
		return 0;

	size_t size = buf->size < SMALLEST ? SMALLEST : buf->size;
	while (size < need)
		size *= 2; /* need is below SIZE_MAX / 2: no overflow */
	char *data = realloc(buf->data, size);
	if (!data)
		return INTRO_E_NOMEM;
	data[buf->len] = '\0';
	buf->data = data;
	buf->size = size;
	return 0;
}

int intro_buf_append(struct intro_buf *buf, const char *data, size_t len)
{
	int r = intro_buf_reserve(buf, len);
	if (r < 0)
		return r;
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return 0;
}

void intro_buf_free(struct intro_buf *buf)
{
	free(buf->data);
	*buf = (struct intro_buf){0};
}
