/* SPDX-License-Identifier: MIT */
/* tables_people: who knows what, and who shares work with whom. */
#include "analyzers/churn/tables.h"

#include "analyzers/churn/days.h"

static int descending(double a, double b)
{
	return (a < b) - (a > b);
}

static void files_rest(struct cf_churn_answers *a, struct cf_node *table, guint shown)
{
	cf_churn_rest(a, table, shown, a->sums->changed, cf_churn_entity_word(a, FALSE),
		      cf_churn_entity_word(a, TRUE));
}

/* ---- truck factor ---- */

/* "github-actions[bot], dependabot[bot] and 3 more", or NULL. Caller frees. */
static char *bots_text(const struct cf_churn_answers *a)
{
	GString *text = g_string_new(NULL);
	guint bots = 0;

	for (guint i = 0; i < a->churn->authors->len; i++) {
		const struct cf_churn_author *author = cf_churn_author(a->churn, i);

		if (!author->bot)
			continue;
		if (bots++ < 3)
			g_string_append_printf(text, "%s%s", text->len ? ", " : "", author->name);
	}
	if (bots > 3)
		g_string_append_printf(text, " and %u more", bots - 3);
	return g_string_free(text, bots == 0);
}

char *cf_churn_truck_text(struct cf_churn_answers *a)
{
	const struct cf_churn_truck *truck = cf_churn_answer_truck(a);
	GString *text = g_string_new(NULL);
	g_autofree char *bots = bots_text(a);

	g_string_printf(text, "truck factor %u", truck->gone->len);
	if (!truck->gone->len)
		g_string_append(text, ": more than half of the files have no author that knows them well");
	if (bots)
		g_string_append_printf(text, " (bots %s: %s)", a->bots ? "counted" : "left out", bots);
	return g_string_free(text, FALSE);
}

void cf_churn_present_truck_factor(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		{ "removed_author", "who leaves", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "files_authored", "files", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "orphaned", "files without author then", CF_UNIT_COUNT, 0 },
		{ "orphaned_share", "of all %", CF_UNIT_RATIO, CF_COLUMN_SHARE },
	};
	const struct cf_churn_truck *truck = cf_churn_answer_truck(a);
	g_autofree char *line = cf_churn_truck_text(a);
	struct cf_node *table =
		cf_churn_table(a, section, "truck-factor",
			       "who has to leave until more than half of the files have no author", columns,
			       G_N_ELEMENTS(columns));

	for (guint i = 0; i < truck->gone->len; i++) {
		const struct cf_churn_gone *gone = &g_array_index(truck->gone, struct cf_churn_gone, i);

		cf_churn_author_cell(a, table, gone->author);
		cf_table_int(table, gone->files);
		cf_table_int(table, gone->orphaned);
		cf_table_double(table, truck->files ? (double)gone->orphaned / truck->files : 0);
	}
	cf_doc_para(
		a->analysis->doc, section,
		"%s, of %u %s at the head; authors by the degree of authorship of Avelino and others 2016",
		line, truck->files, cf_churn_entity_word(a, truck->files != 1));
}

/* ---- authors ---- */

static int by_authors(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	const struct cf_churn_sum *one = cf_churn_sum(a->sums, x), *other = cf_churn_sum(a->sums, y);
	int order = descending(one->authors, other->authors);

	return order ? order : descending(one->revs, other->revs);
}

void cf_churn_present_authors(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_ENTITY,
						    { "n_authors", "authors", CF_UNIT_COUNT, CF_COLUMN_LEAD },
						    { "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD } };
	g_autofree uint32_t *order = cf_churn_order(a, by_authors);
	guint n = cf_churn_rows(a, a->sums->changed);
	struct cf_node *table = cf_churn_table(a, section, "authors", "how many have changed it", columns,
					       G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		cf_churn_entity_cell(a, table, order[i]);
		cf_table_int(table, cf_churn_sum(a->sums, order[i])->authors);
		cf_table_int(table, cf_churn_sum(a->sums, order[i])->revs);
	}
	files_rest(a, table, n);
}

/* On pages those who do most come first; programs get code-maat's order, by name. */
static int compare_authors(const void *x, const void *y, void *data)
{
	const struct cf_churn_answers *a = data;
	uint32_t one = *(const uint32_t *)x, other = *(const uint32_t *)y;
	int order = a->analysis->reader == CF_READER_PROGRAM
			    ? 0
			    : descending(cf_churn_work(a->sums, one)->commits,
					 cf_churn_work(a->sums, other)->commits);

	return order ? order : (one > other) - (one < other);
}

void cf_churn_present_author_churn(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_AUTHOR,
						    { "added", "added", CF_UNIT_COUNT, 0 },
						    { "deleted", "deleted", CF_UNIT_COUNT, 0 },
						    { "commits", "commits", CF_UNIT_COUNT, CF_COLUMN_LEAD },
						    { "entities", "files", CF_UNIT_COUNT, 0 },
						    { "last", "last", CF_UNIT_NONE, 0 } };
	guint all = a->churn->authors->len, n = cf_churn_rows(a, all);
	g_autofree uint32_t *order = g_new(uint32_t, all + 1);
	struct cf_node *table = cf_churn_table(a, section, "author-churn", "what each has changed", columns,
					       G_N_ELEMENTS(columns));

	for (guint i = 0; i < all; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)all, sizeof(*order), compare_authors, a);
	for (guint i = 0; i < n; i++) {
		const struct cf_churn_work *work = cf_churn_work(a->sums, order[i]);
		char day[CF_DAY_TEXT];

		cf_day_text(work->last_day, day);
		cf_churn_author_cell(a, table, order[i]);
		cf_table_int(table, work->added);
		cf_table_int(table, work->deleted);
		cf_table_int(table, work->commits);
		cf_table_int(table, work->entities);
		cf_table_text(a->analysis->doc, table, day);
	}
	cf_churn_rest(a, table, n, all, cf_churn_author_word(a, FALSE), cf_churn_author_word(a, TRUE));
}

