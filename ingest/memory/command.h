/* SPDX-License-Identifier: MIT */
/* command: the command line that a memory tool ran. */
#ifndef CF_INGEST_COMMAND_H
#define CF_INGEST_COMMAND_H

#include "core/reader.h"
#include "core/trace.h"

/* Sets the run's command, and its name to that of the program, unless they are there already. */
void cf_command_set(struct cf_trace *trace, struct cf_slice command);

#endif
