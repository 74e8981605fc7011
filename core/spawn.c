/* SPDX-License-Identifier: MIT */
/* spawn: the only place that executes another program. No shell, ever. */
#include "core/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define STDERR_SHOWN 400

extern char **environ;

struct child {
	pid_t pid;
	int in, out, err; /* our ends of its pipes, -1 when closed */
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* All ends are close-on-exec; dup2 in the child clears that for 0, 1 and 2 only. */
static int make_pipes(int pipes[3][2])
{
	for (int i = 0; i < 3; i++)
		if (pipe2(pipes[i], O_CLOEXEC) < 0) {
			int err = errno;

			while (i-- > 0) {
				close(pipes[i][0]);
				close(pipes[i][1]);
			}
			return err;
		}
	return 0;
}

/* Starts argv with default signals. 0 or an errno. */
static int start(struct child *child, const char *const argv[])
{
	int pipes[3][2], err;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;

	err = make_pipes(pipes);
	if (err)
		return err;
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	/* Its own process group: a time limit ends what it started as well. */
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr,
				 POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2);
	/* What libraries opened without close-on-exec isn't handed down either. */
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	err = posix_spawnp(&child->pid, argv[0], &actions, &attr, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	close(pipes[0][0]);
	close(pipes[1][1]);
	close(pipes[2][1]);
	child->in = pipes[0][1];
	child->out = pipes[1][0];
	child->err = pipes[2][0];
	if (err) {
		shut(&child->in);
		shut(&child->out);
		shut(&child->err);
	}
	return err;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Writes what the pipe takes; closes it at the end or when the child doesn't read on. */
static void feed(struct child *child, struct cf_slice *input)
{
	ssize_t n = input->len ? write(child->in, input->data, MIN(input->len, CHUNK)) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		input->data += n;
		input->len -= (uint64_t)n;
	}
	if (n < 0 || !input->len)
		shut(&child->in);
}

/* Appends what there is to read, at most up to cap bytes in all; what is more is dropped. True: was more. */
static bool drain(int *fd, GString *into, size_t start, size_t cap)
{
	char buffer[CHUNK];
	ssize_t n = read(*fd, buffer, sizeof(buffer));
	size_t room;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		shut(fd);
		return false;
	}
	room = cap - (into->len - start);
	g_string_append_len(into, buffer, (gssize)MIN(room, (size_t)n));
	return (size_t)n > room;
}

enum ending { ENDED, TOO_LONG, TOO_MUCH };

/* Moves data both ways until the child has closed its outputs. */
static enum ending talk(struct child *child, struct cf_slice input, unsigned seconds, size_t cap,
			GString *output, GString *complaint)
{
	int64_t deadline = now_ms() + (int64_t)seconds * 1000;
	size_t start_len = output->len;

	fcntl(child->in, F_SETFL, O_NONBLOCK);
	while (child->out >= 0 || child->err >= 0) {
		struct pollfd polled[3] = { { .fd = child->in, .events = POLLOUT },
					    { .fd = child->out, .events = POLLIN },
					    { .fd = child->err, .events = POLLIN } };
		int64_t left = deadline - now_ms();

		if (left <= 0)
			return TOO_LONG;
		if (poll(polled, 3, (int)MIN(left, 60000)) <= 0)
			continue;
		if (polled[0].revents)
			feed(child, &input);
		if (polled[1].revents && drain(&child->out, output, start_len, cap))
			return TOO_MUCH;
		if (polled[2].revents)
			drain(&child->err, complaint, 0, STDERR_SHOWN);
	}
	return ENDED;
}

/* Waits for the child, no longer than until deadline; it may live on with closed pipes. */
static bool reap(pid_t pid, int64_t deadline, int *status)
{
	for (;;) {
		struct timespec nap = { .tv_nsec = 2000000 };
		pid_t done = waitpid(pid, status, WNOHANG);

		if (done == pid)
			return true;
		if (done < 0 && errno != EINTR)
			return false;
		if (now_ms() >= deadline)
			return false;
		nanosleep(&nap, NULL);
	}
}

static void kill_and_reap(pid_t pid)
{
	int status;

	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

static int judge(const char *name, int status, GString *complaint, struct cf_diag *diag)
{
	while (complaint->len && g_ascii_isspace(complaint->str[complaint->len - 1]))
		g_string_truncate(complaint, complaint->len - 1);
	if (WIFSIGNALED(status))
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s was killed by signal %d", name,
				   WTERMSIG(status));
	if (!WEXITSTATUS(status))
		return 0;
	if (complaint->len)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s failed with status %d: %s", name,
				   WEXITSTATUS(status), complaint->str);
	return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s failed with status %d", name,
			   WEXITSTATUS(status));
}

int cf_spawn(const char *const argv[], struct cf_slice input, unsigned seconds, size_t cap, GString *output,
	     struct cf_diag *diag)
{
	g_autoptr(GString) complaint = g_string_new(NULL);
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct child child;
	enum ending ending;
	int64_t deadline;
	int status, err;

	err = start(&child, argv);
	if (err == ENOENT)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s: program not found in PATH", argv[0]);
	if (err)
		return cf_error_errno(diag, NULL, err, "can't run %s", argv[0]);
	deadline = now_ms() + (int64_t)seconds * 1000;
	/* A child that doesn't read its input isn't the end of this process. */
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, &old);
	ending = talk(&child, input, seconds, cap, output, complaint);
	sigaction(SIGPIPE, &old, NULL);
	shut(&child.in);
	shut(&child.out);
	shut(&child.err);
	if (ending == ENDED && reap(child.pid, deadline, &status))
		return judge(argv[0], status, complaint, diag);
	kill_and_reap(child.pid);
	if (ending == TOO_MUCH)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL,
				   "%s wrote more than %" G_GSIZE_FORMAT " bytes", argv[0], cap);
	return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s ran longer than %u seconds", argv[0], seconds);
}
