/* SPDX-License-Identifier: MIT */
/* budget: limits that a user sets for functions and benchmarks, and whether they are kept. */
#include "analyzers/budget.h"

#include <math.h>
#include <string.h>

#include "core/files.h"
#include "core/glob.h"

#define BUDGET_CAP (UINT64_C(4) << 20)
#define LINES_MAX 10000

/* --- reading ---------------------------------------------------------------------------------- */

static void clear_line(gpointer data)
{
	struct cf_budget_line *line = data;

	g_free(line->name);
	g_free(line->metric);
	g_free(line->max.text);
	g_free(line->increase.text);
}

static const struct {
	const char *suffix;
	enum cf_unit unit;
	double factor;
} units[] = {
	{ "", CF_UNIT_NONE, 1 },           { "ns", CF_UNIT_NS, 1 },
	{ "us", CF_UNIT_NS, 1e3 },         { "µs", CF_UNIT_NS, 1e3 },
	{ "ms", CF_UNIT_NS, 1e6 },         { "s", CF_UNIT_NS, 1e9 },
	{ "min", CF_UNIT_NS, 6e10 },       { "h", CF_UNIT_NS, 3.6e12 },
	{ "B", CF_UNIT_BYTES, 1 },         { "KiB", CF_UNIT_BYTES, 1024 },
	{ "MiB", CF_UNIT_BYTES, 1048576 }, { "GiB", CF_UNIT_BYTES, 1073741824 },
	{ "kB", CF_UNIT_BYTES, 1e3 },      { "MB", CF_UNIT_BYTES, 1e6 },
	{ "GB", CF_UNIT_BYTES, 1e9 },      { "k", CF_UNIT_NONE, 1e3 },
	{ "M", CF_UNIT_NONE, 1e6 },        { "G", CF_UNIT_NONE, 1e9 },
};

/* A value, a share, or nothing ("" or "-"). FALSE: none of these. */
static gboolean parse_limit(const char *text, struct cf_limit *limit)
{
	g_autofree char *suffix = NULL;
	char *end = NULL;

	limit->text = g_strdup(text);
	if (!*text || !strcmp(text, "-"))
		return TRUE;
	if (!g_ascii_isdigit(*text) && *text != '.')
		return FALSE;
	limit->value = g_ascii_strtod(text, &end);
	if (end == text || !cf_value_usable(limit->value) || strpbrk(text, "xX"))
		return FALSE;
	suffix = g_strstrip(g_strdup(end));
	if (!strcmp(suffix, "%")) {
		limit->kind = CF_LIMIT_PERCENT;
		limit->value /= 100;
		return TRUE;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (!strcmp(suffix, units[i].suffix)) {
			limit->kind = CF_LIMIT_VALUE;
			limit->unit = units[i].unit;
			limit->value *= units[i].factor;
			return TRUE;
		}
	return FALSE;
}

static int bad(const struct cf_loc *loc, const char *found, const char *expected, struct cf_diag *diag)
{
	g_autofree char *shown = cf_visible(found, -1, 80);

	return cf_error_as(diag, CF_STATUS_USAGE, loc, "'%s': expected %s", shown, expected);
}

static void unquote(char *name)
{
	size_t n = strlen(name);

	if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
		memmove(name, name + 1, n - 2);
		name[n - 2] = '\0';
	}
}

/* fields[3], [2], [1] from the end; what is before is the name, commas and all. FALSE: too few commas. */
static gboolean split(char *text, char *fields[4])
{
	for (int i = 3; i > 0; i--) {
		char *comma = strrchr(text, ',');

		if (!comma)
			return FALSE;
		*comma = '\0';
		fields[i] = g_strstrip(comma + 1);
	}
	fields[0] = g_strstrip(text);
	unquote(fields[0]);
	return TRUE;
}

