/* What ps is built on, without its output: pid, ppid, state and name of all through libproc2. */
#include <err.h>
#include <stddef.h>

#include <libproc2/pids.h>

int main(void)
{
	enum pids_item items[] = {PIDS_ID_PID, PIDS_ID_PPID, PIDS_STATE, PIDS_CMD};
	struct pids_info *info = NULL;
	long sum = 0;

	if (procps_pids_new(&info, items, sizeof(items) / sizeof(items[0])) < 0)
		errx(1, "libproc2 cannot be used");
	for (;;) {
		const struct pids_stack *row = procps_pids_get(info, PIDS_FETCH_TASKS_ONLY);

		if (!row)
			break;
		sum += row->head[0].result.s_int + row->head[1].result.s_int +
		       row->head[2].result.s_ch + row->head[3].result.str[0];
	}
	procps_pids_unref(&info);
	return sum == 0;
}
