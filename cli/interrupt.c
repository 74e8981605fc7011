/* SPDX-License-Identifier: MIT */
/* interrupt: Ctrl-C and termination end the program with nothing half done. */
#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

/* The only mutable state of the program's own: a signal handler has no argument to find anything else by. */
static volatile sig_atomic_t held, pending;
static struct cf_store *volatile current;

static void on_signal(int number)
{
	/* The prompt isn't to stand behind what progress has drawn. */
	if (isatty(STDERR_FILENO) && write(STDERR_FILENO, "\n", 1) < 0)
		held = 0;
	/* The second one doesn't wait: whoever opens the store next rolls back what was left open. */
	if (!held || pending)
		_exit(CF_STATUS_INTERRUPTED);
	pending = 1;
	if (current)
		cf_store_interrupt(current);
}

void cf_interrupt_init(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < G_N_ELEMENTS(ending); i++)
		sigaddset(&action.sa_mask, ending[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(ending); i++)
		/* nohup and background shells ignore some of them for us: that stands. */
		if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

void cf_interrupt_hold(struct cf_store *store)
{
	current = store;
	held = 1;
}

void cf_interrupt_release(void)
{
	held = 0;
	current = NULL;
	if (pending)
		_exit(CF_STATUS_INTERRUPTED);
}

gboolean cf_interrupt_pending(void)
{
	return pending != 0;
}
