/* SPDX-License-Identifier: MIT */
/* memcheck: XML output of valgrind's error finders: memcheck, helgrind, drd (--xml=yes), protocols 4 to 6. */
/*
 * Specified in valgrind's docs/internals/xml-output-protocol{4,5,6}.txt.
 *
 * - Leaks are metrics in bytes, "definitely lost" first; their count is the number of blocks. The leakedbytes of a record
 *   hold what its blocks alone point to as well ("960 (64 direct, 896 indirect) bytes"): the direct ones are the record's,
 *   the indirect ones count once, where valgrind listed them itself (--show-leak-kinds=all), else with the record.
 * - A program can ask for leak checks while it runs; each lists everything again. The last one counts.
 * - Errors are a metric per kind: how often they occurred, by <errorcounts>, and their number as count.
 * - Of an error's stacks the first one is where it happened. A leak belongs to who called malloc: it isn't a frame, as in
 *   massif and heaptrack.
 * - The file isn't closed when the program was killed. What came is kept.
 */
#include "core/sum.h"
#include "core/table.h"
#include "ingest/format.h"
#include "ingest/memory/sites.h"
#include "ingest/xml_reader.h"

#include <math.h>
#include <stdio.h>

#define KINDS_MAX 48
#define KIND_BYTES_MAX 100
#define UNKNOWN UINT64_MAX

enum leak { DEFINITE, INDIRECT, POSSIBLE, REACHABLE, LEAKS };

static const struct {
	const char *kind, *metric, *summary;
} leaks[LEAKS] = {
	[DEFINITE] = { "Leak_DefinitelyLost", "definitely lost", "definitely_lost" },
	[INDIRECT] = { "Leak_IndirectlyLost", "indirectly lost", "indirectly_lost" },
	[POSSIBLE] = { "Leak_PossiblyLost", "possibly lost", "possibly_lost" },
	[REACHABLE] = { "Leak_StillReachable", "still reachable", "still_reachable" },
};

struct finding {
	struct cf_site site;
	struct cf_thread thread;
	unsigned kind;           /* enum leak, from LEAKS on an index into the kinds of errors */
	uint64_t unique;         /* UNKNOWN: none */
	int64_t bytes, blocks;   /* of leaks; bytes are direct ones */
	int64_t indirect;        /* bytes in other blocks that only these point to */
	int64_t record, records; /* "in loss record 3 of 18"; 0 unknown */
};

struct reading {
	struct cf_trace *trace;
	struct cf_xml_reader *xml;
	struct cf_sites sites;
	GString *text;
	GArray *findings;       /* struct finding */
	GArray *kinds;          /* struct cf_str */
	GArray *uniques;        /* struct occurrences */
	struct cf_table counts; /* of uniques, by unique */
	guint first_leak;       /* findings before it are of earlier leak checks, where they are leaks */
	int64_t earlier_checks;
	int64_t pid;
	int64_t summary_bytes[LEAKS], summary_blocks[LEAKS]; /* -1: not said */
};

struct occurrences {
	uint64_t unique;
	int64_t count;
	bool listed; /* as an error */
};

static struct cf_str take_str(struct reading *r)
{
	cf_xml_text(r->xml, r->text);
	return cf_dict_str(r->trace->dict, r->text->str, (gssize)r->text->len);
}

static struct cf_slice text_slice(const GString *text)
{
	return (struct cf_slice){ (const uint8_t *)text->str, text->len };
}

/* UNKNOWN when it is no number. */
static uint64_t take_hex(struct reading *r)
{
	uint64_t value;

	cf_xml_text(r->xml, r->text);
	return cf_parse_u64(text_slice(r->text), 16, &value) ? value : UNKNOWN;
}

/* "1,460" at the beginning of text; false when no digit is there. */
static bool number_at(const char *text, int64_t *value)
{
	int64_t sum = 0;

	if (!g_ascii_isdigit(*text))
		return false;
	for (; g_ascii_isdigit(*text) || *text == ','; text++)
		if (*text != ',' &&
		    (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, *text - '0', &sum)))
			return false;
	*value = sum;
	return true;
}

/* --- stacks */

