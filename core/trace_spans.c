/* SPDX-License-Identifier: MIT */
/* trace_spans: gathers spans, and counts each in its operation. */
#include "core/trace_index.h"

#include <stdlib.h>
#include <string.h>

/* Up to so many durations are kept one by one. */
#define EXACT_MAX (2 * 1024 * 1024)
/*
 * Beyond that those of operations with so many are counted in buckets, each 1/256 of its power of two wide: durations below
 * 512 ns have a bucket each, and there are 256 for each further power of two below 2^63.
 */
#define BUCKETS_FROM 8192
#define BUCKET_BITS 8
#define FIRST ((uint64_t)2 << BUCKET_BITS)
#define BUCKETS (FIRST + (63 - BUCKET_BITS - 1) * ((uint64_t)1 << BUCKET_BITS))

struct tally {
	struct cf_operation operation; /* without percentiles */
	GArray *exact;                 /* int64_t durations, or NULL once there are buckets */
	uint32_t *buckets;
};

const char *cf_span_kind_name(enum cf_span_kind kind)
{
	static const char *const names[CF_SPAN_KINDS] = { "internal", "server",   "client",
							  "producer", "consumer", "async" };

	return names[kind];
}

const char *cf_span_status_name(enum cf_span_status status)
{
	static const char *const names[CF_SPAN_STATUSES] = { "", "ok", "error" };

	return names[status];
}

void cf_trace_tallies_free(GArray *tallies)
{
	for (guint i = 0; tallies && i < tallies->len; i++) {
		struct tally *tally = &g_array_index(tallies, struct tally, i);

		if (tally->exact)
			g_array_unref(tally->exact);
		g_free(tally->buckets);
	}
	if (tallies)
		g_array_unref(tallies);
}

static uint64_t bucket_of(uint64_t value)
{
	unsigned shift;

	if (value < FIRST)
		return value;
	shift = 63 - BUCKET_BITS - (unsigned)__builtin_clzll(value);
	return FIRST + (uint64_t)(shift - 1) * ((uint64_t)1 << BUCKET_BITS) + (value >> shift) -
	       ((uint64_t)1 << BUCKET_BITS);
}

/* The middle of a bucket. */
static int64_t value_of(uint64_t bucket)
{
	uint64_t low, shift;

	if (bucket < FIRST)
		return (int64_t)bucket;
	shift = (bucket - FIRST) / ((uint64_t)1 << BUCKET_BITS) + 1;
	low = ((bucket - FIRST) % ((uint64_t)1 << BUCKET_BITS) + ((uint64_t)1 << BUCKET_BITS)) << shift;
	return (int64_t)(low + ((uint64_t)1 << (shift - 1)));
}

static struct tally *find_tally(struct cf_trace *trace, struct cf_str service, struct cf_str name)
{
	struct cf_table *index = &trace->index->operations;
	GArray *tallies = trace->index->tallies;
	struct tally tally = { .operation = { .service = service, .name = name, .min_ns = INT64_MAX } };
	uint32_t hash = cf_hash(service.id, name.id), pos, id;

	if (!tallies)
		tallies = trace->index->tallies = g_array_new(FALSE, FALSE, sizeof(struct tally));
	for (pos = hash; (id = cf_table_next(index, hash, &pos)) != 0;) {
		struct tally *t = &g_array_index(tallies, struct tally, id - 1);

		if (t->operation.service.id == service.id && t->operation.name.id == name.id)
			return t;
	}
	tally.exact = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_array_append_val(tallies, tally);
	cf_table_add(index, hash, tallies->len);
	return &g_array_index(tallies, struct tally, tallies->len - 1);
}

static void count_in_bucket(struct tally *tally, int64_t duration)
{
	uint32_t *count = &tally->buckets[bucket_of((uint64_t)duration)];

	*count += *count < UINT32_MAX;
}

static void to_buckets(struct cf_trace *trace, struct tally *tally)
{
	tally->buckets = g_new0(uint32_t, BUCKETS);
	for (guint i = 0; i < tally->exact->len; i++)
		count_in_bucket(tally, g_array_index(tally->exact, int64_t, i));
	trace->index->exact_durations -= tally->exact->len;
	g_clear_pointer(&tally->exact, g_array_unref);
}

