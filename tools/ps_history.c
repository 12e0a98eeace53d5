/* What a watch remembers from round to round, and its header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "present/human.h"
#include "present/message.h"
#include "ps_history.h"

static int compare(const struct ps_sample *a, const struct ps_sample *b)
{
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->tid > b->tid) - (a->tid < b->tid);
}

static int compare_samples(const void *a, const void *b)
{
	return compare(a, b);
}

static void add_sample(struct ps_samples *samples, const struct ps_sample *sample)
{
	if (samples->count == samples->size) {
		samples->size = samples->size ? samples->size * 2 : 512;
		samples->samples =
			reallocarray(samples->samples, samples->size, sizeof(*samples->samples));
		if (!samples->samples)
			message_out_of_memory();
	}
	samples->samples[samples->count++] = *sample;
}

static const struct ps_sample *find_sample(const struct ps_samples *samples,
					   const struct ps_sample *like)
{
	const struct ps_sample *found;

	if (!samples->count)
		return NULL;
	found = bsearch(like, samples->samples, samples->count, sizeof(*like), compare_samples);
	return found && found->starttime == like->starttime ? found : NULL;
}

static void count_state(struct ps_history *history, char state)
{
	const char *place = strchr(PS_STATES, state);

	history->states[place && *place ? (size_t)(place - PS_STATES) : strlen(PS_STATES)]++;
	history->tasks++;
}

double ps_history_note(struct ps_history *history, struct intro *session,
		       const struct intro_task *task)
{
	struct intro_clock clock;
	struct ps_sample sample = {.pid = task->pid, .tid = task->tid};
	const struct ps_sample *before;

	if (!(task->have & INTRO_WANT(STAT)) || !(task->have & INTRO_WANT(USAGE)))
		return -1;
	count_state(history, task->stat.state);
	intro_clock_read(session, &clock);
	sample.starttime = task->stat.starttime;
	sample.ticks = task->stat.utime + task->stat.stime;
	sample.uptime_ns = clock.uptime_ns;
	add_sample(&history->now, &sample);
	before = find_sample(&history->before, &sample);
	if (!before || sample.uptime_ns <= before->uptime_ns || sample.ticks < before->ticks)
		return -1;
	return (double)(sample.ticks - before->ticks) / (double)clock.ticks_per_second * 1e11 /
	       (double)(sample.uptime_ns - before->uptime_ns);
}

void ps_history_turn(struct ps_history *history)
{
	struct ps_samples spare = history->before;

	history->before = history->now;
	history->now = spare;
	history->now.count = 0;
	if (history->before.count) /* operands come in the order of the user's */
		qsort(history->before.samples, history->before.count,
		      sizeof(*history->before.samples), compare_samples);
	memset(history->states, 0, sizeof(history->states));
	history->tasks = 0;
}

void ps_history_free(struct ps_history *history)
{
	free(history->before.samples);
	free(history->now.samples);
	intro_system_close(history->system);
	free(history->system_error);
}

/* ---- the header ---- */

static void read_figures(struct ps_history *history, struct intro *session)
{
	if (history->system_error)
		return;
	if (!history->system && intro_system_open(session, &history->system)) {
		history->system_error = strdup(intro_last_error(session)->text);
		return;
	}
	history->have_figures_before = history->have_figures;
	history->figures_before = history->figures;
	history->have_figures = intro_system_read(history->system, &history->figures) == 0;
}

static uint64_t total(const struct intro_system_figures *f)
{
	return f->cpu_user + f->cpu_nice + f->cpu_system + f->cpu_idle + f->cpu_iowait +
	       f->cpu_irq + f->cpu_softirq + f->cpu_steal;
}

/* Percent of the time since the round before; since boot in the first. */
static double share(const struct ps_history *history, uint64_t now, uint64_t before)
{
	uint64_t ticks = total(&history->figures);

	if (history->have_figures_before) {
		ticks -= total(&history->figures_before);
		now -= before;
	}
	/* The kernel's idle and iowait may go back a little. */
	if (ticks == 0 || now > ticks)
		return 0;
	return (double)now * 100 / (double)ticks;
}

#define SHARE(field) share(history, history->figures.field, history->figures_before.field)

/* At most 80 columns: all seven can have two digits before the point, but no more. */
static void write_cpu(const struct ps_history *history, struct output *line)
{
	output_printf(line,
		      "cpu%%  %.1f user  %.1f nice  %.1f sys  %.1f irq  %.1f wait  %.1f steal  "
		      "%.1f idle",
		      SHARE(cpu_user), SHARE(cpu_nice), SHARE(cpu_system),
		      SHARE(cpu_irq) + SHARE(cpu_softirq), SHARE(cpu_iowait), SHARE(cpu_steal),
		      SHARE(cpu_idle));
}

static void write_memory(const struct intro_system_figures *f, struct output *line)
{
	output_string(line, "mem   ");
	human_bytes(line, f->mem_total);
	output_string(line, " total  ");
	human_bytes(line, f->mem_total - f->mem_available);
	output_string(line, " used  ");
	human_bytes(line, f->mem_available);
	output_string(line, " available  ");
	human_bytes(line, f->mem_cached);
	output_string(line, " cached  ");
	human_bytes(line, f->swap_total - f->swap_free);
	output_string(line, " of ");
	human_bytes(line, f->swap_total);
	output_string(line, " swap");
}

static void write_tasks(const struct ps_history *history, bool threads, struct output *line)
{
	output_printf(line, "%s  %zu", threads ? "threads" : "tasks", history->tasks);
	for (size_t i = 0; i <= strlen(PS_STATES); i++) {
		const char *name = NULL;

		if (!history->states[i])
			continue;
		if (PS_STATES[i])
			name = intro_name(INTRO_NAMES_STATE, (unsigned char)PS_STATES[i]);
		output_printf(line, "  %zu %s", history->states[i], name ? name : "other");
	}
}

static void write_time(const struct ps_history *history, struct output *line)
{
	const struct intro_system_figures *f = &history->figures;
	time_t seconds = time(NULL);
	struct tm tm;
	char now[32];

	if (localtime_r(&seconds, &tm) && strftime(now, sizeof(now), "%H:%M:%S", &tm))
		output_string(line, now);
	if (!history->have_figures) {
		output_printf(line, "  %s",
			      history->system_error ? history->system_error : "no figures");
		return;
	}
	output_string(line, "  up ");
	human_seconds(line, f->uptime_s);
	output_printf(line, "  load %.2f %.2f %.2f", f->load[0], f->load[1], f->load[2]);
}

static void put_line(struct output *line, void (*put)(void *context, const char *line),
		     void *context)
{
	output_char(line, '\0');
	put(context, line->data);
	line->len = 0;
}

void ps_history_header(struct ps_history *history, struct intro *session, bool threads,
		       void (*put)(void *context, const char *line), void *context)
{
	struct output line;

	output_open_memory(&line);
	read_figures(history, session);
	write_time(history, &line);
	put_line(&line, put, context);
	write_tasks(history, threads, &line);
	put_line(&line, put, context);
	if (history->have_figures) {
		write_cpu(history, &line);
		put_line(&line, put, context);
		write_memory(&history->figures, &line);
		put_line(&line, put, context);
	}
	output_free(&line);
}