static void read_frame(struct reading *r, uint64_t *last_ip, struct cf_str *last_name)
{
	struct cf_site_frame frame = { 0 };
	struct cf_str dir = { 0 };
	uint64_t ip = UNKNOWN;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		int64_t line;

		if (cf_xml_is(r->xml, "ip"))
			ip = take_hex(r);
		else if (cf_xml_is(r->xml, "obj"))
			frame.object = take_str(r);
		else if (cf_xml_is(r->xml, "fn"))
			frame.name = take_str(r);
		else if (cf_xml_is(r->xml, "dir"))
			dir = take_str(r);
		else if (cf_xml_is(r->xml, "file"))
			frame.file = take_str(r);
		else if (cf_xml_is(r->xml, "line") && cf_xml_int(r->xml, &line) && line > 0 &&
			 line <= UINT32_MAX)
			frame.line = (uint32_t)line;
	}
	if (dir.id && frame.file.id && *cf_dict_text(r->trace->dict, frame.file) != '/') {
		g_autofree char *path = g_strconcat(cf_dict_text(r->trace->dict, dir), "/",
						    cf_dict_text(r->trace->dict, frame.file), NULL);

		frame.file = cf_dict_str(r->trace->dict, path, -1);
	}
	/* --read-inline-info: frames of one address, but of other functions, were inlined into each other. */
	if (ip != UNKNOWN && ip == *last_ip && frame.name.id != last_name->id && r->sites.frames->len)
		g_array_index(r->sites.frames, struct cf_site_frame, r->sites.frames->len - 1).inlined = true;
	*last_ip = ip;
	*last_name = frame.name;
	cf_sites_add(&r->sites, &frame);
}

static void read_stack(struct reading *r)
{
	struct cf_str name = { 0 };
	uint64_t ip = UNKNOWN;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);)
		if (cf_xml_is(r->xml, "frame"))
			read_frame(r, &ip, &name);
}

/* --- errors */

static unsigned kind_of(struct reading *r, const char *name)
{
	struct cf_str str;

	for (unsigned i = 0; i < LEAKS; i++)
		if (!strcmp(name, leaks[i].kind))
			return i;
	str = cf_dict_str(r->trace->dict, name, (gssize)MIN(strlen(name), KIND_BYTES_MAX));
	for (guint i = 0; i < r->kinds->len; i++)
		if (g_array_index(r->kinds, struct cf_str, i).id == str.id)
			return LEAKS + i;
	if (r->kinds->len >= KINDS_MAX) {
		cf_trace_quality(r->trace, "many-kinds", NULL, 1, 0, NULL,
				 "errors of more than %d kinds were added to the last kind", KINDS_MAX);
		return LEAKS + KINDS_MAX - 1;
	}
	g_array_append_val(r->kinds, str);
	return LEAKS + r->kinds->len - 1;
}

/* "960 (64 direct, 896 indirect) bytes in 1 blocks are definitely lost in loss record 17 of 18", each number perhaps with
 * the change since the last leak check: "64 (+64)". */
static void read_loss(const char *text, struct finding *finding)
{
	const char *indirect = strstr(text, " direct, "), *record = strstr(text, "loss record ");

	if (indirect && indirect > text)
		number_at(indirect + strlen(" direct, "), &finding->indirect);
	if (record && number_at(record + strlen("loss record "), &finding->record)) {
		const char *of = strstr(record, " of ");

		if (of)
			number_at(of + strlen(" of "), &finding->records);
	}
}

static void read_what(struct reading *r, struct finding *finding)
{
	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		if (cf_xml_is(r->xml, "text")) {
			cf_xml_text(r->xml, r->text);
			read_loss(r->text->str, finding);
		} else if (cf_xml_is(r->xml, "leakedbytes")) {
			cf_xml_int(r->xml, &finding->bytes);
		} else if (cf_xml_is(r->xml, "leakedblocks")) {
			cf_xml_int(r->xml, &finding->blocks);
		}
	}
}

/* Where a new leak check begins, those before it are outdated. */
static void note_leak_check(struct reading *r, const struct finding *finding)
{
	for (guint i = r->findings->len; i-- > r->first_leak;) {
		const struct finding *last = &g_array_index(r->findings, struct finding, i);

		if (last->kind >= LEAKS)
			continue;
		if (finding->records != last->records || finding->record <= last->record) {
			r->first_leak = r->findings->len;
			r->earlier_checks++;
		}
		return;
	}
}

