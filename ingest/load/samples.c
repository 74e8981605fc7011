/* SPDX-License-Identifier: MIT */
/* samples: single requests of a load test, summed up over all and by endpoint. */
#include "ingest/load/samples.h"

#include <math.h>

#include "core/hash.h"

#define ENDPOINTS_MAX 1000
#define KEPT_MAX 20000
#define NS_PER_S 1e9

struct endpoint {
	char *name;
	struct cf_latencies latencies;
	int64_t failed;
};

struct kept {
	guint endpoint;
	int64_t start_ns;
	double duration_ns;
};

struct cf_load_samples {
	struct cf_trace *trace;
	GPtrArray *endpoints; /* struct endpoint */
	GHashTable *by_name;  /* name -> number of the endpoint + 1 */
	struct endpoint whole;
	GArray *kept; /* struct kept: all, as long as they aren't too many */
	int64_t count, parts, others, without_time;
	int64_t first_ns; /* CF_LOAD_UNTIMED unknown */
	double length_ns; /* from there to the end of the last sample */
	double users;     /* most at once, NAN unknown */
};

static struct endpoint *endpoint_new(const char *name)
{
	struct endpoint *endpoint = g_new0(struct endpoint, 1);

	endpoint->name = g_strdup(name);
	cf_latencies_init(&endpoint->latencies);
	return endpoint;
}

static void endpoint_free(gpointer data)
{
	struct endpoint *endpoint = data;

	g_free(endpoint->name);
	cf_latencies_release(&endpoint->latencies);
	g_free(endpoint);
}

struct cf_load_samples *cf_load_samples_new(struct cf_trace *trace)
{
	struct cf_load_samples *samples = g_new0(struct cf_load_samples, 1);

	samples->trace = trace;
	samples->endpoints = g_ptr_array_new_with_free_func(endpoint_free);
	samples->by_name = g_hash_table_new(cf_str_hash, g_str_equal);
	samples->kept = g_array_new(FALSE, FALSE, sizeof(struct kept));
	samples->first_ns = CF_LOAD_UNTIMED;
	samples->users = NAN;
	cf_latencies_init(&samples->whole.latencies);
	return samples;
}

void cf_load_samples_free(struct cf_load_samples *samples)
{
	g_hash_table_unref(samples->by_name);
	g_ptr_array_unref(samples->endpoints);
	g_array_unref(samples->kept);
	cf_latencies_release(&samples->whole.latencies);
	g_free(samples);
}

int64_t cf_load_samples_count(const struct cf_load_samples *samples)
{
	return samples->count;
}

/* The number of the endpoint; what comes after very many different ones is one endpoint. */
static guint endpoint_of(struct cf_load_samples *samples, const char *name)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(samples->by_name, name));
	struct endpoint *endpoint;

	if (number)
		return number - 1;
	if (samples->endpoints->len >= ENDPOINTS_MAX) {
		samples->others++;
		name = "(others)";
		number = GPOINTER_TO_UINT(g_hash_table_lookup(samples->by_name, name));
		if (number)
			return number - 1;
	}
	endpoint = endpoint_new(name);
	g_ptr_array_add(samples->endpoints, endpoint);
	g_hash_table_insert(samples->by_name, endpoint->name, GUINT_TO_POINTER(samples->endpoints->len));
	return samples->endpoints->len - 1;
}

static void keep(struct cf_load_samples *samples, guint endpoint, const struct cf_load_sample *sample)
{
	const struct kept kept = { endpoint, sample->start_ns, sample->duration_ns };

	if (samples->count <= KEPT_MAX)
		g_array_append_val(samples->kept, kept);
	else
		g_array_set_size(samples->kept, 0);
}

/* Differences are small where times are large: a double has them exactly. */
static double since(int64_t ns, int64_t first_ns)
{
	int64_t difference;

	return __builtin_sub_overflow(ns, first_ns, &difference) ? NAN : (double)difference;
}

