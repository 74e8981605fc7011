/* SPDX-License-Identifier: MIT */
/* junit: findings as test results, for servers that collect those. */
#include <string.h>

#include "render/escape.h"
#include "render/findings.h"
#include "render/xml_writer.h"

/*
 * The dialect that Jenkins, GitLab, Azure and Buildkite read, without attributes that the schema of Jenkins' xUnit plugin
 * refuses: testsuites > testsuite per analysis > testcase per finding, and one for the verdict, so that no file is without a
 * test. What fails is a failure, "cannot tell" is skipped, the rest passes.
 */

struct junit {
	struct cf_markup xml;
	const struct cf_doc *doc;
	const GPtrArray *findings;
};

static const struct cf_finding *finding_at(const struct junit *junit, guint i)
{
	return g_ptr_array_index(junit->findings, i);
}

/* What a result is counted as. */
enum result { PASSED, FAILED, SKIPPED, RESULTS };

static enum result result_of(const struct cf_doc *doc, const struct cf_finding *finding)
{
	if (cf_finding_fails(doc, finding))
		return FAILED;
	return finding->kind == CF_FINDING_UNSURE ? SKIPPED : PASSED;
}

static void attribute(struct junit *junit, const char *name, const char *value)
{
	g_autofree char *clean = cf_escape_xml_text(value);

	cf_markup_attribute(&junit->xml, name, clean);
}

static void number(struct junit *junit, const char *name, guint value)
{
	g_autofree char *text = g_strdup_printf("%u", value);

	cf_markup_attribute(&junit->xml, name, text);
}

/* Lines stay lines; everything else that isn't text is made visible. */
static void content(struct junit *junit, const char *value)
{
	g_auto(GStrv) lines = g_strsplit(value, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_autofree char *clean = cf_escape_xml_text(*line);

		if (line != lines)
			cf_markup_text(&junit->xml, "\n");
		cf_markup_text(&junit->xml, clean);
	}
}

/* Of one analysis, or NULL: of all. */
static void count(const struct junit *junit, const char *analysis, guint counts[RESULTS])
{
	memset(counts, 0, RESULTS * sizeof(*counts));
	for (guint i = 0; i < junit->findings->len; i++)
		if (!analysis || !strcmp(finding_at(junit, i)->analysis, analysis))
			counts[result_of(junit->doc, finding_at(junit, i))]++;
}

static void put_counts(struct junit *junit, const guint counts[RESULTS])
{
	number(junit, "tests", counts[PASSED] + counts[FAILED] + counts[SKIPPED]);
	number(junit, "failures", counts[FAILED]);
	cf_markup_attribute(&junit->xml, "errors", "0");
	cf_markup_attribute(&junit->xml, "time", "0");
}

static void put_result(struct junit *junit, const struct cf_finding *finding)
{
	g_autofree char *line = cf_finding_line(finding), *details = cf_finding_details(finding);

	switch (result_of(junit->doc, finding)) {
	case FAILED:
		cf_markup_start(&junit->xml, "failure");
		attribute(junit, "type", cf_finding_kind_name(finding->kind));
		attribute(junit, "message", line);
		content(junit, details);
		break;
	case SKIPPED:
		cf_markup_start(&junit->xml, "skipped");
		attribute(junit, "message", finding->reason ? finding->reason : line);
		break;
	default: {
		g_autofree char *all = g_strdup_printf("%s\n%s", line, details);

		cf_markup_start(&junit->xml, "system-out");
		content(junit, all);
	}
	}
	cf_markup_end(&junit->xml);
	cf_markup_newline(&junit->xml);
}

static void put_case(struct junit *junit, const struct cf_finding *finding)
{
	g_autofree char *class_name = g_strdup_printf("callflow.%s.%s", finding->analysis,
						      cf_finding_subject_name(finding->subject));
	g_autofree char *subject = cf_finding_subject_text(finding);
	g_autofree char *name = g_strdup_printf(
		"%s%s%s%s%s", subject, finding->metric ? ", " : "", finding->metric ? finding->metric : "",
		finding->place ? " since " : "", finding->place ? finding->place : "");

	cf_markup_start(&junit->xml, "testcase");
	attribute(junit, "classname", class_name);
	attribute(junit, "name", name);
	cf_markup_attribute(&junit->xml, "time", "0");
	cf_markup_newline(&junit->xml);
	put_result(junit, finding);
	cf_markup_end(&junit->xml);
	cf_markup_newline(&junit->xml);
}

