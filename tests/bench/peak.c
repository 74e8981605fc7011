/* SPDX-License-Identifier: MIT */
/* peak: runs a command and prints the largest resident memory of its processes, in KiB. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its own is small: a child's maximum includes what it was forked from, which of an interpreter would be most. */
int main(int argc, char **argv)
{
	struct rusage usage;
	int status = 0;
	pid_t child = argc > 1 ? fork() : -1;

	if (child < 0)
		return 2;
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
