/* SPDX-License-Identifier: MIT */
/* latency: operations of traces before and after: how long they take, and how often they fail. */
#include "analyzers/compare/latency.h"

#include "analyzers/stat/counts.h"
#include "analyzers/stat/repeats.h"
#include "core/hash.h"

#include <math.h>
#include <string.h>

static const char *const metrics[CF_LATENCY_TESTS] = { "p50", "p95", "errors" };

/* Spans of one side that a percentile needs: fewer than twenty have no 95th that isn't the longest. */
#define LEAST_SPANS 20

static void row_free(gpointer data)
{
	struct cf_op_latency *row = data;

	g_free(row->service);
	g_free(row->name);
	for (int side = 0; side < CF_SIDES; side++) {
		g_array_unref(row->side[side].durations);
		g_array_unref(row->side[side].runs);
	}
	g_free(row);
}

void cf_op_latencies_init(struct cf_op_latencies *latencies)
{
	*latencies = (struct cf_op_latencies){ .rows = g_ptr_array_new_with_free_func(row_free),
					       .index = g_hash_table_new_full(cf_str_hash, g_str_equal,
									      g_free, NULL) };
}

void cf_op_latencies_clear(struct cf_op_latencies *latencies)
{
	g_clear_pointer(&latencies->index, g_hash_table_unref);
	g_clear_pointer(&latencies->rows, g_ptr_array_unref);
}

static struct cf_op_latency *row_of(struct cf_op_latencies *latencies, const char *service, const char *name)
{
	g_autofree char *key = g_strdup_printf("%s\n%s", service, name);
	struct cf_op_latency *row = g_hash_table_lookup(latencies->index, key);

	if (row)
		return row;
	row = g_new0(struct cf_op_latency, 1);
	row->service = g_strdup(service);
	row->name = g_strdup(name);
	for (int side = 0; side < CF_SIDES; side++) {
		row->side[side].durations = g_array_new(FALSE, FALSE, sizeof(double));
		row->side[side].runs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	}
	g_hash_table_insert(latencies->index, g_steal_pointer(&key), row);
	g_ptr_array_add(latencies->rows, row);
	return row;
}

static void add_to(struct cf_op_latency *row, int side, uint32_t run, int64_t duration_ns, gboolean failed)
{
	double duration = (double)duration_ns;

	g_array_append_val(row->side[side].durations, duration);
	g_array_append_val(row->side[side].runs, run);
	row->side[side].errors += failed;
}

void cf_op_latencies_add(struct cf_op_latencies *latencies, int side, uint32_t run, const char *service,
			 const char *name, int64_t duration_ns, gboolean failed)
{
	add_to(row_of(latencies, service, name), side, run, duration_ns, failed);
	latencies->runs[side] = MAX(latencies->runs[side], (size_t)run + 1);
}

static guint operation_hash(gconstpointer key)
{
	return cf_hash(*(const uint64_t *)key, 0);
}

/* Rows by the trace's numbers of service and name, so that texts are looked up once. */
static void take_spans(struct cf_op_latencies *latencies, int side, uint32_t run,
		       const struct cf_trace *trace)
{
	g_autoptr(GHashTable) known = g_hash_table_new_full(operation_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < trace->spans->len; i++) {
		const struct cf_span *span = &g_array_index(trace->spans, struct cf_span, i);
		gint64 key = (gint64)((uint64_t)span->service.id << 32 | span->name.id);
		struct cf_op_latency *row = g_hash_table_lookup(known, &key);

		if (!row) {
			row = row_of(latencies, cf_dict_text(trace->dict, span->service),
				     cf_dict_text(trace->dict, span->name));
			g_hash_table_insert(known, g_memdup2(&key, sizeof(key)), row);
		}
		add_to(row, side, run, span->duration_ns, span->status == CF_SPAN_ERROR);
	}
}

int cf_op_latencies_load(struct cf_op_latencies *latencies, const struct cf_analysis *analysis)
{
	cf_op_latencies_init(latencies);
	for (int side = 0; side < CF_SIDES; side++) {
		const GPtrArray *runs = (side == CF_BEFORE ? analysis->base : analysis->current)->runs;

		latencies->runs[side] = runs->len;
		for (guint i = 0; i < runs->len; i++) {
			const struct cf_run *run = g_ptr_array_index(runs, i);
			struct cf_trace *trace = cf_trace_new();
			int result = cf_store_load(analysis->store, run->id, 1, CF_FACTS_SPANS, trace,
						   analysis->diag);

			if (result == 0)
				take_spans(latencies, side, i, trace);
			cf_trace_free(trace);
			if (result) {
				cf_op_latencies_clear(latencies);
				return -1;
			}
		}
	}
	return 0;
}

/* --- computing --------------------------------------------------------------------------------------------- */

static const double *values_of(const struct cf_op_side *side)
{
	return (const double *)(const void *)side->durations->data;
}

