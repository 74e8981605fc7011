/* SPDX-License-Identifier: MIT */
/* asan: reports of the sanitizers of gcc and clang: AddressSanitizer, LeakSanitizer and their kin, as text. */
/*
 * They stand among a program's other output:
 *
 *	==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020 at pc 0x55 bp 0x7f sp 0x7f
 *	READ of size 1 at 0x6020 thread T0
 *	    #0 0x55d8 in read_page /src/library.c:109:10
 *	    #1 0x7fab in __libc_start_main (/lib/libc.so.6+0x2724a) (BuildId: 5179)
 *
 *	==7==ERROR: LeakSanitizer: detected memory leaks
 *	Direct leak of 500 byte(s) in 5 object(s) allocated from:
 *	    #0 0x7f1a in malloc asan_malloc_linux.cpp:69
 *
 *	WARNING: ThreadSanitizer: data race (pid=7)
 *	    #0 reader /src/race.c:8 (race+0x12ab)
 *
 *	library.c:80:12: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'
 *
 * Leaks are "definitely lost" (direct) and "indirectly lost" in bytes with the number of objects as count, errors a metric
 * per kind. Of an error's stacks the first one is where it happened; a leak belongs to who called malloc.
 */
#include "core/sum.h"
#include "ingest/format.h"
#include "ingest/memory/sites.h"

#include <math.h>

#define KINDS_MAX 48
#define KIND_BYTES_MAX 100
#define PROBE_BYTES (256 * 1024)

enum pending { NOTHING, DIRECT, INDIRECT, ERROR };

struct finding {
	enum pending type;
	struct cf_str kind; /* of errors */
	struct cf_site site;
	int64_t pid, bytes, objects;
	bool stack;
};

struct reading {
	struct cf_trace *trace;
	struct cf_sites sites;
	GArray *findings;       /* struct finding */
	GString *line;          /* the one that is read, without colours */
	struct finding pending; /* what the stack that comes next belongs to */
	struct cf_str file;     /* of a runtime error that may have no stack */
	uint32_t file_line;
	int64_t pid, leaked_bytes; /* leaked_bytes: of the summaries, -1 none */
};

/* --- frames */

static struct cf_str intern(struct reading *r, const char *from, const char *to)
{
	return cf_dict_str(r->trace->dict, from, to - from);
}

/* Cuts " (BuildId: ...)" and "(module+0x12)" off the end, and takes the module. */
static const char *strip_module(struct reading *r, const char *text, const char *end,
				struct cf_site_frame *frame)
{
	const char *open = end > text && end[-1] == ')' ? memrchr(text, '(', (size_t)(end - text)) : NULL,
		   *plus;

	if (open && g_str_has_prefix(open, "(BuildId: ") && open > text) {
		end = open - 1;
		open = end > text && end[-1] == ')' ? memrchr(text, '(', (size_t)(end - text)) : NULL;
	}
	plus = open ? memmem(open, (size_t)(end - open), "+0x", 3) : NULL;
	if (!plus)
		return end;
	frame->object = intern(r, open + 1, plus);
	return open > text && open[-1] == ' ' ? open - 1 : open;
}

/* "12" of ":12" at the end of text, which then ends before it; 0 when there is none. */
static uint64_t strip_number(const char *text, const char **end)
{
	const char *p = *end;
	uint64_t number;

	while (p > text && g_ascii_isdigit(p[-1]))
		p--;
	if (p == *end || p <= text || p[-1] != ':' ||
	    !cf_parse_u64((struct cf_slice){ (const uint8_t *)p, (uint64_t)(*end - p) }, 10, &number))
		return 0;
	*end = p - 1;
	return number;
}

/* "NAME FILE:LINE:COLUMN": names and paths may hold blanks; a path from the root is told by " /". */
static const char *strip_file(struct reading *r, const char *text, const char *end,
			      struct cf_site_frame *frame)
{
	const char *stop = end, *path;
	uint64_t line = strip_number(text, &stop), before;

	if (!line)
		return end;
	before = strip_number(text, &stop);
	path = memmem(text, (size_t)(stop - text), " /", 2);
	if (!path)
		path = memrchr(text, ' ', (size_t)(stop - text));
	if (!path)
		return end;
	line = before ? before : line;
	frame->line = line <= UINT32_MAX ? (uint32_t)line : 0;
	frame->file = intern(r, path + 1, stop);
	return path;
}

