/* SPDX-License-Identifier: MIT */
/* terminal: what the standard streams can show. */
#ifndef CF_CLI_TERMINAL_H
#define CF_CLI_TERMINAL_H

#include <glib.h>

/* Opens /dev/null on those of fds 0 to 2 that are closed, so that no file that is opened later becomes
 * stdout. */
int cf_terminal_fill_standard_fds(void);

/* Columns of fd, from the terminal or $COLUMNS; 0 when fd is no terminal. */
int cf_terminal_width(int fd);

/* when: "auto", "always" or "never". auto heeds CLICOLOR_FORCE, NO_COLOR and TERM=dumb, then whether fd is a
 * terminal. */
gboolean cf_terminal_color(int fd, const char *when);

/* The locale that the environment asks for is UTF-8. */
gboolean cf_terminal_utf8(void);

#endif
