/* SPDX-License-Identifier: MIT */
/* go_benchmark: the text of `go test -bench`, the Go benchmark format (golang.org/design/14313-benchmark-format). */
/*
 *	goos: linux
 *	pkg: encoding/json
 *	BenchmarkEncode-8   	     100	  12345678 ns/op	  5.13 MB/s	  1024 B/op	  3 allocs/op
 *
 * A series per benchmark and unit, of which each line is a point: -count=10 gives ten. Times are ns. The name is kept with
 * its -8 (GOMAXPROCS), without "Benchmark". Configuration lines (key: value) become the run's host facts and labels; one
 * that changes within the file (pkg:) is put before the names.
 */
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

#define PROBE_BYTES (256 * 1024)
#define FIELDS_MAX 64

struct reading {
	struct cf_trace *trace;
	GString *package;
	int64_t results, skipped;
	uint32_t first_skipped; /* line */
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Words of a line, at most FIELDS_MAX. */
static unsigned split(struct cf_slice line, struct cf_slice *fields)
{
	unsigned n = 0;

	for (uint64_t i = 0; i < line.len && n < FIELDS_MAX;) {
		uint64_t from;

		while (i < line.len && is_blank(line.data[i]))
			i++;
		for (from = i; i < line.len && !is_blank(line.data[i]); i++)
			;
		if (i > from)
			fields[n++] = (struct cf_slice){ line.data + from, i - from };
	}
	return n;
}

static bool starts_with(struct cf_slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && !memcmp(s.data, prefix, n);
}

/* "BenchmarkX-8 100 123 ns/op ...": a name, a count, and pairs of a number and a unit. */
static unsigned result_fields(struct cf_slice line, struct cf_slice *fields)
{
	unsigned n;
	uint64_t count;
	double value;

	if (!starts_with(line, "Benchmark"))
		return 0;
	n = split(line, fields);
	if (n < 4 || n % 2 || !cf_parse_u64(fields[1], 10, &count) || !cf_parse_double(fields[2], &value))
		return 0;
	return n;
}

struct unit {
	const char *unit, *better;
	double factor;
};

/* "ns/op" -> ns; others keep their word. suffix: what the series is called besides the benchmark, "" for times. */
static struct unit unit_of(struct cf_slice text, char **suffix)
{
	const uint8_t *slash = memchr(text.data, '/', text.len);
	struct cf_slice before = { text.data, slash ? (uint64_t)(slash - text.data) : text.len };
	struct unit unit = { "", "", 1 };
	bool per_op = slash && text.len - before.len == 3 && !memcmp(slash, "/op", 3);

	*suffix = g_strndup((const char *)text.data, text.len);
	if (per_op && cf_time_unit_ns(before, &unit.factor)) {
		g_clear_pointer(suffix, g_free);
		unit.unit = "ns";
		unit.better = "lower";
	} else if (per_op && before.len == 1 && *before.data == 'B') {
		unit = (struct unit){ "bytes", "lower", 1 };
	} else if (starts_with(text, "allocs/op")) {
		unit = (struct unit){ "count", "lower", 1 };
	} else if (text.len == 4 && !memcmp(text.data, "MB/s", 4)) {
		unit = (struct unit){ "MB/s", "higher", 1 };
	}
	return unit;
}

static void add_result(struct reading *reading, const struct cf_slice *fields, unsigned n)
{
	g_autofree char *short_name = g_strndup((const char *)fields[0].data + strlen("Benchmark"),
						fields[0].len - strlen("Benchmark"));
	const char *package = reading->package->str;
	g_autofree char *name = g_strconcat(package, *package ? "." : "", short_name, NULL);

	reading->results++;
	for (unsigned i = 2; i + 1 < n; i += 2) {
		g_autofree char *suffix = NULL;
		struct unit unit = unit_of(fields[i + 1], &suffix);
		g_autofree char *series = suffix ? g_strdup_printf("%s (%s)", name, suffix) : g_strdup(name);
		double value;

		if (!cf_parse_double(fields[i], &value))
			return;
		cf_trace_point(reading->trace,
			       cf_trace_series(reading->trace, series, unit.unit, unit.better, NULL), NAN,
			       value * unit.factor);
	}
}

/* "key: value" with a lower-case key without blanks. */
static bool configure(struct reading *reading, struct cf_slice line)
{
	const uint8_t *colon = memchr(line.data, ':', line.len);
	uint64_t at = colon ? (uint64_t)(colon - line.data) : 0;
	struct cf_run_meta *meta = &reading->trace->meta;
	g_autofree char *key = NULL, *value = NULL;

	if (!at || !g_ascii_islower((char)*line.data))
		return false;
	for (uint64_t i = 0; i < at; i++)
		if (is_blank(line.data[i]) || g_ascii_isupper((char)line.data[i]))
			return false;
	key = g_strndup((const char *)line.data, at);
	value = g_strstrip(g_strndup((const char *)line.data + at + 1, line.len - at - 1));
	if (!strcmp(key, "pkg"))
		g_string_assign(reading->package, value);
	else if (!strcmp(key, "cpu") && !meta->cpu)
		meta->cpu = g_steal_pointer(&value);
	else if (!strcmp(key, "goos") && !meta->os)
		meta->os = g_steal_pointer(&value);
	else if ((!strcmp(key, "commit") || !strcmp(key, "git-commit")) && !meta->commit)
		meta->commit = g_steal_pointer(&value);
	else if ((!strcmp(key, "commit-time") || !strcmp(key, "date")) && meta->start_source == CF_START_NONE)
		cf_start_from_text(reading->trace, value);
	return true;
}

static int read_go_benchmark(const struct cf_input *input, const struct cf_params *params,
			     struct cf_trace *trace, struct cf_diag *diag)
{
	struct reading reading = { .trace = trace, .package = g_string_new(NULL) };
	struct cf_loc loc = { .path = input->path };
	struct cf_slice text, line, fields[FIELDS_MAX];
	g_autofree char *owned = NULL;
	struct cf_lines lines;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, diag) == 0) {
		cf_lines_init(&lines, input->path, text);
		while (cf_lines_next(&lines, &line)) {
			unsigned n = result_fields(line, fields);

			if (n)
				add_result(&reading, fields, n);
			else if (starts_with(line, "Benchmark") && split(line, fields) > 1 &&
				 !reading.skipped++)
				reading.first_skipped = lines.loc.line;
			else if (!starts_with(line, "Benchmark"))
				configure(&reading, line);
		}
	}
	g_string_free(reading.package, TRUE);
	if (diag->errors)
		return -1;
	if (reading.skipped)
		cf_trace_quality(
			trace, "invalid-lines", NULL, reading.skipped, 0, NULL,
			"lines that begin like a result but aren't one were skipped, the first is line %u",
			reading.first_skipped);
	if (!reading.results)
		return cf_error(diag, &loc, "no result, expected \"BenchmarkName 100 123 ns/op\"");
	return 0;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) }, line,
			fields[FIELDS_MAX];
	struct cf_lines lines;
	bool near = false;

	*why = "no line \"BenchmarkName 100 123 ns/op\"";
	if (input->json)
		return CF_BID_NO;
	cf_lines_init(&lines, input->path, start);
	while (cf_lines_next(&lines, &line)) {
		if (result_fields(line, fields))
			return CF_BID_SHAPE;
		near |= starts_with(line, "Benchmark") || starts_with(line, "goos:");
	}
	return near ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_go_benchmark = {
	.name = "go-benchmark",
	.summary = "Go benchmark text (go test -bench)",
	.version = 1,
	.probe = probe,
	.read = read_go_benchmark,
};