/* "    #3 0x55d8 in main /src/library.c:141:2"; false when it isn't a frame. */
static bool read_frame(struct reading *r, const char *text, const char *end)
{
	struct cf_site_frame frame = { 0 };
	const char *p = text;
	bool first;

	while (*p == ' ' || *p == '\t')
		p++;
	if (p == text || p[0] != '#' || !g_ascii_isdigit(p[1]))
		return false;
	first = p[1] == '0' && p[2] == ' ';
	for (p++; g_ascii_isdigit(*p); p++)
		;
	if (*p++ != ' ')
		return false;
	/* A second stack of the same report. */
	if (first && r->sites.frames->len)
		return false;
	while (*p == ' ')
		p++;
	if (p[0] == '0' && p[1] == 'x') {
		while (*p && *p != ' ')
			p++;
		while (*p == ' ')
			p++;
		if (g_str_has_prefix(p, "in "))
			p += 3;
	}
	end = strip_module(r, p, end, &frame);
	if (end > p)
		end = strip_file(r, p, end, &frame);
	if (end > p && !g_str_has_prefix(p, "<null>"))
		frame.name = intern(r, p, end);
	cf_sites_add(&r->sites, &frame);
	return true;
}

/* --- reports */

static void commit(struct reading *r)
{
	if (r->pending.type == NOTHING) {
		g_array_set_size(r->sites.frames, 0);
		return;
	}
	r->pending.stack = r->sites.frames->len > 0;
	if (r->pending.type != ERROR)
		cf_sites_drop_allocators(&r->sites);
	r->pending.site = cf_sites_take(&r->sites, "(no stack)");
	if (!r->pending.stack && r->file_line) {
		r->pending.site.file = r->file;
		r->pending.site.line = r->file_line;
	}
	g_array_append_val(r->findings, r->pending);
	r->pending = (struct finding){ 0 };
	r->file_line = 0;
}

static void begin(struct reading *r, enum pending type, const char *kind, gssize len)
{
	commit(r);
	r->pending = (struct finding){ .type = type, .pid = r->pid, .objects = 1 };
	if (type == ERROR)
		r->pending.kind = cf_dict_str(r->trace->dict, kind,
					      MIN(len < 0 ? (gssize)strlen(kind) : len, KIND_BYTES_MAX));
}

/* "heap-use-after-free on address ...": the word that the summary uses, too. */
static void begin_error(struct reading *r, const char *text)
{
	static const struct {
		const char *begins, *kind;
	} spoken[] = { { "attempting double-free", "double-free" },
		       { "attempting free", "bad-free" },
		       { "attempting to call malloc_usable_size", "bad-malloc_usable_size" },
		       { "requested allocation size", "allocation-size-too-big" },
		       { "out of memory", "out-of-memory" },
		       { "detected memory leaks", NULL } };

	for (size_t i = 0; i < G_N_ELEMENTS(spoken); i++)
		if (g_str_has_prefix(text, spoken[i].begins)) {
			commit(r);
			if (spoken[i].kind)
				begin(r, ERROR, spoken[i].kind, -1);
			return;
		}
	begin(r, ERROR, text, (gssize)strcspn(text, " :("));
}

/* "data race (pid=7)", "lock-order-inversion (potential deadlock) (pid=7)" */
static void begin_race(struct reading *r, const char *text)
{
	const char *pid = strstr(text, "(pid="), *end = strstr(text, " (");

	if (pid)
		r->pid = g_ascii_strtoll(pid + strlen("(pid="), NULL, 10);
	begin(r, ERROR, text, end ? end - text : (gssize)strlen(text));
}

/* "index 10 out of bounds for type 'int [5]'": what is the same for all of the kind, "index out of bounds for type". */
static char *runtime_kind(const char *text)
{
	GString *kind = g_string_new(NULL);
	g_auto(GStrv) words = g_strsplit(text, " ", 64);
	bool quoted = false;

	for (size_t i = 0; words[i]; i++) {
		size_t len = strlen(words[i]);
		bool opens = words[i][0] == '\'', closes = len > 1 && strchr(words[i] + 1, '\''),
		     ends = len && words[i][len - 1] == ':';

		if (quoted || opens || strpbrk(words[i], "0123456789")) {
			quoted = (quoted || opens) && !closes && !(quoted && strchr(words[i], '\''));
			continue;
		}
		g_string_append_printf(kind, "%s%.*s", kind->len ? " " : "", (int)(len - ends), words[i]);
		if (ends)
			break;
	}
	return g_string_free(kind->len ? kind : g_string_append(kind, "runtime error"), FALSE);
}

