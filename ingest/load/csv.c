/* SPDX-License-Identifier: MIT */
/* csv: any table of measurements, by what --map says of its columns. */
/*
 *	--map load=users,throughput=rps,mean=avg_latency_s,p95=p95:ms,errors=error_rate
 *
 * A key is what a column is: "load" (the x of all series), "time", "endpoint", one of the common measurements of load tests
 * (throughput, mean, min, max, stdev, pNN, errors, requests), or any other word, which becomes a series of that name. A
 * column is called by its name in the first record, or as #3 by its place. After a colon stands the unit: of times ns, us,
 * ms, s; % for a ratio in percent; of errors "count", which are then divided by requests. A time's unit may be the end of
 * the column's name, too ("latency_ms", "latency (s)"); else it is taken for milliseconds, which is remarked.
 *
 * Without --map every column of numbers is a series by its own name, and columns with the names above are what they say.
 */
#include "ingest/csv_reader.h"
#include "ingest/format.h"
#include "ingest/load/load_series.h"
#include "ingest/time_units.h"

#include <math.h>

#define COLUMNS_MAX 64

enum meaning { LOAD, TIME, ENDPOINT, THROUGHPUT, LATENCY, ERRORS, REQUESTS, OTHER };

struct column {
	enum meaning meaning;
	char *key;  /* "p95", or the series' name */
	char *name; /* of the column */
	char *unit; /* as given, NULL none */
	int at;     /* place in a record */
	double factor;
	bool counted; /* errors that are to be divided by requests */
	bool assumed; /* a time without a unit */
	bool time;    /* a time that is no latency */
};

struct reading {
	struct cf_trace *trace;
	struct cf_diag *diag;
	const char *path;
	struct cf_csv csv;
	GArray *columns; /* struct column */
	bool numbered;   /* all by place: the first record may be data */
	int64_t invalid;
	uint32_t first_invalid;    /* line */
	int64_t first_ns, last_ns; /* INT64_MIN unknown */
	bool zoneless;
};

static void column_clear(gpointer data)
{
	struct column *column = data;

	g_free(column->key);
	g_free(column->name);
	g_free(column->unit);
}

/* --- what columns mean */

/* "p95", "p99.9" */
static bool is_percentile(const char *key)
{
	double p;

	return (key[0] == 'p' || key[0] == 'P') &&
	       cf_parse_double((struct cf_slice){ (const uint8_t *)key + 1, strlen(key + 1) }, &p) &&
	       p >= 0 && p <= 100;
}

static enum meaning meaning_of(const char *key)
{
	static const struct {
		const char *key;
		enum meaning meaning;
	} keys[] = { { "load", LOAD },         { "time", TIME },
		     { "endpoint", ENDPOINT }, { "throughput", THROUGHPUT },
		     { "errors", ERRORS },     { "requests", REQUESTS },
		     { "latency", LATENCY },   { "mean", LATENCY },
		     { "min", LATENCY },       { "max", LATENCY },
		     { "median", LATENCY },    { "stdev", LATENCY } };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!g_ascii_strcasecmp(key, keys[i].key))
			return keys[i].meaning;
	return is_percentile(key) ? LATENCY : OTHER;
}

/* The same for the header of a table without a map, which uses more words: "p95_latency_s" is a p95. *key: replaced by the
 * measurement's own word where that is another. */
static enum meaning meaning_of_header(const char *name, char **key)
{
	static const struct {
		const char *name, *key;
		enum meaning meaning;
	} names[] = { { "users", NULL, LOAD },           { "vus", NULL, LOAD },
		      { "threads", NULL, LOAD },         { "connections", NULL, LOAD },
		      { "concurrency", NULL, LOAD },     { "clients", NULL, LOAD },
		      { "timestamp", NULL, TIME },       { "date", NULL, TIME },
		      { "rps", NULL, THROUGHPUT },       { "qps", NULL, THROUGHPUT },
		      { "tps", NULL, THROUGHPUT },       { "requests/s", NULL, THROUGHPUT },
		      { "error_rate", NULL, ERRORS },    { "url", NULL, ENDPOINT },
		      { "label", NULL, ENDPOINT },       { "throughput_rps", NULL, THROUGHPUT },
		      { "avg_latency", "mean", LATENCY } };
	size_t word = strcspn(name, "_ ([");
	g_autofree char *first = g_strndup(name, word);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		bool prefix = names[i].key && g_str_has_prefix(name, names[i].name);