void cf_trace_operation(struct cf_trace *trace, struct cf_str service, struct cf_str name,
			int64_t duration_ns, gboolean failed)
{
	struct tally *tally = find_tally(trace, service, name);
	struct cf_operation *operation = &tally->operation;

	g_assert(duration_ns >= 0);
	operation->count++;
	operation->errors += failed ? 1 : 0;
	operation->min_ns = MIN(operation->min_ns, duration_ns);
	operation->max_ns = MAX(operation->max_ns, duration_ns);
	cf_trace_add(trace, &operation->sum_ns, duration_ns);
	if (tally->exact && trace->index->exact_durations >= EXACT_MAX && tally->exact->len >= BUCKETS_FROM)
		to_buckets(trace, tally);
	if (tally->exact) {
		g_array_append_val(tally->exact, duration_ns);
		trace->index->exact_durations++;
	} else {
		count_in_bucket(tally, duration_ns);
	}
}

uint32_t cf_trace_span(struct cf_trace *trace, const struct cf_span *span)
{
	g_assert(span->thread == CF_NO_THREAD || span->thread < trace->threads->len);
	cf_trace_operation(trace, span->service, span->name, span->duration_ns,
			   span->status == CF_SPAN_ERROR);
	if (trace->spans->len == CF_SPANS_MAX) {
		cf_trace_quality(trace, "spans-capped", NULL, 1, 0, NULL,
				 "spans beyond the first %d are only counted in their operations",
				 CF_SPANS_MAX);
		return 0;
	}
	g_array_append_vals(trace->spans, span, 1);
	return trace->spans->len;
}

static int compare_durations(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The value at rank (from 0) of the sorted list, which is partly sorted by it. C. A. R. Hoare, "Algorithm 65: Find", 1961;
 * inputs that make it slow are sorted.
 */
static int64_t select_value(int64_t *values, int64_t n, int64_t rank)
{
	int64_t left = 0, right = n - 1;

	for (int rounds = 0; left < right; rounds++) {
		int64_t pivot = values[rank], i = left, j = right;

		if (rounds == 64) {
			qsort(values, (size_t)n, sizeof(*values), compare_durations);
			break;
		}
		while (i <= j) {
			while (values[i] < pivot)
				i++;
			while (pivot < values[j])
				j--;
			if (i <= j) {
				int64_t value = values[i];

				values[i++] = values[j];
				values[j--] = value;
			}
		}
		if (j < rank)
			left = i;
		if (rank < i)
			right = j;
	}
	return values[rank];
}

/* Nearest rank: the smallest duration that at least percent of all don't exceed. */
static int64_t percentile(const struct tally *tally, int percent)
{
	uint64_t n = (uint64_t)tally->operation.count, seen = 0;
	uint64_t rank = n / 100 * (uint64_t)percent + (n % 100 * (uint64_t)percent + 99) / 100;

	if (tally->exact)
		return select_value((int64_t *)(void *)tally->exact->data, tally->exact->len,
				    (int64_t)rank - 1);
	for (uint64_t b = 0; b < BUCKETS; b++) {
		seen += tally->buckets[b];
		if (seen >= rank)
			return CLAMP(value_of(b), tally->operation.min_ns, tally->operation.max_ns);
	}
	return tally->operation.max_ns;
}

static int compare_operations(gconstpointer a, gconstpointer b, gpointer dict)
{
	const struct cf_operation *x = a, *y = b;
	int order = strcmp(cf_dict_text(dict, x->service), cf_dict_text(dict, y->service));

	return order ? order : strcmp(cf_dict_text(dict, x->name), cf_dict_text(dict, y->name));
}

GArray *cf_trace_operations(const struct cf_trace *trace)
{
	const GArray *tallies = trace->index->tallies;
	GArray *operations = g_array_new(FALSE, FALSE, sizeof(struct cf_operation));

	for (guint i = 0; tallies && i < tallies->len; i++) {
		const struct tally *tally = &g_array_index(tallies, struct tally, i);
		struct cf_operation operation = tally->operation;

		operation.p50_ns = percentile(tally, 50);
		operation.p95_ns = percentile(tally, 95);
		operation.p99_ns = percentile(tally, 99);
		g_array_append_val(operations, operation);
	}
	g_array_sort_with_data(operations, compare_operations, trace->dict);
	return operations;
}