/* "library.c:80:12: runtime error: signed integer overflow: 1 + ..." */
static void begin_runtime_error(struct reading *r, const char *line, const char *at)
{
	g_autofree char *kind = runtime_kind(at + strlen(": runtime error: "));
	const char *end = at;
	uint64_t number = strip_number(line, &end), before = strip_number(line, &end);

	begin(r, ERROR, kind, -1);
	number = before ? before : number;
	r->file_line = number <= UINT32_MAX ? (uint32_t)number : 0;
	r->file = intern(r, line, end);
}

/* "Direct leak of 500 byte(s) in 5 object(s) allocated from:" */
static bool begin_leak(struct reading *r, const char *line)
{
	enum pending type = g_str_has_prefix(line, "Direct leak of ")     ? DIRECT
			    : g_str_has_prefix(line, "Indirect leak of ") ? INDIRECT
									  : NOTHING;
	const char *bytes = strstr(line, " of "), *objects = strstr(line, " in ");

	if (type == NOTHING || !bytes || !objects)
		return false;
	begin(r, type, NULL, 0);
	r->pending.bytes = MAX(g_ascii_strtoll(bytes + 4, NULL, 10), 0);
	r->pending.objects = MAX(g_ascii_strtoll(objects + 4, NULL, 10), 0);
	return true;
}

/* "==7==ERROR: ", with anything before it. */
static void take_pid(struct reading *r, const char *line, const char *word)
{
	const char *p = word;

	if (p - line < 3 || p[-1] != '=' || p[-2] != '=')
		return;
	for (p -= 2; p > line && g_ascii_isdigit(p[-1]); p--)
		;
	r->pid = g_ascii_strtoll(p, NULL, 10);
}

static bool begin_report(struct reading *r, const char *line)
{
	static const char *const reports[] = { "ERROR: AddressSanitizer: ", "ERROR: HWAddressSanitizer: ",
					       "ERROR: LeakSanitizer: ", "WARNING: MemorySanitizer: " };
	const char *at;

	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
		if ((at = strstr(line, reports[i])) != NULL) {
			take_pid(r, line, at);
			begin_error(r, at + strlen(reports[i]));
			return true;
		}
	if ((at = strstr(line, "WARNING: ThreadSanitizer: ")) != NULL)
		begin_race(r, at + strlen("WARNING: ThreadSanitizer: "));
	else if ((at = strstr(line, ": runtime error: ")) != NULL)
		begin_runtime_error(r, line, at);
	else
		return begin_leak(r, line);
	return true;
}

/* "SUMMARY: AddressSanitizer: 1460 byte(s) leaked in 20 allocation(s)." */
static void read_summary(struct reading *r, const char *line)
{
	const char *number = strstr(line, "Sanitizer: ");
	int64_t bytes;

	if (!number || !strstr(number, " byte(s) leaked in "))
		return;
	bytes = MAX(g_ascii_strtoll(number + strlen("Sanitizer: "), NULL, 10), 0);
	r->leaked_bytes = cf_add_sat(MAX(r->leaked_bytes, 0), bytes);
}

/* Without the colours of a terminal and without NUL. */
static void set_line(struct reading *r, struct cf_slice line)
{
	g_string_truncate(r->line, 0);
	for (uint64_t i = 0; i < line.len; i++) {
		uint8_t c = line.data[i];

		if (c == 0x1b && i + 1 < line.len && line.data[i + 1] == '[') {
			for (i += 2; i < line.len && (line.data[i] < 0x40 || line.data[i] > 0x7e); i++)
				;
			continue;
		}
		if (c)
			g_string_append_c(r->line, (char)c);
	}
}

static void read_line(struct reading *r)
{
	const char *line = r->line->str;

	if (read_frame(r, line, line + r->line->len))
		return;
	/* The stack has ended, and with it what it belongs to: further stacks are of other moments. */
	if (r->sites.frames->len)
		commit(r);
	if (!begin_report(r, line) && g_str_has_prefix(line, "SUMMARY: "))
		read_summary(r, line);
}

/* --- facts */

