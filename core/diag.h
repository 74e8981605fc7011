/* SPDX-License-Identifier: MIT */
/* diag: located messages, each emitted once, where its cause is known. */
#ifndef CF_CORE_DIAG_H
#define CF_CORE_DIAG_H

#include <glib.h>
#include <stdarg.h>
#include <stdint.h>

/*
 * Where a message belongs. line 0: only the byte offset is meaningful, printed as "path@0x1f40";
 * line > 0: "path:118" or, with col > 0, "path:118:7". path NULL: no location. Borrowed strings.
 */
struct cf_loc {
	const char *path;
	uint64_t offset;
	uint32_t line, col;
};

/* Exit statuses of the process; an error carries the one it leads to. */
enum cf_status {
	CF_STATUS_OK = 0,
	CF_STATUS_GATE = 1,   /* a gate that the user asked for failed */
	CF_STATUS_USAGE = 2,  /* command line or settings */
	CF_STATUS_INPUT = 3,  /* bad input */
	CF_STATUS_SYSTEM = 4, /* disk, memory, operating system */
	CF_STATUS_BUSY = 75,  /* store locked by another process: try again */
	CF_STATUS_INTERRUPTED = 130
};

enum cf_severity { CF_NOTE, CF_WARNING, CF_ERROR };

/*
 * A consumer of messages. Tests set consume to compare messages; the command line prints them.
 * text has no final newline and no control bytes that came from inputs (made visible by cf_diag_print's
 * caller).
 */
struct cf_diag {
	void (*consume)(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text);
	void *ctx;
	unsigned errors, warnings;
	enum cf_status status; /* of the first error; CF_STATUS_SYSTEM replaces CF_STATUS_INPUT */
};

/* A diag that prints "callflow: LOCATION: SEVERITY: text" to stderr. Notes are printed without a severity
 * word. */
void cf_diag_init_stderr(struct cf_diag *diag, gboolean quiet);

/* All three return -1 so that "return cf_error(...)" reads well. loc may be NULL. */
int cf_error(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
int cf_error_as(struct cf_diag *diag, enum cf_status status, const struct cf_loc *loc, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);
/* A failed system call: adds strerror(err) and carries CF_STATUS_SYSTEM (ENOENT, EACCES, EISDIR...:
 * CF_STATUS_INPUT). */
int cf_error_errno(struct cf_diag *diag, const struct cf_loc *loc, int err, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

void cf_warn(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
void cf_note(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...) G_GNUC_PRINTF(3, 4);

/* "path:118:7", "path@0x1f40", "path" or "" : caller frees. */
char *cf_loc_text(const struct cf_loc *loc);

/*
 * Characters that steer a terminal, reorder what is read, or aren't seen, so that two names look the same: controls, bidi
 * and other format characters, zero-width ones, fillers, line separators.
 */
gboolean cf_is_unseen(gunichar c);

/*
 * Any bytes as terminal-safe UTF-8: such characters and invalid bytes become \x1b or \u202e, at
 * most max bytes of input are shown (0: all), then "...". Caller frees. The only function that prints names
 * to a terminal or log.
 */
char *cf_visible(const char *text, gssize len, size_t max);

#endif
