/* SPDX-License-Identifier: MIT */
/* store_open: what may be opened, by whom, and what is left on disk. */
#include "store/statement.h"
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	struct fixture f;
	char *folder, *path;
};

static void place_init(struct place *p)
{
	fixture_init(&p->f);
	p->folder = g_dir_make_tmp("callflow-store-XXXXXX", NULL);
	ck_assert_ptr_nonnull(p->folder);
	p->path = g_build_filename(p->folder, "w.db", NULL);
}

static int entries(const struct place *p)
{
	GDir *dir = g_dir_open(p->folder, 0, NULL);
	int count = 0;

	while (g_dir_read_name(dir))
		count++;
	g_dir_close(dir);
	return count;
}

static void place_clear(struct place *p)
{
	GDir *dir = g_dir_open(p->folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(p->folder, name, NULL);

		unlink(path);
	}
	g_dir_close(dir);
	ck_assert_int_eq(rmdir(p->folder), 0);
	g_free(p->folder);
	g_free(p->path);
}

static void create_with_run(struct place *p)
{
	struct cf_store *store = cf_store_open(p->path, CF_STORE_CREATE, &p->f.diag);
	g_autofree char *note = g_strdup_printf("note: created store %s", p->path);

	ck_assert_ptr_nonnull(store);
	fixture_put(&p->f, store, "00aa", fixture_trace("nightly", 10, 0));
	fixture_said(&p->f, note);
	fixture_close(&p->f, store);
}

static char *contents(const char *path)
{
	char *data = NULL, *sum;
	gsize len = 0;

	ck_assert(g_file_get_contents(path, &data, &len, NULL));
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, len);
	g_free(data);
	return sum;
}

