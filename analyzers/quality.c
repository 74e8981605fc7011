/* SPDX-License-Identifier: MIT */
/* quality: what a reader must know before trusting the numbers of a run, and what would mend it. */
#include "analyzers/quality.h"

#include <string.h>

static double share(int64_t part, int64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

double cf_quality_lost_share(const struct cf_quality_sum *sum)
{
	double all = (double)sum->lost + (double)sum->samples;

	return all > 0 ? (double)sum->lost / all : 0;
}

double cf_quality_unresolved_share(const struct cf_quality_sum *sum)
{
	return share(sum->unresolved, sum->weight);
}

static void sum_add(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = INT64_MAX;
}

static gboolean is_in(const GArray *ids, int64_t id)
{
	for (guint i = 0; ids && i < ids->len; i++)
		if (g_array_index(ids, int64_t, i) == id)
			return TRUE;
	return FALSE;
}

struct cf_quality_sum cf_quality_of(const struct cf_run_set *set, const GArray *without)
{
	struct cf_quality_sum sum = { .worst = set->runs->len ? g_ptr_array_index(set->runs, 0) : NULL };
	double worst = -1;

	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);
		const struct cf_quality_sum one = { .lost = run->lost,
						    .samples = run->samples,
						    .unresolved = run->unresolved,
						    .weight = run->weight };
		double bad = cf_quality_lost_share(&one) + cf_quality_unresolved_share(&one) +
			     (run->partial ? 1 : 0);

		if (is_in(without, run->id))
			continue;
		sum_add(&sum.lost, run->lost);
		sum_add(&sum.samples, run->samples);
		sum_add(&sum.unresolved, run->unresolved);
		sum_add(&sum.weight, run->weight);
		sum.sampled |= (run->facts & CF_FACTS_SAMPLES) && !(run->facts & CF_FACTS_SPANS);
		sum.resolved |= (run->facts & CF_FACTS_PROFILE) && !(run->facts & CF_FACTS_SPANS);
		sum.mtime |= run->start_source == CF_START_MTIME;
		sum.partial |= run->partial;
		if (bad > worst) {
			worst = bad;
			sum.worst = run;
		}
	}
	return sum;
}

enum cf_verdict cf_quality_verdict(const struct cf_quality_sum *sum)
{
	return sum->partial || cf_quality_lost_share(sum) > CF_QUALITY_LOST ||
			       cf_quality_unresolved_share(sum) > CF_QUALITY_UNRESOLVED
		       ? CF_VERDICT_ATTENTION
		       : CF_VERDICT_PASS;
}

/* "0 lost, 3.10 % unresolved, start from file time" */
static char *in_words(const struct cf_quality_sum *sum)
{
	GString *words = g_string_new(NULL);

	if (sum->sampled) {
		g_autofree char *lost = cf_unit_text(CF_UNIT_RATIO, cf_quality_lost_share(sum));

		g_string_append_printf(words, ", %" G_GINT64_FORMAT " lost", sum->lost);
		if (sum->lost)
			g_string_append_printf(words, " (%s)", lost);
	}
	if (sum->resolved) {
		g_autofree char *unresolved = cf_unit_text(CF_UNIT_RATIO, cf_quality_unresolved_share(sum));

		g_string_append_printf(words, ", %s unresolved", unresolved);
	}
	if (sum->partial)
		g_string_append(words, ", partly read");
	if (sum->mtime)
		g_string_append(words, ", start from file time");
	if (!words->len)
		g_string_append(words, ", nothing is missing");
	return g_string_free(g_string_erase(words, 0, 2), FALSE);
}

char *cf_quality_line(const struct cf_quality_sum *sum)
{
	g_autofree char *words = in_words(sum), *operand = cf_run_operand(sum->worst);

	return g_strdup_printf("quality: %s  (callflow show %s)", words, operand);
}

static void remark_free(gpointer data)
{
	struct cf_remark *remark = data;

	g_free(remark->key);
	g_free(remark->subject);
	g_free(remark->text);
	g_free(remark->cure);
	g_free(remark);
}

