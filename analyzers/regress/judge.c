/* SPDX-License-Identifier: MIT */
/* judge: what a history's changes and odd runs are as findings, and who is suspected. */
#include "analyzers/regress/judge.h"

#include <math.h>
#include <string.h>

#include "analyzers/culprit_source.h"

#define PROFILED 10   /* findings whose callees are looked up: a profile each */
#define SUSPECTED 50  /* findings for which commits are looked through */
#define SUSPECTS 5    /* of one finding */
#define SAME_PLACE 3  /* runs by which changes of one cause may be apart */
#define EXPLAINED 0.8 /* of a whole's change, from which it is the consequence of its parts' */

struct judge {
	struct cf_analysis *analysis;
	const struct cf_regress_history *history;
	const struct cf_regress_result *result;
	struct cf_regress_judged *judged;
	struct cf_trace *trace; /* of the run that was loaded last, or NULL */
	size_t trace_run;
	guint profiled, suspected;
};

static void row_free(gpointer data)
{
	struct cf_regress_row *row = data;

	if (row->suspects)
		g_ptr_array_unref(row->suspects);
	g_free(row);
}

/* --- words ------------------------------------------------------------------------------------ */

static char *p_text(double p)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (p < 0.0001)
		return g_strdup("<0.0001");
	g_ascii_formatd(text, sizeof(text), "%.4f", p);
	return g_strdup(text);
}

/* "9f8e7d6 (run 23)", "run 23" */
static char *run_text(const struct cf_regress_history *history, size_t at)
{
	const struct cf_run *run = cf_regress_run(history, at)->run;
	g_autofree char *place = cf_regress_place(run);

	if (g_str_has_prefix(place, "run "))
		return g_steal_pointer(&place);
	return g_strdup_printf("%s (run %" G_GINT64_FORMAT ")", place, run->id);
}

/* "with 9f8e7d6 (run 23), after 1a2b3c4 (run 22)"; where it isn't sure, the range as well. */
static char *place_text(const struct cf_regress_history *history, const struct cf_regress_change *change)
{
	g_autofree char *at = run_text(history, change->at), *prior = run_text(history, change->prior);
	g_autofree char *lo = run_text(history, change->lo), *hi = run_text(history, change->hi);

	if (change->lo == change->hi)
		return g_strdup_printf("came with %s, after %s", at, prior);
	return g_strdup_printf("came with %s, after %s; surely between %s and %s", at, prior, lo, hi);
}

/* ", 95 % CI +28.9 to +38.1 %" */
static char *interval_text(const struct cf_regress_change *change)
{
	g_autofree char *lo = cf_percent_text(change->ratio.lo), *hi = cf_percent_text(change->ratio.hi);

	if (!isfinite(change->ratio.lo) || !isfinite(change->ratio.hi))
		return g_strdup("");
	return g_strdup_printf(", 95 %% CI %s to %s %%", lo, hi);
}

static char *change_reason(const struct cf_regress_history *history, const struct cf_regress_change *change)
{
	g_autofree char *place = place_text(history, change), *p = p_text(change->p);
	g_autofree char *back = NULL, *interval = interval_text(change);
	const struct cf_regress_series *series;
	const char *alike = "";

	if (change->withdrawn)
		return g_strdup_printf("%s; was told by earlier runs, and can't be told any more", place);
	if (change->state == CF_FINDING_RECOVERED)
		back = run_text(history, change->back);
	series = cf_regress_series(history, change->series);
	if (series->subject == CF_SUBJECT_RUN && cf_regress_metric(history, series->of)->scaled)
		alike = "; all functions alike: a longer recording, a slower machine or more work";
	return g_strdup_printf("%s; %zu runs before and %zu after, p %s%s%s%s%s", place, change->runs_before,
			       change->runs_after, p, interval, back ? "; recovered with " : "",
			       back ? back : "", alike);
}

/* Several at the end may be the beginning of a shift. */
static gboolean may_be_shift(const struct cf_regress_odd *odd)
{
	return odd->last && odd->runs > 1;
}

