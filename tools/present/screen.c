/*
 * The terminal as a page. What the signal handlers need to put it back is the one piece of state
 * in this room that is not passed around; all they call is async-signal-safe.
 */
#include "present/screen.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "present/terminal.h"

/* Alternate screen, no cursor, no wrapping at the edge; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l\033[2J"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

static struct {
	struct termios before;
	bool has_keys;
	int real_stderr, held_messages; /* descriptors, or -1 */
	volatile sig_atomic_t is_open, resized;
} screen = {.real_stderr = -1, .held_messages = -1};

static const int fatal_signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,
				    SIGABRT, SIGALRM, SIGUSR1, SIGUSR2};

bool screen_possible(void)
{
	const char *term = getenv("TERM");

	return terminal_is_output() && term != NULL && strcmp(term, "dumb") != 0;
}

static void put(const char *text)
{
	ssize_t done = write(STDOUT_FILENO, text, strlen(text));

	(void)done;
}

static void enter(void)
{
	if (screen.has_keys) {
		struct termios raw = screen.before;

		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	put(ENTER);
	screen.is_open = 1;
}

static void leave(void)
{
	if (!screen.is_open)
		return;
	screen.is_open = 0;
	put(LEAVE);
	if (screen.has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
}

/* Messages would be lost with the alternate screen: they are held back until it is gone. */
static void hold_messages(void)
{
	if (isatty(STDERR_FILENO) != 1)
		return;
	screen.held_messages = memfd_create("messages", MFD_CLOEXEC);
	if (screen.held_messages < 0)
		return;
	screen.real_stderr = dup(STDERR_FILENO);
	dup2(screen.held_messages, STDERR_FILENO);
}

static void release_messages(void)
{
	char text[4096];

	if (screen.real_stderr < 0)
		return;
	dup2(screen.real_stderr, STDERR_FILENO);
	close(screen.real_stderr);
	screen.real_stderr = -1;
	ssize_t len = pread(screen.held_messages, text, sizeof(text), 0);

	if (len > 0)
		len = write(STDERR_FILENO, text, (size_t)len);
	close(screen.held_messages);
	screen.held_messages = -1;
}

void screen_close(void)
{
	leave();
	release_messages();
}

static void raise_default(int number)
{
	sigset_t only;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&only);
	sigaddset(&only, number);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void on_fatal(int number)
{
	screen_close();
	raise_default(number);
}

static void on_resize(int number)
{
	(void)number;
	screen.resized = 1;
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	/* One at a time: the handlers share what they put back. */
	sigfillset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

/* Ctrl-Z: give the terminal back, stop, and take it again when continued. */
static void on_suspend(int number)
{
	int saved_errno = errno;

	leave();
	raise_default(number);
	/* Here again: somebody has sent SIGCONT. */
	handle(number, on_suspend);
	enter();
	screen.resized = 1;
	errno = saved_errno;
}

static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void set_handlers(void)
{
	sigset_t mask;

	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++) {
		if (!is_ignored(fatal_signals[i]))
			handle(fatal_signals[i], on_fatal);
	}
	if (!is_ignored(SIGTSTP))
		handle(SIGTSTP, on_suspend);
	handle(SIGWINCH, on_resize);
	/* Only while waiting, where they end the wait: so that the screen is drawn anew. */
	sigemptyset(&mask);
	sigaddset(&mask, SIGWINCH);
	sigaddset(&mask, SIGTSTP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
}

void screen_open(void)
{
	screen.has_keys = tcgetattr(STDIN_FILENO, &screen.before) == 0;
	hold_messages();
	enter();
	set_handlers();
	/* Sent to the background it must still be able to put the terminal back. */
	signal(SIGTTOU, SIG_IGN);
	atexit(screen_close);
}

void screen_draw(struct output *terminal, const struct output *page, size_t height)
{
	size_t start = 0;

	output_string(terminal, "\033[H");
	for (size_t line = 0; line < height && start < page->len; line++) {
		const char *text = page->data + start;
		const char *end = memchr(text, '\n', page->len - start);
		size_t len = end != NULL ? (size_t)(end - text) : page->len - start;

		if (line > 0)
			output_char(terminal, '\n');
		output_bytes(terminal, text, len);
		output_string(terminal, "\033[K");
		start += len + 1;
	}
	output_string(terminal, "\033[J");
	output_flush(terminal);
}

static enum screen_event read_key(void)
{
	char keys[64];
	ssize_t count = read(STDIN_FILENO, keys, sizeof(keys));

	if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
		screen.has_keys = false;
	/* A function key comes as several bytes, of which none is a key of its own. */
	if (count <= 0 || keys[0] == '\033')
		return SCREEN_TIMEOUT;
	if (memchr(keys, 'q', (size_t)count) != NULL)
		return SCREEN_QUIT;
	if (memchr(keys, ' ', (size_t)count) != NULL)
		return SCREEN_REFRESH;
	return memchr(keys, '\f', (size_t)count) != NULL ? SCREEN_RESIZED : SCREEN_TIMEOUT;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

enum screen_event screen_wait(double seconds)
{
	double end = now() + seconds, left;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGWINCH);
	sigdelset(&mask, SIGTSTP);
	while ((left = end - now()) > 0) {
		struct pollfd keys = {.fd = screen.has_keys ? STDIN_FILENO : -1, .events = POLLIN};
		struct timespec time = {.tv_sec = (time_t)left,
					.tv_nsec = (long)((left - floor(left)) * 1e9)};
		int ready = ppoll(&keys, 1, &time, &mask);

		if (screen.resized) {
			screen.resized = 0;
			return SCREEN_RESIZED;
		}
		if (ready <= 0)
			continue;
		enum screen_event event = read_key();

		if (event != SCREEN_TIMEOUT)
			return event;
	}
	return SCREEN_TIMEOUT;
}