static void add_finding(struct reading *r, struct finding *finding, const char *kind)
{
	finding->kind = kind_of(r, kind);
	finding->bytes = MAX(finding->bytes, 0);
	finding->blocks = MAX(finding->blocks, 0);
	finding->indirect = CLAMP(finding->indirect, 0, finding->bytes);
	finding->bytes -= finding->indirect;
	if (finding->kind < LEAKS && finding->record)
		note_leak_check(r, finding);
	g_array_append_vals(r->findings, finding, 1);
}

static void read_error(struct reading *r)
{
	g_autoptr(GString) kind = g_string_new(NULL), thread = g_string_new(NULL);
	struct finding finding = { .unique = UNKNOWN };
	bool stack = false;
	int64_t tid = 0;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		if (cf_xml_is(r->xml, "unique"))
			finding.unique = take_hex(r);
		else if (cf_xml_is(r->xml, "tid"))
			cf_xml_int(r->xml, &tid);
		else if (cf_xml_is(r->xml, "threadname"))
			cf_xml_text(r->xml, thread);
		else if (cf_xml_is(r->xml, "kind"))
			cf_xml_text(r->xml, kind);
		else if (cf_xml_is(r->xml, "xwhat"))
			read_what(r, &finding);
		else if (cf_xml_is(r->xml, "stack") && !stack) {
			stack = true;
			read_stack(r);
		}
	}
	if (cf_xml_ok(r->xml)) {
		if (g_str_has_prefix(kind->str, "Leak_"))
			cf_sites_drop_allocators(&r->sites);
		finding.site = cf_sites_take(&r->sites, "(no stack)");
		finding.thread = cf_trace_thread(r->trace, (int32_t)CLAMP(r->pid, 0, INT32_MAX),
						 (int32_t)CLAMP(tid, 0, INT32_MAX), thread->str);
		add_finding(r, &finding, kind->len ? kind->str : "error");
	}
}

/* The row of unique, made with the count 0 when it is new. */
static struct occurrences *occurrences_of(struct reading *r, uint64_t unique, bool make)
{
	uint32_t hash = cf_hash(unique, 0), pos = hash, id;
	const struct occurrences none = { .unique = unique };

	while ((id = cf_table_next(&r->counts, hash, &pos)) != 0) {
		struct occurrences *row = &g_array_index(r->uniques, struct occurrences, id - 1);

		if (row->unique == unique)
			return row;
	}
	if (!make)
		return NULL;
	g_array_append_val(r->uniques, none);
	cf_table_add(&r->counts, hash, r->uniques->len);
	return &g_array_index(r->uniques, struct occurrences, r->uniques->len - 1);
}

/* Counts so far: of several for one error the last is right. */
static void read_error_counts(struct reading *r)
{
	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		uint64_t unique = UNKNOWN;
		int64_t count = 0;

		for (unsigned pair = cf_xml_enter(r->xml); cf_xml_child(r->xml, pair);) {
			if (cf_xml_is(r->xml, "count"))
				cf_xml_int(r->xml, &count);
			else if (cf_xml_is(r->xml, "unique"))
				unique = take_hex(r);
		}
		if (count > 0 && unique != UNKNOWN && cf_xml_ok(r->xml))
			occurrences_of(r, unique, true)->count = count;
	}
}

/* --- the rest of the document */

/* "prog a b" from <argv><exe>prog</exe><arg>a</arg>... */
static void read_args(struct reading *r)
{
	struct cf_run_meta *meta = &r->trace->meta;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		g_autoptr(GString) line = g_string_new(NULL);

		if (!cf_xml_is(r->xml, "argv"))
			continue;
		for (unsigned arg = cf_xml_enter(r->xml); cf_xml_child(r->xml, arg);) {
			bool exe = cf_xml_is(r->xml, "exe");

			cf_xml_text(r->xml, r->text);
			if (exe && !meta->name && r->text->len)
				meta->name = g_path_get_basename(r->text->str);
			g_string_append_printf(line, "%s%s", line->len ? " " : "", r->text->str);
		}
		if (line->len && !meta->command)
			meta->command = g_strdup(line->str);
	}
}

