/* SPDX-License-Identifier: MIT */
/* cost: which files and functions of a repository the cost of a run belongs to. */
#include "analyzers/churn/cost.h"

#include <string.h>

#include "core/hash.h"
#include "core/sum.h"

/* Answers of a look-up beside the index of a path. */
#define NOWHERE CF_NONE
#define AMBIGUOUS (CF_NONE - 1)
#define DOUBTS_MAX 5

struct joiner {
	const struct cf_history *history;
	struct cf_cost_join *join;
	GHashTable *by_base; /* last component -> index + 1 of the last path that has it */
	uint32_t *before;    /* of each path: index + 1 of the path before it with the same last component */
	GHashTable *files;   /* file of the run -> answer */
	GHashTable *funcs;   /* bare name of a function -> answer */
	GPtrArray *owned;    /* strings that are keys */
};

static void remember(GHashTable *table, const char *key, uint32_t answer)
{
	g_hash_table_replace(table, (gpointer)key, GSIZE_TO_POINTER((gsize)answer + 1));
}

static gboolean recall(GHashTable *table, const char *key, uint32_t *answer)
{
	gsize known = GPOINTER_TO_SIZE(g_hash_table_lookup(table, key));

	*answer = known ? (uint32_t)(known - 1) : NOWHERE;
	return known != 0;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Can anything of a run be in it? Where nobody knows what is at the head, anything can. */
static gboolean lives(const struct cf_history *history, gboolean has_head, uint32_t path)
{
	return !has_head ||
	       g_array_index(history->paths, struct cf_history_path, path).flags & CF_PATH_AT_HEAD;
}

static void index_paths(struct joiner *j)
{
	const struct cf_history *h = j->history;
	gboolean has_head = FALSE;

	for (guint i = 0; i < h->paths->len; i++)
		has_head = has_head ||
			   g_array_index(h->paths, struct cf_history_path, i).flags & CF_PATH_AT_HEAD;
	for (guint i = 0; i < h->paths->len; i++) {
		const char *base = base_of(cf_history_path_text(h, i));

		if (!lives(h, has_head, i))
			continue;
		j->before[i] = GPOINTER_TO_UINT(g_hash_table_lookup(j->by_base, base));
		g_hash_table_replace(j->by_base, (gpointer)base, GUINT_TO_POINTER(i + 1));
	}
}

static void index_functions(struct joiner *j)
{
	const struct cf_history *h = j->history;

	for (guint i = 0; i < h->code_funcs->len; i++) {
		const struct cf_code_func *func = &g_array_index(h->code_funcs, struct cf_code_func, i);
		char *bare = cf_cost_bare_name(cf_history_text(h, func->name));
		uint32_t had;
		gboolean other = recall(j->funcs, bare, &had) && had != func->path;

		g_ptr_array_add(j->owned, bare);
		remember(j->funcs, bare, other ? AMBIGUOUS : func->path);
	}
}

/* "/a/./b/../c.c" -> "a/c.c"; leading ".." go. Caller frees. */
static char *plain_path(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();

	for (char **part = parts; *part; part++) {
		if (!**part || strcmp(*part, ".") == 0)
			continue;
		if (strcmp(*part, "..") != 0)
			g_ptr_array_add(kept, *part);
		else if (kept->len)
			g_ptr_array_set_size(kept, (gint)kept->len - 1);
	}
	g_ptr_array_add(kept, NULL);
	return g_strjoinv("/", (char **)kept->pdata);
}

/* Components that both have at their ends; *whole: one of them has no more. */
static guint common_end(const char *a, const char *b, gboolean *whole)
{
	size_t i = strlen(a), k = strlen(b);
	guint common = 0;

	for (;;) {
		size_t from = i, other = k;

		while (from && a[from - 1] != '/')
			from--;
		while (other && b[other - 1] != '/')
			other--;
		if (i - from != k - other || memcmp(a + from, b + other, i - from) != 0)
			break;
		common++;
		*whole = !from || !other;
		if (*whole)
			return common;
		i = from - 1;
		k = other - 1;
	}
	*whole = FALSE;
	return common;
}

static void doubt(struct joiner *j, const char *what, const GArray *paths)
{
	GString *text = g_string_new(what);

	for (guint i = 0; i < paths->len && i < 3; i++)
		g_string_append_printf(text, "%s%s", i ? " or " : ": ",
				       cf_history_path_text(j->history, g_array_index(paths, uint32_t, i)));
	if (paths->len > 3)
		g_string_append(text, " or others");
	if (j->join->doubts->len < DOUBTS_MAX)
		g_ptr_array_add(j->join->doubts, g_string_free(text, FALSE));
	else
		g_string_free(text, TRUE);
}

static int compare_paths(const void *a, const void *b, void *history)
{
	return strcmp(cf_history_path_text(history, *(const uint32_t *)a),
		      cf_history_path_text(history, *(const uint32_t *)b));
}

static uint32_t find_file(struct joiner *j, const char *file)
{
	g_autofree char *plain = plain_path(file);
	g_autoptr(GArray) best = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	uint32_t next = GPOINTER_TO_UINT(g_hash_table_lookup(j->by_base, base_of(plain)));
	guint most = 0;

	for (; next; next = j->before[next - 1]) {
		gboolean whole;
		uint32_t path = next - 1;
		guint common = common_end(plain, cf_history_path_text(j->history, path), &whole);

		if (common < 2 && !whole)
			continue;
		if (common > most)
			g_array_set_size(best, 0);
		if (common >= most)
			g_array_append_val(best, path);
		most = MAX(most, common);
	}
	if (!best->len)
		return NOWHERE;
	if (best->len == 1)
		return g_array_index(best, uint32_t, 0);
	g_array_sort_with_data(best, compare_paths, (void *)j->history);
	doubt(j, plain, best);
	return AMBIGUOUS;
}

static uint32_t find_function(struct joiner *j, const char *function)
{
	g_autofree char *bare = cf_cost_bare_name(function);
	uint32_t answer;

	recall(j->funcs, bare, &answer);
	if (answer == AMBIGUOUS && j->join->doubts->len < DOUBTS_MAX)
		g_ptr_array_add(j->join->doubts, g_strdup_printf("%s(): several files have one", bare));
	return answer;
}

static uint32_t look_up(struct joiner *j, const struct cf_cost_row *row)
{
	uint32_t answer;

	if (row->kind == CF_FRAME_KERNEL || row->kind == CF_FRAME_UNRESOLVED)
		return NOWHERE;
	if (!*row->file)
		return find_function(j, row->function);
	if (!recall(j->files, row->file, &answer)) {
		answer = find_file(j, row->file);
		remember(j->files, row->file, answer);
	}
	return answer;
}

static void add_row(struct joiner *j, const struct cf_cost_row *row)
{
	struct cf_cost_func func = { look_up(j, row), row->function, row->self };

	if (func.path == NOWHERE)
		return;
	if (func.path == AMBIGUOUS) {
		j->join->ambiguous = cf_add_sat(j->join->ambiguous, row->self);
		return;
	}
	j->join->joined = cf_add_sat(j->join->joined, row->self);
	if (!*row->file)
		j->join->by_name = cf_add_sat(j->join->by_name, row->self);
	j->join->of_path[func.path] = cf_add_sat(j->join->of_path[func.path], row->self);
	g_array_append_val(j->join->funcs, func);
}

struct cf_cost_join *cf_cost_join_new(const struct cf_history *history, const struct cf_cost_row *rows,
				      size_t n, int64_t whole)
{
	struct cf_cost_join *join = g_new0(struct cf_cost_join, 1);
	struct joiner j = { .history = history,
			    .join = join,
			    .by_base = g_hash_table_new(cf_str_hash, g_str_equal),
			    .before = g_new0(uint32_t, history->paths->len + 1),
			    .files = g_hash_table_new(cf_str_hash, g_str_equal),
			    .funcs = g_hash_table_new(cf_str_hash, g_str_equal),
			    .owned = g_ptr_array_new_with_free_func(g_free) };

	join->whole = whole;
	join->of_path = g_new0(int64_t, history->paths->len + 1);
	join->funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_cost_func));
	join->doubts = g_ptr_array_new_with_free_func(g_free);
	index_paths(&j);
	index_functions(&j);
	for (size_t i = 0; i < n; i++)
		add_row(&j, &rows[i]);
	g_hash_table_unref(j.by_base);
	g_hash_table_unref(j.files);
	g_hash_table_unref(j.funcs);
	g_ptr_array_unref(j.owned);
	g_free(j.before);
	return join;
}

void cf_cost_join_free(struct cf_cost_join *join)
{
	if (!join)
		return;
	g_free(join->of_path);
	g_array_unref(join->funcs);
	g_ptr_array_unref(join->doubts);
	g_free(join);
}
