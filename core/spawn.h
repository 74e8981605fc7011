/* SPDX-License-Identifier: MIT */
/* spawn: the only place that executes another program. No shell, ever. */
#ifndef CF_CORE_SPAWN_H
#define CF_CORE_SPAWN_H

#include "core/diag.h"
#include "core/reader.h"

/*
 * Runs argv[0] (looked up in PATH) with input on its stdin, collecting at most cap bytes of its stdout. Its
 * stderr is shown in the error when it fails. 0, or -1 with a message: not found, nonzero exit, killed, more
 * than seconds of wall time, more than cap bytes. No file descriptor but 0, 1, 2 is inherited.
 */
int cf_spawn(const char *const argv[], struct cf_slice input, unsigned seconds, size_t cap, GString *output,
	     struct cf_diag *diag);

#endif
