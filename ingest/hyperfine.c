/* SPDX-License-Identifier: MIT */
/* hyperfine: the results of `hyperfine --export-json`. */
/*
 * A series per command (its name, else its text, with the values of its parameters), of which each repetition is a
 * point: wall time in ns. What hyperfine measures for all repetitions together, user and system time, are series of one
 * point. Repetitions whose exit code wasn't 0 are kept, as hyperfine keeps them, and counted. A result without times
 * (hyperfine --export-json of an old version) gives its mean.
 *
 * The file knows neither when nor where it was made.
 */
#include "core/json_reader.h"
#include "ingest/format.h"

#include <math.h>

#define NS_PER_S 1e9
#define TIMES_MAX 10000000

struct result {
	GString *name;
	GArray *times;             /* double, s */
	double mean, user, system; /* s; NAN when they aren't there */
	int64_t failed;
};

static void result_reset(struct result *result)
{
	g_string_truncate(result->name, 0);
	g_array_set_size(result->times, 0);
	result->mean = result->user = result->system = NAN;
	result->failed = 0;
}

static void read_times(struct cf_json_reader *json, struct result *result)
{
	double seconds;

	for (unsigned in = cf_json_array(json); cf_json_item(json, in);)
		if (cf_json_get_double(json, &seconds) && result->times->len < TIMES_MAX)
			g_array_append_val(result->times, seconds);
}

/* null: killed by a signal. */
static void read_exit_codes(struct cf_json_reader *json, struct result *result)
{
	for (unsigned in = cf_json_try_array(json); cf_json_item(json, in);) {
		int64_t code;

		if (!cf_json_try_int(json, &code) || code != 0)
			result->failed++;
	}
}

/* { "threads": "4" } becomes " threads=4". */
static void read_parameters(struct cf_json_reader *json, GString *name)
{
	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		struct cf_slice value;

		g_string_append_printf(name, " %.*s=", (int)MIN(json->key.len, 1024), json->key.data);
		if (cf_json_try_text(json, &value))
			g_string_append_len(name, (const char *)value.data, (gssize)value.len);
	}
}

static void read_result(struct cf_json_reader *json, struct result *result)
{
	g_autoptr(GString) parameters = g_string_new(NULL);
	struct cf_slice text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "command")) {
			if (cf_json_get_text(json, &text))
				g_string_append_len(result->name, (const char *)text.data, (gssize)text.len);
		} else if (cf_json_key_is(json, "times")) {
			read_times(json, result);
		} else if (cf_json_key_is(json, "mean")) {
			cf_json_try_double(json, &result->mean);
		} else if (cf_json_key_is(json, "user")) {
			cf_json_try_double(json, &result->user);
		} else if (cf_json_key_is(json, "system")) {
			cf_json_try_double(json, &result->system);
		} else if (cf_json_key_is(json, "exit_codes")) {
			read_exit_codes(json, result);
		} else if (cf_json_key_is(json, "parameters")) {
			read_parameters(json, parameters);
		}
	}
	g_string_append(result->name, parameters->str);
}

static void add_single(struct cf_trace *trace, const struct result *result, const char *what, double seconds)
{
	g_autofree char *name = g_strdup_printf("%s (%s)", result->name->str, what);

	if (!isnan(seconds))
		cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", NULL), NAN,
			       seconds * NS_PER_S);
}

static void add_result(struct cf_trace *trace, const struct result *result)
{
	const char *name = result->name->str;

	for (guint i = 0; i < result->times->len; i++)
		cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", NULL), NAN,
			       g_array_index(result->times, double, i) * NS_PER_S);
	if (!result->times->len) {
		add_single(trace, result, "mean", result->mean);
		cf_trace_quality(trace, "no-repetitions", name, 1, 0, NULL,
				 "the file has no single times of the command, only their mean");
	}
	add_single(trace, result, "user", result->user);
	add_single(trace, result, "system", result->system);
	if (result->failed)
		cf_trace_quality(trace, "failed-repetitions", name, result->failed, 0, NULL,
				 "repetitions didn't exit with 0; their times are kept");
}

static int read_hyperfine(const struct cf_input *input, const struct cf_params *params,
			  struct cf_trace *trace, struct cf_diag *diag)
{
	struct result result = { g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(double)), 0, 0, 0, 0 };
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
		if (!cf_json_key_is(&json, "results"))
			continue;
		for (unsigned list = cf_json_array(&json); cf_json_item(&json, list);) {
			result_reset(&result);
			read_result(&json, &result);
			if (cf_json_ok(&json))
				add_result(trace, &result);
		}
	}
	status = cf_json_finish(&json);
	if (status == 0 && !trace->points->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no results, expected times of a command");
	cf_json_reader_release(&json);
	g_string_free(result.name, TRUE);
	g_array_unref(result.times);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	if (cf_json_shape_has(json, "results[].command") &&
	    (cf_json_shape_has(json, "results[].times") || cf_json_shape_has(json, "results[].stddev")))
		return CF_BID_SHAPE;
	if (cf_json_shape_has(json, "results[]")) {
		*why = "results without command and times";
		return CF_BID_NEAR;
	}
	*why = "no results of commands";
	return CF_BID_NO;
}

const struct cf_format cf_format_hyperfine = {
	.name = "hyperfine",
	.summary = "hyperfine benchmark results (--export-json)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_hyperfine,
};
