/* SPDX-License-Identifier: MIT */
/* sandbox: runs a reader in a child process with limits, and takes what it sends. */
#include "ingest/git/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_SIZE (1 << 20)

static void limit(int what, rlim_t value)
{
	struct rlimit rl;

	if (getrlimit(what, &rl) == 0 && rl.rlim_max != RLIM_INFINITY)
		value = MIN(value, rl.rlim_max);
	rl = (struct rlimit){ value, value };
	setrlimit(what, &rl);
}

/*
 * What Landlock knows since its first version that makes or changes files: allowed beneath folder only. Kernels without
 * it go on without; the limits stand.
 */
static void forbid_writing(const char *folder)
{
	const uint64_t writes = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
				LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
				LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
				LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
	struct landlock_ruleset_attr attr = { .handled_access_fs = writes };
	struct landlock_path_beneath_attr beneath = { .allowed_access = writes };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (ruleset < 0)
		return;
	beneath.parent_fd = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (beneath.parent_fd >= 0) {
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
		close(beneath.parent_fd);
	}
	/* The folder itself, once it is empty. */
	beneath = (struct landlock_path_beneath_attr){ .allowed_access = LANDLOCK_ACCESS_FS_REMOVE_DIR,
						       .parent_fd = -1 };
	if (folder) {
		g_autofree char *up = g_path_get_dirname(folder);

		beneath.parent_fd = open(up, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	if (beneath.parent_fd >= 0) {
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
		close(beneath.parent_fd);
	}
	/* /dev/null stays for what a child of this one writes. */
	beneath = (struct landlock_path_beneath_attr){ .allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE,
						       .parent_fd = open("/dev/null", O_PATH | O_CLOEXEC) };
	if (beneath.parent_fd >= 0) {
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
		close(beneath.parent_fd);
	}
	syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
}

/* A signal handler has no argument to find anything else by. Of the child only. */
static const struct cf_sandbox *volatile ours;

static void on_orphaned(int number)
{
	ours->clean(ours->folder);
	_exit(1);
}

static void confine(const struct cf_sandbox *limits)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, limits->file_size);
	limit(RLIMIT_CPU, limits->seconds);
#if !defined(__SANITIZE_ADDRESS__)
	/* Address sanitizers keep terabytes of shadow. */
	limit(RLIMIT_DATA, limits->memory);
#endif
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	forbid_writing(limits->folder);
}

/* Only fd and the three standard ones stay open, and those lead nowhere: libraries may not talk for us. */
static int leave_files(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (fd != 3 && dup2(fd, 3) < 0)
		return -1;
	close_range(4, ~0U, 0);
	return fcntl(3, F_SETFD, FD_CLOEXEC) < 0 ? -1 : 3;
}

static G_GNUC_NORETURN void be_child(const struct cf_sandbox *limits, pid_t parent,
				     void (*body)(const void *job, int fd), const void *job, int fd)
{
	static const int defaults[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGBUS, SIGSEGV };

	/* Dies with its parent. */
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
	setpgid(0, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		signal(defaults[i], SIG_DFL);
	ours = limits;
	if (limits->clean)
		signal(SIGTERM, on_orphaned);
	fd = leave_files(fd);
	/* Where no program is found by a relative PATH, and no file that somebody else wrote. */
	if (fd < 0 || chdir("/") < 0)
		_exit(1);
	confine(limits);
	body(job, fd);
	_exit(0);
}

static char *describe(enum cf_wire_ending ending, int status, const struct cf_sandbox *limits)
{
	if (ending == CF_WIRE_LATE || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return g_strdup_printf("reading took longer than %u seconds; --time-limit allows more",
				       limits->seconds);
	if (ending == CF_WIRE_BROKEN)
		return g_strdup("its reader sent nonsense (damaged objects)");
	if (WIFSIGNALED(status))
		return g_strdup_printf("its reader was ended by signal %d (damaged objects, or more memory "
				       "needed than %u MiB)",
				       WTERMSIG(status), (unsigned)(limits->memory >> 20));
	if (WEXITSTATUS(status))
		return g_strdup_printf("its reader failed with status %d", WEXITSTATUS(status));
	return g_strdup("its reader ended early");
}

int cf_sandbox_run(const struct cf_sandbox *limits, void (*body)(const void *job, int fd), const void *job,
		   int (*frame)(void *ctx, enum cf_wire_type type, struct cf_wire_in *in), void *ctx,
		   char **why)
{
	int64_t deadline = cf_wire_now_ms() + (int64_t)limits->seconds * 1000;
	pid_t parent = getpid(), child;
	enum cf_wire_ending ending;
	int ends[2], status = 0;
	siginfo_t info;

	*why = NULL;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		*why = g_strdup_printf("cannot make a pipe: %s", g_strerror(errno));
		return -1;
	}
	fcntl(ends[0], F_SETPIPE_SZ, PIPE_SIZE);
	child = fork();
	if (child == 0)
		be_child(limits, parent, body, job, ends[1]);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		*why = g_strdup_printf("cannot start a process: %s", g_strerror(errno));
		return -1;
	}
	ending = cf_wire_read(ends[0], deadline, frame, ctx);
	close(ends[0]);
	if (ending != CF_WIRE_DONE)
		kill(child, SIGKILL);
	/* Nothing of it lives on; while it isn't reaped, its number is nobody else's. */
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	kill(-child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (ending == CF_WIRE_DONE && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (ending != CF_WIRE_STOPPED)
		*why = describe(ending, status, limits);
	return -1;
}
