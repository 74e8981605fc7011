/* SPDX-License-Identifier: MIT */
/* github: the summary of a step of GitHub Actions: the verdict, the findings, then the report. */
#include <string.h>

#include "render/escape.h"
#include "render/findings.h"

/*
 * GitHub drops a summary of more than 1 MiB wholly, so this one never is: findings are listed as long as they fit, the
 * report follows where all of it does.
 */
#define LIMIT ((size_t)1 << 20)
#define LISTED 100 /* findings, before a reader is lost */
#define TAIL 400   /* bytes kept for what says that something is left out */
#define ROW_MOST 8192

extern const struct cf_renderer cf_renderer_markdown;

static const char *mark_of(const struct cf_doc *doc, const struct cf_finding *finding)
{
	if (cf_finding_fails(doc, finding))
		return "❌";
	if (!cf_finding_is_bad(finding))
		return "✅";
	return finding->kind == CF_FINDING_UNSURE ? "❔" : "⚠️";
}

static void put_verdict(const struct cf_doc *doc, struct cf_out *out)
{
	static const char *const words[] = { "### ✅ callflow: passed\n",
					     "### ⚠️ callflow: needs attention\n",
					     "### ❌ callflow: failed\n" };

	cf_out_puts(out, words[doc->verdict]);
	if (doc->reason) {
		cf_out_puts(out, "\n");
		cf_escape_markdown(out, doc->reason);
		cf_out_puts(out, "\n");
	}
}

static void cell(struct cf_out *out, const char *text)
{
	cf_out_puts(out, " ");
	if (text && *text)
		cf_escape_markdown(out, text);
	cf_out_puts(out, " |");
}

static void put_row(const struct cf_doc *doc, const struct cf_finding *finding, struct cf_out *out)
{
	g_autofree char *subject = cf_finding_subject_text(finding),
			*change = cf_finding_change_text(finding);
	g_autofree char *path = cf_finding_path(finding);
	g_autofree char *place =
		path && finding->line ? g_strdup_printf("%s:%u", path, finding->line) : g_strdup(path);

	cf_out_printf(out, "| %s %s |", mark_of(doc, finding), cf_finding_kind_name(finding->kind));
	cell(out, finding->kind == CF_FINDING_UNSURE ? NULL : cf_finding_severity_name(finding->severity));
	cell(out, cf_finding_state_name(finding->state));
	cf_out_puts(out, " ");
	cf_escape_markdown_code(out, subject, TRUE);
	cf_out_puts(out, " |");
	cell(out, finding->metric);
	cell(out, change);
	cell(out, finding->suspect);
	cell(out, place);
	cf_out_puts(out, "\n");
}

static size_t length(const struct cf_out *memory)
{
	size_t len;

	cf_out_text(memory, &len);
	return len;
}

/* As many as fit; how many were left out. */
static guint put_findings(const struct cf_doc *doc, const GPtrArray *findings, size_t room,
			  struct cf_out *out)
{
	guint i = 0;

	if (!findings->len)
		return 0;
	cf_out_puts(out, "\n| finding | severity | state | what | metric | change | suspect | where |\n"
			 "|---|---|---|---|---|---|---|---|\n");
	for (; i < findings->len && i < LISTED; i++) {
		struct cf_out *row = cf_out_memory();
		gboolean fits;

		put_row(doc, g_ptr_array_index(findings, i), row);
		fits = length(row) <= ROW_MOST && length(out) + length(row) + TAIL <= room;
		if (fits)
			cf_out_puts(out, cf_out_text(row, NULL));
		cf_out_abort(row);
		if (!fits)
			break;
	}
	return findings->len - i;
}

/* The whole report, folded, or a sentence where it doesn't fit. */
static int put_report(const struct cf_doc *doc, const struct cf_render_opts *opts, size_t room,
		      struct cf_out *out, struct cf_diag *diag)
{
	struct cf_out *report = cf_out_memory();
	int result = cf_renderer_markdown.render(doc, opts, report, diag);

	if (result == 0 && length(out) + length(report) + TAIL <= room) {
		cf_out_puts(out, "\n");
		cf_out_puts(out, cf_out_text(report, NULL));
	} else if (result == 0) {
		cf_out_printf(out,
			      "\nThe report itself has %" G_GSIZE_FORMAT
			      " KiB and doesn't fit here: keep it as an artifact, `-o report.html`.\n",
			      length(report) >> 10);
	}
	cf_out_abort(report);
	return result;
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	g_autoptr(GPtrArray) findings = cf_doc_all_findings(doc);
	size_t room = opts->room ? MIN(opts->room, LIMIT) : LIMIT;
	struct cf_out *summary = cf_out_memory();
	guint left;
	int result;

	put_verdict(doc, summary);
	left = put_findings(doc, findings, room, summary);
	if (left)
		cf_out_printf(summary, "\n%u more finding%s: `-f json` has all.\n", left,
			      left == 1 ? "" : "s");
	result = put_report(doc, opts, room, summary, diag);
	if (result == 0 && length(summary) > room)
		result = cf_error(diag, NULL, "the summary of this step has no room left (1 MiB)");
	else if (result == 0)
		cf_out_puts(out, cf_out_text(summary, NULL));
	cf_out_abort(summary);
	return result;
}

const struct cf_renderer cf_renderer_github = {
	.name = "github",
	.extensions = "",
	.summary = "the summary of a step of GitHub Actions, within its limits",
	.render = render,
};
