/* Names of terminals by device number, from the table of drivers in /proc/tty/drivers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/tty.h"

#define DRIVERS_LIMIT (1u << 20)
#define PTS_MAJOR 136
#define VIRTUAL_CONSOLE_MAJOR 4
#define FIRST_SERIAL_MINOR 64 /* below it, major 4 is tty1 ... tty63 */

struct driver {
	char name[32]; /* without "/dev/" */
	uint32_t major, first_minor, last_minor;
	bool numbered; /* false: "console", one device that is called just so */
};

struct intro_tty_drivers {
	struct driver *drivers;
	size_t count, size;
};

void intro_tty_drivers_free(struct intro_tty_drivers *drivers)
{
	if (!drivers)
		return;
	free(drivers->drivers);
	free(drivers);
}

static const char *skip_spaces(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static const char *skip_word(const char *p, const char *end)
{
	while (p < end && *p != ' ')
		p++;
	return p;
}

/*
 * "serial               /dev/ttyS       4 64-95 serial"
 * "/dev/console         /dev/console    5       1 system:console"
 */
static bool parse_driver(const char *p, const char *end, struct driver *ret)
{
	uint64_t major, first, last;
	const char *name;
	size_t len;

	name = skip_spaces(skip_word(p, end), end);
	p = skip_word(name, end);
	if (p - name > 5 && !memcmp(name, "/dev/", 5))
		name += 5;
	len = (size_t)(p - name);
	if (len == 0 || len >= sizeof(ret->name))
		return false;
	p = skip_spaces(p, end);
	if (!intro_take_u64(&p, end, &major))
		return false;
	p = skip_spaces(p, end);
	if (!intro_take_u64(&p, end, &first))
		return false;
	last = first;
	if (p < end && *p == '-' && (p++, !intro_take_u64(&p, end, &last)))
		return false;
	if (major > UINT32_MAX || first > UINT32_MAX || last > UINT32_MAX)
		return false;
	memcpy(ret->name, name, len);
	ret->name[len] = '\0';
	ret->major = (uint32_t)major;
	ret->first_minor = (uint32_t)first;
	ret->last_minor = (uint32_t)last;
	p = skip_spaces(p, end);
	ret->numbered = end - p < 6 || memcmp(p, "system", 6);
	return true;
}

static void add_driver(struct intro_tty_drivers *all, const struct driver *driver)
{
	if (all->count == all->size) {
		size_t size = all->size ? all->size * 2 : 16;
		struct driver *drivers = realloc(all->drivers, size * sizeof(*drivers));

		if (!drivers)
			return; /* the device is then shown by its number */
		all->drivers = drivers;
		all->size = size;
	}
	all->drivers[all->count++] = *driver;
}

static struct intro_tty_drivers *read_drivers(struct intro *session)
{
	struct intro_tty_drivers *all = calloc(1, sizeof(*all));
	struct intro_buf buf = {0};
	const char *line, *end;

	if (!all ||
	    intro_read_file(session, session->proc_fd, "tty/drivers", DRIVERS_LIMIT, &buf)) {
		intro_buf_free(&buf);
		return all;
	}
	line = buf.data;
	end = buf.data + buf.len;
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;
		struct driver driver;

		if (parse_driver(line, stop, &driver))
			add_driver(all, &driver);
		line = stop + 1;
	}
	intro_buf_free(&buf);
	return all;
}

static const struct driver *find_driver(const struct intro_tty_drivers *all, uint32_t major,
					uint32_t minor)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct driver *d = &all->drivers[i];

		if (d->major == major && minor >= d->first_minor && minor <= d->last_minor)
			return d;
	}
	return NULL;
}

static void format_name(const struct driver *d, uint32_t minor, char *buf, size_t size)
{
	if (!d->numbered)
		snprintf(buf, size, "%s", d->name);
	else if (d->major == VIRTUAL_CONSOLE_MAJOR && minor < FIRST_SERIAL_MINOR)
		snprintf(buf, size, "%s%u", d->name, minor);
	else
		snprintf(buf, size, "%s%u", d->name, minor - d->first_minor);
}

const char *intro_tty_name(struct intro *session, uint32_t tty_nr)
{
	/* The kernel's encoding: minor bits 20..31 and 0..7, major bits 8..19. */
	uint32_t major = (tty_nr >> 8) & 0xfff;
	uint32_t minor = (tty_nr & 0xff) | ((tty_nr >> 12) & 0xfff00);
	const struct driver *driver;

	if (tty_nr == 0)
		return NULL;
	if (major == PTS_MAJOR) { /* nearly all of them, on nearly all machines */
		snprintf(session->tty_name, sizeof(session->tty_name), "pts/%u", minor);
		return session->tty_name;
	}
	if (!session->tty_drivers)
		session->tty_drivers = read_drivers(session);
	driver = session->tty_drivers ? find_driver(session->tty_drivers, major, minor) : NULL;
	if (driver)
		format_name(driver, minor, session->tty_name, sizeof(session->tty_name));
	else
		snprintf(session->tty_name, sizeof(session->tty_name), "%u:%u", major, minor);
	return session->tty_name;
}
