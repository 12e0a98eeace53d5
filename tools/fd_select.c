/* Which descriptors are asked for: parsing the lists, and testing descriptors against them. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fd_columns.h"
#include "fd_select.h"
#include "present/message.h"
#include "present/suggest.h"

#define KIND_BIT(kind) (UINT64_C(1) << (kind))
_Static_assert(INTRO_FD_KIND_COUNT <= 64, "a word has a bit for each kind");

/* ---- words of a set ---- */

static uint64_t socket_kinds(void)
{
	uint64_t kinds = 0;

	for (int kind = INTRO_FD_KIND_UNIX; kind <= INTRO_FD_KIND_SOCKET; kind++)
		kinds |= KIND_BIT(kind);
	return kinds;
}

static bool is_number(const char *word)
{
	return word[0] >= '0' && word[0] <= '9';
}

static int unknown_word(enum intro_names names, const char *what, const char *word)
{
	struct suggestion suggestion = suggest_for(word, strlen(word));
	struct intro_name row;
	size_t position = 0;

	while (intro_names_next(names, &position, &row) > 0)
		suggest_offer(&suggestion, row.name);
	if (suggestion.best)
		return message_usage("unknown %s '%s' (did you mean '%s'?)", what, word,
				     suggestion.best);
	return message_usage("unknown %s '%s'", what, word);
}

/* Adds a bit for each word of a list of names. */
static int add_bits(struct arena *arena, enum intro_names names, const char *what, const char *list,
		    uint64_t *bits)
{
	struct words words = {0};

	words_split(arena, &words, list);
	if (!words.count)
		return message_usage("empty list: '%s'", list);
	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.items[i];
		uint64_t number;

		if (is_number(word) || intro_name_parse(names, word, strlen(word), &number))
			return unknown_word(names, what, word);
		*bits |= names == INTRO_NAMES_FD_KIND && number == INTRO_FD_KIND_SOCKET
				 ? socket_kinds()
				 : KIND_BIT(number);
	}
	return 0;
}

static int add_slots(struct fd_selection *selection, const char *list)
{
	uint64_t slots = selection->slots;

	if (strcmp(list, "all") == 0) {
		selection->slots = INTRO_SLOTS_ALL;
		return 0;
	}

	int status = add_bits(&selection->processes.arena, INTRO_NAMES_SLOT, "slot", list, &slots);

	selection->slots = (unsigned)slots;
	return status;
}

/* ---- ports ---- */

static bool parse_port(const char *text, char **end, uint16_t *ret)
{
	pid_t number;

	if (!words_number(text, end, 1, &number) || number > UINT16_MAX)
		return false;
	*ret = (uint16_t)number;
	return true;
}

/* "443", "tcp:443", "8000-8100" */
static bool parse_ports(const char *word, struct fd_port *ret)
{
	const char *colon = strchr(word, ':');
	uint64_t protocol;
	char *end;

	*ret = (struct fd_port){.given = word, .protocol = -1};
	if (colon) {
		if (is_number(word) || intro_name_parse(INTRO_NAMES_IP_PROTOCOL, word,
							(size_t)(colon - word), &protocol))
			return false;
		ret->protocol = (int)protocol;
		word = colon + 1;
	}
	if (!parse_port(word, &end, &ret->first))
		return false;
	ret->last = ret->first;
	if (*end == '-' && !parse_port(end + 1, &end, &ret->last))
		return false;
	return *end == '\0' && ret->first <= ret->last;
}

static int add_ports(struct fd_selection *selection, const char *list)
{
	struct arena *arena = &selection->processes.arena;
	struct words words = {0};
	struct fd_port *ports;

	words_split(arena, &words, list);
	if (!words.count)
		return message_usage("empty list: '%s'", list);
	ports = arena_alloc(arena, (selection->port_count + words.count) * sizeof(*ports));
	if (selection->port_count)
		memcpy(ports, selection->ports, selection->port_count * sizeof(*ports));
	selection->ports = ports;
	for (size_t i = 0; i < words.count; i++) {
		if (!parse_ports(words.items[i], &ports[selection->port_count]))
			return message_usage("not a port: '%s' (443, tcp:443, udp:53, 8000-8100)",
					     words.items[i]);
		selection->port_count++;
	}
	return 0;
}

/* ---- the command line ---- */

static int add_path(struct fd_selection *selection, const char *path)
{
	if (!*path)
		return message_usage("the name of a file is empty");
	words_add(&selection->processes.arena, &selection->path_words, path);
	return 0;
}

int fd_select_add(struct fd_selection *selection, int key, const char *argument)
{
	switch (key) {
	case FD_SELECT_KIND:
		return add_bits(&selection->processes.arena, INTRO_NAMES_FD_KIND, "kind", argument,
				&selection->kinds);
	case FD_SELECT_PORT:
		return add_ports(selection, argument);
	case FD_SELECT_PATH:
		return add_path(selection, argument);
	case FD_SELECT_SLOTS:
		return add_slots(selection, argument);
	default:
		return process_choice_add_users(&selection->processes, argument);
	}
}

/* "1234", "1234/5678" and "nginx" are processes; whatever else has a slash is a file. */
int fd_select_add_operand(struct fd_selection *selection, const char *operand)
{
	if (strchr(operand, '/') && !process_is_target_list(operand))
		return add_path(selection, operand);
	process_choice_add_operand(&selection->processes, operand);
	return 0;
}