/* "00:00:00:01.073 ": days, hours, minutes, seconds since the start. */
static int64_t elapsed_ns(const char *text)
{
	unsigned days, hours, minutes, seconds, millis;
	char end;

	if (sscanf(text, "%4u:%2u:%2u:%2u.%3u%c", &days, &hours, &minutes, &seconds, &millis, &end) < 5)
		return 0;
	return ((((int64_t)days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000000000 +
	       (int64_t)millis * 1000000;
}

static void read_status(struct reading *r)
{
	bool finished = false;
	int64_t ns = 0;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		bool state = cf_xml_is(r->xml, "state"), time = cf_xml_is(r->xml, "time");

		if (!state && !time)
			continue;
		cf_xml_text(r->xml, r->text);
		if (state)
			finished = !strcmp(r->text->str, "FINISHED");
		else
			ns = elapsed_ns(r->text->str);
	}
	if (finished)
		r->trace->meta.duration_ns = ns;
}

static void read_fatal_signal(struct reading *r)
{
	g_autofree char *name = NULL;

	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);)
		if (cf_xml_is(r->xml, "signame")) {
			cf_xml_text(r->xml, r->text);
			name = g_strdup(r->text->str);
		}
	cf_trace_quality(r->trace, "fatal-signal", name, 1, 0, NULL,
			 "the program was ended by a signal: what it hadn't freed yet counts as leaked");
}

static void read_leak_summary(struct reading *r)
{
	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);) {
		unsigned i = 0;

		while (i < LEAKS && !cf_xml_is(r->xml, leaks[i].summary))
			i++;
		if (i == LEAKS)
			continue;
		for (unsigned one = cf_xml_enter(r->xml); cf_xml_child(r->xml, one);) {
			if (cf_xml_is(r->xml, "bytes"))
				cf_xml_int(r->xml, &r->summary_bytes[i]);
			else if (cf_xml_is(r->xml, "in_blocks"))
				cf_xml_int(r->xml, &r->summary_blocks[i]);
		}
	}
}

static void read_number_point(struct reading *r, const char *series, const char *unit)
{
	int64_t value;

	if (cf_xml_int(r->xml, &value))
		cf_trace_point(r->trace, cf_trace_series(r->trace, series, unit, "lower", NULL), NAN,
			       (double)value);
}

static void read_heap_summary(struct reading *r)
{
	for (unsigned in = cf_xml_enter(r->xml); cf_xml_child(r->xml, in);)
		for (unsigned one = cf_xml_enter(r->xml); cf_xml_child(r->xml, one);) {
			if (cf_xml_is(r->xml, "bytes"))
				read_number_point(r, "heap in use at exit", "bytes");
			else if (cf_xml_is(r->xml, "allocs"))
				read_number_point(r, "allocations", "count");
			else if (cf_xml_is(r->xml, "bytes_allocated"))
				read_number_point(r, "heap allocated", "bytes");
		}
}

static void read_protocol(struct reading *r)
{
	int64_t version = 0;

	if (!cf_xml_int(r->xml, &version))
		return;
	if (version < 4)
		cf_xml_error(r->xml, "protocol %" G_GINT64_FORMAT " of valgrind before 3.5, expected 4 to 6",
			     version);
	else if (version > 6)
		cf_trace_quality(r->trace, "newer-format", NULL, 0, 0, NULL,
				 "protocol %" G_GINT64_FORMAT
				 " is newer than this importer, which knows 4 to 6",
				 version);
}

static void read_top(struct reading *r)
{
	struct cf_xml_reader *xml = r->xml;

	if (cf_xml_is(xml, "protocolversion")) {
		read_protocol(r);
	} else if (cf_xml_is(xml, "pid")) {
		cf_xml_int(xml, &r->pid);
	} else if (cf_xml_is(xml, "tool")) {
		cf_xml_text(xml, r->text);
		g_hash_table_replace(r->trace->meta.labels, g_strdup("tool"), g_strdup(r->text->str));
	} else if (cf_xml_is(xml, "args")) {
		read_args(r);
	} else if (cf_xml_is(xml, "status")) {
		read_status(r);
	} else if (cf_xml_is(xml, "error")) {
		read_error(r);
	} else if (cf_xml_is(xml, "errorcounts")) {
		read_error_counts(r);
	} else if (cf_xml_is(xml, "fatal_signal")) {
		read_fatal_signal(r);
	} else if (cf_xml_is(xml, "leak_summary")) {
		read_leak_summary(r);
	} else if (cf_xml_is(xml, "heap_summary")) {
		read_heap_summary(r);
	}
}

