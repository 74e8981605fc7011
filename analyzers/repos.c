/* SPDX-License-Identifier: MIT */
/* repos: the table of repositories. */
#include "analyzers/repos.h"

#define NS_PER_S INT64_C(1000000000)
/* Hex digits that tell commits apart for people. */
#define HASH_SHOWN 7

/* "2026-11-23"; "" for what no calendar has. Caller frees. */
static char *day_text(int64_t seconds)
{
	char *text;

	if (seconds > INT64_MAX / NS_PER_S || seconds < INT64_MIN / NS_PER_S)
		return g_strdup("");
	text = cf_time_text(seconds * NS_PER_S);
	if (strchr(text, 'T'))
		*strchr(text, 'T') = '\0';
	return text;
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_repo *repo)
{
	g_autofree char *first = day_text(repo->first_time), *last = day_text(repo->last_time);
	char hex[CF_OID_HEX + 1], shown[HASH_SHOWN + 1];

	cf_oid_hex(&repo->head, hex);
	g_strlcpy(shown, hex, sizeof(shown));
	cf_table_text(doc, table, repo->name);
	cf_table_int(table, repo->commits);
	cf_table_int(table, repo->merges);
	cf_table_int(table, repo->paths);
	cf_table_int(table, repo->authors);
	cf_table_text(doc, table, repo->commits ? first : "");
	cf_table_text(doc, table, repo->commits ? last : "");
	cf_table_text(doc, table, shown);
	cf_table_text(doc, table, hex);
	cf_table_text(doc, table, repo->format);
	cf_table_text(doc, table, repo->path);
}

struct cf_node *cf_repos_table(struct cf_doc *doc, struct cf_node *section, const GPtrArray *repos)
{
	const struct cf_column columns[] = {
		{ "repository", "repository", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "commits", "commits", CF_UNIT_COUNT, 0 },
		{ "merges", "merges", CF_UNIT_COUNT, 0 },
		{ "files", "files", CF_UNIT_COUNT, 0 },
		{ "authors", "authors", CF_UNIT_COUNT, 0 },
		{ "first", "first (UTC)", CF_UNIT_NONE, 0 },
		{ "last", "last (UTC)", CF_UNIT_NONE, 0 },
		{ "head", "head", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "head_hash", "head", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "format", "format", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "source", "source", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	struct cf_node *table =
		cf_doc_table(doc, section, "repositories", NULL, columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < repos->len; i++)
		add_row(doc, table, g_ptr_array_index(repos, i));
	return table;
}
