/* SPDX-License-Identifier: MIT */
/* terminal: what the standard streams can show. */
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 40
#define WIDTH_MOST 1000

int cf_terminal_fill_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* open gives the lowest free descriptor, which is this one. */
		if (open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
			return -1;
	}
	return 0;
}

static gboolean is_set(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value;
}

int cf_terminal_width(int fd)
{
	const char *columns = g_getenv("COLUMNS");
	struct winsize size;
	gint64 width = 0;

	if (!isatty(fd))
		return 0;
	if (columns && *columns)
		width = g_ascii_strtoll(columns, NULL, 10);
	if (width <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	return width <= 0 ? WIDTH_DEFAULT : (int)CLAMP(width, WIDTH_LEAST, WIDTH_MOST);
}

gboolean cf_terminal_color(int fd, const char *when)
{
	const char *force = g_getenv("CLICOLOR_FORCE");

	if (strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (is_set("NO_COLOR"))
		return FALSE;
	if (force && *force && strcmp(force, "0") != 0)
		return TRUE;
	return isatty(fd) && is_set("TERM") && strcmp(g_getenv("TERM"), "dumb") != 0;
}

gboolean cf_terminal_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	/* The first that is set decides, as in setlocale; which isn't called, so that numbers never change.
	 */
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);
		const char *codeset;

		if (!value || !*value)
			continue;
		codeset = strchr(value, '.');
		return codeset && (strncasecmp(codeset + 1, "utf-8", 5) == 0 ||
				   strncasecmp(codeset + 1, "utf8", 4) == 0);
	}
	return FALSE;
}