START_TEST(test_create)
{
	struct place p;
	struct stat st;
	mode_t old = umask(0);

	place_init(&p);
	create_with_run(&p);
	umask(old);
	ck_assert_int_eq(stat(p.path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(entries(&p), 1);
	place_clear(&p);
}
END_TEST

/* Asking a store that isn't there yet answers "nothing", and leaves nothing. */
START_TEST(test_create_unused)
{
	struct place p;
	struct cf_source source = {
		.path = "p", .hash = "00aa", .format = "perf", .version = 1, .options = ""
	};
	struct cf_store *store;
	struct cf_run_set set;
	enum cf_known known;
	int64_t run;

	place_init(&p);
	store = cf_store_open(p.path, CF_STORE_CREATE, &p.f.diag);
	ck_assert_int_eq(cf_store_known(store, &source, &known, &run, &p.f.diag), 0);
	ck_assert_int_eq(known, CF_KNOWN_NO);
	ck_assert_int_eq(cf_store_runs(store, NULL, &set, &p.f.diag), 0);
	ck_assert_uint_eq(set.runs->len, 0);
	cf_run_set_clear(&set);
	fixture_close(&p.f, store);
	ck_assert_int_eq(entries(&p), 0);
	place_clear(&p);
}
END_TEST

static void refused(struct place *p, enum cf_store_mode mode, const char *said)
{
	ck_assert_ptr_null(cf_store_open(p->path, mode, &p->f.diag));
	fixture_said(&p->f, said);
}

START_TEST(test_missing)
{
	struct place p;

	place_init(&p);
	refused(&p, CF_STORE_READ, "error: w.db: cannot open the store: No such file or directory");
	refused(&p, CF_STORE_WRITE, "error: w.db: cannot open the store: No such file or directory");
	ck_assert_int_eq(p.f.diag.status, CF_STATUS_INPUT);
	ck_assert_int_eq(entries(&p), 0);
	place_clear(&p);
}
END_TEST

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* Somebody else's files are refused in every mode, and not a byte of them changes. */
START_TEST(test_foreign)
{
	static const enum cf_store_mode modes[] = { CF_STORE_READ, CF_STORE_WRITE, CF_STORE_CREATE };
	struct place p;

	place_init(&p);
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autofree char *before = NULL, *after = NULL;

		unlink(p.path);
		ck_assert(g_file_set_contents(
			p.path,
			"PERFILE2 and more than one hundred bytes of something that is not a "
			"database at all, really not...................",
			-1, NULL));
		refused(&p, modes[i], "error: w.db: not a callflow store (no SQLite file)");
		unlink(p.path);
		sql(p.path, "CREATE TABLE t (x)");
		before = contents(p.path);
		refused(&p, modes[i],
			"error: w.db: not a callflow store (a database of another application, id "
			"0x00000000)");
		unlink(p.path);
		sql(p.path, "PRAGMA application_id=252006674; CREATE TABLE t (x)"); /* fossil's */
		refused(&p, modes[i],
			"error: w.db: not a callflow store (a database of another application, id "
			"0x0f055112)");
		unlink(p.path);
		sql(p.path, "CREATE TABLE t (x)");
		after = contents(p.path);
		ck_assert_str_eq(before, after);
		ck_assert_int_eq(entries(&p), 1);
	}
	place_clear(&p);
}
END_TEST

START_TEST(test_newer)
{
	struct place p;

	place_init(&p);
	create_with_run(&p);
	sql(p.path, "PRAGMA user_version=99");
	refused(&p, CF_STORE_READ,
		"error: w.db: store of a newer callflow (schema 99, this one knows up to 5): update "
		"callflow");
	refused(&p, CF_STORE_CREATE,
		"error: w.db: store of a newer callflow (schema 99, this one knows up to 5): update "
		"callflow");
	place_clear(&p);
}
END_TEST

/* Schema 1 has no views: readers say what to do, a writer migrates. */
/* A store as the first version made it, with one run. */
static void make_first_version(const struct place *p)
{
	static const char schema[] =
#include "gen/store/schema/0001-init.sql.inc"
		;

	sql(p->path, schema);
	sql(p->path, "PRAGMA application_id=1667656823; PRAGMA user_version=1;"
		     "INSERT INTO str VALUES (1, 'cpu-clock');"
		     "INSERT INTO source VALUES (1, '00aa', 100, 'p', 'perf', 1, '', 0);"
		     "INSERT INTO run VALUES (1, '00aa', 'nightly', 1, 0, 1, 0, 0, 0, 0, 0, NULL, NULL, "
		     "NULL, NULL, NULL);"
		     "INSERT INTO run_source VALUES (1, 1);"
		     "INSERT INTO run_metric VALUES (1, 0, 1, 'ns', 50, 5, 0, 0, 10)");
}

START_TEST(test_older)
{
	struct place p;
	struct cf_store *store;
	g_autofree char *rows = NULL;

	place_init(&p);
	make_first_version(&p);
	refused(&p, CF_STORE_READ,
		"error: w.db: store of an older callflow (schema 1): any ingest into it updates it");
	/* Even one that finds nothing new. */
	store = cf_store_open(p.path, CF_STORE_WRITE, &p.f.diag);
	ck_assert_ptr_nonnull(store);
	fixture_close(&p.f, store);
	store = cf_store_open(p.path, CF_STORE_READ, &p.f.diag);
	ck_assert_ptr_nonnull(store);
	fixture_close(&p.f, store);
	store = cf_store_open(p.path, CF_STORE_WRITE, &p.f.diag);
	fixture_put(&p.f, store, "00bb", fixture_trace("main", 7, 0));
	fixture_close(&p.f, store);
	store = cf_store_open(p.path, CF_STORE_READ, &p.f.diag);
	rows = fixture_query(&p.f, store, "SELECT name, weight_ns, facts FROM v_run ORDER BY run");
	ck_assert_str_eq(rows, "nightly|50|samples\nmain|35|samples\n");
	fixture_close(&p.f, store);
	place_clear(&p);
}
END_TEST

START_TEST(test_symlink)
{
	struct place p;
	g_autofree char *target = NULL;

	place_init(&p);
	target = g_build_filename(p.folder, "target.db", NULL);
	ck_assert_int_eq(symlink(target, p.path), 0);
	refused(&p, CF_STORE_CREATE, "error: w.db: is a symbolic link; name the store itself");
	refused(&p, CF_STORE_READ, "error: w.db: is a symbolic link; name the store itself");
	ck_assert_int_eq(entries(&p), 1);
	place_clear(&p);
}
END_TEST

/* A folder reached through a link is fine, only the store itself must not be one. */
START_TEST(test_linked_folder)
{
	struct place p;
	g_autofree char *link = NULL, *inside = NULL;
	struct cf_store *store;

	place_init(&p);
	create_with_run(&p);
	link = g_strconcat(p.folder, "-link", NULL);
	inside = g_build_filename(link, "w.db", NULL);
	ck_assert_int_eq(symlink(p.folder, link), 0);
	store = cf_store_open(inside, CF_STORE_READ, &p.f.diag);
	ck_assert_ptr_nonnull(store);
	fixture_close(&p.f, store);
	unlink(link);
	place_clear(&p);
}
END_TEST

START_TEST(test_not_regular)
{
	struct place p;

	place_init(&p);
	ck_assert_int_eq(mkfifo(p.path, 0600), 0);
	refused(&p, CF_STORE_READ, "error: w.db: not a callflow store (not a regular file)");
	unlink(p.path);
	place_clear(&p);
}
END_TEST

/* Reading changes no byte and makes no file. */
START_TEST(test_read_writes_nothing)
{
	struct place p;
	struct cf_store *store;
	struct cf_source source = { .path = "p", .hash = "00bb", .format = "perf", .version = 1 };
	struct cf_trace *trace = fixture_trace("main", 1, 0);
	g_autofree char *before = NULL, *after = NULL, *dump = NULL;
	struct stat st0, st1;
	int64_t run;

	place_init(&p);
	create_with_run(&p);
	before = contents(p.path);
	ck_assert_int_eq(stat(p.path, &st0), 0);
	store = cf_store_open(p.path, CF_STORE_READ, &p.f.diag);
	dump = fixture_dump(&p.f, store);
	ck_assert_int_eq(entries(&p), 1);
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &p.f.diag), -1);
	fixture_said(&p.f, "error: w.db: the store was opened for reading");
	cf_trace_free(trace);
	fixture_close(&p.f, store);
	after = contents(p.path);
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(stat(p.path, &st1), 0);
	ck_assert_int_eq(st0.st_mtim.tv_nsec, st1.st_mtim.tv_nsec);
	ck_assert_int_eq(entries(&p), 1);
	place_clear(&p);
}
END_TEST