int fd_select_prepare(struct fd_selection *selection, struct intro *session)
{
	struct arena *arena = &selection->processes.arena;
	const struct words *words = &selection->path_words;

	selection->paths = arena_alloc(arena, (words->count + 1) * sizeof(*selection->paths));
	for (size_t i = 0; i < words->count; i++)
		fd_path_find(words->items[i], intro_is_live(session), arena,
			     &selection->paths[selection->path_count++]);
	return process_choice_prepare(&selection->processes, session);
}

void fd_select_free(struct fd_selection *selection)
{
	process_choice_free(&selection->processes);
}

unsigned fd_select_slots(const struct fd_selection *selection)
{
	const struct process_choice *processes = &selection->processes;

	if (selection->slots)
		return selection->slots;
	if (processes->target_count || processes->names.count || selection->path_words.count)
		return INTRO_SLOTS_ALL;
	return INTRO_SLOT_BIT(FD);
}

/* ---- descriptors ---- */

/* What tells the kinds apart that are asked for. */
static uint64_t needs_of_kinds(uint64_t kinds)
{
	const uint64_t files = KIND_BIT(INTRO_FD_KIND_UNKNOWN) | KIND_BIT(INTRO_FD_KIND_REG) |
			       KIND_BIT(INTRO_FD_KIND_DIR) | KIND_BIT(INTRO_FD_KIND_CHR) |
			       KIND_BIT(INTRO_FD_KIND_BLK) | KIND_BIT(INTRO_FD_KIND_LNK) |
			       KIND_BIT(INTRO_FD_KIND_FIFO);
	uint64_t needs = kinds ? FD_NEED(LINK) : 0;

	if (kinds & files)
		needs |= FD_NEED(STAT);
	if (kinds & socket_kinds() && (kinds & socket_kinds()) != socket_kinds())
		needs |= FD_NEED(SOCKET);
	return needs;
}

uint64_t fd_select_needs(const struct fd_selection *selection)
{
	uint64_t needs = needs_of_kinds(selection->kinds);

	if (selection->port_count)
		needs |= FD_NEED(LINK) | FD_NEED(SOCKET);
	for (size_t i = 0; i < selection->path_count; i++)
		needs |= fd_path_needs(&selection->paths[i]);
	return needs;
}

static bool has_port(const struct fd_port *port, const struct intro_socket_address *address)
{
	return address->present && address->port >= port->first && address->port <= port->last;
}

static bool port_matches(const struct fd_port *port, const struct intro_socket *socket)
{
	if (!socket || (socket->family != AF_INET && socket->family != AF_INET6))
		return false;
	if (port->protocol >= 0 && socket->protocol != port->protocol)
		return false;
	return has_port(port, &socket->local) || has_port(port, &socket->remote);
}

/* All that match are noted: of two names for one file, each has been seen. */
static bool some_port_matches(struct fd_selection *selection, const struct intro_fd *fd)
{
	bool matches = selection->port_count == 0;

	for (size_t i = 0; i < selection->port_count; i++) {
		if (port_matches(&selection->ports[i], fd->socket))
			matches = selection->ports[i].seen = true;
	}
	return matches;
}

static bool some_path_matches(struct fd_selection *selection, const struct intro_fd *fd)
{
	bool matches = selection->path_count == 0;

	for (size_t i = 0; i < selection->path_count; i++) {
		if (fd_path_matches(&selection->paths[i], fd))
			matches = selection->paths[i].seen = true;
	}
	return matches;
}

bool fd_select_matches(struct fd_selection *selection, const struct intro_fd *fd)
{
	if (selection->kinds && !(selection->kinds & KIND_BIT(fd->kind)))
		return false;
	return some_port_matches(selection, fd) && some_path_matches(selection, fd);
}

void fd_select_rewind(struct fd_selection *selection)
{
	for (size_t i = 0; i < selection->port_count; i++)
		selection->ports[i].seen = false;
	for (size_t i = 0; i < selection->path_count; i++)
		selection->paths[i].seen = false;
}

/* Whether others may have what none of those has that were asked for, in `slots` that may have it. */
static bool is_narrowed(const struct fd_selection *selection, unsigned slots)
{
	const struct process_choice *processes = &selection->processes;

	return processes->target_count || processes->names.count || processes->users.count ||
	       selection->kinds || (selection->slots && (selection->slots & slots) != slots) ||
	       (selection->port_count && selection->path_count);
}

static const char *why_not(const struct fd_path *path, const char *who, struct arena *arena)
{
	if (path->os_errno && path->os_errno != ENOENT && path->os_errno != ENOTDIR)
		return arena_printf(arena, "cannot look at '%s': %s", path->given,
				    strerror(path->os_errno));
	if (path->os_errno)
		return arena_printf(arena, "no such file, and %s has one of that name open: '%s'",
				    who, path->given);
	return arena_printf(arena, "%s has it open: '%s'", who, path->given);
}

void fd_select_tell_unseen(const struct fd_selection *selection, struct arena *arena,
			   void (*tell)(void *context, const char *message), void *context)
{
	bool narrowed = is_narrowed(selection, INTRO_SLOT_BIT(FD));

	for (size_t i = 0; i < selection->port_count; i++)
		if (!selection->ports[i].seen)
			tell(context,
			     arena_printf(arena, "no %ssocket has the port %s",
					  narrowed ? "selected " : "", selection->ports[i].given));
	narrowed = is_narrowed(selection, INTRO_SLOTS_ALL);
	for (size_t i = 0; i < selection->path_count; i++)
		if (!selection->paths[i].seen)
			tell(context, why_not(&selection->paths[i],
					      narrowed ? "nothing selected" : "no process", arena));
}