static int take_remark(void *ctx, const struct cf_quality_row *row)
{
	struct cf_remark *remark = g_new0(struct cf_remark, 1);

	*remark = (struct cf_remark){ .key = g_strdup(row->key),
				      .subject = g_strdup(row->subject),
				      .text = g_strdup(row->text),
				      .cure = g_strdup(row->cure),
				      .count = row->count,
				      .weight = row->weight };
	g_ptr_array_add(ctx, remark);
	return 0;
}

GPtrArray *cf_quality_load(struct cf_store *store, int64_t run, struct cf_diag *diag)
{
	GPtrArray *remarks = g_ptr_array_new_with_free_func(remark_free);

	if (cf_store_quality(store, run, take_remark, remarks, diag)) {
		g_ptr_array_unref(remarks);
		return NULL;
	}
	return remarks;
}

/* Heaviest first; what can't be weighed by count; then by key and subject. */
static int by_weight(gconstpointer a, gconstpointer b)
{
	const struct cf_remark *x = *(const struct cf_remark *const *)a,
			       *y = *(const struct cf_remark *const *)b;
	int order;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = g_strcmp0(x->key, y->key);
	return order ? order : g_strcmp0(x->subject, y->subject);
}

static void add_remark(struct cf_doc *doc, struct cf_node *table, const struct cf_remark *remark,
		       int64_t weight)
{
	cf_table_text(doc, table, remark->key);
	if (remark->count)
		cf_table_int(table, remark->count);
	else
		cf_table_empty(table);
	if (remark->weight && weight)
		cf_table_double(table, share(remark->weight, weight));
	else
		cf_table_empty(table);
	cf_table_text(doc, table, remark->subject);
	cf_table_text(doc, table, remark->text);
	cf_table_text(doc, table, remark->cure);
}

static void add_rest(struct cf_doc *doc, struct cf_node *table, guint more, const struct cf_run *run)
{
	g_autofree char *operand = cf_run_operand(run);
	g_autofree char *text = g_strdup_printf("%u more: callflow show %s", more, operand);

	cf_table_rest(table);
	cf_table_empty(table);
	cf_table_empty(table);
	cf_table_empty(table);
	cf_table_empty(table);
	cf_table_text(doc, table, text);
	cf_table_empty(table);
}

static void add_table(struct cf_doc *doc, struct cf_node *box, const struct cf_run *run,
		      const GPtrArray *remarks, guint limit)
{
	static const struct cf_column columns[] = {
		{ "key", "key", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "count", "count", CF_UNIT_COUNT, 0 },
		{ "share", "share", CF_UNIT_RATIO, 0 },
		{ "subject", "where", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "text", "what", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "cure", "what mends it", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	struct cf_node *table = cf_doc_table(doc, box, "quality", NULL, columns, G_N_ELEMENTS(columns));
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	guint n = limit ? MIN(limit, remarks->len) : remarks->len;

	for (guint i = 0; i < remarks->len; i++)
		g_ptr_array_add(sorted, g_ptr_array_index(remarks, i));
	g_ptr_array_sort(sorted, by_weight);
	for (guint i = 0; i < n; i++)
		add_remark(doc, table, g_ptr_array_index(sorted, i), run->weight);
	if (n < remarks->len)
		add_rest(doc, table, remarks->len - n, run);
}

void cf_quality_box(struct cf_doc *doc, struct cf_node *section, const struct cf_run *run,
		    const GPtrArray *remarks, guint limit)
{
	const struct cf_run_set set = { .runs = g_ptr_array_new() };
	struct cf_quality_sum sum;
	g_autofree char *words = NULL;
	struct cf_node *box;

	g_ptr_array_add(set.runs, (gpointer)run);
	sum = cf_quality_of(&set, NULL);
	g_ptr_array_unref(set.runs);
	words = in_words(&sum);
	box = cf_doc_callout(doc, section,
			     cf_quality_verdict(&sum) == CF_VERDICT_PASS ? CF_LEVEL_INFO
									 : CF_LEVEL_ATTENTION);
	cf_doc_para(doc, box, "Data quality: %s.%s", words, remarks->len ? "" : " Nothing else to remark.");
	if (remarks->len)
		add_table(doc, box, run, remarks, limit);
}