/* A writer that is killed after its pages reached the file: the next open, also one for reading, undoes it.
 */
static void kill_a_writer(const char *path)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		sqlite3 *db;

		if (sqlite3_open(path, &db) == SQLITE_OK &&
		    sqlite3_exec(
			    db,
			    "PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN IMMEDIATE; UPDATE run SET "
			    "name='half';"
			    "WITH RECURSIVE c(x) AS (SELECT 1000 UNION ALL SELECT x + 1 FROM c LIMIT 20000) "
			    "INSERT INTO str (id, text) SELECT x, 'text of some length ' || x FROM c",
			    NULL, NULL, NULL) == SQLITE_OK)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
}

START_TEST(test_hot_journal)
{
	static const enum cf_store_mode modes[] = { CF_STORE_READ, CF_STORE_WRITE, CF_STORE_CREATE };
	struct place p;
	g_autofree char *journal = NULL;

	place_init(&p);
	journal = g_strconcat(p.path, "-journal", NULL);
	create_with_run(&p);
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		struct cf_store *store;
		g_autofree char *rows = NULL;

		kill_a_writer(p.path);
		ck_assert_int_eq(access(journal, F_OK), 0);
		store = cf_store_open(p.path, modes[i], &p.f.diag);
		ck_assert_msg(store != NULL, "%s", p.f.said);
		rows = fixture_query(&p.f, store,
				     "SELECT name, (SELECT count(*) FROM str WHERE id >= 1000) FROM run");
		ck_assert_str_eq(rows, "nightly|0\n");
		fixture_close(&p.f, store);
		ck_assert_int_ne(access(journal, F_OK), 0);
	}
	place_clear(&p);
}
END_TEST

/* What an ingest leaves that was killed before its first commit. */
START_TEST(test_empty_file)
{
	struct place p;
	struct cf_store *store;

	place_init(&p);
	ck_assert(g_file_set_contents(p.path, "", 0, NULL));
	refused(&p, CF_STORE_READ, "error: w.db: empty store (an ingest was interrupted): ingest again");
	store = cf_store_open(p.path, CF_STORE_CREATE, &p.f.diag);
	ck_assert_ptr_nonnull(store);
	fixture_put(&p.f, store, "00aa", fixture_trace("nightly", 10, 0));
	fixture_close(&p.f, store);
	place_clear(&p);
}
END_TEST