static char *odd_reason(const struct cf_regress_history *history, const struct cf_regress_odd *odd)
{
	g_autofree char *at = run_text(history, odd->run), *to = run_text(history, odd->to),
			*q = p_text(odd->q);

	if (may_be_shift(odd))
		return g_strdup_printf(
			"the last %u runs, from %s, are off their level (q %s): more would tell whether it "
			"is a shift",
			odd->runs, at, q);
	if (odd->runs > 1)
		return g_strdup_printf("%u runs, %s to %s, are off the level that they lie in (q %s)",
				       odd->runs, at, to, q);
	return g_strdup_printf("%s is off the level that it lies in (q %s)", at, q);
}

/* --- suspects --------------------------------------------------------------------------------- */

/* The profile of the run, kept for the next that asks for it. */
static int load_trace(struct judge *j, size_t at)
{
	const struct cf_run *run = cf_regress_run(j->history, at)->run;

	if (j->trace && j->trace_run == at)
		return 0;
	g_clear_pointer(&j->trace, cf_trace_free);
	j->trace = cf_trace_new();
	j->trace_run = at;
	return cf_store_load(j->analysis->store, run->id, 1, 0, j->trace, j->analysis->diag);
}

static GPtrArray *suspects_of(const struct cf_culprits *culprits, const struct cf_culprit_answer *answer)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < answer->culprits->len && i < SUSPECTS; i++)
		g_ptr_array_add(texts, cf_culprit_text(culprits, &g_array_index(answer->culprits,
										struct cf_culprit, i)));
	if (!texts->len) {
		char *text = cf_culprit_answer_text(culprits, answer);

		if (text)
			g_ptr_array_add(texts, text);
	}
	return texts;
}

/* Between the last run that is surely before and the first that is surely after. */
static int find_suspects(struct judge *j, const struct cf_regress_change *change, struct cf_finding *finding,
			 GPtrArray **suspects)
{
	const struct cf_regress_series *series = cf_regress_series(j->history, change->series);
	const struct cf_culprits *culprits = j->history->culprits;
	uint32_t base =
		cf_regress_run(j->history, change->lo == change->at ? change->prior : change->lo - 1)->commit;
	uint32_t current = cf_regress_run(j->history, change->hi)->commit;
	struct cf_culprit_source source = { 0 };
	struct cf_culprit_answer answer;

	if (series->subject == CF_SUBJECT_FUNCTION) {
		source.subject.function = series->name;
		if (culprits->history && j->profiled < PROFILED) {
			if (load_trace(j, change->at) != 0)
				return -1;
			j->profiled++;
			cf_culprit_source_find(&source, j->trace, series->name, series->module);
			finding->file = source.subject.file;
			finding->line = source.subject.line;
		}
	}
	cf_culprits_find(culprits, base, current, &source.subject, &answer);
	*suspects = suspects_of(culprits, &answer);
	cf_culprit_answer_clear(&answer);
	if (source.callees)
		cf_culprit_source_clear(&source);
	return 0;
}

/* --- findings --------------------------------------------------------------------------------- */

static struct cf_finding finding_of(const struct judge *j, enum cf_finding_kind kind, guint at)
{
	const struct cf_regress_series *series = cf_regress_series(j->history, at);
	struct cf_finding finding = cf_finding_init(kind, series->subject, "regress", series->name);

	finding.module = series->module;
	finding.metric = series->metric;
	finding.unit = series->unit;
	finding.unit_text = series->unit_text;
	return finding;
}

