/* SPDX-License-Identifier: MIT */
/* jmeter: sample logs of JMeter (JTL), as CSV or XML. */
/*
 *	timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,bytes,...,allThreads
 *	1393227741256,1300,GET /login,501,FAIL,Thread Group 1-1,text,false,3478,...,12
 *
 *	<testResults version="1.2"><httpSample t="14720" lt="9770" ts="1296846793179" s="true" lb="Home" na="12"/>
 *
 * Separated by commas, semicolons or tabs; without a header in JMeter's default order of columns. Samples are summed up over
 * all and by label; the load is the most threads that were active at once. Transactions hold other samples: they count for
 * their label, not for the whole. XML nests what belongs to a sample (embedded resources): only the outer one counts, as in
 * JMeter.
 *
 * Time stamps are taken as the start, as JMeter writes them unless told otherwise.
 */
#include "ingest/csv_reader.h"
#include "ingest/format.h"
#include "ingest/load/samples.h"
#include "ingest/xml_reader.h"

#include <math.h>

#define NS_PER_MS 1e6
#define PROBE_BYTES (64 * 1024)

struct reading {
	struct cf_trace *trace;
	struct cf_diag *diag;
	struct cf_load_samples *samples;
	struct cf_xml_reader *xml;
	int64_t invalid;
	uint32_t first_invalid; /* line */
	int64_t nested;
	bool zoneless; /* times as dates, without a zone */
};

/* A sample as the file writes it. */
struct row {
	char *label, *message;
	double elapsed, users; /* NAN unknown; elapsed in ms */
	int64_t start;         /* ns since the epoch, CF_LOAD_UNTIMED unknown */
	bool failed;
};

static struct cf_slice slice_of(const char *text)
{
	return (struct cf_slice){ (const uint8_t *)text, strlen(text) };
}

static double number_of(struct cf_slice text)
{
	double number;

	return cf_parse_double(text, &number) ? number : NAN;
}

/* Milliseconds since the epoch, or a date as in "2014/02/24 12:05:05.123", which JMeter can be told to write. */
static int64_t time_of(struct reading *r, struct cf_slice text)
{
	g_autofree char *date = NULL;
	int64_t ms, ns;

	if (cf_parse_i64(text, &ms))
		return __builtin_mul_overflow(ms, 1000000, &ns) ? CF_LOAD_UNTIMED : ns;
	if (text.len < 10 || text.len > 40)
		return CF_LOAD_UNTIMED;
	date = g_strndup((const char *)text.data, text.len);
	for (size_t i = 0; date[i]; i++)
		date[i] = date[i] == '/' ? '-' : date[i] == ',' ? '.' : date[i] == ' ' ? 'T' : date[i];
	if (!cf_time_parse(date, &ns))
		return CF_LOAD_UNTIMED;
	r->zoneless |= !strpbrk(date + 10, "Z+-");
	return ns;
}

static bool is_false(struct cf_slice text)
{
	return text.len == 5 && !g_ascii_strncasecmp((const char *)text.data, "false", 5);
}

/* What transaction controllers write instead of an answer. */
static bool is_transaction(const struct row *row)
{
	return row->message && g_str_has_prefix(row->message, "Number of samples in transaction");
}

static void add_row(struct reading *r, const struct row *row)
{
	const struct cf_load_sample sample = { .endpoint = row->label ? row->label : "",
					       .start_ns = row->start,
					       .duration_ns = row->elapsed * NS_PER_MS,
					       .users = row->users,
					       .failed = row->failed,
					       .part = is_transaction(row) };

	cf_load_samples_add(r->samples, &sample);
}

/* --- CSV */

enum column { TIME, ELAPSED, LABEL, MESSAGE, SUCCESS, USERS, COLUMNS };
static const char *const column_names[COLUMNS] = { "timeStamp",       "elapsed", "label",
						   "responseMessage", "success", "allThreads" };

/* The places of the columns that the header names; false when it is none of JMeter. */
static bool find_columns(const struct cf_csv *csv, int *columns)
{
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = cf_csv_find(csv, column_names[i]);
	return columns[TIME] >= 0 && columns[ELAPSED] >= 0 && columns[LABEL] >= 0;
}

