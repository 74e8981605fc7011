/* SPDX-License-Identifier: MIT */
/* core_files: opening what users and inputs name, and writing products whole or not at all. */
#include "tests/unit/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/files.h"

static char *folder;
static GString *said;
static struct cf_diag diag;

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	const char *path = loc->path;

	/* The folder's name differs from run to run. */
	if (g_str_has_prefix(path, folder))
		path = path[strlen(folder)] ? path + strlen(folder) + 1 : "FOLDER";
	g_string_append_printf(ctx, "%s: %s\n", path, text);
}

static void setup(void)
{
	folder = g_dir_make_tmp("callflow-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
	said = g_string_new(NULL);
	diag = (struct cf_diag){ .consume = collect, .ctx = said };
}

static void teardown(void)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_remove(path);
	}
	g_rmdir(folder);
	g_free(folder);
	g_string_free(said, TRUE);
}

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *make(const char *name, const char *text)
{
	char *path = in_folder(name);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void check_bytes(const struct cf_file *file, const char *want)
{
	ck_assert_uint_eq(file->bytes.len, strlen(want));
	ck_assert_mem_eq(file->bytes.data, want, strlen(want));
}

START_TEST(opens_files)
{
	g_autofree char *path = make("a", "hello"), *empty = make("e", "");
	struct cf_file file;
	struct stat st;

	ck_assert_int_eq(cf_file_open(&file, path, 5, &diag), 0);
	check_bytes(&file, "hello");
	ck_assert_str_eq(file.path, path);
	ck_assert(file.mapped);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(file.inode == st.st_ino && file.device == st.st_dev);
	ck_assert(file.mtime_ns == (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
	cf_file_release(&file);
	ck_assert_int_eq(cf_file_open(&file, empty, 5, &diag), 0);
	check_bytes(&file, "");
	cf_file_release(&file);
	/* /proc says 0 bytes. */
	ck_assert_int_eq(cf_file_open(&file, "/proc/self/status", 100000, &diag), 0);
	ck_assert_uint_gt(file.bytes.len, 100);
	cf_file_release(&file);
	ck_assert_str_eq(said->str, "");
}
END_TEST

/* Any part may be forgotten, and more than once: the bytes stay what the file has. */
START_TEST(forgets_and_reads_again)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = 5 * page + 17;
	g_autofree char *text = g_strnfill(len, 'x'), *path = NULL;
	struct cf_slice part;
	struct cf_file file;

	for (size_t i = 0; i < len; i += 7)
		text[i] = (char)('a' + i % 23);
	path = make("a", text);
	ck_assert_int_eq(cf_file_open(&file, path, len, &diag), 0);
	for (size_t from = 0; from <= len; from += page / 2) {
		for (size_t n = 0; n <= len - from; n += page / 2 + 1) {
			ck_assert(cf_slice_sub(file.bytes, from, n, &part));
			cf_file_forget(part);
			check_bytes(&file, text);
		}
	}
	cf_file_forget(file.bytes);
	check_bytes(&file, text);
	cf_file_release(&file);
}
END_TEST

START_TEST(refuses_to_open)
{
	g_autofree char *path = make("a", "hello"), *missing = in_folder("none");
	struct cf_file file;

	ck_assert_int_eq(cf_file_open(&file, missing, 5, &diag), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_INPUT);
	ck_assert_int_eq(cf_file_open(&file, folder, 5, &diag), -1);
	ck_assert_int_eq(cf_file_open(&file, path, 4, &diag), -1);
	ck_assert_int_eq(cf_file_open(&file, "/dev/zero", 1000, &diag), -1);
	ck_assert_str_eq(said->str, "none: can't open: No such file or directory\n"
				    "FOLDER: is a directory, expected a file\n"
				    "a: too large: more than the limit of 4 bytes\n"
				    "/dev/zero: too large: more than the limit of 1000 bytes\n");
	cf_file_release(&file);
}
END_TEST

static void *feed(void *data)
{
	int fd = open(data, O_WRONLY);

	for (int i = 0; i < 100000; i++)
		if (write(fd, "0123456789", 10) != 10)
			break;
	close(fd);
	return NULL;
}

START_TEST(reads_pipes)
{
	g_autofree char *path = in_folder("fifo");
	struct cf_file file;
	pthread_t thread;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, feed, path), 0);
	ck_assert_int_eq(cf_file_open(&file, path, 1000000, &diag), 0);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(file.bytes.len, 1000000);
	ck_assert_mem_eq(file.bytes.data + 999990, "0123456789", 10);
	ck_assert(!file.mapped);
	ck_assert_int_eq(file.mtime_ns, 0);
	cf_file_release(&file);
}
END_TEST

