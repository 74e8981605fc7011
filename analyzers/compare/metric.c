/* SPDX-License-Identifier: MIT */
/* metric: which metric of one run says the same as which of another, and how the two can be compared. */
#include "analyzers/compare/metric.h"

#include "analyzers/profile.h"

#include <string.h>

struct metrics {
	GPtrArray *names; /* char * */
	GArray *units;    /* enum cf_unit */
};

static int take_metric(void *ctx, const struct cf_metric_row *row)
{
	struct metrics *metrics = ctx;

	g_ptr_array_add(metrics->names, g_strdup(row->name));
	g_array_append_val(metrics->units, row->unit);
	return 0;
}

static int load(struct metrics *metrics, struct cf_store *store, const struct cf_run *run,
		struct cf_diag *diag)
{
	metrics->names = g_ptr_array_new_with_free_func(g_free);
	metrics->units = g_array_new(FALSE, FALSE, sizeof(enum cf_unit));
	return cf_store_metrics(store, run->id, take_metric, metrics, diag);
}

static void clear(struct metrics *metrics)
{
	g_ptr_array_unref(metrics->names);
	g_array_unref(metrics->units);
}

static const char *name_at(const struct metrics *metrics, guint i)
{
	return g_ptr_array_index(metrics->names, i);
}

/* An event without the modifiers that say how precise it is, not what it counts ("cycles:uP" is "cycles:u"). */
static char *plain_event(const char *name)
{
	const char *colon = strrchr(name, ':');
	g_autofree char *modifiers = NULL;
	char *to;

	if (!colon || !colon[1] || strspn(colon + 1, "ukhGHIpPSDWe") != strlen(colon + 1))
		return g_strdup(name);
	modifiers = to = g_strdup(colon + 1);
	for (const char *from = colon + 1; *from; from++)
		if (strchr("ukhG", *from))
			*to++ = *from;
	*to = '\0';
	return g_strdup_printf("%.*s%s%s", (int)(colon - name), name, *modifiers ? ":" : "", modifiers);
}

gboolean cf_metric_same(const char *a, const char *b)
{
	g_autofree char *x = plain_event(a), *y = plain_event(b);

	return !strcmp(x, y);
}

/* Metrics that all stand for time on a CPU, seen by sampling; those of a part ("cycles:u") aren't among them. */
static gboolean is_cpu(const char *name)
{
	static const char *const names[] = { "cpu",  "cycles",    "cpu-cycles", "samples",
					     "time", "cpu-clock", "task-clock" };
	g_autofree char *plain = plain_event(name);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(plain, names[i]))
			return TRUE;
	return !g_strcmp0(cf_metric_cpu(name), "CPU");
}

gboolean cf_metric_same_kind(const char *a, const char *b)
{
	return cf_metric_same(a, b) || (is_cpu(a) && is_cpu(b));
}

static int find(const struct metrics *metrics, const char *name, gboolean (*same)(const char *, const char *))
{
	for (guint i = 0; i < metrics->names->len; i++)
		if (same(name_at(metrics, i), name))
			return (int)i;
	return -1;
}

/* Of formats that count or measure every call or allocation; others take samples. */
static gboolean is_traced(const struct cf_run *run)
{
	static const char *const formats[] = { "asan",      "callflow-tracer", "dhat",
					       "heaptrack", "massif",          "memcheck-xml" };

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (!strcmp(run->format, formats[i]))
			return TRUE;
	return (run->facts & CF_FACTS_SPANS) || !(run->facts & CF_FACTS_SAMPLES);
}

/*
 * Heap and lock profiles are samples that were scaled up to what they stand for: neither their weights nor their counts say
 * how many were taken.
 */
static gboolean is_scaled_up(const char *metric, enum cf_unit unit)
{
	static const char *const names[] = { "alloc_objects", "inuse_objects", "objects", "contentions",
					     "delay" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(metric, names[i]))
			return TRUE;
	return unit == CF_UNIT_BYTES;
}

static enum cf_compare_method method_of(const struct cf_run *run, const char *metric, enum cf_unit unit)
{
	if (!is_traced(run))
		return is_scaled_up(metric, unit) ? CF_COMPARE_MEASURED : CF_COMPARE_SAMPLED;
	return unit == CF_UNIT_NS ? CF_COMPARE_MEASURED : CF_COMPARE_EXACT;
}

