/*
 * Names of drivers by major number, from /proc/devices:
 *   Character devices:
 *     1 mem
 *   136 pts
 *
 *   Block devices:
 *   254 virtblk
 */
#include "base/devices.h"

#include <stdlib.h>
#include <string.h>

#include <intro/fd.h>

#include "base/number.h"

#define DEVICES_LIMIT (1u << 20)

struct device {
	uint32_t major;
	bool is_block;
	const char *name; /* in the text */
};

struct intro_devices {
	struct intro_buf text;
	struct device *devices;
	size_t count, size;
};

void intro_devices_free(struct intro_devices *devices)
{
	if (!devices)
		return;
	intro_buf_free(&devices->text);
	free(devices->devices);
	free(devices);
}

static void add_device(struct intro_devices *all, const struct device *device)
{
	if (all->count == all->size) {
		size_t size = all->size ? all->size * 2 : 64;
		struct device *devices = realloc(all->devices, size * sizeof(*devices));

		if (!devices)
			return; /* it is then without a name */
		all->devices = devices;
		all->size = size;
	}
	all->devices[all->count++] = *device;
}

/* "  1 mem", terminated in place of its newline. */
static bool parse_device(const char *p, const char *end, struct device *device)
{
	uint64_t major;

	while (p < end && *p == ' ')
		p++;
	if (!intro_take_u64(&p, end, &major) || major > UINT32_MAX || p == end || *p++ != ' ' ||
	    p == end)
		return false;
	device->major = (uint32_t)major;
	device->name = p;
	return true;
}

static void parse_devices(struct intro_devices *all)
{
	char *line = all->text.data, *end = line + all->text.len, *newline;
	struct device device = {.is_block = false};

	for (; line < end; line = newline + 1) {
		newline = memchr(line, '\n', (size_t)(end - line));
		if (!newline)
			newline = end;
		*newline = '\0';
		if (strcmp(line, "Block devices:") == 0)
			device.is_block = true;
		else if (parse_device(line, newline, &device))
			add_device(all, &device);
	}
}

static struct intro_devices *read_devices(struct intro *session)
{
	struct intro_devices *all = calloc(1, sizeof(*all));

	if (all &&
	    intro_read_file(session, session->proc_fd, "devices", DEVICES_LIMIT, &all->text) == 0)
		parse_devices(all);
	return all;
}

const char *intro_driver_name(struct intro *session, bool is_block, uint32_t major)
{
	const struct intro_devices *all;

	if (!session->devices)
		session->devices = read_devices(session);
	all = session->devices;
	for (size_t i = 0; all && i < all->count; i++)
		if (all->devices[i].is_block == is_block && all->devices[i].major == major)
			return all->devices[i].name;
	return NULL;
}
