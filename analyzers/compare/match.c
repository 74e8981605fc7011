/* SPDX-License-Identifier: MIT */
/* match: functions that are called otherwise in the other build. */
#include "analyzers/compare/match.h"

#include "core/hash.h"
#include "store/history.h"

#include <string.h>

static gboolean is_open(const struct cf_side_row *row)
{
	return row->join == CF_JOIN_NONE && row->kind != CF_FRAME_UNRESOLVED;
}

static int side_of(const struct cf_side_row *row)
{
	const struct cf_side_cost *cost = &row->cost[CF_BEFORE];

	return cost->self || cost->total || cost->self_count || cost->total_count ? CF_BEFORE : CF_AFTER;
}

/* Joins what has the same text among the open rows of both sides, once on each. key: of a row, NULL: none; freed. */
static void join_equal(struct cf_sides *sides, enum cf_join join,
		       char *(*key)(const struct cf_side_row *row, int side, void *ctx), void *ctx)
{
	GHashTable *rows[CF_SIDES];
	g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(struct cf_side_pair));
	GHashTableIter iter;
	gpointer text, before;

	for (int side = 0; side < CF_SIDES; side++)
		rows[side] = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < sides->rows->len; i++) {
		const struct cf_side_row *row = cf_side_row(sides, i);
		int side = side_of(row);
		char *own = is_open(row) ? key(row, side, ctx) : NULL;

		if (own && g_hash_table_contains(rows[side], own))
			g_hash_table_insert(rows[side], own, GUINT_TO_POINTER(CF_NO_ROW));
		else if (own)
			g_hash_table_insert(rows[side], own, GUINT_TO_POINTER(i));
	}
	g_hash_table_iter_init(&iter, rows[CF_BEFORE]);
	while (g_hash_table_iter_next(&iter, &text, &before)) {
		gpointer after;
		struct cf_side_pair pair;

		if (!g_hash_table_lookup_extended(rows[CF_AFTER], text, NULL, &after))
			continue;
		pair = (struct cf_side_pair){ GPOINTER_TO_UINT(before), GPOINTER_TO_UINT(after), join };
		if (pair.before != CF_NO_ROW && pair.after != CF_NO_ROW)
			g_array_append_val(pairs, pair);
	}
	for (int side = 0; side < CF_SIDES; side++)
		g_hash_table_unref(rows[side]);
	g_free(cf_sides_join(sides, pairs));
}

/* --- another module ---------------------------------------------------------------------------------------- */

static char *canonical_of(const struct cf_side_row *row, int side, void *ctx)
{
	return g_strdup(row->canonical);
}

void cf_match_modules(struct cf_sides *sides)
{
	join_equal(sides, CF_JOIN_MODULE, canonical_of, NULL);
}

/* --- a renamed file ---------------------------------------------------------------------------------------- */

/* What a path is called now; and its last part, where only one file has that. */
static void add_rename(GHashTable *renames, const char *from, const char *to)
{
	g_autofree char *old = g_path_get_basename(from), *new = g_path_get_basename(to);

	g_hash_table_insert(renames, g_strdup(from), g_strdup(to));
	if (strcmp(old, new) != 0)
		g_hash_table_insert(renames, g_steal_pointer(&old), g_steal_pointer(&new));
}

static int load_renames(GHashTable *renames, const struct cf_analysis *analysis, const struct cf_repo *repo)
{
	const struct cf_history_filter filter = { .no_code = TRUE };
	struct cf_history *history = cf_store_load_history(analysis->store, repo, &filter, analysis->diag);

	if (!history)
		return -1;
	for (guint i = 0; i < history->changes->len; i++) {
		const struct cf_change *change = &g_array_index(history->changes, struct cf_change, i);

		if (change->status == CF_CHANGE_RENAMED && change->old_path != CF_NONE)
			add_rename(renames, cf_history_path_text(history, change->old_path),
				   cf_history_path_text(history, change->path));
	}
	cf_history_free(history);
	return 0;
}

/* text with the names of renamed files that stand in it as they are now; chains of renames are followed. */
static char *renamed(const char *text, GHashTable *renames)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		size_t gap =
			strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-");
		size_t word = strspn(text + gap,
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-");
		g_autofree char *own = g_strndup(text + gap, word);
		const char *now = own;

		for (int steps = 0; steps < 32; steps++) {
			const char *next = g_hash_table_lookup(renames, now);

			if (!next || !strcmp(next, own))
				break;
			now = next;
		}
		g_string_append_len(out, text, (gssize)gap);
		g_string_append(out, now);
		text += gap + word;
	}
	return g_string_free(out, FALSE);
}

static char *renamed_key(const struct cf_side_row *row, int side, void *ctx)
{
	g_autofree char *module = side == CF_BEFORE ? renamed(row->module, ctx) : g_strdup(row->module);
	g_autofree char *name = side == CF_BEFORE ? renamed(row->name, ctx) : g_strdup(row->name);

	return g_strdup_printf("%s\n%s", module, name);
}

/* Interpreters and some formats name the file of a function; of compiled code the module is what was linked. */
static gboolean names_source(const char *text)
{
	static const char *const extensions[] = { ".c",  ".cc", ".cpp", ".go",  ".h",   ".java",
						  ".js", ".kt", ".lua", ".mjs", ".php", ".pl",
						  ".py", ".rb", ".rs",  ".ts",  ".tsx" };

	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++) {
		const char *at = strstr(text, extensions[i]);

		if (at && !g_ascii_isalnum(at[strlen(extensions[i])]))
			return TRUE;
	}
	return FALSE;
}

static gboolean any_of_source(const struct cf_sides *sides, int side)
{
	for (guint i = 0; i < sides->rows->len; i++) {
		const struct cf_side_row *row = cf_side_row(sides, i);

		if (is_open(row) && side_of(row) == side &&
		    (names_source(row->module) || names_source(row->name)))
			return TRUE;
	}
	return FALSE;
}

int cf_match_renames(struct cf_sides *sides, const struct cf_analysis *analysis)
{
	g_autoptr(GHashTable) renames = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) repos = NULL;

	if (!any_of_source(sides, CF_BEFORE) || !any_of_source(sides, CF_AFTER))
		return 0;
	repos = cf_store_repos(analysis->store, analysis->diag);
	for (guint i = 0; repos && i < repos->len; i++)
		if (load_renames(renames, analysis, g_ptr_array_index(repos, i)))
			return -1;
	if (repos && g_hash_table_size(renames))
		join_equal(sides, CF_JOIN_RENAME, renamed_key, renames);
	return repos ? 0 : -1;
}
