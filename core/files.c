/* SPDX-License-Identifier: MIT */
/* files: the only opener of files that inputs or users name, and the only writer of output files. */
#include "core/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_CHUNK (64 * 1024)
#define OUT_BUFFER (64 * 1024)

static const uint8_t no_bytes[1];

static void fill(struct cf_file *file, const struct stat *st)
{
	file->inode = st->st_ino;
	file->device = st->st_dev;
	file->mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
	file->bytes = (struct cf_slice){ no_bytes, 0 };
}

/* Reads fd to its end into memory. 0, or an errno: EFBIG when there are more than cap bytes. */
static int read_all(struct cf_file *file, int fd, uint64_t cap)
{
	size_t size = 0, len = 0;
	uint8_t *data = NULL;

	for (;;) {
		ssize_t n;

		if (size - len < READ_CHUNK) {
			size_t more = size ? size * 2 : READ_CHUNK * 2;
			uint8_t *grown = more > size ? g_try_realloc(data, more) : NULL;

			if (!grown) {
				g_free(data);
				return ENOMEM;
			}
			data = grown;
			size = more;
		}
		n = read(fd, data + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int err = errno;

			g_free(data);
			return err;
		}
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > cap) {
			g_free(data);
			return EFBIG;
		}
	}
	if (!len)
		g_clear_pointer(&data, g_free);
	file->bytes = (struct cf_slice){ data ? data : no_bytes, len };
	file->mapped = FALSE;
	return 0;
}

/* Maps the whole of a regular file of st_size bytes. 0 or an errno. */
static int map(struct cf_file *file, int fd, const struct stat *st, uint64_t cap)
{
	void *data;

	if ((uint64_t)st->st_size > cap)
		return EFBIG;
	if (!st->st_size)
		return 0;
	data = mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return errno;
	file->bytes = (struct cf_slice){ data, (uint64_t)st->st_size };
	file->mapped = TRUE;
	return 0;
}

static int refuse(struct cf_diag *diag, const struct cf_loc *loc, int err, uint64_t cap)
{
	if (err == EFBIG)
		return cf_error(diag, loc, "too large: more than the limit of %" G_GUINT64_FORMAT " bytes",
				cap);
	if (err == ENOMEM)
		return cf_error_as(diag, CF_STATUS_SYSTEM, loc, "out of memory while reading");
	return cf_error_errno(diag, loc, err, "can't read");
}

/* Takes fd's content by what fd is. 0, or -1 with the message. */
static int load(struct cf_file *file, int fd, uint64_t cap, const struct cf_loc *loc, struct cf_diag *diag)
{
	struct stat st;
	int err;

	if (fstat(fd, &st) < 0)
		return cf_error_errno(diag, loc, errno, "can't read");
	fill(file, &st);
	if (S_ISDIR(st.st_mode))
		return cf_error(diag, loc, "is a directory, expected a file");
	if (S_ISREG(st.st_mode) && st.st_size > 0 && fd != STDIN_FILENO)
		err = map(file, fd, &st, cap);
	else if (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) || fd == STDIN_FILENO)
		err = read_all(file, fd, cap); /* files in /proc say that they are empty */
	else
		return cf_error(diag, loc, "is neither a file nor a pipe");
	if (!S_ISREG(st.st_mode) || fd == STDIN_FILENO)
		file->mtime_ns = 0;
	return err ? refuse(diag, loc, err, cap) : 0;
}

int cf_file_open(struct cf_file *file, const char *path, uint64_t cap, struct cf_diag *diag)
{
	gboolean is_stdin = !strcmp(path, "-");
	struct cf_loc loc = { .path = is_stdin ? "<stdin>" : path };
	int fd, rc;

	*file = (struct cf_file){ .bytes = { no_bytes, 0 } };
	if (is_stdin) {
		fd = STDIN_FILENO;
	} else {
		do
			fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR);
		if (fd < 0)
			return cf_error_errno(diag, &loc, errno, "can't open");
	}
	rc = load(file, fd, cap, &loc, diag);
	if (!is_stdin)
		close(fd);
	if (rc == 0)
		file->path = g_strdup(loc.path);
	return rc;
}

void cf_file_release(struct cf_file *file)
{
	if (file->mapped)
		munmap((void *)file->bytes.data, (size_t)file->bytes.len);
	else if (file->bytes.data != no_bytes)
		g_free((void *)file->bytes.data);
	g_free(file->path);
	*file = (struct cf_file){ 0 };
}

int cf_file_unnamed(struct cf_diag *diag)
{
	const char *folder = g_get_tmp_dir();
	struct cf_loc loc = { .path = folder };
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0) {
		/* File systems that know no files without a name. */
		g_autofree char *name = g_build_filename(folder, "callflow-XXXXXX", NULL);

		fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
		if (fd < 0)
			return cf_error_errno(diag, &loc, errno, "cannot make a temporary file");
		unlink(name);
	}
	return fd;
}

