/* SPDX-License-Identifier: MIT */
/* wrk: the output of wrk and wrk2. */
/*
 *	Running 30s test @ http://127.0.0.1:8080/
 *	  10 threads and 200 connections
 *	  Thread Stats   Avg      Stdev     Max   +/- Stdev
 *	    Latency     9.97ms   24.26ms 251.17ms   89.89%
 *	    Req/Sec     8.79k     5.82k   29.98k    71.87%
 *	  Latency Distribution
 *	     50%  812.00us
 *	     99%  115.65ms
 *	  2498810 requests in 30.08s, 324.09MB read
 *	  Socket errors: connect 0, read 258, write 0, timeout 0
 *	  Non-2xx or 3xx responses: 12
 *	Requests/sec:  83082.41
 *	Transfer/sec:     10.78MB
 *
 * Several runs may stand in one text, among other lines: each is a point at its number of connections. Where they ask for
 * several addresses, these are endpoints. wrk2 adds an HdrHistogram: its table of values by percentile is the series
 * "latency by percentile", its second distribution, without what its fixed rate corrects, is "(uncorrected)".
 *
 * Errors are answers that aren't 2xx or 3xx and socket errors, of all requests and socket errors. The text knows no time.
 */
#include "ingest/format.h"
#include "ingest/load/load_series.h"
#include "ingest/time_units.h"

#include <math.h>

#define PROBE_BYTES (256 * 1024)
#define RUNS_MAX 100000
#define VALUES_MAX 4096 /* percentiles of one run, and rows of its table */

struct value {
	double p; /* 0 to 100 */
	double ns;
	bool uncorrected, table;
};

struct run {
	char *url;
	double connections, mean, stdev, max;                        /* NAN unknown; ns */
	double requests, seconds, per_second, bytes_per_second, bad; /* bad: errors of all kinds */
	double sockets;                                              /* of them, socket errors */
	GArray *values;                                              /* struct value */
};

struct reading {
	struct cf_trace *trace;
	GPtrArray *runs;       /* struct run */
	struct run *run;       /* the last one */
	unsigned distribution; /* of it: 1 the first, 2 the uncorrected one */
};

/* --- lines */

static bool starts(struct cf_slice s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && !memcmp(s.data, word, n);
}

static bool has(struct cf_slice s, const char *word)
{
	return s.len && memmem(s.data, s.len, word, strlen(word));
}

static struct cf_slice strip(struct cf_slice s)
{
	while (s.len && g_ascii_isspace((char)s.data[0]))
		s = (struct cf_slice){ s.data + 1, s.len - 1 };
	while (s.len && g_ascii_isspace((char)s.data[s.len - 1]))
		s.len--;
	return s;
}

/* Takes the next word; of length 0 at the end. */
static struct cf_slice word(struct cf_slice *line)
{
	struct cf_slice found = *line = strip(*line);
	uint64_t n = 0;

	while (n < line->len && !g_ascii_isspace((char)line->data[n]))
		n++;
	found.len = n;
	*line = (struct cf_slice){ line->data + n, line->len - n };
	return found;
}

/* "10.78MB", "812.00us", "8.79k", "89.89%": the number, and what follows it. */
static bool split_number(struct cf_slice text, double *number, struct cf_slice *unit)
{
	uint64_t n = 0;

	while (n < text.len &&
	       (g_ascii_isdigit((char)text.data[n]) || text.data[n] == '.' || text.data[n] == '-'))
		n++;
	*unit = (struct cf_slice){ text.data + n, text.len - n };
	return cf_parse_double((struct cf_slice){ text.data, n }, number);
}

static double take_time(struct cf_slice *line)
{
	struct cf_slice unit;
	double number, ns;

	return split_number(word(line), &number, &unit) && cf_time_unit_ns(unit, &ns) ? number * ns : NAN;
}

/* wrk's KB are 1024 bytes. */
static double take_bytes(struct cf_slice *line)
{
	static const char prefixes[] = "KMGTP";
	struct cf_slice unit;
	double number;

	if (!split_number(word(line), &number, &unit) || !unit.len || unit.data[unit.len - 1] != 'B')
		return NAN;
	if (unit.len == 2) {
		const char *prefix = strchr(prefixes, unit.data[0]);

		if (!prefix || !*prefix)
			return NAN;
		number *= pow(1024, (double)(prefix - prefixes + 1));
	}
	return number;
}

static double take_number(struct cf_slice *line)
{
	double number;

	return cf_parse_double(word(line), &number) && number >= 0 ? number : NAN;
}