static struct cf_metric metric_of_error(struct reading *r, struct cf_str kind)
{
	for (guint i = 0; i < r->trace->metrics->len; i++)
		if (g_array_index(r->trace->metrics, struct cf_metric_info, i).name.id == kind.id)
			return (struct cf_metric){ i };
	if (r->trace->metrics->len < KINDS_MAX)
		return cf_trace_metric(r->trace, cf_dict_text(r->trace->dict, kind), CF_UNIT_COUNT);
	cf_trace_quality(r->trace, "many-kinds", NULL, 1, 0, NULL,
			 "errors of more than %d kinds were added to the last kind", KINDS_MAX);
	return (struct cf_metric){ r->trace->metrics->len - 1 };
}

static void add_finding(struct reading *r, const struct finding *f, struct cf_metric metric)
{
	struct cf_thread thread = cf_trace_thread(r->trace, (int32_t)CLAMP(f->pid, 0, INT32_MAX), 0, "");

	cf_site_cost(r->trace, &f->site, thread, metric, f->type == ERROR ? 1 : f->bytes, f->objects);
}

/* Leaks first, then errors that have a stack: the first metric is what is looked at first. */
static void fill(struct reading *r)
{
	static const char *const names[] = { [DIRECT] = "definitely lost", [INDIRECT] = "indirectly lost" };
	int64_t errors = 0, leaked = 0;

	for (unsigned type = DIRECT; type < ERROR; type++)
		for (guint i = 0; i < r->findings->len; i++) {
			const struct finding *f = &g_array_index(r->findings, struct finding, i);

			if (f->type != type)
				continue;
			leaked = cf_add_sat(leaked, f->bytes);
			add_finding(r, f, cf_trace_metric(r->trace, names[type], CF_UNIT_BYTES));
		}
	for (int stacks = 1; stacks >= 0; stacks--)
		for (guint i = 0; i < r->findings->len; i++) {
			const struct finding *f = &g_array_index(r->findings, struct finding, i);

			if (f->type != ERROR || f->stack != stacks)
				continue;
			errors++;
			add_finding(r, f, metric_of_error(r, f->kind));
		}
	cf_trace_point(r->trace, cf_trace_series(r->trace, "errors", "count", "lower", NULL), NAN,
		       (double)errors);
	if (r->leaked_bytes >= 0 && r->leaked_bytes != leaked)
		cf_trace_quality(r->trace, "summary-differs", "leaks", 0, 0, NULL,
				 "the reports come to %" G_GINT64_FORMAT
				 " leaked bytes, the summaries to %" G_GINT64_FORMAT,
				 leaked, r->leaked_bytes);
}

static int read_asan(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		     struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .findings = g_array_new(FALSE, FALSE, sizeof(struct finding)),
			     .line = g_string_new(NULL),
			     .leaked_bytes = -1 };
	struct cf_lines lines;
	struct cf_slice line;
	int status = 0;

	cf_sites_init(&r.sites, trace);
	cf_lines_init(&lines, input->path, input->bytes);
	while (cf_lines_next(&lines, &line)) {
		set_line(&r, line);
		read_line(&r);
	}
	commit(&r);
	if (r.findings->len)
		fill(&r);
	else
		status = cf_error(
			diag, &(struct cf_loc){ .path = input->path },
			"no report, expected \"ERROR: AddressSanitizer\", \"Direct leak of\" or the like");
	cf_sites_release(&r.sites);
	g_array_unref(r.findings);
	g_string_free(r.line, TRUE);
	return status;
}

static bool has(struct cf_slice text, const char *word)
{
	return text.len && memmem(text.data, text.len, word, strlen(word));
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	static const char *const marks[] = { "ERROR: AddressSanitizer: ",  "ERROR: HWAddressSanitizer: ",
					     "ERROR: LeakSanitizer: ",     "WARNING: MemorySanitizer: ",
					     "WARNING: ThreadSanitizer: ", ": runtime error: " };
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) };

	*why = "no report of a sanitizer";
	if (input->json)
		return CF_BID_NO;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (has(start, marks[i]))
			return CF_BID_SHAPE;
	return has(start, "Sanitizer") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_asan = {
	.name = "asan",
	.summary = "sanitizer reports as text: ASan, LSan, MSan, TSan, UBSan",
	.version = 1,
	.probe = probe,
	.read = read_asan,
};