/* --- the facts */

struct totals {
	int64_t bytes[LEAKS], blocks[LEAKS];
	bool there[LEAKS];
};

/* What each kind of leak comes to. Indirect bytes count with the direct ones' record where they have none of their own. */
static void sum_leaks(const struct reading *r, struct totals *totals, bool *indirect_listed)
{
	*totals = (struct totals){ 0 };
	for (guint i = r->first_leak; i < r->findings->len; i++)
		totals->there[INDIRECT] |= g_array_index(r->findings, struct finding, i).kind == INDIRECT;
	*indirect_listed = totals->there[INDIRECT];
	for (guint i = r->first_leak; i < r->findings->len; i++) {
		const struct finding *f = &g_array_index(r->findings, struct finding, i);

		if (f->kind >= LEAKS)
			continue;
		totals->there[f->kind] = true;
		totals->bytes[f->kind] = cf_add_sat(totals->bytes[f->kind], f->bytes);
		totals->blocks[f->kind] = cf_add_sat(totals->blocks[f->kind], f->blocks);
		if (!*indirect_listed && f->indirect) {
			totals->there[INDIRECT] = true;
			totals->bytes[INDIRECT] = cf_add_sat(totals->bytes[INDIRECT], f->indirect);
		}
	}
}

/* Bytes that the summary of protocol 6 knows and no record has. */
static void check_summary(struct reading *r, const struct totals *totals)
{
	for (unsigned i = 0; i < LEAKS; i++) {
		int64_t bytes = r->summary_bytes[i];

		if (bytes < 0 || bytes == totals->bytes[i])
			continue;
		if (bytes > totals->bytes[i])
			cf_trace_quality(r->trace, "unlisted-leaks", leaks[i].metric,
					 MAX(r->summary_blocks[i] - totals->blocks[i], 0), 0,
					 "valgrind --leak-check=full --show-leak-kinds=all",
					 "the summary knows %" G_GINT64_FORMAT
					 " bytes more than the records of the file",
					 bytes - totals->bytes[i]);
		else
			cf_trace_quality(r->trace, "summary-differs", leaks[i].metric, 0, 0, NULL,
					 "the records come to %" G_GINT64_FORMAT
					 " bytes, the summary to %" G_GINT64_FORMAT,
					 totals->bytes[i], bytes);
	}
}

static void add_leak(struct reading *r, const struct finding *f, const struct cf_metric *metrics,
		     bool indirect_listed)
{
	if (f->bytes || f->blocks)
		cf_site_cost(r->trace, &f->site, f->thread, metrics[f->kind], f->bytes, f->blocks);
	if (f->indirect && !indirect_listed)
		cf_site_cost(r->trace, &f->site, f->thread, metrics[INDIRECT], f->indirect, 0);
}

static void add_error(struct reading *r, const struct finding *f, int64_t *uncounted)
{
	const char *kind =
		cf_dict_text(r->trace->dict, g_array_index(r->kinds, struct cf_str, f->kind - LEAKS));
	struct cf_metric metric = cf_trace_metric(r->trace, kind, CF_UNIT_COUNT);
	struct occurrences *row = f->unique != UNKNOWN ? occurrences_of(r, f->unique, false) : NULL;

	if (row)
		row->listed = true;
	else
		++*uncounted;
	cf_site_cost(r->trace, &f->site, f->thread, metric, row ? row->count : 1, 1);
}

static int64_t unlisted_errors(const struct reading *r)
{
	int64_t sum = 0;

	for (guint i = 0; i < r->uniques->len; i++) {
		const struct occurrences *row = &g_array_index(r->uniques, struct occurrences, i);

		sum = cf_add_sat(sum, row->listed ? 0 : row->count);
	}
	return sum;
}

