/* The same with the fdinfo of each. */
#include "limit_fds.h"

int main(void)
{
	return limit_fds(1);
}