/* Without a header: timeStamp, elapsed, label, responseCode, responseMessage, threadName, dataType, success, then either
 * bytes, Latency or failureMessage, bytes, sentBytes, grpThreads, allThreads, URL, Latency, IdleTime, Connect. */
static bool default_columns(const struct cf_csv *csv, int *columns)
{
	static const int places[COLUMNS] = { 0, 1, 2, 4, 7, -1 };
	int64_t ms, elapsed;

	memcpy(columns, places, sizeof(places));
	if (csv->n >= 16)
		columns[USERS] = 12;
	return csv->n >= 8 && csv->fields[0].len == 13 && cf_parse_i64(csv->fields[0], &ms) &&
	       cf_parse_i64(csv->fields[1], &elapsed) && ms > 0 && elapsed >= 0 &&
	       (is_false(csv->fields[7]) || cf_slice_is(csv->fields[7], "true"));
}

static struct cf_slice field(const struct cf_csv *csv, int column)
{
	return column >= 0 && (unsigned)column < csv->n ? csv->fields[column] : (struct cf_slice){ NULL, 0 };
}

static char *text_field(const struct cf_csv *csv, int column)
{
	struct cf_slice text = field(csv, column);

	return g_strndup((const char *)text.data, text.len);
}

static void read_record(struct reading *r, const struct cf_csv *csv, const int *columns)
{
	struct row row = { .elapsed = number_of(field(csv, columns[ELAPSED])),
			   .users = number_of(field(csv, columns[USERS])),
			   .start = time_of(r, field(csv, columns[TIME])),
			   .failed = is_false(field(csv, columns[SUCCESS])) };

	if (!(row.elapsed >= 0) || csv->unclosed) {
		if (!r->invalid++)
			r->first_invalid = csv->loc.line;
		return;
	}
	row.label = text_field(csv, columns[LABEL]);
	row.message = text_field(csv, columns[MESSAGE]);
	add_row(r, &row);
	g_free(row.label);
	g_free(row.message);
}

static int read_csv(struct reading *r, const struct cf_input *input)
{
	struct cf_loc loc = { .path = input->path, .line = 1 };
	g_autofree char *owned = NULL;
	int columns[COLUMNS];
	struct cf_slice text;
	struct cf_csv csv;
	bool header;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, r->diag) < 0)
		return -1;
	cf_csv_init(&csv, input->path, text, cf_csv_separator(text));
	header = cf_csv_next(&csv) && find_columns(&csv, columns);
	if (!header && !default_columns(&csv, columns)) {
		cf_csv_release(&csv);
		return cf_error(r->diag, &loc,
				"no header of JMeter, expected timeStamp, elapsed, label, ...");
	}
	if (!header)
		read_record(r, &csv, columns);
	while (cf_csv_next(&csv))
		read_record(r, &csv, columns);
	cf_csv_release(&csv);
	return 0;
}

/* --- XML */

/* Since 2.1 "t", "ts", "s", "lb"; before, in full. */
static void read_attributes(struct reading *r, struct row *row)
{
	const char *name, *value;

	while (cf_xml_attribute(r->xml, &name, &value)) {
		if (!strcmp(name, "t") || !strcmp(name, "time")) {
			row->elapsed = number_of(slice_of(value));
		} else if (!strcmp(name, "ts") || !strcmp(name, "timeStamp")) {
			row->start = time_of(r, slice_of(value));
		} else if (!strcmp(name, "s") || !strcmp(name, "success")) {
			row->failed = is_false(slice_of(value));
		} else if (!strcmp(name, "lb") || !strcmp(name, "label")) {
			g_free(row->label);
			row->label = g_strdup(value);
		} else if (!strcmp(name, "rm") || !strcmp(name, "responseMessage")) {
			g_free(row->message);
			row->message = g_strdup(value);
		} else if (!strcmp(name, "na")) {
			row->users = number_of(slice_of(value));
		}
	}
}

static bool is_sample(const struct cf_xml_reader *xml)
{
	return cf_xml_is(xml, "httpSample") || cf_xml_is(xml, "sample") || cf_xml_is(xml, "sampleResult");
}

