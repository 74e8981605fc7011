/* SPDX-License-Identifier: MIT */
/* locust: CSV files of locust (--csv): statistics and their history. */
/*
 *	Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,...,Requests/s,Failures/s,50%,...,100%
 *	GET,/cart,101,0,73,80.49,...
 *	,Aggregated,499,89,67,75.58,...
 *
 *	Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,...,100%,Total Request Count,...
 *	1795747551,2,,Aggregated,19.8,1.1,11,...
 *
 * Statistics are one point of each series, for the whole (Aggregated) and for each endpoint. History is a point per row at its
 * number of users: rates and percentiles of the last seconds. Rows in which nothing was asked aren't measurements.
 * Times are milliseconds; locust rounds percentiles to two digits.
 */
#include "ingest/csv_reader.h"
#include "ingest/format.h"
#include "ingest/load/load_series.h"

#include <math.h>

#define NS_PER_MS 1e6
#define PERCENTILES_MAX 32

enum column { TIME, USERS, TYPE, NAME, REQUESTS, FAILURES, MEAN, LEAST, MOST, RATE, FAILURE_RATE, COLUMNS };

/* Names of locust 1 and later, and before. */
static const char *const names[COLUMNS][2] = {
	[TIME] = { "Timestamp" },
	[USERS] = { "User Count" },
	[TYPE] = { "Type", "Method" },
	[NAME] = { "Name" },
	[REQUESTS] = { "Request Count", "# requests" },
	[FAILURES] = { "Failure Count", "# failures" },
	[MEAN] = { "Average Response Time" },
	[LEAST] = { "Min Response Time" },
	[MOST] = { "Max Response Time" },
	[RATE] = { "Requests/s" },
	[FAILURE_RATE] = { "Failures/s" },
};

struct header {
	int columns[COLUMNS]; /* -1: isn't there */
	struct {
		int column;
		char what[16]; /* "p99.9" */
	} percentiles[PERCENTILES_MAX];
	unsigned n;
};

struct reading {
	struct cf_trace *trace;
	struct header header;
	int64_t rows, idle, invalid;
	int64_t first_s, last_s; /* 0 unknown */
};

static bool is_history(const struct header *header)
{
	return header->columns[TIME] >= 0 && header->columns[USERS] >= 0;
}

static bool is_complete(const struct header *header)
{
	const int *columns = header->columns;

	return columns[NAME] >= 0 && columns[RATE] >= 0 && (columns[REQUESTS] >= 0 || is_history(header));
}

/* "99.9%"; 100 % is the maximum, which has a column of its own in statistics. */
static void add_percentile(struct header *header, const struct cf_csv *csv, unsigned column)
{
	struct cf_slice text = csv->fields[column];
	double p;

	if (text.len < 2 || text.len > 8 || text.data[text.len - 1] != '%' || header->n == PERCENTILES_MAX)
		return;
	text.len--;
	if (!cf_parse_double(text, &p) || p <= 0 || p > 100 || (p >= 100 && header->columns[MOST] >= 0))
		return;
	header->percentiles[header->n].column = (int)column;
	if (p >= 100)
		g_strlcpy(header->percentiles[header->n].what, "max", sizeof(header->percentiles[0].what));
	else
		g_snprintf(header->percentiles[header->n].what, sizeof(header->percentiles[0].what), "p%.*s",
			   (int)text.len, text.data);
	header->n++;
}

static void read_header(struct header *header, const struct cf_csv *csv)
{
	header->n = 0;
	for (int i = 0; i < COLUMNS; i++) {
		header->columns[i] = cf_csv_find(csv, names[i][0]);
		if (header->columns[i] < 0 && names[i][1])
			header->columns[i] = cf_csv_find(csv, names[i][1]);
	}
	for (unsigned i = 0; i < csv->n; i++)
		add_percentile(header, csv, i);
}

static double number(const struct reading *r, const struct cf_csv *csv, int column)
{
	double value;

	return column >= 0 && (unsigned)column < csv->n && cf_parse_double(csv->fields[column], &value)
		       ? value
		       : NAN;
}

/* "GET /cart"; NULL for the whole. Caller frees. */
static char *endpoint_of(const struct reading *r, const struct cf_csv *csv)
{
	const int *columns = r->header.columns;
	struct cf_slice name = csv->fields[columns[NAME]], type = { NULL, 0 };

	if (columns[TYPE] >= 0 && (unsigned)columns[TYPE] < csv->n)
		type = csv->fields[columns[TYPE]];
	if (cf_slice_is(type, "None"))
		type.len = 0;
	if (cf_slice_is(name, "Aggregated") || (!type.len && cf_slice_is(name, "Total")))
		return NULL;
	return g_strdup_printf("%.*s%s%.*s", (int)MIN(type.len, 1024), (const char *)type.data,
			       type.len ? " " : "", (int)MIN(name.len, 4096), (const char *)name.data);
}