START_TEST(test_truncated)
{
	struct place p;
	struct stat st;

	place_init(&p);
	create_with_run(&p);
	ck_assert_int_eq(stat(p.path, &st), 0);
	ck_assert_int_eq(truncate(p.path, st.st_size / 2), 0);
	ck_assert_ptr_null(cf_store_open(p.path, CF_STORE_READ, &p.f.diag));
	ck_assert_msg(g_str_has_prefix(p.f.said, "error: w.db: damaged store: "), "%s", p.f.said);
	ck_assert_int_eq(p.f.diag.status, CF_STATUS_SYSTEM);
	place_clear(&p);
}
END_TEST

/* Bytes flipped anywhere behind the header: an error or an answer, never a crash or a hang. */
START_TEST(test_flipped)
{
	struct place p;
	char *data;
	gsize len;
	uint32_t random = 12345;

	place_init(&p);
	create_with_run(&p);
	ck_assert(g_file_get_contents(p.path, &data, &len, NULL));
	for (int round = 0; round < 150; round++) {
		g_autofree char *copy = g_memdup2(data, len);
		struct cf_store *store;

		for (int i = 0; i < 40; i++) {
			random = random * 1664525 + 1013904223;
			copy[100 + (random >> 4) % (len - 100)] ^= (char)(1 << (random >> 29));
		}
		ck_assert(g_file_set_contents(p.path, copy, (gssize)len, NULL));
		store = cf_store_open(p.path, CF_STORE_READ, &p.f.diag);
		if (store) {
			struct cf_trace *trace = cf_trace_new();
			struct cf_out *out = cf_out_memory();

			cf_store_load(store, 1, 1, 0, trace, &p.f.diag);
			cf_store_dump_logical(store, out, &p.f.diag);
			cf_out_abort(out);
			cf_trace_free(trace);
			cf_store_close(store, &p.f.diag);
		}
	}
	g_free(data);
	place_clear(&p);
}
END_TEST

START_TEST(test_triggers)
{
	struct place p;

	place_init(&p);
	create_with_run(&p);
	sql(p.path, "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END");
	refused(&p, CF_STORE_READ, "error: w.db: damaged store: its schema was changed by another program");
	refused(&p, CF_STORE_WRITE, "error: w.db: damaged store: its schema was changed by another program");
	sql(p.path, "DROP TRIGGER t; DROP TABLE run_quality; CREATE VIEW run_quality AS SELECT 1 AS run");
	refused(&p, CF_STORE_READ, "error: w.db: damaged store: its schema was changed by another program");
	place_clear(&p);
}
END_TEST

START_TEST(test_busy)
{
	struct place p;
	struct cf_store *store;
	struct cf_source source = { .path = "p", .hash = "00bb", .format = "perf", .version = 1 };
	struct cf_trace *trace = fixture_trace("main", 1, 0);
	sqlite3 *other;
	int64_t run = 5;

	place_init(&p);
	create_with_run(&p);
	ck_assert_int_eq(sqlite3_open(p.path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	store = cf_store_open(p.path, CF_STORE_WRITE, &p.f.diag);
	ck_assert_ptr_nonnull(store);
	sqlite3_busy_timeout(store->db, 50);
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &p.f.diag), -1);
	ck_assert_int_eq(p.f.diag.status, CF_STATUS_BUSY);
	ck_assert_int_eq(run, 0);
	fixture_said(&p.f, "error: w.db: store is busy (locked by another process): try again");
	ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &p.f.diag), 0);
	ck_assert_int_eq(run, 2);
	sqlite3_close(other);
	cf_trace_free(trace);
	fixture_close(&p.f, store);
	place_clear(&p);
}
END_TEST

