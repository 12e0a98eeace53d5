/*
 * A mask of CPUs as a list of ranges, the way that the kernel writes them: "0-3,8".
 */
#include "proc/parse.h"

#include "base/bounded.h"

/* The kernel's masks are made of longs, each with CPU 0 in its lowest bit. */
static bool has_cpu(const unsigned char *mask, size_t cpu)
{
	size_t byte = cpu / 8;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	byte ^= sizeof(long) - 1;
#endif
	return mask[byte] >> (cpu % 8) & 1;
}

size_t intro_format_cpu_list(const void *mask, size_t size, char *buf, size_t buf_size)
{
	struct intro_bounded out = {.buf = buf, .size = buf_size};
	size_t count = size * 8;

	for (size_t cpu = 0; cpu < count; cpu++) {
		if (!has_cpu(mask, cpu))
			continue;
		size_t last = cpu;
		while (last + 1 < count && has_cpu(mask, last + 1))
			last++;
		if (out.len)
			intro_bounded_char(&out, ',');
		intro_bounded_number(&out, cpu, 10);
		if (last > cpu) {
			intro_bounded_char(&out, '-');
			intro_bounded_number(&out, last, 10);
		}
		cpu = last;
	}
	return intro_bounded_end(&out);
}
