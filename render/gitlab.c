/* SPDX-License-Identifier: MIT */
/* gitlab: findings as a code quality report for merge requests. */
#include <string.h>

#include "core/json.h"
#include "render/escape.h"
#include "render/findings.h"

/*
 * What GitLab reads of the Code Climate format: description, check_name, fingerprint, severity, location. It compares
 * fingerprints of the two branches and calls what is only in one a degradation, so nothing good or past is listed.
 */

static const char *severity_of(const struct cf_doc *doc, const struct cf_finding *finding)
{
	static const char *const severities[] = { "minor", "major", "critical" };

	if (finding->kind == CF_FINDING_UNSURE)
		return cf_finding_fails(doc, finding) ? "major" : "info";
	if (finding->kind == CF_FINDING_ANOMALY && !cf_finding_fails(doc, finding))
		return "info";
	return severities[finding->severity];
}

static void put_finding(struct cf_json *json, const struct cf_doc *doc, const struct cf_finding *finding)
{
	g_autofree char *line = cf_finding_line(finding), *path = cf_finding_path(finding);
	g_autofree char *suspect = finding->suspect ? cf_visible(finding->suspect, -1, 0) : NULL;
	g_autofree char *description =
		suspect ? g_strdup_printf("%s; suspect: %s", line, suspect) : g_strdup(line);
	g_autofree char *check = g_strdup_printf("callflow/%s", cf_finding_kind_name(finding->kind));

	cf_json_begin_object(json);
	cf_json_key(json, "description");
	cf_json_string(json, description);
	cf_json_key(json, "check_name");
	cf_json_string(json, check);
	cf_json_key(json, "fingerprint");
	cf_json_string(json, finding->id);
	cf_json_key(json, "severity");
	cf_json_string(json, severity_of(doc, finding));
	cf_json_key(json, "location");
	cf_json_begin_object(json);
	cf_json_key(json, "path");
	/* A path is required; where no file is known, it says what it is about. */
	cf_json_string(json, path                                  ? path
			     : finding->module && *finding->module ? finding->module
								   : finding->name);
	cf_json_key(json, "lines");
	cf_json_begin_object(json);
	cf_json_key(json, "begin");
	cf_json_int(json, path && finding->line ? finding->line : 1);
	cf_json_end_object(json);
	cf_json_end_object(json);
	cf_json_end_object(json);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	g_autoptr(GPtrArray) findings = cf_findings_of(doc, "gitlab", diag);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	struct cf_json json;

	if (!findings)
		return -1;
	cf_json_init(&json, out);
	cf_json_begin_array(&json);
	for (guint i = 0; i < findings->len; i++) {
		const struct cf_finding *finding = g_ptr_array_index(findings, i);

		/* Two blocks of a report may say the same. */
		if (cf_finding_is_bad(finding) && g_hash_table_add(seen, (gpointer)finding->id))
			put_finding(&json, doc, finding);
	}
	cf_json_end_array(&json);
	cf_out_puts(out, "\n");
	return 0;
}

const struct cf_renderer cf_renderer_gitlab = {
	.name = "gitlab",
	.extensions = "",
	.summary = "findings as a GitLab code quality report",
	.data = TRUE,
	.render = render,
};