		if (!prefix && g_ascii_strcasecmp(name, names[i].name) != 0)
			continue;
		if (prefix) {
			g_free(*key);
			*key = g_strdup(names[i].key);
		}
		return names[i].meaning;
	}
	if (!is_percentile(first))
		return meaning_of(name);
	g_free(*key);
	*key = g_steal_pointer(&first);
	return LATENCY;
}

/* The unit at the end of "latency_ms", "latency (ms)", "latency ms", "latency[ms]". */
static bool unit_of_name(const char *name, double *ns)
{
	size_t end = strlen(name), from;

	while (end && strchr(")] ", name[end - 1]))
		end--;
	for (from = end; from && g_ascii_isalpha(name[from - 1]); from--)
		;
	return from && from < end && strchr("_ ([", name[from - 1]) &&
	       cf_time_unit_ns((struct cf_slice){ (const uint8_t *)name + from, end - from }, ns);
}

/* Of a column that may measure anything, a lone letter at the end says little: "requests_s", "length_m". */
static bool is_named_time(const char *name, double *ns)
{
	size_t len = strlen(name);
	bool lone = len > 1 && !g_ascii_isalpha(name[len - 2]);

	return (!lone || strstr(name, "time") || strstr(name, "latency") || strstr(name, "duration")) &&
	       unit_of_name(name, ns);
}

/* -1: the unit isn't one of these measurements. */
static int set_unit(struct reading *r, struct column *column)
{
	const char *unit = column->unit;

	column->factor = 1;
	if (column->meaning == LATENCY) {
		if (unit && cf_time_unit_ns((struct cf_slice){ (const uint8_t *)unit, strlen(unit) },
					    &column->factor))
			return 0;
		if (unit)
			return cf_error_as(r->diag, CF_STATUS_USAGE, NULL,
					   "--map %s: unknown unit of time '%.40s', expected ns, us, ms or s",
					   column->key, unit);
		column->assumed = !unit_of_name(column->name, &column->factor);
		if (column->assumed)
			column->factor = 1e6;
	} else if (column->meaning == ERRORS && unit) {
		column->counted = !strcmp(unit, "count");
		if (!strcmp(unit, "%"))
			column->factor = 0.01;
		else if (!column->counted && strcmp(unit, "ratio") != 0)
			return cf_error_as(r->diag, CF_STATUS_USAGE, NULL,
					   "--map errors: unknown unit '%.40s', expected ratio, %% or count",
					   unit);
	} else if (column->meaning == THROUGHPUT && unit) {
		if (!strcmp(unit, "1/min"))
			column->factor = 1.0 / 60;
		else if (strcmp(unit, "1/s") != 0)
			return cf_error_as(r->diag, CF_STATUS_USAGE, NULL,
					   "--map throughput: unknown unit '%.40s', expected 1/s or 1/min",
					   unit);
	} else if (column->meaning == OTHER && unit && !strcmp(unit, "%")) {
		column->factor = 0.01;
	} else if (column->meaning == OTHER) {
		column->time =
			unit ? cf_time_unit_ns((struct cf_slice){ (const uint8_t *)unit, strlen(unit) },
					       &column->factor)
			     : is_named_time(column->name, &column->factor);
	}
	return 0;
}

/* #3 is the third column. */
static int find_column(struct reading *r, struct column *column)
{
	struct cf_loc loc = { .path = r->path, .line = 1 };
	uint64_t place;

	if (column->name[0] == '#' &&
	    cf_parse_u64((struct cf_slice){ (const uint8_t *)column->name + 1, strlen(column->name + 1) }, 10,
			 &place) &&
	    place > 0 && place <= CF_CSV_FIELDS_MAX) {
		column->at = (int)place - 1;
		return 0;
	}
	r->numbered = false;
	column->at = cf_csv_find(&r->csv, column->name);
	if (column->at >= 0)
		return 0;
	{
		g_autoptr(GString) all = g_string_new(NULL);

		for (unsigned i = 0; i < r->csv.n && all->len < 200; i++)
			g_string_append_printf(all, "%s%.*s", i ? ", " : "",
					       (int)MIN(r->csv.fields[i].len, 60),
					       (const char *)r->csv.fields[i].data);
		return cf_error(r->diag, &loc, "no column '%.60s' as in --map; there are %s", column->name,
				all->str);
	}
}