static int add_line(struct cf_budget *budget, const struct cf_loc *loc, char *text, struct cf_diag *diag)
{
	const char *const limit_words = "a limit such as 250 ms, 64 MiB, 2 M, 5 %, or - for none";
	g_autofree char *whole = g_strdup(text);
	struct cf_budget_line *line;
	char *fields[4];

	if (!split(text, fields) || !*fields[0] || !*fields[1])
		return bad(loc, whole, "NAME, METRIC, MAX, MAX-INCREASE", diag);
	if (budget->lines->len >= LINES_MAX)
		return cf_error_as(diag, CF_STATUS_USAGE, loc, "more than %d lines", LINES_MAX);
	g_array_set_size(budget->lines, budget->lines->len + 1);
	line = &g_array_index(budget->lines, struct cf_budget_line, budget->lines->len - 1);
	line->name = g_strdup(fields[0]);
	line->metric = g_strdup(fields[1]);
	line->line = loc->line;
	if (!parse_limit(fields[2], &line->max))
		return bad(loc, fields[2], limit_words, diag);
	if (!parse_limit(fields[3], &line->increase))
		return bad(loc, fields[3], limit_words, diag);
	if (line->max.kind == CF_LIMIT_NONE && line->increase.kind == CF_LIMIT_NONE)
		return bad(loc, whole, "at least one of MAX and MAX-INCREASE", diag);
	return 0;
}

struct cf_budget *cf_budget_parse(const char *path, struct cf_slice text, struct cf_diag *diag)
{
	struct cf_budget *budget = g_new0(struct cf_budget, 1);
	struct cf_lines lines;

	budget->path = g_strdup(path);
	budget->lines = g_array_new(FALSE, TRUE, sizeof(struct cf_budget_line));
	g_array_set_clear_func(budget->lines, clear_line);
	cf_lines_init(&lines, path, text);
	for (char *setting; (setting = cf_lines_next_setting(&lines));) {
		g_autofree char *owned = setting;

		if (add_line(budget, &lines.loc, setting, diag) != 0) {
			cf_budget_free(budget);
			return NULL;
		}
	}
	if (!budget->lines->len) {
		struct cf_loc loc = { .path = path };

		cf_error_as(diag, CF_STATUS_USAGE, &loc,
			    "no limits; expected lines of NAME, METRIC, MAX, MAX-INCREASE");
		cf_budget_free(budget);
		return NULL;
	}
	return budget;
}

struct cf_budget *cf_budget_read(const char *path, struct cf_diag *diag)
{
	struct cf_budget *budget = NULL;
	struct cf_slice text;
	struct cf_file file;
	char *owned = NULL;

	if (cf_file_open(&file, path, BUDGET_CAP, diag) < 0)
		return NULL;
	if (cf_text_utf8(file.path, file.bytes, &text, &owned, diag) == 0)
		budget = cf_budget_parse(file.path, text, diag);
	g_free(owned);
	cf_file_release(&file);
	return budget;
}

void cf_budget_free(struct cf_budget *budget)
{
	if (!budget)
		return;
	g_free(budget->path);
	g_array_unref(budget->lines);
	g_free(budget);
}

/* --- checking --------------------------------------------------------------------------------- */

struct check {
	const struct cf_budget *budget;
	const char *analysis;
	struct cf_doc *doc;
	struct cf_node *findings;
};

static gboolean metric_matches(const struct cf_budget_line *line, const struct cf_measured *m)
{
	return !strcmp(line->metric, "*") || !strcmp(line->metric, m->metric);
}

static struct cf_finding finding_of(const struct check *check, enum cf_finding_kind kind,
				    const struct cf_measured *m)
{
	struct cf_finding finding = cf_finding_init(kind, m->subject, check->analysis, m->name);

	finding.module = m->module;
	finding.metric = m->metric;
	finding.file = m->file;
	finding.line = m->line;
	finding.unit = m->unit;
	finding.unit_text = m->unit_text;
	finding.before = m->before;
	finding.after = m->after;
	finding.ratio = m->ratio.estimate;
	finding.ratio_lo = m->ratio.lo;
	finding.ratio_hi = m->ratio.hi;
	finding.severity = CF_FINDING_CRITICAL;
	return finding;
}

static void add(const struct check *check, const struct cf_budget_line *line, enum cf_finding_kind kind,
		const struct cf_measured *m, const char *which, const char *what)
{
	struct cf_finding finding = finding_of(check, kind, m);
	g_autofree char *reason = g_strdup_printf("%s (%s:%u)", what, check->budget->path, line->line);

	finding.place = which;
	finding.reason = reason;
	cf_doc_finding(check->doc, check->findings, &finding);
}

