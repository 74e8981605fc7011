/* SPDX-License-Identifier: MIT */
/* finding: what an analysis concluded about one subject, as gates and continuous integration take it. */
#include "core/finding.h"

#include <math.h>
#include <string.h>

static const char *const kinds[] = { "regression", "budget", "anomaly", "unsure", "improvement" };
static const char *const severities[] = { "minor", "major", "critical" };
static const char *const states[] = { "", "new", "known", "recovered" };
static const char *const subjects[] = { "function", "benchmark", "operation", "run" };

G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == CF_FINDING_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(severities) == CF_FINDING_SEVERITIES);
G_STATIC_ASSERT(G_N_ELEMENTS(states) == CF_FINDING_STATES);
G_STATIC_ASSERT(G_N_ELEMENTS(subjects) == CF_FINDING_SUBJECTS);

const char *cf_finding_kind_name(enum cf_finding_kind kind)
{
	return kinds[kind];
}

const char *cf_finding_severity_name(enum cf_finding_severity severity)
{
	return severities[severity];
}

const char *cf_finding_state_name(enum cf_finding_state state)
{
	return states[state];
}

const char *cf_finding_subject_name(enum cf_finding_subject subject)
{
	return subjects[subject];
}

struct cf_finding cf_finding_init(enum cf_finding_kind kind, enum cf_finding_subject subject,
				  const char *analysis, const char *name)
{
	return (struct cf_finding){ .kind = kind,
				    .subject = subject,
				    .analysis = analysis,
				    .name = name,
				    .before = NAN,
				    .after = NAN,
				    .ratio = NAN,
				    .ratio_lo = NAN,
				    .ratio_hi = NAN,
				    .p = NAN,
				    .q = NAN };
}

/* --- severity --------------------------------------------------------------------------------- */

/* How far a ratio is from 1, as an increase: 2 and 1/2 are both 1. */
static double excess(double ratio)
{
	if (isnan(ratio))
		return 0;
	if (ratio <= 0)
		return INFINITY;
	return ratio >= 1 ? ratio - 1 : 1 / ratio - 1;
}

enum cf_finding_severity cf_finding_grade(double ratio, double share)
{
	static const double of_whole[] = { 0.01, 0.05 }, of_itself[] = { 0.10, 0.25 };
	const double *limits = isnan(share) ? of_itself : of_whole;
	double size = isnan(share) ? excess(ratio) : fabs(share);

	if (size >= limits[1])
		return CF_FINDING_CRITICAL;
	return size >= limits[0] ? CF_FINDING_MAJOR : CF_FINDING_MINOR;
}

/* --- in a document ---------------------------------------------------------------------------- */

struct cf_node *cf_doc_findings(struct cf_doc *doc, struct cf_node *parent, const char *id)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_FINDINGS, NULL);

	node->id = cf_doc_id(doc, id);
	node->findings = g_array_new(FALSE, TRUE, sizeof(struct cf_finding));
	return node;
}

static void add_part(GChecksum *sum, const char *text)
{
	/* With the end of the text, so that "ab", "c" isn't "a", "bc". */
	g_checksum_update(sum, (const guchar *)(text ? text : ""), (gssize)(text ? strlen(text) : 0) + 1);
}

/* Neither runs nor values: the same trouble has the same id tomorrow. Direction is in it, severity isn't. */
static void set_id(struct cf_finding *finding, guint serial)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *number = g_strdup_printf("%u", serial);

	add_part(sum, finding->analysis);
	add_part(sum, kinds[finding->kind]);
	add_part(sum, subjects[finding->subject]);
	add_part(sum, finding->key ? finding->key : finding->name);
	add_part(sum, finding->module);
	add_part(sum, finding->metric);
	add_part(sum, finding->place);
	if (serial)
		add_part(sum, number);
	g_strlcpy(finding->id, g_checksum_get_string(sum), sizeof(finding->id));
}

static gboolean is_taken(const struct cf_node *node, const char *id)
{
	return g_hash_table_contains(node->finding_ids, id);
}

struct cf_finding *cf_doc_finding(struct cf_doc *doc, struct cf_node *node, const struct cf_finding *finding)
{
	struct cf_finding copy = *finding;

