/* The floor of asking for one process: a program that starts, reads PID 1's stat and ends. */
#include "limit.h"

int main(void)
{
	char buf[4096];

	return limit_done(limit_read(AT_FDCWD, "/proc/1/stat", buf, sizeof(buf)));
}