static int add_column(struct reading *r, enum meaning meaning, const char *key, const char *name,
		      const char *unit)
{
	struct column column = {
		.meaning = meaning, .key = g_strdup(key), .name = g_strdup(name), .unit = g_strdup(unit)
	};

	if (find_column(r, &column) < 0 || set_unit(r, &column) < 0 || r->columns->len == COLUMNS_MAX) {
		column_clear(&column);
		return -1;
	}
	g_array_append_val(r->columns, column);
	return 0;
}

/* "p95=latency:ms" */
static int add_pair(struct reading *r, const char *pair)
{
	const char *equals = strchr(pair, '='), *colon = equals ? strrchr(equals, ':') : NULL;
	g_autofree char *key = NULL, *name = NULL;

	if (!equals || equals == pair || !equals[1])
		return cf_error_as(
			r->diag, CF_STATUS_USAGE, NULL,
			"--map: '%.60s' isn't KEY=COLUMN, as in load=users,throughput=rps,p99=latency:ms",
			pair);
	if (r->columns->len == COLUMNS_MAX)
		return cf_error_as(r->diag, CF_STATUS_USAGE, NULL, "--map: more than %d columns",
				   COLUMNS_MAX);
	key = g_strndup(pair, (gsize)(equals - pair));
	name = colon && colon > equals + 1 && colon[1] ? g_strndup(equals + 1, (gsize)(colon - equals - 1))
						       : g_strdup(equals + 1);
	return add_column(r, meaning_of(key), key, name,
			  strlen(name) < strlen(equals + 1) ? colon + 1 : NULL);
}

static int read_map(struct reading *r, const char *map)
{
	g_auto(GStrv) pairs = g_strsplit(map, ",", -1);

	r->numbered = true;
	for (size_t i = 0; pairs[i]; i++)
		if (*pairs[i] && add_pair(r, pairs[i]) < 0)
			return -1;
	if (!r->columns->len)
		return cf_error_as(r->diag, CF_STATUS_USAGE, NULL, "--map is empty, expected KEY=COLUMN,...");
	return 0;
}

/* Every column, by its name in the header. */
static int guess_map(struct reading *r)
{
	r->numbered = false;
	for (unsigned i = 0; i < r->csv.n && r->columns->len < COLUMNS_MAX; i++) {
		g_autofree char *name = g_strndup((const char *)r->csv.fields[i].data, r->csv.fields[i].len);
		g_autofree char *place = g_strdup_printf("#%u", i + 1), *key = g_strdup(name);
		enum meaning meaning = meaning_of_header(name, &key);
		struct column *column;

		if (!*name)
			continue;
		if (add_column(r, meaning, key, place, NULL) < 0)
			return -1;
		column = &g_array_index(r->columns, struct column, r->columns->len - 1);
		g_free(column->name);
		column->name = g_steal_pointer(&name);
		set_unit(r, column);
	}
	return 0;
}

/* --- records */

static struct cf_slice field(const struct reading *r, const struct column *column)
{
	struct cf_slice text;

	if ((unsigned)column->at >= r->csv.n)
		return (struct cf_slice){ NULL, 0 };
	text = r->csv.fields[column->at];
	while (text.len && g_ascii_isspace((char)text.data[0]))
		text = (struct cf_slice){ text.data + 1, text.len - 1 };
	while (text.len && g_ascii_isspace((char)text.data[text.len - 1]))
		text.len--;
	return text;
}

/* "12.5", and where commas don't separate "12,5"; a % at the end is a hundredth. */
static bool parse_number(const struct reading *r, struct cf_slice text, double *value)
{
	char copy[64];
	bool percent = text.len && text.data[text.len - 1] == '%';

	text.len -= percent;
	if (!text.len || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.data, text.len);
	for (size_t i = 0; r->csv.separator != ',' && i < text.len; i++)
		if (copy[i] == ',')
			copy[i] = '.';
	if (!cf_parse_double((struct cf_slice){ (const uint8_t *)copy, text.len }, value))
		return false;
	*value *= percent ? 0.01 : 1;
	return true;
}

/* NAN: there is none; what stands for none isn't remarked. */
static double value_of(struct reading *r, const struct column *column)
{
	struct cf_slice text = field(r, column);
	double value;

	if (parse_number(r, text, &value))
		return value * column->factor;
	if (text.len && !cf_slice_is(text, "N/A") && !cf_slice_is(text, "NA") && !cf_slice_is(text, "-") &&
	    !cf_slice_is(text, "null") && !cf_slice_is(text, "NaN") && !cf_slice_is(text, "nan") &&
	    !r->invalid++)
		r->first_invalid = r->csv.loc.line;
	return NAN;
}

