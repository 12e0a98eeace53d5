/* readlink and lstat of every descriptor, and stat of those that name a file. */
#include "limit_fds.h"

int main(void)
{
	return limit_fds(0);
}