static void fill(struct reading *r)
{
	struct cf_metric metrics[LEAKS] = { 0 };
	int64_t uncounted = 0, errors = 0;
	struct totals totals;
	bool indirect_listed;

	sum_leaks(r, &totals, &indirect_listed);
	for (unsigned i = 0; i < LEAKS; i++)
		if (totals.there[i])
			metrics[i] = cf_trace_metric(r->trace, leaks[i].metric, CF_UNIT_BYTES);
	for (guint i = 0; i < r->findings->len; i++) {
		const struct finding *f = &g_array_index(r->findings, struct finding, i);

		if (f->kind >= LEAKS) {
			errors++;
			add_error(r, f, &uncounted);
		} else if (i >= r->first_leak) {
			add_leak(r, f, metrics, indirect_listed);
		}
	}
	/* There when all is well, too. */
	cf_trace_point(r->trace, cf_trace_series(r->trace, "errors", "count", "lower", NULL), NAN,
		       (double)errors);
	if (uncounted)
		cf_trace_quality(r->trace, "uncounted-errors", NULL, uncounted, 0, NULL,
				 "errors without a number of occurrences count as one");
	if (unlisted_errors(r))
		cf_trace_quality(r->trace, "unlisted-errors", NULL, unlisted_errors(r), 0, NULL,
				 "occurrences are counted of errors that the file doesn't list");
	if (r->earlier_checks)
		cf_trace_quality(r->trace, "earlier-leak-checks", NULL, r->earlier_checks, 0, NULL,
				 "the program checked for leaks before its end; only the last check counts");
	check_summary(r, &totals);
}

static void note_reading(struct reading *r, const struct cf_input *input, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path };

	if (cf_xml_damaged(r->xml))
		cf_trace_quality(r->trace, "partial", NULL, 0, 0, NULL,
				 "the file is damaged; what stands before the damage was kept");
	if (cf_xml_cut(r->xml)) {
		cf_trace_quality(r->trace, "unfinished", NULL, 1, 0, "let valgrind end by itself",
				 "the file isn't closed, as when valgrind was killed: leaks and counts of "
				 "errors may be missing");
		cf_warn(diag, &loc, "the file isn't closed; what came is kept");
	}
	if (cf_xml_bad_text(r->xml))
		cf_trace_quality(r->trace, "bad-text", NULL, 0, 0, NULL,
				 "bytes that aren't UTF-8 read as U+FFFD");
}

static int read_memcheck(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
			 struct cf_diag *diag)
{
	unsigned flags = CF_XML_MAY_BE_CUT | (cf_params_bool(params, "partial") ? CF_XML_KEEP_DAMAGED : 0);
	struct reading r = { .trace = trace,
			     .text = g_string_new(NULL),
			     .findings = g_array_new(FALSE, FALSE, sizeof(struct finding)),
			     .kinds = g_array_new(FALSE, FALSE, sizeof(struct cf_str)),
			     .uniques = g_array_new(FALSE, FALSE, sizeof(struct occurrences)) };
	int status;

	for (unsigned i = 0; i < LEAKS; i++)
		r.summary_bytes[i] = r.summary_blocks[i] = -1;
	cf_sites_init(&r.sites, trace);
	r.xml = cf_xml_reader_new(input->path, input->bytes, flags, diag);
	for (unsigned in = cf_xml_root(r.xml, "valgrindoutput"); cf_xml_child(r.xml, in);)
		read_top(&r);
	status = cf_xml_finish(r.xml);
	if (status == 0) {
		fill(&r);
		note_reading(&r, input, diag);
	}
	cf_sites_release(&r.sites);
	cf_xml_reader_free(r.xml);
	cf_table_release(&r.counts);
	g_string_free(r.text, TRUE);
	g_array_unref(r.findings);
	g_array_unref(r.kinds);
	g_array_unref(r.uniques);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	g_autofree char *root = cf_xml_root_name(input->bytes);

	if (!strcmp(root, "valgrindoutput"))
		return CF_BID_SHAPE;
	*why = *root ? "the root isn't <valgrindoutput>" : "no XML";
	return *root ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_memcheck_xml = {
	.name = "memcheck-xml",
	.summary = "valgrind XML: memcheck, helgrind, drd (--xml=yes)",
	.version = 1,
	.probe = probe,
	.read = read_memcheck,
};