/* The number after the word, "read 258"; 0 when it isn't there. */
static double number_after(struct cf_slice line, const char *name)
{
	const uint8_t *at = memmem(line.data, line.len, name, strlen(name));
	struct cf_slice rest, unit;
	double number;

	if (!at)
		return 0;
	rest = strip(
		(struct cf_slice){ at + strlen(name), line.len - (uint64_t)(at - line.data) - strlen(name) });
	return split_number(rest, &number, &unit) ? number : 0;
}

/* --- runs */

static void run_free(gpointer data)
{
	struct run *run = data;

	g_free(run->url);
	g_array_unref(run->values);
	g_free(run);
}

/* "Running 30s test @ http://..." */
static void begin_run(struct reading *r, struct cf_slice url)
{
	struct run *run = g_new0(struct run, 1);

	run->url = g_strndup((const char *)url.data, url.len);
	run->connections = run->mean = run->stdev = run->max = NAN;
	run->requests = run->seconds = run->per_second = run->bytes_per_second = NAN;
	run->values = g_array_new(FALSE, FALSE, sizeof(struct value));
	g_ptr_array_add(r->runs, run);
	r->run = run;
	r->distribution = 0;
}

static void add_value(struct reading *r, double p, double ns, bool table)
{
	const struct value value = { p, ns, r->distribution > 1, table };

	if (r->run->values->len < VALUES_MAX && p >= 0 && p <= 100 && ns >= 0)
		g_array_append_val(r->run->values, value);
}

/* " 99.900%   14.77ms", or of the table "       1.431     0.500000       375041         2.00". */
static void read_values(struct reading *r, struct cf_slice line)
{
	struct cf_slice first = word(&line), unit;
	double number, p;

	if (!split_number(first, &number, &unit))
		return;
	if (unit.len == 1 && unit.data[0] == '%') {
		add_value(r, number, take_time(&line), false);
	} else if (!unit.len) {
		p = take_number(&line);
		/* Two more columns, of which the last may be "inf". */
		if (p <= 1 && !isnan(take_number(&line)) && word(&line).len)
			add_value(r, p * 100, number * 1e6, true);
	}
}

static void read_run_line(struct reading *r, struct cf_slice line)
{
	struct run *run = r->run;
	struct cf_slice rest = line;
	double number;

	if (has(line, " threads and ") && has(line, " connections")) {
		run->connections = number_after(line, " threads and ");
	} else if (starts(line, "Latency Distribution")) {
		r->distribution = has(line, "Uncorrected") ? 2 : 1;
	} else if (starts(line, "Latency ")) {
		word(&rest);
		run->mean = take_time(&rest);
		run->stdev = take_time(&rest);
		run->max = take_time(&rest);
	} else if (has(line, " requests in ") && has(line, " read")) {
		run->requests = take_number(&rest);
		word(&rest);
		word(&rest);
		rest = word(&rest);
		rest.len -= rest.len && rest.data[rest.len - 1] == ',';
		number = take_time(&rest);
		run->seconds = number / 1e9;
	} else if (starts(line, "Socket errors:")) {
		run->sockets = number_after(line, "connect ") + number_after(line, "read ") +
			       number_after(line, "write ") + number_after(line, "timeout ");
		run->bad += run->sockets;
	} else if (starts(line, "Non-2xx or 3xx responses:")) {
		run->bad += number_after(line, "responses:");
	} else if (starts(line, "Requests/sec:")) {
		word(&rest);
		run->per_second = take_number(&rest);
		/* What follows is another run's, or no run's. */
		r->distribution = 0;
	} else if (starts(line, "Transfer/sec:")) {
		word(&rest);
		run->bytes_per_second = take_bytes(&rest);
	} else if (r->distribution) {
		read_values(r, line);
	}
}

/* The address after "Running 30s test @ ". */
static bool is_begin(struct cf_slice line, struct cf_slice *url)
{
	const uint8_t *at;

	if (!starts(line, "Running ") || !(at = memmem(line.data, line.len, " test @ ", 8)))
		return false;
	*url = strip((struct cf_slice){ at + 8, line.len - (uint64_t)(at - line.data) - 8 });
	return true;
}

static void read_line(struct reading *r, struct cf_slice line)
{
	struct cf_slice url;

	line = strip(line);
	/* "$ wrk -t4 -c16 http://...", perhaps behind a prompt. */
	if (!r->trace->meta.command && has(line, "wrk") && has(line, " -c") && has(line, "://")) {
		const uint8_t *at = memmem(line.data, line.len, "wrk", 3);

		r->trace->meta.command = g_strndup((const char *)at, line.len - (uint64_t)(at - line.data));
	}
	if (is_begin(line, &url)) {
		if (r->runs->len < RUNS_MAX)
			begin_run(r, url);
	} else if (r->run) {
		read_run_line(r, line);
	}
}

/* --- facts */