/* ---- ownership ---- */

/* By name for programs; else what has the most revisions first. */
static int by_weight(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	if (a->analysis->reader == CF_READER_PROGRAM)
		return 0;
	return descending(cf_churn_sum(a->sums, x)->revs, cf_churn_sum(a->sums, y)->revs);
}

static void present_main(struct cf_churn_answers *a, struct cf_node *table, enum cf_churn_measure measure)
{
	g_autofree uint32_t *order = cf_churn_order(a, by_weight);
	guint n = cf_churn_rows(a, a->sums->changed);

	for (guint i = 0; i < n; i++) {
		const struct cf_churn_main m = cf_churn_main(a->sums, order[i], measure);

		cf_churn_entity_cell(a, table, order[i]);
		cf_churn_author_cell(a, table, m.author);
		cf_table_int(table, m.own);
		cf_table_int(table, m.total);
		cf_table_double(table, m.ownership);
	}
	files_rest(a, table, n);
}

void cf_churn_present_main_dev(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "main_dev", "main developer", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "added", "added", CF_UNIT_COUNT, 0 },
		{ "total_added", "of", CF_UNIT_COUNT, 0 },
		{ "ownership", "own %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
	};

	present_main(a,
		     cf_churn_table(a, section, "main-dev", "who has added the most lines", columns,
				    G_N_ELEMENTS(columns)),
		     CF_CHURN_ADDED);
}

void cf_churn_present_main_dev_by_revs(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "main_dev", "main developer", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "added", "revs", CF_UNIT_COUNT, 0 },
		{ "total_added", "of", CF_UNIT_COUNT, 0 },
		{ "ownership", "own %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
	};

	present_main(a,
		     cf_churn_table(a, section, "main-dev-by-revs", "who has the most revisions", columns,
				    G_N_ELEMENTS(columns)),
		     CF_CHURN_REVISIONS);
}

void cf_churn_present_entity_ownership(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_ENTITY,
						    CF_CHURN_AUTHOR,
						    { "added", "added", CF_UNIT_COUNT, 0 },
						    { "deleted", "deleted", CF_UNIT_COUNT, 0 } };
	g_autofree uint32_t *order = cf_churn_order(a, by_weight);
	guint n = cf_churn_rows(a, a->sums->shares->len), shown = 0;
	struct cf_node *table =
		cf_churn_table(a, section, "entity-ownership", "who has changed how many lines of it",
			       columns, G_N_ELEMENTS(columns));

	for (const uint32_t *e = order; *e != CF_NONE && shown < n; e++) {
		const struct cf_churn_sum *sum = cf_churn_sum(a->sums, *e);

		for (uint32_t i = 0; i < sum->authors && shown < n; i++, shown++) {
			const struct cf_churn_share *share = cf_churn_share(a->sums, sum->first + i);

			cf_churn_entity_cell(a, table, *e);
			cf_churn_author_cell(a, table, share->author);
			cf_table_int(table, share->added);
			cf_table_int(table, share->deleted);
		}
	}
	cf_churn_rest(a, table, n, a->sums->shares->len, "row", "rows");
}

static int by_fragmentation(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	int order = descending(cf_churn_fragmentation(a->sums, x), cf_churn_fragmentation(a->sums, y));

	return order ? order : descending(cf_churn_sum(a->sums, x)->revs, cf_churn_sum(a->sums, y)->revs);
}

void cf_churn_present_fragmentation(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "fractal_value", "fractal value", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "total_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
	};
	g_autofree uint32_t *order = cf_churn_order(a, by_fragmentation);
	guint n = cf_churn_rows(a, a->sums->changed);
	struct cf_node *table = cf_churn_table(a, section, "fragmentation",
					       "how many hands it is in: 0 is one, towards 1 many", columns,
					       G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		cf_churn_entity_cell(a, table, order[i]);
		cf_table_double(table, cf_churn_fragmentation(a->sums, order[i]));
		cf_table_int(table, cf_churn_sum(a->sums, order[i])->revs);
	}
	files_rest(a, table, n);
	cf_doc_para(a->analysis->doc, section,
		    "fractal value: 1 - sum over %s of (revisions of it / all revisions)^2",
		    cf_churn_author_word(a, TRUE));
}

void cf_churn_present_communication(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_AUTHOR,
		{ "peer", "peer", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_WITH },
		{ "shared", "shared", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "average", "mean files", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "strength", "strength %", CF_UNIT_COUNT, CF_COLUMN_LEAD },
	};
	enum cf_churn_pairs which =
		a->analysis->reader == CF_READER_PROGRAM ? CF_PAIRS_BOTH_WAYS : CF_PAIRS_ONCE;
	int64_t all;
	g_autoptr(GArray) pairs = cf_churn_communication(a->sums, which, a->limit, &all);
	struct cf_node *table = cf_churn_table(a, section, "communication", "who works on the same files",
					       columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < pairs->len; i++) {
		const struct cf_churn_pair *pair = &g_array_index(pairs, struct cf_churn_pair, i);

		cf_churn_author_cell(a, table, pair->author);
		cf_churn_author_cell(a, table, pair->peer);
		cf_table_int(table, pair->shared);
		cf_table_int(table, pair->average);
		cf_table_int(table, pair->strength);
	}
	cf_churn_rest(a, table, pairs->len, (size_t)all, "pair", "pairs");
	cf_doc_para(a->analysis->doc, section,
		    "strength: %s that both have changed, of the mean of what either has",
		    cf_churn_entity_word(a, TRUE));
}
