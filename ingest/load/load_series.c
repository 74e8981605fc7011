/* SPDX-License-Identifier: MIT */
/* load_series: the series that all load tests have, whatever the tool. */
#include "ingest/load/load_series.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES_MAX 1024

char *cf_load_cut_name(const char *name)
{
	size_t len = strnlen(name, NAME_BYTES_MAX + 1);

	if (len <= NAME_BYTES_MAX)
		return NULL;
	for (len = NAME_BYTES_MAX; len && (name[len] & 0xc0) == 0x80; len--)
		;
	return g_strndup(name, len);
}

static void add(const struct cf_load *load, const char *what, const char *endpoint, const char *unit,
		const char *better, double value)
{
	g_autofree char *name = endpoint ? g_strdup_printf("%s %s", what, endpoint) : g_strdup(what);
	bool known = !isnan(load->load);

	if (isnan(value))
		return;
	cf_trace_point(load->trace, cf_trace_series(load->trace, name, unit, better, known ? load->x : NULL),
		       load->load, value);
}

void cf_load_throughput(const struct cf_load *load, const char *endpoint, double per_second)
{
	add(load, "throughput", endpoint, "1/s", "higher", per_second);
}

void cf_load_latency(const struct cf_load *load, const char *endpoint, const char *what, double ns)
{
	g_autofree char *name = g_strconcat("latency ", what, NULL);

	add(load, name, endpoint, "ns", "lower", ns);
}

void cf_load_errors(const struct cf_load *load, const char *endpoint, double ratio)
{
	add(load, "errors", endpoint, "ratio", "lower", ratio);
}

void cf_load_requests(const struct cf_load *load, const char *endpoint, double count)
{
	add(load, "requests", endpoint, "count", NULL, count);
}

void cf_latencies_init(struct cf_latencies *latencies)
{
	*latencies = (struct cf_latencies){ .ns = g_array_new(FALSE, FALSE, sizeof(double)) };
}

void cf_latencies_release(struct cf_latencies *latencies)
{
	g_clear_pointer(&latencies->ns, g_array_unref);
}

void cf_latencies_add(struct cf_latencies *latencies, double ns)
{
	g_array_append_val(latencies->ns, ns);
	latencies->sum += ns;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void cf_latencies_sort(struct cf_latencies *latencies)
{
	if (latencies->ns->len)
		qsort(latencies->ns->data, latencies->ns->len, sizeof(double), compare);
}

double cf_latencies_percentile(const struct cf_latencies *latencies, double p, enum cf_percentile how)
{
	const double *values = (const double *)latencies->ns->data;
	guint n = latencies->ns->len, at;
	double place;

	if (!n)
		return NAN;
	if (how == CF_NEAREST_RANK && p != 0.5) {
		/* 0.95 * 20 isn't quite 19. */
		place = ceil(p * n - 1e-9);
		return values[(guint)CLAMP(place, 1, n) - 1];
	}
	place = p * (n - 1);
	at = (guint)place;
	if (at + 1 >= n)
		return values[n - 1];
	return values[at] + (values[at + 1] - values[at]) * (place - at);
}

void cf_load_latencies(const struct cf_load *load, const char *endpoint, struct cf_latencies *latencies,
		       enum cf_percentile how)
{
	static const struct {
		const char *what;
		double p;
	} percentiles[] = { { "min", 0 },    { "p50", 0.5 },  { "p90", 0.9 },
			    { "p95", 0.95 }, { "p99", 0.99 }, { "max", 1 } };

	if (!latencies->ns->len)
		return;
	cf_latencies_sort(latencies);
	cf_load_latency(load, endpoint, "mean", latencies->sum / latencies->ns->len);
	for (size_t i = 0; i < G_N_ELEMENTS(percentiles); i++)
		cf_load_latency(load, endpoint, percentiles[i].what,
				cf_latencies_percentile(latencies, percentiles[i].p, how));
}