/* A percentile of each run: what runs differ by. Caller frees; *n: of runs that have any. */
static double *by_runs(const struct cf_op_side *side, double p, size_t *n)
{
	guint all = side->durations->len;
	double *values = g_new(double, all + 1);

	*n = 0;
	for (guint from = 0, to; from < all; from = to) {
		g_autofree double *sorted = NULL;

		for (to = from + 1; to < all && g_array_index(side->runs, uint32_t, to) ==
							g_array_index(side->runs, uint32_t, from);)
			to++;
		sorted = cf_sorted(values_of(side) + from, to - from);
		values[(*n)++] = cf_quantile(sorted, to - from, p, CF_QUANTILE_NEAREST);
	}
	return values;
}

static struct cf_repeats_options repeats_options(const struct cf_compare_options *options)
{
	struct cf_repeats_options how = CF_REPEATS_OPTIONS;

	how.rule = options->rule;
	how.level = options->level;
	how.power = options->power;
	return how;
}

static void test_runs(struct cf_tested *tested, const struct cf_op_latency *row, double p,
		      const struct cf_compare_options *options)
{
	const struct cf_repeats_options how = repeats_options(options);
	size_t n, m, least = cf_mann_whitney_least(options->rule.alpha);
	g_autofree double *before = by_runs(&row->side[CF_BEFORE], p, &n);
	g_autofree double *after = by_runs(&row->side[CF_AFTER], p, &m);
	struct cf_repeats result = cf_repeats_compare(before, n, after, m, &how);

	tested->ratio = result.ratio;
	tested->p = result.p;
	tested->needed = result.needed;
	tested->equal = result.all_equal;
	tested->enough = MIN(n, m) >= least;
}

/* Durations of all runs as they are. */
static void test_middle(struct cf_tested *tested, const struct cf_op_latency *row,
			const struct cf_compare_options *options)
{
	const struct cf_repeats_options how = repeats_options(options);
	const struct cf_op_side *before = &row->side[CF_BEFORE], *after = &row->side[CF_AFTER];
	struct cf_repeats result = cf_repeats_compare(values_of(before), before->durations->len,
						      values_of(after), after->durations->len, &how);

	tested->ratio = result.ratio;
	tested->p = result.p;
	tested->needed = result.needed;
	tested->equal = result.all_equal;
	tested->enough = MIN(before->durations->len, after->durations->len) >=
			 cf_mann_whitney_least(options->rule.alpha);
}

static double ratio_of(double after, double before)
{
	return before > 0 ? after / before : after > 0 ? INFINITY : 1;
}

static int64_t count_above(const double *sorted, size_t n, double limit)
{
	int64_t above = 0;

	while (n > 0 && sorted[n - 1] > limit) {
		above++;
		n--;
	}
	return above;
}

/*
 * The ends of the ratio are those of both intervals, crosswise, each of a level whose square is the one asked for: it covers
 * at least that.
 */
static struct cf_interval quantile_ratio(const double *before, size_t n, const double *after, size_t m,
					 double p, double level)
{
	struct cf_quantile_interval x = cf_quantile_interval(before, n, p, sqrt(level));
	struct cf_quantile_interval y = cf_quantile_interval(after, m, p, sqrt(level));

	return (struct cf_interval){ ratio_of(cf_quantile(after, m, p, CF_QUANTILE_NEAREST),
					      cf_quantile(before, n, p, CF_QUANTILE_NEAREST)),
				     fmax(ratio_of(fmax(y.value.lo, 0), x.value.hi), 0),
				     x.value.lo > 0 ? y.value.hi / x.value.lo : INFINITY };
}

static void test_tail(struct cf_tested *tested, const struct cf_op_latency *row,
		      const struct cf_compare_options *options)
{
	size_t n = row->side[CF_BEFORE].durations->len, m = row->side[CF_AFTER].durations->len;
	g_autofree double *before = cf_sorted(values_of(&row->side[CF_BEFORE]), n);
	g_autofree double *after = cf_sorted(values_of(&row->side[CF_AFTER]), m);
	g_autofree double *both = g_new(double, n + m + 1);
	double limit;
	struct cf_count_pair above;

	memcpy(both, before, n * sizeof(*both));
	memcpy(both + n, after, m * sizeof(*both));
	cf_sort(both, n + m);
	limit = cf_quantile(both, n + m, 0.95, CF_QUANTILE_NEAREST);
	above = (struct cf_count_pair){ count_above(before, n, limit), count_above(after, m, limit) };
	tested->enough = MIN(n, m) >= LEAST_SPANS;
	tested->p = tested->enough ? cf_count_midp(above, (double)m / (double)n) : 1;
	tested->ratio = n && m ? quantile_ratio(before, n, after, m, 0.95, options->level)
			       : (struct cf_interval){ NAN, 0, INFINITY };
	tested->needed = tested->enough ? INFINITY : LEAST_SPANS;
}

