/* SPDX-License-Identifier: MIT */
/* pipelines_import: what becomes of a source that is new, known, damaged or none. */
#include "pipelines/import.h"

#include "tests/unit/suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder, *top; /* top: of the tree, where the tests are started */
static struct cf_store *store;
static GString *messages;
static struct cf_diag diag;

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(messages, "%s%s%s: %s\n",
			       severity == CF_ERROR     ? "error: "
			       : severity == CF_WARNING ? "warning: "
							: "",
			       *where ? "at " : "", where, text);
}

static void setup(void)
{
	if (!top)
		top = g_get_current_dir();
	folder = g_dir_make_tmp("callflow-import-XXXXXX", NULL);
	ck_assert_int_eq(chdir(folder), 0);
	messages = g_string_new(NULL);
	diag = (struct cf_diag){ .consume = consume };
	store = cf_store_open(NULL, CF_STORE_MEMORY, &diag);
	ck_assert_ptr_nonnull(store);
}

static void remove_all(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		if (g_remove(inner) != 0)
			remove_all(inner);
	}
	if (dir)
		g_dir_close(dir);
	g_remove(path);
}

static void teardown(void)
{
	cf_store_close(store, &diag);
	g_string_free(messages, TRUE);
	ck_assert_int_eq(chdir("/"), 0);
	remove_all(folder);
	g_free(folder);
}

static void put(const char *path, const char *text)
{
	struct timespec times[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	g_autofree char *parent = g_path_get_dirname(path);

	g_mkdir_with_parents(parent, 0700);
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int import(const char *path, const struct cf_import *how_to, enum cf_imported *how, int64_t *run)
{
	static const struct cf_import plain;

	return cf_import_file(store, path, how_to ? how_to : &plain, how, run, &diag);
}

static struct cf_run *run_of(struct cf_run_set *set, int64_t id)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);

	ck_assert_int_eq(cf_store_select(store, text, NULL, 0, set, &diag), 0);
	return g_ptr_array_index(set->runs, 0);
}

