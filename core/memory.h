/* SPDX-License-Identifier: MIT */
/* memory: running out of memory ends the process with a message and status 4, never with a signal. */
#ifndef CF_CORE_MEMORY_H
#define CF_CORE_MEMORY_H

/*
 * To be called first thing in main, once. GLib aborts the process when g_malloc fails; from here on such an
 * abort is "callflow: error: out of memory" and CF_STATUS_SYSTEM. Other messages of GLib go to stderr.
 * Assertions still abort.
 */
void cf_memory_guard(void);

/* Says that memory is out and ends the process; allocates nothing. For the rare failed allocation that no
 * caller can do anything about. */
_Noreturn void cf_memory_out(void);

#endif
