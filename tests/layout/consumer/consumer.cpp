// The same in C++.
#include <iostream>
#include <memory>

#include <unistd.h>

#include <intro/intro.h>

int main()
{
	struct intro *opened;
	if (intro_open(nullptr, &opened) < 0)
		return 1;
	std::unique_ptr<struct intro, decltype(&intro_close)> session(opened, intro_close);
	struct intro_process *process;
	if (intro_process_open(session.get(), getpid(), &process) < 0)
		return 1;
	const struct intro_task *task;
	int r = intro_process_read(process, 0, INTRO_WANT(STAT), &task);
	if (r == 0)
		std::cout << task->stat.pid << ' ' << task->stat.comm << '\n';
	intro_process_close(process);
	return r < 0;
}