static char *next_text(const struct judge *j, guint series, size_t from, size_t to)
{
	const int64_t a = cf_regress_run(j->history, from)->run->id,
		      b = cf_regress_run(j->history, to)->run->id;

	if (cf_regress_series(j->history, series)->subject == CF_SUBJECT_FUNCTION)
		return g_strdup_printf("callflow compare %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, a, b);
	return g_strdup_printf("callflow show %" G_GINT64_FORMAT, b);
}

static void add_row(struct judge *j, const struct cf_finding *finding, const struct cf_regress_change *change,
		    const struct cf_regress_odd *odd, GPtrArray *suspects)
{
	struct cf_regress_row *row = g_new0(struct cf_regress_row, 1);
	const struct cf_finding *added = cf_doc_finding(j->analysis->doc, j->judged->findings, finding);

	*row = (struct cf_regress_row){ change, odd, suspects };
	g_hash_table_insert(j->judged->rows, g_strdup(added->id), row);
}

static int add_change(struct judge *j, const struct cf_regress_change *change)
{
	struct cf_finding finding =
		finding_of(j, change->worse ? CF_FINDING_REGRESSION : CF_FINDING_IMPROVEMENT, change->series);
	g_autofree char *place = cf_regress_place(cf_regress_run(j->history, change->at)->run);
	g_autofree char *reason = change_reason(j->history, change);
	g_autofree char *next = next_text(j, change->series, change->prior, change->at);
	GPtrArray *suspects = NULL;

	finding.severity = change->severity;
	finding.state = change->state;
	finding.before = change->before;
	finding.after = change->after;
	finding.ratio = change->ratio.estimate;
	finding.ratio_lo = change->ratio.lo;
	finding.ratio_hi = change->ratio.hi;
	finding.p = change->p;
	finding.place = place;
	finding.reason = reason;
	finding.next = next;
	if (change->worse && j->suspected++ < SUSPECTED && find_suspects(j, change, &finding, &suspects) != 0)
		return -1;
	finding.suspect = suspects && suspects->len ? g_ptr_array_index(suspects, 0) : NULL;
	add_row(j, &finding, change, NULL, suspects);
	return 0;
}

static void add_odd(struct judge *j, const struct cf_regress_odd *odd)
{
	struct cf_finding finding =
		finding_of(j, may_be_shift(odd) ? CF_FINDING_UNSURE : CF_FINDING_ANOMALY, odd->series);
	g_autofree char *place = cf_regress_place(cf_regress_run(j->history, odd->run)->run);
	g_autofree char *reason = odd_reason(j->history, odd);
	g_autofree char *next = g_strdup_printf("callflow show %" G_GINT64_FORMAT,
						cf_regress_run(j->history, odd->run)->run->id);
	const struct cf_regress_series *series = cf_regress_series(j->history, odd->series);
	double whole = series->part ? cf_regress_metric(j->history, series->of)->whole[odd->run] : NAN;

	finding.severity =
		cf_finding_grade(odd->ratio, series->part ? (odd->value - odd->level) / whole : NAN);
	finding.state = odd->fresh ? CF_FINDING_NEW : CF_FINDING_KNOWN;
	finding.before = odd->level;
	finding.after = odd->value;
	finding.ratio = odd->ratio;
	finding.q = odd->q;
	finding.place = place;
	finding.reason = reason;
	finding.next = next;
	add_row(j, &finding, NULL, odd, NULL);
}

/* News first, then what costs most: profiles are only loaded for the first. */
static gint by_urgency(gconstpointer a, gconstpointer b)
{
	const struct cf_regress_change *x = *(const struct cf_regress_change *const *)a,
				       *y = *(const struct cf_regress_change *const *)b;

	if (x->worse != y->worse)
		return x->worse ? -1 : 1;
	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* --- what explains the whole ------------------------------------------------------------------ */

/* The functions that changed with the whole run, in its direction. */
static double explained(const struct judge *j, const struct cf_regress_change *whole)
{
	guint of = cf_regress_series(j->history, whole->series)->of;
	double sum = 0;

	for (guint i = 0; i < j->result->changes->len; i++) {
		const struct cf_regress_change *c =
			&g_array_index(j->result->changes, struct cf_regress_change, i);

		const struct cf_regress_series *series = cf_regress_series(j->history, c->series);

		if (series->part && series->of == of && !c->withdrawn && c->worse == whole->worse &&
		    MAX(c->at, whole->at) - MIN(c->at, whole->at) <= SAME_PLACE)
			sum += c->after - c->before;
	}
	return sum / (whole->after - whole->before);
}

/* A run that got slower by what its functions did is their consequence, no finding of its own. */
static gboolean is_consequence(struct judge *j, const struct cf_regress_change *c)
{
	if (cf_regress_series(j->history, c->series)->subject != CF_SUBJECT_RUN ||
	    explained(j, c) < EXPLAINED)
		return FALSE;
	g_array_append_val(j->judged->consequences, *c);
	return TRUE;
}

static int add_changes(struct judge *j, gboolean all)
{
	g_autoptr(GPtrArray) urgent = g_ptr_array_new();

	for (guint i = 0; i < j->result->changes->len; i++) {
		struct cf_regress_change *change =
			&g_array_index(j->result->changes, struct cf_regress_change, i);

		if (change->withdrawn && !all)
			j->judged->withdrawn++;
		else if (change->past && !all)
			j->judged->past += change->worse;
		else if (!is_consequence(j, change))
			g_ptr_array_add(urgent, change);
	}
	g_ptr_array_sort(urgent, by_urgency);
	for (guint i = 0; i < urgent->len; i++)
		if (add_change(j, g_ptr_array_index(urgent, i)) != 0)
			return -1;
	return 0;
}

static void add_odds(struct judge *j, gboolean all)
{
	for (guint i = 0; i < j->result->odd->len; i++) {
		const struct cf_regress_odd *odd = &g_array_index(j->result->odd, struct cf_regress_odd, i);
		if (odd->fresh || all)
			add_odd(j, odd);
		else
			j->judged->old_odd++;
	}
}

/* That there is nothing to judge isn't a pass. */
static void add_nothing(struct judge *j)
{
	const struct cf_run *run = cf_regress_run(j->history, j->history->runs->len - 1)->run;
	struct cf_finding finding = cf_finding_init(CF_FINDING_UNSURE, CF_SUBJECT_RUN, "regress", run->name);
	g_autofree char *reason = g_strdup_printf("nothing that is looked at was measured in %d runs or more",
						  CF_REGRESS_LEAST);

	finding.state = CF_FINDING_NEW;
	finding.metric = "any";
	finding.reason = reason;
	cf_doc_finding(j->analysis->doc, j->judged->findings, &finding);
}

/* --- for budgets ------------------------------------------------------------------------------ */

static double median_of(const struct cf_regress_series *series, size_t from, size_t to)
{
	g_autofree double *x = g_new(double, to - from + 1);
	size_t n = 0;

	for (size_t r = from; r < to; r++)
		if (cf_value_usable(series->value[r]))
			x[n++] = series->value[r];
	return n ? cf_median(x, n) : NAN;
}

static void measure(struct judge *j)
{
	size_t runs = j->history->runs->len;
	guint next = 0;

	for (guint s = 0; s < j->history->series->len; s++) {
		const struct cf_regress_series *series = cf_regress_series(j->history, s);
		struct cf_measured m = { .subject = series->subject,
					 .name = series->name,
					 .module = series->module,
					 .metric = series->metric,
					 .unit = series->unit,
					 .unit_text = series->unit_text,
					 .more_is_better = series->more_is_better,
					 .whole = NAN };
		size_t first = runs, last = 0;

		for (; next < j->result->changes->len; next++) {
			const struct cf_regress_change *change =
				&g_array_index(j->result->changes, struct cf_regress_change, next);

			if (change->series != s)
				break;
			if (change->withdrawn)
				continue;
			first = MIN(first, change->at);
			last = MAX(last, change->at);
			m.changed = TRUE;
		}
		m.before = median_of(series, 0, first);
		m.after = median_of(series, last, runs);
		m.comparable = m.after;
		m.ratio = (struct cf_interval){ m.after / m.before, NAN, NAN };
		if (series->part && runs)
			m.whole = cf_regress_metric(j->history, series->of)->whole[runs - 1];
		if (!isnan(m.after))
			g_array_append_val(j->judged->measured, m);
	}
}

int cf_regress_judge(struct cf_regress_judged *judged, struct cf_analysis *analysis,
		     const struct cf_regress_history *history, const struct cf_regress_result *result,
		     gboolean all)
{
	struct judge j = { .analysis = analysis, .history = history, .result = result, .judged = judged };
	int status;

	*judged = (struct cf_regress_judged){
		.findings = cf_doc_findings(analysis->doc, analysis->section, "regress-findings"),
		.rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free),
		.measured = g_array_new(FALSE, FALSE, sizeof(struct cf_measured)),
		.consequences = g_array_new(FALSE, FALSE, sizeof(struct cf_regress_change)),
	};
	status = add_changes(&j, all);
	g_clear_pointer(&j.trace, cf_trace_free);
	if (status != 0) {
		cf_regress_judged_clear(judged);
		return -1;
	}
	add_odds(&j, all);
	if (!result->looked)
		add_nothing(&j);
	measure(&j);
	return 0;
}

void cf_regress_judged_clear(struct cf_regress_judged *judged)
{
	g_clear_pointer(&judged->rows, g_hash_table_unref);
	g_clear_pointer(&judged->measured, g_array_unref);
	g_clear_pointer(&judged->consequences, g_array_unref);
}
