/* SPDX-License-Identifier: MIT */
/* sarif: findings as SARIF 2.1.0, which code hosts and editors read. */
#include <math.h>
#include <string.h>

#include "core/json.h"
#include "render/escape.h"
#include "render/findings.h"

/*
 * One run of one tool with a rule per kind. A result of the kind "fail" is a problem with a level; what can't be told is
 * "open", the good and the past "informational", and the standard gives those the level "none". A result without a file
 * has a logical location only.
 */

static const struct rule {
	const char *id, *name, *text, *level;
} rules[] = {
	[CF_FINDING_REGRESSION] = { "callflow/regression", "Regression",
				    "It costs more than it did, and by more than noise explains.",
				    "warning" },
	[CF_FINDING_BUDGET] = { "callflow/budget", "BudgetExceeded",
				"A limit that was set for it is exceeded.", "error" },
	[CF_FINDING_ANOMALY] = { "callflow/anomaly", "Anomaly",
				 "A single run is far from the level that it lies in.", "note" },
	[CF_FINDING_UNSURE] = { "callflow/unsure", "CannotTell",
				"There is too little data to tell whether it changed.", "note" },
	[CF_FINDING_IMPROVEMENT] = { "callflow/improvement", "Improvement",
				     "It costs less than it did, and by more than noise explains.", "none" },
};
G_STATIC_ASSERT(G_N_ELEMENTS(rules) == CF_FINDING_KINDS);

static void pair(struct cf_json *json, const char *key, const char *value)
{
	cf_json_key(json, key);
	cf_json_string(json, value);
}

static void message(struct cf_json *json, const char *key, const char *text)
{
	cf_json_key(json, key);
	cf_json_begin_object(json);
	pair(json, "text", text);
	cf_json_end_object(json);
}

static void put_rules(struct cf_json *json)
{
	cf_json_key(json, "rules");
	cf_json_begin_array(json);
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		cf_json_begin_object(json);
		pair(json, "id", rules[i].id);
		pair(json, "name", rules[i].name);
		message(json, "shortDescription", rules[i].text);
		cf_json_key(json, "defaultConfiguration");
		cf_json_begin_object(json);
		pair(json, "level", rules[i].level);
		cf_json_end_object(json);
		cf_json_end_object(json);
	}
	cf_json_end_array(json);
}

/* A path as a URI reference: what a URI can't have is percent-encoded, byte by byte. */
static char *uri_of(const char *path)
{
	return g_uri_escape_string(path, "/", FALSE);
}

static void put_location(struct cf_json *json, const struct cf_finding *finding)
{
	g_autofree char *path = cf_finding_path(finding), *uri = path ? uri_of(path) : NULL;
	g_autofree char *full = cf_finding_subject_text(finding);

	cf_json_key(json, "locations");
	cf_json_begin_array(json);
	cf_json_begin_object(json);
	if (uri) {
		cf_json_key(json, "physicalLocation");
		cf_json_begin_object(json);
		cf_json_key(json, "artifactLocation");
		cf_json_begin_object(json);
		pair(json, "uri", uri);
		pair(json, "uriBaseId", "%SRCROOT%");
		cf_json_end_object(json);
		if (finding->line) {
			cf_json_key(json, "region");
			cf_json_begin_object(json);
			cf_json_key(json, "startLine");
			cf_json_int(json, finding->line);
			cf_json_end_object(json);
		}
		cf_json_end_object(json);
	}
	cf_json_key(json, "logicalLocations");
	cf_json_begin_array(json);
	cf_json_begin_object(json);
	pair(json, "name", finding->name);
	pair(json, "fullyQualifiedName", full);
	pair(json, "kind",
	     finding->subject == CF_SUBJECT_FUNCTION ? "function"
						     : cf_finding_subject_name(finding->subject));
	cf_json_end_object(json);
	cf_json_end_array(json);
	cf_json_end_object(json);
	cf_json_end_array(json);
}