/* Of the values as they were, or of those that wrk2's second distribution has. */
static void add_values(struct cf_trace *trace, const struct cf_load *load, const struct run *run,
		       const char *endpoint, bool uncorrected)
{
	g_autofree char *name = endpoint ? g_strconcat("latency by percentile ", endpoint, NULL)
					 : g_strdup("latency by percentile");

	for (guint i = 0; i < run->values->len; i++) {
		const struct value *v = &g_array_index(run->values, struct value, i);
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		g_autofree char *what = NULL;

		if (v->uncorrected != uncorrected)
			continue;
		if (v->table) {
			cf_trace_point(trace, cf_trace_series(trace, name, "ns", "lower", "percentile"), v->p,
				       v->ns);
			continue;
		}
		/* The statistics have the maximum, rounded otherwise. */
		if (v->p >= 100 && !uncorrected && !isnan(run->max))
			continue;
		g_ascii_formatd(text, sizeof(text), "%.7g", v->p);
		what = v->p >= 100 ? g_strdup("max") : g_strconcat("p", text, NULL);
		cf_load_latency(load, endpoint, what, v->ns);
	}
}

static void add_run(struct reading *r, const struct run *run, const char *endpoint)
{
	const struct cf_load load = { r->trace, "connections", run->connections };
	double attempts = run->requests + run->sockets;
	g_autofree char *transfer =
		endpoint ? g_strconcat("transfer ", endpoint, NULL) : g_strdup("transfer");
	g_autofree char *uncorrected =
		endpoint ? g_strconcat(endpoint, " (uncorrected)", NULL) : g_strdup("(uncorrected)");

	cf_load_throughput(&load, endpoint, run->per_second);
	cf_load_requests(&load, endpoint, run->requests);
	if (attempts > 0)
		cf_load_errors(&load, endpoint, run->bad / attempts);
	cf_load_latency(&load, endpoint, "mean", run->mean);
	cf_load_latency(&load, endpoint, "stdev", run->stdev);
	add_values(r->trace, &load, run, endpoint, false);
	add_values(r->trace, &load, run, uncorrected, true);
	cf_load_latency(&load, endpoint, "max", run->max);
	if (!isnan(run->bytes_per_second))
		cf_trace_point(r->trace,
			       cf_trace_series(r->trace, transfer, "bytes/s", "",
					       isnan(run->connections) ? NULL : "connections"),
			       run->connections, run->bytes_per_second);
}

static void fill(struct reading *r)
{
	bool several = false;
	int64_t unfinished = 0;
	double seconds = 0;

	for (guint i = 1; i < r->runs->len; i++)
		several |= strcmp(((struct run *)r->runs->pdata[0])->url,
				  ((struct run *)r->runs->pdata[i])->url) != 0;
	for (guint i = 0; i < r->runs->len; i++) {
		const struct run *run = r->runs->pdata[i];

		if (isnan(run->per_second)) {
			unfinished++;
			continue;
		}
		add_run(r, run, several ? run->url : NULL);
		seconds += isnan(run->seconds) ? 0 : run->seconds;
	}
	if (!several)
		g_hash_table_replace(r->trace->meta.labels, g_strdup("url"),
				     g_strdup(((struct run *)r->runs->pdata[0])->url));
	if (seconds > 0 && seconds < 9e9)
		r->trace->meta.duration_ns = (int64_t)(seconds * 1e9);
	if (unfinished)
		cf_trace_quality(r->trace, "unfinished-runs", NULL, unfinished, 0, NULL,
				 "runs without their \"Requests/sec\" were left out");
}

static int read_wrk(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		    struct cf_diag *diag)
{
	struct reading r = { .trace = trace, .runs = g_ptr_array_new_with_free_func(run_free) };
	struct cf_slice text, line;
	g_autofree char *owned = NULL;
	struct cf_lines lines;
	int status = cf_text_utf8(input->path, input->bytes, &text, &owned, diag);

	if (status == 0) {
		cf_lines_init(&lines, input->path, text);
		while (cf_lines_next(&lines, &line))
			read_line(&r, line);
		if (r.runs->len)
			fill(&r);
		if (!trace->points->len)
			status = cf_error(
				diag, &(struct cf_loc){ .path = input->path },
				"no finished run, expected \"Running 30s test @ ...\" to \"Requests/sec:\"");
	}
	g_ptr_array_unref(r.runs);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) }, line, url;
	struct cf_lines lines;

	*why = "no line \"Running 30s test @ ...\"";
	if (input->json)
		return CF_BID_NO;
	cf_lines_init(&lines, input->path, start);
	while (cf_lines_next(&lines, &line))
		if (is_begin(strip(line), &url))
			return CF_BID_SHAPE;
	return has(start, "Requests/sec:") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_wrk = {
	.name = "wrk",
	.summary = "wrk and wrk2 load tests, as printed",
	.version = 1,
	.probe = probe,
	.read = read_wrk,
};
