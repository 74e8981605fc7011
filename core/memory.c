/* SPDX-License-Identifier: MIT */
/* memory: running out of memory ends the process with a message and status 4, never with a signal. */
#include "core/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/diag.h"

/* Less than GLib or libc ask of the system at a time: when even this can't be had, memory is out. */
#define PROBE_BYTES (1024 * 1024)
#define SIGNAL_STACK (64 * 1024)

_Noreturn void cf_memory_out(void)
{
	static const char text[] = "callflow: error: out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	_exit(CF_STATUS_SYSTEM);
}

static void warm_up_failed(int signo)
{
	cf_memory_out();
}

/*
 * Some of GLib's allocators abort without a log message (slices, thread-private keys). Whether that was for
 * lack of memory shows in errno, or in that the system gives no more. Everything else is a real abort:
 * SA_RESETHAND lets abort() raise the signal again, now with its default action.
 */
static void aborted(int signo)
{
	int err = errno;
	void *probe = mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (err == ENOMEM || probe == MAP_FAILED)
		cf_memory_out();
	munmap(probe, PROBE_BYTES);
}

/*
 * When no byte is to be had, g_log can't format the message that says so, logs that, and calls itself until
 * the stack is used up. Libraries that don't check an allocation end here as well. The faulting instruction
 * is run again after this returns, and a fault for another reason takes its usual way.
 */
static void faulted(int signo)
{
	if (errno == ENOMEM)
		cf_memory_out();
}

static const char *message_of(const GLogField *fields, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (!strcmp(fields[i].key, "MESSAGE") && fields[i].length < 0)
			return fields[i].value;
	return NULL;
}

/* Must not allocate: it runs because that failed. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	const char *message = message_of(fields, n);
	struct iovec parts[3];

	/* Errors that GLib itself declares fatal are failed allocations; the text may have been one of them.
	 */
	if (level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL))
		cf_memory_out();
	if (!message || !(level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)))
		return G_LOG_WRITER_HANDLED;
	parts[0] = (struct iovec){ (void *)"callflow: ", 10 };
	parts[1] = (struct iovec){ (void *)message, strlen(message) };
	parts[2] = (struct iovec){ (void *)"\n", 1 };
	return writev(STDERR_FILENO, parts, 3) < 0 ? G_LOG_WRITER_UNHANDLED : G_LOG_WRITER_HANDLED;
}

/* A handler that is there already, such as a sanitizer's, stays. */
static gboolean is_default(int signo)
{
	struct sigaction old;

	return sigaction(signo, NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL;
}

static void handle(int signo, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(signo, &action, NULL);
}

/* Handlers need a stack of their own when the normal one is used up. */
static void set_signal_stack(void)
{
	stack_t stack = { .ss_size = SIGNAL_STACK };

	stack.ss_sp = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED)
		cf_memory_out();
	sigaltstack(&stack, NULL);
}

void cf_memory_guard(void)
{
	gboolean abort_is_ours = is_default(SIGABRT);

	if (is_default(SIGSEGV)) {
		set_signal_stack();
		handle(SIGSEGV, faulted, (int)SA_RESETHAND | SA_ONSTACK);
	}
	/* The log's own thread-private keys are made on first use, and fail by abort(). */
	if (abort_is_ours)
		handle(SIGABRT, warm_up_failed, 0);
	g_log_set_writer_func(write_log, NULL, NULL);
	g_debug("log ready");
	if (abort_is_ours)
		handle(SIGABRT, aborted, (int)SA_RESETHAND);
}
