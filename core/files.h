/* SPDX-License-Identifier: MIT */
/* files: the only opener of files that inputs or users name, and the only writer of output files. */
#ifndef CF_CORE_FILES_H
#define CF_CORE_FILES_H

#include "core/diag.h"
#include "core/reader.h"

/* A file's bytes: mapped read-only (regular files) or read into memory (stdin, pipes). */
struct cf_file {
	char *path;            /* as the user wrote it; "-" for stdin is shown as "<stdin>" */
	struct cf_slice bytes; /* valid until release */
	int64_t mtime_ns;      /* since the epoch; 0 when there is none (stdin) */
	uint64_t inode, device;
	gboolean mapped;
};

/*
 * Opens what the user named. "-" is stdin; regular files are mapped, a FIFO or character device is read up to
 * cap bytes. Directories, sockets, larger files: -1 with a located message. An empty file is an empty slice.
 */
int cf_file_open(struct cf_file *file, const char *path, uint64_t cap, struct cf_diag *diag);
void cf_file_release(struct cf_file *file);

/*
 * -1 with a message when at the path of a mapped file there is by now another one, or one of another size or time: what
 * was read may be neither the old content nor the new. A file that has gone is whole.
 */
int cf_file_check_unchanged(const struct cf_file *file, struct cf_diag *diag);

/* Gives the pages of a part of a *mapped* file's bytes back to the system; they are read again from the file when
 * they are touched. Never for other memory: its content would be lost. */
void cf_file_forget(struct cf_slice part);

/*
 * Opens what an input names: a regular file beneath root (openat2 RESOLVE_IN_ROOT, O_NONBLOCK, no device
 * files), at most cap bytes. Silent: returns -1 with errno (ENOENT, ELOOP, EFBIG, ...), since a missing
 * binary is no error. owner_only: refuse (EPERM) unless the file belongs to the user or to root.
 */
int cf_file_open_beneath(struct cf_file *file, const char *root, const char *path, uint64_t cap,
			 gboolean owner_only);

/* While it is open, a mapped file that is cut short by another process ends this one with a message,
 * status 3. */
void cf_files_guard_truncation(void);

/* A temporary file without a name, in $TMPDIR: its descriptor, or -1 with a message. */
int cf_file_unnamed(struct cf_diag *diag);

/*
 * Where products go: stdout ("-"), a file that appears whole or not at all (temporary in the same folder,
 * 0600 then the umask's mode, fsync, rename), or memory. Errors stick and are reported by close.
 */
struct cf_out;

struct cf_out *cf_out_file(const char *path, struct cf_diag *diag); /* NULL on error, said; "-" is stdout */
/* Files that aren't regular (/dev/full, a FIFO) are written in place. */
/* Adds to what path has, or makes it: all at once when it is closed, so that a failure adds nothing. */
struct cf_out *cf_out_append(const char *path, struct cf_diag *diag);
struct cf_out *cf_out_memory(void);
/* Permissions that the file appears with instead of the umask's: those of the one that it replaces. */
void cf_out_set_mode(struct cf_out *out, unsigned mode);
void cf_out_write(struct cf_out *out, const void *data, size_t len);
void cf_out_puts(struct cf_out *out, const char *text);
void cf_out_printf(struct cf_out *out, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* Memory only: what was written so far; borrowed, NUL-terminated. */
const char *cf_out_text(const struct cf_out *out, size_t *len);
/* 0, or -1 with the message. Frees out. EPIPE on stdout is quiet (-1, CF_STATUS_OK is for the caller to
 * decide). */
int cf_out_close(struct cf_out *out, struct cf_diag *diag);
void cf_out_abort(struct cf_out *out); /* removes the temporary file, frees */
gboolean cf_out_is_tty(const struct cf_out *out);

#endif