START_TEST(reads_stdin)
{
	g_autofree char *path = make("in", "from stdin");
	int saved = dup(STDIN_FILENO), fd = open(path, O_RDONLY);
	struct cf_file file;

	dup2(fd, STDIN_FILENO);
	close(fd);
	ck_assert_int_eq(cf_file_open(&file, "-", 100, &diag), 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
	check_bytes(&file, "from stdin");
	ck_assert_str_eq(file.path, "<stdin>");
	ck_assert_int_eq(file.mtime_ns, 0);
	cf_file_release(&file);
}
END_TEST

static void beneath_fails(const char *path, uint64_t cap, int err)
{
	struct cf_file file;

	errno = 0;
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, path, cap, FALSE), -1);
	ck_assert_msg(errno == err, "%s: %s", path, strerror(errno));
}

START_TEST(stays_beneath_a_root)
{
	g_autofree char *made = make("a", "hello"), *fifo = in_folder("fifo"), *inside = in_folder("inside"),
			*outside = in_folder("outside"), *loop = in_folder("loop");
	struct cf_file file;

	ck_assert_ptr_nonnull(made);
	ck_assert_int_eq(symlink("/a", inside), 0);
	ck_assert_int_eq(symlink("../../../../../../etc/passwd", outside), 0);
	ck_assert_int_eq(symlink("loop", loop), 0);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, "a", 5, TRUE), 0);
	ck_assert_str_eq(file.path, "a");
	check_bytes(&file, "hello");
	cf_file_release(&file);
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, "/../../a", 5, FALSE), 0);
	cf_file_release(&file);
	/* The root is "/" for links as well. */
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, "inside", 5, FALSE), 0);
	check_bytes(&file, "hello");
	cf_file_release(&file);
	beneath_fails("outside", 1000000, ENOENT);
	beneath_fails("/etc/passwd", 1000000, ENOENT);
	beneath_fails("none", 5, ENOENT);
	beneath_fails("a", 4, EFBIG);
	beneath_fails(".", 5, EISDIR);
	beneath_fails("fifo", 5, EINVAL);
	beneath_fails("loop", 5, ELOOP);
	ck_assert_int_eq(cf_file_open_beneath(&file, "/", "/dev/zero", 5, FALSE), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(cf_file_open_beneath(&file, "/", "/proc/self/exe", UINT64_MAX, FALSE), -1);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(cf_file_open_beneath(&file, "/", "/proc/self/mem", UINT64_MAX, FALSE), 0);
	ck_assert_uint_eq(file.bytes.len, 0);
	cf_file_release(&file);
	ck_assert_str_eq(said->str, "");
}
END_TEST

START_TEST(checks_the_owner)
{
	g_autofree char *path = make("a", "hello");
	struct cf_file file;

	if (geteuid() != 0)
		return; /* only root can give a file away */
	ck_assert_int_eq(chown(path, 12345, 12345), 0);
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, "a", 5, TRUE), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(cf_file_open_beneath(&file, folder, "a", 5, FALSE), 0);
	cf_file_release(&file);
}
END_TEST

static int entries(void)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	int n = 0;

	while (g_dir_read_name(dir))
		n++;
	return n;
}

static void check_file(const char *path, const char *want)
{
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_str_eq(text, want);
}