/* Seconds or milliseconds since the epoch, or a date. */
static void note_time(struct reading *r, const struct column *column)
{
	struct cf_slice text = field(r, column);
	g_autofree char *date = NULL;
	double number;
	int64_t ns;

	if (!text.len) /* or the row is too short for the column */
		return;
	date = g_strndup((const char *)text.data, MIN(text.len, 64));
	if (cf_parse_double(text, &number)) {
		if (!(number > 0 && number < 9e12))
			return;
		/* 9e9 seconds are in the year 2255, and more can't be told in ns. */
		ns = number > 9e9 ? (int64_t)(number * 1e6) : (int64_t)(number * 1e9);
	} else {
		if (strlen(date) > 10 && date[10] == ' ')
			date[10] = 'T';
		if (!cf_time_parse(date, &ns))
			return;
		r->zoneless |= strlen(date) > 10 && !strpbrk(date + 10, "Zz+-");
	}
	if (r->first_ns == INT64_MIN || ns < r->first_ns)
		r->first_ns = ns;
	if (r->last_ns == INT64_MIN || ns > r->last_ns)
		r->last_ns = ns;
}

/* "latency" itself has no other word: its series is called so. */
static void add_latency(struct reading *r, const struct cf_load *load, const char *endpoint,
			const struct column *column, double ns)
{
	g_autofree char *name = endpoint ? g_strconcat("latency ", endpoint, NULL) : g_strdup("latency");
	g_autofree char *what = g_ascii_strdown(column->key, -1);

	if (isnan(ns))
		return;
	if (!strcmp(what, "latency"))
		cf_trace_point(
			r->trace,
			cf_trace_series(r->trace, name, "ns", "lower", isnan(load->load) ? NULL : load->x),
			load->load, ns);
	else
		cf_load_latency(load, endpoint, strcmp(what, "median") ? what : "p50", ns);
}

static void add_other(struct reading *r, const struct cf_load *load, const char *endpoint,
		      const struct column *column, double value)
{
	g_autofree char *name =
		endpoint ? g_strdup_printf("%s %s", column->key, endpoint) : g_strdup(column->key);
	const char *unit = column->time ? "ns" : column->unit ? column->unit : "";

	if (!strcmp(unit, "%"))
		unit = "ratio";

	if (!isnan(value))
		cf_trace_point(r->trace,
			       cf_trace_series(r->trace, name, unit, "", isnan(load->load) ? NULL : load->x),
			       load->load, value);
}

static void read_record(struct reading *r)
{
	struct cf_load load = { r->trace, "load", NAN };
	g_autofree char *endpoint = NULL;
	double requests = NAN;

	for (guint i = 0; i < r->columns->len; i++) {
		const struct column *column = &g_array_index(r->columns, struct column, i);
		struct cf_slice text;

		if (column->meaning == LOAD) {
			load.load = value_of(r, column);
			load.x = column->name[0] == '#' ? "load" : column->name;
		} else if (column->meaning == REQUESTS) {
			requests = value_of(r, column);
		} else if (column->meaning == TIME) {
			note_time(r, column);
		} else if (column->meaning == ENDPOINT && (text = field(r, column)).len) {
			g_free(endpoint);
			endpoint = g_strndup((const char *)text.data, MIN(text.len, 1024));
		}
	}
	for (guint i = 0; i < r->columns->len; i++) {
		const struct column *column = &g_array_index(r->columns, struct column, i);

		switch (column->meaning) {
		case THROUGHPUT:
			cf_load_throughput(&load, endpoint, value_of(r, column));
			break;
		case LATENCY:
			add_latency(r, &load, endpoint, column, value_of(r, column));
			break;
		case ERRORS:
			cf_load_errors(&load, endpoint,
				       value_of(r, column) / (column->counted ? requests : 1));
			break;
		case REQUESTS:
			cf_load_requests(&load, endpoint, requests);
			break;
		case OTHER:
			add_other(r, &load, endpoint, column, value_of(r, column));
			break;
		default:
			break;
		}
	}
}

static int check_columns(struct reading *r)
{
	bool requests = false;

	for (guint i = 0; i < r->columns->len; i++)
		requests |= g_array_index(r->columns, struct column, i).meaning == REQUESTS;
	for (guint i = 0; i < r->columns->len; i++)
		if (g_array_index(r->columns, struct column, i).counted && !requests)
			return cf_error_as(
				r->diag, CF_STATUS_USAGE, NULL,
				"--map errors: a count of errors needs requests=COLUMN to be a ratio");
	return 0;
}

