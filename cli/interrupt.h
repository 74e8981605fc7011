/* SPDX-License-Identifier: MIT */
/* interrupt: Ctrl-C and termination end the program with nothing half done. */
#ifndef CF_CLI_INTERRUPT_H
#define CF_CLI_INTERRUPT_H

#include "store/store.h"

/* SIGINT, SIGTERM and SIGHUP end the program with status 130; SIGPIPE is ignored: writing then says EPIPE. */
void cf_interrupt_init(void);

/*
 * Between hold and release such a signal doesn't end the program: it interrupts what store (may be NULL) is
 * doing, which rolls back and fails; what needs no store finishes. release ends the program when one came.
 */
void cf_interrupt_hold(struct cf_store *store);
void cf_interrupt_release(void);
gboolean cf_interrupt_pending(void);

#endif
