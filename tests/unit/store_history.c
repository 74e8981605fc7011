/* SPDX-License-Identifier: MIT */
/* store_history: repositories are stored, read back, added to and taken away. */
#include "store/history.h"
#include "tests/unit/store_fixture.h"

#include <string.h>

static struct cf_oid oid(unsigned n)
{
	struct cf_oid o = { { 0 } };

	o.bytes[0] = (uint8_t)n;
	return o;
}

/* What a commit of the test's repository is; parents 0: none. */
struct spec {
	unsigned name, first, second;
	int64_t time;
	const char *author, *path;
};

/* A merge: 1 - 2 - 3 and 1 - 4, 5 merges 3 and 4. */
static const struct spec specs[] = {
	{ 1, 0, 0, 100, "Ann", "a.c" },     { 2, 1, 0, 200, "Ben", "src/b.c" },
	{ 3, 2, 0, 300, "Ann", "src/b.c" }, { 4, 1, 0, 250, "Cid", "d.c" },
	{ 5, 3, 4, 400, "Ann", NULL },
};

static void add_commit(struct cf_history *h, const struct spec *s)
{
	struct cf_oid name = oid(s->name);
	struct cf_commit *c = cf_history_add_commit(h, &name);
	unsigned parents[] = { s->first, s->second };

	c->author = c->committer = cf_history_person(h, s->author, -1, "x@y", -1);
	c->author_time = c->commit_time = s->time;
	c->author_zone = 90;
	c->subject = cf_dict_str(h->dict, s->author, -1);
	c->flags = s->second ? 0 : CF_COMMIT_DIFFED;
	for (int i = 0; i < 2; i++) {
		struct cf_parent p = { oid(parents[i]), CF_NONE };

		if (parents[i])
			g_array_append_val(h->parents, p);
		c->parents += parents[i] != 0;
	}
	if (s->path) {
		struct cf_change row = { .path = cf_history_path(h, s->path, -1),
					 .old_path = CF_NONE,
					 .added = s->name,
					 .deleted = 1,
					 .old_mode = 0100644,
					 .new_mode = 0100755,
					 .status = CF_CHANGE_MODIFIED };

		g_array_append_val(h->changes, row);
		c->changes = 1;
	}
}

static void add_file(struct cf_history *h, const char *path, unsigned blob)
{
	struct cf_code_file file = { .path = cf_history_path(h, path, -1),
				     .blob = oid(blob),
				     .mode = 0100644,
				     .bytes = 10,
				     .lines = 2,
				     .nonblank = 1,
				     .complexity = 3,
				     .first_func = h->code_funcs->len,
				     .funcs = 1,
				     .language = cf_dict_str(h->dict, "C", -1) };
	struct cf_code_func func = { .path = file.path,
				     .name = cf_dict_str(h->dict, "main", -1),
				     .first_line = 1,
				     .last_line = 2,
				     .complexity = 3 };

	g_array_index(h->paths, struct cf_history_path, file.path).flags = CF_PATH_AT_HEAD;
	g_array_append_val(h->code_files, file);
	g_array_append_val(h->code_funcs, func);
}

/* With the commits of names (a text of digits), in that order; the last one is the head. */
static struct cf_history *make(const char *names)
{
	struct cf_history *h = cf_history_new();

	h->name = g_strdup("redis");
	h->path = g_strdup("/src/redis");
	h->format = g_strdup("git");
	for (; *names; names++) {
		add_commit(h, &specs[*names - '1']);
		h->head = oid((unsigned)(*names - '0'));
	}
	add_file(h, "a.c", 7);
	return h;
}

static int64_t put(struct fixture *f, struct cf_store *store, struct cf_history *h, int64_t repo,
		   gboolean add)
{
	struct cf_repo_put what = {
		.repo = repo, .add = add, .options = "", .state = "s", .version = 1, .seen = "s"
	};
	int64_t id = 0;

	ck_assert_int_eq(cf_store_put_history(store, &what, h, &id, &f->diag), 0);
	cf_history_free(h);
	return id;
}

static int64_t put_whole(struct fixture *f, struct cf_store *store, const char *names)
{
	struct cf_history *h = make(names);

	cf_history_settle(h, NULL, NULL);
	return put(f, store, h, 0, FALSE);
}

/* Another repository of that name. */
static int64_t put_elsewhere(struct fixture *f, struct cf_store *store, const char *names)
{
	struct cf_history *h = make(names);

	g_free(h->path);
	h->path = g_strdup("/elsewhere/redis");
	cf_history_settle(h, NULL, NULL);
	return put(f, store, h, 0, FALSE);
}