START_TEST(new_source)
{
	struct cf_run_set set = { 0 };
	enum cf_imported how;
	int64_t id;
	struct cf_run *run;

	put("web.folded.txt", "main;a 3\nmain;b 4\n");
	ck_assert_int_eq(import("web.folded.txt", NULL, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_NEW);
	run = run_of(&set, id);
	ck_assert_str_eq(run->name, "web.folded");
	ck_assert_str_eq(run->format, "collapsed");
	ck_assert_int_eq(run->samples, 7);
	ck_assert_int_eq(run->start_ns, INT64_C(1700000000000000000));
	ck_assert_int_eq(run->start_source, CF_START_MTIME);
	/* What xxh128sum prints for these bytes. */
	ck_assert_str_eq(run->hash, "d59ed1279e3554532980b2e61a73ef48");
	cf_run_set_clear(&set);
	ck_assert_int_eq(cf_import_warnings(store, id, "web.folded.txt", NULL), 1);
	ck_assert_str_eq(messages->str, "");
	ck_assert_int_eq(cf_import_warnings(store, id, "web.folded.txt", &diag), 1);
	ck_assert_str_eq(messages->str,
			 "warning: at web.folded.txt: start taken from file time (~); --time sets it\n");
}
END_TEST

START_TEST(known_source)
{
	struct cf_import named = { .flags = { .name = "nightly" } };
	struct cf_import again = { .again = TRUE };
	struct cf_run_set set = { 0 };
	enum cf_imported how;
	int64_t first, id;

	put("one.txt", "main;a 3\n");
	put("copy.txt", "main;a 3\n");
	ck_assert_int_eq(import("one.txt", NULL, &how, &first), 0);
	ck_assert_int_eq(import("copy.txt", NULL, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_KNOWN);
	ck_assert_int_eq(id, first);
	ck_assert_int_eq(import("one.txt", &named, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_FLAGS);
	ck_assert_int_eq(import("one.txt", &named, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_KNOWN);
	ck_assert_int_eq(import("one.txt", &again, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_REPLACED);
	ck_assert_int_eq(id, first);
	ck_assert_str_eq(run_of(&set, id)->name, "nightly");
	cf_run_set_clear(&set);
	ck_assert_str_eq(messages->str, "");
}
END_TEST

/* The same bytes read with other options are other facts: the run is replaced in place. */
START_TEST(other_reading)
{
	g_autofree const struct cf_param **tables = cf_import_tables();
	struct cf_params *params = cf_params_new(tables);
	struct cf_import partial = { .params = params };
	enum cf_imported how;
	int64_t first, id;

	put("one.txt", "main;a 3\n");
	ck_assert_int_eq(import("one.txt", NULL, &how, &first), 0);
	ck_assert_int_eq(cf_params_set(params, "partial", "true", NULL, &diag), 0);
	ck_assert_int_eq(import("one.txt", &partial, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_REPLACED);
	ck_assert_int_eq(id, first);
	ck_assert_int_eq(import("one.txt", &partial, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_KNOWN);
	cf_params_free(params);
}
END_TEST

/* What is stored stays when today's symbols would take its names away. */
START_TEST(worse_reading)
{
	g_autofree char *perf = g_build_filename(top, "tests/data/demo/orders.perf.data", NULL);
	g_autofree char *symfs = g_build_filename(top, "tests/data/demo/symfs", NULL);
	g_autofree const struct cf_param **tables = cf_import_tables();
	struct cf_params *good = cf_params_new(tables), *bad = cf_params_new(tables);
	struct cf_import resolved = { .params = good }, nameless = { .params = bad, .again = TRUE };
	struct cf_run_set set = { 0 };
	enum cf_imported how;
	int64_t first, id, unresolved;

	put("empty/x", "");
	ck_assert_int_eq(cf_params_set(good, "symfs", symfs, NULL, &diag), 0);
	ck_assert_int_eq(cf_params_set(bad, "symfs", "empty", NULL, &diag), 0);
	ck_assert_int_eq(import(perf, &resolved, &how, &first), 0);
	unresolved = run_of(&set, first)->unresolved;
	cf_run_set_clear(&set);
	ck_assert_str_eq(messages->str, "");
	nameless.flags.name = "renamed";
	ck_assert_int_eq(import(perf, &nameless, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_KEPT);
	ck_assert_int_eq(id, first);
	/* The kernel's part has no names either way. */
	ck_assert_ptr_nonnull(strstr(messages->str,
				     ": kept as run 1: with today's symbols 100.00 % of it would be "
				     "unresolved, stored are 3.08 %; --again --force replaces it\n"));
	ck_assert_int_eq(run_of(&set, id)->unresolved, unresolved);
	ck_assert_str_eq(((const struct cf_run *)g_ptr_array_index(set.runs, 0))->name, "renamed");
	cf_run_set_clear(&set);
	/* The better one replaces the worse, and so does the worse when that is asked for. */
	nameless.force = TRUE;
	ck_assert_int_eq(import(perf, &nameless, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_REPLACED);
	ck_assert_int_eq(run_of(&set, id)->unresolved, 1266266265);
	cf_run_set_clear(&set);
	ck_assert_int_eq(import(perf, &resolved, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_REPLACED);
	ck_assert_int_eq(run_of(&set, id)->unresolved, unresolved);
	cf_run_set_clear(&set);
	cf_params_free(good);
	cf_params_free(bad);
}
END_TEST

/* A time that was given once outlives a second reading, and leaves no remark about the clock of the file. */
START_TEST(edited_time)
{
	const struct cf_run_flags flags = { .start_ns = 5, .start_source = CF_START_USER };
	struct cf_import again = { .again = TRUE };
	struct cf_run_set set = { 0 };
	enum cf_imported how;
	gboolean changed;
	int64_t id;

	put("one.txt", "main;a 3\n");
	ck_assert_int_eq(import("one.txt", NULL, &how, &id), 0);
	ck_assert_int_eq(cf_import_warnings(store, id, "one.txt", NULL), 1);
	ck_assert_int_eq(cf_store_edit(store, id, &flags, NULL, NULL, &changed, &diag), 0);
	ck_assert_int_eq(cf_import_warnings(store, id, "one.txt", NULL), 0);
	ck_assert_int_eq(import("one.txt", &again, &how, &id), 0);
	ck_assert_int_eq(how, CF_IMPORTED_REPLACED);
	ck_assert_int_eq(cf_import_warnings(store, id, "one.txt", NULL), 0);
	ck_assert_int_eq(run_of(&set, id)->start_ns, 5);
	cf_run_set_clear(&set);
}
END_TEST

/* A time that the user gives leaves no remark about the clock. */
START_TEST(given_time)
{
	struct cf_import timed = { .flags = { .start_ns = 5, .start_source = CF_START_USER } };
	struct cf_run_set set = { 0 };
	enum cf_imported how;
	int64_t id;

	put("one.txt", "main;a 3\n");
	ck_assert_int_eq(import("one.txt", &timed, &how, &id), 0);
	ck_assert_int_eq(run_of(&set, id)->start_ns, 5);
	cf_run_set_clear(&set);
	ck_assert_int_eq(cf_import_warnings(store, id, "one.txt", &diag), 0);
}
END_TEST

START_TEST(refused)
{
	static const struct {
		const char *path, *message;
	} cases[] = {
		{ "plain",
		  "error: at plain: a directory, neither a recording nor a repository; its files: callflow "
		  "ingest plain/*\n" },
		{ "repo", "error: at repo: the history of a repository, not a run; bring it in with: "
			  "callflow ingest repo\n" },
		{ "rec",
		  "error: at rec: a recording in perf's directory format; this version reads single files: "
		  "record without --threads\n" },
	};
	struct cf_run_set all = { 0 };
	enum cf_imported how;
	int64_t id;

	put("plain/x.txt", "a 1\n");
	put("repo/.git/HEAD", "");
	put("rec/data.0", "");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_string_truncate(messages, 0);
		ck_assert_int_eq(import(cases[i].path, NULL, &how, &id), -1);
		ck_assert_str_eq(messages->str, cases[i].message);
	}
	put("junk", "\001\002\003");
	diag.errors = 0;
	ck_assert_int_eq(import("junk", NULL, &how, &id), -1);
	ck_assert_uint_eq(diag.errors, 1);
	ck_assert_int_eq(import("missing", NULL, &how, &id), -1);
	ck_assert_uint_eq(diag.errors, 2);
	ck_assert_int_eq(diag.status, CF_STATUS_INPUT);
	ck_assert_int_eq(cf_store_runs(store, NULL, &all, &diag), 0);
	ck_assert_uint_eq(all.runs->len, 0);
	cf_run_set_clear(&all);
}
END_TEST

#define SHA_A "0123456789abcdef0123456789abcdef01234567"
#define SHA_B "89abcdef0123456789abcdef0123456789abcdef"

static void assert_commit(const char *rev, const char *expected)
{
	g_autofree char *hash = cf_commit_resolve(rev, &diag);

	if (expected)
		ck_assert_str_eq(hash, expected);
	else
		ck_assert_ptr_null(hash);
}

/* Another program writes while the file is being read: the same size and content, and more, and another file. */
static void touch(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage)
{
	if (stage == CF_IMPORT_READING)
		ck_assert_int_eq(utimensat(AT_FDCWD, path, NULL, 0), 0);
}

static void append(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage)
{
	struct timespec times[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	FILE *file = fopen(path, "a");

	ck_assert_ptr_nonnull(file);
	fputs("main;late 1\n", file);
	fclose(file);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void replace(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage)
{
	put("other.txt", "main;work 9\n");
	ck_assert_int_eq(g_rename("other.txt", path), 0);
}

static void take_away(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage)
{
	g_remove(path);
}

START_TEST(changing_files)
{
	void (*const writers[])(void *, const char *, uint64_t, enum cf_import_stage) = { touch, append,
											  replace };
	struct cf_import how_to = { 0 };
	struct cf_run_set all = { 0 };
	enum cf_imported how;
	int64_t run = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
		put("a.txt", "main;work 8\n");
		how_to.progress = writers[i];
		ck_assert_int_eq(import("a.txt", &how_to, &how, &run), -1);
	}
	ck_assert_str_eq(
		messages->str,
		"error: at a.txt: changed while it was read; once it is complete, ingest it again\n"
		"error: at a.txt: changed while it was read; once it is complete, ingest it again\n"
		"error: at a.txt: changed while it was read; once it is complete, ingest it again\n");
	ck_assert_int_eq(cf_store_select(store, "@", NULL, 0, &all, &diag), -1);
	put("a.txt", "main;work 8\n");
	how_to.progress = take_away;
	ck_assert_int_eq(import("a.txt", &how_to, &how, &run), 0);
}
END_TEST

START_TEST(commits)
{
	g_unsetenv("GITHUB_SHA");
	g_unsetenv("CI_COMMIT_SHA");
	assert_commit("ABCDEF0", "abcdef0");
	assert_commit("main", NULL);
	put("repo/.git/HEAD", "ref: refs/heads/main\n");
	put("repo/deep/file", "");
	ck_assert_int_eq(chdir("repo/deep"), 0);
	assert_commit("auto", NULL);
	put("../.git/packed-refs", "# pack-refs with: peeled fully-peeled sorted\n" SHA_B
				   " refs/heads/main\n^" SHA_A "\n" SHA_A " refs/heads/topic/x\n");
	assert_commit("auto", SHA_B);
	assert_commit("topic/x", SHA_A);
	/* A loose reference goes before a packed one. */
	put("../.git/refs/heads/main", SHA_A "\n");
	assert_commit("HEAD", SHA_A);
	/* A work tree of its own has a file that names its directory, and shares the references. */
	put("../.git/worktrees/w/HEAD", "ref: refs/heads/topic/x\n");
	put("../.git/worktrees/w/commondir", "../..\n");
	put("../../w/.git", "gitdir: ../repo/.git/worktrees/w\n");
	ck_assert_int_eq(chdir("../../w"), 0);
	assert_commit("auto", SHA_A);
	assert_commit("main", SHA_A);
	/* References that go in circles, or out of the repository. */
	put(".git", "gitdir: ../repo/.git\n");
	put("../repo/.git/HEAD", "ref: HEAD\n");
	assert_commit("auto", NULL);
	put("../repo/.git/HEAD", "ref: ../../../../../../../../etc/hostname\n");
	assert_commit("auto", NULL);
	g_setenv("CI_COMMIT_SHA", SHA_B, TRUE);
	assert_commit("auto", SHA_B);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines_import");
	TCase *c = tcase_create("import");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, new_source);
	tcase_add_test(c, known_source);
	tcase_add_test(c, other_reading);
	tcase_add_test(c, worse_reading);
	tcase_add_test(c, edited_time);
	tcase_add_test(c, given_time);
	tcase_add_test(c, refused);
	tcase_add_test(c, changing_files);
	tcase_add_test(c, commits);
	suite_add_tcase(s, c);
	return s;
}
