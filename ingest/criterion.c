/* SPDX-License-Identifier: MIT */
/* criterion: the messages of cargo-criterion, and what libtest-like benchmarks print. */
/*
 * Two forms of what criterion.rs says of benchmarks:
 *
 * - `cargo criterion --message-format=json`: an object per line. Of those with "reason": "benchmark-complete", each sample
 *   is a point of the series of its id: measured value per iteration, in ns.
 * - `cargo bench -- --output-format bencher`, and the unstable libtest: lines "test NAME ... bench: 1,234 ns/iter (+/- 5)".
 *   They give one point, and the deviation as "NAME (+/-)".
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

#define PROBE_BYTES (256 * 1024)
#define SAMPLES_MAX 10000000

static void take_numbers(struct cf_json_reader *json, GArray *numbers)
{
	double value;

	for (unsigned in = cf_json_try_array(json); cf_json_item(json, in);)
		if (cf_json_get_double(json, &value) && numbers->len < SAMPLES_MAX)
			g_array_append_val(numbers, value);
}

struct message {
	GString *id;
	GArray *iterations, *values;
	double unit; /* ns */
	bool complete;
};

static void read_message(struct cf_json_reader *json, struct message *message)
{
	struct cf_slice text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "reason") && cf_json_try_text(json, &text))
			message->complete = cf_slice_is(text, "benchmark-complete");
		else if (cf_json_key_is(json, "id") && cf_json_try_text(json, &text))
			g_string_append_len(message->id, (const char *)text.data, (gssize)text.len);
		else if (cf_json_key_is(json, "iteration_count"))
			take_numbers(json, message->iterations);
		else if (cf_json_key_is(json, "measured_values"))
			take_numbers(json, message->values);
		else if (cf_json_key_is(json, "unit") && cf_json_try_text(json, &text) &&
			 !cf_time_unit_ns(text, &message->unit))
			message->unit = NAN;
	}
}

static void add_message(struct cf_trace *trace, const struct message *message)
{
	bool time = !isnan(message->unit);

	if (!message->complete)
		return;
	for (guint i = 0; i < message->values->len && i < message->iterations->len; i++) {
		double iterations = g_array_index(message->iterations, double, i);

		if (iterations > 0)
			cf_trace_point(trace,
				       cf_trace_series(trace, message->id->str, time ? "ns" : "",
						       time ? "lower" : "", NULL),
				       NAN,
				       g_array_index(message->values, double, i) / iterations *
					       (time ? message->unit : 1));
	}
}

static int read_messages(const struct cf_input *input, struct cf_trace *trace, struct cf_diag *diag)
{
	struct message message = { g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(double)),
				   g_array_new(FALSE, FALSE, sizeof(double)), 1, false };
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	while (cf_json_document(&json)) {
		g_string_truncate(message.id, 0);
		g_array_set_size(message.iterations, 0);
		g_array_set_size(message.values, 0);
		message.unit = 1;
		message.complete = false;
		read_message(&json, &message);
		if (cf_json_ok(&json))
			add_message(trace, &message);
	}
	status = cf_json_finish(&json);
	cf_json_reader_release(&json);
	g_string_free(message.id, TRUE);
	g_array_unref(message.iterations);
	g_array_unref(message.values);
	return status;
}

/* "1,234.5": digits with commas, up to the blank. */
static const char *take_number(const char *text, double *value)
{
	g_autoptr(GString) digits = g_string_new(NULL);

	while (*text == ' ' || *text == '\t')
		text++;
	for (; g_ascii_isdigit(*text) || *text == ',' || *text == '.'; text++)
		if (*text != ',')
			g_string_append_c(digits, *text);
	return cf_parse_double((struct cf_slice){ (const uint8_t *)digits->str, digits->len }, value) ? text
												      : NULL;
}

/* "test NAME ... bench: 329 ns/iter (+/- 4)". deviation: NAN without one. */
static bool parse_line(struct cf_slice slice, char **name, double *time, double *deviation)
{
	g_autofree char *line = g_strndup((const char *)slice.data, MIN(slice.len, 4096));
	char *bench = strstr(line, " ... bench:");
	const char *rest;
	char unit[4];
	double ns;
	size_t n;

	if (!g_str_has_prefix(line, "test ") || !bench)
		return false;
	rest = take_number(bench + strlen(" ... bench:"), time);
	if (!rest || *rest != ' ')
		return false;
	n = strcspn(++rest, "/");
	if (n >= sizeof(unit) || !g_str_has_prefix(rest + n, "/iter") ||
	    !cf_time_unit_ns((struct cf_slice){ (const uint8_t *)rest, n }, &ns))
		return false;
	*time *= ns;
	*deviation = NAN;
	rest = strstr(rest, "(+/- ");
	if (rest && take_number(rest + strlen("(+/- "), deviation))
		*deviation *= ns;
	*bench = '\0';
	*name = g_strdup(line + strlen("test "));
	return true;
}

static int read_lines(const struct cf_input *input, struct cf_trace *trace, struct cf_diag *diag)
{
	struct cf_slice text, line;
	g_autofree char *owned = NULL;
	struct cf_lines lines;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, diag) < 0)
		return -1;
	cf_lines_init(&lines, input->path, text);
	while (cf_lines_next(&lines, &line)) {
		g_autofree char *name = NULL, *spread = NULL;
		double time, deviation;

		if (!parse_line(line, &name, &time, &deviation))
			continue;
		cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", NULL), NAN, time);
		spread = g_strconcat(name, " (+/-)", NULL);
		if (!isnan(deviation))
			cf_trace_point(trace, cf_trace_series(trace, spread, "ns", "", NULL), NAN, deviation);
	}
	return 0;
}

static bool is_json(const struct cf_input *input)
{
	uint64_t i = 0;

	while (i < input->bytes.len && g_ascii_isspace((char)input->bytes.data[i]))
		i++;
	return i < input->bytes.len && input->bytes.data[i] == '{';
}

static int read_criterion(const struct cf_input *input, const struct cf_params *params,
			  struct cf_trace *trace, struct cf_diag *diag)
{
	int status = is_json(input) ? read_messages(input, trace, diag) : read_lines(input, trace, diag);

	if (status == 0 && !trace->points->len)
		return cf_error(diag, &(struct cf_loc){ .path = input->path },
				"no result, expected benchmark-complete messages or lines \"test NAME ... "
				"bench: 329 ns/iter\"");
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) }, line;
	struct cf_lines lines;

	if (input->json) {
		*why = "no messages with measured_values";
		return cf_json_shape_has(input->json, "measured_values[]") &&
				       cf_json_shape_has(input->json, "reason")
			       ? CF_BID_SHAPE
			       : CF_BID_NO;
	}
	*why = "no line \"test NAME ... bench: 329 ns/iter\"";
	cf_lines_init(&lines, input->path, start);
	while (cf_lines_next(&lines, &line)) {
		g_autofree char *name = NULL;
		double time, deviation;

		if (parse_line(line, &name, &time, &deviation))
			return CF_BID_SHAPE;
	}
	return CF_BID_NO;
}

const struct cf_format cf_format_criterion = {
	.name = "criterion",
	.summary = "criterion.rs messages (cargo criterion), bencher text",
	.version = 1,
	.probe = probe,
	.read = read_criterion,
};