static void put_number(struct cf_json *json, const char *key, double value)
{
	if (!isfinite(value))
		return;
	cf_json_key(json, key);
	cf_json_double(json, value);
}

static void put_properties(struct cf_json *json, const struct cf_finding *finding)
{
	cf_json_key(json, "properties");
	cf_json_begin_object(json);
	pair(json, "severity", cf_finding_severity_name(finding->severity));
	if (finding->metric)
		pair(json, "metric", finding->metric);
	pair(json, "unit", finding->unit_text ? finding->unit_text : cf_unit_name(finding->unit));
	put_number(json, "before", finding->before);
	put_number(json, "after", finding->after);
	put_number(json, "ratio", finding->ratio);
	put_number(json, "ratio_lo", finding->ratio_lo);
	put_number(json, "ratio_hi", finding->ratio_hi);
	put_number(json, "p", finding->p);
	put_number(json, "q", finding->q);
	if (finding->suspect)
		pair(json, "suspect", finding->suspect);
	cf_json_end_object(json);
}

static const char *level_of(const struct cf_doc *doc, const struct cf_finding *finding)
{
	if (cf_finding_fails(doc, finding) && (doc->gated || finding->severity == CF_FINDING_CRITICAL))
		return "error";
	return rules[finding->kind].level;
}

static void put_result(struct cf_json *json, const struct cf_doc *doc, const struct cf_finding *finding)
{
	static const char *const baselines[] = { NULL, "new", "unchanged", "absent" };
	gboolean open = finding->kind == CF_FINDING_UNSURE && !cf_finding_fails(doc, finding);
	gboolean good = !cf_finding_is_bad(finding);
	g_autofree char *line = cf_finding_line(finding);
	g_autofree char *details = cf_finding_details(finding);
	g_autofree char *text = g_strdup_printf("%s\n%s", line, details);

	cf_json_begin_object(json);
	pair(json, "ruleId", rules[finding->kind].id);
	cf_json_key(json, "ruleIndex");
	cf_json_int(json, finding->kind);
	pair(json, "kind", good ? "informational" : open ? "open" : "fail");
	pair(json, "level", good || open ? "none" : level_of(doc, finding));
	message(json, "message", text);
	put_location(json, finding);
	cf_json_key(json, "partialFingerprints");
	cf_json_begin_object(json);
	pair(json, "callflow/v1", finding->id);
	cf_json_end_object(json);
	if (baselines[finding->state])
		pair(json, "baselineState", baselines[finding->state]);
	put_properties(json, finding);
	cf_json_end_object(json);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	g_autoptr(GPtrArray) findings = cf_findings_of(doc, "sarif", diag);
	struct cf_json json;

	if (!findings)
		return -1;
	cf_json_init(&json, out);
	cf_json_begin_object(&json);
	pair(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	pair(&json, "version", "2.1.0");
	cf_json_key(&json, "runs");
	cf_json_begin_array(&json);
	cf_json_begin_object(&json);
	cf_json_key(&json, "tool");
	cf_json_begin_object(&json);
	cf_json_key(&json, "driver");
	cf_json_begin_object(&json);
	pair(&json, "name", "callflow");
	if (opts->version)
		pair(&json, "version", opts->version);
	put_rules(&json);
	cf_json_end_object(&json);
	cf_json_end_object(&json);
	pair(&json, "columnKind", "unicodeCodePoints");
	cf_json_key(&json, "results");
	cf_json_begin_array(&json);
	for (guint i = 0; i < findings->len; i++)
		put_result(&json, doc, g_ptr_array_index(findings, i));
	cf_json_end_array(&json);
	cf_json_end_object(&json);
	cf_json_end_array(&json);
	cf_json_end_object(&json);
	cf_out_puts(out, "\n");
	return 0;
}

const struct cf_renderer cf_renderer_sarif = {
	.name = "sarif",
	.extensions = "sarif",
	.summary = "findings as SARIF 2.1.0, for code hosts and editors",
	.data = TRUE,
	.render = render,
};