static void put_suite(struct junit *junit, const char *analysis)
{
	g_autofree char *name = g_strdup_printf("callflow %s", analysis);
	guint counts[RESULTS];

	count(junit, analysis, counts);
	cf_markup_start(&junit->xml, "testsuite");
	attribute(junit, "name", name);
	put_counts(junit, counts);
	number(junit, "skipped", counts[SKIPPED]);
	cf_markup_newline(&junit->xml);
	for (guint i = 0; i < junit->findings->len; i++)
		if (!strcmp(finding_at(junit, i)->analysis, analysis))
			put_case(junit, finding_at(junit, i));
	cf_markup_end(&junit->xml);
	cf_markup_newline(&junit->xml);
}

/* A suite per analysis, in order of the first finding of each. */
static void put_suites(struct junit *junit)
{
	g_autoptr(GPtrArray) done = g_ptr_array_new();

	for (guint i = 0; i < junit->findings->len; i++) {
		const char *analysis = finding_at(junit, i)->analysis;

		if (g_ptr_array_find_with_equal_func(done, analysis, g_str_equal, NULL))
			continue;
		g_ptr_array_add(done, (gpointer)analysis);
		put_suite(junit, analysis);
	}
}

static void put_verdict(struct junit *junit)
{
	guint counts[RESULTS] = { 0 };

	counts[junit->doc->reason ? FAILED : PASSED] = 1;
	cf_markup_start(&junit->xml, "testsuite");
	attribute(junit, "name", "callflow");
	put_counts(junit, counts);
	cf_markup_newline(&junit->xml);
	if (junit->doc->inputs->len) {
		cf_markup_start(&junit->xml, "properties");
		for (guint i = 0; i < junit->doc->inputs->len; i++) {
			const struct cf_doc_input *input =
				&g_array_index(junit->doc->inputs, struct cf_doc_input, i);

			cf_markup_start(&junit->xml, "property");
			attribute(junit, "name", "run");
			attribute(junit, "value", input->text ? input->text : input->name);
			cf_markup_end(&junit->xml);
		}
		cf_markup_end(&junit->xml);
		cf_markup_newline(&junit->xml);
	}
	cf_markup_start(&junit->xml, "testcase");
	attribute(junit, "classname", "callflow");
	attribute(junit, "name", "verdict");
	cf_markup_attribute(&junit->xml, "time", "0");
	if (junit->doc->reason) {
		cf_markup_start(&junit->xml, "failure");
		attribute(junit, "type", "gate");
		attribute(junit, "message", junit->doc->reason);
		cf_markup_end(&junit->xml);
	}
	cf_markup_end(&junit->xml);
	cf_markup_newline(&junit->xml);
	cf_markup_end(&junit->xml);
	cf_markup_newline(&junit->xml);
}

static void put_all(struct junit *junit)
{
	guint counts[RESULTS];

	count(junit, NULL, counts);
	counts[junit->doc->reason ? FAILED : PASSED]++;
	cf_markup_start(&junit->xml, "testsuites");
	attribute(junit, "name", junit->doc->title && *junit->doc->title ? junit->doc->title : "callflow");
	put_counts(junit, counts);
	cf_markup_newline(&junit->xml);
	put_verdict(junit);
	put_suites(junit);
	cf_markup_end(&junit->xml);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	g_autoptr(GPtrArray) findings = cf_findings_of(doc, "junit", diag);
	struct junit junit = { .doc = doc, .findings = findings };

	if (!findings || cf_markup_open(&junit.xml, out, diag) < 0)
		return -1;
	cf_markup_document(&junit.xml);
	put_all(&junit);
	cf_markup_newline(&junit.xml);
	return cf_markup_close(&junit.xml, "test results", diag);
}

const struct cf_renderer cf_renderer_junit = {
	.name = "junit",
	.extensions = "xml",
	.summary = "findings as test results, for CI servers",
	.data = TRUE,
	.render = render,
};