	copy.analysis = cf_doc_str(doc, finding->analysis);
	copy.name = cf_doc_str(doc, finding->name);
	copy.key = cf_doc_str(doc, finding->key);
	copy.module = cf_doc_str(doc, finding->module);
	copy.metric = cf_doc_str(doc, finding->metric);
	copy.file = cf_doc_str(doc, finding->file);
	copy.unit_text = cf_doc_str(doc, finding->unit_text);
	copy.place = cf_doc_str(doc, finding->place);
	copy.reason = cf_doc_str(doc, finding->reason);
	copy.suspect = cf_doc_str(doc, finding->suspect);
	copy.next = cf_doc_str(doc, finding->next);
	if (!node->finding_ids)
		node->finding_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint serial = 0;; serial++) {
		set_id(&copy, serial);
		if (!is_taken(node, copy.id))
			break;
	}
	g_hash_table_add(node->finding_ids, g_strdup(copy.id));
	g_array_append_val(node->findings, copy);
	return cf_finding_at(node, node->findings->len - 1);
}

static int compare(double a, double b)
{
	return (a > b) - (a < b);
}

static gint by_weight(gconstpointer a, gconstpointer b)
{
	const struct cf_finding *x = a, *y = b;
	int order = (int)y->failing - (int)x->failing;

	if (!order)
		order = (int)x->kind - (int)y->kind;
	if (!order)
		order = (int)y->severity - (int)x->severity;
	if (!order)
		order = compare(excess(y->ratio), excess(x->ratio));
	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->id, y->id);
}

void cf_findings_sort(struct cf_node *node)
{
	g_array_sort(node->findings, by_weight);
}

GPtrArray *cf_doc_all_findings(const struct cf_doc *doc)
{
	GPtrArray *all = g_ptr_array_new();

	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		for (size_t i = 0; node->kind == CF_FINDINGS && i < cf_findings_count(node); i++)
			g_ptr_array_add(all, cf_finding_at(node, i));
	return all;
}

gboolean cf_finding_is_bad(const struct cf_finding *finding)
{
	return finding->kind != CF_FINDING_IMPROVEMENT && finding->state != CF_FINDING_RECOVERED;
}

/* --- words ------------------------------------------------------------------------------------ */

char *cf_finding_subject_text(const struct cf_finding *finding)
{
	if (!finding->module || !*finding->module)
		return g_strdup(finding->name);
	return g_strdup_printf("%s (%s)", finding->name, finding->module);
}

char *cf_finding_value_text(const struct cf_finding *finding, double value)
{
	g_autofree char *number = cf_unit_text(finding->unit, value);

	if (finding->unit != CF_UNIT_NONE || !finding->unit_text || !*finding->unit_text)
		return g_steal_pointer(&number);
	return g_strdup_printf("%s %s", number, finding->unit_text);
}

char *cf_percent_text(double ratio)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (isinf(ratio))
		return g_strdup("+inf");
	g_ascii_formatd(text, sizeof(text), "%+.1f", (ratio - 1) * 100);
	return g_strdup(text);
}

char *cf_finding_change_text(const struct cf_finding *finding)
{
	GString *text = g_string_new(NULL);
	g_autofree char *before = cf_finding_value_text(finding, finding->before);
	g_autofree char *after = cf_finding_value_text(finding, finding->after);
	g_autofree char *change = cf_percent_text(finding->ratio), *lo = cf_percent_text(finding->ratio_lo),
			*hi = cf_percent_text(finding->ratio_hi);

	if (!isnan(finding->before) && !isnan(finding->after))
		g_string_append_printf(text, "%s -> %s", before, after);
	else if (!isnan(finding->after))
		g_string_append(text, after);
	if (!isnan(finding->ratio) && !isinf(finding->ratio))
		g_string_append_printf(text, "%s%s %%", text->len ? ", " : "", change);
	if (!isnan(finding->ratio_lo) && !isnan(finding->ratio_hi))
		g_string_append_printf(text, " (95 %% CI %s to %s %%)", lo, hi);
	return g_string_free(text, FALSE);
}

char *cf_finding_text(const struct cf_finding *finding)
{
	g_autofree char *subject = cf_finding_subject_text(finding);
	g_autofree char *change = cf_finding_change_text(finding);
	GString *text = g_string_new(NULL);

	if (finding->kind == CF_FINDING_UNSURE)
		g_string_append(text, "cannot tell");
	else if (finding->kind == CF_FINDING_BUDGET)
		g_string_append(text, "over budget");
	else
		g_string_append_printf(text, "%s %s", severities[finding->severity], kinds[finding->kind]);
	if (finding->state != CF_FINDING_NO_STATE)
		g_string_append_printf(text, ", %s", states[finding->state]);
	g_string_append_printf(text, ": %s", subject);
	if (finding->metric && *finding->metric)
		g_string_append_printf(text, ", %s", finding->metric);
	if (*change)
		g_string_append_printf(text, " %s", change);
	return g_string_free(text, FALSE);
}
