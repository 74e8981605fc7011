/* SPDX-License-Identifier: MIT */
/* findings: what the formats for continuous integration have in common. */
#include "render/findings.h"

#include <string.h>

GPtrArray *cf_findings_of(const struct cf_doc *doc, const char *format, struct cf_diag *diag)
{
	if (!cf_doc_find(doc, CF_FINDINGS)) {
		cf_error_as(diag, CF_STATUS_USAGE, NULL,
			    "nothing here is judged; %s is for compare, regress and reports that have them",
			    format);
		return NULL;
	}
	return cf_doc_all_findings(doc);
}

gboolean cf_finding_fails(const struct cf_doc *doc, const struct cf_finding *finding)
{
	if (doc->gated)
		return finding->failing;
	return cf_finding_is_bad(finding) &&
	       (finding->kind == CF_FINDING_REGRESSION || finding->kind == CF_FINDING_BUDGET);
}

char *cf_finding_line(const struct cf_finding *finding)
{
	g_autofree char *text = cf_finding_text(finding);

	return cf_visible(text, -1, 0);
}

static void append(GString *all, const char *before, const char *text)
{
	g_autofree char *shown = text ? cf_visible(text, -1, 0) : NULL;

	if (shown)
		g_string_append_printf(all, "%s%s\n", before, shown);
}

char *cf_finding_details(const struct cf_finding *finding)
{
	g_autofree char *path = cf_finding_path(finding);
	g_autofree char *place =
		path && finding->line ? g_strdup_printf("%s:%u", path, finding->line) : g_strdup(path);
	GString *text = g_string_new(NULL);

	append(text, "", finding->reason);
	append(text, "at: ", place);
	append(text, "suspect: ", finding->suspect);
	append(text, "more: ", finding->next);
	g_string_append_printf(text, "id: %s\n", finding->id);
	return g_string_free(text, FALSE);
}

char *cf_finding_path(const struct cf_finding *finding)
{
	const char *file = finding->file;

	if (!file)
		return NULL;
	for (;;) {
		if (g_str_has_prefix(file, "./"))
			file += 2;
		else if (*file == '/')
			file++;
		else
			break;
	}
	return *file ? g_utf8_make_valid(file, -1) : NULL;
}