int cf_file_check_unchanged(const struct cf_file *file, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = file->path };
	struct cf_file now = { 0 };
	struct stat st;

	if (!file->mapped || stat(file->path, &st) < 0)
		return 0;
	fill(&now, &st);
	if (now.device == file->device && now.inode == file->inode && now.mtime_ns == file->mtime_ns &&
	    (uint64_t)st.st_size == file->bytes.len)
		return 0;
	return cf_error(diag, &loc, "changed while it was read; once it is complete, ingest it again");
}

void cf_file_forget(struct cf_slice part)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = (uintptr_t)part.data & ~(page - 1);
	uintptr_t to = ((uintptr_t)part.data + part.len) & ~(page - 1);

	/* A mapping begins with a whole page, so that the first byte's page is the file's from its start; the last
	 * one's may still be wanted. Advice: where the system doesn't take it, memory is used, no more. */
	if (to > from)
		(void)madvise((void *)from, to - from, MADV_DONTNEED);
}

/*
 * openat2 has no wrapper in the C library. Where the kernel lacks it (before 5.6) the open is refused: there
 * is no other way to stay beneath root without a race.
 */
static int open_in_root(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	do
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	return (int)fd;
}

/* Why what fd is of isn't to be read, an errno; 0: it is. */
static int refusal(int fd, gboolean owner_only, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return errno;
	if (S_ISDIR(st->st_mode))
		return EISDIR;
	if (!S_ISREG(st->st_mode))
		return EINVAL;
	return owner_only && st->st_uid != geteuid() && st->st_uid != 0 ? EPERM : 0;
}

/*
 * Looks before it opens: opening a pipe lets its writer go on, and a device may do anything. What takes the place of a
 * file in between is seen after it was opened, which doesn't block.
 */
static int open_regular(const char *root, const char *path, gboolean owner_only, struct stat *st)
{
	int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1, err = 0;

	if (dir < 0)
		return -1;
	for (int flags = O_PATH; !err; flags = O_RDONLY | O_NONBLOCK | O_NOCTTY) {
		if (fd >= 0)
			close(fd);
		fd = open_in_root(dir, path, flags);
		err = fd < 0 ? errno : refusal(fd, owner_only, st);
		if (flags != O_PATH)
			break;
	}
	close(dir);
	if (err && fd >= 0)
		close(fd);
	errno = err;
	return err ? -1 : fd;
}

int cf_file_open_beneath(struct cf_file *file, const char *root, const char *path, uint64_t cap,
			 gboolean owner_only)
{
	struct stat st;
	int fd, err;

	*file = (struct cf_file){ .bytes = { no_bytes, 0 } };
	fd = open_regular(root, path, owner_only, &st);
	if (fd < 0)
		return -1;
	fill(file, &st);
	/* A size of 0 is believed here: what pretends to be empty (/proc/PID/mem) isn't read. */
	err = map(file, fd, &st, cap);
	close(fd);
	if (err) {
		errno = err;
		return -1;
	}
	file->path = g_strdup(path);
	return 0;
}

static void cut_short(int signo)
{
	static const char text[] = "callflow: error: input file was cut short while it was read\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	_exit(CF_STATUS_INPUT);
}

void cf_files_guard_truncation(void)
{
	struct sigaction action = { .sa_handler = cut_short };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

enum out_kind { OUT_MEMORY, OUT_STDOUT, OUT_IN_PLACE, OUT_REPLACE, OUT_APPEND };

struct cf_out {
	enum out_kind kind;
	int fd;
	mode_t mode;     /* of what replaces a file; 0: the umask's */
	int err;         /* first errno, sticks */
	char *path;      /* as the user wrote it; "<stdout>" */
	char *temporary; /* OUT_REPLACE */
	GString *buffer; /* all of it for OUT_MEMORY and OUT_APPEND */
};

static struct cf_out *out_new(enum out_kind kind, int fd, const char *path)
{
	struct cf_out *out = g_new0(struct cf_out, 1);

	out->kind = kind;
	out->fd = fd;
	out->path = g_strdup(path);
	out->buffer = g_string_new(NULL);
	return out;
}

static void out_free(struct cf_out *out)
{
	g_string_free(out->buffer, TRUE);
	g_free(out->path);
	g_free(out->temporary);
	g_free(out);
}

/* "dir/.name.XXXXXX" beside path, the name cut so that the result is a legal one. */
static char *temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return g_strdup_printf("%.*s.%.200s.XXXXXX", (int)(name - path), path, name);
}

