/* SPDX-License-Identifier: MIT */
/* google_benchmark: the results of Google Benchmark (--benchmark_format=json, --benchmark_out). */
/*
 * A series per benchmark, of which each repetition is a point: real time per iteration in ns; "(cpu)" is the processor
 * time. User counters and rates are series of their own, "NAME items_per_second". Aggregates (mean, median, stddev, cv)
 * are left out where the repetitions are there, since they can be computed; where the file has nothing else (
 * --benchmark_report_aggregates_only), they are kept, as "NAME (mean)". Complexities (BigO, RMS) are no
 * measurements. A benchmark with an error has no numbers: counted.
 */
#include "core/hash.h"
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

#define COUNTERS_MAX 64

struct counter {
	GString *name;
	double value;
};

struct entry {
	GString *name, *run_name, *aggregate; /* aggregate: its name, "" for a repetition */
	double real, cpu, unit;               /* NAN when they aren't there; unit: ns */
	bool failed, percentage;
	GArray *counters; /* struct counter */
};

static void counter_clear(gpointer data)
{
	g_string_free(((struct counter *)data)->name, TRUE);
}

static struct entry *entry_new(void)
{
	struct entry *entry = g_new0(struct entry, 1);

	entry->name = g_string_new(NULL);
	entry->run_name = g_string_new(NULL);
	entry->aggregate = g_string_new(NULL);
	entry->real = entry->cpu = NAN;
	entry->unit = 1;
	entry->counters = g_array_new(FALSE, FALSE, sizeof(struct counter));
	g_array_set_clear_func(entry->counters, counter_clear);
	return entry;
}

static void entry_free(gpointer data)
{
	struct entry *entry = data;

	g_string_free(entry->name, TRUE);
	g_string_free(entry->run_name, TRUE);
	g_string_free(entry->aggregate, TRUE);
	g_array_unref(entry->counters);
	g_free(entry);
}

static void take_text(struct cf_json_reader *json, GString *text)
{
	struct cf_slice slice;

	if (cf_json_try_text(json, &slice))
		g_string_append_len(g_string_truncate(text, 0), (const char *)slice.data, (gssize)slice.len);
}

static void take_unit(struct cf_json_reader *json, struct entry *entry)
{
	struct cf_slice unit;

	if (cf_json_get_text(json, &unit) && !cf_time_unit_ns(unit, &entry->unit))
		cf_json_error(json, "unknown time unit '%.*s', expected ns, us, ms or s",
			      (int)MIN(unit.len, 20), unit.data);
}

/* What isn't a member of every entry and is a number is a counter of the user's. */
static void take_counter(struct cf_json_reader *json, struct entry *entry)
{
	static const char *const known[] = {
		"iterations",       "threads",          "repetitions",
		"repetition_index", "family_index",     "per_family_instance_index",
		"cpu_coefficient",  "real_coefficient", "rms"
	};
	struct counter counter;

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (cf_json_key_is(json, known[i]))
			return;
	if (cf_json_peek(json) != CF_JSON_NUMBER || entry->counters->len == COUNTERS_MAX)
		return;
	counter.name = g_string_new_len((const char *)json->key.data, (gssize)json->key.len);
	if (cf_json_try_double(json, &counter.value))
		g_array_append_val(entry->counters, counter);
	else
		g_string_free(counter.name, TRUE);
}

static void read_entry(struct cf_json_reader *json, struct entry *entry)
{
	g_autoptr(GString) unit = g_string_new(NULL);

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "name"))
			take_text(json, entry->name);
		else if (cf_json_key_is(json, "run_name"))
			take_text(json, entry->run_name);
		else if (cf_json_key_is(json, "aggregate_name"))
			take_text(json, entry->aggregate);
		else if (cf_json_key_is(json, "aggregate_unit"))
			take_text(json, unit);
		else if (cf_json_key_is(json, "real_time"))
			cf_json_get_double(json, &entry->real);
		else if (cf_json_key_is(json, "cpu_time"))
			cf_json_get_double(json, &entry->cpu);
		else if (cf_json_key_is(json, "time_unit"))
			take_unit(json, entry);
		else if (cf_json_key_is(json, "error_occurred"))
			cf_json_try_bool(json, &entry->failed);
		else
			take_counter(json, entry);
	}
	entry->percentage = !strcmp(unit->str, "percentage");
	if (!entry->run_name->len)
		g_string_assign(entry->run_name, entry->name->str);
}

static void add_time(struct cf_trace *trace, const struct entry *entry, const char *suffix, double time)
{
	g_autofree char *name = g_strconcat(entry->run_name->str, suffix, NULL);

	if (isnan(time))
		return;
	if (entry->percentage)
		cf_trace_point(trace, cf_trace_series(trace, name, "ratio", NULL, NULL), NAN, time);
	else
		cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", NULL), NAN,
			       time * entry->unit);
}

