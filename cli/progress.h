/* SPDX-License-Identifier: MIT */
/* progress: a line on the terminal about work that takes more than a second. */
#ifndef CF_CLI_PROGRESS_H
#define CF_CLI_PROGRESS_H

#include <glib.h>
#include <stdint.h>

struct cf_progress;

/* NULL when stderr is no terminal or quiet is set; the others take NULL. */
struct cf_progress *cf_progress_new(gboolean quiet);
/* What is being done now ("reading"), with what, of how many bytes. Borrowed until the next call. */
void cf_progress_set(struct cf_progress *progress, const char *verb, const char *subject, uint64_t bytes);
/* Erases the line. */
void cf_progress_free(struct cf_progress *progress);

#endif
