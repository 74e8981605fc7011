/* SPDX-License-Identifier: MIT */
/* headline: what to say first about a run, and where to look first: the judgement of the summary. */
#include "analyzers/headline.h"

#include <string.h>

gboolean cf_is_irq_release(const char *function)
{
	static const char *const names[] = { "_raw_spin_unlock_irqrestore",
					     "_raw_spin_unlock_irq",
					     "_raw_write_unlock_irqrestore",
					     "_raw_read_unlock_irqrestore",
					     "finish_task_switch",
					     "__local_bh_enable_ip",
					     "native_safe_halt",
					     "pv_native_safe_halt" };
	g_autofree char *canonical = cf_canonical_name(function);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(canonical, names[i]))
			return TRUE;
	return FALSE;
}

/* Samples of a timer that the kernel can hold back while interrupts are off: the clocks. Counters have NMIs.
 */
static gboolean is_timer(const char *metric)
{
	return cf_metric_cpu(metric) != NULL;
}

static const struct cf_remark *remark_on(const GPtrArray *remarks, const char *subject)
{
	for (guint i = 0; i < remarks->len; i++) {
		const struct cf_remark *remark = g_ptr_array_index(remarks, i);

		if (remark->cure && !g_strcmp0(remark->subject, subject))
			return remark;
	}
	return NULL;
}

static const struct cf_remark *remark_of(const GPtrArray *remarks, const char *key)
{
	for (guint i = 0; i < remarks->len; i++) {
		const struct cf_remark *remark = g_ptr_array_index(remarks, i);

		if (!strcmp(remark->key, key))
			return remark;
	}
	return NULL;
}

static void look(struct cf_headline *headline, const struct cf_look *one)
{
	g_array_append_val(headline->looks, *one);
}

static void look_at_functions(struct cf_headline *headline, const struct cf_ranking *functions)
{
	guint hot = 0;

	for (guint i = 0; i < functions->rows->len && hot < CF_HEADLINE_HOTTEST; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(functions, i);
		const struct cf_look one = { .kind = is_timer(functions->metric) &&
								     row->kind == CF_FRAME_KERNEL &&
								     cf_is_irq_release(row->name)
							     ? CF_LOOK_SPINLOCK
							     : CF_LOOK_FUNCTION,
					     .name = row->name,
					     .module = row->module,
					     .share = cf_share(row->self, functions->weight),
					     .weight = row->self };

		if (one.share < CF_HEADLINE_HOT)
			return;
		if (row->kind == CF_FRAME_UNRESOLVED)
			continue;
		look(headline, &one);
		hot++;
	}
}

static void look_at_unresolved(struct cf_headline *headline, const struct cf_ranking *functions,
			       const GPtrArray *remarks)
{
	guint listed = 0;

	for (guint i = 0; i < functions->rows->len && listed < CF_HEADLINE_NAMELESS; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(functions, i);
		const struct cf_remark *remark = remark_on(remarks, row->module);
		const struct cf_look one = { .kind = CF_LOOK_UNRESOLVED,
					     .module = row->module,
					     .cure = remark ? remark->cure : NULL,
					     .share = cf_share(row->self, functions->weight),
					     .weight = row->self };

		if (one.share < CF_QUALITY_MEND)
			return;
		if (row->kind != CF_FRAME_UNRESOLVED)
			continue;
		look(headline, &one);
		listed++;
	}
}

static void look_at_quality(struct cf_headline *headline, const struct cf_ranking *functions,
			    const struct cf_run_set *runs, const GPtrArray *remarks)
{
	const struct cf_quality_sum sum = cf_quality_of(runs, functions->lacking);
	const struct cf_remark *lost = remark_of(remarks, "lost");
	const struct cf_look loss = { .kind = CF_LOOK_LOST,
				      .cure = lost ? lost->cure : NULL,
				      .share = cf_quality_lost_share(&sum),
				      .weight = sum.lost };
	const struct cf_look partial = { .kind = CF_LOOK_PARTIAL };

	if (sum.lost)
		look(headline, &loss);
	if (sum.partial)
		look(headline, &partial);
}

void cf_headline_compute(struct cf_headline *headline, const struct cf_ranking *functions,
			 const struct cf_run_set *runs, int64_t threads, const GPtrArray *remarks)
{
	int64_t unresolved = 0;

	*headline = (struct cf_headline){ .weight = functions->weight,
					  .count = functions->count,
					  .threads = threads,
					  .looks = g_array_new(FALSE, TRUE, sizeof(struct cf_look)) };
	for (guint i = 0; i < functions->rows->len; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(functions, i);

		if (row->kind == CF_FRAME_UNRESOLVED) {
			cf_sum(&unresolved, row->self);
			if (!headline->nameless)
				headline->nameless = row;
		} else if (!headline->top) {
			headline->top = row;
		}
	}
	headline->unresolved = cf_share(unresolved, functions->weight);
	if (headline->top)
		headline->top_share = cf_share(headline->top->self, functions->weight);
	headline->dominates = headline->top_share >= CF_HEADLINE_DOMINATES;
	if (headline->nameless)
		headline->nameless_share = cf_share(headline->nameless->self, functions->weight);
	if (headline->nameless_share < CF_HEADLINE_DOMINATES ||
	    headline->nameless_share <= headline->top_share)
		headline->nameless = NULL;
	if (headline->nameless)
		look_at_unresolved(headline, functions, remarks);
	look_at_functions(headline, functions);
	if (!headline->nameless)
		look_at_unresolved(headline, functions, remarks);
	look_at_quality(headline, functions, runs, remarks);
}

void cf_headline_clear(struct cf_headline *headline)
{
	g_clear_pointer(&headline->looks, g_array_unref);
}

char *cf_headline_text(const struct cf_headline *headline, const char *name,
		       const struct cf_ranking *functions)
{
	GString *text = g_string_new(name);
	g_autofree char *weight = cf_cost_text(functions->unit, headline->weight);
	const char *cpu = cf_metric_cpu(functions->metric);

	if (cpu && functions->unit == CF_UNIT_NS)
		g_string_append_printf(text, " used %s of %s", weight, cpu);
	else
		g_string_append_printf(text, ": %s %s", weight, functions->metric);
	if (headline->threads > 0)
		g_string_append_printf(text, " on %" G_GINT64_FORMAT " thread%s", headline->threads,
				       headline->threads == 1 ? "" : "s");
	if (headline->unresolved >= CF_HEADLINE_BLIND)
		g_string_append_printf(text, "; %.0f %% of it has no function names",
				       headline->unresolved * 100);
	else if (headline->nameless)
		g_string_append_printf(text, "; %.0f %% of it is spent in %s, in functions without names",
				       headline->nameless_share * 100,
				       *headline->nameless->module ? headline->nameless->module
								   : "no known module");
	else if (headline->dominates)
		g_string_append_printf(text, "; %s alone takes %.0f %%", headline->top->name,
				       headline->top_share * 100);
	else if (headline->top)
		g_string_append(text, "; no single function dominates");
	if (!headline->nameless && headline->unresolved > CF_QUALITY_UNRESOLVED &&
	    headline->unresolved < CF_HEADLINE_BLIND)
		g_string_append_printf(text, ", and %.0f %% is in functions without names",
				       headline->unresolved * 100);
	return g_string_free(text, FALSE);
}