static void note_time(struct cf_load_samples *samples, const struct cf_load_sample *sample)
{
	double end;

	if (sample->start_ns == CF_LOAD_UNTIMED) {
		samples->without_time++;
		return;
	}
	if (samples->first_ns == CF_LOAD_UNTIMED) {
		samples->first_ns = sample->start_ns;
	} else if (sample->start_ns < samples->first_ns) {
		samples->length_ns += since(samples->first_ns, sample->start_ns);
		samples->first_ns = sample->start_ns;
	}
	end = since(sample->start_ns, samples->first_ns) + sample->duration_ns;
	if (end > samples->length_ns)
		samples->length_ns = end;
}

void cf_load_samples_add(struct cf_load_samples *samples, const struct cf_load_sample *sample)
{
	g_autofree char *cut = cf_load_cut_name(sample->endpoint);
	guint number = endpoint_of(samples, cut ? cut : sample->endpoint);
	struct endpoint *endpoint = samples->endpoints->pdata[number];

	samples->count++;
	cf_latencies_add(&endpoint->latencies, sample->duration_ns);
	endpoint->failed += sample->failed;
	if (sample->part) {
		samples->parts++;
	} else {
		cf_latencies_add(&samples->whole.latencies, sample->duration_ns);
		samples->whole.failed += sample->failed;
	}
	if (!isnan(sample->users) && !(sample->users <= samples->users))
		samples->users = sample->users;
	note_time(samples, sample);
	keep(samples, number, sample);
}

static void add_series(const struct cf_load *load, const char *name, struct endpoint *endpoint,
		       double seconds)
{
	guint n = endpoint->latencies.ns->len;

	if (!n)
		return;
	if (seconds > 0)
		cf_load_throughput(load, name, n / seconds);
	cf_load_requests(load, name, n);
	cf_load_errors(load, name, (double)endpoint->failed / n);
	cf_load_latencies(load, name, &endpoint->latencies, CF_NEAREST_RANK);
}

static void add_kept(const struct cf_load_samples *samples)
{
	for (guint i = 0; i < samples->kept->len; i++) {
		const struct kept *kept = &g_array_index(samples->kept, struct kept, i);
		const struct endpoint *endpoint = samples->endpoints->pdata[kept->endpoint];
		g_autofree char *name = g_strconcat("latency ", endpoint->name, NULL);
		bool timed = kept->start_ns != CF_LOAD_UNTIMED;

		cf_trace_point(samples->trace,
			       cf_trace_series(samples->trace, name, "ns", "lower", timed ? "ns" : NULL),
			       timed ? since(kept->start_ns, samples->first_ns) : NAN, kept->duration_ns);
	}
}

static void note_quality(struct cf_load_samples *samples)
{
	struct cf_trace *trace = samples->trace;

	if (samples->count > KEPT_MAX)
		cf_trace_quality(
			trace, "samples-summarised", NULL, samples->count, 0, NULL,
			"more than %d samples: their sums and percentiles were kept, not their latencies",
			KEPT_MAX);
	if (samples->parts)
		cf_trace_quality(
			trace, "transactions", NULL, samples->parts, 0, NULL,
			"samples that are the sum of others count for their name, not for the whole");
	if (samples->others)
		cf_trace_quality(trace, "many-endpoints", NULL, samples->others, 0, NULL,
				 "samples of more than %d names were added to \"(others)\"", ENDPOINTS_MAX);
	if (samples->without_time)
		cf_trace_quality(trace, "times-unknown", NULL, samples->without_time, 0, NULL,
				 "samples whose time couldn't be read don't count for the duration");
}

void cf_load_samples_fill(struct cf_load_samples *samples)
{
	const struct cf_load load = { samples->trace, "users", samples->users };
	double seconds = samples->length_ns / NS_PER_S;

	if (samples->first_ns >= 0) {
		samples->trace->meta.start_ns = samples->first_ns;
		samples->trace->meta.start_source = CF_START_INPUT;
		samples->trace->meta.duration_ns =
			samples->length_ns < 9e18 ? (int64_t)samples->length_ns : 0;
	}
	add_series(&load, NULL, &samples->whole, seconds);
	/* Before they are sorted. */
	add_kept(samples);
	for (guint i = 0; i < samples->endpoints->len; i++) {
		struct endpoint *endpoint = samples->endpoints->pdata[i];

		add_series(&load, endpoint->name, endpoint, seconds);
	}
	note_quality(samples);
}