/* The limit in the unit of the metric. FALSE: it is in another one. */
static gboolean in_unit(const struct cf_limit *limit, const struct cf_measured *m, double whole,
			double *value)
{
	*value = limit->value;
	if (limit->kind == CF_LIMIT_PERCENT) {
		*value = limit->value * whole;
		return !isnan(whole);
	}
	return limit->unit == CF_UNIT_NONE || limit->unit == m->unit;
}

static void wrong_unit(const struct check *check, const struct cf_budget_line *line,
		       const struct cf_limit *limit, const struct cf_measured *m, const char *which)
{
	const char *unit = m->unit_text && *m->unit_text ? m->unit_text : cf_unit_name(m->unit);
	g_autofree char *what =
		limit->kind == CF_LIMIT_PERCENT
			? g_strdup_printf("%s %s can't be checked: there is no whole that it is a part of",
					  which, limit->text)
			: g_strdup_printf("%s %s can't be checked: it is measured in %s", which, limit->text,
					  *unit ? unit : "plain numbers");

	add(check, line, CF_FINDING_UNSURE, m, which, what);
}

static void check_max(const struct check *check, const struct cf_budget_line *line,
		      const struct cf_measured *m)
{
	g_autofree char *what = NULL;
	double limit;

	if (line->max.kind == CF_LIMIT_NONE)
		return;
	if (!in_unit(&line->max, m, m->whole, &limit)) {
		wrong_unit(check, line, &line->max, m, "max");
		return;
	}
	if (m->more_is_better ? m->after >= limit : m->after <= limit)
		return;
	what = g_strdup_printf(m->more_is_better ? "less than %s" : "more than %s", line->max.text);
	add(check, line, CF_FINDING_BUDGET, m, "max", what);
}

static void check_increase(const struct check *check, const struct cf_budget_line *line,
			   const struct cf_measured *m)
{
	double worse = m->more_is_better ? m->before - m->comparable : m->comparable - m->before, limit;
	g_autofree char *what = NULL;

	if (line->increase.kind == CF_LIMIT_NONE)
		return;
	if (isnan(m->before)) {
		add(check, line, CF_FINDING_UNSURE, m, "max-increase",
		    "max-increase can't be checked: it wasn't measured before");
		return;
	}
	if (!in_unit(&line->increase, m, fabs(m->before), &limit)) {
		wrong_unit(check, line, &line->increase, m, "max-increase");
		return;
	}
	if (worse <= limit)
		return;
	what = g_strdup_printf("%s by more than %s%s", m->more_is_better ? "fell" : "rose",
			       line->increase.text, m->changed ? "" : ", which may be noise");
	add(check, line, m->changed ? CF_FINDING_BUDGET : CF_FINDING_UNSURE, m, "max-increase", what);
}

/* Exact names first: a glob is only looked at when nothing is called that. */
static gboolean check_matches(const struct check *check, const struct cf_budget_line *line,
			      const struct cf_measured *measured, size_t n, gboolean globs)
{
	gboolean any = FALSE;

	for (size_t i = 0; i < n; i++) {
		const struct cf_measured *m = &measured[i];

		if (!metric_matches(line, m) ||
		    !(globs ? cf_glob_match(line->name, m->name) : !strcmp(line->name, m->name)))
			continue;
		any = TRUE;
		check_max(check, line, m);
		check_increase(check, line, m);
	}
	return any;
}

void cf_budget_check(const struct cf_budget *budget, const struct cf_measured *measured, size_t n,
		     const char *analysis, struct cf_doc *doc, struct cf_node *findings)
{
	const struct check check = { budget, analysis, doc, findings };

	for (guint i = 0; i < budget->lines->len; i++) {
		const struct cf_budget_line *line = &g_array_index(budget->lines, struct cf_budget_line, i);
		const struct cf_measured none = { .subject = CF_SUBJECT_FUNCTION,
						  .name = line->name,
						  .metric = line->metric,
						  .before = NAN,
						  .after = NAN,
						  .ratio = { NAN, NAN, NAN } };

		if (!check_matches(&check, line, measured, n, FALSE) &&
		    !check_matches(&check, line, measured, n, TRUE))
			add(&check, line, CF_FINDING_UNSURE, &none, "budget",
			    "nothing of this name and metric was measured");
	}
}