START_TEST(writes_whole_files)
{
	g_autofree char *path = make("out", "old");
	struct cf_out *out;
	struct stat st;
	mode_t mask = umask(027);

	out = cf_out_file(path, &diag);
	ck_assert_ptr_nonnull(out);
	cf_out_puts(out, "new ");
	cf_out_write(out, "x\0y", 3);
	cf_out_printf(out, " %d", 5);
	check_file(path, "old");
	ck_assert_int_eq(entries(), 2);
	ck_assert(!cf_out_is_tty(out));
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
	umask(mask);
	ck_assert_int_eq(entries(), 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	ck_assert_int_eq((int)st.st_size, 9);

	out = cf_out_file(path, &diag);
	cf_out_puts(out, "never");
	cf_out_abort(out);
	ck_assert_int_eq(entries(), 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq((int)st.st_size, 9);
	ck_assert_str_eq(said->str, "");
}
END_TEST

START_TEST(writes_much)
{
	g_autofree char *path = in_folder("big"), *text = NULL;
	struct cf_out *out = cf_out_file(path, &diag);
	gsize len;

	for (int i = 0; i < 50000; i++)
		cf_out_printf(out, "%06d\n", i);
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
	ck_assert(g_file_get_contents(path, &text, &len, NULL));
	ck_assert_uint_eq(len, 350000);
	ck_assert_mem_eq(text + 349993, "049999\n", 7);
}
END_TEST

/* All at once at its end: what fails adds nothing to what others have written. */
START_TEST(appends)
{
	g_autofree char *path = in_folder("summary");
	g_autofree char *much = g_strnfill(300000, 'x');
	struct rlimit limit, small = { .rlim_cur = 100000, .rlim_max = RLIM_INFINITY };
	struct cf_out *out = cf_out_append(path, &diag);

	cf_out_puts(out, "one\n");
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
	out = cf_out_append(path, &diag);
	cf_out_puts(out, much);
	check_file(path, "one\n");
	cf_out_abort(out);
	out = cf_out_append(path, &diag);
	cf_out_puts(out, "two\n");
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
	check_file(path, "one\ntwo\n");
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small.rlim_max = limit.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	out = cf_out_append(path, &diag);
	cf_out_puts(out, much);
	ck_assert_int_eq(cf_out_close(out, &diag), -1);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	check_file(path, "one\ntwo\n");
	ck_assert_ptr_null(cf_out_append(folder, &diag));
}
END_TEST

START_TEST(replaces_links)
{
	g_autofree char *target = make("target", "keep"), *path = in_folder("link");
	struct cf_out *out;

	ck_assert_int_eq(symlink(target, path), 0);
	out = cf_out_file(path, &diag);
	cf_out_puts(out, "new");
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
	check_file(target, "keep");
	check_file(path, "new");
	ck_assert(!g_file_test(path, G_FILE_TEST_IS_SYMLINK));
}
END_TEST

START_TEST(says_why_not_written)
{
	g_autofree char *nowhere = in_folder("no/such"), *slash = in_folder("x/");
	g_autofree char *long_name = g_strnfill(250, 'n'), *long_path = in_folder(long_name);
	struct cf_out *out;

	out = cf_out_file("/dev/full", &diag);
	cf_out_puts(out, "x");
	ck_assert_int_eq(cf_out_close(out, &diag), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_SYSTEM);
	ck_assert_ptr_null(cf_out_file(nowhere, &diag));
	ck_assert_ptr_null(cf_out_file(folder, &diag));
	ck_assert_ptr_null(cf_out_file(slash, &diag));
	ck_assert_str_eq(said->str, "/dev/full: can't write: No space left on device\n"
				    "no/such: can't write: No such file or directory\n"
				    "FOLDER: is a directory, expected a file to write\n"
				    "x/: found no file name to write to\n");
	out = cf_out_file(long_path, &diag);
	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
}
END_TEST

/* A full disk in the middle: the old file stays, nothing else does. */
START_TEST(survives_a_size_limit)
{
	g_autofree char *path = make("out", "old");
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct cf_out *out;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 100000, 100000 });
		out = cf_out_file(path, &diag);
		for (int i = 0; i < 50000; i++)
			cf_out_puts(out, "0123456789");
		_exit(cf_out_close(out, &diag) == -1 && diag.errors == 1 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	check_file(path, "old");
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(is_quiet_about_closed_pipes)
{
	int pipes[2], saved = dup(STDOUT_FILENO);
	struct cf_out *out;

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(pipes), 0);
	close(pipes[0]);
	dup2(pipes[1], STDOUT_FILENO);
	close(pipes[1]);
	out = cf_out_file("-", &diag);
	cf_out_puts(out, "x");
	ck_assert_int_eq(cf_out_close(out, &diag), -1);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	ck_assert_str_eq(said->str, "");
}
END_TEST

START_TEST(keeps_memory)
{
	struct cf_out *out = cf_out_memory();
	size_t len;

	for (int i = 0; i < 20000; i++)
		cf_out_puts(out, "0123456789");
	ck_assert_int_eq(strncmp(cf_out_text(out, &len), "0123456789012", 13), 0);
	ck_assert_uint_eq(len, 200000);
	ck_assert_int_eq(cf_out_close(out, &diag), 0);
}
END_TEST

START_TEST(ends_when_a_file_is_cut)
{
	g_autofree char *path = make("a", "hello");
	int pipes[2], status;
	char text[200] = "";
	pid_t child;

	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		struct cf_file file;

		dup2(pipes[1], STDERR_FILENO);
		cf_files_guard_truncation();
		if (cf_file_open(&file, path, 100, &diag) < 0 || truncate(path, 0) < 0)
			_exit(99);
		_exit(file.bytes.data[0]);
	}
	close(pipes[1]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), CF_STATUS_INPUT);
	ck_assert_int_gt((int)read(pipes[0], text, sizeof(text) - 1), 0);
	ck_assert_str_eq(text, "callflow: error: input file was cut short while it was read\n");
	close(pipes[0]);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/files");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, opens_files);
	tcase_add_test(t, forgets_and_reads_again);
	tcase_add_test(t, refuses_to_open);
	tcase_add_test(t, reads_pipes);
	tcase_add_test(t, reads_stdin);
	tcase_add_test(t, stays_beneath_a_root);
	tcase_add_test(t, checks_the_owner);
	tcase_add_test(t, writes_whole_files);
	tcase_add_test(t, writes_much);
	tcase_add_test(t, appends);
	tcase_add_test(t, replaces_links);
	tcase_add_test(t, says_why_not_written);
	tcase_add_test(t, survives_a_size_limit);
	tcase_add_test(t, is_quiet_about_closed_pipes);
	tcase_add_test(t, keeps_memory);
	tcase_add_test(t, ends_when_a_file_is_cut);
	suite_add_tcase(s, t);
	return s;
}