static gboolean order_of(void *ctx, const struct cf_oid *o, int64_t *order)
{
	*order = specs[o->bytes[0] - 1].time;
	return TRUE;
}

/* Adds the commits of names to what is stored. */
static void put_new(struct fixture *f, struct cf_store *store, int64_t repo, const char *names, unsigned head)
{
	struct cf_history *h = make(names);

	h->head = oid(head);
	ck_assert_int_eq(cf_store_load_names(store, repo, h, &f->diag), 0);
	cf_history_settle(h, order_of, NULL);
	ck_assert_int_eq(put(f, store, h, repo, TRUE), repo);
}

static char *dump(struct fixture *f, struct cf_store *store)
{
	struct cf_out *out = cf_out_memory();
	char *text;

	ck_assert_int_eq(cf_store_dump_logical(store, out, &f->diag), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_abort(out);
	return text;
}

static struct cf_history *load(struct fixture *f, struct cf_store *store,
			       const struct cf_history_filter *filter)
{
	struct cf_repo *repo = cf_store_repo(store, NULL, &f->diag);
	struct cf_history *h;

	ck_assert_ptr_nonnull(repo);
	h = cf_store_load_history(store, repo, filter, &f->diag);
	ck_assert_ptr_nonnull(h);
	cf_repo_free(repo);
	return h;
}

START_TEST(round_trip)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_history *h;
	const struct cf_commit *c;
	struct cf_repo *repo;

	put_whole(&f, store, "12345");
	repo = cf_store_repo(store, "redis", &f.diag);
	ck_assert_int_eq(repo->commits, 5);
	ck_assert_int_eq(repo->merges, 1);
	ck_assert_int_eq(repo->paths, 3);
	ck_assert_int_eq(repo->authors, 3);
	ck_assert_int_eq(repo->first_time, 100);
	ck_assert_int_eq(repo->last_time, 400);
	cf_repo_free(repo);
	h = load(&f, store, NULL);
	ck_assert_uint_eq(h->commits->len, 5);
	ck_assert_uint_eq(h->changes->len, 4);
	c = &g_array_index(h->commits, struct cf_commit, 4);
	ck_assert_uint_eq(c->oid.bytes[0], 5);
	ck_assert_uint_eq(c->parents, 2);
	ck_assert_int_eq(c->author_zone, 90);
	ck_assert_str_eq(cf_history_author(h, c), "Ann");
	ck_assert_uint_eq(g_array_index(h->parents, struct cf_parent, c->first_parent).commit, 3);
	c = &g_array_index(h->commits, struct cf_commit, 1);
	ck_assert_uint_eq(c->changes, 1);
	ck_assert_uint_eq(g_array_index(h->changes, struct cf_change, c->first_change).new_mode, 0100755);
	ck_assert_uint_eq(g_array_index(h->changes, struct cf_change, c->first_change).old_path, CF_NONE);
	ck_assert_uint_eq(h->code_files->len, 1);
	ck_assert_uint_eq(g_array_index(h->code_files, struct cf_code_file, 0).funcs, 1);
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->code_funcs, struct cf_code_func, 0).name),
			 "main");
	cf_history_free(h);
	fixture_close(&f, store);
}
END_TEST

START_TEST(filters)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_history_filter since = { .has_since = TRUE, .since = 250, .has_until = TRUE, .until = 300 };
	struct cf_history_filter path = { .path = "src/" }, code = { .code_only = TRUE };
	struct cf_history *h;

	put_whole(&f, store, "12345");
	h = load(&f, store, &since);
	ck_assert_uint_eq(h->commits->len, 2);
	ck_assert_uint_eq(g_array_index(h->commits, struct cf_commit, 0).oid.bytes[0], 4);
	cf_history_free(h);
	h = load(&f, store, &path);
	ck_assert_uint_eq(h->commits->len, 5);
	ck_assert_uint_eq(h->changes->len, 2);
	ck_assert_uint_eq(h->paths->len, 1);
	ck_assert_uint_eq(h->code_files->len, 0);
	cf_history_free(h);
	h = load(&f, store, &code);
	ck_assert_uint_eq(h->commits->len, 0);
	ck_assert_uint_eq(h->code_files->len, 1);
	cf_history_free(h);
	fixture_close(&f, store);
}
END_TEST