static void read_sample(struct reading *r)
{
	struct row row = { .elapsed = NAN, .users = NAN, .start = CF_LOAD_UNTIMED };

	read_attributes(r, &row);
	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);)
		r->nested += is_sample(r->xml);
	if (cf_xml_ok(r->xml) && row.elapsed >= 0) {
		add_row(r, &row);
	} else if (cf_xml_ok(r->xml) && !r->invalid++) {
		r->first_invalid = cf_xml_loc(r->xml).line;
	}
	g_free(row.label);
	g_free(row.message);
}

/* A test that was stopped leaves the end off. */
static int read_xml(struct reading *r, const struct cf_input *input, bool partial)
{
	struct cf_loc loc = { .path = input->path };
	int status;

	r->xml = cf_xml_reader_new(input->path, input->bytes,
				   CF_XML_MAY_BE_CUT | (partial ? CF_XML_KEEP_DAMAGED : 0), r->diag);
	for (unsigned in = cf_xml_root(r->xml, "testResults"); cf_xml_child(r->xml, in);)
		if (is_sample(r->xml))
			read_sample(r);
	status = cf_xml_finish(r->xml);
	if (status == 0 && cf_xml_cut(r->xml)) {
		cf_trace_quality(r->trace, "unfinished", NULL, 1, 0, NULL,
				 "the file isn't closed, as when the test was stopped; what came is kept");
		cf_warn(r->diag, &loc, "the file isn't closed; what came is kept");
	}
	if (status == 0 && cf_xml_damaged(r->xml))
		cf_trace_quality(r->trace, "partial", NULL, 0, 0, NULL,
				 "the file is damaged; what stands before the damage was kept");
	cf_xml_reader_free(r->xml);
	return status;
}

static bool is_xml(const struct cf_input *input)
{
	g_autofree char *root = cf_xml_root_name(input->bytes);

	return *root != '\0';
}

static void note_quality(struct reading *r)
{
	if (r->invalid)
		cf_trace_quality(r->trace, "invalid-samples", NULL, r->invalid, 0, NULL,
				 "samples without a duration were skipped, the first is in line %u",
				 r->first_invalid);
	if (r->nested)
		cf_trace_quality(r->trace, "nested-samples", NULL, r->nested, 0, NULL,
				 "samples within samples are part of the outer ones and were left out");
	if (r->zoneless)
		cf_trace_quality(r->trace, "start-without-zone", NULL, 0, 0, "--time sets it",
				 "the times have no time zone and were taken as UTC");
}

static int read_jmeter(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct reading r = { .trace = trace, .diag = diag, .samples = cf_load_samples_new(trace) };
	int status =
		is_xml(input) ? read_xml(&r, input, cf_params_bool(params, "partial")) : read_csv(&r, input);

	if (status == 0 && !cf_load_samples_count(r.samples))
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no samples, expected requests with their duration");
	if (status == 0) {
		cf_load_samples_fill(r.samples);
		note_quality(&r);
	}
	cf_load_samples_free(r.samples);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) };
	g_autofree char *root = cf_xml_root_name(start);
	int columns[COLUMNS];
	enum cf_bid bid;
	struct cf_csv csv;

	*why = "no columns timeStamp, elapsed, label";
	if (input->json)
		return CF_BID_NO;
	if (*root) {
		*why = "the root isn't <testResults>";
		return !strcmp(root, "testResults") ? CF_BID_SHAPE : CF_BID_NEAR;
	}
	if (start.len >= 3 && !memcmp(start.data, "\xef\xbb\xbf", 3))
		start = (struct cf_slice){ start.data + 3, start.len - 3 };
	cf_csv_init(&csv, input->path, start, cf_csv_separator(start));
	bid = CF_BID_NO;
	if (cf_csv_next(&csv)) {
		if (find_columns(&csv, columns) || default_columns(&csv, columns))
			bid = CF_BID_SHAPE;
		else if (cf_csv_find(&csv, "elapsed") >= 0)
			bid = CF_BID_NEAR;
	}
	cf_csv_release(&csv);
	return bid;
}

const struct cf_format cf_format_jmeter_jtl = {
	.name = "jmeter-jtl",
	.summary = "JMeter sample logs (JTL), CSV or XML",
	.version = 1,
	.probe = probe,
	.read = read_jmeter,
};