struct cf_out *cf_out_file(const char *path, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	struct cf_out *out;
	struct stat st;
	int fd;

	if (!strcmp(path, "-") || !strcmp(path, "/dev/stdout") || !strcmp(path, "/dev/fd/1"))
		return out_new(OUT_STDOUT, STDOUT_FILENO, "<stdout>");
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISDIR(st.st_mode)) {
			cf_error(diag, &loc, "is a directory, expected a file to write");
			return NULL;
		}
		do
			fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR);
		if (fd < 0) {
			cf_error_errno(diag, &loc, errno, "can't write");
			return NULL;
		}
		return out_new(OUT_IN_PLACE, fd, path);
	}
	if (!*path || path[strlen(path) - 1] == '/') {
		cf_error(diag, &loc, "found no file name to write to");
		return NULL;
	}
	out = out_new(OUT_REPLACE, -1, path);
	out->temporary = temporary_name(path);
	out->fd = mkostemp(out->temporary, O_CLOEXEC);
	if (out->fd < 0) {
		cf_error_errno(diag, &loc, errno, "can't write");
		out_free(out);
		return NULL;
	}
	return out;
}

struct cf_out *cf_out_append(const char *path, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	int fd;

	do
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		cf_error_errno(diag, &loc, errno, "can't write");
		return NULL;
	}
	return out_new(OUT_APPEND, fd, path);
}

struct cf_out *cf_out_memory(void)
{
	return out_new(OUT_MEMORY, -1, "");
}

void cf_out_set_mode(struct cf_out *out, unsigned mode)
{
	out->mode = (mode_t)mode;
}

static void flush(struct cf_out *out)
{
	const char *data = out->buffer->str;
	size_t left = out->buffer->len;

	while (left && !out->err) {
		ssize_t n = write(out->fd, data, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			out->err = n < 0 ? errno : EIO;
			break;
		}
		data += n;
		left -= (size_t)n;
	}
	g_string_truncate(out->buffer, 0);
}

void cf_out_write(struct cf_out *out, const void *data, size_t len)
{
	if (out->err)
		return;
	g_string_append_len(out->buffer, data, (gssize)len);
	if (out->kind != OUT_MEMORY && out->kind != OUT_APPEND && out->buffer->len >= OUT_BUFFER)
		flush(out);
}

void cf_out_puts(struct cf_out *out, const char *text)
{
	cf_out_write(out, text, strlen(text));
}

void cf_out_printf(struct cf_out *out, const char *fmt, ...)
{
	va_list args;

	if (out->err)
		return;
	va_start(args, fmt);
	g_string_append_vprintf(out->buffer, fmt, args);
	va_end(args);
	if (out->kind != OUT_MEMORY && out->kind != OUT_APPEND && out->buffer->len >= OUT_BUFFER)
		flush(out);
}

const char *cf_out_text(const struct cf_out *out, size_t *len)
{
	g_assert(out->kind == OUT_MEMORY);
	if (len)
		*len = out->buffer->len;
	return out->buffer->str;
}

gboolean cf_out_is_tty(const struct cf_out *out)
{
	return out->kind == OUT_STDOUT && isatty(out->fd);
}

/* After the rename: makes the new name itself durable. File systems that can't are left alone. */
static void sync_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Puts the finished temporary file in place. A symbolic link at path is replaced, not followed. */
static void publish(struct cf_out *out)
{
	mode_t mask = umask(0);

	umask(mask);
	if (!out->err && fchmod(out->fd, out->mode ? out->mode : 0666 & ~mask) < 0)
		out->err = errno;
	if (!out->err && fsync(out->fd) < 0 && errno != EINVAL)
		out->err = errno;
	if (close(out->fd) < 0 && errno != EINTR && !out->err)
		out->err = errno;
	if (!out->err && rename(out->temporary, out->path) < 0)
		out->err = errno;
	if (out->err)
		unlink(out->temporary);
	else
		sync_folder(out->path);
}

/* What was written of it goes again when not all of it could be. */
static void append(struct cf_out *out)
{
	off_t before = lseek(out->fd, 0, SEEK_END);

	flush(out);
	if (out->err && before >= 0 && ftruncate(out->fd, before) < 0)
		return;
}

int cf_out_close(struct cf_out *out, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = out->path };
	int rc = 0;

	if (out->kind == OUT_APPEND)
		append(out);
	else if (out->kind != OUT_MEMORY)
		flush(out);
	if (out->kind == OUT_REPLACE)
		publish(out);
	else if ((out->kind == OUT_IN_PLACE || out->kind == OUT_APPEND) && close(out->fd) < 0 &&
		 errno != EINTR && !out->err)
		out->err = errno;
	if (out->err == EPIPE && out->kind == OUT_STDOUT)
		rc = -1;
	else if (out->err)
		rc = cf_error_errno(diag, &loc, out->err, "can't write");
	out_free(out);
	return rc;
}

void cf_out_abort(struct cf_out *out)
{
	if (out->kind == OUT_REPLACE || out->kind == OUT_IN_PLACE || out->kind == OUT_APPEND)
		close(out->fd);
	if (out->kind == OUT_REPLACE)
		unlink(out->temporary);
	out_free(out);
}