/* A rename is one change, or a deletion and an addition of whole files. */
START_TEST(renames)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_history_filter split = { .split_renames = TRUE };
	struct cf_history *h = make("1");
	struct cf_change *c = &g_array_index(h->changes, struct cf_change, 0);

	c->old_path = cf_history_path(h, "z.c", -1);
	c->status = CF_CHANGE_RENAMED;
	c->similarity = 90;
	c->old_lines = 50;
	c->new_lines = 52;
	c->old_binary = FALSE;
	cf_history_settle(h, NULL, NULL);
	put(&f, store, h, 0, FALSE);
	h = load(&f, store, NULL);
	ck_assert_uint_eq(h->changes->len, 1);
	c = &g_array_index(h->changes, struct cf_change, 0);
	ck_assert_str_eq(cf_history_path_text(h, c->old_path), "z.c");
	ck_assert_uint_eq(c->old_lines, 50);
	ck_assert_uint_eq(c->similarity, 90);
	cf_history_free(h);
	h = load(&f, store, &split);
	ck_assert_uint_eq(h->changes->len, 2);
	c = &g_array_index(h->changes, struct cf_change, 0);
	ck_assert_str_eq(cf_history_path_text(h, c->path), "a.c");
	ck_assert_uint_eq(c->status, CF_CHANGE_ADDED);
	ck_assert_uint_eq(c->added, 52);
	ck_assert_uint_eq(c->deleted, 0);
	ck_assert_uint_eq(c->old_path, CF_NONE);
	c++;
	ck_assert_str_eq(cf_history_path_text(h, c->path), "z.c");
	ck_assert_uint_eq(c->status, CF_CHANGE_DELETED);
	ck_assert_uint_eq(c->deleted, 50);
	cf_history_free(h);
	fixture_close(&f, store);
}
END_TEST

/* However it came about, the same history is the same store. */
START_TEST(adding)
{
	static const struct {
		const char *before, *added, *whole;
		unsigned head;
	} cases[] = {
		{ "12", "3", "123", 3 },     { "12", "345", "12345", 5 }, { "123", "", "12", 2 },
		{ "123", "4", "14", 4 },     { "12345", "", "14", 4 },    { "14", "23", "123", 3 },
		{ "12345", "", "12345", 5 },
	};
	const size_t i = (size_t)_i;
	struct fixture f, g;
	struct cf_store *grown = fixture_open_memory(&f), *fresh = fixture_open_memory(&g);
	g_autofree char *grown_text = NULL, *fresh_text = NULL;
	int64_t id;

	id = put_whole(&f, grown, cases[i].before);
	put_new(&f, grown, id, cases[i].added, cases[i].head);
	put_whole(&g, fresh, cases[i].whole);
	grown_text = dump(&f, grown);
	fresh_text = dump(&g, fresh);
	ck_assert_str_eq(grown_text, fresh_text);
	fixture_close(&f, grown);
	fixture_close(&g, fresh);
}
END_TEST

START_TEST(functions)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_history_filter with = { .functions = TRUE };
	struct cf_repo_put what = { .options = "", .state = "", .version = 1 };
	struct cf_known_commit from = { oid(2), 200, 0 };
	struct cf_late_commit late = { oid(2), 0, 1 };
	struct cf_func_change change = { .commit = CF_NONE, .added = 1 };
	struct cf_history *h = make("12");
	int64_t id, again;

	for (guint i = 0; i < 2; i++) {
		struct cf_commit *c = &g_array_index(h->commits, struct cf_commit, i);

		change.path = cf_history_path(h, "a.c", -1);
		change.name = cf_dict_str(h->dict, i ? "two" : "one", -1);
		c->first_func = h->func_changes->len;
		c->funcs = i == 0;
		if (i == 0)
			g_array_append_val(h->func_changes, change);
		c->flags |= i == 0 ? CF_COMMIT_FUNCTIONS : 0;
	}
	cf_history_settle(h, NULL, NULL);
	id = put(&f, store, h, 0, FALSE);
	h = load(&f, store, &with);
	ck_assert_uint_eq(h->func_changes->len, 1);
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->func_changes, struct cf_func_change, 0).name),
			 "one");
	cf_history_free(h);

	/* The second commit gets its own later; those of the first are too old by then. */
	h = make("");
	h->head = oid(2);
	ck_assert_int_eq(cf_store_load_names(store, id, h, &f.diag), 0);
	change.path = cf_history_path(h, "src/b.c", -1);
	change.name = cf_dict_str(h->dict, "two", -1);
	g_array_append_val(h->late_funcs, change);
	g_array_append_val(h->late_commits, late);
	cf_history_settle(h, NULL, NULL);
	what.repo = id;
	what.add = TRUE;
	what.seen = "s";
	what.functions_from = &from;
	ck_assert_int_eq(cf_store_put_history(store, &what, h, &again, &f.diag), 0);
	cf_history_free(h);
	h = load(&f, store, &with);
	ck_assert_uint_eq(h->func_changes->len, 1);
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->func_changes, struct cf_func_change, 0).name),
			 "two");
	ck_assert_uint_eq(g_array_index(h->func_changes, struct cf_func_change, 0).commit, 1);
	ck_assert_uint_eq(g_array_index(h->commits, struct cf_commit, 0).flags, CF_COMMIT_DIFFED);
	ck_assert_uint_eq(g_array_index(h->commits, struct cf_commit, 1).flags,
			  CF_COMMIT_DIFFED | CF_COMMIT_FUNCTIONS);
	cf_history_free(h);
	fixture_close(&f, store);
}
END_TEST