/* Are all fields that the map names by place numbers? Then there is no header. */
static bool is_data(struct reading *r)
{
	double value;

	for (guint i = 0; i < r->columns->len; i++) {
		const struct column *column = &g_array_index(r->columns, struct column, i);

		if (column->meaning != ENDPOINT && column->meaning != TIME &&
		    !parse_number(r, field(r, column), &value))
			return false;
	}
	return r->numbered;
}

static void note_quality(struct reading *r)
{
	if (r->first_ns != INT64_MIN) {
		r->trace->meta.start_ns = r->first_ns;
		r->trace->meta.start_source = CF_START_INPUT;
		if (__builtin_sub_overflow(r->last_ns, r->first_ns, &r->trace->meta.duration_ns))
			r->trace->meta.duration_ns = 0;
	}
	for (guint i = 0; i < r->columns->len; i++) {
		const struct column *column = &g_array_index(r->columns, struct column, i);

		if (column->assumed)
			cf_trace_quality(r->trace, "assumed-unit", column->name, 0, 0,
					 "--map KEY=COLUMN:UNIT",
					 "a time whose unit isn't said was taken for milliseconds");
	}
	if (r->invalid)
		cf_trace_quality(r->trace, "invalid-values", NULL, r->invalid, 0, NULL,
				 "fields that are no numbers were left out, the first is in line %u",
				 r->first_invalid);
	if (r->zoneless)
		cf_trace_quality(r->trace, "start-without-zone", NULL, 0, 0, "--time sets it",
				 "the times have no time zone and were taken as UTC");
}

static int read_records(struct reading *r, const char *map)
{
	if (!cf_csv_next(&r->csv))
		return cf_error(r->diag, &(struct cf_loc){ .path = r->path }, "no records");
	if ((map ? read_map(r, map) : guess_map(r)) < 0 || check_columns(r) < 0)
		return -1;
	if (is_data(r))
		read_record(r);
	while (cf_csv_next(&r->csv))
		read_record(r);
	if (!r->trace->points->len)
		return cf_error(r->diag, &(struct cf_loc){ .path = r->path }, "no column has numbers%s",
				map ? ""
				    : "; say which are what: --map load=users,throughput=rps,p99=latency:ms");
	note_quality(r);
	return 0;
}

static int read_csv(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		    struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .diag = diag,
			     .path = input->path,
			     .columns = g_array_new(FALSE, FALSE, sizeof(struct column)),
			     .first_ns = INT64_MIN,
			     .last_ns = INT64_MIN };
	g_autofree char *owned = NULL;
	struct cf_slice text;
	int status;

	g_array_set_clear_func(r.columns, column_clear);
	status = cf_text_utf8(input->path, input->bytes, &text, &owned, diag);
	if (status == 0) {
		cf_csv_init(&r.csv, input->path, text, cf_csv_separator(text));
		status = read_records(&r, cf_params_string(params, "map"));
		cf_csv_release(&r.csv);
	}
	g_array_unref(r.columns);
	return status;
}

/* A table could be anything: it takes --map, or --format csv. */
static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, 4096) };
	unsigned columns;
	bool table;
	struct cf_csv csv;

	*why = "no table";
	if (input->json || memchr(start.data, '\0', start.len))
		return CF_BID_NO;
	cf_csv_init(&csv, input->path, start, cf_csv_separator(start));
	table = cf_csv_next(&csv) && csv.n > 1;
	columns = csv.n;
	table = table && cf_csv_next(&csv) && csv.n == columns;
	cf_csv_release(&csv);
	if (!table)
		return CF_BID_NO;
	*why = "a table: say what its columns are, --map load=users,throughput=rps,p99=latency:ms";
	return CF_BID_NEAR;
}

static const struct cf_param csv_params[] = {
	{ .name = "map",
	  .type = CF_PARAM_STRING,
	  .arg = "KEY=COLUMN,...",
	  .help = "read a CSV table: which column is what, as in load=users,throughput=rps,p99=latency:ms" },
	{ 0 }
};

const struct cf_format cf_format_csv = {
	.name = "csv",
	.summary = "any CSV table of measurements, with --map",
	.version = 1,
	.params = csv_params,
	.chosen_by = "map",
	.probe = probe,
	.read = read_csv,
};