static void add_entry(struct cf_trace *trace, const struct entry *entry)
{
	g_autofree char *real =
		entry->aggregate->len ? g_strdup_printf(" (%s)", entry->aggregate->str) : g_strdup("");
	g_autofree char *cpu = entry->aggregate->len ? g_strdup_printf(" (cpu, %s)", entry->aggregate->str)
						     : g_strdup(" (cpu)");

	if (entry->failed) {
		cf_trace_quality(trace, "failed-benchmarks", entry->run_name->str, 1, 0, NULL,
				 "the benchmark ended with an error and has no numbers");
		return;
	}
	add_time(trace, entry, real, entry->real);
	add_time(trace, entry, cpu, entry->cpu);
	for (guint i = 0; i < entry->counters->len; i++) {
		const struct counter *counter = &g_array_index(entry->counters, struct counter, i);
		bool rate = g_str_has_suffix(counter->name->str, "_per_second");
		bool bytes = strcmp(counter->name->str, "bytes_per_second") == 0;
		g_autofree char *name =
			g_strdup_printf("%s %s%s", entry->run_name->str, counter->name->str, real);

		cf_trace_point(trace,
			       cf_trace_series(trace, name,
					       bytes  ? "bytes/s"
					       : rate ? "1/s"
						      : "",
					       rate ? "higher" : "", NULL),
			       NAN, counter->value);
	}
}

static void read_context(struct cf_json_reader *json, struct cf_trace *trace)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "date")) {
			take_text(json, text);
			cf_start_from_text(trace, text->str);
		} else if (cf_json_key_is(json, "host_name") && !trace->meta.host) {
			take_text(json, text);
			trace->meta.host = g_strdup(text->str);
		} else if (cf_json_key_is(json, "executable") && !trace->meta.name) {
			take_text(json, text);
			trace->meta.name = g_path_get_basename(text->str);
		} else if (cf_json_key_is(json, "library_build_type")) {
			take_text(json, text);
			if (!strcmp(text->str, "debug"))
				cf_trace_quality(trace, "debug-build", NULL, 0, 0,
						 "build the library with optimisation",
						 "the benchmark library was built for debugging: its "
						 "overhead is in the times");
		} else if (cf_json_key_is(json, "cpu_scaling_enabled")) {
			bool scaling;

			if (cf_json_try_bool(json, &scaling) && scaling)
				cf_trace_quality(
					trace, "cpu-scaling", NULL, 0, 0,
					"cpupower frequency-set -g performance",
					"the processor's frequency could change while it was measured");
		}
	}
}

static void read_benchmarks(struct cf_json_reader *json, struct cf_trace *trace, GPtrArray *aggregates,
			    GHashTable *repeated)
{
	for (unsigned in = cf_json_array(json); cf_json_item(json, in);) {
		struct entry *entry = entry_new();

		read_entry(json, entry);
		if (cf_json_ok(json) && entry->aggregate->len) {
			g_ptr_array_add(aggregates, entry);
			continue;
		}
		if (cf_json_ok(json)) {
			add_entry(trace, entry);
			g_hash_table_add(repeated, g_strdup(entry->run_name->str));
		}
		entry_free(entry);
	}
}

static int read_google_benchmark(const struct cf_input *input, const struct cf_params *params,
				 struct cf_trace *trace, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) aggregates = g_ptr_array_new_with_free_func(entry_free);
	g_autoptr(GHashTable) repeated = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL);
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | (input->mapped ? CF_JSON_MAPPED : 0), diag);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
		if (cf_json_key_is(&json, "context"))
			read_context(&json, trace);
		else if (cf_json_key_is(&json, "benchmarks"))
			read_benchmarks(&json, trace, aggregates, repeated);
	}
	status = cf_json_finish(&json);
	cf_json_reader_release(&json);
	for (guint i = 0; status == 0 && i < aggregates->len; i++) {
		const struct entry *entry = g_ptr_array_index(aggregates, i);

		if (!g_hash_table_contains(repeated, entry->run_name->str))
			add_entry(trace, entry);
	}
	if (status == 0 && !trace->points->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no benchmark has times, expected real_time and cpu_time");
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	if (cf_json_shape_has(json, "benchmarks[].real_time") && cf_json_shape_has(json, "benchmarks[].name"))
		return CF_BID_SHAPE;
	if (cf_json_shape_has(json, "benchmarks[].run_type")) {
		*why = "benchmarks without real_time";
		return CF_BID_NEAR;
	}
	*why = "no benchmarks with real_time";
	return CF_BID_NO;
}

const struct cf_format cf_format_google_benchmark = {
	.name = "google-benchmark",
	.summary = "Google Benchmark results (--benchmark_out)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_google_benchmark,
};
