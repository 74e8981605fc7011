/* SPDX-License-Identifier: MIT */
/* pytest_benchmark: the results that pytest-benchmark stores (--benchmark-json, --benchmark-save). */
/*
 * A series per benchmark (its full name), in ns. With --benchmark-save-data each round is a point. Without, or where some
 * are missing, the file has statistics: the median is then the benchmark's point, and "(mean)", "(min)", "(max)" and
 * "(stddev)" are series of one point each.
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

#define NS_PER_S 1e9
#define DATA_MAX 10000000

enum { MEDIAN, MEAN, MIN_, MAX_, STDDEV, STATS };
static const char *const stat_names[STATS] = { "median", "mean", "min", "max", "stddev" };

struct benchmark {
	GString *name, *full_name;
	double stats[STATS]; /* s */
	GArray *data;        /* double, s */
	int64_t rounds;      /* how many data should have, 0 unknown */
};

static void take_text(struct cf_json_reader *json, GString *text)
{
	struct cf_slice slice;

	if (cf_json_try_text(json, &slice))
		g_string_append_len(g_string_truncate(text, 0), (const char *)slice.data, (gssize)slice.len);
}

static void take_string(struct cf_json_reader *json, char **string)
{
	struct cf_slice slice;

	if (cf_json_try_text(json, &slice)) {
		g_free(*string);
		*string = g_strndup((const char *)slice.data, slice.len);
	}
}

static void read_stats(struct cf_json_reader *json, struct benchmark *benchmark)
{
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "data")) {
			double seconds;

			for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
				if (cf_json_try_double(json, &seconds) && benchmark->data->len < DATA_MAX)
					g_array_append_val(benchmark->data, seconds);
			continue;
		}
		if (cf_json_key_is(json, "rounds")) {
			cf_json_try_int(json, &benchmark->rounds);
			continue;
		}
		for (int i = 0; i < STATS; i++)
			if (cf_json_key_is(json, stat_names[i])) {
				cf_json_try_double(json, &benchmark->stats[i]);
				break;
			}
	}
}

static void add_stat(struct cf_trace *trace, const char *name, double seconds)
{
	if (!isnan(seconds))
		cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", NULL), NAN,
			       seconds * NS_PER_S);
}

static void add_benchmark(struct cf_trace *trace, const struct benchmark *benchmark)
{
	const char *name = benchmark->full_name->len ? benchmark->full_name->str : benchmark->name->str;

	if (benchmark->data->len && benchmark->data->len >= benchmark->rounds) {
		for (guint i = 0; i < benchmark->data->len; i++)
			add_stat(trace, name, g_array_index(benchmark->data, double, i));
		return;
	}
	if (benchmark->data->len)
		cf_trace_quality(
			trace, "missing-rounds", name, benchmark->rounds - benchmark->data->len, 0, NULL,
			"rounds that aren't in the file: the benchmark's statistics stand for all of them");
	for (int i = 0; i < STATS; i++) {
		g_autofree char *stat =
			i == MEDIAN ? g_strdup(name) : g_strdup_printf("%s (%s)", name, stat_names[i]);

		add_stat(trace, stat, benchmark->stats[i]);
	}
	if (!benchmark->data->len)
		cf_trace_quality(
			trace, "no-repetitions", NULL, 1, 0, "pytest --benchmark-save-data",
			"benchmarks are known by their statistics only: the median stands for their rounds");
}

static void read_benchmarks(struct cf_json_reader *json, struct cf_trace *trace)
{
	struct benchmark benchmark = {
		g_string_new(NULL), g_string_new(NULL), { 0 }, g_array_new(FALSE, FALSE, sizeof(double)), 0
	};

	for (unsigned in = cf_json_array(json); cf_json_item(json, in);) {
		g_string_truncate(benchmark.name, 0);
		g_string_truncate(benchmark.full_name, 0);
		g_array_set_size(benchmark.data, 0);
		benchmark.rounds = 0;
		for (int i = 0; i < STATS; i++)
			benchmark.stats[i] = NAN;
		for (unsigned member = cf_json_object(json); cf_json_member(json, member);) {
			if (cf_json_key_is(json, "name"))
				take_text(json, benchmark.name);
			else if (cf_json_key_is(json, "fullname"))
				take_text(json, benchmark.full_name);
			else if (cf_json_key_is(json, "stats"))
				read_stats(json, &benchmark);
		}
		if (cf_json_ok(json))
			add_benchmark(trace, &benchmark);
	}
	g_string_free(benchmark.name, TRUE);
	g_string_free(benchmark.full_name, TRUE);
	g_array_unref(benchmark.data);
}

static void read_machine(struct cf_json_reader *json, struct cf_trace *trace)
{
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "node"))
			take_string(json, &trace->meta.host);
		else if (cf_json_key_is(json, "system"))
			take_string(json, &trace->meta.os);
		else if (cf_json_key_is(json, "cpu"))
			for (unsigned cpu = cf_json_try_object(json); cf_json_member(json, cpu);)
				if (cf_json_key_is(json, "brand") || cf_json_key_is(json, "brand_raw"))
					take_string(json, &trace->meta.cpu);
	}
}

static void read_commit(struct cf_json_reader *json, struct cf_trace *trace)
{
	bool dirty = false;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "id"))
			take_string(json, &trace->meta.commit);
		else if (cf_json_key_is(json, "project"))
			take_string(json, &trace->meta.name);
		else if (cf_json_key_is(json, "dirty"))
			cf_json_try_bool(json, &dirty);
	}
	if (dirty)
		cf_trace_quality(trace, "uncommitted-changes", NULL, 0, 0, "commit before measuring",
				 "the work tree had changes that the commit doesn't have");
}

static int read_pytest_benchmark(const struct cf_input *input, const struct cf_params *params,
				 struct cf_trace *trace, struct cf_diag *diag)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | (input->mapped ? CF_JSON_MAPPED : 0), diag);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
		if (cf_json_key_is(&json, "benchmarks")) {
			read_benchmarks(&json, trace);
		} else if (cf_json_key_is(&json, "machine_info")) {
			read_machine(&json, trace);
		} else if (cf_json_key_is(&json, "commit_info")) {
			read_commit(&json, trace);
		} else if (cf_json_key_is(&json, "datetime")) {
			take_text(&json, text);
			cf_start_from_text(trace, text->str);
		}
	}
	status = cf_json_finish(&json);
	cf_json_reader_release(&json);
	if (status == 0 && !trace->points->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no benchmark has statistics");
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	if (cf_json_shape_has(json, "benchmarks[].stats") &&
	    (cf_json_shape_has(json, "benchmarks[].fullname") || cf_json_shape_has(json, "machine_info")))
		return CF_BID_SHAPE;
	*why = "no benchmarks with stats";
	return cf_json_shape_has(json, "benchmarks[].stats") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_pytest_benchmark = {
	.name = "pytest-benchmark",
	.summary = "pytest-benchmark results (--benchmark-json)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_pytest_benchmark,
};