static void add_latencies(const struct reading *r, const struct cf_csv *csv, const struct cf_load *load,
			  const char *endpoint)
{
	static const struct {
		enum column column;
		const char *what;
	} own[] = { { MEAN, "mean" }, { LEAST, "min" }, { MOST, "max" } };

	for (size_t i = 0; !is_history(&r->header) && i < G_N_ELEMENTS(own); i++)
		cf_load_latency(load, endpoint, own[i].what,
				number(r, csv, r->header.columns[own[i].column]) * NS_PER_MS);
	for (unsigned i = 0; i < r->header.n; i++)
		cf_load_latency(load, endpoint, r->header.percentiles[i].what,
				number(r, csv, r->header.percentiles[i].column) * NS_PER_MS);
}

static void note_time(struct reading *r, double seconds)
{
	if (!(seconds > 0 && seconds < 9e9))
		return;
	if (!r->first_s || (int64_t)seconds < r->first_s)
		r->first_s = (int64_t)seconds;
	if ((int64_t)seconds > r->last_s)
		r->last_s = (int64_t)seconds;
}

static void read_row(struct reading *r, const struct cf_csv *csv)
{
	const int *columns = r->header.columns;
	bool history = is_history(&r->header);
	double rate = number(r, csv, columns[RATE]), failures = number(r, csv, columns[FAILURE_RATE]);
	double requests = number(r, csv, columns[REQUESTS]);
	const struct cf_load load = { r->trace, "users", number(r, csv, columns[USERS]) };
	g_autofree char *endpoint = NULL;

	if ((unsigned)columns[NAME] >= csv->n || isnan(rate) || (!history && isnan(requests))) {
		r->invalid++;
		return;
	}
	note_time(r, number(r, csv, columns[TIME]));
	r->rows++;
	if (history ? !(rate > 0) : !(requests > 0)) {
		r->idle++;
		return;
	}
	endpoint = endpoint_of(r, csv);
	cf_load_throughput(&load, endpoint, rate);
	if (history) {
		cf_load_errors(&load, endpoint, failures / rate);
	} else {
		cf_load_requests(&load, endpoint, requests);
		cf_load_errors(&load, endpoint, number(r, csv, columns[FAILURES]) / requests);
	}
	add_latencies(r, csv, &load, endpoint);
}

static int fill(struct reading *r, const struct cf_input *input, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path };

	if (!r->trace->points->len)
		return cf_error(diag, &loc, "no row has requests, expected statistics of locust");
	if (r->first_s) {
		r->trace->meta.start_ns = r->first_s * 1000000000;
		r->trace->meta.start_source = CF_START_INPUT;
		r->trace->meta.duration_ns = (r->last_s - r->first_s) * 1000000000;
	}
	if (r->idle)
		cf_trace_quality(r->trace, "idle-rows", NULL, r->idle, 0, NULL,
				 "rows in which nothing was asked aren't measurements");
	if (r->invalid)
		cf_trace_quality(r->trace, "invalid-lines", NULL, r->invalid, 0, NULL,
				 "rows without a name and a rate were skipped");
	return 0;
}

static int read_locust(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct reading r = { .trace = trace };
	g_autofree char *owned = NULL;
	struct cf_slice text;
	struct cf_csv csv;
	int status = cf_text_utf8(input->path, input->bytes, &text, &owned, diag);

	if (status < 0)
		return -1;
	cf_csv_init(&csv, input->path, text, cf_csv_separator(text));
	if (cf_csv_next(&csv))
		read_header(&r.header, &csv);
	if (!csv.n || !is_complete(&r.header)) {
		status = cf_error(diag, &(struct cf_loc){ .path = input->path, .line = 1 },
				  "no header of locust, expected Type, Name, Request Count, ..., Requests/s");
	} else {
		while (cf_csv_next(&csv))
			read_row(&r, &csv);
		status = fill(&r, input, diag);
	}
	cf_csv_release(&csv);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, 4096) };
	enum cf_bid bid = CF_BID_NO;
	struct header header;
	struct cf_csv csv;

	*why = "no columns Name, Request Count, Requests/s";
	if (input->json)
		return CF_BID_NO;
	cf_csv_init(&csv, input->path, start, cf_csv_separator(start));
	if (cf_csv_next(&csv)) {
		read_header(&header, &csv);
		if (is_complete(&header)) {
			bid = CF_BID_SHAPE;
		} else if (cf_csv_find(&csv, "Occurrences") >= 0 || cf_csv_find(&csv, "Traceback") >= 0) {
			*why = "a list of failures; the statistics are in *_stats.csv";
			bid = CF_BID_NEAR;
		}
	}
	cf_csv_release(&csv);
	return bid;
}

const struct cf_format cf_format_locust = {
	.name = "locust",
	.summary = "locust load tests (--csv): statistics and history",
	.version = 1,
	.probe = probe,
	.read = read_locust,
};