/* Rates; where hardly any failed, there is nothing to tell, and that isn't unsure. */
static void test_errors(struct cf_tested *tested, const struct cf_op_latency *row,
			const struct cf_compare_options *options)
{
	const struct cf_op_side *before = &row->side[CF_BEFORE], *after = &row->side[CF_AFTER];
	const struct cf_count_pair pair = { before->errors, after->errors };
	double scale = (double)after->durations->len / (double)MAX(before->durations->len, 1);

	tested->enough = before->durations->len && after->durations->len;
	tested->equal = !pair.before && !pair.after;
	tested->ratio = tested->enough && !tested->equal ? cf_count_ratio(pair, scale, options->level)
							 : (struct cf_interval){ 1, 1, 1 };
	tested->p = tested->enough ? cf_count_midp(pair, scale) : 1;
	tested->needed = INFINITY;
}

static void summarise(struct cf_op_side *side)
{
	guint n = side->durations->len;
	g_autofree double *sorted = cf_sorted(values_of(side), n);

	side->p50 = cf_quantile(sorted, n, 0.5, CF_QUANTILE_NEAREST);
	side->p95 = cf_quantile(sorted, n, 0.95, CF_QUANTILE_NEAREST);
	side->p99 = cf_quantile(sorted, n, 0.99, CF_QUANTILE_NEAREST);
}

static double rate_of(const struct cf_op_side *side)
{
	return side->durations->len ? (double)side->errors / (double)side->durations->len : NAN;
}

static void compute_row(struct cf_op_latency *row, gboolean of_runs, const struct cf_compare_options *options)
{
	struct cf_op_side *before = &row->side[CF_BEFORE], *after = &row->side[CF_AFTER];

	summarise(before);
	summarise(after);
	row->test[CF_LATENCY_P50] = (struct cf_tested){ .before = before->p50, .after = after->p50 };
	row->test[CF_LATENCY_P95] = (struct cf_tested){ .before = before->p95, .after = after->p95 };
	row->test[CF_LATENCY_ERRORS] =
		(struct cf_tested){ .before = rate_of(before), .after = rate_of(after) };
	for (int test = 0; test < CF_LATENCY_TESTS; test++)
		row->test[test].metric = metrics[test];
	if (of_runs) {
		test_runs(&row->test[CF_LATENCY_P50], row, 0.5, options);
		test_runs(&row->test[CF_LATENCY_P95], row, 0.95, options);
	} else {
		test_middle(&row->test[CF_LATENCY_P50], row, options);
		test_tail(&row->test[CF_LATENCY_P95], row, options);
	}
	test_errors(&row->test[CF_LATENCY_ERRORS], row, options);
}

/* What is shown to be the same is told last: that no span failed says nothing of how long they took. */
static int rank_of(enum cf_found found)
{
	return found == CF_FOUND_SAME ? CF_FOUNDS : (int)found;
}

/* The test whose finding stands first; of equal ones the earlier. */
static int worst_of(const struct cf_op_latency *row)
{
	int worst = 0;

	for (int test = 1; test < CF_LATENCY_TESTS; test++)
		if (rank_of(row->test[test].found) < rank_of(row->test[worst].found))
			worst = test;
	return worst;
}

static double time_of(const struct cf_op_latency *row)
{
	double sum = 0;

	for (int side = 0; side < CF_SIDES; side++)
		for (guint i = 0; i < row->side[side].durations->len; i++)
			sum += values_of(&row->side[side])[i];
	return sum;
}

struct order {
	double time;
	struct cf_op_latency *row;
};

static int by_time(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	int order;

	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	order = strcmp(x->row->service, y->row->service);
	return order ? order : strcmp(x->row->name, y->row->name);
}

static void sort_rows(struct cf_op_latencies *latencies)
{
	guint n = latencies->rows->len;
	g_autofree struct order *order = g_new(struct order, n + 1);

	for (guint i = 0; i < n; i++) {
		order[i].row = g_ptr_array_index(latencies->rows, i);
		order[i].time = time_of(order[i].row);
	}
	qsort(order, n, sizeof(*order), by_time);
	for (guint i = 0; i < n; i++)
		latencies->rows->pdata[i] = order[i].row;
}

void cf_op_latencies_compute(struct cf_op_latencies *latencies, const struct cf_compare_options *options)
{
	g_autoptr(GPtrArray) tested = g_ptr_array_new();

	latencies->of_runs = MIN(latencies->runs[CF_BEFORE], latencies->runs[CF_AFTER]) >=
			     cf_mann_whitney_least(options->rule.alpha);
	sort_rows(latencies);
	for (guint i = 0; i < latencies->rows->len; i++) {
		struct cf_op_latency *row = g_ptr_array_index(latencies->rows, i);

		compute_row(row, latencies->of_runs, options);
		for (int test = 0; test < CF_LATENCY_TESTS; test++)
			g_ptr_array_add(tested, &row->test[test]);
	}
	cf_tested_adjust(tested, &options->rule);
	for (guint i = 0; i < latencies->rows->len; i++) {
		struct cf_op_latency *row = g_ptr_array_index(latencies->rows, i);

		row->worst = worst_of(row);
	}
}