static char *list(const struct metrics *metrics)
{
	GString *text = g_string_new(NULL);
	guint n = MIN(metrics->names->len, 8);

	for (guint i = 0; i < n; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", name_at(metrics, i));
	if (metrics->names->len > n)
		g_string_append_printf(text, " and %u more", metrics->names->len - n);
	return g_string_free(text, FALSE);
}

static int no_pair(const struct cf_run *run_before, const struct metrics *before,
		   const struct cf_run *run_after, const struct metrics *after, const char *wanted,
		   struct cf_diag *diag)
{
	g_autofree char *has_before = list(before), *has_after = list(after);
	g_autofree char *shown = wanted ? cf_visible(wanted, -1, 200) : NULL;

	if (wanted)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "no metric '%s' on both sides; run %" G_GINT64_FORMAT
				   " has %s, run %" G_GINT64_FORMAT " has %s",
				   shown, run_before->id, has_before, run_after->id, has_after);
	return cf_error(diag, NULL,
			"no common metric: run %" G_GINT64_FORMAT " has %s, run %" G_GINT64_FORMAT " has %s",
			run_before->id, *has_before ? has_before : "none", run_after->id,
			*has_after ? has_after : "none");
}

/* The metrics that go together: *at of before and after. */
static gboolean choose(const struct metrics *before, const struct metrics *after, const char *wanted,
		       int at[2])
{
	gboolean (*const rules[])(const char *, const char *) = { cf_metric_same, cf_metric_same_kind };

	for (size_t r = 0; r < G_N_ELEMENTS(rules); r++) {
		for (guint i = 0; !wanted && i < after->names->len; i++) {
			at[0] = find(before, name_at(after, i), rules[r]);
			at[1] = (int)i;
			if (at[0] >= 0)
				return TRUE;
		}
		if (!wanted)
			continue;
		for (int k = 0; k < 2; k++) {
			at[0] = find(before, wanted, k == 0 ? cf_metric_same : rules[r]);
			at[1] = find(after, wanted, k == 1 ? cf_metric_same : rules[r]);
			if (at[0] >= 0 && at[1] >= 0)
				return TRUE;
		}
	}
	return FALSE;
}

int cf_metric_pair(struct cf_metric_pair *pair, struct cf_store *store, const struct cf_run *run_before,
		   const struct cf_run *run_after, const char *wanted, struct cf_diag *diag)
{
	struct metrics before = { 0 }, after = { 0 };
	enum cf_compare_method method_before, method_after;
	enum cf_unit unit_before, unit_after;
	int at[2], result = -1;

	*pair = (struct cf_metric_pair){ 0 };
	if (load(&before, store, run_before, diag) | load(&after, store, run_after, diag))
		goto out;
	if (!choose(&before, &after, wanted, at)) {
		result = no_pair(run_before, &before, run_after, &after, wanted, diag);
		goto out;
	}
	unit_before = g_array_index(before.units, enum cf_unit, at[0]);
	unit_after = g_array_index(after.units, enum cf_unit, at[1]);
	method_before = method_of(run_before, name_at(&before, (guint)at[0]), unit_before);
	method_after = method_of(run_after, name_at(&after, (guint)at[1]), unit_after);
	if (method_before != method_after) {
		result = cf_error(
			diag, NULL,
			"run %" G_GINT64_FORMAT " (%s) and run %" G_GINT64_FORMAT
			" (%s) can't be compared: one takes samples, the other counts or measures every call",
			run_before->id, run_before->format, run_after->id, run_after->format);
		goto out;
	}
	pair->before = g_strdup(name_at(&before, (guint)at[0]));
	pair->after = g_strdup(name_at(&after, (guint)at[1]));
	pair->by_samples = unit_before != unit_after ||
			   (unit_after == CF_UNIT_COUNT && !cf_metric_same(pair->before, pair->after));
	pair->unit = pair->by_samples ? CF_UNIT_COUNT : unit_after;
	pair->method = method_after;
	result = 0;
out:
	clear(&before);
	clear(&after);
	return result;
}

void cf_metric_pair_clear(struct cf_metric_pair *pair)
{
	g_clear_pointer(&pair->before, g_free);
	g_clear_pointer(&pair->after, g_free);
}