/* No more room (a page limit stands for the disk): said, nothing changed, and the next try works. */
START_TEST(test_full)
{
	struct place p;
	struct cf_store *store;
	struct cf_source source = { .path = "p", .hash = "00bb", .format = "perf", .version = 1 };
	struct cf_trace *trace = fixture_trace("main", 1, 2000);
	g_autofree char *before = NULL, *after = NULL;
	int64_t run;

	place_init(&p);
	create_with_run(&p);
	store = cf_store_open(p.path, CF_STORE_WRITE, &p.f.diag);
	before = fixture_dump(&p.f, store);
	ck_assert_int_eq(sqlite3_exec(store->db, "PRAGMA max_page_count=60", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &p.f.diag), -1);
	ck_assert_int_eq(p.f.diag.status, CF_STATUS_SYSTEM);
	fixture_said(&p.f, "error: w.db: cannot write the store: No space left on device");
	after = fixture_dump(&p.f, store);
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(sqlite3_exec(store->db, "PRAGMA max_page_count=100000", NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &p.f.diag), 0);
	cf_trace_free(trace);
	fixture_close(&p.f, store);
	place_clear(&p);
}
END_TEST

START_TEST(test_locate)
{
	struct place p;
	g_autofree char *sub = NULL, *deep = NULL, *found_path = NULL, *made = NULL, *real = NULL;
	GString *looked = g_string_new(NULL);
	gboolean found;

	place_init(&p);
	create_with_run(&p);
	real = realpath(p.folder, NULL);
	sub = g_build_filename(real, "callflow.db", NULL);
	ck_assert_int_eq(rename(p.path, sub), 0);
	deep = g_build_filename(p.folder, "a", "b", NULL);
	ck_assert_int_eq(g_mkdir_with_parents(deep, 0700), 0);
	ck_assert_int_eq(chdir(deep), 0);
	g_unsetenv("CALLFLOW_STORE");
	g_setenv("HOME", p.folder, TRUE);
	found_path = cf_store_locate(NULL, FALSE, &found, looked);
	ck_assert(found);
	ck_assert_str_eq(found_path, sub);
	g_clear_pointer(&found_path, g_free);
	/* Not above $HOME. */
	g_setenv("HOME", deep, TRUE);
	g_string_truncate(looked, 0);
	ck_assert_ptr_null(cf_store_locate(NULL, FALSE, &found, looked));
	ck_assert(!found);
	ck_assert(g_str_has_suffix(looked->str, "/a/b/callflow.db") && !strchr(looked->str, ','));
	made = cf_store_locate(NULL, TRUE, &found, looked);
	ck_assert(!found);
	ck_assert_str_eq(made, "./callflow.db");
	/* Named: option before environment, found or not. */
	g_setenv("CALLFLOW_STORE", sub, TRUE);
	found_path = cf_store_locate(NULL, FALSE, &found, looked);
	ck_assert_str_eq(found_path, sub);
	g_clear_pointer(&found_path, g_free);
	g_string_truncate(looked, 0);
	ck_assert_ptr_null(cf_store_locate("nowhere.db", FALSE, &found, looked));
	ck_assert_str_eq(looked->str, "nowhere.db");
	/* The working directory is gone, and so is $HOME. */
	g_unsetenv("CALLFLOW_STORE");
	g_unsetenv("HOME");
	ck_assert_int_eq(rmdir(deep), 0);
	g_string_truncate(looked, 0);
	ck_assert_ptr_null(cf_store_locate(NULL, FALSE, &found, looked));
	ck_assert_str_eq(looked->str, "./callflow.db");
	ck_assert_int_eq(chdir(p.folder), 0);
	ck_assert_int_eq(rmdir("a"), 0);
	g_string_free(looked, TRUE);
	place_clear(&p);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_open");
	TCase *t = tcase_create("open");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_create);
	tcase_add_test(t, test_create_unused);
	tcase_add_test(t, test_missing);
	tcase_add_test(t, test_foreign);
	tcase_add_test(t, test_newer);
	tcase_add_test(t, test_older);
	tcase_add_test(t, test_symlink);
	tcase_add_test(t, test_linked_folder);
	tcase_add_test(t, test_not_regular);
	tcase_add_test(t, test_read_writes_nothing);
	tcase_add_test(t, test_hot_journal);
	tcase_add_test(t, test_empty_file);
	tcase_add_test(t, test_truncated);
	tcase_add_test(t, test_flipped);
	tcase_add_test(t, test_triggers);
	tcase_add_test(t, test_busy);
	tcase_add_test(t, test_full);
	tcase_add_test(t, test_locate);
	suite_add_tcase(s, t);
	return s;
}