/* Two processes read the same repository at once: the second one's facts are of what was before. */
START_TEST(meanwhile)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_repo_put what = { .options = "", .state = "s", .version = 1 };
	struct cf_history *h = make("12");
	int64_t id, other = 0;

	cf_history_settle(h, NULL, NULL);
	id = put(&f, store, make("12"), 0, FALSE);
	ck_assert_int_eq(cf_store_put_history(store, &what, h, &other, &f.diag), -1);
	fixture_said(&f,
		     "error: :memory:: the repository was stored by another process meanwhile: try again");
	ck_assert_int_eq(f.diag.status, CF_STATUS_BUSY);
	what.repo = id;
	what.seen = "t";
	ck_assert_int_eq(cf_store_put_history(store, &what, h, &other, &f.diag), -1);
	fixture_said(&f,
		     "error: :memory:: the repository was stored by another process meanwhile: try again");
	cf_history_free(h);
	fixture_close(&f, store);
}
END_TEST

START_TEST(several)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_repo *repo;
	struct cf_oid name = oid(4);
	g_autofree char *empty = dump(&f, store), *after = NULL;
	int64_t first, second;

	ck_assert_ptr_null(cf_store_repo(store, NULL, &f.diag));
	fixture_said(&f, "error: no repository in the store; bring one in: callflow ingest DIRECTORY");
	first = put_whole(&f, store, "12");
	second = put_elsewhere(&f, store, "14");
	ck_assert_ptr_null(cf_store_repo(store, NULL, &f.diag));
	fixture_said(&f, "error: several repositories in the store; choose with --repo: redis, redis-2");
	ck_assert_ptr_null(cf_store_repo(store, "reddis", &f.diag));
	fixture_said(&f, "error: no repository 'reddis'; did you mean 'redis'?");
	repo = cf_store_repo(store, "redis-2", &f.diag);
	ck_assert_int_eq(repo->id, second);
	cf_repo_free(repo);
	ck_assert_int_eq(cf_store_repo_with(store, &name, &repo, &f.diag), 0);
	ck_assert_int_eq(repo->id, second);
	cf_repo_free(repo);
	name = oid(99);
	ck_assert_int_eq(cf_store_repo_with(store, &name, &repo, &f.diag), 0);
	ck_assert_ptr_null(repo);
	ck_assert_int_eq(cf_store_delete_repo(store, first, &f.diag), 0);
	ck_assert_int_eq(cf_store_delete_repo(store, second, &f.diag), 0);
	after = dump(&f, store);
	ck_assert_str_eq(after, empty);
	fixture_close(&f, store);
}
END_TEST

START_TEST(views)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *commits = NULL, *changes = NULL, *repos = NULL, *files = NULL;

	put_whole(&f, store, "12345");
	commits = fixture_query(
		&f, store,
		"SELECT substr(\"commit\", 1, 2), position, author, time_utc, parents, bot FROM v_commit "
		"ORDER BY position DESC LIMIT 2");
	ck_assert_str_eq(commits, "05|5|Ann|1970-01-01T00:06:40Z|2|0\n03|4|Ann|1970-01-01T00:05:00Z|1|0\n");
	changes = fixture_query(
		&f, store,
		"SELECT path, renamed_from, added_lines, deleted_lines, status, old_mode, new_mode FROM "
		"v_change ORDER BY added_lines LIMIT 1");
	ck_assert_str_eq(changes, "a.c|NULL|1|1|M|100644|100755\n");
	repos = fixture_query(&f, store, "SELECT repo, commits, merges, paths, authors FROM v_repo");
	ck_assert_str_eq(repos, "redis|5|1|3|3\n");
	files = fixture_query(
		&f, store,
		"SELECT f.path, lines, language, function FROM v_repo_file f JOIN v_repo_func u "
		"ON u.path = f.path");
	ck_assert_str_eq(files, "a.c|2|C|main\n");
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_history");
	TCase *t = tcase_create("history");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, filters);
	tcase_add_test(t, renames);
	tcase_add_loop_test(t, adding, 0, 7);
	tcase_add_test(t, functions);
	tcase_add_test(t, meanwhile);
	tcase_add_test(t, several);
	tcase_add_test(t, views);
	suite_add_tcase(s, t);
	return s;
}
