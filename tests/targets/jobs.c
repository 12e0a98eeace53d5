/*
 * Sessions, process groups, terminals and daemons: jobs ROLE...
 *   leader    leads a session without a terminal
 *   group     leads a group in a session that its parent leads
 *   orphan    the same after its parent has ended
 *   pty       leads a session with a terminal: pty=PID pty_fg=PID pty_bg=PID tty=NAME, the latter
 *             two in the foreground and in the background
 *   daemon    keeps all rules; daemon_RULE breaks just that one:
 *             daemon_leader daemon_tty daemon_cwd daemon_umask daemon_fds daemon_closed
 *             daemon_parent
 * Prints: ready pid=PID ROLE=PID ...
 */
#include "targets/target.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

static int places; /* used of the blackboard */

static void tell(int place)
{
	target_board[place] = getpid();
}

static void announce(const char *role, int place)
{
	pid_t pid = target_board_await(place);

	target_await_state(pid, 0, "S");
	printf(" %s=%d", role, pid);
}

static void start_leader(const char *role)
{
	int place = places++;

	if (target_fork() == 0) {
		setsid();
		tell(place);
		target_pause();
	}
	announce(role, place);
}

static void start_group(const char *role)
{
	int place = places++;

	if (target_fork() == 0) {
		setsid();
		if (target_fork() == 0) {
			setpgid(0, 0);
			tell(place);
		}
		target_pause();
	}
	announce(role, place);
}

/* Goes on as the child of a process that ends: what is left belongs to init. */
static void leave_parent(void)
{
	const struct timespec moment = {.tv_nsec = NS_PER_MS};
	pid_t old = getpid(), child = fork();

	if (child < 0)
		target_die("fork");
	if (child > 0)
		_exit(0);
	for (int i = 0; i < 10000 && getppid() == old; i++)
		nanosleep(&moment, NULL);
}

static void start_orphan(const char *role)
{
	int place = places++;
	pid_t middle = target_fork();

	if (middle == 0) {
		setsid();
		leave_parent();
		setpgid(0, 0);
		tell(place);
		target_lifeline_wait();
	}
	waitpid(middle, NULL, 0);
	announce(role, place);
}

/* A new terminal; its other end stays open in the target as long as that lives. */
static void open_terminal(char *name, size_t size)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) || unlockpt(master) || ptsname_r(master, name, size))
		target_die("no terminal");
}

/* Leads a session on a terminal. */
static void take_terminal(const char *name)
{
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0))
		target_die("cannot take the terminal %s", name);
	close(fd);
}

static void lead_terminal(const char *terminal, int place)
{
	pid_t foreground;
	int tty;

	take_terminal(terminal);
	signal(SIGTTOU, SIG_IGN);
	foreground = target_fork();
	if (foreground == 0)
		target_pause();
	setpgid(foreground, foreground);
	tty = open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0 || tcsetpgrp(tty, foreground))
		target_die("tcsetpgrp");
	target_board[place + 1] = foreground;
	if (target_fork() == 0) {
		setpgid(0, 0);
		tell(place + 2);
		target_pause();
	}
	tell(place);
	target_pause();
}

static void start_pty(const char *role)
{
	char terminal[64];
	int place = places;

	(void)role;
	places += 3;
	open_terminal(terminal, sizeof(terminal));
	if (target_fork() == 0)
		lead_terminal(terminal, place);
	announce("pty", place);
	announce("pty_fg", place + 1);
	announce("pty_bg", place + 2);
	printf(" tty=%s", terminal + strlen("/dev/"));
}

static void point_at_null(void)
{
	int fd = open("/dev/null", O_RDWR);

	for (int i = 0; i < 3; i++)
		if (dup2(fd, i) < 0)
			target_die("dup2");
	if (fd > 2)
		close(fd);
}

/* As the textbooks say, but for the rule that `role` names. */
static void become_daemon(const char *role, const char *terminal, int place)
{
	if (strcmp(role, "daemon_parent") != 0)
		leave_parent();
	if (terminal) { /* its leader must live on: the terminal goes with it */
		take_terminal(terminal);
		if (target_fork() > 0)
			target_lifeline_wait();
	} else {
		setsid();
	}
	if (strcmp(role, "daemon_leader") != 0 && strcmp(role, "daemon_parent") != 0)
		leave_parent();
	if (strcmp(role, "daemon_parent") == 0 && target_fork() > 0)
		target_lifeline_wait();
	if (chdir(strcmp(role, "daemon_cwd") == 0 ? "/usr" : "/"))
		target_die("chdir");
	umask(strcmp(role, "daemon_umask") == 0 ? 022 : 0);
	point_at_null();
	if (strcmp(role, "daemon_fds") == 0)
		dup2(target_lifeline_fds[0], 1);
	if (strcmp(role, "daemon_closed") == 0)
		close(0);
	tell(place);
	target_lifeline_wait();
}

static void start_daemon(const char *role)
{
	bool on_terminal = strcmp(role, "daemon_tty") == 0;
	char terminal[64] = "";
	int place = places++;
	pid_t child;

	if (on_terminal)
		open_terminal(terminal, sizeof(terminal));
	child = target_fork();
	if (child == 0)
		become_daemon(role, on_terminal ? terminal : NULL, place);
	if (strcmp(role, "daemon_parent") != 0)
		waitpid(child, NULL, 0);
	announce(role, place);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*start)(const char *role);
	} roles[] = {
		{"leader", start_leader},        {"group", start_group},
		{"orphan", start_orphan},        {"pty", start_pty},
		{"daemon", start_daemon},        {"daemon_leader", start_daemon},
		{"daemon_tty", start_daemon},    {"daemon_cwd", start_daemon},
		{"daemon_umask", start_daemon},  {"daemon_fds", start_daemon},
		{"daemon_closed", start_daemon}, {"daemon_parent", start_daemon},
	};
	enum { COUNT = sizeof(roles) / sizeof(roles[0]) };

	target_die_with_parent();
	target_board_open();
	target_lifeline_open();
	setvbuf(stdout, NULL, _IOFBF, 4096); /* children must not print what stands in there */
	printf("ready pid=%d", getpid());
	for (int i = 1; i < argc; i++) {
		int role = 0;

		while (role < COUNT && strcmp(roles[role].name, argv[i]) != 0)
			role++;
		if (role == COUNT)
			target_die("no such role: %s", argv[i]);
		roles[role].start(argv[i]);
	}
	target_ready();
	target_wait();
	return 0;
}
